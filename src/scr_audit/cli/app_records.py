"""The commands that make records, draw samples of them, and deal with readings and exceptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from scr_audit.cli.options import (
    ALLOW,
    AS_OF,
    BY_ROLE,
    KIND,
    NEEDED,
    PACK,
    PLAN,
    RECORDS,
    SETTINGS,
    NamedFile,
    app,
    argument,
    command,
    group,
    option,
)

form = group(
    "form",
    "Excel forms of the questions, and their answers as records.",
)


@command(app, "anonymise", "new_records.anonymise_command")
class AnonymiseRequest:
    """Take identifiers out of records.

    Numbers, addresses, birth dates, and names after titles.
    """

    files: tuple[NamedFile, ...] = argument("Records, as run reads them.")
    output: Path = option("--output -o", "The records made anonymous: .json or .ndjson.", ...)
    key: Path | None = option("--key", "Your key: ids become pseudonyms made with it.")
    new_key: Path | None = option("--new-key", "The same, with a key made now in this file.")
    report: Path | None = option("--report", "A .json file: what was done, and where.")
    pack: NamedFile | None = PACK


@command(app, "merge", "readings.merge_command")
class MergeRequest:
    """Make one record of several about the same thing.

    Such as an import and a form.
    """

    files: tuple[NamedFile, ...] = argument("Records of several sources, as run reads.")
    output: Path = option("--output -o", "The merged records: .json or .ndjson.", ...)
    decisions: Path | None = option(
        "--decisions", "Where conflicts are decided; written if not there."
    )
    pack: NamedFile | None = PACK
    allow_identifiable: str | None = ALLOW


@command(app, "import", "new_records.import_command")
class ImportRequest:
    """Make records of national data, without identifiers."""

    file: NamedFile = argument("National data: an .xml file, or API documents as .json.")
    output: Path = option("--output -o", "The records to write: .json or .ndjson.", ...)
    mapping: NamedFile | None = option(
        "--mapping", "A mapping of the pack, or a file; default by suffix."
    )
    key: Path | None = option("--key", "The key of the pseudonyms; made if there is no such file.")
    whole_report: bool = option(
        "--report-unmapped", "List all that no fact was made of.", default=False
    )
    pack: NamedFile | None = PACK


@command(form, "new", "new_records.new_command")
class FormRequest:
    """Make a form of the questions that the rules need answered."""

    output: Path = option("--output -o", "The form, .xlsx; or a folder, with --prefill.", ...)
    pack: NamedFile | None = PACK
    plan: NamedFile | None = PLAN
    kind: str | None = KIND
    prefill: Path | None = option(
        "--prefill", "Imported records: one form each, asking what is missing."
    )
    rows: int = option("--rows", "Empty rows of each list.", default=15, min=1, max=200)


@command(form, "read", "new_records.read_command")
class ReadRequest:
    """Read filled forms as records, which `run` judges."""

    files: tuple[Path, ...] = argument("Forms that were filled in.")
    output: Path | None = option("--output -o", "The records, .json; default stdout.")
    pack: NamedFile | None = PACK
    migrate: bool = option(
        "--migrate", "Read forms of another pack; say what has no place.", default=False
    )
    words: Path | None = option("--words", "Your own words, .csv: what is written, what it means.")
    marked: Path | None = option("--marked", "Folder for copies of wrong forms, marked.")
    allow_identifiable: str | None = ALLOW


PREVIOUS = option("--previous", "An earlier sample's .json.")
SAMPLE = argument("A sample's .json.")
FIRST = argument("Records as the first auditor read them: a file or a folder.")
SECOND = argument("The same records as the second read them.")
exceptions = group("exceptions", "Approved exceptions: what may be not met for a while.")


@command(app, "sample", "sample.sample_command")
class SampleRequest:
    """Draw records at random, so that the draw can be repeated."""

    files: tuple[NamedFile, ...] = argument("Records, as run reads them.")
    plan: NamedFile = replace(PLAN, default=NEEDED)
    seed: str = option("--seed", "A text; the same one draws the same.", ...)
    outputs: tuple[Path, ...] = option(
        "--output -o", "The sample, .json; once more: the drawn records, .ndjson.", ...
    )
    reserve_output: Path | None = option(
        "--reserve-output", "The records of the reserve: .ndjson or .json."
    )
    period: str | None = option(
        "--period", "Only records with something in these days, such as Q3 2026."
    )
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
    pack: NamedFile | None = PACK
    as_of: date = option("--as-of", "The day of the draw; default today.")

    @property
    def record_outputs(self) -> list[Path]:
        """The files of drawn records, and that of the reserve's."""
        return [*self.outputs[1:], *([self.reserve_output] if self.reserve_output else [])]


