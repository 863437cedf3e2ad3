"""The records of a file as sources: plain values that fit their schema, and their origins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from scr_audit.anonymity.gate import Gate
from scr_audit.cli.look_alikes import LookAlikes
from scr_audit.errors import InputError, RecordError
from scr_audit.inputs.read import read_inputs
from scr_audit.merging.merge import Source
from scr_audit.merging.origins import origins_of
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.plausible import check_days, expect
from scr_audit.records.read import Inputs, RawRecord
from scr_audit.report.wording import one_line

Key = tuple[str, str]  # a record's kind and its id


def sources_in(
    name: str, gate: Gate, inputs: Inputs, look_alikes: LookAlikes
) -> Iterator[tuple[Key, Source]]:
    """Each record of a file that the gate admits; ask `gate_stops` once all files are read.

    Raises `InputError` where one is wrong, or stands there twice.
    """
    pack = gate.pack
    seen: set[Key] = set()
    decoder = decoder_of(pack)
    today = date.today()
    expect(today)
    for source, raws in read_inputs([name], pack, inputs):
        if not gate.admit(source, raws):
            continue  # and so is not decoded, since what is wrong with a record may repeat it
        for raw in raws:
            kind, record = _plain(source.name, raw, pack, decoder, today)
            key = kind, record["id"]
            if key in seen:
                raise InputError(
                    f"{source.name}, {raw.position}: an earlier record of this file has the same "
                    "id; in one file each record stands once"
                )
            seen.add(key)
            look_alikes.add(*key, source.name, raw.position)
            yield key, Source(record, origins_of(record, file=source.name, place=raw.position))


def _plain(
    file: str, raw: RawRecord, pack: Pack, decoder: RecordDecoder, today: date
) -> tuple[str, dict[str, Any]]:
    """A record as plain values, once it is known to fit its schema."""
    where = f"{file}, {raw.position}".removesuffix(", ")
    try:
        check_days(decoder.from_raw(raw.data, raw.kind), today)
        values = decoder.plain(raw.data, raw.kind)
    except RecordError as error:
        problems = "\n".join(f"  {one_line(str(problem))}" for problem in error.problems)
        raise InputError(f"{where}: nothing was written\n{problems}") from error
    return raw.kind or values.get("kind") or next(iter(pack.kinds)), values
