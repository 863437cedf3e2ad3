"""Qualities of one thing are asked of one thing: two papers with half each are no good paper."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

RULES = Path(__file__).parent.parent.parent / "rules" / "baby-f-2010" / "rules"

# Points that may be spread over several documents, courses or briefings.
SPREAD = re.compile(r"\w+\.(covers|audience) ")

# Criteria that ask for something else than the other criteria over the same list, and why they may.
APART = {
    "investigative-skills-trained: further_needs_known": "is about people, not one course",
    "review-author-training-arranged: untrained_identified": "is about people, not one course",
    "careers-domestic-abuse-training: reviewed": "what was reviewed may have led to another course",
}


def rules_on_returns() -> list[Any]:
    files = [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in sorted(RULES.iterdir())]
    return [rule for file in files for rule in file["rules"] if rule["record"] == "agency"]


@pytest.mark.parametrize("rule", rules_on_returns(), ids=lambda rule: rule["id"])
def test_what_makes_an_item_count_is_asked_by_each_criterion_over_its_list(rule: Any) -> None:
    asked: dict[tuple[str, str], list[Any]] = {}
    for name, condition in rule["require"].items():
        if "some" not in condition or f"{rule['id']}: {name}" in APART:
            continue
        that = condition.get("that", [])
        lines = that if isinstance(that, list) else [that]
        counts = [line for line in lines if not SPREAD.match(str(line))]
        of_what = (condition["some"], str(condition.get("where")))
        assert counts == asked.setdefault(of_what, counts), (
            f"{name} asks {counts} of {of_what}, an earlier criterion {asked[of_what]}: ask all of "
            "one item, under one criterion, or say in APART why several may answer"
        )


def test_what_may_be_asked_apart_is_there() -> None:
    there = {f"{rule['id']}: {name}" for rule in rules_on_returns() for name in rule["require"]}
    assert set(APART) <= there
