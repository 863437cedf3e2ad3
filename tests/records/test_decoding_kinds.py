"""Which kind a record is, and records that a program gives as values."""

import json
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import pytest
from decoding import DATES, DECODER, NO_VALUE, problems

UNKNOWN_KIND = "there is no record kind 'depo'. Did you mean 'depot'? Kinds: job and depot."
DEPOT = '{"kind": "depot", "id": "a", "name": "x"}'


def test_the_kind_is_told_by_the_record_the_caller_or_the_pack() -> None:
    assert type(DECODER.from_json('{"id": "a"}')).__name__ == "JobRecord"
    assert type(DECODER.from_json('{"id": "a", "kind": "job"}')).__name__ == "JobRecord"
    assert type(DECODER.from_json(DEPOT)).__name__ == "DepotRecord"
    assert type(DECODER.from_json(DEPOT, "depot")).__name__ == "DepotRecord"
    assert type(DECODER.from_json('{"id": "a", "name": "x"}', "depot")).__name__ == "DepotRecord"
    assert type(DECODER.from_raw({"id": "a", "name": "x"}, "depot")).__name__ == "DepotRecord"


@pytest.mark.parametrize(
    ("record", "kind", "expected"),
    [
        ('{"kind": "depo", "id": "a"}', None, [("/kind", UNKNOWN_KIND)]),
        ('{"id": "a"}', "depo", [("/kind", UNKNOWN_KIND)]),
        ({"kind": "depo", "id": "a"}, None, [("/kind", UNKNOWN_KIND)]),
        ({"id": "a"}, "depo", [("/kind", UNKNOWN_KIND)]),
        (
            {"id": "a", "kind": []},
            None,
            [("/kind", "there is no record kind []. Kinds: job and depot.")],
        ),
        ('{"id": "a", "kind": 3}', None, [("/kind", "expected 'job', found 3")]),
        ('{"id": "a", "kind": null}', None, [("/kind", "expected 'job', found null")]),
        (
            '{"id": "a", "kind": "job", "name": "x"}',
            "depot",
            [("/kind", "expected 'depot', found \"job\"")],
        ),
    ],
)
def test_a_wrong_kind_is_told(record: Any, kind: str, expected: list[tuple[str, str]]) -> None:
    assert problems(record, kind) == expected


def test_values_of_a_program_may_be_dates_tuples_and_any_mapping() -> None:
    record = DECODER.from_values(
        MappingProxyType(
            {
                "id": "a",
                "booked_on": date(2024, 1, 1),
                "opened_at": datetime(2024, 1, 1, 10),
                "closed_at": date(2024, 1, 2),
                "parts": ({"name": "x"},),
            }
        )
    )
    assert record.booked_on == date(2024, 1, 1)
    assert record.opened_at == datetime(2024, 1, 1, 10, tzinfo=UTC)
    assert record.closed_at.low == datetime(2024, 1, 2, tzinfo=UTC)
    assert record.closed_at.text == "2024-01-02"
    assert record.parts[0].name == "x"


def test_what_records_nothing_is_none_and_what_records_is_kept() -> None:
    blank = " \t\u00a0\u200b\ufeff\u00ad\u3164"
    facts = {
        "customer": blank, "model": "", "paid": " ", "wheels": "\n", "booked_on": "",
        "opened_at": blank, "labels": ["", blank], "tools": ["", "pump"], "parts": [],
        "loan": {"agreed": None, "start": "", "end": None}, "extra": {"a": {"b": None}, "c": ""},
    }  # fmt: skip
    for found in (
        DECODER.from_values({"id": "a", **facts}),
        DECODER.from_json(json.dumps({"id": "a", **facts})),
    ):
        recorded = {name: getattr(found, name) for name in facts}
        assert recorded == {**dict.fromkeys(facts), "tools": ["pump"], "parts": []}
    named = DECODER.from_values({"id": "a", "extra": {"a": []}, "booked_on": datetime(2024, 1, 1)})
    assert (named.extra, named.booked_on) == ({"a": []}, date(2024, 1, 1))


def test_a_required_fact_that_is_blank_is_missing() -> None:
    missing = [("/parts/0/name", "'name' is required and is missing")]
    assert problems({"id": "a", "parts": [{"name": " "}]}) == missing
    assert problems('{"id": "\u200b"}') == [("/id", "'id' is required and is missing")]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"booked_on": datetime(2024, 1, 1, 0, 0, 1)},
            [("/booked_on", f"not a date: {DATES} '2024-01-01T00:00:01'")],
        ),
        ({"price": float("nan")}, [("/price", f"NaN {NO_VALUE}")]),
        ({"wheels": float("nan")}, [("/wheels", f"NaN {NO_VALUE}")]),
        (
            {"price": b"4"},
            [
                (
                    "/price",
                    "expected a number, or null where it is not recorded; found bytes, which are "
                    "no text",
                )
            ],
        ),
        ({"loan": {3: 4}}, [("/loan/3", "unknown fact '3'. Facts here: agreed, start and end.")]),
    ],
)
def test_wrong_values_of_a_program_are_told(
    facts: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems({"id": "a", **facts}) == expected


def test_a_program_gives_a_mapping() -> None:
    assert problems([1]) == [("", "expected a mapping of facts, found list")]
