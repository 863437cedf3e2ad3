"""What may still come to be so: duties that are not due yet, and lists that may lack items.

A line of `require` that gives an act a last day (`within N ... after`, `before`, `on or before`)
is a duty. While that day has not passed on the day by which the record is judged, and the act is
not recorded, nothing that is asked of the act can be held against anybody. So every condition has
a second one, which holds where it holds and also where it may still come to hold: the unit is not
met only where that one is false, and not yet due where it is true. Both are conditions like any
other, so that the two evaluators need to know nothing of this. The cost: a line that reads such an
act gets an alternative for each criterion that is a duty of the act; a condition without one stays
equal and is computed once. The second conditions of the shipped rules have a sixth more lines.

A schema names, beside a list, the yes/no fact that says whether everything is in it. Where a rule
requires an item that is not there, that is *not met* only if this fact is recorded as yes, or the
list as empty; else another item may be what is asked for, and the criterion is not evidenced. Where
`where` names a sort of item and one of that sort is listed, it is there, and `that` decides. Where
the record says that the list is not complete, neither an empty list nor such an item decides.
This is written as an alternative that is never true, so that the two evaluators need to know
nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import assert_never

from scr_audit.language.conditions import (
    AUDIT_DAY,
    RUN_DAY,
    All,
    AnyOf,
    Condition,
    Constant,
    Count,
    DayOf,
    DefinitionUse,
    Fact,
    Not,
    Operand,
    ParameterUse,
    Quantifier,
    ShownOrSaid,
    Test,
    facts,
    leaves,
    recorded,
)
from scr_audit.language.operators import OPERATORS, Operator
from scr_audit.language.types import Value
from scr_audit.values.calendar import Calendar
from scr_audit.values.imprecise import Moment, as_day, bounds

_TODAY = ParameterUse(AUDIT_DAY)
_RUN_DAY = ParameterUse(RUN_DAY)
_NOTHING = Constant(None)


def still_open(require: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """For each condition the one that holds where it holds, or may still come to hold in time."""
    acts: dict[Fact, list[Condition]] = {}
    for condition in require:
        for act in dict.fromkeys(_fact(test.operands[0]) for test in _duties(condition)):
            waits = _later(condition, act.__eq__, act)
            if waits is not None and _has_waits(waits):
                acts.setdefault(act, []).append(waits)
    return tuple(_opened(condition, acts) for condition in require)


def last_day(waits: Test, anchor: Moment, number: float, calendar: Calendar | None) -> date | None:
    """The last day in time of a line that `still_open` made; the first one that is possible."""
    duty = waits.operator.waits_for
    assert duty is not None
    assert duty.last_day is not None
    return duty.last_day(bounds(anchor)[0], number, calendar)


def _after(act: Moment, today: Moment) -> bool:
    """Whether an act is of a later day than the one judged by, and so is only planned."""
    return as_day(bounds(act)[0]) > as_day(bounds(today)[1])


def read_before(today: Moment, anchor: Moment) -> bool:
    """Whether the day by which a record is judged lies before one of its events."""
    return as_day(bounds(today)[1]) < as_day(bounds(anchor)[0])


def _duties(condition: Condition) -> Iterator[Test]:
    """The duties that have to be done for a condition to hold, outside its quantifiers."""
    match condition:
        case Test() if _is_duty(condition):
            yield condition
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _duties(part)
        case DefinitionUse(part=part):
            yield from _duties(part)
        case Test() | Not() | ShownOrSaid() | Quantifier() | Count():
            pass
        case _:
            assert_never(condition)


def _is_duty(test: Test) -> bool:
    operator, subject = test.operator, test.operands[0]
    if operator.last_day is None or not isinstance(subject, Fact | DayOf):
        return False
    # A day that is written in the rule is the same for everybody: nothing counts from it.
    return operator.has_number or isinstance(test.operands[1], Fact | DayOf)


def _fact(operand: Operand) -> Fact:
    found = operand.operand if isinstance(operand, DayOf) else operand
    assert isinstance(found, Fact)
    return found


def _waits(test: Test, act: Fact | Constant) -> Test:
    """The line that holds where the act of a duty is not recorded and may still come in time."""
    _, anchor, *rest = test.operands
    number, calendar = (*rest, _NOTHING, _NOTHING)[:2]
    # A date-time as it is: hours are counted from it, and its day is what all else needs.
    anchor = anchor.operand if isinstance(anchor, DayOf) else anchor
    operands = (act, anchor, number, calendar, _TODAY, _RUN_DAY)
    return Test(waiting(test.operator), operands, test.place, test.text)


def _opened(
    condition: Condition, acts: dict[Fact, list[Condition]], *, wanted: bool = True
) -> Condition:
    """The condition, with everything that may still come in time taken as `wanted`."""
    match condition:
        case Test():
            if wanted and _is_duty(condition):
                waits: list[Condition] = [_waits(condition, _fact(condition.operands[0]))]
            else:
                waits = [wait for fact in facts(condition) for wait in acts.get(fact, ())]
            if not waits:
                return condition
            return AnyOf((condition, *waits)) if wanted else All((condition, *map(Not, waits)))
        case All(parts) | AnyOf(parts):
            return type(condition)(tuple(_opened(part, acts, wanted=wanted) for part in parts))
        case Not(part):
            return Not(_opened(part, acts, wanted=not wanted))
        case ShownOrSaid(parts):
            opened = ShownOrSaid(tuple(_opened(part, acts, wanted=wanted) for part in parts))
            *several, _ = opened.parts
            shown = several[0] if len(several) == 1 else ShownOrSaid(tuple(several))
            lines = tuple(line for part in several for line in _waiting_lines(part))
            if not lines or not wanted:
                return opened
            # That it was not done, as long as it need not be, contradicts nothing. Where nobody
            # recorded the event from which it was due, a no is a no.
            waits_now = AnyOf(tuple(map(_of_a_known_event, lines)))
            # What is said to be done, and is dated later, waits for nothing: it contradicts itself.
            not_said_done = ShownOrSaid((Not(parts[-1]), shown))
            still = AnyOf((opened, All((waits_now, shown))))
            return AnyOf((condition, All((not_said_done, still))))
        case DefinitionUse(part=part):
            return _opened(part, acts, wanted=wanted)
        case Quantifier(kind="every" | "earliest", that=that) if wanted and that is not None:
            return replace(condition, that=_opened(that, acts))
        case Quantifier(kind="some" | "latest") if wanted:
            return _opened_list(condition, acts)
        case Count(kind="share", operator=operator, that=that) if that is not None:
            if wanted and operator.rises:
                return replace(condition, that=_opened(that, acts))
        case Count(operator=operator) if wanted and operator.rises:
            later = _by_a_later_item(condition.variable, condition.where)
            return condition if later is None else AnyOf((condition, later))
        case Quantifier() | Count():
            pass
        case _:
            assert_never(condition)
    return condition


def _waiting_lines(condition: Condition) -> Iterator[Test]:
    """The lines of a condition that wait for an act, outside its quantifiers."""
    match condition:
        case Test() if condition.operator.waits_for is not None:
            yield condition
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _waiting_lines(part)
        case Test() | Not() | ShownOrSaid() | DefinitionUse() | Quantifier() | Count():
            pass
        case _:
            assert_never(condition)


def _of_a_known_event(waits: Test) -> Condition:
    event = waits.operands[1]
    if not isinstance(event, Fact):
        return waits
    return All((waits, recorded(event, waits.place, waits.text)))


def _opened_list(some: Quantifier, acts: dict[Fact, list[Condition]]) -> Condition:
    """An item that comes later may be the one that is wanted, or what an item still waits for."""
    asked = All(tuple(part for part in (some.where, some.that) if part is not None))
    later = _by_a_later_item(some.variable, asked)
    if some.that is not None and (later is None or some.by is not None):
        some = replace(some, that=_opened(some.that, acts))
    return some if later is None else AnyOf((some, later))


def _by_a_later_item(variable: str, asked: Condition | None) -> Condition | None:
    """What has to hold for an item that is not recorded yet to be as asked in time."""
    found = None
    if asked is not None:
        found = _later(asked, lambda fact: fact.variable == variable, _NOTHING)
    return found if found is not None and _has_waits(found) else None


def _later(
    asked: Condition, unknown: Callable[[Fact], bool], act: Fact | Constant
) -> Condition | None:
    """What must hold now, so that `asked` can still come true in time by what is `unknown`.

    None: it needs nothing now. Of alternatives only those count that have a last day.
    """
    if not any(map(unknown, facts(asked))):
        return asked
    match asked:
        case DefinitionUse(part=part):
            return _later(part, unknown, act)
        case All(parts):
            kept = tuple(each for part in parts if (each := _later(part, unknown, act)) is not None)
            return All(kept) if kept else None
        case AnyOf(parts):
            found = (_later(part, unknown, act) for part in parts)
            some = tuple(each for each in found if each is not None and _has_waits(each))
            return AnyOf(some) if some else None
        case Test() if _is_duty(asked):
            subject, *others = facts(asked)
            return (
                _waits(asked, act) if unknown(subject) and not any(map(unknown, others)) else None
            )
        case Test() | Not() | ShownOrSaid() | Quantifier() | Count():
            return None
    assert_never(asked)


def _has_waits(condition: Condition) -> bool:
    return any(
        isinstance(leaf, Test) and leaf.operator.waits_for is not None for leaf in leaves(condition)
    )


@cache
def waiting(duty: Operator) -> Operator:
    """The operator of the lines made here, for one operator of duties."""
    last_day = duty.last_day
    assert last_day is not None

    def test(
        act: Moment | None,
        anchor: Moment | None,
        number: float | None,
        calendar: Calendar | None,
        today: Moment | None,
        run_day: date | None,
    ) -> bool | None:
        if today is None or (act is not None and not _after(act, today)):
            return False
        if anchor is None or (number is None and duty.has_number):
            return None
        days = [last_day(end, number or 0, calendar) for end in bounds(anchor)]
        if duty.has_number and read_before(today, anchor):
            # Not the day of whoever read of that event: the run's may excuse, neither may accuse.
            return True if run_day and all(day and run_day <= day for day in days) else None
        answers = {None if day is None else today <= day for day in days}
        return answers.pop() if len(answers) == 1 else None

    return Operator(
        "not yet due", frozenset(), "one", "", "", test, "", takes_unknown=True, waits_for=duty
    )


def with_missing_items(condition: Condition) -> Condition:
    """What a criterion asks, where items that it requires may be missing from an open list."""
    match condition:
        case All(parts) | AnyOf(parts) | ShownOrSaid(parts):
            return type(condition)(tuple(map(with_missing_items, parts)))
        case DefinitionUse(part=part):
            return replace(condition, part=with_missing_items(part))
        case Quantifier(kind="every", that=that) if that is not None:
            return replace(condition, that=with_missing_items(that))
        case Quantifier(kind="some" | "latest" | "earliest", that=that):
            inner = None if that is None else with_missing_items(that)
            return _or_another_item(replace(condition, that=inner))
        case Count(operator=operator) if operator.rises:
            return _or_another_item(condition)
        case Test() | Not() | Quantifier() | Count():
            return condition
    assert_never(condition)


def _or_another_item(condition: Quantifier | Count) -> Condition:
    items = condition.items
    complete = items.field.complete
    if complete is None:
        return condition
    says = Fact(items.variable, (*items.steps[:-1], complete.name), complete)
    another: Condition = Test(ANOTHER_ITEM, (items, says), condition.place)
    if isinstance(condition, Quantifier) and (condition.by or (condition.where and condition.that)):
        # One of the sort that `where` names is listed: what `that` asks of it decides, unless the
        # record says in so many words that there are more.
        known = recorded(says, condition.place)
        more = All((known, Not(Test(OPERATORS[""], (says,), condition.place))))
        no_such = replace(condition, kind="none", that=None, by=None)
        another = All((AnyOf((no_such, more)), another))
    return AnyOf((condition, another))


def may_lack_items(condition: AnyOf) -> bool:
    """Whether it asks about a list, with the line that `with_missing_items` puts beside it."""
    last = condition.parts[-1]
    last = last.parts[-1] if isinstance(last, All) else last
    return isinstance(last, Test) and last.operator is ANOTHER_ITEM


def _another_item(items: list[Value] | None, is_complete: bool | None) -> bool | None:
    """Whether an item that is not in the list may be what is asked for: no, or unknown."""
    return False if is_complete or (items == [] and is_complete is None) else None


ANOTHER_ITEM = Operator(
    "may lack an item", frozenset(), "one", "", "", _another_item, "", takes_unknown=True
)
"""No line can name it: only `with_missing_items` makes one."""
