"""Two records of the same thing made one: what is kept, what is matched, what is a conflict."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from keyed_job import keyed_job
from small_pack import SMALL_PACK

from scr_audit.language.types import FactType, Field, Kind
from scr_audit.packs.load import load_folder
from scr_audit.readings.alignment import origin_at, origins_of
from scr_audit.readings.merged_record import (
    BOTH,
    Conflict,
    Decision,
    Source,
    from_one_source,
    merge_sources,
)

JOB = keyed_job()
FIRST, SECOND = {"file": "a.json", "place": "/0"}, {"file": "b.xlsx", "place": "Start"}


def source(facts: dict[str, Any], origin: dict[str, str]) -> Source:
    return Source({"id": "J1", **facts}, origins_of(facts, **origin))


def merge(first: dict[str, Any], second: dict[str, Any], kind: FactType = JOB) -> Any:
    return merge_sources(kind, source(first, FIRST), source(second, SECOND))


def facts(first: dict[str, Any], second: dict[str, Any]) -> Any:
    found = merge(first, second)
    assert found.conflicts == []
    return {name: value for name, value in found.facts.items() if name != "id"}


def test_what_either_records_is_kept_with_its_origin() -> None:
    found = merge(
        {"safe": True, "loan": {"agreed": False}}, {"paid": None, "loan": {"end": "2026"}}
    )
    assert found.facts == {"id": "J1", "safe": True, "loan": {"agreed": False, "end": "2026"}}
    told = {pointer: origin_at(found.origins, pointer)["file"] for pointer in (
        "/safe", "/loan/agreed", "/loan/end"
    )}  # fmt: skip
    assert told == {"/safe": "a.json", "/loan/agreed": "a.json", "/loan/end": "b.xlsx"}


def test_what_both_say_names_both() -> None:
    found = merge({"safe": True}, {"safe": True})
    assert origin_at(found.origins, "/safe") == {**FIRST, "also": [SECOND]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"safe": True}, {"safe": False}),
        ({"wheels": 2}, {"wheels": 3}),
        ({"customer": "a"}, {"customer": "b"}),
        ({"booked_on": "2026-01"}, {"booked_on": "2026-02-01"}),
        ({"labels": ["x"]}, {"labels": ["x", "y"]}),
        ({"labels": []}, {"labels": ["x"]}),
        ({"parts": []}, {"parts": [{"name": "chain"}]}),
        ({"extra": {"a": 1}}, {"extra": {"a": True}}),
    ],
)
def test_what_differs_is_a_conflict_and_no_side_is_taken(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    found = merge(first, second)
    [conflict] = found.conflicts
    assert (conflict.first_origin, conflict.second_origin) == (FIRST, SECOND)
    assert not {name for name in found.facts if name not in ("id", "extra")}


def test_a_more_precise_date_is_taken_and_told() -> None:
    found = merge({"booked_on": "2026-01"}, {"booked_on": "2026-01-05"})
    assert found.facts["booked_on"] == "2026-01-05"
    assert found.remarks == ["/booked_on: the more precise 2026-01-05 was taken, not 2026-01"]
    assert origin_at(found.origins, "/booked_on") == SECOND


@pytest.mark.parametrize("second", ["2024-08-22T09:00Z", "2024-08-22T10:00:00"])
def test_one_moment_in_two_ways_is_the_same_and_nothing_is_told(second: str) -> None:
    kind = FactType(Kind.DATETIME, zone=ZoneInfo("Europe/London"))
    group = FactType(Kind.OBJECT, fields={"at": Field("at", kind)})
    found = merge({"at": "2024-08-22T10:00"}, {"at": second}, group)
    assert (found.facts["at"], found.remarks) == ("2024-08-22T10:00", [])
    assert origin_at(found.origins, "/at") == {**FIRST, "also": [SECOND]}


def test_words_in_another_order_are_the_same() -> None:
    assert facts({"labels": ["x", "y"]}, {"labels": ["y", "x"]}) == {"labels": ["x", "y"]}


def test_items_are_the_same_by_the_facts_that_the_schema_names() -> None:
    first = {"parts": [{"name": "chain", "worn": True}, {"name": "bell"}]}
    second = {"parts": [{"name": "bell", "fitted": True}, {"name": "chain", "fitted_on": "2026"}]}
    assert facts(first, second) == {
        "parts": [
            {"name": "chain", "worn": True, "fitted_on": "2026"},
            {"name": "bell", "fitted": True},
        ]
    }


UNNAMED = load_folder(SMALL_PACK).kinds["job"].type  # its parts have no `x-same-by`


@pytest.mark.parametrize(
    ("mine", "other", "checks"),
    [
        ([{"on": "2026-01"}, {"on": "2026-02"}], [{"on": "2026-02"}, {"on": "2026-01"}], 2),
        ([{"on": "2026-01"}], [{"on": "2026-01"}, {"on": "2026-02"}], 2),
    ],
)
def test_items_of_which_the_same_is_recorded_are_one_whatever_is_in_their_lists(
    mine: list[Any], other: list[Any], checks: int
) -> None:
    bell, chain = {"name": "bell", "worn": True}, {"name": "chain"}
    found = merge(
        {"parts": [{**bell, "checks": mine}, chain]},
        {"parts": [chain, {**bell, "checks": other}]},
        UNNAMED,
    )
    assert found.conflicts == []
    assert [part["name"] for part in found.facts["parts"]] == ["bell", "chain"]
    assert len(found.facts["parts"][0]["checks"]) == checks


def test_an_item_of_one_source_only_is_kept_and_told() -> None:
    found = merge({"parts": [{"name": "bell"}]}, {"parts": [{"name": "bell"}, {"name": "chain"}]})
    assert [part["name"] for part in found.facts["parts"]] == ["bell", "chain"]
    assert found.remarks == ["/parts: 1 only in b.xlsx"]
    assert origin_at(found.origins, "/parts/1/name") == SECOND


def test_items_that_only_one_has_on_both_sides_may_be_the_same() -> None:
    found = merge(
        {"parts": [{"name": "bell", "fitted_on": "2026-01-05"}]},
        {"parts": [{"name": "bell", "fitted_on": "2026-01-06"}]},
    )
    [conflict] = found.conflicts
    assert conflict.pointer == "/parts"
    assert conflict.first == [{"name": "bell", "fitted_on": "2026-01-05"}]
    assert conflict.second == [{"name": "bell", "fitted_on": "2026-01-06"}]
    assert conflict.takes == ("1", "2", "both", "neither", "own")


def test_two_items_that_fit_alike_are_not_guessed() -> None:
    found = merge(
        {"parts": [{"name": "bell"}]},
        {"parts": [{"name": "bell", "worn": True}, {"name": "bell", "worn": False}]},
    )
    assert [conflict.pointer for conflict in found.conflicts] == ["/parts"]


def test_items_without_such_facts_are_the_same_where_all_is_equal() -> None:
    def parts(*checks: dict[str, Any]) -> dict[str, Any]:
        return {"parts": [{"name": "bell", "checks": list(checks)}]}

    assert facts(parts({"passed": True}), parts({"passed": True})) == parts({"passed": True})
    found = merge(parts({"passed": True}), parts({"passed": False}))
    assert [conflict.pointer for conflict in found.conflicts] == ["/parts/0/checks"]


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        ("1", [{"name": "bell"}]),
        ("2", [{"name": "chain"}]),
        (BOTH, [{"name": "bell"}, {"name": "chain"}]),
    ],
)
def test_a_decision_on_a_list_takes_the_items_of_one_or_both(take: str, expected: Any) -> None:
    decision = Decision(take, "moderator", "2026-05-01", "as the minutes say")
    first, second = ({"parts": [{"name": name}]} for name in ("bell", "chain"))
    found = merge_sources(
        JOB, source(first, FIRST), source(second, SECOND), lambda conflict: decision
    )
    assert found.facts["parts"] == expected
    assert found.conflicts == []


@pytest.mark.parametrize("one_sided", ["kept", "asked"])
@pytest.mark.parametrize("own", [[{"name": "lamp", "worn": True}], []])
def test_items_of_ones_own_stand_in_place_of_those_that_differ(own: Any, one_sided: Any) -> None:
    decision = Decision("own", "moderator", "2026-05-01", "as the minutes say", own)
    first, second = (
        {"parts": [{"name": "fork"}, {"name": name}]} for name in ("bell", "chain")
    )  # fmt: skip
    found = merge_sources(
        JOB, source(first, FIRST), source(second, SECOND), lambda _: decision, one_sided=one_sided
    )
    assert found.facts["parts"] == [{"name": "fork"}, *own]
    assert found.conflicts == []
    origins = found.record("job")["provenance"]
    assert origins["/parts"]["note"] == "as the minutes say"
    assert origin_at(origins, "/parts/0/name") == {**FIRST, "also": [SECOND]}
    assert origin_at(origins, "/parts/1/worn") == origins["/parts"]


@pytest.mark.parametrize(("own", "expected"), [([{"name": "lamp"}], [{"name": "lamp"}]), ([], [])])
def test_items_of_ones_own_can_be_all_there_are(own: Any, expected: Any) -> None:
    decision = Decision("own", "moderator", "2026-05-01", "as the minutes say", own)
    first, second = ({"parts": [{"name": name}]} for name in ("bell", "chain"))
    found = merge_sources(JOB, source(first, FIRST), source(second, SECOND), lambda _: decision)
    assert found.facts["parts"] == expected


@pytest.mark.parametrize(("take", "value"), [("1", True), ("2", False), ("neither", None)])
def test_a_decided_fact_says_who_decided_and_what_each_said(take: str, value: Any) -> None:
    decision = Decision(take, "moderator", "2026-05-01", "as the minutes say")
    asked: list[Conflict] = []

    def decide(conflict: Conflict) -> Decision:
        asked.append(conflict)
        return decision

    found = merge_sources(
        JOB, source({"safe": True}, FIRST), source({"safe": False}, SECOND), decide
    )
    assert found.facts.get("safe") is value
    assert [conflict.pointer for conflict in asked] == ["/safe"]
    assert origin_at(found.origins, "/safe") == {
        "file": "decision",
        "role": "moderator",
        "on": "2026-05-01",
        "note": "as the minutes say",
        "said": [{"value": True, **FIRST}, {"value": False, **SECOND}],
    }


def test_a_record_of_one_source_stays_as_it_is() -> None:
    job = {"safe": True, "parts": [{"name": "bell"}]}
    found = from_one_source(JOB, source(job, FIRST))
    assert found.record("job") == {"id": "J1", "kind": "job", **job, "provenance": {"": FIRST}}
