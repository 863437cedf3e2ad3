"""`check`: its reports say what the terminal says, and old ones survive a failure."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from command_line import COMMAND, Result, environment, in_a_process, scr_audit
from small_pack import RULE_FILE, SMALL_PACK, located, rule_file, write_pack

from scr_audit.plans.plan import shipped_plans

BOTH = ("-o", "check.xml", "-o", "check.sarif")
WROTE = "wrote check.xml\nwrote check.sarif\n"
OLD = b"the old report\n"
SUMMARY = re.compile(
    r"(?P<pack>\S+) (?P<version>\S+): (?P<rules>\d+) rules?, (?P<examples>\d+) examples?"
    r"(?:, (?P<failed>\d+) failed)?(?:; (?P<noticed>\d+) of (?P<mutants>\d+) mutants? noticed)?\n"
)
GOOD = """
require: {it: paid}
examples:
  - {name: paid, expect: met, given: {paid: true}}
  - {name: unpaid, expect: not_met, given: {paid: false}}
  - {name: silent, expect: not_evidenced, given: {}}
"""
UNNOTICED = """
require: {it: wheels at least 3}
examples:
  - {name: four, expect: met, given: {wheels: 4}}
  - {name: two, expect: not_met, given: {wheels: 2}}
  - {name: silent, expect: not_evidenced, given: {}}
"""
FAILS = GOOD.replace("{name: paid, expect: met", r'{name: "]]> \e[31m", expect: not_met')
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


def junit(folder: Path) -> ElementTree.Element:
    data = (folder / "check.xml").read_bytes()
    return ElementTree.fromstring(data)  # noqa: S314  # our own report


def sarif(folder: Path) -> dict[str, Any]:
    (run,) = json.loads((folder / "check.sarif").read_text(encoding="utf-8"))["runs"]
    return run


CHECKS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "all well": ((GOOD,), ()),
    "unnoticed": ((GOOD, UNNOTICED), ()),
    "unnoticed, strictly": ((GOOD, UNNOTICED), ("--strict",)),
    "failing": ((UNNOTICED, FAILS), ("--no-mutations",)),
}


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Result]]:
    """The folder and the result of each check, with both reports."""
    found = {}
    for name, (rules, words) in CHECKS.items():
        folder = tmp_path_factory.mktemp("check")
        write_pack(folder / "shop", {RULE_FILE: rule_file(*rules)})
        found[name] = (folder, scr_audit("check", "shop", *words, *BOTH, cwd=folder))
    return found


@pytest.mark.parametrize("name", CHECKS)
def test_the_reports_have_the_numbers_of_the_terminal(
    name: str, checks: dict[str, tuple[Path, Result]]
) -> None:
    folder, result = checks[name]
    match = SUMMARY.fullmatch(result.out)
    assert match is not None
    numbers = {key: int(match[key] or 0) for key in ("rules", "examples", "failed")}
    mutants = {key: int(match[key] or 0) for key in ("mutants", "noticed")}
    root, run = junit(folder), sarif(folder)
    properties = {each.attrib["name"]: each.attrib["value"] for each in root[0].iter("property")}
    assert {key: int(properties[key]) for key in numbers} == numbers
    assert int(properties["mutants"]) == mutants["mutants"]
    assert int(properties["mutants-noticed"]) == mutants["noticed"]
    assert {key: run["properties"][key] for key in numbers} == numbers
    kinds = Counter(each["ruleId"] for each in run["results"])
    assert kinds["example-fails"] + kinds["outcome-not-shown"] == numbers["failed"]
    assert kinds["mutant-survives"] == mutants["mutants"] - mutants["noticed"]
    # Two cases for the pack, two for each rule, and the examples.
    assert int(root.attrib["tests"]) == 2 + 2 * numbers["rules"] + numbers["examples"]


@pytest.mark.parametrize("name", CHECKS)
def test_the_reports_fail_exactly_where_the_check_fails(
    name: str, checks: dict[str, tuple[Path, Result]]
) -> None:
    folder, result = checks[name]
    root, run = junit(folder), sarif(folder)
    failing = int(root.attrib["failures"]) + int(root.attrib["errors"])
    errors = [each for each in run["results"] if each["level"] == "error"]
    assert (result.code, bool(failing), bool(errors)) in ((0, False, False), (2, True, True))
    assert result.code == (2 if name in ("failing", "unnoticed, strictly") else 0)
    assert "\x1b" not in result.err


def test_the_reports_do_not_change_what_the_terminal_says(tmp_path: Path) -> None:
    write_pack(tmp_path / "shop", {RULE_FILE: rule_file(UNNOTICED, FAILS)})
    silent = scr_audit("check", "shop", cwd=tmp_path)
    written = scr_audit("check", "shop", *BOTH, cwd=tmp_path)
    assert written == Result(2, silent.out, silent.err + WROTE)


def test_a_pack_that_does_not_load_has_reports_too(tmp_path: Path) -> None:
    text = rule_file("require: {safe: saef}", "require: {safe: paid is maybe}")
    write_pack(tmp_path / "shop", {RULE_FILE: text})
    for name in ("check.xml", "check.sarif"):
        (tmp_path / name).write_bytes(OLD)
    without = scr_audit("check", "shop", cwd=tmp_path)
    result = scr_audit("check", "shop", *BOTH, cwd=tmp_path)
    assert result == Result(2, "", WROTE + without.err)
    assert result.err.endswith("\n2 problems; nothing was run.\n")
    assert junit(tmp_path).attrib["errors"] == "2"
    assert [each["ruleId"] for each in sarif(tmp_path)["results"]] == ["pack-problem"] * 2


def test_every_mistake_of_a_mapping_is_told_and_counted(tmp_path: Path) -> None:
    wrong = MAPPING.replace("fact: wheels, as: number", "fact: weels, as: numbr")
    files = {"imports/books.yaml": wrong, "imports/till.yaml": MAPPING}
    write_pack(tmp_path / "shop", {RULE_FILE: rule_file(GOOD), **files})
    done = scr_audit("check", "shop", "--no-mutations", cwd=tmp_path)
    assert done.code == 2
    assert done.out == "bicycle-workshop 1.2.3: 1 rule, 3 examples; 2 mappings, 1 wrong\n"
    no_fact = "there is no fact 'weels'. Did you mean 'wheels'?"
    assert done.err.startswith(located("shop/imports/books.yaml", wrong, (10, 18), no_fact))
    (tmp_path / "shop/imports/books.yaml").unlink()
    mended = scr_audit("check", "shop", "--no-mutations", cwd=tmp_path)
    assert (mended.code, mended.out) == (
        0, "bicycle-workshop 1.2.3: 1 rule, 3 examples; 1 mapping\n"
    )  # fmt: skip
    assert all(line.startswith("note: ") for line in mended.err.splitlines())


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (
            ("check.sarf",),
            "check.sarf: unknown format '.sarf'; expected .xml or .sarif. Did you mean '.sarif'?",
        ),
        (
            ("a.xml", "./a.xml"),
            "a.xml: two outputs have the same name; each needs its own file",
        ),
        (
            ("a.xml", "nowhere/b.xml"),
            "nowhere/b.xml: the folder nowhere does not exist; make it, or name another place",
        ),
        (("link.xml",), "link.xml: leads to pack.yaml; name another file for -o"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_the_check(
    outputs: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    shutil.copytree(SMALL_PACK, tmp_path / "shop")
    (tmp_path / "link.xml").symlink_to("shop/pack.yaml")
    before = sorted(path.name for path in tmp_path.iterdir())
    words = [word for name in outputs for word in ("-o", name)]
    result = scr_audit("check", "shop", *words, cwd=tmp_path)
    assert result == Result(2, "", f"scr-audit: {message}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def full_disk() -> None:
    """In a child: the JUnit report of the small pack fits on the disk, the SARIF one does not."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))


