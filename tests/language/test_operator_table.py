"""Every operator of the table: its wrong subjects, its example, and names of its own."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import condition_problem

from scr_audit.language.line import parse_line
from scr_audit.language.operators import OPERATORS, Operator, register_operator
from scr_audit.language.resolve import OF_LISTS
from scr_audit.language.types import Kind

SUBJECTS = {
    Kind.BOOLEAN: "paid",
    Kind.INTEGER: "wheels",
    Kind.NUMBER: "price",
    Kind.TEXT: "customer",
    Kind.CHOICE: "model",
    Kind.DATE: "booked_on",
    Kind.DATETIME: "opened_at",
    Kind.OBJECT: "loan",
    Kind.LIST: "labels",
    Kind.OPEN: "extra",
}
NAMED = [entry for entry in OPERATORS.values() if entry.name and not entry.registered]
WRONG = [(entry, kind) for entry in NAMED for kind in Kind if kind not in entry.subjects]


@pytest.mark.parametrize(
    ("entry", "kind"), WRONG, ids=[f"{entry.name}-{kind.name}" for entry, kind in WRONG]
)
def test_a_subject_of_a_wrong_type_is_refused(tmp_path: Path, entry: Operator, kind: Kind) -> None:
    rest = {"none": "", "one": "paid", "many": "paid"}[entry.objects]
    line = f"{SUBJECTS[kind]} {entry.around(rest).replace('N', '3')}"
    *others, last = sorted(kind.value for kind in entry.subjects)
    expected = f"{', '.join(others)} or {last}" if others else last
    message = f"'{entry.name}' needs {expected}; '{SUBJECTS[kind]}' is {kind.value}"
    message += OF_LISTS if kind is Kind.LIST else ""
    found, wanted = condition_problem(tmp_path, line, 0, message)
    assert found == wanted


@pytest.mark.parametrize("entry", NAMED, ids=lambda entry: entry.name)
def test_the_example_of_an_operator_is_a_line_with_it(entry: Operator) -> None:
    assert parse_line(entry.example).operator is entry


@pytest.mark.parametrize("entry", NAMED, ids=lambda entry: entry.name)
def test_a_mutation_puts_only_operators_of_the_same_shape_in_its_place(entry: Operator) -> None:
    for name in entry.neighbours:
        other = OPERATORS[name]
        assert name != entry.name
        assert (other.objects, other.has_number) == (entry.objects, entry.has_number)
        assert entry.subjects <= other.subjects


def test_a_taken_name_is_not_registered_again() -> None:
    with pytest.raises(ValueError, match=r"^there is already an operator 'at least'$"):
        register_operator(OPERATORS["at least"])


@pytest.mark.parametrize(
    ("name", "subjects", "objects", "said"),
    [
        ("weighs", frozenset(), "one", "subjects are kinds of fact, such as Kind.TEXT"),
        ("weighs", frozenset({Kind.TEXT}), "two", "objects are none, one or many, and test is"),
        ("weighs N", frozenset({Kind.TEXT}), "none", "an operator with N needs an object after"),
    ],
)
def test_a_row_that_is_not_whole_is_not_registered(
    name: str, subjects: frozenset[Kind], objects: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=f"^'{name}': {said}"):
        register_operator(Operator(name, subjects, objects, "It.", "it", lambda *_: True, ""))
    assert name not in OPERATORS


@pytest.mark.parametrize("name", ["at least N days after", "at least N days before"])
def test_no_days_away_is_the_same_day_and_the_sentence_says_so(name: str) -> None:
    day = date(2024, 1, 5)
    assert OPERATORS[name].test(day, day, 0) is True
    assert OPERATORS[name].sentence.startswith("The subject is on or ")
