"""`scr-audit history`, `compare` and `trend`: the store of runs, and how they differ."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scr_audit.anonymity.gate import Gate, check_reason
from scr_audit.anonymity.scan import check_authored
from scr_audit.cli.app_office import CompareRequest, KeepRequest, TrendRequest
from scr_audit.cli.gate import say_allowed, say_look_alikes
from scr_audit.cli.streams import OK, print_json, reader_may_stop, say, show_on_console
from scr_audit.documents.run import JudgedUnit, RunHead, UnitVerdict
from scr_audit.documents.series import ComparisonDocument, KeptRunInfo, TrendDocument
from scr_audit.errors import InputError, library_needed
from scr_audit.evaluate.finding import Finding
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.outputs import Written, check_apart, check_outputs, check_writable, write_all
from scr_audit.packs.builtin import load_pack
from scr_audit.plans.pack_of_plan import Chosen, apply_plan
from scr_audit.plans.plan import find_plan
from scr_audit.report.wording import one_line
from scr_audit.runs.bundle import Spool, bundle_head
from scr_audit.runs.stored import read_bundle, stream_bundle
from scr_audit.series.comparison import (
    RunSide,
    check_rejudged,
    compare_runs,
    findings_kept,
    look_alikes_of,
)
from scr_audit.series.time_points import LAST, SeriesRun, head_period
from scr_audit.values.period import parse_period
from scr_audit.values.text import counted, json_bytes

if TYPE_CHECKING:
    from rich.console import Console

    from scr_audit.store import KeptRun, NewRun, Store


def history_add_command(request: KeepRequest) -> int:
    """Add each bundle; all of them are read before the first is added."""
    check_library()
    if request.period is not None and len(request.bundles) > 1:
        raise InputError("--period is of one run; add the bundles one by one")
    from scr_audit.store import add_run

    runs = [_new_run(path, request) for path in request.bundles]
    with open_history(request.store) as store:
        for run in runs:
            _say_added(run, add_run(store, run), store.place)
    return OK


def _new_run(path: Path, request: KeepRequest) -> NewRun:
    from scr_audit.store import new_run

    period = parse_period(request.period) if request.period else None
    run = new_run(stream_bundle(path), detail=request.detail, period=period)
    if run.detail != request.detail:
        say(f"{path}: holds no findings (it was made with --totals-only); its totals are kept")
    return run


def _say_added(run: NewRun, said: str, place: object) -> None:
    if said == "known":
        say(f"{run.id[:12]}: this run is in {place} already; nothing was changed")
    else:
        say(f"{run.id[:12]}: added to {place}")


def history_list_command(*, store: str | None, json: bool) -> int:
    """Print the runs, a line each, in the order in which they were added."""
    with open_history(store, create=False) as kept:
        from scr_audit.store import kept_info, kept_runs

        rows = [kept_info(run) for run in kept_runs(kept)]
    if json:
        print_json(rows)
        return OK
    if not rows:
        say(f"{kept.place}: holds no runs yet; 'scr-audit history add run.json' adds one")
    with reader_may_stop():
        for row in rows:
            print(_line(row))  # noqa: T201  # the result
    return OK


def _line(row: KeptRunInfo) -> str:
    when = row["period"] or f"as of {row['as_of'] or 'no day'}"
    plan = f", plan {row['plan']}" if row["plan"] else ""
    return one_line(
        f"{row['id'][:12]} {when} {row['pack']} {row['pack_version']}{plan}, "
        f"{counted(row['records'], 'record')}, {counted(row['rules'], 'rule')}, "
        f"{row['detail']} kept, added {row['added_at']}"
    )


def history_export_command(*, run: str, output: Path, store: str | None) -> int:
    """Write a kept run as a bundle, in which what was not kept of its findings is empty."""
    check_outputs([output], (".json",))
    with open_history(store, create=False) as place:
        from scr_audit.store import find_run, kept_bundle

        kept = find_run(place, run)
        document = kept_bundle(place, kept)
    write_all([Written(output, (json_bytes(document, 2),))])
    say(f"wrote {output}: {kept.id[:12]}, of which {kept.detail} were kept")
    return OK


def run_to_compare(name: str, named: str | None, plan: str | None) -> RunSide[UnitVerdict]:
    """The run of this name, with its findings if they were kept. Raises `InputError`."""
    path = Path(name)
    if _is_file(name):
        bundle = read_bundle(path)
        period = head_period(bundle)
        label = None if period is None else period.label
        return RunSide(path.name, bundle, findings_kept(bundle), label)
    with _find_run(name, named, plan) as (store, run):
        from scr_audit.store import kept_findings

        findings = None if run.detail == "totals" else kept_findings(store, run)
    label = None if run.period is None else run.period.label
    return RunSide(run.id[:12], run.head, findings, label)


def find_head(name: str, named: str | None, plan: str | None) -> tuple[str, RunHead]:
    """The SHA-256 of the bundle of this name, and the bundle or its head. Raises `InputError`."""
    if _is_file(name):
        path = Path(name)
        bundle = read_bundle(path)
        return hashlib.sha256(path.read_bytes()).hexdigest(), bundle
    with _find_run(name, named, plan) as (_, run):
        return run.id, run.head


def _is_file(name: str) -> bool:
    """Whether a run is named by its bundle's file, and not by its place in the store."""
    path = Path(name)
    return not LAST.fullmatch(name) and bool(path.suffix or path.exists())


