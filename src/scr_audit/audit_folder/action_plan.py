"""The actions of an audit: held against its results, sent out as a workbook and taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.audit import Audit
from scr_audit.audit_folder.audit_file import NAME
from scr_audit.audit_folder.cases import the_workbook
from scr_audit.audit_folder.folder import (
    ACTIONS,
    REPORTS,
    RUN,
    STORE,
    THEN,
    AuditFolder,
    sha256,
)
from scr_audit.audit_folder.next_period import following
from scr_audit.errors import InputError, library_needed, listed
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.values.calendar import now_text
from scr_audit.values.text import counted

if TYPE_CHECKING:
    from scr_audit.actions.state import Action
    from scr_audit.store import Store

SET_ACTIONS = (
    f"Read {REPORTS}, and write what is to be done into {ACTIONS}, a row for each action. {THEN} "
    "(where nothing is to be done: scr-audit next --no-actions)"
)


def are_taken(folder: AuditFolder) -> bool:
    """Whether the actions were taken back, or it was said that there are none."""
    path = folder.at(ACTIONS)
    if "action" not in folder.pack.kinds:
        return True
    return bool(folder.kept["of"].get("actions")) and folder.is_as_written(path)


def take_actions(folder: AuditFolder, as_of: date) -> str:
    """Take the actions back; what the person does where there are none yet."""
    if not take_over(folder):
        if not folder.at(ACTIONS).exists():
            write_actions(folder)
        return SET_ACTIONS
    settle_actions(folder)
    return ""


def take_over(folder: AuditFolder) -> bool:
    """Take over what was typed into the workbook, and write it anew; whether anything was."""
    path = the_workbook(folder, ACTIONS)
    if not path.exists() or folder.is_as_written(path):
        return False
    found = True
    if not _was_taken(folder, path):
        _check_is_latest(folder)
        found = _import(folder, path)
    write_actions(folder)
    if path != folder.at(ACTIONS):
        folder.put_aside([path])
        path.unlink()
    return found


def settle_actions(folder: AuditFolder) -> None:
    folder.done_with("actions", [folder.at(NAME)])


def _was_taken(folder: AuditFolder, path: Path) -> bool:
    """Whether the store has what the workbook says, though that was not written anew since."""
    workbook, store = folder.kept.get("taking") or ("", "")
    now = folder.own(STORE)
    return bool(workbook == sha256(path) and now.exists() and sha256(now) != store)


def _check_is_latest(folder: AuditFolder) -> None:
    after = following(folder)
    if (after / NAME).exists():
        raise InputError(
            f"{folder.at(ACTIONS)}: was changed, and the actions go on in {after.name}; write it "
            f"into {after.name}/{ACTIONS}"
        )


def _import(folder: AuditFolder, path: Path) -> bool:
    from scr_audit.actions import read_back
    from scr_audit.store import write_events

    changes = read_back(path, folder.pack, by_role=folder.file.role)
    with _store(folder) as store:
        folder.remember("taking", [sha256(path), sha256(folder.own(STORE))])
        found = write_events(store, lambda actions: changes(actions).events)
    new = sum(event.number == 1 for event in found)
    parts = ((new, "new action"), (len(found) - new, "change"))
    said = listed(counted(number, what) for number, what in parts if number)
    folder.did += [f"took over {said} of {path.name}"] if said else []
    return bool(found)


def _store(folder: AuditFolder) -> Store:
    try:
        from scr_audit.store import open_store
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scr_audit"):
            raise
        raise library_needed("a plan of actions", error.name, "history") from error
    return open_store(folder.own(STORE))


def actions_of(folder: AuditFolder) -> list[Action] | None:
    if not folder.own(STORE).exists():
        return None
    from scr_audit.store import read_actions

    with _store(folder) as store:
        return list(read_actions(store).values())


def keep_judgements(folder: AuditFolder, audit: Audit) -> None:
    """Keep what the run says of actions that name it."""
    if not folder.own(STORE).exists():
        return
    from scr_audit.actions import judging_events
    from scr_audit.store import write_events

    run, role = sha256(folder.own(RUN)), folder.file.role
    with _store(folder) as store:
        events = write_events(
            store,
            lambda now: judging_events(now.values(), audit.head, run, role, at=now_text()),
        )
    if events:
        said = counted(len(events), "action")
        folder.did.append(f"held {said} against the results: see {ACTIONS}")
        if folder.is_as_written(folder.at(ACTIONS)):  # else it holds what is to be read first
            write_actions(folder)


def write_actions(folder: AuditFolder) -> None:
    from scr_audit.actions import plan_workbook

    actions = actions_of(folder) or []
    asked = {rule.id for rule in apply_plan(folder.pack, folder.plan).rules}
    data = plan_workbook(actions, folder.pack, folder.file.period, asked=asked)
    folder.write({folder.at(ACTIONS): data})
