"""The file of decisions: what the sources differ in, and what somebody decided, and why."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from scr_audit.anonymity.gate import Gate
from scr_audit.anonymity.scan import read_anonymous
from scr_audit.documents.parts import RecordKey
from scr_audit.documents.run import OriginInfo
from scr_audit.errors import (
    InputError,
    PackError,
    Problem,
    RecordError,
    translate_os_errors,
    within,
)
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.models import Authored, validate
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import Document, read_yaml
from scr_audit.readings.agreement import AuditorReading
from scr_audit.readings.alignment import origins_of
from scr_audit.readings.merged_record import OWN, Conflict, Decision, Source, is_lacking
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.ids import LookAlikes
from scr_audit.records.plausible import decode_checked, doubt, expect_days
from scr_audit.records.raw import Inputs, Json, RawRecord
from scr_audit.report.wording import one_line
from scr_audit.runs.bundle import file_info
from scr_audit.values.imprecise import is_whole_day
from scr_audit.values.text import normal_text

HEAD = """\
# What the sources of a record differ in. Decide each: fill in
#   take     1 (what the first says), 2 (the second), neither (not recorded) or, of lists, both;
#            or own, and then the value of your own in a line of its own: value: 2026-05-04
#   reason   why, in one line and without names
#   by_role  in which role you decided
#   "on"     the day: 2026-05-04
# Then run the same command again. What is not filled in stays open.
"""
DecisionKey = tuple[str, str, str, str, str, str]


class SourceSays(Authored):
    """What one source says, and where."""

    value: Json = Field(
        description="The value; of a list, the items that only this source has, or that it lacks "
        "those of the other"
    )
    origin: str = Field(alias="from", description="The file and the place in it, role and day")


class DecisionEntry(Authored):
    """One fact, or list, on which two sources differ."""

    record: str
    kind: str
    fact: str = Field(description="Its name in the schema, such as visits[].date")
    item: list[dict[str, Json]] = Field(
        default_factory=list,
        description="What tells the item of each list on the way to it from the others of its list",
    )
    question: str = ""
    first: SourceSays
    second: SourceSays
    take: Literal[1, 2, "both", "neither", "own"] | None = None
    value: Json = Field(None, description="With `take: own`: what counts instead of both")
    reason: str | None = None
    by_role: str | None = None
    on: str | None = None


class DecisionFile(Authored):
    """Decisions on what sources differ in."""

    decisions: list[DecisionEntry]


class Decisions:
    """The decisions of a file. `used` are those that were asked for."""

    def __init__(self, entries: Mapping[DecisionKey, tuple[DecisionEntry, str]]) -> None:
        self._entries = entries
        self.used: set[DecisionKey] = set()
        self._turned: set[DecisionKey] = set()
        self._differing: set[tuple[str, ...]] = set()  # kind, record, fact and item
        self._both: set[DecisionKey] = set()

    def of(self, kind: str, record: str, conflict: Conflict) -> Decision | None:
        """What was decided about a conflict; None where nothing was."""
        first, second = _source_key(conflict.first), _source_key(conflict.second)
        key = (kind, record, conflict.fact, _json_text(conflict.item), first, second)
        self._differing.add(key[:4])
        found = self._entries.get(key)
        if found is None or found[0].take is None:
            self.used.add(key)
            self._turned.add((*key[:4], second, first))
            return None
        entry = found[0]
        if str(entry.take) not in conflict.takes:
            self._both.add(key)
            return None
        self.used.add(key)
        assert entry.by_role is not None
        assert entry.on is not None
        assert entry.reason is not None
        return Decision(str(entry.take), entry.by_role, entry.on, entry.reason, entry.value)

    def unused(self) -> dict[str, list[str]]:
        """The entries that decide nothing, by file and line, by what is wrong with them."""
        found: dict[str, list[str]] = {}
        for key, (_, where) in self._entries.items():
            if key not in self.used:
                found.setdefault(self._fault(key), []).append(where)
        return found

    def _fault(self, key: DecisionKey) -> str:
        if key in self._turned:
            return TURNED
        if key in self._both:
            return NO_LISTS
        return CHANGED if key[:4] in self._differing else NO_DIFFERENCE


TURNED = (
    "in which the two sources stand the other way round: first is what the second says here. Name "
    "the sources in the order in which the file has them, or a new file of decisions"
)
NO_LISTS = (
    "with 'take: both', which is for a list of groups of which both sources have items; take 1, 2, "
    "neither or own"
)
CHANGED = (
    "that the sources differ in, but not with the values that were decided on: these have changed. "
    "Delete them, name a new file of decisions, and decide anew"
)
NO_DIFFERENCE = "that the sources do not differ in (any more); delete or mend them"


def read_decisions(document: Document, today: date | None = None) -> Decisions:
    """The decisions in a file. Raises `PackError` with everything that is wrong with it.

    Days of a decision long after `today` are refused where it is given.
    """
    authored, problems = validate(DecisionFile, document)
    if authored is None or document.problems:
        raise PackError([*problems, *document.problems])
    problems = [*_by_place(authored, document), *_incomplete(authored, document, today)]
    if problems:
        raise PackError(problems)
    entries: dict[DecisionKey, tuple[DecisionEntry, str]] = {}
    for number, entry in enumerate(authored.decisions):
        place = document.place(("decisions", number))
        key = decision_key(entry)
        if key in entries:
            message = f"decides what the entry at {entries[key][1]} decides too; keep one of them"
            problems.append(document.problem(place, message))
        entries[key] = entry, f"{place.file}:{place.line}: {entry.fact} of {entry.record}"
    if problems:
        raise PackError(problems)
    return Decisions(entries)


def by_key(entries: Iterable[tuple[DecisionEntry, str]]) -> Decisions:
    """Decisions that were read from another file, each with its place."""
    return Decisions({decision_key(entry): (entry, place) for entry, place in entries})


def decision_key(entry: DecisionEntry) -> DecisionKey:
    """What an entry decides: the fact of the record, and the two values that differ."""
    first, second = _source_key(entry.first.value), _source_key(entry.second.value)
    fact = entry.fact.removeprefix("/").replace("/", ".")  # a pointer, as files had it before
    return entry.kind, normal_text(entry.record), fact, _json_text(entry.item), first, second


def _by_place(file: DecisionFile, document: Document) -> Iterator[Problem]:
    """Entries of a file as it was written before that name an item by its place in a list."""
    for number, entry in enumerate(file.decisions):
        if entry.fact.startswith("/") and any(map(str.isdecimal, entry.fact.split("/"))):
            yield document.problem(
                document.place(("decisions", number, "fact")),
                f"'{entry.fact}' names an item by its place in a list, which changes when another "
                "is added; have a new file written (name one that does not exist), and copy take, "
                "reason, by_role and on into its entries",
            )


def _incomplete(file: DecisionFile, document: Document, today: date | None) -> Iterator[Problem]:
    for number, entry in enumerate(file.decisions):
        if entry.take is None:
            continue
        for name in ("reason", "by_role", "on"):
            if not (getattr(entry, name) or "").strip():
                place = document.place(("decisions", number))
                yield document.problem(place, f"'take' is filled in, and '{name}' is not")
        if (entry.take == OWN) is (entry.value is None):
            place = document.place(("decisions", number))
            lacks = "'take' is 'own': give 'value', what counts instead of both"
            spare = "'value' is given, but 'take' is not 'own'; leave one of them out"
            yield document.problem(place, lacks if entry.take == OWN else spare)
        if entry.on and (message := _odd_day(entry.on, today)):
            place = document.place(("decisions", number, "on"))
            yield document.problem(place, message)


def _odd_day(text: str, today: date | None) -> str:
    """What is wrong with the day of a decision; empty where nothing is."""
    if not is_whole_day(text):
        return f"expected a day such as 2026-05-04, found '{text}'"
    return doubt(text, today)


def decisions_text(conflicts: Iterable[tuple[str, str, Conflict]]) -> str:
    """A file to fill in: an entry for each conflict, with its record's kind and id."""
    entries = [
        {
            "record": record,
            "kind": kind,
            "fact": conflict.fact,
            **({"item": conflict.item} if conflict.item else {}),
            "question": conflict.question,
            "first": {"value": conflict.first, "from": origin_words(conflict.first_origin)},
            "second": {"value": conflict.second, "from": origin_words(conflict.second_origin)},
            "take": None,
            "reason": None,
            "by_role": None,
            "on": None,
        }
        for kind, record, conflict in conflicts
    ]
    text = yaml.dump(
        {"decisions": entries}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return HEAD + text


class _Dumper(yaml.SafeDumper):
    """Writes nothing where nothing is, for somebody to fill in, and no anchors."""

    def ignore_aliases(self, data: Json) -> bool:
        return True


_Dumper.add_representer(
    type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
)


def origin_words(origin: OriginInfo) -> str:
    """An origin in a line: the file, the place, the role, the day."""
    parts = origin.get("file"), origin.get("place"), origin.get("role"), origin.get("on")
    return ", ".join(str(part) for part in parts if part)


def _source_key(value: Json) -> str:
    """What a source says, to find its entry by; `[]` is a lacking item in files as of before."""
    return "[]" if is_lacking(value) else _json_text(value)


def _json_text(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def decisions_in(path: Path | None, allowed: str | None, pack: Pack) -> Decisions:
    """The decisions in a file (.yaml or .xlsx), or none. Raises `InputError` if it is wrong.

    Without a reason why identifiers are `allowed`, a file that holds one is refused.
    """
    if path is None:
        return Decisions({})
    if path.suffix.lower() == ".xlsx":
        from scr_audit.readings.decision_sheet import read_decision_sheet  # few decide there

        return read_decision_sheet(path, pack, today=date.today(), allowed=allowed)[0]
    read = read_anonymous if allowed is None else read_yaml
    with translate_os_errors(path):
        return read_decisions(read(path.read_bytes(), str(path)), date.today())


def sources_in(
    name: str, gate: Gate, inputs: Inputs, look_alikes: LookAlikes
) -> Iterator[tuple[RecordKey, Source]]:
    """Each record of a file that the gate admits; ask `gate.check` once all files are read.

    Raises `InputError` where one is wrong, or stands there twice.
    """
    pack = gate.pack
    seen: set[RecordKey] = set()
    decoder = decoder_of(pack)
    today = date.today()
    expect_days(decoder.odd_days, today)
    for source, raws in read_inputs([name], pack, inputs):
        if not gate.admit(source, raws):
            continue  # and so is not decoded, since what is wrong with a record may repeat it
        for raw in raws:
            kind, record = _checked_record(source.name, raw, pack, decoder, today)
            where = within(source.name, raw.position)
            key = kind, record["id"]
            if key in seen:
                raise InputError(
                    f"{where}: an earlier record of this file has the same id; in one file each "
                    "record stands once"
                )
            seen.add(key)
            look_alikes.add(*key, source.name, raw.position)
            yield key, Source(record, origins_of(record, file=source.name, place=raw.position))


def _checked_record(
    file: str, raw: RawRecord, pack: Pack, decoder: RecordDecoder, today: date
) -> tuple[str, dict[str, Any]]:
    """A record as plain values, once it is known to fit its schema."""
    where = within(file, raw.position)
    try:
        decode_checked(decoder, raw.data, raw.kind, today)
        values = decoder.plain(raw.data, raw.kind)
    except RecordError as error:
        problems = "\n".join(f"  {one_line(str(problem))}" for problem in error.problems)
        raise InputError(f"{where}: nothing was written\n{problems}") from error
    return raw.kind or values.get("kind") or next(iter(pack.kinds)), values


def reading_files(*readings: str | Path) -> list[list[str]]:
    """The files of each reading: a file, or a folder of them. Raises `InputError`."""
    files = [expand_names([os.fspath(reading)]) for reading in readings]
    check_readable(name for reading in files for name in reading)
    return files


def auditor_reading(files: Sequence[str], gate: Gate, look_alikes: LookAlikes) -> AuditorReading:
    """One auditor's reading, as far as the gate admits it: ask `gate.check` before it is used.

    Raises `InputError` where two of its records have one id.
    """
    inputs = Inputs()
    records: dict[RecordKey, Source] = {}
    for file in files:
        for key, source in sources_in(file, gate, inputs, look_alikes):
            if key in records:
                raise InputError(
                    f"{file}: an earlier file of the same reading has the {key[0]} {key[1]} too; "
                    "one auditor reads a record once"
                )
            records[key] = source
    return AuditorReading(tuple(file_info(file) for file in inputs.files), records)
