"""The sheets of a form as values: what stands where, and on a hidden one which cell holds what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

import msgspec

from scr_audit.errors import InputError
from scr_audit.forms.questions import Item, KnownFacts, Question, Questions, Steps, items_of
from scr_audit.language.types import FactPath, Field, in_words
from scr_audit.records.raw import Json
from scr_audit.values.text import cell_text
from scr_audit.workbooks.cells import CellValue, cell_at, cell_name

START, QUESTIONS, WORDS, HIDDEN = "Start", "Questions", "Words", "form"
RECORD_ID, ROLE, ON = "Record", "Your role", "Date"
OF, LABEL, NOTE, PAGE, ROW = "Belongs to", "Your label", "Evidence note", "Page", "Row"
LABEL_HELP = "For yourself; no names"
START_ROWS = {"id": (10, RECORD_ID), "role": (11, ROLE), "on": (12, ON)}
HEADING, FIRST_ITEM = 4, 6  # rows of a list's sheet
FIRST_LINE = 3  # row of the sheet of questions


@dataclass(frozen=True)
class Slot:
    """A cell to fill in, or on a list's sheet the column below its heading at `row`.

    `part` is what it holds: `answer`, `note` or `page`; `row`, `of` or `label` of an item; `id`,
    `role` or `on` of the front sheet. `path` is the fact, `label` the text that stands beside
    or above it, by which moved cells are noticed.
    """

    sheet: str
    row: int
    column: int
    part: str
    path: str = ""
    label: str = ""


@dataclass(frozen=True)
class FormLine:
    """A row of the sheet of questions: a heading (`section` or `group`), or a question."""

    kind: str
    text: str
    question: Question | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemRow:
    """A row of a list's sheet. `item` is what the record has already; else the row is empty."""

    id: str
    item: Item | None = None
    outer: str = ""


@dataclass(frozen=True)
class ListSheet:
    """The sheet of one list: its columns and its rows. `outer` is the home of its outer list."""

    name: str
    home: FactPath
    question: Question
    columns: tuple[tuple[Slot, Question | None], ...]
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True)
class FormLayout:
    """A whole form. `record` is what was imported, without its provenance."""

    questions: Questions
    lines: tuple[FormLine, ...]
    lists: tuple[ListSheet, ...]
    record: KnownFacts = field(default_factory=dict)

    def sheet_of(self, home: FactPath) -> ListSheet:
        """The sheet of a list."""
        return next(sheet for sheet in self.lists if sheet.home == home)

    def slots(self) -> Iterator[Slot]:
        """Every cell and column that is read, sheet by sheet."""
        for part, (row, label) in START_ROWS.items():
            yield Slot(START, row, 1, part, "", label)
        for row, line in enumerate(self.lines, FIRST_LINE):
            if line.question is not None:
                for column, part in ((1, "answer"), (2, "note"), (3, "page")):
                    yield Slot(QUESTIONS, row, column, part, line.question.name, line.text)
        for sheet in self.lists:
            yield from (slot for slot, _ in sheet.columns)


def lay_out(
    questions: Questions, record: KnownFacts | None = None, *, rows: int = 15
) -> FormLayout:
    """The form for these questions; of a record that is known in part, what is left to ask.

    `rows` is how many empty rows a list has; lists in lists have twice as many.
    """
    record = record or {}
    names = sheet_names(questions)
    sheets: list[ListSheet] = []
    for question in questions.lists:
        rows_here = _rows(question, record, sheets, rows=rows)
        columns = tuple(_columns(question, questions, names))
        sheets.append(ListSheet(names[question.path], question.path, question, columns, rows_here))
    return FormLayout(questions, tuple(_lines(questions)), tuple(sheets), record)


def _lines(questions: Questions) -> Iterator[FormLine]:
    """Section by section, each question under the first of its themes."""
    for theme in questions.themes:
        asked = [q for q in questions.of(()) if q.themes[:1] == (theme,)]
        if asked:
            yield FormLine("section", theme)
            yield from _section(asked)


def _section(asked: Sequence[Question]) -> Iterator[FormLine]:
    group: FactPath = ()
    for question in asked:
        text = label_of(question)
        if question.group != group and question.group_words not in ("", text):
            yield FormLine("group", question.group_words)
        group = question.group
        yield FormLine("question", text, question, question.themes[1:])


