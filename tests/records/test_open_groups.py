"""Groups with `x-open`: what the schema does not name is passed over, what it names is checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit import Engine, InputError, PackError
from scr_audit.anonymity.gate import Gate
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.problems import record_validator
from scr_audit.records.raw import InputFile, Inputs, RawRecord

RECORDS = (
    pack_files()["records.yaml"]
    .replace("  job:\n    type: object\n", "  job:\n    type: object\n    x-open: true\n")
    .replace("  loan:\n    type: object\n", "  loan:\n    type: object\n    x-open: true\n")
)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    files = {RULE_FILE: rule_file("require: {it: loan.agreed}"), "records.yaml": RECORDS}
    return load_folder(write_pack(tmp_path, files))


PASSED_OVER: list[dict[str, Any]] = [
    {"resourceType": "Job"},
    {"meta": {"tags": [1, 2.50, {"a": None}]}, "loan": {"agreed": True, "link": "x"}},
    {"loan": {"agreed": True, "kind": 3, "": {}}},
]


@pytest.mark.parametrize("more", PASSED_OVER)
def test_what_is_not_named_is_passed_over(pack: Pack, more: dict[str, Any]) -> None:
    record = {"id": "a", "safe": True, **more}
    decoder = decoder_of(pack)
    texts = (json.dumps(record), json.dumps({**record, "customer": " "}))  # one as plain values
    typed = [decoder.from_json(text) for text in texts]
    typed += [decoder.from_values(record), decoder.from_values({**record, "wheels": 3.0})]
    agreed = True if "loan" in more else None
    assert [each.loan and each.loan.agreed for each in typed] == [agreed] * 4
    assert record_validator(pack.kinds["job"]).is_valid(record)
    assert set(decoder.plain(record)) <= {"id", "safe", "loan"}


def test_a_group_of_which_nothing_named_is_recorded_is_not_recorded(pack: Pack) -> None:
    decoder = decoder_of(pack)
    record = {"id": "a", "loan": {"link": "x"}}
    assert decoder.from_json(json.dumps(record)).loan is None
    assert decoder.from_values(record).loan is None


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"id": "a", "x": 1, "safe": 3}, "/safe: expected true or false, or null"),
        ({"x": 1}, "/id: 'id' is required and is missing"),
        ({"id": "a", "parts": [{"name": "bell", "x": 1}]}, "/parts/0/x: unknown fact 'x'."),
    ],
)
def test_what_is_named_is_checked_and_other_groups_stay_closed(
    pack: Pack, record: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError) as caught:
        Engine(pack).evaluate(record)
    assert told in str(caught.value)
    assert not record_validator(pack.kinds["job"]).is_valid(record)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"id": "a", "x": 1, "x": 2}', "/x: the key 'x' stands twice in one group"),
        ('{"id": "a", "x": [{"y": 1, "y": 1}]}', "/x/0/y: the key 'y' stands twice in one group"),
        ('{"id": "a", "loan": {"agreed": true, "x": {"y": 1, "y": null}}}', "/loan/x/y: the key"),
        ('{"id": "a", "safe": true, "x": 1, "safe": false}', "/safe: the key 'safe' stands twice"),
        ('{"id": "a", "x": NaN}', "/x: NaN is no number"),
        ('{"id": "a", "x": }', "not JSON"),
    ],
)
def test_a_key_that_stands_twice_is_refused_in_what_is_passed_over_too(
    pack: Pack, text: str, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        Engine(pack).evaluate(text.encode())
    assert told in str(caught.value)


def test_the_gate_looks_at_what_is_passed_over(pack: Pack) -> None:
    record = {"id": "a", "telecom": {"value": "07700 900123"}, "loan": {"x": {"NHS 9434765919": 1}}}
    gate = Gate(pack)
    assert not gate.admit(InputFile("jobs.json"), [RawRecord("/0", json.dumps(record).encode())])
    assert [(found.place, found.kind) for found in gate.findings] == [
        ("jobs.json, /0: /telecom/value", "phone"),
        ("jobs.json, /0: /loan/x/(an NHS number)", "nhs_number"),
    ]


def test_a_column_that_is_no_fact_is_passed_over_where_the_group_is_open(
    pack: Pack, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "jobs.csv").write_text("id,safe,colour,loan.agreed,loan.link\na,yes,red,yes,x\n")
    [(_, [raw])] = read_inputs([str(folder / "*.csv")], pack, Inputs())
    assert decoder_of(pack).from_raw(raw.data, raw.kind).loan.agreed is True
    (folder / "parts.csv").write_text("record,name,colour\na,bell,red\n")
    with pytest.raises(InputError, match="a part has no fact 'colour'"):
        list(read_inputs([str(folder / "*.csv")], pack, Inputs()))


@pytest.mark.parametrize("value", ["yes", "1", "[]"])
def test_whether_a_group_is_open_is_true_or_false(tmp_path: Path, value: str) -> None:
    text = pack_files()["records.yaml"].replace(
        "  loan:\n    type: object\n", f"  loan:\n    type: object\n    x-open: {value}\n"
    )
    with pytest.raises(PackError, match="'x-open' is true or false"):
        load_folder(write_pack(tmp_path, {"records.yaml": text}))
