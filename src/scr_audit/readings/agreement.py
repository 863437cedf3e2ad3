"""Two readings of the same sample compared: records, rules and facts, as a document.

Records that both have are aligned fact by fact (`alignment`), and each reading is judged by itself.
A verdict of the second is then held against that of the unit of the first that is the same thing;
where there is none, that reading's answer is *not there*, which is a disagreement. What neither
knows is counted apart, since to agree on nothing is no agreement.

The cost: every record is judged twice, and its lists are paired as `alignment` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, cast, get_args

from msgspec import to_builtins

from scr_audit._version import __version__
from scr_audit.documents.agreement import (
    AgreementDocument,
    Answer,
    DisagreementInfo,
    FactAgreement,
    Numbers,
    ReadingInfo,
    RuleAgreement,
    VerdictsDiffer,
)
from scr_audit.documents.parts import FileInfo, Outcome, RecordKey
from scr_audit.documents.run import OriginInfo
from scr_audit.engine import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.outcomes import NOT_EVIDENCED, OUTCOMES
from scr_audit.language.rule import Rule
from scr_audit.language.types import Kind
from scr_audit.language.unit_key import UnitKey
from scr_audit.packs.pack import Pack
from scr_audit.readings.alignment import (
    AlignedFact,
    Alignment,
    agreed_value,
    align,
    origin_at,
)
from scr_audit.readings.merged_record import Source, identifying_facts, list_differences
from scr_audit.records.raw import Json
from scr_audit.stats.kappa import Answers, PairAgreement, agreement

UnitPlace = tuple[str, RecordKey, str]  # rule, record and pointer into the first reading
UNKNOWN = OUTCOMES[NOT_EVIDENCED]
NOT_THERE = "not there"  # the answer of the reading that does not have a unit, or does not judge it


@dataclass(frozen=True)
class Verdicts:
    """The outcomes of a reading by unit, its keys, and by rule the units that the other lacks.

    A list as a whole is a unit where it has no items; it does not count as lacking.
    """

    of_unit: Mapping[UnitPlace, Outcome]
    keys: Mapping[UnitPlace, UnitKey]
    elsewhere: Mapping[str, Sequence[Finding]]


def verdicts(findings: Iterable[Finding]) -> Verdicts:
    """The outcomes of the first reading."""
    return _verdicts({_unit(finding, finding.unit): finding for finding in findings}, {})


def verdicts_in_first(
    findings: Iterable[Finding], alignments: Mapping[RecordKey, Alignment]
) -> Verdicts:
    """The outcomes of the second reading, each at the unit of the first that is the same thing."""
    found: dict[UnitPlace, Finding] = {}
    elsewhere: dict[str, list[Finding]] = {}
    for finding in findings:
        alignment = alignments.get((finding.kind, finding.record))
        pointer = None if alignment is None else alignment.in_first(finding.unit)
        if pointer is not None:
            found[_unit(finding, pointer)] = finding
        elif is_item_unit(_unit(finding, finding.unit)):
            elsewhere.setdefault(finding.rule, []).append(finding)
    return _verdicts(found, elsewhere)


def _verdicts(
    found: Mapping[UnitPlace, Finding], elsewhere: Mapping[str, Sequence[Finding]]
) -> Verdicts:
    return Verdicts(
        {unit: finding.outcome for unit, finding in found.items()},
        {unit: finding.key for unit, finding in found.items()},
        elsewhere,
    )


def is_item_unit(unit: UnitPlace) -> bool:
    """Whether a unit is the record or an item of a list, and no list as a whole."""
    last = unit[2].rpartition("/")[2]
    return not last or last.isdecimal()


def _unit(finding: Finding, pointer: str) -> UnitPlace:
    return finding.rule, (finding.kind, finding.record), pointer


AGREEMENT_FORMAT: Literal["scr-audit/agreement"] = "scr-audit/agreement"
AGREEMENT_VERSION: Literal[2] = 2


@dataclass(frozen=True)
class AuditorReading:
    """One auditor's reading of the sample: the files, and the records by kind and id."""

    files: tuple[FileInfo, ...]
    records: Readings


