"""What a spreadsheet makes of what is typed: taken as it was meant, or told with its cell."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from test_bad_forms import BAIL, DATE, FORM, PACK, RECORD, faults, filled, rewritten

from scr_audit import load_pack
from scr_audit.errors import InputError
from scr_audit.forms.answers import fact_of
from scr_audit.forms.filled_form import fitting_part, read_form
from scr_audit.language.types import FactType, Kind
from scr_audit.workbooks.cells import FormError

_DATE = "expected a date such as 14/08/2009, or 2009-08, or 2009"


@pytest.mark.parametrize("text", [" ", "\u00a0\u200b", "\ufeff"])
def test_a_cell_in_which_nothing_can_be_seen_is_empty(tmp_path: Path, text: str) -> None:
    record = read_form(filled(tmp_path, {DATE: "14/08/2009", BAIL: text}), PACK).record
    assert "on_bail" not in record["conferences"][0]


@pytest.mark.parametrize("text", ["08/2009 00:00", "14/08/2009 00:01", "2009 00:00"])
def test_a_time_is_no_day(tmp_path: Path, text: str) -> None:
    [fault] = faults(filled(tmp_path, {DATE: text}))
    assert f"'{text}' is no date; {_DATE}" in str(fault)


def in_cell(cell: str, value: Any, number_format: str) -> Any:
    """A change that writes a value with a number format into a cell of the conferences."""

    def change(book: Any) -> None:
        look = book.add_format({"num_format": number_format})
        book.get_worksheet_by_name("conferences").write(cell, value, look)

    return change


@pytest.mark.parametrize(
    "word", ["yes", "\u200eyes", "yes\u200b", "\ufeffyes", "ｙｅｓ", "\u00a0yes"]
)
def test_what_nobody_sees_does_not_change_an_answer(tmp_path: Path, word: str) -> None:
    record = read_form(filled(tmp_path, {BAIL: word}), PACK).record
    assert record["conferences"][0]["on_bail"] is True


@pytest.mark.parametrize(
    "text",
    [
        *("\u200e14/08/2009", "14/08/2009\u00a0", "１４/08/2009", "14/08/2009 00:00"),
        *("2009-08-14T00:00:00", "14 August 2009 0:00", "2009-08-14 00:00:00.000"),
    ],
)
def test_what_nobody_sees_does_not_change_a_date(tmp_path: Path, text: str) -> None:
    record = read_form(filled(tmp_path, {DATE: text}), PACK).record
    assert record["conferences"][0]["date"] == "2009-08-14"


@pytest.mark.parametrize(
    ("cell", "value", "number_format", "message"),
    [
        ("C7", date(2009, 8, 1), "mmm yy", "shows a month, but holds the day 01/08/2009; write "
         "'2009-08, with the apostrophe, or the whole day"),
        ("C7", date(2009, 8, 1), "mmm-yy", "shows a month, but holds the day 01/08/2009; write "
         "'2009-08, with the apostrophe, or the whole day"),
        ("C7", time(22, 30), "hh:mm", f"found the time 22:30 of no day, which is no date; {_DATE}"),
        ("C7", 1.25, "[h]:mm", "found the length of time 1 day, 6:00:00, which is no date; "
         f"{_DATE}"),
        ("C7", datetime(2009, 8, 14, 9, 30), "dd/mm/yyyy hh:mm", "14/08/2009 09:30 has a time; "
         f"{_DATE}"),
        ("C7", 0.5, "0%", f"0.5 is a number; {_DATE}"),
        ("E7", date(2009, 4, 3), "d/m/yyyy", "found the date 03/04/2009, which the spreadsheet "
         "made of what was typed; write it again with an apostrophe in front, as in '3-4"),
        ("L7", date(2009, 4, 3), "d/m/yyyy", "found the date 03/04/2009; expected yes, no or not "
         "recorded."),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_what_was_typed_is_named(
    tmp_path: Path, cell: str, value: Any, number_format: str, message: str
) -> None:
    path = filled(tmp_path, changes=[in_cell(cell, value, number_format)])
    assert faults(path) == [f"conferences!{cell}: {message}"]


@pytest.mark.parametrize(
    ("number_format", "what"),
    [
        ("d mmm", "a day without its year"),
        ("d-mmm;@", "a day without its year"),
        ("[$-809]d mmm", "a day without its year"),
        ('d "in the year of" mmmm', "a day without its year"),
        (r"d\y mmm", "a day without its year"),
        ("dddd d mmm", "a day without its year"),
        ("d mmm;d mmm yyyy", "a day without its year"),
        ("[<40000]d mmm yyyy;d mmm", "a day without its year"),
        ("yyyy", "a year"),
        ("[$-409]mmmm", "a month without its year"),
        ("dddd", "no whole day"),
        ("d", "no whole day"),
        ("dddd yyyy", "a year"),
        ("h:mm", "a time without its day"),
        ("h:mm AM/PM", "a time without its day"),
        ("mm:ss.0", "a time without its day"),
    ],
)
def test_a_cell_that_shows_less_than_its_day_is_named(
    tmp_path: Path, number_format: str, what: str
) -> None:
    path = filled(tmp_path, changes=[in_cell("C7", date(2026, 7, 2), number_format)])
    assert faults(path) == [
        f"conferences!C7: shows {what}, but holds the day 02/07/2026; write the whole day"
    ]


def test_a_cell_that_shows_a_day_and_holds_a_time_too_is_named(tmp_path: Path) -> None:
    path = filled(tmp_path, changes=[in_cell("C7", datetime(2026, 7, 2, 9, 30), "dd/mm/yyyy")])
    assert faults(path) == [
        "conferences!C7: shows a day, but holds the time 02/07/2026 09:30; write the one you mean"
    ]


@pytest.mark.parametrize("number_format", [16, 17, 20])
def test_the_formats_that_have_no_code_in_the_file_are_known(
    tmp_path: Path, number_format: int
) -> None:
    path = filled(tmp_path, changes=[in_cell("C7", date(2026, 7, 2), number_format)])
    assert "but holds the day 02/07/2026" in faults(path)[0]


@pytest.mark.parametrize(
    "number_format",
    [
        "dd mmmm yyyy", "[$-F800]dddd, mmmm dd, yyyy", "dd/mm/yy;@", r"yyyy\-mm\-dd", 14, 15,
        "d/m/yyyy h:mm", '"on the" d mmmm yyyy', "[Red]dd/mm/yyyy",
    ],
)  # fmt: skip
def test_whole_days_are_read_from_cells_of_dates(tmp_path: Path, number_format: Any) -> None:
    path = filled(tmp_path, changes=[in_cell("C7", date(2009, 8, 14), number_format)])
    assert read_form(path, PACK).record["conferences"][0]["date"] == "2009-08-14"


def test_a_form_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        read_form(f"{tmp_path}/none.xlsx", PACK)
    assert str(told.value) == f"{tmp_path}/none.xlsx: cannot be read: No such file or directory"


def test_a_day_without_its_year_is_refused_in_a_form_that_an_auditor_filled_in() -> None:
    form = Path(__file__).parents[1] / "data" / "form-day-and-month-shown.xlsx"
    with pytest.raises(FormError) as told:
        read_form(form, load_pack(), other_pack="migrate")
    assert str(told.value) == (
        "conferences!F7: shows a day without its year, but holds the day 02/07/2026; write the "
        "whole day"
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2005, "1905-06-27 is what a spreadsheet makes of the year 2005, typed into a cell of "
         "dates; write the whole day, or the year as text (in a spreadsheet '2005)"),
        (59, "1900-02-28 is what a spreadsheet makes of a small number, typed into a cell of "
         "dates; write the day that is meant"),
        (60, "holds the number 60 as a day: 29/02/1900 in a spreadsheet, and a day that no "
         "calendar has; write the day that is meant"),
        (60.5, "holds the number 60 as a day: 29/02/1900 in a spreadsheet, and a day that no "
         "calendar has; write the day that is meant"),
    ],
)  # fmt: skip
def test_a_number_that_was_typed_into_a_cell_of_dates_is_named(
    tmp_path: Path, number: int, said: str
) -> None:
    path = filled(tmp_path, changes=[in_cell("C7", number, "dd/mm/yyyy")])
    assert faults(path) == [f"conferences!C7: {said}"]


def counting_from_1904(book: Any) -> None:
    book.date_1904 = True


@pytest.mark.parametrize("number", [60, 2005.5, 2100])
def test_such_a_number_is_named_where_days_are_counted_from_1904(
    tmp_path: Path, number: float
) -> None:
    cell = in_cell("C7", number, "dd/mm/yyyy hh:mm")
    path = filled(tmp_path, changes=[counting_from_1904, cell])
    assert faults(path) == [
        f"conferences!C7: holds the number {int(number)} as a day, in a workbook that counts days "
        "from 1904; write the whole day, or a year as text (in a spreadsheet '2005)"
    ]


def test_days_counted_from_1904_are_read_as_they_are_shown(tmp_path: Path) -> None:
    cell = in_cell("C7", (date(2009, 8, 14) - date(1904, 1, 1)).days, "dd/mm/yyyy")
    path = filled(tmp_path, changes=[counting_from_1904, cell])
    assert read_form(path, PACK).record["conferences"][0]["date"] == "2009-08-14"


def test_the_same_number_where_no_day_is_asked_for_is_told_as_any_other(tmp_path: Path) -> None:
    path = filled(tmp_path, changes=[in_cell("E7", 60, "dd/mm/yyyy")])  # a page
    assert faults(path) == [
        "conferences!E7: found the date 28/02/1900, which the spreadsheet made of what was typed; "
        "write it again with an apostrophe in front, as in '3-4"
    ]


def test_a_day_long_after_the_reading_is_named(tmp_path: Path) -> None:
    path = filled(tmp_path, changes=[in_cell("C7", date(2062, 8, 14), "dd/mm/yyyy")])
    assert read_form(path, PACK).record["conferences"][0]["date"] == "2062-08-14"
    with pytest.raises(FormError) as told:
        read_form(path, PACK, as_of=date(2026, 5, 4))
    assert str(told.value) == (
        "conferences!C7: 2062-08-14 is more than 20 years after 2026-05-04, the day of the audit "
        "or else today; correct it, or leave it out where no day is known"
    )


@pytest.mark.parametrize("cell", ["I7", "I9"])
def test_an_error_is_not_taken_for_an_empty_cell(tmp_path: Path, cell: str) -> None:
    mark = 4711
    path = filled(tmp_path, {f"conferences!{cell}": mark})

    def error(name: str, data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape")
        if not name.startswith("xl/worksheets/sheet"):
            return data
        return text.replace(f"><v>{mark}</v>", ' t="e"><v>#N/A</v>').encode(
            errors="surrogateescape"
        )

    assert faults(rewritten(path, error)) == [
        f"conferences!{cell}: holds an error of the spreadsheet; write the answer itself"
    ]


def test_a_comment_is_not_lost(tmp_path: Path) -> None:
    def comment(cell: str) -> Any:
        said = "the file says yes"
        return lambda book: book.get_worksheet_by_name("conferences").write_comment(cell, said)

    assert faults(filled(tmp_path, changes=[comment("I8")])) == [
        "conferences!I8: has a comment beside no answer; write it beside one, or delete it"
    ]
    cell = BAIL.partition("!")[2]
    record = read_form(filled(tmp_path, changes=[comment(cell)]), PACK).record
    assert record["provenance"]["/conferences/0/on_bail"]["note"] == "the file says yes"


def test_what_is_written_beside_a_question_is_told(tmp_path: Path) -> None:
    cells = ("E5", "F5", "F6")

    def beside(book: Any) -> None:
        for cell in cells:
            book.get_worksheet_by_name("Questions").write(cell, "not done, see page 3")

    told = "the form asks nothing here; move what it says to a note, and clear it"
    wrong = faults(filled(tmp_path, changes=[beside]))
    assert wrong == [f"Questions!{cell}: {told}" for cell in cells]


def test_a_list_whose_first_row_moved_up_is_refused(tmp_path: Path) -> None:
    def moved(book: Any) -> None:
        book.get_worksheet_by_name("conferences").write("B6", "first one")

    assert faults(filled(tmp_path, changes=[moved])) == [
        "conferences!B6: found 'first one', expected 'For yourself; no names'. Some rows of the "
        "sheet were deleted, inserted, moved or sorted; undo that, or copy the answers into a new "
        "form"
    ]


def test_what_a_pack_cannot_hold_of_an_import_is_named() -> None:
    imported = {
        "id": "R1",
        "people": "three",
        "conferences": [{"date": 3, "decision": "no such", "on_bail": "yes", "was": 1}],
        "provenance": {},
    }
    record, lost = fitting_part(imported, PACK.kinds["case"].type)
    assert record == {
        "id": "R1",
        "people": None,
        "conferences": [{"date": None, "decision": None, "on_bail": None}],
        "provenance": {},
    }
    other = "the pack takes another kind of answer there now"
    assert [str(fault) for fault in lost] == [
        f"imported /people: {other}",
        f"imported /conferences/0/date: {other}",
        f"imported /conferences/0/decision: {other}",
        f"imported /conferences/0/on_bail: {other}",
        "imported /conferences/0/was: the pack has no such fact any more",
    ]


def test_the_record_of_these_tests_is_fitting() -> None:
    assert fitting_part(RECORD, PACK.kinds["case"].type) == (RECORD, [])
    assert FORM.origin.kind == "case"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("+3", 3), ("\u200b 3 ", 3), ("3.0", 3), ("-0.5", -0.5), (".5", 0.5), ("1e3", 1000)],
)
def test_a_number_written_as_a_text_is_one(text: str, number: float) -> None:
    assert fact_of(FactType(Kind.NUMBER), text) == number


@pytest.mark.parametrize(
    "text", ["1_000", "1_0.5", "\u0663", "\uff13", "1\u00b2", "0x10", "nan", "inf", "1e400", "1 0"]
)
def test_what_only_a_program_takes_for_a_number_is_none(text: str) -> None:
    for kind, expected in ((Kind.NUMBER, "a number"), (Kind.INTEGER, "a whole number")):
        with pytest.raises(ValueError, match=f"^found '{re.escape(text)}'; expected {expected}$"):
            fact_of(FactType(kind), text)
