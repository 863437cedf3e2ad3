"""Checks of a small pack for the tests of their reports, and how a report is read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from small_pack import pack_of

from scr_audit.check.examples import Failure
from scr_audit.check.junit import junit_bytes
from scr_audit.check.pack_check import CheckResult, PackCheck, Places, RuleCheck, check_everything
from scr_audit.check.sarif import sarif_bytes
from scr_audit.errors import Place, Problem
from scr_audit.values.text import visible

RULE = """
require:
  it: wheels at least 3
examples:
  - {name: four, expect: met, given: {wheels: 4}}
  - {name: two, expect: met, given: {wheels: 2}}
  - {name: silent, expect: not_evidenced, given: {}}
"""
GOOD = """
require: {it: paid}
examples:
  - {name: paid, expect: met, given: {paid: true}}
  - {name: unpaid, expect: not_met, given: {paid: false}}
  - {name: silent, expect: not_evidenced, given: {}}
"""
SHOWN = """
require: {it: paid}
examples:
  - {name: paid, expect: met, given: {paid: true}}
  - {name: unpaid, expect: not_met, given: {paid: false}}
"""
WARNING = Problem(Place("pack.yaml", 3, 1), "this is doubtful", "title: x")


def places_of(folder: Path) -> Places:
    """The places of a pack in the working folder itself."""
    return Places(working=folder, pack=folder, target=folder)


def check_of(folder: Path, *rules: str, strict: bool = False, mutate: bool = True) -> PackCheck:
    """The check of the small pack with only these rules."""
    return check_everything(pack_of(folder, *rules), strict=strict, mutate=mutate)


def named(found: PackCheck, text: str) -> PackCheck:
    """The check with `text` as every name, title and message that a pack's author may choose."""
    return replace(
        found,
        warnings=(Problem(Place(f"{visible(text)}.yaml", 1, 1), text, text),),
        result=CheckResult(tuple(_named(check, text) for check in found.result.checks)),
    )


def _named(check: RuleCheck, text: str) -> RuleCheck:
    examples = {each.place: replace(each, name=text) for each in check.examples}
    return replace(
        check,
        rule=replace(check.rule, title=text),
        examples=tuple(examples.values()),
        failures=tuple(_renamed(each, examples, text) for each in check.failures),
        survivors=tuple(replace(each, change=text) for each in check.survivors),
    )


def _renamed(failure: Failure, examples: dict[Place, Any], text: str) -> Failure:
    example = None if failure.example is None else examples[failure.place]
    return replace(failure, message=text, example=example, found=text)


def junit_of(found: PackCheck, folder: Path) -> ElementTree.Element:
    """The JUnit report as an XML parser reads it."""
    return read_junit(junit_bytes(found, places_of(folder)))


def read_junit(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)  # noqa: S314  # our own report


def sarif_of(found: PackCheck, folder: Path) -> dict[str, Any]:
    """The only run of the SARIF report."""
    return read_sarif(sarif_bytes(found, places_of(folder)))


def read_sarif(data: bytes) -> dict[str, Any]:
    (run,) = json.loads(data)["runs"]
    return run


def cases_of(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """Every case by its class and name, which tell them apart."""
    cases = list(root.iter("testcase"))
    found = {f"{case.attrib['classname']}/{case.attrib['name']}": case for case in cases}
    assert len(found) == len(cases)
    return found


def tags(case: ElementTree.Element) -> list[str]:
    return [child.tag for child in case]


def told(case: ElementTree.Element) -> tuple[str, str]:
    """The message and the details of the case's failure, error or skip."""
    return case[0].attrib["message"], case[0].text or ""
