"""The stages of a judgement: scope, applicability, criteria, exceptions, and lists with no unit."""

from typing import Any

import pytest
from judging import judge, outcomes

RULE = """
for_each: parts as part
where: part.worn
applies_when: paid
require:
  fitted: part.fitted
  sound: not part.recalled
except_when:
  unsafe: not safe
  cheap: price at most 5
if_none: not_met
"""
SOUND = {"name": "bell", "worn": True, "fitted": True, "recalled": False}


def job(*parts: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A paid job with parts that are sound but for what is said."""
    return {"paid": True, "parts": [{**SOUND, **part} for part in parts], **facts}


@pytest.mark.parametrize(
    ("part", "facts", "outcome"),
    [
        ({}, {}, "met"),
        ({"fitted": False}, {}, "not_met"),
        ({"fitted": None}, {}, "not_evidenced"),
        ({"fitted": None, "recalled": True}, {}, "not_met"),
        ({"fitted": False, "recalled": None}, {}, "not_met"),
        ({"fitted": None, "recalled": None}, {}, "not_evidenced"),
        ({"worn": None}, {}, "not_evidenced"),
        ({"worn": None, "fitted": False}, {}, "not_evidenced"),
        ({}, {"paid": False}, "not_applicable"),
        ({"fitted": False}, {"paid": False}, "not_applicable"),
        ({"worn": None}, {"paid": False}, "not_evidenced"),
        ({}, {"paid": None}, "not_evidenced"),
        ({"fitted": False}, {"paid": None}, "not_evidenced"),
        ({"worn": None}, {"paid": None}, "not_evidenced"),
        ({"fitted": False}, {"safe": False}, "excepted"),
        ({"fitted": False}, {"safe": True, "price": 5}, "excepted"),
        ({"fitted": False}, {"safe": True, "price": 6}, "not_met"),
        ({"fitted": False}, {"safe": None, "price": None}, "not_met"),
        ({}, {"safe": False}, "met"),
        ({"fitted": None}, {"safe": False}, "not_evidenced"),
        ({}, {"safe": False, "paid": False}, "not_applicable"),
    ],
)
def test_a_unit_gets_its_outcome_stage_by_stage(
    part: dict[str, Any], facts: dict[str, Any], outcome: str
) -> None:
    assert outcomes(RULE, job(part, **facts)) == {"/parts/0": outcome}


def test_items_out_of_scope_are_no_units() -> None:
    found = outcomes(RULE, job({"worn": False}, {}, {"worn": False}, {"fitted": False}))
    assert found == {"/parts/1": "met", "/parts/3": "not_met"}


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (job(), {"/parts": "not_met"}),
        (job({"worn": False}), {"/parts": "not_met"}),
        (job({"worn": False}, {"worn": None}), {"/parts/1": "not_evidenced"}),
        ({"paid": True}, {"/parts": "not_evidenced"}),
        ({"parts": None}, {"/parts": "not_evidenced"}),
        ({}, {"/parts": "not_evidenced"}),
        (job(paid=False), {"/parts": "not_applicable"}),
        (job(paid=None), {"/parts": "not_evidenced"}),
        ({"paid": False}, {"/parts": "not_applicable"}),
        (job({"worn": False}, paid=False), {"/parts": "not_applicable"}),
    ],
)
def test_a_list_without_units_has_one_finding(
    record: dict[str, Any], found: dict[str, str]
) -> None:
    assert outcomes(RULE, record) == found


@pytest.mark.parametrize("outcome", ["not_applicable", "not_met", "not_evidenced"])
def test_if_none_is_the_outcome_of_a_list_without_units(outcome: str) -> None:
    rule = RULE.replace("if_none: not_met", f"if_none: {outcome}")
    assert outcomes(rule, job()) == {"/parts": outcome}
    assert outcomes(rule, job({"worn": False})) == {"/parts": outcome}


def test_applies_when_about_an_item_says_nothing_about_a_list_without_items() -> None:
    rule = RULE.replace("applies_when: paid", "applies_when: [paid, part.fitted_on is recorded]")
    for paid in (True, False, None):
        assert outcomes(rule, job(paid=paid)) == {"/parts": "not_met"}


def test_applies_when_about_an_outer_item_is_judged_for_its_inner_list() -> None:
    rule = NESTED + "applies_when: part.worn"
    found = outcomes(rule, job({"checks": []}, {"checks": [], "worn": False}, {"worn": None}))
    assert found == {
        "/parts/0/checks": "not_met",
        "/parts/1/checks": "not_applicable",
        "/parts/2/checks": "not_evidenced",
    }
    assert outcomes(rule, job()) == {"/parts": "not_applicable"}


NESTED = """
for_each: [parts as part, part.checks as check]
where: check.on is recorded
require: {passed: check.passed}
if_none: [not_applicable, not_met]
"""
DAY = "2024-01-01"


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({}, {"/parts": "not_evidenced"}),
        (job(), {"/parts": "not_applicable"}),
        (job({}), {"/parts/0/checks": "not_evidenced"}),
        (job({"checks": []}), {"/parts/0/checks": "not_met"}),
        (job({"checks": [{"passed": True}]}), {"/parts/0/checks": "not_met"}),
        (
            job(
                {"checks": [{"on": DAY, "passed": True}, {"on": DAY}, {"passed": False}]},
                {"checks": []},
                {},
                {"checks": [{"on": DAY, "passed": False}]},
            ),
            {
                "/parts/0/checks/0": "met",
                "/parts/0/checks/1": "not_evidenced",
                "/parts/1/checks": "not_met",
                "/parts/2/checks": "not_evidenced",
                "/parts/3/checks/0": "not_met",
            },
        ),
    ],
)
def test_each_loop_has_its_own_outcome_for_a_list_without_units(
    record: dict[str, Any], found: dict[str, str]
) -> None:
    assert outcomes(NESTED, record) == found


def test_the_first_exception_that_holds_is_the_reason() -> None:
    [both] = judge(RULE, job({"fitted": False}, safe=False, price=1))
    [second] = judge(RULE, job({"fitted": False}, safe=True, price=1))
    assert (both.explanation.exception, second.explanation.exception) == ("unsafe", "cheap")
    assert both.failed == ("fitted",)


def test_criteria_are_told_apart_on_every_finding() -> None:
    [finding] = judge(RULE, job({"fitted": None, "recalled": True}))
    assert finding.criteria == {"fitted": "not_evidenced", "sound": "not_met"}
    assert (finding.failed, finding.unknown) == (("sound",), ("fitted",))
    [finding] = judge(RULE, job(paid=False))
    assert (finding.criteria, finding.failed, finding.unknown) == ({}, (), ())


def test_a_rule_without_loops_judges_the_record() -> None:
    assert outcomes("require:\n  it: paid", {"paid": True}) == {"": "met"}
