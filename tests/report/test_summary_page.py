"""The summary says in its order what was audited, what came out and what it cannot show."""

from pathlib import Path
from typing import Any

from report_page import read_page
from report_sample import sample_bundle

from scr_audit.report.formats import Templates
from scr_audit.report.html import render_html
from scr_audit.report.summary import Summary, summary_view

TEMPLATES = Templates(Path(__file__).parents[2] / "reports")
PLAN = {"id": "p", "title": "A plan", "question": "Is it done?", "selection": None, "sha256": ""}


def summary(bundle: dict[str, Any]) -> Summary:
    return summary_view(bundle, {rule["id"]: f"rule-{rule['id']}" for rule in bundle["rules"]})


def test_the_summary_stands_in_reading_order() -> None:
    bundle = sample_bundle() | {"plan": PLAN}
    page = read_page(render_html(bundle, TEMPLATES)).by_id("summary")
    assert [title.text for title in page.within("h3")] == [
        "What was audited",
        "What came out",
        "What is not met",
        "What the files do not say",
        "What changed",
        "What this cannot show",
    ]


def test_what_was_not_stated_is_said_to_be_so() -> None:
    said = dict(summary(sample_bundle() | {"plan": PLAN}).audited)
    assert said["Audit plan"] == "A plan"
    assert said["Question"] == "Is it done?"
    assert said["How the records were chosen"] == "Not stated"


def test_a_selection_is_given_in_its_own_words() -> None:
    plan = {**PLAN, "selection": "Every third case."}
    said = dict(summary(sample_bundle() | {"plan": plan}).audited)
    assert said["How the records were chosen"] == "Every third case."


def test_the_period_is_that_of_the_events() -> None:
    bundle = sample_bundle(records=1)
    bundle["records"][0]["events"] = [
        {"pointer": "/a/0", "name": "a", "date": "2025-03", "until": None},
        {"pointer": "/a/1", "name": "a", "date": "2025-05-01", "until": "2025-12-24"},
    ]
    said = dict(summary(bundle).audited)
    assert said["Period"] == "Dated events run from March 2025 to 24 December 2025."
    bundle["records"] = []
    assert dict(summary(bundle).audited)["Period"] == "Not stated"


def test_standards_are_counted_by_how_they_came_out() -> None:
    bundle = sample_bundle(records=2, rules=3)
    for rule, verdict in zip(bundle["rules"], ("below", "below", "no_rate"), strict=True):
        rule["standard"] = {"share": 0.9, "verdict": verdict}
    found = summary(bundle)
    assert found.standards == [
        ("met", "0"), ("below", "2"), ("cannot tell", "0"), ("nothing judged", "1"),
    ]  # fmt: skip
    assert [rule.said for rule in found.below] == ["below the standard (90%)"] * 2
