"""What tells a unit from the others of its rule, wherever it stands in a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from judging import judge
from small_pack import RULE_FILE, SMALL_PACK, pack_files, rule_file, write_pack

from scr_audit import Engine, load_pack
from scr_audit.language.unit_key import UnitKey, is_named, item_key, key_text

PARTS = "for_each: parts as part\nrequire:\n  it: part.fitted\nif_none: not_met"
CHECKS = (
    "for_each: [parts as part, part.checks as check]\n"
    "require:\n  it: check.passed\nif_none: not_met"
)


def keys(rule: str, record: dict[str, Any]) -> list[tuple[str, UnitKey]]:
    return [(finding.unit, finding.key) for finding in judge(rule, record)]


def named_engine(folder: Path, same_by: str, rule: str) -> Engine:
    """The small pack, whose schema names what tells one part from another."""
    schema = pack_files()["records.yaml"].replace(
        "    required: [name]\n", f"    required: [name]\n    x-same-by: {same_by}\n", 1
    )
    changed = {"records.yaml": schema, RULE_FILE: rule_file(rule)}
    return Engine(load_pack(write_pack(folder, changed)))


def test_without_a_choice_of_facts_all_that_is_recorded_is_the_key_but_no_list_in_it() -> None:
    part = {"name": "bell", "worn": False, "fitted_on": "2026-01", "checks": [{"passed": True}]}
    assert keys(PARTS, {"parts": [part]}) == [
        ("/parts/0", [{"name": "bell", "fitted_on": "2026-01", "worn": False}])
    ]


def test_each_loop_has_a_mapping_and_a_list_as_a_whole_those_of_what_it_is_in() -> None:
    checks = [{"passed": True, "on": "2026-01-02"}, {}]
    record = {"parts": [{"name": "bell", "checks": checks}, {"name": "fork", "checks": []}]}
    assert keys(CHECKS, record) == [
        ("/parts/0/checks/0", [{"name": "bell"}, {"passed": True, "on": "2026-01-02"}]),
        ("/parts/0/checks/1", [{"name": "bell"}, {}]),
        ("/parts/1/checks", [{"name": "fork"}]),
    ]
    assert keys(PARTS, {"parts": []}) == [("/parts", [])]


def test_the_record_itself_has_no_mapping() -> None:
    assert keys("require:\n  it: paid", {"paid": True}) == [("", [])]


@pytest.mark.parametrize(
    ("part", "key", "named"),
    [
        ({"name": "a", "fitted_on": "2026-01-02"}, {"fitted_on": "2026-01-02"}, True),
        ({"name": "a", "worn": True, "fitted": True}, {"worn": True}, True),
        ({"name": "a", "fitted": True}, {"name": "a", "fitted": True}, False),
    ],
)
def test_the_facts_that_the_schema_names_are_the_key_as_far_as_they_are_recorded(
    tmp_path: Path, part: dict[str, Any], key: dict[str, Any], *, named: bool
) -> None:
    engine = named_engine(tmp_path, "[fitted_on, worn]", PARTS)
    [finding] = engine.evaluate({"id": "a", "parts": [part]})
    assert finding.key == [key]
    assert is_named(engine.pack.rules[0], finding.key) is named


def test_a_key_is_the_same_of_typed_and_of_plain_values_and_of_a_list_in_any_order() -> None:
    engine = Engine(load_pack(SMALL_PACK))
    record = {
        "id": "a", "wheels": 2, "price": 3.0, "booked_on": "2026-01",
        "opened_at": "2026-01-02T10:00",
        "labels": ["red", "old", "red"], "loan": {"agreed": False, "start": "2026-01-02"},
        "extra": {"any": 1}, "parts": [],
    }  # fmt: skip
    typed = engine._judges.decoder.from_values(record)
    kind = engine.pack.kinds["job"].type
    assert item_key(kind, typed) == item_key(kind, record) == {
        "id": "a", "wheels": 2, "price": 3, "booked_on": "2026-01",
        "opened_at": "2026-01-02T10:00:00", "labels": ["old", "red"],
        "loan.agreed": False, "loan.start": "2026-01-02",
    }  # fmt: skip


def test_equal_keys_have_one_text() -> None:
    assert key_text([{"a": 1, "b": "ö"}, {}]) == key_text([{"b": "ö", "a": 1}, {}])
    assert key_text([]) != key_text([{}])


def test_texts_that_people_read_alike_give_one_key() -> None:
    kind = load_pack(SMALL_PACK).kinds["job"].type.fields["parts"].type.item
    assert kind is not None
    assert item_key(kind, {"name": "bole\u0301 "}) == item_key(kind, {"name": "bolé"})