@command(app, "redraw", "sample.redraw_command")
class RedrawRequest:
    """Draw a sample again, and tell whether it is the same.

    Where it is not, what differs.
    """

    sample: Path = SAMPLE
    files: tuple[NamedFile, ...] = argument("The records that it was drawn from.")
    plan: NamedFile | None = option("--audit", "The plan's file, where it is no shipped one.")
    previous: tuple[Path, ...] = PREVIOUS
    pack: NamedFile | None = PACK


@command(app, "replace", "sample.replace_command", spread=True)
class _Replace:
    """Replace a drawn record by the first of the reserve.

    The reason is kept in the sample.
    """

    sample: Path = SAMPLE
    record: str = argument("The drawn record that cannot be audited: its id.")
    reason: str = option("--reason", "Why, in one line.", ...)
    by_role: str = BY_ROLE
    on: date = option("--on", "The day; default today.")
    output: Path | None = option("--output -o", "Where to write the sample; default over itself.")


@command(app, "agree", "readings.agree_command")
class AgreeRequest:
    """Compare two readings of the same sample.

    Per cent agreement, kappa, and every disagreement.
    """

    first: NamedFile = FIRST
    second: NamedFile = SECOND
    outputs: tuple[Path, ...] = option("--output -o", "A report: .xlsx, .html, .md, .csv or .json.")
    pack: NamedFile | None = PACK
    plan: NamedFile | None = PLAN
    settings: Path | None = SETTINGS
    as_of: date = AS_OF
    allow_identifiable: str | None = ALLOW


@command(app, "moderate", "readings.moderate_command")
class ModerateRequest:
    """Make one reading of two, by a moderator's decisions.

    On everything in which they differ.
    """

    first: NamedFile = FIRST
    second: NamedFile = SECOND
    output: Path = option("--output -o", "The moderated records: .json or .ndjson.", ...)
    decisions: Path = option("--decisions", "The moderator's decisions; written if not there.", ...)
    leave_undecided: bool = option(
        "--leave-undecided", "What is open becomes not recorded.", default=False
    )
    pack: NamedFile | None = PACK
    allow_identifiable: str | None = ALLOW


@exceptions.callback()
def _group() -> None:
    """Keep `add` a command of its own, though it is the only one."""


@command(exceptions, "add", "readings.exceptions_add_command")
class ExceptionRequest:
    """Add an exception, which names its unit by facts and not by its place."""

    file: Path = argument("The file of exceptions; made if not there.")
    rule: str = option("--rule", "The rule's id.", ...)
    record: str = option("--record -r", "The record's id.", ...)
    records: tuple[NamedFile, ...] = replace(RECORDS, default=NEEDED)
    reason: str = option("--reason", "Why, without names.", ...)
    by_role: str = option("--by-role", "In which role it was approved: never a name.", ...)
    since: date = option("--from", "The first day it is in force.", ...)
    until: date = option("--until", "The last day it is in force.", ...)
    unit: tuple[str, ...] = option(
        "--unit", "NAME=VALUE: a fact that tells the unit, or its pointer; default every unit."
    )
    pack: NamedFile | None = PACK
