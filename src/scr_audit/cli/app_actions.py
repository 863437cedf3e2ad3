"""The commands of an action plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from scr_audit.cli.options import (
    BY_ROLE,
    JSON,
    PACK,
    SERIES_PLAN,
    Name,
    argument,
    command,
    group,
    option,
)
from scr_audit.documents.actions import Status
from scr_audit.errors import InputError

actions = group(
    "actions",
    "An action plan that proves itself: kept in a store, judged by runs, never overwritten.",
)
STORE = option("--store", "A SQLite file or PostgreSQL URL; default as for history.")
AS_OF = option("--as-of", "The day; default today.")
AGENCY = option("--agency", "Which agency acts.")
ACTION = argument("The action's id.")


class StatementOptions:
    """The options that describe an action; None leaves a part as it is."""

    by_role: str = BY_ROLE
    recommendation: str | None = option("--recommendation", "Which recommendation it serves.")
    agency: str | None = AGENCY
    task: str | None = option("--task", "What is to be done.")
    owner_role: str | None = option("--owner-role", "Which post does it.")
    due: str | None = option("--due", "A day or month: 2026-12-31.")
    shown_by: str | None = option("--shown-by", "The rule that will show that it worked.")
    target: str | None = option("--target", "The share to be met: 1 to 99 per cent, or always.")
    quarter: str | None = option("--in", "The quarter that will show it, such as 2027Q1.")
    facts: tuple[str, ...] = option(
        "--fact", "NAME=VALUE: any other fact of the plan, such as specific=yes."
    )
    note: str | None = option("--note", "Why, in words.")


@command(actions, "add", "actions.add_command")
class AddRequest(StatementOptions):
    """Add an action, and say what the rules of a plan still ask for."""

    # only for an update
    evidence = seen_by_role = on = None
    name: str | None = option("--id", "Its reference; default the next A-number.")
    pack: Name | None = PACK
    store: Name | None = STORE


@command(actions, "update", "actions.update_command")
class UpdateRequest(StatementOptions):
    """Add an event to an action: changes, evidence, a note, or that it closes."""

    action: str = ACTION
    evidence: str | None = option("--evidence", "What shows that it was done.")
    seen_by_role: str | None = option("--seen-by-role", "Which post has seen the evidence.")
    on: date | None = option("--on", "The day it was seen or judged; default today.")
    close: bool = option("--close", "Close it; needs evidence.", default=False)
    reopen: bool = option("--reopen", "Open it again.", default=False)
    superseded_by: str | None = option("--superseded-by", "The action that takes its place.")
    seen: int | None = option("--seen", "The event you saw last: refuse if there are later ones.")
    pack: Name | None = PACK
    store: Name | None = STORE

    @property
    def status(self) -> Status | None:
        """What the action becomes. Raises `InputError` where several are asked for."""
        superseded = self.superseded_by is not None
        wanted: dict[Status, bool] = {
            "closed": self.close, "open": self.reopen, "superseded": superseded
        }  # fmt: skip
        found = [status for status, is_wanted in wanted.items() if is_wanted]
        if len(found) > 1:
            raise InputError("--close, --reopen and --superseded-by exclude each other")
        return found[0] if found else None


@command(actions, "list", "action_plan.list_command")
class ListRequest:
    """List actions: all, or overdue, due, by agency, by status."""

    overdue: bool = option("--overdue", "Open, and past its date.", default=False)
    due_by: date | None = option("--due-by", "Open, and due by this day.")
    agency: str | None = AGENCY
    status: Literal["open", "closed", "superseded"] | None = option("--status", "Only these.")
    as_of: date = AS_OF
    as_json: bool = option("--json", "As JSON, with all events.", default=False)
    outputs: tuple[Path, ...] = option("--output -o", "A file: .csv, .json, .md or .xlsx.")
    pack: Name | None = PACK
    store: Name | None = STORE


@command(actions, "show", "action_plan.show_command", spread=True)
class _Show:
    """Show an action and everything that was ever said of it, with role and time."""

    action: str = ACTION
    as_of: date = AS_OF
    json: bool = JSON
    store: Name | None = STORE


@command(actions, "check", "action_plan.check_command", spread=True)
class _Check:
    """Judge the plan itself: is each action specific, measurable, achievable, realistic, timely?"""

    action: tuple[str, ...] = argument("Actions; default all.", default=None)
    as_of: date = AS_OF
    json: bool = JSON
    pack: Name | None = PACK
    store: Name | None = STORE


@command(actions, "judge", "actions.judge_command", spread=True)
class _Judge:
    """Hold the actions against a run: worked, not yet, or cannot tell."""

    run: Name = argument("A bundle that `run -o run.json` wrote, a run's id, or last.")
    by_role: str | None = option(
        "--by-role", "Keep the judgements, made in this role; else only show."
    )
    plan: Name | None = SERIES_PLAN
    json: bool = JSON
    store: Name | None = STORE


@command(actions, "records", "action_plan.records_command", spread=True)
class _Records:
    """Write the actions as records, which `run` judges beside the cases."""

    output: Path = option("--output -o", "The records, .json.", ...)
    pack: Name | None = PACK
    store: Name | None = STORE


@command(actions, "export", "action_plan.export_command", spread=True)
class _Export:
    """Write the plan as a workbook in which it can be changed, and read back with import."""

    output: Path = option("--output -o", "The plan, .xlsx.", ...)
    pack: Name | None = PACK
    store: Name | None = STORE


@command(actions, "import", "action_plan.import_command", spread=True)
class _Import:
    """Read a plan: changed rows become events, new rows new actions; nothing is ever deleted."""

    file: Path = argument("A plan: .xlsx of export, or records .json, .yaml.")
    by_role: str = BY_ROLE
    pack: Name | None = PACK
    store: Name | None = STORE
