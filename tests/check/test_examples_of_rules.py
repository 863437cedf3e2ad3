"""A rule's examples: what fails, what no example shows, and the outcomes that a rule can give."""

from pathlib import Path

import pytest
from small_pack import pack_of

from scr_audit.check.examples import reachable
from scr_audit.check.pack_check import check_pack

PARTS = """
for_each: parts as part
require: {fitted: part.fitted}
if_none: not_applicable
examples:
"""
ALL = """
  - {name: yes, expect: met, given: {parts: [{name: a, fitted: true}]}}
  - {name: no, expect: not_met, given: {parts: [{name: a, fitted: false}]}}
  - {name: silent, expect: not_evidenced, given: {parts: [{name: a}]}}
  - {name: none, expect: not_applicable, given: {parts: []}}
"""


def failures(folder: Path, rule: str) -> list[str]:
    """What fails in a rule's examples, with the place."""
    found = check_pack(pack_of(folder, rule), mutate=False).failures
    assert {failure.rule for failure in found} <= {"one"}
    return [f"{each.place.line}:{each.place.column} {each.message}" for each in found]


def test_examples_that_hold_and_show_every_outcome_do_not_fail(tmp_path: Path) -> None:
    assert failures(tmp_path, PARTS + ALL) == []


@pytest.mark.parametrize(
    ("example", "message"),
    [
        (
            "{name: x, expect: met, given: {parts: [{name: a, fitted: false}]}}",
            "expects met; found not_met",
        ),
        (
            "{name: x, expect: met, given: {parts: [{name: a, fitted: true}, {name: b}]}}",
            "expects met; found /parts/0 met, /parts/1 not_evidenced",
        ),
        (
            "{name: x, expect: {/parts/0: met}, given: {parts: [{name: a, fitted: true}, "
            "{name: b}]}}",
            "expects /parts/0 met; found /parts/0 met, /parts/1 not_evidenced",
        ),
        (
            "{name: x, expect: {/parts/1: met}, given: {parts: [{name: a, fitted: true}]}}",
            "expects /parts/1 met; found /parts/0 met",
        ),
        (
            "{name: x, expect: {}, given: {parts: [{name: a, fitted: true}]}}",
            "expects no unit; found /parts/0 met",
        ),
        (
            "{name: x, expect: {/parts/0: met, /parts/1: not_met}, given: {parts: []}}",
            "expects /parts/0 met, /parts/1 not_met; found /parts not_applicable",
        ),
    ],
)
def test_an_example_that_does_not_hold_says_what_was_found(
    tmp_path: Path, example: str, message: str
) -> None:
    found = failures(tmp_path, f"{PARTS}{ALL}  - {example}\n")
    assert found == [f"16:9 example 'x' {message}"]


def test_an_example_by_unit_holds(tmp_path: Path) -> None:
    example = (
        "  - {name: x, expect: {/parts/0: met, /parts/1: not_evidenced}, "
        "given: {parts: [{name: a, fitted: true}, {name: b}]}}\n"
    )
    assert failures(tmp_path, PARTS + ALL + example) == []


def test_an_example_that_is_no_record_says_everything_wrong_with_it(tmp_path: Path) -> None:
    example = "  - {name: x, expect: met, given: {wheels: 9, parts: [{fitted: true}]}}\n"
    assert failures(tmp_path, PARTS + ALL + example) == [
        "16:9 example 'x' is not a job record: /parts/0/name: 'name' is required and is missing; "
        "/wheels: expected at most 4, found 9"
    ]


@pytest.mark.parametrize(
    ("without", "message"),
    [
        (
            (),
            "the rule has no examples, and needs one each for met, not_met, not_evidenced and "
            "not_applicable",
        ),
        (("yes", "no"), "no example shows met and not_met"),
        (("none",), "no example shows not_applicable"),
    ],
)
def test_every_outcome_that_a_rule_can_give_is_shown(
    tmp_path: Path, without: tuple[str, ...], message: str
) -> None:
    kept = [line for line in ALL.splitlines() if not any(f"name: {n}," in line for n in without)]
    examples = "\n".join(kept) if without else " []"
    assert failures(tmp_path, f"{PARTS.rstrip()}{examples}") == [f"2:5 {message}"]


def test_an_example_is_judged_as_of_its_day(tmp_path: Path) -> None:
    rule = """
    require: {due: 'booked_on before {as_of}'}
    examples:
      - {name: a, expect: met, given: {booked_on: 2024-01-01}, as_of: 2024-01-02}
      - {name: b, expect: not_met, given: {booked_on: 2024-01-02}, as_of: 2024-01-02}
      - {name: c, expect: not_evidenced, given: {booked_on: 2024-01-02}}
    """
    assert failures(tmp_path, rule) == []


ALWAYS = ["met", "not_met", "not_evidenced"]


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        ("require: {it: paid}", ALWAYS),
        ("require: {it: paid is recorded}", ["met", "not_met"]),
        ("require: {it: {not: paid is recorded}}", ["met", "not_met"]),
        ("require: {it: [paid, safe is recorded]}", ALWAYS),
        ("require: {it: {any: [paid is recorded, safe is recorded]}}", ["met", "not_met"]),
        ("require: {it: {some: parts as p}}", ALWAYS),
        ("applies_when: safe\nrequire: {it: paid}", [*ALWAYS, "not_applicable"]),
        (
            "applies_when: safe is recorded\nrequire: {it: paid is recorded}",
            ["met", "not_met", "not_applicable"],
        ),
        (
            "applies_when: safe\nrequire: {it: paid is recorded}",
            [*ALWAYS, "not_applicable"],
        ),
        ("require: {it: paid}\nexcept_when: {why: safe}", [*ALWAYS, "excepted"]),
        (
            "for_each: parts as p\nif_none: not_met\nrequire: {it: p.worn is recorded}",
            ALWAYS,
        ),
        (
            "for_each: [parts as p, p.checks as c]\nif_none: [not_applicable, not_met]\n"
            "require: {it: c.passed}",
            [*ALWAYS, "not_applicable"],
        ),
    ],
)
def test_the_outcomes_that_the_shape_of_a_rule_allows(
    tmp_path: Path, rule: str, outcomes: list[str]
) -> None:
    assert reachable(pack_of(tmp_path, rule).rules[0]) == outcomes
