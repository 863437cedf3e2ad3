"""The commands that make records: `anonymise`, `merge`, `import`, `form`."""

from __future__ import annotations

from pathlib import Path

from scr_audit.cli.options import (
    ALLOW,
    KIND,
    PACK,
    PLAN,
    Name,
    app,
    argument,
    command,
    group,
    option,
)

form = group(
    "form",
    "Forms for auditors: an Excel workbook of the questions, and the answers as records.",
)


@command(app, "anonymise", "anonymise.anonymise_command")
class AnonymiseRequest:
    """Take identifiers out of records: numbers, addresses, birth dates, names after titles."""

    files: tuple[Name, ...] = argument("Records, as run reads them.")
    output: Path = option("--output -o", "The records made anonymous: .json or .ndjson.", ...)
    key: Path | None = option("--key", "Your key: ids become pseudonyms made with it.")
    new_key: Path | None = option("--new-key", "The same, with a key made now in this file.")
    report: Path | None = option("--report", "A .json file: what was done, and where.")
    pack: Name | None = PACK


@command(app, "merge", "readings.merge_command")
class MergeRequest:
    """Make one record of those about the same thing, such as an import and a form."""

    files: tuple[Name, ...] = argument("Records of several sources, as run reads.")
    output: Path = option("--output -o", "The merged records: .json or .ndjson.", ...)
    decisions: Path | None = option(
        "--decisions", "Where conflicts are decided; written if not there."
    )
    pack: Name | None = PACK
    allow_identifiable: str | None = ALLOW


@command(app, "import", "national_data.import_command")
class ImportRequest:
    """Make records of national data, without what identifies anybody."""

    file: Name = argument("National data: a census .xml, or API documents as .json.")
    output: Path = option("--output -o", "The records to write: .json or .ndjson.", ...)
    mapping: Name | None = option(
        "--mapping", "A mapping of the pack, or a file; default by suffix."
    )
    key: Path | None = option("--key", "The key of the pseudonyms; made if there is no such file.")
    whole_report: bool = option(
        "--report-unmapped", "List all that no fact was made of.", default=False
    )
    pack: Name | None = PACK


@command(form, "new", "forms.new_command")
class FormRequest:
    """Make a form of the questions that the rules need answered."""

    output: Path = option("--output -o", "The form, .xlsx; or a folder, with --prefill.", ...)
    pack: Name | None = PACK
    plan: Name | None = PLAN
    kind: str | None = KIND
    prefill: Path | None = option(
        "--prefill", "Imported records: one form each, asking what is missing."
    )
    rows: int = option("--rows", "Empty rows of each list.", default=15, min=1, max=200)


@command(form, "read", "forms.read_command")
class ReadRequest:
    """Read filled forms as records, which `run` judges."""

    files: tuple[Path, ...] = argument("Forms that were filled in.")
    output: Path | None = option("--output -o", "The records, .json; default stdout.")
    pack: Name | None = PACK
    migrate: bool = option(
        "--migrate", "Read forms of another pack; say what has no place.", default=False
    )
    allow_identifiable: str | None = ALLOW
