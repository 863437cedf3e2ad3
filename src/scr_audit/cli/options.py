"""Options that several commands have."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scr_audit.errors import InputError

PackOption = Annotated[
    str | None,
    typer.Option("--pack", "-p", help="A pack's folder, or the id of a shipped one."),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", help="A file of local parameter values; reports show them."),
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="The day the audit is run for; default today.")
]
ExceptionsOption = Annotated[
    Path | None,
    typer.Option("--exceptions", help="Approved exceptions: units that may be not met, and why."),
]
AllowOption = Annotated[
    str | None,
    typer.Option("--allow-identifiable", help="Why identifiable records may be read."),
]
PlanOption = Annotated[
    str | None,
    typer.Option("--audit", help="An audit plan, which chooses the rules: a file or an id."),
]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", help="2026Q3, 2026-07, 2026/27 or 2026-07-01..2026-09-30."),
]


def parse_day(text: str | None, option: str = "--as-of") -> date:
    """The day that an option tells; today where none is given."""
    if text is None:
        return date.today()
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError("it is not written year-month-day")
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option} {text}: {error}; expected a day such as 2026-11-24") from None