@contextlib.contextmanager
def _find_run(name: str, named: str | None, plan: str | None) -> Iterator[tuple[Store, KeptRun]]:
    """The open store, and the run in it that has this name."""
    with open_history(named, create=False) as store:
        from scr_audit.store import named_run

        yield store, named_run(store, name, plan=plan)


@dataclass(frozen=True)
class Keeper:
    """The store that a run will be added to; `store` is None where the run will make it."""

    named: str | None
    store: Store | None

    def series(self, pack: str, chosen: Chosen | None) -> tuple[SeriesRun, ...]:
        """The store's runs of a pack and a plan. Raises `InputError` if the store fails."""
        if self.store is None:
            return ()
        from scr_audit.store import kept_runs, series_run

        plan = None if chosen is None else chosen.plan.id
        kept = kept_runs(self.store, plan=plan, pack=pack)
        return tuple(series_run(run) for run in kept if run.plan == plan)

    def add(self, head: RunHead, spool: Spool | None) -> None:
        """Add a run whose reports are written, and say so. Raises `InputError` if that fails."""
        from scr_audit.store import add_run, judged_run
        from scr_audit.store.database import in_store, location

        run = judged_run(head, spool)
        try:
            if self.store is None:
                said = in_store(self.named, lambda made: add_run(made, judged_run(head, spool)))
            else:
                said = add_run(self.store, run)
        except InputError as error:
            raise InputError(
                f"{error}\nThe run was not added to the history; its reports stand."
            ) from error
        _say_added(run, said, location(self.named))


@contextlib.contextmanager
def open_keeper(named: str | None) -> Iterator[Keeper]:
    """The store to add to. Raises `InputError` where it cannot be written.

    A new one is made only with the run, since its records may be refused.
    """
    check_library()
    from scr_audit.store.database import is_store

    with contextlib.ExitStack() as stack:
        try:
            store = None
            if is_store(named):
                store = stack.enter_context(open_history(named))
                store.check_writable()
            else:
                _check_can_be_made(named)
        except InputError as error:
            raise InputError(f"{error}\nNothing was judged, and no report was written.") from error
        yield Keeper(named, store)


def _check_can_be_made(named: str | None) -> None:
    from scr_audit.store.database import location

    file = location(named).file
    if file is not None:
        there = next(folder for folder in file.absolute().parents if folder.exists())
        check_writable(there / file.name)


@contextlib.contextmanager
def open_history(named: str | None, *, create: bool = True) -> Iterator[Store]:
    """The open store of runs. Raises `InputError`."""
    check_library()
    from scr_audit.store import open_store

    with open_store(named, create=create) as store:
        yield store


def check_library() -> None:
    """Raise `InputError` where the libraries of the extra `history` are missing."""
    try:
        import scr_audit.store  # noqa: F401  # whether it can be
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scr_audit"):
            raise
        raise library_needed("a store", error.name, "history") from error


