"""Two records of the same thing made one: what either says is kept, all differences shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from scr_audit.documents.run import OriginInfo
from scr_audit.language.types import FactType, Field, Kind, asked_within, is_judgement
from scr_audit.language.unit_key import ItemKey, UnitKey, item_key
from scr_audit.readings.alignment import (
    Items,
    Origins,
    agreed_value,
    compact,
    joint_origin,
    matching_pairs,
    origin_at,
    own_source,
    repeated_places,
)
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import BESIDE_FACTS, Json, value_at
from scr_audit.values.text import counted

FIRST, SECOND, BOTH, NEITHER, OWN = "1", "2", "both", "neither", "own"
OneSided = Literal["kept", "asked"]  # what only one source says: taken over, or decided on
_LACKING = re.compile(r"does not list (this one|these [\d,]+) \(lists [\d,]+ others?\)\Z")
_OPEN_FACT = Field("extra", FactType(Kind.TEXT))


@dataclass(frozen=True)
class Source:
    """One record, and where each of its facts comes from."""

    facts: Mapping[str, Json]
    origins: Origins


@dataclass(frozen=True)
class Conflict:
    """A fact on which two sources differ, or a list of which they have different items.

    `fact` names it in the schema (`visits[].date`), and `item` has the key of each list item
    on the way to it, from the outside in: they name it in files of decisions, for the pointer
    changes when an item is added. Of a list `first` and `second` are the items that are in one of
    the two only, or words where that one has none of its own but others. `takes` are the decisions
    that are possible.
    """

    pointer: str
    fact: str
    item: UnitKey
    question: str
    first: Json
    second: Json
    first_origin: OriginInfo
    second_origin: OriginInfo
    takes: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a conflict, in which role, on which day, and why.

    `value` is the one that counts where `take` is `own`.
    """

    take: str
    by_role: str
    on: str
    reason: str
    value: Json = None


DecideConflict = Callable[[Conflict], Decision | None]


@dataclass
class Merged:
    """The record, where its facts come from, what is undecided, and what a reader should know."""

    facts: dict[str, Json] = field(default_factory=dict)
    origins: Origins = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """The record as a source for the next merge."""
        return Source(self.facts, self.origins)

    def record(self, kind: str) -> dict[str, Json]:
        """The record with its kind and its provenance."""
        facts = {name: value for name, value in self.facts.items() if name != "id"}
        return {"id": self.facts["id"], "kind": kind, **facts, KEY: compact(self.origins)}


def merge_sources(
    kind: FactType,
    first: Source,
    second: Source,
    decide: DecideConflict = lambda _: None,
    *,
    one_sided: OneSided = "kept",
) -> Merged:
    """One record of two of the same kind and id.

    What is not decided is not recorded. Where `one_sided` is asked, what only one of them says is
    a conflict too, judgements are decided on as a whole, and of an undecided list only the items
    are kept that both have.
    """
    found = Merged()
    work = _Merge(first.origins, second.origins, decide, found, one_sided)
    found.origins[""] = first.origins[""]
    found.facts = work.group(kind, first.facts, second.facts, FactPlace("", "", ""))
    return found


def from_one_source(kind: FactType, source: Source) -> Merged:
    """A record with a single source."""
    return merge_sources(kind, source, Source({"id": source.facts["id"]}, source.origins))


class FactPlace(NamedTuple):
    """A fact by its pointers in the merged record, the first and the second, and by its keys."""

    merged: str
    first: str
    second: str
    fact: str = ""
    item: tuple[ItemKey, ...] = ()

    def below(self, name: str) -> FactPlace:
        """The fact of this name in a group."""
        step = _step(name)
        fact = f"{self.fact}.{name}".removeprefix(".")
        first, second = self.first + step, self.second + step
        return FactPlace(self.merged + step, first, second, fact, self.item)


