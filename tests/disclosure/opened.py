"""A board document with a count printed that was masked, as somebody might do by hand."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from scr_audit.disclosure import Profile
from scr_audit.disclosure.board import unmasked_document
from scr_audit.disclosure.cells import Cell, counts, slots, tables
from scr_audit.disclosure.rates import printed_rates


def true_counts(document: dict[str, Any], made: dict[str, Any]) -> dict[Cell, int]:
    """The true count of every cell of a document, from the bundle that it was made of."""
    profile = Profile.model_validate(document["disclosure"]["profile"])
    whole = unmasked_document(made, profile)
    return {cell: holder[key] for cell, holder, key in slots(whole)}


def complements(document: dict[str, Any], made: dict[str, Any]) -> list[Cell]:
    """The cells that are masked only because they would give others away."""
    profile = Profile.model_validate(document["disclosure"]["profile"])
    true = true_counts(document, made)
    return [
        cell
        for cell, shown in counts(document).items()
        if shown is None and not profile.hides(true[cell])
    ]


def unmasked(document: dict[str, Any], cell: Cell, made: dict[str, Any]) -> dict[str, Any]:
    """The document with one cell printed after all, and the rates that follow from it."""
    return changed(document, cell, true_counts(document, made)[cell])


def changed(document: dict[str, Any], cell: Cell, count: int) -> dict[str, Any]:
    """The document with another count in a masked cell, and the rates that follow from it."""
    opened = deepcopy(document)
    [(holder, key)] = [(h, k) for each, h, k in slots(opened) if each == cell]
    holder[key] = count
    overall = opened["totals"]
    overall["rates"] = printed_rates(overall["units"], overall["rates"]["judged"])
    for _, _, item in tables(opened):
        item["rates"] = printed_rates(item["totals"], item["rates"]["judged"])
    opened["disclosure"]["masked"] = sum(c is None for c in counts(opened).values())
    return opened
