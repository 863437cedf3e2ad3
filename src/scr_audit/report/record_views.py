"""Records as the flat values that a template prints: counts, timeline, links to findings."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scr_audit.report.findings import MARKS, Count, FindingView, RecordKey, counts_view, grouped
from scr_audit.report.standings import Bundle
from scr_audit.report.timeline import Timeline, timelines
from scr_audit.report.wording import WORST_FIRST, plural


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
    counts: list[Count]
    number: int
    outcomes: list[OfOutcome]
    timeline: Timeline | None


def record_views(
    bundle: Bundle,
    findings: Sequence[FindingView],
    anchors: Mapping[RecordKey, str],
    pages: Mapping[str, str],
) -> list[RecordView]:
    """Every record; `pages` tells the page of a finding by its address, where it is another."""
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
    by_outcome = dict(grouped(findings, lambda finding: finding.outcome))
    return [
        OfOutcome(*MARKS[name], len(by_outcome[name]), _rules(by_outcome[name], pages))
        for name in WORST_FIRST
        if name in by_outcome
    ]


def _rules(
    findings: Sequence[FindingView], pages: Mapping[str, str]
) -> list[tuple[str, list[Link]]]:
    return [
        (same[0].rule, [Link(f.anchor, pages.get(f.anchor, ""), f.place) for f in same])
        for _, same in grouped(findings, lambda finding: finding.rule_anchor)
    ]


def records_title(bundle: Bundle) -> str:
    """What the records are called: `Cases` where all are cases."""
    kinds: Mapping[str, Any] = bundle["input"]["records"]["by_kind"]
    return plural(next(iter(kinds))).capitalize() if len(kinds) == 1 else "Records"
