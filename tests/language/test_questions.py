"""The question a fact is asked by: its own, or that of the group it stands in."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit.language import conditions
from scr_audit.packs.load import load_folder


@pytest.mark.parametrize(
    ("group", "fact", "question"),
    [
        ('x-ask: "Was it lent?"', "{type: boolean}", "Was it lent?"),
        ('x-ask: "Was it lent?"', '{type: boolean, x-ask: "Agreed?"}', "Agreed?"),
        ('x-ask: "Was it lent?"', "{type: boolean, title: agreement}", "agreement?"),
        ('title: "loan"', "{type: boolean}", "agreed?"),
    ],
)
def test_a_fact_without_a_question_is_asked_by_its_groups(
    tmp_path: Path, group: str, fact: str, question: str
) -> None:
    records = pack_files()["records.yaml"]
    changed = records.replace(
        'loan: {$ref: "#/$defs/loan"}', f'loan: {{$ref: "#/$defs/loan", {group}}}'
    ).replace("agreed: {type: boolean, x-ask: Was a loan bicycle agreed?}", f"agreed: {fact}")
    assert changed != records
    rules = rule_file("require: {lent: loan.agreed}")
    pack = load_folder(write_pack(tmp_path, {"records.yaml": changed, RULE_FILE: rules}))
    (criterion,) = pack.rules[0].require
    assert isinstance(criterion.condition, conditions.Test)
    assert criterion.condition.operands[0].field.question == question  # type: ignore[union-attr]
