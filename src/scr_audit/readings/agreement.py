"""Two readings of the same sample compared: records, rules and facts, as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

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
from scr_audit.language.conditions import Rule
from scr_audit.language.unit_key import UnitKey
from scr_audit.packs.pack import Pack
from scr_audit.readings.alignment import Alignment, align
from scr_audit.readings.facts import Disagreement, FactCount, Reading, count_fact, disagreements
from scr_audit.stats.kappa import Answers, PairAgreement, agreement

UnitPlace = tuple[str, RecordKey, str]  # rule, record and pointer into the first reading
UNKNOWN = OUTCOMES[NOT_EVIDENCED]
ABSENT = "not there"  # the answer of the reading that does not have a unit, or does not judge it


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


FORMAT: Literal["scr-audit/agreement"] = "scr-audit/agreement"
FORMAT_VERSION: Literal[2] = 2
Readings = Mapping[RecordKey, Reading]


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
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
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
        origin["role"]
        for reading in side.records.values()
        for origin in reading.origins.values()
        if origin.get("role")
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
        unit: (first.of_unit.get(unit, ABSENT), second.of_unit.get(unit, ABSENT)) for unit in units
    }
    both = [unit for unit, pair in answers.items() if ABSENT not in pair]
    neither = [unit for unit in both if answers[unit] == (UNKNOWN, UNKNOWN)]
    lone = [unit for unit, pair in answers.items() if ABSENT in pair and is_item_unit(unit)]
    alone = [answers[unit] for unit in lone] + [(ABSENT, each.outcome) for each in elsewhere]
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
        "only_first": sum(pair[1] == ABSENT for pair in alone),
        "only_second": sum(pair[0] == ABSENT for pair in alone),
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
