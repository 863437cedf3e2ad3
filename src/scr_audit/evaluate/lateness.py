"""How late something was: when it was due, what was skipped in counting, and by how much.

Only for whole days: an imprecise date has no single due day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scr_audit.evaluate.interpreter import Trace
from scr_audit.language.conditions import DayOf, Fact, Test
from scr_audit.values import calendar

MOST_HOLIDAYS = 4


@dataclass(frozen=True)
class Late:
    """A date that came too late: the fact's pointer, the day it was due, and by how much."""

    pointer: str
    due: str
    text: str


def lateness(test: Test, trace: Trace) -> str:
    """`; due 2010-05-04, ...` after a line `within N ... after` that does not hold, or nothing."""
    found = _counted(test, trace)
    if found is None:
        return ""
    held, started, due, unit = found
    skipped = _skipped(started, due) if unit == "working days" else ""
    return f"; due by {due.isoformat()}{skipped}, {_late(held, due, unit)}"


def late_facts(traces: Iterable[Trace]) -> Iterator[Late]:
    """The late dates of lines `within N ... after` that do not hold, in traces and their parts."""
    for trace in traces:
        if trace.value is False and isinstance(trace.condition, Test):
            found = _counted(trace.condition, trace)
            if found is not None and isinstance(trace.condition.operands[0], Fact | DayOf):
                held, _, due, unit = found
                yield Late(trace.uses[0].pointer, due.isoformat(), _late(held, due, unit))
        yield from late_facts(trace.parts)


def _counted(test: Test, trace: Trace) -> tuple[date, date, date, str] | None:
    """The day held, the day counted from, the day it was due and the unit; None: not late."""
    words = test.operator.words
    if words[:1] != ("within",) or words[-1] != "after" or "hours" in words:
        return None
    held, started, number = trace.other
    if not (_is_day(held) and _is_day(started)) or held < started:
        return None
    unit = " ".join(words[2:-1])
    due = _due(started, number, unit)
    return None if due is None else (held, started, due, unit)


def _is_day(value: Any) -> bool:
    return type(value) is date


def _due(started: date, number: Any, unit: str) -> date | None:
    if unit == "working days":
        return calendar.add_working_days(started, int(number))
    if unit == "months":
        return calendar.add_months(started, int(number))
    return started + timedelta(days=int(number) * (7 if unit == "weeks" else 1))


def _skipped(started: date, due: date) -> str:
    """The bank holidays that the counting passed over."""
    found = calendar.bank_holidays_between(started + timedelta(days=1), due)
    if not found:
        return ""
    names = [f"{name} {day.isoformat()}" for day, name in found[:MOST_HOLIDAYS]]
    more = f" and {len(found) - MOST_HOLIDAYS} more" if len(found) > MOST_HOLIDAYS else ""
    return f" (not counting {', '.join(names)}{more})"


def _late(held: date, due: date, unit: str) -> str:
    if unit == "working days":
        late = calendar.working_days_between(due, held)
        return f"{late} working day{'s' if late != 1 else ''} late"
    days = (held - due).days
    return f"{days} day{'s' if days != 1 else ''} late"
