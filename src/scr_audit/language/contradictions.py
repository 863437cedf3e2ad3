"""Conditions that nothing recorded can satisfy together: `age at least 5` and `age at most 3`.

Only what is certain whatever else a record says: lines about one fact and values written beside
them, and a condition and its opposite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from math import floor
from typing import Any, NamedTuple

from scr_audit.language.conditions import Condition, Constant, Fact, Not, Test
from scr_audit.language.operators import Operator
from scr_audit.language.types import FactType, Kind, Value

_DAY = date(2000, 1, 1)
MOST_COMPARED = 20  # lines about one fact


def contradictions(parts: Iterable[Condition]) -> Iterator[tuple[int, int]]:
    """The places of those that no record satisfies together, each with the first it excludes."""
    seen: dict[Condition, int] = {}
    lines: dict[Fact, list[tuple[int, _Line]]] = {}
    for number, part in enumerate(parts):
        opposite = part.part if isinstance(part, Not) else Not(part)
        first = seen.get(opposite)
        line = _line(part)
        if line is not None:
            about = lines.setdefault(line.fact, [])
            apart = (at for at, other in about[:MOST_COMPARED] if _exclude(line, other))
            first = next(apart, None) if first is None else first
            about.append((number, line))
        if first is not None:
            yield first, number
        seen.setdefault(part, number)


class _Line(NamedTuple):
    """A line about one fact and written values, and whether it has to hold or to fail."""

    fact: Fact
    operator: Operator
    values: tuple[Value, ...]
    wanted: bool

    def holds(self, value: Value) -> bool:
        """Whether it is as wanted where its fact is recorded so."""
        if value is None and not self.operator.takes_unknown:
            return False
        return self.operator.test(value, *self.values) is self.wanted


def _line(condition: Condition) -> _Line | None:
    test = condition.part if isinstance(condition, Not) else condition
    if not isinstance(test, Test) or test.operator.registered or test.operator.has_number:
        return None
    if not test.operator.by_example:
        return None
    fact, *others = test.operands
    values = tuple(each.value for each in others if isinstance(each, Constant) and not each.name)
    if not isinstance(fact, Fact) or len(values) < len(others):
        return None
    return _Line(fact, test.operator, values, not isinstance(condition, Not))


def _exclude(one: _Line, other: _Line) -> bool:
    """Whether two lines about one fact exclude each other."""
    written = [
        value
        for each in (*one.values, *other.values)
        for value in (each if isinstance(each, tuple) else (each,))
    ]
    tried = _tried(one.fact.type, written)
    if one.operator.takes_unknown and other.operator.takes_unknown:
        tried = (True,)  # any value will do
    return tried is not None and not any(
        one.holds(value) and other.holds(value) for value in (None, *tried)
    )


def _tried(kind: FactType, written: list[Any]) -> Iterable[Value] | None:  # values of that type
    """Recorded values of which one satisfies both lines, if any does; None: not known."""
    if kind.kind is Kind.BOOLEAN:
        return True, False
    if kind.choices:
        return kind.choices
    if kind.kind is Kind.INTEGER:
        return [floor(value) + step for value in (*written, 0) for step in (-1, 0, 1, 2)]
    if kind.kind is Kind.NUMBER:
        return [value + step for value in (*written, 0) for step in (-1e-9, 0, 1e-9)]
    if kind.kind is Kind.DATE:
        return [day + timedelta(days=step) for day in (*written, _DAY) for step in (-1, 0, 1)]
    if kind.kind is Kind.TEXT:
        return [f"{first}{last}" for first in (*written, "") for last in (*written, "", "?")]
    return None
