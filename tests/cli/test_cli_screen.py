"""What a command prints fits on one screen of 25 lines of 80 columns, until --full is asked for."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from command_line import EXAMPLE_CASES, Result, first_cases, scr_audit, write_json

DAY = ("--as-of", "2026-11-29")
QUARTER = ("--audit", "quarterly-conference-plan")
EDITIONS = ("auditor", "board", "public")


def rows(result: Result, width: int) -> int:
    """How many rows both streams take."""
    lines = (result.out + result.err).splitlines()
    return sum(max(1, -(-len(line) // width)) for line in lines)


def words(text: str) -> set[str]:
    return {word.strip(",.;:…") for word in text.split()} - {""}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve example cases; the same with nine that cannot be read; exceptions; an earlier run."""
    folder = tmp_path_factory.mktemp("screen")
    cases = json.loads(first_cases(folder, 12).read_text("utf-8"))
    for case in cases["cases"][:9]:
        case |= {"files_read_on": "soon", "conferences": 3, "wheels": 4, "doors": 5, "seats": 6}
    write_json(folder / "bad.json", cases)
    entries = "".join(
        f"  - rule: gp-invited\n    record: X{number}\n    reason: agreed by the Board\n"
        "    approved_by_role: chair\n    from: 2026-01-01\n    until: 2026-03-31\n"
        for number in range(30)
    )
    (folder / "exceptions.yaml").write_text(f"exceptions:\n{entries}", "utf-8")
    earlier = scr_audit("run", "cases.json", "--as-of", "2026-10-01", "-q", "-o", "earlier.json",
                        cwd=folder)  # fmt: skip
    assert earlier.code == 0, earlier.err
    return folder


OPTIONS: dict[str, tuple[str, ...]] = {
    "alone": ("cases.json",),
    "by a plan": ("cases.json", *QUARTER),
    "of a quarter": ("cases.json", *QUARTER, "--period", "Q3 2026"),
    "records left out": ("bad.json", "-o", "a.md", "-o", "b.csv"),
    "exceptions": ("cases.json", "--exceptions", "exceptions.yaml"),
    "an earlier run": ("cases.json", "--earlier", "earlier.json", "-o", "a.md"),
    "all at once": ("bad.json", "--exceptions", "exceptions.yaml", "--earlier", "earlier.json",
                    "-o", "a.md", "-o", "b.csv", "-o", "c.json"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "width"),
    [*((name, 80) for name in OPTIONS), ("of a quarter", 200), ("all at once", 40)],
)
def test_a_run_prints_one_screen(folder: Path, name: str, width: int) -> None:
    result = scr_audit("run", *OPTIONS[name], *DAY, cwd=folder, env={"COLUMNS": str(width)})
    assert result.code in (0, 2)
    if width >= 80:
        assert rows(result, width) <= 25, result.out + result.err
    assert re.search(r"^✗ +\d+% +\d+ not met$", result.out, re.MULTILINE)
    assert "\nNot met, the most severe first\n" in result.out
    assert result.out.splitlines()[-1].startswith("Next: ")


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("plan", [(), QUARTER])
def test_every_edition_prints_one_screen(folder: Path, edition: str, plan: tuple[str, ...]) -> None:
    asked = ("run", EXAMPLE_CASES, "--edition", edition, *plan, *DAY)
    result = scr_audit(*asked, cwd=folder, env={"COLUMNS": "80"})
    assert (result.code, result.err) == (0, "")
    assert 10 < rows(result, 80) <= 25, result.out
    assert ("Confidential to the partnership" in result.out) is (edition == "board")


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_word_is_broken_on_80_columns(folder: Path, edition: str) -> None:
    asked = ("run", "cases.json", "--edition", edition, *DAY)
    for full in ((), ("--full",)):
        narrow, wide = (
            scr_audit(*asked, *full, cwd=folder, env={"COLUMNS": columns}).out
            for columns in ("80", "1000")
        )
        broken = words(narrow) - words(wide)
        assert not {word for word in broken if not re.fullmatch("─+", word)}, full


