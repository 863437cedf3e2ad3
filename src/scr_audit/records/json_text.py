"""JSON text in which a key may stand once in each group.

JSON parsers keep the last of two values and say nothing of the first. Here the text is refused,
with both places.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from scr_audit.errors import RecordError, RecordProblem
from scr_audit.records.raw import Json

_QUOTE, _ESCAPED_QUOTE = b'"', b"\\u0022"
encode_json = msgspec.json.Encoder().encode
_KEY = re.compile(rb'\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*:\s*', re.DOTALL)
_COMMA = re.compile(rb"\s*,?\s*")
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]', re.DOTALL)


class KeyTwiceError(ValueError):
    """A key stands twice in one group, at these `places`; `pointer` is that of its value."""

    def __init__(self, pointer: str, key: str, places: str) -> None:
        super().__init__()
        self.pointer, self.key, self.places = pointer, key, places

    def __str__(self) -> str:
        return self.message("")

    def message(self, of: str = " of the record") -> str:
        """What stands twice and where; `of` says from where places count, if not from the file."""
        places = f"{self.places}{of}"
        return (
            f"the key '{self.key}' stands twice in one group, at {places}; take the wrong one out"
        )


def parse_json(data: bytes | str) -> Any:
    """The value of JSON text.

    Raises `KeyTwiceError`, or what `json.loads` does.
    """
    try:
        return json.loads(data, object_pairs_hook=_group)
    except KeyTwiceError:
        raise next(keys_twice(data)) from None


def decode_json(data: bytes) -> Any:
    """As `parse_json`, for documents that may be large; raises what msgspec does."""
    value = msgspec.json.decode(data)
    check_keys(data, encode_json(value))
    return value


def check_keys(data: bytes, again: bytes) -> None:
    """Refuse JSON text if a key stands twice in it. Raises `KeyTwiceError`.

    `again` is what was decoded of it, written anew, every fact that was kept once. A quote is part
    of a text or one of its two ends, so that there are as many in both, and fewer in `again` where
    something was lost.
    """
    is_escaped = b"\\" in data and _ESCAPED_QUOTE in data
    if is_escaped or data.count(_QUOTE) != again.count(_QUOTE):
        parse_json(data)


def read_record(data: bytes | str) -> Any:
    """The value of a record's JSON text. Raises `RecordError` where it cannot be read."""
    try:
        return parse_json(data)
    except KeyTwiceError as error:
        found = None
        with contextlib.suppress(ValueError, RecursionError):  # what follows may be no JSON at all
            found = json.loads(data)
        known = found.get("id") if isinstance(found, dict) and error.pointer != "/id" else None
        raise RecordError(
            [RecordProblem(error.pointer, error.message())],
            record_id=encodable(known) if isinstance(known, str) else None,
        ) from None
    except RecursionError:
        message = "nested too deeply to be a record"
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        where = place if error.lineno > 1 else f"character {error.pos + 1}"
        message = f"not JSON: {error.msg.removesuffix(' at')} at {where}"
    except UnicodeDecodeError:
        message = "not UTF-8 text; save the file as UTF-8"
    except ValueError:
        message = "a number in it has thousands of digits"
    raise RecordError([RecordProblem("", message)])


def _group(pairs: list[tuple[str, Json]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise KeyTwiceError("", "", "")
    return found


def outer_key_twice(data: bytes, group: Mapping[str, msgspec.Raw]) -> KeyTwiceError | None:
    """The first key of the outermost group that stands there twice.

    `group` was decoded of the text, and keeps the last of two values. So its values follow each
    other in the text, and nothing else does, where no key stands twice.
    """
    at = data.index(b"{") + 1
    for key, raw in group.items():
        found = _KEY.match(data, at)
        if found is None or json.loads(found[1]) != key:
            break
        at = found.end() + len(raw)
        if memoryview(data)[found.end() : at] != memoryview(raw):
            break
        at = _COMMA.match(data, at).end()  # type: ignore[union-attr]  # it may match nothing
    else:
        if data[at : at + 1] == b"}":
            return None
    return next((found for found in keys_twice(data) if found.pointer.count("/") == 1), None)


@dataclass
class _Open:
    """A group or list that is not closed yet: the places of its keys, and where in it we are."""

    keys: dict[str, int] | None
    step: str | int
    at_key: bool = True


def keys_twice(data: bytes | str) -> Iterator[KeyTwiceError]:
    """Every key of valid JSON text that stands there again, in the order of the text."""
    text = data if isinstance(data, str) else data.decode(json.detect_encoding(data))
    opened: list[_Open] = []
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "{[":
            opened.append(_Open({}, "") if sign == "{" else _Open(None, 0))
        elif sign in "}]":
            opened.pop()
        elif not opened:
            return  # a text alone
        elif sign == ",":
            opened[-1].at_key = True
            if isinstance(opened[-1].step, int):
                opened[-1].step += 1
        elif opened[-1].keys is not None and opened[-1].at_key:
            group, keys = opened[-1], opened[-1].keys
            key = group.step = str(json.loads(sign))
            group.at_key = False
            if key in keys:
                pointer = "".join(f"/{escaped(str(each.step))}" for each in opened)
                yield KeyTwiceError(pointer, key, _places(text, keys[key], token.start()))
            keys.setdefault(key, token.start())


def _places(text: str, first: int, second: int) -> str:
    if "\n" not in text:
        return f"characters {first + 1} and {second + 1}"
    return f"{_place(text, first)} and {_place(text, second)}"


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - text.rfind(chr(10), 0, at)}"


class _Tag(msgspec.Struct):
    kind: str | None = None


_decode_tag = msgspec.json.Decoder(_Tag).decode


def named_kind(data: bytes | str) -> str | None:
    """The kind that a record's JSON text names; None where it names none, or is no such text."""
    try:
        return _decode_tag(data).kind
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def escaped(step: str) -> str:
    """A key as a step of a JSON pointer."""
    return step.replace("~", "~0").replace("/", "~1")


def not_in_json(record: object) -> Iterator[RecordProblem]:
    """Values that Python's parser lets pass although JSON has no such values."""
    waiting: list[tuple[str, object]] = [("", record)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, Mapping):
            for key, inner in value.items():
                waiting += [(f"{pointer}/{escaped(str(key))}", part) for part in (inner, str(key))]
        elif isinstance(value, list | tuple):
            waiting += [(f"{pointer}/{index}", inner) for index, inner in enumerate(value)]
        elif isinstance(value, float) and not math.isfinite(value):
            name = json.dumps(value)
            yield RecordProblem(pointer, f"{name} is no number; leave out what is not recorded")
        elif isinstance(value, str) and value != encodable(value):
            found = encodable(value)[:60]
            message = f"holds half of a character: {found}; write the character itself"
            yield RecordProblem(pointer, message)


def encodable(text: str) -> str:
    """The text with halves of characters, which no file can hold, written out: `\\ud800`."""
    return text.encode("utf-8", "backslashreplace").decode()
