"""Two readings of a sample: items matched, facts and verdicts compared, every difference listed."""

from __future__ import annotations

import json
import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from keyed_job import keyed_job
from small_pack import SMALL_PACK

from scr_audit.packs.load import load_folder
from scr_audit.readings.agreement import AuditorReading, agreement_document, compare_values
from scr_audit.readings.alignment import align, origins_of
from scr_audit.readings.jobs import agree, moderate
from scr_audit.readings.merged_record import Source
from scr_audit.report.agreement import (
    agreement_sentences,
    disagreements_table,
    facts_agreement,
    verdicts_table,
)

PACK = load_folder(SMALL_PACK)
DATA = SMALL_PACK.parent
STARTER = Path(str(files("scr_audit.cli"))) / "starter"
JOB = keyed_job()
DAY = date(2026, 1, 1)
CHAIN, BELL = ({"name": n, "fitted_on": "2026-01-02"} for n in ("chain", "bell"))


def side(*jobs: dict[str, Any], role: str | None = None) -> AuditorReading:
    told = {} if role is None else {"provenance": {"": {"file": "f.xlsx", "role": role}}}
    readings = {
        ("job", job["id"]): Source(job, origins_of({**job, **told}, file="f.json", place="/0"))
        for job in jobs
    }
    return AuditorReading(({"name": "f.json", "sha256": "0"},), readings)


def document(first: AuditorReading, second: AuditorReading) -> dict[str, Any]:
    return agreement_document(PACK, first, second, as_of=DAY)


def of_fact(found: dict[str, Any], path: str) -> dict[str, Any]:
    [fact] = [fact for fact in found["facts"] if fact["fact"] == path]
    return fact


def test_items_are_compared_with_the_same_thing_wherever_it_stands() -> None:
    first = {"id": "J1", "parts": [{**CHAIN, "worn": True}, {**BELL, "worn": False}]}
    second = {"id": "J1", "parts": [{**BELL, "worn": False}, {**CHAIN, "worn": False}]}
    found = align(JOB, first, second)
    worn = [place for place in found.places if place.path == "parts.*.worn"]
    assert [(place.pointers, compare_values(place)) for place in worn] == [
        (("/parts/0/worn", "/parts/1/worn"), "different"),
        (("/parts/1/worn", "/parts/0/worn"), "equal"),
    ]
    assert found.in_first("/parts/1/checks") == "/parts/0/checks"
    assert found.in_first("/parts/2") is None
    assert found.in_first("") == ""


@pytest.mark.parametrize(
    ("first", "second", "compared"),
    [
        ({"safe": True}, {"safe": True}, "equal"),
        ({"safe": True}, {"safe": False}, "different"),
        ({"safe": True}, {}, "first_only"),
        ({}, {"safe": None, "paid": True}, "neither"),
        ({"booked_on": "2026-01"}, {"booked_on": "2026-01-03"}, "equal"),
        ({"parts": []}, {}, "first_only"),
        ({"parts": []}, {"parts": [CHAIN]}, "different"),
        ({"parts": [CHAIN]}, {"parts": [CHAIN]}, "equal"),
        ({"loan": {"agreed": True}}, {}, "first_only"),
    ],
)
def test_how_a_fact_compares(first: dict[str, Any], second: dict[str, Any], compared: str) -> None:
    name = next(iter({**first, **second}))
    path = "loan.agreed" if name == "loan" else name
    places = align(JOB, {"id": "J1", **first}, {"id": "J1", **second}).places
    [place] = [place for place in places if place.path == path]
    assert compare_values(place) == compared


