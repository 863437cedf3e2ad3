"""Mistakes in the sentences that a rule carries: told before any record is read."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, problems_of, rule_file

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
