"""The answers of a form put together as a record; everything that is wrong is collected."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from scr_audit.errors import did_you_mean
from scr_audit.forms import moments, words
from scr_audit.forms.answers import NOT_RECORDED, fact_of
from scr_audit.forms.assembly import Assembly, missing_required
from scr_audit.forms.cells import cell_name
from scr_audit.forms.faults import Fault
from scr_audit.forms.grid import Grid
from scr_audit.forms.known import Steps
from scr_audit.forms.layout import QUESTIONS, START, Slot
from scr_audit.forms.questions import Path, is_table
from scr_audit.forms.shown import shown
from scr_audit.forms.stamp import Stamp
from scr_audit.language.types import FactType, Field, Kind

_HEADING_ROWS = 2  # the heading and the help below it
_ANSWERED_SO = f"answered: {words.NOT_RECORDED}"


@dataclass(frozen=True)
class _State:
    """What a form says about a list or a group as a whole, and in which cell."""

    answer: Any
    place: str


class Filled:
    """One filled form being read. `faults` and `lost` grow; `assembly` holds the record."""

    def __init__(
        self,
        file: str,
        grids: Mapping[str, Grid],
        stamp: Stamp,
        imported: Mapping[str, Any],
        record: FactType,
    ) -> None:
        self.file = file
        self.grids = grids
        self.stamp = stamp
        self.type = record
        self.imported = Assembly({k: v for k, v in imported.items() if k != "kind"})
        self.assembly = Assembly({k: v for k, v in imported.items() if k != "kind"})
        self.faults: list[Fault] = []
        self.lost: list[Fault] = []
        self.who: dict[str, str] = {}
        self.places: dict[Steps, str] = {}
        self.states: dict[Steps, _State] = {}
        self.rows: dict[str, dict[str, Steps]] = {}  # sheet: row id: item

    def read(self, *, without: AbstractSet[str]) -> None:
        """Read every sheet but those that are not as they were made."""
        sheets: dict[str, list[Slot]] = {}
        for slot in self.stamp.slots:
            sheets.setdefault(slot.sheet, []).append(slot)
        if START not in without:
            self._read_start(sheets.pop(START))
        if QUESTIONS not in without:
            self._read_questions(sheets.get(QUESTIONS, []))
        sheets.pop(QUESTIONS, None)
        for name, slots in sheets.items():
            # The rows of an inner list need those of the outer one.
            inner = any(slot.part == "of" for slot in slots)
            if name not in without and not (without and inner):
                self._read_list(name, slots)
        if not without and not self.faults:
            self._check_states()
            self._check_required()

    # cells

    def _value(self, sheet: str, row: int, column: int) -> Any:
        """What is in a cell; a formula is a fault, whatever it gave."""
        grid = self.grids[sheet]
        if (row, column) in grid.scanned.formulas:
            self._fault(sheet, (row, column), "holds a formula; write the answer itself")
            return ""
        return grid.at((row, column))

    def _text(self, sheet: str, row: int, column: int) -> str:
        return _as_text(self._value(sheet, row, column))

    def _fault(self, sheet: str, cell: tuple[int, int], message: str) -> None:
        self.faults.append(Fault(f"{sheet}!{cell_name(*cell)}", message))

    # the front sheet

    def _read_start(self, slots: Sequence[Slot]) -> None:
        for slot in slots:
            value = self._value(START, slot.row, slot.column)
            cell = (slot.row, slot.column)
            if value == "":
                self._fault(START, cell, f"is empty; fill in '{slot.label}'")
            elif slot.part == "on":
                try:
                    self.who["on"] = moments.date_text(value)
                except ValueError as error:
                    self._fault(START, cell, str(error))
            elif slot.part == "role":
                self.who["role"] = _as_text(value)
            else:
                self._read_id(cell, _as_text(value))

    def _read_id(self, cell: tuple[int, int], text: str) -> None:
        known = self.imported.value(("id",))
        if known is None:
            self.assembly.put(("id",), text)
        elif text != shown(self.type.fields["id"].type, known):
            self._fault(START, cell, f"found '{text}'; this form is about the record '{known}'")

    # answers

    def _read_questions(self, slots: Sequence[Slot]) -> None:
        rows: dict[int, list[Slot]] = {}
        for slot in slots:
            rows.setdefault(slot.row, []).append(slot)
        for row, cells in rows.items():
            self._read_clusters(cells, row, (), ())

    def _read_clusters(self, slots: Sequence[Slot], row: int, item: Steps, home: Path) -> None:
        """The answers of a row; each note is about the answers between it and the note before."""
        answers: list[Slot] = []
        for slot, after in zip_longest(slots, slots[1:]):
            if slot.part == "answer":
                answers.append(slot)
            elif slot.part == "note" and after is not None:
                note = self._text(slot.sheet, row, slot.column)
                page = self._text(slot.sheet, row, after.column)
                beside = {"note": note, "page": page}
                if (note or page) and self._all_known(answers, item, home):
                    message = "is beside what was imported and has no place; clear it"
                    self._fault(slot.sheet, (row, slot.column), message)
                told = [self._read_answer(one, row, item, home, beside) for one in answers]
                if not any(told) and (note or page) and answers:
                    self._note_alone(answers[0], row, item, home, beside)
                answers = []

    def _all_known(self, answers: Sequence[Slot], item: Steps, home: Path) -> bool:
        """Whether all of these were imported, so that the form has nothing to say of them."""
        paths = [tuple(slot.path.split("."))[len(home) :] for slot in answers]
        return all(self.imported.value((*item, *path)) is not None for path in paths)

    def _read_answer(
        self, slot: Slot, row: int, item: Steps, home: Path, beside: Mapping[str, str]
    ) -> bool:
        """Take one answer into the record; whether there was one."""
        value = self._value(slot.sheet, row, slot.column)
        path = tuple(slot.path.split("."))
        steps = (*item, *path[len(home) :])
        place = f"{slot.sheet}!{cell_name(row, slot.column)}"
        field = field_at(self.type, path)
        if field is None:
            if value != "":
                message = f"says '{_as_text(value)}'; the pack has no fact '{slot.path}' any more"
                self.lost.append(Fault(place, message))
            return bool(value != "")
        self.places[steps] = place
        before = self.imported.value(steps)
        if before is not None:
            self._check_known(field, before, value, place)
            return True
        if value == "":
            return False
        try:
            answer = fact_of(field.type, value)
        except ValueError as error:
            self.faults.append(Fault(place, str(error)))
            return True
        self._take(field, steps, answer, place, beside)
        return True

    def _check_known(self, field: Field, before: Any, value: Any, place: str) -> None:
        expected = shown(field.type, before)
        same = value == expected if isinstance(value, int | float) else False
        if not same and _as_text(value) != _as_text(expected):
            message = (
                f"found '{_as_text(value)}'; this was filled in before, from the import, and is "
                f"not to be changed: '{_as_text(expected)}'. Correct it in the imported record"
            )
            self.faults.append(Fault(place, message))

    def _take(
        self, field: Field, steps: Steps, answer: Any, place: str, beside: Mapping[str, str]
    ) -> None:
        note = {"note": _ANSWERED_SO + (f"; {beside['note']}" if beside["note"] else "")}
        whole = is_table(field.type) or field.type.kind in (Kind.OBJECT, Kind.OPEN)
        if whole:
            self.states[steps] = _State(answer, place)
        if answer is NOT_RECORDED:
            self.assembly.comes_from(steps, self._source(place, {**beside, **note}))
            return
        if not (whole and answer == words.LISTED):
            self.assembly.put(steps, copy.copy(answer))  # rows are added to a list
        self.assembly.comes_from(steps, self._source(place, beside))

    def _note_alone(
        self, slot: Slot, row: int, item: Steps, home: Path, beside: Mapping[str, str]
    ) -> None:
        """A note without an answer is kept: it says why there is none."""
        path = tuple(slot.path.split("."))
        place = f"{slot.sheet}!{cell_name(row, slot.column)}"
        if field_at(self.type, path) is None:
            self.lost.append(Fault(place, f"has a note on '{slot.path}', which the pack has not"))
            return
        self.assembly.comes_from((*item, *path[len(home) :]), self._source(place, beside))

    def _source(self, place: str, beside: Mapping[str, str]) -> dict[str, str]:
        found = {"file": self.file, "place": place, **self.who, **beside}
        return {key: value for key, value in found.items() if value}

    # lists

    def _read_list(self, sheet: str, slots: Sequence[Slot]) -> None:
        parts = {slot.part: slot for slot in slots if slot.part in ("row", "of", "label")}
        home = tuple(parts["row"].path.split("."))
        rows: dict[str, Steps] = {}
        self.rows[sheet] = rows
        first = parts["row"].row + _HEADING_ROWS
        answered = [slot for slot in slots if slot.part != "row"]
        for row in range(first, self.grids[sheet].rows):
            name = self._text(sheet, row, parts["row"].column)
            known = self.stamp.items.get((sheet, name))
            used = any(self.grids[sheet].at((row, slot.column)) != "" for slot in answered)
            if not used and known is None:
                continue
            steps = self._item(parts, row, name, known)
            if steps is not None:
                rows[name] = steps
                self._read_clusters(
                    [s for s in slots if s.part in ("answer", "note", "page")], row, steps, home
                )
        gone = [name for of, name in self.stamp.items if of == sheet and name not in rows]
        if gone and not self.faults:
            message = f"the row '{gone[0]}', which was filled in before, is missing; put it back"
            self.faults.append(Fault(sheet, message))

    def _item(
        self, parts: Mapping[str, Slot], row: int, name: str, known: Steps | None
    ) -> Steps | None:
        """Where the item of a row is in the record: a new one, or one that was imported."""
        slot = parts["row"]
        cell = (row, slot.column)
        if not name:
            self._fault(slot.sheet, cell, "the row has answers but no row id; write one, such as "
                        f"'{slot.path.rpartition('.')[2]} 99'")  # fmt: skip
            return None
        if name in self.rows[slot.sheet]:
            self._fault(slot.sheet, cell, f"the row id '{name}' stands twice; change one of them")
            return None
        path = tuple(slot.path.split("."))
        if field_at(self.type, path) is None:
            message = f"the row '{name}' is left out: the pack has no list '{slot.path}' any more"
            self.lost.append(Fault(f"{slot.sheet}!{cell_name(*cell)}", message))
            return None
        if known is not None:
            return known
        outer = self._outer(parts, row, path)
        return None if outer is None else self._new_item(parts, row, (*outer[0], *outer[1]))

    def _new_item(self, parts: Mapping[str, Slot], row: int, items: Steps) -> Steps:
        steps = self.assembly.add_item(items)
        slot, label = parts["row"], parts["label"]
        text = self._text(slot.sheet, row, label.column)
        place = f"{slot.sheet}!{cell_name(row, slot.column)}"
        self.assembly.comes_from(steps, self._source(place, {"note": text}))
        return steps

    def _outer(self, parts: Mapping[str, Slot], row: int, path: Path) -> tuple[Steps, Path] | None:
        """The item that the row's item belongs to, and the steps from it to the list."""
        if "of" not in parts:
            return (), path
        slot = parts["of"]
        cell = (row, slot.column)
        text = self._text(slot.sheet, row, slot.column)
        home = outer_list(self.type, path)
        sheet = next(
            s.sheet for s in self.stamp.slots if s.part == "row" and s.path == ".".join(home)
        )
        rows = self.rows.get(sheet, {})
        known = {words.plain(name): steps for name, steps in rows.items()}
        if words.plain(text) in known:
            return known[words.plain(text)], path[len(home) :]
        if not text:
            message = f"is empty; choose the row of the sheet '{sheet}' that this one belongs to"
        else:
            message = (
                f"belongs to '{text}', but the sheet '{sheet}' has no such row with an answer."
                f"{did_you_mean(text, rows)}"
            )
        self._fault(slot.sheet, cell, message)
        return None

    # what only the whole form shows

    def _check_states(self) -> None:
        """A list is what its cell says, and so are the groups that are asked about as a whole."""
        for steps, state in self.states.items():
            value = self.assembly.value(steps)
            if state.answer is NOT_RECORDED and value is not None:
                message = "says 'not recorded', but there are answers about it; clear one of them"
                self.faults.append(Fault(state.place, message))
            elif state.answer == words.LISTED and not value:
                message = "says 'listed', but no row of the list's sheet belongs to it"
                self.faults.append(Fault(state.place, message))
            elif state.answer == [] and value:
                message = f"says '{words.NONE}', but the list's sheet has rows; clear one of them"
                self.faults.append(Fault(state.place, message))
        self.faults += self._filled_none()

    def _filled_none(self) -> Iterator[Fault]:
        """Lists of which the import says that there were none, and the form has rows."""
        for steps, place in self.places.items():
            if self.imported.value(steps) == [] and self.assembly.value(steps):
                message = f"the import says '{words.NONE}', but the list's sheet has rows"
                yield Fault(place, message)

    def _check_required(self) -> None:
        for steps in missing_required(self.type, self.assembly):
            place = self.places.get(steps, "")
            message = f"is empty; '{steps[-1]}' is needed wherever the facts beside it are answered"
            self.faults.append(Fault(place, message))


def _as_text(value: Any) -> str:
    """A cell's value as a text: 3.0 is the page 3."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).strip()


def field_at(record: FactType, path: Path) -> Field | None:
    """The fact that a path leads to, through groups and lists; `None` where there is none."""
    fact, field = record, None
    for step in path:
        inner = fact.item if fact.kind is Kind.LIST and fact.item is not None else fact
        field = inner.fields.get(step)
        if field is None:
            return None
        fact = field.type
    return field


def outer_list(record: FactType, path: Path) -> Path:
    """The list in whose items the list at `path` is."""
    ends = [
        end
        for end in range(1, len(path))
        if (field := field_at(record, path[:end])) is not None and is_table(field.type)
    ]
    return path[: ends[-1]] if ends else ()
