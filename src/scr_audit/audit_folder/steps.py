"""The steps of an audit, from the list of cases to the next audit, each with the files it makes.

A step is done where its files are there and were made of the files as they are now. So a step that
broke off, or whose files were changed, is done again, and one that is done changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.audit_folder.action_plan import SET_ACTIONS, are_taken, settle_actions, take_actions
from scr_audit.audit_folder.beginning import begin_next, is_followed
from scr_audit.audit_folder.cases import LIST_CASES, draw_cases, is_drawn
from scr_audit.audit_folder.folder import (
    ACTIONS,
    DECISIONS,
    FORMS,
    THEN,
    TO_MEND,
    AuditFolder,
    find_folder,
    open_folder,
    other_copy,
    sha256,
    working_in,
)
from scr_audit.audit_folder.next_period import following
from scr_audit.audit_folder.reading import are_read, find_forms, read_forms_of
from scr_audit.audit_folder.results import decide, is_decided, is_reported, report

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Step:
    """One step: what it is called, whether it is done, and what does it.

    `do` gives the sentence that tells the person what to do now, or nothing where the next step can
    follow. `waits` is that sentence before anything is looked at.
    """

    title: str
    is_done: Callable[[AuditFolder], bool]
    do: Callable[[AuditFolder, date], str]
    waits: str


STEPS = (
    Step("List the cases, and draw", is_drawn, draw_cases, LIST_CASES),
    Step("Fill in the forms", are_read, read_forms_of, f"Fill in the forms in {FORMS}. {THEN}"),
    Step("Decide where the readers differ", is_decided, decide,
         f"Decide in {DECISIONS} where the readers differ. {THEN}"),
    Step("Write the reports", is_reported, report, "Run: scr-audit next"),
    Step("Set actions", are_taken, take_actions, SET_ACTIONS),
    Step("Begin the next audit", is_followed, begin_next, "Run: scr-audit next"),
)  # fmt: skip


def go_on(folder: AuditFolder, *, as_of: date | None = None, no_actions: bool = False) -> str:
    """Do the steps that can be done, and say what the person does now.

    What was done is in `folder.did`, what to know beside it in `folder.notes`. With `no_actions`
    nothing is to be done about this audit. Hold the folder with `working_in` meanwhile.
    """
    day = as_of or date.today()
    if note := other_copy(folder):
        folder.notes.append(note)
    else:
        folder.remember("place", str(folder.path.resolve()))
    _check_list_kept(folder)
    for step in STEPS:
        if step.is_done(folder):
            continue
        if no_actions and step.do is take_actions and folder.is_as_written(folder.at(ACTIONS)):
            settle_actions(folder)
            continue
        if said := step.do(folder, day):
            return said
    return f"This audit is done. Go on in {following(folder).name}."


def _check_list_kept(folder: AuditFolder) -> None:
    """Tell where the case list was changed after the draw, which stands."""
    drawn_from = folder.kept.get("list")
    if drawn_from is None:
        return
    path = folder.at(drawn_from[0])
    if path.exists() and sha256(path) != drawn_from[1]:
        folder.notes.append(
            f"{path.name} was changed after the draw, which stays as it was; begin a new folder to "
            "draw anew"
        )


def next_step(
    folder: Path | str | None = None,
    *,
    as_of: date | None = None,
    no_actions: bool = False,
    unlock: bool = False,
) -> AuditFolder:
    """Do what can be done in an audit folder; `now` of the result is what the person does.

    `unlock` takes over a folder that somebody's program was stopped in. Raises `InputError`.
    """
    work = open_folder(find_folder(folder))
    with working_in(work.path, unlock=unlock):
        work.now = go_on(work, as_of=as_of, no_actions=no_actions)
    return work


@dataclass(frozen=True)
class StepState:
    """A step of an audit, whether it is done, and where it stands, in words."""

    title: str
    is_done: bool
    said: str = ""


def status(folder: Path | str | None = None) -> tuple[AuditFolder, list[StepState]]:
    """Where an audit stands; nothing is written. Raises `InputError`."""
    work = open_folder(find_folder(folder))
    if note := other_copy(work):
        work.notes.append(note)
    states: list[StepState] = []
    for step in STEPS:
        is_done = all(state.is_done for state in states) and step.is_done(work)
        is_next = not is_done and all(state.is_done for state in states)
        states.append(StepState(step.title, is_done, _where(work, step) if is_next else ""))
    return work, states


def _where(folder: AuditFolder, step: Step) -> str:
    """How far a step is that is not done."""
    if step.do is read_forms_of and folder.own("forms").is_dir():
        found = {reader: find_forms(folder, reader) for reader in folder.readers}
        number = len(folder.cases())
        filled = (f"{name}: {len(each.filled)} of {number} forms" for name, each in found.items())
        mend = f"Mend what {TO_MEND} lists. " if folder.at(TO_MEND).exists() else ""
        return f"{'; '.join(filled)}. {mend}{step.waits}"
    return step.waits
