"""Programs and code of the documentation, run; what they print stands on the page."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from scr_audit.check.pack_check import check_pack
from scr_audit.packs.load import load_folder

ROOT = Path(__file__).resolve().parents[2]


class Code:
    """The Python of one page: blocks run in order, with the names of those before."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {"__name__": "page"}

    def runs(self, text: str) -> str:
        """A block of Python, and below it what it printed."""
        code = text.strip() + "\n"
        printed = io.StringIO()
        with contextlib.chdir(ROOT), contextlib.redirect_stdout(printed):
            exec(compile(code, "(the documentation)", "exec"), self._names)  # noqa: S102  # our page
        shown = printed.getvalue()
        block = f"```python\n{code}```"
        return f"{block}\n\nprints\n\n```text\n{shown}```" if shown else block


def lines(name: str, start: str, count: int) -> str:
    """Some lines of a program, from the first that begins with `start`."""
    found = (ROOT / name).read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(found) if line.strip().startswith(start))
    code = textwrap.dedent("\n".join(found[first : first + count]))
    return f"```python\n{code}\n```"


def output(name: str) -> str:
    """What a program of the checkout prints."""
    done = subprocess.run(  # noqa: S603  # our program
        [sys.executable, str(ROOT / name)],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return f"```text\n{done.stdout}```"


def check(name: str) -> str:
    """What `scr-audit check` sums up about a pack that passes."""
    pack = load_folder(ROOT / name)
    result = check_pack(pack)
    if result.failures or result.survivors:
        raise ValueError(f"{name} does not pass its check: {result.failures}{result.survivors}")
    return (
        f"```text\n{pack.id} {pack.version}: {result.rules} rules, {result.examples} examples; "
        f"{result.mutants} of {result.mutants} mutants noticed\n```"
    )