@dataclass(frozen=True)
class _Merge:
    """Two records being joined: where their facts come from, and what was found on the way."""

    first: Origins
    second: Origins
    decide: DecideConflict
    found: Merged
    one_sided: OneSided

    def group(
        self, fact: FactType, first: Mapping[str, Json], second: Mapping[str, Json], at: FactPlace
    ) -> dict[str, Json]:
        made: dict[str, Json] = {}
        for name in dict.fromkeys([*first, *second]):
            if name in BESIDE_FACTS:
                continue
            known = fact.fields.get(name, _OPEN_FACT)
            value = self.fact(known, first.get(name), second.get(name), at.below(name))
            if value is not None:
                made[name] = value
        return made

    def fact(self, known: Field, first: Json, second: Json, at: FactPlace) -> Json:
        if first is None and second is None:
            return None
        if self.one_sided == "asked" and is_judgement(known.type):
            return self._judgement(known, first, second, at)
        is_group = known.type.kind is Kind.OBJECT
        if (first is None or second is None) and not (is_group and self.one_sided == "asked"):
            return self._one_sided(known, first, second, at)
        first, second = (first or {}, second or {}) if is_group else (first, second)
        if isinstance(first, Mapping) and isinstance(second, Mapping):
            inner = known.type
            asked = {n: asked_within(known, f) for n, f in inner.fields.items()}
            return self.group(FactType(inner.kind, fields=asked), first, second, at)
        item = known.type.group_item
        if item and first and second and isinstance(first, list) and isinstance(second, list):
            return self._merge_items(known, item, first, second, at)
        return self._value(known, first, second, at)

    def _judgement(self, known: Field, first: Json, second: Json, at: FactPlace) -> Json:
        """A judgement as a whole: who judged, and when, belongs to what was judged."""
        values = [value_at(each, ["value"]) for each in (first, second)]
        if None in values or values[0] != values[1]:
            return self._one_sided(known, first, second, at)
        origins = origin_at(self.first, at[1]), origin_at(self.second, at[2])
        self.found.origins[at[0]] = joint_origin(*origins)
        return first

    def _one_sided(self, known: Field, first: Json, second: Json, at: FactPlace) -> Json:
        if self.one_sided == "kept":
            return self._of_one(known.type, first, second, at)
        origins = origin_at(self.first, at[1]), origin_at(self.second, at[2])
        takes = (FIRST, SECOND, NEITHER, OWN)
        return self._decided(_conflict(known, at, first, second, origins, takes), at)

    def _of_one(self, fact: FactType, first: Json, second: Json, at: FactPlace) -> Json:
        """What only one of them says, with its own origins."""
        value, origins, pointer = (
            (second, self.second, at[2]) if first is None else (first, self.first, at[1])
        )
        for steps in _leaves(value):
            self.found.origins[at[0] + steps] = origin_at(origins, pointer + steps)
        return value

    def _value(self, known: Field, first: Json, second: Json, at: FactPlace) -> Json:
        origins = origin_at(self.first, at[1]), origin_at(self.second, at[2])
        try:
            value = agreed_value(known.type, first, second)
        except ValueError:
            takes = (FIRST, SECOND, NEITHER, OWN)
            return self._decided(_conflict(known, at, first, second, origins, takes), at)
        if (
            value == first and agreed_value(known.type, second, first) == second
        ):  # neither says more
            self.found.origins[at[0]] = joint_origin(*origins)
        else:
            self.found.origins[at[0]] = origins[0] if value == first else origins[1]
            other = second if value == first else first
            self.found.remarks.append(f"{at[0]}: the more precise {value} was taken, not {other}")
        return value

    def _decided(self, conflict: Conflict, at: FactPlace) -> Json:
        """The value that was decided for; None where nothing was, which leaves it a conflict."""
        decision = self.decide(conflict)
        if decision is None:
            self.found.conflicts.append(conflict)
            return None
        self.found.origins[at[0]] = decided_origin(conflict, decision)
        values = {FIRST: conflict.first, SECOND: conflict.second, OWN: decision.value}
        value = values.get(decision.take)
        for steps in _leaves(value):
            self.found.origins[at[0] + steps] = self.found.origins[at[0]]
        return value

    def _merge_items(
        self, known: Field, item: FactType, first: Items, second: Items, at: FactPlace
    ) -> list[Json] | None:
        same = dict(matching_pairs(item, first, second))
        only_first = [n for n in range(len(first)) if n not in same]
        only_second = [n for n in range(len(second)) if n not in same.values()]
        self._note_repeated_keys(item, first, only_first, at)
        self._note_repeated_keys(item, second, only_second, at)
        kept = [(n, same.get(n)) for n in range(len(first))]
        extra: list[tuple[int | None, int | None]] = [(None, n) for n in only_second]
        own: list[Json] | None = None
        asked = self.one_sided == "asked" and (only_first or only_second)
        if asked or (only_first and only_second):
            take, own = self._decided_list(
                known, item, (first, only_first), (second, only_second), at
            )
            if take in (SECOND, NEITHER, OWN):
                kept = [pair for pair in kept if pair[0] in same]
            if take in (FIRST, NEITHER, OWN):
                extra = []
        elif only_first or only_second:
            count, said = len(only_first or only_second), self.first if only_first else self.second
            file = origin_at(said, at[1] if only_first else at[2])["file"]
            self.found.remarks.append(f"{at[0]}: {count} only in {file}")
        made: list[Json] = []
        for a, b in [*kept, *extra]:
            values = None if a is None else first[a], None if b is None else second[b]
            places = f"{at.merged}/{len(made)}", f"{at.first}/{a}", f"{at.second}/{b}"
            key = item_key(item, values[1] if a is None else values[0])
            place = FactPlace(*places, f"{at.fact}[]", (*at.item, key))
            field_ = Field(known.name, item, ask=known.ask)
            # An item that only one has was decided on as a whole.
            alone = a is None or b is None
            made.append(
                self._of_one(item, *values, place) if alone else self.fact(field_, *values, place)
            )
        for number, value in enumerate(own or (), len(made)):
            for steps in _leaves(value):
                self.found.origins[f"{at[0]}/{number}{steps}"] = self.found.origins[at[0]]
        # Where neither's items were taken none is known: `[]` would say that there were none.
        return made or None if own is None else [*made, *own]

    def _note_repeated_keys(
        self, item: FactType, items: Items, only: list[int], at: FactPlace
    ) -> None:
        number = len(repeated_places(item, items).intersection(only))
        if number:
            self.found.remarks.append(
                f"{at.merged}: several items of one source have the same key, so none of "
                f"them was matched ({number})"
            )

    def _decided_list(
        self,
        known: Field,
        item: FactType,
        first: tuple[Items, list[int]],
        second: tuple[Items, list[int]],
        at: FactPlace,
    ) -> tuple[str, list[Json] | None]:
        """What was decided about items that could be the same under another date, or two things.

        With the items that count instead of those, where somebody gave their own.
        """
        conflict = Conflict(
            at.merged,
            at.fact,
            list(at.item),
            known.question,
            *list_differences(
                [identifying_facts(item, first[0][n]) for n in first[1]],
                [identifying_facts(item, second[0][n]) for n in second[1]],
                len(first[0]) - len(first[1]),
            ),
            origin_at(self.first, f"{at[1]}/{first[1][0]}" if first[1] else at[1]),
            origin_at(self.second, f"{at[2]}/{second[1][0]}" if second[1] else at[2]),
            (FIRST, SECOND, BOTH, NEITHER, OWN),
        )
        decision = self.decide(conflict)
        if decision is None:
            self.found.conflicts.append(conflict)
            return NEITHER if self.one_sided == "asked" else FIRST, None
        self.found.origins[at[0]] = decided_origin(conflict, decision)
        if decision.take != OWN:
            return decision.take, None
        # Whether it fits the schema is checked with the record.
        return OWN, decision.value if isinstance(decision.value, list) else [decision.value]


