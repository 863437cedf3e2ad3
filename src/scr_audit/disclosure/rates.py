"""What follows from printed counts alone, and so tells no more than the counts beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scr_audit.runs.compared import compared
from scr_audit.runs.statistics import Rates, against_standard, wilson


def printed_rates(totals: Mapping[str, int | None], judged: int | None) -> dict[str, Any]:
    """The rates as a board document holds them; None where a count that they need is masked.

    Rounded counts need not add up, so no rate is let above 1.
    """
    met, not_met, silent = totals["met"], totals["not_met"], totals["not_evidenced"]
    low = _share(met, judged)
    high = None if met is None or silent is None else _share(met + silent, judged)
    decided = None if met is None or not_met is None else met + not_met
    return {
        "judged": judged,
        "assured": low,
        "evidenced": _share(met, decided),
        "low": low,
        "high": high,
        "interval": _interval(met, silent, judged),
    }


def printed_standard(
    standard: Mapping[str, Any] | None, rates: Mapping[str, Any]
) -> dict[str, Any] | None:
    """How the printed rates stand against a plan's standard; the verdict is None if masked."""
    if standard is None:
        return None
    share: float = standard["share"]
    hidden = rates["judged"] != 0 and rates["interval"] is None
    verdict = None if hidden else against_standard(Rates(**rates), share)
    return {"share": share, "verdict": verdict}


def printed_comparison(
    document: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """What changed since the latest of the earlier documents, from printed counts alone."""
    if not earlier:
        return None
    return compared(document, max(earlier, key=lambda before: before["as_of"] or ""))


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else min(1.0, part / whole)


def _interval(met: int | None, silent: int | None, judged: int | None) -> list[float] | None:
    if met is None or silent is None or not judged:
        return None
    least, most = min(met, judged), min(met + silent, judged)
    return [wilson(least, judged)[0], wilson(most, judged)[1]]
