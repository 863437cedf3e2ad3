"""Checking an audit plan: what is doubtful in it, and the reports of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from small_pack import SMALL_PACK
from small_plan import HEAD

from scr_audit.check.junit import junit_bytes
from scr_audit.check.pack_check import PackCheck, Places, PlanCheck, check_plans
from scr_audit.check.sarif import sarif_bytes
from scr_audit.packs.load import load_folder

PACK = load_folder(SMALL_PACK)
STATED = "selection: All jobs of the year.\n"


def check(folder: Path, more: str) -> PlanCheck:
    """The check of the plan with these lines after its head."""
    (folder / "plan.yaml").write_text(HEAD + more, encoding="utf-8")
    (found,) = check_plans([folder / "plan.yaml"], PACK)
    return found


def said(problems: tuple[Any, ...], folder: Path) -> list[str]:
    return [str(each).splitlines()[0].replace(f"{folder}/", "") for each in problems]


def test_a_plan_of_another_pack_is_checked_with_that_one(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + STATED, encoding="utf-8")
    other = load_folder(SMALL_PACK.parent / "units" / "starter-pack")
    (alone,) = check_plans([path], other)
    assert "the plan is for the pack 'bicycle-workshop', and" in str(alone.problems[0])
    (found,) = check_plans([path], other, {PACK.id: PACK})
    assert (found.problems, found.doubts) == ((), ())


@pytest.mark.parametrize(
    ("more", "place", "message"),
    [
        ("", "1:1",
         "neither 'selection' nor 'sample' says how the records are chosen: reports say so"),
        (STATED + "rules: [part-fitted, part-checked]\nstandards: {part-fitted: 80}\n", "7:1",
         "no standard for part-checked: reports do not say whether it is met often enough. "
         "'standard' is for every rule that 'standards' does not name"),
        ("standard: 90\nsample: {size: 20}\n", "6:16",
         "20 records that are all met show at least 84%; where a rule judges one thing in each, "
         "it takes 35 to show the standard of 90%"),
        ("sample: {precision: 10, expect: 95}\n", "5:21",
         "95 per cent give or take 10 is 85 to 105 per cent; a smaller precision says more"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_told_and_is_no_problem(
    tmp_path: Path, more: str, place: str, message: str
) -> None:
    found = check(tmp_path, more)
    assert found.problems == ()
    assert said(found.doubts, tmp_path) == [f"plan.yaml:{place}: {message}"]


@pytest.mark.parametrize(
    "more",
    [
        STATED,
        STATED + "standard: 90\n",
        "standard: 90\nsample: {size: 35}\n",
        "standard: always\nsample: {size: 5}\n",
        STATED + "standard: 70\nstandards: {part-fitted: always}\n",
        "sample: {precision: 5, expect: 95}\n",
    ],
)
def test_a_plan_without_doubts(tmp_path: Path, more: str) -> None:
    assert check(tmp_path, more) == PlanCheck(str(tmp_path / "plan.yaml"))


def alone(folder: Path, more: str, *, strict: bool = False) -> tuple[PackCheck, Places]:
    found = PackCheck("plan", strict, plans=(check(folder, more),), alone=True)
    return found, Places(working=folder, pack=folder, target=folder)


def cases(folder: Path, more: str, *, strict: bool = False) -> list[ElementTree.Element]:
    data = junit_bytes(*alone(folder, more, strict=strict))
    return list(ElementTree.fromstring(data).iter("testcase"))  # noqa: S314  # our own report


def test_junit_has_one_case_for_a_plan_and_none_for_a_pack(tmp_path: Path) -> None:
    (good,) = cases(tmp_path, STATED)
    assert (good.get("classname"), good.get("name"), good.get("file")) == (
        "plan.audits", "plan", "plan.yaml",
    )  # fmt: skip
    assert list(good) == []
    (wrong,) = cases(tmp_path, "standard: high\n")
    (failure,) = wrong
    assert (failure.tag, failure.get("type")) == ("failure", "plan-problem")


def test_doubts_of_a_plan_fail_a_strict_check_only(tmp_path: Path) -> None:
    (told,) = cases(tmp_path, "")
    (strict,) = cases(tmp_path, "", strict=True)
    assert [(part.tag, part.get("type")) for part in told] == [("system-out", None)]
    assert [(part.tag, part.get("type")) for part in strict] == [("failure", "warning")]
    assert [alone(tmp_path, "", strict=way)[0].fails for way in (False, True)] == [False, True]


@pytest.mark.parametrize(
    ("more", "results"),
    [
        (STATED, []),
        ("", [("warning", "warning", 1)]),
        (STATED + "sections: [rules, rules]\n", [("plan-problem", "error", 6)]),
    ],
)
def test_sarif_has_what_a_check_of_a_plan_found(
    tmp_path: Path, more: str, results: list[tuple[str, str, int]]
) -> None:
    (run,) = json.loads(sarif_bytes(*alone(tmp_path, more)))["runs"]
    where = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    assert [
        (each["ruleId"], each["level"], place["region"]["startLine"])
        for each, place in zip(run["results"], where, strict=True)
    ] == results
    assert {place["artifactLocation"]["uri"] for place in where} <= {"plan.yaml"}


def test_doubts_of_shipped_plans_are_not_those_of_the_pack(tmp_path: Path) -> None:
    found = PackCheck("shop", strict=True, plans=(check(tmp_path, ""),))
    assert found.plan_doubts == []
    assert not found.fails
