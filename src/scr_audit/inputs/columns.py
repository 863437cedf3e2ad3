"""Tables as `.csv` files: their text as rows of cells, which list each holds, and which facts."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scr_audit.errors import InputError, did_you_mean, listed, translate_os_errors
from scr_audit.language.types import FactPath, FactType, Kind, walk_fields
from scr_audit.packs.pack import RecordKind
from scr_audit.values.text import counted, utf8

RECORD, ROW, OF = "record", "row", "of"
_TEXT = FactType(Kind.TEXT)


@dataclass(frozen=True)
class ListPlace:
    """A list of objects: `home` is the list around it, `inner` the steps from there to it."""

    home: FactPath
    inner: FactPath
    item: FactType


@dataclass(frozen=True, eq=False)
class TableLayout:
    """What a table holds: the records of a kind or, with `list`, the items of a list in them."""

    path: Path
    kind: RecordKind
    steps: FactPath
    list: ListPlace | None

    @property
    def type(self) -> FactType:
        """What a row is."""
        return self.kind.type if self.list is None else self.list.item

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that are no facts."""
        if self.list is None:
            return ()
        return (RECORD, ROW, OF) if self.list.home else (RECORD, ROW)


@dataclass(frozen=True)
class FactColumn:
    """A column that holds a fact, by its steps from the row's object."""

    number: int
    name: str
    steps: FactPath
    fact: FactType


def file_layout(
    path: Path, there: Sequence[RecordKind], kinds: Mapping[str, RecordKind]
) -> TableLayout:
    """What a file holds by its name. Raises `InputError` where there is no such list, or two."""
    if path.stem in kinds:
        return TableLayout(path, kinds[path.stem], (), None)
    plural, _, rest = path.stem.partition(".")
    if plural in kinds and rest:
        candidates, name = [kinds[plural]], rest
    else:
        candidates, name = list(there), path.stem
    steps = tuple(name.split("."))
    found = [
        TableLayout(path, kind, steps, place)
        for kind in candidates
        if (place := _list_at(kind.type, steps)) is not None
    ]
    if not found:
        lists = sorted({name for kind in candidates for name in _lists(kind.type)})
        raise InputError(
            f"{path}: there is no list '{name}' in a record.{did_you_mean(name, lists)} "
            f"Lists: {listed(lists, most=30)}"
        )
    if len(found) > 1:
        names = [f"{layout.kind.plural}.{name}.csv" for layout in found]
        raise InputError(f"{path}: could be of two kinds; name it {listed(names, last='or')}")
    if found[0].kind not in there:
        raise InputError(f"{path}: there is no {found[0].kind.plural}.csv with its records")
    return found[0]


def _list_at(record: FactType, steps: FactPath) -> ListPlace | None:
    home: FactPath = ()
    inner: list[str] = []
    fact = record
    for number, step in enumerate(steps, 1):
        if step not in fact.fields:
            return None
        fact = fact.fields[step].type
        inner.append(step)
        if (item := fact.group_item) is not None:
            if number == len(steps):
                return ListPlace(home, tuple(inner), item)
            home, inner, fact = steps[:number], [], item
    return None


def _lists(record: FactType) -> Iterator[str]:
    """The lists of a record that may have a table each, by their names there."""
    for path, field in walk_fields(record):
        if field.type.group_item is not None:
            yield path.replace("[]", "")


def columns_of(layout: TableLayout, header: Sequence[str]) -> list[FactColumn]:
    """The columns of a table that hold facts."""
    return [
        FactColumn(number, name, tuple(name.split(".")), fact)
        for number, name in enumerate(header)
        if name not in layout.keys and (fact := _fact_at(layout.type, name)) is not None
    ]


