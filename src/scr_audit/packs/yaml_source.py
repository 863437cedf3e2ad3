"""YAML with positions, 1.2 in spirit: a value, and the place of every part of it.

`no`, `on`, `012` and dates stay text; duplicate keys are problems; anchors may be used, but
not to unfold a small file into a huge one. The tree is built from the parser's events with an
explicit stack, so that deep nesting is a message and not a crash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import yaml

from scr_audit.errors import PackError, Place, Problem
from scr_audit.language.checker import KeyPath
from scr_audit.values.text import utf8

MAX_BYTES = 5_000_000
MAX_DEPTH = 40
MAX_NODES = 500_000

_BRACED = re.compile(r"(?:[^\s\[\]{},:][^\[\]{},:]*)?\{\w+\}[^\[\]{},:]*")
_HINTS = {
    "mapping values are not allowed": "A text with ': ' in it stands in quotes; keys of "
    "one group are indented alike",
    "tab character": "Indent with spaces and not with tabs",
    "cannot start any token": "Indent with spaces and not with tabs; a text that begins with a "
    "sign stands in quotes",
    "unexpected end of stream": "A quotation mark or a bracket above is not closed",
    "did not find expected ',' or ": "A bracket is not closed, or a text in brackets needs quotes",
    "did not find expected key": "Keys of one group are indented alike; in a text in quotes ' is "
    "written twice",
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_MOST_DIGITS = 4300  # as many as Python, and JSON with it, makes a whole number of
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Spot = tuple[int, int]


@dataclass
class Document:
    """A YAML file as plain values (`dict`, `list`, `str`, `int`, `float`, `bool`, `None`).

    `values` and `keys` give the line and column of each value and mapping key by its path;
    `quoted` holds the paths of texts that stood in quotes or blocks, `brackets` those of lists and
    mappings that stood in brackets or braces.
    """

    file: str
    lines: list[str]
    value: Any = None
    values: dict[KeyPath, Spot] = field(default_factory=dict)
    keys: dict[KeyPath, Spot] = field(default_factory=dict)
    quoted: dict[KeyPath, str] = field(default_factory=dict)
    brackets: set[KeyPath] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: KeyPath) -> Place:
        """Where the value at `path` stands, or the nearest part that encloses it."""
        while path not in self.values and path:
            path = path[:-1]
        return Place(self.file, *self.values.get(path, (1, 1)))

    def key_place(self, path: KeyPath) -> Place:
        """Where the key of the value at `path` stands (a list item: the item itself)."""
        spot = self.keys.get(path)
        return self.place(path) if spot is None else Place(self.file, *spot)

    def inside(self, path: KeyPath, offset: int) -> Place:
        """The place of the character `offset` of the text at `path`.

        The beginning of the text, where a block, a line break or an escape stands in between.
        """
        start = self.place(path)
        style = self.quoted.get(path)
        if path not in self.values or style in ("|", ">"):
            return start
        column = start.column + (1 if style else 0)
        written = self.lines[start.line - 1][column - 1 :]
        if not written.startswith(str(self.at(path))[:offset]):
            return start
        return Place(start.file, start.line, column + offset)

    def ends_at_comma(self, path: KeyPath) -> bool:
        """Whether the text at `path` may end there because YAML divides what is in brackets."""
        return path[:-1] in self.brackets and path not in self.quoted

    def at(self, path: KeyPath) -> Any:
        """The value at `path`, which must exist."""
        value = self.value
        for step in path:
            value = value[step]
        return value

    def problem(self, place: Place, message: str) -> Problem:
        """A problem that shows the line it is about."""
        line = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        return Problem(place, message, line)


def read_yaml(data: bytes, file: str) -> Document:
    """The document in `data`.

    Raises `PackError` when it is not YAML at all; what can be read in spite of a mistake
    (a duplicate key) is read, and the mistake stands in `problems`.
    """
    document = Document(file=file, lines=[])
    if len(data) > MAX_BYTES:
        raise _fatal(document, 1, 1, f"the file has {len(data):,} bytes; at most {MAX_BYTES:,}")
    try:
        text = utf8(data).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fatal(document, line, 1, "the file is not UTF-8 text; save it as UTF-8") from None
    except ValueError as error:
        raise _fatal(document, 1, 1, f"the file {error}; save it as UTF-8") from None
    document.lines = text.splitlines()
    try:
        _Builder(document).build(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        held = document.lines[line - 1] if line <= len(document.lines) else ""
        hint = _hint(what, held, column)
        raise _fatal(document, line, column, f"not readable as YAML: {what}{hint}") from None
    return document


def _hint(what: str, line: str, column: int) -> str:
    """What may help where a line is no YAML."""
    for text in _BRACED.finditer(line):
        if text.start() < column <= text.end() + 1:
            meant = text[0].strip().removeprefix("- ")
            return f'. For YAML a {{ begins a group of its own: put the text in quotes, "{meant}"'
    return next((f". {hint}" for said, hint in _HINTS.items() if said in what), "")


def _fatal(document: Document, line: int, column: int, message: str) -> PackError:
    return PackError([document.problem(Place(document.file, line, column), message)])


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being filled; a mapping waits for a key or for its value."""

    path: KeyPath
    container: dict[str, Any] | list[Any]
    is_mapping: bool
    anchor: str | None
    nodes_before: int
    key: str | None = None


