"""How alone records stand."""

from __future__ import annotations

from scr_audit.anonymity.gate import Gate, Groups, Uniqueness, quasi_identifiers
from scr_audit.packs.builtin import load_pack
from scr_audit.records.raw import RawRecord

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


def test_a_record_is_counted_in_its_own_kind() -> None:
    gate = Gate(load_pack())
    gate.count_alike(
        [
            RawRecord(1, b'{"id":"a","siblings":1}'),
            RawRecord(2, b'{"siblings":1,"id":"b","kind":"case"}'),
            RawRecord(3, b'{"id":"c","siblings":1,"kind":"agency"}'),
            RawRecord(4, {"id": "d", "siblings": 1}),
            RawRecord(5, {"id": "e", "siblings": 1, "kind": "agency"}),
            RawRecord("/agencies/0", b'{"id":"f","siblings":1}', "agency"),
            RawRecord("/cases/0", b'{"id":"g","siblings":1}', "case"),
        ]
    )
    (found,) = gate.uniqueness()
    assert (found.kind, found.records, found.k) == ("case", 4, 4)
