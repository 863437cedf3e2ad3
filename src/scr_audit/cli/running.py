"""`scr-audit run`: read, judge, report."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path
from typing import Any

from scr_audit.actions.record import check_anonymous
from scr_audit.actions.state import Action
from scr_audit.anonymity.authored import check_authored
from scr_audit.anonymity.gate import Gate
from scr_audit.approvals.approved import NONE, Exceptions
from scr_audit.cli.app import RunRequest
from scr_audit.cli.gating import check_edition
from scr_audit.cli.history import keeper_of
from scr_audit.cli.output import check_apart
from scr_audit.cli.planning import (
    check_population,
    plan_asked_for,
    say_missing,
    say_period,
    with_sample,
)
from scr_audit.cli.reporting import BOARD, PUBLIC, reporter
from scr_audit.cli.streams import FINDINGS, OK, WRONG, reader_may_stop, say
from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.inputs.files import TABLES, check_readable, expanded, is_tables
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.plans.chosen import Chosen
from scr_audit.report.wording import one_line
from scr_audit.runs.bundle import Spool, finding_document, reason_document
from scr_audit.runs.run import Run

_LONGEST_NAME = 80
_LONGEST_PROBLEM = 500
_SEVERITIES = ("low", "medium", "high")


def run_command(request: RunRequest) -> int:
    """Run the audit and write its reports; the exit code."""
    if request.jobs > 1 and not request.totals_only:
        raise InputError(
            "--jobs needs --totals-only: findings are written in order, by one process"
        )
    if len(request.moderated_from) not in (0, 2):
        raise InputError(
            "--moderated-from names the reading of one auditor; give it twice, the first one first"
        )
    check_edition(request.allow_identifiable, request.edition)
    check_authored(request.plan, request.settings)
    chosen = with_sample(
        plan_asked_for(request.plan, request.period, as_of=request.as_of),
        request.sample,
    )
    reports = reporter(request, chosen)
    actions = _plan(request)
    files = expanded(request.files)
    check_readable(files)
    _check_no_input_is_written(request, files)
    pack = load_pack(request.pack, settings=request.settings)
    exceptions = exceptions_of(request.exceptions, pack)  # of all rules, before a plan chooses
    if chosen is not None:
        pack = chosen.of(pack)
    gate = Gate(pack, request.allow_identifiable, request.require_k)
    with contextlib.ExitStack() as stack:
        spool = None
        keeper = stack.enter_context(keeper_of(request.store)) if request.keeps else None
        kept = () if keeper is None else reports.kept_series(keeper, pack)
        keeps = request.keeps  # then the kept bundle is the one that -o would write
        if reports.reads_findings or (keeps and not request.totals_only):
            document = finding_document if reports.shows_remedies or keeps else reason_document
            spool = stack.enter_context(Spool(pack, document))
        run = _judge(request, files, Engine(gate.pack, exceptions), gate, spool=spool, stack=stack)
        gate.check()
        check_population(run, chosen)
        moderation = None
        if request.moderated_from:
            from scr_audit.readings.readings import moderation as moderation_of

            moderation = moderation_of(
                gate.pack,
                request.files,
                request.moderated_from,
                as_of=request.as_of,
                allow_identifiable=request.allow_identifiable,
            )
        head = reports.head(
            run,
            spool=spool,
            anonymity=gate.document(),
            actions=actions,
            moderation=moderation,
            kept=kept,
        )
        shown = reports.write(head, spool)
        if keeper is not None:
            keeper.add(head, spool)
    if not request.quiet:
        with reader_may_stop():  # the reports are written, and the exit code still counts
            _show(shown)
    return _finish(request, run, chosen)


def _plan(request: RunRequest) -> list[Action] | None:
    """The actions that the run is held against; None where no store of them is named."""
    if request.actions is None:
        return None
    from scr_audit.cli.showing import actions_in

    actions = actions_in(request.actions)
    if request.edition == BOARD:
        _check_published(actions)
    if request.edition == PUBLIC:
        say("note: the public edition prints no actions")
    return actions


def _check_published(actions: Iterable[Action]) -> None:
    """Look through the texts that a board document repeats, as this version knows identifiers."""
    for action in actions:
        for name in ("id", "recommendation", "agency", "task"):
            check_anonymous(getattr(action, name), f"{action.id}: {name}")


def exceptions_of(path: Path | None, pack: Pack) -> Exceptions:
    """The exceptions in a file that was named, or none."""
    if path is None:
        return NONE
    from scr_audit.approvals.load import load_exceptions

    return load_exceptions(path, pack)


def _check_no_input_is_written(request: RunRequest, files: Sequence[str]) -> None:
    folders = [Path(name).absolute().parent for name in files if is_tables(name)]
    check_apart(
        request.outputs,
        [
            *files, *expanded(request.moderated_from), *request.earlier,
            request.pack, request.plan, request.settings, request.sample, request.exceptions,
            request.actions, request.store, request.templates, request.word,
        ],
    )  # fmt: skip
    for path in request.outputs:
        if request.store and os.path.realpath(path) == os.path.realpath(request.store):
            raise InputError(f"{path}: is the store of runs too; name another file")
        beside = path.absolute().parent
        if path.suffix.lower() == TABLES and any(beside.samefile(folder) for folder in folders):
            raise InputError(
                f"{path}: would stand among the tables of this run; name another folder"
            )


def _judge(
    request: RunRequest,
    files: Sequence[str],
    engine: Engine,
    gate: Gate,
    *,
    spool: Spool | None,
    stack: contextlib.ExitStack,
) -> Run:
    executor: Executor | None = None
    if request.jobs > 1:
        from concurrent.futures import ProcessPoolExecutor

        executor = ProcessPoolExecutor(request.jobs, initializer=_leave_interruptions)
        stack.callback(executor.shutdown, cancel_futures=True)
    try:
        return engine.run(
            [Path(name) for name in files],
            as_of=request.as_of,
            on_findings=None if spool is None else spool.add,
            executor=executor,
            admit=gate.admit,
        )
    except BrokenExecutor:
        raise InputError(
            "a worker process was ended from outside, perhaps for lack of memory; use fewer --jobs"
        ) from None


def _leave_interruptions() -> None:
    """Ctrl-C reaches every process of a terminal; the first one answers for all."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _show(document: Mapping[str, Any]) -> None:
    from rich.console import Console

    from scr_audit.report.terminal import render_terminal

    render_terminal(document, Console(file=sys.stdout))


