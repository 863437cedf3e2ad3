"""Worker processes that end before their time: one message, and the report as it was."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from command_line import COMMAND, Result, audit, environment, job, scr_audit, write_lines

from scr_audit.evaluate.finding import Finding
from scr_audit.runs import bundle
from scr_audit.runs.bundle import SpoolLines

OLD = b"the old report\n"
PARENT = os.getpid()
ENDED = (
    "scr-audit: --jobs 2: a worker process was ended, perhaps for lack of memory; use fewer. "
    "No output file was changed.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with some records, and a report of an earlier run."""
    write_lines(tmp_path / "in.ndjson", [job(f"R{number}") for number in range(50)])
    (tmp_path / "old.json").write_bytes(OLD)
    return tmp_path


def _killed(findings: list[Finding], document: object) -> SpoolLines:
    """As the system does where memory runs out: to a worker, in the middle."""
    if os.getpid() != PARENT and findings[0].record == "R30":
        os.kill(os.getpid(), signal.SIGKILL)
    return b"", b""


def _short_of_memory(findings: list[Finding], document: object) -> SpoolLines:
    raise MemoryError


@pytest.mark.parametrize(
    ("render", "said"),
    [
        (_killed, ENDED),
        (
            _short_of_memory,
            "scr-audit: --jobs 2: there is not enough memory; use fewer. "
            "No output file was changed.\n",
        ),
    ],
)
def test_a_worker_that_fails_is_told_and_leaves_the_old_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch, render: object, said: str
) -> None:
    monkeypatch.setattr(bundle, "spool_lines", render)
    result = scr_audit(*audit("in.ndjson", "-o", "old.json", "-j", "2"), cwd=folder)
    assert result == Result(2, "", said)
    assert (folder / "old.json").read_bytes() == OLD


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("more", [(), ("--totals-only",)])
def test_a_worker_that_is_killed_while_records_come_is_told(
    folder: Path, more: tuple[str, ...]
) -> None:
    with subprocess.Popen(
        [*COMMAND, *audit("-", "-o", "old.json", "-j", "2", *more)],
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdin is not None
        lines = (folder / "in.ndjson").read_bytes()
        running.stdin.write(lines + b" " * 2_500_000 + b"\n")  # more than is read at a time
        running.stdin.flush()
        os.kill(_a_worker_of(running.pid), signal.SIGKILL)
        out, err = running.communicate(lines, timeout=60)
    assert (running.returncode, out, err.decode()) == (2, b"", ENDED)
    assert (folder / "old.json").read_bytes() == OLD


def _a_worker_of(pid: int) -> int:
    """The first child of a process, as soon as it has one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while not (found := children.read_text().split()):
        pass
    return int(found[0])
