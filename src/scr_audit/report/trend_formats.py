"""A trend as a file: HTML, CSV, JSON; and on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from scr_audit.report.delimited import delimited
from scr_audit.report.html import page_assets
from scr_audit.report.plain_lines import Lines
from scr_audit.report.tables import Column, Table
from scr_audit.report.templates import Templates
from scr_audit.report.trend import FLOOR, LEFT, RIGHT, TOP, trend_view

Trend = Mapping[str, Any]
_COLUMNS = ("rule", "at", "met", "judged", "share", "interval_low", "interval_high", "gate",
            "centre", "limit_low", "limit_high", "signals", "stretch")  # fmt: skip


def trend_html(found: Trend, templates: Templates) -> bytes:
    """One offline page of charts with their tables. Raises `ReportError`."""
    values = {
        "view": {"pack": found["pack"], "engine": found["engine"]},
        "it": trend_view(found),
        "box": {"left": LEFT, "right": RIGHT, "top": TOP, "floor": FLOOR},
        **page_assets(templates),
    }
    return templates.render("html", "trend.html.j2", values).encode()


def trend_csv(found: Trend, _: Templates) -> bytes:
    """A row for each point of each rule; what a gap has not is empty."""
    rows = [
        _csv_row(row["id"], number, stretch, point)
        for row in found["rules"]
        for number, stretch in enumerate(row["stretches"], 1)
        for point in stretch["points"]
    ]
    columns = tuple(Column(name, name) for name in _COLUMNS)
    return delimited(Table("trend", "Trend", columns, rows))


def _csv_row(
    rule: str, number: int, stretch: Mapping[str, Any], point: Mapping[str, Any]
) -> tuple[Any, ...]:
    return (
        rule, point["at"], point["met"] if point["judged"] else None, point["judged"],
        point["share"], *(point["interval"] or (None, None)), stretch["gate"], stretch["centre"],
        *(point["limits"] or (None, None)), " ".join(point["signals"]), number,
    )  # fmt: skip


def trend_json(found: Trend, _: Templates) -> bytes:
    """The document itself."""
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


TREND_FORMATS: Mapping[str, Callable[[Trend, Templates], bytes]] = {
    ".html": trend_html,
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
