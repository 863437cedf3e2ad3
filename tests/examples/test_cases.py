"""The example cases: invented, whole, and varied enough to show what rules do."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import scr_audit

CASES = Path(__file__).parent.parent.parent / "examples" / "cases.json"


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return found


@pytest.fixture(scope="module")
def findings(cases: list[dict[str, Any]]) -> list[scr_audit.Finding]:
    engine = scr_audit.compile_pack(scr_audit.load_pack())
    return [finding for case in cases for finding in engine.evaluate(case)]


def test_there_are_at_least_fifteen_and_the_file_says_that_they_are_invented(
    cases: list[dict[str, Any]],
) -> None:
    assert len(cases) >= 15
    assert "nvented" in json.loads(CASES.read_text(encoding="utf-8"))["about"]


def test_no_two_cases_have_one_id(cases: list[dict[str, Any]]) -> None:
    assert len({case["id"] for case in cases}) == len(cases)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        (None, ("cases.json", "agencies.json", "actions.json")),
        ("review-process", ("reviews.json",)),
    ],
)
def test_every_rule_is_met_somewhere_not_met_elsewhere_and_not_evidenced_elsewhere(
    name: str | None, files: tuple[str, ...]
) -> None:
    outcomes: dict[str, set[str]] = {}

    def keep(found: list[scr_audit.Finding]) -> None:
        for finding in found:
            outcomes.setdefault(finding.rule, set()).add(finding.outcome)

    pack = scr_audit.load_pack(name)
    paths = [CASES.with_name(file) for file in files]
    scr_audit.compile_pack(pack).run(paths, as_of=date(2026, 11, 24), on_findings=keep)
    for rule in pack.rules:
        made = rule.kind in pack.gathered  # of other records, so that nothing of it is unknown
        wanted = {"met", "not_met"} if made else {"met", "not_met", "not_evidenced"}
        assert wanted <= outcomes[rule.id], rule.id


def outcomes_of(findings: list[scr_audit.Finding], record: str, rule: str) -> list[str]:
    return [f.outcome for f in findings if (f.record, f.rule) == (record, rule)]


def test_the_reviews_own_case_lacks_an_invitation_to_the_fathers_gp(
    findings: list[scr_audit.Finding],
) -> None:
    """3.10 says that he was not invited; what it does not say of the review conference is open."""
    assert outcomes_of(findings, "REVIEW-2010", "gp-invited") == ["not_met", "not_evidenced"]


def test_the_reviews_own_case_has_not_the_right_category(
    findings: list[scr_audit.Finding],
) -> None:
    """3.11: somebody should have asked whether the correct category was identified."""
    assert outcomes_of(findings, "REVIEW-2010", "plan-category-right") == ["not_met"]


def test_what_the_review_does_not_tell_of_its_case_is_not_evidenced(
    findings: list[scr_audit.Finding],
) -> None:
    for rule in ("smart-plan", "strategy-discussion-held", "missed-appointment-followed-up"):
        assert "met" not in outcomes_of(findings, "REVIEW-2010", rule)
        assert "not_evidenced" in outcomes_of(findings, "REVIEW-2010", rule)


def test_every_fact_of_the_reviews_case_cites_its_paragraph(cases: list[dict[str, Any]]) -> None:
    case = next(case for case in cases if case["id"] == "REVIEW-2010")
    cited = set(case["extra"]["paragraphs"])
    for pointer in pointers(case):
        assert any(pointer == c or pointer.startswith(f"{c}/") for c in cited), pointer


LABELS = ("/id", "/extra")


def pointers(value: Any, at: str = "") -> list[str]:
    """The pointers of all facts that are no labels."""
    if isinstance(value, dict):
        return [p for key, inner in value.items() for p in pointers(inner, f"{at}/{key}")]
    if isinstance(value, list):
        return [p for index, inner in enumerate(value) for p in pointers(inner, f"{at}/{index}")]
    is_label = at.startswith(LABELS) or at.endswith("/id")
    return [] if is_label else [at]
