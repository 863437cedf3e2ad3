"""Conditions whose answer is settled before any record is read: they test nothing."""

from __future__ import annotations

from scr_audit.language.conditions import (
    All,
    AnyOf,
    Condition,
    Constant,
    Fact,
    Named,
    Not,
    Test,
)
from scr_audit.language.types import FactType


def settled(condition: Condition) -> bool | None:
    """The answer of a condition that is the same for every record that is recorded, else None.

    It finds the lines that compare a fact with itself, accept every choice, or test a bound
    that the schema already guarantees.
    """
    match condition:
        case Test():
            return _settled_test(condition)
        case Not(part):
            inner = settled(part)
            return None if inner is None else not inner
        case Named(part=part):
            return settled(part)
        case All(parts):
            return _settled_parts(parts, False)
        case AnyOf(parts):
            return _settled_parts(parts, True)
    return None


def _settled_parts(parts: tuple[Condition, ...], decisive: bool) -> bool | None:
    answers = [settled(part) for part in parts]
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _settled_test(test: Test) -> bool | None:
    subject = test.operands[0]
    name = test.operator.name
    if not isinstance(subject, Fact):
        return None
    if name in ("is recorded", "is not recorded"):
        always = subject.field.required and not subject.variable and len(subject.steps) == 1
        return (name == "is recorded") if always else None
    if len(test.operands) == 2 and subject == test.operands[1]:
        return name in (
            "is",
            "on or before",
            "on or after",
            "at least",
            "at most",
            "on the same day as",
        )
    other = test.operands[1] if len(test.operands) > 1 else None
    if isinstance(other, Constant) and name in ("is one of", "is not one of"):
        every_choice = bool(subject.type.choices) and set(subject.type.choices) <= set(other.value)
        return (name == "is one of") if every_choice else None
    if isinstance(other, Constant) and isinstance(other.value, int | float):
        return _settled_bound(name, subject.type, other.value)
    return None


def _settled_bound(name: str, fact: FactType, value: float) -> bool | None:
    low, high = fact.minimum, fact.maximum
    outside = (low is not None and value < low) or (high is not None and value > high)
    checks: dict[str, tuple[bool, bool]] = {
        "is": (False, outside),
        "is not": (outside, False),
        "at least": (low is not None and low >= value, high is not None and high < value),
        "more than": (low is not None and low > value, high is not None and high <= value),
        "at most": (high is not None and high <= value, low is not None and low > value),
        "fewer than": (high is not None and high < value, low is not None and low >= value),
    }
    always, never = checks.get(name, (False, False))
    return True if always else False if never else None
