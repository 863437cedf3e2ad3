"""A check as JUnit XML: a case for everything that is checked, failing where the check fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from checking import (
    RULE,
    SHOWN,
    WARNING,
    cases_of,
    check_of,
    junit_of,
    places_of,
    read_junit,
    tags,
    told,
)

from scr_audit.check.junit import junit_bytes
from scr_audit.check.pack_check import PackCheck
from scr_audit.errors import Place, Problem


def test_there_is_a_suite_for_the_pack_and_for_each_rule(tmp_path: Path) -> None:
    root = junit_of(check_of(tmp_path, RULE, SHOWN), tmp_path)
    assert root.attrib == {
        "name": "scr-audit check bicycle-workshop", "tests": "11", "failures": "2", "errors": "0",
    }  # fmt: skip
    assert [suite.attrib for suite in root] == [
        {"name": "bicycle-workshop", "tests": "2", "failures": "0", "errors": "0",
         "skipped": "0"},
        {"name": "bicycle-workshop.one", "tests": "5", "failures": "1", "errors": "0",
         "skipped": "0"},
        {"name": "bicycle-workshop.two", "tests": "4", "failures": "1", "errors": "0",
         "skipped": "0"},
    ]  # fmt: skip
    assert list(cases_of(root)) == [
        "bicycle-workshop/files",
        "bicycle-workshop/warnings",
        "bicycle-workshop.one/four",
        "bicycle-workshop.one/two",
        "bicycle-workshop.one/silent",
        "bicycle-workshop.one/outcomes",
        "bicycle-workshop.one/mutations",
        "bicycle-workshop.two/paid",
        "bicycle-workshop.two/unpaid",
        "bicycle-workshop.two/outcomes",
        "bicycle-workshop.two/mutations",
    ]


def test_counts_are_those_of_the_cases(tmp_path: Path) -> None:
    for strict in (False, True):
        root = junit_of(check_of(tmp_path, RULE, SHOWN, strict=strict), tmp_path)
        for element in (root, *root):
            cases = list(element.iter("testcase"))
            assert int(element.attrib["tests"]) == len(cases)
            for tag, count in (("failure", "failures"), ("error", "errors")):
                failing = sum(case.find(tag) is not None for case in cases)
                assert int(element.attrib[count]) == failing


def test_an_example_that_does_not_hold_says_what_it_expects_and_where_it_stands(
    tmp_path: Path,
) -> None:
    case = cases_of(junit_of(check_of(tmp_path, RULE), tmp_path))["bicycle-workshop.one/two"]
    message = "example 'two' expects met; found not_met"
    assert (case.attrib["file"], case.attrib["line"]) == ("rules/1.yaml", "11")
    assert tags(case) == ["failure"]
    assert case[0].attrib["type"] == "example-fails"
    assert told(case) == (
        message,
        f"rules/1.yaml:11:9: {message}\nexpected: met\nfound: not_met",
    )


def test_an_outcome_that_no_example_shows_fails_the_case_of_outcomes(tmp_path: Path) -> None:
    cases = cases_of(junit_of(check_of(tmp_path, SHOWN), tmp_path))
    case = cases["bicycle-workshop.one/outcomes"]
    message = "no example shows not_evidenced"
    assert told(case) == (message, f"rules/1.yaml:2:5: {message}")
    assert tags(cases["bicycle-workshop.one/paid"]) == []


SURVIVORS = "rules/1.yaml:8:11: 'at least' is 'more than'\nrules/1.yaml:8:11: 3 is 4"


def test_surviving_mutants_are_told_and_fail_only_a_strict_check(tmp_path: Path) -> None:
    name = "bicycle-workshop.one/mutations"
    lenient = cases_of(junit_of(check_of(tmp_path, RULE), tmp_path))[name]
    strict = cases_of(junit_of(check_of(tmp_path, RULE, strict=True), tmp_path))[name]
    assert (tags(lenient), lenient[0].text) == (["system-out"], SURVIVORS)
    assert tags(strict) == ["failure"]
    assert told(strict) == ("no example notices 2 of 4 changes to the rule", SURVIVORS)


def test_warnings_are_told_and_fail_only_a_strict_check(tmp_path: Path) -> None:
    name, text = "bicycle-workshop/warnings", "pack.yaml:3:1: this is doubtful\n    title: x\n    ^"
    found = replace(check_of(tmp_path, SHOWN), warnings=(WARNING,))
    lenient = cases_of(junit_of(found, tmp_path))[name]
    strict = cases_of(junit_of(replace(found, strict=True), tmp_path))[name]
    assert (tags(lenient), lenient[0].text) == (["system-out"], text)
    assert (tags(strict), told(strict)) == (["failure"], ("1 warning", text))


@pytest.mark.parametrize(
    ("given", "mutate", "why"),
    [
        ("{paid: true}", False, "mutations were not asked for"),
        ("{wheels: many}", True, "an example is no record of its kind"),
    ],
)
def test_mutations_that_were_not_made_are_skipped(
    tmp_path: Path, given: str, mutate: bool, why: str
) -> None:
    rule = SHOWN.replace("{paid: true}", given)
    root = junit_of(check_of(tmp_path, rule, mutate=mutate), tmp_path)
    case = cases_of(root)["bicycle-workshop.one/mutations"]
    assert (tags(case), told(case)) == (["skipped"], (why, ""))
    assert root[1].attrib["skipped"] == "1"


def test_names_that_are_alike_are_told_apart(tmp_path: Path) -> None:
    """Servers drop a case whose class and name they have seen."""
    names = ("paid", "paid", "paid (2)", "mutations", '"pa\\nid"', "pa id")
    rule = "require: {it: paid}\nexamples:\n" + "".join(
        f"  - {{name: {name}, expect: met, given: {{paid: true}}}}\n" for name in names
    )
    cases = list(cases_of(junit_of(check_of(tmp_path, rule), tmp_path)))[2:]
    assert [name.removeprefix("bicycle-workshop.one/") for name in cases] == [
        "paid", "paid (2)", "paid (2) (2)", "mutations (2)", "pa id", "pa id (2)",
        "outcomes", "mutations",
    ]  # fmt: skip


def test_a_pack_that_does_not_load_has_an_error_for_each_problem(tmp_path: Path) -> None:
    rules = str(tmp_path / "rules/1.yaml")
    problems = (
        Problem(Place(rules, 7, 5), "unknown fact 'saef'", "    x: saef"),
        Problem(Place(rules, 9, 1), f"'one' is already used at {rules}:2:9"),
        Problem(Place(rules, 9, 2), "unknown fact 'saef'"),
    )
    root = junit_of(PackCheck("shop", strict=False, problems=problems), tmp_path)
    cases = cases_of(root)
    assert root.attrib == {
        "name": "scr-audit check shop", "tests": "3", "failures": "0", "errors": "3",
    }  # fmt: skip
    assert list(cases) == [
        "shop/unknown fact 'saef'",
        "shop/'one' is already used at rules/1.yaml:2:9",
        "shop/unknown fact 'saef' (2)",
    ]
    first = cases["shop/unknown fact 'saef'"]
    assert (first.attrib["file"], first.attrib["line"]) == ("rules/1.yaml", "7")
    assert (first[0].tag, first[0].attrib["type"]) == ("error", "pack-problem")
    assert told(first) == (
        "unknown fact 'saef'",
        "rules/1.yaml:7:5: unknown fact 'saef'\n        x: saef\n        ^",
    )


def test_the_same_check_gives_the_same_bytes(tmp_path: Path) -> None:
    found = check_of(tmp_path, RULE, SHOWN)
    data = junit_bytes(found, places_of(tmp_path))
    assert data == junit_bytes(check_of(tmp_path, RULE, SHOWN), places_of(tmp_path))
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
    assert {"time", "timestamp", "hostname"}.isdisjoint(
        name for element in read_junit(data).iter() for name in element.attrib
    )


def test_the_suite_of_the_pack_has_the_numbers_of_the_check(tmp_path: Path) -> None:
    found = check_of(tmp_path, RULE, SHOWN)
    root = junit_of(found, tmp_path)
    properties = {each.attrib["name"]: each.attrib["value"] for each in root[0].iter("property")}
    assert properties == {
        "version": "1.2.3", "sha256": found.sha256, "rules": "2", "examples": "5", "failed": "2",
        "mutants": "5", "mutants-noticed": "3",
    }  # fmt: skip
