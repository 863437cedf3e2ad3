"""`scr-audit run`: read, judge, report."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.anonymity.scan import check_authored
from scr_audit.audit import Audit, check_earlier, chosen_for, run_audit
from scr_audit.cli.app import RunRequest
from scr_audit.cli.gate import check_edition
from scr_audit.cli.streams import (
    FULL,
    NOT_MET_EXIT,
    OK,
    SCREEN_ROWS,
    WRONG,
    first_that_fit,
    reader_may_stop,
    rows_of,
    say,
    working,
)
from scr_audit.documents.editions import is_board, is_public
from scr_audit.errors import InputError, translate_os_errors, within
from scr_audit.inputs.files import check_readable, expand_names, is_tables
from scr_audit.outputs import check_apart
from scr_audit.packs.builtin import load_pack
from scr_audit.records.raw import TABLES
from scr_audit.report.standings import important_not_met
from scr_audit.report.wording import one_line
from scr_audit.reports import Showable, reports_for
from scr_audit.runs.run import Run
from scr_audit.runs.stored import read_bundle
from scr_audit.runs.totals import LeftOut
from scr_audit.values.text import counted, shortened

if TYPE_CHECKING:
    from scr_audit.actions.state import Action
    from scr_audit.cli.history import Keeper

_LONGEST_NAME = 80
_LONGEST_PROBLEM = 500
_MOST_ROWS = 5  # of the screen, for records left out, for remarks, and for notes
_READ = (".html", ".pdf", ".docx", ".xlsx", ".md")  # by people
_SEVERITIES = ("low", "medium", "high")


def run_command(request: RunRequest) -> int:
    """Run the audit and write its reports; the exit code."""
    check_edition(request.allow_identifiable, request.edition)
    check_authored(request.plan, request.settings)
    chosen = chosen_for(request.plan, request.period, request.sample, as_of=request.as_of)
    reports = reports_for(
        request.outputs,
        edition=request.edition,
        templates=request.templates,
        word=request.word,
        keep_findings=not request.totals_only,
        shown=not request.quiet,
    )
    earlier = {path: read_bundle(path) for path in request.earlier}
    public = request.edition == "public"  # which holds no trend, and may overlap with others
    if chosen is not None and not public:
        check_earlier(chosen, earlier)  # before any record is read
    actions = _plan(request)
    files = expand_names(request.files)
    check_readable(files)
    _check_no_input_is_written(request, files)
    pack = load_pack(request.pack, settings=request.settings)
    with contextlib.ExitStack() as stack:
        now = stack.enter_context(working("reading and judging", quiet=request.quiet))
        keeper = _keeper(request, stack)
        keeps = request.keeps  # then the kept bundle is the one that -o would write
        audit = run_audit(
            files,
            pack=pack,
            plan=chosen,
            exceptions=request.exceptions,
            as_of=request.as_of,
            earlier=earlier,
            series=() if keeper is None or public else keeper.series(pack.id, chosen),
            actions=actions,
            moderated_from=request.moderated_from,
            office=request.office,
            commentary=_text(request.commentary),
            allow_identifiable=request.allow_identifiable,
            require_k=request.require_k,
            keep_findings=not request.totals_only and (reports.any or keeps),
            reasons=reports.of_units or keeps,
            remedies=reports.of_units or keeps,
            trend=not public,
            jobs=request.jobs,
            progress=lambda done: now(f"reading and judging: {counted(done, 'record')} done"),
        )
        stack.enter_context(audit)
        now("writing the reports" if request.outputs else "counting")
        shown = reports.write(audit, earlier)
        if keeper is not None:
            keeper.add(audit.head, audit.spool)
    return _finish(request, audit, shown)


def _keeper(request: RunRequest, stack: contextlib.ExitStack) -> Keeper | None:
    """The store that the run is added to; None where it is added to none."""
    if not request.keeps:
        return None
    from scr_audit.cli.history import open_keeper  # few runs are kept

    return stack.enter_context(open_keeper(request.store))


def _text(path: Path | None) -> str | None:
    """The text of a file. Raises `InputError` where it cannot be read as UTF-8."""
    if path is None:
        return None
    with translate_os_errors(path):
        data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no text in UTF-8; save it as plain text") from None


def _plan(request: RunRequest) -> list[Action] | None:
    """The actions that the run is held against; None where no store of them is named."""
    if request.actions is None:
        return None
    from scr_audit.cli.action_plan import actions_in

    actions = actions_in(request.actions)
    if request.edition == "public":
        say("note: the public edition prints no actions")
    return actions


def _check_no_input_is_written(request: RunRequest, files: Sequence[str]) -> None:
    folders = [Path(name).absolute().parent for name in files if is_tables(name)]
    check_apart(
        request.outputs,
        [
            *files, *expand_names(request.moderated_from), *request.earlier,
            request.pack, request.plan, request.settings, request.sample, request.exceptions,
            request.actions, request.store, request.templates, request.word, request.commentary,
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


def _show(document: Showable, *, rows: int | None) -> None:
    """Print what a run found: all of it or, with `rows`, so much as they hold."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    if rows is None:
        from scr_audit.report.terminal import render_terminal

        render_terminal(document, console)
    else:
        from scr_audit.report.screen import render_screen

        render_screen(document, console, rows=rows)


