"""What became of each unit between two runs: the outcome then and now, as one class of change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Literal, NamedTuple, cast, get_args

from scr_audit.documents.parts import JUDGED, Outcome
from scr_audit.documents.run import KeptVerdict, UnitVerdict
from scr_audit.documents.series import ChangeKind
from scr_audit.language.unit_key import key_sha256, may_be_one

_Keyed = dict[str | None, list[UnitVerdict]]  # by the hash of the unit's key; None: it is not known

CHANGES: tuple[ChangeKind, ...] = get_args(ChangeKind)
"""Every class, in the order of reports."""
NAMED_CHANGES = frozenset(CHANGES) - {"unchanged", "other", "other_records"}
"""The classes whose findings are named one by one; the others are only counted."""
Known = Literal["both", "then", "now"]


def change_of(then: Outcome | None, now: Outcome | None, *, known: Known = "both") -> ChangeKind:
    """The class of a change of outcome; None: the run has no such unit.

    `known` says which runs have the record: `both`, `then` or `now`. A record of one run only has
    not changed: it was drawn or not drawn.
    """
    if known == "now":
        return "open_in_new_record" if now == "not_met" else "other_records"
    if known == "then":
        return "open_in_record_gone" if then == "not_met" else "other_records"
    if (then, now) == ("not_met", "not_met"):
        return "still_open"
    if then == now:
        return "unchanged"
    if now == "not_met":
        return "regressed" if then == "met" else "opened"
    if now == "met":
        return "closed" if then == "not_met" else "newly_met"
    if now == "not_evidenced":
        return "lost_evidence" if then in ("met", "not_met") else "other"
    return "no_longer_judged" if then in JUDGED else "other"


class UnitChange(NamedTuple):
    """A unit with its class of change and its findings; None: the run has no such unit.

    One that is not matched has the finding of one run only.
    """

    change: ChangeKind
    then: UnitVerdict | None
    now: UnitVerdict | None


def unit_changes(then: Iterable[UnitVerdict], now: Iterable[UnitVerdict]) -> Iterator[UnitChange]:
    """What became of each unit of either run, by record and rule.

    The findings are on one kind of record. A run has a record if it has any finding on it, so give
    all findings of the rules that judge its kind.
    """
    before, after = _by_record(then), _by_record(now)
    for record in sorted({*before, *after}):
        if record in before and record in after:
            for rule in sorted({*before[record], *after[record]}):
                yield from _match_units(before[record][rule], after[record][rule])
            continue
        known: Known = "then" if record in before else "now"
        rules = before[record] if known == "then" else after[record]
        for rule in sorted(rules):
            for finding in rules[rule]:
                change = change_of(finding["outcome"], finding["outcome"], known=known)
                yield _one_sided(change, finding, known)


def _match_units(then: list[UnitVerdict], now: list[UnitVerdict]) -> Iterator[UnitChange]:
    """The units of one rule and record, matched by key and never by guess."""
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
        yield from (UnitChange("not_matched", finding, None) for finding in before)
        yield from (UnitChange("not_matched", None, finding) for finding in after)


def _may_be_one(then: _Keyed, now: _Keyed) -> set[str | None]:
    """The keys of units that are gone and of new ones, where both may be the same unit."""
    gone = [key for key, units in then.items() if len(units) > len(now.get(key, ()))]
    new = [key for key, units in now.items() if len(units) > len(then.get(key, ()))]
    return {key for a, b in product(gone, new) if _may_match(then[a], now[b]) for key in (a, b)}


def _may_match(then: list[UnitVerdict], now: list[UnitVerdict]) -> bool:
    """Whether units with one key may be some with another: a fact was recorded, or corrected.

    The key of a unit whose schema names no facts for it is of all its facts, and any of them may
    have been corrected. Nor is it known of a key of which only the hash was kept.
    """
    first, second = then[0]["key"], now[0]["key"]
    named = all(each["key_named"] for each in (*then, *now))
    if not named or first is None or second is None:
        return True
    return may_be_one(first, second)


def _one_sided(change: ChangeKind, finding: UnitVerdict, known: Known) -> UnitChange:
    return UnitChange(change, *((finding, None) if known == "then" else (None, finding)))


def _outcome(finding: UnitVerdict | None) -> Outcome | None:
    return None if finding is None else finding["outcome"]


def _by_record(findings: Iterable[UnitVerdict]) -> dict[str, defaultdict[str, list[UnitVerdict]]]:
    found: dict[str, defaultdict[str, list[UnitVerdict]]] = {}
    for finding in findings:
        of_rule = found.setdefault(finding["record"], defaultdict(list))
        of_rule[finding["rule"]].append(finding)
    return found


def _by_key(findings: Iterable[UnitVerdict]) -> _Keyed:
    found: _Keyed = {}
    for finding in findings:
        key = finding["key"]
        kept = cast("KeptVerdict", finding).get("key_sha256")
        sha256 = kept if key is None else key_sha256(key)
        found.setdefault(sha256, []).append(finding)
    return found
