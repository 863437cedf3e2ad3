"""What was entered into the cells of a form; what no cell may hold is a fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from scr_audit.forms.cells import Cell, Fault, cell_name
from scr_audit.forms.grid import Grid
from scr_audit.forms.looks_of_dates import held_back
from scr_audit.forms.moments import said
from scr_audit.values.text import is_blank

_MADE = (date, time, timedelta)  # what a spreadsheet makes of 3-4 or 22:30


class Entries:
    """The cells of a form. `faults` grows with every cell that cannot be taken.

    `typed` grows with what was in every cell that was read, by its place.
    """

    def __init__(self, grids: Mapping[str, Grid]) -> None:
        self.grids = grids
        self.faults: list[Fault] = []
        self.typed: dict[str, Any] = {}

    def value(self, sheet: str, row: int, column: int) -> Any:
        """What is in a cell; a formula or an error value is a fault, whatever it gave."""
        grid, cell = self.grids[sheet], (row, column)
        found = grid.at(cell)
        if cell in grid.scanned.formulas:
            self.fault(sheet, cell, "holds a formula; write the answer itself")
            return ""
        if cell in grid.scanned.errors:
            self.fault(sheet, cell, "holds an error of the spreadsheet; write the answer itself")
            return ""
        if message := held_back(grid.scanned.shown.get(cell), found):
            self.fault(sheet, cell, message)
            return ""
        if _is_blank(found):
            return ""
        self.typed[f"{sheet}!{cell_name(*cell)}"] = found
        return found

    def text(self, sheet: str, row: int, column: int) -> str:
        """What is in a cell, as a text; a date is a fault, for nobody can tell what was typed."""
        found = self.value(sheet, row, column)
        if isinstance(found, _MADE):
            self.fault(sheet, (row, column), made_of(found))
            return ""
        return as_text(found)

    def is_used(self, sheet: str, row: int, column: int) -> bool:
        """Whether anything was entered, a formula or an error too."""
        scanned = self.grids[sheet].scanned
        held = (row, column) in scanned.formulas or (row, column) in scanned.errors
        return held or not _is_blank(self.grids[sheet].at((row, column)))

    def fault(self, sheet: str, cell: Cell, message: str) -> None:
        """Keep what is wrong with a cell."""
        self.faults.append(Fault(f"{sheet}!{cell_name(*cell)}", message))


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and is_blank(value)


def made_of(value: date | time | timedelta) -> str:
    """What is wrong with a date where a text is expected."""
    return (
        f"found {said(value)}, which the spreadsheet made of what was typed; write it again with "
        "an apostrophe in front, as in '3-4"
    )


def as_text(value: Any) -> str:
    """A cell's value as a text: 3.0 is the page 3."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
