"""What goes wrong in a folder: each is told in words, and nothing that was typed is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from quarter import (
    DAY,
    FIRST,
    FIRST_ITEM_BELOW,
    NAME,
    SECOND,
    add_action,
    change,
    decide_all,
    everything,
    export,
    files_of,
    fill_in,
    places,
    read_twice,
    scr_audit,
    set_lines,
    start,
    step,
)

from scr_audit.audit_folder import folder as folders
from scr_audit.audit_folder import results
from scr_audit.errors import InputError

FILES = dict(sorted(files_of().items())[:12])
CASES = [name for name, each in FILES.items() if each["conferences"][-1]["date"] >= "2025-04"][:3]
THREE = [FILES[name] for name in CASES]


def begun(parent: Path) -> Path:
    """An audit of all of three cases, with blank forms."""
    parent.mkdir()
    folder = start(parent)
    set_lines(folder, whole_list=True, reports=["report.html"])
    export(folder / "cases.xlsx", THREE)
    step(folder)
    return folder


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory.mktemp("blank") / "x")


@pytest.fixture(scope="module")
def filled(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / NAME
    shutil.copytree(blank, folder)
    read_twice(folder, FILES)
    return folder


@pytest.fixture
def audit(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(blank, tmp_path / NAME))


@pytest.fixture
def full(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / NAME))


def form(folder: Path, number: int = 0, reader: str = FIRST) -> Path:
    return folder / reader / f"{CASES[number]}.xlsx"


def invited(path: Path) -> tuple[str, str]:
    """The sheet and the cell in which it says whether the first professional was invited."""
    sheet, _, cell = places(path)("conferences.professionals.invited", "answer").partition("!")
    row = int("".join(filter(str.isdigit, cell))) + FIRST_ITEM_BELOW
    return sheet, f"{cell.rstrip('0123456789')}{row}"


# the list of cases


def test_a_list_no_longer_than_the_sample_is_audited_whole_and_the_report_says_so(
    tmp_path: Path,
) -> None:
    folder = start(tmp_path)
    set_lines(folder, reports=["report.html"], readers=1)
    export(folder / "cases.xlsx", THREE)
    drawn = step(folder)
    assert "Took all 3 cases of cases.xlsx that the audit is about" in drawn.err
    assert "Fill in the forms in 2-forms (first reader: all 3)" in drawn.out
    for each in (folder / FIRST).iterdir():
        fill_in(each, FILES[each.stem], role="reviewing officer", on="2025-07-08")
    step(folder)
    page = " ".join((folder / "4-reports" / "report.html").read_text("utf-8").split())
    assert "Every case of the list that the audit is about, 3 cases." in page
    assert "it speaks for these cases alone" in page
    assert "of them a random sample" not in page


@pytest.mark.parametrize(
    ("word", "told"), [("yes", "of cases.xlsx."), ("no", "of cases.xlsx that the audit")]
)
def test_whether_the_whole_list_is_audited_is_said_with_yes_or_no(
    tmp_path: Path, word: str, told: str
) -> None:
    folder = start(tmp_path)
    file = folder / "audit.yaml"
    text = file.read_text("utf-8")
    assert "\nwhole_list: no\n" in text
    file.write_text(text.replace("whole_list: no", f"whole_list: {word}"), "utf-8")
    export(folder / "cases.xlsx", THREE)
    assert f"Took all 3 cases {told}" in step(folder).err


# forms


def test_a_folder_that_is_half_filled_says_which_forms_are_left(full: Path, blank: Path) -> None:
    for number in (0, 2):
        shutil.copy(form(blank, number), form(full, number, SECOND))
    said = step(full).out
    assert said == (
        "Now: Fill in the forms that are left in 2-forms (second reader: 2 of 3, "
        f"{CASES[0]} and {CASES[2]}). Then run: scr-audit next"
    )
    assert "second reader: 1 of 3 forms" in " ".join(scr_audit("status", cwd=full).out.split())


def test_mistakes_in_forms_are_told_all_at_once_and_mended(full: Path) -> None:
    one, other = form(full), form(full, 1, SECOND)
    kept = one.read_bytes(), other.read_bytes()
    sheet, _, cell = places(one)("", "role").partition("!")
    change(one, sheet, {cell: None, places(one)("", "on").partition("!")[2]: "31/02/2025"})
    sheet, cell = invited(other)
    change(other, sheet, {cell: "perhaps"})
    typed = one.read_bytes(), other.read_bytes()
    said = step(full, code=2).err
    listed = (full / "2-to-mend.txt").read_text("utf-8")
    for told in (f"first reader/{one.name}: 2 things are wrong", "fill in 'Your role'",
                 "there is no such day", f"second reader/{other.name}: 1 thing is wrong",
                 "perhaps"):  # fmt: skip
        assert told in said
        assert told in listed
    assert (one.read_bytes(), other.read_bytes()) == typed
    assert "Mend what 2-to-mend.txt lists" in " ".join(scr_audit("status", cwd=full).out.split())
    marked = load_workbook(full / "2-to-mend" / "second reader" / other.name)
    assert marked.sheetnames[0] == "To mend"
    assert [row[0].value for row in marked["To mend"]] == ["Where", f"{sheet}!{cell}"]
    assert "perhaps" in marked[sheet][cell].comment.text
    assert marked[sheet][cell].fill.fgColor.rgb == "FFF4B6B6"
    # Whoever mends the marked copy and puts it in place of the form loses nothing by it.
    marked[sheet][cell] = "yes"
    marked.save(other)
    assert f"second reader/{other.name}" not in step(full, code=2).err
    one.write_bytes(kept[0])
    other.write_bytes(kept[1])
    assert "In 3-decisions.xlsx decide where the readers differ" in step(full).out
    assert not list(full.glob("2-to-mend*"))


def test_a_form_of_another_quarter_is_told_and_not_read(full: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert scr_audit("start", "quarterly-conference-plan", "2025Q1", cwd=other).code == 0
    [later] = other.iterdir()
    set_lines(later, whole_list=True, readers=1)
    export(later / "cases.xlsx", [FILES[name] for name in FILES])
    step(later)
    shutil.copy(next((later / FIRST).iterdir()), form(full))
    said = step(full, code=2).err
    assert "is a form of another audit (quarterly-conference-plan, 1 January to 31 March" in said
    assert f"2-forms/first reader: 1 form not there, of {CASES[0]}. Put them back" in said


def test_a_renamed_form_is_found_by_what_is_in_it(full: Path) -> None:
    form(full).rename(full / FIRST / "done (Monday).xlsx")
    assert "In 3-decisions.xlsx decide" in step(full).out


def test_two_forms_about_one_case_are_told(full: Path) -> None:
    shutil.copy(form(full), full / FIRST / "copy.xlsx")
    change(full / FIRST / "copy.xlsx", "Start", {"A1": "x"})
    said = step(full, code=2).err
    assert f"is about the case {CASES[0]}, and so is" in said


def test_what_is_no_form_is_told_and_what_excel_leaves_there_is_passed_over(full: Path) -> None:
    export(full / FIRST / "list.xlsx", THREE)
    (full / FIRST / "~$x.xlsx").write_bytes(b"open")
    said = step(full, code=2).err
    assert "first reader/list.xlsx: is no form of this program" in said
    assert "~$" not in said


def test_a_form_that_is_there_is_never_written_over(audit: Path) -> None:
    """As after a step that broke off between the form and its blank copy."""
    form(audit).write_bytes(b"typed")
    shutil.rmtree(audit / ".scr-audit" / "forms")
    step(audit, code=2)
    assert form(audit).read_bytes() == b"typed"


# cases


def test_another_case_takes_the_place_of_one_that_cannot_be_audited(tmp_path: Path) -> None:
    folder = start(tmp_path)
    set_lines(folder, size=2, reports=["report.html"])
    export(folder / "cases.xlsx", files_of().values())
    step(folder)
    path = folder / "1-cases-drawn.xlsx"
    first = load_workbook(path)["Drawn"]["B6"].value
    change(path, "Drawn", {"E6": "the file cannot be found"})
    result = step(folder)
    assert f" takes the place of {first}." in result.err
    assert "Made forms of 1 case for each reader" in result.err
    rows = list(load_workbook(path)["Drawn"].values)
    assert rows[-1][1] == first
    assert rows[-1][-1] == "the file cannot be found"
    assert len(rows) == 8
    assert step(folder).err == ""


def test_a_case_list_that_is_changed_after_the_draw_changes_nothing(audit: Path) -> None:
    export(audit / "cases.xlsx", THREE[:2])
    result = step(audit)
    assert "cases.xlsx was changed after the draw, which stays as it was" in " ".join(
        result.err.split()
    )
    assert "first reader: all 3" in result.out


def test_a_file_of_records_is_a_case_list_whose_facts_stand_in_the_forms(tmp_path: Path) -> None:
    folder = start(tmp_path)
    set_lines(folder, whole_list=True, readers=1)
    (folder / "import.json").write_text(json.dumps(THREE), "utf-8")
    step(folder)
    book = load_workbook(form(folder))
    said = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert THREE[0]["plans"][0]["period"]["start"] in said
    assert not (folder / "2-forms" / "second reader").exists()


def test_what_one_reader_says_is_judged_without_decisions(tmp_path: Path) -> None:
    folder = start(tmp_path)
    set_lines(folder, whole_list=True, readers=1, reports=["report.html"])
    export(folder / "cases.xlsx", THREE)
    step(folder)
    for each in (folder / FIRST).iterdir():
        fill_in(each, FILES[each.stem], role="reviewing officer", on="2025-07-08")
    assert "Read 4-reports" in step(folder).out
    assert not (folder / "3-decisions.xlsx").exists()


def test_a_list_of_references_alone_is_drawn_from_and_the_draw_can_be_repeated(
    tmp_path: Path,
) -> None:
    folder = start(tmp_path)
    set_lines(folder, size=2)
    (folder / "list.csv").write_text("Key\nF1\nF2\nF3\n", "utf-8")
    assert "Drew 2 cases of 3 that the audit is about, from list.csv." in step(folder).err
    again = scr_audit("redraw", ".scr-audit/sample.json", ".scr-audit/frame.json", cwd=folder)
    assert again.code == 0, again.err


def test_listed_cases_that_the_audit_is_not_about_are_told(tmp_path: Path) -> None:
    folder = start(tmp_path)
    set_lines(folder, size=1)
    (folder / "import.json").write_text(json.dumps([*files_of().values()]), "utf-8")
    said = " ".join(step(folder).err.split())
    drawn_from = re.search(r"Drew 1 case of (\d+) that the audit is about", said)
    others = re.search(r"(\d+) listed cases not drawn from: nothing listed of them is of 1 A", said)
    assert drawn_from
    assert others
    assert int(drawn_from[1]) + int(others[1]) == len(files_of())


def test_two_lists_of_cases_are_told(tmp_path: Path) -> None:
    folder = start(tmp_path)
    for name in ("a.xlsx", "b.xlsx"):
        export(folder / name, THREE)
    assert "a.xlsx and b.xlsx could each be the list of cases" in step(folder, code=2).err


def test_without_a_list_the_person_is_told_to_make_one(tmp_path: Path) -> None:
    assert step(start(tmp_path)).out.startswith("Now: Fill in 1-case-list.xlsx")


# decisions, reports, actions


def decided(folder: Path) -> Path:
    step(folder)
    decide_all(folder)
    return folder / "3-decisions.xlsx"


def test_a_renamed_workbook_of_decisions_is_read(full: Path) -> None:
    decided(full).rename(full / "decisions, final.xlsx")
    result = step(full)
    assert "decisions, final.xlsx is read as 3-decisions.xlsx" in result.err
    assert "Read 4-reports" in result.out


def test_decisions_stay_when_a_form_is_mended_afterwards(full: Path) -> None:
    path = decided(full)
    mended = form(full, 1, SECOND)
    sheet, cell = invited(mended)
    now = load_workbook(mended)[sheet][cell].value
    change(mended, sheet, {cell: "no" if now == "yes" else "yes"})
    result = step(full)
    assert "decide where the readers differ: 1 of 2 is left" in result.out
    rows = list(load_workbook(path)["Decisions"].iter_rows(min_row=10, values_only=True))
    assert [row[6] for row in rows if row[1]].count("first") == 1
    assert list((full / ".scr-audit" / "earlier").glob("3-decisions *.xlsx"))


def test_a_report_that_a_person_changed_is_kept_beside(full: Path) -> None:
    decided(full)
    step(full)
    report = full / "4-reports" / "report.html"
    report.write_text("my words", "utf-8")
    set_lines(full, role="quality lead")
    result = step(full)
    assert "report.html is written anew; as you left it, it is kept as" in " ".join(
        result.err.split()
    )
    [copy] = (full / ".scr-audit" / "earlier").glob("report *.html")
    assert copy.read_text("utf-8") == "my words"


def test_a_step_that_broke_off_is_done_again(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(full)
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise KeyboardInterrupt

        broken.setattr(results, "_write_reports", fail)
        assert scr_audit("next", *DAY, cwd=full).code == 130
    assert not (full / "4-reports" / "report.html").exists()
    assert "Read 4-reports" in step(full).out
    assert (full / "4-reports" / "report.html").exists()


def test_actions_that_were_taken_over_are_not_taken_twice(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(full)
    step(full)
    add_action(full)
    from scr_audit.audit_folder import action_plan

    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise InputError("the power went")

        broken.setattr(action_plan, "write_actions", fail)
        step(full, code=2)
    step(full)
    rows = list(load_workbook(full / "5-actions.xlsx")["Plan"].iter_rows(values_only=True))
    assert [row[0] for row in rows if row[0]] == ["Action", "A1"]


def test_an_audit_without_actions_ends_where_that_is_said(full: Path) -> None:
    decided(full)
    assert "scr-audit next --no-actions" in step(full).out
    assert "scr-audit next --no-actions" in step(full).out
    assert "This audit is done." in step(full, "--no-actions").out


# the folder itself


def test_a_folder_that_somebody_works_in_says_who_since_when_and_how_to_go_on(audit: Path) -> None:
    lock = audit / ".scr-audit" / "in-use.txt"
    lock.write_text("a colleague on PC-17\n2025-07-12T09:00:00Z\n4711\n", "utf-8")
    before = everything(audit)
    said = step(audit, code=2).err
    assert "a colleague on PC-17 has been working here since 2025-07-12T09:00:00Z" in said
    assert "scr-audit next --unlock" in said
    assert everything(audit) == before
    assert scr_audit("status", cwd=audit).code == 0
    step(audit, "--unlock")
    assert not lock.exists()


def test_a_lock_of_a_program_that_ended_on_this_computer_is_taken_over(audit: Path) -> None:
    import socket

    lock = audit / ".scr-audit" / "in-use.txt"
    lock.write_text(f"me on {socket.gethostname()}\n2025-07-12T09:00:00Z\n{2**22 + 1}\n", "utf-8")
    step(audit)
    assert not lock.exists()


def test_a_folder_that_cannot_be_written_is_told(
    audit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(audit)

    def refuse(*_: object, **__: object) -> int:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as share:
        share.setattr(folders.os, "open", refuse)
        result = scr_audit("next", *DAY, cwd=audit)
    assert result.code == 2
    assert "cannot be written (Read-only file system), as on a share that is read-only" in (
        result.err
    )
    assert everything(audit) == before


def test_a_copy_of_a_folder_says_that_the_other_is_still_there(audit: Path, blank: Path) -> None:
    assert f"is a copy of {blank.resolve()}, which is still there" in " ".join(
        step(audit).err.split()
    )


def test_a_folder_that_was_moved_goes_on(audit: Path, tmp_path: Path) -> None:
    kept = tmp_path / NAME / ".scr-audit" / "kept.json"
    kept.write_text(kept.read_text("utf-8").replace(os.sep + "x" + os.sep, "/gone/"), "utf-8")
    moved = audit.rename(tmp_path / "moved")
    result = step(moved)
    assert "copy" not in result.err
    assert "Fill in the forms" in result.out


def test_a_folder_copied_without_what_the_program_keeps_is_told(audit: Path) -> None:
    shutil.rmtree(audit / ".scr-audit")
    assert "lacks the hidden folder .scr-audit" in step(audit, code=2).err


def test_an_earlier_audit_that_was_moved_is_told(full: Path) -> None:
    decided(full)
    set_lines(full, earlier_audits=["../gone"])
    assert "earlier_audits: there is no audit folder" in step(full, code=2).err


def test_a_place_without_an_audit_says_how_to_begin_one(tmp_path: Path) -> None:
    said = step(tmp_path, code=2).err
    assert "is no audit folder, for it has no audit.yaml" in said
    assert "scr-audit start PLAN PERIOD" in said


def test_of_several_audits_in_a_place_one_has_to_be_named(audit: Path, tmp_path: Path) -> None:
    shutil.copytree(audit, tmp_path / "second")
    assert f"name it:\n  {NAME}\n  second" in scr_audit("status", cwd=tmp_path).err


def test_a_damaged_file_of_the_program_is_told(audit: Path) -> None:
    (audit / ".scr-audit" / "kept.json").write_text("{", "utf-8")
    assert "is damaged, and belongs to the program" in step(audit, code=2).err


def test_an_audit_is_not_begun_where_one_is(tmp_path: Path) -> None:
    start(tmp_path)
    before = everything(tmp_path)
    again = scr_audit("start", "quarterly-conference-plan", "2025Q2", cwd=tmp_path)
    assert again.code == 2
    assert "is there already; go there and run 'scr-audit next'" in again.err
    assert everything(tmp_path) == before
