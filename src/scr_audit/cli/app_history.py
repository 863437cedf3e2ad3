"""The commands of the history of runs: `history`, `compare`, `trend`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scr_audit.cli.options import AllowOption

StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="The store of runs: a file, or a PostgreSQL URL."),
]
history_app = typer.Typer(
    help="The history of runs: add run bundles, list what is kept, get it back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.add_typer(history_app, name="history")
    app.command(name="compare")(compare)
    app.command(name="trend")(trend)


@history_app.command(name="add")
def history_add(
    bundles: Annotated[
        list[Path], typer.Argument(help="Run bundles, as 'run -o run.json' writes.")
    ],
    store: StoreOption = None,
    detail: Annotated[
        Literal["totals", "findings", "facts"],
        typer.Option("--detail", help="What is kept: no findings, outcomes only, or all facts."),
    ] = "findings",
    period: Annotated[
        str | None,
        typer.Option("--period", help="The days a run is about: 2026Q1, 2026-03, 2026."),
    ] = None,
) -> int:
    """Add runs to the history, each whole or not at all."""
    from scr_audit.cli.history import AddRequest, add_command

    return add_command(AddRequest(tuple(bundles), store, detail, period))


@history_app.command(name="list")
def history_list(
    store: StoreOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """List the runs of the history."""
    from scr_audit.cli.history import list_command

    return list_command(store, as_json=json)


@history_app.command(name="export")
def history_export(
    run: Annotated[str, typer.Argument(help="A run's id, or its first 6 characters or more.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The .json file to write.")],
    store: StoreOption = None,
) -> int:
    """Write what was kept of a run as a run bundle."""
    from scr_audit.cli.history import export_command

    return export_command(run, output, store)


def compare(
    then: Annotated[str, typer.Argument(help="A bundle, a run's id, or last~1 of the store.")],
    now: Annotated[str, typer.Argument(help="The later run, such as last.")],
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="A file to write: .html, .md, .csv or .json."),
    ] = None,
    store: StoreOption = None,
    plan: Annotated[
        str | None, typer.Option("--plan", help="The audit plan whose series 'last' is of.")
    ] = None,
    records: Annotated[
        list[str] | None,
        typer.Option("--records", help="The earlier run's records, to judge by the new rules."),
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", "-p", help="The pack of the later run, for --records.")
    ] = None,
    audit: Annotated[
        str | None, typer.Option("--audit", help="The plan of the later run, for --records.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="The settings of the later run.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
    allow_identifiable: AllowOption = None,
) -> int:
    """Compare two runs: what opened, closed, regressed; what may be chance; what is the rules'."""
    from scr_audit.cli.comparing import CompareRequest, compare_command
    from scr_audit.cli.history import Named

    return compare_command(
        CompareRequest(
            then=then, now=now, where=Named(store, plan), outputs=tuple(output or ()),
            records=tuple(records or ()), pack=pack, audit=audit, settings=settings, quiet=quiet,
            allow_identifiable=allow_identifiable,
        )
    )  # fmt: skip


def trend(
    store: StoreOption = None,
    plan: Annotated[
        str | None,
        typer.Option("--plan", help="The audit plan of the series, where there are several."),
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", "-p", help="The id of the pack of the series.")
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", "-r", help="Only this rule; may be repeated.")
    ] = None,
    by: Annotated[
        Literal["month", "quarter", "run"] | None,
        typer.Option("--by", help="What a point is; default as the periods of the runs are."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="A run to leave out, by its id; may be repeated."),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="A file to write: .html, .md, .csv or .json."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> int:
    """Show how the shares went over the runs of the history, and what is more than chance."""
    from scr_audit.cli.comparing import TrendRequest, trend_command

    return trend_command(
        TrendRequest(
            store=store, plan=plan, pack=pack, rules=tuple(rule or ()), by=by,
            without=tuple(without or ()), outputs=tuple(output or ()), quiet=quiet,
        )
    )  # fmt: skip
