"""Maps by key (`x-key`): in JSON a map or a list, behind the decoder a list in the map's order."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import msgspec
import pytest
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit import Engine, RecordError
from scr_audit.anonymity.gate import Gate
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import decode_checked
from scr_audit.records.problems import record_schema, record_validator
from scr_audit.records.raw import RawRecord

TEST = """\
  test:
    type: object
    title: Test
    properties:
      value: {type: integer, x-quasi-identifier: true}
      on: {type: string, format: date}
      steps:
        type: object
        x-key: step-name
        additionalProperties:
          type: object
          required: [done]
          properties: {done: {type: boolean}}
"""
FACT = """\
      tests:
        type: object
        x-key: name
        additionalProperties: {$ref: "#/$defs/test"}
"""
RULE = """
for_each: tests as test
if_none: not_applicable
applies_when: "test.name is 'alt'"
require: {enough: test.value at least 2}
"""
SOME = """
require:
  alt:
    some: tests as test
    where: "test.name is 'alt'"
    that: test.value at least 2
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    records = pack_files()["records.yaml"]
    records = records.replace("      extra: {", f"{FACT}      extra: {{")
    records = records.replace("  loan:\n    type", f"{TEST}  loan:\n    type")
    files = {RULE_FILE: rule_file(RULE, SOME), "records.yaml": records}
    return load_folder(write_pack(tmp_path, files))


def with_tests(tests: Any, **facts: Any) -> dict[str, Any]:
    return {"id": "a", "tests": tests, **facts}


FORMS: list[Any] = [
    {"alt": {"value": 3}, "ast": {"value": 9}},
    {" alt\n": {"value": 3, "name": None}, "ast": {"value": 9.0, "name": "ast "}},
    {"alt": {"name": "", "value": 3}, "ast": {"value": 9}},
    [{"name": "alt", "value": 3}, {"name": "ast", "value": 9}],
    [{"value": 3, "name": " alt"}, {"name": "ast", "value": 9}],
]


@pytest.mark.parametrize("tests", FORMS)
def test_a_map_is_the_list_of_its_items_in_its_order(pack: Pack, tests: Any) -> None:
    decoder, record = decoder_of(pack), with_tests(tests)
    text = json.dumps(record)
    imprecise = json.dumps({**record, "booked_on": "2024-01"})
    blank = json.dumps({**record, "customer": "\u200b", "paid": ""})  # read as plain values
    found = [decoder.from_json(each) for each in (text, imprecise, blank)]
    found += [decoder.from_values(record), decoder.from_json(json.dumps(decoder.plain(record)))]
    found.append(pickle.loads(pickle.dumps(found[0])))  # noqa: S301  # our own
    for typed in found:
        assert [(each.name, each.value) for each in typed.tests] == [("alt", 3), ("ast", 9)]
    said = [{"name": "alt", "value": 3}, {"name": "ast", "value": 9}]
    assert decoder.plain(found[0])["tests"][0]["name"] == "alt"
    assert msgspec.json.encode(decoder.plain(json.dumps(with_tests(FORMS[0])))["tests"]) == (
        msgspec.json.encode(said)
    )
    assert record_validator(pack.kinds["job"]).is_valid(record)


@pytest.mark.parametrize("tests", FORMS)
def test_rules_judge_both_forms_alike(pack: Pack, tests: Any) -> None:
    findings = Engine(pack).evaluate(with_tests(tests))
    told = [(each.rule, each.unit, each.key, each.outcome) for each in findings]
    assert told == [
        ("one", "/tests/0", [{"name": "alt"}], "met"),
        ("one", "/tests/1", [{"name": "ast"}], "not_applicable"),
        ("two", "", [], "met"),
    ]


@pytest.mark.parametrize(
    ("tests", "count"),
    [
        ({}, 0),  # there were none
        ([], 0),
        ({"alt": {}}, 1),
        ({"e\u0301": {}, "\u00e9 ": {}}, 2),  # two items that say one key, as in a list
        ({"a/b~c": {"steps": {"x": {"done": True}}}}, 1),
    ],
)
def test_what_is_recorded_of_a_map(pack: Pack, tests: Any, count: int) -> None:
    decoder = decoder_of(pack)
    for typed in (decoder.from_json(json.dumps(with_tests(tests))),
                  decoder.from_values(with_tests(tests, customer=" "))):  # fmt: skip
        assert len(typed.tests) == count
    assert len(decoder.plain(with_tests(tests))["tests"]) == count


@pytest.mark.parametrize("tests", [None, "", " \u200b"])
def test_a_map_that_records_nothing(pack: Pack, tests: Any) -> None:
    assert decoder_of(pack).from_json(json.dumps(with_tests(tests))).tests is None


