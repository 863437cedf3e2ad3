"""Markdown from values: tables, and the words for what a record says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

NOT_RECORDED = "*not recorded*"
ANSWERS = {True: "yes", False: "no", None: "unknown"}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def shown(value: Any) -> str:
    """A fact's value as a table shows it."""
    if value is None:
        return NOT_RECORDED
    if isinstance(value, bool):
        return ANSWERS[value]
    if isinstance(value, list):
        return f"`[{', '.join(str(item) for item in value)}]`"
    return f"`{value}`"


def answer(value: bool | None) -> str:
    """An answer of the three."""
    return ANSWERS[value]


def outcome(name: str) -> str:
    """An outcome as files write it."""
    return f"`{name}`"


def weekday(day: date) -> str:
    """A day in full: Thursday 2 April 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"
