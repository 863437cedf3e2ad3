"""The actions sheet of a run's workbook becomes the action plan: a row with an owner, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from command_line import first_cases, scr_audit

TYPED = {
    2: {"Owner (post)": "head of conferences", "Due": date(2027, 3, 31), "Target (%)": 90,
        "In quarter": "2027Q1"},
    4: {"Owner (post)": "GP lead"},
}  # fmt: skip


def typed(path: Path, rows: dict[int, dict[str, object]]) -> None:
    """Type into the sheet, as somebody does in Excel."""
    openpyxl = pytest.importorskip("openpyxl", reason="types into a workbook")
    book = openpyxl.load_workbook(path)
    sheet = book["Actions"]
    headings = [cell.value for cell in sheet[1]]
    for row, cells in rows.items():
        for heading, value in cells.items():
            sheet.cell(row, headings.index(heading) + 1).value = value
    book.save(path)


def test_rows_with_an_owner_become_actions_and_a_second_import_changes_nothing(
    tmp_path: Path,
) -> None:
    plan = ("--audit", "quarterly-conference-plan", "-o", "r.xlsx", "-q")
    assert scr_audit("run", first_cases(tmp_path, 6), *plan, cwd=tmp_path).code == 0
    typed(tmp_path / "r.xlsx", TYPED)
    words = ("actions", "import", "r.xlsx", "--store", "s.sqlite", "--by-role", "quality officer")
    first = scr_audit(*words, cwd=tmp_path)
    assert "added A1 and A2" in first.out + first.err
    again = scr_audit(*words, cwd=tmp_path)
    assert "2 were read before, and say the same" in again.out + again.err
    shown = scr_audit("actions", "show", "A1", "--store", "s.sqlite", cwd=tmp_path).out
    for said in ("head of conferences", "2027-03-31", "90", "2027Q1", "Rewrite the action"):
        assert said in shown


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Owner (post)": "GP lead", "Target (%)": 90}, "needs a rule, a target and a quarter"),
        ({"Owner (post)": "GP lead", "Due": "soon"}, "Actions!K2"),
        ({"Owner (post)": "dr.lee@example.org"}, "Actions!J2"),
    ],
)
def test_what_is_wrong_in_the_sheet_is_told_with_its_cell(
    cells: dict[str, object], told: str, tmp_path: Path
) -> None:
    plan = ("--audit", "quarterly-conference-plan", "-o", "r.xlsx", "-q")
    assert scr_audit("run", first_cases(tmp_path, 6), *plan, cwd=tmp_path).code == 0
    typed(tmp_path / "r.xlsx", {2: cells})
    done = scr_audit(
        "actions", "import", "r.xlsx", "--store", "s.sqlite", "--by-role", "officer", cwd=tmp_path
    )
    assert done.code == 2
    assert told in done.err
    assert "Nothing was written" in done.err
