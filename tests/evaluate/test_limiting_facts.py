"""A fact in place of the number of a line or a count: a limit that each record has of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from judging import judge, outcome
from small_pack import RULE_FILE, rule_file, write_pack
from worded import records

from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.packs.load import load_folder

WITHIN = "returned_on within wheels days after booked_on"
APART = "returned_on at least wheels months after booked_on"
HOURS = "closed_at within price hours after opened_at"
SHARE = "price at least wheels per cent of wheels"
COUNT = "{count: parts as p, where: p.fitted, is: at least wheels}"
BARE = "{count: parts as p, is: wheels}"
BOOKED = {"booked_on": "2024-01-01"}
FITTED: dict[str, Any] = {"parts": [{"name": "a", "fitted": True}, {"name": "b"}]}


@pytest.mark.parametrize(
    ("condition", "record", "expected"),
    [
        (WITHIN, {**BOOKED, "returned_on": "2024-01-04", "wheels": 3}, "met"),
        (WITHIN, {**BOOKED, "returned_on": "2024-01-05", "wheels": 3}, "not_met"),
        (WITHIN, {**BOOKED, "returned_on": "2024-01-05"}, "not_evidenced"),
        (WITHIN, {**BOOKED, "returned_on": "2024-01", "wheels": 3}, "not_evidenced"),
        (WITHIN, {**BOOKED, "returned_on": "2024-02", "wheels": 3}, "not_met"),
        (APART, {**BOOKED, "returned_on": "2024-03-01", "wheels": 2}, "met"),
        (APART, {**BOOKED, "returned_on": "2024-02-29", "wheels": 2}, "not_met"),
        (HOURS, {"opened_at": "2024-01-01T09:00", "closed_at": "2024-01-01T09:30", "price": 0.5},
         "met"),
        (HOURS, {"opened_at": "2024-01-01T09:00", "closed_at": "2024-01-01T09:31", "price": 0.5},
         "not_met"),
        (HOURS, {"opened_at": "2024-01-01T09:00", "closed_at": "2024-01-01T09:31", "price": 1e300},
         "met"),
        (SHARE, {"price": 0.04, "wheels": 2}, "met"),
        (SHARE, {"price": 0.03, "wheels": 2}, "not_met"),
        (COUNT, {**FITTED, "wheels": 1}, "met"),
        (COUNT, {**FITTED, "wheels": 2}, "not_evidenced"),
        (COUNT, {**FITTED, "wheels": 3}, "not_met"),
        (COUNT, FITTED, "not_evidenced"),
        (BARE, {**FITTED, "wheels": 2}, "met"),
        (BARE, {**FITTED, "wheels": 1}, "not_met"),
    ],
)  # fmt: skip
def test_a_fact_limits_a_line_or_a_count(
    condition: str, record: dict[str, Any], expected: str
) -> None:
    assert outcome(condition, record) == expected


def test_a_duty_is_due_by_the_day_that_its_record_says() -> None:
    rule = f"require:\n  it: {WITHIN}"
    found = [
        judge(rule, {**BOOKED, "wheels": wheels}, date(2024, 1, 3))[0] for wheels in (1, 3, None)
    ]
    outcomes = [(finding.outcome, finding.due) for finding in found]
    due = ("not_applicable", date(2024, 1, 4))
    assert outcomes == [("not_evidenced", None), due, ("not_evidenced", None)]


RETURNED, WAS_BOOKED = "“When was the bicycle returned?”", "“When was the job booked?”"


@pytest.mark.parametrize(
    ("condition", "record", "reason", "changed"),
    [
        (WITHIN, {**BOOKED, "returned_on": "2024-01-05", "wheels": 3},
         f"{RETURNED} 5 January 2024, 1 day late (due by 4 January 2024).",
         {"/returned_on": "2024-01-04"}),
        (f"not {APART}", {**BOOKED, "returned_on": "2024-03-01", "wheels": 2},
         f"{RETURNED} 1 March 2024. {WAS_BOOKED} 1 January 2024. “wheels?” 2.",
         {"/returned_on": "2024-02-29"}),
        (APART, {**BOOKED, "returned_on": "2024-02-29", "wheels": 2},
         f"{RETURNED} 29 February 2024, less than 2 months after {WAS_BOOKED} 1 January 2024. "
         "“wheels?” 2.", {"/returned_on": "2024-03-01"}),
        (WITHIN, {**BOOKED, "returned_on": "2024-01-04"}, "Not recorded: “wheels?”", None),
        (COUNT, {**FITTED, "wheels": 3},
         "1 to 2 of 2 parts listed count, and the rule asks for at least 3.", None),
        (COUNT, FITTED, "Not recorded: “wheels?”", None),
    ],
)  # fmt: skip
def test_what_was_agreed_is_told_and_is_no_remedy(
    condition: str, record: dict[str, Any], reason: str, changed: dict[str, Any] | None
) -> None:
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert finding.reason == reason
    if changed is not None:
        assert finding.remedy is not None
        assert {each.pointer: each.then for each in finding.remedy.changes} == changed


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (WITHIN, "the bicycle was returned within (wheels of the job) days after the job was "
         "booked"),
        (COUNT, "at least (wheels of the job) listed that count as parts, of which this is so:"),
    ],
)  # fmt: skip
def test_the_fact_is_read_aloud(tmp_path: Path, condition: str, said: str) -> None:
    rule = rule_file(f"require:\n  it: {condition}")
    files = {RULE_FILE: rule, "records.yaml": records(("the {name}",))}
    pack = load_folder(write_pack(tmp_path, files))
    assert said in [line.text for line in rule_lines(pack.rules[0], pack.parameters)]
