"""Standard output and error, which may be closed, full or no longer read, and exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence

from scr_audit.values.text import counted, visible

OK = 0  # the audit ran
NOT_MET_EXIT = 1  # only with --fail-on: findings reach the level
WRONG = 2  # the input or the rules were wrong
FAULT = 3  # our own fault
INTERRUPTED = 130  # as shells have it
SCREEN_ROWS = 25
FULL = "--full shows all"


def prepare_streams() -> None:
    """Replace closed streams, and let what an encoding lacks be written as an escape."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # closed with the process
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123  # closed with the process


@contextlib.contextmanager
def reader_may_stop() -> Iterator[None]:
    """Write output whose reader, such as `head`, may stop early."""
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
    """Send output nowhere, so that Python does not complain about a reader that is gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def print_json(value: object) -> None:
    """Print a value as JSON; what is outside ASCII is escaped where the stream cannot take it."""
    utf8 = (sys.stdout.encoding or "").lower().startswith("utf")
    with reader_may_stop():
        print(json.dumps(value, indent=2, ensure_ascii=not utf8))  # noqa: T201  # the command's result


def say(text: str) -> None:
    """Write a message to standard error, its control characters written out.

    Identifiers in it are replaced, whatever it repeats: the name of a file, a value, an option.
    """
    from scr_audit.anonymity.patterns import redact

    with contextlib.suppress(OSError):  # a closed or full stream: the exit code still tells
        sys.stderr.write(f"{visible(redact(text))}\n")
        sys.stderr.flush()


def say_unlisted(label: str, count: int) -> None:
    """Say how many more there are than were listed, if any."""
    if count > 0:
        say(f"{label}: {count:,} more, not listed")


def screen_width() -> int:
    """How many columns the terminal has; 80 where there is none and COLUMNS says nothing."""
    return shutil.get_terminal_size().columns


def rows_of(lines: Iterable[str]) -> int:
    """How many rows of the terminal some lines take."""
    width = screen_width()
    return sum(max(1, -(-len(line) // width)) for line in lines)


def first_that_fit(lines: Sequence[str], rows: int, noun: str) -> list[str]:
    """The first lines that fit on so many rows, the first one in any case; of the rest the number.

    The rest are so many of what the noun names.
    """
    if rows_of(lines) <= rows:
        return list(lines)
    most = next((n for n in range(len(lines) - 1, 1, -1) if rows_of(lines[:n]) < rows), 1)
    return [*lines[:most], f"    and {counted(len(lines) - most, f'more {noun}')}; {FULL}"]
