"""Looks through one record, or one authored file about records: every key and value, at any depth.

Pointers in what it gives never repeat an identifier: a key that holds one is shown by its kind. A
problem of a file shows the line that it is about, or what it found; so a file that holds an
identifier has no other problems, and no line with one is shown.
"""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import msgspec

from scr_audit.anonymity.patterns import IDENTIFIERS, check_name, identifiers_in
from scr_audit.anonymity.person_names import key_kind
from scr_audit.errors import PackError, Problem, RecordError, RecordProblem
from scr_audit.language.checker import KeyPath
from scr_audit.packs.yaml_source import Document, read_yaml
from scr_audit.records.json_text import escaped

_NUMBER = re.compile(rb"(?<!\w)-?[0-9][0-9.eE+\-]*(?!\w)")
_ASIDE, _LARGEST = 9_999_999.0, 1e15  # no identifier has seven digits or fewer, or so many
_MOST_CLEAN = 100_000
_LONGEST_KEPT = 120
_ALONE = ("nhs_number", "phone")  # what a bare number can be


@dataclass(frozen=True)
class Identified:
    """An identifier in a record: a safe JSON pointer to it, and its kind.

    In a record that could not be put together the pointer is the place of a cell, in words.
    """

    pointer: str
    kind: str


def scan_record(record: object) -> list[Identified]:
    """Everything in a record of plain values that tells who it is about, in its order."""
    return list(_walk(record, "", ""))


def _walk(value: object, pointer: str, key: str) -> Iterator[Identified]:
    kind = key_kind(key, value) if key else None
    if kind is not None:
        yield Identified(pointer, kind)
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _entry(str(name), inner, pointer)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{pointer}/{index}", key)
    elif kind is None:
        for found in value_kinds(value):
            yield Identified(pointer, found)


def _entry(name: str, inner: object, pointer: str) -> Iterator[Identified]:
    in_name = value_kinds(name)
    step = f"({IDENTIFIERS[in_name[0]].name})" if in_name else escaped(name)
    for kind in in_name:
        yield Identified(f"{pointer}/{step}", kind)
    yield from _walk(inner, f"{pointer}/{step}", name)


@lru_cache(maxsize=20_000)
def _short_text_kinds(text: str) -> tuple[str, ...]:
    return tuple(span.kind for span in identifiers_in(text))


def value_kinds(value: object) -> Sequence[str]:
    """The kinds of identifier in a text or a number."""
    if isinstance(value, str):
        if len(value) <= _LONGEST_KEPT:
            return _short_text_kinds(value)
        return [span.kind for span in identifiers_in(value)]
    if isinstance(value, bool) or value is None or isinstance(value, date):
        return []
    if isinstance(value, int | float) and abs(value) > _ASIDE:
        text = f"{value:.0f}" if isinstance(value, float) and value < _LARGEST else str(value)
        return [span.kind for span in identifiers_in(text) if span.kind in _ALONE]
    return []


class Scanner:
    """Looks through records as they stand in files, at the speed of splitting their text.

    Most pieces of a record (facts, choices, days) have been seen before: those that were clean are
    kept, so only new ones are looked at, and only a record with something in it is taken apart.
    """

    def __init__(self) -> None:
        self._clean: set[bytes] = set()

    def scan(self, data: object) -> list[Identified]:
        """What is identifiable in a raw record: JSON text or a mapping."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogatepass")
        if isinstance(data, RecordError):  # its problems will be reported, and may quote a cell
            return [found for problem in data.problems for found in _in_problem(problem)]
        if not isinstance(data, bytes):
            return scan_record(data)
        if b"\\" not in data and self._is_clean(data):
            return []
        return _scan_whole(data)

    def _is_clean(self, data: bytes) -> bool:
        """Whether no key or value of JSON text without escapes holds anything."""
        new = set(data.split(b'"')) - self._clean
        for piece in new:
            if not _piece_is_clean(piece) or (_asks(piece) and not _answers_are_clean(piece, data)):
                return False
        if len(self._clean) > _MOST_CLEAN:
            self._clean.clear()
        self._clean.update(
            piece for piece in new if len(piece) <= _LONGEST_KEPT and not _asks(piece)
        )
        return True


def _in_problem(problem: RecordProblem) -> Iterator[Identified]:
    in_place = value_kinds(problem.pointer)
    place = f"({IDENTIFIERS[in_place[0]].name})" if in_place else problem.pointer
    for kind in (*in_place, *value_kinds(problem.message)):
        yield Identified(place, kind)


def _asks(piece: bytes) -> bool:
    """Whether a piece, as a key, asks for what tells who somebody is."""
    text = piece.decode()
    return bool(key_kind(text, "2009-01-01") or key_kind(text, "Xx Yy"))


def _answers_are_clean(key: bytes, data: bytes) -> bool:
    """Whether what a key asks for is nowhere in JSON text without escapes."""
    for found in re.finditer(rb'"%b"\s*:\s*(?:"([^"]*)"|(\w*))' % re.escape(key), data):
        text, word = found.groups()
        if text is None and word not in (b"true", b"false", b"null"):
            return False
        if text is not None and key_kind(key.decode(), text.decode("utf-8", "replace")):
            return False
    return True


def _piece_is_clean(piece: bytes) -> bool:
    """Whether a piece between two quotes is not identifiable itself."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return False
    if identifiers_in(text):
        return False
    return not any(_is_suspect(number) for number in _NUMBER.findall(piece))


