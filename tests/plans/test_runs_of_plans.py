"""Runs that a plan limits: records outside, items outside the period, and what cannot be told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import RULE_FILE, SMALL_PACK, rule_file, write_pack
from small_plan import plan_of

from scr_audit import Engine
from scr_audit.packs.load import load_folder
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.runs.bundle import bundle_head
from scr_audit.runs.run import Run
from scr_audit.values.period import Period

PACK = load_folder(SMALL_PACK)
JUNE = Period(date(2025, 6, 1), date(2025, 6, 30))
FITTED = "rules: [part-fitted]\nperiod: {dates: {parts: fitted_on}}\n"
CHECKED = "rules: [part-checked]\nperiod: {dates: {parts: fitted_on}}\n"


def part(day: str | None, **more: Any) -> dict[str, Any]:
    dated = {} if day is None else {"fitted_on": day}
    return {"name": "bell", "worn": True, "fitted": True, "recalled": False, **dated, **more}


def found(folder: Path, more: str, record: dict[str, Any], period: Period | None = JUNE) -> Any:
    engine = Engine(apply_plan(PACK, plan_of(folder, more), period=period))
    findings = engine.evaluate({"id": "J1", **record})
    return {finding.unit: finding.outcome for finding in findings}


def run(folder: Path, more: str, records: list[dict[str, Any]]) -> Run:
    return Engine(apply_plan(PACK, plan_of(folder, more), period=JUNE)).run(records)


def test_items_dated_outside_the_period_are_no_units(tmp_path: Path) -> None:
    parts = [part("2025-05-31"), part("2025-06-01"), part("2025-06-30"), part("2025-07-01")]
    assert found(tmp_path, FITTED, {"parts": parts}) == {"/parts/1": "met", "/parts/2": "met"}


def test_without_a_period_every_item_is_a_unit(tmp_path: Path) -> None:
    record = {"parts": [part("2025-05-31"), part(None)]}
    assert found(tmp_path, FITTED, record, period=None) == {"/parts/0": "met", "/parts/1": "met"}


def test_an_item_without_a_date_is_not_evidenced_and_the_date_is_what_is_missing(
    tmp_path: Path,
) -> None:
    engine = Engine(apply_plan(PACK, plan_of(tmp_path, FITTED), period=JUNE))
    record = {"id": "J1", "parts": [part(None), part("2025"), part("2025-06")]}
    findings = engine.evaluate(record)
    outcomes = [finding.outcome for finding in findings]
    assert outcomes == ["not_evidenced", "not_evidenced", "met"]
    assert findings[0].missing == ("/parts/0/fitted_on",)


def test_a_list_in_an_item_outside_is_passed_over_whatever_it_holds(tmp_path: Path) -> None:
    outside = [part("2025-05-01"), part("2025-05-01", checks=[]), part("2025-05-01", checks=[{}])]
    assert found(tmp_path, CHECKED, {"parts": outside}) == {"/parts": "not_applicable"}


def test_an_empty_list_in_an_item_that_may_be_outside_is_not_evidenced(tmp_path: Path) -> None:
    parts = [part("2025-06-02", checks=[]), part(None, checks=[])]
    assert found(tmp_path, CHECKED, {"parts": parts}) == {
        "/parts/0/checks": "not_met",
        "/parts/1/checks": "not_evidenced",
    }


def test_the_innermost_dated_list_decides(tmp_path: Path) -> None:
    more = "rules: [part-checked]\nperiod:\n  dates: {parts: fitted_on, parts.checks: 'on'}\n"
    checks = [{"passed": True, "on": "2025-05-03"}, {"passed": True, "on": "2025-06-02"}]
    units = found(tmp_path, more, {"parts": [part("2025-05-31", checks=checks)]})
    assert units == {"/parts/0/checks/1": "met"}


def test_the_totals_are_those_of_the_findings(tmp_path: Path) -> None:
    records = [
        {"id": "A", "parts": [part("2025-06-01", checks=[]), part(None), part("2024-01-01")]},
        {"id": "B", "parts": []},
        {"id": "C"},
        {"id": "D", "parts": [part("2025-06-09", checks=[{"passed": True, "on": "2025-06-10"}])]},
    ]
    counted = run(tmp_path, CHECKED, records).totals.rules["part-checked"]
    engine = Engine(apply_plan(PACK, plan_of(tmp_path, CHECKED), period=JUNE))
    outcomes = [f.outcome for record in records for f in engine.evaluate(record)]
    assert counted.named() == {name: outcomes.count(name) for name in counted.named()}


def test_records_for_which_the_filter_is_false_are_counted_and_not_judged(tmp_path: Path) -> None:
    records = [{"id": "A", "paid": True}, {"id": "B", "paid": False}, {"id": "C"}]
    result = run(tmp_path, "records: {where: paid}\n", records)
    assert result.refused == {"outside": 1}
    head = bundle_head(result, plan_of(tmp_path, "records: {where: paid}\n"))
    assert head["input"]["records"] == {
        "read": 3, "judged": 2, "left_out": 0, "outside": 1, "not_drawn": 0, "by_kind": {"job": 2},
    }  # fmt: skip
    assert head["plan"]["filter"] == "paid"


def test_a_record_of_which_the_filter_cannot_tell_is_not_evidenced(tmp_path: Path) -> None:
    more = "rules: [back-in-time]\nrecords: {where: paid}\n"
    engine = Engine(apply_plan(PACK, plan_of(tmp_path, more)))
    record = {"id": "C", "booked_on": "2025-06-01", "returned_on": "2025-06-02"}
    (finding,) = engine.evaluate(record)
    assert (finding.outcome, finding.missing) == ("not_evidenced", ("/paid",))


def test_the_filter_leaves_records_of_other_kinds_alone(tmp_path: Path) -> None:
    records = [{"id": "A", "paid": False}, {"kind": "depot", "id": "N", "name": "N", "open": True}]
    result = run(tmp_path, "records: {where: paid}\n", records)
    assert result.totals.read == {"depot": 1}


def test_rules_without_a_dated_list_are_named_as_not_limited(tmp_path: Path) -> None:
    more = "period: {dates: {parts: fitted_on}}\n"
    head = bundle_head(run(tmp_path, more, [{"id": "A"}]), plan_of(tmp_path, more))
    assert head["plan"]["period"] == {
        "start": "2025-06-01",
        "end": "2025-06-30",
        "text": "1 June to 30 June 2025",
        "not_limited": ["back-in-time", "depot-open"],
        "falls_due": {},
    }


def test_only_the_drawn_records_of_a_sample_are_judged(tmp_path: Path) -> None:
    pack = apply_plan(PACK, plan_of(tmp_path, ""), drawn=frozenset({"B"}))
    result = Engine(pack).run([{"id": "A"}, {"id": "B"}, {"id": "C"}])
    assert (result.refused, result.totals.read) == ({"not_drawn": 2}, {"job": 1})


WORN_PARTS = """
for_each: parts as part
where: part.worn
called: a worn part
require: {fitted: part.fitted}
if_none: not_applicable
"""


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (
            [part("2025-05-31")],
            "The only part listed is not in the period that the audit looks at. "
            "“When was the part fitted?” 31 May 2025, before 1 June 2025.",
        ),
        (
            [part("2025-05-31"), part("2025-06-02", worn=False)],
            "Of the 2 parts listed, none in the period is a worn part.",
        ),
        ([part("2025-06-02", worn=False)], "The only part listed is not a worn part."),
    ],
)
def test_an_item_outside_the_period_is_told_as_that_and_not_as_another_item(
    tmp_path: Path, parts: list[dict[str, Any]], reason: str
) -> None:
    pack = load_folder(write_pack(tmp_path / "pack", {RULE_FILE: rule_file(WORN_PARTS)}))
    plan = plan_of(tmp_path, "rules: [one]\nperiod: {dates: {parts: fitted_on}}\n")
    engine = Engine(apply_plan(pack, plan, period=JUNE))
    (finding,) = engine.evaluate({"id": "J1", "parts": parts})
    assert (finding.outcome, finding.reason) == ("not_applicable", reason)
