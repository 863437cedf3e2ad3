"""The commands of an action plan, and of the history of runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from scr_audit.cli.options import (
    ALLOW,
    BY_ROLE,
    FULL,
    JSON,
    PACK,
    QUIET,
    RECORDS,
    SERIES_PLAN,
    NamedFile,
    app,
    argument,
    command,
    group,
    option,
)
from scr_audit.documents.actions import Status
from scr_audit.errors import InputError

actions = group(
    "actions",
    "An action plan, whose actions close only on evidence.",
)
STORE = option("--store", "A SQLite file or PostgreSQL URL; default as for history.")
AS_OF_ACTIONS = option("--as-of", "The day; default today.")
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


@command(actions, "add", "action_plan.actions_add_command")
class AddRequest(StatementOptions):
    """Add an action, and say what the rules of a plan still ask for."""

    # only for an update
    evidence = seen_by_role = on = None
    name: str | None = option("--id", "Its reference; default the next A-number.")
    pack: NamedFile | None = PACK
    store: NamedFile | None = STORE


@command(actions, "update", "action_plan.update_command")
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
    pack: NamedFile | None = PACK
    store: NamedFile | None = STORE

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


@command(actions, "list", "action_plan.actions_list_command")
class ListRequest:
    """List actions: all, or overdue, due, by agency, by status."""

    overdue: bool = option("--overdue", "Open, and past its date.", default=False)
    due_by: date | None = option("--due-by", "Open, and due by this day.")
    agency: str | None = AGENCY
    status: Literal["open", "closed", "superseded"] | None = option("--status", "Only these.")
    as_of: date = AS_OF_ACTIONS
    as_json: bool = option("--json", "As JSON, with all events.", default=False)
    outputs: tuple[Path, ...] = option("--output -o", "A file: .csv, .json, .md or .xlsx.")
    pack: NamedFile | None = PACK
    store: NamedFile | None = STORE


@command(actions, "show", "action_plan.show_command", spread=True)
class _Show:
    """Show an action and everything that was ever said of it, with role and time."""

    action: str = ACTION
    as_of: date = AS_OF_ACTIONS
    json: bool = JSON
    store: NamedFile | None = STORE


@command(actions, "check", "action_plan.actions_check_command", spread=True)
class _Check:
    """Judge the plan itself: is each action specific, measurable, achievable, realistic, timely?"""

    action: tuple[str, ...] = argument("Actions; default all.", default=None)
    as_of: date = AS_OF_ACTIONS
    json: bool = JSON
    pack: NamedFile | None = PACK
    store: NamedFile | None = STORE


@command(actions, "judge", "action_plan.judge_command", spread=True)
class _Judge:
    """Say of each action whether a run shows that it worked."""

    run: NamedFile = argument("A bundle that `run -o run.json` wrote, a run's id, or last.")
    by_role: str | None = option(
        "--by-role", "Keep the judgements, made in this role; else only show."
    )
    plan: NamedFile | None = SERIES_PLAN
    json: bool = JSON
    store: NamedFile | None = STORE


@command(actions, "records", "action_plan.records_command", spread=True)
class _Records:
    """Write the actions as records, which `run` judges beside the cases."""

    output: Path = option("--output -o", "The records, .json.", ...)
    pack: NamedFile | None = PACK
    store: NamedFile | None = STORE


@command(actions, "export", "action_plan.actions_export_command", spread=True)
class _Export:
    """Write the plan as a workbook in which it can be changed, and read back with import."""

    output: Path = option("--output -o", "The plan, .xlsx.", ...)
    pack: NamedFile | None = PACK
    store: NamedFile | None = STORE


@command(actions, "import", "action_plan.actions_import_command", spread=True)
class _Import:
    """Read a plan: changed rows become events, new rows new actions; nothing is ever deleted."""

    file: Path = argument("A plan: .xlsx of export, or records .json, .yaml.")
    by_role: str = BY_ROLE
    pack: NamedFile | None = PACK
    store: NamedFile | None = STORE


RUN_STORE = option("--store", "The store of runs: a file, or a PostgreSQL URL.")
OUTPUTS = option("--output -o", "A file: .html, .xlsx, .md, .csv or .json.")
history = group("history", "The history of runs: add, list what is kept, get it back.")


@command(history, "add", "history.history_add_command")
class KeepRequest:
    """Add runs to the history, each whole or not at all."""

    bundles: tuple[Path, ...] = argument("Run bundles, as 'run -o run.json' writes.")
    store: NamedFile | None = RUN_STORE
    detail: Literal["totals", "findings", "facts"] = option(
        "--detail", "What is kept: no findings, outcomes only, or all facts.", default="findings"
    )
    period: str | None = option("--period", "The days a run is about: 2026Q1, 2026-03, 2026.")


@command(history, "list", "history.history_list_command", spread=True)
class _List:
    """List the runs of the history."""

    store: NamedFile | None = RUN_STORE
    json: bool = JSON


@command(history, "export", "history.history_export_command", spread=True)
class _ExportRun:
    """Write what was kept of a run as a run bundle."""

    run: NamedFile = argument("A run's id, or its first 6 characters or more.")
    output: Path = option("--output -o", "The .json file to write.", ...)
    store: NamedFile | None = RUN_STORE


@command(app, "compare", "history.compare_command")
class CompareRequest:
    """Compare two runs: what changed, and what may be chance.

    What opened, closed and regressed, and what is of changed rules.
    """

    then: NamedFile = argument("A bundle, a run's id, or last~1 of the store.")
    now: NamedFile = argument("The later run, such as last.")
    outputs: tuple[Path, ...] = OUTPUTS
    store: NamedFile | None = RUN_STORE
    plan: NamedFile | None = SERIES_PLAN
    records: tuple[NamedFile, ...] = RECORDS
    pack: NamedFile | None = option("--pack -p", "The pack of the later run, for --records.")
    audit: NamedFile | None = option("--audit", "The plan of the later run, for --records.")
    settings: Path | None = option("--settings", "The settings of the later run.")
    full: bool = FULL
    quiet: bool = QUIET
    allow_identifiable: str | None = ALLOW


@command(app, "trend", "history.trend_command")
class TrendRequest:
    """Show the shares over time, and what is more than chance.

    Over the runs of the history.
    """

    store: NamedFile | None = RUN_STORE
    plan: NamedFile | None = option(
        "--plan", "The audit plan of the series, where there are several."
    )
    pack: NamedFile | None = option("--pack -p", "The id of the pack of the series.")
    rules: tuple[str, ...] = option("--rule -r", "Only this rule; may be repeated.")
    by: Literal["month", "quarter", "run"] | None = option(
        "--by", "What a point is; default as the periods of the runs are."
    )
    without: tuple[str, ...] = option(
        "--without", "A run to leave out, by its id; may be repeated."
    )
    outputs: tuple[Path, ...] = OUTPUTS
    full: bool = FULL
    quiet: bool = QUIET
