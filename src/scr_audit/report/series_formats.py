"""A trend or a comparison as a file and on a terminal, and the trend in the reports of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console

from scr_audit.documents.editions import Bundle
from scr_audit.documents.parts import JUDGED
from scr_audit.documents.series import ComparisonDocument, PointInfo, StretchInfo, TrendDocument
from scr_audit.report.comparison import (
    ComparisonView,
    UnitLine,
    change_text,
    comparison_view,
    outcome_text,
)
from scr_audit.report.csv_file import csv_bytes, document_json
from scr_audit.report.formats import Templates, book_of, page_assets
from scr_audit.report.tables import Column, Entry, Row, Section, Table, TableValue
from scr_audit.report.terminal import Lines
from scr_audit.report.trend import BOX, share_text, trend_view
from scr_audit.report.wording import markdown_text

MOST_CHANGES_LISTED = {"terminal": 10, "markdown": 100, "html": 2_000}
"""How many units of a class are named; the .csv and the .json name all."""


def comparison_html(found: ComparisonDocument, templates: Templates) -> bytes:
    """One offline page. Raises `ReportError` where the template is wrong."""
    frame = {
        "pack": {"id": found["pack"]["id"], "title": found["pack"]["title"],
                 "version": found["now"]["pack_version"]},
        "engine": found["engine"],
    }  # fmt: skip
    values = {
        "view": frame,
        "it": comparison_view(found),
        "most": MOST_CHANGES_LISTED["html"],
        "outcome": outcome_text,
        **page_assets(templates),
    }
    return templates.render("html", "comparison.html.j2", values).encode()


def comparison_markdown(found: ComparisonDocument, templates: Templates) -> bytes:
    """The comparison as Markdown. Raises `ReportError` where the template is wrong."""
    view = comparison_view(found)
    most = MOST_CHANGES_LISTED["markdown"]
    values = {
        "title": markdown_text(view.title),
        "sentences": [markdown_text(text) for text in view.sentences],
        "notes": [markdown_text(text) for text in view.notes],
        "rules": [[markdown_text(cell) for cell in line] for line in view.rules],
        "changed": [(markdown_text(name), markdown_text(title), list(map(markdown_text, lines)))
                    for name, title, lines in view.changed],
        "groups": [(markdown_text(group.title), markdown_text(group.meaning), group.number,
                    [markdown_text(change_text(item)) for item in group.items[:most]],
                    max(0, len(group.items) - most)) for group in view.groups],
    }  # fmt: skip
    return templates.render("markdown", "comparison.md.j2", values).encode()


def comparison_csv(found: ComparisonDocument, _: Templates) -> bytes:
    """The units that changed, a row each, or, where no findings were kept, the rules."""
    if not found["findings_kept"]:
        names = ["id", "title", "then", "now", "points", "verdict", "chance", "power"]
        rows: list[Any] = [line[: len(names)] for line in comparison_view(found).rules]
    else:
        names = list(UnitLine._fields)
        groups = comparison_view(found).groups
        rows = [item for group in groups for item in group.items]
    columns = tuple(Column(name, name) for name in names)
    return csv_bytes(Table("changes", "Changes", columns, rows))


_RULE_LINES = (
    Column("rule", "Rule"), Column("title", "Title"), Column("then", "Then"), Column("now", "Now"),
    Column("points", "Difference"), Column("verdict", "Verdict"), Column("chance", "Chance (p)"),
    Column("power", "Power"), Column("findings", "What became of its findings"),
)  # fmt: skip
_UNIT_LINES = (
    Column("change", "Change"), Column("rule", "Rule"), Column("record", "Record"),
    Column("unit", "What it is about"), Column("then", "Then", "outcome"),
    Column("now", "Now", "outcome"),
)  # fmt: skip


def comparison_workbook(found: ComparisonDocument, _: Templates) -> bytes:
    """The comparison as a workbook: its sentences, its rules, and what changed, a row each."""
    view = comparison_view(found)
    units: list[Row] = [
        (group.title, item.rule, item.record, item.unit, item.then, item.now)
        for group in view.groups
        for item in group.items
    ]
    tables = [
        Table("compared_rules", "Rules", _RULE_LINES, list(view.rules)),
        Table("compared_units", "Changes", _UNIT_LINES, units),
    ]
    day = found["now"]["as_of"]
    return book_of(view.title, day, _sections(view.sentences, view.notes), tables)


def _sections(sentences: Sequence[str], notes: Sequence[str]) -> list[Section]:
    return [
        Section("What came out", [Entry("", text) for text in sentences]),
        Section("How to read this", [Entry("", text) for text in notes]),
    ]


COMPARISON_FORMATS: Mapping[str, Callable[[ComparisonDocument, Templates], bytes]] = {
    ".html": comparison_html,
    ".md": comparison_markdown,
    ".xlsx": comparison_workbook,
    ".csv": comparison_csv,
    ".json": document_json,
}


def show_comparison(found: ComparisonDocument, console: Console) -> None:
    """Print a comparison to a terminal, a pipe or a log."""
    view = comparison_view(found)
    lines = Lines(console)
    lines.say(view.title, style="bold")
    for text in view.sentences:
        lines.say(text)
    _show_rules(view, lines)
    for name, _, sentences in view.changed:
        lines.gap()
        lines.say(name, style="bold")
        for text in sentences:
            lines.say(text, indent=2)
    _show_units(view, lines)
    lines.gap()
    for text in view.notes:
        lines.say(text, style="dim")


def _show_rules(view: ComparisonView, lines: Lines) -> None:
    rules = [line for line in view.rules if line.verdict != "the rule changed"]
    if rules:
        lines.gap()
        lines.say("Rules, by points of change (95% interval)", style="bold")
    for line in rules:
        chance = f", p {line.chance}" if line.chance else ""
        lines.say(f"{line.id}: {_short(line.points)}{chance}; {line.verdict}")
        lines.say(f"then {line.then}; now {line.now}", style="dim", indent=4)


def _short(points: str) -> str:
    """`−20 percentage points, 95% interval −30 to −10` as `−20 (−30 to −10)`."""
    number, _, interval = points.partition(" percentage points")
    return number + (f" ({interval.removeprefix(', 95% interval ')})" if interval else "") or "–"


def _show_units(view: ComparisonView, lines: Lines) -> None:
    most = MOST_CHANGES_LISTED["terminal"]
    for group in view.groups:
        if group.name == "still_open" or not group.items:
            continue
        lines.gap()
        lines.say(f"{group.title}: {group.number:,} ({group.meaning})", style="bold")
        for item in group.items[:most]:
            lines.say(change_text(item), indent=2)
        if len(group.items) > most:
            lines.say(f"and {len(group.items) - most:,} more", style="dim", indent=2)


MOST_OPEN = 12
"""How many charts of a page stand open; those with signals come first."""
MOST_TREND_ROWS = 20
"""How many rules a paper names; those with signals come first."""


def trend_page(bundle: Bundle) -> dict[str, Any] | None:
    """For the HTML report: the charts that stand open, and those that are folded."""
    found = bundle.get("trend")
    if not found:
        return None
    view = trend_view(found)
    return {
        "it": view,
        "box": BOX,
        "open": view.rules[:MOST_OPEN],
        "folded": view.rules[MOST_OPEN:],
    }


def trend_sentences(bundle: Bundle) -> list[str]:
    """For the papers and Markdown: the whole series in sentences, and how to read it."""
    found = bundle.get("trend")
    if not found:
        return []
    view = trend_view(found)
    more = len(view.rules) - MOST_TREND_ROWS
    cut = (
        f"Named are {MOST_TREND_ROWS} rules, those with a signal first; the HTML report and the "
        f"workbook have {more:,} more."
    )
    return [*view.sentences, *([cut] if more > 0 else []), *view.notes]


def trend_rows(bundle: Bundle) -> Table | None:
    """For the papers and Markdown: a row for each rule, at most `MOST_ROWS`."""
    found = bundle.get("trend")
    if not found:
        return None
    table = trend_table(found)
    return table._replace(rows=table.rows[:MOST_TREND_ROWS])


def trend_values(bundle: Bundle) -> dict[str, Any]:
    """For the papers: texts alone, by the names that `docs/report-templates.md` lists."""
    table = trend_rows(bundle)
    names = [] if table is None else [column.name for column in table.columns]
    rows = [] if table is None else table.rows
    return {
        "trend_sentences": trend_sentences(bundle),
        "trend": [dict(zip(names, row, strict=True)) for row in rows],
    }


MOST_POINTS = 8
"""How many points, the last ones, a row of a paper names."""
_POINTS = (
    Column("rule", "Rule"), Column("at", "Time"), Column("met", "Met", "count"),
    Column("not_met", "Not met", "count"), Column("not_evidenced", "Not evidenced", "count"),
    Column("share", "Met, of what is evidenced", "share"),
    Column("interval_low", "95% interval from", "share"),
    Column("interval_high", "95% interval to", "share"), Column("gate", "Judged as"),
    Column("centre", "Centre", "share"), Column("limit_low", "Limit from", "share"),
    Column("limit_high", "Limit to", "share"), Column("signals", "Signals"),
    Column("stretch", "Stretch", "count"),
)  # fmt: skip
_RULES = (
    Column("rule", "Rule"), Column("title", "Title"), Column("points", "Points, last one last"),
    Column("last", "Last"), Column("shows", "What it shows"),
)  # fmt: skip


def points_table(found: TrendDocument) -> Table:
    """Every point of every rule."""
    rows = [
        _point(row["id"], number, stretch, point)
        for row in found["rules"]
        for number, stretch in enumerate(row["stretches"], 1)
        for point in stretch["points"]
    ]
    return Table("trend", "Trend", _POINTS, rows)


def _point(rule: str, number: int, stretch: StretchInfo, point: PointInfo) -> Row:
    counts: list[TableValue] = [point[name] for name in JUDGED]
    return (
        rule, point["at"], *counts,
        point["share"], *(point["interval"] or (None, None)),
        stretch["gate"], stretch["centre"], *(point["limits"] or (None, None)),
        " ".join(point["signals"]), number,
    )  # fmt: skip


def trend_table(found: TrendDocument) -> Table:
    """Every rule: its last points, where it stands, and what the series shows."""
    shares = {
        row["id"]: [share_text(p) for stretch in row["stretches"] for p in stretch["points"]]
        for row in found["rules"]
    }
    rows: list[Row] = [
        (rule.id, rule.title, _course(shares[rule.id]), rule.last, rule.shows)
        for rule in trend_view(found).rules
    ]
    return Table("trend_rules", "Trend", _RULES, rows)


def _course(shares: list[str]) -> str:
    cut = "… " if len(shares) > MOST_POINTS else ""
    return cut + ", ".join(shares[-MOST_POINTS:])


def trend_html(found: TrendDocument, templates: Templates) -> bytes:
    """One offline page of charts with their tables. Raises `ReportError`."""
    values = {
        "view": {"pack": found["pack"], "engine": found["engine"]},
        "it": trend_view(found),
        "box": BOX,
        **page_assets(templates),
    }
    return templates.render("html", "trend.html.j2", values).encode()


def trend_markdown(found: TrendDocument, templates: Templates) -> bytes:
    """The trend as Markdown. Raises `ReportError` where the template is wrong."""
    view = trend_view(found)
    values = {
        "title": markdown_text(view.title),
        "sentences": [markdown_text(text) for text in view.sentences],
        "notes": [markdown_text(text) for text in view.notes],
        "rules": [
            (markdown_text(rule.id), markdown_text(rule.title), rule.spark, rule.points,
             markdown_text(rule.last), markdown_text(" ".join(rule.verdicts)))
            for rule in view.rules
        ],
        "tables": [
            (markdown_text(rule.id), markdown_text(rule.title),
             [[markdown_text(cell or "–") for cell in row] for row in rule.rows])
            for rule in view.rules
        ],
    }  # fmt: skip
    return templates.render("markdown", "trend.md.j2", values).encode()


def trend_csv(found: TrendDocument, _: Templates) -> bytes:
    """A row for each point of each rule; what a gap has not is empty."""
    return csv_bytes(points_table(found))


def trend_workbook(found: TrendDocument, _: Templates) -> bytes:
    """The trend as a workbook: its sentences, a row for each rule, and every point."""
    view = trend_view(found)
    tables = [
        trend_table(found)._replace(title="Rules"),
        points_table(found)._replace(title="Points"),
    ]
    return book_of(view.title, None, _sections(view.sentences, view.notes), tables)


TREND_FORMATS: Mapping[str, Callable[[TrendDocument, Templates], bytes]] = {
    ".html": trend_html,
    ".md": trend_markdown,
    ".xlsx": trend_workbook,
    ".csv": trend_csv,
    ".json": document_json,
}


def show_trend(found: TrendDocument, console: Console) -> None:
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
    lines.table(("Rule", "Course", "Points", "Last", "Signal"), rows)
    for rule in view.rules:
        if rule.special:
            lines.gap()
            lines.say(f"{rule.id}: {rule.title}", style="bold")
            for verdict in rule.verdicts:
                lines.say(verdict, indent=2)
    lines.gap()
    for text in view.notes:
        lines.say(text, style="dim")
