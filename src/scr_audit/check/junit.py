"""A check as JUnit XML, which continuous integration servers show as tests.

There is a suite for each rule, one for the pack, one for its mapping files and one for audit plans,
which is the only one where a plan was checked alone. A suite has a case for each of its files or
examples, and that of a rule the cases `outcomes` (every one has an example) and `mutations`.
Servers tell cases apart by class and name, so the names of a class differ. There are no times: the
same check gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from xml.etree import ElementTree

from scr_audit.check.examples import Failure
from scr_audit.check.pack_check import AUDITS_FOLDER, PackCheck, Places, PlanCheck, RuleCheck
from scr_audit.errors import Place, Problem
from scr_audit.mappings.mapping_loader import IMPORTS_FOLDER, MappingCheck
from scr_audit.packs.pack_files import PACK_FILE
from scr_audit.report.wording import one_line
from scr_audit.values.text import counted, visible


@dataclass(frozen=True)
class _Case:
    """One test. `tag` is what became of it: failure, error, skipped, or nothing."""

    name: str
    place: Place
    tag: str = ""
    kind: str = ""
    message: str = ""
    details: str = ""
    output: str = ""


@dataclass(frozen=True)
class _Suite:
    name: str
    properties: Mapping[str, str | int]
    cases: tuple[_Case, ...]

    def count(self, tag: str) -> int:
        return sum(case.tag == tag for case in self.cases)


def junit_bytes(checked: PackCheck, places: Places) -> bytes:
    """The check as JUnit XML in UTF-8; its cases fail exactly where the check fails."""
    suites = list(_suites(checked, places))
    root = ElementTree.Element("testsuites", {"name": f"scr-audit check {one_line(checked.name)}"})
    root.set("tests", str(sum(len(suite.cases) for suite in suites)))
    for tag, count in (("failure", "failures"), ("error", "errors")):
        root.set(count, str(sum(suite.count(tag) for suite in suites)))
    for suite in suites:
        root.append(_suite_element(suite, places))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suites(checked: PackCheck, places: Places) -> Iterator[_Suite]:
    if checked.problems:
        cases = (_problem_case(problem, places) for problem in checked.problems)
        yield _Suite(checked.name, {}, _with_distinct_names(cases))
        return
    if not checked.alone:
        yield _pack_suite(checked, places)
    if checked.mappings:
        cases = (_mapping_case(mapping, places) for mapping in checked.mappings)
        yield _Suite(f"{checked.name}.{IMPORTS_FOLDER}", {}, _with_distinct_names(cases))
    if checked.plans:
        cases = (_plan_case(checked, plan, places) for plan in checked.plans)
        yield _Suite(f"{checked.name}.{AUDITS_FOLDER}", {}, _with_distinct_names(cases))
    for check in checked.result.checks:
        yield _rule_suite(checked, check, places)


def _problem_case(problem: Problem, places: Places) -> _Case:
    message = places.words(problem.message)
    return _Case(
        name=message,
        place=problem.place,
        tag="error",
        kind="pack-problem",
        message=message,
        details=_problem_text(problem, places),
    )


def _mapping_case(mapping: MappingCheck, places: Places) -> _Case:
    return _file_case(mapping, _Case("", Place(mapping.file, 1, 1), kind="mapping-problem"), places)


def _plan_case(checked: PackCheck, plan: PlanCheck, places: Places) -> _Case:
    case = _file_case(plan, _Case("", Place(plan.file, 1, 1), kind="plan-problem"), places)
    texts = [_problem_text(doubt, places) for doubt in plan.doubts]
    if not texts or not checked.alone:
        return case
    return _with_doubts(
        replace(case, kind="warning"), texts, counted(len(texts), "warning"), checked
    )


def _file_case(checked: MappingCheck | PlanCheck, case: _Case, places: Places) -> _Case:
    """The case of one file, a failure where something is wrong with it."""
    case = replace(case, name=PurePath(checked.file).stem)
    if not checked.problems:
        return replace(case, kind="")
    return replace(
        case,
        tag="failure",
        message="; ".join(places.words(problem.message) for problem in checked.problems),
        details="\n\n".join(_problem_text(problem, places) for problem in checked.problems),
    )


def _problem_text(problem: Problem, places: Places) -> str:
    place = replace(problem.place, file=places.path(problem.place.file))
    return str(Problem(place, places.words(problem.message), problem.source_line))


def _pack_suite(checked: PackCheck, places: Places) -> _Suite:
    result = checked.result
    start = Place(str(places.pack / PACK_FILE), 1, 1)
    properties: dict[str, str | int] = {
        "version": checked.version,
        "sha256": checked.sha256,
        "rules": result.rules,
        "examples": result.examples,
        "failed": len(result.failures),
        "mutants": result.mutants,
        "mutants-noticed": result.mutants - len(result.survivors),
    }
    texts = [_problem_text(warning, places) for warning in checked.warnings]
    warnings = _with_doubts(
        _Case("warnings", start, kind="warning"), texts, counted(len(texts), "warning"), checked
    )
    return _Suite(checked.name, properties, (_Case("files", start), warnings))


def _with_doubts(case: _Case, texts: list[str], message: str, checked: PackCheck) -> _Case:
    """The case with what makes a pack doubtful: a failure of a strict check, else output."""
    text = "\n".join(texts)
    if not texts:
        return case
    if checked.strict:
        return replace(case, tag="failure", message=message, details=text)
    return replace(case, output=text)


def _rule_suite(checked: PackCheck, check: RuleCheck, places: Places) -> _Suite:
    rule = check.rule
    properties: dict[str, str | int] = {"title": rule.title, "severity": rule.severity}
    if not check.unmutated:
        properties["mutants"] = check.mutants
        properties["mutants-noticed"] = check.mutants - len(check.survivors)
    examples = [
        _with_failures(
            _Case(example.name, example.place, kind="example-fails"),
            [failure for failure in check.failures if failure.example is example],
            places,
        )
        for example in check.examples
    ]
    absent = [failure for failure in check.failures if failure.example is None]
    outcomes = _with_failures(
        _Case("outcomes", rule.place, kind="outcome-not-shown"), absent, places
    )
    cases = _with_distinct_names((outcomes, _mutations(checked, check, places), *examples))
    return _Suite(f"{checked.name}.{rule.id}", properties, (*cases[2:], *cases[:2]))


def _with_failures(case: _Case, failures: list[Failure], places: Places) -> _Case:
    """The case with its failures, of which servers read one: the others stand below it."""
    if not failures:
        return case
    details = "\n\n".join(_failure_text(failure, places) for failure in failures)
    message = "; ".join(failure.message for failure in failures)
    return replace(case, tag="failure", message=message, details=details)


def _failure_text(failure: Failure, places: Places) -> str:
    lines = [f"{_place_text(failure.place, places)}: {failure.message}"]
    if failure.expected:
        lines += [f"expected: {failure.expected}", f"found: {failure.found}"]
    return "\n".join(lines)


def _place_text(place: Place, places: Places) -> str:
    return str(replace(place, file=places.path(place.file)))


def _mutations(checked: PackCheck, check: RuleCheck, places: Places) -> _Case:
    case = _Case("mutations", check.rule.place, kind="mutant-survives")
    if check.unmutated:
        return replace(case, tag="skipped", kind="", message=check.unmutated)
    texts = [f"{_place_text(each.place, places)}: {each.change}" for each in check.survivors]
    message = f"no example notices {len(texts)} of {counted(check.mutants, 'change')} to the rule"
    return _with_doubts(case, texts, message, checked)


def _with_distinct_names(cases: Iterable[_Case]) -> tuple[_Case, ...]:
    """The cases with names on one line; where one is taken, the next has a number."""
    taken: set[str] = set()
    named = []
    for case in cases:
        first = name = one_line(case.name) or "(no name)"
        number = 1
        while name in taken:
            number += 1
            name = f"{first} ({number})"
        taken.add(name)
        named.append(replace(case, name=name))
    return tuple(named)


def _suite_element(suite: _Suite, places: Places) -> ElementTree.Element:
    element = ElementTree.Element("testsuite", {"name": one_line(suite.name)})
    element.set("tests", str(len(suite.cases)))
    for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        element.set(count, str(suite.count(tag)))
    if suite.properties:
        listed = ElementTree.SubElement(element, "properties")
        for name, value in suite.properties.items():
            shown = {"name": name, "value": one_line(str(value))}
            ElementTree.SubElement(listed, "property", shown)
    element.extend(_case_element(suite, case, places) for case in suite.cases)
    return element


def _case_element(suite: _Suite, case: _Case, places: Places) -> ElementTree.Element:
    element = ElementTree.Element(
        "testcase",
        {
            "classname": one_line(suite.name),
            "name": case.name,
            "file": one_line(places.path(case.place.file)),
            "line": str(case.place.line),
        },
    )
    if case.tag:
        shown = {"message": one_line(case.message)}
        kind = {"type": case.kind} if case.kind else {}
        result = ElementTree.SubElement(element, case.tag, shown | kind)
        result.text = visible(case.details) or None
    if case.output:
        ElementTree.SubElement(element, "system-out").text = visible(case.output)
    return element
