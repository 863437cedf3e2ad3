"""`scr-audit history`: runs into the store, also beside a run, and out of it by their names."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Any, Literal

import msgspec

from scr_audit.cli.app_history import KeepRequest
from scr_audit.cli.streams import OK, reader_may_stop, say
from scr_audit.documents.run import RunHead, UnitVerdict
from scr_audit.errors import InputError, library_needed
from scr_audit.outputs import Written, check_format, check_writable, write_all
from scr_audit.plans.chosen import Chosen
from scr_audit.report.wording import one_line
from scr_audit.runs.bundle import Spool, bundle_bytes
from scr_audit.runs.stored import StreamedBundle, read_bundle, stream_bundle
from scr_audit.series.comparison import Side, findings_kept
from scr_audit.series.series import SeriesRun, head_period
from scr_audit.values.calendar import now_text
from scr_audit.values.period import parse_period
from scr_audit.values.text import counted

Detail = Literal["totals", "findings", "facts"]


def add_command(request: KeepRequest) -> int:
    """Add each bundle; all of them are read before the first is added."""
    history = history_library()
    if request.period is not None and len(request.bundles) > 1:
        raise InputError("--period is of one run; add the bundles one by one")
    runs = [_new_run(stream_bundle(path), request, history) for path in request.bundles]
    store = _opened(request.store)
    try:
        for run in runs:
            say_added(run.id, history.add_run(store, run, at=now_text()), str(store.place))
    finally:
        store.close()
    return OK


def _new_run(bundle: StreamedBundle, request: KeepRequest, history: Any) -> Any:
    head, detail = bundle.head, request.detail
    if detail != "totals" and not bundle.findings and any(head["totals"]["units"].values()):
        say(
            f"{bundle.path}: holds no findings (it was made with --totals-only); its totals are "
            "kept"
        )
        detail = "totals"
    return history.NewRun(
        id=bundle.sha256,
        head=head,
        findings=bundle.each_finding(),
        detail=detail,
        period=parse_period(request.period) if request.period else head_period(head),
    )


def list_command(*, store: str | None, json: bool) -> int:
    """Print the runs, a line each, in the order in which they were added."""
    history = history_library()
    kept = _opened(store, create=False)
    try:
        rows = [_listed(run) for run in history.kept_runs(kept)]
    finally:
        kept.close()
    with reader_may_stop():
        if json:
            print(dumps(rows, ensure_ascii=False, indent=2))  # noqa: T201  # the result
        elif not rows:
            say(f"{kept.place}: holds no runs yet; 'scr-audit history add run.json' adds one")
        for row in [] if json else rows:
            print(_line(row))  # noqa: T201  # the result
    return OK


def _listed(run: Any) -> dict[str, Any]:
    head, records = run.head, run.head["input"]["records"]
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
        "records": records["judged"],
    }


def _line(row: Mapping[str, Any]) -> str:
    when = row["period"] or f"as of {row['as_of'] or 'no day'}"
    plan = f", plan {row['plan']}" if row["plan"] else ""
    return one_line(
        f"{row['id'][:12]} {when} {row['pack']} {row['pack_version']}{plan}, "
        f"{counted(row['records'], 'record')}, {counted(row['rules'], 'rule')}, "
        f"{row['detail']} kept, "
        f"added {row['added_at']}"
    )


def export_command(*, run: str, output: Path, store: str | None) -> int:
    """Write a kept run as a bundle; what was not kept of its findings is empty in it."""
    check_format(output, (".json",))
    check_writable(output)
    history = history_library()
    opened = _opened(store, create=False)
    try:
        kept = history.find_run(opened, run)
        findings = history.kept_findings(opened, kept)
    finally:
        opened.close()
    document = {**kept.head, "records": _records(kept.head, findings)}
    document["findings"] = [{**_EMPTY, **_without_hash(finding)} for finding in findings]
    text = dumps(document, ensure_ascii=False, indent=2) + "\n"
    write_all([Written(output, (text.encode(),))])
    say(f"wrote {output}: {kept.id[:12]}, of which {kept.detail} were kept")
    return OK


def _without_hash(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in finding.items() if name != "key_sha256"}


_EMPTY: Mapping[str, Any] = {
    "criteria": {}, "exception": None, "facts": [], "missing": [], "reason": "", "remedy": None,
    "late": [],
}  # fmt: skip


def _records(head: Mapping[str, Any], findings: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The records that the findings are of; their events are not kept."""
    kinds = {rule["id"]: rule["record"] for rule in head["rules"]}
    none = dict.fromkeys(head["totals"]["units"], 0)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for finding in findings:
        key = (kinds[finding["rule"]], finding["record"])
        found.setdefault(key, dict(none))[finding["outcome"]] += 1
    return [
        {"id": record, "kind": kind, "totals": totals, "events": []}
        for (kind, record), totals in found.items()
    ]


