"""`scr-audit start`, `next` and `status`: an audit that is a folder, step by step."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

from scr_audit.anonymity.scan import check_authored
from scr_audit.audit_folder.beginning import start_audit
from scr_audit.audit_folder.cases import LIST_CASES
from scr_audit.audit_folder.folder import AuditFolder, find_folder, open_folder, working_in
from scr_audit.audit_folder.steps import go_on, status
from scr_audit.cli.streams import OK, reader_may_stop, say
from scr_audit.values.text import visible

_WIDTH = 80


def start_command(
    *, plan: str, period: str, whose: str, folder: Path | None, pack: str | None
) -> int:
    """Make the folder of an audit; the exit code."""
    check_authored(plan)
    made = start_audit(plan, period, whose=whose, folder=folder, pack=pack)
    _say(made)
    _print(f"Now: go into {made.path}. {LIST_CASES}")
    return OK


def next_command(*, folder: Path | None, as_of: date, no_actions: bool, unlock: bool) -> int:
    """Do what can be done, and say what the person does now; the exit code."""
    work = open_folder(find_folder(folder))
    with working_in(work.path, unlock=unlock):
        try:
            now = go_on(work, as_of=as_of, no_actions=no_actions)
        finally:
            _say(work)  # what was done before something was wrong
    _print(f"Now: {now}")
    return OK


def status_command(*, folder: Path | None) -> int:
    """Print each step, and where the audit stands; the exit code."""
    work, states = status(folder)
    _print(work.title)
    for state in states:
        mark = "done" if state.is_done else "now" if state.said else "later"
        _print(f"  {mark:<6} {state.title}")
    if all(state.is_done for state in states):
        _print("This audit is done.")
    for state in states:
        if state.said:
            _print(f"Now: {state.said}")
    _say(work)
    return OK


def _say(work: AuditFolder) -> None:
    for line in work.did:
        say(_wrapped(f"{line[:1].upper()}{line[1:]}."))
    for note in dict.fromkeys(work.notes):
        say(_wrapped(f"note: {note}."))


def _print(text: str) -> None:
    with reader_may_stop():
        print(visible(_wrapped(text)))  # noqa: T201  # the command's result


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
