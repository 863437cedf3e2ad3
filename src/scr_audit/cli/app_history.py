"""The commands of the history of runs: `history`, `compare`, `trend`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from scr_audit.cli.options import (
    ALLOW,
    JSON,
    QUIET,
    RECORDS,
    SERIES_PLAN,
    Name,
    app,
    argument,
    command,
    group,
    option,
)

STORE = option("--store", "The store of runs: a file, or a PostgreSQL URL.")
OUTPUTS = option("--output -o", "A file to write: .html, .md, .csv or .json.")
history = group("history", "The history of runs: add run bundles, list what is kept, get it back.")


@command(history, "add", "history.add_command")
class KeepRequest:
    """Add runs to the history, each whole or not at all."""

    bundles: tuple[Path, ...] = argument("Run bundles, as 'run -o run.json' writes.")
    store: Name | None = STORE
    detail: Literal["totals", "findings", "facts"] = option(
        "--detail", "What is kept: no findings, outcomes only, or all facts.", default="findings"
    )
    period: str | None = option("--period", "The days a run is about: 2026Q1, 2026-03, 2026.")


@command(history, "list", "history.list_command", spread=True)
class _List:
    """List the runs of the history."""

    store: Name | None = STORE
    json: bool = JSON


@command(history, "export", "history.export_command", spread=True)
class _Export:
    """Write what was kept of a run as a run bundle."""

    run: Name = argument("A run's id, or its first 6 characters or more.")
    output: Path = option("--output -o", "The .json file to write.", ...)
    store: Name | None = STORE


@command(app, "compare", "compare.compare_command")
class CompareRequest:
    """Compare two runs: what opened, closed, regressed; what may be chance; what is the rules'."""

    then: Name = argument("A bundle, a run's id, or last~1 of the store.")
    now: Name = argument("The later run, such as last.")
    outputs: tuple[Path, ...] = OUTPUTS
    store: Name | None = STORE
    plan: Name | None = SERIES_PLAN
    records: tuple[Name, ...] = RECORDS
    pack: Name | None = option("--pack -p", "The pack of the later run, for --records.")
    audit: Name | None = option("--audit", "The plan of the later run, for --records.")
    settings: Path | None = option("--settings", "The settings of the later run.")
    quiet: bool = QUIET
    allow_identifiable: str | None = ALLOW


@command(app, "trend", "compare.trend_command")
class TrendRequest:
    """Show how the shares went over the runs of the history, and what is more than chance."""

    store: Name | None = STORE
    plan: Name | None = option("--plan", "The audit plan of the series, where there are several.")
    pack: Name | None = option("--pack -p", "The id of the pack of the series.")
    rules: tuple[str, ...] = option("--rule -r", "Only this rule; may be repeated.")
    by: Literal["month", "quarter", "run"] | None = option(
        "--by", "What a point is; default as the periods of the runs are."
    )
    without: tuple[str, ...] = option(
        "--without", "A run to leave out, by its id; may be repeated."
    )
    outputs: tuple[Path, ...] = OUTPUTS
    quiet: bool = QUIET
