"""How alone a record stands: k-anonymity over the facts that the pack calls quasi-identifiers.

k is the number of records in the smallest group that has the same quasi-identifiers. Source:
L. Sweeney, k-anonymity: a model for protecting privacy, 2002.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from scr_audit.language.types import FactPath, FactType, Kind, attribute, held, walk_fields
from scr_audit.records.raw import Json

MOST_COMBINATIONS = 100_000


def quasi_identifiers(record: FactType, before: FactPath = ()) -> Iterator[FactPath]:
    """The path of each quasi-identifier of a record kind; `*` stands for every item."""
    for name, item in record.fields.items():
        path, inner = (*before, name), item.type
        if item.quasi_identifier:
            yield path
        if inner.kind is Kind.LIST and inner.item is not None:
            path, inner = (*path, "*"), inner.item
        if inner.kind is Kind.OBJECT:
            yield from quasi_identifiers(inner, path)


def has_maps(record: FactType) -> bool:
    """Whether a list of a record kind may be a map in JSON."""
    inner = (field.type.item for _, field in walk_fields(record))
    return any(item is not None and item.key for item in inner)


def pattern_pointer(path: FactPath) -> str:
    """A path as a pointer: `/people/*/relationship`."""
    return "".join(f"/{step}" for step in path)


@dataclass(frozen=True)
class Uniqueness:
    """How alone the records of one kind stand; `k` is None where that was not worked out."""

    kind: str
    records: int
    k: int | None
    below: int | None
    quasi_identifiers: tuple[str, ...]


@dataclass
class Groups:
    """Counts the records of one kind by their quasi-identifiers, as hashes: no value is kept.

    Past `MOST_COMBINATIONS` groups nothing more is counted, and k is not known.
    """

    kind: str
    paths: tuple[FactPath, ...]
    records: int = 0
    _sizes: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._decode = msgspec.json.Decoder(_projection(self.paths)).decode

    def add(self, data: object) -> None:
        """Count a record; one that is no object of this shape is left to the schema to refuse."""
        if len(self._sizes) > MOST_COMBINATIONS:
            self.records += 1
            return
        try:
            found = self._decode(data) if isinstance(data, bytes | str) else data
            combination = hash(tuple(_text_at(found, path) for path in self.paths))
        except (msgspec.MsgspecError, ValueError, RecursionError, AttributeError):
            return
        self.records += 1
        self._sizes[combination] = self._sizes.get(combination, 0) + 1

    def uniqueness(self, least: int) -> Uniqueness:
        """The size of the smallest group, and how many records are in groups below `least`."""
        names = tuple(pattern_pointer(path) for path in self.paths)
        if not self._sizes or len(self._sizes) > MOST_COMBINATIONS:
            return Uniqueness(self.kind, self.records, None, None, names)
        below = sum(size for size in self._sizes.values() if size < least)
        return Uniqueness(self.kind, self.records, min(self._sizes.values()), below, names)


def _projection(paths: tuple[FactPath, ...]) -> Any:
    """The type that decodes the quasi-identifiers and passes over the rest of a record."""
    if any(not path for path in paths):
        return Any
    if paths[0][0] == "*":
        return list[_projection(tuple(path[1:] for path in paths))] | None  # type: ignore[misc]  # built at run time
    inner: dict[str, list[FactPath]] = {}
    for path in paths:
        inner.setdefault(path[0], []).append(path[1:])
    fields = [
        (attribute(name), _projection(tuple(rest)) | None, None) for name, rest in inner.items()
    ]
    renamed = {attribute(name): name for name in inner}
    return msgspec.defstruct("Projection", fields, rename=renamed)


def _text_at(value: Json, path: FactPath) -> str:
    """What stands at a path, as text; a list's items in order of their spelling."""
    if not path:
        return repr(value)
    if path[0] == "*":
        return repr(sorted(_text_at(item, path[1:]) for item in value or ()))
    if value is None:
        return "None"
    if isinstance(value, Mapping):
        return _text_at(value.get(path[0]), path[1:])
    return _text_at(held(value, path[0]), path[1:])
