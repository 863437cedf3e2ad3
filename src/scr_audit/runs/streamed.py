"""Run bundles too large to hold: the head as values, the findings one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.errors import InputError
from scr_audit.records.json_text import decode_json, outer_key_twice
from scr_audit.runs.stored import (
    check_bundle_anonymous,
    check_format,
    newest,
    newest_finding,
    not_json,
    told_invalid,
)
from scr_audit.values.encoding import utf8

_LISTS = ("records", "findings")
_Parts = dict[str, msgspec.Raw]


@dataclass(frozen=True)
class StreamedBundle:
    """A run bundle that was found to be whole. `head` has no records and no findings.

    `sha256` is of the file, `findings` how many there are.
    """

    path: Path
    head: dict[str, Any]
    sha256: str
    findings: int

    def each_finding(self) -> Iterator[dict[str, Any]]:
        """The findings, read anew. Raises `InputError` where the file has changed since."""
        content = _content(self.path)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise InputError(
                f"{self.path}: was changed while it was being added; nothing of it was kept. "
                "Add it again"
            )
        for raw in _items(_parts(self.path, content), "findings"):
            yield newest_finding(msgspec.json.decode(raw))


def stream_bundle(path: Path) -> StreamedBundle:
    """The bundle in a file, checked throughout. Raises `InputError` where it is none."""
    content = _content(path)
    parts = _parts(path, content)
    try:
        named = {name: decode_json(bytes(raw)) for name, raw in parts.items() if name not in _LISTS}
        check_format(path, named)
        named = newest(named)
        lists = {name: _items(parts, name) for name in _LISTS if name in parts}
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: is not a whole run bundle: {error}") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error
    _validate(path, named, lists)
    check_bundle_anonymous(path, named["anonymity"], _texts(parts, lists))
    count = len(lists["findings"])
    return StreamedBundle(path, named, hashlib.sha256(content).hexdigest(), count)


def _texts(
    parts: _Parts, lists: Mapping[str, Sequence[msgspec.Raw]]
) -> Iterator[tuple[str, bytes]]:
    """The parts of a bundle with their pointers, its lists item by item."""
    for name, raw in parts.items():
        if name not in lists:
            yield f"/{name}", bytes(raw)
    for name, items in lists.items():
        for number, raw in enumerate(items):
            yield f"/{name}/{number}", bytes(raw)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _parts(path: Path, content: bytes) -> _Parts:
    """The values of the bundle by name, each a stretch of the file that is not decoded yet."""
    try:
        text = utf8(content)
        parts = msgspec.json.decode(text, type=_Parts)
    except msgspec.ValidationError:
        check_format(path, None)
        raise
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error
    if (twice := outer_key_twice(text, parts)) is not None:
        raise InputError(f"{path}: {twice}")
    return parts


def _items(parts: _Parts, name: str) -> list[msgspec.Raw]:
    return msgspec.json.decode(parts[name], type=list[msgspec.Raw])


def _validate(
    path: Path, named: dict[str, Any], lists: Mapping[str, Sequence[msgspec.Raw]]
) -> None:
    # Pydantic takes a fifth of a second to import, which only this needs.
    from pydantic import ValidationError

    from scr_audit.runs.models import FindingInfo, RecordInfo, RunBundle

    place: tuple[str | int, ...] = ()
    try:
        RunBundle.model_validate({**named, **{name: [] for name in lists}})
        for name, model in (("records", RecordInfo), ("findings", FindingInfo)):
            for number, raw in enumerate(lists[name]):
                place = (name, number)
                value = decode_json(bytes(raw))
                model.model_validate(newest_finding(value) if name == "findings" else value)
    except ValidationError as error:
        raise told_invalid(path, error, place) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error
