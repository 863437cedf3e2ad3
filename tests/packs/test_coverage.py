"""Traceability: no recommendation without a rule, no rule without its paragraph."""

from __future__ import annotations

import pytest

import scr_audit
from scr_audit.packs.pack import BY_A_PERSON, ENCODED, NOT_ENCODABLE, coverage

# The review's recommendations by section: how many it numbers there.
SECTIONS = {
    "5": 7,
    "5.8": 3,
    "5.9": 11,
    "5.10": 3,
    "5.11.GP": 2,
    "5.11.CHS": 8,
    "5.12": 6,
    "5.13": 6,
    "5.14": 1,
    "5.15": 1,
    "5.16": 3,
    "5.17": 5,
    "5.18": 4,
    "5.19": 1,
    "5.22": 9,
}
SEVENTY = [f"{section}.{n}" for section, count in SECTIONS.items() for n in range(1, count + 1)]


def test_there_are_seventy() -> None:
    assert len(SEVENTY) == 70


def test_every_one_of_the_seventy_has_a_rule_and_every_rule_examples() -> None:
    pack = scr_audit.load_pack("baby-f-2010")
    rows = {row.id: row for row in coverage(pack)}
    for recommendation in SEVENTY:
        row = rows[recommendation]
        assert row.status in (ENCODED, BY_A_PERSON), recommendation
        assert row.rules, recommendation
        assert row.facts, recommendation
    assert all(pack.examples[rule.id] for rule in pack.rules)


@pytest.mark.parametrize("name", ["baby-f-2010", "review-process"])
def test_each_level_of_a_recommendation_has_its_rule(name: str) -> None:
    """A recommendation that touches cases has a rule for cases, and the same for agencies."""
    pack = scr_audit.load_pack(name)
    for item in pack.recommendations:
        kinds = {rule.kind for rule in pack.rules if rule.paragraph == item.id}
        assert set(item.level) <= kinds, item.id


def test_every_paragraph_of_the_narrative_is_cited_or_says_why_not() -> None:
    pack = scr_audit.load_pack("baby-f-2010")
    rows = {row.id: row for row in coverage(pack)}
    sections = [f"3.{n}" for n in range(1, 15)] + [f"4.{n}" for n in range(1, 8)]
    for paragraph in sections:
        row = rows[paragraph]
        assert row.rules or (row.status == NOT_ENCODABLE and row.reason), paragraph


def test_a_fact_that_a_person_attests_is_marked() -> None:
    rows = {row.id: row for row in coverage(scr_audit.load_pack("baby-f-2010"))}
    assert rows["5.6"].status == BY_A_PERSON
    assert "action.specific.value" in rows["5.6"].attested
    assert "action.owner_named" not in rows["5.6"].attested
