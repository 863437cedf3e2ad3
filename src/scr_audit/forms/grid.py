"""A workbook's sheets as values: what is in each cell, by row and column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scr_audit.errors import InputError
from scr_audit.forms.cells import Cell
from scr_audit.forms.faults import Fault, FormError
from scr_audit.forms.package import plain_zip, read_package
from scr_audit.forms.scan import Scanned, scan
from scr_audit.forms.words import plain


@dataclass(frozen=True)
class Grid:
    """One sheet. `values` are texts, numbers, true/false, dates and times; `""` is no value."""

    name: str
    values: list[list[Any]]
    scanned: Scanned

    def at(self, cell: Cell) -> Any:
        """The value of a cell; `""` outside of the sheet."""
        row, column = cell
        if row < len(self.values) and column < len(self.values[row]):
            value = self.values[row][column]
            return "" if isinstance(value, str) and not plain(value) else value
        return ""

    @property
    def rows(self) -> int:
        """How many rows there are, to the last that is filled."""
        return len(self.values)


def read_grids(path: Path) -> dict[str, Grid]:
    """The sheets of a workbook by name; the file is only read. Raises `FormError`."""
    try:
        import python_calamine
    except ModuleNotFoundError as error:
        raise InputError(
            "reading forms needs the library python-calamine, which is not installed; "
            "pip install 'scr-audit[excel]'"
        ) from error
    parts = read_package(path)
    scanned = scan(parts)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(plain_zip(parts))
        return {name: _grid(book, name, found) for name, found in scanned.items()}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FormError([Fault("", f"is damaged and cannot be read ({error})")]) from error


def _grid(book: Any, name: str, scanned: Scanned) -> Grid:
    return Grid(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), scanned)
