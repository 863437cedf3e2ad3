"""`scr-audit merge`: the records of several files, those of the same kind and id made one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.cli.exits import OK, WRONG
from scr_audit.cli.output import (
    Written,
    check_distinct,
    check_format,
    check_writable,
    write_all,
)
from scr_audit.cli.streams import say
from scr_audit.errors import InputError, RecordError
from scr_audit.inputs.read import read_inputs
from scr_audit.merging.decisions import (
    Decisions,
    decisions_text,
    origin_words,
    read_decisions,
)
from scr_audit.merging.merge import Conflict, Merged, Source, alone, merged
from scr_audit.merging.origins import origins_of
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import RecordDecoder
from scr_audit.records.paths import expanded, is_input
from scr_audit.records.read import Inputs, RawRecord, check_readable
from scr_audit.report.wording import counted, one_line, value_text

FORMATS = (".json", ".ndjson", ".jsonl")
_MOST_SHOWN = 20
_LONGEST = 200
Key = tuple[str, str]  # a record's kind and its id


@dataclass(frozen=True)
class MergeRequest:
    """What the command line asked for."""

    files: tuple[str, ...]
    output: Path
    decisions: Path | None
    pack: str | None


def merge_command(request: MergeRequest) -> int:
    """Write the merged records, or nothing and the conflicts; the exit code."""
    files = expanded(request.files)
    check_readable(files)
    _check_places(request, files)
    pack = load_pack(request.pack)
    decisions = _decisions(request.decisions)
    records = _merged(files, pack, decisions)
    conflicts = [
        (*key, conflict) for key, record in records.items() for conflict in record.conflicts
    ]
    for key, record in records.items():
        for remark in record.remarks[:_MOST_SHOWN]:
            say(one_line(f"{key[1]}: {remark}"))
    unused = decisions.unused()
    if unused:
        shown = "\n  ".join(unused[:_MOST_SHOWN])
        raise InputError(
            f"{request.decisions}: {counted(len(unused), 'entry', 'entries')} that the sources do "
            f"not differ in (any more); delete or mend them\n  {shown}"
        )
    if conflicts:
        return _stopped(request, conflicts)
    _check(records, pack)
    write_all([Written(request.output, _pieces(request.output, records, pack))])
    say(f"wrote {request.output}: {counted(len(records), 'record')}")
    return OK


def _check_places(request: MergeRequest, files: list[str]) -> None:
    check_format(request.output, FORMATS)
    check_writable(request.output)
    if request.decisions is not None:
        check_distinct([request.output, request.decisions])
        check_writable(request.decisions)
    if is_input(request.output, files):
        raise InputError(f"{request.output}: is an input; name another file for -o")


def _decisions(path: Path | None) -> Decisions:
    if path is None or not path.exists():
        return Decisions({})
    try:
        return read_decisions(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _merged(files: list[str], pack: Pack, decisions: Decisions) -> dict[Key, Merged]:
    """The records by kind and id, in the order in which they first come."""
    found: dict[Key, Merged] = {}
    seen: set[tuple[str, Key]] = set()
    for name in files:
        for file, raw in _raws(name, pack):
            kind, record = _plain(file, raw, pack)
            key = kind, str(record["id"])
            if (name, key) in seen:
                raise InputError(
                    f"{file}, {raw.position}: an earlier record of this file has the same id; in "
                    "one file each record stands once"
                )
            seen.add((name, key))
            origins = origins_of(record, file=file, place=raw.position)
            source = Source(record, origins)
            type_ = pack.kinds[kind].type
            if key not in found:
                found[key] = alone(type_, source)
                continue
            before = found[key]
            made = merged(type_, before.source, source, partial(decisions.of, *key))
            made.conflicts[:0] = before.conflicts
            made.remarks[:0] = before.remarks
            found[key] = made
    return found


def _raws(name: str, pack: Pack) -> Iterator[tuple[str, RawRecord]]:
    for source, raws in read_inputs([name], pack, Inputs()):
        for raw in raws:
            yield source.name, raw


def _plain(file: str, raw: RawRecord, pack: Pack) -> tuple[str, dict[str, Any]]:
    """A record as plain values, once it is known to fit its schema."""
    where = f"{file}, {raw.position}".removesuffix(", ")
    try:
        RecordDecoder(pack).from_raw(raw.data, raw.kind)
    except RecordError as error:
        problems = "\n".join(f"  {one_line(str(problem))}" for problem in error.problems)
        raise InputError(f"{where}: nothing was written\n{problems}") from error
    is_text = isinstance(raw.data, bytes | str)
    values = json.loads(raw.data) if is_text else msgspec.to_builtins(raw.data)
    return raw.kind or values.get("kind") or next(iter(pack.kinds)), values


def _stopped(request: MergeRequest, conflicts: list[tuple[str, str, Conflict]]) -> int:
    """Tell the conflicts, and write a file to decide them in where one was named; exit code 2."""
    for _, record, conflict in conflicts[:_MOST_SHOWN]:
        say(one_line(f"conflict: {record}: {conflict.pointer}: {conflict.question}"))
        for value, origin in (
            (conflict.first, conflict.first_origin),
            (conflict.second, conflict.second_origin),
        ):
            say(f"    {one_line(f'{_short(value)} ({origin_words(origin)})')}")
    if len(conflicts) > _MOST_SHOWN:
        say(f"conflict: {len(conflicts) - _MOST_SHOWN:,} more, not listed")
    count = counted(len(conflicts), "conflict")
    path = request.decisions
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


def _check(records: dict[Key, Merged], pack: Pack) -> None:
    """What fits its schema singly may not do so together: a required fact that was decided away."""
    decoder = RecordDecoder(pack)
    for (kind, record_id), found in records.items():
        try:
            decoder.from_values(found.record(kind), kind)
        except RecordError as error:
            problems = "\n".join(f"  {one_line(str(problem))}" for problem in error.problems)
            raise InputError(f"{record_id}: nothing was written\n{problems}") from error


def _pieces(output: Path, records: dict[Key, Merged], pack: Pack) -> Iterator[bytes]:
    if output.suffix.lower() == ".json":
        lists: dict[str, list[dict[str, object]]] = {}
        for (kind, _), found in records.items():
            lists.setdefault(pack.kinds[kind].plural, []).append(found.record(kind))
        yield f"{json.dumps(lists, ensure_ascii=False, indent=2)}\n".encode()
        return
    for (kind, _), found in records.items():
        yield f"{json.dumps(found.record(kind), ensure_ascii=False)}\n".encode()
