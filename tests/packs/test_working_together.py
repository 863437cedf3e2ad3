"""The statutory timescales: judged by the edition in force, and a late event explains itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import scr_audit

CONFERENCE = "wt-initial-conference-in-time"
TODAY = date(2026, 11, 24)


def outcome(record: dict[str, Any], rule: str, settings: Path | None = None) -> tuple[str, str]:
    engine = scr_audit.compile_pack(scr_audit.load_pack(settings=settings))
    [finding] = [f for f in engine.evaluate({"id": "a", **record}, as_of=TODAY) if f.rule == rule]
    return finding.outcome, finding.reason


def enquiry(discussed: str, held: str) -> dict[str, Any]:
    return {
        "section_47_enquiries": [
            {
                "strategy_discussion_date": discussed,
                "last_strategy_discussion_date": discussed,
                "outcome": "initial_conference",
                "conference_date": held,
            }
        ]
    }


def test_a_late_conference_says_when_it_was_due() -> None:
    """Fifteen working days from 1 April 2026, over Easter and before May Day."""
    found, reason = outcome(enquiry("2026-04-01", "2026-04-29"), CONFERENCE)
    assert found == "not_met"
    assert "29 April 2026, 3 working days late (due by 24 April 2026)" in reason


def test_a_conference_on_the_last_day_is_in_time() -> None:
    assert outcome(enquiry("2026-04-01", "2026-04-24"), CONFERENCE)[0] == "met"


@pytest.mark.parametrize(
    ("start", "completed", "found"),
    [
        ("2010-02-01", "2010-02-10", "met"),  # seven working days until March 2010
        ("2010-02-01", "2010-02-12", "not_met"),
        ("2010-04-06", "2010-04-20", "met"),  # ten since
        ("2010-04-06", "2010-04-21", "not_met"),
        ("2013-05-07", "2013-06-30", "not_applicable"),  # one assessment since April 2013
    ],
)
def test_an_initial_assessment_is_judged_by_the_edition_of_its_day(
    start: str, completed: str, found: str
) -> None:
    assessment = {
        "agency": "childrens_social_care",
        "type": "initial",
        "start": start,
        "completed": True,
        "completed_on": completed,
    }
    assert outcome({"assessments": [assessment]}, "wt-initial-assessment-in-time")[0] == found


def test_a_settings_file_overrides_a_local_policy(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(
        "parameters:\n  visit_working_days: [{value: 3, from: 2020-01-01}]\n", encoding="utf-8"
    )
    pack = scr_audit.load_pack(settings=settings)
    assert pack.parameters["visit_working_days"].overridden
    assert [value.value for value in pack.parameters["visit_working_days"].values] == [3]


def test_a_shipped_pack_is_loaded_once_and_its_settings_are_read_again_once_they_are_edited(
    tmp_path: Path,
) -> None:
    settings = tmp_path / "settings.yaml"
    found = []
    for days in (3, 14):
        text = f"parameters:\n  visit_working_days: [{{value: {days}, from: 2020-01-01}}]\n"
        settings.write_text(text, encoding="utf-8")
        pack = scr_audit.load_pack(settings=settings)
        assert scr_audit.load_pack(settings=settings).kinds is pack.kinds
        found += [value.value for value in pack.parameters["visit_working_days"].values]
    assert found == [3, 14]


def test_the_default_judges_by_both_packs() -> None:
    pack = scr_audit.load_pack()
    assert pack.members == ("baby-f-2010", "working-together")
    assert {"father-assessed", CONFERENCE} <= {rule.id for rule in pack.rules}