def test_what_is_left_out_is_told_with_its_number(folder: Path) -> None:
    result = scr_audit("run", "bad.json", *DAY, cwd=folder, env={"COLUMNS": "80"})
    assert re.search(r"^and \d+ more rules; --full shows all$", result.out, re.MULTILINE)
    assert re.search(r"^    and \d more problems; --full shows all$", result.err, re.MULTILINE)
    assert "left out: 8 more, --full shows all\n" in result.err
    assert result.out.endswith("Next: mend the records that were left out, and run again.\n")
    whole = scr_audit("run", "bad.json", "--full", *DAY, cwd=folder)
    assert whole.err.count("left out: bad.json") == 9
    assert "more problems" not in whole.err
    assert "Recommendations, most often" in " ".join(whole.out.split())


def test_the_next_step_can_be_typed_as_it_stands(folder: Path) -> None:
    told = scr_audit("run", "cases.json", *DAY, "-o", "r.md", cwd=folder).out.splitlines()[-1]
    step, _, typed = told.partition(", or ")
    assert step == "Next: open r.md"
    explained = scr_audit(*typed.split()[1:], cwd=folder)
    assert explained.code == 0
    assert ": not met\n" in explained.out


OTHERS: dict[str, tuple[str, ...]] = {
    "rule": ("list",),
    "audit plan": ("list", "--audits"),
    "paragraph": ("list", "--coverage"),
    "verdict": ("explain", "gp-invited", "cases.json", *DAY),
    "answer": ("try", "people is recorded", "cases.json", "--for-each", "conferences as c", *DAY),
    "line": ("compare", "earlier.json", "later.json"),
}


def on_a_terminal(*words: object, cwd: Path) -> Result:
    """A command whose standard output is a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scr_audit", *map(str, words)]
    env = {**os.environ, "COLUMNS": "80", "TERM": "dumb"}
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdout=theirs, stderr=subprocess.PIPE
    ) as running:  # fmt: skip
        os.close(theirs)
        out = b"".join(iter(partial(_read, ours), b""))
        assert running.stderr is not None
        error = running.stderr.read()
    os.close(ours)
    return Result(running.returncode, out.decode().replace("\r\n", "\n"), error.decode())


def _read(terminal: int) -> bytes:
    """What comes next; nothing where the other side is closed, which Linux calls an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


@pytest.mark.parametrize("noun", ["rule", "verdict", "answer"])
def test_a_pipe_gets_all_that_is_printed(folder: Path, noun: str) -> None:
    piped = scr_audit(*OTHERS[noun], cwd=folder)
    whole = scr_audit(*OTHERS[noun], "--full", cwd=folder)
    assert rows(piped, 80) > 25
    assert (piped.out, piped.err) == (whole.out, whole.err)


@pytest.mark.parametrize("noun", OTHERS)
def test_other_commands_stop_at_a_screen_and_show_all_with_full(folder: Path, noun: str) -> None:
    if noun == "line":
        later = json.loads((folder / "cases.json").read_text("utf-8"))
        for case in later["cases"]:
            case.pop("conferences", None)
        write_json(folder / "later-cases.json", later)
        run = ("run", "later-cases.json", *DAY, "-q", "-o", "later.json")
        assert scr_audit(*run, cwd=folder).code == 0
    short, whole = (on_a_terminal(*OTHERS[noun], *full, cwd=folder) for full in ((), ("--full",)))
    assert (short.code, whole.code) == (0, 0)
    told = re.findall(rf"^and ([\d,]+) more {noun}s?; --full shows all$", short.out + short.err,
                      re.MULTILINE)  # fmt: skip
    assert len(told) == 1, short.err
    assert rows(short, 80) <= 25, short.out
    assert rows(whole, 80) > 25
    assert "--full shows all" not in whole.out + whole.err


def test_a_rule_in_sentences_fits_a_screen(folder: Path) -> None:
    shown = scr_audit("explain", "gp-invited", cwd=folder, env={"COLUMNS": "80"})
    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    for head in ("What is judged: ", "It applies when: ", "What is asked:", "Not evidenced where ",
                 "Not yet due: ", "Paragraph 5.1", "If not met: "):  # fmt: skip
        assert f"\n{head}" in shown.out
    assert "--conditions" in shown.out
