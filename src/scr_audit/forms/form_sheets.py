"""Writes a form as an Excel workbook (XLSX): locked but for its answers, with drop-downs.

The same form gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from scr_audit.forms import front
from scr_audit.forms.answers import answer_choices, answer_words
from scr_audit.forms.front import Formats, row_choice, validation
from scr_audit.forms.layout import (
    FIRST_ITEM,
    FIRST_LINE,
    HEADING,
    HIDDEN,
    LABEL_HELP,
    NOTE,
    PAGE,
    QUESTIONS,
    START,
    WORDS,
    FormLayout,
    FormLine,
    FormOrigin,
    ItemRow,
    ListSheet,
    Slot,
    hidden_rows,
    question_help,
)
from scr_audit.forms.questions import Question
from scr_audit.language.types import NUMBERS, Kind
from scr_audit.records.raw import Json, value_at
from scr_audit.values.text import cell_text
from scr_audit.workbooks.cells import AS_TEXT, cell_name, column_name

_UNDATED = datetime(1980, 1, 1)  # the day that zip files begin with: a form is of no day
_A4 = 9
_PRINT_SCALE = 55  # per cent, of the sheets of lists, which are wide
_WIDTHS = {Kind.BOOLEAN: 19, Kind.DATE: 16, Kind.DATETIME: 18, Kind.INTEGER: 14, Kind.NUMBER: 14}
_PART_WIDTHS = {"row": 20, "of": 20, "label": 18, "note": 16, "page": 7}
_LINE_HEIGHT = 14.5
_ALLOWED = {"format_columns": True, "format_rows": True}


@dataclass(frozen=True)
class Form:
    """A form in the making: its layout, what it was made of, and what it is called.

    `imported` is the record as it was imported, with its provenance. `titles` are the titles of
    the pack and, where there is one, of the plan.
    """

    layout: FormLayout
    origin: FormOrigin
    titles: tuple[str, str]
    imported: Mapping[str, Any]


def form_bytes(form: Form) -> bytes:
    """The workbook of a form."""
    content = io.BytesIO()
    fill_workbook(form, content).close()
    return content.getvalue()


def fill_workbook(form: Form, content: io.BytesIO) -> Workbook:
    """The workbook with everything written and not yet closed, so that a caller may fill it in."""
    book = Workbook(content, {"in_memory": True, **AS_TEXT})
    book.set_properties({"title": cell_text(form.titles[1] or form.titles[0]),
                         "author": "scr-audit", "created": _UNDATED})  # fmt: skip
    _FormWriter(book, form).write()
    return book


class _FormWriter:
    """One workbook being written: its formats, and where the words of drop-downs stand."""

    def __init__(self, book: Workbook, form: Form) -> None:
        self.book = book
        self.form = form
        self.layout = form.layout
        self.formats = Formats(book)
        self.sources: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        sheets = [self.book.add_worksheet(START), self.book.add_worksheet(QUESTIONS)]
        sheets += [self.book.add_worksheet(sheet.name) for sheet in self.layout.lists]
        words_sheet = self.book.add_worksheet(WORDS)
        self._write_words(words_sheet)
        front.write_front(sheets[0], self.layout, self.formats, self.form.titles,
                          self.form.imported)  # fmt: skip
        self._write_questions(sheets[1])
        for sheet, part in zip(sheets[2:], self.layout.lists, strict=True):
            self._write_list(sheet, part)
        for sheet in (*sheets, words_sheet):
            sheet.protect("", _ALLOWED)
            sheet.set_paper(_A4)
            sheet.set_landscape()
            sheet.set_footer("&L&A&RPage &P of &N")
            sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._write_hidden_sheet(self.book.add_worksheet(HIDDEN))
        sheets[0].activate()

    def _write_hidden_sheet(self, sheet: Worksheet) -> None:
        rows = hidden_rows(self.layout, self.form.origin, dict(self.form.imported))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        sheet.protect("")
        sheet.very_hidden()

    # the words of drop-downs

    def _write_words(self, sheet: Worksheet) -> None:
        """Every set of words once; a drop-down points at its column."""
        sheet.write_string(0, 0, "Words to choose from, and to copy where several apply",
                           self.formats.title)  # fmt: skip
        sheet.write_string(1, 0, "Each column has the words of a drop-down list.",
                           self.formats.small)  # fmt: skip
        for question in self.layout.questions.all:
            choices = answer_choices(question.type)
            if choices and choices not in self.sources:
                column = len(self.sources)
                sheet.set_column(column, column, 30)
                sheet.write_string(3, column, cell_text(question.field.question),
                                   self.formats.heading)  # fmt: skip
                for row, word in enumerate(choices, 4):
                    sheet.write_string(row, column, cell_text(word), self.formats.question)
                letters, last = column_name(column), 4 + len(choices)
                self.sources[choices] = f"='{WORDS}'!${letters}$5:${letters}${last}"
        sheet.set_row(3, 4 * _LINE_HEIGHT)
        sheet.freeze_panes(4, 0)

    # the sheet of questions

    def _write_questions(self, sheet: Worksheet) -> None:
        for column, width in enumerate((52, 24, 34, 8, 54, 22)):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, "Questions", self.formats.title)
        sheet.write_string(1, 0, "Answer in the yellow cells. Empty means: not recorded.",
                           self.formats.small)  # fmt: skip
        for column, text in enumerate(("Question", "Answer", NOTE, PAGE, "Where to look", "Go to")):
            sheet.write_string(2, column, text, self.formats.heading)
        sheet.freeze_panes(3, 1)
        sheet.repeat_rows(2)
        sheet.fit_to_pages(1, 0)
        for row, line in enumerate(self.layout.lines, FIRST_LINE):
            self._write_line(sheet, row, line)

    def _write_line(self, sheet: Worksheet, row: int, line: FormLine) -> None:
        question = line.question
        if question is None:
            look = self.formats.section if line.kind == "section" else self.formats.group
            sheet.set_row(row, 22 if line.kind == "section" else _height(line.text, 52))
            for column in range(6):
                sheet.write_blank(row, column, None, look)
            sheet.write_string(row, 0, cell_text(line.text), look)
            return
        sheet.write_string(row, 0, cell_text(line.text), self.formats.question)
        value = value_at(self.layout.record, question.path)
        self._write_answer(sheet, (row, 1), question, value)
        if value is None:
            self._validate(sheet, (row, 1), (row, 1), question)
        self._write_notes(sheet, row, (2, 3), value)
        text = self._where_to_look(question, line.also)
        sheet.write_string(row, 4, text, self.formats.help)
        if question.is_list:
            name = self.layout.sheet_of(question.path).name
            sheet.write_url(row, 5, f"internal:'{name}'!A1", self.formats.link, f"{name} →")
        sheet.set_row(row, max(_height(line.text, 52), _height(text, 70) - 2))

    def _where_to_look(self, question: Question, also: tuple[str, ...]) -> str:
        sheet = self.layout.sheet_of(question.path).name if question.is_list else ""
        return question_help(question.field, sheet, also)

    # the sheets of lists

    def _write_list(self, sheet: Worksheet, part: ListSheet) -> None:
        formats = self.formats
        sheet.write_string(0, 0, cell_text(part.question.field.question), formats.title)
        sheet.set_row(0, 26)
        said = "One row for each. " + part.question.field.help
        sheet.write_string(1, 0, cell_text(said), formats.aside)
        back = f"internal:'{QUESTIONS}'!A1"
        if part.question.home:
            outer = self.layout.sheet_of(part.question.home).name
            back = f"internal:'{outer}'!A1"
            text = f"In '{part.columns[1][0].label}' choose the row of the sheet '{outer}'."
            sheet.write_string(2, 3, text, formats.aside)
        sheet.write_url(2, 0, back, formats.link, "← back")
        heights = [0.0, 0.0]
        group: tuple[str, ...] = ()
        for slot, question in part.columns:
            width = _width(slot, question)
            sheet.set_column(slot.column, slot.column, width)
            here = question.group if question is not None else group
            text = question.group_words if question is not None and here != group else ""
            sheet.write_string(HEADING - 1, slot.column, cell_text(text), formats.band)
            group = here
            side = slot.part in ("note", "page")
            sheet.write_string(HEADING, slot.column, cell_text(slot.label),
                               formats.side_heading if side else formats.heading)  # fmt: skip
            helped = self._column_help(slot, question)
            sheet.write_string(HEADING + 1, slot.column, helped, formats.help)
            heights = [max(heights[0], _height(slot.label, width), _LINE_HEIGHT),
                       max(heights[1], _height(helped, width * 1.25))]  # fmt: skip
        sheet.set_row(HEADING - 1, 3 * _LINE_HEIGHT)
        sheet.set_row(HEADING, heights[0])
        sheet.set_row(HEADING + 1, min(heights[1], 8 * _LINE_HEIGHT))
        sheet.freeze_panes(FIRST_ITEM, 3 if part.question.home else 2)
        sheet.repeat_rows(HEADING)
        sheet.set_print_scale(_PRINT_SCALE)
        sheet.repeat_columns(0, 2 if part.question.home else 1)
        for row, item in enumerate(part.rows, FIRST_ITEM):
            self._write_item(sheet, row, part, item)
        self._validate_rows(sheet, part)

    def _column_help(self, slot: Slot, question: Question | None) -> str:
        if slot.part == "label":
            return LABEL_HELP
        if question is None:
            return ""
        return self._where_to_look(question, ())

    def _write_item(self, sheet: Worksheet, row: int, part: ListSheet, item: ItemRow) -> None:
        formats = self.formats
        values: list[Json] = []  # of the answers that the next note is about
        for slot, question in part.columns:
            at = (row, slot.column)
            if slot.part == "row":
                sheet.write_string(*at, item.id, formats.known)
            elif slot.part == "of":
                if item.item is not None:
                    sheet.write_string(*at, item.outer, formats.known)
                else:
                    sheet.write_blank(*at, None, formats.answer_text)
            elif slot.part == "label":
                sheet.write_blank(*at, None, formats.note)
            elif question is not None:
                value = _known_value(part, item, question)
                values.append(value)
                self._write_answer(sheet, at, question, value)
            elif slot.part == "note":
                known_all = None if None in values else values
                self._write_notes(sheet, row, (slot.column, slot.column + 1), known_all)
                values = []

    def _validate_rows(self, sheet: Worksheet, part: ListSheet) -> None:
        """What the empty cells of the rows take: a column at a time, since each costs time."""
        for slot, question in part.columns:
            if slot.part == "of":
                free = [item.item is None for item in part.rows]
                outer = self.layout.sheet_of(part.question.home)
                last = FIRST_ITEM + len(outer.rows)
                choice = row_choice(f"='{outer.name}'!$A${FIRST_ITEM + 1}:$A${last}")
                for start, end in _stretches(free):
                    sheet.data_validation(start, slot.column, end, slot.column, choice)
            elif slot.part == "answer" and question is not None:
                asked = [_known_value(part, item, question) is None for item in part.rows]
                for start, end in _stretches(asked):
                    self._validate(sheet, (start, slot.column), (end, slot.column), question)

    # one answer

    def _write_answer(
        self, sheet: Worksheet, at: tuple[int, int], question: Question, value: Json
    ) -> None:
        if value is not None:
            text = answer_words(question.type, value)
            sheet.write(*at, text, self.formats.known) if isinstance(text, int | float) else (
                sheet.write_string(*at, text, self.formats.known)
            )
            return
        is_number = question.type.kind in NUMBERS
        look = self.formats.answer if is_number else self.formats.answer_text
        sheet.write_blank(*at, None, look)

    def _validate(
        self, sheet: Worksheet, first: tuple[int, int], last: tuple[int, int], question: Question
    ) -> None:
        source = self.sources.get(answer_choices(question.type), "")
        settings = validation(question.type, cell_name(*first), source, question.field.help)
        sheet.data_validation(*first, *last, settings)

    def _write_notes(
        self, sheet: Worksheet, row: int, columns: tuple[int, int], value: Json
    ) -> None:
        look = self.formats.note if value is None else self.formats.known
        for column in columns:
            sheet.write_blank(row, column, None, look)


def _known_value(part: ListSheet, item: ItemRow, question: Question) -> Json:
    """What is known already of an item of a list; None where it is to be asked."""
    return value_at(item.item.facts, question.path[len(part.home) :]) if item.item else None


def _stretches(holds: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and last of the rows of items that follow on one another, of those that hold."""
    for held, run in groupby(enumerate(holds, FIRST_ITEM), lambda pair: pair[1]):
        rows = [row for row, _ in run]
        if held:
            yield rows[0], rows[-1]


def _width(slot: Slot, question: Question | None) -> float:
    if question is None:
        return _PART_WIDTHS[slot.part]
    return _WIDTHS.get(question.type.kind, 22)


def _height(text: str, width: float) -> float:
    """Points that a text needs in a column of this width."""
    return max(1, -(-len(text) * 1.05 // width)) * _LINE_HEIGHT + 4
