"""The dated things of a record, for its timeline, as its schema shows them.

An event is an item of a list that has a period, a group with the dates `start` and `end`, or else a
date of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from scr_audit.documents.run import EventInfo
from scr_audit.language.types import DATES, FactPath, FactType, Kind, Value, held, in_words
from scr_audit.packs.pack import Pack, Recommended
from scr_audit.records.raw import Json
from scr_audit.records.structs import Record
from scr_audit.values.imprecise import Imprecise, moment_text

_LAST = "9999-99"


def events(record: Record, of: FactType) -> list[EventInfo]:
    """The events of a typed record, earliest first: `pointer`, `name`, `date` and `until`.

    `pointer` is the JSON pointer of the item, `name` what the schema calls it; `date` and
    `until` are written as JSON has them and may be imprecise. A date that is not recorded is
    None, and such events come last; `until` is None without an end, too. Those of one date stand as
    the record has them.
    """
    found = list(_walk(record, of, ""))
    return sorted(found, key=lambda event: event["date"] or _LAST)


def _walk(holder: Record, of: FactType, pointer: str) -> Iterator[EventInfo]:
    for name, field in of.fields.items():
        value = held(holder, name)
        if value is None:
            continue
        kind, item = field.type.kind, field.type.item
        if kind is Kind.OBJECT:
            yield from _walk(value, field.type, f"{pointer}/{name}")
        elif kind is Kind.LIST and item is not None and item.kind is Kind.OBJECT:
            for index, entry in enumerate(value):
                place = f"{pointer}/{name}/{index}"
                event = _event(entry, item, place, item.name or in_words(name))
                if event is not None:
                    yield event
                yield from _walk(entry, item, place)


def _event(entry: Record, of: FactType, pointer: str, name: str) -> EventInfo | None:
    when = _when(of)
    if when is None:
        return None
    begun, ended = (_at(entry, steps) for steps in when)
    return {"pointer": pointer, "name": name, "date": begun, "until": ended}


def _when(of: FactType) -> tuple[FactPath, FactPath] | None:
    """The facts that tell when an item was and when it ended (no steps: it has no end).

    Only the period, or the first date, that the schema declares: where it is not recorded, a
    later one, such as when something was followed up, would tell another day.
    """
    for name, field in of.fields.items():
        if {"start", "end"} <= set(_dates(field.type)):
            return (name, "start"), (name, "end")
    own = _dates(of)
    return ((own[0],), ()) if own else None


def _dates(group: FactType) -> list[str]:
    return [name for name, field in group.fields.items() if field.type.kind in DATES]


def _at(entry: Value, steps: FactPath) -> str | None:
    """The date there as JSON has it; an imprecise one keeps the text it was written as."""
    for step in steps:
        entry = None if entry is None else held(entry, step)
    return moment_text(entry) if isinstance(entry, date | Imprecise) else None


def gathered_kinds(pack: Pack) -> frozenset[str]:
    """The kinds of which records are kept to make others."""
    return frozenset(
        gathering.kind for lists in pack.gathered.values() for gathering in lists.values()
    )


def builtins_of(typed: Record) -> dict[str, Any]:
    """A typed record as plain values."""
    found: dict[str, Any] = msgspec.to_builtins(typed, enc_hook=str)
    for beside in ("kind", "provenance"):
        found.pop(beside, None)
    return found


def gathered_records(
    pack: Pack, kept: Mapping[str, list[dict[str, Json]]], *, complete: bool
) -> dict[str, list[dict[str, Any]]]:
    """The made records by kind; none where no record was read to make them of.

    Where some record was left out (not `complete`), a list in which nothing was found is not
    recorded rather than empty: what is missing may have been in the record left out.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    listing = pack.recommendations if pack.planning is None else pack.planning.recommendations
    wanted = {rule.kind for rule in pack.rules}
    for made, lists in pack.gathered.items():
        if pack.planning is not None and made not in wanted:
            continue
        if not any(kept.get(gathering.kind) for gathering in lists.values()):
            continue
        found[made] = [
            {
                "id": entry.id,
                **{
                    name: found_records
                    for name, found_records in _lists(entry, pack, made, kept).items()
                    if found_records or complete
                },
            }
            for entry in listing
            if entry.action_plan is not None
        ]
    return found


def _lists(
    entry: Recommended, pack: Pack, made: str, kept: Mapping[str, list[dict[str, Json]]]
) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            record
            for record in kept.get(gathering.kind, ())
            if record.get(gathering.by) == entry.id
        ]
        for name, gathering in pack.gathered[made].items()
    }
