"""How a value that is known already stands in a cell, for orientation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scr_audit.forms import words
from scr_audit.language.types import FactType, Kind
from scr_audit.values.cell_text import cell_text

_LARGEST_EXACT = 2**53  # of the whole numbers that a cell holds


def shown(fact: FactType, value: Any) -> str | float:
    """A recorded value as an auditor would write it into a cell."""
    if isinstance(value, bool):
        return words.YES if value else words.NO
    if isinstance(value, int | float):
        return value if abs(value) < _LARGEST_EXACT else str(value)
    if isinstance(value, Mapping):
        return words.YES
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list_words(fact, value)
    if fact.kind is Kind.CHOICE:
        return words.choice_words(fact)[value]
    return cell_text(value) or "(empty text)"


def _list_words(fact: FactType, values: Sequence[Any]) -> str:
    if not values:
        return words.NONE
    item = fact.item
    if item is None or item.kind is Kind.OBJECT:
        return words.LISTED
    names = words.choice_words(item) if item.kind is Kind.CHOICE else {}
    return cell_text("; ".join(names.get(value, value) for value in values))
