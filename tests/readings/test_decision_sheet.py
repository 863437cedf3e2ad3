"""Decisions as a workbook: a drop-down a row, and everything wrong told by its cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from small_pack import SMALL_PACK

from scr_audit.errors import InputError
from scr_audit.packs.load import load_folder
from scr_audit.readings.decision_sheet import (
    decision_sheet,
    read_decision_sheet,
    to_decide,
    undecided,
)
from scr_audit.readings.decisions import DecisionEntry
from scr_audit.readings.jobs import Joined, moderate
from scr_audit.values.text import json_bytes

PACK = load_folder(SMALL_PACK)
TODAY = date(2026, 5, 4)
WHO = {"D5": "lead", "D6": "03/05/2026", "D7": "looked up"}
BELL = {"name": "bell", "worn": True, "fitted": True, "fitted_on": "2026-01-02"}
READINGS = (
    {"id": "J1", "paid": True, "model": "city", "parts": [BELL]},
    {"id": "J1", "paid": False, "parts": [{**BELL, "fitted": False}]},
)


@pytest.fixture
def readings(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for path, record in zip((first, second), READINGS, strict=True):
        path.write_bytes(json_bytes({"jobs": [record]}))
    return first, second


@pytest.fixture
def sheet(readings: tuple[Path, Path], tmp_path: Path) -> Path:
    path = tmp_path / "decisions.xlsx"
    conflicts = moderate(*readings, pack=PACK).conflicts
    path.write_bytes(decision_sheet(to_decide(conflicts), PACK, about="Spring audit"))
    return path


def typed(path: Path, **cells: Any) -> Path:
    book = load_workbook(path)
    for name, value in cells.items():
        book["Decisions"][name] = value
    book.save(path)
    return path


def moderated(readings: tuple[Path, Path], path: Path) -> Joined:
    return moderate(*readings, pack=PACK, decisions=path)


def read(path: Path) -> list[DecisionEntry]:
    return read_decision_sheet(path, PACK, today=TODAY)[1]


def problem(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value).replace(str(path), path.name)


def rows(path: Path) -> Mapping[str, tuple[Any, ...]]:
    found = load_workbook(path)["Decisions"].iter_rows(min_row=10, values_only=True)
    return {row[3]: row for row in found if row[3]}


def test_a_row_says_the_case_the_thing_the_question_and_both_answers(sheet: Path) -> None:
    told = [[cell or "" for cell in row[1:6]] for row in rows(sheet).values()]
    assert all(row[0] == "J1" for row in told)
    assert ("yes", "no") in [tuple(row[3:]) for row in told]
    assert ("city", "(not recorded)") in [tuple(row[3:]) for row in told]
    assert told[-1][3] == "bell, worn: yes, fitted: yes, 2 January 2026"


def test_decisions_are_taken_over(readings: tuple[Path, Path], sheet: Path) -> None:
    number = len(rows(sheet))
    chosen = {f"G{row}": "second" for row in range(10, 10 + number)}
    record = moderated(readings, typed(sheet, **WHO, **chosen)).records["jobs"][0]
    assert (record["paid"], record.get("model"), record["parts"][0]["fitted"]) == (
        False, None, False
    )  # fmt: skip
    origin = record["provenance"]["/paid"]
    assert (origin["role"], origin["on"], origin["note"]) == ("lead", "2026-05-03", "looked up")


def test_something_else_is_read_as_an_answer_of_a_form_is(
    readings: tuple[Path, Path], sheet: Path
) -> None:
    at = next(r for r, row in enumerate(rows(sheet).values(), 10) if row[4] == "city")
    others = {f"G{r}": "first" for r in range(10, 10 + len(rows(sheet))) if r != at}
    typed(sheet, **WHO, **others, **{f"G{at}": "something else", f"H{at}": "Cargo"})
    assert moderated(readings, sheet).records["jobs"][0]["model"] == "cargo"


def test_rows_that_are_sorted_keep_their_decisions(
    readings: tuple[Path, Path], sheet: Path
) -> None:
    book = load_workbook(sheet)
    page = book["Decisions"]
    number = len(rows(sheet))
    lines = [[cell.value for cell in page[row]] for row in range(10, 10 + number)]
    for row, line in enumerate(reversed(lines), 10):
        for column, value in enumerate(line, 1):
            page.cell(row, column).value = value
        page.cell(row, 7).value = "first" if line[4] == "yes" else "second"
    for cell, value in WHO.items():
        page[cell] = value
    book.save(sheet)
    record = moderated(readings, sheet).records["jobs"][0]
    assert (record["paid"], record.get("model")) == (True, None)


def test_what_is_not_decided_stays_open(readings: tuple[Path, Path], sheet: Path) -> None:
    entries = read(typed(sheet, **WHO, G10="first"))
    assert undecided(entries) == list(range(2, len(entries) + 1))
    assert len(moderated(readings, sheet).conflicts) == len(entries) - 1


def test_everything_wrong_is_told_at_once_by_its_cell(sheet: Path) -> None:
    typed(sheet, D6="31/02/2026", G10="maybe", G11="something else", I12="seen")
    assert problem(sheet) == (
        "decisions.xlsx: 6 things are wrong\n"
        "  Decisions!D5: is empty; fill in 'Your role (a post, no name)'\n"
        "  Decisions!D6: 31/02/2026 is no date: there is no such day; expected a date such as "
        "14/08/2009, or 2009-08, or 2009\n"
        "  Decisions!G10: found 'maybe'; expected first, second, not recorded or something else\n"
        "  Decisions!I11: is empty; say why in a few words, or once for all rows at the top\n"
        "  Decisions!H11: is empty; write what is right instead of what the readers say\n"
        "  Decisions!G12: is empty; choose what is right"
    )


def test_a_row_that_was_deleted_is_told(sheet: Path) -> None:
    book = load_workbook(sheet)
    book["Decisions"].delete_rows(10)
    book.save(sheet)
    assert "the rows with the numbers 1 are missing; put them back" in problem(sheet)


def test_an_identifier_in_a_cell_is_refused_and_not_repeated(sheet: Path) -> None:
    said = problem(typed(sheet, **WHO, I10="seen by 999 000 0018"))
    assert "Decisions!I10: holds an NHS number; say it without" in said
    assert "0018" not in said


def test_another_workbook_is_no_workbook_of_decisions(sheet: Path) -> None:
    book = load_workbook(sheet)
    del book["rows"]
    book.save(sheet)
    assert "is no workbook of decisions; have it written anew" in problem(sheet)