def _conflict(
    known: Field,
    at: FactPlace,
    first: Json,
    second: Json,
    origins: tuple[OriginInfo, OriginInfo],
    takes: tuple[str, ...],
) -> Conflict:
    key = list(at.item)
    return Conflict(at.merged, at.fact, key, known.question, first, second, *origins, takes)


def decided_origin(conflict: Conflict, decision: Decision) -> OriginInfo:
    """The origin of a fact that somebody decided on: who and why, and what all sources said."""
    return {
        "file": "decision",
        "role": decision.by_role,
        "on": decision.on,
        "note": decision.reason,
        "said": [
            {"value": value, **own_source(origin)}
            for value, origin in (
                (conflict.first, conflict.first_origin),
                (conflict.second, conflict.second_origin),
            )
        ],
    }


def _step(name: str) -> str:
    return f"/{name.replace('~', '~0').replace('/', '~1')}"


def _leaves(value: Json, pointer: str = "") -> Iterator[str]:
    """The pointers of all facts in a value, and of its groups and items."""
    yield pointer
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, pointer + _step(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if isinstance(inner, Mapping):
                yield from _leaves(inner, f"{pointer}/{number}")


def list_differences(first: Items, second: Items, in_both: int) -> tuple[Json, Json]:
    """What only one of two lists has, or words where that is nothing and the list is not empty."""
    if not in_both:
        return first, second
    return first or _lacking_words(len(second), in_both), second or _lacking_words(
        len(first), in_both
    )


def _lacking_words(number: int, others: int) -> str:
    """That a list which has other items lacks some; `is_lacking` knows it again."""
    which = "this one" if number == 1 else f"these {number:,}"
    return f"does not list {which} (lists {counted(others, 'other')})"


def is_lacking(value: Json) -> bool:
    """Whether a value is the words of `list_differences`, however many items there were then."""
    return isinstance(value, str) and bool(_LACKING.match(value))


def identifying_facts(item: FactType, value: Mapping[str, Json]) -> dict[str, Json]:
    """An item by the facts that the schema identifies it by; all of it where it names none."""
    if not item.same_by:
        return dict(value)
    facts = {".".join(steps): value_at(value, steps) for steps in item.same_by}
    return {name: known for name, known in facts.items() if known is not None}
