"""Mistakes in the sentences that a rule carries: told before any record is read."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, problems_of, rule_file, write_pack

from scr_audit.packs.load import load_folder

RULE = """
for_each: parts as part
require:
  back: part.fitted_on within 10 days after booked_on
  fitted: part.fitted
if_none: not_applicable
says:
  {says}
"""


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ("fited: {no: X.}", "the rule has no criterion 'fited'. Did you mean 'fitted'?"),
        ("fitted: {never: X.}", "unknown key 'never'. Allowed: no and unknown."),
        ("fitted: {no: It broke}", "it is a whole sentence, which ends in a full stop"),
        ("fitted: {no: it broke.}", "it is a whole sentence, which begins with a capital"),
        ("fitted: {no: 'The {part broke.'}", "a brace is not closed"),
        ("fitted: {no: 'The part} broke.'}", "a brace is closed that was not opened"),
        ("fitted: {no: ''}", "it is empty; expected a whole sentence, or leave the key out"),
        ("fitted: {no: 'The fitted_on is wrong.'}",
         "'d_o' is no word that a person says; write it in plain words"),
        ("fitted: {no: '{prt} broke.'}", "{prt}: unknown fact 'prt'. Did you mean 'part'?"),
        ("fitted: {no: ['X.', '{part.fited} broke.']}",
         "{part.fited}: unknown fact 'fited' of part. Did you mean 'fitted'?"),
        ("fitted: {no: '{customer} came.'}",
         "{customer} is a text; a sentence may name a choice, a number, a date or a yes/no fact"),
        ("fitted: {no: 'The {model as x} came.'}",
         "{model as x}: there are no words of the form 'x'; it has none"),
        ("fitted: {no: 'It was {late}.'}",
         "{late} needs one line such as 'within 5 days after' in the criterion; it has none"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_sentence_is_told_at_its_place(
    tmp_path: Path, says: str, message: str
) -> None:
    found = problems_of(tmp_path, {RULE_FILE: rule_file(RULE.replace("{says}", says))})
    assert message in found
    assert found.startswith(f"{RULE_FILE}:")
    assert "Traceback" not in found


def test_a_sentence_that_is_long_is_a_warning(tmp_path: Path) -> None:
    long = " ".join(["The", *["very"] * 38, "part", "broke."])
    text = rule_file(RULE.replace("{says}", f"fitted: {{no: [X., '{long}']}}"))
    pack = load_folder(write_pack(tmp_path, {RULE_FILE: text}))
    assert [warning.message for warning in pack.warnings] == [
        "a sentence of 41 words; more than 40 are hard to read; make it two"
    ]
    assert text.splitlines()[pack.warnings[0].place.line - 1].endswith(f"'{long}']}}")


SHAPES = [
    "title: One\ntitel: One",
    "requires: {}",
    "severty: low",
    "sorce: 3",
    "recrod: [job]",
    "called: 3",
    "examples: [{name: a, expect: Met, given: {}}]",
    "examples: [{name: a, expect: met, given: }]",
    "says: {fitted: {no: It broke}, back: {never: X.}}",
    "says: [fitted]",
    "in_force_on: 3",
    "except_when: {Of course: fitted}",
]


@pytest.mark.parametrize("slip", SHAPES)
def test_a_slip_in_the_shape_of_a_rule_hides_no_other_mistake(tmp_path: Path, slip: str) -> None:
    says = "" if slip.startswith("says") else "says: {fitted: {no: X.}}"
    rule = f"require:\n  fitted: conditon\n{says}\n{slip}"
    found = problems_of(tmp_path, {RULE_FILE: rule_file(rule)})
    assert "unknown fact 'conditon'" in found
    assert found.count(RULE_FILE) > 1
    assert "has no criterion" not in found


@pytest.mark.parametrize("key", ["id: One in time", "source: '1'", "source: {paragraph: 5.10}"])
def test_a_slip_in_the_head_of_a_rule_with_sentences_is_told(tmp_path: Path, key: str) -> None:
    name = key.split(":")[0]
    text = rule_file("require:\n  fitted: paid\nsays: {fitted: {no: It broke}}")
    lines = [
        f"{line[: line.index(name)]}{key}" if f"{name}: " in line[:12] else line
        for line in text.splitlines()
    ]
    found = problems_of(tmp_path, {RULE_FILE: "\n".join(lines)})
    assert found.count(f"{RULE_FILE}:") == 2
    assert "it is a whole sentence, which ends in a full stop" in found
