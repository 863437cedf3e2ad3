"""The commands for two auditors: how far they agree, and what a moderator decided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scr_audit.cli.options import (
    AllowOption,
    AsOfOption,
    PackOption,
    PlanOption,
    SettingsOption,
    parse_day,
)

FirstArgument = Annotated[
    str, typer.Argument(help="Records as the first auditor read them: a file or a folder.")
]
SecondArgument = Annotated[str, typer.Argument(help="The same records as the second read them.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.command()(agree)
    app.command()(moderate)


def agree(
    first: FirstArgument,
    second: SecondArgument,
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="A report: .xlsx, .html, .md, .csv or .json."),
    ] = None,
    pack: PackOption = None,
    plan: PlanOption = None,
    settings: SettingsOption = None,
    as_of: AsOfOption = None,
    allow_identifiable: AllowOption = None,
) -> int:
    """Compare two readings of the same sample: per cent agreement, kappa, disagreements."""
    from scr_audit.cli.agreeing import AgreeRequest, agree_command

    return agree_command(
        AgreeRequest(
            first,
            second,
            tuple(output or ()),
            pack,
            plan,
            settings,
            parse_day(as_of),
            allow_identifiable,
        )
    )


def moderate(
    first: FirstArgument,
    second: SecondArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The moderated records: .json or .ndjson.")
    ],
    decisions: Annotated[
        Path, typer.Option("--decisions", help="The moderator's decisions; written if not there.")
    ],
    leave_undecided: Annotated[
        bool, typer.Option("--leave-undecided", help="What is open becomes not recorded.")
    ] = False,
    pack: PackOption = None,
    allow_identifiable: AllowOption = None,
) -> int:
    """Make one reading of two, by a moderator's decisions on all in which they differ."""
    from scr_audit.cli.merging import ModerateRequest, moderate_command

    return moderate_command(
        ModerateRequest(
            first,
            second,
            output,
            decisions,
            "leave" if leave_undecided else "stop",
            pack,
            allow_identifiable,
        )
    )
