"""`scr-audit compare` and `trend`: two runs, and the shares over all of the history."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scr_audit.anonymity.authored import check_authored
from scr_audit.anonymity.gate import Gate, check_reason
from scr_audit.cli.app_history import CompareRequest, TrendRequest
from scr_audit.cli.gate import say_allowed, say_look_alikes
from scr_audit.cli.history import find_side, open_history
from scr_audit.cli.streams import OK, reader_may_stop, say
from scr_audit.documents.run import JudgedUnit, UnitVerdict
from scr_audit.errors import InputError
from scr_audit.evaluate.finding import Finding
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.outputs import Written, check_apart, check_outputs, write_all
from scr_audit.packs.builtin import load_pack, shipped
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import find_plan
from scr_audit.readings.sources import LookAlikes
from scr_audit.report.formats import ReportError, Templates
from scr_audit.runs.bundle import bundle_head
from scr_audit.series.comparison import RunSide, compare_runs
from scr_audit.series.series import SeriesRun, head_period
from scr_audit.values.text import counted

if TYPE_CHECKING:
    from rich.console import Console


def compare_command(request: CompareRequest) -> int:
    """Compare two runs and write what is asked for."""
    from scr_audit.report.series_formats import COMPARISON_FORMATS, show_comparison

    check_reason(request.allow_identifiable)
    _check(request, tuple(COMPARISON_FORMATS))
    check_authored(request.audit, request.settings)
    then, now = (
        find_side(name, request.store, request.plan) for name in (request.then, request.now)
    )
    rejudged = None
    if request.records:
        rejudged = _rejudge(request, then)
    found = compare_runs(then, now, rejudged)
    _say_look_alikes(request, then, now)
    deliver(found, request.outputs, COMPARISON_FORMATS, None if request.quiet else show_comparison)
    return OK


def _say_look_alikes(
    request: CompareRequest, then: RunSide[UnitVerdict], now: RunSide[UnitVerdict]
) -> None:
    """Report records of one run whose ids look like one of the other run."""
    before, after = _records(then), _records(now)
    look_alikes = LookAlikes()
    for name, only in ((request.then, before - after), (request.now, after - before)):
        for kind, record in sorted(only):
            look_alikes.add(kind, record, name)
    say_look_alikes(look_alikes.messages)


def _records(side: RunSide[UnitVerdict]) -> set[tuple[str, str]]:
    """The kind and id of each record with kept findings."""
    kinds = {rule["id"]: rule["record"] for rule in side.head["rules"]}
    return {(kinds[each["rule"]], each["record"]) for each in side.findings or ()}


def _check(request: CompareRequest, formats: tuple[str, ...]) -> None:
    check_outputs(request.outputs, formats)
    read = (request.then, request.now, request.pack, request.audit, request.settings)
    check_apart(request.outputs, [*read, request.store, *request.records])
    if not request.records and (request.pack or request.audit or request.settings):
        raise InputError(
            "--pack, --audit and --settings say how the old records are judged anew; name the "
            "records with --records"
        )


def _rejudge(request: CompareRequest, then: RunSide[UnitVerdict]) -> RunSide[JudgedUnit]:
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
    judged, before = head["input"]["records"]["judged"], then.head["input"]["records"]["judged"]
    if judged != before:
        raise InputError(
            f"--records: {counted(judged, 'record')} could be judged, but {then.name} judged "
            f"{before:,}; give the records of that run{unnamed and '.' + unnamed}"
        )
    return RunSide("--records", head, judged_units)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def trend_command(request: TrendRequest) -> int:
    """Show the trend of a series and write what is asked for."""
    from scr_audit.report.series_formats import TREND_FORMATS, show_trend
    from scr_audit.series.trends import trend

    check_outputs(request.outputs, tuple(TREND_FORMATS))
    found = trend(_runs(request), rules=request.rules, by=request.by)
    deliver(found, request.outputs, TREND_FORMATS, None if request.quiet else show_trend)
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


Shown = TypeVar("Shown")


def deliver(
    found: Shown,
    outputs: Sequence[Path],
    formats: Mapping[str, Callable[[Shown, Templates], bytes]],
    show: Callable[[Shown, Console], None] | None,
) -> None:
    """Write all the outputs or none, then show it; without `show` nothing is said.

    Raises `InputError` where a file cannot be written or a template is wrong.
    """
    templates = Templates(shipped("reports"))
    try:
        write_all(
            Written(path, (formats[path.suffix.lower()](found, templates),)) for path in outputs
        )
    except ReportError as error:
        raise InputError(f"the report template is wrong: {error}") from error
    if show is None:
        return
    from rich.console import Console

    with reader_may_stop():
        show(found, Console(file=sys.stdout))
    for path in outputs:
        say(f"wrote {path}")