@pytest.mark.parametrize("rule", [GOOD, "require: {safe: saef}"], ids=["loads", "does not load"])
def test_a_full_disk_leaves_the_old_reports_and_the_words(rule: str, tmp_path: Path) -> None:
    write_pack(tmp_path / "shop", {RULE_FILE: rule_file(rule)})
    for name in ("check.xml", "check.sarif"):
        (tmp_path / name).write_bytes(OLD)
    silent = scr_audit("check", "shop", cwd=tmp_path)
    result = in_a_process("check", "shop", *BOTH, cwd=tmp_path, preexec_fn=full_disk)
    failed = "scr-audit: check.sarif: could not be written: File too large. No file was changed.\n"
    assert (result.code, result.out) == (2, "")
    assert sorted(result.err.splitlines()) == sorted((failed + silent.err).splitlines())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["check.sarif", "check.xml", "shop"]
    assert (tmp_path / "check.xml").read_bytes() == (tmp_path / "check.sarif").read_bytes() == OLD


def test_the_reports_are_the_same_bytes_each_time_and_name_no_folder_of_the_machine(
    tmp_path: Path,
) -> None:
    """Also from another folder, with an absolute path, and through a link."""
    write_pack(tmp_path / "packs" / "shop", {RULE_FILE: rule_file(UNNOTICED, FAILS)})
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "c" / "linked").symlink_to(tmp_path / "packs")
    packs = {"a": "../packs/shop", "b": str(tmp_path / "packs/shop"),
             "c": str(tmp_path / "c/linked/shop")}  # fmt: skip
    reports = []
    for name, pack in packs.items():
        scr_audit("check", pack, *BOTH, cwd=tmp_path / name)
        reports.append([(tmp_path / name / file).read_bytes() for file in BOTH[1::2]])
    assert reports[0] == reports[1]
    for report in (data for pair in reports for data in pair):
        assert str(tmp_path).encode() not in report
    uris = {
        tuple(each["locations"][0]["physicalLocation"]["artifactLocation"].values())
        for each in sarif(tmp_path / "a")["results"]
    }
    assert uris == {("shop/rules/1.yaml", "PACKS")}
    linked = {case.attrib["file"] for case in junit(tmp_path / "c").iter("testcase")}
    assert linked == {"linked/shop/pack.yaml", "linked/shop/rules/1.yaml"}