def label_of(question: Question) -> str:
    """The words of a question on its form."""
    if question.path == question.group:
        return f"Is anything recorded about this? {question.group_words}"
    return " ".join(question.field.question.split())


ALSO = re.compile(r"\(Also for: [^()]*\.\)$")
"""The end of a help that names the other questions of a cell."""


def question_help(field: Field, sheet: str, also: Sequence[str] = ()) -> str:
    """The help of a question on its form; `sheet` is that of its items, where it is a list."""
    listed = f"List them on the sheet '{sheet}'." if sheet else ""
    others = f"(Also for: {', '.join(also)}.)" if also else ""
    return cell_text(" ".join(filter(None, [listed, field.help, others])))


def _columns(
    question: Question, questions: Questions, names: Mapping[FactPath, str]
) -> Iterator[tuple[Slot, Question | None]]:
    sheet, path = names[question.path], question.name
    heads = [("row", ROW), *([("of", OF)] if question.home else []), ("label", LABEL)]
    column = 0
    for part, label in heads:
        yield Slot(sheet, HEADING, column, part, path, label), None
        column += 1
    for cluster in _clusters(questions.of(question.path)):
        for asked in cluster:
            yield Slot(sheet, HEADING, column, "answer", asked.name, label_of(asked)), asked
            column += 1
        for part, label in (("note", NOTE), ("page", PAGE)):
            yield Slot(sheet, HEADING, column, part, cluster[0].name, label), None
            column += 1


def _clusters(asked: Sequence[Question]) -> Iterator[list[Question]]:
    """The facts that share one evidence note: those of a small group, else each alone."""
    cluster: list[Question] = []
    for question in asked:
        if cluster and not (question.together and question.group == cluster[0].group):
            yield cluster
            cluster = []
        cluster.append(question)
    if cluster:
        yield cluster


def _rows(
    question: Question, record: KnownFacts, outer: Sequence[ListSheet], *, rows: int
) -> tuple[ItemRow, ...]:
    word = item_word(question)
    ids = _ids(outer, question.home)
    found = [
        ItemRow(f"{word} {number}", item, ids.get(item.outer, ""))
        for number, item in enumerate(items_of(record, question.path), 1)
    ]
    more = rows * 2 if question.home else rows
    first = len(found) + 1
    return (*found, *(ItemRow(f"{word} {number}") for number in range(first, first + more)))


def _ids(sheets: Sequence[ListSheet], home: FactPath) -> dict[Steps, str]:
    """The row ids of the items that an outer list has already, by where they are."""
    rows = [row for sheet in sheets if sheet.home == home for row in sheet.rows]
    return {row.item.steps: row.id for row in rows if row.item is not None}


_LONGEST = 31  # characters of a sheet's name, by Excel
_RESERVED = {"start", "questions", "words", "form", "history"}


def item_word(question: Question) -> str:
    """What one item of a list is called: the title of its type, or the list's own name."""
    item = question.type.item
    return (item.name if item is not None else "") or in_words(question.field.name)


def sheet_names(questions: Questions) -> dict[FactPath, str]:
    """A name for each list's sheet: its own or, where two have that, with its outer list's."""
    lists = [question.path for question in questions.lists]
    short = [_sheet_name_of(path[-1:]) for path in lists]
    names: dict[FactPath, str] = {}
    for path, own in zip(lists, short, strict=True):
        wanted = own if short.count(own) == 1 else _sheet_name_of(path)
        names[path] = _free(wanted, {name.casefold() for name in names.values()} | _RESERVED)
    return names


def _sheet_name_of(path: FactPath) -> str:
    return re.sub(r"[^\w ]", " ", " ".join(path).replace("_", " "))


def _free(wanted: str, taken: set[str]) -> str:
    """The name, shortened to what Excel allows, with a number where it is taken."""
    name, number = wanted[:_LONGEST].strip(), 1
    while name.casefold() in taken:
        number += 1
        ending = f" {number}"
        name = wanted[: _LONGEST - len(ending)].strip() + ending
    return name


FORM_VERSION = 1
WARNING = "scr-audit reads the form by this sheet. Please do not change it."
_PIECE = 30_000  # characters of a record in one cell, under the limit of the file format
_KEYS = ("pack", "version", "pack sha256", "plan", "plan sha256", "kind")