def _finish(request: RunRequest, run: Run, chosen: Chosen | None) -> int:
    if not request.quiet:
        for path in request.outputs:
            say(f"wrote {path}")
    say_left_out(run)
    say_remarks(run)
    say_period(run)
    say_missing(run, chosen)
    if run.left_out_count:
        return WRONG
    return FINDINGS if request.fail_on and _reached(run, request.fail_on) else OK


def _reached(run: Run, level: str) -> bool:
    """Whether a rule of this severity or a higher one has a unit that is not met."""
    least = _SEVERITIES.index(level)
    return any(
        run.totals.rules[rule.id].named()["not_met"]
        for rule in run.pack.rules
        if _SEVERITIES.index(rule.severity) >= least
    )


def say_left_out(run: Run) -> None:
    """Each record that was not judged, with everything that is wrong with it, and how many."""
    for left_out in run.left_out:
        where = f"{left_out.file}, {left_out.position}".removesuffix(", ")
        name = f" (record {_short(left_out.record, _LONGEST_NAME)})" if left_out.record else ""
        say(one_line(f"left out: {where}{name}"))
        for problem in left_out.problems:
            say(f"    {_short(one_line(str(problem)), _LONGEST_PROBLEM)}")
    unlisted = run.left_out_count - len(run.left_out)
    if unlisted:
        say(f"left out: {unlisted:,} more, not listed")
    if run.left_out_count:
        made = run.pack.gathered
        judged = sum(count for kind, count in run.totals.read.items() if kind not in made)
        out = f"{run.left_out_count:,} of {run.left_out_count + judged:,} records left out"
        others = f"{judged:,} judged" if judged else "none judged"
        say(f"scr-audit: {out}, {others}. Mend what is listed above and run again.")


def say_remarks(run: Run) -> None:
    """Each record that was judged and may be there twice, and how many."""
    for remark in run.remarks:
        where = f"{remark.file}, {remark.position}".removesuffix(", ")
        say(
            one_line(f"may be there twice: {where} (record {_short(remark.record, _LONGEST_NAME)})")
        )
        say(f"    {one_line(remark.text)}")
    if run.remark_count > len(run.remarks):
        say(f"may be there twice: {run.remark_count - len(run.remarks):,} more, not listed")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
