"""Several readings of the same records: merged, compared, or decided on.

    found = agree("first.json", "second.json")
    found.document["rules"]    # how far the two agree, by rule
    merge(["social-care.json", "health.json"]).records

Where sources contradict each other only a person decides: these facts come back as conflicts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from scr_audit.anonymity.gate import Gate, check_reason
from scr_audit.documents.agreement import AgreementDocument
from scr_audit.documents.parts import RecordKey
from scr_audit.documents.run import DecidedInfo, ModeratedRule, ModerationInfo
from scr_audit.engine import Engine
from scr_audit.errors import InputError, RecordError, check_choice
from scr_audit.inputs.files import check_readable, expand_names, named_files
from scr_audit.language.types import FactType, asked_within
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack, by_list
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import AuditPlan, find_plan
from scr_audit.readings.agreement import (
    AuditorReading,
    agreement_document,
    judge_records,
    verdicts,
    verdicts_in_first,
)
from scr_audit.readings.alignment import Alignment, align
from scr_audit.readings.decisions import (
    Decisions,
    auditor_reading,
    decisions_in,
    reading_files,
    sources_in,
)
from scr_audit.readings.merged_record import (
    Conflict,
    Merged,
    from_one_source,
    merge_sources,
)
from scr_audit.records.decode import decoder_of
from scr_audit.records.ids import LookAlikes
from scr_audit.records.plausible import decode_checked, expect_days
from scr_audit.records.raw import RECORD_FORMATS, Inputs, Json
from scr_audit.report.headline import identifiable_sentence
from scr_audit.report.wording import one_line
from scr_audit.values.text import counted, json_bytes

MOST_CONFLICTS_SHOWN = 20
Conflicts = list[tuple[str, str, Conflict]]
"""What is left to decide, each with the kind and the id of its record."""


class OtherRecordsError(InputError):
    """Two readings are not of the same records. `look_alikes` names ids that may be why."""

    def __init__(self, message: str, look_alikes: Sequence[str]) -> None:
        self.look_alikes = tuple(look_alikes)
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        return OtherRecordsError, (str(self), self.look_alikes)  # for pickling


@dataclass(frozen=True)
class Joined:
    """Records made of several sources, by kind and id, and the conflicts that nobody decided.

    A fact on which there is a conflict is not recorded. `look_alikes` names ids that look like
    another, `gate` has what was let through, `unused` what is wrong with decisions without effect.
    """

    pack: Pack
    made: dict[RecordKey, Merged]
    conflicts: Conflicts
    look_alikes: tuple[str, ...]
    gate: Gate
    unused: str = ""

    @property
    def records(self) -> dict[str, list[dict[str, Any]]]:
        """The records by the names of their lists, as a file has them. Raises as `check` does."""
        self.check()
        return by_list(
            ((kind, one.record(kind)) for (kind, _), one in self.made.items()), self.pack
        )

    def file(self, suffix: str) -> Iterator[bytes]:
        """The file of the records, in pieces: `.json`, or `.ndjson` with one a line.

        Raises as `check` does, and `ArgumentError` for another suffix.
        """
        check_choice("suffix", suffix.lower(), RECORD_FORMATS)
        if suffix.lower() == ".json":
            yield json_bytes(self.records, 2)
        else:
            self.check()
            yield from (json_bytes(one.record(kind)) for (kind, _), one in self.made.items())

    def check_decisions(self) -> None:
        """Refuse decisions that decide nothing. Raises `InputError`."""
        if self.unused:
            raise InputError(self.unused)

    def check(self) -> None:
        """Refuse such decisions, and joined records that do not fit. Raises `InputError`.

        A decision may have removed a required fact, or given a day that nobody means.
        """
        self.check_decisions()
        decoder, today = decoder_of(self.pack), date.today()
        expect_days(decoder.odd_days, today)
        for (kind, record_id), found in self.made.items():
            try:
                decode_checked(decoder, found.record(kind), kind, today)
            except RecordError as error:
                problems = "\n".join(f"  {one_line(str(problem))}" for problem in error.problems)
                raise InputError(f"{record_id}: nothing was written\n{problems}") from error


def merge(
    files: Sequence[Path | str] | Path | str,
    *,
    pack: Pack | str | None = None,
    decisions: Path | str | None = None,
    allow_identifiable: str | None = None,
) -> Joined:
    """Make one record of those with one id in several files; `decisions` is a file of them.

    Raises `InputError` for records that are wrong, and `IdentifiersFoundError` where one holds an
    identifier and no reason allows it. `records` raises where joined records do not fit.
    """
    check_reason(allow_identifiable)
    names = expand_names(named_files(files))
    check_readable(names)
    known = load_pack(pack)
    decided = decisions_in(
        None if decisions is None else Path(decisions), allow_identifiable, known
    )
    gate, look_alikes = Gate(known, allow_identifiable), LookAlikes()
    made = _merge_files(names, gate, decided, look_alikes)
    gate.check("nothing")
    return _joined_records(gate, made, look_alikes, _unused_decisions(decided, decisions))


def _merge_files(
    files: list[str], gate: Gate, decisions: Decisions, look_alikes: LookAlikes
) -> dict[RecordKey, Merged]:
    """The records by kind and id, in the order in which they first come."""
    found: dict[RecordKey, Merged] = {}
    for name in files:
        for key, source in sources_in(name, gate, Inputs(), look_alikes):
            type_ = gate.pack.kinds[key[0]].type
            if key not in found:
                found[key] = from_one_source(type_, source)
                continue
            before = found[key]
            made = merge_sources(type_, before.source, source, partial(decisions.of, *key))
            made.conflicts[:0] = before.conflicts
            made.remarks[:0] = before.remarks
            found[key] = made
    return found


def moderate(
    first: Path | str,
    second: Path | str,
    *,
    pack: Pack | str | None = None,
    decisions: Path | str | None = None,
    allow_identifiable: str | None = None,
) -> Joined:
    """Make one reading of two, by a moderator's decisions on all in which they differ.

    Raises as `merge` does, and `OtherRecordsError` where the two did not read the same records.
    """
    check_reason(allow_identifiable)
    names = os.fspath(first), os.fspath(second)
    known = load_pack(pack)
    decided = decisions_in(
        None if decisions is None else Path(decisions), allow_identifiable, known
    )
    gate, look_alikes = Gate(known, allow_identifiable), LookAlikes()
    one, other = (auditor_reading(files, gate, look_alikes) for files in reading_files(*names))
    gate.check("nothing")
    _check_same_sample(one, other, names, look_alikes)
    made = _merge_readings(one, other, known, decided)
    return _joined_records(gate, made, look_alikes, _unused_decisions(decided, decisions))


def _check_same_sample(
    first: AuditorReading, second: AuditorReading, names: tuple[str, str], look_alikes: LookAlikes
) -> None:
    """Refuse readings of which one lacks a record, which nobody can moderate then."""
    for one, other, name in (
        (first, second, names[1]),
        (second, first, names[0]),
    ):
        lacking = [key[1] for key in one.records if key not in other.records]
        if lacking:
            more = ", …" if len(lacking) > MOST_CONFLICTS_SHOWN else ""
            raise OtherRecordsError(
                f"{name}: lacks {counted(len(lacking), 'record')} of the sample: "
                f"{', '.join(lacking[:MOST_CONFLICTS_SHOWN])}{more}. Both auditors read the same "
                "records; see 'agree'",
                look_alikes.messages,
            )


def _merge_readings(
    first: AuditorReading, second: AuditorReading, pack: Pack, decisions: Decisions
) -> dict[RecordKey, Merged]:
    return {
        key: merge_sources(
            pack.kinds[key[0]].type,
            first.records[key],
            second.records[key],
            partial(decisions.of, *key),
            one_sided="asked",
        )
        for key in first.records
    }


def _joined_records(
    gate: Gate, made: dict[RecordKey, Merged], look_alikes: LookAlikes, unused: str
) -> Joined:
    conflicts = [(*key, conflict) for key, one in made.items() for conflict in one.conflicts]
    return Joined(gate.pack, made, conflicts, tuple(look_alikes.messages), gate, unused)


def _unused_decisions(decisions: Decisions, path: Path | str | None) -> str:
    """What is wrong with decisions that decide nothing; empty where all decide something."""
    for fault, entries in decisions.unused().items():
        shown = "\n  ".join(entries[:MOST_CONFLICTS_SHOWN])
        return f"{path}: {counted(len(entries), 'entry', 'entries')} {fault}\n  {shown}"
    return ""


@dataclass(frozen=True)
class Agreement:
    """How far two readings agree, as a document; and ids that look like another."""

    document: AgreementDocument
    look_alikes: tuple[str, ...]


def agree(
    first: Path | str,
    second: Path | str,
    *,
    pack: Pack | str | None = None,
    plan: str | Path | AuditPlan | None = None,
    settings: Path | str | None = None,
    as_of: date | None = None,
    allow_identifiable: str | None = None,
) -> Agreement:
    """Compare two readings of the same records: by rule, by fact, and where they differ.

    Raises `OtherRecordsError` where they have no record in common, and as `merge` does.
    """
    check_reason(allow_identifiable)
    known = load_pack(pack, settings=settings)
    if plan is not None:
        known = apply_plan(known, find_plan(plan))
    gate, look_alikes = Gate(known, allow_identifiable), LookAlikes()
    one, other = (
        auditor_reading(files, gate, look_alikes) for files in reading_files(first, second)
    )
    gate.check()
    document = agreement_document(known, one, other, as_of=as_of)
    document["not_for_publication"] = identifiable_sentence(gate.document())
    if not document["records"]:
        raise OtherRecordsError(
            f"{first} and {second} have no record in common: nothing to compare. The same record "
            "has the same id in both",
            look_alikes.messages,
        )
    return Agreement(document, tuple(look_alikes.messages))


def moderation(
    pack: Pack,
    moderated: Sequence[str],
    readings: Sequence[Path | str],
    *,
    as_of: date | None,
    allow_identifiable: str | None = None,
) -> ModerationInfo:
    """What changed between two auditors' readings and the moderated records, for a run's bundle."""
    gate = Gate(pack, allow_identifiable)
    ignored = LookAlikes()  # the run and `moderate` report them
    first, second = (auditor_reading(files, gate, ignored) for files in reading_files(*readings))
    found = auditor_reading(moderated, gate, ignored)
    gate.check()
    return moderation_document(gate.pack, found, (first, second), as_of=as_of)


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
            said = origin.get("said") or []
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
        key: align(
            pack.kinds[key[0]].type,
            moderated.records[key].facts,
            side.records[key].facts,
        )
        for key in keys
    }
