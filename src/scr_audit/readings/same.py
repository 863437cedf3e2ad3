"""Which items of a list are the same thing, and where each fact of a merged record comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from scr_audit.language.operators import WORDS
from scr_audit.language.types import FactType, Kind
from scr_audit.language.unit_key import item_key, key_text
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import Json
from scr_audit.values.imprecise import bounds

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
    if fact.kind in (Kind.DATE, Kind.DATETIME):
        (low, high), (other_low, other_high) = (
            bounds(fact.moment(str(value))) for value in (first, second)
        )
        if other_low <= low and high <= other_high:
            return first
        if low <= other_low and other_high <= high:
            return second
    raise ValueError("the values differ")


def is_judgement(fact: FactType) -> bool:
    """Whether a group is a judgement: a value, and in which role and when it was judged."""
    return "value" in fact.fields and "by_role" in fact.fields


def known_at(item: Mapping[str, Json], steps: Sequence[str]) -> Json:
    """What is recorded at some steps of an item; None where nothing is."""
    found: Json = item
    for step in steps:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def matching_pairs(fact: FactType, first: Sequence[Json], second: Sequence[Json]) -> list[Pair]:
    """The places of the items that are the same thing, in the order of the first list.

    They are equal, or have the same key, or are alike by the schema's `x-same-by`: its first fact
    is recorded in both and the same, none of its others differ, and no other item fits as well. An
    item whose key another of its list has too is only matched with an equal one.
    """
    found = _equal(first, second)
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


def repeated_places(fact: FactType, items: Sequence[Json]) -> set[int]:
    """The places of the items whose key another item of the list has too."""
    keys = [key_text([item_key(fact, item)]) for item in items]
    times = Counter(keys)
    return {place for place, key in enumerate(keys) if times[key] > 1}


def _equal(first: Sequence[Json], second: Sequence[Json]) -> list[Pair]:
    found: list[Pair] = []
    taken: set[int] = set()
    for a, item in enumerate(first):
        b = next((n for n, other in enumerate(second) if n not in taken and other == item), None)
        if b is not None:
            taken.add(b)
            found.append((a, b))
    return found


def _nearness(fact: FactType, first: Mapping[str, Json], second: Mapping[str, Json]) -> int:
    """How many facts of `x-same-by` are the same in both; 0: they are not the same thing."""
    same = 0
    for place, steps in enumerate(fact.same_by):
        values = known_at(first, steps), known_at(second, steps)
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


Origin = dict[str, Json]
Origins = dict[str, Origin]


def origins_of(record: Mapping[str, Json], *, file: str, place: str) -> Origins:
    """The provenance of a record, with the file itself for facts that have none."""
    return {"": {"file": file, "place": place}, **(record.get(KEY) or {})}


def origin_at(origins: Origins, pointer: str) -> Origin:
    """The origin of the fact at a pointer: its own, or the nearest above it."""
    while pointer not in origins:
        pointer = pointer.rpartition("/")[0]
    return origins[pointer]


def joint_origin(first: Origin, second: Origin) -> Origin:
    """The origin of a fact that two sources say."""
    plain = [each for origin in (first, second) for each in _each(origin)]
    different = [each for n, each in enumerate(plain) if each not in plain[:n]]
    found: Origin = {**{key: value for key, value in first.items() if key != "also"}}
    return {**found, "also": different[1:]} if different[1:] else found


def _each(origin: Origin) -> list[Origin]:
    own = {key: value for key, value in origin.items() if key not in ("also", "said")}
    return [own, *origin.get("also", ())]


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
