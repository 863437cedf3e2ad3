"""A run bundle as plain tables: what the sheets, delimited files and papers are made of.

Every table has typed columns, so that each format can show a date as a date and a share as a
share. Cells are raw values; in place of a share that there is not stands a text. What is no table
(the summary, what the run rests on) is sections of entries: see `summary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from scr_audit.documents.editions import Bundle, Sums, is_board
from scr_audit.documents.run import EventInfo, FindingInfo, RatesInfo, RuleInfo, Units
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.report import standings
from scr_audit.report.standings import missing_facts, missing_questions, standard_text
from scr_audit.report.wording import LABELS, SIGNS, day_text, exception_text, percent, value_text

ColumnKind = Literal["text", "count", "share", "day", "outcome"]
TableValue = str | int | float | None
Row = tuple[TableValue, ...]
_NOT_RIGHT: tuple[Literal["not_met", "not_evidenced"], ...] = ("not_met", "not_evidenced")


class Column(NamedTuple):
    """A column: its name for programs, its heading for people, and what its cells are."""

    name: str
    title: str
    kind: ColumnKind = "text"


class Table(NamedTuple):
    """A named table of rows, each as long as `columns`."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row]


def cell_words(cell: TableValue, kind: ColumnKind) -> str:
    """A cell as it is read; nothing for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        if kind == "outcome":
            return f"{SIGNS[cell]} {LABELS[cell]}"
        return day_text(cell) if kind == "day" else cell
    return percent(cell) if kind == "share" else f"{cell:,}"


class Entry(NamedTuple):
    """One thing that is said: what it is about (may be empty), and its value."""

    what: str
    value: TableValue
    kind: ColumnKind = "text"


class Section(NamedTuple):
    """Entries under one heading."""

    title: str
    entries: list[Entry]


_COUNTS = tuple(Column(name, LABELS[name].capitalize(), "count") for name in OUTCOMES)
_RATES = (
    Column("judged", "Judged", "count"),
    Column("evidenced", "Met, of what is evidenced", "share"),
    Column("interval_low", "95% interval from", "share"),
    Column("interval_high", "95% interval to", "share"),
    Column("low", "At least", "share"),
    Column("high", "At most", "share"),
)


def totals_table(bundle: Bundle) -> Table:
    """All findings together by outcome."""
    units = bundle["totals"]["units"]
    columns = (
        Column("outcome", "Outcome", "outcome"),
        Column("findings", "Findings", "count"),
    )
    return Table("totals", "Totals", columns, [(name, units[name]) for name in OUTCOMES])


def recommendations_table(bundle: Bundle) -> Table:
    """Every recommendation with its counts and rates, worst first."""
    columns = (
        Column("recommendation", "Recommendation"), Column("title", "Title"),
        Column("agency", "Agency"), Column("theme", "Theme"), *_COUNTS, *_RATES,
    )  # fmt: skip
    rows = [
        (row.id, row.title, row.agency, row.theme, *_counts(row.totals), *_rates(row.rates))
        for row in standings.standings(bundle)
    ]
    return Table("recommendations", "Recommendations", columns, rows)


def rules_table(bundle: Bundle) -> Table:
    """Every rule with its counts, rates and standing, in the order of the pack."""
    columns = (
        Column("rule", "Rule"), Column("title", "Title"),
        Column("recommendation", "Recommendation"), Column("severity", "Severity"),
        Column("unit", "Counts"), *_COUNTS, Column("records", "Records", "count"), *_RATES,
        Column("standard", "Standard"), Column("agency", "Agency"), Column("theme", "Theme"),
        Column("advice", "What to do"), Column("see", "See also"), Column("location", "Rule at"),
    )  # fmt: skip
    origin = _origins(bundle)
    rows = [
        (
            rule["id"], rule["title"], rule["recommendation"], rule["severity"],
            standings.unit_nouns(rule)[1], *_counts(rule["totals"]),
            rule["totals"]["records"], *_rates(rule["rates"]), standard_text(rule),
            *origin[rule["recommendation"]], rule["advice"] or "", ", ".join(rule["see"]),
            rule["location"],
        )
        for rule in bundle["rules"]
    ]  # fmt: skip
    return Table("rules", "Rules", columns, rows)


FINDING_COLUMNS = (
    Column("outcome", "Outcome", "outcome"), Column("record", "Record"),
    Column("rule", "Rule"), Column("unit", "Unit"), Column("title", "Title"),
    Column("reason", "Reason"), Column("remedy", "What it would take"),
    Column("severity", "Severity"), Column("not_met", "Criteria not met"),
    Column("not_evidenced", "Criteria not evidenced"), Column("exception", "Exception"),
    Column("late", "Too late"), Column("questions", "Questions without an answer"),
    Column("recommendation", "Recommendation"), Column("agency", "Agency"),
    Column("theme", "Theme"), Column("kind", "Kind"), Column("pointer", "Pointer"),
    Column("missing", "Pointers not recorded"), Column("location", "Rule at"),
)  # fmt: skip


def findings_table(bundle: Bundle) -> Table:
    """Every finding with its reason, its smallest remedy and what is missing; as in the run."""
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    origin = _origins(bundle)
    rows = [
        _finding(finding, rules[finding["rule"]], origin[rules[finding["rule"]]["recommendation"]])
        for finding in bundle["findings"]
    ]
    return Table("findings", "Findings", FINDING_COLUMNS, rows)


def _finding(finding: FindingInfo, rule: RuleInfo, origin: tuple[str, str]) -> Row:
    return (
        finding["outcome"], finding["record"], rule["id"],
        standings.unit_text(finding, rule), rule["title"], finding["reason"],
        finding["remedy"]["text"] if finding["remedy"] else "", rule["severity"],
        *(_criteria(finding, outcome) for outcome in _NOT_RIGHT),
        exception_text(finding),
        "; ".join(late["text"] for late in finding["late"]),
        "; ".join(dict.fromkeys(missing_questions(finding))),
        rule["recommendation"], *origin, rule["record"], finding["unit"],
        "; ".join(finding["missing"]), rule["location"],
    )  # fmt: skip


def _criteria(finding: FindingInfo, outcome: str) -> str:
    found = [name for name, result in finding["criteria"].items() if result == outcome]
    return ", ".join(found).replace("_", " ")


def records_table(bundle: Bundle) -> Table:
    """Every record with its counts, and its first and last dated event."""
    columns = (
        Column("record", "Record"), Column("kind", "Kind"), *_COUNTS,
        Column("first_event", "First event", "day"), Column("last_event", "Last event", "day"),
    )  # fmt: skip
    rows = [
        (record["id"], record["kind"], *_counts(record["totals"]), *_span(record["events"]))
        for record in bundle["records"]
    ]
    return Table("records", standings.records_title(bundle), columns, rows)


def _span(events: Sequence[EventInfo]) -> tuple[str | None, str | None]:
    dated = [event["date"] for event in events if event["date"]]
    return (dated[0], dated[-1]) if dated else (None, None)


def groups_table(bundle: Bundle) -> Table:
    """The sums by agency, by theme and by both; only a board document has them."""
    columns = (
        Column("agency", "Agency"), Column("theme", "Theme"), *_COUNTS, *_RATES,
    )  # fmt: skip
    places: list[tuple[str, str, Sums]] = (
        [
            *((item["name"], "all themes", item) for item in bundle["agencies"]),
            *(("all agencies", item["name"], item) for item in bundle["themes"]),
            *((item["agency"], item["theme"], item) for item in bundle["groups"]),
        ]
        if is_board(bundle)
        else []
    )
    rows: list[Row] = [
        (agency or "none named", theme or "none named", *_counts(item["totals"]),
         *_rates(item["rates"]))
        for agency, theme, item in places
    ]  # fmt: skip
    return Table("groups", "Agencies and themes", columns, rows)


def actions_table(bundle: Bundle) -> Table:
    """What to do, by rule: those with something not met or not evidenced, most severe first."""
    columns = (
        Column("recommendation", "Recommendation"), Column("agency", "Agency"),
        Column("rule", "Rule"), Column("title", "Title"), Column("severity", "Severity"),
        Column("not_met", "Not met", "count"), Column("not_evidenced", "Not evidenced", "count"),
        Column("advice", "What to do"), Column("missing", "Most telling missing fact"),
    )  # fmt: skip
    origin, lacking = _origins(bundle), _most_missing(bundle)
    rows: list[Row] = [
        (
            rule["recommendation"], origin[rule["recommendation"]][0], rule["id"], rule["title"],
            rule["severity"], *(rule["totals"][name] for name in _NOT_RIGHT),
            rule["advice"] or "", lacking.get(rule["id"], ""),
        )
        for rule in standings.by_importance(bundle["rules"])
        if any(rule["totals"][name] for name in _NOT_RIGHT)
    ]  # fmt: skip
    return Table("actions", "Actions", columns, rows)


def _most_missing(bundle: Bundle) -> dict[str, str]:
    of_rule: dict[str, list[FindingInfo]] = {}
    for finding in bundle["findings"]:
        of_rule.setdefault(finding["rule"], []).append(finding)
    found = {rule: missing_facts(findings, 1) for rule, findings in of_rule.items()}
    return {rule: facts[0].question for rule, facts in found.items() if facts}


def edition(bundle: Bundle) -> Literal["auditor", "board"]:
    """Whom the report is for: `auditor` or `board`."""
    return "board" if is_board(bundle) else "auditor"


def confidential_words(bundle: Bundle) -> str:
    """What a board's run says of who may read it; nothing for the auditor's."""
    return bundle["confidential"] if is_board(bundle) else ""


def _origins(bundle: Bundle) -> Mapping[str, tuple[str, str]]:
    """Agency and theme of every recommendation; of one that is not listed, nothing."""
    found = {rule["recommendation"]: ("", "") for rule in bundle["rules"]}
    return found | {
        item["id"]: (item["agency"], item["theme"]) for item in bundle["recommendations"]
    }


def _counts(totals: Units) -> Iterable[TableValue]:
    return (totals[name] for name in OUTCOMES)


def _rates(rates: RatesInfo) -> Row:
    interval = rates["interval"] or (None, None)
    shares = (rates["evidenced"], *interval, rates["low"], rates["high"])
    return (rates["judged"], *("no rate" if share is None else share for share in shares))


def parameters_table(bundle: Bundle) -> Table:
    """The values in force, each from its day on; an event is judged by the value of its own day."""
    columns = (
        Column("parameter", "Parameter"), Column("title", "Title"), Column("value", "Value"),
        Column("unit", "Unit"), Column("from", "From", "day"), Column("source", "Source"),
        Column("set_by", "Set by"),
    )  # fmt: skip
    rows: list[Row] = [
        (
            parameter["name"], parameter["title"], value_text(entry["value"]),
            parameter["unit"] or "", entry["from"] or "always", parameter["source"] or "",
            "local settings" if parameter["overridden"] else "the pack",
        )
        for parameter in bundle["parameters"]
        for entry in parameter["values"]
    ]  # fmt: skip
    return Table("parameters", "Parameters", columns, rows)


def left_out_table(bundle: Bundle) -> Table:
    """Every record that was not judged, with everything wrong with it."""
    columns = (
        Column("file", "File"), Column("position", "Position"), Column("record", "Record"),
        Column("pointer", "Pointer"), Column("problem", "Problem"),
    )  # fmt: skip
    rows: list[Row] = [
        (item["file"], item["position"], item["record"] or "", problem["pointer"],
         problem["message"])
        for item in bundle["left_out"]
        for problem in item["problems"]
    ]  # fmt: skip
    return Table("left_out", "Left out", columns, rows)
