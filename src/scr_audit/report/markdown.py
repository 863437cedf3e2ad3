"""Renders a run bundle as Markdown that reads well on GitHub and GitLab, and as plain text.

The template gets texts that are escaped already, so that none can be forgotten, also in a house's
own template: every value is printed as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scr_audit.documents.editions import Bundle, PublicDocument
from scr_audit.documents.run import FindingInfo, RuleInfo
from scr_audit.report import standings, summary, tables
from scr_audit.report.first_page import first_page
from scr_audit.report.formats import Look
from scr_audit.report.headline import reach_sentences
from scr_audit.report.human_decisions import (
    decided_table,
    exceptions_table,
    moderated_rules_table,
    plan_table,
)
from scr_audit.report.public_page import COLUMNS_TO_READ, public_page, with_columns
from scr_audit.report.sections import has_section, leaves_out, wanted_parts, wanted_sections
from scr_audit.report.series_formats import trend_rows, trend_sentences
from scr_audit.report.standings import falls_due
from scr_audit.report.summary import basis_sections
from scr_audit.report.tables import (
    ColumnKind,
    Entry,
    Section,
    Table,
    TableValue,
    cell_words,
    left_out_table,
    parameters_table,
)
from scr_audit.report.wording import SIGNS, day_text, markdown_text

_MOST_RULES, _MOST_FINDINGS, _MOST_LEFT_OUT = 10, 3, 20
_RECOMMENDATION = ("recommendation", "title")
_RULE = ("rule", "title", "recommendation", "severity", "unit", "records")
_COUNTS = (*SIGNS, "judged", "evidenced", "interval_low", "interval_high")

_NO_TABLE = Table("", "", (), [])
LabelledLine = tuple[str, str]  # what it is about (may be empty), and what is said


class PrintedTable(NamedTuple):
    """A table ready to print: `rules` is the line below the heading."""

    heading: list[str]
    rules: list[str]
    rows: list[list[str]]


class NotMetSection(NamedTuple):
    """A rule that is not met everywhere, and the first of its findings."""

    title: str
    recommendation: str
    severity: str
    phrase: str
    advice: str
    findings: list[Mapping[str, str]]
    more: int


def render(bundle: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The report as one file named as `path` is.

    Raises `ReportError` where the template is missing, wrong, or reaches for what is not there.
    """
    text = look.templates.render("markdown", "report.md.j2", _values(bundle))
    return {path.name: text.encode()}


def render_public(document: PublicDocument, look: Look, path: Path) -> dict[str, bytes]:
    """The public edition as one file named as `path` is. Raises `ReportError`."""
    page = public_page(document)
    values = {
        "title": markdown_text(page.title),
        "when": markdown_text(page.when),
        "sentences": [markdown_text(text) for text in page.sentences],
        "notes": [markdown_text(text) for text in page.notes],
        "rules": _grid(with_columns(page.rules, COLUMNS_TO_READ)),
        "earlier": _grid(page.earlier),
    }
    return {path.name: look.templates.render("markdown", "public.md.j2", values).encode()}


