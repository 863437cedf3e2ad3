"""Runs the command line in this process as its users do: arguments, streams, exit code."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from small_pack import SMALL_PACK

from scr_audit.cli import main

COMMAND = (sys.executable, "-m", "scr_audit")
"""For the few tests of a process: pipes, signals, closed streams, other encodings."""
EXAMPLE_CASES = Path(__file__).parents[2] / "examples" / "cases.json"
SMALL = ("--pack", str(SMALL_PACK))
DAY = ("--as-of", "2026-01-01")
_OURS = (
    "NO_COLOR", "FORCE_COLOR", "COLUMNS", "SCR_AUDIT_DEBUG", "PYTHONIOENCODING", "PYTHONUNBUFFERED",
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code, and what it wrote to both streams."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """The environment of a user who has set nothing but `more`."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    return {**kept, **more}


def scr_audit(
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
) -> Result:
    """The result of one command; that it shows no traceback holds for all of them."""
    with contextlib.chdir(cwd or "."), _as_a_user(stdin, environment(**(env or {}))) as streams:
        sys.argv = ["scr-audit", *map(str, arguments)]
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code
        out, err = (_written(stream) for stream in streams)
    assert isinstance(code, int), code
    assert "Traceback" not in err + out, err
    return Result(code, out, err)


def in_a_process(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    **more: Any,
) -> Result:
    """The result of one command in a process of its own: full disks, closed streams, kills."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
        **more,
    )
    result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.err + result.out, result.err
    return result


@contextlib.contextmanager
def _as_a_user(
    stdin: bytes, variables: Mapping[str, str]
) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """The streams and environment of a new process; what a command changes of them is undone."""
    kept = sys.stdin, sys.stdout, sys.stderr, sys.argv, dict(os.environ), gc.get_threshold()
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin), "utf-8"), out, err
    _set_environment(variables)
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr, sys.argv, before, threshold = kept
        _set_environment(before)
        gc.set_threshold(*threshold)


def _set_environment(variables: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()


def all_of(commands: Mapping[str, Sequence[str | Path]], cwd: Path) -> dict[str, Result]:
    """The results of many commands by name."""
    return {name: scr_audit(*words, cwd=cwd) for name, words in commands.items()}


def audit(name: str | Path, *more: str | Path) -> tuple[str | Path, ...]:
    """The arguments of a run of the small pack over one file."""
    return ("run", name, *SMALL, *DAY, *more)


def job(name: str, **facts: Any) -> dict[str, Any]:
    """A record of the small pack's first kind."""
    return {"id": name, **facts}


def write_json(path: Path, value: Any) -> Path:
    """A JSON file with only ASCII in it: halves of characters and the like as escapes."""
    path.write_text(json.dumps(value), encoding="ascii")
    return path


def first_cases(folder: Path, number: int) -> Path:
    """A file with the first of the example cases: all 23 take a run some seconds longer."""
    cases = json.loads(EXAMPLE_CASES.read_text("utf-8"))
    return write_json(folder / "cases.json", {**cases, "cases": cases["cases"][:number]})


def write_lines(path: Path, records: Sequence[Any]) -> Path:
    """A file with one record a line."""
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="ascii")
    return path
