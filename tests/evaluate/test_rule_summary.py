"""A rule in a few sentences: what only guards the evidence is left away, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from small_pack import RULE_FILE, rule_file, write_pack
from worded import records

from scr_audit.evaluate.rule_summary import rule_summary
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.load import load_folder


def told(folder: Path, rule: str) -> Mapping[str, tuple[str, ...]]:
    files = {RULE_FILE: rule_file(rule), "records.yaml": records(("the {name}",))}
    pack = load_folder(write_pack(folder, files))
    return {said.heading: said.sentences for said in rule_summary(pack.rules[0], pack.parameters)}


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("safe", "The bicycle was safe to ride."),
        ("{any: [safe is not recorded, safe]}", "The bicycle was safe to ride."),
        ("[safe is recorded, safe]", "The bicycle was safe to ride."),
        ("{any: [safe, paid]}", "The bicycle was safe to ride, or the bicycle was paid for."),
        (
            "[paid, {any: [safe, model is city]}]",
            "The bicycle was paid for, and either the bicycle was safe to ride, or the job was "
            "about a city bicycle.",
        ),
        (
            "{not: {any: [safe, paid]}}",
            "It is not so that the bicycle was safe to ride, or the bicycle was paid for.",
        ),
        (
            "{shown: [booked_on is recorded], said: paid}",
            "The bicycle was paid for.",
        ),
        (
            "{some: parts as p, that: [p.worn, p.fitted]}",
            "There is a part where the part that was replaced was worn, and that was fitted.",
        ),
        (
            "{every: parts as p, called: a worn part, where: p.worn, that: p.fitted}",
            "For every worn part, the worn part was fitted.",
        ),
        (
            "{none: parts as p, that: p.worn}",
            "There is no part of which the part that was replaced was worn.",
        ),
        ("{count: parts as p, is: at least 2}", "At least 2 parts are listed."),
    ],
)
def test_a_criterion_is_told_in_a_sentence(tmp_path: Path, condition: str, said: str) -> None:
    assert told(tmp_path, f"require:\n  it: {condition}")["What is asked"] == (said,)


def test_it_says_of_what_when_and_which_answers_it_needs(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        "for_each: parts as part\nwhere: part.worn\napplies_when: paid\n"
        "require: {one: part.fitted, two: safe}\nif_none: not_met",
    )
    assert found["What is judged"] == (
        "Each part of a job.",
        "Where no part is listed, it is not met.",
    )
    assert found["Only those"] == ("The part that was replaced was worn.",)
    assert found["It applies when"] == ("The bicycle was paid for.",)
    assert found["What is asked"] == ("The part was fitted.", "The bicycle was safe to ride.")
    assert len(found["Not evidenced where this is not recorded"]) == 2
    assert "Not yet due" not in found


def test_a_duty_may_be_not_yet_due(tmp_path: Path) -> None:
    found = told(tmp_path, "require: {it: returned_on within 5 days after booked_on}")
    assert "Not yet due" in found


def test_every_shipped_rule_is_told_and_none_of_it_in_codes() -> None:
    for name in (None, "review-process"):
        pack = load_pack(name)
        for rule in pack.rules:
            said = list(rule_summary(rule, pack.parameters))
            assert said[0].heading == "What is judged"
            words = " ".join(sentence for each in said for sentence in each.sentences)
            assert not {"_", "{", "}"} & set(words), rule.id
            assert all(each.sentences for each in said), rule.id
