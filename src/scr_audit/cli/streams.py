"""Standard output and error, which may be closed, full or no longer read, and exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from scr_audit.values.text import counted, visible

if TYPE_CHECKING:
    from rich.console import Console

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


_PATIENCE = 1.0  # seconds


@contextlib.contextmanager
def working(what: str, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """A line on the terminal that says what is done, once it takes over a second; gone at the end.

    It gives a function that says what is done now. Where standard error is no terminal, or with
    `quiet`, nothing is shown.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") in ("dumb", "unknown"):
        yield lambda _: None
        return
    # Imported here and not when it begins, so that no other thread imports while processes start.
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner

    line = Spinner("line", text=what)
    live = Live(
        line, console=Console(stderr=True), transient=True, redirect_stdout=False,
        redirect_stderr=False,
    )  # fmt: skip
    timer = threading.Timer(_PATIENCE, live.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda now: line.update(text=now)
    finally:
        timer.cancel()
        timer.join()
        live.stop()


def screen_width() -> int:
    """How many columns the terminal has; 80 where there is none and COLUMNS says nothing."""
    return shutil.get_terminal_size().columns


def rows_of(lines: Iterable[str]) -> int:
    """How many rows of the terminal some lines take."""
    width = screen_width()
    return sum(max(1, -(-len(line) // width)) for line in lines)


class Screen:
    """Prints items as they come, so many as one screen holds or, with `full`, all; counts the rest.

    `wrap` breaks lines between words, which is done in any case where they go to a terminal; `kept`
    rows of the screen are for what the caller prints after it.
    """

    def __init__(self, *, full: bool, noun: str, wrap: bool = False, kept: int = 0) -> None:
        # A file or another program gets all: what is cut off there is missing in silence.
        self._full, self._noun = full or not sys.stdout.isatty(), noun
        self._wraps = wrap or sys.stdout.isatty()
        self._left = self._rows = SCREEN_ROWS - 1 - kept  # a row is for how many more there are
        self._more: list[list[str]] = []  # the first of them; of the others only their number
        self._others = 0

    def show(self, lines: Iterable[str]) -> None:
        """Print an item of some lines, or count it."""
        item = [row for line in lines for row in (_wrapped(line) if self._wraps else [line])]
        rows = rows_of(item)
        if self._full or (rows <= self._left and not self._more):
            print("\n".join(item))  # noqa: T201  # the command's result
            self._left -= rows
        elif self._left == self._rows and not self._more:  # one larger than the screen
            print("\n".join(item[: self._left]))  # noqa: T201  # the command's result
            self._left = 0
            self._more.append(item)
        elif self._more:
            self._others += 1
        else:
            self._more.append(item)

    def end(self) -> None:
        """Say how many items were not shown."""
        count = len(self._more) + self._others
        if count == 1 and rows_of(self._more[0]) == self._left + 1:
            print("\n".join(self._more[0]))  # noqa: T201  # the command's result
        elif count:
            sys.stdout.flush()
            say(f"and {counted(count, f'more {self._noun}')}; {FULL}")


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip(" -")))
    return textwrap.wrap(
        line, screen_width(), subsequent_indent=indent or "  ", break_long_words=False,
        break_on_hyphens=False, drop_whitespace=True,
    ) or [""]  # fmt: skip


def show_on_console(render: Callable[[Console], None], *, full: bool, noun: str) -> None:
    """Print what is rendered to a console, so much as one screen holds or, with `full`, all."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    if full:
        with reader_may_stop():
            render(console)
        return
    with console.capture() as captured:
        render(console)
    rows = captured.get().splitlines()
    if len(rows) > SCREEN_ROWS:
        most = next(
            (n for n in range(SCREEN_ROWS - 1, 1, -1) if rows[n].strip() and rows[n][0] != " "),
            SCREEN_ROWS - 1,
        )
        more = len(rows) - most
        rows = [*rows[:most], f"and {counted(more, f'more {noun}')}; {FULL}"]
    with reader_may_stop():
        print("\n".join(rows))  # noqa: T201  # the command's result


def first_that_fit(lines: Sequence[str], rows: int, noun: str) -> list[str]:
    """The first lines that fit on so many rows, the first one in any case; of the rest the number.

    The rest are so many of what the noun names.
    """
    if rows_of(lines) <= rows:
        return list(lines)
    most = next((n for n in range(len(lines) - 1, 1, -1) if rows_of(lines[:n]) < rows), 1)
    return [*lines[:most], f"    and {counted(len(lines) - most, f'more {noun}')}; {FULL}"]
