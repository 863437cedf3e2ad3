"""The mapping files of a pack are checked with it, and are in its JUnit and SARIF reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import GOOD, cases_of, junit_of, sarif_of, tags, told
from small_pack import RULE_FILE, located, rule_file, write_pack

from scr_audit.check.pack_check import PackCheck, check_everything
from scr_audit.mappings.mapping_loader import check_mappings
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.load import load_folder

MAPPING = """\
id: till
version: 1.0.0
title: The till of the workshop
source: {title: A format}
format: json
kind: job
record: job
elements:
  number: {fact: id, as: pseudonym, prefix: J}
  wheels: {fact: wheels, as: number}
"""
WRONG = MAPPING.replace("fact: wheels, as: number", "fact: weels, as: numbr")
NO_FACT = "there is no fact 'weels'. Did you mean 'wheels'?"
NO_CONVERSION = "there is no conversion 'numbr'. Did you mean 'number'? Known: "


def workshop(folder: Path, **mappings: str) -> Path:
    files = {f"imports/{name}.yaml": text for name, text in mappings.items()}
    return write_pack(folder, {RULE_FILE: rule_file(GOOD), **files})


def check_of(folder: Path, **mappings: str) -> PackCheck:
    pack = load_folder(workshop(folder, **mappings))
    return check_everything(pack, strict=False, mutate=False)


def test_text_that_is_no_mapping_is_told_and_does_not_stop_the_check(tmp_path: Path) -> None:
    found = check_of(tmp_path, broken="id: [", till=MAPPING)
    assert found.fails
    assert [bool(mapping.problems) for mapping in found.mappings] == [True, False]


def test_a_file_that_no_import_would_find_is_told(tmp_path: Path) -> None:
    workshop(tmp_path, till=MAPPING)
    (tmp_path / "imports" / "old.yml").write_text(MAPPING, encoding="utf-8")
    (first, second) = check_mappings(load_folder(tmp_path))
    (problem,) = first.problems
    assert str(problem) == (
        f"{tmp_path}/imports/old.yml:1:1: is not read; the name of a mapping file ends in .yaml"
    )
    assert second.problems == ()


def test_junit_has_a_case_for_each_mapping(tmp_path: Path) -> None:
    cases = cases_of(junit_of(check_of(tmp_path, books=WRONG, till=MAPPING), tmp_path))
    wrong, good = (cases[f"bicycle-workshop.imports/{name}"] for name in ("books", "till"))
    assert (wrong.attrib["file"], wrong.attrib["line"]) == ("imports/books.yaml", "1")
    assert (tags(wrong), wrong[0].attrib["type"]) == (["failure"], "mapping-problem")
    message, details = told(wrong)
    assert message.startswith(f"{NO_FACT}; {NO_CONVERSION}")
    assert details.startswith(located("imports/books.yaml", WRONG, (10, 18), NO_FACT))
    assert tags(good) == []


def test_a_pack_without_mappings_has_no_suite_for_them(tmp_path: Path) -> None:
    names = [suite.attrib["name"] for suite in junit_of(check_of(tmp_path), tmp_path)]
    assert names == ["bicycle-workshop", "bicycle-workshop.one"]


def test_sarif_has_a_result_for_each_mistake(tmp_path: Path) -> None:
    run = sarif_of(check_of(tmp_path, books=WRONG, till=MAPPING), tmp_path)
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("mapping-problem", "error"), ("mapping-problem", "error"),
    ]  # fmt: skip
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "imports/books.yaml"
    assert place["region"] == {"startLine": 10, "startColumn": 18}
    assert run["results"][0]["message"] == {"text": NO_FACT}
    assert (run["properties"]["mappings"], run["properties"]["mappingProblems"]) == (2, 2)


@pytest.mark.parametrize(
    ("pack", "names"),
    [
        (None, ["cin-census.yaml", "dfe-api.yaml"]),
        ("baby-f-2010", ["cin-census.yaml", "dfe-api.yaml"]),
        ("working-together", []),
    ],
)
def test_a_pack_answers_for_its_own_mappings_as_for_its_own_rules(
    pack: str | None, names: list[str]
) -> None:
    found = check_mappings(load_pack(pack))
    assert [Path(mapping.file).name for mapping in found] == names
    assert [mapping.problems for mapping in found] == [()] * len(names)
