"""The value of a parameter on a day, or those possible, and the day by which a record is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import product

from scr_audit.language.conditions import Parameter, Truth
from scr_audit.language.types import Value
from scr_audit.records.provenance import KEY
from scr_audit.records.structs import FACT_TYPE, Record
from scr_audit.values.imprecise import Imprecise, Moment, as_day, bounds, moment_text, parse_date


@dataclass(frozen=True)
class Either:
    """The values that are possible where the day of an event is too imprecise to tell which."""

    values: tuple[Value, ...]


def every_way(test: Callable[..., bool | None], *values: Value) -> bool | None:
    """The answer of a test by every possible value, where all agree; else None."""
    ways = product(*(v.values if isinstance(v, Either) else (v,) for v in values))
    answers = {test(*way) for way in ways}
    return answers.pop() if len(answers) == 1 else None


def truth_of_count(
    test: Callable[[int, float], Truth], least: int, most: int, number: float
) -> Truth:
    """The answer for a count from `least` to `most`, where every number gives the same."""
    answers = {bool(test(n, number)) for n in range(least, most + 1)}
    return answers.pop() if len(answers) == 1 else None


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
        values = dict.fromkeys(entry.value for entry in parameter.values[first : last + 1])
        return Either(tuple(values)) if len(values) > 1 else next(iter(values))

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
    """
    name = getattr(type(record), FACT_TYPE).read_on
    read: Moment | None = getattr(record, name) if name else None
    if read is None:
        origins = getattr(record, KEY) or {}
        days = [parse_date(each.on) for each in origins.values() if each.on]
        read = min(days, key=bounds, default=None)
    if read is None or run_day is None:
        return read or run_day
    low, high = bounds(read)
    if low >= run_day:
        return run_day
    return read if high <= run_day else Imprecise(low, run_day, moment_text(read))
