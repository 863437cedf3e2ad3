"""The runs that lead to a run: those of the store, and those given with `--earlier`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.cli.streams import say
from scr_audit.errors import InputError
from scr_audit.runs.series import OverlapError, SeriesRun, head_period
from scr_audit.runs.trend_of_run import THIS_RUN, leads_to, run_trend

Bundle = Mapping[str, Any]
Given = Mapping[Path, SeriesRun]
"""Earlier runs by the file that each was given in."""


def given_runs(paths: Sequence[Path], bundles: Sequence[Bundle]) -> dict[Path, SeriesRun]:
    """Bundles as runs of a series, named as the store would name them."""
    return {
        path: SeriesRun(_sha256(path)[:12], bundle, head_period(bundle))
        for path, bundle in zip(paths, bundles, strict=True)
    }


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def trend_of(head: Bundle, given: Given, kept: Sequence[SeriesRun] = ()) -> dict[str, Any] | None:
    """The trend that a run ends, or None; why it has none, or not all of them, is said."""
    plain = msgspec.json.decode(msgspec.json.encode(head))  # as a bundle that was read has it
    say_no_points(plain, given)
    try:
        return run_trend(plain, [*given.values(), *kept])
    except OverlapError as error:
        say_overlap(error, given)
        return None


def say_no_points(head: Bundle, given: Given) -> None:
    """Name the files that are no point of the trend that a run ends."""
    now = SeriesRun(THIS_RUN, head, head_period(head))
    for path, run in given.items():
        if not leads_to(run, now):
            say(
                f"note: {path}: is no point of the trend: it is this run, a later one, or of "
                "another pack or plan"
            )


def say_overlap(error: OverlapError, given: Given) -> None:
    """Say which two runs are about the same days, and so are in the way of a trend."""
    paths = {run.name: str(path) for path, run in given.items()}
    first, second = (_named(run, paths) for run in sorted(error.pair, key=_this_last))
    say(
        f"note: no trend in the reports: {first} and {second} overlap: what was done then would "
        "count twice"
    )


def _named(run: SeriesRun, paths: Mapping[str, str]) -> str:
    named = SeriesRun(paths.get(run.name, run.name), run.head, run.period)
    of_store = run.name != THIS_RUN and run.name not in paths
    return f"the kept run {named}" if of_store else str(named)


def _this_last(run: SeriesRun) -> bool:
    return run.name == THIS_RUN
