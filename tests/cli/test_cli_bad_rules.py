"""Wrong rule files, settings and plans: told at their place, and nothing is run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import SMALL, Result, scr_audit, write_json
from small_pack import RULE_FILE, rule_file, write_pack


def test_a_mistake_is_told_at_its_place_with_a_caret_and_no_file_is_left(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", [{"id": "A"}])
    write_pack(tmp_path / "pack", {RULE_FILE: rule_file("require: {safe: saef}")})
    assert scr_audit("run", "in.json", "--pack", "pack", "-o", "r.html", cwd=tmp_path) == Result(
        2,
        "",
        "pack/rules/1.yaml:7:21: unknown fact 'saef'. Did you mean 'safe'?\n"
        "        require: {safe: saef}\n"
        "                        ^\n"
        "1 problem; nothing was run.\n",
    )
    assert not (tmp_path / "r.html").exists()


def test_a_control_code_in_a_rule_file_does_not_reach_the_terminal(tmp_path: Path) -> None:
    files = {RULE_FILE: rule_file('require:\n  safe: "safe \\e[31m" # [bold red] \x85')}
    write_pack(tmp_path / "pack", files)
    result = scr_audit("check", "pack", cwd=tmp_path)
    assert result.code == 2
    assert "\x1b" not in result.err
    assert "\x85" not in result.err


def test_an_example_that_does_not_hold_fails_the_check(tmp_path: Path) -> None:
    example = "examples: [{name: unsafe, expect: met, given: {safe: false}}]"
    write_pack(tmp_path, {RULE_FILE: rule_file(f"require: {{safe: safe}}\n{example}")})
    result = scr_audit("check", ".", "--no-mutations", cwd=tmp_path)
    assert result.code == 2
    assert "rules/1.yaml:8:16: one: example 'unsafe' expects met; found not_met\n" in result.err
    assert result.out.startswith("bicycle-workshop 1.2.3: 1 rule, 1 example, ")


def test_a_pack_that_is_not_there_is_told() -> None:
    done = scr_audit("list", "--pack", "baby-f-201")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(
        "scr-audit: baby-f-201: there is no such folder and no shipped pack of that name. Did you "
        "mean 'baby-f-2010'? Shipped: "
    )
    assert scr_audit("list", "--pack", "./nope") == Result(
        2,
        "",
        "scr-audit: nope: there is no such folder with pack.yaml, records.yaml and rules/\n",
    )


@pytest.mark.parametrize(
    ("option", "text", "place"),
    [
        ("--settings", "parameters: {mots_days: [{value: 5}]}", "1:14"),
        ("--audit", "id: p\ntitle: P\nquestion: Q?\npack: car-workshop\n", "4:7"),
    ],
)
def test_wrong_settings_and_plans_are_told_at_their_place(
    tmp_path: Path, option: str, text: str, place: str
) -> None:
    write_json(tmp_path / "in.json", [{"id": "A"}])
    (tmp_path / "it.yaml").write_text(text)
    wrong = scr_audit("run", "in.json", *SMALL, option, "it.yaml", cwd=tmp_path)
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith(f"it.yaml:{place}: ")
    assert wrong.err.endswith("^\n1 problem; nothing was run.\n")
    missing = scr_audit("run", "in.json", *SMALL, option, "nope.yaml", cwd=tmp_path)
    assert (missing.code, missing.out) == (2, "")
    assert re.match("scr-audit: nope.yaml: (cannot be read: No|there is no) such file", missing.err)


def test_settings_and_plan_are_used_and_shown(tmp_path: Path) -> None:
    write_json(
        tmp_path / "in.json", [{"id": "A", "booked_on": "2026-01-01", "returned_on": "2026-01-06"}]
    )
    write_pack(tmp_path / "pack", {})
    (tmp_path / "s.yaml").write_text("parameters: {most_days: [{value: 4}]}")
    (tmp_path / "p.yaml").write_text(
        "id: p\ntitle: P\nquestion: Late?\npack: bicycle-workshop\nrules: [back-in-time]\n"
    )
    words = ("run", "in.json", "--pack", "pack", "--settings", "s.yaml", "--audit", "p.yaml")
    assert scr_audit(*words, "-q", "-o", "r.json", cwd=tmp_path) == Result(0, "", "")
    bundle = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    changed = [item for item in bundle["parameters"] if item["overridden"]]
    assert [(item["name"], item["values"]) for item in changed] == [
        ("most_days", [{"from": None, "value": 4}])
    ]
    assert [rule["id"] for rule in bundle["rules"]] == ["back-in-time"]
    assert [finding["outcome"] for finding in bundle["findings"]] == ["not_met"]
    assert bundle["plan"]["question"] == "Late?"
