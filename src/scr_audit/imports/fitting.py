"""Whether a value that a mapping file states fits the fact that it is for."""

from __future__ import annotations

from typing import Any

from scr_audit.errors import did_you_mean, listed
from scr_audit.language.types import FactType, Kind


def misfit(value: Any, fact: FactType) -> str | None:
    """Words for a value that does not fit `fact`; None where it fits."""
    if fact.kind is Kind.CHOICE:
        if value in fact.choices:
            return None
        hint = did_you_mean(str(value), fact.choices)
        return f"expected {listed(fact.choices, last='or')}, found {_shown(value)}.{hint}"
    if fact.kind is Kind.BOOLEAN:
        return None if isinstance(value, bool) else f"expected true or false, found {_shown(value)}"
    if fact.kind in (Kind.INTEGER, Kind.NUMBER):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole else f"expected a whole number, found {_shown(value)}"
    if fact.kind is Kind.TEXT:
        return None if isinstance(value, str) else f"expected a text, found {_shown(value)}"
    if fact.kind is Kind.OPEN:
        return None
    return f"{fact.describe()} cannot be stated in a mapping"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