def test_facts_are_counted_and_every_difference_is_listed() -> None:
    jobs = [{"id": f"J{n}", "safe": n > 1, "model": "city"} for n in range(4)]
    other = [{**job, "safe": True} for job in jobs]
    del other[3]["model"]
    found = document(side(*jobs), side(*reversed(other), role="peer"))
    assert found["records"] == 4
    safe = of_fact(found, "safe")
    assert safe["counts"] == {
        "equal": 2, "different": 2, "first_only": 0, "second_only": 0, "neither": 0,
    }  # fmt: skip
    assert (safe["n"], safe["agreed"], safe["share"], safe["kappa"]) == (4, 2, 0.5, 0.0)
    listed = [(item["record"], item["fact"], item["how"]) for item in found["disagreements"]]
    assert listed == [
        ("J0", "safe", "different"),
        ("J1", "safe", "different"),
        ("J3", "model", "first_only"),
    ]
    assert found["disagreements"][0]["second"] == {
        "pointer": "/safe", "value": True, "provenance": {"file": "f.xlsx", "role": "peer"},
    }  # fmt: skip
    assert found["second"]["roles"] == ["peer"]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ([CHAIN, BELL], [CHAIN], "does not list this one (lists 1 other)"),
        ([CHAIN], [], []),
    ],
)
def test_a_list_that_lacks_an_item_is_called_empty_only_where_it_is(
    first: list[Any], second: list[Any], said: Any
) -> None:
    jobs = [{"id": "J1", "parts": parts} for parts in (first, second)]
    [one] = document(side(jobs[0]), side(jobs[1]))["disagreements"]
    [other] = document(side(jobs[1]), side(jobs[0]))["disagreements"]
    assert one["first"]["value"] == other["second"]["value"] == [first[-1]]
    assert one["second"]["value"] == other["first"]["value"] == said


def test_a_text_has_per_cent_agreement_and_no_kappa() -> None:
    found = document(side({"id": "J1", "customer": "a"}), side({"id": "J1", "customer": "b"}))
    customer = of_fact(found, "customer")
    assert (customer["share"], customer["kappa"], customer["has_kappa"]) == (0.0, None, False)


def test_verdicts_are_compared_unit_by_unit() -> None:
    worn = {"name": "chain", "worn": True, "recalled": False}
    first = {"id": "J1", "paid": True, "parts": [{**worn, "fitted": True}]}
    second = {"id": "J1", "paid": True, "parts": [{**worn, "fitted": True}]}
    same = document(side(first), side(second))
    [rule] = [rule for rule in same["rules"] if rule["id"] == "part-fitted"]
    assert (rule["n"], rule["share"], rule["differ"]) == (1, 1.0, [])
    second["booked_on"], first["booked_on"] = "2025-01-01", "2025-01-01"
    first["returned_on"], second["returned_on"] = "2025-01-02", "2025-12-01"
    other = document(side(first), side(second))
    [rule] = [rule for rule in other["rules"] if rule["id"] == "back-in-time"]
    assert rule["differ"] == [
        {"record": "J1", "unit": "", "key": [], "first": "met", "second": "not_met"}
    ]


def test_records_that_only_one_read_are_told_and_not_compared() -> None:
    found = document(side({"id": "J1"}, {"id": "J2"}), side({"id": "J1"}, {"id": "J3"}))
    assert found["records"] == 1
    assert found["first"]["only_here"] == [{"kind": "job", "record": "J2"}]
    assert found["second"]["only_here"] == [{"kind": "job", "record": "J3"}]


def test_a_reading_agrees_with_itself_in_everything() -> None:
    jobs = [{"id": "J1", "safe": True, "parts": [CHAIN, BELL]}, {"id": "J2", "paid": False}]
    found = document(side(*jobs), side(*jobs))
    assert found["disagreements"] == []
    for part in ("rules", "facts"):
        shares = [(row["n"] > 0, row["share"]) for row in found[part]]
        assert set(shares) <= {(True, 1.0), (False, None)}


def readings(folder: Path) -> list[AuditorReading]:
    """The two readings of fifty referrals that differ on fifteen."""
    return [
        side_of(json.loads((folder / f"agree-{name}.json").read_text("utf-8"))["cases"])
        for name in ("first", "second")
    ]


def side_of(cases: list[dict[str, Any]]) -> AuditorReading:
    return AuditorReading(
        ({"name": "f.json", "sha256": "0"},),
        {
            ("case", case["id"]): Source(case, origins_of(case, file="f.json", place=""))
            for case in cases
        },
    )


