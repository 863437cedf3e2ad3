"""A checked rule: what it judges, when it applies, what it requires, and the parameters it uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Literal

from scr_audit.errors import Place
from scr_audit.language.conditions import All, Condition, Fact, facts, is_dated
from scr_audit.language.due import still_open, with_missing_items
from scr_audit.language.types import Value

_NOWHERE = Place("", 0, 0)


@dataclass(frozen=True)
class ParameterValue:
    """A value in force from a day on (`None`: always)."""

    value: Value
    since: date | None = None


@dataclass(frozen=True)
class Parameter:
    """A named value of the pack, by effective date, oldest first."""

    name: str
    title: str
    values: tuple[ParameterValue, ...]
    unit: str = ""
    source: str = ""
    overridden: bool = False

    @property
    def constant(self) -> bool:
        """Whether one value is always in force."""
        return len(self.values) == 1 and self.values[0].since is None


@dataclass(frozen=True)
class Loop:
    """One level of `for_each`: each item of `items` is called `variable`.

    `if_none` is the outcome about a list in which there is nothing to judge. `within` is what an
    audit plan asks of an item: one for which it is false is passed over with all that is in it.
    """

    items: Fact
    variable: str
    if_none: str
    within: Condition | None = None


@dataclass(frozen=True)
class Criterion:
    """A named condition that a unit must satisfy, or a permitted exception.

    `no` and `unknown` are the rule's own sentences for a criterion that is not met, or is left
    open: the first all of whose places can be filled is said.
    """

    name: str
    condition: Condition
    no: tuple[str, ...] = field(default=(), compare=False)
    unknown: tuple[str, ...] = field(default=(), compare=False)
    place: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Rule:
    """One checked rule. `kind` is the record kind; no `loops`: the unit is the record.

    `unit` and `units` are what one and several units are called in reports, `called` is one of
    those that `where` leaves, in sentences. `compiled` names the rule as a compiled pack has it, by
    the hash of that, and `meaning` is what the pack knows of `language.meaning`; a rule that is
    made of it by `replace` has neither.
    """

    id: str
    title: str
    paragraph: str
    see: tuple[str, ...]
    kind: str
    loops: tuple[Loop, ...]
    where: Condition | None
    applies_when: Condition | None
    require: tuple[Criterion, ...]
    except_when: tuple[Criterion, ...]
    in_force_on: Fact | None
    severity: Literal["high", "medium", "low"]
    advice: str
    unit: str
    units: str
    place: Place = field(default=_NOWHERE, compare=False)
    called: str = field(default="", compare=False)
    compiled: str = field(default="", init=False, compare=False)
    meaning: str = field(default="", init=False, compare=False)

    def __getstate__(self) -> dict[str, object]:
        # Without what is worked out of it, in which there are operators that no table names.
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def scope(self) -> Condition | None:
        """Which items are units at all: `where`, and what the plan asks of each loop's items.

        The plan comes first: an item that may lie outside it is not evidenced for that reason.
        """
        parts = [loop.within for loop in self.loops if loop.within is not None]
        if self.where is not None:
            parts.append(self.where)
        return None if not parts else parts[0] if len(parts) == 1 else All(tuple(parts))

    def gates(self, depth: int) -> list[Condition]:
        """What is asked, in this order, before a verdict about a list that `depth` loops bind."""
        gates = [loop.within for loop in self.loops[:depth] if loop.within is not None]
        if self.applies_when is not None and self.gate_depth is not None:
            gates += [self.applies_when] * (self.gate_depth <= depth)
        return gates

    @cached_property
    def asked(self) -> tuple[Condition, ...]:
        """What each criterion asks: its condition, but for lists that may lack items."""
        return tuple(with_missing_items(criterion.condition) for criterion in self.require)

    @cached_property
    def still_open(self) -> tuple[Condition, ...]:
        """For each criterion what holds where it holds, or may still come to hold in time."""
        return still_open(self.asked)

    @cached_property
    def gate_depth(self) -> int | None:
        """How many loops `applies_when` needs: it is judged for a list that lies deeper.

        None without `applies_when`. 0: it is about the record, so that a rule which does not
        apply to a record says so whatever lists the record lacks.
        """
        if self.applies_when is None:
            return None
        used = {fact.variable for fact in facts(self.applies_when)}
        if self.in_force_on is not None and is_dated(self.applies_when):
            used.add(self.in_force_on.variable)
        names = [loop.variable for loop in self.loops]
        return max((names.index(name) + 1 for name in used if name in names), default=0)

    def conditions(self) -> Iterator[Condition]:
        """Its top-level conditions, in the order in which they are judged."""
        for condition in (self.scope, self.applies_when):
            if condition is not None:
                yield condition
        yield from self.asked
        for criterion in self.except_when:
            yield criterion.condition
