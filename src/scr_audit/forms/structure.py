"""Whether a form still has the shape in which it was made: its sheets, headings and cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scr_audit.errors import listed
from scr_audit.forms.cells import cell_name
from scr_audit.forms.faults import Fault
from scr_audit.forms.grid import Grid
from scr_audit.forms.layout import LABEL_HELP, QUESTIONS, STAMP, START, WORDS, Slot
from scr_audit.forms.words import plain

_QUESTIONS_WIDTH, _START_WIDTH, _START_ROWS = 6, 3, 22
_UNDO = "undo that, or copy the answers into a new form"


def structure_faults(grids: Mapping[str, Grid], slots: Sequence[Slot]) -> Iterator[Fault]:
    """Everything that was renamed, moved, merged or written where the form asks nothing."""
    sheets = list(dict.fromkeys(slot.sheet for slot in slots))
    yield from _sheet_faults(grids, sheets)
    for name in sheets:
        if name in grids:
            own = [slot for slot in slots if slot.sheet == name]
            yield from _faults(grids[name], own)


def comment_faults(grids: Mapping[str, Grid], slots: Sequence[Slot]) -> Iterator[Fault]:
    """Comments on cells: they would be lost without a word."""
    for sheet in dict.fromkeys(slot.sheet for slot in slots):
        for cell in grids[sheet].scanned.comments if sheet in grids else ():
            message = "has a comment; move what it says to the evidence note, and delete it"
            yield Fault(f"{sheet}!{cell}", message)


def _sheet_faults(grids: Mapping[str, Grid], sheets: Sequence[str]) -> Iterator[Fault]:
    strange = [
        name
        for name, grid in grids.items()
        if name not in (*sheets, WORDS, STAMP) and _filled(grid)
    ]
    missing = [name for name in sheets if name not in grids]
    for name in missing:
        hint = f" Was it renamed? There is {_quoted(strange)}." if strange else ""
        yield Fault(name, f"the sheet is missing; name it '{name}' again, or put it back.{hint}")
    if not missing:
        for name in strange:
            message = "the sheet is no part of the form; move what it says to notes, and delete it"
            yield Fault(name, message)


def _quoted(names: Iterable[str]) -> str:
    return listed(f"'{name}'" for name in names)


def _filled(grid: Grid) -> bool:
    return any(value != "" for row in grid.values for value in row)


def _faults(grid: Grid, slots: Sequence[Slot]) -> Iterator[Fault]:
    for merged in sorted(grid.scanned.merged):
        yield Fault(f"{grid.name}!{merged}", "the cells are merged; unmerge them")
    wrong = next((slot for slot in slots if not _labelled(grid, slot)), None)
    if wrong is not None:
        yield _moved(grid, wrong)
        return
    yield from _outside(grid, slots)


def _labelled(grid: Grid, slot: Slot) -> bool:
    if slot.part == "label" and plain(str(grid.at(_help_cell(slot)))) != plain(LABEL_HELP):
        return False
    return plain(str(grid.at(_label_cell(slot)))) == plain(slot.label)


def _help_cell(slot: Slot) -> tuple[int, int]:
    """Where the help for the labels of rows stands: the first row is the one below it."""
    return slot.row + 1, slot.column


def _label_cell(slot: Slot) -> tuple[int, int]:
    """Where a slot's label stands: at the left on the fixed sheets, above on those of lists."""
    return slot.row, 0 if slot.sheet in (START, QUESTIONS) else slot.column


def _moved(grid: Grid, slot: Slot) -> Fault:
    cell, expected = _label_cell(slot), slot.label
    what = "columns" if slot.sheet not in (START, QUESTIONS) else "rows"
    if plain(str(grid.at(cell))) == plain(slot.label):
        cell, expected, what = _help_cell(slot), LABEL_HELP, "rows"
    found = " ".join(str(grid.at(cell)).split())
    return Fault(
        f"{grid.name}!{cell_name(*cell)}",
        f"found {repr(found[:60]) if found else 'nothing'}, expected '{expected[:60]}'. Some "
        f"{what} of the sheet were deleted, inserted, moved or sorted; {_UNDO}",
    )


def _outside(grid: Grid, slots: Sequence[Slot]) -> Iterator[Fault]:
    """Cells that are filled where the form asks nothing: nothing is dropped in silence."""
    first, width, height = slots[0].row, max(slot.column for slot in slots) + 1, grid.rows
    if grid.name == QUESTIONS:
        first, width, height = 0, _QUESTIONS_WIDTH, max(slot.row for slot in slots) + 1
    elif grid.name == START:
        first, width, height = 0, _START_WIDTH, _START_ROWS
    for row, values in enumerate(grid.values[first:], first):
        for column, value in enumerate(values):
            if (row >= height or column >= width) and not _blank(value):
                message = "the form asks nothing here; move what it says to a note, and clear it"
                yield Fault(f"{grid.name}!{cell_name(row, column)}", message)


def _blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()
