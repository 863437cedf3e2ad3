"""The command line. Data goes to standard output, words to standard error."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit: 0 done, 1 `--fail-on`, 2 wrong input or rules, 3 our fault."""
    if sys.argv[1:] == ["--version"]:  # before the command line's own imports
        from scr_audit._version import __version__

        sys.stdout.write(f"scr-audit {__version__}\n")
        return
    # What a command builds (a pack, a report) lives until it ends: looking for garbage among it
    # again and again costs a tenth of a short run.
    gc.set_threshold(100_000, 50, 50)
    # Pydantic looks for plugins by reading the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from scr_audit.cli.app import run_app

    sys.exit(run_app(sys.argv[1:]))
