"""`scr-audit run`: read, judge, report."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.cli.app import FINDINGS, OK, WRONG, say
from scr_audit.cli.output import check_writable, write_atomically
from scr_audit.engine import Engine
from scr_audit.errors import InputError, listed
from scr_audit.packs.builtin import load_pack, shipped
from scr_audit.packs.pack import Pack
from scr_audit.packs.plan import load_plan, planned
from scr_audit.runs.bundle import Spool, bundle_bytes, bundle_document, bundle_head
from scr_audit.runs.run import Run

FORMATS = (".html", ".json", ".ndjson")
_SEVERITIES = ("low", "medium", "high")


@dataclass(frozen=True)
class RunRequest:
    """What the command line asked for."""

    files: tuple[str, ...]
    outputs: tuple[Path, ...]
    pack: str | None
    plan: Path | None
    settings: Path | None
    as_of: date
    totals_only: bool
    jobs: int
    fail_on: str | None
    quiet: bool


def run_command(request: RunRequest) -> int:
    """Run the audit and write its reports; the exit code."""
    _check_outputs(request)
    pack = load_pack(request.pack, settings=request.settings)
    plan = None if request.plan is None else load_plan(request.plan)
    if plan is not None:
        pack = planned(pack, plan)
    with contextlib.ExitStack() as stack:
        spool = None if request.totals_only else stack.enter_context(Spool())
        run = _judge(request, pack, spool, stack)
        head = bundle_head(run, plan)
        document = None
        if not request.quiet or any(path.suffix == ".html" for path in request.outputs):
            document = bundle_document(head, spool)
        for path in request.outputs:
            write_atomically(path, _rendered(path, head, document, spool))
    if not request.quiet:
        _show(document or head)
    return _finish(request, run)


def _check_outputs(request: RunRequest) -> None:
    for path in request.outputs:
        if path.suffix not in FORMATS:
            raise InputError(f"{path}: unknown format '{path.suffix}'; expected {listed(FORMATS)}")
        if request.totals_only and path.suffix == ".ndjson":
            raise InputError(f"{path}: holds findings, and --totals-only keeps none")
        check_writable(path)
    if request.jobs > 1 and not request.totals_only:
        raise InputError(
            "--jobs needs --totals-only: findings are written in order, by one process"
        )


def _judge(
    request: RunRequest, pack: Pack, spool: Spool | None, stack: contextlib.ExitStack
) -> Run:
    engine = Engine(pack)
    executor: Executor | None = None
    if request.jobs > 1:
        from concurrent.futures import ProcessPoolExecutor

        executor = stack.enter_context(ProcessPoolExecutor(request.jobs))
    return engine.run(
        [_path(name) for name in request.files],
        as_of=request.as_of,
        on_findings=None if spool is None else spool.add,
        executor=executor,
    )


def _path(name: str) -> Path:
    return Path(name)


def _rendered(
    path: Path, head: dict[str, Any], document: dict[str, Any] | None, spool: Spool | None
) -> Iterator[bytes]:
    if path.suffix == ".json":
        yield from bundle_bytes(head, spool)
    elif path.suffix == ".ndjson":
        assert spool is not None
        yield from spool.findings()
    else:
        from scr_audit.report.html import ReportError, render_html

        assert document is not None
        try:
            yield render_html(document, shipped("reports")).encode()
        except ReportError as error:
            raise InputError(f"{path}: the report template is wrong: {error}") from error


def _show(document: dict[str, Any]) -> None:
    from rich.console import Console

    from scr_audit.report.terminal import render_terminal

    render_terminal(document, Console(file=sys.stdout))


def _finish(request: RunRequest, run: Run) -> int:
    if not request.quiet:
        for path in request.outputs:
            say(f"wrote {path}")
    for left_out in run.left_out:
        where = f"{left_out.file}, {left_out.position}".removesuffix(", ")
        name = f" (record {left_out.record})" if left_out.record else ""
        say(f"left out: {where}{name}")
        for problem in left_out.problems:
            say(f"    {problem}")
    unlisted = run.left_out_count - len(run.left_out)
    if unlisted:
        say(f"left out: {unlisted:,} more records, not listed")
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
