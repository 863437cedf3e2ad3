"""How alone records stand."""

from __future__ import annotations

from scr_audit.anonymity.gate import Groups, Uniqueness, quasi_identifiers
from scr_audit.packs.builtin import load_pack

PATHS = (("siblings",), ("people", "*", "relationship"))


def test_the_smallest_group_and_those_below_are_counted() -> None:
    groups = Groups("case", PATHS)
    for people in ('"mother"', '"mother"', '"father"'):
        groups.add(f'{{"id":"x","siblings":1,"people":[{{"relationship":{people}}}]}}'.encode())
    facts = ("/siblings", "/people/*/relationship")
    assert groups.uniqueness(2) == Uniqueness("case", 3, 1, 1, facts)


def test_values_and_json_text_are_alike_and_order_does_not_matter() -> None:
    groups = Groups("case", PATHS)
    groups.add(b'{"people":[{"relationship":"a"},{"relationship":"b"}]}')
    groups.add({"people": [{"relationship": "b"}, {"relationship": "a"}], "siblings": None})
    assert groups.uniqueness(2).k == 2


def test_the_built_in_pack_declares_few_quasi_identifiers() -> None:
    assert list(quasi_identifiers(load_pack().kinds["case"].type)) == [
        ("siblings",),
        ("people", "*", "relationship"),
        ("pregnancies", "*", "mother_age_years"),
    ]
