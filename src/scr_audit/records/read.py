"""Reading input files: raw records with their positions, streaming where the format allows.

`.ndjson` and `.jsonl` files have one record a line and are streamed. Other files hold JSON:
an array of records, one record, or an object with a list for each kind (`cases`, ...).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from scr_audit.errors import InputError, did_you_mean, listed

LINES = (".ndjson", ".jsonl")
BATCH = 500
CHUNK = 2_000_000
BESIDE_RECORDS = ("about", "$schema")
MOST_LINE_BYTES = 64_000_000


class RawRecord(msgspec.Struct, gc=False):
    """One record as it stands in the input: JSON text, or a mapping that a caller gave.

    `place` is its pointer or its line; `kind` is known where its list's name tells it.
    """

    place: str | int
    data: Any
    kind: str | None = None

    @property
    def position(self) -> str:
        """Where it stands, in words."""
        return f"line {self.place}" if isinstance(self.place, int) else self.place


@dataclass
class InputFile:
    """One input file: its name in reports, and its hash once it was read to the end."""

    name: str
    sha256: str = ""


@dataclass
class Inputs:
    """The files of a run, and what was read from them so far."""

    files: list[InputFile] = field(default_factory=list)


def read_batches(
    paths: Iterable[str | Path], plurals: Mapping[str, str], inputs: Inputs
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """Batches of raw records from files (`-` is standard input), in order.

    `plurals` maps the name of a list to its record kind. Raises `InputError`.
    """
    for path in paths:
        source = InputFile("(standard input)" if str(path) == "-" else Path(path).name)
        inputs.files.append(source)
        if str(path) == "-":
            yield from _from_stdin(source, plurals)
        else:
            yield from _from_file(Path(path), source, plurals)


def _from_file(
    path: Path, source: InputFile, plurals: Mapping[str, str]
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    if not path.exists():
        raise InputError(f"{path}: there is no such file")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name the files in it, such as {path}/*.json")
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() in LINES:
                yield from _lines(stream, str(path), source)
            else:
                data = stream.read()
                source.sha256 = hashlib.sha256(data).hexdigest()
                yield from _whole(data, str(path), source, plurals)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _from_stdin(
    source: InputFile, plurals: Mapping[str, str]
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """JSON or one record a line: what the first line is by itself decides."""
    first = sys.stdin.buffer.readline(MOST_LINE_BYTES)
    if _is_object(first):
        second = sys.stdin.buffer.readline(MOST_LINE_BYTES)
        if second.strip() or not _holds_lists(first, plurals):
            stream = _Chained(first + second, sys.stdin.buffer)
            yield from _lines(stream, source.name, source)
            return
        first += second
    data = first + sys.stdin.buffer.read()
    source.sha256 = hashlib.sha256(data).hexdigest()
    yield from _whole(data, source.name, source, plurals)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line, type=dict[str, msgspec.Raw]), dict)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False


def _holds_lists(line: bytes, plurals: Mapping[str, str]) -> bool:
    found = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    return any(key in plurals for key in found)


class _Chained:
    """Bytes already read, then the rest of a stream."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = first
        self._rest = rest

    def read(self, size: int) -> bytes:
        first, self._first = self._first, b""
        return first or self._rest.read(size)


def _lines(
    stream: Any, name: str, source: InputFile
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """Batches of lines; a chunk of the stream is held at a time."""
    digest = hashlib.sha256()
    number = 0
    found = False
    for lines in _split(stream, name, digest):
        if number == 0:
            _check_encoding(lines[0], name)
        batch = [RawRecord(number + n, line) for n, line in enumerate(lines, 1) if line.strip()]
        number += len(lines)
        if batch:
            found = True
            yield source, batch
    source.sha256 = digest.hexdigest()
    if not found:
        raise InputError(f"{name}: the file has no records")


def _split(stream: Any, name: str, digest: Any) -> Iterator[list[bytes]]:
    rest = b""
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        if len(rest) > MOST_LINE_BYTES:
            raise InputError(f"{name}: a line is longer than {MOST_LINE_BYTES:,} bytes")
        if lines:
            yield lines
    if rest:
        yield [rest]


def _check_encoding(data: bytes, name: str) -> None:
    if data.startswith(b"\xef\xbb\xbf"):
        raise InputError(
            f"{name}: begins with a byte-order mark; save it as UTF-8 without one "
            "(in an editor: encoding 'UTF-8', not 'UTF-8 with BOM')"
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        raise InputError(f"{name}: is UTF-16 or UTF-32 text; save it as UTF-8")


def _whole(
    data: bytes, name: str, source: InputFile, plurals: Mapping[str, str]
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    _check_encoding(data, name)
    if not data.strip():
        raise InputError(f"{name}: the file is empty; expected JSON records")
    found = _parts(data, name, plurals)
    records = [RawRecord(position, bytes(raw), kind) for position, raw, kind in found]
    if not records:
        raise InputError(f"{name}: there are no records in it")
    for start in range(0, len(records), BATCH):
        yield source, records[start : start + BATCH]


def _parts(
    data: bytes, name: str, plurals: Mapping[str, str]
) -> list[tuple[str, msgspec.Raw, str | None]]:
    try:
        value = msgspec.json.decode(data, type=list[msgspec.Raw] | dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise InputError(
            f"{name}: expected a list of records, one record, or {_lists(plurals)}"
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(f"{name}: {_not_json(data, error)}") from None
    if isinstance(value, list):
        return [(f"/{index}", raw, None) for index, raw in enumerate(value)]
    if not any(key in plurals for key in value):
        if "id" in value:
            return [("", msgspec.Raw(data), None)]
        hint = next((h for key in value if (h := did_you_mean(key, plurals))), "")
        raise InputError(
            f"{name}: has {listed(value) or 'no keys'}; expected {_lists(plurals)}.{hint}"
        )
    return _from_lists(value, name, plurals)


def _lists(plurals: Mapping[str, str]) -> str:
    return f"an object with {listed([f'{chr(39)}{plural}{chr(39)}' for plural in plurals])}"


def _from_lists(
    value: Mapping[str, msgspec.Raw], name: str, plurals: Mapping[str, str]
) -> list[tuple[str, msgspec.Raw, str | None]]:
    parts: list[tuple[str, msgspec.Raw, str | None]] = []
    for key, raw in value.items():
        if key in BESIDE_RECORDS:
            continue
        if key not in plurals:
            allowed = [*plurals, *BESIDE_RECORDS]
            raise InputError(
                f"{name}: unknown key '{key}'.{did_you_mean(key, allowed)} "
                f"Allowed: {listed(allowed)}."
            )
        try:
            items = msgspec.json.decode(raw, type=list[msgspec.Raw])
        except msgspec.MsgspecError:
            raise InputError(f"{name}: '{key}' is not a list of records") from None
        kind = plurals[key]
        parts += [(f"/{key}/{index}", item, kind) for index, item in enumerate(items)]
    return parts


def _not_json(data: bytes, error: Exception) -> str:
    """Words for text that is no JSON, with the line; Python's own parser finds the place."""
    import json

    if isinstance(error, RecursionError):
        return "nested too deeply to be records"
    try:
        json.loads(data)
    except json.JSONDecodeError as found:
        return f"not JSON: {found.msg} at line {found.lineno}, column {found.colno}"
    except UnicodeDecodeError as found:
        line = data.count(b"\n", 0, found.start) + 1
        return f"not UTF-8 text at line {line}; save it as UTF-8"
    except RecursionError:
        return "nested too deeply to be records"
    except ValueError as found:
        return f"not JSON: {found}"
    return f"not JSON: {error}"
