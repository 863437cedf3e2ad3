"""A line about a time limit says when it was due and how late it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from judging import judge

import scr_audit

STARTER = Path(scr_audit.__file__).parent / "cli" / "starter"


def reason(answered: str, received: str = "2026-04-02") -> str:
    engine = scr_audit.compile_pack(scr_audit.load_pack(STARTER))
    referral = {"received_on": received, "answered_on": answered, "reasons_given": True}
    [finding] = engine.evaluate({"id": "a", "referrals": [referral]})
    return finding.reason


@pytest.mark.parametrize(
    ("answered", "late"),
    [
        ("2026-04-14", "1 working day late"),
        ("2026-04-16", "3 working days late"),
        ("2026-04-18", "4 working days late"),
    ],
)
def test_the_due_day_and_the_lateness_are_told(answered: str, late: str) -> None:
    assert f", {late} (due by 13 April 2026)." in reason(answered)


@pytest.mark.parametrize("answered", ["2026-04-13", "2026-04-01", "2026-05"])
def test_nothing_is_told_that_is_not_known_or_not_late(answered: str) -> None:
    assert "due by" not in reason(answered)


REVIEWED = """
for_each: parts as part
require:
  checked:
    some: part.checks as check
    where: check.passed
    that: check.on within 10 days after part.fitted_on
if_none: not_applicable
"""


@pytest.mark.parametrize(
    ("checks", "late"),
    [
        # The first that came too late is late; not a later one, nor what is not asked about.
        (["2026-01-20", "2026-01-14", "2026-03-01"], ["3 days late"]),
        (["2025-12-20"], []),
        (["2026"], []),
        ([None], []),
    ],
)
def test_only_what_is_late_is_said_to_be(checks: list[str | None], late: list[str]) -> None:
    found = [{"passed": True, "on": day} for day in checks]
    found.append({"passed": False, "on": "2026-01-12"})
    part = {"name": "x", "fitted_on": "2026-01-01", "checks": found}
    [finding] = judge(REVIEWED, {"parts": [part]}, date(2026, 11, 29))
    assert [one.text for one in finding.late] == late


def test_a_day_off_after_the_last_day_is_late_by_days() -> None:
    """No working day has passed since the last day in time, and yet it is too late."""
    assert ", 2 days late (due by 17 April 2026)." in reason("2026-04-19", received="2026-04-10")


BACK = "returned_on within 5 days after booked_on"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (f"require: {{it: {BACK}}}", True),
        (f"require: {{it: {{any: [{BACK}, paid]}}}}", True),
        (f"require: {{it: {{not: {BACK}}}}}", False),
        (f"require: {{it: {{not: {{not: {BACK}}}}}}}", False),
        (f"applies_when: {BACK}\nrequire: {{it: paid}}", False),
        (f"require: {{it: paid}}\nexcept_when: {{it: {{not: {BACK}}}}}", False),
    ],
)
def test_a_line_says_how_late_it_was_only_where_it_had_to_hold(rule: str, told: bool) -> None:
    record = {"booked_on": "2026-09-28", "returned_on": "2026-10-20", "paid": False}
    [finding] = judge(rule, record, date(2026, 11, 1))
    assert ("17 days late" in finding.reason) == told, finding.reason
    assert bool(finding.late) == told
