"""`scr-audit actions` where the store is newer, cannot be written, or the process ends: whole."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import stores
from command_line import all_of, environment, scr_audit

from scr_audit.cli import main

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


_READ_ONLY = """
from sqlalchemy import event
from sqlalchemy.engine import Engine
from scr_audit.cli import main
def read_only(connection, _):
    connection.execute("PRAGMA query_only = ON")
event.listen(Engine, "connect", read_only)
main()
"""


def test_a_store_that_cannot_be_written_is_told(store: Path) -> None:
    words = ("actions", *CHANGES["update"], "--store", store)
    done = subprocess.run(
        [sys.executable, "-c", _READ_ONLY, *words],
        env=environment(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        f"scr-audit: {store}: the store cannot be written: its file or folder is read-only\n",
    )
    assert events(store) == [("A1", 1)]


def _import_until(store: Path, step: int) -> None:
    os.chdir(store.parent)
    sys.argv[1:] = ["actions", *CHANGES["import"], "--store", str(store)]
    stores.kill_at(step)
    main()


def test_an_import_that_is_killed_leaves_the_whole_plan_or_nothing(store: Path) -> None:
    for step in range(1, 40, 2):
        (ended,) = stores.exit_codes(_import_until, (store, step))
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        assert events(store) == [("A1", 1)]
    assert step > 6
    assert events(store) == [("A1", 1), ("P0", 1), ("P1", 1), ("P2", 1)]
