"""What a command says and ends with: standard output and error, and exit codes.

Streams may be closed, full, or with a reader that has gone."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator

from scr_audit.values.text import visible

OK = 0  # the audit ran
FINDINGS = 1  # only with --fail-on: findings reach the level
WRONG = 2  # the input or the rules were wrong
FAULT = 3  # our own fault
INTERRUPTED = 130  # as shells have it


def prepare_streams() -> None:
    """Streams that were closed lead nowhere; what an encoding lacks is written as an escape."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # closed with the process
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123  # closed with the process


@contextlib.contextmanager
def reader_may_stop() -> Iterator[None]:
    """Output whose reader may have gone, such as `head`: what is written no longer matters."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
    except SystemExit as error:  # the answer of the terminal library
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        drop_stdout()


def drop_stdout() -> None:
    """Nobody reads our output any more: keep Python from complaining about it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def say(text: str) -> None:
    """Words to the person, on standard error; nothing in them is read as a control code.

    No message says an identifier, whatever it repeats: a name of a file, a value, an option.
    """
    from scr_audit.anonymity.patterns import redacted

    with contextlib.suppress(OSError):  # a closed or full stream: the exit code still tells
        sys.stderr.write(f"{visible(redacted(text))}\n")
        sys.stderr.flush()
