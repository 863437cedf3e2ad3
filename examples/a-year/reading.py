"""What people do in the audit year: two auditors fill in forms, and a moderator decides.

An auditor reads the whole file and types the answers into the form, misreading one now and then.
The forms are real workbooks, and a library that knows nothing of scr-audit writes into them.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

try:
    from openpyxl import load_workbook
    from openpyxl.utils.cell import coordinate_from_string
except ModuleNotFoundError:
    raise SystemExit(
        "the auditors type with openpyxl, which is missing: pip install openpyxl"
    ) from None

Record = dict[str, Any]
MISREAD = 0.015  # how often either auditor misreads an answer
FIRST_ITEM_BELOW = 2  # rows between the heading of a list and its first item
FIRST_DECISION, DECISION = 10, 7  # row and column of a workbook of decisions


def two_readings(record: Record, chance: random.Random) -> tuple[Record, Record]:
    """What either auditor reads in a file; they never misread the same answer."""
    readings = copy.deepcopy(record), copy.deepcopy(record)
    for first, second in zip(_answers(readings[0]), _answers(readings[1]), strict=True):
        drawn = chance.random()
        if drawn < 2 * MISREAD:
            group, name = first if drawn < MISREAD else second
            overlooked = name != "value" and chance.random() < 0.4  # a judgement has a value
            group[name] = None if overlooked else not group[name]
    return readings


def _answers(found: Any) -> Iterator[tuple[Record, str]]:
    """Every yes/no answer in a file: the group of facts that it is in, and its name."""
    if isinstance(found, list):
        for item in found:
            yield from _answers(item)
    if isinstance(found, dict):
        for name, value in found.items():
            if isinstance(value, bool):
                yield found, name
            else:
                yield from _answers(value)


def fill_in(path: Path, record: Record, *, role: str, on: str) -> None:
    """Type what an auditor read into the empty cells of a form."""
    book = load_workbook(path)
    cells = _Cells(book)
    for part, text in (("role", role), ("on", on)):
        cells.set_start(part, text)
    cells.fill_group(record, "", row=None)
    book.save(path)


class _Cells:
    """The cells of a form, as its hidden sheet tells them."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.places: dict[tuple[str, str], tuple[str, str, int]] = {}
        self.taken: set[tuple[str, int]] = set()
        for kind, sheet, cell, part, path, *_ in book["form"].iter_rows(values_only=True):
            if kind == "cell":
                self.places[path or "", part] = (sheet, *coordinate_from_string(cell))

    def set_start(self, part: str, text: str) -> None:
        sheet, column, row = self.places["", part]
        self.book[sheet][f"{column}{row}"] = text

    def fill_group(self, group: Mapping[str, Any], path: str, *, row: int | None) -> None:
        """Fill in what a group of facts holds; `row` is that of the list item it stands for."""
        for name, value in group.items():
            inner = f"{path}.{name}" if path else name
            if isinstance(value, Mapping):
                self.fill_group(value, inner, row=row)
            elif isinstance(value, list) and value and isinstance(value[0], Mapping):
                self.fill_list(value, inner, row=row)
            else:
                self.fill_cell(inner, value, row=row)

    def fill_list(self, items: Sequence[Any], path: str, *, row: int | None) -> None:
        """Give every item a row of its own; in a list of a list, one that belongs to `row`."""
        if (path, "row") not in self.places:
            return  # the form does not ask for it
        belongs = None if row is None else self._row_id(path.rpartition(".")[0], row)
        for item, place in zip(items, self._rows(path, belongs), strict=False):
            if belongs is not None:
                self._set(path, "of", place, belongs)
            self.taken.add((path, place))
            self.fill_group(item, path, row=place)

    def fill_cell(self, path: str, value: Any, *, row: int | None) -> None:
        if (path, "answer") not in self.places or value is None:
            return  # the form does not ask for it, or the file does not say
        self._set(path, "answer", row, _typed(value))

    def _rows(self, path: str, belongs: str | None) -> Iterator[int]:
        """The rows for items of a list: those that are there already, then free ones."""
        sheet, column, heading = self.places[path, "row"]
        rows = [
            row
            for row in range(heading + FIRST_ITEM_BELOW, self.book[sheet].max_row + 1)
            if (path, row) not in self.taken and self.book[sheet][f"{column}{row}"].value
        ]
        if belongs is None:
            yield from rows
            return
        owners = {row: self._value(path, "of", row) for row in rows}
        yield from (row for row in rows if owners[row] == belongs)
        yield from (row for row in rows if owners[row] is None)

    def _row_id(self, path: str, row: int) -> str:
        return str(self._value(path, "row", row))

    def _value(self, path: str, part: str, row: int) -> Any:
        sheet, column, _ = self.places[path, part]
        return self.book[sheet][f"{column}{row}"].value

    def _set(self, path: str, part: str, row: int | None, value: str) -> None:
        """Write into a cell that is empty; a grey one is known already."""
        sheet, column, heading = self.places[path, part]
        cell = self.book[sheet][f"{column}{heading if row is None else row}"]
        if cell.value is None:
            cell.value = value


def _typed(value: Any) -> str:
    """An answer as an auditor types it."""
    if value == []:
        return "there were none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_", " ")


def decide(path: Path, files: Mapping[str, Record], *, role: str, on: str) -> int:
    """Fill in the workbook of decisions: the moderator looks every answer up; how many there were.

    What each row is about stands on a hidden sheet, in the order of the rows.
    """
    book = load_workbook(path)
    sheet, rows = book["Decisions"], list(book["rows"].iter_rows(min_row=2, values_only=True))
    sheet["D5"], sheet["D6"], sheet["D7"] = role, on, "looked up in the file"
    for row, cells in enumerate(rows, FIRST_DECISION):
        entry = json.loads("".join(text for text in cells[1:] if text))
        true = _at(files[entry["record"]], entry["fact"], entry["item"])
        sheet.cell(row, DECISION).value = "first" if entry["first"]["value"] == true else "second"
    book.save(path)
    return len(rows)


def type_rows(path: Path, sheet: str, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Type into the rows of a sheet, by the letters of its columns."""
    book = load_workbook(path)
    for row, cells in rows.items():
        for column, value in cells.items():
            book[sheet][f"{column}{row}"] = value
    book.save(path)


def _at(record: Any, fact: str, items: Sequence[Mapping[str, Any]]) -> Any:
    """What the file says of a fact such as `conferences[].date`; None where it says nothing.

    `items` tell, from the outside in, which item of each list it is about.
    """
    found, keys = record, iter(items)
    for step in fact.split("."):
        found = (found or {}).get(step.removesuffix("[]"))
        if step.endswith("[]"):
            key = next(keys)
            found = next((item for item in found or () if _is_it(item, key)), None)
    return found


def _is_it(item: Any, key: Mapping[str, Any]) -> bool:
    return all(_at(item, name, ()) == value for name, value in key.items())