def _values(bundle: Bundle) -> dict[str, Any]:
    not_met = [rule for rule in bundle["rules"] if rule["totals"]["not_met"]]
    page = first_page(bundle)
    return {
        "title": markdown_text(page.title),
        "office": markdown_text(page.office),
        "when": markdown_text(page.when),
        "first": _sections(summary.first_sections(bundle)),
        "as_of": markdown_text(day_text(bundle["as_of"])),
        "edition": tables.edition(bundle),
        "sections": wanted_sections(bundle),
        "parts": wanted_parts(bundle, "markdown"),
        "leaves_out": markdown_text(leaves_out(bundle, "markdown")),
        "audited": _lines(summary.audited_entries(bundle)),
        "came_out": _lines(summary.result_entries(bundle)),
        "confidential": markdown_text(tables.confidential_words(bundle)),
        "changed": _lines(summary.change_entries(bundle)),
        "actions": _grid(plan_table(bundle)),
        "trend_sentences": [("", markdown_text(text)) for text in trend_sentences(bundle)],
        "trend": _grid(trend_rows(bundle) or _NO_TABLE),
        "missing": _lines(summary.missing_entries(bundle)),
        "falls_due": [
            (markdown_text(month), markdown_text(said))
            for month, said in falls_due(bundle, most=12)
        ],
        "limits": [markdown_text(sentence) for sentence in reach_sentences(bundle)],
        "totals": _grid(tables.totals_table(bundle)),
        "recommendations": _grid(tables.recommendations_table(bundle), _RECOMMENDATION + _COUNTS),
        "rules": _grid(tables.rules_table(bundle), (*_RULE, *_COUNTS, "standard")),
        "groups": _grid(tables.groups_table(bundle)),
        "not_met": _not_met(bundle),
        "none_not_met": standings.none_not_met(bundle),
        "more_rules": max(0, len(not_met) - _MOST_RULES),
        "meanings": _sections(summary.meanings()),
        "basis": _sections(basis_sections(bundle)),
        "exceptions": _grid(exceptions_table(bundle)),
        "moderation": [
            (markdown_text(table.title), _grid(table))
            for table in (decided_table(bundle), moderated_rules_table(bundle))
            if table.rows
        ],
        "parameters": _grid(parameters_table(bundle)),
        **_left_out(bundle),
    }


def _left_out(bundle: Bundle) -> dict[str, Any]:
    table = left_out_table(bundle)
    shown = table._replace(rows=table.rows[:_MOST_LEFT_OUT])
    return {"left_out": _grid(shown), "more_left_out": len(table.rows) - len(shown.rows)}


def _lines(entries: Iterable[Entry]) -> list[LabelledLine]:
    return [(markdown_text(entry.what), _cell(entry.value, entry.kind)) for entry in entries]


def _sections(sections: Iterable[Section]) -> list[tuple[str, list[LabelledLine]]]:
    return [(markdown_text(section.title), _lines(section.entries)) for section in sections]


def _grid(table: Table, names: Sequence[str] = ()) -> PrintedTable:
    """The columns of these names, or all."""
    places = [
        (index, column)
        for index, column in enumerate(table.columns)
        if not names or column.name in names
    ]
    return PrintedTable(
        [_heading(column) for _, column in places],
        ["---:" if column.kind in ("count", "share") else "---" for _, column in places],
        [[_cell(row[index], column.kind) for index, column in places] for row in table.rows],
    )


def _heading(column: tables.Column) -> str:
    sign = SIGNS.get(column.name, "") if column.kind == "count" else ""
    return markdown_text(f"{sign} {column.title}")


def _cell(cell: TableValue, kind: ColumnKind) -> str:
    return markdown_text(cell_words(cell, kind))


def _not_met(bundle: Bundle) -> list[NotMetSection]:
    """The rules with something not met, the most severe first, with a few findings each."""
    of_rule: dict[str, list[FindingInfo]] = defaultdict(list)
    for finding in bundle["findings"] if has_section(bundle, "findings") else ():
        if finding["outcome"] == "not_met":
            of_rule[finding["rule"]].append(finding)
    rules = standings.important_not_met(bundle, _MOST_RULES)
    return [_rule_not_met(rule, of_rule[rule["id"]]) for rule in rules]


def _rule_not_met(rule: RuleInfo, findings: Sequence[FindingInfo]) -> NotMetSection:
    return NotMetSection(
        title=markdown_text(rule["title"]),
        recommendation=markdown_text(rule["recommendation"]),
        severity=markdown_text(rule["severity"]),
        phrase=markdown_text(standings.met_phrase(rule)),
        advice=markdown_text(rule["advice"] or ""),
        findings=[_finding(finding, rule) for finding in findings[:_MOST_FINDINGS]],
        more=max(0, len(findings) - _MOST_FINDINGS),
    )


def _finding(finding: FindingInfo, rule: RuleInfo) -> dict[str, str]:
    remedy = finding["remedy"]
    return {
        "record": markdown_text(finding["record"]),
        "place": markdown_text(standings.unit_text(finding, rule)),
        "reason": markdown_text(finding["reason"]),
        "remedy": markdown_text(remedy["text"] if remedy else ""),
        "late": markdown_text("; ".join(late["text"] for late in finding["late"])),
    }
