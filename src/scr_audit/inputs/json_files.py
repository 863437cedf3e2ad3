"""JSON, JSON lines and YAML: raw records with their positions, streamed where that can be.

`.ndjson` and `.jsonl` files have one record a line and are streamed. Other files, `.yaml` among
them, hold an object with a list for each kind (`cases`, ...), an array of records, or one record.
A file may be packed with gzip (`.json.gz`).

A NaN, half a character or deep nesting in one record makes the whole of a JSON file unreadable.
Where its brackets pair up, `cut_items` takes the records apart unread, so that the bad one
can be reported and the others judged.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from scr_audit.errors import InputError, PackError, did_you_mean, listed, translate_os_errors
from scr_audit.inputs.files import GZIP, check_file, plain_suffix
from scr_audit.records.json_text import outer_key_twice
from scr_audit.records.raw import LINES, InputFile, Inputs, RawRecord
from scr_audit.values.text import BYTE_ORDER_MARK, utf8

STDIN_NAME = "(standard input)"
YAML = (".yaml", ".yml")
BATCH = 500
CHUNK = 2_000_000
BESIDE_RECORDS = ("about", "$schema")
MOST_LINE_BYTES = 64_000_000


def read_batches(
    paths: Iterable[str | Path], plurals: Mapping[str, str], inputs: Inputs
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """Batches of raw records from files (`-` is standard input), in order.

    `plurals` maps the name of a list to its record kind. Raises `InputError`.
    """
    for path in paths:
        if str(path) == "-":
            source = InputFile(STDIN_NAME)
            inputs.files.append(source)
            yield from _from_stdin(source, plurals)
        else:
            yield from _from_file(Path(path), inputs.add(Path(path)), plurals)


def _from_file(
    path: Path, source: InputFile, plurals: Mapping[str, str]
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    check_file(path)
    with translate_os_errors(path):
        try:
            with _open(path) as stream:
                if plain_suffix(path) in LINES:
                    yield from _lines(stream, str(path), source)
                    return
                data = stream.read()
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            is_short = isinstance(error, EOFError)
            reason = "it is cut short" if is_short else "it is damaged, or no gzip file"
            raise InputError(f"{path}: cannot be unpacked: {reason}") from error
    source.sha256 = hashlib.sha256(data).hexdigest()
    if plain_suffix(path) in YAML:
        yield source, _from_yaml(data, str(path), plurals)
    else:
        yield from _whole(data, str(path), source, plurals)


def _open(path: Path) -> BinaryIO | gzip.GzipFile:
    """The file to read; one whose name ends in .gz is unpacked as it is read."""
    return gzip.open(path) if path.suffix.lower() == GZIP else path.open("rb")


def open_stdin(what: str) -> BinaryIO:
    """Standard input, to which somebody pipes `what`. Raises `InputError` where it is closed."""
    if sys.stdin is None:
        raise InputError(f"standard input is closed; name a file, or pipe {what} in")
    return sys.stdin.buffer


def _from_stdin(
    source: InputFile, plurals: Mapping[str, str]
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """JSON, or one record a line: what the first two lines with text look like decides."""
    stream = open_stdin("records")
    before, first = _next_line(stream)
    between, second = _next_line(stream) if _looks_like_object(first) else (b"", b"")
    held = before + first + between + second
    if second.lstrip().startswith(b"{"):
        yield from _lines(_Chained(held, stream), source.name, source)
        return
    data = held + stream.read()
    source.sha256 = hashlib.sha256(data).hexdigest()
    yield from _whole(data, source.name, source, plurals)


def _next_line(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The blank lines that come next, and the line after them."""
    blank = b""
    while (line := stream.readline(MOST_LINE_BYTES)) and not line.strip():
        blank += line
    return blank, line


def _looks_like_object(line: bytes) -> bool:
    text = line.removeprefix(BYTE_ORDER_MARK).strip()
    return text.startswith(b"{") and text.endswith(b"}")


class Readable(Protocol):
    """A stream that is read in chunks."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class _Chained:
    """Bytes already read, then the rest of a stream."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = first
        self._rest = rest

    def read(self, size: int) -> bytes:
        first, self._first = self._first, b""
        return first or self._rest.read(size)


