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
    return {**_fitting_facts(facts, fact, "", lost), **beside}, lost


def _fitting(value: Any, fact: FactType, at: str, lost: list[Fault]) -> Any:
    """What of a value the type can hold; `None` where that is nothing."""
    if value is None:
        return None
    if not _holds(fact, value):
        lost.append(Fault(f"imported {at}", "the pack takes another kind of answer there now"))
        return None
    if fact.kind is Kind.OBJECT:
        return _fitting_facts(value, fact, at, lost)
    if fact.kind is Kind.LIST and fact.item is not None:
        items = [_fitting(v, fact.item, f"{at}/{n}", lost) for n, v in enumerate(value)]
        return [item for item in items if item is not None]
    return value


def _fitting_facts(
    group: Mapping[str, Any], fact: FactType, at: str, lost: list[Fault]
) -> dict[str, Any]:
    found = {}
    for name, inner in group.items():
        place = f"{at}/{name}"
        if name in fact.fields:
            found[name] = _fitting(inner, fact.fields[name].type, place, lost)
        elif inner is not None:
            lost.append(Fault(f"imported {place}", "the pack has no such fact any more"))
    return found


def _holds(fact: FactType, value: Any) -> bool:
    """Whether a value has the shape that a type asks for."""
    if fact.kind in (Kind.OBJECT, Kind.OPEN):
        return isinstance(value, Mapping)
    if fact.kind is Kind.LIST:
        is_rows = fact.item is not None and fact.item.kind is Kind.OBJECT
        return isinstance(value, list) and (
            not is_rows or all(isinstance(item, Mapping) for item in value)
        )
    if fact.kind is Kind.CHOICE:
        return value in fact.choices
    if fact.kind in (Kind.INTEGER, Kind.NUMBER):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool if fact.kind is Kind.BOOLEAN else str)
