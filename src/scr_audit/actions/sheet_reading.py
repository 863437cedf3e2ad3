"""Reads a plan that came back as a workbook: its rows, or everything wrong with it by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from scr_audit.actions.sheet import COLUMN, COLUMNS, HEADING, SHEET
from scr_audit.errors import InputError, did_you_mean, listed
from scr_audit.forms.cells import Fault, FormError, cell_name, listed_faults
from scr_audit.forms.grid import Grid, read_grids
from scr_audit.forms.looks_of_dates import MONTH, held_back

_EXACT = ("id", "recommendation")  # a number has lost what was typed: 5.10 has become 5.1


@dataclass(frozen=True)
class PlanRow:
    """A row: its values as text by column, none for empty cells, and where each stands."""

    values: dict[str, str]
    places: dict[str, str]


def read_plan(path: Path) -> list[PlanRow]:
    """The rows of a plan that is not empty. Raises `InputError` with every fault by its cell."""
    try:
        grids = read_grids(path)
        if SHEET not in grids:
            raise FormError([Fault("", _no_sheet(list(grids)))])
        grid = grids[SHEET]
        columns = _columns(grid)
        faults = [*_structure(grid), *_unreadable(grid, columns)]
        if faults:
            raise FormError(faults)
    except FormError as error:
        raise plan_faults(path.name, list(error.faults)) from error
    rows = [_row(grid, number, columns) for number in range(1, grid.rows)]
    return [row for row in rows if row.values]


def plan_faults(name: str, faults: list[Fault]) -> InputError:
    """What is wrong in a plan, in words; nothing of it was kept."""
    return InputError(f"{listed_faults(name, faults)}\nNothing was written.")


def _no_sheet(found: list[str]) -> str:
    return (
        f"has no sheet '{SHEET}', only {listed(found)}. Give the sheet its name back, or export "
        "the plan again"
    )


def _columns(grid: Grid) -> dict[str, int]:
    headings = [str(value).strip() for value in (grid.values[0] if grid.values else [])]
    faults = [
        Fault(f"{SHEET}!1:1", f"the column '{column.heading}' is missing.{_near(column, headings)}")
        for column in COLUMNS
        if column.heading not in headings
    ]
    facts = [heading for heading in headings if heading.startswith(HEADING)]
    wanted = [*(column.heading for column in COLUMNS), *facts]
    faults += [
        Fault(f"{SHEET}!{cell_name(0, index)}", f"the column '{heading}' is there twice")
        for index, heading in enumerate(headings)
        if heading in wanted and heading in headings[:index]
    ]
    if faults:
        raise FormError(faults)
    shown = {f"{COLUMN}{name.removeprefix(HEADING)}": headings.index(name) for name in facts}
    return {column.name: headings.index(column.heading) for column in COLUMNS} | shown


def _near(column: Any, headings: list[str]) -> str:
    return did_you_mean(column.heading, [heading for heading in headings if heading])


def _structure(grid: Grid) -> Iterator[Fault]:
    for cell in sorted(grid.scanned.formulas):
        yield Fault(f"{SHEET}!{cell_name(*cell)}", "holds a formula; write the value itself")
    for cell in sorted(grid.scanned.errors):
        yield Fault(f"{SHEET}!{cell_name(*cell)}", "holds an error of the spreadsheet")
    for merged in grid.scanned.merged:
        yield Fault(f"{SHEET}!{merged}", "is merged; take the cells apart again")


def _unreadable(grid: Grid, columns: dict[str, int]) -> Iterator[Fault]:
    for row in range(1, grid.rows):
        for name, index in columns.items():
            value, shown = grid.at((row, index)), grid.scanned.shown.get((row, index))
            message = _fault(name, value) or ("" if shown == MONTH else held_back(shown, value))
            if message:
                yield Fault(f"{SHEET}!{cell_name(row, index)}", message)


def _fault(name: str, value: Any) -> str | None:
    if value == "":
        return None
    if isinstance(value, bool):
        return f"is {str(value).lower()}; write it in words"
    if isinstance(value, date) and name != "due":
        return "is a date; write it as text"
    if isinstance(value, int | float) and name in _EXACT:
        return "is a number; format the cell as text and write it anew, so that 5.10 is not 5.1"
    if name == "due" and not isinstance(value, date | str):
        return "is a number; expected a day such as 2026-12-31, or a month such as 2026-12"
    if name == "number" and not (isinstance(value, int | float) and value == int(value) > 0):
        return "is no event's number; this column belongs to the plan. Export it again"
    return None


def _row(grid: Grid, row: int, columns: dict[str, int]) -> PlanRow:
    values, places = {}, {}
    for name, index in columns.items():
        places[name] = f"{SHEET}!{cell_name(row, index)}"
        text = _text(grid.at((row, index)), month=grid.scanned.shown.get((row, index)) == MONTH)
        if text:
            values[name] = text
    return PlanRow(values, places)


def _text(value: Any, *, month: bool) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()[:7] if month else value.isoformat()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).strip()
