"""Checked conditions: the typed tree that both evaluators read, and the ways to walk it.

Equality ignores where a part was written, so that equal conditions of different rules are
recognised and computed once. Whoever only passes through a condition uses `children`, `leaves`,
`walk` and `with_children`, and whoever needs its answer `joined`: a new kind of condition is
known to all of them by an entry here. What says, writes or changes conditions of each kind in its
own way ends in `assert_never`, so that mypy names every such place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

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
    """What the facts of a record show, beside what the record merely says of it, which is the last.

    Those that are known count; where two of them contradict each other, none does.
    """

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class DefinitionUse:
    """A use of a definition; `part` is what the definition says, checked where it is used.

    `place` is that of the use, `defined_at` that of the definition.
    """

    name: str
    part: Condition
    place: Place = field(default=_NOWHERE, compare=False)
    defined_at: Place = field(default=_NOWHERE, compare=False)


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


def weigh(*answers: Truth) -> Truth:
    """The answer that is known; unknown where none is, or one is the contrary of another."""
    known = {answer for answer in answers if answer is not None}
    return known.pop() if len(known) == 1 else None


def joined(condition: Combiner, answers: Sequence[Truth]) -> Truth:
    """The answer of a combiner whose parts have these answers."""
    return joiner(condition)(answers)


def joiner(condition: Combiner) -> Callable[[Sequence[Truth]], Truth]:
    """The function that gives the answer of a combiner from those of its parts."""
    match condition:
        case All():
            return conjoin
        case AnyOf():
            return disjoin
        case Not():
            return lambda answers: negate(answers[0])
        case ShownOrSaid():
            return lambda answers: weigh(*answers)
        case DefinitionUse():
            return lambda answers: answers[0]
    assert_never(condition)


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside `condition`."""
    match condition:
        case All(parts) | AnyOf(parts) | ShownOrSaid(parts):
            return parts
        case Not(part) | DefinitionUse(part=part):
            return (part,)
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
        case All() | AnyOf() | ShownOrSaid():
            return type(condition)(parts)
        case Not():
            return Not(*parts)
        case DefinitionUse():
            return replace(condition, part=parts[0])
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


def head_of(condition: Condition) -> str:
    """The head of a condition, as it would be read aloud."""
    match condition:
        case Test(text=text):
            return text
        case All():
            return "all of:"
        case AnyOf():
            return "any of:"
        case Not():
            return "not:"
        case ShownOrSaid():
            return "what is shown:"
        case DefinitionUse(name=name):
            return f"{name}, which is:"
        case Quantifier(kind=kind, items=items, variable=variable):
            by = f" by {only_fact(condition.by)}" if condition.by is not None else ""
            return f"{kind} of {items} as {variable}{by}"
        case Count():
            number = condition.number
            value = str(number.value if isinstance(number, Constant) else number)
            if isinstance(number, ParameterUse):
                value = f"{{{number.name}}}"
            of = f" of {only_fact(condition.that)}" if condition.kind == "sum" else ""
            what = f"{condition.kind}{of} of {condition.items} as {condition.variable}"
            return f"{what} is {condition.operator.asked_for(value)}"
    assert_never(condition)


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


def is_dated(condition: Condition) -> bool:
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
