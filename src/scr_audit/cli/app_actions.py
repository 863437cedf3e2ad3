"""The commands of an action plan: their arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from scr_audit.errors import InputError

actions_app = typer.Typer(
    help="An action plan that proves itself: kept in a store, judged by runs, never overwritten.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="A SQLite file or PostgreSQL URL; default as for history."),
]
PackOption = Annotated[
    str | None, typer.Option("--pack", "-p", help="A pack's folder, or the id of a shipped one.")
]
ByRoleOption = Annotated[
    str, typer.Option("--by-role", help="In which role you do it: a post, never a name.")
]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="The day; default today.")]
RecommendationOption = Annotated[
    str | None, typer.Option("--recommendation", help="Which recommendation it serves.")
]
AgencyOption = Annotated[str | None, typer.Option("--agency", help="Which agency acts.")]
TaskOption = Annotated[str | None, typer.Option("--task", help="What is to be done.")]
OwnerOption = Annotated[str | None, typer.Option("--owner-role", help="Which post does it.")]
DueOption = Annotated[str | None, typer.Option("--due", help="A day or month: 2026-12-31.")]
ShownByOption = Annotated[
    str | None, typer.Option("--shown-by", help="The rule that will show that it worked.")
]
TargetOption = Annotated[
    str | None, typer.Option("--target", help="The share to be met: 1 to 99 per cent, or always.")
]
PeriodOption = Annotated[
    str | None, typer.Option("--in", help="The quarter that will show it, such as 2027Q1.")
]
FactOption = Annotated[
    list[str] | None,
    typer.Option("--fact", help="NAME=VALUE: any other fact of the plan, such as specific=yes."),
]
NoteOption = Annotated[str | None, typer.Option("--note", help="Why, in words.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.add_typer(actions_app, name="actions")


@actions_app.command(name="add")
def add(
    by_role: ByRoleOption,
    recommendation: RecommendationOption = None,
    agency: AgencyOption = None,
    task: TaskOption = None,
    owner_role: OwnerOption = None,
    due: DueOption = None,
    shown_by: ShownByOption = None,
    target: TargetOption = None,
    period: PeriodOption = None,
    fact: FactOption = None,
    note: NoteOption = None,
    name: Annotated[
        str | None, typer.Option("--id", help="Its reference; default the next A-number.")
    ] = None,
    pack: PackOption = None,
    store: StoreOption = None,
) -> int:
    """Add an action, and say what the rules of a plan still ask for."""
    from scr_audit.cli.acting import Said, add_command

    said = Said(
        by_role, recommendation, agency, task, owner_role, due, shown_by, target, period,
        facts=tuple(fact or ()), note=note,
    )  # fmt: skip
    return add_command(said, name=name, pack_name=pack, store=store)


@actions_app.command(name="update")
def update(
    action: Annotated[str, typer.Argument(help="The action's id.")],
    by_role: ByRoleOption,
    recommendation: RecommendationOption = None,
    agency: AgencyOption = None,
    task: TaskOption = None,
    owner_role: OwnerOption = None,
    due: DueOption = None,
    shown_by: ShownByOption = None,
    target: TargetOption = None,
    period: PeriodOption = None,
    fact: FactOption = None,
    note: NoteOption = None,
    evidence: Annotated[
        str | None, typer.Option("--evidence", help="What shows that it was done.")
    ] = None,
    seen_by_role: Annotated[
        str | None, typer.Option("--seen-by-role", help="Which post has seen the evidence.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="The day it was seen or judged; default today.")
    ] = None,
    close: Annotated[bool, typer.Option("--close", help="Close it; needs evidence.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Open it again.")] = False,
    superseded_by: Annotated[
        str | None, typer.Option("--superseded-by", help="The action that takes its place.")
    ] = None,
    seen: Annotated[
        int | None,
        typer.Option("--seen", help="The event you saw last: refuse if there are later ones."),
    ] = None,
    pack: PackOption = None,
    store: StoreOption = None,
) -> int:
    """Add an event to an action: changes, evidence, a note, or that it closes."""
    from scr_audit.cli.acting import Said, update_command

    wanted = {"closed": close, "open": reopen, "superseded": superseded_by is not None}
    statuses = [status for status, is_wanted in wanted.items() if is_wanted]
    if len(statuses) > 1:
        raise InputError("--close, --reopen and --superseded-by exclude each other")
    said = Said(
        by_role, recommendation, agency, task, owner_role, due, shown_by, target, period,
        tuple(fact or ()), evidence, seen_by_role, None if on is None else _day(on, "--on"), note,
        status=statuses[0] if statuses else None, superseded_by=superseded_by,
    )  # fmt: skip
    return update_command(action, said, seen=seen, pack_name=pack, store=store)


@actions_app.command(name="list")
def list_(
    overdue: Annotated[bool, typer.Option("--overdue", help="Open, and past its date.")] = False,
    due_by: Annotated[
        str | None, typer.Option("--due-by", help="Open, and due by this day.")
    ] = None,
    agency: AgencyOption = None,
    status: Annotated[
        Literal["open", "closed", "superseded"] | None, typer.Option("--status", help="Only these.")
    ] = None,
    as_of: AsOfOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, with all events.")] = False,
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="A file: .csv, .json, .md or .xlsx."),
    ] = None,
    pack: PackOption = None,
    store: StoreOption = None,
) -> int:
    """List actions: all, or overdue, due, by agency, by status."""
    from scr_audit.actions.listing import Chosen
    from scr_audit.cli.showing import ListRequest, list_command

    day = _day(as_of, "--as-of")
    chosen = Chosen(
        overdue_on=day.isoformat() if overdue else None,
        due_by=None if due_by is None else _day(due_by, "--due-by").isoformat(),
        agency=agency,
        status=status,
    )
    return list_command(ListRequest(chosen, day, json, tuple(output or ()), pack, store))


@actions_app.command(name="show")
def show(
    action: Annotated[str, typer.Argument(help="The action's id.")],
    as_of: AsOfOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    store: StoreOption = None,
) -> int:
    """Show an action and everything that was ever said of it, with role and time."""
    from scr_audit.cli.showing import show_command

    return show_command(action, store, as_of=_day(as_of, "--as-of"), as_json=json)


@actions_app.command(name="check")
def check(
    action: Annotated[list[str] | None, typer.Argument(help="Actions; default all.")] = None,
    as_of: AsOfOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    pack: PackOption = None,
    store: StoreOption = None,
) -> int:
    """Judge the plan itself: is each action specific, measurable, achievable, realistic, timely?"""
    from scr_audit.cli.showing import check_command

    return check_command(
        action or (), store, pack_name=pack, as_of=_day(as_of, "--as-of"), as_json=json
    )


@actions_app.command(name="judge")
def judge(
    run: Annotated[
        str, typer.Argument(help="A bundle that `run -o run.json` wrote, a run's id, or last.")
    ],
    by_role: Annotated[
        str | None,
        typer.Option("--by-role", help="Keep the judgements, made in this role; else only show."),
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", help="The audit plan whose series 'last' is of.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    store: StoreOption = None,
) -> int:
    """Hold the actions against a run: worked, not yet, or cannot tell."""
    from scr_audit.cli.history import Named
    from scr_audit.cli.judging import judge_command

    return judge_command(run, by_role, as_json=json, where=Named(store, plan))


@actions_app.command(name="records")
def records(
    output: Annotated[Path, typer.Option("--output", "-o", help="The records, .json.")],
    pack: PackOption = None,
    store: StoreOption = None,
) -> int:
    """Write the actions as records, which `run` judges beside the cases."""
    from scr_audit.cli.showing import records_command

    return records_command(output, store, pack_name=pack)


@actions_app.command(name="export")
def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The plan, .xlsx.")],
    pack: PackOption = None,
    store: StoreOption = None,
) -> int:
    """Write the plan as a workbook in which it can be changed, and read back with import."""
    from scr_audit.cli.showing import export_command

    return export_command(output, pack_name=pack, store=store)


@actions_app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="A plan: .xlsx of export, or records .json, .yaml.")],
    by_role: ByRoleOption,
    pack: PackOption = None,
    store: StoreOption = None,
) -> int:
    """Read a plan: changed rows become events, new rows new actions; nothing is ever deleted."""
    from scr_audit.cli.showing import import_command

    return import_command(file, by_role, pack_name=pack, store=store)


def _day(text: str | None, option: str) -> Any:
    from scr_audit.cli.options import parse_day

    try:
        return parse_day(text)
    except InputError as error:
        raise InputError(str(error).replace("--as-of", option, 1)) from None
