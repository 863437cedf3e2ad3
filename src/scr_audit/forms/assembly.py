"""A record in the making: facts put in their places, each with where it comes from."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from scr_audit.forms.known import Steps
from scr_audit.language.types import FactType, Kind

Provenance = dict[str, Any]


class Assembly:
    """Starts from what was imported and takes what the form adds; the import is not changed."""

    def __init__(self, imported: Mapping[str, Any]) -> None:
        self.record: dict[str, Any] = copy.deepcopy(dict(imported))
        self.provenance: dict[str, Provenance] = dict(self.record.pop("provenance", {}))

    def value(self, steps: Steps) -> Any:
        """What stands at these steps; `None` where nothing is recorded."""
        found: Any = self.record
        for step in steps:
            if isinstance(step, int):
                found = found[step] if isinstance(found, list) and step < len(found) else None
            else:
                found = found.get(step) if isinstance(found, dict) else None
        return found

    def put(self, steps: Steps, value: Any) -> None:
        """Record a fact, and the groups around it."""
        found: Any = self.record
        for step in steps[:-1]:
            if not isinstance(step, int) and found.get(step) is None:
                found[step] = {}
            found = found[step]
        found[steps[-1]] = value

    def add_item(self, steps: Steps) -> Steps:
        """A new empty item at the end of the list at `steps`; where it is."""
        items = self.value(steps)
        if items is None:
            items = []
            self.put(steps, items)
        items.append({})
        return (*steps, len(items) - 1)

    def comes_from(self, steps: Steps, source: Provenance) -> None:
        """Say where the fact at `steps` comes from."""
        self.provenance[pointer(steps)] = source

    def finished(self, kind: str) -> dict[str, Any]:
        """The record with its kind and its provenance."""
        first = {"id": self.record.get("id"), "kind": kind}
        facts = {key: value for key, value in self.record.items() if key not in first}
        found = {**first, **facts}
        return {**found, "provenance": self.provenance} if self.provenance else found


def pointer(steps: Steps) -> str:
    """The JSON pointer of these steps."""
    return "".join(f"/{step}" for step in steps)


def missing_required(fact: FactType, assembly: Assembly, steps: Steps = ()) -> Iterator[Steps]:
    """The facts that a record of this type must have and does not; empty groups are made."""
    for name, inner in fact.fields.items():
        at = (*steps, name)
        if inner.required and inner.type.kind is Kind.OBJECT and assembly.value(at) is None:
            assembly.put(at, {})
        value = assembly.value(at)
        if value is None:
            if inner.required:
                yield at
        elif inner.type.kind is Kind.OBJECT:
            yield from missing_required(inner.type, assembly, at)
        elif inner.type.item is not None and inner.type.item.kind is Kind.OBJECT:
            for place in range(len(value)):
                yield from missing_required(inner.type.item, assembly, (*at, place))
