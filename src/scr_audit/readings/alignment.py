"""Which items of two readings or sources are the same thing, though they stand in other places.

Items of a list are paired in four passes, each over what the one before left: equal in everything;
of the same key; alike by the schema's `x-same-by`; and, for two readings, most alike in the facts
that both recorded. A pair is only made where neither item has a second one that fits as well, so
that a wrong pair is never better than none. Inside a pair the lists are paired in the same way.

The cost: keys are looked up, all else compares each item with each. The last pass holds every pair
against every other, the fourth power of the items left over; a record's lists are short.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scr_audit.documents.run import OriginInfo, SourceInfo
from scr_audit.language.types import (
    DATES,
    SIGNED,
    WORDS,
    FactType,
    Field,
    Kind,
    asked_within,
    is_judgement,
)
from scr_audit.language.unit_key import item_key, key_facts, key_text
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import BESIDE_FACTS, Json, value_at
from scr_audit.values.imprecise import bounds


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
Items = Sequence[Mapping[str, Json]]
Pointers = tuple[str, str]


def _group(
    kind: FactType, values: BothValues, at: Pointers, path: str, into: Alignment
) -> Iterator[AlignedFact]:
    first, second = (value if isinstance(value, Mapping) else {} for value in values)
    for name, fact in compared_facts(kind).items():
        pointers = f"{at[0]}/{name}", f"{at[1]}/{name}"
        pair = first.get(name), second.get(name)
        yield from _fact(fact, pair, pointers, f"{path}{name}", into)


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
    first, second = (value if isinstance(value, list) else [] for value in values)
    same = matching_pairs(item, first, second)
    nearest = _nearest_pairs(item, first, second, _unpaired(first, second, same))
    into.by_rest += len(nearest)
    same += nearest
    alone = _unpaired(first, second, same)
    own = [
        None if value is None else [items[place] for place in places]
        for value, items, places in zip(values, (first, second), alone, strict=True)
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
    first: Items, second: Items, same: Sequence[tuple[int, int]]
) -> tuple[list[int], list[int]]:
    """The places of the items of either list that no pair has."""
    taken = {a for a, _ in same}, {b for _, b in same}
    return (
        [place for place in range(len(first)) if place not in taken[0]],
        [place for place in range(len(second)) if place not in taken[1]],
    )


def _nearest_pairs(
    item: FactType, first: Items, second: Items, lone: tuple[list[int], list[int]]
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
        values = value_at(first, name.split(".")), value_at(second, name.split("."))
        if None not in values:
            with contextlib.suppress(ValueError):
                agreed_value(kind, *values)
                found += 1
    return found


Pair = tuple[int, int]


def agreed_value(fact: FactType, first: Json, second: Json) -> Json:
    """The value on which both agree: of two dates, one of which holds the other, the more precise.

    Raises `ValueError` where they differ.
    """
    if first == second and isinstance(first, bool) is isinstance(second, bool):
        return first
    if fact.item is not None and first and second:
        as_said: Any = set if fact.item.kind in WORDS else sorted  # a number may be there twice
        if as_said(first) == as_said(second):
            return first
    if fact.kind in DATES:
        (low, high), (other_low, other_high) = (
            bounds(fact.moment(str(value))) for value in (first, second)
        )
        if other_low <= low and high <= other_high:
            return first
        if low <= other_low and other_high <= high:
            return second
    raise ValueError("the values differ")


def matching_pairs(fact: FactType, first: Items, second: Items) -> list[Pair]:
    """The places of the items that are the same thing, in the order of the first list.

    They are equal, or have the same key, or are alike by the schema's `x-same-by`: its first fact
    is recorded in both and the same, none of its others differ, and no other item fits as well. An
    item whose key another of its list has too is only matched with an equal one.
    """
    found = _equal(fact, first, second)
    apart = repeated_places(fact, first), repeated_places(fact, second)
    left = [n for n in range(len(first)) if n not in {pair[0] for pair in found} | apart[0]]
    right = [n for n in range(len(second)) if n not in {pair[1] for pair in found} | apart[1]]
    by_key = {key_text([key]): n for n in right if (key := item_key(fact, second[n]))}
    alike = [
        (n, by_key[text]) for n in left if (text := key_text([item_key(fact, first[n])])) in by_key
    ]
    found += alike
    left = [n for n in left if n not in {pair[0] for pair in alike}]
    right = [n for n in right if n not in {pair[1] for pair in alike}]
    if fact.same_by:
        near = {(a, b): _nearness(fact, first[a], second[b]) for a in left for b in right}
        # First items alike in all of these facts: then they are no second choice for the others.
        for least in (len(fact.same_by), 1):
            fit = [pair for pair, facts in near.items() if facts >= least]
            for pair in fit:
                alone = sum(a == pair[0] for a, _ in fit) == sum(b == pair[1] for _, b in fit) == 1
                if alone:
                    found.append(pair)
            taken = {pair[0] for pair in found}, {pair[1] for pair in found}
            near = {
                (a, b): facts
                for (a, b), facts in near.items()
                if a not in taken[0] and b not in taken[1]
            }
    return sorted(found)


def repeated_places(fact: FactType, items: Items) -> set[int]:
    """The places of the items whose key another item of the list has too."""
    keys = [key_text([item_key(fact, item)]) for item in items]
    times = Counter(keys)
    return {place for place, key in enumerate(keys) if times[key] > 1}


def _equal(fact: FactType, first: Items, second: Items) -> list[Pair]:
    found: list[Pair] = []
    taken: set[int] = set()
    said = [_unsigned(fact, item) for item in second]
    for a, item in enumerate(first):
        mine = _unsigned(fact, item)
        b = next((n for n, other in enumerate(said) if n not in taken and other == mine), None)
        if b is not None:
            taken.add(b)
            found.append((a, b))
    return found


def _unsigned(fact: FactType, value: Json) -> Json:
    """A value without who judged, and when, which differs between any two auditors."""
    if isinstance(value, list) and fact.item is not None:
        return [_unsigned(fact.item, each) for each in value]
    if not isinstance(value, Mapping):
        return value
    known, judged = fact.fields, is_judgement(fact)
    return {
        name: _unsigned(known[name].type, each) if name in known else each
        for name, each in value.items()
        if not (judged and name in SIGNED)
    }


def _nearness(fact: FactType, first: Mapping[str, Json], second: Mapping[str, Json]) -> int:
    """How many facts of `x-same-by` are the same in both; 0: they are not the same thing."""
    same = 0
    for place, steps in enumerate(fact.same_by):
        values = value_at(first, steps), value_at(second, steps)
        if None in values:
            if place == 0:
                return 0
            continue
        try:
            agreed_value(_type_at(fact, steps), *values)
        except ValueError:
            return 0
        same += 1
    return same


def _type_at(fact: FactType, steps: Sequence[str]) -> FactType:
    for step in steps:
        fact = fact.fields[step].type
    return fact


Origins = dict[str, OriginInfo]


def origins_of(record: Mapping[str, Json], *, file: str, place: str) -> Origins:
    """The provenance of a record, with the file itself for facts that have none."""
    own = record.get(KEY)
    return {"": {"file": file, "place": place}, **(own if isinstance(own, Mapping) else {})}


def origin_at(origins: Origins, pointer: str) -> OriginInfo:
    """The origin of the fact at a pointer: its own, or the nearest above it."""
    while pointer not in origins:
        pointer = pointer.rpartition("/")[0]
    return origins[pointer]


def joint_origin(first: OriginInfo, second: OriginInfo) -> OriginInfo:
    """The origin of a fact that two sources say."""
    plain = [each for origin in (first, second) for each in _each(origin)]
    different = [each for n, each in enumerate(plain) if each not in plain[:n]]
    found = first.copy()
    found.pop("also", None)
    return {**found, "also": different[1:]} if different[1:] else found


def _each(origin: OriginInfo) -> list[SourceInfo]:
    return [own_source(origin), *(origin.get("also") or ())]


def own_source(origin: OriginInfo) -> SourceInfo:
    """An origin without what other sources say."""
    own = origin.copy()
    own.pop("also", None)
    own.pop("said", None)
    return own


def compact(origins: Origins) -> Origins:
    """The same provenance without what the nearest above says already."""
    found: Origins = {}
    for pointer in sorted(origins, key=lambda each: (each.count("/"), each)):
        above = pointer
        while above:
            above = above.rpartition("/")[0]
            if above in found:
                break
        if not pointer or above not in found or found[above] != origins[pointer]:
            found[pointer] = origins[pointer]
    return found
