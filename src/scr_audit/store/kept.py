"""Runs of a store by their names, as members of a series, and as the bundles they were."""

from __future__ import annotations

from collections.abc import Sequence

from scr_audit.documents.run import FindingInfo, RecordInfo, RunBundle, RunHead, Units, UnitVerdict
from scr_audit.documents.series import KeptRunInfo
from scr_audit.errors import InputError
from scr_audit.series.series import LAST, SeriesRun
from scr_audit.store.database import Store
from scr_audit.store.history import KeptRun, find_run, kept_findings, kept_runs
from scr_audit.values.text import counted


def named_run(store: Store, name: str, *, plan: str | None = None) -> KeptRun:
    """The run whose id begins so, or `last`, or `last~1` for the one before it.

    `plan` is the id of the audit plan whose series the last run is of. Raises `InputError`.
    """
    found = LAST.fullmatch(name)
    return find_run(store, name) if found is None else _last(store, int(found[1] or 0), plan)


def _last(store: Store, back: int, plan: str | None) -> KeptRun:
    """The run that many before the last one of its series."""
    runs = sorted(kept_runs(store, plan=plan), key=_order)
    series = {(run.head["pack"]["id"], run.plan) for run in runs}
    of = f" of the plan {plan}" if plan else ""
    if len(series) > 1:
        told = ", ".join(sorted(f"{pack} ({plan or 'no plan'})" for pack, plan in series))
        raise InputError(f"last: {store.place} has runs of several series{of}: {told}; name its "
                         "plan, or a run by its id")  # fmt: skip
    if back >= len(runs):
        name = f"last~{back}" if back else "last"
        raise InputError(f"{name}: {store.place} has {counted(len(runs), 'run')}{of}")
    return runs[-1 - back]


def _order(run: KeptRun) -> tuple[str, str, str]:
    """Runs by their period, else by the day they are as of, then as they were added."""
    day = run.head["as_of"] or "" if run.period is None else run.period.end.isoformat()
    return day, run.added_at, run.id


def series_run(run: KeptRun) -> SeriesRun:
    """A run as one of a series, named by the first characters of its id."""
    return SeriesRun(run.id[:12], run.head, run.period)


def kept_info(run: KeptRun) -> KeptRunInfo:
    """What a list says of a run."""
    head = run.head
    return {
        "id": run.id,
        "added_at": run.added_at,
        "pack": head["pack"]["id"],
        "pack_version": head["pack"]["version"],
        "plan": run.plan,
        "as_of": head["as_of"],
        "period": None if run.period is None else run.period.label,
        "detail": run.detail,
        "rules": len(head["rules"]),
        "records": head["input"]["records"]["judged"],
    }


def kept_bundle(store: Store, run: KeptRun) -> RunBundle:
    """A run as a bundle; what was not kept of its findings is empty. Raises `InputError`."""
    found = kept_findings(store, run)
    return {
        **run.head,
        "records": _records(run.head, found),
        "findings": [_whole(finding) for finding in found],
    }


def _whole(finding: UnitVerdict) -> FindingInfo:
    empty: FindingInfo = {
        "rule": finding["rule"], "record": finding["record"], "outcome": finding["outcome"],
        "unit": finding["unit"], "key": finding["key"], "key_named": finding["key_named"],
        "criteria": {}, "exception": None, "facts": [], "missing": [], "reason": "",
        "remedy": None, "late": [],
    }  # fmt: skip
    return {**empty, **finding} if "reason" in finding else empty  # kept with all facts, or not


def _records(head: RunHead, findings: Sequence[UnitVerdict]) -> list[RecordInfo]:
    """The records that the findings are of; their events are not kept."""
    kinds = {rule["id"]: rule["record"] for rule in head["rules"]}
    none: Units = {
        "met": 0, "not_met": 0, "not_evidenced": 0, "not_applicable": 0, "excepted": 0, "error": 0
    }  # fmt: skip
    found: dict[tuple[str, str], Units] = {}
    for finding in findings:
        key = (kinds[finding["rule"]], finding["record"])
        found.setdefault(key, {**none})[finding["outcome"]] += 1
    return [
        {"id": record, "kind": kind, "totals": totals, "events": []}
        for (kind, record), totals in found.items()
    ]