def agreement_document(
    pack: Pack, first: AuditorReading, second: AuditorReading, *, as_of: date | None
) -> AgreementDocument:
    """How far two readings agree by rule and by fact, and every fact on which they differ.

    Verdicts and facts are compared in the records that both read. What neither recorded is left
    out, and an item that only one recorded is a disagreement.
    """
    both = [key for key in first.records if key in second.records]
    facts: dict[str, FactCount] = {}
    differ: list[Disagreement] = []
    alignments: dict[RecordKey, Alignment] = {}
    for kind, record in sorted(both):
        pair = first.records[kind, record], second.records[kind, record]
        alignment = align(pack.kinds[kind].type, pair[0].facts, pair[1].facts)
        alignments[kind, record] = alignment
        places = [(place, count_fact(place, facts, kind)) for place in alignment.places]
        differ += disagreements(kind, record, places, pair)
    engine = Engine(pack)
    rules = _rules(pack, [judge_records(engine, side, both, as_of) for side in (first, second)],
                   alignments)  # fmt: skip
    return {
        "format": AGREEMENT_FORMAT,
        "format_version": AGREEMENT_VERSION,
        "engine": {"name": "scr-audit", "version": __version__},
        "pack": {"id": pack.id, "version": pack.version, "title": pack.title,
                 "sha256": pack.sha256},
        "as_of": None if as_of is None else as_of.isoformat(),
        "first": _side(first, second),
        "second": _side(second, first),
        "records": len(both),
        "rules": rules,
        "facts": [_fact(key, each) for key, each in facts.items()],
        "disagreements": [_disagreement(each) for each in differ],
        "alike": sum(alignment.alike for alignment in alignments.values()),
        "by_rest": sum(alignment.by_rest for alignment in alignments.values()),
    }  # fmt: skip


def judge_records(
    engine: Engine, side: AuditorReading, keys: list[RecordKey], as_of: date | None
) -> list[Finding]:
    """The findings of some records of a reading."""
    found = []
    for key in keys:
        reading = side.records[key]
        # With the origins, since what was due depends on the day of the form.
        record = {**reading.facts, "provenance": to_builtins(reading.origins)}
        found += engine.evaluate(record, kind=key[0], as_of=as_of)
    return found


def _side(side: AuditorReading, other: AuditorReading) -> ReadingInfo:
    """The files of a reading, its roles, and the records that only it has."""
    roles = {
        role
        for reading in side.records.values()
        for origin in reading.origins.values()
        if (role := origin.get("role"))
    }
    return {
        "files": list(side.files),
        "roles": sorted(roles),
        "records": len(side.records),
        "only_here": [
            {"kind": kind, "record": record}
            for kind, record in sorted(side.records)
            if (kind, record) not in other.records
        ],
    }


def _rules(
    pack: Pack, findings: list[list[Finding]], alignments: Mapping[RecordKey, Alignment]
) -> list[RuleAgreement]:
    first, second = verdicts(findings[0]), verdicts_in_first(findings[1], alignments)
    of_rule: dict[str, list[UnitPlace]] = {rule.id: [] for rule in pack.rules}
    for unit in dict.fromkeys([*first.of_unit, *second.of_unit]):
        of_rule[unit[0]].append(unit)
    found: list[RuleAgreement] = []
    for rule in pack.rules:
        elsewhere = second.elsewhere.get(rule.id, ())
        if of_rule[rule.id] or elsewhere:
            found.append(_rule(rule, of_rule[rule.id], first, second, elsewhere))
    return found


def _rule(
    rule: Rule,
    units: list[UnitPlace],
    first: Verdicts,
    second: Verdicts,
    elsewhere: Sequence[Finding],
) -> RuleAgreement:
    """The agreement on the units that either reading has, but for what neither evidenced.

    A unit that one of them does not have is one on which they disagree.
    """
    answers = {
        unit: (first.of_unit.get(unit, NOT_THERE), second.of_unit.get(unit, NOT_THERE))
        for unit in units
    }
    both = [unit for unit, pair in answers.items() if NOT_THERE not in pair]
    neither = [unit for unit in both if answers[unit] == (UNKNOWN, UNKNOWN)]
    lone = [unit for unit, pair in answers.items() if NOT_THERE in pair and is_item_unit(unit)]
    alone = [answers[unit] for unit in lone] + [(NOT_THERE, each.outcome) for each in elsewhere]
    compared = [unit for unit in both if unit not in set(neither)]
    numbers = _numbers(agreement([*(answers[unit] for unit in compared), *alone]))
    numbers["note"] = "; ".join(filter(None, (numbers["note"], *_cautions(compared, alone))))
    keys = {**second.keys, **first.keys}
    differ: list[VerdictsDiffer] = [
        {
            "record": unit[1][1],
            "unit": unit[2],
            "key": keys[unit],
            "first": first.of_unit.get(unit),
            "second": second.of_unit.get(unit),
        }
        for unit in [*both, *lone]
        if len(set(answers[unit])) > 1
    ]
    differ += [
        {
            "record": each.record,
            "unit": each.unit,
            "key": each.key,
            "first": None,
            "second": each.outcome,
        }
        for each in elsewhere
    ]
    return {
        "id": rule.id,
        "title": rule.title,
        "unit": rule.unit,
        "unit_plural": rule.units,
        **numbers,
        "differ": differ,
        "only_first": sum(pair[1] == NOT_THERE for pair in alone),
        "only_second": sum(pair[0] == NOT_THERE for pair in alone),
        "neither": len(neither),
    }


