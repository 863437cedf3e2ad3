"""Ways: what may be changed so that a condition has another answer, and joining several.

A *way* is a set of facts that may be changed, with the lines that have to come out otherwise,
and what has to be made first: an item in a list, a list without items. Ways say nothing about
values. They follow from the trace, in which every line of the condition has its answer: a line
that is wrong needs one of its facts changed, a line that is unknown all that are missing.

Ways that change one fact are never dropped, so that a remedy with one fact is found where there
is one. Of the others only the smallest few are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from scr_audit.evaluate.altered import held_at, steps_of
from scr_audit.evaluate.interpreter import Interpreter, Trace, Use
from scr_audit.evaluate.witness import Asked, witnesses
from scr_audit.language.conditions import Fact, ParameterUse, Test
from scr_audit.values.imprecise import Imprecise

MOST_WAYS = 8  # of more than one fact, kept for each condition


class Goal(NamedTuple):
    """A line that has to come out as `wanted`."""

    trace: Trace
    wanted: bool

    def choices(self) -> frozenset[str] | None:
        """The words by which a line about one choice does; None for other lines."""
        test, uses = self.trace.condition, self.trace.uses
        assert isinstance(test, Test)
        if len(uses) != 1 or test.operator.takes_unknown:
            return None
        words, rest = uses[0].field.type.choices, self.trace.other[1:]
        if not words or not isinstance(test.operands[0], Fact) or None in rest:
            return None
        try:
            found = [word for word in words if test.operator.test(word, *rest) is self.wanted]
        except Exception:  # an operator registered from Python failed: nothing is known
            return None
        return frozenset(found)


class Way(NamedTuple):
    """Facts to change, what to make first, and the lines that this has to turn.

    `against` are the facts among them that are recorded. `odd` are those of them that say what
    a thing is rather than what was done: they decide whether something is asked about at all,
    are a choice or a text, or a yes. Changing them would be a strange remedy, so that such ways
    come last.
    """

    facts: frozenset[str] = frozenset()
    made: tuple[tuple[str, Any], ...] = ()
    goals: tuple[Goal, ...] = ()
    against: frozenset[str] = frozenset()
    odd: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many facts are changed; an item is told by its facts, and counts without any."""
        if not self.made:
            return len(self.facts)
        return len(self.facts) + sum(
            not any(fact.startswith(f"{pointer}/") for fact in self.facts)
            and not any(other.startswith(f"{pointer}/") for other, _ in self.made)
            for pointer, _ in self.made
        )


NOTHING = Way()


def together(parts: Iterable[list[Way]]) -> list[Way]:
    """The ways in which all parts come out as wanted: one of each, joined."""
    found = [NOTHING]
    for part in parts:
        if not part:
            return []
        if part[0] is NOTHING:
            continue
        if found[0] is NOTHING:
            found = part
        else:
            found = smallest(
                _joined(one, other)
                for one in found
                for other in part
                if not _contradict(one, other)
            )
    return found


def _contradict(one: Way, other: Way) -> bool:
    """Whether the two need different words of one choice."""
    for fact in one.facts & other.facts:
        words = [
            goal.choices()
            for goal in (*one.goals, *other.goals)
            if goal.trace.uses[0].pointer == fact
        ]
        known = [found for found in words if found is not None]
        if known and not frozenset.intersection(*known):
            return True
    return False


def _joined(one: Way, other: Way) -> Way:
    facts = one.facts | other.facts
    made = {**dict(one.made), **dict(other.made)}
    plain = (one.facts - one.odd) | (other.facts - other.odd)
    return Way(
        facts,
        tuple(made.items()),
        one.goals + other.goals,
        one.against | other.against,
        (one.odd | other.odd) - plain,
    )


def rank(way: Way) -> tuple[int, int, int]:
    """Its place among others: fewest facts first, then fewest that are recorded otherwise."""
    return len(way.odd), way.size, len(way.against)


def smallest(ways: Iterable[Way]) -> list[Way]:
    """The ways by rank, each once; only few of those with more than one fact."""
    single: dict[tuple[Any, ...], Way] = {}
    larger: dict[tuple[Any, ...], Way] = {}
    for way in ways:
        if way is NOTHING:
            return [NOTHING]
        key: tuple[Any, ...] = (way.facts, tuple(pointer for pointer, _ in way.made))
        if way.size > 1:
            key = (*key, tuple((id(goal.trace), goal.wanted) for goal in way.goals))
            larger.setdefault(key, way)
        elif key not in single or len(way.odd) < len(single[key].odd):
            single[key] = way
    kept = sorted(larger.values(), key=rank)[:MOST_WAYS]
    return sorted([*single.values(), *kept], key=rank)


