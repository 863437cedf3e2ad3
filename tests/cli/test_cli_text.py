"""Hostile text in records and file names reaches every output as text, never as code."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from command_line import COMMAND, DAY, SMALL, all_of, audit, environment, job, scr_audit, write_json
from small_pack import RULE_FILE, rule_file, write_pack

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "{% include 'x' %}",
    "[bold red]x[/bold red]",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "bell\x00\x07",
    "\u202eright to left",
    "😀 é 日本",
    "a/b~c",
    "two\nlines\r\n",
    "line\u2028separator",
    "#a?b=c&amp;\"'",
    "../..",
    "x" * 10_000,
)
CONTROLS = "\x1b\x9b\x07\x00\u202e\u2028\r"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    parts = [{"name": text, "worn": True, "fitted": False} for text in HOSTILE]
    good = [job(text, customer=text, parts=parts, extra={text: text}) for text in HOSTILE]
    bad = [job(f"{text} bad", **{f"{text}?": 1, "model": text}) for text in HOSTILE]
    write_json(folder / "in.json", {"jobs": [*good, *bad]})
    return folder


def test_hostile_text_stays_text_on_the_terminal(folder: Path) -> None:
    result = scr_audit(*audit("in.json"), cwd=folder)
    whole = scr_audit(*audit("in.json", "--full"), cwd=folder)
    assert (result.code, whole.code) == (2, 2)
    assert not set(result.out + result.err + whole.out + whole.err) & set(CONTROLS)
    assert "[bold red]x[/bold red]" in whole.err
    assert all(len(line) < 1_000 for line in whole.err.splitlines())


def test_hostile_text_stays_text_in_explanations(folder: Path) -> None:
    result = scr_audit("explain", "part-fitted", "in.json", *SMALL, *DAY, "--full", cwd=folder)
    assert result.code == 2
    assert not set(result.out + result.err) & set(CONTROLS)
    assert "\n[U+001B][31mred[U+001B][0m, part" in result.out
    missing = scr_audit("explain", "part-fitted", "in.json", *SMALL, "-r", "\x1b[31m", cwd=folder)
    assert "\x1b" not in missing.err


def test_hostile_text_of_a_pack_stays_text(tmp_path: Path) -> None:
    """`explain`, `sentences` and `list` print its titles, words and sentences."""
    hostile = 'title: "A \\e[31m\\a\\u202e title"'
    rule = 'require: {it: paid}\nadvice: "\\e[31m"\nsays: {it: {no: "X \\e 31m."}}'
    examples = "examples: [{name: a, expect: not_met, given: {paid: false}}]"
    text = rule_file(f"{rule}\n{examples}").replace("title: One rule", hostile)
    pack = write_pack(tmp_path / "pack", {RULE_FILE: text})
    for words in (("explain", "one"), ("sentences",), ("list",)):
        result = scr_audit(*words, "-p", pack)
        assert (result.code, result.err) == (0, "")
        assert not set(result.out) & set(CONTROLS)
        assert "[U+001B]" in result.out


def test_file_names_may_hold_anything(tmp_path: Path) -> None:
    names = [
        b"two words.json", b"two\nlines.json", "ünï 😀.json".encode(), b"\xff\xfe.json",
        b"<b>&{{ x }}.json", b"[bold].json", b"\x1b[31m.json", b"n" * 250 + b".json",
    ]  # fmt: skip
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text('[{"id": "A"}]')
    commands = {
        str(number): audit(os.fsdecode(name), "-o", f"{number}.html", "-o", f"{number}.r.json")
        for number, name in enumerate(names)
    }
    for number, name in enumerate(names):
        commands[f"out {number}"] = audit(
            "two words.json", "-q", "-o", os.fsdecode(name)[:-5] + ".html"
        )
    for number, result in all_of(commands, tmp_path).items():
        assert result.code == 0, (number, result)
        assert "\x1b" not in result.out + result.err
        assert "Traceback" not in result.err
    for number in range(len(names)):
        json.loads((tmp_path / f"{number}.r.json").read_text(encoding="utf-8"))
        assert "<b>&" not in (tmp_path / f"{number}.html").read_text(encoding="utf-8")
    shown = json.loads((tmp_path / "3.r.json").read_text(encoding="utf-8"))["input"]["files"]
    assert shown[0]["name"] == "\\udcff\\udcfe.json"


@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1"},
        {"TERM": "xterm-256color", "COLUMNS": "20"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=lambda env: " ".join(f"{name}={value}" for name, value in env.items()),
)
def test_no_escape_codes_and_no_failure_where_there_is_no_terminal(
    env: dict[str, str], folder: Path
) -> None:
    write_json(folder / "good.json", [job("é 😀", parts=[{"name": "日本", "worn": True}])])
    for words in (
        audit("good.json"),
        ("list", "--json"),
        ("list", "--full", *SMALL),
        ("explain", "part-fitted", "good.json", *SMALL, "--full"),
    ):
        done = subprocess.run(
            [*COMMAND, *words], cwd=folder, env=environment(**env), capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b""), (words, done.stderr)
        assert b"\x1b" not in done.stdout
        if "--json" in words:
            json.loads(done.stdout)
