"""The dated things of a record, for its timeline: read off the record schema, whatever it is about.

An event is an item of a list that has a date: the first date among its own facts, or in a group
of facts that it holds. Where a group gives a beginning and an end, the event has both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scr_audit.language.types import FactType, Field, Kind

_DATES = (Kind.DATE, Kind.DATETIME)
Steps = tuple[str, ...]


def events(record: Any, of: FactType) -> list[dict[str, Any]]:
    """The events of a typed record, earliest first: `pointer`, `name`, `date` and `until`.

    `pointer` is the JSON pointer of the item, `name` what the schema calls it; `date` and
    `until` are written as JSON has them and may be imprecise; `until` is None without an end.
    """
    found = list(_walk(record, of, ""))
    return sorted(found, key=lambda event: (event["date"], event["pointer"]))


def _walk(holder: Any, of: FactType, pointer: str) -> Iterator[dict[str, Any]]:
    for name, field in of.fields.items():
        value = getattr(holder, name)
        if value is None:
            continue
        kind, item = field.type.kind, field.type.item
        if kind is Kind.OBJECT:
            yield from _walk(value, field.type, f"{pointer}/{name}")
        elif kind is Kind.LIST and item is not None and item.kind is Kind.OBJECT:
            for index, entry in enumerate(value):
                place = f"{pointer}/{name}/{index}"
                event = _event(entry, item, place, item.name or _words(name))
                if event is not None:
                    yield event
                yield from _walk(entry, item, place)


def _event(entry: Any, of: FactType, pointer: str, name: str) -> dict[str, Any] | None:
    for steps, end in _dates(of):
        begun = _at(entry, steps)
        if begun is not None:
            ended = _at(entry, end) if end else None
            until = None if ended is None else _text(ended)
            return {"pointer": pointer, "name": name, "date": _text(begun), "until": until}
    return None


def _dates(of: FactType) -> Iterator[tuple[Steps, Steps | None]]:
    """The dates that may tell when an item was, and with each the end that belongs to it."""
    for name, field in of.fields.items():
        if field.type.kind in _DATES:
            yield (name,), None
    for name, field in of.fields.items():
        if field.type.kind is Kind.OBJECT:
            inner = _own_dates(field)
            if inner:
                yield (name, inner[0]), (name, inner[1]) if len(inner) > 1 else None


def _own_dates(group: Field) -> list[str]:
    return [name for name, field in group.type.fields.items() if field.type.kind in _DATES]


def _at(entry: Any, steps: Steps) -> Any:
    for step in steps:
        entry = None if entry is None else getattr(entry, step)
    return entry


def _text(value: Any) -> str:
    """A date as JSON has it; an imprecise one keeps the text it was written as."""
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value.text)


def _words(name: str) -> str:
    return name.replace("_", " ")
