"""What a form that was changed, or is no form, is told: with the sheet and the cell."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from form_filling import CONFERENCE_PLAN, Cells, answers, form_of, named, saved, who

from scr_audit import load_pack
from scr_audit.anonymity.gate import IdentifiersFoundError
from scr_audit.anonymity.scan import Scanner
from scr_audit.errors import InputError, RecordError
from scr_audit.forms.blank_form import new_form
from scr_audit.forms.filled_form import FormsError, read_form, read_forms
from scr_audit.forms.layout import hidden_rows
from scr_audit.inputs.read import read_inputs
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import load_plan
from scr_audit.records.raw import Inputs
from scr_audit.workbooks import grid, package
from scr_audit.workbooks.cells import FormError, cell_at, column_name

PACK = apply_plan(load_pack(), load_plan(CONFERENCE_PLAN))
RECORD: dict[str, Any] = {
    "id": "R1",
    "people": [],
    "conferences": [
        {
            "date": "2010-02",
            "decision": "plan_made",
            "on_bail": False,
            "professionals": [{"agency": "general_practice", "invited": True}],
        }
    ],
}
FORM = form_of(PACK, "case")


def column_of(fact: str) -> str:
    """The column of the sheet of conferences that asks for a fact."""
    slots = [slot for slot in FORM.layout.slots() if slot.sheet == "conferences"]
    place = next(slot.column for slot in slots if (slot.part, slot.path) == ("answer", fact))
    return column_name(place)


DATE = f"conferences!{column_of('conferences.date')}7"
DECISION = f"conferences!{column_of('conferences.decision')}7"
BAIL = f"conferences!{column_of('conferences.on_bail')}7"
PROFESSIONALS = f"conferences!{column_of('conferences.professionals')}"


def filled(folder: Path, cells: Mapping[str, Any] | None = None, **more: Any) -> Path:
    """The form about the record above, with further cells."""
    every: Cells = {**answers(FORM.layout, RECORD), **named(cells or {})}
    return saved(folder / "form.xlsx", FORM, every, **more)


def faults(path: Path) -> list[str]:
    """What is wrong with a form, as its reader is told."""
    with pytest.raises(FormError) as told:
        read_form(path, PACK)
    return [str(fault) for fault in told.value.faults]


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The workbook with its parts changed; `None` leaves a part out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            if data is not None:
                archive.writestr(name, data)
    return path


def test_a_sound_form_gives_its_record_and_where_each_fact_comes_from(tmp_path: Path) -> None:
    read = read_form(filled(tmp_path, {"conferences!D7": "minutes", "conferences!E7": 3}), PACK)
    assert {k: v for k, v in read.record.items() if k not in ("kind", "provenance")} == RECORD
    assert read.record["provenance"]["/conferences/0/date"] == {
        "file": "form.xlsx", "place": DATE, "role": "reviewing officer", "on": "2026-05-04",
        "note": "minutes", "page": "3",
    }  # fmt: skip
    assert read.record["provenance"]["/people"]["place"] == "Questions!B5"


def test_not_recorded_is_no_fact_but_is_kept_as_answered(tmp_path: Path) -> None:
    record = read_form(filled(tmp_path, {BAIL: "Not  recorded "}), PACK).record
    assert "on_bail" not in record["conferences"][0]
    note = record["provenance"]["/conferences/0/on_bail"]["note"]
    assert note == "answered: not recorded"


def test_a_form_is_only_read(tmp_path: Path) -> None:
    path = filled(tmp_path)
    os.utime(path, ns=(1_000_000_000, 1_000_000_000))
    path.chmod(0o444)
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    read_form(path, PACK)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("03/04/2010", "2010-04-03"),
        ("2010-04", "2010-04"),
        (2010, "2010"),
        ("3 April 2010", "2010-04-03"),
        ("Apr 2010", "2010-04"),
        ("04/2010", "2010-04"),
    ],
)
def test_dates_are_read_day_first_or_as_records_have_them(
    tmp_path: Path, value: Any, expected: str
) -> None:
    record = read_form(filled(tmp_path, {DATE: value}), PACK).record
    assert record["conferences"][0]["date"] == expected


@pytest.mark.parametrize(
    ("word", "answer"),
    [("Y", True), ("n", False), (True, True), (False, False), ("unknown", None), ("?", None),
     ("Not known", None)],
)  # fmt: skip
def test_what_people_write_for_an_answer_is_read_for_what_it_means(
    tmp_path: Path, word: Any, answer: bool | None
) -> None:
    record = read_form(filled(tmp_path, {BAIL: word}), PACK).record
    assert record["conferences"][0].get("on_bail") is answer


AGENCY = "professionals!D7"


@pytest.mark.parametrize("word", ["GP", "gp ", "surgery", "general practice"])
def test_words_of_the_trade_are_read_for_the_word_of_the_form(tmp_path: Path, word: str) -> None:
    record = read_form(filled(tmp_path, {AGENCY: word}), PACK).record
    assert record["conferences"][0]["professionals"][0]["agency"] == "general_practice"


def test_an_office_has_its_own_words(tmp_path: Path) -> None:
    own = tmp_path / "words.csv"
    own.write_text("we write;the form says\nour doctor;general practice\nY;no\n", "utf-8")
    path = filled(tmp_path, {AGENCY: "Our  Doctor", BAIL: "y"})
    record = read_form(path, PACK, words=own).record
    assert record["conferences"][0]["professionals"][0]["agency"] == "general_practice"
    assert record["conferences"][0]["on_bail"] is False
    assert "found 'Our Doctor'; expected" in faults(path)[0]
    own.write_text("we write,the form says\nour doctor\n", "utf-8")
    with pytest.raises(InputError, match=r"words\.csv, line 2: found 1 cells; expected two"):
        read_form(path, PACK, words=own)


@pytest.mark.parametrize("word", ["yes", "Yes ", " YES", "y es"])
def test_capitals_and_spaces_do_not_change_an_answer(tmp_path: Path, word: str) -> None:
    path = filled(tmp_path, {BAIL: word})
    if word == "y es":
        assert faults(path) == [
            f"{BAIL}: found 'y es'; expected yes, no or not recorded. Did you mean 'yes'?"
        ]
    else:
        assert read_form(path, PACK).record["conferences"][0]["on_bail"] is True


_DATE = "expected a date such as 14/08/2009, or 2009-08, or 2009"
_YES_NO = "expected yes, no or not recorded"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (DATE, "31/02/2010", f"31/02/2010 is no date: there is no such day; {_DATE}"),
        (DATE, "04/25/2010", "04/25/2010 is no date: the day comes first, and there is no month "
         f"25; {_DATE}"),
        (DATE, "3/4/10", f"3/4/10 has a year of two figures; write it with four: {_DATE}"),
        (DATE, "soon", f"'soon' is no date; {_DATE}"),
        (DATE, 40000, f"40000 is a number; {_DATE}"),
        (BAIL, 1, f"found the number 1; {_YES_NO}."),
        (BAIL, "n/a", f"found 'n/a'; {_YES_NO}. Nothing here is 'not applicable': leave the cell "
         "empty."),
        (DECISION, "plan maid", "found 'plan maid'; expected plan made, plan continued, plan "
         "ended, no plan or not recorded. Did you mean 'plan made'?"),
        (BAIL, "=1+1", "holds a formula; write the answer itself"),
        ("conferences!A7", " ", "the row has answers but no row id; write one, such as "
         "'conferences 99'"),
        ("conferences!AZ9", "see me", "the form asks nothing here; move what it says to a note, "
         "and clear it"),
        *((cell, "see me", "the form asks nothing here; move what it says to a note, and clear it")
          for cell in ("Questions!B4", "Questions!C2", "Start!B10", "Start!A14", "Start!C16",
                       "conferences!B2", "conferences!A6", DATE.replace("7", "6"),
                       f"{PROFESSIONALS}6")),
        ("conferences!A8", "conference 1", None),
        ("conferences professionals!B7", "conference 9", None),
        ("Questions!B5", "listed", "says 'listed', but no row of the list's sheet belongs to it"),
        ("Questions!B6", "there were none", "says 'there were none', but the list's sheet has "
         "rows; clear one of them"),
        ("Start!B12", "", "is empty; fill in 'Your role'"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_what_is_expected(
    tmp_path: Path, place: str, value: Any, message: str | None
) -> None:
    if place == "conferences professionals!B7":
        place, message = (
            "professionals!B7",
            (
                "belongs to 'conference 9', but the sheet 'conferences' has no such row with an "
                "answer. Did you mean 'conference 1'?"
            ),
        )
    cells = {place: value}
    if place == "conferences!A8":
        cells["conferences!C8"] = "2010"
        message = "the row id 'conference 1' stands twice; change one of them"
    change = []
    if value == "=1+1":
        change = [lambda book: book.get_worksheet_by_name("conferences").write_formula(
            place.removeprefix("conferences!"), "=1+1", None, "yes")]  # fmt: skip
        cells = {}
    assert f"{place}: {message}" in faults(filled(tmp_path, cells, changes=change))


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    told = faults(filled(tmp_path, {DATE: "31/02/2010", BAIL: "perhaps", "Start!B11": ""}))
    assert [line.partition(":")[0] for line in told] == ["Start!B11", DATE, BAIL]


def test_sorted_rows_of_a_list_are_read_as_they_stand(tmp_path: Path) -> None:
    sheet = {"conferences!A7": "conference 2", "conferences!A8": "conference 1",
             "conferences!C8": "2011", "professionals!B7": "conference 1",
             f"{PROFESSIONALS}7": " ", f"{PROFESSIONALS}8": "listed"}  # fmt: skip
    record = read_form(filled(tmp_path, sheet), PACK).record
    assert [item["date"] for item in record["conferences"]] == ["2010-02", "2011"]
    assert "professionals" not in record["conferences"][0]
    assert record["conferences"][1]["professionals"] == [
        {"agency": "general_practice", "invited": True}
    ]


def moved_heading(book: xlsxwriter.Workbook) -> None:
    book.get_worksheet_by_name("conferences").write(4, 2, "What did the conference decide?")


def moved_line(book: xlsxwriter.Workbook) -> None:
    book.get_worksheet_by_name("Questions").write(5, 0, "Which plans were made?")


def merged(book: xlsxwriter.Workbook) -> None:
    book.get_worksheet_by_name("conferences").merge_range("C9:C10", "2010")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (moved_heading, "conferences!C5: found 'What did the conference decide?', expected 'When "
         "was the conference held?'. Some columns of the sheet were deleted, inserted, moved or "
         "sorted; undo that, or copy the answers into a new form"),
        (moved_line, "Questions!A6: found 'Which plans were made?', expected 'Which child "
         "protection conferences were held?'. Some rows of the sheet were deleted, inserted, moved "
         "or sorted; undo that, or copy the answers into a new form"),
        (merged, "conferences!C9:C10: the cells are merged; unmerge them"),
    ],
)  # fmt: skip
def test_a_form_of_another_shape_is_refused(
    tmp_path: Path, change: Callable[[xlsxwriter.Workbook], None], message: str
) -> None:
    assert message in faults(filled(tmp_path, changes=[change]))


def test_a_renamed_sheet_is_named(tmp_path: Path) -> None:
    def other_name(name: str, data: bytes) -> bytes:
        return data.replace(b'name="plans"', b'name="Plans 2010"')

    assert faults(rewritten(filled(tmp_path), other_name)) == [
        "plans: the sheet is missing; name it 'plans' again, or put it back. Was it renamed? "
        "There is 'Plans 2010'."
    ]


# files that are no forms


def workbook(path: Path, *cells: tuple[int, int, Any]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Sheet1")
    for cell in cells:
        sheet.write(*cell)
    book.close()
    return path


def test_a_workbook_that_is_no_form_is_refused(tmp_path: Path) -> None:
    assert faults(workbook(tmp_path / "w.xlsx", (0, 0, "x"))) == [
        "is no form of scr-audit: it has no hidden sheet 'form'. Have a new form made, "
        "and fill in that file"
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"id,date\nR1,2010\n", "is no Excel workbook (perhaps a CSV or text file); send the form "
         "itself"),
        (package._OLE + b"\0" * 600, "is an old Excel workbook (.xls), whatever its name says; "
         "open it, and save it as an Excel workbook (.xlsx)"),
        (package._OLE + "EncryptedPackage".encode("utf-16-le"), "is protected with a password; "
         "save a copy without one"),
        (b"PK\3\4nonsense", "is damaged and cannot be unpacked. Ask for the file again"),
    ],
)  # fmt: skip
def test_other_files_are_told_apart(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(data)
    assert faults(path) == [message]


def test_an_opendocument_file_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert faults(path) == [
        "is an OpenDocument spreadsheet (.ods), whatever its name says; open it, and save it as an "
        "Excel workbook (.xlsx)"
    ]


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(200):
            part.write(b" " * 1_000_000)
    path = tmp_path / "form.xlsx"
    path.write_bytes(content.getvalue())
    assert path.stat().st_size < 1_000_000
    assert faults(path) == ["unpacks to more than 150 MB; no form is so large"]


@pytest.mark.parametrize("lost", [1_000, -1, -10, -2_000])
def test_a_form_that_lost_a_byte_on_its_way_is_told(tmp_path: Path, lost: int) -> None:
    path = filled(tmp_path)
    data = bytearray(path.read_bytes())
    del data[lost]
    path.write_bytes(data)
    [said] = faults(path)
    assert said == "is damaged and cannot be unpacked. Ask for the file again"


@pytest.mark.parametrize(
    ("part", "found", "instead", "said"),
    [
        ("xl/worksheets/sheet1.xml", b"UTF-8", b"UTF-O", "unknown encoding: UTF-O"),
        ("xl/worksheets/sheet1.xml", b"UTF-8", b"big5", "multi-byte encodings are not supported"),
        (
            "xl/sharedStrings.xml",
            b"<si>",
            b"<si",
            "not well-formed (invalid token): line 2, column ",
        ),
        ("xl/sharedStrings.xml", b'uniqueCount="', b'uniqueCount="99999999999', "uniqueCount 999"),
        ("xl/styles.xml", b'<fonts count="', b'<fonts count="99999999999', "count 99999999999"),
    ],
)
def test_a_part_that_is_no_xml_of_a_workbook_is_told(
    tmp_path: Path, part: str, found: bytes, instead: bytes, said: str
) -> None:
    def change(name: str, data: bytes) -> bytes:
        return data.replace(found, instead, 1) if name == part else data

    [fault] = faults(rewritten(filled(tmp_path), change))
    assert fault.startswith(f"is damaged: a part of it cannot be read ({said}")
    assert fault.endswith("). Ask for the file again")


def test_a_text_repeated_in_every_cell_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MOST_TEXT", 100_000)
    path = workbook(tmp_path / "w.xlsx", *((row, 0, "x" * 1000) for row in range(200)))
    assert faults(path) == ["its cells hold more than 100,000 characters; no form does"]


def test_a_cell_far_away_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "w.xlsx", (0, 0, "x"), (1_048_575, 16_383, "x"))
    assert faults(path) == ["Sheet1: a cell far outside the form is filled; clear it"]


def test_a_million_empty_rows_change_nothing(tmp_path: Path) -> None:
    def longer(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet2.xml":
            return data
        rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(1000, 1_001_000))
        return data.replace(b"</sheetData>", rows + b"</sheetData>")

    read = read_form(rewritten(filled(tmp_path), longer), PACK)
    assert read.record["conferences"] == RECORD["conferences"]


def test_a_document_type_in_a_part_is_refused(tmp_path: Path) -> None:
    def bomb(name: str, data: bytes) -> bytes:
        if name != "xl/sharedStrings.xml":
            return data
        return b'<!DOCTYPE sst [<!ENTITY a "aaaaaaaa">]><sst><si><t>&a;</t></si></sst>'

    assert faults(rewritten(filled(tmp_path), bomb)) == [
        "is no workbook that a spreadsheet program wrote"
    ]


def test_a_form_of_a_newer_format_asks_for_a_newer_program(tmp_path: Path) -> None:
    def newer(book: xlsxwriter.Workbook) -> None:
        book.get_worksheet_by_name("form").write_string(1, 1, "2")

    assert faults(filled(tmp_path, changes=[newer])) == [
        "was made by a newer scr-audit (form format 2; this one reads 1); install the newer one: "
        "pip install --upgrade scr-audit"
    ]


@pytest.mark.parametrize("cell", ["A12", "B4", "B8", "B9", "B12", "C12", "E12", "F12", "G12"])
@pytest.mark.parametrize("value", ["Mr Xxxx Yyyy", "999 000 0018", 9990000018])
def test_what_identifies_in_the_hidden_sheet_is_told_once_with_its_cell(
    tmp_path: Path, cell: str, value: object
) -> None:
    def identifying(book: xlsxwriter.Workbook) -> None:
        book.get_worksheet_by_name("form").write(*cell_at(cell), value)

    path = filled(tmp_path, changes=[identifying])
    assert faults(path) == [
        f"form!{cell}: found '{value}', which no form is made with; copy the answers into a new "
        "form"
    ]
    ((_, (raw,)),) = read_inputs([str(path)], PACK, Inputs())
    assert [found.pointer for found in Scanner().scan(raw.data)] == [f"form!{cell}"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("item", "5"), ("item", "[{}]"), ("item", '["conferences", 9]'), ("record", "_[]"),
        ("record", "_5"), ("record", '_{"provenance": 5}'), ("row", "answer"),
    ],
)  # fmt: skip
def test_a_hidden_sheet_that_was_changed_is_refused_in_words(
    tmp_path: Path, kind: str, value: str
) -> None:
    known = {"id": "R1", "conferences": [{"date": "2010-02"}]}
    form = form_of(PACK, "case", known)
    place = {"item": 3, "record": 1, "row": 3}[kind]

    def changed(book: xlsxwriter.Workbook) -> None:
        sheet = book.get_worksheet_by_name("form")
        for number, row in enumerate(hidden_rows(form.layout, form.origin, known)):
            if row[0] == kind or row[3:4] == (kind,):
                sheet.write_string(number, place, value)

    path = saved(tmp_path / "form.xlsx", form, {}, changes=[changed])
    assert "its hidden sheet was changed" in faults(path)[0]


def of_another_pack(book: xlsxwriter.Workbook) -> None:
    """As a pack made the form in which the fact `on_bail` had another name."""
    sheet = book.get_worksheet_by_name("form")
    sheet.write_string(3, 1, "0.0.9")
    sheet.write_string(4, 1, "0" * 64)
    for number, row in enumerate(hidden_rows(FORM.layout, FORM.origin, {})):
        if row[-2:-1] == ("conferences.on_bail",):
            sheet.write_string(number, 4, "conferences.was_on_bail")


def test_a_form_of_another_pack_is_refused(tmp_path: Path) -> None:
    assert faults(filled(tmp_path, changes=[of_another_pack])) == [
        f"was made with the pack {PACK.id} 0.0.9; this is {PACK.id} {PACK.version}. Migrate it, "
        "which reads the facts that are still the same"
    ]


def test_a_migrated_form_says_what_has_no_place_any_more(tmp_path: Path) -> None:
    path = filled(tmp_path, changes=[of_another_pack])
    read = read_form(path, PACK, other_pack="migrate")
    assert read.record["conferences"][0]["date"] == "2010-02"
    assert "on_bail" not in read.record["conferences"][0]
    assert [str(fault) for fault in read.lost] == [
        f"{BAIL}: says 'no'; the pack has no fact 'conferences.was_on_bail' any more"
    ]


def test_a_note_beside_an_imported_fact_is_not_dropped_in_silence(tmp_path: Path) -> None:
    form = form_of(PACK, "case", {"id": "R7", "people": []})
    path = saved(tmp_path / "form.xlsx", form, {**who("R7"), **named({"Questions!C5": "p. 3"})})
    assert faults(path) == ["Questions!C5: is beside what was imported and has no place; clear it"]


def test_an_imported_answer_that_was_changed_is_refused(tmp_path: Path) -> None:
    form = form_of(PACK, "case", {"id": "R7", "people": []})
    path = saved(tmp_path / "form.xlsx", form, {**who("R7"), **named({"Questions!B5": "listed"})})
    assert faults(path) == [
        "Questions!B5: found 'listed'; this was filled in before, from the import, and is not to "
        "be changed: 'there were none'. Correct it in the imported record"
    ]


def test_a_form_of_a_pack_with_another_id_says_so(tmp_path: Path) -> None:
    def of_the_pack(book: xlsxwriter.Workbook) -> None:
        of_another_pack(book)
        book.get_worksheet_by_name("form").write_string(2, 1, "lab")

    [fault] = faults(filled(tmp_path, changes=[of_the_pack]))
    assert fault == (
        f"was made with the pack lab 0.0.9; this is {PACK.id} {PACK.version}. Read it with that "
        "pack, or migrate it, which reads the facts that are still the same"
    )


def test_several_forms_are_read_all_or_none(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    filled(tmp_path).rename(first)
    assert {path: form.record["id"] for path, form in read_forms([first], PACK).items()} == {
        first: "R1"
    }
    filled(tmp_path).rename(second)
    filled(tmp_path, {BAIL: "perhaps"}).rename(third)
    with pytest.raises(FormsError) as told:
        read_forms([first, second, third], PACK)
    assert told.value.fine == (first,)
    assert set(told.value.wrong) == {second, third}
    assert "and so is a.xlsx; send one of them" in str(told.value.wrong[second][0])
    assert told.value.wrong[third][0].place == BAIL


def test_several_forms_tell_of_nobody_who_it_is(tmp_path: Path) -> None:
    path = filled(tmp_path, {f"conferences!{column_of('conferences.date')}8": "07700 900123"})
    with pytest.raises(FormsError, match="telephone"):
        read_forms([path], PACK)


def test_a_form_is_made_of_a_record_that_fits_and_tells_nobody() -> None:
    with pytest.raises(RecordError, match="conferencez"):
        new_form(PACK, kind="case", record={"id": "R1", "conferencez": []})
    with pytest.raises(IdentifiersFoundError, match="who somebody is"):
        new_form(PACK, kind="case", record={"id": "07700 900123"})
