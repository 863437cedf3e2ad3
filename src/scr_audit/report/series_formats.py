"""A trend or a comparison of two runs as a file: HTML, Markdown, CSV, JSON; and on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from scr_audit.report.comparison import ComparisonView, comparison_view, outcome_text, unit_text
from scr_audit.report.delimited import delimited
from scr_audit.report.html import page_assets
from scr_audit.report.markdown import literal
from scr_audit.report.tables import Column, Table
from scr_audit.report.templates import Templates
from scr_audit.report.terminal import Lines
from scr_audit.report.trend import BOX, trend_view
from scr_audit.report.trend_part import points_table

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


def document_json(found: Mapping[str, Any], _: Templates) -> bytes:
    """The document itself."""
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


TREND_FORMATS: Mapping[str, Callable[[Trend, Templates], bytes]] = {
    ".html": trend_html,
    ".md": trend_markdown,
    ".csv": trend_csv,
    ".json": document_json,
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


Comparison = Mapping[str, Any]
MOST_UNITS = {"terminal": 10, "markdown": 100, "html": 2_000}
"""How many units of a class are named; the .csv and the .json name all."""


def comparison_html(found: Comparison, templates: Templates) -> bytes:
    """One offline page. Raises `ReportError` where the template is wrong."""
    frame = {
        "pack": {"id": found["pack"]["id"], "title": found["pack"]["title"],
                 "version": found["now"]["pack_version"]},
        "engine": found["engine"],
    }  # fmt: skip
    values = {
        "view": frame,
        "it": comparison_view(found),
        "most": MOST_UNITS["html"],
        "outcome": outcome_text,
        **page_assets(templates),
    }
    return templates.render("html", "comparison.html.j2", values).encode()


def comparison_markdown(found: Comparison, templates: Templates) -> bytes:
    """The comparison as Markdown. Raises `ReportError` where the template is wrong."""
    view = comparison_view(found)
    most = MOST_UNITS["markdown"]
    values = {
        "title": literal(view.title),
        "sentences": [literal(text) for text in view.sentences],
        "notes": [literal(text) for text in view.notes],
        "rules": [[literal(cell) for cell in line] for line in view.rules],
        "changed": [(literal(name), literal(title), [literal(text) for text in lines])
                    for name, title, lines in view.changed],
        "groups": [(literal(group.title), literal(group.meaning), group.number,
                    [literal(unit_text(item)) for item in group.items[:most]],
                    max(0, len(group.items) - most)) for group in view.groups],
    }  # fmt: skip
    return templates.render("markdown", "comparison.md.j2", values).encode()


def comparison_csv(found: Comparison, _: Templates) -> bytes:
    """The units that changed, a row each, or, where no findings were kept, the rules."""
    if not found["findings_kept"]:
        names = ["id", "title", "then", "now", "points", "verdict", "chance", "power"]
        rows: list[Any] = [line[: len(names)] for line in comparison_view(found).rules]
    else:
        names = ["change", "rule", "record", "unit", "unit_then", "unit_now", "then", "now"]
        groups = comparison_view(found).groups
        rows = [tuple(item[name] for name in names) for group in groups for item in group.items]
    columns = tuple(Column(name, name) for name in names)
    return delimited(Table("changes", "Changes", columns, rows))


COMPARISON_FORMATS: Mapping[str, Callable[[Comparison, Templates], bytes]] = {
    ".html": comparison_html,
    ".md": comparison_markdown,
    ".csv": comparison_csv,
    ".json": document_json,
}


def show_comparison(found: Comparison, console: Console) -> None:
    """Print a comparison to a terminal, a pipe or a log."""
    view = comparison_view(found)
    lines = Lines(console)
    lines.say(view.title, style="bold")
    for text in view.sentences:
        lines.say(text)
    _show_rules(view, lines)
    for name, _, told in view.changed:
        lines.gap()
        lines.say(name, style="bold")
        for text in told:
            lines.say(text, indent=2)
    _show_units(view, lines)
    lines.gap()
    for text in view.notes:
        lines.say(text, style="dim")


def _show_rules(view: ComparisonView, lines: Lines) -> None:
    rows = [
        (line.id, line.then, line.now, _short(line.points), line.verdict, line.chance or "–")
        for line in view.rules
        if line.verdict not in ("the rule changed",)
    ]
    if rows:
        lines.gap()
        lines.table(("Rule", "Then", "Now", "Points (95%)", "Verdict", "p"), rows)


def _short(points: str) -> str:
    """`−20 percentage points, 95% interval −30 to −10` as `−20 (−30 to −10)`."""
    number, _, interval = points.partition(" percentage points")
    return number + (f" ({interval.removeprefix(', 95% interval ')})" if interval else "") or "–"


def _show_units(view: ComparisonView, lines: Lines) -> None:
    most = MOST_UNITS["terminal"]
    for group in view.groups:
        if group.name == "still_open" or not group.items:
            continue
        lines.gap()
        lines.say(f"{group.title}: {group.number:,} ({group.meaning})", style="bold")
        for item in group.items[:most]:
            lines.say(unit_text(item), indent=2)
        if len(group.items) > most:
            lines.say(f"and {len(group.items) - most:,} more", style="dim", indent=2)