def _opened(name: str | None, *, create: bool = True) -> Any:
    from scr_audit.store.opening import open_store

    return open_store(name, create=create)


_LAST = re.compile(r"last(?:~(\d{1,6}))?")


def find_side(name: str, named: str | None, plan: str | None) -> Side[UnitVerdict]:
    """The run of this name, with its findings if they were kept. Raises `InputError`."""
    path = Path(name)
    if is_file(name):
        bundle = read_bundle(path)
        period = head_period(bundle)
        label = None if period is None else period.label
        return Side(path.name, bundle, findings_kept(bundle), label)
    history = history_library()
    with _kept(name, named, plan, history) as (store, run):
        findings = None if run.detail == "totals" else history.kept_findings(store, run)
    return Side(run.id[:12], run.head, findings, run.period and run.period.label)


def find_head(name: str, named: str | None, plan: str | None) -> tuple[str, RunHead]:
    """The SHA-256 of the bundle of this name, and the bundle or its head. Raises `InputError`."""
    if is_file(name):
        path = Path(name)
        bundle = read_bundle(path)
        return hashlib.sha256(path.read_bytes()).hexdigest(), bundle
    with _kept(name, named, plan, history_library()) as (_, run):
        return run.id, run.head


def is_file(name: str) -> bool:
    """Whether a run is named by its bundle's file, and not by its place in the store."""
    path = Path(name)
    return not _LAST.fullmatch(name) and bool(path.suffix or path.exists())


@contextlib.contextmanager
def _kept(
    name: str, named: str | None, plan: str | None, history: Any
) -> Iterator[tuple[Any, Any]]:
    """The store, which is open meanwhile, and the run of it that is named."""
    from scr_audit.store.opening import open_store

    store = open_store(named, create=False)
    try:
        last = _LAST.fullmatch(name)
        if last:
            yield store, _last(store, int(last[1] or 0), plan, history)
        else:
            yield store, history.find_run(store, name)
    finally:
        store.close()


def _last(store: Any, back: int, plan: str | None, history: Any) -> Any:
    """The run that many before the last one of its series."""
    runs = sorted(history.kept_runs(store, plan=plan), key=run_order)
    series = {(run.head["pack"]["id"], run.plan) for run in runs}
    of = f" of the plan {plan}" if plan else ""
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


@dataclass(frozen=True)
class Keeper:
    """An open store that a run will be added to."""

    store: Any

    def series(self, pack: str, chosen: Chosen | None) -> tuple[SeriesRun, ...]:
        """The runs of a pack and a plan that it has. Raises `InputError` if the store fails."""
        plan = None if chosen is None else chosen.plan.id
        kept = history_library().kept_runs(self.store, plan=plan, pack=pack)
        return tuple(kept_series(run) for run in kept if run.plan == plan)

    def add(self, head: RunHead, spool: Spool | None) -> None:
        """Add a run whose reports are written, and say so. Raises `InputError` if that fails."""
        history = history_library()
        run = history.NewRun(
            id=history.bundle_id(bundle_bytes(head, spool)),
            head=msgspec.to_builtins(head),
            findings=() if spool is None else map(msgspec.json.decode, spool.findings()),
            detail="totals" if spool is None else "findings",
            period=head_period(head),
        )
        try:
            said = history.add_run(self.store, run, at=now_text())
        except InputError as error:
            raise InputError(
                f"{error}\nThe run was not added to the history; its reports stand."
            ) from error
        say_added(run.id, said, str(self.store.place))


@contextlib.contextmanager
def keeper_of(named: str | None) -> Iterator[Keeper]:
    """The store, known to be one that can be written. Raises `InputError` where it is not."""
    history_library()
    from scr_audit.store.opening import open_store

    try:
        store = open_store(named)
        try:
            store.check_writable()
        except InputError:
            store.close()
            raise
    except InputError as error:
        raise InputError(f"{error}\nNothing was judged, and no report was written.") from error
    try:
        yield Keeper(store)
    finally:
        store.close()


def kept_series(run: Any) -> SeriesRun:
    """A run of the store as one of a series, named by the first signs of its id."""
    return SeriesRun(run.id[:12], run.head, run.period)


def say_added(run: str, said: str, place: str) -> None:
    """What became of a run that was to be added."""
    if said == "known":
        say(f"{run[:12]}: this run is in {place} already; nothing was changed")
    else:
        say(f"{run[:12]}: added to {place}")


def history_library() -> Any:
    """The module of the history, whose libraries are an extra. Raises `InputError`."""
    try:
        from scr_audit.store import history
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scr_audit"):
            raise
        raise library_needed("the history of runs", error.name, "history") from error
    return history