def compare_command(request: CompareRequest) -> int:
    """Compare two runs and write what is asked for."""
    from scr_audit.report.series_formats import COMPARISON_FORMATS, show_comparison

    check_reason(request.allow_identifiable)
    _check(request, tuple(COMPARISON_FORMATS))
    check_authored(request.audit, request.settings)
    then, now = (
        run_to_compare(name, request.store, request.plan) for name in (request.then, request.now)
    )
    rejudged = None
    if request.records:
        rejudged = _rejudge(request, then, now)
    found = compare_runs(then, now, rejudged)
    say_look_alikes(look_alikes_of(then, now))
    write_and_show(
        found, request.outputs, None if request.quiet else show_comparison, full=request.full
    )
    return OK


def _check(request: CompareRequest, formats: tuple[str, ...]) -> None:
    check_outputs(request.outputs, formats)
    read = (request.then, request.now, request.pack, request.audit, request.settings)
    check_apart(request.outputs, [*read, request.store, *request.records])
    if not request.records and (request.pack or request.audit or request.settings):
        raise InputError(
            "--pack, --audit and --settings say how the old records are judged anew; name the "
            "records with --records"
        )


def _rejudge(
    request: CompareRequest, then: RunSide[UnitVerdict], now: RunSide[UnitVerdict]
) -> RunSide[JudgedUnit]:
    """The earlier run's records and period, judged by the later run's rules."""
    from scr_audit.engine import Engine

    files = tuple(expand_names(request.records))
    check_readable(files)
    check_apart(request.outputs, files)
    pack = load_pack(request.pack, settings=request.settings)
    plan = None if request.audit is None else find_plan(request.audit)
    if plan is not None:
        pack = apply_plan(pack, plan, period=head_period(then.head))
    gate = Gate(pack, request.allow_identifiable)
    paths, day = [Path(name) for name in files], _day(then.head["as_of"])
    judged_units: list[JudgedUnit] = []

    def keep(found: list[Finding]) -> None:
        judged_units.extend(
            {"rule": each.rule, "record": each.record, "outcome": each.outcome} for each in found
        )

    unnamed = "" if request.pack else f" They were read by the pack {pack.id}; -p names another"
    try:
        run = Engine(pack).run(paths, as_of=day, admit=gate.admit, on_findings=keep)
    except InputError as error:
        raise InputError(f"{error}{unnamed}") from error
    gate.check("nothing")
    say_allowed(gate)
    head = bundle_head(run, plan)
    try:
        check_rejudged(then.head, now.head, head)
    except InputError as error:
        raise InputError(f"{error}{unnamed and '.' + unnamed}") from error
    return RunSide("--records", head, judged_units)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def trend_command(request: TrendRequest) -> int:
    """Show the trend of a series and write what is asked for."""
    from scr_audit.report.series_formats import TREND_FORMATS, show_trend
    from scr_audit.series.trends import trend

    check_outputs(request.outputs, tuple(TREND_FORMATS))
    found = trend(_runs(request), rules=request.rules, by=request.by)
    write_and_show(found, request.outputs, None if request.quiet else show_trend, full=request.full)
    return OK


def _runs(request: TrendRequest) -> list[SeriesRun]:
    """The runs of the series that is asked for."""
    with open_history(request.store, create=False) as store:
        from scr_audit.store import find_run, kept_runs, series_run

        left_out = {find_run(store, prefix).id for prefix in request.without}
        kept = kept_runs(store, plan=request.plan, pack=request.pack)
    found = [series_run(run) for run in kept if run.id not in left_out]
    if not found:
        of = "".join(f" of the {what} {name}" for what, name in
                     (("pack", request.pack), ("plan", request.plan)) if name)  # fmt: skip
        raise InputError(
            f"{store.place}: has no runs{of} to chart; 'scr-audit history list' shows what it has"
        )
    return found


Shown = TypeVar("Shown", ComparisonDocument, TrendDocument)


def write_and_show(
    found: Shown,
    outputs: Sequence[Path],
    show: Callable[[Shown, Console], None] | None,
    *,
    full: bool,
) -> None:
    """Write all the outputs or none, then show it; without `show` nothing is said.

    Raises `InputError` where a file cannot be written or a template is wrong.
    """
    from scr_audit.reports import write_document

    write_document(found, *outputs)
    if show is None:
        return
    show_on_console(partial(show, found), full=full, noun="line")
    for path in outputs:
        say(f"wrote {path}")
