"""YAML files about records, in which identifiers are looked for before all else.

A problem of a file shows the line that it is about, or what it found. So a file that holds an
identifier has no other problems, and no line with one is shown.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

from scr_audit.anonymity.patterns import IDENTIFIERS, check_name, identifiers_in
from scr_audit.anonymity.scan import scan_record
from scr_audit.errors import PackError, Problem
from scr_audit.language.check import KeyPath
from scr_audit.packs.yaml_source import Document, read_yaml


def check_authored(*files: pathlib.Path | str | None) -> None:
    """Refuse identifiers in those of the files that exist.

    Raises `PackError` and `InputError` as `read_anonymous` does.
    """
    for file in files:
        if file is not None and pathlib.Path(file).is_file():
            read_anonymous(pathlib.Path(file).read_bytes(), str(file))


def read_anonymous(data: bytes, file: str) -> Document:
    """The YAML document in `data`, in which nothing identifies somebody.

    Raises `PackError` with each identifier by its place, or, where it is not YAML at all, with what
    is wrong, and `InputError` where the file's name holds one; none repeats an identifier.
    """
    check_name(pathlib.Path(file))
    try:
        document = read_yaml(data, file)
    except PackError as error:
        raise _without_lines(error, data) from None
    found = list(dict.fromkeys(_identifiers(document)))
    if found:
        raise PackError(found)
    document.lines = [_safe_line(line) for line in document.lines]  # those of comments, too
    document.problems = [_without_line(problem) for problem in document.problems]
    return document


def _without_lines(error: PackError, data: bytes) -> PackError:
    """The error of an unreadable file, without its lines where they hold an identifier."""
    if not identifiers_in(" ".join(data.decode("utf-8", "replace").split())):
        return error
    message = (
        "not readable as YAML, and its lines are not shown, since the file holds something that "
        "tells who somebody is; say it without"
    )
    return PackError(Problem(problem.place, message) for problem in error.problems)


def _identifiers(document: Document) -> Iterator[Problem]:
    """A problem for each identifier, without its line, which would repeat it."""
    for found in scan_record(document.value):
        path = _path(found.pointer, document)
        named = next((step for step in reversed(path) if isinstance(step, str)), "the file")
        kind = IDENTIFIERS[found.kind].name
        message = f"'{named}' holds {kind}, and reports repeat it; say it without"
        yield Problem(document.place(path), message)


def _path(pointer: str, document: Document) -> KeyPath:
    """The path of a pointer; a key that identifies somebody is in it by its kind."""
    path: list[str | int] = []
    for part in pointer.split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        is_item = (*path, int(step)) in document.values if step.isdecimal() else False
        path.append(int(step) if is_item else step)
    return tuple(path)


def _safe_line(line: str) -> str:
    return "" if identifiers_in(line) else line


def _without_line(problem: Problem) -> Problem:
    return Problem(problem.place, problem.message, _safe_line(problem.source_line))
