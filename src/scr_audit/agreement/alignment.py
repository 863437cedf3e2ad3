"""Which items of two readings of a record are the same thing, though they stand in other places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scr_audit.language.types import FactType, Field, Kind, asked_within
from scr_audit.merging.merge import BESIDE_FACTS
from scr_audit.merging.same import is_judgement, pairs


@dataclass(frozen=True)
class Place:
    """A fact that both readings have a place for.

    `path` is its place in the schema (`parts.*.fitted`); the pointers lead into either record, and
    the values are None where it is not recorded. Of a list of groups the values are the items that
    only one reading has, None where the list is not recorded.
    """

    path: str
    fact: Field
    pointers: tuple[str, str]
    values: tuple[Any, Any]


@dataclass
class Alignment:
    """The places of a record that two readings share, and where the second's items stand first.

    `first_of` leads from the pointer of an item in the second reading to that in the first.
    """

    places: list[Place] = field(default_factory=list)
    first_of: dict[str, str] = field(default_factory=dict)

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


def aligned(kind: FactType, first: Mapping[str, Any], second: Mapping[str, Any]) -> Alignment:
    """Two readings of one record of a kind, fact by fact."""
    found = Alignment()
    found.places.extend(_group(kind, (first, second), ("", ""), "", found.first_of))
    return found


Values = tuple[Any, Any]
Pointers = tuple[str, str]


def _group(
    kind: FactType, values: Values, at: Pointers, path: str, first_of: dict[str, str]
) -> Iterator[Place]:
    for name, fact in compared(kind).items():
        pair = tuple((value or {}).get(name) for value in values)
        pointers = f"{at[0]}/{name}", f"{at[1]}/{name}"
        yield from _fact(fact, (pair[0], pair[1]), pointers, f"{path}{name}", first_of)


def compared(kind: FactType) -> Mapping[str, Field]:
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
    fact: Field, values: Values, at: Pointers, path: str, first_of: dict[str, str]
) -> Iterator[Place]:
    kind = fact.type
    if kind.kind is Kind.OBJECT:
        asked = {name: asked_within(fact, inner) for name, inner in kind.fields.items()}
        yield from _group(FactType(kind.kind, fields=asked), values, at, f"{path}.", first_of)
    elif kind.item is not None and kind.item.kind is Kind.OBJECT:
        yield from _items(fact, kind.item, values, at, path=path, first_of=first_of)
    else:
        yield Place(path, fact, at, values)


def _items(
    fact: Field,
    item: FactType,
    values: Values,
    at: Pointers,
    *,
    path: str,
    first_of: dict[str, str],
) -> Iterator[Place]:
    first, second = values[0] or [], values[1] or []
    same = pairs(item, first, second)
    alone = (
        _without(values[0], {pair[0] for pair in same}),
        _without(values[1], {pair[1] for pair in same}),
    )
    yield Place(path, fact, at, alone)
    for a, b in same:
        inner = f"{at[0]}/{a}", f"{at[1]}/{b}"
        first_of[inner[1]] = inner[0]
        yield from _group(item, (first[a], second[b]), inner, f"{path}.*.", first_of)


def _without(items: Sequence[Any] | None, places: set[int]) -> list[Any] | None:
    if items is None:
        return None
    return [item for place, item in enumerate(items) if place not in places]
