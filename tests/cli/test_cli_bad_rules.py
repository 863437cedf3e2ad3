"""Wrong rule files: every mistake at its place, with the line and a caret, and nothing is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Result, all_of, scr_audit, write_json
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

GOOD = "require: {safe: safe}"
END = "1 problem; nothing was run.\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

MISTAKES: dict[str, tuple[dict[str, str], str]] = {
    "an unknown fact": (
        {RULE_FILE: rule_file("require: {safe: saef}")},
        "rules/1.yaml:7:21: unknown fact 'saef'. Did you mean 'safe'?\n"
        "        require: {safe: saef}\n"
        "                        ^\n",
    ),
    "a key twice": (
        {RULE_FILE: rule_file(f"{GOOD}\nrequire: {{other: paid}}")},
        "rules/1.yaml:8:5: 'require' stands twice in the same place; first at line 7\n"
        "        require: {other: paid}\n"
        "        ^\n",
    ),
    "an alias bomb": (
        {RULE_FILE: BOMB},
        "rules/1.yaml:6:20: unfolds to more than 500,000 values\n"
        "    f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\n"
        "                       ^\n",
    ),
    "endless nesting, of which a part is shown": (
        {RULE_FILE: "[" * 500},
        f"rules/1.yaml:1:41: nested more than 40 deep\n    {'[' * 120}…\n    {' ' * 40}^\n",
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp("rules")
    write_json(folder / "in.json", [{"id": "A"}])
    for name, (files, _) in MISTAKES.items():
        write_pack(folder / name, files)
    commands = {name: ("run", "in.json", "--pack", name, "-o", "r.html") for name in MISTAKES}
    results = all_of(commands, folder)
    assert not (folder / "r.html").exists()
    return results


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_place_with_a_caret(name: str, results: dict[str, Result]) -> None:
    problem = MISTAKES[name][1]
    assert results[name] == Result(2, "", f"{name}/{problem}1 problem; nothing was run.\n")


def test_all_problems_of_all_rule_files_are_told_at_once(tmp_path: Path) -> None:
    write_pack(
        tmp_path / "pack",
        {
            "rules/1.yaml": rule_file(GOOD, "require: {a: saef, b: safe is maybe}"),
            "rules/2.yaml": rule_file("require: {late: returned_on befor booked_on}"),
        },
    )
    result = scr_audit("check", "pack", cwd=tmp_path)
    places = [line for line in result.err.splitlines() if line.startswith("pack/")]
    assert (result.code, result.out) == (2, "")
    assert [place.split(": ")[0] for place in places] == [
        "pack/rules/1.yaml:13:18",
        "pack/rules/1.yaml:13:35",
        "pack/rules/2.yaml:2:9",
        "pack/rules/2.yaml:7:33",
    ]
    assert places[2].endswith("the rule id 'one' is already used at pack/rules/1.yaml:2:9")
    assert result.err.splitlines()[-1] == "4 problems; nothing was run."


def test_a_control_code_in_a_rule_file_does_not_reach_the_terminal(tmp_path: Path) -> None:
    files = {RULE_FILE: rule_file('require:\n  safe: "safe \\e[31m" # [bold red] \x85')}
    write_pack(tmp_path / "pack", files)
    result = scr_audit("check", "pack", cwd=tmp_path)
    assert result.code == 2
    assert "\x1b" not in result.err
    assert "\x85" not in result.err


def test_a_wrong_encoding_of_a_rule_file_is_told(tmp_path: Path) -> None:
    text = rule_file(GOOD)
    write_pack(tmp_path, {RULE_FILE: text})
    (tmp_path / RULE_FILE).write_bytes(text.encode("utf-16"))
    utf_16 = scr_audit("check", ".", cwd=tmp_path)
    assert utf_16 == Result(
        2, "", f"rules/1.yaml:1:1: the file is UTF-16 text; save it as UTF-8\n{END}"
    )  # fmt: skip


def test_an_example_that_does_not_hold_fails_the_check(tmp_path: Path) -> None:
    example = "examples: [{name: unsafe, expect: met, given: {safe: false}}]"
    write_pack(tmp_path, {RULE_FILE: rule_file(f"{GOOD}\n{example}")})
    result = scr_audit("check", ".", "--no-mutations", cwd=tmp_path)
    assert result.code == 2
    assert "rules/1.yaml:8:16: one: example 'unsafe' expects met; found not_met\n" in result.err
    assert result.out.startswith("bicycle-workshop 1.2.3: 1 rules, 1 examples, ")


PACKS = {
    "no such name": ("nope", "nope: there is no such folder and no shipped pack of that name. "),
    "a near name": ("baby-f-201", "baby-f-201: there is no such folder and no shipped pack of "
                    "that name. Did you mean 'baby-f-2010'? "),
    "no such path": ("./nope/x", "nope/x: there is no such folder with pack.yaml, records.yaml "),
    "a file": ("in.json", "in.json: is a file; a pack is a folder with pack.yaml, records.yaml "),
    "an empty folder": ("empty", "empty: not a pack: pack.yaml is missing"),
    "a folder without rules": ("bare", "bare: the pack has no rule files (rules/*.yaml)"),
}  # fmt: skip


def test_a_pack_that_is_not_there_is_told(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", [{"id": "A"}])
    (tmp_path / "empty").mkdir()
    write_pack(tmp_path / "bare", {})
    for path in (tmp_path / "bare" / "rules").iterdir():
        path.unlink()
    runs = all_of(
        {name: ("run", "in.json", "--pack", pack) for name, (pack, _) in PACKS.items()}, tmp_path
    )
    for name, (_, message) in PACKS.items():
        assert runs[name].code == 2
        assert runs[name].out == ""
        assert runs[name].err.startswith(f"scr-audit: {message}"), runs[name].err


SETTINGS = {
    "parameters: {mots_days: [{value: 5}]}": (
        "s.yaml:1:14: unknown parameter 'mots_days'. Did you mean 'most_days'?\n"
        "    parameters: {mots_days: [{value: 5}]}\n"
        "                 ^\n"
    ),
    "parameters: {most_days: 5}": (
        "s.yaml:1:25: expected a list, found 5\n"
        "    parameters: {most_days: 5}\n"
        "                            ^\n"
    ),
}
PLANS = {
    "id: p\ntitle: P\nquestion: Q?\npack: bicycle-workshop\nrules: [back-in-tiem]\n"
    'recommendations: ["9"]\n': (
        "p.yaml:5:9: the pack has no rule 'back-in-tiem'. Did you mean 'back-in-time'?\n"
        "    rules: [back-in-tiem]\n"
        "            ^\n"
        "p.yaml:6:19: the pack has no recommendation with rules '9'.\n"
        '    recommendations: ["9"]\n'
        "                      ^\n"
        "2 problems; nothing was run.\n"
    ),
    "id: p\ntitle: P\nquestion: Q?\npack: car-workshop\n": (
        "p.yaml:4:7: the plan is for the pack 'car-workshop', not 'bicycle-workshop'. Name its "
        "pack with --pack: the pack's folder, or the id of a shipped one\n"
        "    pack: car-workshop\n"
        "          ^\n"
        "1 problem; nothing was run.\n"
    ),
    "id: p\ntitle: P\npack: bicycle-workshop\nrulez: []\n": (
        "p.yaml:1:1: the key 'question' is missing here\n"
        "    id: p\n"
        "    ^\n"
        "p.yaml:4:1: unknown key 'rulez'. Did you mean 'rules'? Allowed: comparison, "
        "id, pack, period, question, recommendations, records, rules, sample, "
        "sections, selection, standard, standards, themes and title.\n"
        "    rulez: []\n"
        "    ^\n"
        "2 problems; nothing was run.\n"
    ),
}


def test_wrong_settings_and_plans_are_told_at_their_place(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", [{"id": "A"}])
    write_pack(tmp_path / "pack", pack_files())
    run = ("run", "in.json", "--pack", "pack")
    for text, message in SETTINGS.items():
        (tmp_path / "s.yaml").write_text(text)
        result = scr_audit(*run, "--settings", "s.yaml", cwd=tmp_path)
        assert result == Result(2, "", f"{message}1 problem; nothing was run.\n")
    for text, message in PLANS.items():
        (tmp_path / "p.yaml").write_text(text)
        assert scr_audit(*run, "--audit", "p.yaml", cwd=tmp_path) == Result(2, "", message)
    for option in ("--settings", "--audit"):
        missing = scr_audit(*run, option, "nope.yaml", cwd=tmp_path)
        assert missing == Result(
            2, "", "scr-audit: nope.yaml: cannot be read: No such file or directory\n"
        )


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
