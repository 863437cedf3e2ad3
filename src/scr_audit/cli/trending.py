"""`scr-audit trend`: the shares over the runs of the history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scr_audit.cli.delivering import deliver
from scr_audit.cli.exits import OK
from scr_audit.cli.keeping import history_library, kept_series
from scr_audit.cli.output import check_distinct, check_format, check_writable
from scr_audit.errors import InputError
from scr_audit.runs.series import By, SeriesRun


@dataclass(frozen=True)
class TrendRequest:
    """What the command line asked for; `without` are the first characters of runs left out."""

    store: str | None
    plan: str | None
    pack: str | None
    rules: tuple[str, ...]
    by: By | None
    without: tuple[str, ...]
    outputs: tuple[Path, ...]
    quiet: bool


def trend_command(request: TrendRequest) -> int:
    """Show the trend of a series and write what is asked for."""
    from scr_audit.report.trend_formats import TREND_FORMATS, show_trend
    from scr_audit.runs.trend import trend

    for path in request.outputs:
        check_format(path, tuple(TREND_FORMATS))
        check_writable(path)
    check_distinct(request.outputs)
    found = trend(_runs(request), rules=request.rules, by=request.by)
    deliver(found, request.outputs, TREND_FORMATS, None if request.quiet else show_trend)
    return OK


def _runs(request: TrendRequest) -> list[SeriesRun]:
    """The runs of the series that is asked for."""
    history = history_library()
    from scr_audit.store.opening import open_store

    store = open_store(request.store, create=False)
    try:
        left_out = {history.find_run(store, prefix).id for prefix in request.without}
        kept = history.kept_runs(store, plan=request.plan, pack=request.pack)
    finally:
        store.close()
    found = [kept_series(run) for run in kept if run.id not in left_out]
    if not found:
        of = "".join(f" of the {what} {name}" for what, name in
                     (("pack", request.pack), ("plan", request.plan)) if name)  # fmt: skip
        raise InputError(
            f"{store.place}: has no runs{of} to chart; 'scr-audit history list' shows what it has"
        )
    return found