@dataclass(frozen=True)
class FormOrigin:
    """What a form was made of. `plan` and its hash are empty where no plan chose the rules."""

    pack: str
    version: str
    pack_sha256: str
    plan: str
    plan_sha256: str
    kind: str


@dataclass(frozen=True)
class HiddenSheet:
    """What the hidden sheet says. `record` is what was imported, with its provenance.

    `items` are the rows that stand for items of that record: sheet and row id, and where the
    item is.
    """

    origin: FormOrigin
    record: dict[str, Any]
    slots: tuple[Slot, ...]
    items: Mapping[tuple[str, str], Steps]


def hidden_rows(
    layout: FormLayout, origin: FormOrigin, imported: Mapping[str, Json]
) -> Iterator[tuple[str, ...]]:
    """The rows of the hidden sheet, as texts."""
    yield (WARNING,)
    yield "format", str(FORM_VERSION)
    yield from zip(_KEYS, astuple(origin), strict=True)
    text = json.dumps(imported, sort_keys=True)
    for start in range(0, len(text), _PIECE):
        yield "record", f"_{text[start : start + _PIECE]}"  # so that no piece looks like a number
    for slot in layout.slots():
        cell = cell_name(slot.row, slot.column)
        yield "cell", slot.sheet, cell, slot.part, slot.path, slot.label
    for sheet in layout.lists:
        for row in sheet.rows:
            if row.item is not None:
                yield "item", sheet.name, row.id, json.dumps(row.item.steps)


def read_hidden_sheet(rows: Sequence[Sequence[CellValue]]) -> HiddenSheet:
    """What a hidden sheet says. Raises `InputError` where it is not ours, newer, or changed."""
    found: dict[str, str] = {}
    pieces: list[str] = []
    slots: list[Slot] = []
    items: dict[tuple[str, str], Steps] = {}
    try:
        if not rows or rows[0][0] != WARNING:
            raise ValueError("it does not begin as it should")
        _check_format(str(rows[1][1]))
        for row in rows[2:]:
            if row[0] == "cell":
                slots.append(_slot([str(value) for value in row[1:6]]))
            elif row[0] == "item":
                items[str(row[1]), str(row[2])] = tuple(
                    msgspec.json.decode(str(row[3]), type=_STEPS)
                )
            elif row[0] == "record":
                pieces.append(str(row[1])[1:])
            elif row[0] and row[0] not in _KEYS:
                raise ValueError(f"a row of it begins with '{row[0]}'")
            elif row[0]:
                found[str(row[0])] = str(row[1])
        origin = FormOrigin(*(found[key] for key in _KEYS))
        record = json.loads("".join(pieces))
        _check_parts(record, slots, items.values())
        return HiddenSheet(origin, record, tuple(slots), items)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise InputError(
            f"its hidden sheet was changed ({error}); copy the answers into a new form"
        ) from error


_STEPS = list[str | int]


def _check_parts(record: Json, slots: Sequence[Slot], items: Iterable[Steps]) -> None:
    """Refuse a record that is none, items that it does not have, and lists without their columns.

    Raises `ValueError`, or `LookupError` or `TypeError` where steps lead nowhere.
    """
    msgspec.convert(record, dict[str, Any])
    assert isinstance(record, dict)
    msgspec.convert(record.get("provenance", {}), dict[str, dict[str, str]])
    for steps in items:
        at: Any = record  # the groups and lists that the steps lead through
        for step in steps:
            at = at[step]
    for sheet in {slot.sheet for slot in slots} - {START, QUESTIONS}:
        parts = {slot.part for slot in slots if slot.sheet == sheet}
        if not {"row", "label"} <= parts:
            raise ValueError(f"the sheet '{sheet}' lacks a column")


def _check_format(text: str) -> None:
    number = float(text)
    if not number <= FORM_VERSION:
        raise InputError(
            f"was made by a newer scr-audit (form format {number:g}; this one reads "
            f"{FORM_VERSION}); install the newer one: pip install --upgrade scr-audit"
        )


def _slot(row: list[str]) -> Slot:
    sheet, cell, part, path, label = row
    return Slot(sheet, *cell_at(cell), part, path, label)
