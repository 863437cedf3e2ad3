"""The review's own action plans, judged as records; and records that are made of others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import scr_audit
from scr_audit.packs.builtin import shipped

PLAN = shipped("rules") / "baby-f-2010" / "action-plan.yaml"
WITHOUT = ["5.9.9", "5.9.10", "5.9.11", "5.14.1", "5.22.1", "5.22.2"]


@pytest.fixture(scope="module")
def findings() -> list[scr_audit.Finding]:
    found: list[scr_audit.Finding] = []
    engine = scr_audit.compile_pack(scr_audit.load_pack("baby-f-2010"))
    run = engine.run(PLAN, as_of=date(2010, 7, 12), on_findings=found.extend)
    assert run.left_out == ()
    assert run.totals.read["recommendation"] == 70
    return found


def of(findings: list[scr_audit.Finding], rule: str, outcome: str) -> list[str]:
    return [f.record for f in findings if (f.rule, f.outcome) == (rule, outcome)]


def test_the_run_finds_by_itself_that_six_recommendations_have_no_action(
    findings: list[scr_audit.Finding],
) -> None:
    assert of(findings, "recommendation-has-action", "not_met") == WITHOUT


def test_of_what_is_gathered_nobody_said_that_there_was_none(
    findings: list[scr_audit.Finding],
) -> None:
    [reason] = {f.reason for f in findings if f.outcome == "not_met" and f.record == WITHOUT[0]}
    assert reason == "No action that still stands serves this recommendation."


def test_it_finds_the_rows_without_evidence_or_a_target_date(
    findings: list[scr_audit.Finding],
) -> None:
    without_evidence = of(findings, "action-evidence-named", "not_met")
    without_date = of(findings, "action-target-date-given", "not_met")
    assert all(row.startswith(("5.8", "5.11.CHS", "5.13", "5.15")) for row in without_evidence)
    assert {row.rpartition("-")[0] for row in without_evidence} >= {"5.8.1", "5.8.2", "5.8.3"}
    assert {"5.8.1", "5.8.2"} <= {row.rpartition("-")[0] for row in without_date}


def test_an_action_whose_month_has_passed_is_overdue_and_not_before() -> None:
    engine = scr_audit.compile_pack(scr_audit.load_pack("baby-f-2010"))
    action = {"id": "x", "kind": "action", "target_date": "2010-10", "completed": False}
    outcomes = {}
    for day in (date(2010, 9, 30), date(2010, 10, 31), date(2010, 11, 1)):
        found = engine.evaluate({**action, "target_date_given": True}, as_of=day)
        outcomes[day] = next(f.outcome for f in found if f.rule == "action-not-overdue")
    assert list(outcomes.values()) == ["met", "met", "not_met"]


def test_nothing_is_made_where_no_action_was_read() -> None:
    engine = scr_audit.compile_pack(scr_audit.load_pack("baby-f-2010"))
    assert "recommendation" not in engine.run([{"id": "c"}]).totals.read


def test_yaml_records_are_told_where_they_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "actions.yaml"
    path.write_text("actions:\n  - {id: a, owner_named: maybe}\n", encoding="utf-8")
    run = scr_audit.compile_pack(scr_audit.load_pack("baby-f-2010")).run(path)
    [left_out] = run.left_out
    assert (left_out.position, left_out.record) == ("/actions/0", "a")
    assert str(left_out.problems[0]) == (
        '/owner_named: expected true or false, or null where it is not recorded; found "maybe"'
    )


def test_an_action_left_out_does_not_make_its_recommendation_seem_without_any() -> None:
    """What could not be read may have been the action: then it is not evidenced."""
    engine = scr_audit.compile_pack(scr_audit.load_pack("baby-f-2010"))
    good = {"id": "a", "kind": "action", "recommendation": "5.9.5"}
    bad = {"id": "b", "kind": "action", "recommendation": "5.9.9", "owner_named": "maybe"}
    found: list[scr_audit.Finding] = []
    engine.run([good, bad], on_findings=found.extend)
    assert of(found, "recommendation-has-action", "not_met") == []
    assert of(found, "recommendation-has-action", "met") == ["5.9.5"]
    assert "5.9.9" in of(found, "recommendation-has-action", "not_evidenced")