def test_a_shipped_pack_is_checked_by_its_id_from_any_folder(tmp_path: Path) -> None:
    result = scr_audit("check", "working-together", "--no-mutations", *BOTH, cwd=tmp_path)
    assert (result.code, result.err) == (0, WROTE)
    assert sarif(tmp_path)["results"] == []
    files = {case.attrib["file"].split("/")[0] for case in junit(tmp_path).iter("testcase")}
    assert files == {"working-together"}


@pytest.mark.parametrize("plan", shipped_plans())
def test_a_shipped_plan_is_checked_by_its_id_without_its_pack(plan: str) -> None:
    result = scr_audit("check", plan)
    assert (result.code, result.out.startswith(f"{plan}: nothing wrong")) == (0, True), result.err


def test_a_reader_that_stops_reading_changes_no_exit_code(tmp_path: Path) -> None:
    write_pack(tmp_path / "shop", {RULE_FILE: rule_file(FAILS)})
    reading, writing = os.pipe()
    os.close(reading)
    stopped = subprocess.run(
        [*COMMAND, "check", "shop", *BOTH], cwd=tmp_path, env=environment(), stdout=writing,
        stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(writing)
    assert stopped.returncode == 2
    assert stopped.stderr.decode().endswith(WROTE)


def test_changes_that_no_example_notices_are_told_with_what_to_do(tmp_path: Path) -> None:
    write_pack(tmp_path, {RULE_FILE: rule_file(UNNOTICED)})
    told = scr_audit("check", ".", cwd=tmp_path).err
    assert "one: no example notices the change: " in told
    assert told.count(
        "To have a change noticed, add an example that then has another outcome (of a sentence: "
        "that says another reason), or drop the part.\n"
    ) == 1  # fmt: skip


def test_the_examples_of_some_rules_only_are_run(tmp_path: Path) -> None:
    write_pack(tmp_path, {RULE_FILE: rule_file(UNNOTICED, FAILS, GOOD.replace("paid", "safe"))})
    one = scr_audit("check", ".", "--rule", "three", cwd=tmp_path)
    assert one == Result(
        0, "bicycle-workshop 1.2.3: 1 rule, 3 examples; 1 of 1 mutant noticed\n", ""
    )
    both = scr_audit("check", ".", "--rule", "two", "--rule", "three", cwd=tmp_path)
    assert (both.code, both.out.split("; ")[0]) == (
        2, "bicycle-workshop 1.2.3: 2 rules, 6 examples, 1 failed"
    )  # fmt: skip
    wrong = scr_audit("check", ".", "--rule", "thre", cwd=tmp_path)
    assert wrong == Result(2, "", "scr-audit: there is no rule 'thre'. Did you mean 'three'?\n")
    plan = scr_audit("check", "quarterly-conference-plan", "--rule", "gp-invited")
    assert plan == Result(
        2, "", "scr-audit: --rule is for the check of a pack; a plan has no examples\n"
    )


def test_a_watched_pack_is_checked_again_when_a_file_of_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = rule_file(GOOD.replace("it: paid", "it: paidd")), rule_file(GOOD)
    write_pack(tmp_path, {RULE_FILE: wrong})
    saved = iter((None, right))

    def somebody_works(seconds: float) -> None:
        """Nothing at first, then a file is saved, then Ctrl-C is pressed."""
        text = next(saved, "")
        if text == "":
            raise KeyboardInterrupt
        if text is not None:
            (tmp_path / RULE_FILE).write_text(text)

    monkeypatch.setattr("scr_audit.cli.check.sleep", somebody_works)
    done = scr_audit("check", ".", "--watch", "--rule", "one", cwd=tmp_path)
    assert done.code == 130
    assert done.out == "bicycle-workshop 1.2.3: 1 rule, 3 examples; 1 of 1 mutant noticed\n"
    first, second = done.err.split(f"\n{'-' * 20} a file has changed {'-' * 20}\n")
    assert "unknown fact 'paidd'" in first
    assert first.endswith("1 problem; nothing was run.\nWatching; Ctrl-C ends it.\n")
    assert second == (
        "Watching; Ctrl-C ends it.\nscr-audit: interrupted; no output file was changed.\n"
    )
