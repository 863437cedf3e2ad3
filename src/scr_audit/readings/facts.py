"""How two readings agree by fact, and every fact on which they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from scr_audit.language.types import Kind
from scr_audit.readings.alignment import AlignedFact
from scr_audit.readings.merged_record import identifying_facts, list_differences
from scr_audit.readings.same import Origin, Origins, agreed_value, origin_at
from scr_audit.records.raw import Json
from scr_audit.stats.kappa import Answers, PairAgreement, agreement

Difference = Literal["different", "first_only", "second_only"]
How = Literal["equal", "different", "first_only", "second_only", "neither"]
HOW: tuple[How, ...] = get_args(How)
_NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Reading:
    """One auditor's record: its facts, and where they come from."""

    facts: Mapping[str, Json]
    origins: Origins


@dataclass(frozen=True)
class Disagreement:
    """A fact that the two record differently, or that only one of them records."""

    kind: str
    record: str
    path: str
    question: str
    how: Difference
    pointers: tuple[str, str]
    values: tuple[Json, Json]
    origins: tuple[Origin | None, Origin | None]
    by_rest: bool


@dataclass
class FactCount:
    """How often the two agree on one fact of the schema; of a list, on its items.

    What neither recorded is counted and is no agreement.
    """

    path: str
    question: str
    counts: dict[How, int] = field(default_factory=lambda: dict.fromkeys(HOW, 0))
    answers: list[Answers] = field(default_factory=list)
    has_kappa: bool = False

    @property
    def agreement(self) -> PairAgreement:
        """Per cent agreement; kappa only of yes/no facts and choices, `not recorded` among them."""
        if self.has_kappa:
            return agreement(self.answers)
        n, agreed = sum(self.counts.values()) - self.counts["neither"], self.counts["equal"]
        return PairAgreement(n, agreed, agreed / n if n else None, None, None, None)


def compare_values(place: AlignedFact) -> How:
    """Whether both recorded the same, or something else, or only one or none recorded it."""
    first, second = place.values
    if first is None or second is None:
        one: How = "first_only" if second is None else "second_only"
        return "neither" if first is second is None else one
    if place.fact.type.group_item is not None:
        return "equal" if not first and not second else "different"
    try:
        agreed_value(place.fact.type, first, second)
    except ValueError:
        return "different"
    return "equal"


def count_fact(place: AlignedFact, into: dict[str, FactCount], kind: str) -> How:
    """Count a fact of a record kind; how it compares."""
    key = f"{kind} {place.path}"
    if key not in into:
        is_nominal = place.fact.type.kind in (Kind.BOOLEAN, Kind.CHOICE)
        into[key] = FactCount(place.path, place.fact.question, has_kappa=is_nominal)
    found, compared = into[key], compare_values(place)
    for name, number in _numbers(place, compared).items():
        found.counts[name] += number
    if found.has_kappa and compared != "neither":
        found.answers.append((_category(place.values[0]), _category(place.values[1])))
    return compared


def _numbers(place: AlignedFact, compared: How) -> dict[How, int]:
    """What a place adds to the counts: a list each of its items, where there is one."""
    if place.fact.type.group_item is not None:
        first, second = (len(value or ()) for value in place.values)
        if place.paired or first or second:
            return {"equal": place.paired, "first_only": first, "second_only": second}
    return {compared: 1}


def disagreements(
    kind: str,
    record: str,
    places: Iterable[tuple[AlignedFact, How]],
    readings: tuple[Reading, Reading],
) -> list[Disagreement]:
    """The facts of one record on which its two readings differ, in the order of the schema."""
    return [
        Disagreement(
            kind,
            record,
            place.path,
            place.fact.question,
            compared,
            place.pointers,
            _reported_values(place),
            _origins(place, readings),
            place.by_rest,
        )
        for place, compared in places
        if place.is_reported and compared != "equal" and compared != "neither"
    ]


def _origins(
    place: AlignedFact, readings: tuple[Reading, Reading]
) -> tuple[Origin | None, Origin | None]:
    found = [
        None if value is None else origin_at(reading.origins, pointer)
        for value, reading, pointer in zip(place.values, readings, place.pointers, strict=True)
    ]
    return found[0], found[1]


def _reported_values(place: AlignedFact) -> tuple[Json, Json]:
    """The values; of a list of groups, what identifies the items that only one of them has."""
    item = place.fact.type.group_item
    if item is None:
        return place.values
    first, second = (
        None if value is None else [identifying_facts(item, each) for each in value]
        for value in place.values
    )
    if first is None or second is None:
        return first, second
    return list_differences(first, second, place.paired)


def _category(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _NOT_RECORDED if value is None else str(value)
