"""Checked conditions: the typed tree that both evaluators read, and the ways to walk it.

Equality ignores where a part was written, so that equal conditions of different rules are
recognised and computed once. Whoever only passes through a condition uses `children`, `leaves`,
`walk` and `with_children`, and whoever needs its answer `joined`: a new kind of condition is
known to all of them by an entry here. What says, writes or changes conditions of each kind in its
own way ends in `assert_never`, so that mypy names every such place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias, assert_never

from scr_audit.errors import Place
from scr_audit.language.operators import RECORDED, Operator
from scr_audit.language.types import FactType, Field, Value

_NOWHERE = Place("", 0, 0)
AUDIT_DAY = "as_of"
RUN_DAY = "run day"  # `as_of` itself, whenever the record was read; no pack can use this name


@dataclass(frozen=True)
class Fact:
    """A path from a loop variable (`""` is the record) to one fact."""

    variable: str
    steps: tuple[str, ...]
    field: Field = field(compare=False)

    @property
    def type(self) -> FactType:
        return self.field.type

    def __str__(self) -> str:
        return ".".join((self.variable, *self.steps) if self.variable else self.steps)


@dataclass(frozen=True)
class Constant:
    """A value written in the rule, or a parameter that has only one value (then `name` is set)."""

    value: Value
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class ParameterUse:
    """A parameter whose value depends on the day of the event, or the run's `as_of`."""

    name: str


@dataclass(frozen=True)
class DayOf:
    """The day of a date-time, where it is compared with a date."""

    operand: Fact


Operand: TypeAlias = Fact | Constant | ParameterUse | DayOf


@dataclass(frozen=True)
class Test:
    """One line: an operator over operands, the subject first."""

    operator: Operator
    operands: tuple[Operand, ...]
    place: Place = field(default=_NOWHERE, compare=False)
    text: str = field(default="", compare=False)


def recorded(fact: Fact, place: Place = _NOWHERE, text: str = "") -> Test:
    """The line that asks whether a fact is recorded."""
    return Test(RECORDED, (fact,), place, text)


@dataclass(frozen=True)
class All:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """One of the parts holds, or several do."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold; of one that is unknown, this is unknown too."""

    part: Condition


@dataclass(frozen=True)
class ShownOrSaid:
    """What the facts of a record show, beside what the record merely says of it.

    Where one of them is unknown the other counts; where they contradict each other neither does.
    """

    shown: Condition
    said: Condition


@dataclass(frozen=True)
class DefinitionUse:
    """A use of a definition; `part` is what the definition says, checked where it is used."""

    name: str
    part: Condition


@dataclass(frozen=True)
class Quantifier:
    """`kind` is `some`, `every`, `none`, `latest` or `earliest`.

    `that` is absent where mere existence counts. `by` asks whether the day is recorded by which
    the latest or earliest item is found. `called` is what sentences call the items.
    """

    kind: str
    items: Fact
    variable: str
    where: Condition | None
    that: Condition | None
    place: Place = field(default=_NOWHERE, compare=False)
    called: str = field(default="", compare=False)
    by: Condition | None = None


@dataclass(frozen=True)
class Count:
    """What the items where `where` holds come to, compared by `operator` with `number`.

    A `count` is how many they are, a `share` for how many in a hundred of them `that` holds, and
    a `sum` what the fact that `that` asks for, whether it is recorded, comes to.
    """

    items: Fact
    variable: str
    where: Condition | None
    operator: Operator
    number: Operand
    place: Place = field(default=_NOWHERE, compare=False)
    called: str = field(default="", compare=False)
    kind: str = "count"
    that: Condition | None = None


Combiner: TypeAlias = All | AnyOf | Not | ShownOrSaid | DefinitionUse
OverItems: TypeAlias = Quantifier | Count
Condition: TypeAlias = Test | Combiner | OverItems
Truth: TypeAlias = bool | None


def negate(value: Truth) -> Truth:
    """Kleene's *not*."""
    return None if value is None else not value


def conjoin(values: Iterable[Truth]) -> Truth:
    """Kleene's *and*: false as soon as one is false, else unknown as soon as one is."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjoin(values: Iterable[Truth]) -> Truth:
    """Kleene's *or*."""
    return negate(conjoin(negate(value) for value in values))


def weigh(shown: Truth, said: Truth) -> Truth:
    """The answer that is known; unknown where neither is, or each is the other's contrary."""
    if shown is None:
        return said
    return shown if said is None or said is shown else None


