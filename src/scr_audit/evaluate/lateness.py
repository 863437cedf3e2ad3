"""When something was due, and how late it was or that it is not due yet.

Days are read off the traces of lines that give an act a last day (`within N ... after`, `before`):
the operator's `last_day` says which day it was, the recorded act how much later it came. Of a
condition of several parts only those lines count that decided its answer. A day is given only where
there is one: not for an imprecise date, nor where several values of a parameter are possible.

The cost: one walk over the traces of a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import assert_never

from scr_audit.evaluate.interpreter import Trace, UnitJudgement, asked_of
from scr_audit.evaluate.outcomes import NOT_APPLICABLE
from scr_audit.evaluate.parameters import Either
from scr_audit.language.conditions import (
    AUDIT_DAY,
    All,
    AnyOf,
    Count,
    DayOf,
    DefinitionUse,
    Fact,
    Not,
    ParameterUse,
    Quantifier,
    ShownOrSaid,
    Test,
)
from scr_audit.language.due import last_day
from scr_audit.language.operators import limit
from scr_audit.language.types import Value
from scr_audit.values.calendar import Calendar
from scr_audit.values.imprecise import day_words, is_vague
from scr_audit.values.text import counted


@dataclass(frozen=True)
class Late:
    """A date that came too late: the fact's pointer, the day it was due, and by how much."""

    pointer: str
    due: str
    text: str


@dataclass(frozen=True)
class _Limit:
    """The day of an act, the day counted from, the day it was due, and by which calendar."""

    held: date
    started: date
    due: date
    calendar: Calendar | None


def lateness(test: Test, trace: Trace) -> str:
    """`, 2 days late (due by 4 May 2010)` of a line `within N ... after` that is late."""
    found = _limit_of(test, trace)
    if found is None:
        return ""
    return f", {_late(found)} (due by {day_words(found.due)})"


def due_in_vain(trace: Trace) -> date | None:
    """The day a line was due by, where its lateness alone failed what else is satisfied."""
    if trace.value is not False:
        return None
    if isinstance(trace.condition, Test):
        found = _limit_of(trace.condition, trace)
        return None if found is None else found.due
    failing = [part for part in trace.parts if part.value is not True]
    is_conjunction = isinstance(trace.condition, All | DefinitionUse)
    return due_in_vain(failing[0]) if is_conjunction and len(failing) == 1 else None


def late_facts(traces: Iterable[Trace]) -> Iterator[Late]:
    """The late dates of lines `within N ... after` that do not hold, in traces and their parts.

    Of a list, what it asks about is late, not its other items; of items of which one had to come
    in time, the first. Below a `not`, `none` or a count nothing is late: there it may be wanted.
    """
    for pointer, found in _overrun(traces):
        yield Late(pointer, found.due.isoformat(), _late(found))


def _overrun(traces: Iterable[Trace]) -> Iterator[tuple[str, _Limit]]:
    for trace in traces:
        match trace.condition:
            case _ if trace.value is not False:
                continue
            case Test() as test:
                found = _limit_of(test, trace)
                if found is not None and isinstance(test.operands[0], Fact | DayOf):
                    yield trace.uses[0].pointer, found
            case Quantifier(kind=kind) as asks if trace.uses and kind != "none":
                items = asked_of(asks, trace.parts)
                asked = [item.parts[-1] for item in items if item.in_scope is True]
                late = sorted(_overrun(asked), key=lambda one: one[1].held)
                yield from late[:1] if kind == "some" else late
            case All() | AnyOf() | ShownOrSaid() | DefinitionUse():
                yield from _overrun(trace.parts)
            case Not() | Quantifier() | Count():
                pass
            case _:
                assert_never(trace.condition)


def due_day(trace: Trace) -> date | None:
    """The last day in time of what is not yet due; None: nothing in a trace and its parts is.

    Of several ways to do what is asked, the last day of all; of several duties, the first.
    """
    if not trace.value:
        return None
    if waits := _waits(trace):
        _, anchor, number, calendar, *_ = trace.compared
        ways = (each.values if isinstance(each, Either) else (each,) for each in (anchor, number))
        found = [last_day(waits, start, n, calendar) for start, n in product(*ways)]
    elif isinstance(trace.condition, Not):
        found = [due_day(part) for part in _waiting(trace)]
    else:
        found = [due_day(part) for part in trace.parts]
    days = [day for day in found if day is not None]
    # One way is enough, so there is time until the last of them; every duty has to be done, so the
    # first day that passes decides.
    return (max if isinstance(trace.condition, AnyOf) else min)(days, default=None)


def is_first_of_several(trace: Trace) -> bool:
    """Whether the day of `due_day` is the first of several, as what it counts from is imprecise."""
    return any(
        is_vague(each.compared[1]) or any(isinstance(one, Either) for one in each.compared[1:3])
        for each in (trace, *_waiting(trace))
        if _waits(each)
    )


def _waiting(trace: Trace) -> Iterator[Trace]:
    """The lines that are not yet due below a trace, also below a *not*."""
    for part in trace.parts:
        if _waits(part):
            yield part
        yield from _waiting(part)


def _waits(trace: Trace) -> Test | None:
    """The line of a trace, if it is one that waits for a duty."""
    line = trace.condition
    return line if isinstance(line, Test) and line.operator.waits_for is not None else None


def due_of(judgement: UnitJudgement) -> date | None:
    """The last day in time of a unit that is not yet due; None of any other."""
    if judgement.outcome != NOT_APPLICABLE:
        return None
    days = (due_day(trace) for trace in judgement.waiting.values())
    return min((day for day in days if day is not None), default=None)


def time_until(trace: Trace) -> date | None:
    """Until when there was time, by a line `X within N ... before {as_of}` that holds."""
    line = trace.condition
    if not trace.value or isinstance(line, Not | Quantifier):
        return None
    if not isinstance(line, Test):
        days = (time_until(part) for part in trace.parts)
        return min((day for day in days if day is not None), default=None)
    if (
        ParameterUse(AUDIT_DAY) not in line.operands
        or not line.operator.unit
        or line.operator.last_day
    ):
        return None
    started, _, number, *rest = trace.compared
    if not _is_day(started) or isinstance(number, Either):
        return None
    return limit(line.operator.unit, started, number, rest[0] if rest else None)


def _limit_of(test: Test, trace: Trace) -> _Limit | None:
    """What a line counted; None: not late."""
    if not test.operator.unit or test.operator.last_day is None:
        return None
    held, started, number, *rest = trace.compared
    if not (_is_day(held) and _is_day(started)) or isinstance(number, Either):
        return None
    calendar = rest[0] if rest else None
    due = test.operator.last_day(started, number, calendar)
    return None if due is None or held <= due else _Limit(held, started, due, calendar)


def _is_day(value: Value) -> bool:
    return type(value) is date


def _late(found: _Limit) -> str:
    if found.calendar is not None:
        late = found.calendar.working_days_between(found.due, found.held)
        if late:
            return f"{counted(late, 'working day')} late"
    days = (found.held - found.due).days
    return f"{counted(days, 'day')} late"
