"""Sample values for the truth table of an operator: chosen by the types of its operands.

Each table has the cases that decide: both sides of a bound, the bound itself, an imprecise
date, and a fact that is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from scr_audit.language.conditions import Constant, DayOf, Fact, Operand, Test
from scr_audit.language.operators import BY_THE_CLOCK, Operator
from scr_audit.language.types import DATES, FactType, Kind
from scr_audit.packs.pack import CALENDAR
from scr_audit.values.calendar import add_months, calendar_named

DAY = date(2009, 8, 14)
AS_OF = "{as_of}"


def columns(operator: Operator, test: Test | None, subject: str, after: str) -> list[str]:
    """The facts that the table varies, as the example line writes them."""
    if operator.period:
        return [subject, *(f"{after}.{end}" for end, _ in operator.period)]
    assert test is not None
    rest = test.operands[1:2] if operator.objects == "one" else ()
    return [subject, *(after for operand in rest if not isinstance(operand, Constant))]


def rows(operator: Operator, test: Test | None) -> Iterator[tuple[Any, ...]]:
    """Values for the columns, None where a fact is not recorded."""
    if operator.period:
        yield from _periods()
        return
    assert test is not None
    subject = _fact(test.operands[0])
    if operator.unit:
        yield from _within(operator, test.operands[2])
    elif subject.kind in DATES and operator.objects == "one":
        yield from _compared(isinstance(test.operands[1], Fact | DayOf))
    elif operator.objects == "one" and isinstance(test.operands[1], Fact):
        yield from product(_values(subject, None), _values(_fact(test.operands[1]), None))
    else:
        constant = test.operands[1] if len(test.operands) > 1 else None
        value = constant.value if isinstance(constant, Constant) else None
        value = operator.written.witness(value) if operator.written else value
        yield from ((sample,) for sample in (*operator.samples, *_values(subject, value)))


def _fact(operand: Operand) -> FactType:
    held = operand.operand if isinstance(operand, DayOf) else operand
    assert isinstance(held, Fact)
    return held.type


def _values(fact: FactType, constant: Any) -> list[Any]:
    """Recorded values of a type and, last, none."""
    match fact.kind:
        case Kind.BOOLEAN:
            return [True, False, None]
        case Kind.CHOICE:
            return [*fact.choices, None]
        case Kind.INTEGER | Kind.NUMBER:
            middle = constant if isinstance(constant, int | float) else 1
            return [middle - 1, middle, middle + 1, None]
        case Kind.DATE:
            return [str(DAY), f"{DAY:%Y-%m}", None]
        case Kind.DATETIME:
            return [f"{DAY}T10:00", str(DAY), None]
        case Kind.LIST:
            words = list(fact.item.choices) if fact.item else []
            pairs = [[words[0], words[-1]]] if len(words) > 2 else []
            return [[], *([word] for word in words), *pairs, words, None]
    text = constant[0] if isinstance(constant, tuple) else constant or "a text"
    return [text, text.swapcase(), "another text", None]


def _compared(with_fact: bool) -> Iterator[tuple[Any, ...]]:
    """Days around the object's, the months around it, and an object that is imprecise."""
    days = [str(DAY + timedelta(n)) for n in (-1, 0, 1)]
    for subject in (*days, "2009-07", "2009-08", "2009-09", "2009", None):
        yield (subject, str(DAY))
    if with_fact:
        yield ("2009-07-31", "2009-08")
        yield (str(DAY), "2009-08")
        yield ("2009-09-01", "2009-08")
        yield (str(DAY), None)


def _within(operator: Operator, number: Operand) -> Iterator[tuple[Any, ...]]:
    """The object's day, the last that counts, one more, the wrong side, and imprecise ones."""
    assert isinstance(number, Constant)
    unit, sign = operator.unit, operator.direction
    if unit in BY_THE_CLOCK:
        length = timedelta(**{unit: number.value})
        yield from _by_the_clock(length * sign, sign)
        return
    last = _reached(unit, number.value * sign)
    for subject in (DAY, last, last + timedelta(sign), DAY - timedelta(sign)):
        yield (str(subject), str(DAY))
    if unit == "working days":  # a day off after the last day in time
        pairs = {1: ("2019-11-24", "2019-11-01"), -1: ("2019-11-03", "2019-11-25")}
        yield pairs[sign]
    far = 24 * sign  # whatever the unit
    for months in (sign, 0, -sign, far):
        yield (f"{add_months(DAY, months):%Y-%m}", str(DAY))
    yield (str(last), f"{DAY:%Y-%m}")
    yield (None, str(DAY))
    yield (str(DAY), None)


def _by_the_clock(length: timedelta, sign: int) -> Iterator[tuple[Any, ...]]:
    start = datetime(2009, 8, 14, 10)
    last = start + length
    for subject in (start, last, last + timedelta(minutes=sign), start - timedelta(minutes=sign)):
        yield (f"{subject:%Y-%m-%dT%H:%M}", f"{start:%Y-%m-%dT%H:%M}")
    for days in (0, sign, 2 * sign, 3 * sign):
        yield (str(DAY + timedelta(days)), f"{start:%Y-%m-%dT%H:%M}")
    yield (None, f"{start:%Y-%m-%dT%H:%M}")


def _reached(unit: str, number: float) -> date:
    """The last day that counts from `DAY` on."""
    whole = int(number)
    if unit in ("months", "years"):
        return add_months(DAY, whole * (12 if unit == "years" else 1))
    if unit == "working days":
        found = calendar_named(CALENDAR).add(DAY, whole)
        assert found is not None
        return found
    return DAY + timedelta(days=whole * (7 if unit == "weeks" else 1))


def _periods() -> Iterator[tuple[Any, ...]]:
    first, last = "2009-08-01", "2009-08-31"
    for subject in ("2009-07-31", first, str(DAY), last, "2009-09-01", "2009-08", "2009"):
        yield (subject, first, last)
    yield (str(DAY), first, None)
    yield ("2009-07-31", first, None)
    yield (str(DAY), None, last)
    yield ("2009-09-01", None, last)
    yield (None, first, last)
