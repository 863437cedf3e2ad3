"""YAML with positions, 1.2 in spirit: a value, and the place of every part of it.

`no`, `on`, `012` and dates stay text; duplicate keys are problems; anchors may be used, but
not to unfold a small file into a huge one. The tree is built from the parser's events with an
explicit stack, so that deep nesting is a message and not a crash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from scr_audit.errors import PackError, Place, Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 40
MAX_NODES = 500_000

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


@dataclass
class Document:
    """A YAML file as plain values (`dict`, `list`, `str`, `int`, `float`, `bool`, `None`).

    `values` and `keys` give the place of each value and of each mapping key by its path;
    `quoted` holds the paths of texts that stood in quotes or blocks.
    """

    file: str
    lines: list[str]
    value: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    quoted: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands, or the nearest part that encloses it."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Place(self.file, 1, 1))

    def key_place(self, path: Path) -> Place:
        """Where the key of the value at `path` stands (a list item: the item itself)."""
        return self.keys.get(path) or self.place(path)

    def inside(self, path: Path, offset: int) -> Place:
        """The place of the character `offset` of the text at `path`, if it is on one line."""
        start = self.place(path)
        style = self.quoted.get(path)
        if style in ("|", ">"):
            return start
        return Place(start.file, start.line, start.column + offset + (1 if style else 0))

    def problem(self, place: Place, message: str) -> Problem:
        """A problem that shows the line it is about."""
        line = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        return Problem(place, message, line)


@dataclass
class _Frame:
    path: Path
    container: dict[str, Any] | list[Any]
    key: str | None = None
    awaiting_key: bool = True


def read_yaml(data: bytes, file: str) -> Document:
    """The document in `data`.

    Raises `PackError` when it is not YAML at all; what can be read in spite of a mistake
    (a duplicate key) is read, and the mistake stands in `problems`.
    """
    document = Document(file=file, lines=[])
    if len(data) > MAX_BYTES:
        raise _fatal(document, 1, 1, f"the file has {len(data):,} bytes; at most {MAX_BYTES:,}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fatal(document, line, 1, "the file is not UTF-8 text; save it as UTF-8") from None
    if text.startswith("\ufeff"):
        raise _fatal(document, 1, 1, "the file begins with a byte-order mark; save it without one")
    document.lines = text.splitlines()
    try:
        _build(document, yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise _fatal(document, line, column, f"not readable as YAML: {what}") from None
    return document


def _fatal(document: Document, line: int, column: int, message: str) -> PackError:
    return PackError([document.problem(Place(document.file, line, column), message)])


def _build(document: Document, events: Iterator[Any]) -> None:
    stack: list[_Frame] = []
    anchors: dict[str, tuple[Any, int]] = {}
    sizes: list[tuple[str | None, int]] = []
    nodes = 0
    started = False
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if started:
                place = _place(document, event)
                raise PackError([document.problem(place, "a second document; expected only one")])
            started = True
        elif isinstance(event, yaml.AliasEvent):
            value, size = anchors.get(str(event.anchor), (None, 0))
            if size == 0:
                message = f"'*{event.anchor}' names nothing that is complete above it"
                raise PackError([document.problem(_place(document, event), message)])
            nodes += size
            _put(document, stack, value, event)
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
            value = _scalar(event, is_key=_awaits_key(stack))
            path = _put(document, stack, value, event)
            if path is not None and event.style:
                document.quoted[path] = event.style
            if event.anchor:
                anchors[event.anchor] = (value, 1)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            nodes += 1
            container: dict[str, Any] | list[Any] = (
                {} if isinstance(event, yaml.MappingStartEvent) else []
            )
            if _awaits_key(stack):
                message = "a key must be a plain word, not a list or a mapping"
                raise PackError([document.problem(_place(document, event), message)])
            path = _put(document, stack, container, event)
            stack.append(_Frame(path or (), container))
            sizes.append((event.anchor, nodes))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            anchor, before = sizes.pop()
            closed = stack.pop().container
            if anchor:
                anchors[anchor] = (closed, nodes - before + 1)
        if len(stack) > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep"
            raise PackError([document.problem(_place(document, event), message)])
        if nodes > MAX_NODES:
            message = f"unfolds to more than {MAX_NODES:,} values"
            raise PackError([document.problem(_place(document, event), message)])


def _place(document: Document, event: Any) -> Place:
    return Place(document.file, event.start_mark.line + 1, event.start_mark.column + 1)


def _awaits_key(stack: list[_Frame]) -> bool:
    return bool(stack) and isinstance(stack[-1].container, dict) and stack[-1].awaiting_key


def _put(document: Document, stack: list[_Frame], value: Any, event: Any) -> Path | None:
    """Attach `value`; its path, or None where it was a key."""
    place = _place(document, event)
    if not stack:
        document.value = value
        document.values[()] = place
        return ()
    frame = stack[-1]
    if isinstance(frame.container, list):
        path = (*frame.path, len(frame.container))
        frame.container.append(value)
        document.values[path] = document.keys[path] = place
        return path
    if frame.awaiting_key:
        key = str(value)
        if key in frame.container:
            first = document.keys[(*frame.path, key)]
            message = f"'{key}' stands twice in the same place; first at line {first.line}"
            document.problems.append(document.problem(place, message))
        frame.key, frame.awaiting_key = key, False
        document.keys[(*frame.path, key)] = place
        return None
    path = (*frame.path, str(frame.key))
    frame.container[str(frame.key)] = value
    frame.awaiting_key = True
    document.values[path] = place
    return path


def _scalar(event: Any, *, is_key: bool) -> Any:
    text: str = event.value
    if is_key or event.style or (event.tag and not event.implicit[0]):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text) if len(text) < 19 else text
    if _NUMBER.match(text):
        return float(text)
    return text
