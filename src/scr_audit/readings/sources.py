"""The records of several sources as plain values, each with where its facts come from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.anonymity.authored import read_anonymous
from scr_audit.anonymity.gate import Gate
from scr_audit.documents.parts import RecordKey
from scr_audit.errors import InputError, RecordError, translate_os_errors, within
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import read_yaml
from scr_audit.readings.agreement import AuditorReading
from scr_audit.readings.decisions import Decisions, read_decisions
from scr_audit.readings.facts import Reading
from scr_audit.readings.merged_record import Source
from scr_audit.readings.same import origins_of
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.ids import SeenIds
from scr_audit.records.plausible import decode_checked, expect_days
from scr_audit.records.raw import Inputs, RawRecord
from scr_audit.report.wording import one_line
from scr_audit.runs.bundle import file_info


class LookAlikes:
    """The ids of several sources; `messages` tell which look like an earlier one."""

    def __init__(self) -> None:
        self._seen = SeenIds()
        self.messages: list[str] = []

    def add(self, kind: str, id: str, file: str, position: str = "") -> None:
        """Add a record by its id, as `normal_id` gives it."""
        earlier = self._seen.add(kind, id, file, position)
        if earlier is not None and earlier.id != id:
            where = within(file, position)
            so = "they were taken as two records"
            self.messages.append(f"{where} (record {id}): {earlier.looks_like(so)}")


def decisions_in(path: Path | None, allowed: str | None) -> Decisions:
    """The decisions in a file, or none. Raises `InputError` where it cannot be read.

    Without a reason why identifiers are `allowed`, a file that holds one is refused.
    """
    if path is None:
        return Decisions({})
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
            kind, record = _plain(source.name, raw, pack, decoder, today)
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


def _plain(
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


def side(files: Sequence[str], gate: Gate, look_alikes: LookAlikes) -> AuditorReading:
    """One auditor's reading, as far as the gate admits it: ask `gate.check` before it is used.

    Raises `InputError` where two of its records have one id.
    """
    inputs = Inputs()
    records: dict[RecordKey, Reading] = {}
    for file in files:
        for key, source in sources_in(file, gate, inputs, look_alikes):
            if key in records:
                raise InputError(
                    f"{file}: an earlier file of the same reading has the {key[0]} {key[1]} too; "
                    "one auditor reads a record once"
                )
            records[key] = Reading(source.facts, source.origins)
    return AuditorReading(tuple(file_info(file) for file in inputs.files), records)
