"""Lines about texts: `in any case` takes capital and small letters as alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from judging import judge, outcome
from small_pack import RULE_FILE, pack_of, rule_file, write_pack
from worded import records

from scr_audit.check.mutations import mutants
from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.packs.load import load_folder

CASES = [
    ("is 'cy'", "Cy", True),
    ("is 'cy'", "Cyd", False),
    ("is not 'CY'", "cy", False),
    ("is one of 'al', 'CY'", "cy", True),
    ("is not one of 'al', 'CY'", "cy", False),
    ("contains 'y J'", "CY JAY", True),
    ("contains '  '", "CY JAY", False),
    ("starts with 'CY '", "CYJAY", False),
    ("does not contain 'y J'", "CY JAY", False),
    ("starts with 'c'", "CY", True),
    ("ends with 'Y'", "Cy", True),
    ("ends with 'C'", "Cy", False),
    ("is 'STRASSE'", "Straße", True),  # as Unicode folds letters, not as `lower` does
    ("is 'ÉA'", "e\u0301a", True),
]


@pytest.mark.parametrize(("line", "text", "expected"), CASES)
def test_capital_and_small_letters_are_alike_in_any_case(
    line: str, text: str, expected: bool
) -> None:
    condition = f"customer {line} in any case"
    assert outcome(condition, {"customer": text}) == ("met" if expected else "not_met")
    assert outcome(condition, {}) == "not_evidenced"


@pytest.mark.parametrize(
    ("text", "expected"), [("CP-12", "met"), ("cp-12", "not_met"), (None, "not_evidenced")]
)
def test_a_text_is_held_against_a_pattern(text: str | None, expected: str) -> None:
    opposite = {"met": "not_met", "not_met": "met"}.get(expected, expected)
    assert outcome("customer matches '[A-Z]+-[0-9]+'", {"customer": text}) == expected
    assert outcome("customer does not match '[A-Z]+-[0-9]+'", {"customer": text}) == opposite


def test_another_fact_may_be_the_object() -> None:
    rule = "{some: parts as p, that: p.name is customer in any case}"
    found = [
        outcome(rule, {"customer": text, "parts": [{"name": "Al"}]}) for text in ("AL", "Bo", None)
    ]
    assert found == ["met", "not_met", "not_evidenced"]


def test_that_it_is_in_any_case_is_a_part_that_an_example_has_to_show(tmp_path: Path) -> None:
    rule = pack_of(tmp_path, "require:\n  it: customer starts with 'c' in any case").rules[0]
    changes = [mutant.change for mutant in mutants(rule)]
    assert changes == [
        "'starts with … in any case' is 'starts with'",
        "'starts with … in any case' is 'ends with … in any case'",
    ]


def test_lines_that_some_text_satisfies_together_are_no_contradiction(tmp_path: Path) -> None:
    lines = ("is 'xabx' in any case", "contains 'aB'", "matches '.*'")
    criteria = (f'  a{n}: "customer {line}"\n' for n, line in enumerate(lines))
    pack_of(tmp_path, "require:\n" + "".join(criteria))


@pytest.mark.parametrize(
    ("line", "fits", "asked"),
    [
        ("contains 'cy' in any case", "cy", "a text that contains “cy” in any case."),
        ("is 'cy' in any case", "cy", "“cy” in any case."),
        ("matches 'C+-?'", "C", "a text that matches “C+-?”"),
    ],
)
def test_a_reason_says_what_was_asked_for_and_a_remedy_is_a_text_that_fits(
    line: str, fits: str, asked: str
) -> None:
    [finding] = judge(f"require:\n  it: customer {line}", {"customer": "Al"})
    assert finding.reason == f"“customer?” “Al”, and the rule asks for {asked}"
    assert finding.remedy is not None
    assert [change.then for change in finding.remedy.changes] == [fits]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("customer is 'Cy' in any case", "“customer?” “Cy” in any case"),
        ("customer is not 'Cy'", "“customer?” not “Cy”"),
        ("customer contains 'Cy'", "“customer?” a text that contains “Cy”"),
        ("customer does not contain 'Cy'", "“customer?” a text that does not contain “Cy”"),
        ("customer does not match 'C+'", "“customer?” a text that does not match “C+”"),
        (
            "customer starts with 'Cy' in any case",
            "“customer?” a text that starts with “Cy” in any case",
        ),
    ],
)
def test_a_line_about_a_text_is_read_aloud(tmp_path: Path, line: str, said: str) -> None:
    files = {
        RULE_FILE: rule_file(f"require:\n  it: {line}"),
        "records.yaml": records(("the {name}",)),
    }
    pack = load_folder(write_pack(tmp_path, files))
    lines = [each.text for each in rule_lines(pack.rules[0], pack.parameters)]
    assert lines[-2] == said
