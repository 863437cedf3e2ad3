"""What the readers of a format hand over: elements as plain nodes, record by record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from scr_audit.imports.conversions import Scalar


class Empty(Enum):
    """An explicit empty list, which is not the same as nothing."""

    LIST = "[]"


EMPTY_LIST: Final = Empty.LIST


@dataclass(slots=True)
class Node:
    """One element: a group of `children`, or a `value` (None: it has none).

    `line` is its line in the source, 0 where the format does not tell.
    """

    name: str
    value: Scalar | Empty | None
    children: Sequence[Node] = ()
    line: int = 0


@dataclass(slots=True)
class Outside:
    """An element outside the records, with the names of the elements around it."""

    around: tuple[str, ...]
    node: Node


@dataclass(slots=True)
class Found:
    """The element of a record; `number` counts from 1."""

    number: int
    node: Node


def values_at(node: Node, path: Sequence[str]) -> Iterator[Scalar]:
    """The values of all elements that a path of names leads to."""
    for child in node.children:
        if child.name != path[0]:
            continue
        if len(path) > 1:
            yield from values_at(child, path[1:])
        elif isinstance(child.value, str | bool | int | float):
            yield child.value


def same(one: Node, other: Node) -> bool:
    """Whether two elements say the same, wherever they stand."""
    return (one.name, one.value, len(one.children)) == (
        other.name,
        other.value,
        len(other.children),
    ) and all(map(same, one.children, other.children))
