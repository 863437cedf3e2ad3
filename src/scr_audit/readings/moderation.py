"""What moderation changed: each decision, and both auditors' verdicts beside the moderated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from scr_audit.documents.parts import RecordKey
from scr_audit.documents.run import DecidedInfo, ModeratedRule, ModerationInfo
from scr_audit.engine import Engine
from scr_audit.language.types import FactType, asked_within
from scr_audit.packs.pack import Pack
from scr_audit.readings.agreement import AuditorReading, judge_records, verdicts, verdicts_in_first
from scr_audit.readings.alignment import Alignment, align
from scr_audit.records.raw import Json


def moderation_document(
    pack: Pack,
    moderated: AuditorReading,
    readings: tuple[AuditorReading, AuditorReading],
    *,
    as_of: date | None,
) -> ModerationInfo:
    """The decisions that moderated records carry, and by rule how many verdicts they changed.

    Verdicts are compared over units that both readings and the moderated record have, by the rules
    alone: an approved exception is about a unit, whoever read it.
    """
    keys = [key for key in moderated.records if all(key in side.records for side in readings)]
    return {
        "first": list(readings[0].files),
        "second": list(readings[1].files),
        "records": len(keys),
        "not_read_twice": len(moderated.records) - len(keys),
        "decisions": list(_decisions(pack, moderated)),
        "rules": _rules(Engine(pack), moderated, readings, keys=keys, as_of=as_of),
    }


def _decisions(pack: Pack, moderated: AuditorReading) -> Iterator[DecidedInfo]:
    for (kind, record), reading in sorted(moderated.records.items()):
        for pointer, origin in sorted(reading.origins.items()):
            said = list(origin.get("said", ()))
            if origin["file"] != "decision" or len(said) != 2:
                continue
            yield {
                "kind": kind,
                "record": record,
                "pointer": pointer,
                "question": question_at(pack.kinds[kind].type, pointer),
                "first": said[0]["value"],
                "second": said[1]["value"],
                "decided": _at(reading.facts, pointer),
                "reason": origin.get("note") or "",
                "role": origin.get("role") or "",
                "on": origin.get("on"),
            }


def question_at(kind: FactType, pointer: str) -> str:
    """The question that the fact at a pointer answers; empty where the schema has no such fact."""
    question, group = "", None
    for step in pointer.split("/")[1:]:
        if step.isdecimal() and kind.item is not None:
            kind = kind.item
        elif step in kind.fields:
            fact = kind.fields[step]
            fact = fact if group is None else asked_within(group, fact)
            question, kind, group = fact.question, fact.type, fact
        else:
            return ""
    return question


def _at(facts: Json, pointer: str) -> Json:
    found = facts
    for step in pointer.split("/")[1:]:
        if isinstance(found, list):
            found = found[int(step)] if step.isdecimal() and int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _rules(
    engine: Engine,
    moderated: AuditorReading,
    readings: tuple[AuditorReading, AuditorReading],
    *,
    keys: list[RecordKey],
    as_of: date | None,
) -> list[ModeratedRule]:
    """By rule: units, and on how many the first, the second and the moderated verdict differ."""
    final = verdicts(judge_records(engine, moderated, keys, as_of)).of_unit
    first, second = (
        verdicts_in_first(
            judge_records(engine, side, keys, as_of),
            _alignments(engine.pack, moderated, side, keys),
        ).of_unit
        for side in readings
    )
    counts: dict[str, list[int]] = {}
    for unit, outcome in final.items():
        if unit in first and unit in second:
            _count(counts.setdefault(unit[0], [0, 0, 0, 0]), first[unit], second[unit], outcome)
    return [
        {
            "rule": rule.id,
            "units": counts[rule.id][0],
            "first_second": counts[rule.id][1],
            "first_moderated": counts[rule.id][2],
            "second_moderated": counts[rule.id][3],
        }
        for rule in engine.pack.rules
        if any(counts.get(rule.id, [0])[1:])
    ]


def _count(row: list[int], first: str, second: str, final: str) -> None:
    for place, differs in enumerate((True, first != second, first != final, second != final)):
        row[place] += differs


def _alignments(
    pack: Pack, moderated: AuditorReading, side: AuditorReading, keys: list[RecordKey]
) -> dict[RecordKey, Alignment]:
    return {
        key: align(pack.kinds[key[0]].type, moderated.records[key].facts, side.records[key].facts)
        for key in keys
    }
