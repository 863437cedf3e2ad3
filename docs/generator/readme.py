"""What the README shows of a run, as a run prints it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime

from generator.running import ROOT

_BEGIN, _END = "```text\n", "```\n"


def readme() -> str:
    """The README with what its command prints on the day that it shows."""
    before, _, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition(_BEGIN)
    shown, _, after = rest.partition(_END)
    day = re.search(r"As of (\d+ \w+ \d+):", shown)
    assert day is not None
    return f"{before}{_BEGIN}{_printed(day[1])}{_END}{after}"


def _printed(day: str) -> str:
    as_of = datetime.strptime(day, "%d %B %Y").date().isoformat()  # only its day
    done = subprocess.run(  # noqa: S603  # our program
        [sys.executable, "-m", "scr_audit", "run", "examples/cases.json", "--as-of", as_of],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80", "NO_COLOR": "1"},
    )
    *lines, _ = done.stdout.splitlines()  # the next step depends on what is written
    return "".join(f"{line.rstrip()}\n" for line in lines)
