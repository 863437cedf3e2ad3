"""The answers of a form put together as a record; everything that is wrong is collected."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from scr_audit.forms.answers import (
    ABSENT,
    LISTED,
    NONE,
    NOT_RECORDED,
    answer_words,
    as_text,
    date_text,
)
from scr_audit.forms.assembly import (
    Assembly,
    Entries,
    ItemRows,
    field_of_path,
    missing_required,
    pointer,
)
from scr_audit.forms.layout import QUESTIONS, START, HiddenSheet, Slot
from scr_audit.forms.own_words import Words, fact_in_own_words
from scr_audit.forms.questions import Steps
from scr_audit.language.types import DATES, SIGNED, FactPath, FactType, Field, Kind, is_judgement
from scr_audit.records.plausible import doubt
from scr_audit.records.raw import Json
from scr_audit.workbooks.cells import CellValue, Fault, cell_name
from scr_audit.workbooks.grid import Grid

_ANSWERED_SO = f"answered: {NOT_RECORDED}"


class CompletedForm:
    """One filled form being read. `faults` and `lost` grow; `assembly` holds the record.

    `imported` is what the pack can hold of what the form was made with.
    """

    def __init__(
        self,
        file: str,
        grids: Mapping[str, Grid],
        stamp: HiddenSheet,
        imported: Mapping[str, Json],
        record: FactType,
        words: Words,
    ) -> None:
        self.file = file
        self.words = words
        self.stamp = stamp
        self.type = record
        self.before = Assembly(stamp.record)
        self.imported = Assembly({k: v for k, v in imported.items() if k != "kind"})
        self.assembly = Assembly({k: v for k, v in imported.items() if k != "kind"})
        self.entries = Entries(grids)
        self.faults = self.entries.faults
        self.rows = ItemRows(self.entries, stamp, record, self.assembly)
        self.lost = self.rows.lost
        self.who: dict[str, str] = {}
        self.asked = {slot.path for slot in stamp.slots if slot.part == "answer"}
        self.places: dict[Steps, str] = {}
        self.states: dict[Steps, State] = {}

    def read(self, *, without: AbstractSet[str], as_of: date | None = None) -> None:
        """Read every sheet but those named in `without`; days long after `as_of` are faults."""
        sheets: dict[str, list[Slot]] = {}
        for slot in self.stamp.slots:
            sheets.setdefault(slot.sheet, []).append(slot)
        if START not in without:
            self._read_start(sheets.pop(START), as_of)
        if QUESTIONS not in without:
            self._read_questions(sheets.get(QUESTIONS, []))
        sheets.pop(QUESTIONS, None)
        for name, slots in sheets.items():
            # The rows of an inner list need those of the outer one.
            inner = any(slot.part == "of" for slot in slots)
            if name not in without and not (without and inner):
                self._read_list(name, slots)
        if without:
            return
        told = {fault.place for fault in self.faults}  # what a wrong cell lacks is said already
        more = [
            *state_faults(self.states, self.assembly),
            *rows_despite_none(self.places, self.imported, self.assembly),
            *required_faults(self.type, self.assembly, self.places),
        ]
        self.faults += [
            fault for fault in more if fault.place not in told and (not told or "!" in fault.place)
        ]

    # the front sheet

    def _read_start(self, slots: Sequence[Slot], as_of: date | None) -> None:
        for slot in slots:
            cell = (slot.row, slot.column)
            if not self.entries.is_used(START, *cell):
                self.entries.fault(START, cell, f"is empty; fill in '{slot.label}'")
            elif slot.part == "on":
                self._read_on(cell, as_of)
            elif text := self.entries.text(START, *cell):
                if slot.part == "role":
                    self.who["role"] = text
                else:
                    self._read_id(cell, text)

    def _read_on(self, cell: tuple[int, int], as_of: date | None) -> None:
        value = self.entries.value(START, *cell, is_day=True)
        try:
            if value != "":
                self.who["on"] = date_text(value)
                if message := doubt(self.who["on"], as_of):
                    raise ValueError(message)
        except ValueError as error:
            self.entries.fault(START, cell, str(error))

    def _read_id(self, cell: tuple[int, int], text: str) -> None:
        known = self.imported.value(("id",))
        if known is None:
            self.assembly.put(("id",), text)
        elif text != answer_words(self.type.fields["id"].type, known):
            self.entries.fault(
                START, cell, f"found '{text}'; this form is about the record '{known}'"
            )

    # answers

    def _read_questions(self, slots: Sequence[Slot]) -> None:
        rows: dict[int, list[Slot]] = {}
        for slot in slots:
            rows.setdefault(slot.row, []).append(slot)
        for row, cells in rows.items():
            self._read_clusters(cells, row, (), ())

    def _read_clusters(self, slots: Sequence[Slot], row: int, item: Steps, home: FactPath) -> None:
        """The answers of a row; each note is about the answers between it and the note before."""
        answers: list[Slot] = []
        for slot, after in zip_longest(slots, slots[1:]):
            if slot.part == "answer":
                answers.append(slot)
            elif slot.part == "note" and after is not None:
                cells = [(row, each.column) for each in (*answers, slot, after)]
                note = "; ".join(filter(None, [
                    self.entries.text(slot.sheet, row, slot.column),
                    *(self.entries.comment(slot.sheet, cell) for cell in cells),
                ]))  # fmt: skip
                page = self.entries.text(slot.sheet, row, after.column)
                beside = {"note": note, "page": page}
                if (note or page) and self._all_known(answers, item, home):
                    message = "is beside what was imported and has no place; clear it"
                    self.entries.fault(slot.sheet, (row, slot.column), message)
                given = [self._read_answer(one, row, item, home, beside) for one in answers]
                if not any(given) and (note or page) and answers:
                    self._note_alone(answers[0], row, item, home, beside)
                answers = []

    def _all_known(self, answers: Sequence[Slot], item: Steps, home: FactPath) -> bool:
        """Whether all of these were imported, so that the form has nothing to say of them."""
        paths = [tuple(slot.path.split("."))[len(home) :] for slot in answers]
        return all(self.before.value((*item, *path)) is not None for path in paths)

    def _read_answer(
        self, slot: Slot, row: int, item: Steps, home: FactPath, beside: Mapping[str, str]
    ) -> bool:
        """Take one answer into the record; whether there was one."""
        path = tuple(slot.path.split("."))
        steps = (*item, *path[len(home) :])
        place = f"{slot.sheet}!{cell_name(row, slot.column)}"
        field = field_of_path(self.type, path)
        is_day = field is not None and field.type.kind in DATES
        value = self.entries.value(slot.sheet, row, slot.column, is_day=is_day)
        if field is None:
            if value != "":
                message = f"says '{as_text(value)}'; the pack has no fact '{slot.path}' any more"
                self.lost.append(Fault(place, message))
            return bool(value != "")
        self.places[steps] = place
        # `self.before` is the record as it was imported, `self.imported` what the pack holds of it.
        before = self.imported.value(steps)
        if before != self.before.value(steps):
            return True  # that the pack cannot hold the imported fact is reported already
        if before is not None:
            self._check_known(field, before, value, place)
            return True
        if value == "":
            return False
        try:
            answer = fact_in_own_words(field.type, value, self.words)
        except ValueError as error:
            self.faults.append(Fault(place, str(error)))
            return True
        self._take(field, steps, answer, place, beside)
        if answer is not ABSENT:
            self._sign(path, steps, place)
        return True

    def _sign(self, path: FactPath, steps: Steps, place: str) -> None:
        """Say of a judgement who judged and when, where the form does not ask it."""
        around = field_of_path(self.type, path[:-1])
        if path[-1] != "value" or around is None or not is_judgement(around.type):
            return
        for name, said in zip(SIGNED, (self.who.get("role"), self.who.get("on")), strict=True):
            if said and ".".join((*path[:-1], name)) not in self.asked:
                self.assembly.put((*steps[:-1], name), said)
                self.assembly.comes_from((*steps[:-1], name), self._source(place, {}))

    def _check_known(self, field: Field, before: Json, value: CellValue, place: str) -> None:
        expected = answer_words(field.type, before)
        same = value == expected if isinstance(value, int | float) else False
        if not same and as_text(value) != as_text(expected):
            message = (
                f"found '{as_text(value)}'; this was filled in before, from the import, and is "
                f"not to be changed: '{as_text(expected)}'. Correct it in the imported record"
            )
            self.faults.append(Fault(place, message))

    def _take(
        self, field: Field, steps: Steps, answer: Json, place: str, beside: Mapping[str, str]
    ) -> None:
        note = {"note": _ANSWERED_SO + (f"; {beside['note']}" if beside["note"] else "")}
        whole = field.type.group_item or field.type.kind in (Kind.OBJECT, Kind.OPEN)
        if whole:
            self.states[steps] = State(answer, place)
        if answer is ABSENT:
            self.assembly.comes_from(steps, self._source(place, {**beside, **note}))
            return
        if not (whole and answer == LISTED):
            self.assembly.put(steps, copy.copy(answer))  # rows are added to a list
        self.assembly.comes_from(steps, self._source(place, beside))

    def _note_alone(
        self, slot: Slot, row: int, item: Steps, home: FactPath, beside: Mapping[str, str]
    ) -> None:
        """A note without an answer is kept: it says why there is none."""
        path = tuple(slot.path.split("."))
        place = f"{slot.sheet}!{cell_name(row, slot.column)}"
        if field_of_path(self.type, path) is None:
            self.lost.append(Fault(place, f"has a note on '{slot.path}', no fact of the pack"))
            return
        self.assembly.comes_from((*item, *path[len(home) :]), self._source(place, beside))

    def _source(self, place: str, beside: Mapping[str, str]) -> dict[str, str]:
        found = {"file": self.file, "place": place, **self.who, **beside}
        return {key: value for key, value in found.items() if value}

    # lists

    def _read_list(self, sheet: str, slots: Sequence[Slot]) -> None:
        home = next(tuple(slot.path.split(".")) for slot in slots if slot.part == "row")
        label = next(slot for slot in slots if slot.part == "label")
        answers = [slot for slot in slots if slot.part in ("answer", "note", "page")]
        for row, steps, is_new in self.rows.of(sheet, slots):
            if is_new:
                text = self.entries.text(sheet, row, label.column)
                place = f"{sheet}!{cell_name(row, 0)}"
                self.assembly.comes_from(steps, self._source(place, {"note": text}))
            self._read_clusters(answers, row, steps, home)


@dataclass(frozen=True)
class State:
    """What a form says about a list or a group as a whole, and in which cell."""

    answer: Json
    place: str


def state_faults(states: Mapping[Steps, State], assembly: Assembly) -> Iterator[Fault]:
    """The lists and groups whose own answer contradicts the answers in them."""
    for steps, state in states.items():
        value = assembly.value(steps)
        if state.answer is ABSENT and value is not None:
            message = "says 'not recorded', but there are answers about it; clear one of them"
            yield Fault(state.place, message)
        elif state.answer == LISTED and not value:
            yield Fault(state.place, "says 'listed', but no row of the list's sheet belongs to it")
        elif state.answer == [] and value:
            message = f"says '{NONE}', but the list's sheet has rows; clear one of them"
            yield Fault(state.place, message)


def rows_despite_none(
    places: Mapping[Steps, str], imported: Assembly, assembly: Assembly
) -> Iterator[Fault]:
    """Lists with rows in the form, though the import says that there were none."""
    for steps, place in places.items():
        if imported.value(steps) == [] and assembly.value(steps):
            yield Fault(place, f"the import says '{NONE}', but the list's sheet has rows")


def required_faults(
    record: FactType, assembly: Assembly, places: Mapping[Steps, str]
) -> Iterator[Fault]:
    """The facts that a record must have and does not; without a cell of its own, by pointer."""
    for steps in missing_required(record, assembly):
        field = field_of_path(record, tuple(step for step in steps if isinstance(step, str)))
        asked = field.question if field else steps[-1]
        message = f"is empty; '{asked}' has to be answered wherever the facts beside it are"
        yield Fault(places.get(steps) or pointer(steps), message)
