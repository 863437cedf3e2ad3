"""A day after the day of the audit is a plan and no deed: nothing is met by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

import scr_audit
from scr_audit.language.conditions import facts

DEED = re.compile(r"((?<!due)_on|_at|conference_date)$|^date$")
"""The facts that are the days of deeds; what was due, began, ended or was born is none."""

DECIDED_OTHERWISE = {
    # The day is that of an arrival, which excuses a man from an assessment before it.
    ("each-man-in-each-assessment", "completed_on"),
    ("each-man-in-each-assessment", "date"),
    ("significant-males-identified", "completed_on"),
    ("significant-males-identified", "date"),
    # The day is that of an incident, of which a package need not know before.
    ("young-parent-package", "date"),
    # He came himself, or the conference that is to come is one of another day.
    ("invited-professional-contributes", "given_on"),
    ("gp-contributes", "given_on"),
    ("plan-category-right", "date"),
    # Social care saw the injury itself; a conference that is to come was decided on.
    ("injury-accounted-for", "date"),
    ("injury-accounted-for", "reported_on"),
    ("conference-decision-made", "conference_date"),
    # The notice was sent, as is said, and the day is that of an injury or of the attendance itself.
    ("emergency-notice-clear", "date"),
    # What ended bail, broke it or changed the family was after it, or before there was a plan.
    ("no-contact-kept-to", "date"),
    ("no-contact-kept-to", "breached_on"),
    ("plan-kept-to", "breached_on"),
    # The action was not done, as was agreed.
    ("plan-kept-to", "done_on"),
    # Another review, assessment, group or visit was in time; a change that is to come was agreed.
    ("youth-reviews-as-risk-requires", "date"),
    ("youth-reviews-as-risk-requires", "previous_on"),
    ("youth-reviews-in-time", "date"),
    ("youth-reviews-in-time", "previous_on"),
    ("risk-reassessed-after-change", "date"),
    ("plan-changes-agreed-in-time", "date"),
    ("wt-first-core-group-in-time", "date"),
    ("wt-first-visit-in-time", "date"),
    # Supervision began, or the other agencies' reviews had come.
    ("genogram-done", "convicted_on"),
    ("genogram-prompt", "convicted_on"),
    ("panel-works-from-management-reviews", "received_on"),
    ("panel-works-from-management-reviews", "panel_last_met_on"),
    # Another recommendation was begun before.
    ("learning-begun-early", "begun_on"),
}


def days(value: object, at: str = "") -> Iterator[tuple[str, date]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from days(inner, f"{at}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from days(inner, f"{at}/{index}")
    elif re.match(r"\d{4}-\d\d-\d\d", str(value)) and DEED.search(at.rpartition("/")[2]):
        yield at, date.fromisoformat(str(value)[:10])


def still_met(name: str | None) -> set[tuple[str, str]]:
    """Rule and fact, where an example's unit stays met the day before the fact's day."""
    pack = scr_audit.load_pack(name)
    found = set()
    for rule in pack.rules:
        if rule.kind not in ("case", "review"):
            continue
        asked = [rule.where, rule.applies_when, *(each.condition for each in rule.require)]
        read = {fact.steps[-1] for each in asked if each is not None for fact in facts(each)}
        engine = scr_audit.compile_pack(pack, rules=[rule.id])
        for example in pack.examples[rule.id]:
            today = date.fromisoformat(example.as_of or "2026-11-24")
            given = {"id": "example", **example.given}
            for at, day in days(given):
                fact = at.rpartition("/")[2]
                if fact not in read or day > today:
                    continue
                for finding in engine.evaluate(
                    given, kind=rule.kind, as_of=day - timedelta(days=1)
                ):
                    unit = finding.unit
                    other_item = at.split("/")[1] == unit.split("/")[1] if unit else False
                    mine = not other_item or at.startswith(f"{unit}/")
                    if finding.outcome == "met" and mine:
                        found.add((rule.id, fact))
    return found


@pytest.mark.parametrize("name", [None, "review-process"])
def test_what_is_to_be_done_after_the_audit_meets_nothing(name: str | None) -> None:
    assert still_met(name) - DECIDED_OTHERWISE == set()
