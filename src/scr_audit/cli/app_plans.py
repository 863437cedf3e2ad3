"""The command that draws a sample: its arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command()(sample)


def sample(
    files: Annotated[list[str], typer.Argument(help="Records, as run reads them.")],
    plan: Annotated[str, typer.Option("--audit", help="The audit plan: a file or an id.")],
    seed: Annotated[str, typer.Option("--seed", help="A text; the same one draws the same.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The sample to write, .json.")],
    period: Annotated[
        str | None, typer.Option("--period", help="Only records with something in these days.")
    ] = None,
    size: Annotated[
        int | None, typer.Option("--size", min=1, help="How many records to draw.")
    ] = None,
    precision: Annotated[
        int | None, typer.Option("--precision", min=1, max=49, help="Per cent to either side.")
    ] = None,
    expect: Annotated[
        float | None, typer.Option("--expect", help="The share met that is expected: 0.7.")
    ] = None,
    strata: Annotated[
        str | None, typer.Option("--strata", help="A fact; each of its values is drawn from.")
    ] = None,
    reserve: Annotated[
        int | None, typer.Option("--reserve", min=0, help="How many more, in their order.")
    ] = None,
    previous: Annotated[
        list[Path] | None, typer.Option("--previous", help="An earlier sample's .json.")
    ] = None,
    not_again: Annotated[
        str | None, typer.Option("--not-again-within", help="Such as '12 months'.")
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", "-p", help="A pack's folder, or a shipped one's id.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day of the draw; default today.")
    ] = None,
) -> int:
    """Draw records for an audit at random, so that the draw can be repeated."""
    from scr_audit.cli.options import parse_day
    from scr_audit.cli.sampling import SampleRequest, sample_command

    return sample_command(
        SampleRequest(
            files=tuple(files), plan=plan, seed=seed, output=output, as_of=parse_day(as_of),
            period=period, size=size, precision=precision, expect=expect, strata=strata,
            reserve=reserve, previous=tuple(previous or ()), not_again=not_again, pack=pack,
        )
    )  # fmt: skip
