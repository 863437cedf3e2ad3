"""What became of each unit between two runs: the outcome then and now, as one class of change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from scr_audit.language.unit_key import key_sha256, may_be_one

Finding = Mapping[str, Any]
_Keyed = dict[str | None, list[Finding]]  # by the hash of the unit's key; None: it is not known

OPENED, REGRESSED, CLOSED, STILL_OPEN = "opened", "regressed", "closed", "still_open"
NO_LONGER_JUDGED, LOST_EVIDENCE = "no_longer_judged", "lost_evidence"
NEWLY_MET, UNCHANGED = "newly_met", "unchanged"
OPEN_IN_NEW_RECORD, RECORD_GONE = "open_in_new_record", "open_in_record_gone"
OTHER_RECORDS, OTHER, NOT_MATCHED = "other_records", "other", "not_matched"
CHANGES = (
    REGRESSED, OPENED, STILL_OPEN, CLOSED, LOST_EVIDENCE, NO_LONGER_JUDGED, NEWLY_MET,
    NOT_MATCHED, OPEN_IN_NEW_RECORD, RECORD_GONE, UNCHANGED, OTHER, OTHER_RECORDS,
)  # fmt: skip
"""Every class, in the order of reports."""
TOLD = frozenset(CHANGES) - {UNCHANGED, OTHER, OTHER_RECORDS}
"""The classes whose findings are named one by one; the others are only counted."""
JUDGED = frozenset({"met", "not_met", "not_evidenced"})


def change_of(then: str | None, now: str | None, *, known: str = "both") -> str:
    """The class of a change of outcome; None: the run has no such unit.

    `known` says which runs have the record: `both`, `then` or `now`. A record of one run only has
    not changed: it was drawn or not drawn.
    """
    if known == "now":
        return OPEN_IN_NEW_RECORD if now == "not_met" else OTHER_RECORDS
    if known == "then":
        return RECORD_GONE if then == "not_met" else OTHER_RECORDS
    if (then, now) == ("not_met", "not_met"):
        return STILL_OPEN
    if then == now:
        return UNCHANGED
    if now == "not_met":
        return REGRESSED if then == "met" else OPENED
    if now == "met":
        return CLOSED if then == "not_met" else NEWLY_MET
    if now == "not_evidenced":
        return LOST_EVIDENCE if then in ("met", "not_met") else OTHER
    return NO_LONGER_JUDGED if then in JUDGED else OTHER


class UnitChange(NamedTuple):
    """A unit with its class of change and its findings; None: the run has no such unit.

    Of one that is not matched only one finding is there, and of the other nothing is known.
    """

    change: str
    then: Finding | None
    now: Finding | None


def unit_changes(then: Iterable[Finding], now: Iterable[Finding]) -> Iterator[UnitChange]:
    """What became of each unit of either run, by record and rule.

    The findings are on one kind of record. Whether a run has a record is told by any finding on
    it, so give all findings of the rules that judge its kind.
    """
    before, after = _by_record(then), _by_record(now)
    for record in sorted({*before, *after}):
        if record in before and record in after:
            for rule in sorted({*before[record], *after[record]}):
                yield from _matched(before[record][rule], after[record][rule])
            continue
        known, rules = ("then", before[record]) if record in before else ("now", after[record])
        for rule in sorted(rules):
            for finding in rules[rule]:
                change = change_of(finding["outcome"], finding["outcome"], known=known)
                yield _one_sided(change, finding, known)


def _matched(then: list[Finding], now: list[Finding]) -> Iterator[UnitChange]:
    """The units of one rule and record, those with one key together, and none by guess."""
    old, new = _by_key(then), _by_key(now)
    known = None not in old and None not in new
    unclear = _may_be_one(old, new)
    for key in {**old, **new}:
        before, after = old.get(key, []), new.get(key, [])
        sizes = len(before), len(after)
        if known and (sizes == (1, 1) or (max(sizes) == 1 and key not in unclear)):
            first, second = next(iter(before), None), next(iter(after), None)
            change = change_of(_outcome(first), _outcome(second))
            yield UnitChange(change, first, second)
            continue
        for side, findings in (("then", before), ("now", after)):
            for finding in findings:
                yield _one_sided(NOT_MATCHED, finding, side)


def _may_be_one(then: _Keyed, now: _Keyed) -> set[str | None]:
    """The keys of which one run has more units than the other, and which may be a key there."""
    gone = [key for key, units in then.items() if len(units) > len(now.get(key, ()))]
    new = [key for key, units in now.items() if len(units) > len(then.get(key, ()))]
    return {key for a, b in product(gone, new) if _fit(then[a], now[b]) for key in (a, b)}


def _fit(then: list[Finding], now: list[Finding]) -> bool:
    """Whether units with one key may be some with another: a fact was recorded, or corrected.

    The key of a unit whose schema names no facts for it is of all its facts, and any of them may
    have been corrected. Of a key of which only the hash was kept nobody can tell.
    """
    first, second = then[0]["key"], now[0]["key"]
    if not all(each["key_named"] for each in (*then, *now)) or None in (first, second):
        return True
    return may_be_one(first, second)


def _one_sided(change: str, finding: Finding, known: str) -> UnitChange:
    return UnitChange(change, *((finding, None) if known == "then" else (None, finding)))


def _outcome(finding: Finding | None) -> str | None:
    return None if finding is None else finding["outcome"]


def _by_record(findings: Iterable[Finding]) -> dict[str, defaultdict[str, list[Finding]]]:
    found: dict[str, defaultdict[str, list[Finding]]] = {}
    for finding in findings:
        of_rule = found.setdefault(finding["record"], defaultdict(list))
        of_rule[finding["rule"]].append(finding)
    return found


def _by_key(findings: Iterable[Finding]) -> _Keyed:
    found: _Keyed = {}
    for finding in findings:
        key = finding["key"]
        sha256 = finding.get("key_sha256") if key is None else key_sha256(key)
        found.setdefault(sha256, []).append(finding)
    return found
