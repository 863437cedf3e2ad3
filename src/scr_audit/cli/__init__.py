"""The command line. Data goes to standard output, words to standard error."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit: 0 done, 1 `--fail-on`, 2 wrong input or rules, 3 our fault.

    130 after an interruption, as shells have it.
    """
    try:
        code = _run()
    except KeyboardInterrupt:  # before the command line could handle it
        if sys.stderr is not None:
            sys.stderr.write("scr-audit: interrupted; no output file was changed.\n")
        code = 130
    sys.exit(code)


def _run() -> int:
    import gc
    import os

    if sys.argv[1:] == ["--version"]:  # before the command line's own imports
        from scr_audit._version import __version__

        try:
            print(f"scr-audit {__version__}", flush=True)  # noqa: T201  # the command's result
        except OSError:  # closed or full: the command line reports it
            pass
        else:
            return 0
    # What a command builds (a pack, a report) lives until it ends: looking for garbage among it
    # again and again costs a tenth of a short run.
    gc.set_threshold(100_000, 50, 50)
    # Pydantic looks for plugins by reading the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from scr_audit.cli.failures import run_app

    return run_app(sys.argv[1:])