def _lines(
    stream: Readable, name: str, source: InputFile
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """Batches of lines; a chunk of the stream is held at a time."""
    digest = hashlib.sha256()
    number = 0
    found = False
    for lines in _split(stream, name, digest):
        if number == 0:
            lines[0] = _without_mark(lines[0], name)
        batch = [RawRecord(number + n, line) for n, line in enumerate(lines, 1) if line.strip()]
        number += len(lines)
        if batch:
            found = True
            yield source, batch
    source.sha256 = digest.hexdigest()
    if not found:
        raise InputError(f"{name}: the file has no records")


def _split(stream: Readable, name: str, digest: hashlib._Hash) -> Iterator[list[bytes]]:
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


def _without_mark(data: bytes, name: str) -> bytes:
    try:
        return utf8(data)
    except ValueError as error:
        raise InputError(f"{name}: {error}; save it as UTF-8") from error


def _whole(
    data: bytes, name: str, source: InputFile, plurals: Mapping[str, str]
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    data = _without_mark(data, name)
    if not data.strip():
        raise InputError(f"{name}: the file is empty; expected JSON records")
    found = _parts(data, name, plurals)
    if not found:
        raise InputError(f"{name}: there are no records in it")
    for start in range(0, len(found), BATCH):  # copied by the batch: the text is in memory once
        batch = found[start : start + BATCH]
        yield source, [RawRecord(position, bytes(raw), kind) for position, raw, kind in batch]


def _parts(
    data: bytes, name: str, plurals: Mapping[str, str]
) -> list[tuple[str, msgspec.Raw, str | None]]:
    value = _raw_items(data, name, f"a list of records, one record, or {_lists(plurals)}")
    if isinstance(value, list):
        return [(f"/{index}", raw, None) for index, raw in enumerate(value)]
    if not any(key in plurals for key in value):
        if "id" in value:
            return [("", msgspec.Raw(data), None)]
        if bytes(value.get("format", b"")) == b'"scr-audit/run"':
            raise InputError(f"{name}: is a report of scr-audit; name the records it was made of")
        hint = next((h for key in value if (h := did_you_mean(key, plurals))), "")
        keys = f"has {listed(value)}" if value else "is empty: {}"
        raise InputError(f"{name}: {keys}; expected {_lists(plurals)}.{hint}")
    return _from_lists(data, value, name, plurals)


def _raw_items(
    data: bytes | msgspec.Raw, name: str, expected: str
) -> list[msgspec.Raw] | dict[str, msgspec.Raw]:
    """The items of a list or group, as JSON text each."""
    try:
        return msgspec.json.decode(data, type=list[msgspec.Raw] | dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise InputError(f"{name}: found {_json_kind(bytes(data))}; expected {expected}") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        reason = _not_json(bytes(data), error)
        parts = (
            cut_items(bytes(data)) if reason is None or isinstance(error, RecursionError) else None
        )
        if isinstance(parts, list):
            return [msgspec.Raw(part) for part in parts]
        if parts is not None:
            return {key: msgspec.Raw(part.strip()) for key, part in parts.items()}
        raise InputError(f"{name}: {reason or f'not JSON: {error}'}") from None


def _json_kind(data: bytes) -> str:
    """What JSON text holds, by its first character."""
    first = data.lstrip()[:1]
    names = {b"[": "a list", b"{": "a group", b'"': "a text", b"n": "null", b"t": "true"}
    return names.get(first, "false" if first == b"f" else "a number")


def _from_yaml(data: bytes, name: str, plurals: Mapping[str, str]) -> list[RawRecord]:
    from scr_audit.packs.yaml_source import read_yaml

    document = read_yaml(data, name)
    if document.problems:
        raise PackError(document.problems)
    value = document.value
    if isinstance(value, list) and value:
        return [RawRecord(f"/{n}", item) for n, item in enumerate(value)]
    if not isinstance(value, dict) or not any(key in plurals for key in value):
        if isinstance(value, dict) and "id" in value:
            return [RawRecord("", value)]
        raise InputError(f"{name}: expected a list of records, one record, or {_lists(plurals)}")
    records: list[RawRecord] = []
    for key, items in value.items():
        if key in BESIDE_RECORDS:
            continue
        if key not in plurals or not isinstance(items, list):
            found = f"unknown key '{key}'.{did_you_mean(key, plurals)}"
            message = f"'{key}' is not a list of records" if key in plurals else found
            raise InputError(f"{name}: {message}")
        kind = plurals[key]
        records += [RawRecord(f"/{key}/{n}", item, kind) for n, item in enumerate(items)]
    if not records:
        raise InputError(f"{name}: there are no records in it")
    return records


def _lists(plurals: Mapping[str, str]) -> str:
    names = [f"'{plural}'" for plural in plurals]
    return f"an object with {listed(names, last='or')}"


def _from_lists(
    data: bytes, value: Mapping[str, msgspec.Raw], name: str, plurals: Mapping[str, str]
) -> list[tuple[str, msgspec.Raw, str | None]]:
    parts: list[tuple[str, msgspec.Raw, str | None]] = []
    if (twice := outer_key_twice(data, value)) is not None:
        raise InputError(f"{name}: {twice}")
    for key, raw in value.items():
        if key in BESIDE_RECORDS:
            continue
        if key not in plurals:
            allowed = [*plurals, *BESIDE_RECORDS]
            raise InputError(
                f"{name}: unknown key '{key}'.{did_you_mean(key, allowed)} "
                f"Allowed: {listed(allowed)}."
            )
        items = _raw_items(raw, f"{name}: '{key}'", "a list of records")
        if not isinstance(items, list):
            raise InputError(f"{name}: '{key}': found a group; expected a list of records")
        kind = plurals[key]
        parts += [(f"/{key}/{index}", item, kind) for index, item in enumerate(items)]
    return parts


def _not_json(data: bytes, error: Exception) -> str | None:
    """Words for text that is no JSON, with the place; None where Python's own parser reads it."""
    if isinstance(error, RecursionError):
        return "nested too deeply to be records"
    try:
        json.loads(data)
    except json.JSONDecodeError as found:
        what = found.msg.removesuffix(" at")
        hint = "; mend it there, or take the file anew if it was cut short"
        if what == "Extra data" and found.doc[found.pos : found.pos + 1] == "{":
            hint = ". Has it one record a line? Then its name must end in .ndjson or .jsonl"
        return f"not JSON: {what} at line {found.lineno}, column {found.colno}{hint}"
    except UnicodeDecodeError as found:
        line = data.count(b"\n", 0, found.start) + 1
        return f"not UTF-8 text at line {line}; save it as UTF-8"
    except RecursionError:
        return "nested too deeply to be records"
    except ValueError:
        return None  # a number of thousands of digits: its record will say so
    return None


MOST_DEPTH = 100_000

_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]', re.DOTALL)
_KEY = re.compile(rb'\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*:', re.DOTALL)
_OPENS = b"[{"
_CLOSES = {ord("]"): ord("["), ord("}"): ord("{")}


def cut_items(data: bytes) -> list[bytes] | dict[str, bytes] | None:
    """The raw items of a JSON list or group; None where brackets do not pair up."""
    pieces = _pieces(data)
    if pieces is None:
        return None
    if data.lstrip().startswith(b"["):
        return pieces if any(piece.strip() for piece in pieces) else []
    group: dict[str, bytes] = {}
    for piece in pieces:
        key = _KEY.match(piece)
        if key is None:
            return None
        try:
            group[str(json.loads(key[1]))] = piece[key.end() :]
        except ValueError:
            return None
    return group


def _pieces(data: bytes) -> list[bytes] | None:
    """What stands between the outermost brackets, divided at their commas."""
    pieces: list[bytes] = []
    open_ = bytearray()
    start = 0
    for found in _BRACKET.finditer(data):
        sign = data[found.start()]
        if sign in _OPENS:
            open_.append(sign)
            if len(open_) == 1:
                start = found.end()
            elif len(open_) > MOST_DEPTH:
                return None
        elif sign in _CLOSES:
            if not open_ or open_.pop() != _CLOSES[sign]:
                return None
            if not open_:
                pieces.append(data[start : found.start()])
                return None if data[found.end() :].strip() else pieces
        elif sign == ord(",") and len(open_) == 1:
            pieces.append(data[start : found.start()])
            start = found.end()
    return None
