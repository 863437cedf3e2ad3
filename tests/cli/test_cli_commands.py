"""What `list`, `schema`, `explain`, `init` and `check` give where all is well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import DAY, SMALL, Result, all_of, environment, job, scr_audit, write_json
from jsonschema import Draft202012Validator
from small_pack import RULE_FILE, rule_file, write_pack

ROOT = Path(__file__).parents[2]
SCHEMAS = (
    "rule", "pack", "recommendations", "settings", "plan", "exceptions", "mapping", "record",
    "run", "agreement", "board", "public", "sample", "comparison", "trend", "action", "fixes",
)  # fmt: skip


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    results = all_of({name: ("schema", name) for name in SCHEMAS}, tmp_path_factory.mktemp("s"))
    assert all((result.code, result.err) == (0, "") for result in results.values())
    return {name: json.loads(result.out) for name, result in results.items()}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_a_json_schema(name: str, schemas: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schemas[name])
    assert schemas[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("rule", "rules/*/rules/*.yaml"),
        ("pack", "rules/*/pack.yaml"),
        ("recommendations", "rules/*/recommendations.yaml"),
        ("plan", "audits/*.yaml"),
        ("mapping", "rules/*/imports/*.yaml"),
    ],
)
def test_the_shipped_files_follow_their_schemas(
    name: str, files: str, schemas: dict[str, Any]
) -> None:
    validator = Draft202012Validator(schemas[name])
    found = sorted(ROOT.glob(files))
    assert found
    for path in found:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # texts only
        wrong = [error for error in validator.iter_errors(value) if not _of_a_text(error)]
        assert not wrong, f"{path}: {wrong[0].json_path}: {wrong[0].message}"


def _of_a_text(error: Any) -> bool:
    """Whether only the type of a scalar is wrong: `BaseLoader` reads all of them as texts."""
    if error.validator == "type" and isinstance(error.instance, str):
        return True
    return bool(error.context) and any(_of_a_text(inner) for inner in error.context)


def test_example_records_follow_the_record_schema(schemas: dict[str, Any]) -> None:
    cases = json.loads((ROOT / "examples" / "cases.json").read_text(encoding="utf-8"))["cases"]
    validator = Draft202012Validator(schemas["record"])
    assert cases
    for case in cases:
        validator.validate(case)


def test_the_kind_of_a_record_schema_can_be_chosen() -> None:
    result = scr_audit("schema", "record", *SMALL, "--kind", "depot")
    schema = json.loads(result.out)
    assert (result.code, schema["title"], schema["required"]) == (0, "depot", ["id", "name"])


def test_list_gives_the_rules_as_a_table_and_as_data() -> None:
    table, data = scr_audit("list", *SMALL), scr_audit("list", *SMALL, "--json")
    rules = json.loads(data.out)
    assert (table.code, table.err, data.code, data.err) == (0, "", 0, "")
    assert [rule["rule"] for rule in rules] == [
        "part-fitted", "part-checked", "back-in-time", "depot-open",
    ]  # fmt: skip
    assert rules[0] == {
        "for": "1.1", "rule": "part-fitted", "judges": "part", "severity": "high",
        "title": "Every replaced part is fitted and sound", "location": "rules/1-parts.yaml:4",
    }  # fmt: skip
    words = table.out.split()
    assert all(rule["rule"] in words for rule in rules)


@pytest.mark.parametrize("command", ["list", "sentences"])
def test_a_pack_is_named_as_an_argument_or_with_an_option(command: str) -> None:
    named = scr_audit(command, SMALL[1])
    assert named == scr_audit(command, *SMALL)
    assert named.code == 0
    both = scr_audit(command, "review-process", "-p", "baby-f-2010")
    assert both == Result(
        2,
        "",
        "scr-audit: two packs are named, review-process and --pack baby-f-2010; name one\n",
    )


def test_list_gives_the_shipped_packs() -> None:
    result = scr_audit("list", "--packs", "--json")
    packs = json.loads(result.out)
    assert (result.code, result.err) == (0, "")
    assert "baby-f-2010" in [pack["pack"] for pack in packs]
    assert all(pack["rules"] > 0 for pack in packs)


def test_explain_says_a_rule_in_words_with_its_source_and_on_records(tmp_path: Path) -> None:
    late = {"booked_on": "2025-01-01", "returned_on": "2025-03-01"}
    write_json(tmp_path / "in.json", [job("A", **late), job("B"), job("C", x=1)])
    rule = ("explain", "back-in-time", *SMALL)
    words = scr_audit(*rule)
    source = scr_audit(*rule, "--source")
    one = scr_audit(*rule, "in.json", *DAY, "-r", "A", cwd=tmp_path)
    other = scr_audit("explain", "depot-open", "in.json", *SMALL, cwd=tmp_path)
    assert (words.code, words.err) == (0, "")
    assert words.out.startswith("The bicycle is back in time\nback-in-time, low severity\n\n")
    assert "\nParagraph 1.2: Bicycles come back safe" in words.out
    line = "“When was the bicycle returned?” within 10 days after “When was the job booked?”"
    assert f"What is asked: {line}.\n" in " ".join(words.out.split(" ")).replace("\n  ", " ")
    assert f"- {line}\n" in scr_audit(*rule, "--conditions").out
    compile(source.out, "rule", "exec")
    assert (source.code, source.err) == (0, "")
    assert one.code == 2  # C is left out
    assert one.out.startswith("A: not met\n")
    assert one.out.splitlines() == [
        "A: not met",
        "  “When was the bicycle returned?” 1 March 2025, 49 days late (due by 11 January 2025).",
    ]
    shown = scr_audit(*rule, "in.json", *DAY, "-r", "A", "--conditions", cwd=tmp_path).out
    assert shown.startswith(one.out)
    assert "returned_on within" in shown
    assert "/returned_on = 2025-03-01" in shown
    assert "\nB" not in one.out
    assert one.err.startswith("left out: in.json, /2 (record C)\n")
    assert other.out == ""
    assert other.err.endswith("scr-audit: nothing to explain: no depot record was judged.\n")


def test_explain_ends_with_what_to_do_where_something_is_not_met(tmp_path: Path) -> None:
    text = rule_file('require: {it: paid}\nadvice: "Ask for the money."')
    pack = write_pack(tmp_path / "pack", {RULE_FILE: text})
    write_json(tmp_path / "in.json", [job("A", paid=False), job("B", paid=False), job("C")])
    explain = ("explain", "one", "in.json", *DAY, "-p", pack)
    lines = scr_audit(*explain, cwd=tmp_path).out.splitlines()
    assert lines.count("If not met: Ask for the money.") == 1
    assert lines[-1] == "If not met: Ask for the money."
    assert "If not met" not in scr_audit(*explain, "-r", "C", cwd=tmp_path).out


def test_a_new_pack_passes_its_check_and_runs(tmp_path: Path) -> None:
    name = "my 'first' päck"
    made = scr_audit("init", name, cwd=tmp_path)
    assert (made.code, made.out) == (0, "")
    assert made.err.startswith(f"wrote a small pack to {name}. Its id is my-first-pack. Try:\n")
    tried = [line.strip() for line in made.err.splitlines()[1:]]
    (tmp_path / "scr-audit").write_text(f'#!/bin/sh\nexec {sys.executable} -m scr_audit "$@"\n')
    (tmp_path / "scr-audit").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    assert len(tried) == 2
    for line in tried:
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=tmp_path,
            env=environment(PATH=path),
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b""), line
    strict = scr_audit("check", "--strict", name, cwd=tmp_path)
    assert (strict.code, strict.err) == (0, "")
    assert strict.out == "my-first-pack 0.1.0: 1 rule, 3 examples; 8 of 8 mutants noticed\n"


@pytest.mark.parametrize(
    ("folder", "pack_id", "told"),
    [
        ("first-pack", "first-pack", ""),
        ("packs/Fire & Safety", "fire-safety", " Its id is fire-safety."),
        ("2026", "my-pack-2026", " Its id is my-pack-2026."),
        ("ÄÖ_ü", "ao-u", " Its id is ao-u."),
        ("安全", "my-pack", " Its id is my-pack."),
    ],
)
def test_a_new_pack_has_the_name_of_its_folder(
    tmp_path: Path, folder: str, pack_id: str, told: str
) -> None:
    made = scr_audit("init", folder, cwd=tmp_path)
    assert made.err.startswith(f"wrote a small pack to {folder}.{told} Try:\n")
    checked = scr_audit("check", "--strict", folder, cwd=tmp_path)
    assert (checked.code, checked.out.split()[0]) == (0, pack_id)
    plan = scr_audit("check", f"{folder}/plan.yaml", "--pack", folder, cwd=tmp_path)
    assert plan.code == 0


def test_init_writes_only_into_a_new_or_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".DS_Store").write_text("left by a program")
    (tmp_path / "file").write_text("x")
    end = "nothing was written. Name a new folder\n"
    assert scr_audit("init", "empty", cwd=tmp_path).code == 0
    before = sorted(path.name for path in (tmp_path / "empty").rglob("*"))
    again = scr_audit("init", "empty", cwd=tmp_path)
    file = scr_audit("init", "file", cwd=tmp_path)
    below = scr_audit("init", "file/x", cwd=tmp_path)
    assert again == Result(2, "", f"scr-audit: empty: is not empty; {end}")
    assert file == Result(2, "", f"scr-audit: file: is a file; {end}")
    assert below == Result(2, "", "scr-audit: file/x: cannot be written: Not a directory\n")
    assert sorted(path.name for path in (tmp_path / "empty").rglob("*")) == before
    assert (tmp_path / "file").read_text() == "x"


def test_the_version_is_said_in_two_ways() -> None:
    from scr_audit import __version__

    assert scr_audit("--version") == Result(0, f"scr-audit {__version__}\n", "")
