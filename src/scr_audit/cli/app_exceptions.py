"""The commands of approved exceptions: their arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scr_audit.cli.options import PackOption, parse_day

exceptions_app = typer.Typer(
    help="Approved exceptions: units that may be not met for a while, and why.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.add_typer(exceptions_app, name="exceptions")


@exceptions_app.callback()
def _group() -> None:
    """Keep `add` a command of its own, though it is the only one."""


@exceptions_app.command(name="add")
def add(
    file: Annotated[Path, typer.Argument(help="The file of exceptions; made if not there.")],
    rule: Annotated[str, typer.Option("--rule", help="The rule's id.")],
    record: Annotated[str, typer.Option("--record", "-r", help="The record's id.")],
    records: Annotated[
        list[str], typer.Option("--records", help="The records it is in, as run reads them.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, without names.")],
    by_role: Annotated[
        str, typer.Option("--by-role", help="In which role it was approved: never a name.")
    ],
    since: Annotated[str, typer.Option("--from", help="The first day it is in force.")],
    until: Annotated[str, typer.Option("--until", help="The last day it is in force.")],
    unit: Annotated[
        list[str] | None,
        typer.Option(
            "--unit",
            help="NAME=VALUE: a fact that tells the unit, or its pointer; default every unit.",
        ),
    ] = None,
    pack: PackOption = None,
) -> int:
    """Add an exception, which names its unit by facts and not by its place."""
    from scr_audit.cli.excepting import AddRequest, add_command
    from scr_audit.evaluate.outcomes import Approval

    days = parse_day(since, "--from"), parse_day(until, "--until")
    approval = Approval(reason.strip(), by_role.strip(), *days)
    return add_command(
        AddRequest(file, rule, record, tuple(unit or ()), tuple(records), approval, pack)
    )
