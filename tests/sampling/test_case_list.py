"""A list of cases is read from any workbook or table, whatever its reference is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from scr_audit.errors import InputError
from scr_audit.packs.builtin import load_pack
from scr_audit.plans.plan import find_plan
from scr_audit.sampling.case_list import (
    case_columns,
    case_list_template,
    lists_cases,
    read_case_list,
)

PACK, PLAN = load_pack(), find_plan("quarterly-conference-plan")


def saved(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def cases(path: Path) -> dict[str, Any]:
    return {each["id"]: each.get("conferences") for each in read_case_list(path, PACK, PLAN)}


def problem(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_case_list(path, PACK, PLAN)
    return str(caught.value).replace(str(path), path.name)


@pytest.mark.parametrize(
    "heading", ["Reference", "System ref.", "CASE NUMBER", "Person ID", "case", "Child's file"]
)
def test_the_column_of_the_reference_may_have_any_usual_name(tmp_path: Path, heading: str) -> None:
    rows = [["Team", heading, "Worker's post"], ["North", "F1", "chair"], ["North", "F2", "chair"]]
    assert cases(saved(tmp_path / "list.xlsx", rows)) == {"F1": None, "F2": None}


def test_another_name_will_do_where_only_one_column_tells_cases_apart(tmp_path: Path) -> None:
    rows = [["Team", "Key"], ["North", "F1"], ["North", "F2"]]
    assert cases(saved(tmp_path / "list.xlsx", rows)) == {"F1": None, "F2": None}


def test_where_several_columns_could_be_it_the_message_names_them(tmp_path: Path) -> None:
    path = saved(tmp_path / "list.xlsx", [["Key", "Code"], ["F1", "a"], ["F2", "b"]])
    assert problem(path) == (
        "list.xlsx: which column has the reference of the case? Found Key and Code. Call the one "
        "that has it 'Reference'."
    )


def test_titles_above_the_headings_and_numbers_as_references_are_read(tmp_path: Path) -> None:
    rows = [["Export of 1 July"], [], ["Ref", "Conference date"], [1042, date(2025, 5, 6)]]
    assert cases(saved(tmp_path / "list.xlsx", rows)) == {"1042": [{"date": "2025-05-06"}]}


def test_a_case_has_a_row_for_each_conference(tmp_path: Path) -> None:
    rows = [["Ref", "Conference date", "Conference type"], ["F1", "06/05/2025", "initial"],
            ["F1", "2025-06-10", "review"], ["F1", "2025-06-10", "review"]]  # fmt: skip
    assert cases(saved(tmp_path / "list.xlsx", rows)) == {
        "F1": [{"date": "2025-05-06", "type": "initial"}, {"date": "2025-06-10", "type": "review"}]
    }


def test_each_fact_of_a_list_is_traced_to_its_own_cell(tmp_path: Path) -> None:
    rows = [["Ref", "Conference date", "Conference type"], ["F1", "06/05/2025", "initial"],
            ["F1", "2025-06-10", "review"]]  # fmt: skip
    path = saved(tmp_path / "list.xlsx", rows)
    [case] = read_case_list(path, PACK, PLAN)
    assert {pointer: origin["place"] for pointer, origin in case["provenance"].items()} == {
        "": "Sheet!A2", "/id": "Sheet!A2",
        "/conferences/0": "Sheet!A2", "/conferences/0/date": "Sheet!B2",
        "/conferences/0/type": "Sheet!C2",
        "/conferences/1": "Sheet!A3", "/conferences/1/date": "Sheet!B3",
        "/conferences/1/type": "Sheet!C3",
    }  # fmt: skip


def test_a_table_with_semicolons_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Équipe;Ref;Conference date\r\nNord;F1;06/05/2025\r\n".encode("cp1252"))
    assert cases(path) == {"F1": [{"date": "2025-05-06"}]}


def test_everything_wrong_is_told_at_once_with_its_cell(tmp_path: Path) -> None:
    rows = [["Ref", "Conference date", "Conference type"], ["F1", "31/02/2025", "initial"],
            [None, "06/05/2025", "review"], ["F2", None, "revue"]]  # fmt: skip
    assert problem(saved(tmp_path / "list.xlsx", rows)) == (
        "list.xlsx: 3 things are wrong\n"
        "  Sheet!B2: Conference date: 31/02/2025 is no date: there is no such day; expected a date "
        "such as 14/08/2009, or 2009-08, or 2009\n"
        "  Sheet!A3: has no reference in the column 'Ref'\n"
        "  Sheet!C4: Conference type: found 'revue'; expected initial, review, pre birth, transfer "
        "or not recorded. Did you mean 'review'?"
    )


def test_the_template_lists_no_case_until_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "1-case-list.xlsx"
    path.write_bytes(case_list_template(case_columns(PACK, PLAN), ("Whose audit", "Which cases")))
    assert not lists_cases(path)
    book = load_workbook(path)
    headings = [cell.value for cell in book["Cases"][4]]
    assert headings[:3] == ["Reference", "Conference date", "Conference type"]
    book["Cases"]["A5"], book["Cases"]["B5"] = "F1", "06/05/2025"
    book.save(path)
    assert lists_cases(path)
    assert cases(path) == {"F1": [{"date": "2025-05-06"}]}


def test_an_empty_workbook_is_told(tmp_path: Path) -> None:
    assert problem(saved(tmp_path / "list.xlsx", [])) == (
        "list.xlsx: is empty; list the cases in it, a row each"
    )
