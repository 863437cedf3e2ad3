"""Counts by agency and theme: the sums of recommendations, and which rows have no rule at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scr_audit.evaluate.outcomes import OUTCOMES

Item = Mapping[str, Any]


def agency_of(item: Item) -> str:
    """The agency of a recommendation; empty where none is named."""
    return item["agency"] or ""


def theme_of(item: Item) -> str:
    """The theme of a recommendation; empty where none is named."""
    return item["theme"] or ""


def groups(recommendations: Iterable[Item]) -> list[dict[str, Any]]:
    """The cells agency × theme, in the order in which recommendations name them."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in recommendations:
        found.setdefault((agency_of(item), theme_of(item)), []).append(item)
    return [
        {"agency": agency, "theme": theme, **_summed(items)}
        for (agency, theme), items in found.items()
    ]


def agencies(recommendations: Iterable[Item]) -> list[dict[str, Any]]:
    """The sums by agency, in the order in which recommendations name them."""
    found: dict[str, list[Item]] = {}
    for item in recommendations:
        found.setdefault(agency_of(item), []).append(item)
    return [{"name": name, **_summed(items)} for name, items in found.items()]


def themes(recommendations: Iterable[Item]) -> list[dict[str, Any]]:
    """The sums by theme, in the order in which recommendations name them."""
    found: dict[str, list[Item]] = {}
    for item in recommendations:
        found.setdefault(theme_of(item), []).append(item)
    return [{"name": name, **_summed(items)} for name, items in found.items()]


def _summed(items: list[Item]) -> dict[str, Any]:
    totals = {name: sum(item["totals"][name] for item in items) for name in OUTCOMES}
    return {"totals": totals, "rates": {"judged": sum(item["rates"]["judged"] for item in items)}}
