"""JSON documents: a list of records, one record, or one record a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.errors import InputError, listed
from scr_audit.imports.mapping import Step
from scr_audit.imports.nodes import EMPTY_LIST, Empty, Found, Node
from scr_audit.records.json_text import KeyTwiceError, decode_json
from scr_audit.records.read import LINES, Inputs, read_batches
from scr_audit.values.encoding import MARK, utf8

MOST_DEEP = 40
_LONE_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(path: Path, known: Step) -> Iterator[Found]:
    """The records of a file, in order. `known` has the names by which a record is recognised.

    `.ndjson` and `.jsonl` files are read line by line. Raises `InputError` with the place.
    """
    name = str(path)
    for number, (position, data) in enumerate(_texts(path), 1):
        yield Found(number, _record(data, f"{name}: {position}", known))


def _texts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each record's JSON text with its position in words."""
    if path.suffix.lower() not in LINES and _holds_one(path):
        yield "the record", utf8(path.read_bytes())
        return
    for _, batch in read_batches([path], {}, Inputs()):
        for raw in batch:
            where = raw.position if isinstance(raw.place, int) else f"record {raw.place}"
            yield where, raw.data


def _holds_one(path: Path) -> bool:
    """Whether the file begins as one object does."""
    try:
        with path.open("rb") as stream:
            return stream.read(1_000).removeprefix(MARK).lstrip()[:1] == b"{"
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _record(data: bytes, where: str, known: Step) -> Node:
    try:
        value = decode_json(data)
    except KeyTwiceError as error:
        raise InputError(f"{where}: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: not JSON: {_reason(error, data)}") from None
    if not isinstance(value, dict):
        raise InputError(f"{where}: found {_found(value)}; expected a record, such as {{...}}")
    if not any(name in known.steps for name in value):
        raise InputError(
            f"{where}: has none of the fields that the mapping knows; expected "
            f"{listed(known.steps, most=12, last='or')}"
        )
    return Node("", None, list(_children(value, where, 0)))


def _reason(error: Exception, data: bytes) -> str:
    """The decoder's words: they hold a byte's position and never text of the file."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text; save it as UTF-8"
    if _LONE_HALF.search(data) and "truncated" in str(error):
        return "a text in it may hold half of a character, such as \\ud800; export it anew"
    return str(error)


def _children(group: Mapping[str, Any], where: str, depth: int) -> Iterator[Node]:
    if depth > MOST_DEEP:
        raise InputError(f"{where}: nested more than {MOST_DEEP} deep")
    for name, value in group.items():
        values = value if isinstance(value, list) else [value]
        if value == []:
            yield Node(name, EMPTY_LIST)
        for each in values:
            if each is not None:  # as if the field were not there
                yield _node(name, each, where, depth)


def _node(name: str, value: Any, where: str, depth: int) -> Node:
    if isinstance(value, dict):
        return Node(name, None, list(_children(value, where, depth + 1)))
    if isinstance(value, list):  # a list in a list has no place in such a document
        return Node(name, None, list(_children({"(list)": value}, where, depth + 1)))
    return Node(name, _scalar(value))


def _scalar(value: Any) -> str | bool | int | float | Empty | None:
    if isinstance(value, str):
        return value.strip() or None
    return value if isinstance(value, bool | int | float) else None


def _found(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
