"""The text of a `.csv` file as rows of cells: its encoding, its separator, its quotes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scr_audit.errors import InputError
from scr_audit.values.encoding import utf8

_SEPARATORS = (",", ";", "\t")
_BLANK = " ,;\t"  # what a line without any value is made of
_TOLD = re.compile(r'"?sep=([,;\t|])"?[ ,;\t]*(?:\r?\n|\Z)', re.IGNORECASE)  # for Excel


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins, and its cells without spaces around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class DelimitedFile:
    """A table: `header` are the names of its columns, which stand on `line`.

    Rows without any value are left out.
    """

    path: Path
    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sha256: str


def read_delimited(path: Path, *, key: str) -> DelimitedFile:
    """The table in a file of UTF-8 text, separated by commas, semicolons or tabs.

    The separator is the one that a first line `sep=;` names, else the one by which the heading has
    a column named `key`. Raises `InputError` with the line where the file is no such text, or a row
    has more or fewer cells than the heading.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    text = _text(path, data)
    told = _TOLD.match(text)
    separator = told[1] if told else _separator(text, key)
    found = _rows(path, text, separator)
    rows = [row for row in islice(found, 1 if told else 0, None) if any(row.cells)]
    if not rows:
        raise InputError(f"{path}: the file is empty; expected a line with the names of columns")
    header = _named(rows)
    body = tuple(_fitted(path, row, header) for row in rows[1:])
    return DelimitedFile(path, rows[0].line, header, body, hashlib.sha256(data).hexdigest())


def _named(rows: Sequence[Row]) -> tuple[str, ...]:
    """The heading, without columns at its end that a spreadsheet wrote with nothing in them."""
    header = rows[0].cells
    while header and not header[-1] and not any(any(r.cells[len(header) - 1 :]) for r in rows):
        header = header[:-1]
    return header


def _text(path: Path, data: bytes) -> str:
    try:
        text = utf8(data).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: is not UTF-8 text; perhaps it is Windows-1252, as older "
            "programs write it. Save it as 'CSV UTF-8', so that no letter is taken for another"
        ) from error
    except ValueError as error:
        raise InputError(f"{path}: {error}; save it as 'CSV UTF-8'") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{path}, line {line}: holds a NUL character; this is no text")
    return text


def _separator(text: str, key: str) -> str:
    first = next((line for line in text.splitlines() if line.strip(_BLANK)), "")
    for separator in _SEPARATORS:
        names = [name.strip().strip('"').strip() for name in first.split(separator)]
        if key in names and len(names) > 1:
            return separator
    return next((separator for separator in _SEPARATORS if separator in first), ",")


def _rows(path: Path, text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cell.strip() for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        said = "a quote is opened and never closed" if "end of data" in str(error) else str(error)
        raise InputError(f"{path}, line {line}: {said}") from error


def _fitted(path: Path, row: Row, header: tuple[str, ...]) -> Row:
    width = len(header)
    if len(row.cells) < width or any(row.cells[width:]):
        raise InputError(
            f"{path}, line {row.line}: found {len(row.cells)} cells, expected {width} as in the "
            "heading; put quotes around a value that holds the separator"
        )
    return Row(row.line, row.cells[:width])
