"""Candidates: sets of facts that might be changed, and a record with those changes laid over it.

A candidate has the lines that have to change their answer, and what has to be made first: an item
in a list, a list without items. It says nothing about values.

The cost of `combine`: for each part, the candidates so far times those of the part. `smallest` cuts
both to the single facts and `MOST_CANDIDATES` larger ones, so that the cost grows with the number
of parts, not as its power.

The record itself stays as it is. What is missing on the way to a changed fact is made with no more
than the schema demands of it, as if somebody had written the smallest entry that decodes.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import count
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from scr_audit.evaluate.interpreter import Trace
from scr_audit.language.conditions import Fact, Test
from scr_audit.language.types import FactType, Field, Value, asked_within, attribute, held
from scr_audit.records.structs import (
    FACT_TYPE,
    AnyDate,
    AnyDatetime,
    AnyLimit,
    ExactDatetime,
    Record,
)

MOST_CANDIDATES = 8  # of more than one fact, kept for each condition


class Goal(NamedTuple):
    """A line whose answer has to be `wanted`."""

    trace: Trace
    wanted: bool

    def reads(self, fact: str) -> bool:
        """Whether the line reads the fact at this pointer."""
        return any(use.pointer == fact for use in self.trace.uses)

    def choices(self) -> frozenset[str] | None:
        """The words for which a line about one choice has that answer; None for other lines."""
        test, uses = self.trace.condition, self.trace.uses
        assert isinstance(test, Test)
        if len(uses) != 1 or test.operator.takes_unknown:
            return None
        words, rest = uses[0].field.type.choices, self.trace.compared[1:]
        if not words or not isinstance(test.operands[0], Fact) or None in rest:
            return None
        try:
            found = [word for word in words if test.operator.test(word, *rest) is self.wanted]
        except Exception:  # an operator registered from Python failed: nothing is known
            return None
        return frozenset(found)


class Candidate(NamedTuple):
    """Facts to change, what to make first, and the lines that this has to turn.

    `contradicts` are the facts among them that are recorded. `implausible` are those of them that
    say what a thing is rather than what was done: they decide whether something is asked about at
    all, are a choice or a text, or a yes. Changing them would be a strange remedy, so that such
    candidates come last.
    """

    facts: frozenset[str] = frozenset()
    made: tuple[tuple[str, Value], ...] = ()
    goals: tuple[Goal, ...] = ()
    contradicts: frozenset[str] = frozenset()
    implausible: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many facts are changed; an item that is made without any counts as one."""
        if not self.made:
            return len(self.facts)
        return len(self.facts) + sum(
            not any(fact.startswith(f"{pointer}/") for fact in self.facts)
            and not any(other.startswith(f"{pointer}/") for other, _ in self.made)
            for pointer, _ in self.made
        )


NO_CHANGE = Candidate()


def combine(parts: Iterable[list[Candidate]]) -> list[Candidate]:
    """The candidates in which all parts come out as wanted: one of each, joined."""
    found = [NO_CHANGE]
    for part in parts:
        if not part or not found:  # or two before it contradict each other whatever is changed
            return []
        if part[0] is NO_CHANGE:
            continue
        if found[0] is NO_CHANGE:
            found = part
        else:
            found = smallest(
                _join(one, other) for one in found for other in part if not _contradict(one, other)
            )
    return found


def _contradict(one: Candidate, other: Candidate) -> bool:
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


def _join(one: Candidate, other: Candidate) -> Candidate:
    facts = one.facts | other.facts
    made = {**dict(one.made), **dict(other.made)}
    plain = (one.facts - one.implausible) | (other.facts - other.implausible)
    return Candidate(
        facts,
        tuple(made.items()),
        one.goals + other.goals,
        one.contradicts | other.contradicts,
        (one.implausible | other.implausible) - plain,
    )


