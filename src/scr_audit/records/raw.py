"""Raw records, as they stand in the files that a run reads, and what their plain values record.

A text in which nothing can be seen is not recorded, whatever it stands for, and neither is a group
in which nothing is. `[]` records that there were none, and an item of a list that there is one,
even where nothing is recorded in it; a text of a list in which nothing can be seen is no item.
3.0 is a whole number, a midnight is a day, and a day may stand first: 22/08/2024. White space
around a text, and how its accents are composed, say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import msgspec

from scr_audit.errors import RecordError
from scr_audit.language.types import FactType, Kind
from scr_audit.values.text import is_blank, normal_text

# A value as JSON has it, of which nothing is known until it was held against its fact's type.
Json: TypeAlias = object

BESIDE_FACTS = ("kind", "provenance")
"""What a record may have beside the facts of its kind."""
LINES = (".ndjson", ".jsonl")
"""The suffixes of files with one record a line."""
RECORD_FORMATS = (".json", *LINES)
"""The suffixes of the files of records that are written."""
TABLES = ".csv"
"""The suffix of a table, whose records carry the place of every cell."""
IN_MEMORY = "(records given by the caller)"
"""The name of the input that records given from Python are."""
RawData: TypeAlias = bytes | str | Mapping[str, Json] | RecordError


class RawRecord(msgspec.Struct, gc=False):
    """One record as it stands in the input: JSON text, a mapping, or why it is neither.

    A record that could not be put together has a `RecordError` in `data`. `place` is its pointer or
    its line; `kind` is known where its list's name tells it.
    """

    place: str | int
    data: RawData
    kind: str | None = None

    @property
    def position(self) -> str:
        """Where it stands, in words."""
        return f"line {self.place}" if isinstance(self.place, int) else self.place


@dataclass
class InputFile:
    """One input file: its name in reports, and its hash once it was read to the end."""

    name: str
    sha256: str = ""


@dataclass
class Inputs:
    """The files of a run, and what was read from them so far."""

    files: list[InputFile] = field(default_factory=list)

    def add(self, path: Path) -> InputFile:
        """A file by its name, in which bytes that are no text are written out."""
        source = InputFile(path.name.encode("utf-8", "backslashreplace").decode())
        self.files.append(source)
        return source

    def merged(self, other: Inputs) -> Inputs:
        """The files of both; records given in memory are one input, as they are in one run."""
        in_memory = any(file.name == IN_MEMORY for file in self.files)
        later = (file for file in other.files if not (in_memory and file.name == IN_MEMORY))
        return Inputs([*self.files, *later])


_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})(?=[T ]|\Z)")
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]+0?0:00(?::00(?:\.0+)?)?\Z")


def plain_record(record: FactType, values: Mapping[str, Json]) -> dict[str, Json]:
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


def _items(item: FactType, values: Sequence[Json]) -> list[Json] | None:
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


def value_at(value: Json, steps: Iterable[str]) -> Json:
    """What is recorded at these steps of a group of facts; None where nothing is."""
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def says_something(values: Mapping[str, Json]) -> bool:
    """Whether anything is recorded in an open group; a list in it records something."""
    waiting: list[Json] = list(values.values())  # not by recursion: it may be of any depth
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
