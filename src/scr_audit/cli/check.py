"""`scr-audit check` and `format`: a pack, its examples and mutations; the layout of its rules."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

from scr_audit.check.junit import junit_bytes
from scr_audit.check.pack_check import PackCheck, Places, check_everything, check_plans, failed_load
from scr_audit.check.sarif import sarif_bytes
from scr_audit.cli.app import CheckRequest
from scr_audit.cli.failures import say_failure
from scr_audit.cli.streams import (
    NOT_MET_EXIT,
    OK,
    SCREEN_ROWS,
    WRONG,
    first_that_fit,
    reader_may_stop,
    say,
    working,
)
from scr_audit.errors import InputError, PackError, ScrAuditError
from scr_audit.outputs import (
    Written,
    check_outputs,
    write_all,
)
from scr_audit.packs.builtin import load_pack, pack_folder, shipped_packs
from scr_audit.packs.pack import Pack
from scr_audit.packs.rule_layout import changed_layouts, rule_files
from scr_audit.plans.plan import shipped_plans
from scr_audit.values.text import counted

_LAST_ROWS = 5  # what to do about survivors, notes, and the summary
CHECK_FORMATS: dict[str, Callable[[PackCheck, Places], bytes]] = {
    ".xml": junit_bytes,
    ".sarif": sarif_bytes,
}


def check_command(request: CheckRequest) -> int:
    """Check a pack or a plan and write the reports; the exit code. It watches until interrupted.

    Raises `PackError`, once the reports are written, for a pack that cannot be loaded.
    """
    if not request.watch:
        return _check_once(request)
    while True:
        before = _stamps(request)
        try:
            _check_once(request)
        except ScrAuditError as error:
            say_failure(error)
        say("Watching; Ctrl-C ends it.")
        while _stamps(request) == before:
            sleep(1)
        say(f"\n{'-' * 20} a file has changed {'-' * 20}")


def _stamps(request: CheckRequest) -> dict[Path, tuple[int, int]]:
    """What changes when somebody saves a file of what is checked."""
    folder = pack_folder(request.packs)
    paths = [folder, *folder.rglob("*.y*ml"), *([request.plan] if request.plan else [])]
    found = {}
    for path in paths:
        with suppress(OSError):  # it is being saved
            stat = path.stat()
            found[path] = (stat.st_mtime_ns, stat.st_size)
    return found


def _check_once(request: CheckRequest) -> int:
    _check_outputs(request.outputs)
    if request.pack is not None and request.plan is None:
        raise InputError(
            f"--pack {request.pack}: is the pack of an audit plan, and no plan is named; "
            f"to check the pack itself: scr-audit check {request.pack}"
        )
    try:
        pack = load_pack(request.packs)
    except PackError as error:
        _report_unloadable(request, error)
        raise
    with working("checking the rules by their examples, and the examples by changes"):
        found = _check(pack, request)
    _say_found(found, full=request.full)
    _write(request, found)
    with reader_may_stop():  # the reports are written, and the exit code still counts
        print(_summary(found, request))  # noqa: T201  # the command's result
    return WRONG if found.fails else OK


def _check(pack: Pack, request: CheckRequest) -> PackCheck:
    """The check of a pack, with the shipped plans if it is the built-in one; or of a plan alone."""
    others = {} if request.packs is not None else _others(pack)
    if request.plan is not None:
        if request.rules:
            raise InputError("--rule is for the check of a pack; a plan has no examples")
        plans = check_plans([request.plan], pack, others)
        return PackCheck(request.plan.stem, request.strict, plans=plans, alone=True)
    shipped = shipped_plans().values() if request.name is None else ()
    plans = check_plans(shipped, pack, others)
    return check_everything(
        pack, strict=request.strict, mutate=request.mutations, plans=plans, rules=request.rules
    )


def _others(pack: Pack) -> dict[str, Pack]:
    """The shipped packs that are no part of the built-in one, for the plans that name them."""
    return {name: load_pack(name) for name in shipped_packs() if name not in pack.members}


def _check_outputs(outputs: tuple[Path, ...]) -> None:
    check_outputs(outputs, tuple(CHECK_FORMATS))
    for path in outputs:
        target = Path(os.path.realpath(path))
        if target.suffix.lower() in (".yaml", ".yml"):
            raise InputError(f"{path}: leads to {target.name}; name another file for -o")


def _report_unloadable(request: CheckRequest, error: PackError) -> None:
    """Write the reports of a pack that cannot be loaded, if they can be written."""
    folder = pack_folder(request.packs).resolve()
    try:
        _write(request, failed_load(folder, error, strict=request.strict))
    except InputError as failed:
        say(f"scr-audit: {failed}")


def _say_found(found: PackCheck, *, full: bool) -> None:
    told = list(_found_lines(found))
    for line in told if full else first_that_fit(told, SCREEN_ROWS - _LAST_ROWS, "finding"):
        say(line)
    if found.result.survivors:
        say(
            "To have a change noticed, add an example that then has another outcome (of a "
            "sentence: that says another reason), or drop the part."
        )
    for note in found.notes:
        say(f"note: {note}")


def _found_lines(found: PackCheck) -> Iterator[str]:
    for warning in (*found.warnings, *found.plan_doubts):
        yield f"warning: {warning}"
    yield from map(str, (*found.mapping_problems, *found.plan_problems))
    for failure in found.result.failures:
        yield f"{failure.place}: {failure.rule}: {failure.message}"
    for mutant in found.result.survivors:
        yield f"{mutant.place}: {mutant.rule.id}: no example notices the change: {mutant.change}"


def _write(request: CheckRequest, found: PackCheck) -> None:
    if not request.outputs:
        return
    folder = pack_folder(request.packs) if request.plan is None else request.plan.parent
    places = Places(working=Path.cwd(), pack=folder.absolute(), target=folder.resolve())
    write_all(
        Written(path, [CHECK_FORMATS[path.suffix.lower()](found, places)])
        for path in request.outputs
    )
    for path in request.outputs:
        say(f"wrote {path}")


def _summary(found: PackCheck, request: CheckRequest) -> str:
    result = found.result
    if request.plan is not None:
        wrong, doubts = len(found.plan_problems), len(found.plan_doubts)
        doubtful = f", {counted(doubts, 'warning')}" if doubts else ""
        return f"{found.name}: {counted(wrong, 'problem') if wrong else 'nothing wrong'}{doubtful}"
    summary = f"{found.name} {found.version}: {counted(result.rules, 'rule')}, "
    summary += counted(result.examples, "example")
    if result.failures:
        summary += f", {len(result.failures)} failed"
    if request.mutations:
        killed = result.mutants - len(result.survivors)
        summary += f"; {killed:,} of {counted(result.mutants, 'mutant')} noticed"
    if found.mappings:
        summary += f"; {_mappings(found)}"
    if found.plans:
        wrong = sum(bool(plan.problems) for plan in found.plans)
        summary += f"; {counted(len(found.plans), 'audit plan')}"
        summary += f", {wrong} wrong" if wrong else ""
    return summary


def _mappings(found: PackCheck) -> str:
    wrong = sum(bool(mapping.problems) for mapping in found.mappings)
    summary = counted(len(found.mappings), "mapping")
    return f"{summary}, {wrong} wrong" if wrong else summary


def _check_writable(paths: Iterable[Path]) -> None:
    """Refuse files that somebody made read-only: replacing them would not ask."""
    for path in paths:
        if not path.stat().st_mode & stat.S_IWUSR:
            raise InputError(
                f"{path}: is read-only, and no file was changed. Make it writable first"
            )


def format_command(*, names: tuple[Path, ...], check: bool) -> int:
    """Write rule files anew, or with `check` only name those that would change; the exit code."""
    files = rule_files(names or (Path(),))
    changed = changed_layouts(files)
    if not check:
        _check_writable(changed)
        write_all(Written(path, [data]) for path, data in changed.items())
    for path in changed:
        print(path)  # noqa: T201  # the command's result
    what = "would change" if check else "changed"
    say(f"{len(changed)} of {counted(len(files), 'rule file')} {what}")
    return NOT_MET_EXIT if check and changed else OK
