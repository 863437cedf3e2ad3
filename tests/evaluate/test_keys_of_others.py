"""Keys as JSON of others has them: with hyphens, capitals and a leading underscore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from judging import judge
from small_pack import RULE_FILE, pack_files, problems_of, rule_file, write_pack

from scr_audit import InputError
from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of

RECORDS = (
    pack_files()["records.yaml"]
    .replace(
        "      labels:",
        """\
      birth-date: {type: string, format: date}
      _private: {type: boolean}
      first_seen: {type: string, format: date}
      Result: {$ref: "#/$defs/result"}
      first-visits: {type: array, items: {$ref: "#/$defs/visit"}}
      labels:""",
    )
    .replace(
        "  loan:\n    type",
        """\
  result:
    type: object
    properties:
      is-final: {type: boolean}
      class: {type: boolean}
  visit:
    type: object
    title: Visit
    required: [made-on]
    x-same-by: [made-on]
    x-called: ["the visit of {made-on}"]
    properties:
      made-on: {type: string, format: date}
      was-seen: {type: boolean, x-says: "the bicycle [was|was not] seen at {it}"}
  loan:
    type""",
    )
)


def found(rule: str, record: dict[str, Any]) -> Any:
    return judge(rule, record, records=RECORDS)


@pytest.mark.parametrize(
    ("condition", "record", "expected"),
    [
        ("birth-date is recorded", {"birth-date": "2020-01-02"}, "met"),
        ("birth-date before 2020-01-02", {"birth-date": "2020-01"}, "not_evidenced"),
        ("birth-date before booked_on", {"birth-date": "2020", "booked_on": "2021-01-01"}, "met"),
        ("_private", {"_private": False}, "not_met"),
        ("Result.is-final", {"Result": {"is-final": True}}, "met"),
        ("Result.is-final", {"Result": {"is-final": None}}, "not_evidenced"),
        ("not Result.class", {"Result": {"class": False}}, "met"),
        (
            "{some: first-visits as visit, that: visit.was-seen}",
            {"first-visits": [{"made-on": "2020-01-02", "was-seen": True}]},
            "met",
        ),
    ],
)
def test_a_rule_reads_them(condition: str, record: dict[str, Any], expected: str) -> None:
    [finding] = found(f"require:\n  it: {condition}", record)
    assert finding.outcome == expected


def test_a_finding_shows_the_key_as_it_stands_in_the_record() -> None:
    rule = (
        "for_each: first-visits as visit\nrequire:\n  it: visit.was-seen\nif_none: not_applicable"
    )
    [finding] = found(rule, {"first-visits": [{"made-on": "2020-01-02", "was-seen": False}]})
    assert finding.unit == "/first-visits/0"
    assert finding.key == [{"made-on": "2020-01-02"}]
    assert finding.reason == "The bicycle was not seen at the visit of 2 January 2020."
    assert [fact.pointer for fact in finding.facts] == ["/first-visits/0/was-seen"]
    assert [each.pointer for each in finding.remedy.changes] == ["/first-visits/0/was-seen"]


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (
            {"birth_date": "2020-01-02"},
            "/birth_date: unknown fact 'birth_date'. Did you mean 'birth-date'?",
        ),
        ({"birth-date": True}, '/birth-date: expected a date such as "2026-05-09"'),
        ({"first-visits": [{}]}, "/first-visits/0/made-on: 'made-on' is required and is missing"),
        ({"Result": {"is-final": 3}}, "/Result/is-final: expected true or false"),
    ],
)
def test_a_mistake_is_told_with_the_key_as_it_stands(record: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        found("require: {it: _private}", record)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("birth_date is recorded", "unknown fact 'birth_date'. Did you mean 'birth-date'?"),
        ("{some: first-visits as first-visit, that: safe}", "'first-visit' is not a plain word"),
    ],
)
def test_a_mistake_in_a_rule_is_told(tmp_path: Path, condition: str, message: str) -> None:
    files = {RULE_FILE: rule_file(f"require:\n  it: {condition}"), "records.yaml": RECORDS}
    assert message in problems_of(tmp_path, files)


def test_a_key_with_a_hyphen_that_stands_twice_is_refused(tmp_path: Path) -> None:
    files = {RULE_FILE: rule_file("require: {it: _private}"), "records.yaml": RECORDS}
    decoder = decoder_of(load_folder(write_pack(tmp_path, files)))
    twice = '{"id": "a", "birth-date": "2020-01-02", "birth-date": "2021-01-02"}'
    with pytest.raises(InputError, match="'birth-date' stands twice"):
        decoder.from_json(twice)
    typed = decoder.from_json('{"id": "a", "birth-date": "2020-01-02"}')
    assert decoder.plain({"id": "a", "birth-date": "2020-01-02"})["birth-date"] == "2020-01-02"
    assert typed.birth_date.year == 2020


def test_the_name_of_a_fact_is_told_in_words() -> None:
    [finding] = found("require: {it: _private, other: birth-date is first_seen}", {})
    assert finding.reason == "Not recorded: “private?”, “birth date?”, “first seen?”"
