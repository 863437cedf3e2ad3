"""`scr-audit form`: from the pack to a workbook, and from workbooks to records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import scr_audit, write_json
from form_filling import CONFERENCE_PLAN as PLAN
from form_filling import answers, form_of, named, saved
from openpyxl import load_workbook

from scr_audit import load_pack
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import load_plan

PACK = apply_plan(load_pack(), load_plan(PLAN))


def form_about(folder: Path, name: str, record_id: str, **facts: object) -> Path:
    form = form_of(PACK, "case")
    cells = answers(form.layout, {"id": record_id, **facts})
    return saved(folder / name, form, cells)


def test_a_form_is_written_and_never_over_another(tmp_path: Path) -> None:
    command = ("form", "new", "--audit", str(PLAN), "-o", "form.xlsx")
    first = scr_audit(*command, cwd=tmp_path)
    layout = form_of(PACK, "case").layout
    count = len(layout.questions.all)
    told = f"wrote form.xlsx: {count} questions, {len(layout.lists)} lists\n"
    assert (first.code, first.err) == (0, told)
    before = (tmp_path / "form.xlsx").read_bytes()
    second = scr_audit(*command, cwd=tmp_path)
    assert (second.code, second.err) == (
        2,
        "scr-audit: form.xlsx: is there already, and may hold answers; name another file, or move "
        "it\n",
    )
    assert (tmp_path / "form.xlsx").read_bytes() == before


def test_forms_become_records_that_a_run_would_read(tmp_path: Path) -> None:
    form_about(tmp_path, "a.xlsx", "R1", people=[], conferences=[{"on_bail": False}])
    form_about(tmp_path, "b.xlsx", "R2", conferences=[])
    told = scr_audit("form", "read", "a.xlsx", "b.xlsx", "-o", "cases.json", cwd=tmp_path)
    assert (told.code, told.err) == (0, "wrote cases.json from 2 forms\n")
    cases = json.loads((tmp_path / "cases.json").read_text())["cases"]
    assert [(case["id"], len(case["conferences"])) for case in cases] == [("R1", 1), ("R2", 0)]


def test_nothing_is_written_where_one_form_is_wrong(tmp_path: Path) -> None:
    form_about(tmp_path, "a.xlsx", "R1", people=[])
    (tmp_path / "b.xlsx").write_text("id,date\n")
    told = scr_audit("form", "read", "a.xlsx", "b.xlsx", "-o", "cases.json", cwd=tmp_path)
    assert told.code == 2
    assert told.err == (
        "scr-audit: nothing was written, because not every form can be read\n"
        "b.xlsx: 1 thing is wrong\n"
        "  is no Excel workbook (perhaps a CSV or text file); send the form itself\n"
        "fine: a.xlsx\n"
    )
    assert not (tmp_path / "cases.json").exists()


def test_a_wrong_form_is_copied_with_what_is_wrong_marked(tmp_path: Path) -> None:
    path = form_about(tmp_path, "a.xlsx", "R1", people=[])
    book = load_workbook(path)
    book["Start"]["B13"] = "31/02/2026"
    book.save(path)
    before = path.read_bytes()
    read = ("form", "read", "a.xlsx", "-o", "cases.json")
    told = scr_audit(*read, "--marked", "marked", cwd=tmp_path)
    assert told.code == 2
    assert told.err.startswith("wrote marked/a.xlsx, in which what is wrong is marked\n")
    assert path.read_bytes() == before
    copy = load_workbook(tmp_path / "marked" / "a.xlsx")
    assert copy["To mend"]["A2"].value == "Start!B13"
    assert copy["To mend"]["A2"].hyperlink.location == "'Start'!B13"
    assert "there is no such day" in copy["Start"]["B13"].comment.text
    beside = scr_audit(*read, "--marked", ".", cwd=tmp_path)
    assert (beside.code, path.read_bytes()) == (2, before)
    assert "a.xlsx" in beside.err


def test_two_forms_about_one_record_are_refused(tmp_path: Path) -> None:
    form_about(tmp_path, "a.xlsx", "R1", people=[])
    form_about(tmp_path, "b.xlsx", "R1", people=[])
    told = scr_audit("form", "read", "a.xlsx", "b.xlsx", cwd=tmp_path)
    assert told.err.splitlines()[2:] == [
        "  Start!B11: is about the record 'R1', and so is a.xlsx; send one of them",
        "fine: a.xlsx",
    ]


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("Start!B11", "9990000018", "an NHS number; take it out"),
        ("Start!B12", "Mrs Testina Sampleton", "a name; say the relation or post, or P1"),
        ("Start!B12", 9990000018, "an NHS number; take it out"),
        ("Questions!C5", "9990000018", "an NHS number; take it out"),
        ("Questions!D8", "9990000018", "an NHS number; take it out"),
        ("people!B7", "9990000018", "an NHS number; take it out"),
    ],
)
def test_what_tells_who_it_is_is_told_by_the_cell_it_was_typed_into(
    tmp_path: Path, cell: str, value: object, said: str
) -> None:
    form = form_of(PACK, "case")
    cells = answers(form.layout, {"id": "R1", "conferences": [{"on_bail": False}]})
    saved(tmp_path / "a.xlsx", form, {**cells, **named({cell: value})})
    told = scr_audit("form", "read", "a.xlsx", cwd=tmp_path)
    assert (told.code, told.out, told.err) == (
        2,
        "",
        "scr-audit: nothing was written, because not every form can be read\n"
        f"a.xlsx: 1 thing is wrong\n  {cell}: holds {said}\n",
    )


def test_what_tells_who_it_is_is_told_beside_all_else_that_is_wrong(tmp_path: Path) -> None:
    form = form_of(PACK, "case")
    wrong = {"Questions!B5": "9990000018", "Questions!B8": "maybe", "Start!B12": "Mrs Sampleton"}
    saved(tmp_path / "a.xlsx", form, {**answers(form.layout, {"id": "R1"}), **named(wrong)})
    told = scr_audit("form", "read", "a.xlsx", cwd=tmp_path)
    assert told.code == 2
    assert [line.partition(":")[0] for line in told.err.splitlines()[2:]] == [
        "  Start!B12",
        "  Questions!B5",
        "  Questions!B8",
    ]
    assert "9990000018" not in told.err


def test_imported_records_get_a_form_each(tmp_path: Path) -> None:
    cases = [{"id": "R/1", "people": []}, {"id": "R2"}]
    write_json(tmp_path / "imported.json", {"cases": cases})
    command = ("form", "new", "--audit", str(PLAN), "--prefill", "imported.json", "-o")
    told = scr_audit(*command, "forms", cwd=tmp_path)
    assert told.code == 0, told.err
    assert sorted(path.name for path in (tmp_path / "forms").iterdir()) == ["R-1.xlsx", "R2.xlsx"]
    assert scr_audit(*command, "one.xlsx", cwd=tmp_path).err == (
        "scr-audit: one.xlsx: there are 2 records, and a form is about one; name a folder for -o, "
        "such as forms/\n"
    )


def test_a_record_alone_in_its_file_has_no_place_in_it(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"id": "R1", "siblings": 1, "siblings": 2}')
    command = ("form", "new", "--audit", str(PLAN), "--prefill", "one.json", "-o", "forms")
    told = scr_audit(*command, cwd=tmp_path)
    assert (told.code, told.err) == (
        2,
        "scr-audit: one.json:\n  /siblings: the key 'siblings' stands twice in one group, at "
        "characters 14 and 29 of the record; take the wrong one out\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "form.ods"), "form.ods: a form is an Excel workbook; let its name end in .xlsx"),
        (("--kind", "cse", "-o", "f.xlsx"), "--kind cse: the kinds are case, agency, action and "
         "recommendation. Did you mean 'case'?"),
        (("--kind", "recommendation", "-o", "f.xlsx"), "--kind recommendation: the engine makes "
         "these records itself; nobody is asked"),
        (("--kind", "action", "--audit", str(PLAN), "-o", "f.xlsx"), "--kind action: the chosen "
         "rules need no fact of such a record. They are about: agency, case."),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_made_says_why(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    told = scr_audit("form", "new", *arguments, cwd=tmp_path)
    assert (told.code, told.err) == (2, f"scr-audit: {message}\n")


def test_what_imported_records_make_no_form_of_says_why(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('[{"id": "07700 900123"}]')
    command = ("form", "new", "--prefill", "one.json", "-o", "forms")
    assert "has no record kind 'agncy'" in scr_audit(*command, "--kind", "agncy", cwd=tmp_path).err
    told = scr_audit(*command, cwd=tmp_path).err.splitlines()[-1]
    assert told == (
        "scr-audit: 1 identifier in 1 record; no form was written. Take them out ('scr-audit "
        "anonymise FILE -o clean.json' does)."
    )
    assert not (tmp_path / "forms").exists()


def test_a_usage_error_names_the_help_of_the_whole_command(tmp_path: Path) -> None:
    assert scr_audit("form", "read", cwd=tmp_path).err == (
        "scr-audit: Missing argument 'files'. Try 'scr-audit form read --help'.\n"
    )
