"""The outcomes of a unit, and how criteria combine to them."""

from __future__ import annotations

from collections.abc import Iterable

MET, NOT_MET, NOT_EVIDENCED, NOT_APPLICABLE, EXCEPTED, ERROR = range(6)
OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
JUDGED = (MET, NOT_MET, NOT_EVIDENCED)

Truth = bool | None


def negate(value: Truth) -> Truth:
    """Kleene's *not*."""
    return None if value is None else not value


def conjoin(values: Iterable[Truth]) -> Truth:
    """Kleene's *and*: false as soon as one is false, else unknown as soon as one is."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjoin(values: Iterable[Truth]) -> Truth:
    """Kleene's *or*."""
    return negate(conjoin(negate(value) for value in values))


def outcome_of(criteria: Iterable[Truth]) -> int:
    """The outcome of a unit to which the rule applies, exceptions aside."""
    verdict = conjoin(criteria)
    return NOT_EVIDENCED if verdict is None else MET if verdict else NOT_MET
