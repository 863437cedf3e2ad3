"""A workbook's sheets as values: what is in each cell, by row and column.

Formulas, errors, merged cells and extent are found before the values are read, so that a sheet
whose cells would take gigabytes is refused first.

A spreadsheet takes a typed `Aug 2009` for the first of August and shows it as `Aug-09`, and a typed
`2 Jul` for that day of the current year: what such a cell holds says more than was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.errors import library_needed
from scr_audit.values.text import folded
from scr_audit.workbooks.cells import Cell, CellValue, Fault, FormError, cell_at
from scr_audit.workbooks.package import (
    check_counts,
    counts_from_1904,
    local_name,
    parse,
    plain_zip,
    read_package,
    relations,
    sheet_parts,
)

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_TEXT = 50_000_000  # characters that the cells of a form hold together
MOST_CELLS = 5_000_000  # of the rectangle from the first cell of a sheet to its last filled one
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
# Spreadsheets take 1900 for a leap year; what reads them gives the day before.
_DAY_60 = (
    "holds the number 60 as a day: 29/02/1900 in a spreadsheet, and a day that no calendar has; "
    "write the day that is meant"
)
_DAY_0_OF_1904 = date(1904, 1, 1)
_LAST_YEAR = 2100  # that somebody may have typed for a day
_SMALL_NUMBER = (
    "holds the number {} as a day, in a workbook that counts days from 1904; write the whole day, "
    "or a year as text (in a spreadsheet '2005)"
)
DateParts = frozenset[str]  # of `y`, `m`, `d` and `h`: the year, the month, its day, the time
MONTH: DateParts = frozenset("ym")
_DAY: DateParts = frozenset("ymd")
# The number formats of dates that have a number and no code in the file. Those of East Asia, which
# look different from place to place, are taken as whole days.
_BUILT_IN = {
    "14": "d/m/yyyy", "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "18": "h:mm",
    "19": "h:mm:ss", "20": "h:mm", "21": "h:mm:ss", "22": "d/m/yyyy h:mm", "45": "mm:ss",
    "47": "mm:ss",
}  # fmt: skip
# Text in quotes or after a sign that takes the next character, colours and languages in brackets.
_QUOTED = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]|am/pm|a/p', re.IGNORECASE)
_PART = re.compile(r"y+|e+|m+|d+|h+|s+", re.IGNORECASE)
_SHOWS_LESS = {
    MONTH: "a month",
    frozenset("y"): "a year",
    frozenset("md"): "a day without its year",
    frozenset("m"): "a month without its year",
    frozenset("h"): "a time without its day",
}


@dataclass(frozen=True)
class Grid:
    """One sheet. `values` are texts, numbers, true/false, dates and times; `""` is no value."""

    name: str
    values: list[list[CellValue]]
    scanned: Scanned

    def at(self, cell: Cell) -> CellValue:
        """The value of a cell; `""` outside of the sheet."""
        row, column = cell
        if row < len(self.values) and column < len(self.values[row]):
            value = self.values[row][column]
            return "" if isinstance(value, str) and not folded(value) else value
        return ""

    def date_fault(self, cell: Cell, *, is_day: bool = True) -> str:
        """What is wrong with a day whose cell shows less than it holds, or that no calendar has.

        Where no day is expected (not `is_day`), the latter is treated as any other date.
        """
        value = self.at(cell)
        if (
            is_day
            and cell in self.scanned.day_60
            and isinstance(value, date)
            and value.year == 1900
        ):
            return _DAY_60
        if is_day and self.scanned.from_1904 and isinstance(value, date):
            number = (date(value.year, value.month, value.day) - _DAY_0_OF_1904).days
            if number <= _LAST_YEAR:
                return _SMALL_NUMBER.format(number)
        return date_fault(self.scanned.shown.get(cell), value)

    @property
    def rows(self) -> int:
        """How many rows there are, to the last that is filled."""
        return len(self.values)


def read_grids(path: Path) -> dict[str, Grid]:
    """The sheets of a workbook by name; the file is only read. Raises `FormError`."""
    try:
        import python_calamine
    except ModuleNotFoundError as error:
        raise library_needed("reading forms", "python-calamine", "excel") from error
    parts = read_package(path)
    scanned = scan_sheets(parts)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(plain_zip(parts))
        return {name: _grid(book, name, found) for name, found in scanned.items()}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FormError(
            [Fault("", "is damaged and cannot be read. Ask for the file again")]
        ) from error


def _grid(book: CalamineWorkbook, name: str, scanned: Scanned) -> Grid:
    return Grid(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), scanned)


@dataclass
class Scanned:
    """One sheet: cells with formulas or errors, merged ranges, the last filled row and column.

    `shown` is what the cells of dates show of them, `day_60` are those that hold this number;
    `comments` are their texts, by the names of their cells. `from_1904`: the workbook counts its
    days from there.
    """

    formulas: set[Cell] = field(default_factory=set)
    errors: set[Cell] = field(default_factory=set)
    shown: dict[Cell, DateParts] = field(default_factory=dict)
    day_60: set[Cell] = field(default_factory=set)
    comments: dict[str, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    last: Cell = (0, 0)
    from_1904: bool = False


def scan_sheets(parts: Mapping[str, bytes]) -> dict[str, Scanned]:
    """Every sheet by its name. Raises `FormError` where a part is no XML, or holds too much."""
    lengths = _string_lengths(parts.get(_STRINGS, b"<sst/>"))
    looks = date_parts_by_style(parts.get(_STYLES, b"<none/>"))
    from_1904 = counts_from_1904(parts)
    left = [MOST_TEXT]
    found: dict[str, Scanned] = {}
    for name, part in sheet_parts(parts).items():
        found[name] = _scan_sheet(name, parts.get(part, b"<none/>"), lengths, left, looks=looks)
        found[name].comments = comment_texts(parts, part)
        found[name].from_1904 = from_1904
    return found


def _string_lengths(data: bytes) -> list[int]:
    lengths: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        check_counts(attributes, data)
        if local_name(name) == "si":
            lengths.append(0)

    def text(content: str) -> None:
        if lengths:
            lengths[-1] += len(content)

    parse(data, start, CharacterDataHandler=text)
    return lengths


def _scan_sheet(
    name: str, data: bytes, lengths: list[int], left: list[int], *, looks: Mapping[str, DateParts]
) -> Scanned:
    """What is in a sheet. `left` counts down the characters of all sheets together."""
    found = Scanned()
    at = kept = ""  # the cell and its type
    pieces: list[str] | None = None  # of the cell's value, while it is being read

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal at, kept, pieces
        kind = local_name(tag)
        if kind == "c":
            at, kept, pieces = attributes.get("r", ""), attributes.get("t", ""), None
            if look := looks.get(attributes.get("s", "0")):
                found.shown[_cell(name, at)] = look
        elif kind == "f":
            found.formulas.add(_cell(name, at))
        elif kind in ("v", "is"):
            row, column = _cell(name, at)
            found.last = max(found.last[0], row), max(found.last[1], column)
            pieces = []
            if kept == "e":
                found.errors.add((row, column))
        elif kind == "mergeCell":
            found.merged.append(attributes.get("ref", ""))

    def text(content: str) -> None:
        if pieces is not None:
            pieces.append(content)

    def end(tag: str) -> None:
        nonlocal pieces
        if pieces is not None and local_name(tag) in ("v", "is"):
            value = "".join(pieces)
            if kept in ("", "n") and value.partition(".")[0] == "60":
                found.day_60.add(_cell(name, at))
            number = int(value) if kept == "s" and value.isdecimal() else -1
            left[0] -= lengths[number] if 0 <= number < len(lengths) else len(value)
            pieces = None
            if left[0] < 0:
                message = f"its cells hold more than {MOST_TEXT:,} characters; no form does"
                raise FormError([Fault("", message)])

    parse(data, start, CharacterDataHandler=text, EndElementHandler=end)
    if (found.last[0] + 1) * (found.last[1] + 1) > MOST_CELLS:
        raise FormError([Fault(name, "a cell far outside the form is filled; clear it")])
    return found


def _cell(sheet: str, name: str) -> Cell:
    try:
        return cell_at(name)
    except ValueError as error:
        raise FormError([Fault(sheet, f"is damaged: {error}")]) from error


def comment_texts(parts: Mapping[str, bytes], sheet: str) -> dict[str, str]:
    """The comments of a sheet (by its part), by the names of their cells.

    An answer to a comment is in both kinds of comments; the longer text has both.
    """
    found: dict[str, str] = {}
    at, pieces = "", list[str]()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal at
        if local_name(tag) in ("comment", "threadedComment"):
            at = attributes.get("ref", "")
            pieces.clear()

    def text(content: str) -> None:
        pieces.append(content)

    def end(tag: str) -> None:
        if local_name(tag) in ("comment", "threadedComment"):
            said = " ".join("".join(pieces).split())
            found[at] = max(found.get(at, ""), said, key=len)

    for part in relations(parts, sheet).values():
        if "comment" in part.lower() and part.endswith(".xml"):
            parse(parts.get(part, b"<none/>"), start, CharacterDataHandler=text,
                  EndElementHandler=end)  # fmt: skip
    return found


def date_parts_by_style(styles: bytes) -> dict[str, DateParts]:
    """What a cell of a date shows, by the number of its style; of the styles that show any date."""
    codes = dict(_BUILT_IN)
    used: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        check_counts(attributes, styles)
        if name == "numFmt" and inside[-1:] == ["numFmts"]:
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and inside[-1:] == ["cellXfs"]:
            used.append(codes.get(attributes.get("numFmtId", ""), ""))
        inside.append(name)

    parse(styles, start, EndElementHandler=lambda _: inside.pop())
    found = {str(number): _parts_of_all(code) for number, code in enumerate(used)}
    return {number: parts for number, parts in found.items() if parts}


def _parts_of_all(code: str) -> DateParts:
    """What a format shows; of several for several values, what all of them show."""
    sections = (_date_parts(section) for section in _QUOTED.sub(" ", code).split(";"))
    found = [parts for parts in sections if parts]
    return frozenset.intersection(*found) if found else frozenset()


def _date_parts(section: str) -> DateParts:
    found: set[str] = set()
    parts = [part.lower() for part in _PART.findall(section)]
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if part.startswith("m") and (before.startswith("h") or after.startswith("s")):
            found.add("h")  # minutes
        elif part.startswith("ddd"):
            found.add("weekday")
        else:
            found.add({"e": "y", "s": "h"}.get(part[0], part[0]))
    return frozenset(found)


def date_fault(shown: DateParts | None, value: object) -> str:
    """What is wrong with a cell that shows less than it holds; empty where nothing is."""
    if shown is None or not isinstance(value, date):
        return ""
    if not shown >= _DAY:
        what = _SHOWS_LESS.get(shown - {"weekday"}, "no whole day")
        month = f"'{value:%Y-%m}, with the apostrophe, or " if shown == MONTH else ""
        return f"shows {what}, but holds the day {value:%d/%m/%Y}; write {month}the whole day"
    if "h" not in shown and isinstance(value, datetime) and value.time() != time.min:
        return f"shows a day, but holds the time {value:%d/%m/%Y %H:%M}; write the one you mean"
    return ""
