"""What commands that merge share: sources read, decisions, conflicts told, records written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.anonymity.authored import read_anonymous
from scr_audit.anonymity.gate import Gate
from scr_audit.cli.gating import LookAlikes
from scr_audit.cli.output import (
    Written,
    check_apart,
    check_distinct,
    check_format,
    check_writable,
    write_all,
)
from scr_audit.cli.streams import WRONG, say
from scr_audit.errors import InputError, RecordError, told_if_unreadable
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import read_yaml
from scr_audit.readings.agreement import Side
from scr_audit.readings.decisions import Decisions, decisions_text, origin_words, read_decisions
from scr_audit.readings.facts import Reading
from scr_audit.readings.merge import Conflict, Merged, Source
from scr_audit.readings.same import origins_of
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.files import expanded
from scr_audit.records.plausible import check_days, expect
from scr_audit.records.read import Inputs, RawRecord, check_readable
from scr_audit.report.wording import counted, one_line, value_text
from scr_audit.runs.bundle import file_info

FORMATS = (".json", ".ndjson", ".jsonl")
MOST_SHOWN = 20
_LONGEST = 200
Conflicts = list[tuple[str, str, Conflict]]  # with the kind and the id of their record


def check_places(
    output: Path, decisions: Path | None, files: Sequence[str], pack: str | None
) -> None:
    """Refuse places that cannot be written or that are read. Raises `InputError`."""
    check_format(output, FORMATS)
    check_writable(output)
    if decisions is not None:
        check_distinct([output, decisions])
        check_writable(decisions)
    check_apart([output], [*files, pack])


def decisions_in(path: Path | None, allowed: str | None) -> Decisions:
    """The decisions in a file; none where there is no such file yet.

    Without a reason why identifiers are `allowed`, a file that holds one is refused.
    """
    if path is None or not path.exists():
        return Decisions({})
    read = read_anonymous if allowed is None else read_yaml
    with told_if_unreadable(path):
        return read_decisions(read(path.read_bytes(), str(path)), date.today())


def conflicts_in(records: dict[Key, Merged]) -> Conflicts:
    """Every conflict that is undecided, and the remarks told."""
    for key, record in records.items():
        for remark in record.remarks[:MOST_SHOWN]:
            say(one_line(f"{key[1]}: {remark}"))
    return [(*key, conflict) for key, record in records.items() for conflict in record.conflicts]


def refuse_unused(decisions: Decisions, path: Path | None) -> None:
    """Refuse decisions that decide nothing. Raises `InputError`."""
    for fault, entries in decisions.unused().items():
        shown = "\n  ".join(entries[:MOST_SHOWN])
        raise InputError(f"{path}: {counted(len(entries), 'entry', 'entries')} {fault}\n  {shown}")


def stopped(path: Path | None, conflicts: Conflicts) -> int:
    """Tell the conflicts, and write a file to decide them in where one was named; exit code 2."""
    for _, record, conflict in conflicts[:MOST_SHOWN]:
        say(one_line(f"conflict: {record}: {conflict.pointer}: {conflict.question}"))
        for value, origin in (
            (conflict.first, conflict.first_origin),
            (conflict.second, conflict.second_origin),
        ):
            say(f"    {one_line(f'{_short(value)} ({origin_words(origin)})')}")
    if len(conflicts) > MOST_SHOWN:
        say(f"conflict: {len(conflicts) - MOST_SHOWN:,} more, not listed")
    count = counted(len(conflicts), "conflict")
    if path is None:
        say(
            f"scr-audit: {count}; nothing was written. Mend a source, or name a file to decide "
            "them in: --decisions decisions.yaml"
        )
    elif path.exists():
        say(
            f"scr-audit: {count} that {path} does not decide; nothing was written. Fill in its "
            "entries; for conflicts without one, name a new file, and add its entries to this one"
        )
    else:
        write_all([Written(path, (decisions_text(conflicts).encode(),))])
        say(f"scr-audit: {count}; wrote {path}: fill it in, and run the same command again")
    return WRONG


def _short(value: object) -> str:
    text = value_text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def check_merged(records: dict[Key, Merged], pack: Pack) -> None:
    """Refuse records that fit their schema singly and not together. Raises `InputError`.

    A required fact may have been decided away, or a day been decided that nobody means.
    """
    decoder, today = decoder_of(pack), date.today()
    for (kind, record_id), found in records.items():
        try:
            check_days(decoder.from_values(found.record(kind), kind), today)
        except RecordError as error:
            problems = "\n".join(f"  {one_line(str(problem))}" for problem in error.problems)
            raise InputError(f"{record_id}: nothing was written\n{problems}") from error


def merged_pieces(output: Path, records: dict[Key, Merged], pack: Pack) -> Iterator[bytes]:
    """The merged records as the file that the suffix of `output` asks for."""
    if output.suffix.lower() == ".json":
        lists: dict[str, list[dict[str, object]]] = {}
        for (kind, _), found in records.items():
            lists.setdefault(pack.kinds[kind].plural, []).append(found.record(kind))
        yield f"{json.dumps(lists, ensure_ascii=False, indent=2)}\n".encode()
        return
    for (kind, _), found in records.items():
        yield f"{json.dumps(found.record(kind), ensure_ascii=False)}\n".encode()


Key = tuple[str, str]  # a record's kind and its id


def sources_in(
    name: str, gate: Gate, inputs: Inputs, look_alikes: LookAlikes
) -> Iterator[tuple[Key, Source]]:
    """Each record of a file that the gate admits; ask `gate.check` once all files are read.

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


def files_of(names: Sequence[str]) -> list[str]:
    """The files of one reading: files, or folders of them."""
    files = expanded(names)
    check_readable(files)
    return files


def side(names: Sequence[str], gate: Gate, look_alikes: LookAlikes) -> Side:
    """One auditor's reading, as far as the gate admits it: ask `gate.check` before it is used.

    Raises `InputError` where two of its records have one id.
    """
    inputs = Inputs()
    records: dict[Key, Reading] = {}
    for file in files_of(names):
        for key, source in sources_in(file, gate, inputs, look_alikes):
            if key in records:
                raise InputError(
                    f"{file}: an earlier file of the same reading has the {key[0]} {key[1]} too; "
                    "one auditor reads a record once"
                )
            records[key] = Reading(source.facts, source.origins)
    return Side(tuple(file_info(file) for file in inputs.files), records)