@pytest.mark.parametrize("same_by", ["", "x-same-by: [received_on]"])
def test_an_item_recorded_differently_is_a_disagreement_and_not_left_out(
    tmp_path: Path, same_by: str
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(STARTER, folder)
    schema = (folder / "records.yaml").read_text("utf-8")
    assert "x-same-by: [received_on]" in schema
    (folder / "records.yaml").write_text(
        schema.replace("x-same-by: [received_on]", same_by or "description: plain")
    )
    first, second = readings(DATA)
    found = agreement_document(load_folder(folder), first, second, as_of=DAY)
    [rule] = found["rules"]
    assert (rule["n"], rule["agreed"], rule["share"]) == (50, 35, 0.7)
    assert rule["kappa"] == pytest.approx(0.4)
    reasons = of_fact(found, "referrals.*.reasons_given")
    assert (reasons["n"], reasons["agreed"]) == (50, 35)


def test_items_pair_by_the_rest_of_their_facts_where_the_telling_one_differs() -> None:
    first = {"id": "J1", "parts": [{**CHAIN, "worn": True}, {**BELL, "fitted": True}]}
    second = {"id": "J1", "parts": [{**BELL, "name": "gong", "fitted": True}, {**CHAIN}]}
    second["parts"][1]["worn"] = True
    found = align(JOB, first, second)
    assert found.first_of == {"/parts/1": "/parts/0", "/parts/0": "/parts/1"}
    compared = document(side(first), side(second))
    assert "1 item paired by the rest of what is recorded" in agreement_sentences(compared)[2]
    assert [(row[3], row[4:6]) for row in disagreements_table(compared).rows] == [
        ("they differ; paired by the rest of what is recorded", ("bell", "gong"))
    ]


def test_rules_that_compare_nothing_are_not_counted_among_those_that_compare_few() -> None:
    first = {"id": "J1", "parts": [{**CHAIN, "worn": True}, {"name": "bell", "worn": False}]}
    found = document(side(first), side({"id": "J1", "parts": [{**CHAIN, "worn": True}]}))
    assert sorted(rule["n"] for rule in found["rules"]) == [0, 0, 1]
    assert "1 of 1 rule compares fewer than 20 findings" in agreement_sentences(found)[2]
    assert "; 2 rules compare nothing" in agreement_sentences(found)[2]


def test_what_only_one_recorded_counts_against_the_list_and_each_of_its_facts() -> None:
    first = {"id": "J1", "parts": [{**CHAIN, "worn": True}, {"name": "bell", "worn": False}]}
    found = document(side(first), side({"id": "J1", "parts": [{**CHAIN, "worn": True}]}))
    parts, worn = of_fact(found, "parts"), of_fact(found, "parts.*.worn")
    assert (parts["n"], parts["agreed"], parts["counts"]["first_only"]) == (2, 1, 1)
    assert (worn["n"], worn["agreed"], worn["counts"]["first_only"]) == (2, 1, 1)
    assert [item["fact"] for item in found["disagreements"]] == ["parts"]
    [rule] = [rule for rule in found["rules"] if rule["id"] == "part-fitted"]
    assert (rule["n"], rule["agreed"], rule["only_first"], rule["neither"]) == (1, 0, 1, 1)
    turned = document(side({"id": "J1", "parts": [CHAIN]}), side(first))
    assert [verdicts_table(each).rows for each in (found, turned)] == [
        [("J1", "part-fitted", "part bell, worn no", "not applicable", "not in this reading")],
        [("J1", "part-fitted", "part bell, worn no", "not in this reading", "not applicable")],
    ]
    assert rule["note"] == (
        "one of them answers the same throughout, which makes kappa 0; only 1: too few (fewer than "
        "20) to tell good agreement from luck; 1 in one reading only, which count as disagreement"
    )


def test_the_headline_has_the_sums_of_the_table_by_fact() -> None:
    """An item that one reading lacks is one entry of the list, and as many answers as it has."""
    first = {"id": "J1", "safe": True, "parts": [{**CHAIN, "worn": True}]}
    found = document(side(first), side({"id": "J1", "safe": True}))
    assert [item["fact"] for item in found["disagreements"]] == ["parts"]
    rows = [row for row in facts_agreement(found).rows if row[3]]
    assert [(row[0], *row[3:5]) for row in rows] == [
        ("parts", 1, 0),
        ("parts.*.name", 1, 0),
        ("parts.*.fitted_on", 1, 0),
        ("parts.*.worn", 1, 0),
        ("safe", 1, 1),
    ]
    assert agreement_sentences(found)[0].startswith(
        "1 record read by both auditors; 5 answers compared, 4 disagreements. What neither "
    )


def test_items_that_cannot_be_told_apart_are_paired_with_none() -> None:
    first = {"id": "J1", "parts": [{**CHAIN, "worn": True}, {**CHAIN, "worn": False}]}
    second = {"id": "J1", "parts": [{**CHAIN, "worn": None, "fitted": True}]}
    found = align(JOB, first, second)
    assert (found.first_of, found.alike) == ({}, 2)


def test_a_list_is_no_reading() -> None:
    listed: Any = ["a.json"]
    for work in (agree, moderate):
        with pytest.raises(TypeError, match="not list"):
            work(listed, "b.json", pack=SMALL_PACK)
