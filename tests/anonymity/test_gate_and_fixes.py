"""Records before the gate, and after `anonymise`."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pack import SMALL_PACK

from benchmarks import identifiers as sample
from benchmarks.identifier_notes import paperwork
from scr_audit.anonymity.fixes import (
    anonymise,
    anonymise_record,
    anonymised_file,
    fixes_file,
    pseudonym,
)
from scr_audit.anonymity.gate import Gate
from scr_audit.anonymity.scan import Identified, Scanner, scan_record
from scr_audit.documents.fixes import FixesDocument
from scr_audit.documents.parts import checker
from scr_audit.errors import ArgumentError, RecordError, RecordProblem
from scr_audit.mappings import random_key, write_new_key
from scr_audit.packs.load import load_folder
from scr_audit.records.raw import InputFile, RawRecord

KEY = b"a key of sixteen bytes or more"
RECORD = {
    "id": "C9990000018",
    "extra": {
        "note": "DOB 03/05/2009, tel 01632 960123",
        "dob": "2009-05-03",
        "number": 9990000018,
        "surname": "Sampleton",
        "999 000 0026": 1,
        "named": True,
    },
}
FOUND = [
    Identified("/id", "nhs_number"),
    Identified("/extra/note", "birth_date"),
    Identified("/extra/note", "phone"),
    Identified("/extra/dob", "birth_date"),
    Identified("/extra/number", "nhs_number"),
    Identified("/extra/surname", "name_key"),
    Identified("/extra/(an NHS number)", "nhs_number"),
]


def test_keys_values_numbers_and_ids_are_looked_at() -> None:
    assert scan_record(RECORD) == FOUND


@pytest.mark.parametrize("data", [json.dumps(RECORD).encode(), json.dumps(RECORD), RECORD])
def test_the_scanner_finds_the_same_in_text_and_in_values(data: Any) -> None:
    assert Scanner().scan(data) == FOUND


def test_escapes_and_what_is_no_number_hide_nothing() -> None:
    assert Scanner().scan(b'{"id":"\\u0039990000018"}') == [Identified("/id", "nhs_number")]
    assert Scanner().scan(b'{"id":"9990000018","n":NaN}') == [Identified("/id", "nhs_number")]
    assert Scanner().scan(b'{"id":"a","n":9.990000018e9}') == [Identified("/n", "nhs_number")]


@pytest.mark.parametrize("key", [key for key, _ in paperwork.KEYED + paperwork.ORDINARY_KEYED])
@pytest.mark.parametrize("separators", [(",", ":"), (" , ", " : ")])
def test_the_scanner_finds_what_a_key_asks_for(key: str, separators: tuple[str, str]) -> None:
    scanner = Scanner()
    for value in (None, True, "", "2009-05-03", "2009-05", "Testina", 4, [], ["Testina"], {"a": 1}):
        record = {"id": "J1", "extra": {key: value, "other": key}}
        data = json.dumps(record, separators=separators).encode()
        assert scanner.scan(data) == scan_record(record), value


def test_a_record_that_is_no_json_is_looked_at_as_text() -> None:
    assert Scanner().scan(b'{"id": 999 000 0018') == [Identified("", "nhs_number")]
    assert Scanner().scan(b'{"id": "\xe9 999 000 0018"}') == [Identified("", "nhs_number")]


def test_an_identifier_in_a_cell_of_a_form_is_told_at_the_cell() -> None:
    problems = [RecordProblem("Job!C4", "found 999 000 0018"), RecordProblem("", "no 01632 960123")]
    gate = Gate(load_folder(SMALL_PACK))
    assert not gate.admit(InputFile("f.xlsx"), [RawRecord("", RecordError(problems))])
    assert list(map(str, gate.findings)) == [
        "f.xlsx: Job!C4: an NHS number; take it out",
        "f.xlsx: (the record): a telephone number; take it out",
    ]


def test_what_was_done_is_told() -> None:
    made, fixes = anonymise_record(RECORD, KEY)
    assert made == {
        "id": pseudonym("C9990000018", KEY),
        "extra": {
            "note": "DOB 2009-05, tel [telephone number removed]",
            "dob": "2009-05",
            "number": None,
            "removed_1": 1,
            "named": True,
        },
    }
    assert [fix.pointer for fix in fixes][-1] == "/extra/(an NHS number)"


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.lists(st.text(max_size=12), min_size=2, max_size=2))
def test_what_is_anonymised_passes_and_stays(seed: int, around: list[str]) -> None:
    random = Random(seed)  # noqa: S311 - invented data, repeatable
    values = [make(random) for make in sample.NUMBERED.values()]
    record = {"id": values[0], "extra": {v: f"{around[0]} {v} {around[1]}" for v in values}}
    made, _ = anonymise_record(record, KEY)
    assert scan_record(made) == []
    assert anonymise_record(made, KEY) == (made, [])


def test_records_of_a_program_are_anonymised_and_what_may_be_there_twice_is_told() -> None:
    records = [{"id": "J1", "note": "tel 01632 960123"}, {"id": "j1"}]
    found = anonymise(records, load_folder(SMALL_PACK), key=KEY)
    (first, second), (fix,) = found.records, [f for f in found.fixes if f.kind != "id"]
    assert (first[0], first[1]["note"], second[1]["id"]) == (
        "job", "tel [telephone number removed]", pseudonym("j1", KEY)
    )  # fmt: skip
    assert (fix.position, fix.pointer, fix.kind) == ("/0", "/note", "phone")
    assert len(found.look_alikes) == 1
    document = json.loads(fixes_file(found))
    assert checker(FixesDocument)(document)["fixes"][-1]["pointer"] == "/id"


def test_a_short_key_is_refused() -> None:
    pack = load_folder(SMALL_PACK)
    for use in (
        lambda: anonymise([{"id": "J1"}], pack, key=b"short"),
        lambda: pseudonym("J1", b""),
    ):
        with pytest.raises(ArgumentError, match=r"^key: holds fewer than 16 bytes; make a longer"):
            use()


def test_the_key_of_an_office_is_taken_as_its_file_has_it(tmp_path: Path) -> None:
    write_new_key(tmp_path / "key", key := random_key())
    digits = (tmp_path / "key").read_bytes().strip()
    found = anonymise([{"id": "J1"}], load_folder(SMALL_PACK), key=key)
    assert found.records[0][1]["id"] == pseudonym("J1", digits) == pseudonym("J1", key)


def test_a_file_of_records_has_one_of_the_forms_that_there_are() -> None:
    pack = load_folder(SMALL_PACK)
    with pytest.raises(ArgumentError) as told:
        list(anonymised_file(anonymise([{"id": "J1"}], pack), pack, ".csv"))
    assert str(told.value) == "suffix: found '.csv'; expected .json, .ndjson or .jsonl"
