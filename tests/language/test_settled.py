"""A criterion that no record can fail, or none can meet, is refused: it tests nothing."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, condition_problem, pack_of, problems_of, rule_file

NEVER_FAILS = "the criterion 'it' never fails: it tests nothing"
NEVER_MET = "the criterion 'it' can never be met: it tests nothing"


@pytest.mark.parametrize(
    "condition",
    [
        "wheels at least 1",
        "wheels at most 4",
        "wheels more than 0",
        "wheels fewer than 5",
        "wheels is not 5",
        "price at least 0",
        "price more than -1",
        "model is one of city, racing, cargo",
        "booked_on on or before booked_on",
        "booked_on on the same day as booked_on",
        "wheels is wheels",
        "id is recorded",
        "not id is not recorded",
        "[wheels at least 1, wheels at most 4]",
        "{any: [paid, wheels at least 1]}",
        "{not: {all: [paid, wheels at least 5]}}",
    ],
)
def test_what_never_fails_is_refused(tmp_path: Path, condition: str) -> None:
    found, expected = condition_problem(tmp_path, condition, -4, NEVER_FAILS)
    assert found == expected


@pytest.mark.parametrize(
    "condition",
    [
        "wheels at least 5",
        "wheels at most 0",
        "wheels more than 4",
        "wheels fewer than 1",
        "wheels is 5",
        "price is -0.5",
        "model is not one of cargo, city, racing",
        "booked_on before booked_on",
        "wheels is not wheels",
        "id is not recorded",
        "[paid, wheels at least 5]",
        "{any: [wheels is 0, wheels is 9]}",
    ],
)
def test_what_can_never_be_met_is_refused(tmp_path: Path, condition: str) -> None:
    found, expected = condition_problem(tmp_path, condition, -4, NEVER_MET)
    assert found == expected


@pytest.mark.parametrize(
    "condition",
    [
        "wheels at least 2",
        "wheels is 4",
        "price is 0",
        "model is one of city, cargo",
        "customer is not recorded",
        "[paid, wheels at least 1]",
        "{any: [paid, wheels at least 5]}",
        "booked_on within 0 days after returned_on",
        "{some: parts as part, that: part.name is recorded}",
    ],
)
def test_what_a_record_decides_is_taken(tmp_path: Path, condition: str) -> None:
    assert pack_of(tmp_path, f"require:\n  it: {condition}").rules


@pytest.mark.parametrize(
    ("condition", "always"), [("wheels at least 1", "always"), ("wheels is 9", "never")]
)
def test_a_rule_that_always_or_never_applies_is_refused(
    tmp_path: Path, condition: str, always: str
) -> None:
    text = rule_file(f"require:\n  it: paid\napplies_when: {condition}")
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        f"rules/1.yaml:9:5: the rule {always} applies\n        applies_when: {condition}\n        ^"
    )


@pytest.mark.parametrize("condition", ["paid", "[safe, paid]", "known", "[safe, known]"])
def test_a_criterion_that_applies_when_demands_is_refused(tmp_path: Path, condition: str) -> None:
    text = "define: {known: [paid]}\n" + rule_file(
        f"applies_when: {condition}\nrequire:\n  it: paid\n  other: known\n  third: wheels is 2"
    )
    assert (
        "rules/1.yaml:10:7: the criterion 'it' never fails where the rule applies: "
        "'applies_when' already demands it\n          it: paid\n          ^"
    ) in problems_of(tmp_path, {RULE_FILE: text})


def test_two_criteria_that_say_the_same_are_refused(tmp_path: Path) -> None:
    text = rule_file("require:\n  it: model is city\n  again: model is 'city'")
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        "rules/1.yaml:9:7: the criterion 'again' says the same as 'it'\n"
        "          again: model is 'city'\n"
        "          ^"
    )
