"""A trend as a file: HTML, Markdown, CSV, JSON; and on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from scr_audit.report.delimited import delimited
from scr_audit.report.html import page_assets
from scr_audit.report.literal import literal
from scr_audit.report.plain_lines import Lines
from scr_audit.report.templates import Templates
from scr_audit.report.trend import BOX, trend_view
from scr_audit.report.trend_tables import points_table

Trend = Mapping[str, Any]


def trend_html(found: Trend, templates: Templates) -> bytes:
    """One offline page of charts with their tables. Raises `ReportError`."""
    values = {
        "view": {"pack": found["pack"], "engine": found["engine"]},
        "it": trend_view(found),
        "box": BOX,
        **page_assets(templates),
    }
    return templates.render("html", "trend.html.j2", values).encode()


def trend_markdown(found: Trend, templates: Templates) -> bytes:
    """The trend as Markdown. Raises `ReportError` where the template is wrong."""
    view = trend_view(found)
    values = {
        "title": literal(view.title),
        "sentences": [literal(text) for text in view.sentences],
        "notes": [literal(text) for text in view.notes],
        "rules": [
            (literal(rule.id), literal(rule.title), rule.spark, rule.points, literal(rule.last),
             literal(" ".join(rule.verdicts)))
            for rule in view.rules
        ],
        "tables": [
            (literal(rule.id), literal(rule.title),
             [[literal(cell or "–") for cell in row] for row in rule.rows])
            for rule in view.rules
        ],
    }  # fmt: skip
    return templates.render("markdown", "trend.md.j2", values).encode()


def trend_csv(found: Trend, _: Templates) -> bytes:
    """A row for each point of each rule; what a gap has not is empty."""
    return delimited(points_table(found))


def trend_json(found: Trend, _: Templates) -> bytes:
    """The document itself."""
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


TREND_FORMATS: Mapping[str, Callable[[Trend, Templates], bytes]] = {
    ".html": trend_html,
    ".md": trend_markdown,
    ".csv": trend_csv,
    ".json": trend_json,
}


def show_trend(found: Trend, console: Console) -> None:
    """Print a trend to a terminal, a pipe or a log."""
    view, lines = trend_view(found), Lines(console)
    lines.say(view.title, style="bold")
    for text in view.sentences:
        lines.say(text)
    lines.gap()
    bars = lines.has_signs  # without them the table has no picture, and the numbers stay
    rows = [
        (rule.id, rule.spark if bars else "", str(rule.points), rule.last,
         "special cause" if rule.special else "–")
        for rule in view.rules
    ]  # fmt: skip
    lines.table(("Rule", "0% to 100%", "Points", "Last", "Signal"), rows)
    for rule in view.rules:
        if rule.special:
            lines.gap()
            lines.say(f"{rule.id}: {rule.title}", style="bold")
            for verdict in rule.verdicts:
                lines.say(verdict, indent=2)
    lines.gap()
    for text in view.notes:
        lines.say(text, style="dim")
