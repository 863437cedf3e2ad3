"""The cells of a board document: every count in it, with a name, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scr_audit.evaluate.outcomes import OUTCOMES

JUDGED = OUTCOMES[:3]
_WORDS = {"all_met": "records all met", "records": "records judged"}


class Cell(NamedTuple):
    """One count: of what level (`rule`, `agency`, ...), which one of it, and what is counted."""

    level: str
    name: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        named = " × ".join(f"'{part}'" for part in self.name)
        counted = _WORDS.get(self.what, self.what.replace("_", " "))
        return f"{self.level} {named}: {counted}" if named else f"{self.level}: {counted}"


Counts = dict[Cell, int | None]
Slot = tuple[Cell, dict[str, Any], str]


def slots(document: Mapping[str, Any]) -> Iterator[Slot]:
    """Every cell with the mapping and the key where its count stands, in the order printed."""
    overall = document["totals"]
    yield from _counted("overall", (), overall["units"], overall["rates"])
    for count in ("judged", "all_met"):
        yield Cell("records", (), count), overall["records"], count
    records = document["input"]["records"]
    for count in ("read", "judged", "left_out"):
        yield Cell("input", (), count), records, count
    for kind in records["by_kind"]:
        yield Cell("kind", (kind,), "records"), records["by_kind"], kind
    for level, name, item in tables(document):
        yield from _counted(level, name, item["totals"], item["rates"])


def tables(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], dict[str, Any]]]:
    """Every row of the tables: its level, its name and the row."""
    for item in document["agencies"]:
        yield "agency", (item["name"],), item
    for item in document["themes"]:
        yield "theme", (item["name"],), item
    for item in document["groups"]:
        yield "group", (item["agency"], item["theme"]), item
    for item in document["recommendations"]:
        yield "recommendation", (item["id"],), item
    for item in document["rules"]:
        yield "rule", (item["id"],), item


def counts(document: Mapping[str, Any]) -> Counts:
    """Every cell and what the document prints for it; None: masked."""
    return {cell: holder[key] for cell, holder, key in slots(document)}


def _counted(
    level: str, name: tuple[str, ...], totals: dict[str, Any], rates: dict[str, Any]
) -> Iterator[Slot]:
    for count in totals:
        yield Cell(level, name, count), totals, count
    yield Cell(level, name, "judged"), rates, "judged"
