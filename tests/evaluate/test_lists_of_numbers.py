"""Questions about lists of numbers: each number is named, and lines are about the number itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from judging import judge
from small_pack import RULE_FILE, pack_files, problems_of, rule_file

from scr_audit import InputError
from scr_audit.forms.answers import ABSENT, answer_words, fact_of
from scr_audit.language.types import FactType, Kind
from scr_audit.language.unit_key import plain
from scr_audit.readings.alignment import agreed_value

RECORDS = pack_files()["records.yaml"].replace(
    "      labels:",
    "      results: {type: array, items: {type: integer, minimum: 0}}\n"
    "      rates: {type: array, items: {type: number}}\n"
    "      labels:",
)
SOME = "{some: results as result, that: result at least 5}"
EVERY = "{every: rates as rate, where: rate more than 0, that: 'rate is one of 0.5, 2'}"
COUNT = "{count: results as result, where: result is wheels, is: 2}"


def found(condition: str, record: dict[str, Any]) -> Any:
    [finding] = judge(f"require:\n  it: {condition}", record, records=RECORDS)
    return finding


@pytest.mark.parametrize(
    ("condition", "record", "expected"),
    [
        (SOME, {"results": [4, 5]}, "met"),
        (SOME, {"results": [4, 4.0]}, "not_met"),
        (SOME, {"results": []}, "not_met"),
        (SOME, {"results": ["", None][:1]}, "not_evidenced"),
        (EVERY, {"rates": [-1, 0.5, 2]}, "met"),
        (EVERY, {"rates": [0.5, 3]}, "not_met"),
        (COUNT, {"results": [2, 3, 2], "wheels": 2}, "met"),
        (COUNT, {"results": [2, 3, 2]}, "not_evidenced"),
        ("results includes 3", {"results": [1, 3]}, "met"),
        ("results includes wheels", {"results": [1, 3], "wheels": 2}, "not_met"),
        ("rates does not include 0.5", {"rates": [0.25]}, "met"),
        ("results includes all of 1, 3", {"results": [3, 2]}, "not_met"),
        ("results includes any of 1, 3", {"results": [3, 2]}, "met"),
        ("results includes several", {"results": [3, 3]}, "not_met"),
    ],
)
def test_a_list_of_numbers_is_asked_about(
    condition: str, record: dict[str, Any], expected: str
) -> None:
    assert found(condition, record).outcome == expected


@pytest.mark.parametrize(
    ("condition", "record", "reason", "then"),
    [
        (SOME, {"results": [4]}, "“results?” 4, and the rule asks for at least 5.",
         [4, 5]),
        ("results includes all of 1, 3", {"results": [3]}, "“results?” 3, not 1.",
         [3, 1]),
    ],
)  # fmt: skip
def test_numbers_are_told_and_a_remedy_names_others(
    condition: str, record: dict[str, Any], reason: str, then: list[int]
) -> None:
    finding = found(condition, record)
    assert (finding.reason, [each.then for each in finding.remedy.changes]) == (reason, [then])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([1, "2"], '/results/1: expected a whole number; found "2"'),
        ([-1], "/results/0: expected at least 0, found -1"),
        ([1.5], "/results/0: expected a whole number; found 1.5"),
        ([None], "/results/0: expected a whole number; found null"),
    ],
)
def test_what_is_no_number_is_refused_with_its_place(value: list[Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        found(SOME, {"results": value})


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("results includes 'a'", "a whole number cannot be compared with 'a'"),
        ("results at least 3", "'at least' needs a number or a whole number; 'results' is a list"),
        ("{some: results as r, that: r is yes}", "unknown fact 'yes'."),
        (
            "{some: results as r, that: r.size at least 1}",
            "'r' is a whole number and has no 'size'",
        ),
    ],
)
def test_a_wrong_line_about_numbers_is_told(tmp_path: Path, condition: str, message: str) -> None:
    files = {RULE_FILE: rule_file(f"require:\n  it: {condition}"), "records.yaml": RECORDS}
    assert message in problems_of(tmp_path, files)


def test_numbers_in_a_key_are_equal_as_people_read_them() -> None:
    numbers = FactType(Kind.LIST, item=FactType(Kind.NUMBER))
    assert plain(numbers, [3.0, 1]) == plain(numbers, [1.0, 3]) == [1, 3]
    assert plain(numbers, [3, 3]) == [3, 3]


def test_two_readings_of_numbers_agree_in_any_order_and_on_how_often_each_is_there() -> None:
    numbers = FactType(Kind.LIST, item=FactType(Kind.INTEGER))
    assert agreed_value(numbers, [3, 1, 3], [3, 3, 1]) == [3, 1, 3]
    with pytest.raises(ValueError, match="differ"):
        agreed_value(numbers, [3, 1], [3, 3, 1])


@pytest.mark.parametrize(
    ("cell", "value"), [("1; 2.5;", [1, 2.5]), (3.0, [3]), ("there were none", []), (";", ABSENT)]
)
def test_a_cell_holds_numbers_between_semicolons(cell: Any, value: Any) -> None:
    numbers = FactType(Kind.LIST, item=FactType(Kind.NUMBER))
    assert fact_of(numbers, cell) == value
    if isinstance(value, list):
        assert fact_of(numbers, answer_words(numbers, value)) == value


def test_a_cell_with_a_word_among_numbers_is_told() -> None:
    numbers = FactType(Kind.LIST, item=FactType(Kind.INTEGER, minimum=0))
    with pytest.raises(ValueError, match="found 'two'; expected a whole number, 0 or more"):
        fact_of(numbers, "1; two")
