"""What plain values record: one answer for every format, and for values from Python.

A text in which nothing can be seen is not recorded, whatever it stands for, and neither is a group
in which nothing is. `[]` records that there were none, and an item of a list that there is one,
even where nothing is recorded in it; a text of a list in which nothing can be seen is no item.
3.0 is a whole number, a midnight is a day, and a day may stand first: 22/08/2024. White space
around a text, and how its accents are composed, say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from scr_audit.language.types import FactType, Kind
from scr_audit.records.raw import BESIDE_FACTS, Json
from scr_audit.values.text import is_blank, normal_text

_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})(?=[T ]|\Z)")
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]+0?0:00(?::00(?:\.0+)?)?\Z")


def plain_record(record: FactType, values: Mapping[str, Json]) -> dict[str, Any]:
    """A record, or an item of a list, without what is there and records nothing.

    What does not fit its fact stays as it is, for the decoder to refuse. What an open group does
    not name is passed over.
    """
    found = {}
    for name, value in values.items():
        field = record.fields.get(name)
        if field is None and record.is_open and name not in BESIDE_FACTS:
            continue
        said = value if field is None else plain_value(field.type, value)
        if said is not None or value is None:
            found[name] = said
    return found


def plain_value(fact: FactType, value: Json) -> Json:
    """What a value records of a fact; None: nothing."""
    if isinstance(value, str):
        return None if is_blank(value) else _TEXTS.get(fact.kind, str)(normal_text(value))
    if isinstance(value, Mapping) and fact.kind is Kind.OBJECT:
        group = plain_record(fact, value)
        kept = (inner is not None or name not in fact.fields for name, inner in group.items())
        return group if any(kept) else None
    if isinstance(value, Mapping) and fact.item is not None and fact.item.key:
        return dict(zip(value, _items(fact.item, list(value.values())) or (), strict=True))
    if isinstance(value, Mapping) and fact.kind is Kind.OPEN:
        return value if says_something(value) else None
    if isinstance(value, list | tuple) and fact.item is not None:
        return _items(fact.item, value)
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and fact.kind is Kind.INTEGER and value.is_integer():
        return int(value)
    if isinstance(value, datetime) and fact.kind is Kind.DATE:
        return value.date() if value.timetz() == time.min else value
    return value


def day_of_text(text: str) -> str:
    """The day of a text that states one or its midnight, year first; any other text as it is."""
    first = year_first(text)
    midnight = _MIDNIGHT.match(first)
    if midnight:
        return midnight[1]
    return first if len(first) == len("2009-08-14") else text


def year_first(text: str) -> str:
    """A day or a time of one with its year first; any other text as it is."""
    if not (found := _DAY_FIRST.match(text)):
        return text
    try:
        day = date(int(found[4]), int(found[3]), int(found[1]))
    except ValueError:
        return text  # whoever reads it says so, in the words of the record
    return f"{day.isoformat()}{text[found.end() :]}"


_TEXTS: Mapping[Kind, Callable[[str], str]] = {Kind.DATE: day_of_text, Kind.DATETIME: year_first}


def _items(item: FactType, values: list[Any] | tuple[Any, ...]) -> list[Any] | None:
    """The items of a list; None where nothing but texts stood in it that record nothing."""
    if item.kind is Kind.OBJECT:
        return [plain_record(item, v) if isinstance(v, Mapping) else v for v in values]
    seen = [v for v in values if not (isinstance(v, str) and is_blank(v))]
    kept = [plain_value(item, value) for value in seen]
    return kept if kept or not values else None


def maps_as_lists(fact: FactType, value: Json) -> Json:
    """A plain value, every map in it as the list of its items; one that does not fit as it is."""
    item, own = fact.item, fact.item.key if fact.item is not None else ""
    if isinstance(value, Mapping) and own:
        if not all(_fits_key(key, inner, own) for key, inner in value.items()):
            return value
        value = [{own: normal_text(key)} | _without(own, v) for key, v in value.items()]
    if isinstance(value, list) and item is not None:
        return [maps_as_lists(item, inner) for inner in value]
    if isinstance(value, Mapping) and fact.fields:
        facts = fact.fields
        return {k: maps_as_lists(facts[k].type, v) if k in facts else v for k, v in value.items()}
    return value


def _without(name: str, values: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in values.items() if key != name}


def _fits_key(key: object, item: Json, own: str) -> bool:
    if not isinstance(key, str) or is_blank(key) or not isinstance(item, Mapping):
        return False
    return not names_another(item.get(own), key)


def names_another(said: Json, key: str) -> bool:
    """Whether a fact that holds the key of an item in a map says something else."""
    if isinstance(said, str):
        return not is_blank(said) and normal_text(said) != normal_text(key)
    return said is not None


def says_something(values: Mapping[str, Json]) -> bool:
    """Whether anything is recorded in an open group; a list in it records something."""
    waiting: list[Any] = list(values.values())  # not by recursion: it may be of any depth
    looked_at = {id(values)}  # from Python a group may hold itself
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            if id(value) not in looked_at:
                looked_at.add(id(value))
                waiting += value.values()
        elif value is not None and not (isinstance(value, str) and is_blank(value)):
            return True
    return False
