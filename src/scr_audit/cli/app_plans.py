"""The commands about samples: drawing one, drawing it again, replacing what it drew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scr_audit.cli.options import PackOption, parse_day

SampleArgument = Annotated[Path, typer.Argument(help="A sample's .json.")]
PreviousOption = Annotated[
    list[Path] | None, typer.Option("--previous", help="An earlier sample's .json.")
]


def add_to(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.command()(sample)
    app.command()(redraw)
    app.command()(replace)


def sample(
    files: Annotated[list[str], typer.Argument(help="Records, as run reads them.")],
    plan: Annotated[str, typer.Option("--audit", help="The audit plan: a file or an id.")],
    seed: Annotated[str, typer.Option("--seed", help="A text; the same one draws the same.")],
    output: Annotated[
        list[Path],
        typer.Option(
            "--output", "-o", help="The sample, .json; once more: the drawn records, .ndjson."
        ),
    ],
    reserve_output: Annotated[
        Path | None,
        typer.Option("--reserve-output", help="The records of the reserve: .ndjson or .json."),
    ] = None,
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
    confidence: Annotated[
        Literal["90", "95", "99"] | None,
        typer.Option("--confidence", help="Per cent, of the precision; default 95."),
    ] = None,
    strata: Annotated[
        list[str] | None,
        typer.Option("--strata", help="A fact; each of its values is drawn from. May be repeated."),
    ] = None,
    reserve: Annotated[
        int | None, typer.Option("--reserve", min=0, help="How many more, in their order.")
    ] = None,
    previous: PreviousOption = None,
    not_again: Annotated[
        str | None, typer.Option("--not-again-within", help="Such as '12 months'.")
    ] = None,
    pack: PackOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day of the draw; default today.")
    ] = None,
) -> int:
    """Draw records for an audit at random, so that the draw can be repeated."""
    from scr_audit.cli.sampling import SampleRequest, sample_command

    return sample_command(
        SampleRequest(
            files=tuple(files), plan=plan, seed=seed, outputs=tuple(output), as_of=parse_day(as_of),
            reserve_output=reserve_output, period=period, size=size, precision=precision,
            expect=expect, confidence=None if confidence is None else int(confidence),
            strata=tuple(strata or ()), reserve=reserve, previous=tuple(previous or ()),
            not_again=not_again, pack=pack,
        )
    )  # fmt: skip


def redraw(
    sample: SampleArgument,
    files: Annotated[list[str], typer.Argument(help="The records that it was drawn from.")],
    plan: Annotated[
        str | None, typer.Option("--audit", help="The plan's file, where it is no shipped one.")
    ] = None,
    previous: PreviousOption = None,
    pack: PackOption = None,
) -> int:
    """Draw a sample again from the records, and tell whether it is the same or what differs."""
    from scr_audit.cli.redrawing import RedrawRequest, redraw_command

    return redraw_command(RedrawRequest(sample, tuple(files), plan, tuple(previous or ()), pack))


def replace(
    sample: SampleArgument,
    record: Annotated[str, typer.Argument(help="The drawn record that cannot be audited: its id.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in one line.")],
    by_role: Annotated[
        str, typer.Option("--by-role", help="In which role you do it: a post, never a name.")
    ],
    on: Annotated[str | None, typer.Option("--on", help="The day; default today.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write the sample; default over itself."),
    ] = None,
) -> int:
    """Put the first of a sample's reserve in the place of a record, and keep why."""
    from scr_audit.cli.redrawing import ReplaceRequest, replace_command

    day = parse_day(on, option="--on")
    return replace_command(ReplaceRequest(sample, record, reason, by_role, day, output or sample))
