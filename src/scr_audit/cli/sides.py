"""The runs that a command names: bundle files, ids of the store, `last` and `last~1`."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scr_audit.cli.keeping import history_library
from scr_audit.errors import InputError
from scr_audit.report.wording import counted
from scr_audit.runs.comparison import Side, findings_kept
from scr_audit.runs.series import head_period
from scr_audit.runs.stored import read_bundle

_LAST = re.compile(r"last(?:~(\d{1,6}))?")


@dataclass(frozen=True)
class Named:
    """Where runs are looked for: the store, and the plan of the series that `last` is of."""

    store: str | None
    plan: str | None


def find_side(name: str, where: Named) -> Side:
    """The run of this name, with its findings if they were kept. Raises `InputError`."""
    path = Path(name)
    if is_file(name):
        bundle = read_bundle(path)
        period = head_period(bundle)
        label = None if period is None else period.label
        return Side(path.name, bundle, findings_kept(bundle), label)
    history = history_library()
    with _kept(name, where, history) as (store, run):
        findings = None if run.detail == "totals" else history.kept_findings(store, run)
    return Side(run.id[:12], run.head, findings, run.period and run.period.label)


def find_head(name: str, where: Named) -> tuple[str, dict[str, Any]]:
    """The SHA-256 of the bundle of this name, and the bundle or its head. Raises `InputError`."""
    if is_file(name):
        path = Path(name)
        bundle = read_bundle(path)
        return hashlib.sha256(path.read_bytes()).hexdigest(), bundle
    with _kept(name, where, history_library()) as (_, run):
        return run.id, run.head


def is_file(name: str) -> bool:
    """Whether a run is named by its bundle's file, and not by its place in the store."""
    path = Path(name)
    return not _LAST.fullmatch(name) and bool(path.suffix or path.exists())


@contextlib.contextmanager
def _kept(name: str, where: Named, history: Any) -> Iterator[tuple[Any, Any]]:
    """The store, which is open meanwhile, and the run of it that is named."""
    from scr_audit.store.opening import open_store

    store = open_store(where.store, create=False)
    try:
        last = _LAST.fullmatch(name)
        if last:
            yield store, _last(store, int(last[1] or 0), where, history)
        else:
            yield store, history.find_run(store, name)
    finally:
        store.close()


def _last(store: Any, back: int, where: Named, history: Any) -> Any:
    """The run that many before the last one of its series."""
    runs = sorted(history.kept_runs(store, plan=where.plan), key=run_order)
    series = {(run.head["pack"]["id"], run.plan) for run in runs}
    of = f" of the plan {where.plan}" if where.plan else ""
    if len(series) > 1:
        told = ", ".join(sorted(f"{pack} ({plan or 'no plan'})" for pack, plan in series))
        raise InputError(f"last: {store.place} has runs of several series{of}: {told}; name one "
                         "with --plan, or a run by its id")  # fmt: skip
    if back >= len(runs):
        name = f"last~{back}" if back else "last"
        raise InputError(f"{name}: {store.place} has {counted(len(runs), 'run')}{of}")
    return runs[-1 - back]


def run_order(run: Any) -> tuple[str, str, str]:
    """Runs by their period, else by the day they are as of, then as they were added."""
    day = run.head["as_of"] or "" if run.period is None else run.period.end.isoformat()
    return day, run.added_at, run.id
