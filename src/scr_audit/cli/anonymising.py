"""`scr-audit anonymise`: records with their identifiers taken out."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.anonymity.fixes import anonymised
from scr_audit.anonymity.patterns import SafeNames
from scr_audit.anonymity.scan import identified
from scr_audit.cli.app_records import AnonymiseRequest
from scr_audit.cli.gating import say_look_alikes
from scr_audit.cli.streams import OK, say
from scr_audit.errors import InputError, RecordError, RecordProblem, within
from scr_audit.inputs.files import check_readable, expanded
from scr_audit.inputs.read import read_inputs
from scr_audit.outputs import (
    Written,
    check_apart,
    check_distinct,
    check_format,
    check_writable,
    write_all,
)
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.records.ids import SeenIds
from scr_audit.records.json_text import KeyTwiceError, parse_json
from scr_audit.records.raw import Inputs, RawRecord
from scr_audit.values.text import counted, normal_text, recorded_text

FORMATS = (".json", ".ndjson", ".jsonl")
_LEAST_KEY = 16


def anonymise_command(request: AnonymiseRequest) -> int:
    """Write the records without identifiers, and what was done; the exit code."""
    outputs = [request.output, *([request.report] if request.report else [])]
    check_format(request.output, FORMATS)
    if request.report is not None:
        check_format(request.report, FORMATS[:1])
    for path in outputs:
        check_writable(path)
    _check_keys_stay(request, outputs)
    check_distinct([request.output], report=request.report)
    files = expanded(request.files)
    check_readable(files)
    check_apart(outputs, [*files, request.pack])
    pack = load_pack(request.pack)
    key = _key(request)
    with _key_removed_on_failure(request.new_key):
        records, fixes, twice = _all_fixed(request, pack, key)
        write_all(_written(request, pack, records, fixes))
    say_look_alikes(twice)
    say(
        f"wrote {request.output}: {counted(len(records), 'record')}, "
        f"{counted(len(fixes), 'change')}. Bare names are not looked for: read what you share."
    )
    return OK


def _all_fixed(
    request: AnonymiseRequest, pack: Pack, key: bytes | None
) -> tuple[list[tuple[str, dict[str, Any]]], list[dict[str, Any]], list[str]]:
    """Every record with its kind, everything that was done, and what may be there twice."""
    records: list[tuple[str, dict[str, Any]]] = []
    fixes: list[dict[str, Any]] = []
    twice: list[str] = []
    seen = SeenIds()
    for file, raw in _raws(request, pack):
        record = _plain(file, raw, key)
        named = str(raw.kind or record.get("kind"))
        kind = named if named in pack.kinds else next(iter(pack.kinds))
        made, done = anonymised(record, key)
        records.append((kind, made))
        fixes += [{"file": file, "position": raw.position, **asdict(fix)} for fix in done]
        if id := _visible_id(record):
            twice += _there_before(seen, kind, id, file, raw.position, normal_text(made["id"]))
    return records, fixes, twice


def _there_before(
    seen: SeenIds, kind: str, id: str, file: str, position: str, became: str
) -> Iterator[str]:
    """That an earlier record has the same id or one that looks like it, without saying the id."""
    place = f"{position}, which became the record {became}".removeprefix(", ")
    earlier = seen.add(kind, id, file, place)
    if earlier is None:
        return
    said = (
        f"its id is easily taken for that of {earlier.place}; they stay two records. If they are "
        "one, give both the same id, and anonymise them again"
    )
    if earlier.id == id:
        said = (
            f"its id is that of {earlier.place}, too; a run judges only the first. Keep one of "
            "them, or give each an id of its own, and anonymise them again"
        )
    where = within(file, position)
    yield f"{where} (record {became}): {said}"


@contextlib.contextmanager
def _key_removed_on_failure(new_key: Path | None) -> Iterator[None]:
    """A new key that nothing was made with is removed, so that the same command may be repeated."""
    try:
        yield
    except BaseException:
        if new_key is not None:
            new_key.unlink(missing_ok=True)
        raise


def _check_keys_stay(request: AnonymiseRequest, outputs: list[Path]) -> None:
    """No output takes the place of a key: without it the pseudonyms cannot be made again."""
    keys = [os.path.realpath(key) for key in (request.key, request.new_key) if key is not None]
    for path in outputs:
        if os.path.realpath(path) in keys:
            raise InputError(f"{path}: is the key; name another file")


def _key(request: AnonymiseRequest) -> bytes | None:
    if request.key is not None and request.new_key is not None:
        raise InputError("--key and --new-key: name one of them")
    if request.new_key is not None:
        return _made_key(request.new_key)
    if request.key is None:
        return None
    try:
        found = request.key.read_bytes().strip()
    except OSError as error:
        raise InputError(
            f"{request.key}: cannot be read: {error.strerror}. --new-key makes one"
        ) from error
    if len(found) < _LEAST_KEY:
        raise InputError(f"{request.key}: holds fewer than {_LEAST_KEY} bytes; make a longer key")
    return found


def _made_key(path: Path) -> bytes:
    """A new key in a file that only its owner can read; one that is there is never replaced."""
    key = secrets.token_hex(32).encode()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InputError(f"{path}: is there already; use it with --key {path}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "wb") as stream:
        stream.write(key + b"\n")
    return key


def _raws(request: AnonymiseRequest, pack: Pack) -> Iterator[tuple[str, RawRecord]]:
    names = SafeNames()
    for source, raws in read_inputs(expanded(request.files), pack, Inputs()):
        shown, _ = names.safe(source.name)
        for raw in raws:
            yield shown, raw


def _plain(file: str, raw: RawRecord, key: bytes | None) -> dict[str, Any]:
    """A record as plain values, once it is known to have an id that may be written, or hidden."""
    where = within(file, raw.position)
    if isinstance(raw.data, RecordError):
        problems = "\n".join(f"  {problem}" for problem in raw.data.problems)
        raise InputError(f"{where}: nothing was written\n{problems}")
    try:
        data = raw.data
        record = parse_json(data) if isinstance(data, bytes) else msgspec.to_builtins(data)
    except KeyTwiceError as error:
        problem = RecordProblem(error.pointer, error.told())
        raise InputError(f"{where}: nothing was written\n  {problem}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: is not JSON; nothing was written") from error
    if not isinstance(record, dict):
        raise InputError(f"{where}: is not a record; nothing was written")
    if key is None and identified({"id": record.get("id")}):
        raise InputError(
            f"{where}: the id holds an identifier; ids become pseudonyms with "
            "--new-key FILE, or --key FILE for one made before"
        )
    if key is not None and _visible_id(record) is None:
        raise InputError(
            f"{where}: has no id in which anything can be seen, and so can have no "
            "pseudonym; nothing was written. Give the record an id of its own"
        )
    return record


def _visible_id(record: Mapping[str, Any]) -> str | None:
    """The id by which a record is known; None where nothing of it can be seen."""
    id = record.get("id")
    return recorded_text(id) if isinstance(id, str) else None


def _written(
    request: AnonymiseRequest,
    pack: Pack,
    records: list[tuple[str, dict[str, Any]]],
    fixes: list[dict[str, Any]],
) -> Iterator[Written]:
    if request.output.suffix.lower() == ".json":
        groups: dict[str, list[dict[str, Any]]] = {}
        for kind, record in records:
            groups.setdefault(pack.kinds[kind].plural, []).append(record)
        yield Written(request.output, (_json(groups, 2),))
    else:
        lines = ({"kind": kind, **record} for kind, record in records)
        yield Written(request.output, (_json(line, None) for line in lines))
    if request.report is not None:
        yield Written(request.report, (_json({"format": "scr-audit/fixes", "fixes": fixes}, 2),))


def _json(value: Any, indent: int | None) -> bytes:
    try:
        return f"{json.dumps(value, ensure_ascii=False, indent=indent)}\n".encode()
    except UnicodeEncodeError:  # half a character, which only an escape can hold
        return f"{json.dumps(value, indent=indent)}\n".encode()
