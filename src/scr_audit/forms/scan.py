"""What a reader of values does not tell about a sheet: its formulas, merged cells and extent.

It is found before the values are read, so that a sheet whose cells would take gigabytes is
refused first.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from scr_audit.forms.cells import Cell, cell_at
from scr_audit.forms.faults import Fault, FormError

MOST_TEXT = 50_000_000  # characters that the cells of a form hold together
MOST_CELLS = 5_000_000  # of the rectangle from the first cell of a sheet to its last filled one
_STRINGS = "xl/sharedStrings.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
Start = Callable[[str, dict[str, str]], None]


@dataclass
class Scanned:
    """One sheet: cells with formulas, merged ranges, the last filled row and column from 0."""

    formulas: set[Cell] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    last: Cell = (0, 0)


def scan(parts: Mapping[str, bytes]) -> dict[str, Scanned]:
    """Every sheet by its name. Raises `FormError` where a part is no XML, or holds too much."""
    lengths = _string_lengths(parts.get(_STRINGS, b"<sst/>"))
    left = [MOST_TEXT]
    return {
        name: _scanned(name, parts.get(part, b"<none/>"), lengths, left)
        for name, part in _sheet_parts(parts).items()
    }


def _parse(data: bytes, start: Start, **handlers: Any) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _no_doctype
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f"is damaged: a part of it cannot be read ({error})"
        raise FormError([Fault("", message)]) from error


def _no_doctype(*_: object) -> None:
    raise FormError([Fault("", "is no workbook that a spreadsheet program wrote")])


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            found = {_local(key): value for key, value in attributes.items()}
            ids[found.get("name", "")] = found.get("id", "")

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            target = posixpath.join("/xl", attributes.get("Target", ""))
            targets[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")

    _parse(parts["xl/workbook.xml"], sheet)
    _parse(parts.get(_RELATIONS, b"<none/>"), relation)
    return {name: targets.get(relation_id, "") for name, relation_id in ids.items()}


def _string_lengths(data: bytes) -> list[int]:
    lengths: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "si":
            lengths.append(0)

    def text(content: str) -> None:
        if lengths:
            lengths[-1] += len(content)

    _parse(data, start, CharacterDataHandler=text)
    return lengths


def _scanned(name: str, data: bytes, lengths: list[int], left: list[int]) -> Scanned:
    """What is in a sheet. `left` counts down the characters of all sheets together."""
    found = Scanned()
    at: list[Any] = ["", "", None]  # the cell, its type, and the pieces of its value

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "c":
            at[:] = attributes.get("r", ""), attributes.get("t", ""), None
        elif local == "f":
            found.formulas.add(_cell(name, at[0]))
        elif local in ("v", "is"):
            row, column = _cell(name, at[0])
            found.last = max(found.last[0], row), max(found.last[1], column)
            at[2] = []
        elif local == "mergeCell":
            found.merged.append(attributes.get("ref", ""))

    def text(content: str) -> None:
        if at[2] is not None:
            at[2].append(content)

    def end(tag: str) -> None:
        if _local(tag) in ("v", "is") and at[2] is not None:
            value = "".join(at[2])
            number = int(value) if at[1] == "s" and value.isdecimal() else -1
            left[0] -= lengths[number] if 0 <= number < len(lengths) else len(value)
            at[2] = None
            if left[0] < 0:
                message = f"its cells hold more than {MOST_TEXT:,} characters; no form does"
                raise FormError([Fault("", message)])

    _parse(data, start, CharacterDataHandler=text, EndElementHandler=end)
    if (found.last[0] + 1) * (found.last[1] + 1) > MOST_CELLS:
        raise FormError([Fault(name, "a cell far outside the form is filled; clear it")])
    return found


def _cell(sheet: str, name: str) -> Cell:
    try:
        return cell_at(name)
    except ValueError as error:
        raise FormError([Fault(sheet, f"is damaged: {error}")]) from error
