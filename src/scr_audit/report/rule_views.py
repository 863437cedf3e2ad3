"""Recommendations, their rules and records as the flat values that a template prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scr_audit.documents.editions import Bundle
from scr_audit.documents.parts import JUDGED, RecordKey
from scr_audit.documents.run import FindingInfo, RatesInfo, RuleInfo
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.report import standings
from scr_audit.report.findings import (
    MARKS,
    QUIET_OUTCOMES,
    Anchors,
    FindingView,
    OutcomeCount,
    PageFindings,
    counts_view,
    group_by,
    in_page_order,
    page_findings,
)
from scr_audit.report.standings import Standing, missing_facts, missing_text, standard_text
from scr_audit.report.timeline import Timeline, timelines
from scr_audit.report.wording import WORST_FIRST, bounds_text, interval_text, rate_text
from scr_audit.values.text import count_text, counted

_MISSING_SHOWN = 3


class RuleView(NamedTuple):
    """One rule, its counts, and its findings: on this page, or the pages that hold them."""

    anchor: str
    id: str
    title: str
    severity: str
    advice: str
    source: str
    location: str
    phrase: str
    rate: str
    bounds: str
    standard: str
    counts: list[OutcomeCount]
    criteria: list[tuple[str, list[str]]]
    missing: list[tuple[str, str]]
    clustered: str
    shown: PageFindings | None
    pages: list[FindingsPage]


class RowView(NamedTuple):
    """One recommendation: its row in the table and its section."""

    anchor: str
    id: str
    title: str
    agency: str
    theme: str
    phrase: str
    clustered: bool
    rate: str
    interval: str
    bounds: str
    bar: dict[str, str] | None
    counts: list[OutcomeCount]
    rules: list[RuleView]


class RuleFindings(NamedTuple):
    """The findings of a rule as the bundle has them and as a page shows them."""

    plain: Sequence[FindingInfo]
    views: Sequence[FindingView]
    pages: list[FindingsPage]


def rule_view(rule: RuleInfo, anchor: str, findings: RuleFindings) -> RuleView:
    """A rule as it is printed; with its findings, where no other pages hold them."""
    phrase = standings.met_phrase(rule)
    return RuleView(
        anchor=anchor,
        id=rule["id"],
        title=rule["title"],
        severity=rule["severity"],
        advice=rule["advice"] or "",
        source=", ".join(rule["see"]),
        location=rule["location"],
        phrase=f"{phrase[:1].upper()}{phrase[1:]}.",
        rate=standings.chance_sentence(rule["totals"], rule["rates"]),
        bounds=_bounds(rule),
        standard=standard_text(rule),
        counts=counts_view(rule["totals"]),
        criteria=_criteria(rule, findings.plain),
        missing=[
            (fact.question, missing_text(fact))
            for fact in missing_facts(findings.plain, _MISSING_SHOWN)
        ],
        clustered=_clustered(rule),
        shown=None if findings.pages else page_findings(findings.views),
        pages=findings.pages,
    )


def _bounds(rule: RuleInfo) -> str:
    rates, silent = rule["rates"], rule["totals"]["not_evidenced"]
    if rates["low"] is None or rates["low"] == rates["high"]:
        return ""
    unit, units = standings.unit_nouns(rule)
    open_ones = counted(silent, f"{unit} is", f"{units} are")
    return (
        f"{open_ones} not evidenced, so the true share can be anything from "
        f"{bounds_text(rates)}: the low end if none of them was done, the high end if all were."
    )


def _clustered(rule: RuleInfo) -> str:
    judged, records = rule["rates"]["judged"], rule["totals"]["records"]
    if judged is None or records is None or not judged > records > 0:
        return ""
    return (
        f"These {judged:,} {standings.unit_nouns(rule)[1]} come from only "
        f"{counted(records, rule['record'])}. Several from one {rule['record']} are not "
        "independent, so the true uncertainty is wider than the interval."
    )


def _criteria(rule: RuleInfo, findings: Sequence[FindingInfo]) -> list[tuple[str, list[str]]]:
    # A single criterion says no more than the rule's own counts.
    if len(rule["criteria"]) < 2 or not any(item["outcome"] in JUDGED for item in findings):
        return []
    number: Counter[tuple[str, str]] = Counter(
        item for finding in findings for item in finding["criteria"].items()
    )
    return [
        (name.replace("_", " "), [count_text(number[name, outcome]) for outcome in OUTCOMES[:3]])
        for name in rule["criteria"]
    ]


def row_view(standing: Standing, rules: Mapping[str, RuleView], anchors: Anchors) -> RowView:
    """A recommendation with its rules, worst first."""
    return RowView(
        anchor=anchors.new("recommendation", standing.id),
        id=standing.id,
        title=standing.title,
        agency=standing.agency,
        theme=standing.theme,
        phrase=standing.phrase,
        clustered=standing.clustered,
        rate=rate_text(standing.rates),
        interval=interval_text(standing.rates),
        bounds=bounds_text(standing.rates),
        bar=bar(standing.rates),
        counts=counts_view(standing.totals),
        rules=[rules[rule["id"]] for rule in standings.worst_rules(standing.rules)],
    )


def bar(rates: RatesInfo) -> dict[str, str] | None:
    """Positions from 0 to 100 of a bar: met, then not evidenced, then not met."""
    if rates["low"] is None or rates["high"] is None:
        return None
    low, high = rates["low"] * 100, rates["high"] * 100
    places = {"low": low, "high": high, "open": high - low, "rest": 100 - high}
    return {name: f"{place:.1f}" for name, place in places.items()}


class Link(NamedTuple):
    """A finding of a record: `page` is empty where it stands on this one."""

    anchor: str
    page: str
    place: str


class OfOutcome(NamedTuple):
    """The findings of a record with one outcome, by rule."""

    outcome: str
    label: str
    sign: str
    number: int
    rules: list[tuple[str, list[Link]]]


class RecordView(NamedTuple):
    """One record: its counts, its timeline and links to its findings, worst first."""

    anchor: str
    id: str
    kind: str
    counts: list[OutcomeCount]
    number: int
    outcomes: list[OfOutcome]
    timeline: Timeline | None


def record_views(
    bundle: Bundle,
    findings: Sequence[FindingView],
    anchors: Mapping[RecordKey, str],
    pages: Mapping[str, str],
) -> list[RecordView]:
    """Every record; `pages` gives the page of a finding by its address, where it is another."""
    times = timelines(bundle, [finding.anchor for finding in findings])
    of_record: dict[RecordKey, list[FindingView]] = {}
    for finding in findings:
        of_record.setdefault(finding.record_key, []).append(finding)
    return [
        RecordView(
            anchor=anchors[key],
            id=record["id"],
            kind=record["kind"],
            counts=counts_view(record["totals"]),
            number=len(of_record.get(key, [])),
            outcomes=_outcomes(of_record.get(key, []), pages),
            timeline=times.get(key),
        )
        for record in bundle["records"]
        for key in [(record["kind"], record["id"])]
    ]


def _outcomes(findings: Sequence[FindingView], pages: Mapping[str, str]) -> list[OfOutcome]:
    by_outcome = dict(group_by(findings, lambda finding: finding.outcome))
    return [
        OfOutcome(*MARKS[name], len(by_outcome[name]), _rules(by_outcome[name], pages))
        for name in WORST_FIRST
        if name in by_outcome and name not in QUIET_OUTCOMES
    ]


def _rules(
    findings: Sequence[FindingView], pages: Mapping[str, str]
) -> list[tuple[str, list[Link]]]:
    return [
        (same[0].rule, [Link(f.anchor, pages.get(f.anchor, ""), f.place) for f in same])
        for _, same in group_by(findings, lambda finding: finding.rule_anchor)
    ]


FINDINGS_IN_ONE_FILE = 8_000
"""A report with more findings is split: measured, so that it still opens in two seconds."""
FINDINGS_ON_A_PAGE = 1_000


class FindingsPage(NamedTuple):
    """A page of findings of one rule: the `number`th of `of` pages."""

    name: str
    rule_anchor: str
    number: int
    of: int
    findings: list[FindingView]


def findings_pages(
    findings: Iterable[FindingView], rule_anchors: Sequence[str]
) -> list[FindingsPage]:
    """Pages by rule, what there is to look at first.

    Their names are of digits and plain letters, so that they are safe everywhere.
    """
    of_rule = dict(group_by(findings, lambda finding: finding.rule_anchor))
    pages = []
    for place, anchor in enumerate(rule_anchors, 1):
        parts = list(_batched(in_page_order(of_rule.get(anchor, []))))
        pages += [
            FindingsPage(_name(place, number), anchor, number, len(parts), part)
            for number, part in enumerate(parts, 1)
        ]
    return pages


def _name(rule: int, page: int) -> str:
    return f"rule-{rule:03}.html" if page == 1 else f"rule-{rule:03}-{page}.html"


def _batched(findings: Sequence[FindingView]) -> Iterable[list[FindingView]]:
    for start in range(0, len(findings), FINDINGS_ON_A_PAGE):
        yield list(findings[start : start + FINDINGS_ON_A_PAGE])


def record_batches(sizes: Sequence[int]) -> list[range]:
    """Which records share a page, by how many findings each has; a record is never divided."""
    batches, start, held = [], 0, 0
    for place, size in enumerate(sizes):
        if place > start and held + size > FINDINGS_ON_A_PAGE:
            batches.append(range(start, place))
            start, held = place, 0
        held += size
    return [*batches, range(start, len(sizes))] if sizes else []


def records_page_name(number: int) -> str:
    """The name of the `number`th page of records, from 1."""
    return f"records-{number:03}.html"


class RecordsPage(NamedTuple):
    """A page of records in the folder beside a report."""

    name: str
    first: str
    last: str
    records: list[RecordView]


def record_pages(records: Sequence[RecordView]) -> list[RecordsPage]:
    """The records on their pages, in order, as `record_batches` shares them out."""
    batches = record_batches([record.number for record in records])
    return [
        RecordsPage(
            records_page_name(number),
            records[batch[0]].id,
            records[batch[-1]].id,
            [records[place] for place in batch],
        )
        for number, batch in enumerate(batches, 1)
    ]
