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
    """The file and the place in it (an element, a cell); who judged, by role; note and page."""

    file: str
    place: str = ""
    role: str | None = None
    on: str | None = None
    note: str | None = None
    page: str | None = None


ORIGIN_SCHEMA: Mapping[str, Any] = {
    "type": ["object", "null"],
    "additionalProperties": {
        "type": "object",
        "properties": {
            "file": {"type": "string"},
            "place": {"type": "string"},
            **{name: {"type": ["string", "null"]} for name in ("role", "on", "note", "page")},
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


def origin_document(origin: Origin | None) -> dict[str, str] | None:
    """An origin as the bundle has it: what is known of it."""
    if origin is None:
        return None
    return {name: said for name, said in msgspec.structs.asdict(origin).items() if said}