def joined(condition: Combiner, answers: Sequence[Truth]) -> Truth:
    """The answer of a combiner whose parts have these answers."""
    match condition:
        case All():
            return conjoin(answers)
        case AnyOf():
            return disjoin(answers)
        case Not():
            return negate(answers[0])
        case ShownOrSaid():
            return weigh(*answers)
        case DefinitionUse():
            return answers[0]
    assert_never(condition)


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside `condition`."""
    match condition:
        case All(parts) | AnyOf(parts):
            return parts
        case Not(part) | DefinitionUse(part=part):
            return (part,)
        case ShownOrSaid(shown, said):
            return shown, said
        case Quantifier() | Count():
            return tuple(part for part in _of_items(condition) if part is not None)
        case Test():
            return ()
    assert_never(condition)


def _of_items(condition: OverItems) -> tuple[Condition | None, ...]:
    """What is asked of each item, in this order."""
    by = condition.by if isinstance(condition, Quantifier) else None
    return condition.where, by, condition.that


def with_children(condition: Condition, parts: tuple[Condition, ...]) -> Condition:
    """The same condition with other conditions in place of its `children`, one for each."""
    match condition:
        case All() | AnyOf():
            return type(condition)(parts)
        case Not():
            return Not(*parts)
        case ShownOrSaid():
            return ShownOrSaid(*parts)
        case DefinitionUse(name=name):
            return DefinitionUse(name, *parts)
        case Quantifier() | Count():
            left = iter(parts)
            where, by, that = (
                None if part is None else next(left) for part in _of_items(condition)
            )
            found = replace(condition, where=where, that=that)
            return replace(found, by=by) if isinstance(found, Quantifier) else found
        case Test():
            return condition
    assert_never(condition)


def leaves(condition: Condition) -> Iterator[Test | OverItems]:
    """The lines, quantifiers and counts in `condition` that stand in no quantifier or count."""
    if isinstance(condition, Combiner):
        for child in children(condition):
            yield from leaves(child)
    else:
        yield condition


def operands(condition: Condition) -> tuple[Operand, ...]:
    """The operands that stand directly in `condition`."""
    match condition:
        case Test(operands=found):
            return found
        case Quantifier(items=items):
            return (items,)
        case Count(items=items, number=number):
            return (items, number)
        case All() | AnyOf() | Not() | ShownOrSaid() | DefinitionUse():
            return ()
    assert_never(condition)


def is_only_fact(condition: Condition, part: Condition) -> bool:
    """Whether a part of `condition` names the day of its items, or the number that they sum."""
    if isinstance(condition, Count):
        return condition.kind == "sum" and part is condition.that
    return isinstance(condition, Quantifier) and part is condition.by


def only_fact(line: Condition | None) -> Fact:
    """The fact of a line that asks whether it is recorded: an item's day, or its number."""
    assert isinstance(line, Test)
    [fact] = line.operands
    assert isinstance(fact, Fact)
    return fact


def walk(condition: Condition) -> Iterator[Condition]:
    """`condition` and every condition inside it, outermost first."""
    yield condition
    for child in children(condition):
        yield from walk(child)


def facts(condition: Condition) -> Iterator[Fact]:
    """Every fact that `condition` mentions."""
    for part in walk(condition):
        for operand in operands(part):
            if isinstance(operand, DayOf):
                yield operand.operand
            elif isinstance(operand, Fact):
                yield operand


def parameter_names(condition: Condition) -> Iterator[str]:
    """Every parameter that `condition` mentions, `as_of` included."""
    for part in walk(condition):
        for operand in operands(part):
            name = operand.name if isinstance(operand, ParameterUse | Constant) else ""
            if name:
                yield name


def _is_dated(condition: Condition) -> bool:
    """Whether `condition` reads a parameter whose value depends on a day."""
    return any(
        isinstance(operand, ParameterUse) and operand.name not in (AUDIT_DAY, RUN_DAY)
        for part in walk(condition)
        for operand in operands(part)
    )


def asserted(condition: Condition) -> Iterator[Condition]:
    """The conditions that must hold wherever `condition` holds: itself and its conjuncts."""
    yield condition
    match condition:
        case DefinitionUse(part=part):
            yield from asserted(part)
        case All(parts):
            for part in parts:
                yield from asserted(part)


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
    those that `where` leaves, in sentences.
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
        from scr_audit.language.due import asked  # which needs the conditions above

        return tuple(asked(criterion.condition) for criterion in self.require)

    @cached_property
    def still_open(self) -> tuple[Condition, ...]:
        """For each criterion what holds where it holds, or may still come to hold in time."""
        from scr_audit.language.due import still_open  # which needs the conditions above

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
        if self.in_force_on is not None and _is_dated(self.applies_when):
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
