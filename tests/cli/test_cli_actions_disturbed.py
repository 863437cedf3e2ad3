"""`scr-audit actions` where the store is newer, cannot be written, or the process ends: whole."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Result, all_of, environment, scr_audit

PACK = ("--pack", "baby-f-2010")
ROLE = ("--by-role", "Board manager")
PLAN = {"actions": [{"id": f"P{number}", "task": "send a letter"} for number in range(3)]}
CHANGES: dict[str, tuple[str, ...]] = {
    "add": ("add", "--task", "x", *ROLE, *PACK),
    "update": ("update", "A1", "--note", "x", *ROLE, *PACK),
    "import": ("import", "plan.json", *ROLE, *PACK),
}
READS = {"list": ("list",), "show": ("show", "A1"), "export": ("export", "-o", "p.xlsx", *PACK)}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one action, beside a plan to import."""
    path = tmp_path / "history.sqlite"
    done = scr_audit("actions", *CHANGES["add"], "--store", path)
    assert done.code == 0, done.err
    (tmp_path / "plan.json").write_text(json.dumps(PLAN), "utf-8")
    return path


def events(store: Path) -> list[tuple[str, int]]:
    connection = sqlite3.connect(store)
    found = connection.execute(
        "SELECT action, number FROM action_events ORDER BY action"
    ).fetchall()
    connection.close()
    return found


def test_a_store_of_a_newer_version_is_neither_read_nor_changed(store: Path) -> None:
    connection = sqlite3.connect(store)
    connection.execute("UPDATE scr_audit_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = store.read_bytes()
    commands = {
        name: ("actions", *words, "--store", store) for name, words in {**CHANGES, **READS}.items()
    }
    for name, result in all_of(commands, store.parent).items():
        assert (result.code, result.out, result.err) == (
            2,
            "",
            f"scr-audit: {store}: the store was written by a newer scr-audit; install the newer "
            "one: pip install --upgrade scr-audit\n",
        ), name
    assert store.read_bytes() == before
    assert not (store.parent / "p.xlsx").exists()


# Runs the command with something that happens to the store.
_DISTURBED = """
import os, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from scr_audit.cli import main
happens, step = sys.argv[1], int(sys.argv[2])
sys.argv[1:] = sys.argv[3:]
left = [step]
def read_only(connection, _):
    connection.execute("PRAGMA query_only = ON")
def end(*_):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), 9)
if happens == "read-only":
    event.listen(Engine, "connect", read_only)
else:
    for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, end)
main()
"""


def disturbed(happens: str, step: int, *words: str | Path, cwd: Path) -> Result:
    done = subprocess.run(
        [sys.executable, "-c", _DISTURBED, happens, str(step), *words],
        cwd=cwd, env=environment(), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_store_that_cannot_be_written_is_told(store: Path) -> None:
    words = ("actions", *CHANGES["update"], "--store", store)
    result = disturbed("read-only", 0, *words, cwd=store.parent)
    assert (result.code, result.out, result.err) == (
        2,
        "",
        f"scr-audit: {store}: the store cannot be written: its file or folder is read-only\n",
    )
    assert events(store) == [("A1", 1)]


def test_an_import_that_is_killed_leaves_the_whole_plan_or_nothing(store: Path) -> None:
    words = ("actions", *CHANGES["import"], "--store", store)
    killed = 0
    for step in range(1, 40, 2):
        result = disturbed("end", step, *words, cwd=store.parent)
        if result.code == 0:
            break
        assert (result.code, result.err) == (-9, "")
        assert events(store) == [("A1", 1)]
        killed += 1
    assert killed >= 3
    assert events(store) == [("A1", 1), ("P0", 1), ("P1", 1), ("P2", 1)]
