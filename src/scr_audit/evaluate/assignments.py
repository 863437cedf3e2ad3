"""Values for the facts that a way changes, one after the other, by which its lines come out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from scr_audit.evaluate.altered import held_at, steps_of
from scr_audit.evaluate.interpreter import Interpreter, Trace, Use
from scr_audit.evaluate.way import Goal, Way
from scr_audit.evaluate.witness import Asked, witnesses
from scr_audit.language.conditions import ParameterUse, Test
from scr_audit.values.imprecise import Imprecise

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