def _finish(request: RunRequest, audit: Audit, shown: Showable | None) -> int:
    """Print what was found, what was wrong, what was written, and the next step; the exit code."""
    run, whole = audit.run, request.full or request.quiet
    notes = [f"note: {note}" for note in audit.notes]
    wrote = [] if request.quiet else [f"wrote {path}" for path in request.outputs]
    said = [
        *left_out_lines(run, rows=None if whole else _MOST_ROWS),
        *remark_lines(run, rows=None if whole else _MOST_ROWS),
        *(notes if whole else first_that_fit(notes, _MOST_ROWS, "note")),
        *(wrote if whole else first_that_fit(wrote, _MOST_ROWS, "file")),
    ]
    next_step = "" if request.quiet else _next_step(request, audit, shown)
    with reader_may_stop():  # the reports are written, and the exit code still counts
        if shown is not None and not request.quiet:
            taken = rows_of([*said, *([next_step] if next_step else [])])
            _show(shown, rows=None if request.full else SCREEN_ROWS - taken)
    for line in said:
        say(line)
    with reader_may_stop():
        if next_step:
            print(next_step)  # noqa: T201  # the end of what was found
    if run.left_out_count:
        return WRONG
    return NOT_MET_EXIT if request.fail_on and _reaches(run, request.fail_on) else OK


def _next_step(request: RunRequest, audit: Audit, shown: Showable | None) -> str:
    """What somebody does now."""
    if audit.run.left_out_count:
        return "Next: mend the records that were left out, and run again."
    read = next((path for path in request.outputs if path.suffix in _READ), None)
    if read is not None:
        step = f"open {read}"
    else:
        name = "report" if request.edition == "auditor" else request.edition
        step = f"-o {name}.html"
    if shown is None or is_public(shown) or is_board(shown):
        return f"Next: {step}."
    worst = important_not_met(shown, 1)
    files = " ".join(map(shlex.quote, request.files))
    pack = f" -p {shlex.quote(request.pack)}" if request.pack else ""
    if not worst or len(files) > _LONGEST_NAME:
        return f"Next: {step}."
    return f"Next: {step}, or scr-audit explain {worst[0]['id']} {files}{pack}"


def _reaches(run: Run, level: str) -> bool:
    """Whether a rule of this severity or a higher one has a unit that is not met."""
    least = _SEVERITIES.index(level)
    return any(
        run.totals.rules[rule.id].named()["not_met"]
        for rule in run.pack.rules
        if _SEVERITIES.index(rule.severity) >= least
    )


def say_left_out(run: Run) -> None:
    """Report each record that was not judged, with everything wrong with it, and how many."""
    for line in left_out_lines(run):
        say(line)


def left_out_lines(run: Run, *, rows: int | None = None) -> Iterator[str]:
    """Each record that was not judged, with what is wrong with it, and how many there are.

    With `rows`, so many records and problems as fit into them.
    """
    listed = [_of_left_out(left_out, _LONGEST_PROBLEM) for left_out in run.left_out]
    yield from _fitting("left out", listed, run.left_out_count, rows)
    if run.left_out_count:
        made = run.pack.gathered
        judged = sum(count for kind, count in run.totals.read.items() if kind not in made)
        out = f"{run.left_out_count:,} of {counted(run.left_out_count + judged, 'record')} left out"
        others = f"{judged:,} judged" if judged else "none judged"
        yield f"scr-audit: {out}, {others}. Mend what is listed above and run again."


def _of_left_out(left_out: LeftOut, most: int) -> list[str]:
    where = within(left_out.file, left_out.position)
    name = f" (record {shortened(left_out.record, _LONGEST_NAME)})" if left_out.record else ""
    problems = (shortened(one_line(str(problem)), most) for problem in left_out.problems)
    return [one_line(f"left out: {where}{name}"), *(f"    {problem}" for problem in problems)]


def _fitting(
    label: str, listed: Sequence[list[str]], count: int, rows: int | None
) -> Iterator[str]:
    """The first of several lists of lines that fit, and how many are not listed."""
    shown = 0
    for lines in listed:
        free = None if rows is None else rows - rows_of(lines)
        if free is not None and free < 0 and shown:
            break
        yield from lines if rows is None else first_that_fit(lines, rows, "problem")
        rows, shown = free, shown + 1
    if count > shown:
        how = "not listed" if rows is None else FULL
        yield f"{label}: {count - shown:,} more, {how}"


def say_remarks(run: Run) -> None:
    """Report each record that was judged and may be there twice, and how many."""
    for line in remark_lines(run):
        say(line)


def remark_lines(run: Run, *, rows: int | None = None) -> Iterator[str]:
    """Each record that was judged and may be there twice, and how many there are."""
    listed = [
        [
            one_line(
                f"may be there twice: {within(remark.file, remark.position)} "
                f"(record {shortened(remark.record, _LONGEST_NAME)})"
            ),
            f"    {one_line(remark.text)}",
        ]
        for remark in run.remarks
    ]
    yield from _fitting("may be there twice", listed, run.remark_count, rows)
