"""Looks through one record: every key and every value, at any depth.

Pointers in what it gives never repeat an identifier: a key that holds one is shown by its kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import msgspec

from scr_audit.anonymity.names import key_kind
from scr_audit.anonymity.patterns import IDENTIFIERS, identifiers_in
from scr_audit.errors import RecordError, RecordProblem
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
