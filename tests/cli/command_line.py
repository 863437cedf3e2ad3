"""Runs the command line as its users do: another process, its streams and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from small_pack import SMALL_PACK

COMMAND = (sys.executable, "-m", "scr_audit")
SMALL = ("--pack", str(SMALL_PACK))
DAY = ("--as-of", "2026-01-01")
_OURS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "SCR_AUDIT_DEBUG", "PYTHONIOENCODING")


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
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    **options: Any,
) -> Result:
    """The result of one command; that it shows no traceback holds for all of them."""
    feed = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        timeout=120,
        check=False,
        **feed,
        **options,
    )
    result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.err + result.out, result.err
    return result


def all_of(commands: Mapping[str, Sequence[str | Path]], cwd: Path) -> dict[str, Result]:
    """The results of many commands by name; each has a process of its own."""
    asked = [[str(cwd), [str(word) for word in words]] for words in commands.values()]
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("forking.py")],
        input=json.dumps(asked).encode(),
        env=environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    results = [Result(*result) for result in json.loads(done.stdout)]
    for result in results:
        assert "Traceback" not in result.err + result.out, result.err
    return dict(zip(commands, results, strict=True))


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


def write_lines(path: Path, records: Sequence[Any]) -> Path:
    """A file with one record a line."""
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="ascii")
    return path
