"""Criteria that nothing can satisfy together are told, and no others."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, located, pack_of, problems_of, rule_file

APART = [
    ("wheels at least 4", "wheels at most 2"),
    ("wheels more than 2", "wheels fewer than 3"),
    ("wheels at least 3", "not wheels at least 2"),
    ("price more than 3", "price is 3"),
    ("model is city", "model is racing"),
    ("model is one of city, racing", "model is cargo"),
    ("paid", "not paid"),
    ("paid", "paid is no"),
    ("booked_on is recorded", "booked_on is not recorded"),
    ("booked_on after 2020-01-01", "booked_on before 2020-01-02"),
    ("booked_on is not recorded", "booked_on after 2020-01-01"),
    ("customer starts with 'a'", "customer starts with 'b'"),
    ("wheels more than 2.2", "wheels fewer than 2.9"),
    ("loan is recorded", "loan is not recorded"),
    ("customer ends with 'a'", "customer is one of 'b', 'c'"),
    ("booked_on before returned_on", "not booked_on before returned_on"),
]
TOGETHER = [
    ("wheels at least 2", "wheels at most 2"),
    ("wheels more than 1", "wheels fewer than 3"),
    ("wheels more than 2.5", "wheels fewer than 3.4"),
    ("customer starts with 'ab'", "customer ends with 'bc'"),
    ("customer is not 'a'", "customer does not contain 'a'"),
    ("price more than 1", "price fewer than 2"),
    ("model is not city", "model is not racing"),
    ("paid", "not safe"),
    ("booked_on after 2020-01-01", "booked_on before 2020-01-03"),
    ("booked_on within 9 days after 2020-01-01", "booked_on at least 3 days after 2020-01-01"),
    ("customer starts with 'a'", "customer contains 'b'"),
    ("customer is not 'a'", "customer is not 'b'"),
    ("labels includes 'a'", "labels includes 'b'"),
    ("booked_on is not recorded", "booked_on before returned_on"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_criteria_that_exclude_each_other_are_told(
    tmp_path: Path, one: str, other: str
) -> None:
    text = rule_file(f"require:\n  one: {one}\n  other: {other}")
    message = (
        f"nothing can satisfy both '{one}' (one) and '{other}' (other), so no unit is ever met; "
        "drop one, or join them with any:"
    )
    assert problems_of(tmp_path, {RULE_FILE: text}) == located(RULE_FILE, text, (9, 7), message)


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_two_criteria_that_may_hold_together_are_taken(
    tmp_path: Path, one: str, other: str
) -> None:
    assert pack_of(tmp_path, f"require:\n  one: {one}\n  other: {other}").rules


@pytest.mark.parametrize(
    ("rule", "both"),
    [
        ("applies_when: not paid\nrequire: {it: paid}",
         "'not paid' (applies_when) and 'paid' (it)"),
        ("for_each: parts as part\nif_none: not_met\nwhere: part.worn\n"
         "require: {it: [part.fitted, not part.worn]}",
         "'part.worn' (where) and 'not part.worn' (it)"),
        ("applies_when: [paid, not paid]\nrequire: {it: safe}",
         "'paid' (applies_when) and 'not paid' (applies_when)"),
        ("require: {it: [wheels at least 4, wheels is 2]}",
         "'wheels at least 4' (it) and 'wheels is 2' (it)"),
        ("require: {a: {some: parts as part}, b: {not: {some: parts as part}}}",
         "'some of parts as part' (a) and 'not some of parts as part' (b)"),
    ],
)  # fmt: skip
def test_gates_and_conditions_inside_a_criterion_are_looked_at_too(
    tmp_path: Path, rule: str, both: str
) -> None:
    found = problems_of(tmp_path, {RULE_FILE: rule_file(rule)})
    assert f"nothing can satisfy both {both}, so no unit is ever met" in found
