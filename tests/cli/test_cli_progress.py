"""A line says what is going on: on a terminal only, after a second, and gone at the end."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from pathlib import Path

import pytest
from command_line import COMMAND, DAY, SMALL, environment, job, write_json

SLOW = (
    "import runpy, sys, time, scr_audit.cli.run as run\n"
    "judge = run.run_audit\n"
    "def slowly(*files, **options):\n"
    "    audit = judge(*files, **options)\n"
    "    time.sleep(1.6)\n"
    "    return audit\n"
    "run.run_audit = slowly\n"
    "runpy.run_module('scr_audit', run_name='__main__')\n"
)


def on_a_terminal(folder: Path, *words: str, **env: str) -> str:
    """What a slow run writes to a standard error that is a terminal."""
    ours, theirs = pty.openpty()
    asked = [COMMAND[0], "-c", SLOW, "run", "in.json", *SMALL, *DAY, *words]
    process = subprocess.Popen(
        asked, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs,
        env=environment(**{"TERM": "xterm", "COLUMNS": "80", **env}),
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            read = os.read(ours, 4096)
        except OSError:  # the process has ended
            break
        if not read:
            break
        said += read
    os.close(ours)
    assert process.wait(60) == 0, said
    return said.decode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("progress")
    write_json(folder / "in.json", [job("A"), job("B")])
    return folder


def test_a_terminal_is_told_what_is_done_and_the_line_is_gone_at_the_end(folder: Path) -> None:
    said = on_a_terminal(folder)
    assert "reading and judging: 2 records done" in said
    assert said.rstrip().endswith("\x1b[2K") or said.endswith("\x1b[1A\x1b[2K")
    assert said.count("\x1b[?25l") == said.count("\x1b[?25h") == 1  # the cursor is shown again


@pytest.mark.parametrize(("words", "env"), [(("--quiet",), {}), ((), {"TERM": "dumb"})])
def test_nothing_is_shown_where_it_is_not_wanted(
    folder: Path, words: tuple[str, ...], env: dict[str, str]
) -> None:
    assert on_a_terminal(folder, *words, **env) == ""


def test_a_pipe_is_told_nothing(folder: Path) -> None:
    done = subprocess.run(
        [COMMAND[0], "-c", SLOW, "run", "in.json", *SMALL, *DAY],
        cwd=folder, env=environment(), capture_output=True, check=True,
    )  # fmt: skip
    assert done.stderr == b""
