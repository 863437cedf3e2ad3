"""Questions about lists of words: each word is named, and lines are about the word itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from judging import judge, outcome
from small_pack import RULE_FILE, condition_problem, problems_of, rule_file, write_pack
from worded import records

from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.packs.load import load_folder

SOME = "{some: tools as tool, that: 'tool is one of pump, welder'}"
EVERY = "{every: tools as tool, where: tool is not spanner, that: tool is welder}"
NONE = "{none: labels as label, that: label contains 'x' in any case}"
COUNT = "{count: labels as label, where: label starts with 'a', is: at least 2}"


@pytest.mark.parametrize(
    ("condition", "words", "expected"),
    [
        (SOME, ["spanner", "pump"], "met"),
        (SOME, ["spanner"], "not_met"),
        (SOME, [], "not_met"),
        (SOME, None, "not_evidenced"),
        (EVERY, ["spanner", "welder"], "met"),
        (EVERY, ["pump", "welder"], "not_met"),
        (EVERY, ["spanner"], "not_evidenced"),
        (NONE, ["a", "b"], "met"),
        (NONE, ["a", "bX"], "not_met"),
        (NONE, [], "met"),
        (COUNT, ["ab", "c", "ad"], "met"),
        (COUNT, ["ab", "c"], "not_met"),
    ],
)
def test_a_list_of_words_is_asked_about(
    condition: str, words: list[str] | None, expected: str
) -> None:
    assert outcome(condition, {"tools" if "tools" in condition else "labels": words}) == expected


def test_words_and_other_facts_stand_in_one_line() -> None:
    rule = "{some: parts as p, that: {some: labels as label, that: label is p.name}}"
    parts = {"parts": [{"name": "bell"}]}
    assert outcome(rule, {**parts, "labels": ["a", "bell"]}) == "met"
    assert outcome(rule, {**parts, "labels": ["a"]}) == "not_met"


@pytest.mark.parametrize(
    ("condition", "words", "reason", "then"),
    [
        (SOME, ["spanner"], "“tools?” spanner, and the rule asks for pump or welder.",
         ["spanner", "pump"]),
        (EVERY, ["pump", "welder"], "“tools?” pump, and the rule asks for welder.", ["welder"]),
        (COUNT, ["ab"], "The only item listed counts, and the rule asks for at least 2.", None),
        (SOME, None, "Not recorded: “tools?”", None),
    ],
)  # fmt: skip
def test_words_are_told_and_a_remedy_names_others(
    condition: str, words: list[str] | None, reason: str, then: list[str] | None
) -> None:
    [finding] = judge(
        f"require:\n  it: {condition}", {"tools" if "tools" in condition else "labels": words}
    )
    assert finding.reason == reason
    if then is not None:
        assert finding.remedy is not None
        assert [change.then for change in finding.remedy.changes] == [then]


@pytest.mark.parametrize(
    ("condition", "offset", "message"),
    [
        ("{some: tools as tool, that: tool.size}", 33, "'tool' is a choice and has no 'size'"),
        ("{some: tools as tool, that: tool is pumps}", 36,
         "'tool' is never 'pumps'. Did you mean 'pump'?"),
        ("{some: tools as tool, that: tool}", 28, "'tool' is a choice, so an operator is expected "
         "after it"),
    ],
)  # fmt: skip
def test_a_wrong_line_about_a_word_is_told(
    tmp_path: Path, condition: str, offset: int, message: str
) -> None:
    found, expected = condition_problem(tmp_path, condition, offset, message)
    assert found == expected


def test_a_word_is_no_unit(tmp_path: Path) -> None:
    rule = rule_file("for_each: tools as tool\nrequire:\n  it: safe\nif_none: not_met")
    told = (
        "expected a list of groups of facts; 'tools' is a list (choice); use 'includes' or 'some:'"
    )
    assert told in problems_of(tmp_path, {RULE_FILE: rule})


def test_a_question_about_words_is_read_aloud(tmp_path: Path) -> None:
    rule = rule_file(f"require:\n  it: {SOME}")
    files = {RULE_FILE: rule, "records.yaml": records(("the {name}",))}
    pack = load_folder(write_pack(tmp_path, files))
    lines = [each.text for each in rule_lines(pack.rules[0], pack.parameters)]
    assert lines[2:4] == [
        "an item is listed, of which this is so:",
        "the pump or welder was used",
    ]
