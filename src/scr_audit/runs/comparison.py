"""Two runs of a pack compared: what became of each rule's share and of each finding.

Where a rule asks something else now, its two results are no series: they are not compared, unless
the old records were judged by the new rules too, which tells a change of rules from a change of
practice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scr_audit._version import __version__
from scr_audit.errors import InputError
from scr_audit.runs.power import FROM, TO, power_of_fall
from scr_audit.runs.statistics import difference
from scr_audit.runs.unit_changes import CHANGES, TOLD, UnitChange, unit_changes

Bundle = Mapping[str, Any]
FORMAT = "scr-audit/comparison"
FORMAT_VERSION = 2


@dataclass(frozen=True)
class Side:
    """A run to compare: what it is called, its bundle's head, its findings if they were kept."""

    name: str
    head: Bundle
    findings: Iterable[Bundle] | None
    period: str | None = None


def compare_runs(then: Side, now: Side, rejudged: Bundle | None = None) -> dict[str, Any]:
    """The comparison as a document. `rejudged` is the head of a run of now's rules over then's
    records.

    Raises `InputError` where the runs are of different packs.
    """
    _check_packs(then, now)
    if rejudged is not None:
        _check_rejudged(now, rejudged)
    rules = _rules(then, now, rejudged)
    changed = [] if None in (then.findings, now.findings) else _changes(then, now, rules)
    _count_changes(rules, changed, known=None not in (then.findings, now.findings))
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "engine": {"name": "scr-audit", "version": __version__},
        "pack": {"id": now.head["pack"]["id"], "title": now.head["pack"]["title"]},
        "then": _side(then),
        "now": _side(now),
        "rejudged": rejudged is not None,
        "fall_of_power": [FROM, TO],
        "findings_kept": None not in (then.findings, now.findings),
        "rules": rules,
        "changes": [change for change in changed if change["change"] in TOLD],
    }


def _check_packs(then: Side, now: Side) -> None:
    first, second = then.head["pack"]["id"], now.head["pack"]["id"]
    if first != second:
        raise InputError(
            f"{then.name} is a run of the pack {first}, {now.name} of {second}: they share no "
            "rules. Compare runs of one pack"
        )


def _check_rejudged(now: Side, rejudged: Bundle) -> None:
    if _meanings(rejudged) != _meanings(now.head):
        raise InputError(
            "the rules that judged the old records are not those of the run of now; give the pack, "
            "the audit plan and the settings that it was made with"
        )


def _meanings(head: Bundle) -> dict[str, str]:
    return {rule["id"]: _meaning(head, rule) for rule in head["rules"]}


def _meaning(head: Bundle, rule: Bundle) -> str:
    """What a rule asks; of a bundle that does not tell it, the whole pack stands for it."""
    return rule.get("meaning") or f"pack {head['pack']['sha256']} {head['parameters']}"


def _side(side: Side) -> dict[str, Any]:
    head = side.head
    return {
        "run": side.name,
        "as_of": head["as_of"],
        "period": side.period,
        "plan": None if head["plan"] is None else head["plan"]["id"],
        "pack_version": head["pack"]["version"],
        "pack_sha256": head["pack"]["sha256"],
        "records": head["input"]["records"]["judged"],
    }


def _rules(then: Side, now: Side, rejudged: Bundle | None) -> list[dict[str, Any]]:
    """A row for each rule, in the order of now; those of then only stand last."""
    before = {rule["id"]: rule for rule in then.head["rules"]}
    again = {} if rejudged is None else {rule["id"]: rule for rule in rejudged["rules"]}
    old, new = _meanings(then.head), _meanings(now.head)
    rows = []
    for rule in now.head["rules"]:
        name = rule["id"]
        if name not in before:
            rows.append(_row(rule, "only_now", None, rule))
        elif old[name] == new[name]:
            rows.append(_row(rule, "same", before[name], rule))
        else:
            row = _row(rule, "changed", before[name], rule)
            if name in again:
                row["split"] = _split(before[name], again[name], rule)
            rows.append(row)
    gone = [rule for name, rule in before.items() if name not in new]
    return [*rows, *(_row(rule, "only_then", rule, None) for rule in gone)]


