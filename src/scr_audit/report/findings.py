"""Findings as the flat values that a template prints."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scr_audit.report.anchors import Anchors
from scr_audit.report.standings import Bundle, unit_nouns
from scr_audit.report.wording import LABELS, OUTCOMES, SIGNS, WORST_FIRST, place_text, value_text

_QUIET = ("met", "not_applicable")
_RANK = {outcome: rank for rank, outcome in enumerate(WORST_FIRST)}

Count = tuple[str, str, str, int]  # outcome, label, sign, number
Mark = tuple[str, str, str]  # outcome, label, sign
MARKS: dict[str, Mark] = {name: (name, LABELS[name], SIGNS[name]) for name in OUTCOMES}


class FindingView(NamedTuple):
    """One finding, ready to print."""

    anchor: str
    outcome: str
    label: str
    sign: str
    rule: str
    rule_anchor: str
    record: str
    record_key: tuple[str, str]
    record_anchor: str
    kind: str
    place: str
    pointer: str
    reason: str
    exception: str
    criteria: list[tuple[str, str, str, str]]  # name, outcome, label, sign
    facts: list[tuple[str, str, str, bool]]  # question, pointer, value, is recorded
    origin: str


class Group(NamedTuple):
    """Findings of one quiet outcome, folded away under its name."""

    outcome: str
    label: str
    sign: str
    findings: list[FindingView]


def finding_views(
    bundle: Bundle,
    anchors: Anchors,
    rule_anchors: Mapping[str, str],
    record_anchors: Mapping[tuple[str, str], str],
) -> list[FindingView]:
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    origins = {name: _origin(rule) for name, rule in rules.items()}
    views = []
    for finding in bundle["findings"]:
        rule = rules[finding["rule"]]
        key = (rule["record"], finding["record"])
        views.append(
            FindingView(
                anchors.new("finding", finding["rule"], finding["record"], finding["unit"]),
                *MARKS[finding["outcome"]],
                rule=rule["title"],
                rule_anchor=rule_anchors[finding["rule"]],
                record=finding["record"],
                record_key=key,
                record_anchor=record_anchors.get(key, ""),
                kind=rule["record"],
                place=place_text(finding["unit"], *unit_nouns(rule)),
                pointer=finding["unit"],
                reason=finding["reason"],
                exception=(finding["exception"] or "").replace("_", " "),
                criteria=[
                    (name.replace("_", " "), *MARKS[outcome])
                    for name, outcome in finding["criteria"].items()
                ],
                facts=_facts(finding),
                origin=origins[finding["rule"]],
            )
        )
    return views


def _facts(finding: Mapping[str, Any]) -> list[tuple[str, str, str, bool]]:
    facts = [
        (fact["question"] or "", fact["pointer"], value_text(fact["value"]),
         fact["value"] is not None)
        for fact in finding["facts"]
    ]  # fmt: skip
    shown = {fact["pointer"] for fact in finding["facts"]}
    facts += [
        ("", pointer, value_text(None), False)
        for pointer in finding["missing"]
        if pointer not in shown
    ]
    return facts


def _origin(rule: Mapping[str, Any]) -> str:
    see = f", see also {', '.join(rule['see'])}" if rule["see"] else ""
    return f"recommendation {rule['recommendation']}{see}; rule at {rule['location']}"


def folded(findings: list[FindingView]) -> tuple[list[FindingView], list[Group]]:
    """The findings to look at, worst first, and the quiet ones by outcome."""
    loud = [finding for finding in findings if finding.outcome not in _QUIET]
    loud.sort(key=lambda finding: _RANK[finding.outcome])
    groups = [
        Group(*MARKS[name], [finding for finding in findings if finding.outcome == name])
        for name in _QUIET
    ]
    return loud, [group for group in groups if group.findings]


def counts_view(totals: Mapping[str, int]) -> list[Count]:
    return [(*MARKS[name], totals[name]) for name in OUTCOMES]
