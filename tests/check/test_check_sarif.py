"""A check as SARIF 2.1.0: a result for everything that is wrong or doubtful."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from checking import RULE, SHOWN, WARNING, check_of, places_of, sarif_of
from jsonschema import Draft202012Validator
from sarif_essentials import LOG

from scr_audit._version import __version__
from scr_audit.check.pack_check import PackCheck
from scr_audit.check.sarif import ALERTS, sarif_bytes
from scr_audit.errors import Place, Problem


def essentials(found: PackCheck, folder: Path) -> None:
    data = sarif_bytes(found, places_of(folder))
    Draft202012Validator(LOG).validate(json.loads(data))


def counts(run: dict[str, Any]) -> dict[tuple[str, str], int]:
    return Counter((result["ruleId"], result["level"]) for result in run["results"])


def whole(folder: Path, *, strict: bool = False) -> PackCheck:
    return replace(check_of(folder, RULE, SHOWN, strict=strict), warnings=(WARNING,))


def unloaded(folder: Path) -> PackCheck:
    problem = Problem(Place(str(folder / "rules/1.yaml"), 7, 5), "unknown fact 'saef'", "x: saef")
    return PackCheck("shop", strict=False, problems=(problem,))


def test_every_report_keeps_to_the_essentials_of_the_standard(tmp_path: Path) -> None:
    Draft202012Validator.check_schema(LOG)
    for found in (whole(tmp_path), whole(tmp_path, strict=True), unloaded(tmp_path)):
        essentials(found, tmp_path)
    essentials(check_of(tmp_path, SHOWN, mutate=False), tmp_path)


def test_each_kind_of_result_is_described_where_its_index_points(tmp_path: Path) -> None:
    run = sarif_of(whole(tmp_path), tmp_path)
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("scr-audit", __version__)
    assert [rule["id"] for rule in driver["rules"]] == [
        "pack-problem", "mapping-problem", "plan-problem", "example-fails", "outcome-not-shown",
        "mutant-survives", "warning",
    ]  # fmt: skip
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    for alert in ALERTS:
        assert alert.title.endswith(".")
        assert alert.help.endswith(".")
        assert alert.name.lower() != alert.id


def test_results_are_graver_in_a_strict_check(tmp_path: Path) -> None:
    assert counts(sarif_of(whole(tmp_path), tmp_path)) == {
        ("warning", "warning"): 1, ("example-fails", "error"): 1,
        ("outcome-not-shown", "error"): 1, ("mutant-survives", "note"): 2,
    }  # fmt: skip
    assert counts(sarif_of(whole(tmp_path, strict=True), tmp_path)) == {
        ("warning", "error"): 1, ("example-fails", "error"): 1,
        ("outcome-not-shown", "error"): 1, ("mutant-survives", "error"): 2,
    }  # fmt: skip


def test_a_result_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    (result,) = [
        result
        for result in sarif_of(whole(tmp_path), tmp_path)["results"]
        if result["ruleId"] == "example-fails"
    ]
    assert result["message"] == {"text": "one: example 'two' expects met; found not_met"}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "rules/1.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 11, "startColumn": 9},
            },
            "logicalLocations": [{"name": "one", "fullyQualifiedName": "bicycle-workshop.one"}],
        }
    ]
    assert result["properties"] == {"rule": "one", "title": "One rule"}


def test_problems_of_a_pack_that_does_not_load_are_results(tmp_path: Path) -> None:
    run = sarif_of(unloaded(tmp_path), tmp_path)
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("pack-problem", "error")
    assert result["message"] == {"text": "unknown fact 'saef'"}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "rules/1.yaml"
    assert place["region"] == {"startLine": 7, "startColumn": 5}
    assert "logicalLocations" not in result["locations"][0]


def test_text_is_taken_neither_for_a_placeholder_nor_for_a_link(tmp_path: Path) -> None:
    """Sections 3.11.5 and 3.11.6 of the standard."""
    problem = Problem(Place("rules/1.yaml", 1, 1), "no {days}, see [here](1)\nor {{ 7 * 7 }}")
    run = sarif_of(PackCheck("shop", strict=False, problems=(problem,)), tmp_path)
    assert run["results"][0]["message"]["text"] == (
        "no {{days}}, see [here] (1) or {{{{ 7 * 7 }}}}"
    )


def test_the_parts_of_a_path_are_encoded(tmp_path: Path) -> None:
    names = {
        "rules/one two.yaml": "rules/one%20two.yaml",
        "rules/ü#?[.yaml": "rules/%C3%BC%23%3F%5B.yaml",
        "http:/x.yaml": "http%3A/x.yaml",
        "rules/\udcff.yaml": "rules/%FF.yaml",
    }
    problems = tuple(Problem(Place(name, 1, 1), "wrong") for name in names)
    found = PackCheck("shop", strict=False, problems=problems)
    essentials(found, tmp_path)
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in sarif_of(found, tmp_path)["results"]
    ]
    assert uris == list(names.values())


def fingerprints(run: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["scrAuditFinding/v1"] for result in run["results"]]


def test_fingerprints_tell_results_apart_and_stay_when_lines_move(tmp_path: Path) -> None:
    before = sarif_of(check_of(tmp_path / "a", RULE, SHOWN), tmp_path / "a")
    longer = RULE.replace("require:", "# moved\n\nadvice: Count them.\nrequire:")
    after = sarif_of(check_of(tmp_path / "b", longer, SHOWN), tmp_path / "b")
    lines = [
        [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results]
        for results in (before["results"], after["results"])
    ]
    assert lines[0] != lines[1]
    assert fingerprints(before) == fingerprints(after)
    assert len(set(fingerprints(before))) == len(before["results"])


def test_a_fingerprint_does_not_hold_the_places_that_a_message_names(tmp_path: Path) -> None:
    marks = set()
    for line in (2, 40):
        messages = (f"'a' is already used at {tmp_path}/rules/1.yaml:{line}:9",
                    f"'b' stands twice in the same place; first at line {line}")  # fmt: skip
        place = Place(str(tmp_path / "rules/1.yaml"), line + 9, 1)
        problems = tuple(Problem(place, message) for message in messages)
        run = sarif_of(PackCheck("shop", strict=False, problems=problems), tmp_path)
        marks.add(tuple(fingerprints(run)))
    assert len(marks) == 1


def test_the_run_has_the_numbers_of_the_check_and_a_name_of_its_own(tmp_path: Path) -> None:
    found = check_of(tmp_path, RULE, SHOWN)
    run = sarif_of(found, tmp_path)
    assert run["automationDetails"] == {"id": "scr-audit-check/bicycle-workshop/"}
    assert run["properties"] == {
        "pack": "bicycle-workshop", "version": "1.2.3", "sha256": found.sha256, "strict": False,
        "problems": 0, "rules": 2, "examples": 5, "failed": 2, "mutants": 5, "mutantsNoticed": 3,
        "mappings": 0, "mappingProblems": 0, "plans": 0, "planProblems": 0,
    }  # fmt: skip


def test_the_same_check_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (sarif_bytes(whole(tmp_path), places_of(tmp_path)) for _ in range(2))
    assert first == second
    assert str(tmp_path).encode() not in first
