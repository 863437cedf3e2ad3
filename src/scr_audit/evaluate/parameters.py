"""The value of a parameter on a day, or those possible, and the day by which a record is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import product
from math import inf
from typing import NamedTuple

from scr_audit.language.conditions import DayOf, Fact, Operand, Test, Truth
from scr_audit.language.operators import BY_DECIMALS, exact
from scr_audit.language.rule import Parameter
from scr_audit.language.types import FactType, Value, held
from scr_audit.records.provenance import KEY
from scr_audit.records.structs import FACT_TYPE, Record
from scr_audit.values.imprecise import Imprecise, Moment, as_day, bounds, moment_text, parse_date


class ValueInForce(NamedTuple):
    """A value, and the first and the last day of an event on which it is in force."""

    low: date
    high: date
    value: Value


@dataclass(frozen=True)
class Either:
    """The values that are possible where the day of an event is too imprecise to tell which."""

    values: tuple[Value, ...]
    pieces: tuple[ValueInForce, ...] = field(default=(), compare=False, repr=False)


class DatedFact(NamedTuple):
    """What a test compares, if it is the event whose day tells which value is in force."""

    moment: Moment | None


def is_event(test: Test, operand: Operand, event: Fact | None) -> bool:
    """Whether an operand is the event of the rule's parameters; what waits for a duty has none."""
    return (
        test.operator.waits_for is None and event is not None and operand in (event, DayOf(event))
    )


def every_way(test: Callable[..., bool | None], *values: Value) -> bool | None:
    """The answer of a test by every possible value, where all agree; else None.

    By each value an `Event` is only of the days on which that one is in force.
    """
    answers = {test(*way) for way in _ways(values)}
    return answers.pop() if len(answers) == 1 else None


def _ways(values: Sequence[Value]) -> Iterator[list[Value]]:
    for chosen in product(*(value.pieces for value in values if isinstance(value, Either))):
        low = max((piece.low for piece in chosen), default=date.min)
        high = min((piece.high for piece in chosen), default=date.max)
        if low <= high:
            each = iter(chosen)
            yield [
                next(each).value if isinstance(value, Either)
                else _within(value.moment, low, high) if isinstance(value, DatedFact)
                else value
                for value in values
            ]  # fmt: skip


def _within(moment: Moment | None, low: date, high: date) -> Moment | None:
    """An imprecise day, as far as it is between two; anything else as it is."""
    if not isinstance(moment, Imprecise) or isinstance(moment.low, datetime):
        return moment
    first, last = max(moment.low, low), min(moment.high, high)
    if (first, last) == (moment.low, moment.high):
        return moment
    return first if first == last else Imprecise(first, last, moment.text)


def truth_of_amount(
    test: Callable[[float, float], Truth], least: float, most: float, number: float
) -> Truth:
    """The answer for an amount from `least` to `most`, where every number gives the same.

    It is another one at `number` alone, or on either side of it.
    """
    tried = {least, most, min(max(number, least), most)}
    answers = {bool(test(amount, number)) for amount in tried}
    return answers.pop() if len(answers) == 1 else None


def sum_of(numbers: Iterable[float]) -> float:
    """What numbers come to, as they are written: three times 0.1 is 0.3."""
    found = list(numbers)
    if all(isinstance(number, int) for number in found):
        return sum(found)
    return float(reduce(BY_DECIMALS.add, map(exact, found)))


def the_one(items: Sequence[tuple[Moment | None, bool, Truth]], is_latest: bool) -> Truth:
    """What holds of the latest or earliest item, whichever it is; false where there is none.

    Of each item that may be in scope: its day, whether it surely is, and what holds of it.
    """
    ends = [bounds(day) for day, is_in, _ in items if is_in and day is not None]
    if is_latest:
        bound = max((low for low, _ in ends), default=None)
    else:
        bound = min((high for _, high in ends), default=None)
    answers = {
        answer
        for day, _, answer in items
        if day is None or bound is None or _reaches(day, bound, is_latest)
    }
    if True not in answers:
        return None if None in answers else False
    return True if len(answers) == 1 and any(is_in for _, is_in, _ in items) else None


def _reaches(day: Moment, bound: date, is_latest: bool) -> bool:
    low, high = bounds(day)
    return high >= bound if is_latest else low <= bound


def extent_of(fact: FactType) -> tuple[float, float]:
    """The least and the most that a number may be."""
    low, high = fact.minimum, fact.maximum
    return (-inf if low is None else low), (inf if high is None else high)


def in_force(parameter: Parameter) -> Callable[[Moment | None], Value]:
    """A function from the day of an event to the value in force on it.

    It gives None, not known, where the day is not recorded, or may lie before the first value,
    and `Either` where it is too imprecise to tell which of several values was in force.
    """

    def value_on(moment: Moment | None) -> Value:
        if moment is None:
            return None
        low, high = (as_day(day) for day in bounds(moment))
        first, last = _index(parameter, low), _index(parameter, high)
        if first is None or last is None:
            return None
        found = parameter.values[first : last + 1]
        values = tuple(dict.fromkeys(entry.value for entry in found))
        if len(values) == 1:
            return values[0]
        starts = [low, *(entry.since for entry in found[1:] if entry.since)]
        ends = [*(day - timedelta(1) for day in starts[1:]), high]
        named = (entry.value for entry in found)
        return Either(values, tuple(map(ValueInForce, starts, ends, named)))

    return value_on


def _index(parameter: Parameter, day: date) -> int | None:
    found = None
    for index, entry in enumerate(parameter.values):
        if entry.since is None or entry.since <= day:
            found = index
    return found


def day_of(record: Record, run_day: date | None) -> Moment | None:
    """The day on which a typed record's files were read, else its form's; at latest the run's.

    Of several forms the earliest: what was not due then was not late for whoever read the files.
    Of a fact on which they differed the days of the forms count, not that of the decision.
    """
    name = getattr(type(record), FACT_TYPE).read_on
    read: Moment | None = held(record, name) if name else None
    if read is None:
        origins = getattr(record, KEY) or {}
        sources = (each.said or (each, *each.also) for each in origins.values())
        days = [parse_date(source.on) for several in sources for source in several if source.on]
        read = min(days, key=bounds, default=None)
    if read is None or run_day is None:
        return read or run_day
    low, high = bounds(read)
    if low >= run_day:
        return run_day
    return read if high <= run_day else Imprecise(low, run_day, moment_text(read))
