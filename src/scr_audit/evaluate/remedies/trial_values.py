"""Values that a fact could have had: those at which the lines that read it change their answer.

They are made by the type of the fact alone, from what it is compared with, so that operators
registered from Python work too: of a date, where the answer changes is found by halving the days
between two answers. Whoever uses a value tries it: it need not fit.

The cost: an edge is found with about 15 answers of a line (25,000 days halved), of a date-time with
26 (in minutes); each day that a line compares the fact with has at most three answers around it to
start from. Of the values found, `MOST_VALUES` of one fact are tried, and of facts that change
together `_MOST_VALUES` each.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from scr_audit.evaluate.interpreter import FactRead, Interpreter, Trace
from scr_audit.evaluate.parameters import extent_of
from scr_audit.evaluate.remedies.candidates import NEW, STAND_IN, Candidate, Goal, held_at, steps_of
from scr_audit.evaluate.remedies.finder import limiting_fact
from scr_audit.language.conditions import (
    Constant,
    Count,
    Operand,
    OverItems,
    ParameterUse,
    Quantifier,
    Test,
    Truth,
    is_only_fact,
    walk,
)
from scr_audit.language.types import DATES, NUMBERS, FactType, Field, Kind, Value
from scr_audit.records.structs import Record
from scr_audit.values.imprecise import Imprecise, bounds, in_zone, is_vague
from scr_audit.values.text import is_blank

MOST_VALUES = 24
_FAR = 25_000  # days: further than the limits of rules reach
_DAY_MINUTES = 24 * 60
_NOON = time(12)
_FIRST = datetime.min.replace(tzinfo=UTC)
_MOST_VALUES = 4  # of each fact, where several are changed together
_A_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class ReadingLine:
    """A line that reads the fact: what it compares it with, and its answer for a value."""

    others: tuple[Value, ...]
    answer: Callable[[Value], Truth]
    presence: bool = False


class Assignments:
    """Assigns values to facts. `uses` are the facts that were read, `lines` what reads each."""

    def __init__(self, interpreter: Interpreter, record: Record) -> None:
        self._interpreter = interpreter
        self._record = record
        self.uses: dict[str, FactRead] = {}
        self.lines: dict[str, list[Trace]] = {}

    def read(self, trace: Trace) -> list[str]:
        """Note the facts below `trace`, and the lines that read them; gives their pointers."""
        found = []
        for use in trace.uses:
            self.uses.setdefault(use.pointer, use)
            found.append(use.pointer)
            asks = trace.condition
            is_limit = isinstance(asks, Count) and use is not trace.uses[0]
            of_words = isinstance(asks, OverItems) and asks.items.type.group_item is None
            if isinstance(asks, Test) or is_limit or of_words:
                lines = self.lines.setdefault(use.pointer, [])
                if not any(line is trace for line in lines):
                    lines.append(trace)
        for part in trace.parts:
            found += self.read(part)
        for pointer in _ordered_or_summed(trace):
            self.lines[pointer].append(trace)
        return found

    def values(self, candidate: Candidate) -> Iterator[dict[str, Value]]:
        """Values for the facts of a candidate, the most natural first; they need not all fit."""
        places = {pointer: place for place, pointer in enumerate(self.uses)}
        facts = sorted(candidate.facts, key=lambda fact: (not self._is_vague(fact), places[fact]))
        goals = {
            fact: [
                goal for goal in candidate.goals if any(u.pointer == fact for u in goal.trace.uses)
            ]
            for fact in facts
        }
        if len(facts) == 1:
            goals[facts[0]] = []  # one fact: whatever any line asks of it is tried
        return self._assign(facts, goals, {})

    def _is_vague(self, fact: str) -> bool:
        return is_vague(self.uses[fact].value)

    def _assign(
        self, facts: list[str], goals: dict[str, list[Goal]], values: dict[str, Value]
    ) -> Iterator[dict[str, Value]]:
        """Values for the facts, one fact after the other, by which the lines have their answers."""
        if not facts:
            yield values
            return
        fact, *rest = facts
        mine = goals[fact]
        lines = [goal.trace for goal in mine] or self.lines.get(fact, [])
        tried = (
            value
            for value in self.trials(fact, lines, values)
            if all(self._fits(goal, {**values, fact: value}, rest) for goal in mine)
        )
        for value in islice(tried, _MOST_VALUES if mine else None):
            yield from self._assign(rest, goals, {**values, fact: value})

    def _fits(self, goal: Goal, values: dict[str, Value], rest: list[str]) -> bool:
        """Whether a line has the wanted answer, or is still open."""
        if any(use.pointer in rest for use in goal.trace.uses):
            return True
        return self._answer(goal.trace, values) is goal.wanted

    def _answer(self, trace: Trace, values: dict[str, Value]) -> bool | None:
        try:
            return self._interpreter.answer(trace, values)
        except Exception:  # an operator registered from Python: the value is no witness
            return None

    def trials(self, fact: str, lines: list[Trace], values: dict[str, Value]) -> list[Value]:
        """Values worth trying for a fact that lines read, where others have the values given."""
        use = self.uses[fact]
        now = held_at(self._record, steps_of(fact)) if fact not in values else None
        asked = [self._asked(fact, line, values) for line in lines]
        found = trial_values(use.field, now, asked, self._day())
        item = use.field.type.item
        if item is not None and any(isinstance(line.condition, OverItems) for line in lines):
            others = list(_flat(other for line in asked for other in line.others))
            fitting = _items_for(item, others)
            found += [*([each] for each in fitting), fitting]
        return found

    def _asked(self, fact: str, line: Trace, values: dict[str, Value]) -> ReadingLine:
        if isinstance(line.condition, Count):  # whose number the fact is, or its day chooses
            numbers = (*self._entries(line.condition.number), *(line.bounds or ()))
            lacking: list[float] = []
            if line.condition.kind == "sum" and line.bounds and fact in _ordered_or_summed(line):
                held, least = self.uses[fact].value or 0, line.bounds[0]
                lacking = [held + n - least for n in numbers if isinstance(n, int | float)]
            found = (*numbers, *lacking, *self._compared_values(line.condition))
            return ReadingLine(found, lambda _: None)
        if isinstance(line.condition, Quantifier):
            days = (self.uses[pointer].value for pointer in _ordered_or_summed(line))
            return ReadingLine((*self._compared_values(line.condition), *days), lambda _: None)
        assert isinstance(line.condition, Test)
        reached = self._reached(line, values) if fact == limiting_fact(line) else ()
        return ReadingLine(
            (*self._others(fact, line, values), *reached),
            lambda value: self._answer(line, {**values, fact: value}),
            line.condition.operator.takes_unknown,
        )

    def _compared_values(self, asks: OverItems) -> Iterator[Value]:
        """What the lines of a question about a list of words compare them with."""
        for part in walk(asks):
            for operand in part.operands if isinstance(part, Test) else ():
                if isinstance(operand, Constant):
                    yield operand.value
                yield from self._entries(operand)

    def _reached(self, line: Trace, values: dict[str, Value]) -> Iterator[int]:
        """The number of units from which on a line has another answer, found by halving."""
        limit = line.uses[-1].pointer

        def differs(number: int) -> bool:
            return self._answer(line, {**values, limit: number}) is last

        last = self._answer(line, {**values, limit: _FAR})
        if last is not None and not differs(0):
            yield bisect_left(range(_FAR), True, key=differs)

    def _others(self, fact: str, line: Trace, values: dict[str, Value]) -> Iterator[Value]:
        """What a line compares the fact with; of a parameter that it dates, the days of change."""
        for use in line.uses:
            if use.pointer != fact:
                yield values.get(use.pointer, use.value)
        test = line.condition
        assert isinstance(test, Test)
        yield from test.operator.samples
        for operand, known in zip(test.operands, line.compared, strict=False):
            if isinstance(operand, Constant) and test.operator.written is not None:
                yield test.operator.written.witness(str(operand.value))  # no pattern is an answer
                continue
            if not isinstance(operand, ParameterUse):
                yield known if not line.uses or known is not self.uses[fact].value else None
            elif known is not None:
                yield known
            yield from self._entries(operand)
        numbers = [value for value in line.compared if isinstance(value, int | float)]
        if test.operator.has_number and not test.operator.unit:
            yield from (one + two * way for one in numbers for two in numbers for way in (1, -1))

    def _entries(self, operand: Operand) -> Iterator[Value]:
        name = operand.name if isinstance(operand, ParameterUse) else ""
        if name in self._interpreter.parameters:
            for entry in self._interpreter.parameters[name].values:
                yield entry.since
                yield entry.value

    def _day(self) -> date:
        """A day for dates that nothing is compared with: the latest one that the unit knows."""
        days = [use.value for use in self.uses.values() if isinstance(use.value, date)]
        plain = [day.date() if isinstance(day, datetime) else day for day in days]
        return max(plain) if plain else self._interpreter.as_of or _A_DAY


def _ordered_or_summed(trace: Trace) -> Iterator[str]:
    """The pointers of the days by which items are ordered, or of the numbers that are summed."""
    asks = trace.condition
    if trace.uses and isinstance(asks, OverItems):
        for item in trace.parts:
            for part in item.parts:
                if is_only_fact(asks, part.condition):
                    yield part.uses[0].pointer


def trial_values(field: Field, now: Value, lines: list[ReadingLine], day: date) -> list[Value]:
    """Values for a fact that holds `now`, the most natural first, each once and none `now`.

    `day` stands in for a date where nothing is recorded that it could be compared with. None,
    last, is *not recorded*: only where a line asks whether the fact is recorded.
    """
    kind = field.type.kind
    others = [other for line in lines for other in _flat(line.others)]
    if kind in DATES:
        found: Sequence[Value] = _moments(field.type, now, others, lines, day)
    else:
        found = _BY_KIND[kind](field.type, now, others)
    unique: list[Value] = []
    for value in found:
        if not _same(value, now) and not any(_same(value, other) for other in unique):
            unique.append(value)
    removable = any(line.presence for line in lines) and not field.required
    return unique[:MOST_VALUES] + [None] * (removable and now is not None)


def adjacent_values(field: Field, value: Value) -> list[Value]:
    """The values next to a date or a number, to see whether it alone would do."""
    kind = field.type.kind
    if kind in NUMBERS and isinstance(value, int | float):
        steps = (1, -1) if kind is Kind.INTEGER else (0.5, -0.5)
        low, high = extent_of(field.type)
        return [value + step for step in steps if low <= value + step <= high]
    if isinstance(value, date):
        scale = _scale(field.type)
        places = (scale.number(value) + step for step in (1, -1))
        return [scale.moment(place) for place in places if scale.holds(place)]
    return []


def _same(value: Value, other: Value) -> bool:
    return type(value) is type(other) and not isinstance(value, Imprecise) and value == other


def _flat(others: Iterable[Value]) -> Iterator[Value]:
    for other in others:
        if isinstance(other, tuple | list):
            yield from _flat(other)
        elif other is not None and not (isinstance(other, str) and is_blank(other)):
            yield other  # a blank text would not be recorded


def _boolean(fact: FactType, now: Value, others: list[Value]) -> list[Value]:
    return [True, False]


def _choice(fact: FactType, now: Value, others: list[Value]) -> list[Value]:
    named = [other for other in others if isinstance(other, str) and other in fact.choices]
    return [*named, *fact.choices]


def _text(fact: FactType, now: Value, others: list[Value]) -> list[Value]:
    named = [other for other in others if isinstance(other, str)]
    like = [text for other in named for text in (other.swapcase(), f"{other} -", f"- {other}")]
    return [*named, STAND_IN, "other", *like]


def _number(fact: FactType, now: Value, others: list[Value]) -> list[float]:
    whole = fact.kind is Kind.INTEGER
    near = [other for other in others if isinstance(other, int | float) and math.isfinite(other)]
    found = [0, 1, *(bound for bound in (fact.minimum, fact.maximum) if bound is not None)]
    for other in near:
        found += [math.ceil(other), math.floor(other)] if whole else [other]
        found += [found[-1] + 1, found[-1] - 1]
        found += [] if whole else [other + 0.5, other - 0.5]
    low, high = extent_of(fact)
    typed = [int(value) if whole else float(value) for value in found]
    start: float = now if isinstance(now, int | float) else near[0] if near else 0
    return sorted((v for v in typed if low <= v <= high), key=lambda v: (abs(v - start), -v))


def _list(fact: FactType, now: Value, others: list[Value]) -> list[Value]:
    assert fact.item is not None
    if fact.item.kind is Kind.OBJECT:
        return [[]] if now is None else []
    named = _items_for(fact.item, others)
    held = now if isinstance(now, list) else []
    added = [each for each in named if each not in held]
    kept = [each for each in held if each not in named]
    some = [[*held, each] for each in added]
    fewer = [[other for other in held if other != each] for each in named if each in held]
    any_two = _BY_KIND[fact.item.kind](fact.item, None, [])[:2]
    plain = [any_two[:1]] if now is None else []
    several = [list(dict.fromkeys([*held, *any_two]))[: max(2, len(held))]]
    return [*some, [*held, *added], *fewer, kept, *plain, *several, []]


def _items_for(item: FactType, others: list[Value]) -> list[Value]:
    """Those of the values that may stand in a list, each once; numbers with those next to them."""
    if item.kind in NUMBERS:
        return list(dict.fromkeys(_number(item, None, others) if others else []))
    words = dict.fromkeys(other for other in others if isinstance(other, str))
    return [word for word in words if word in item.choices or not item.choices]


def _group(fact: FactType, now: Value, others: list[Value]) -> list[Value]:
    return [NEW] if now is None else []


_BY_KIND: dict[Kind, Callable[[FactType, Value, list[Value]], Sequence[Value]]] = {
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.LIST: _list,
    Kind.OBJECT: _group,
    Kind.OPEN: lambda fact, now, others: [],
}


# Moments are counted in days, and date-times in minutes, so that both are searched alike.


def _moments(
    fact: FactType, now: Value, others: list[Value], lines: list[ReadingLine], day: date
) -> list[Value]:
    scale = _scale(fact)
    own = [now] if is_vague(now) else []  # then its own days come first
    anchors = [
        scale.number(end)
        for other in (*own, *others)
        if isinstance(other, date | Imprecise)
        for end in bounds(other)
    ]
    start = scale.number(bounds(now)[1]) if isinstance(now, date | Imprecise) else None
    anchors = list(dict.fromkeys(anchors)) or [scale.number(day)]
    edges = [edge for line in lines for edge in _edges(scale, anchors, start, line.answer)]
    near = [anchor + step for anchor in anchors for step in scale.near]
    found = [
        place
        for place in dict.fromkeys([*edges, *near] if fact.kind is Kind.DATE else [*near, *edges])
        if scale.holds(place)
    ]
    if start is not None:
        found.sort(key=lambda place: abs(place - start))
    return [scale.moment(place) for place in found]


def _edges(
    scale: _Days | _Minutes, anchors: list[int], start: int | None, answer: Callable[[Value], Truth]
) -> Iterator[int]:
    """For each answer the line gives near its anchors: the last moment, towards `start`, with it.

    Without `start` the search goes towards the far future, where a time limit ends, and then
    the far past.
    """
    far = [anchors[0] + scale.far, anchors[0] - scale.far]
    for anchor in anchors:
        tried = set()
        for place in (anchor, anchor + 1, anchor - 1):
            held = answer(scale.moment(place)) if scale.holds(place) else None
            if held is not None and held not in tried:
                tried.add(held)
                yield from _towards(scale, place, far if start is None else [start], answer)
    if start is not None:
        yield from _towards(scale, start, far, answer)


def _towards(
    scale: _Days | _Minutes, place: int, targets: list[int], answer: Callable[[Value], Truth]
) -> Iterator[int]:
    held = answer(scale.moment(place))
    for target in map(scale.clamp, targets):
        beyond = answer(scale.moment(target))
        if beyond is not None and beyond is not held:
            edge = _last(scale, place, target, held, answer)
            yield edge
            yield edge + (1 if target > edge else -1)


def _last(
    scale: _Days | _Minutes, place: int, target: int, held: Truth, answer: Callable[[Value], Truth]
) -> int:
    while abs(target - place) > 1:
        middle = (place + target) // 2
        if answer(scale.moment(middle)) is held:
            place = middle
        else:
            target = middle
    return place


class _Days:
    near: tuple[int, ...] = (0, 1, -1)
    far = _FAR
    least, most = date.min.toordinal(), date.max.toordinal()

    def number(self, moment: date) -> int:
        return moment.toordinal()

    def moment(self, number: int) -> date:
        return date.fromordinal(number)

    def holds(self, number: int) -> bool:
        return self.least <= number <= self.most

    def clamp(self, number: int) -> int:
        return min(max(number, self.least), self.most)


class _Minutes(_Days):
    """Minutes as they pass, read on the clocks of a place."""

    near = (0, 1, -1, _DAY_MINUTES, -_DAY_MINUTES)
    far = _FAR * _DAY_MINUTES
    least = (date.min.toordinal() + 1) * _DAY_MINUTES
    most = date.max.toordinal() * _DAY_MINUTES - 1

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def number(self, moment: date) -> int:
        if not isinstance(moment, datetime):
            moment = bounds(in_zone(datetime.combine(moment, _NOON), self._zone))[0]
        assert isinstance(moment, datetime)
        passed = moment - _FIRST
        return passed // timedelta(minutes=1) + _DAY_MINUTES

    def moment(self, number: int) -> date:
        moment = _FIRST + timedelta(minutes=number - _DAY_MINUTES)
        return bounds(in_zone(moment, self._zone))[0]


def _scale(fact: FactType) -> _Days | _Minutes:
    if fact.kind is Kind.DATE:
        return _Days()
    assert fact.zone is not None
    return _Minutes(fact.zone)
