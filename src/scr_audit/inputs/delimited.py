"""The text of a `.csv` file as rows of cells: its encoding, its separator, its quotes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scr_audit.errors import InputError

_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins, and its cells without spaces around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class DelimitedFile:
    """A table. `header` are the names of its columns; rows without any value are left out."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sha256: str


def read_delimited(path: Path, *, key: str) -> DelimitedFile:
    """The table in a file of UTF-8 text, separated by commas, semicolons or tabs.

    The separator is the one by which the first line has a column named `key`. Raises `InputError`
    with the line where the file is no such text, or a row has more or fewer cells than the heading.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    text = _text(path, data)
    if not text.strip():
        raise InputError(f"{path}: the file is empty; expected a line with the names of columns")
    rows = list(_rows(path, text, _separator(text, key)))
    header = _named(rows)
    body = [_fitted(path, row, header) for row in rows[1:] if any(row.cells)]
    return DelimitedFile(path, header, tuple(body), hashlib.sha256(data).hexdigest())


def _named(rows: Sequence[Row]) -> tuple[str, ...]:
    """The heading, without columns at its end that a spreadsheet wrote with nothing in them."""
    header = rows[0].cells
    while header and not header[-1] and not any(any(r.cells[len(header) - 1 :]) for r in rows):
        header = header[:-1]
    return header


def _text(path: Path, data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path}: is UTF-16 text; save it as 'CSV UTF-8'")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: is not UTF-8 text; perhaps it is Windows-1252, as older "
            "programs write it. Save it as 'CSV UTF-8', so that no letter is taken for another"
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{path}, line {line}: holds a NUL character; this is no text")
    return text


def _separator(text: str, key: str) -> str:
    first = text.splitlines()[0]
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
