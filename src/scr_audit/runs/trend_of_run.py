"""The trend that a run ends: the runs before it of the same pack and plan, and itself last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scr_audit.runs.series import SeriesRun, head_period, kind_of, overlap
from scr_audit.runs.trend import trend

Bundle = Mapping[str, Any]
THIS_RUN = "this run"


def run_trend(head: Bundle, earlier: Sequence[SeriesRun]) -> dict[str, Any] | None:
    """The trend document whose last point is the run of `head`; None: no earlier run leads to it.

    Of `earlier`, runs of other packs or plans, later ones, and the run itself are no points, and
    one that is given twice is one point. Raises `OverlapError` where two are about the same days.
    """
    now = SeriesRun(THIS_RUN, head, head_period(head))
    before = [run for run in once(earlier) if leads_to(run, now)]
    return trend([*before, now]) if before else None


def leads_to(run: SeriesRun, now: SeriesRun) -> bool:
    """Whether a run is of the series of `now`, and not after it."""
    if run.day is None or now.day is None or kind_of(run.head) != kind_of(now.head):
        return False
    if same_run(run.head, now.head):
        return False
    return run.day <= now.day or overlap(run, now)


def once(runs: Sequence[SeriesRun]) -> list[SeriesRun]:
    """The runs, each once, however often it is given."""
    found: list[SeriesRun] = []
    for run in runs:
        if not any(run.name == other.name or same_run(run.head, other.head) for other in found):
            found.append(run)
    return found


def same_run(first: Bundle, second: Bundle) -> bool:
    """Whether two bundles are of the same rules over the same files on the same day.

    What an earlier run or a plan of actions adds to a bundle does not make it another run. Where
    the files were not hashed, since a program gave the records, nobody can tell.
    """
    files = first["input"]["files"]
    if not files or not all(file["sha256"] for file in files):
        return False
    return _of_the_run(first) == _of_the_run(second)


def _of_the_run(head: Bundle) -> dict[str, Any]:
    parts = ("pack", "plan", "as_of", "input", "parameters", "totals", "recommendations", "rules")
    return {name: head[name] for name in parts}