class _Builder:
    """Builds the value of a document from its events, with an explicit stack."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0
        self.started = False
        self.handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.start,
            yaml.SequenceStartEvent: self.start,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceEndEvent: self.end,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document_start,
        }

    def build(self, events: Iterator[yaml.Event]) -> None:
        for event in events:
            handler = self.handlers.get(type(event))
            if handler is not None:
                handler(event)

    def document_start(self, event: yaml.DocumentStartEvent) -> None:
        if self.started:
            raise self.refusal(event, "a second document; expected only one")
        self.started = True

    def scalar(self, event: yaml.ScalarEvent) -> None:
        value = _scalar(event, is_key=self.awaits_key())
        path = self.put(value, event, 1)
        if path is not None and event.style:
            self.document.quoted[path] = event.style
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)

    def start(self, event: yaml.CollectionStartEvent) -> None:
        if self.awaits_key():
            raise self.refusal(event, "a key must be a plain word, not a list or a mapping")
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        container: dict[str, Any] | list[Any] = {} if is_mapping else []
        path = self.put(container, event, 1)
        if event.flow_style and path is not None:
            self.document.brackets.add(path)
        self.stack.append(_Frame(path or (), container, is_mapping, event.anchor, self.nodes))
        if len(self.stack) > MAX_DEPTH:
            raise self.refusal(event, f"nested more than {MAX_DEPTH} deep")

    def end(self, event: yaml.CollectionEndEvent) -> None:
        frame = self.stack.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.container, self.nodes - frame.nodes_before + 1)

    def alias(self, event: yaml.AliasEvent) -> None:
        value, size = self.anchors.get(str(event.anchor), (None, 0))
        if size == 0:
            message = f"'*{event.anchor}' names nothing that is complete above it"
            raise self.refusal(event, message)
        self.put(value, event, size)

    def refusal(self, event: yaml.Event, message: str) -> PackError:
        place = Place(self.document.file, *_spot(event))
        return PackError([self.document.problem(place, message)])

    def awaits_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].is_mapping and self.stack[-1].key is None

    def put(self, value: object, event: yaml.Event, size: int) -> KeyPath | None:
        """Attach a value that unfolds to `size` values; its path, or None where it is a key."""
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise self.refusal(event, f"unfolds to more than {MAX_NODES:,} values")
        document, spot = self.document, _spot(event)
        if not self.stack:
            document.value = value
            document.values[()] = spot
            return ()
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            path = (*frame.path, len(frame.container))
            frame.container.append(value)
            document.values[path] = document.keys[path] = spot
            return path
        if frame.key is None:
            self.put_key(frame, str(value), spot)
            return None
        path = (*frame.path, frame.key)
        frame.container[frame.key] = value
        frame.key = None
        document.values[path] = spot
        return path

    def put_key(self, frame: _Frame, key: str, spot: Spot) -> None:
        document, path = self.document, (*frame.path, key)
        if key in frame.container:
            message = (
                f"'{key}' stands twice in the same place; first at line {document.keys[path][0]}"
            )
            place = Place(document.file, *spot)
            document.problems.append(document.problem(place, message))
        frame.key = key
        document.keys[path] = spot


def _spot(event: yaml.Event) -> Spot:
    mark = event.start_mark
    assert mark is not None, "the parser marks every event"
    return mark.line + 1, mark.column + 1


def _scalar(event: yaml.ScalarEvent, *, is_key: bool) -> Any:
    text: str = event.value
    if is_key or event.style or (event.tag and not event.implicit[0]):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text) if len(text) <= _MOST_DIGITS else text
    if _NUMBER.match(text) and isfinite(number := float(text)):
        return number
    return text
