"""Conditions that nothing recorded can satisfy together: `age at least 5` and `age at most 3`.

Only what is certain whatever else a record says: lines about one fact and values written beside
them, and a condition and its opposite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain

from scr_audit.language.conditions import Condition, Constant, Fact, Not, Test
from scr_audit.language.operators import NUMBERS
from scr_audit.language.types import FactType, Kind, Value


def contradict(one: Condition, other: Condition) -> bool:
    """Whether no record satisfies both conditions."""
    if one == Not(other) or other == Not(one):
        return True
    lines = _line(one), _line(other)
    subjects = [test.operands[0] for test, _ in lines if test is not None]
    if len(subjects) < 2 or subjects[0] != subjects[1] or not isinstance(subjects[0], Fact):
        return False
    written = [each for test, _ in lines if test is not None for each in _values(test)]
    kind = subjects[0].type
    if kind.kind in (Kind.LIST, Kind.DATETIME, Kind.OBJECT, Kind.OPEN):
        return False
    return not any(
        all(_holds(test, value) is wanted for test, wanted in lines)
        for value in (None, *_tried(kind, written))
    )


def _line(condition: Condition) -> tuple[Test | None, bool]:
    """A line about one fact and written values, and whether it has to hold or to fail."""
    wanted = not isinstance(condition, Not)
    inner = condition.part if isinstance(condition, Not) else condition
    if not isinstance(inner, Test) or inner.operator.registered or len(inner.operands) > 2:
        return None, wanted
    is_written = all(isinstance(each, Constant) and not each.name for each in inner.operands[1:])
    return (inner if is_written else None), wanted


def _values(test: Test) -> Iterator[Value]:
    for operand in test.operands[1:]:
        assert isinstance(operand, Constant)
        yield from operand.value if isinstance(operand.value, tuple) else (operand.value,)


def _holds(test: Test | None, value: Value) -> bool | None:
    """The answer of a line where its fact is recorded so; None: not known."""
    assert test is not None
    if value is None and not test.operator.takes_unknown:
        return None
    others = [each.value for each in test.operands[1:] if isinstance(each, Constant)]
    return test.operator.test(value, *others)


def _tried(kind: FactType, written: list[Value]) -> Iterable[Value]:
    """Recorded values of which one satisfies both lines, if any value does."""
    if kind.kind is Kind.BOOLEAN:
        return True, False
    if kind.choices:
        return kind.choices
    if kind.kind in NUMBERS:
        steps = (-1, 0, 1) if kind.kind is Kind.INTEGER else (-1, -1e-9, 0, 1e-9, 1)
        return [value + step for value in (*written, 0) for step in steps]
    if kind.kind is Kind.DATE:
        days = [value for value in written if isinstance(value, date)]
        near = (timedelta(days=step) for step in (-1, 0, 1))
        return [date(2000, 1, 1), *(day + step for step in near for day in days)]
    texts = (f"{first}{last}" for first in (*written, "") for last in (*written, "?"))
    return chain(written, texts)
