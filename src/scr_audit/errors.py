"""What can be wrong, and where: values that carry fields, and errors made of them.

A message is written where the mistake is found; `cli/` alone prints it.

Three kinds of failure are caught apart: rules that are wrong (`PackError`), input that is
wrong (`InputError`), and our own fault (anything else).
"""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_LINE = 160


@dataclass(frozen=True, order=True)
class Place:
    """A position in an authored file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in an authored file.

    `source_line` is the line the place points into, without its newline, for the caret.
    """

    place: Place
    message: str
    source_line: str = ""

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}"
        if not self.source_line:
            return head
        shown, before = _window(self.source_line, self.place.column - 1)
        indent = "".join(c if c == "\t" else " " for c in before)
        return f"{head}\n    {shown}\n    {indent}^"


def _window(line: str, at: int) -> tuple[str, str]:
    """A long line cut around the character `at`, and what is shown before that character."""
    start, end = max(0, at - LONGEST_LINE // 2), at + LONGEST_LINE // 2
    if len(line) <= LONGEST_LINE:
        start, end = 0, len(line)
    head, tail = "…" if start else "", "…" if end < len(line) else ""
    return f"{head}{line[start:end]}{tail}", f"{head}{line[start:at]}"


class ScrAuditError(Exception):
    """The root of the failures that a caller may expect."""


class PackError(ScrAuditError):
    """A pack cannot be used. `problems` holds all of them, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return PackError, (self.problems,)  # for pickling


class InputError(ScrAuditError):
    """An input file, a record given by the caller, or an output place cannot be used."""


class ArgumentError(InputError):
    """A value given for an argument cannot be used; `argument` is its name, or name and value."""

    def __init__(self, argument: str, message: str) -> None:
        self.argument, self.message = argument, message
        super().__init__(f"{argument}: {message}")

    def __reduce__(self) -> tuple[Any, ...]:
        return ArgumentError, (self.argument, self.message)


@dataclass(frozen=True)
class RecordProblem:
    """One thing wrong in a record: a JSON pointer into it, and a sentence."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '(the record)'}: {self.message}"


class RecordError(InputError):
    """A record does not fit the record schema. `problems` holds everything wrong with it."""

    def __init__(self, problems: Iterable[RecordProblem], *, record_id: str | None = None) -> None:
        self.problems: tuple[RecordProblem, ...] = tuple(problems)
        self.record_id = record_id
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return _record_error, (self.problems, self.record_id)  # for pickling


def _record_error(problems: tuple[RecordProblem, ...], record_id: str | None) -> RecordError:
    return RecordError(problems, record_id=record_id)


def within(file: str, position: str) -> str:
    """The place of a record in words; a file of one record, such as a form, has no position."""
    return f"{file}, {position}" if position else file


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A suggestion to append to a message: ` Did you mean 'x'?`, or nothing.

    Capital letters make nothing less near.
    """
    names = {each.lower(): each for each in sorted(known)}
    nearest = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return f" Did you mean '{names[nearest[0]]}'?" if nearest else ""


def listed(names: Iterable[str], *, most: int = 8, last: str = "and") -> str:
    """Names as readable text, cut after `most`: `a, b and c` or `a, b, … (12 in all)`."""
    shown = list(names)
    if len(shown) > most:
        return f"{', '.join(shown[:most])}, … ({len(shown)} in all)"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def check_choice(argument: str, value: object, choices: Iterable[str]) -> None:
    """Refuse a value that is none of the choices. Raises `ArgumentError`."""
    known = list(choices)
    if value not in known:
        raise ArgumentError(argument, f"found {value!r}; expected {listed(known, last='or')}")


@contextlib.contextmanager
def translate_os_errors(path: Path) -> Iterator[None]:
    """Turn an `OSError` of reading a file into an `InputError` that names the file."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def library_needed(what: str, library: str | None, extra: str) -> InputError:
    """The error where a library is missing, with the command that installs it here."""
    from scr_audit.installation import install_command  # seldom needed

    return InputError(
        f"{what} needs the library {library}, which is not installed. "
        f"Type: {install_command([extra])}"
    )
