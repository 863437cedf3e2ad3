"""A run bundle as plain tables: what the sheets, delimited files and papers are made of.

Every table has typed columns, so that each format can show a date as a date and a share as a
share. Cells are raw values; a count that is masked is `[c]`, a share that there is none of is text.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from scr_audit.report import standings
from scr_audit.report.limits import standard_text
from scr_audit.report.missing import missing_facts
from scr_audit.report.wording import (
    LABELS,
    MASKED,
    OUTCOMES,
    day_text,
    place_text,
    rate_text,
    value_text,
)

Bundle = Mapping[str, Any]
Kind = Literal["text", "count", "share", "day", "outcome"]
Cell = str | int | float | None
Row = tuple[Cell, ...]
_NOT_RIGHT = ("not_met", "not_evidenced")


class Column(NamedTuple):
    """A column: its name for programs, its heading for people, and what its cells are."""

    name: str
    title: str
    kind: Kind = "text"


class Table(NamedTuple):
    """A named table of rows, each as long as `columns`."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row]


_COUNTS = tuple(Column(name, LABELS[name].capitalize(), "count") for name in OUTCOMES)
_RATES = (
    Column("judged", "Judged", "count"),
    Column("assured", "Assured", "share"),
    Column("low", "At least", "share"),
    Column("high", "At most", "share"),
    Column("interval_low", "95% interval from", "share"),
    Column("interval_high", "95% interval to", "share"),
)


def summary_table(bundle: Bundle) -> Table:
    """What was audited, with the totals: one fact a row."""
    records, totals = bundle["input"]["records"], bundle["totals"]
    rows: list[Row] = [
        ("Audit", bundle["pack"]["title"]),
        ("As of", day_text(bundle["as_of"]) if bundle["as_of"] else "not given"),
        ("Edition", edition(bundle)),
        ("Rules", f"{bundle['pack']['id']} {bundle['pack']['version']}"),
        ("Records read", _count(records["read"])),
        ("Records judged", _count(records["judged"])),
        ("Records left out", _count(records["left_out"])),
        *((f"Findings {LABELS[name]}", _count(totals["units"][name])) for name in OUTCOMES),
        ("Assured rate", rate_text(totals["rates"])),
    ]
    columns = (Column("what", "What"), Column("value", "Value"))
    return Table("summary", "Summary", columns, rows)


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
        Column("recommendation", "Recommendation"), Column("agency", "Agency"),
        Column("theme", "Theme"), Column("severity", "Severity"), Column("unit", "Counts"),
        *_COUNTS, Column("records", "Records", "count"), *_RATES, Column("standard", "Standard"),
    )  # fmt: skip
    origin = _origins(bundle)
    rows = [
        (
            rule["id"], rule["title"], rule["recommendation"], *origin[rule["recommendation"]],
            rule["severity"], standings.unit_nouns(rule)[1], *_counts(rule["totals"]),
            _count(rule["totals"]["records"]), *_rates(rule["rates"]), standard_text(rule),
        )
        for rule in bundle["rules"]
    ]  # fmt: skip
    return Table("rules", "Rules", columns, rows)


def findings_table(bundle: Bundle) -> Table:
    """Every finding with its reason, its smallest remedy and what is missing; as in the run."""
    columns = (
        Column("record", "Record"), Column("kind", "Kind"),
        Column("recommendation", "Recommendation"), Column("agency", "Agency"),
        Column("theme", "Theme"), Column("rule", "Rule"), Column("title", "Title"),
        Column("severity", "Severity"), Column("unit", "Unit"), Column("pointer", "Pointer"),
        Column("outcome", "Outcome", "outcome"), Column("reason", "Reason"),
        Column("remedy", "Smallest change"), Column("not_met", "Criteria not met"),
        Column("not_evidenced", "Criteria not evidenced"), Column("missing", "Not recorded"),
    )  # fmt: skip
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    origin = _origins(bundle)
    rows = [
        _finding(finding, rules[finding["rule"]], origin[rules[finding["rule"]]["recommendation"]])
        for finding in bundle["findings"]
    ]
    return Table("findings", "Findings", columns, rows)


