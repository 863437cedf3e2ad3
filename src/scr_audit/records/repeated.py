"""Items of a list that are the same in every fact: nothing tells them apart, and each is judged.

They are looked for in typed records, so however they were written. What lists a record has is
found out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

import msgspec

from scr_audit.language.types import FactType, held
from scr_audit.records.provenance import KEY, Origin
from scr_audit.records.structs import FACT_TYPE, Record

_FEW = 50  # are compared with each other, which takes half as long as to encode them
_encode = msgspec.msgpack.Encoder(enc_hook=str, order="deterministic").encode
_Lists: TypeAlias = tuple[tuple[str, bool, "_Lists"], ...]
_Firsts: TypeAlias = Callable[[list[Record]], Iterable[int]]


def repeated_items(record: Record, *, imprecise: bool) -> Iterator[str]:
    """What is to be said of items that an earlier one of their list equals, with both places.

    `imprecise` is whether its type takes imprecise dates, whose `==` has three values.
    """
    lists, firsts = _lists(getattr(type(record), FACT_TYPE)), _by_bytes if imprecise else _equal
    origins: Mapping[str, Origin] = getattr(record, KEY) or {}
    for at, first, number in _repeated(lists, record, "", firsts):
        found = [origins.get(f"{at}/{each}") for each in (first, number)]
        named = [f"{origin.file}, {origin.place}" for origin in found if origin]
        if len({*named}) < 2:
            named = [f"item {each + 1}" for each in (first, number)]
        yield (
            f"{at}: {' and '.join(named)} are the same in every fact; both are judged. If they "
            "are one thing, keep one of them"
        )


@lru_cache(maxsize=100)
def _lists(kind: FactType) -> _Lists:
    """The lists of groups in a record, a group or an item, and what groups have lists in them."""
    found: list[tuple[str, bool, _Lists]] = []
    for name, field in kind.fields.items():
        if field.type.group_item is not None:
            found.append((name, True, _lists(field.type.group_item)))
        elif inner := _lists(field.type):
            found.append((name, False, inner))
    return tuple(found)


def _repeated(
    lists: _Lists, holder: Record, at: str, firsts: _Firsts
) -> Iterator[tuple[str, int, int]]:
    """The pointer of a list, the place in it of an item, and that of a later one that equals it."""
    for name, is_list, inner in lists:
        found = held(holder, name)
        if not found:
            continue
        if not is_list:
            yield from _repeated(inner, found, f"{at}/{name}", firsts)
            continue
        if len(found) > 1:
            for number, first in enumerate(firsts(found)):
                if first != number and _says_something(found[number]):
                    yield f"{at}/{name}", first, number
        if inner:
            for number, item in enumerate(found):
                yield from _repeated(inner, item, f"{at}/{name}/{number}", firsts)


def _says_something(item: Record) -> bool:
    return any(fact is not None for fact in msgspec.structs.astuple(item))


def _equal(items: list[Record]) -> Iterable[int]:
    """The place of the first item that equals each."""
    return map(items.index, items) if len(items) <= _FEW else _by_bytes(items)


def _by_bytes(items: list[Record]) -> Iterable[int]:
    known: dict[bytes, int] = {}
    return (known.setdefault(_encode(item), number) for number, item in enumerate(items))
