"""What the readers of a format hand over: elements as plain nodes, record by record."""

from __future__ import annotations

from collections.abc import Sequence
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
