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
from scr_audit.check.alerts import ALERTS
from scr_audit.check.examples import Failure
from scr_audit.check.places import PACKS, WORKING, Places
from scr_audit.check.report import Checked, RuleCheck
from scr_audit.errors import Place
from scr_audit.report.wording import one_line

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


def sarif_bytes(checked: Checked, places: Places) -> bytes:
    """The check as SARIF in UTF-8; it has results of level error exactly where the check fails."""
    found = list(_problems(checked))
    for check in checked.result.checks:
        found += _of_rule(checked, check)
    log = {"version": "2.1.0", "$schema": SCHEMA, "runs": [_run(checked, found, places)]}
    return f"{json.dumps(log, indent=1, ensure_ascii=False)}\n".encode()


def _run(checked: Checked, found: list[_Found], places: Places) -> dict[str, Any]:
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


def _problems(checked: Checked) -> Iterator[_Found]:
    for problem in checked.problems:
        yield _Found("pack-problem", "error", problem.place, problem.message)
    for problem in checked.mapping_problems:
        yield _Found("mapping-problem", "error", problem.place, problem.message)
    for problem in checked.plan_problems:
        yield _Found("plan-problem", "error", problem.place, problem.message)
    for warning in (*checked.warnings, *checked.plan_doubts):
        yield _Found("warning", _doubt(checked, "warning"), warning.place, warning.message)


def _doubt(checked: Checked, level: str) -> str:
    return "error" if checked.strict else level


def _of_rule(checked: Checked, check: RuleCheck) -> Iterator[_Found]:
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


def _results(checked: Checked, found: list[_Found], places: Places) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for each in found:
        mark = _fingerprint(checked, each, places)
        seen[mark] += 1
        result = {
            "ruleId": each.alert,
            "ruleIndex": _IDS.index(each.alert),
            "level": each.level,
            "message": {"text": _text(places.words(each.message))},
            "locations": [_location(checked, each, places)],
            "partialFingerprints": {FINGERPRINT: f"{mark}:{seen[mark]}"},
        }
        if each.rule:
            result["properties"] = {"rule": each.rule, "title": one_line(each.title)}
        yield result


def _text(text: str) -> str:
    """Plain text that no reader takes for a placeholder (3.11.5) or for a link (3.11.6)."""
    shown = one_line(text).replace("](", "] (") or "(no words)"
    return shown.replace("{", "{{").replace("}", "}}")


def _location(checked: Checked, found: _Found, places: Places) -> dict[str, Any]:
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


def _fingerprint(checked: Checked, found: _Found, places: Places) -> str:
    """What stays the same when lines move: the kind of result, its file, its rule, its words."""
    words = _POSITION.sub("", places.words(found.message))
    file = "" if found.rule else places.path(found.place.file)
    parts = (found.alert, checked.name, file, found.rule, words)
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
