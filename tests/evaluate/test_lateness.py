"""A line about a time limit says when it was due, what was not counted, and how late it was."""

from __future__ import annotations

from pathlib import Path

import pytest

import scr_audit

STARTER = Path(scr_audit.__file__).parent / "cli" / "starter"


def reason(answered: str) -> str:
    engine = scr_audit.compile_pack(scr_audit.load_pack(STARTER))
    referral = {"received_on": "2026-04-02", "answered_on": answered, "reasons_given": True}
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
def test_the_due_day_the_holidays_and_the_lateness_are_told(answered: str, late: str) -> None:
    assert reason(answered).endswith(
        "; due by 2026-04-13 (not counting Good Friday 2026-04-03, Easter Monday 2026-04-06), "
        f"{late}."
    )


@pytest.mark.parametrize("answered", ["2026-04-13", "2026-04-01", "2026-05"])
def test_nothing_is_told_that_is_not_known_or_not_late(answered: str) -> None:
    assert "due by" not in reason(answered)
