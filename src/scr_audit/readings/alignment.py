"""Which items of two readings of a record are the same thing, though they stand in other places."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scr_audit.language.types import FactType, Field, Kind, asked_within
from scr_audit.language.unit_key import key_facts
from scr_audit.readings.same import (
    agreed_value,
    is_judgement,
    known_at,
    matching_pairs,
    repeated_places,
)
from scr_audit.records.raw import BESIDE_FACTS, Json


@dataclass(frozen=True)
class AlignedFact:
    """A fact that both readings have a place for, or an item that one of them has.

    `path` is its place in the schema (`parts.*.fitted`); the pointers lead into either record, and
    the values are None where it is not recorded. Of a list of groups the values are the items that
    only one reading has, None where the list is not recorded, and `paired` is how many both have.
    `by_rest`: of two items whose keys differ, paired by the rest of what is recorded.
    `is_reported` is false for the facts of an item that one reading has: its list is reported.
    """

    path: str
    fact: Field
    pointers: tuple[str, str]
    values: tuple[Json, Json]
    paired: int = 0
    is_reported: bool = True
    by_rest: bool = False


@dataclass
class Alignment:
    """The places of a record that two readings share, and where the second's items stand first.

    `first_of` leads from the pointer of an item in the second reading to that in the first;
    `alike` counts the items that were not paired since another of their list has the same key,
    `by_rest` the pairs of items whose keys differ.
    """

    places: list[AlignedFact] = field(default_factory=list)
    first_of: dict[str, str] = field(default_factory=dict)
    alike: int = 0
    by_rest: int = 0

    def in_first(self, pointer: str) -> str | None:
        """The pointer in the first reading of what stands at one in the second; None: nowhere."""
        steps = pointer.split("/")[1:]
        made = second = ""
        for step in steps:
            second = f"{second}/{step}"
            if step.isdigit():
                if second not in self.first_of:
                    return None
                made = self.first_of[second]
            else:
                made = f"{made}/{step}"
        return made


def align(kind: FactType, first: Mapping[str, Json], second: Mapping[str, Json]) -> Alignment:
    """Two readings of one record of a kind, fact by fact."""
    found = Alignment()
    found.places.extend(_group(kind, (first, second), ("", ""), "", found))
    return found


BothValues = tuple[Json, Json]
Pointers = tuple[str, str]


def _group(
    kind: FactType, values: BothValues, at: Pointers, path: str, into: Alignment
) -> Iterator[AlignedFact]:
    for name, fact in compared_facts(kind).items():
        pair = tuple((value or {}).get(name) for value in values)
        pointers = f"{at[0]}/{name}", f"{at[1]}/{name}"
        yield from _fact(fact, (pair[0], pair[1]), pointers, f"{path}{name}", into)


def compared_facts(kind: FactType) -> Mapping[str, Field]:
    """The facts of a group that two readings are compared by.

    Of a judgement only what was judged: who judged, and when, differs between any two auditors.
    """
    if is_judgement(kind):
        return {"value": kind.fields["value"]}
    return {
        name: fact
        for name, fact in kind.fields.items()
        if name not in BESIDE_FACTS and name != "id"
    }


def _fact(
    fact: Field, values: BothValues, at: Pointers, path: str, into: Alignment
) -> Iterator[AlignedFact]:
    kind = fact.type
    if kind.kind is Kind.OBJECT:
        asked = {name: asked_within(fact, inner) for name, inner in kind.fields.items()}
        yield from _group(FactType(kind.kind, fields=asked), values, at, f"{path}.", into)
    elif (item := kind.group_item) is not None:
        yield from _items(fact, item, values, at, path=path, into=into)
    else:
        yield AlignedFact(path, fact, at, values)


def _items(
    fact: Field, item: FactType, values: BothValues, at: Pointers, *, path: str, into: Alignment
) -> Iterator[AlignedFact]:
    first, second = values[0] or [], values[1] or []
    same = matching_pairs(item, first, second)
    nearest = _nearest_pairs(item, first, second, _unpaired(first, second, same))
    into.by_rest += len(nearest)
    same += nearest
    alone = _unpaired(first, second, same)
    own = [
        None if value is None else [value[place] for place in places]
        for value, places in zip(values, alone, strict=True)
    ]
    into.alike += sum(
        place in repeated_places(item, items)
        for items, places in zip((first, second), alone, strict=True)
        for place in places
    )
    yield AlignedFact(path, fact, at, (own[0], own[1]), paired=len(same))
    for a, b in sorted(same):
        inner = f"{at[0]}/{a}", f"{at[1]}/{b}"
        into.first_of[inner[1]] = inner[0]
        for place in _group(item, (first[a], second[b]), inner, f"{path}.*.", into):
            yield replace(place, by_rest=True) if (a, b) in nearest else place
    # What only one of them recorded counts against each fact that it recorded of it.
    for a in alone[0]:
        yield from _places_of_one(item, (first[a], None), (f"{at[0]}/{a}", at[1]), path)
    for b in alone[1]:
        yield from _places_of_one(item, (None, second[b]), (at[0], f"{at[1]}/{b}"), path)


def _places_of_one(
    item: FactType, values: BothValues, at: Pointers, path: str
) -> Iterator[AlignedFact]:
    for place in _group(item, values, at, f"{path}.*.", Alignment()):
        yield replace(place, is_reported=False)


def _unpaired(
    first: Sequence[Json], second: Sequence[Json], same: Sequence[tuple[int, int]]
) -> tuple[list[int], list[int]]:
    """The places of the items of either list that no pair has."""
    taken = {a for a, _ in same}, {b for _, b in same}
    return (
        [place for place in range(len(first)) if place not in taken[0]],
        [place for place in range(len(second)) if place not in taken[1]],
    )


def _nearest_pairs(
    item: FactType, first: Sequence[Json], second: Sequence[Json], lone: tuple[list[int], list[int]]
) -> list[tuple[int, int]]:
    """The lone items of both lists that are most alike in their facts, each the other's only one.

    Two readers may differ in the very fact that tells items apart; an item of which another one in
    its list has the same key is paired with nothing.
    """
    left = [place for place in lone[0] if place not in repeated_places(item, first)]
    right = [place for place in lone[1] if place not in repeated_places(item, second)]
    shared = {(a, b): _shared_facts(item, first[a], second[b]) for a in left for b in right}
    shared = {pair: count for pair, count in shared.items() if count}
    found = []
    while shared:
        best = [
            (a, b)
            for (a, b), count in shared.items()
            if all(
                count > other or (x, y) == (a, b)
                for (x, y), other in shared.items()
                if x == a or y == b
            )
        ]
        if not best:
            break
        found += best
        taken = {a for a, _ in best}, {b for _, b in best}
        shared = {
            (a, b): n for (a, b), n in shared.items() if a not in taken[0] and b not in taken[1]
        }
    return found


def _shared_facts(item: FactType, first: Mapping[str, Json], second: Mapping[str, Json]) -> int:
    """How many facts both recorded the same."""
    found = 0
    for name, kind in key_facts(item).items():
        values = known_at(first, name.split(".")), known_at(second, name.split("."))
        if None not in values:
            with contextlib.suppress(ValueError):
                agreed_value(kind, *values)
                found += 1
    return found