def _row(rule: Bundle, kept: str, then: Bundle | None, now: Bundle | None) -> dict[str, Any]:
    sides = [side["totals"] for side in (then, now) if side is not None]
    return {
        "id": rule["id"],
        "title": rule["title"],
        "recommendation": rule["recommendation"],
        "severity": rule["severity"],
        "unit": rule["unit"],
        "unit_plural": rule["unit_plural"],
        "rule": kept,
        "then": None if then is None else _counts(then),
        "now": None if now is None else _counts(now),
        "several_of_one_record": any(_judged(side) > side["records"] for side in sides),
        **(_difference(then, now) if kept == "same" and then and now else _NONE),
        "split": None,
        "findings": None,
    }


_NONE = {"difference": None, "interval": None, "verdict": "not_compared", "power": None}


def _counts(rule: Bundle) -> dict[str, int]:
    totals = rule["totals"]
    return {
        "met": totals["met"],
        "not_met": totals["not_met"],
        "not_evidenced": totals["not_evidenced"],
        "judged": _judged(totals),
        "records": totals["records"],
    }


def _judged(totals: Mapping[str, int]) -> int:
    return totals["met"] + totals["not_met"] + totals["not_evidenced"]


def _difference(then: Bundle, now: Bundle) -> dict[str, Any]:
    """How the assured share changed, with Newcombe's interval and what the samples could show."""
    before, after = _counts(then), _counts(now)
    if not (before["judged"] and after["judged"]):
        return {**_NONE, "verdict": "no_rate"}
    found = difference((before["met"], before["judged"]), (after["met"], after["judged"]))
    return {
        "difference": found.change,
        "interval": list(found.interval),
        "verdict": found.verdict,
        "power": power_of_fall(before["judged"], after["judged"]),
    }


def _split(then: Bundle, again: Bundle, now: Bundle) -> dict[str, Any]:
    """The change in two steps: the rule, on the old records; then the practice, by the new rule.

    The first step compares the same records with themselves, so it has no interval: it is not
    chance.
    """
    before, between = _counts(then), _counts(again)
    rated = before["judged"] and between["judged"]
    step = between["met"] / between["judged"] - before["met"] / before["judged"] if rated else None
    return {"old_records": between, "of_rule": step, "of_practice": _difference(again, now)}


def _changes(then: Side, now: Side, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What became of each unit of the rules that ask the same in both runs."""
    same = {row["id"] for row in rules if row["rule"] == "same"}
    kinds = {rule["id"]: rule["record"] for rule in now.head["rules"]}
    before, after = _by_kind(then, kinds, same), _by_kind(now, kinds, same)
    found = [
        _change(each)
        for kind in sorted({*before, *after})
        for each in unit_changes(before[kind], after[kind])
    ]
    order = {name: number for number, name in enumerate(CHANGES)}
    return sorted(found, key=lambda row: (order[row["change"]], row["rule"], row["record"]))


def _change(found: UnitChange) -> dict[str, Any]:
    """A unit and its change; the key is that of the later run, where it has the unit."""
    known = [finding for finding in (found.now, found.then) if finding is not None]
    return {
        "rule": known[0]["rule"],
        "record": known[0]["record"],
        "key": next((each["key"] for each in known if each["key"] is not None), None),
        "unit_then": None if found.then is None else found.then["unit"],
        "unit_now": None if found.now is None else found.now["unit"],
        "change": found.change,
        "then": None if found.then is None else found.then["outcome"],
        "now": None if found.now is None else found.now["outcome"],
    }


def _by_kind(
    side: Side, kinds: Mapping[str, str], rules: set[str]
) -> defaultdict[str, list[Bundle]]:
    """The findings of these rules by the kind of record, since ids repeat among kinds."""
    found: defaultdict[str, list[Bundle]] = defaultdict(list)
    for finding in side.findings or ():
        if finding["rule"] in rules:
            found[kinds[finding["rule"]]].append(finding)
    return found


def _count_changes(
    rules: list[dict[str, Any]], changed: list[dict[str, Any]], *, known: bool
) -> None:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for change in changed:
        counts[change["rule"]][change["change"]] += 1
    for row in rules:
        if known and row["rule"] == "same":
            row["findings"] = {name: counts[row["id"]][name] for name in CHANGES}
