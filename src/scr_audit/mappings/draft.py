"""A record while it is filled: its facts, where each comes from, and what contradicts what."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scr_audit.mappings.mapping import Target
from scr_audit.records.raw import Json, value_at


@dataclass(frozen=True, slots=True)
class Holder:
    """The record or an item of one of its lists, with its JSON pointer."""

    facts: dict[str, Any]
    pointer: str


Holders = Mapping[str, Holder]


@dataclass
class CollectedWords:
    """The words of a fact that is a list, as they come in; `broken` once one did not fit.

    `places` has all elements of the list that have a word.
    """

    holder: Holder
    target: Target
    words: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    broken: bool = False


class Draft:
    """One record of an import in the making."""

    def __init__(self, file: str) -> None:
        self.facts: dict[str, Any] = {}
        self.provenance: dict[str, dict[str, str]] = {}
        self.gathered: dict[tuple[str, Target], CollectedWords] = {}
        self._file = file
        self._said: dict[Hashable, list[tuple[Any, str]]] = {}

    def root(self) -> dict[str, Holder]:
        """The record itself as a holder of facts."""
        return {"": Holder(self.facts, "")}

    def came_from(self, pointer: str, place: str) -> None:
        """Note where a fact or an item comes from."""
        self.provenance.setdefault(pointer, {"file": self._file, "place": place})

    def claim(self, about: Hashable, value: Json, place: str) -> None:
        """Note what the element at `place` says about something that has one value only."""
        self._said.setdefault(about, []).append((value, place))

    @property
    def contradictions(self) -> list[tuple[str, ...]]:
        """The places of all elements about each thing on which they differ."""
        found = (
            tuple(dict.fromkeys(place for _, place in said))
            for said in self._said.values()
            if any(value != said[0][0] for value, _ in said)
        )
        return list(dict.fromkeys(found))

    def put(self, holder: Holder, target: Target, value: Json, place: str) -> None:
        """State a fact; where another value was stated before, that is a contradiction."""
        facts = holder.facts
        for key in target.keys[:-1]:
            facts = facts.setdefault(key, {})
        last = target.keys[-1]
        pointer = f"{holder.pointer}/{'/'.join(target.keys)}"
        self.claim(pointer, value, place)
        if last not in facts:
            facts[last] = value
            self.came_from(pointer, place)

    def add_item(self, holders: Holders, name: str, place: str) -> Holder:
        """A new item of the list `name`."""
        items, pointer = self._list_for(holders, name)
        items.append({})
        item = Holder(items[-1], f"{pointer}/{len(items) - 1}")
        self.came_from(item.pointer, place)
        return item

    def find_item(self, holders: Holders, name: str, facts: Mapping[Target, Json]) -> Holder | None:
        """The first item of the list that states the first of `facts` and contradicts no other.

        So a conference that two elements report is one item.
        """
        items, pointer = self._list_for(holders, name)
        (first, value), *others = facts.items()
        for index, item in enumerate(items):
            if value_at(item, first.keys) == value and all(
                value_at(item, target.keys) in (None, other) for target, other in others
            ):
                return Holder(item, f"{pointer}/{index}")
        return None

    def _list_for(self, holders: Holders, name: str) -> tuple[list[dict[str, Any]], str]:
        target = Target.of(name)
        facts = holders[target.holder].facts
        for key in target.keys[:-1]:
            facts = facts.setdefault(key, {})
        pointer = f"{holders[target.holder].pointer}/{'/'.join(target.keys)}"
        return facts.setdefault(target.keys[-1], []), pointer

    def gather(self, holder: Holder, target: Target) -> CollectedWords:
        """The list of words that is gathered for a fact of `holder`."""
        key = (holder.pointer, target)
        if key not in self.gathered:
            self.gathered[key] = CollectedWords(holder, target)
        return self.gathered[key]

    def record(self) -> dict[str, Any]:
        """The record, with the provenance of its facts last."""
        return {**self.facts, "provenance": self.provenance}