def _finding(finding: Mapping[str, Any], rule: Mapping[str, Any], origin: tuple[str, str]) -> Row:
    return (
        finding["record"], rule["record"], rule["recommendation"], *origin, rule["id"],
        rule["title"], rule["severity"], place_text(finding["unit"], *standings.unit_nouns(rule)),
        finding["unit"], finding["outcome"], finding["reason"],
        finding["remedy"]["text"] if finding["remedy"] else "",
        *(_criteria(finding, outcome) for outcome in _NOT_RIGHT), "; ".join(finding["missing"]),
    )  # fmt: skip


def _criteria(finding: Mapping[str, Any], outcome: str) -> str:
    found = [name for name, result in finding["criteria"].items() if result == outcome]
    return ", ".join(found).replace("_", " ")


def facts_table(bundle: Bundle) -> Table:
    """The facts behind every finding, each with its value and where it stands."""
    columns = (
        Column("record", "Record"), Column("rule", "Rule"), Column("unit", "Unit"),
        Column("pointer", "Pointer"), Column("question", "Question"), Column("value", "Value"),
    )  # fmt: skip
    rows: list[Row] = [
        (finding["record"], finding["rule"], finding["unit"], fact["pointer"], fact["question"],
         value_text(fact["value"]))
        for finding in bundle["findings"]
        for fact in finding["facts"]
    ]  # fmt: skip
    return Table("facts", "Facts", columns, rows)


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
    return Table("records", "Cases" if _only_cases(bundle) else "Records", columns, rows)


def _only_cases(bundle: Bundle) -> bool:
    return list(bundle["input"]["records"]["by_kind"]) == ["case"]


def _span(events: list[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    return (events[0]["date"], events[-1]["date"]) if events else (None, None)


def actions_table(bundle: Bundle) -> Table:
    """What to do, by rule: those with something not met or not evidenced, most severe first."""
    columns = (
        Column("recommendation", "Recommendation"), Column("agency", "Agency"),
        Column("rule", "Rule"), Column("title", "Title"), Column("severity", "Severity"),
        Column("not_met", "Not met", "count"), Column("not_evidenced", "Not evidenced", "count"),
        Column("advice", "What to do"), Column("missing", "Most telling missing fact"),
    )  # fmt: skip
    origin, lacking = _origins(bundle), _most_missing(bundle)
    rows = [
        (
            rule["recommendation"], origin[rule["recommendation"]][0], rule["id"], rule["title"],
            rule["severity"], *(_count(rule["totals"][name]) for name in _NOT_RIGHT),
            rule["advice"] or "", lacking.get(rule["id"], ""),
        )
        for rule in standings.by_importance(bundle["rules"])
        if any(rule["totals"][name] != 0 for name in _NOT_RIGHT)
    ]  # fmt: skip
    return Table("actions", "Actions", columns, rows)


def _most_missing(bundle: Bundle) -> dict[str, str]:
    of_rule: dict[str, list[Mapping[str, Any]]] = {}
    for finding in bundle["findings"]:
        of_rule.setdefault(finding["rule"], []).append(finding)
    found = {rule: missing_facts(findings, 1) for rule, findings in of_rule.items()}
    return {rule: facts[0].question for rule, facts in found.items() if facts}


def edition(bundle: Bundle) -> str:
    """Whom the report is for: `auditor` or `board`."""
    return "board" if bundle["format"] == "scr-audit/board" else "auditor"


def _origins(bundle: Bundle) -> Mapping[str, tuple[str, str]]:
    """Agency and theme of every recommendation; of one that is not listed, nothing."""
    found = {rule["recommendation"]: ("", "") for rule in bundle["rules"]}
    return found | {
        item["id"]: (item["agency"], item["theme"]) for item in bundle["recommendations"]
    }


def _counts(totals: Mapping[str, Any]) -> Iterable[Cell]:
    return (_count(totals[name]) for name in OUTCOMES)


def _count(number: int | None) -> Cell:
    return MASKED if number is None else number


def _rates(rates: Mapping[str, Any]) -> Row:
    shares = (rates["assured"], rates["low"], rates["high"], *(rates["interval"] or (None, None)))
    none = "no rate" if rates["judged"] == 0 else MASKED
    return (_count(rates["judged"]), *(none if share is None else share for share in shares))
