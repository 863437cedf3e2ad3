"""A record in the making: facts put in their places, each with where it comes from."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scr_audit.errors import did_you_mean
from scr_audit.forms.answers import as_text, date_as_text_fault
from scr_audit.forms.layout import FIRST_ITEM, HEADING, HiddenSheet, Slot
from scr_audit.forms.marked_form import TO_MEND
from scr_audit.forms.questions import Steps
from scr_audit.language.types import FactPath, FactType, Field, Kind
from scr_audit.records.raw import Json
from scr_audit.values.text import folded, is_blank
from scr_audit.workbooks.cells import Cell, CellValue, DateValue, Fault, cell_name
from scr_audit.workbooks.grid import Grid

Provenance = Mapping[str, Json]


class Entries:
    """The cells of a form. `faults` grows with every cell that cannot be taken.

    `typed` grows with what was in every cell that was read, by its place.
    """

    def __init__(self, grids: Mapping[str, Grid]) -> None:
        self.grids = grids
        self.faults: list[Fault] = []
        self.typed: dict[str, CellValue] = {}

    def value(self, sheet: str, row: int, column: int, *, is_day: bool = False) -> CellValue:
        """What is in a cell; a formula or an error value is a fault, whatever it gave."""
        grid, cell = self.grids[sheet], (row, column)
        found = grid.at(cell)
        if cell in grid.scanned.formulas:
            self.fault(sheet, cell, "holds a formula; write the answer itself")
            return ""
        if cell in grid.scanned.errors:
            self.fault(sheet, cell, "holds an error of the spreadsheet; write the answer itself")
            return ""
        if message := grid.date_fault(cell, is_day=is_day):
            self.fault(sheet, cell, message)
            return ""
        if _is_blank(found):
            return ""
        self.typed[f"{sheet}!{cell_name(*cell)}"] = found
        return found

    def text(self, sheet: str, row: int, column: int) -> str:
        """What is in a cell, as a text; a date is a fault, since what was typed is unknown."""
        found = self.value(sheet, row, column)
        if isinstance(found, DateValue):
            self.fault(sheet, (row, column), date_as_text_fault(found))
            return ""
        return as_text(found)

    def comment(self, sheet: str, cell: Cell) -> str:
        """What a comment on a cell says."""
        said = self.grids[sheet].scanned.comments.get(cell_name(*cell), "")
        if said.startswith(f"{TO_MEND}:"):  # of a marked copy
            return ""
        if said:
            self.typed[f"{sheet}!{cell_name(*cell)}, comment"] = said
        return said

    def is_used(self, sheet: str, row: int, column: int) -> bool:
        """Whether anything was entered, a formula or an error too."""
        scanned = self.grids[sheet].scanned
        held = (row, column) in scanned.formulas or (row, column) in scanned.errors
        return held or not _is_blank(self.grids[sheet].at((row, column)))

    def fault(self, sheet: str, cell: Cell, message: str) -> None:
        """Keep what is wrong with a cell."""
        self.faults.append(Fault(f"{sheet}!{cell_name(*cell)}", message))


def _is_blank(value: CellValue) -> bool:
    return isinstance(value, str) and is_blank(value)


class Assembly:
    """Starts from what was imported and takes what the form adds; the import is not changed."""

    def __init__(self, imported: Mapping[str, Json]) -> None:
        self.record: dict[str, Any] = copy.deepcopy(dict(imported))
        self.provenance: dict[str, Provenance] = dict(self.record.pop("provenance", {}))

    def value(self, steps: Steps) -> Json:
        """What stands at these steps; `None` where nothing is recorded."""
        found: Json = self.record
        for step in steps:
            if isinstance(step, int):
                found = found[step] if isinstance(found, list) and step < len(found) else None
            else:
                found = found.get(step) if isinstance(found, dict) else None
        return found

    def put(self, steps: Steps, value: Json) -> None:
        """Record a fact, and the groups around it."""
        found: Any = self.record  # the groups and lists that the steps lead through
        for step in steps[:-1]:
            if not isinstance(step, int) and found.get(step) is None:
                found[step] = {}
            found = found[step]
        found[steps[-1]] = value

    def add_item(self, steps: Steps) -> Steps:
        """A new empty item at the end of the list at `steps`; where it is."""
        items = self.value(steps)
        if not isinstance(items, list):
            items = []
            self.put(steps, items)
        items.append({})
        return (*steps, len(items) - 1)

    def comes_from(self, steps: Steps, source: Provenance) -> None:
        """Say where the fact at `steps` comes from."""
        self.provenance[pointer(steps)] = source

    def finished(self, kind: str) -> dict[str, Any]:
        """The record with its kind and its provenance."""
        first = {"id": self.record.get("id"), "kind": kind}
        facts = {key: value for key, value in self.record.items() if key not in first}
        found = {**first, **facts}
        return {**found, "provenance": self.provenance} if self.provenance else found


def pointer(steps: Steps) -> str:
    """The JSON pointer of these steps."""
    return "".join(f"/{step}" for step in steps)


def missing_required(fact: FactType, assembly: Assembly, steps: Steps = ()) -> Iterator[Steps]:
    """The facts that a record of this type must have and does not; empty groups are made."""
    for name, inner in fact.fields.items():
        at = (*steps, name)
        if inner.required and inner.type.kind is Kind.OBJECT and assembly.value(at) is None:
            assembly.put(at, {})
        value = assembly.value(at)
        if value is None:
            if inner.required:
                yield at
        elif inner.type.kind is Kind.OBJECT:
            yield from missing_required(inner.type, assembly, at)
        elif isinstance(value, list) and (item := inner.type.group_item) is not None:
            for place in range(len(value)):
                yield from missing_required(item, assembly, (*at, place))


def field_of_path(record: FactType, path: FactPath) -> Field | None:
    """The fact that a path leads to, through groups and lists; `None` where there is none."""
    fact, field = record, None
    for step in path:
        inner = fact.item if fact.kind is Kind.LIST and fact.item is not None else fact
        field = inner.fields.get(step)
        if field is None:
            return None
        fact = field.type
    return field


def has_table(record: FactType, path: FactPath) -> bool:
    """Whether the path leads to a list whose items have facts of their own."""
    field = field_of_path(record, path)
    return field is not None and field.type.group_item is not None


def outer_list(record: FactType, path: FactPath) -> FactPath:
    """The list in whose items the list at `path` is."""
    ends = [end for end in range(1, len(path)) if has_table(record, path[:end])]
    return path[: ends[-1]] if ends else ()


_BELOW_HEADING = FIRST_ITEM - HEADING


class ItemRows:
    """Finds the items of the rows, sheet by sheet, the outer lists first. `lost` grows."""

    def __init__(
        self, entries: Entries, stamp: HiddenSheet, record: FactType, assembly: Assembly
    ) -> None:
        self.entries = entries
        self.stamp = stamp
        self.type = record
        self.assembly = assembly
        self.lost: list[Fault] = []
        self._rows: dict[str, dict[str, Steps]] = {}  # sheet: row id: item

    def of(self, sheet: str, slots: Sequence[Slot]) -> Iterator[tuple[int, Steps, bool]]:
        """Each row that is about an item: its number, the item, and whether the form adds it."""
        parts = {slot.part: slot for slot in slots if slot.part in ("row", "of")}
        rows = self._rows.setdefault(sheet, {})
        answered = [slot.column for slot in slots if slot.part != "row"]
        first = parts["row"].row + _BELOW_HEADING
        for row in range(first, self.entries.grids[sheet].rows):
            before = len(self.entries.faults)
            name = self.entries.text(sheet, row, parts["row"].column)
            known = self.stamp.items.get((sheet, name))
            if len(self.entries.faults) > before:
                continue
            if known is None and not any(self.entries.is_used(sheet, row, at) for at in answered):
                continue
            steps = self._item(parts, row, name, known)
            if steps is not None:
                rows[name] = steps
                yield row, steps, known is None
        self._check_all_there(sheet, parts["row"])

    def _check_all_there(self, sheet: str, slot: Slot) -> None:
        if self.entries.faults or not has_table(self.type, tuple(slot.path.split("."))):
            return
        rows = self._rows[sheet]
        gone = [name for of, name in self.stamp.items if of == sheet and name not in rows]
        if gone:
            message = f"the row '{gone[0]}', which was filled in before, is missing; put it back"
            self.entries.faults.append(Fault(sheet, message))

    def _item(
        self, parts: Mapping[str, Slot], row: int, name: str, known: Steps | None
    ) -> Steps | None:
        """Where the item of a row is in the record: a new one, or one that was imported."""
        slot = parts["row"]
        cell = (row, slot.column)
        path = tuple(slot.path.split("."))
        if not name:
            message = f"the row has answers but no row id; write one, such as '{path[-1]} 99'"
            self.entries.fault(slot.sheet, cell, message)
            return None
        if name in self._rows[slot.sheet]:
            message = f"the row id '{name}' stands twice; change one of them"
            self.entries.fault(slot.sheet, cell, message)
            return None
        if not has_table(self.type, path):
            message = f"the row '{name}' is left out: the pack has no list '{slot.path}' any more"
            self.lost.append(Fault(f"{slot.sheet}!{cell_name(*cell)}", message))
            return None
        if known is not None:
            return known
        outer = self._outer(parts, row, path)
        return None if outer is None else self.assembly.add_item((*outer[0], *outer[1]))

    def _outer(
        self, parts: Mapping[str, Slot], row: int, path: FactPath
    ) -> tuple[Steps, FactPath] | None:
        """The item that the row's item belongs to, and the steps from it to the list."""
        home = outer_list(self.type, path)
        if "of" not in parts:
            return (), path
        slot = parts["of"]
        text = self.entries.text(slot.sheet, row, slot.column)
        sheet = self._sheet_of(home)
        rows = self._rows.get(sheet, {})
        known = {folded(name): steps for name, steps in rows.items()}
        if folded(text) in known:
            return known[folded(text)], path[len(home) :]
        if not text:
            message = f"is empty; choose the row of the sheet '{sheet}' that this one belongs to"
        else:
            message = (
                f"belongs to '{text}', but the sheet '{sheet}' has no such row with an answer."
                f"{did_you_mean(text, rows)}"
            )
        self.entries.fault(slot.sheet, (row, slot.column), message)
        return None

    def _sheet_of(self, home: FactPath) -> str:
        path = ".".join(home)
        found = (
            slot.sheet for slot in self.stamp.slots if slot.part == "row" and slot.path == path
        )
        return next(found, path)
