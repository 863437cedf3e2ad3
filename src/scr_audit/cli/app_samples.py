"""The commands about samples, their two readings, and exceptions to what is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from scr_audit.cli.options import (
    ALLOW,
    AS_OF,
    BY_ROLE,
    NEEDED,
    PACK,
    PLAN,
    RECORDS,
    SETTINGS,
    Name,
    app,
    argument,
    command,
    group,
    option,
)

PREVIOUS = option("--previous", "An earlier sample's .json.")
SAMPLE = argument("A sample's .json.")
FIRST = argument("Records as the first auditor read them: a file or a folder.")
SECOND = argument("The same records as the second read them.")
exceptions = group(
    "exceptions", "Approved exceptions: units that may be not met for a while, and why."
)


@command(app, "sample", "sample.sample_command")
class SampleRequest:
    """Draw records for an audit at random, so that the draw can be repeated."""

    files: tuple[Name, ...] = argument("Records, as run reads them.")
    plan: Name = option("--audit", "The audit plan: a file or an id.", ...)
    seed: str = option("--seed", "A text; the same one draws the same.", ...)
    outputs: tuple[Path, ...] = option(
        "--output -o", "The sample, .json; once more: the drawn records, .ndjson.", ...
    )
    reserve_output: Path | None = option(
        "--reserve-output", "The records of the reserve: .ndjson or .json."
    )
    period: str | None = option("--period", "Only records with something in these days.")
    size: int | None = option("--size", "How many records to draw.", min=1)
    precision: int | None = option("--precision", "Per cent to either side.", min=1, max=49)
    expect: float | None = option("--expect", "The share met that is expected: 0.7.")
    confidence: Literal["90", "95", "99"] | None = option(
        "--confidence", "Per cent, of the precision; default 95."
    )
    strata: tuple[str, ...] = option(
        "--strata", "A fact; each of its values is drawn from. May be repeated."
    )
    reserve: int | None = option("--reserve", "How many more, in their order.", min=0)
    previous: tuple[Path, ...] = PREVIOUS
    not_again: str | None = option("--not-again-within", "Such as '12 months'.")
    pack: Name | None = PACK
    as_of: date = option("--as-of", "The day of the draw; default today.")

    @property
    def record_outputs(self) -> list[Path]:
        """The files of drawn records, and that of the reserve's."""
        return [*self.outputs[1:], *([self.reserve_output] if self.reserve_output else [])]


@command(app, "redraw", "sample.redraw_command")
class RedrawRequest:
    """Draw a sample again from the records, and tell whether it is the same or what differs."""

    sample: Path = SAMPLE
    files: tuple[Name, ...] = argument("The records that it was drawn from.")
    plan: Name | None = option("--audit", "The plan's file, where it is no shipped one.")
    previous: tuple[Path, ...] = PREVIOUS
    pack: Name | None = PACK


@command(app, "replace", "sample.replace_command", spread=True)
class _Replace:
    """Put the first of a sample's reserve in the place of a record, and keep why."""

    sample: Path = SAMPLE
    record: str = argument("The drawn record that cannot be audited: its id.")
    reason: str = option("--reason", "Why, in one line.", ...)
    by_role: str = BY_ROLE
    on: date = option("--on", "The day; default today.")
    output: Path | None = option("--output -o", "Where to write the sample; default over itself.")


@command(app, "agree", "readings.agree_command")
class AgreeRequest:
    """Compare two readings of the same sample: per cent agreement, kappa, disagreements."""

    first: Name = FIRST
    second: Name = SECOND
    outputs: tuple[Path, ...] = option("--output -o", "A report: .xlsx, .html, .md, .csv or .json.")
    pack: Name | None = PACK
    plan: Name | None = PLAN
    settings: Path | None = SETTINGS
    as_of: date = AS_OF
    allow_identifiable: str | None = ALLOW


@command(app, "moderate", "readings.moderate_command")
class ModerateRequest:
    """Make one reading of two, by a moderator's decisions on all in which they differ."""

    first: Name = FIRST
    second: Name = SECOND
    output: Path = option("--output -o", "The moderated records: .json or .ndjson.", ...)
    decisions: Path = option("--decisions", "The moderator's decisions; written if not there.", ...)
    leave_undecided: bool = option(
        "--leave-undecided", "What is open becomes not recorded.", default=False
    )
    pack: Name | None = PACK
    allow_identifiable: str | None = ALLOW


@exceptions.callback()
def _group() -> None:
    """Keep `add` a command of its own, though it is the only one."""


@command(exceptions, "add", "approvals.add_command")
class ExceptionRequest:
    """Add an exception, which names its unit by facts and not by its place."""

    file: Path = argument("The file of exceptions; made if not there.")
    rule: str = option("--rule", "The rule's id.", ...)
    record: str = option("--record -r", "The record's id.", ...)
    records: tuple[Name, ...] = replace(RECORDS, default=NEEDED)
    reason: str = option("--reason", "Why, without names.", ...)
    by_role: str = option("--by-role", "In which role it was approved: never a name.", ...)
    since: date = option("--from", "The first day it is in force.", ...)
    until: date = option("--until", "The last day it is in force.", ...)
    unit: tuple[str, ...] = option(
        "--unit", "NAME=VALUE: a fact that tells the unit, or its pointer; default every unit."
    )
    pack: Name | None = PACK
