"""What of an imported record a pack can still hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_audit.forms.faults import Fault
from scr_audit.language.types import FactType, Kind

_BESIDE = ("kind", "provenance")


def fitting(record: Mapping[str, Any], fact: FactType) -> tuple[dict[str, Any], list[Fault]]:
    """The record without what the type has no fact for, and what was left out."""
    lost: list[Fault] = []
    beside = {key: record[key] for key in _BESIDE if key in record}
    facts = {key: value for key, value in record.items() if key not in _BESIDE}
    return {**_fitting(facts, fact, "", lost), **beside}, lost


def _fitting(value: Any, fact: FactType, at: str, lost: list[Fault]) -> Any:
    if fact.kind is Kind.OBJECT and isinstance(value, Mapping):
        found = {}
        for name, inner in value.items():
            place = f"{at}/{name}"
            if name in fact.fields:
                found[name] = _fitting(inner, fact.fields[name].type, place, lost)
            elif inner is not None:
                lost.append(Fault(f"imported {place}", "the pack has no such fact any more"))
        return found
    if fact.kind is Kind.LIST and fact.item is not None and isinstance(value, list):
        return [_fitting(v, fact.item, f"{at}/{n}", lost) for n, v in enumerate(value)]
    return value