def _is_suspect(number: bytes) -> bool:
    """Whether it is a number, not written as digits alone, that is as large as an identifier."""
    if len(number) <= 9 or not (b"e" in number.lower() or b"." in number):
        return False
    try:
        return _ASIDE < abs(float(number)) < _LARGEST
    except ValueError:  # a date before a full stop, or a hash
        return False


def _scan_whole(data: bytes) -> list[Identified]:
    try:
        return scan_record(msgspec.json.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        pass
    try:
        return scan_record(json.loads(data))
    except (ValueError, RecursionError):  # no JSON: the run will leave it out, and quote it
        text = data.decode("utf-8", "replace")
        return [Identified("", span.kind) for span in identifiers_in(text)]


def check_authored(*files: pathlib.Path | str | None) -> None:
    """Refuse identifiers in those of the files that exist.

    Raises `PackError` and `InputError` as `read_anonymous` does.
    """
    for file in files:
        if file is not None and pathlib.Path(file).is_file():
            read_anonymous(pathlib.Path(file).read_bytes(), str(file))


def read_anonymous(data: bytes, file: str) -> Document:
    """The YAML document in `data`, in which nothing identifies somebody.

    Raises `PackError` with each identifier by its place, or, where it is not YAML at all, with what
    is wrong, and `InputError` where the file's name holds one; none repeats an identifier.
    """
    check_name(pathlib.Path(file))
    try:
        document = read_yaml(data, file)
    except PackError as error:
        raise _without_lines(error, data) from None
    found = list(dict.fromkeys(_identifiers(document)))
    if found:
        raise PackError(found)
    document.lines = [_safe_line(line) for line in document.lines]  # those of comments, too
    document.problems = [_without_line(problem) for problem in document.problems]
    return document


def _without_lines(error: PackError, data: bytes) -> PackError:
    """The error of an unreadable file, without its lines where they hold an identifier."""
    if not identifiers_in(" ".join(data.decode("utf-8", "replace").split())):
        return error
    message = (
        "not readable as YAML, and its lines are not shown, since the file holds something that "
        "tells who somebody is; say it without"
    )
    return PackError(Problem(problem.place, message) for problem in error.problems)


def _identifiers(document: Document) -> Iterator[Problem]:
    """A problem for each identifier, without its line, which would repeat it."""
    for found in scan_record(document.value):
        path = _path(found.pointer, document)
        named = next((step for step in reversed(path) if isinstance(step, str)), "the file")
        kind = IDENTIFIERS[found.kind].name
        message = f"'{named}' holds {kind}, and reports repeat it; say it without"
        yield Problem(document.place(path), message)


def _path(pointer: str, document: Document) -> KeyPath:
    """The path of a pointer; a key that identifies somebody is in it by its kind."""
    path: list[str | int] = []
    for part in pointer.split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        is_item = (*path, int(step)) in document.values if step.isdecimal() else False
        path.append(int(step) if is_item else step)
    return tuple(path)


def _safe_line(line: str) -> str:
    return "" if identifiers_in(line) else line


def _without_line(problem: Problem) -> Problem:
    return Problem(problem.place, problem.message, _safe_line(problem.source_line))