def rank(candidate: Candidate) -> tuple[int, int, int]:
    """Its place among others: fewest facts first, then fewest that are recorded otherwise."""
    return len(candidate.implausible), candidate.size, len(candidate.contradicts)


def smallest(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates by rank, each once; only few of those with more than one fact."""
    given = list(candidates)
    if len(given) < 2:
        return given
    unique: dict[tuple[Value, ...], Candidate] = {}
    for candidate in given:
        if candidate is NO_CHANGE:
            return [NO_CHANGE]
        key: tuple[Value, ...] = (candidate.facts, *[pointer for pointer, _ in candidate.made])
        if candidate.size > 1:
            key += tuple([(id(goal.trace), goal.wanted) for goal in candidate.goals])
            unique.setdefault(key, candidate)
        elif key not in unique or len(candidate.implausible) < len(unique[key].implausible):
            unique[key] = candidate
    places = count()
    return [
        candidate
        for candidate in sorted(unique.values(), key=rank)
        if candidate.size < 2 or next(places) < MOST_CANDIDATES
    ]


STAND_IN = "recorded"  # for a text of which nothing more is asked
_A_DAY = date(2000, 1, 1)
_FIXED: dict[object, Value] = {
    bool: False, int: 0, float: 0.0, str: STAND_IN,
    date: _A_DAY, AnyDate: _A_DAY, AnyLimit: _A_DAY,
}  # fmt: skip


# `kind` is what annotates a field of a struct: a class, `list[...]`, a `Literal` or a union, for
# which Python has no type.


class New:
    """Stands for a group, or an item of a list, of which only what the schema demands is known."""

    def __repr__(self) -> str:
        return "NEW"


NEW = New()


@lru_cache(maxsize=65536)
def steps_of(pointer: str) -> tuple[str | int, ...]:
    """The steps of a JSON pointer into a record: names of facts, and places in lists."""
    return tuple(int(step) if step[0].isdigit() else step for step in pointer.split("/")[1:])


def patch_record(record: Record, changes: Mapping[str, Value]) -> Record:
    """A copy of `record` where each JSON pointer of `changes` has the value given for it.

    Values are typed as the record's own; `NEW` makes a group or an item. Raises `IndexError`
    for a place in a list beyond its end.
    """
    found = copy(record)
    for pointer in sorted(changes, key=_in_order):
        _set(found, steps_of(pointer), changes[pointer])
    return found


@lru_cache(maxsize=65536)
def _in_order(pointer: str) -> tuple[tuple[bool, str | int], ...]:
    return tuple((isinstance(step, str), step) for step in steps_of(pointer))


def _set(holder: Record, steps: tuple[str | int, ...], value: Value) -> None:
    """Set the value at `steps` below a struct that may be written to; copies what it passes."""
    while True:
        name, steps = str(steps[0]), steps[1:]
        cls = _type_of(type(holder), name)
        own, there = attribute(name), held(holder, name)
        if not steps:
            setattr(holder, own, blank(cls) if value is NEW else value)
            return
        if isinstance(steps[0], int):
            items = list(there or ())
            setattr(holder, own, items)
            place, steps = steps[0], steps[1:]
            if place == len(items):
                items.append(blank(cls))
            inner = items[place] = copy(items[place])
        else:
            # A fact put into a group records it, so the group needs no stand-in.
            is_new = there is None or there is _recorded_group(cls)
            inner = blank(cls) if is_new else copy(there)
            setattr(holder, own, inner)
        if not steps:
            return
        holder = inner


def blank_item(holder: type[Record], steps: tuple[str, ...]) -> Record:
    """The smallest item of the list at `steps` below a struct type."""
    for step in steps:
        holder = _type_of(holder, step)
    return blank(holder)


def blank(cls: type[Record]) -> Record:
    """The smallest value of a struct type: stand-ins for what is required, and no more."""
    return cls(**{attribute(name): _stand_in(kind) for name, kind in _required(cls).items()})


def required_facts(cls: type[Record], pointer: str) -> Iterator[tuple[str, Value]]:
    """The facts that the schema requires of a new `cls` at `pointer`, with stand-ins."""
    for name, kind in _required(cls).items():
        at = f"{pointer}/{name}"
        if _is_struct(kind):
            yield at, NEW
            yield from required_facts(kind, at)
        else:
            yield at, _stand_in(kind)


def one_fact(cls: type[Record], pointer: str) -> tuple[str, Value]:
    """A fact by which a group of `cls` at `pointer` is recorded, with a stand-in."""
    facts = ((name, kind) for name, (kind, _) in _fields(cls).items())
    name, kind = min(facts, key=lambda fact: _is_struct(fact[1]) or get_origin(fact[1]) is not None)
    if _is_struct(kind):
        return one_fact(kind, f"{pointer}/{name}")
    value = {STAND_IN: STAND_IN} if get_origin(kind) is dict else _stand_in(kind)
    return f"{pointer}/{name}", value


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def struct_at(record: Record, steps: tuple[str | int, ...]) -> type[Record]:
    """The struct type of the group or item at `steps`, whether or not it is there."""
    cls: type[Record] = type(record)
    for step in steps:
        cls = cls if isinstance(step, int) else _type_of(cls, step)
    return cls


def field_at(record: Record, steps: tuple[str | int, ...]) -> Field:
    """The field of the fact at `steps`; of an item, that of its list."""
    fact: FactType = getattr(type(record), FACT_TYPE)
    first, *names = [step for step in steps if isinstance(step, str)]
    found = fact.fields[first]
    for name in names:
        items = found.type.item
        inner = (items or found.type).fields[name]
        found = asked_within(found, inner) if items is None else inner
    return found


def held_at(record: Record, steps: tuple[str | int, ...]) -> Any:  # as `held`
    """What the record holds at `steps`; None where it holds nothing."""
    value: Any = record
    for step in steps:
        if value is None:
            return None
        if isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            value = held(value, step)
    return value


@lru_cache(maxsize=4096)
def _fields(cls: type[Record]) -> dict[str, tuple[Any, bool]]:
    """Each fact's own type (of a list: its items') without None, and whether it is required."""
    return {
        field.encode_name: (
            _without_none(field.type),
            field.required or field.encode_name == getattr(cls, FACT_TYPE).key,
        )
        for field in msgspec.structs.fields(cls)
    }


@lru_cache(maxsize=4096)
def _type_of(cls: type[Record], name: str) -> Any:
    """The type of a field, or of the items of a list."""
    found = _fields(cls)[name][0]
    return get_args(found)[0] if get_origin(found) is list else found


@lru_cache(maxsize=4096)
def _required(cls: type[Record]) -> dict[str, Any]:
    return {name: kind for name, (kind, required) in _fields(cls).items() if required}


def _without_none(kind: object) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _stand_in(kind: object) -> Any:
    origin = get_origin(kind)
    if origin is list or origin is dict:
        return origin()
    if origin is Literal:
        return get_args(kind)[0]
    if origin is Annotated:
        return _number(*get_args(kind))
    if kind in (ExactDatetime, AnyDatetime):
        return datetime.combine(_A_DAY, time(9), UTC)
    return _FIXED[kind] if kind in _FIXED else _recorded_group(kind)


@lru_cache(maxsize=4096)
def _recorded_group(cls: type[Record]) -> Record:
    """The smallest group that is recorded: something in it has to be. Always the same object."""
    made = blank(cls)
    if not _required(cls):
        pointer, value = one_fact(cls, "")
        _set(made, steps_of(pointer), value)
    return made


def _number(kind: type[float], allowed: msgspec.Meta) -> float:
    """The number nearest to 0 that is allowed."""
    low = kind(0) if allowed.ge is None else allowed.ge
    high = low if allowed.le is None else allowed.le
    return kind(min(max(0, low), high))