FORM = "expected a list, or a group that holds each item under its key, or null where it is not"
REFUSED: list[tuple[Any, str, str]] = [
    ({"alt": {"value": "x"}}, "/tests/alt/value",
     'expected a whole number, or null where it is not recorded; found "x"'),
    ({"alt": {"valeu": 3}}, "/tests/alt/valeu", "unknown fact 'valeu'. Did you mean 'value'?"),
    ({"alt": 3}, "/tests/alt", "expected a group of facts; found 3"),
    ({"alt": None}, "/tests/alt", "expected a group of facts; found null"),
    ({"alt": {"on": "soon"}}, "/tests/alt/on", None),
    ({"alt": {"name": 3}}, "/tests/alt/name",
     "expected a text, or null where it is not recorded; found 3"),
    ({"alt": {"name": "ast"}}, "/tests/alt/name",
     "the item stands under the key \"alt\", and its 'name' is \"ast\"; write the same, or leave "
     "'name' out"),
    ({"a": {"steps": [{"step-name": "x"}]}}, "/tests/a/steps/0/done",
     "'done' is required and is missing"),
    ({"a": {"steps": {"x~/": {"done": True, "step-name": "y"}}}}, "/tests/a/steps/x~0~1/step-name",
     "the item stands under the key \"x~/\", and its 'step-name' is \"y\"; write the same, or "
     "leave 'step-name' out"),
    ({" \u00a0": {}}, "/tests/ \u00a0",
     "nothing can be seen in this key; write what its item is known by"),
    ({3: {}}, "/tests/3", "a key is a text; found 3"),
    ([{"value": 3}], "/tests/0/name", "'name' is required and is missing"),
    ([{"name": " "}], "/tests/0/name", "'name' is required and is missing"),
    (3, "/tests", f"{FORM} recorded; found 3"),
    ("x", "/tests", f"{FORM} recorded; found \"x\""),
]  # fmt: skip


@pytest.mark.parametrize(("tests", "pointer", "message"), REFUSED, ids=repr)
def test_what_does_not_fit_is_told_where_it_was_written(
    pack: Pack, tests: Any, pointer: str, message: str | None
) -> None:
    record, decoder = with_tests(tests), decoder_of(pack)
    has_text_keys = not (isinstance(tests, dict) and 3 in tests)  # JSON has no others
    for given in (record, json.dumps(record))[: 2 if has_text_keys else 1]:
        with pytest.raises(RecordError) as caught:
            decoder.from_raw(given)
        [problem] = caught.value.problems
        assert (problem.pointer, message or problem.message) == (pointer, problem.message)


def test_days_in_a_map_of_which_something_else_is_wrong_are_told_too(pack: Pack) -> None:
    record = with_tests({"alt": 3, "a/b": {"on": "1905-06-27"}})
    with pytest.raises(RecordError) as caught:
        decode_checked(decoder_of(pack), json.dumps(record), None, None)
    assert [problem.pointer for problem in caught.value.problems] == [
        "/tests/alt",
        "/tests/a~1b/on",
    ]


def test_an_item_that_a_remedy_adds_has_a_key(pack: Pack) -> None:
    rule = next(each for each in Engine(pack).evaluate(with_tests({})) if each.rule == "two")
    assert rule.remedy is not None
    changes = [(change.pointer, change.then) for change in rule.remedy.changes]
    assert changes == [("/tests/0/name", "alt"), ("/tests/0/value", 2)]


def test_the_published_schema_has_the_map_and_the_list(pack: Pack) -> None:
    found = record_schema(pack.kinds["job"])["properties"]["tests"]
    assert (found["if"], found["type"]) == (
        {"type": "object"},
        ["array", "object", "string", "null"],
    )
    assert "name" not in found["then"]["additionalProperties"]["required"]
    assert "name" in found["else"]["items"]["required"]


def test_a_key_that_stands_twice_in_a_map_is_refused(pack: Pack) -> None:
    with pytest.raises(RecordError, match="the key 'alt' stands twice in one group"):
        decoder_of(pack).from_json('{"id": "a", "tests": {"alt": {"value": 1}, "alt": {}}}')
    with pytest.raises(RecordError, match="the key 'value' stands twice in one group"):
        decoder_of(pack).from_json('{"id": "a", "tests": [{"name": "x", "value": 1, "value": 1}]}')


def test_quasi_identifiers_are_counted_in_both_forms(pack: Pack) -> None:
    gate = Gate(pack, require_k=2)
    records = [with_tests(FORMS[0]), with_tests(FORMS[3]), with_tests({"alt": {"value": 7}})]
    gate.count_alike([RawRecord(f"/{n}", json.dumps(r).encode()) for n, r in enumerate(records)])
    [found] = gate.uniqueness()
    assert (found.records, found.k, found.below) == (3, 1, 1)
