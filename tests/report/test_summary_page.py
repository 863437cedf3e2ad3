"""The summary says in its order what was audited, what came out and what it cannot show."""

from pathlib import Path
from typing import Any

from report_page import read_page
from report_sample import sample_bundle

from scr_audit.editions.board import board_document
from scr_audit.report.first_page import first_page
from scr_audit.report.formats import Templates
from scr_audit.report.html import render_html
from scr_audit.report.summary import Summary, summary_view

TEMPLATES = Templates(Path(__file__).parents[2] / "reports")
PLAN = {"id": "p", "title": "A plan", "question": "Is it done?", "selection": None, "sha256": ""}


def summary(bundle: dict[str, Any]) -> Summary:
    return summary_view(bundle)


def test_the_summary_stands_in_reading_order() -> None:
    bundle = sample_bundle() | {"plan": PLAN}
    page = read_page(render_html(bundle, TEMPLATES)).by_id("summary")
    assert [title.text for title in page.within("h3")] == [
        "What we found",
        "What the files do not say",
        "What changed",
        "What happens next",
        "What this cannot show",
    ]


def test_the_first_page_is_of_the_audit_and_not_of_the_pack() -> None:
    office = {"name": "Anyshire", "commentary": "We begin with GPs.\n\nThen <bail>."}
    bundle = sample_bundle() | {"plan": PLAN, "office": office, "as_of": "2026-11-24"}
    root = read_page(render_html(bundle, TEMPLATES))
    assert [each.text for each in root.within("h1")] == ["A plan"]
    assert root.within("p", "kicker")[0].text == (
        "Anyshire: compliance audit, as of 24 November 2026"
    )
    said = root.within("div", "commentary")[0]
    assert said.within("h3")[0].text == "What Anyshire says"
    assert [each.text for each in said.within("p")] == ["We begin with GPs.", "Then <bail>."]
    assert first_page(board_document(bundle)) == first_page(bundle)._replace(
        silent=first_page(board_document(bundle)).silent
    )


def test_the_five_findings_say_how_many_of_how_many() -> None:
    bundle = sample_bundle()
    worst = sorted(
        bundle["rules"],
        key=lambda rule: (
            ["high", "medium", "low"].index(rule["severity"]), -rule["totals"]["not_met"]
        ),
    )  # fmt: skip
    found = first_page(bundle).found
    assert [main.rule for main in found] == [rule["id"] for rule in worst][:5]
    for main, rule in zip(found, worst, strict=False):
        said = f"{rule['totals']['not_met']} of {rule['rates']['judged']} "
        assert main.said.startswith(said)
        assert " not met" in main.said


def test_the_three_shares_are_of_what_applied() -> None:
    bundle = sample_bundle()
    units, judged = bundle["totals"]["units"], bundle["totals"]["rates"]["judged"]
    assert [(share.outcome, share.number) for share in first_page(bundle).shares] == [
        (name, str(units[name])) for name in ("met", "not_met", "not_evidenced")
    ]
    assert f"Of {judged} findings that applied" in first_page(bundle).applied


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
    assert first_page(bundle).standards == (
        "Of 3 rules with a standard: 2 below it and 1 nothing to judge."
    )
    for rule in bundle["rules"]:
        rule["standard"] = None
    assert first_page(bundle).standards == ""
