"""What follows from printed counts alone, and so tells no more than the counts beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scr_audit.disclosure.published import board_sha256
from scr_audit.runs.compared import compared
from scr_audit.runs.series import OverlapError, SeriesRun, head_period
from scr_audit.runs.statistics import Rates, against_standard, wilson
from scr_audit.runs.trend_of_run import run_trend


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


def printed_trend(
    document: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """The trend over the earlier documents and this one, from what they print alone.

    None where no earlier one leads to it, or where two are about the same days.
    """
    try:
        return run_trend(document, published_runs(earlier))
    except OverlapError:
        return None


def published_runs(documents: Sequence[Mapping[str, Any]]) -> list[SeriesRun]:
    """Board documents as runs of a series, named by the first signs of their hashes."""
    return [
        SeriesRun(board_sha256(document)[:12], document, head_period(document))
        for document in documents
    ]


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else min(1.0, part / whole)


def _interval(met: int | None, silent: int | None, judged: int | None) -> list[float] | None:
    if met is None or silent is None or not judged:
        return None
    least, most = min(met, judged), min(met + silent, judged)
    return [wilson(least, judged)[0], wilson(most, judged)[1]]
