"""What a record holds already: the facts that need not be asked, and the items of its lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scr_audit.forms.questions import Path

Record = Mapping[str, Any]
Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Item:
    """An item of a list: where it is in the record, its facts, and the item it belongs to."""

    steps: Steps
    facts: Record
    outer: Steps = ()


def known(facts: Record, steps: Path) -> Any:
    """The fact at these steps; `None` where it is not recorded."""
    value: Any = facts
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def items_of(record: Record, home: Path) -> list[Item]:
    """Every item of the list at `home`, in the record's order; of no list: the record itself."""
    found = [Item((), record)]
    rest = home
    while rest:
        found, rest = _inner(found, rest)
    return found


def _inner(items: list[Item], steps: Path) -> tuple[list[Item], Path]:
    """The items of the first list on the way from `items`, and the steps that are left."""
    for end in range(1, len(steps) + 1):
        inner = [
            Item((*item.steps, *steps[:end], place), facts, item.steps)
            for item in items
            if isinstance(values := known(item.facts, steps[:end]), list)
            for place, facts in enumerate(values)
            if isinstance(facts, Mapping)
        ]
        if inner:
            return inner, steps[end:]
    return [], ()