_MOST_VALUES = 4  # of each fact, where several are changed together
_A_DAY = date(2000, 1, 1)


class Assignments:
    """Assigns values to facts. `uses` are the facts that were read, `lines` what reads each."""

    def __init__(self, interpreter: Interpreter, record: Any) -> None:
        self._interpreter = interpreter
        self._record = record
        self.uses: dict[str, Use] = {}
        self.lines: dict[str, list[Trace]] = {}

    def read(self, trace: Trace) -> list[str]:
        """Note the facts below `trace`, and the lines that read them; gives their pointers."""
        found = []
        for use in trace.uses:
            self.uses.setdefault(use.pointer, use)
            found.append(use.pointer)
            if isinstance(trace.condition, Test):
                lines = self.lines.setdefault(use.pointer, [])
                if not any(line is trace for line in lines):
                    lines.append(trace)
        for part in trace.parts:
            found += self.read(part)
        return found

    def values(self, way: Way) -> Iterator[dict[str, Any]]:
        """Values for the facts of a way, the most natural first; they need not all fit."""
        places = {pointer: place for place, pointer in enumerate(self.uses)}
        facts = sorted(way.facts, key=lambda fact: (not self._is_vague(fact), places[fact]))
        goals = {
            fact: [goal for goal in way.goals if any(u.pointer == fact for u in goal.trace.uses)]
            for fact in facts
        }
        if len(facts) == 1:
            goals[facts[0]] = []  # one fact: whatever any line asks of it is tried
        return self._assigned(facts, goals, {})

    def _is_vague(self, fact: str) -> bool:
        return isinstance(self.uses[fact].value, Imprecise)

    def _assigned(
        self, facts: list[str], goals: dict[str, list[Goal]], values: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """Values for the facts, one fact after the other, by which the lines come out."""
        if not facts:
            yield values
            return
        fact, *rest = facts
        mine = goals[fact]
        lines = [goal.trace for goal in mine] or self.lines.get(fact, [])
        tried = (
            value
            for value in self.witnesses(fact, lines, values)
            if all(self._fits(goal, {**values, fact: value}, rest) for goal in mine)
        )
        for value in islice(tried, _MOST_VALUES if mine else None):
            yield from self._assigned(rest, goals, {**values, fact: value})

    def _fits(self, goal: Goal, values: dict[str, Any], rest: list[str]) -> bool:
        """Whether a line comes out as wanted, or is still open."""
        if any(use.pointer in rest for use in goal.trace.uses):
            return True
        return self._answer(goal.trace, values) is goal.wanted

    def _answer(self, trace: Trace, values: dict[str, Any]) -> bool | None:
        try:
            return self._interpreter.answer(trace, values)
        except Exception:  # an operator registered from Python: the value is no witness
            return None

    def witnesses(self, fact: str, lines: list[Trace], values: dict[str, Any]) -> list[Any]:
        """Values worth trying for a fact that lines read, where others have the values given."""
        use = self.uses[fact]
        now = held_at(self._record, steps_of(fact)) if fact not in values else None
        asked = [self._asked(fact, line, values) for line in lines]
        return witnesses(use.field, now, asked, self._day())

    def _asked(self, fact: str, line: Trace, values: dict[str, Any]) -> Asked:
        assert isinstance(line.condition, Test)
        return Asked(
            tuple(self._others(fact, line, values)),
            lambda value: self._answer(line, {**values, fact: value}),
            line.condition.operator.takes_unknown,
        )

    def _others(self, fact: str, line: Trace, values: dict[str, Any]) -> Iterator[Any]:
        """What a line compares the fact with; of a parameter that it dates, the days of change."""
        for use in line.uses:
            if use.pointer != fact:
                yield values.get(use.pointer, use.value)
        test = line.condition
        assert isinstance(test, Test)
        for operand, known in zip(test.operands, line.other, strict=False):
            if not isinstance(operand, ParameterUse):
                yield known if not line.uses or known is not self.uses[fact].value else None
            elif known is not None:
                yield known
            yield from self._entries(operand)

    def _entries(self, operand: Any) -> Iterator[Any]:
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