def column_faults(layout: TableLayout, header: Sequence[str], *, line: int) -> Iterator[str]:
    """What is wrong with the names of a table's columns, which stand on `line`."""
    where = f"{layout.path.name}, line {line}"
    for number, name in enumerate(header, 1):
        if not name:
            yield f"{where}: column {number} has no name; name the fact that it holds"
        elif name in header[: number - 1]:
            yield f"{where}: there are two columns '{name}'; keep one of them"
        elif name not in layout.keys and _is_strange(layout.type, name):
            facts = (path for path, _ in walk_fields(layout.type) if "[]" not in path)
            known = [*facts, *layout.keys]
            what = layout.type.name or layout.kind.name
            hint = did_you_mean(name, known) or f" Facts: {listed(known, most=12)}"
            yield f"{where}: a {what} has no fact '{name}'.{hint}"
    wanted = ("id",) if layout.list is None else tuple(set(layout.keys) - {ROW})
    for name in sorted(wanted):
        if name not in header:
            yield f"{where}: the column '{name}' is missing; {_MEANING[name]}"


_MEANING = {
    "id": "it is the reference of each record",
    RECORD: "it says to which record, by its id, each row belongs",
    OF: "it says to which row of the outer list, by its 'row', each row belongs",
}


def _is_strange(row: FactType, name: str) -> bool:
    """Whether a column holds no fact, and stands in no open group, in which it is passed over."""
    fact = row
    for step in name.split("."):
        if fact.kind is Kind.OPEN and step:
            return False
        if step not in fact.fields:
            return not fact.is_open
        fact = fact.fields[step].type
    return False


def _fact_at(row: FactType, name: str) -> FactType | None:
    fact = row
    for step in name.split("."):
        if fact.kind is Kind.OPEN and step:
            return _TEXT
        if step not in fact.fields:
            return None
        fact = fact.fields[step].type
    return fact


_SEPARATORS = (",", ";", "\t")
_BLANK = " ,;\t"  # what a line without any value is made of
# For Excel; some write the letters \t for a tab.
_SEPARATOR_LINE = re.compile(
    r'(?:[ ,;\t]*\r?\n)*"?sep=([,;\t|]|\\t)?"?[ ,;\t]*(?:\r?\n|\Z)', re.IGNORECASE
)


@dataclass(frozen=True)
class CellRow:
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
    rows: tuple[CellRow, ...]
    sha256: str


def read_delimited(path: Path, *, key: str) -> DelimitedFile:
    """The table in a file of UTF-8 text, separated by commas, semicolons or tabs.

    The separator is the one that a first line `sep=;` names (blank ones may stand before it), else
    the one by which the heading has a column named `key`. Raises `InputError` with the line where
    the file is no such text, or a row has more or fewer cells than the heading.
    """
    with translate_os_errors(path):
        data = path.read_bytes()
    text = _decoded(path, data)
    named = _SEPARATOR_LINE.match(text)
    if named and named[1] is None:
        raise InputError(
            f"{path}: the line 'sep=' names no separator; write one behind it, as in sep=;, or "
            "delete the line"
        )
    separator = named[1].replace(r"\t", "\t") if named else _separator(text, key)
    filled = [row for row in _rows(path, text, separator) if any(row.cells)]
    rows = filled[1:] if named else filled
    if not rows:
        raise InputError(f"{path}: the file is empty; expected a line with the names of columns")
    header = _heading(rows)
    body = tuple(_to_width(path, row, header) for row in rows[1:])
    return DelimitedFile(path, rows[0].line, header, body, hashlib.sha256(data).hexdigest())


def _heading(rows: Sequence[CellRow]) -> tuple[str, ...]:
    """The heading, without columns at its end that a spreadsheet wrote with nothing in them."""
    header = rows[0].cells
    while header and not header[-1] and not any(any(r.cells[len(header) - 1 :]) for r in rows):
        header = header[:-1]
    return header


def _decoded(path: Path, data: bytes) -> str:
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


def _rows(path: Path, text: str, separator: str) -> Iterator[CellRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield CellRow(line, tuple(cell.strip() for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        said = "a quote is opened and never closed" if "end of data" in str(error) else str(error)
        raise InputError(f"{path}, line {line}: {said}") from error


def _to_width(path: Path, row: CellRow, header: tuple[str, ...]) -> CellRow:
    width = len(header)
    if len(row.cells) < width or any(row.cells[width:]):
        raise InputError(
            f"{path}, line {row.line}: found {counted(len(row.cells), 'cell')}, expected "
            f"{width} as in the heading; put quotes around a value that holds the separator"
        )
    return CellRow(row.line, row.cells[:width])
