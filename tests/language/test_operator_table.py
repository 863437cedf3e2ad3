"""Every operator of the table: its wrong subjects, its example, and names of its own."""

from pathlib import Path

import pytest
from small_pack import condition_problem

from scr_audit.language.line import parse_line
from scr_audit.language.operators import OPERATORS, Operator, register_operator
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
WORDS = "a choice or a text"
NUMBERS = "a number or a whole number"
DATES = "a date or a date and time"
SCALARS = "a choice, a date, a date and time, a number, a text, a whole number or a yes/no fact"
ANYTHING = (
    "a choice, a date, a date and time, a group of facts, a list, a number, a text, "
    "a whole number or a yes/no fact"
)
EXPECTED = {
    "is": SCALARS,
    "is not": SCALARS,
    "is one of": WORDS,
    "is not one of": WORDS,
    "is recorded": ANYTHING,
    "is not recorded": ANYTHING,
    **dict.fromkeys(
        ("includes", "does not include", "includes any of", "includes all of"), "a list"
    ),
    **dict.fromkeys(("at least", "at most", "more than", "fewer than"), NUMBERS),
    **dict.fromkeys(
        ("before", "after", "on or before", "on or after", "on the same day as", "during"), DATES
    ),
    **{
        f"within N {unit} {side}": "a date and time" if unit == "hours" else DATES
        for unit in ("hours", "days", "working days", "weeks", "months")
        for side in ("after", "before")
    },
}
NAMED = [entry for entry in OPERATORS.values() if entry.name and not entry.registered]
WRONG = [(entry, kind) for entry in NAMED for kind in Kind if kind not in entry.subjects]


def test_the_table_of_this_test_is_complete() -> None:
    assert set(EXPECTED) == {entry.name for entry in NAMED}


@pytest.mark.parametrize(
    ("entry", "kind"), WRONG, ids=[f"{entry.name}-{kind.name}" for entry, kind in WRONG]
)
def test_a_subject_of_a_wrong_type_is_refused(tmp_path: Path, entry: Operator, kind: Kind) -> None:
    rest = {"none": "", "one": " paid", "many": " paid"}[entry.objects]
    line = f"{SUBJECTS[kind]} {entry.name.replace('N', '3')}{rest}"
    expected = EXPECTED[entry.name]
    message = f"'{entry.name}' needs {expected}; '{SUBJECTS[kind]}' is {kind.value}"
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
