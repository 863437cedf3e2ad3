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
from itertools import filterfalse, starmap
from typing import TYPE_CHECKING

import msgspec

from scr_audit.anonymity.patterns import IDENTIFIERS, check_name, identifiers_in
from scr_audit.anonymity.person_names import key_kind, kind_asked
from scr_audit.errors import PackError, Problem, RecordError, RecordProblem
from scr_audit.records.json_text import escaped

if TYPE_CHECKING:
    from scr_audit.language.checker import KeyPath
    from scr_audit.packs.yaml_source import Document

_COMPACT = re.compile(rb'\{"[^"\\]*":[^\s]')
_ESCAPED = (b"\\\\", b"\x01"), (b'\\"', b"\x02")  # in this order: a backslash escapes the next sign
_JOINT = b',"'
_NUMBER = re.compile(rb"-?[0-9]++(?:\.[0-9]++)?+(?:[eE][+\-]?[0-9]++)?+")
_BETWEEN = re.compile(rb"(:?)((?:[\[\]{},]|true|false|null|%b)*+)\s*" % _NUMBER.pattern)
_NO_ANSWER = re.compile(rb"true|false|null|\[\]|\{\}")
_ALL_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_DIGIT, _SHORT = re.compile("[0-9]"), 7  # no number so short can be an identifier
_MONTH = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")
_NOBODYS = re.compile(  # a time or a part of one, or a short reference: whatever the digits are
    r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?)?)?|"
    r"[A-Za-z]{0,2}[-/]?[0-9]{1,6}"
)
_ASIDE, _LARGEST = 9_999_999.0, 1e15  # no identifier has seven digits or fewer, or so many
_MOST_CLEAN = 20_000
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

    JSON text is split where one member of a group or list ends and a text begins, into pieces such
    as `siblings":2` and `type":"review"}]`. Nearly all have been seen before: a piece that was
    clean is kept, so only new ones are looked at, and only a record that may have something in it
    is taken apart. Of a piece in which digits are of no account (a day, a small number) only the
    shape is kept, all digits as 0: there are few shapes, and many days.
    """

    def __init__(self) -> None:
        self._clean: set[bytes] = set()
        self._shapes: set[bytes] = set()

    def scan(self, data: object) -> list[Identified]:
        """What is identifiable in a raw record: JSON text or a mapping."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogatepass")
        if isinstance(data, RecordError):  # its problems will be reported, and may quote a cell
            return [found for problem in data.problems for found in _in_problem(problem)]
        if not isinstance(data, bytes):
            return scan_record(data)
        return [] if self._is_clean(data) else _scan_whole(data)

    def _is_clean(self, data: bytes) -> bool:
        """Whether JSON text surely holds nothing; what cannot be told from its pieces may."""
        try:
            new = [*filterfalse(self._clean.__contains__, _pieces(data))]
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return False
        shapes = _JOINT.join(new).translate(_ALL_DIGITS).split(_JOINT)  # of all at once: cheaper
        if not new or self._shapes.issuperset(shapes):
            return True
        unknown = filterfalse(lambda each: each[1] in self._shapes, zip(new, shapes, strict=True))
        return all(starmap(self._found_clean, unknown))

    def _found_clean(self, piece: bytes, shape: bytes) -> bool:
        """Whether a new piece is clean; it is kept where it is."""
        try:
            clean = _look(piece)
        except ValueError:  # not UTF-8, or an escape that there is not
            return False
        if clean is not None and len(piece) <= _LONGEST_KEPT:
            by_its_shape = shape != piece and not clean.by_its_digits
            kept, new = (self._shapes, shape) if by_its_shape else (self._clean, piece)
            if len(kept) >= _MOST_CLEAN:
                kept.clear()
            kept.add(new)
        return clean is not None


def _in_problem(problem: RecordProblem) -> Iterator[Identified]:
    in_place = value_kinds(problem.pointer)
    place = f"({IDENTIFIERS[in_place[0]].name})" if in_place else problem.pointer
    for kind in (*in_place, *value_kinds(problem.message)):
        yield Identified(place, kind)


def _pieces(data: bytes) -> list[bytes]:
    """JSON text of a group, split before each text that follows a comma; escapes are marked.

    Raises what msgspec does where it is no JSON, or another value.
    """
    if not _COMPACT.match(data):
        data = msgspec.json.format(data, indent=-1)
    if not data.startswith(b'{"'):
        raise msgspec.DecodeError
    if b"\\" in data:
        if _ESCAPED[0][1] in data or _ESCAPED[1][1] in data:  # which no JSON text holds
            raise msgspec.DecodeError
        for escape, mark in _ESCAPED:
            data = data.replace(escape, mark)
    return data[2:].split(_JOINT)


@dataclass(frozen=True)
class _Clean:
    """A piece is clean: with the digits that it has, or with any."""

    by_its_digits: bool


def _look(piece: bytes) -> _Clean | None:
    """Whether a piece is clean; None where it is not, or where that cannot be told from it alone.

    Texts and what is between them take turns in a piece, the first one a text. A comma at the end
    of a text splits the text; the two parts are told by their even number of quotes. Raises
    `ValueError` for what is no JSON.
    """
    parts = piece.split(b'"')
    if len(parts) % 2:
        return None
    texts = [*map(_text, parts[::2])]
    by_its_digits, asked = False, None
    for number, text in enumerate(texts):
        between = _BETWEEN.fullmatch(parts[2 * number + 1])
        if between is None or value_kinds(text):
            return None
        is_key, values = between.groups()
        numbers = _NUMBER.findall(values)
        if any(value_kinds(json.loads(each)) for each in numbers):
            return None
        free = _MONTH if asked else _NOBODYS
        by_its_digits |= any(len(each) > _SHORT for each in numbers) or (
            _DIGIT.search(text) is not None and not free.fullmatch(text)
        )
        asked = kind_asked(text) if is_key else None
        if asked and values and not _NO_ANSWER.match(values):
            return None
        if is_key and not values and number + 1 == len(texts):
            return None
        if asked and not values and key_kind(text, texts[number + 1]):
            return None
    return _Clean(by_its_digits)


def _text(part: bytes) -> str:
    """The text between two quotes."""
    if b"\\" not in part and not any(mark in part for _, mark in _ESCAPED):
        return part.decode()
    for escape, mark in _ESCAPED:
        part = part.replace(mark, escape)
    return str(json.loads(b'"%b"' % part))


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
    from scr_audit.packs.yaml_source import read_yaml  # records are no YAML

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
