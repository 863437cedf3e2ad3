"""Where the facts of a record come from: imported, or answered by somebody in a role.

A record may carry `provenance`, a mapping from JSON pointers to origins. An origin is that of the
fact at its pointer and of all below it that have none of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

KEY = "provenance"


class Origin(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The file and the place in it (an element, a cell); who judged, by role; note and page.

    `also` are other sources that say the same. Of a fact on which sources differed, `role`, `on`
    and `note` are whose decision it was, and `said` is what each source says.
    """

    file: str
    place: str = ""
    role: str | None = None
    on: str | None = None
    note: str | None = None
    page: str | None = None
    also: tuple[Origin, ...] = ()
    said: tuple[Said, ...] = ()


class Said(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one source says of a fact on which sources differed."""

    value: Any
    file: str
    place: str = ""
    role: str | None = None
    on: str | None = None
    note: str | None = None
    page: str | None = None


_TEXTS: Mapping[str, Any] = {
    "file": {"type": "string"},
    "place": {"type": "string"},
    **{name: {"type": ["string", "null"]} for name in ("role", "on", "note", "page")},
}
_ALSO = {"type": "object", "properties": _TEXTS, "required": ["file"]}
_SAID = {"type": "object", "properties": {"value": {}, **_TEXTS}, "required": ["value", "file"]}
ORIGIN_SCHEMA: Mapping[str, Any] = {
    "type": ["object", "null"],
    "additionalProperties": {
        "type": "object",
        "properties": {
            **_TEXTS,
            "also": {"type": "array", "items": {**_ALSO, "additionalProperties": False}},
            "said": {"type": "array", "items": {**_SAID, "additionalProperties": False}},
        },
        "required": ["file"],
        "additionalProperties": False,
    },
}


def origin_of(record: Any, pointer: str) -> Origin | None:
    """The origin of the fact at `pointer` of a typed record: its own, or the nearest above it."""
    origins: Mapping[str, Origin] | None = getattr(record, KEY, None)
    if not origins:
        return None
    while pointer:
        if pointer in origins:
            return origins[pointer]
        pointer = pointer.rpartition("/")[0]
    return origins.get("")


def origin_document(origin: Origin | None) -> dict[str, Any] | None:
    """An origin as the bundle has it: what is known of it."""
    if origin is None:
        return None
    found = _texts(origin)
    if origin.also:
        found["also"] = [_texts(other) for other in origin.also]
    if origin.said:
        found["said"] = [
            {"value": msgspec.to_builtins(said.value), **_texts(said)} for said in origin.said
        ]
    return found


def _texts(origin: Origin | Said) -> dict[str, Any]:
    return {name: said for name in _TEXTS if (said := getattr(origin, name))}
