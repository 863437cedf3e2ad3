"""A check as SARIF 2.1.0, which code hosts show as alerts beside the lines of the pack.

The same check gives the same bytes: no times, and no folder of the machine. Source: OASIS,
Static Analysis Results Interchange Format 2.1.0, of which section numbers are named below.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from scr_audit._version import __version__
from scr_audit.check.examples import Failure
from scr_audit.check.pack_check import PACKS, WORKING, PackCheck, Places, RuleCheck
from scr_audit.errors import Place
from scr_audit.report.wording import one_line


@dataclass(frozen=True)
class Alert:
    """One kind of result: `id` is its stable name, `level` how grave it is by default."""

    id: str
    name: str
    level: str
    title: str
    description: str
    help: str


ALERTS = (
    Alert(
        id="pack-problem",
        name="PackProblem",
        level="error",
        title="The pack cannot be used.",
        description="A file of the pack is wrong, so no record can be judged by it.",
        help="Mend the file at this place: the message says what was found there and what was "
        "expected. The reference of the rule language explains what a rule file may hold.",
    ),
    Alert(
        id="mapping-problem",
        name="MappingProblem",
        level="error",
        title="A mapping file of the pack cannot be used.",
        description="The file is to make records of national data, and something in it is wrong, "
        "so nothing can be imported by it.",
        help="Mend the file at this place: the message says what was found there and what was "
        "expected. The page on imports explains what a mapping file may hold.",
    ),
    Alert(
        id="plan-problem",
        name="PlanProblem",
        level="error",
        title="An audit plan cannot be used.",
        description="The plan says which rules an audit uses and which records it judges, and "
        "something in it is wrong, so no audit can be run by it.",
        help="Mend the plan at this place: the message says what was found there and what was "
        "expected. The page on plans explains what a plan may hold.",
    ),
    Alert(
        id="example-fails",
        name="ExampleFails",
        level="error",
        title="An example of a rule does not have the outcome that it expects.",
        description="The examples of a rule are its tests. The rule judges this one otherwise, "
        "or the example does not fit the record schema.",
        help="Either the rule or its example is wrong. Read the rule aloud, decide which of them "
        "says what is meant, and change the other.",
    ),
    Alert(
        id="outcome-not-shown",
        name="OutcomeNotShown",
        level="error",
        title="A rule can give an outcome that none of its examples shows.",
        description="Every outcome that a rule can give needs an example, so that its readers "
        "see when it is given.",
        help="Add an example with each of the outcomes that the message names.",
    ),
    Alert(
        id="mutant-survives",
        name="MutantSurvives",
        level="note",
        title="A part of a rule can be changed and no example notices.",
        description="The check changes each operator, number and criterion of a rule in turn. "
        "Where all examples keep their outcomes, nothing shows why that part is as it is.",
        help="Add an example that has another outcome when this part is changed. Often a boundary "
        "is missing: the last day in time, and the first one late.",
    ),
    Alert(
        id="warning",
        name="DoubtfulPart",
        level="warning",
        title="A part of the pack or of an audit plan works, and is doubtful.",
        description="The pack or the plan can be used, but this part of it is hard to read, or may "
        "not mean or show what it seems to.",
        help="Change it as the message says, or leave it: only a strict check fails for it.",
    ),
)


SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "scrAuditFinding/v1"
_IDS = [alert.id for alert in ALERTS]
_BASES = {
    WORKING: "The folder in which the check was started.",
    PACKS: "The folder that holds the pack's folder.",
}
_POSITION = re.compile(r":\d+:\d+|\bline \d+")


@dataclass(frozen=True)
class _Found:
    """One result before it is written; `rule` and `title` are empty where it is of no rule."""

    alert: str
    level: str
    place: Place
    message: str
    rule: str = ""
    title: str = ""


def sarif_bytes(checked: PackCheck, places: Places) -> bytes:
    """The check as SARIF in UTF-8; it has results of level error exactly where the check fails."""
    found = list(_problems(checked))
    for check in checked.result.checks:
        found += _of_rule(checked, check)
    log = {"version": "2.1.0", "$schema": SCHEMA, "runs": [_run(checked, found, places)]}
    return f"{json.dumps(log, indent=1, ensure_ascii=False)}\n".encode()


def _run(checked: PackCheck, found: list[_Found], places: Places) -> dict[str, Any]:
    name, result = one_line(checked.name), checked.result
    return {
        "tool": {"driver": _driver()},
        # Servers keep the alerts of several packs apart by this (3.17.3).
        "automationDetails": {"id": f"scr-audit-check/{name}/"},
        "originalUriBaseIds": {
            base: {"description": {"text": text}} for base, text in _BASES.items()
        },
        "columnKind": "unicodeCodePoints",
        "results": list(_results(checked, found, places)),
        "properties": {
            "pack": name,
            "version": one_line(checked.version),
            "sha256": checked.sha256,
            "strict": checked.strict,
            "problems": len(checked.problems),
            "rules": result.rules,
            "examples": result.examples,
            "failed": len(result.failures),
            "mutants": result.mutants,
            "mutantsNoticed": result.mutants - len(result.survivors),
            "mappings": len(checked.mappings),
            "mappingProblems": len(checked.mapping_problems),
            "plans": len(checked.plans),
            "planProblems": len(checked.plan_problems),
        },
    }


def _driver() -> dict[str, Any]:
    rules = [
        {
            "id": alert.id,
            "name": alert.name,
            "shortDescription": {"text": alert.title},
            "fullDescription": {"text": alert.description},
            "help": {"text": alert.help},
            "defaultConfiguration": {"level": alert.level},
        }
        for alert in ALERTS
    ]
    return {"name": "scr-audit", "version": __version__, "rules": rules}


def _problems(checked: PackCheck) -> Iterator[_Found]:
    for problem in checked.problems:
        yield _Found("pack-problem", "error", problem.place, problem.message)
    for problem in checked.mapping_problems:
        yield _Found("mapping-problem", "error", problem.place, problem.message)
    for problem in checked.plan_problems:
        yield _Found("plan-problem", "error", problem.place, problem.message)
    for warning in (*checked.warnings, *checked.plan_doubts):
        yield _Found("warning", _doubt(checked, "warning"), warning.place, warning.message)


def _doubt(checked: PackCheck, level: str) -> str:
    return "error" if checked.strict else level


def _of_rule(checked: PackCheck, check: RuleCheck) -> Iterator[_Found]:
    rule = check.rule
    for failure in check.failures:
        message = f"{rule.id}: {failure.message}"
        yield _Found(_alert(failure), "error", failure.place, message, rule.id, rule.title)
    level = _doubt(checked, "note")
    for mutant in check.survivors:
        message = f"{rule.id}: no example notices the change: {mutant.change}"
        yield _Found("mutant-survives", level, mutant.place, message, rule.id, rule.title)


def _alert(failure: Failure) -> str:
    return "outcome-not-shown" if failure.example is None else "example-fails"


def _results(checked: PackCheck, found: list[_Found], places: Places) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for each in found:
        mark = _fingerprint(checked, each, places)
        seen[mark] += 1
        result = {
            "ruleId": each.alert,
            "ruleIndex": _IDS.index(each.alert),
            "level": each.level,
            "message": {"text": _message_text(places.words(each.message))},
            "locations": [_location(checked, each, places)],
            "partialFingerprints": {FINGERPRINT: f"{mark}:{seen[mark]}"},
        }
        if each.rule:
            result["properties"] = {"rule": each.rule, "title": one_line(each.title)}
        yield result


def _message_text(text: str) -> str:
    """Plain text that no reader takes for a placeholder (3.11.5) or for a link (3.11.6)."""
    shown = one_line(text).replace("](", "] (") or "(no words)"
    return shown.replace("{", "{{").replace("}", "}}")


def _location(checked: PackCheck, found: _Found, places: Places) -> dict[str, Any]:
    located = places.located(found.place.file)
    uri = quote(os.fsencode(located.path))
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": located.base},
            "region": {"startLine": found.place.line, "startColumn": found.place.column},
        }
    }
    if found.rule:
        whole = f"{one_line(checked.name)}.{found.rule}"
        location["logicalLocations"] = [{"name": found.rule, "fullyQualifiedName": whole}]
    return location


def _fingerprint(checked: PackCheck, found: _Found, places: Places) -> str:
    """What stays the same when lines move: the kind of result, its file, its rule, its words."""
    words = _POSITION.sub("", places.words(found.message))
    file = "" if found.rule else places.path(found.place.file)
    parts = (found.alert, checked.name, file, found.rule, words)
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
