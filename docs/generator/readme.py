"""What the README shows of a run, as a run prints it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime

from generator.running import ROOT

_SHOWN = 2  # recommendations
_BEGIN, _END = "```text\n", "…\n```"


def readme() -> str:
    """The README with the first lines of what its command prints on the day that it shows."""
    before, _, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition(_BEGIN)
    shown, _, after = rest.partition(_END)
    day = next(line for line in shown.splitlines() if " as of " in line).rpartition(" as of ")[2]
    return f"{before}{_BEGIN}{_printed(day)}{_END}{after}"


def _printed(day: str) -> str:
    as_of = datetime.strptime(day, "%d %B %Y").date().isoformat()  # only its day
    done = subprocess.run(  # noqa: S603  # our program
        [sys.executable, "-m", "scr_audit", "run", "examples/cases.json", "--as-of", as_of],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100", "NO_COLOR": "1"},
    )
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    table = next(n for n, line in enumerate(lines) if line.startswith("─"))
    rows = [n for n, line in enumerate(lines) if n > table and line and not line[0].isspace()]
    return "".join(f"{line}\n" for line in lines[: rows[_SHOWN]])
