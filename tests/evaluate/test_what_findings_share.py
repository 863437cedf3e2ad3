"""What is worked out once for several findings makes no difference to any of them."""

from __future__ import annotations

from typing import Any

import pytest
from judging import engine_of

from scr_audit import Engine
from scr_audit.evaluate.finding import Finding

RULES = (
    "applies_when: paid\nrequire: {it: safe}",
    "applies_when: paid\nrequire: {it: wheels at least 3}",
    "for_each: parts as p\nwhere: p.worn\nrequire: {it: p.fitted}\nif_none: not_applicable",
    "for_each: parts as p\nwhere: p.worn\nif_none: not_evidenced\n"
    "require: {it: {some: p.checks as c, that: c.passed}}",
)
WORN = {"name": "bell", "worn": True, "fitted": False, "checks": []}
FIRST = {"id": "a", "paid": False, "safe": True, "parts": [WORN, {"name": "brake"}]}
SECOND = {
    "id": "b",
    "paid": True,
    "safe": False,
    "wheels": 2,
    "parts": [{**WORN, "name": "saddle"}],
}
THIRD = {"id": "c", "safe": False, "parts": []}


def findings(*records: dict[str, Any]) -> list[Finding]:
    engine = Engine(engine_of(*RULES).pack)  # of its own, that nothing is known to
    return [finding for record in records for finding in engine.evaluate(record)]


def by_the_first_two_rules() -> list[Finding]:
    return [finding for finding in findings(FIRST) if finding.rule in ("one", "two")]


ALONE = [finding.to_dict() for each in (FIRST, SECOND, THIRD) for finding in findings(each)]


@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_findings_of_several_records_are_explained_in_any_order(step: int) -> None:
    found = findings(FIRST, SECOND, THIRD)
    places = [place for start in range(step) for place in range(start, len(found), step)]
    told = {place: found[place].to_dict() for place in reversed(places)}
    assert [told[place] for place in range(len(found))] == ALONE


def test_rules_that_ask_the_same_of_a_record_give_the_same_reason() -> None:
    one, two = by_the_first_two_rules()
    assert one.reason == two.reason != ""
    assert one.facts == two.facts


def test_what_one_is_changed_to_is_not_told_by_another() -> None:
    one, two = by_the_first_two_rules()
    one.criteria["it"] = "met"
    one.to_dict()["criteria"]["it"] = "met"
    assert two.criteria == one.criteria == {}
