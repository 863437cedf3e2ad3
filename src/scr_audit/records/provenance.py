"""Where the facts of a record come from: imported, or answered by somebody in a role.

A record may carry `provenance`, a mapping from JSON pointers to origins. An origin is that of the
fact at its pointer and of all below it that have none of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from scr_audit.documents.run import OriginInfo, SaidInfo, SourceInfo
from scr_audit.records.raw import day_of_text
from scr_audit.values.imprecise import parse_date
from scr_audit.values.text import recorded_text

KEY = "provenance"


class Origin(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The file and the place in it (an element, a cell); who judged, by role; note and page.

    `also` are other sources that say the same. Of a fact on which sources differed, `role`, `on`
    and `note` are whose decision it was, and `said` is what each source says. `on` is a day as
    `parse_date` reads it, whichever way it was written.
    """

    file: str
    place: str = ""
    role: str | None = None
    on: str | None = None
    note: str | None = None
    page: str | None = None
    also: tuple[Origin, ...] = ()
    said: tuple[SourceAnswer, ...] = ()

    def __post_init__(self) -> None:
        self.on = _day(self.on)


class SourceAnswer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one source says of a fact on which sources differed."""

    value: Any
    file: str
    place: str = ""
    role: str | None = None
    on: str | None = None
    note: str | None = None
    page: str | None = None

    def __post_init__(self) -> None:
        self.on = _day(self.on)


def _day(text: str | None) -> str | None:
    """The day of an origin as other days are read; raises `ValueError` where it is none."""
    said = text and recorded_text(text)
    if not said:
        return None
    day = day_of_text(said)
    parse_date(day)
    return day


_TEXTS: Mapping[str, Any] = {
    "file": {"type": "string"},
    "place": {"type": "string"},
    **{name: {"type": ["string", "null"]} for name in ("role", "on", "note", "page")},
}


def origin_schema(day: Mapping[str, object]) -> dict[str, Any]:
    """The JSON Schema of provenance; `day` is that of a day that may be left out."""
    texts = {**_TEXTS, "on": day}
    also = {"type": "object", "properties": texts, "required": ["file"]}
    said = {**also, "properties": {"value": {}, **texts}, "required": ["value", "file"]}
    lists = {
        name: {"type": "array", "items": {**each, "additionalProperties": False}}
        for name, each in (("also", also), ("said", said))
    }
    origin = {**also, "properties": {**texts, **lists}, "additionalProperties": False}
    return {"type": ["object", "null"], "additionalProperties": origin}


def origin_of(record: object, pointer: str) -> Origin | None:
    """The origin of the fact at `pointer` of a typed record: its own, or the nearest above it."""
    origins: Mapping[str, Origin] | None = getattr(record, KEY, None)
    if not origins:
        return None
    while pointer:
        if pointer in origins:
            return origins[pointer]
        pointer = pointer.rpartition("/")[0]
    return origins.get("")


def origin_document(origin: Origin | None) -> OriginInfo | None:
    """An origin as the bundle has it: what is known of it."""
    if origin is None:
        return None
    # What is not told is left out; `_TEXTS` names the keys of the types.
    found = cast("OriginInfo", _texts(origin))
    if origin.also:
        found["also"] = [cast("SourceInfo", _texts(other)) for other in origin.also]
    if origin.said:
        found["said"] = [
            cast("SaidInfo", {"value": msgspec.to_builtins(said.value), **_texts(said)})
            for said in origin.said
        ]
    return found


def _texts(origin: Origin | SourceAnswer) -> dict[str, str]:
    return {name: said for name in _TEXTS if (said := getattr(origin, name))}
