"""What became of each unit between two runs: the outcome then and now, as one class of change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Key = tuple[str, str, str]
"""Rule, record and unit of a finding."""
Outcomes = Mapping[Key, str]

OPENED, REGRESSED, CLOSED, STILL_OPEN = "opened", "regressed", "closed", "still_open"
NO_LONGER_JUDGED, LOST_EVIDENCE = "no_longer_judged", "lost_evidence"
NEWLY_MET, UNCHANGED = "newly_met", "unchanged"
OPEN_IN_NEW_RECORD, RECORD_GONE = "open_in_new_record", "open_in_record_gone"
OTHER_RECORDS, OTHER = "other_records", "other"
CHANGES = (
    REGRESSED, OPENED, STILL_OPEN, CLOSED, LOST_EVIDENCE, NO_LONGER_JUDGED, NEWLY_MET,
    OPEN_IN_NEW_RECORD, RECORD_GONE, UNCHANGED, OTHER, OTHER_RECORDS,
)  # fmt: skip
"""Every class, in the order of reports."""
TOLD = frozenset(CHANGES) - {UNCHANGED, OTHER, OTHER_RECORDS}
"""The classes whose findings are named one by one; the others are only counted."""
_JUDGED = frozenset({"met", "not_met", "not_evidenced"})


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
    return NO_LONGER_JUDGED if then in _JUDGED else OTHER


def unit_changes(then: Outcomes, now: Outcomes) -> dict[Key, str]:
    """The class of each unit of either run, in the order of rule, record and unit.

    Whether a run has a record is told by any finding on it, so give all findings of the rules
    that judge its kind.
    """
    before, after = _records(then), _records(now)
    found = {}
    for key in sorted({*then, *now}):
        had, has = key[1] in before, key[1] in after
        known = "both" if had and has else "then" if had else "now"
        found[key] = change_of(then.get(key), now.get(key), known=known)
    return found


def _records(keys: Iterable[Key]) -> set[str]:
    return {record for _, record, _ in keys}