def _cautions(compared: list[UnitPlace], alone: list[Answers]) -> Iterator[str]:
    if alone:
        yield f"{len(alone):,} in one reading only, which count as disagreement"
    if len({unit[1] for unit in compared}) < len(compared):
        yield "several of one record are not independent, so the true interval is wider"


def _numbers(found: PairAgreement) -> Numbers:
    return {
        "n": found.n,
        "agreed": found.agreed,
        "share": found.share,
        "kappa": found.kappa,
        "interval": found.interval,
        "note": found.note,
    }


def _fact(key: str, found: FactCount) -> FactAgreement:
    numbers = _numbers(found.agreement)
    if not found.has_kappa:
        numbers["kappa"], numbers["interval"], numbers["note"] = None, None, ""
    return {
        "kind": key.partition(" ")[0],
        "fact": found.path,
        "question": found.question,
        "counts": {
            "equal": found.counts["equal"],
            "different": found.counts["different"],
            "first_only": found.counts["first_only"],
            "second_only": found.counts["second_only"],
            "neither": found.counts["neither"],
        },
        "has_kappa": found.has_kappa,
        **numbers,
    }


def _disagreement(found: Disagreement) -> DisagreementInfo:
    both = zip(found.pointers, found.values, found.origins, strict=True)
    answers: list[Answer] = [
        # The origins of readings are put together key by key.
        {"pointer": pointer, "value": value, "provenance": cast("OriginInfo", origin)}
        for pointer, value, origin in both
    ]
    return {
        "kind": found.kind,
        "record": found.record,
        "fact": found.path,
        "question": found.question,
        "how": found.how,
        "by_rest": found.by_rest,
        "first": answers[0],
        "second": answers[1],
    }


FactDifference = Literal["different", "first_only", "second_only"]
How = Literal["equal", "different", "first_only", "second_only", "neither"]
HOW: tuple[How, ...] = get_args(How)
_NOT_RECORDED = "not recorded"


Readings = Mapping[RecordKey, Source]


@dataclass(frozen=True)
class Disagreement:
    """A fact that the two record differently, or that only one of them records."""

    kind: str
    record: str
    path: str
    question: str
    how: FactDifference
    pointers: tuple[str, str]
    values: tuple[Json, Json]
    origins: tuple[OriginInfo | None, OriginInfo | None]
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
    for name, number in _fact_numbers(place, compared).items():
        found.counts[name] += number
    if found.has_kappa and compared != "neither":
        found.answers.append((_category(place.values[0]), _category(place.values[1])))
    return compared


def _fact_numbers(place: AlignedFact, compared: How) -> dict[How, int]:
    """What a place adds to the counts: a list each of its items, where there is one."""
    if place.fact.type.group_item is not None:
        first, second = (len(value) if isinstance(value, list) else 0 for value in place.values)
        if place.paired or first or second:
            return {"equal": place.paired, "first_only": first, "second_only": second}
    return {compared: 1}


def disagreements(
    kind: str,
    record: str,
    places: Iterable[tuple[AlignedFact, How]],
    readings: tuple[Source, Source],
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
    place: AlignedFact, readings: tuple[Source, Source]
) -> tuple[OriginInfo | None, OriginInfo | None]:
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
        [identifying_facts(item, each) for each in value] if isinstance(value, list) else None
        for value in place.values
    )
    if first is None or second is None:
        return first, second
    return list_differences(first, second, place.paired)


def _category(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _NOT_RECORDED if value is None else str(value)
