"""The commands: their arguments and options, each handed to the module that does it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from scr_audit.errors import InputError

app = typer.Typer(
    name="scr-audit",
    help="Audit anonymised case records against the recommendations of a review.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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
Severity = Literal["high", "medium", "low"]


def _version(wanted: bool) -> None:
    if wanted:
        from scr_audit._version import __version__

        typer.echo(f"scr-audit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Audit anonymised case records against the recommendations of a review."""


@app.command()
def run(
    files: Annotated[
        list[str],
        typer.Argument(help="Records: .json or .ndjson files; - is standard input."),
    ],
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="A report to write; the format by suffix."),
    ] = None,
    pack: PackOption = None,
    plan: Annotated[
        Path | None, typer.Option("--audit", help="An audit plan, which chooses the rules.")
    ] = None,
    settings: SettingsOption = None,
    as_of: AsOfOption = None,
    exceptions: ExceptionsOption = None,
    moderated_from: Annotated[
        list[str] | None,
        typer.Option("--moderated-from", help="Twice: the two readings the records come of."),
    ] = None,
    totals_only: Annotated[
        bool, typer.Option("--totals-only", help="Count outcomes; keep no findings.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="Processes, with --totals-only.")
    ] = 1,
    fail_on: Annotated[
        Severity | None,
        typer.Option("--fail-on", help="Exit 1 if a rule of this severity or more is not met."),
    ] = None,
    edition: Annotated[
        Literal["auditor", "board"],
        typer.Option("--edition", help="board: safe to publish; small counts are masked."),
    ] = "auditor",
    disclosure: Annotated[
        str | None,
        typer.Option("--disclosure", help="The board's profile: standard, strict or a file."),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--earlier", help="An earlier run's .json of this edition: what changed?"),
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option("--templates", help="A folder of templates in place of shipped ones."),
    ] = None,
    word: Annotated[
        Path | None, typer.Option("--template", help="A Word document to fill for .docx.")
    ] = None,
    allow_identifiable: Annotated[
        str | None,
        typer.Option("--allow-identifiable", help="Why identifiable records may be judged."),
    ] = None,
    require_k: Annotated[
        int | None,
        typer.Option("--require-k", min=2, help="Stop unless every record has k - 1 like it."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No table.")] = False,
) -> int:
    """Judge records and report what is met, not met and not evidenced."""
    from scr_audit.cli.reporting import ReportRequest
    from scr_audit.cli.running import RunRequest, run_command

    reports = ReportRequest(
        outputs=tuple(output or ()),
        edition=edition,
        disclosure=disclosure,
        earlier=tuple(earlier or ()),
        templates=templates,
        word=word,
        totals_only=totals_only,
        quiet=quiet,
    )
    return run_command(
        RunRequest(
            files=tuple(files),
            reports=reports,
            pack=pack,
            plan=plan,
            settings=settings,
            as_of=parse_day(as_of),
            exceptions=exceptions,
            moderated_from=tuple(moderated_from or ()),
            jobs=jobs,
            fail_on=fail_on,
            allow_identifiable=allow_identifiable,
            require_k=require_k,
        )
    )


@app.command()
def anonymise(
    files: Annotated[list[str], typer.Argument(help="Records, as run reads them.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The records made anonymous: .json or .ndjson.")
    ],
    key: Annotated[
        Path | None, typer.Option("--key", help="Your key: ids become pseudonyms made with it.")
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", help="The same, with a key made now in this file.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="A .json file: what was done, and where.")
    ] = None,
    pack: PackOption = None,
) -> int:
    """Take identifiers out of records: numbers, addresses, birth dates, names after titles."""
    from scr_audit.cli.anonymising import AnonymiseRequest, anonymise_command

    return anonymise_command(AnonymiseRequest(tuple(files), output, key, new_key, report, pack))


@app.command()
def merge(
    files: Annotated[list[str], typer.Argument(help="Records of several sources, as run reads.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The merged records: .json or .ndjson.")
    ],
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", help="Where conflicts are decided; written if not there."),
    ] = None,
    pack: PackOption = None,
) -> int:
    """Make one record of those about the same thing, such as an import and a form."""
    from scr_audit.cli.merging import MergeRequest, merge_command

    return merge_command(MergeRequest(tuple(files), output, decisions, pack))


@app.command()
def check(
    pack: Annotated[
        str | None, typer.Argument(help="A pack's folder or id; default the built-in pack.")
    ] = None,
    mutations: Annotated[
        bool, typer.Option(help="Change each part of each rule: do the examples notice?")
    ] = True,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings and surviving mutants fail too.")
    ] = False,
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="A report to write: .xml (JUnit) or .sarif."),
    ] = None,
) -> int:
    """Check a pack's files, run its examples, and mutate its rules."""
    from scr_audit.cli.checking import CheckRequest, check_command

    return check_command(
        CheckRequest(pack=pack, outputs=tuple(output or ()), mutations=mutations, strict=strict)
    )


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="A rule's id.")],
    files: Annotated[list[str] | None, typer.Argument(help="Records to explain it on.")] = None,
    record: Annotated[str | None, typer.Option("--record", "-r", help="Only this record.")] = None,
    source: Annotated[
        bool, typer.Option("--source", help="Show the Python that decides the rule.")
    ] = False,
    pack: PackOption = None,
    settings: SettingsOption = None,
    as_of: AsOfOption = None,
    exceptions: ExceptionsOption = None,
) -> int:
    """Show a rule in words or, with records, why each unit got its outcome."""
    from scr_audit.cli.explaining import explain_command

    return explain_command(
        rule, files or [], record=record, source=source, pack=pack, settings=settings,
        as_of=parse_day(as_of), exceptions=exceptions,
    )  # fmt: skip


@app.command(name="list")
def list_rules(
    pack: PackOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    packs: Annotated[bool, typer.Option("--packs", help="The shipped packs instead.")] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Each paragraph: its rules, facts and examples.")
    ] = False,
) -> int:
    """List the rules of a pack, or the shipped packs."""
    from scr_audit.cli.listing import list_command

    return list_command(pack, as_json=json, packs=packs, by_paragraph=coverage)


@app.command()
def schema(
    name: Annotated[
        Literal[
            "rule",
            "pack",
            "recommendations",
            "settings",
            "plan",
            "exceptions",
            "mapping",
            "record",
            "run",
            "board",
        ],
        typer.Argument(help="Which file the schema is for."),
    ],
    kind: Annotated[
        str | None, typer.Option("--kind", help="The record kind; default the pack's first.")
    ] = None,
    pack: PackOption = None,
) -> int:
    """Print a JSON Schema, for editors and other programs."""
    from scr_audit.cli.listing import schema_command

    return schema_command(name, kind, pack)


@app.command(name="import")
def import_(
    file: Annotated[
        str, typer.Argument(help="National data: a census .xml, or API documents as .json.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The records to write: .json or .ndjson.")
    ],
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", help="A mapping of the pack, or a file; default by suffix."),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The key of the pseudonyms; made if there is no such file."),
    ] = None,
    report_unmapped: Annotated[
        bool, typer.Option("--report-unmapped", help="List all that no fact was made of.")
    ] = False,
    pack: PackOption = None,
) -> int:
    """Make records of national data, without what identifies anybody."""
    from scr_audit.cli.importing import ImportRequest, import_command

    return import_command(
        ImportRequest(
            source=file,
            output=output,
            mapping=mapping,
            key=key,
            pack=pack,
            whole_report=report_unmapped,
        )
    )


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> int:
    """Write a small pack, an audit plan and a record to start from."""
    from scr_audit.cli.starting import init_command

    return init_command(folder)


form_app = typer.Typer(
    help="Forms for auditors: an Excel workbook of the questions, and the answers as records.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(form_app, name="form")


@form_app.command(name="new")
def form_new(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The form, .xlsx; or a folder, with --prefill."),
    ],
    pack: PackOption = None,
    plan: Annotated[
        Path | None, typer.Option("--audit", help="An audit plan, which chooses the rules.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="The record kind; default the pack's first.")
    ] = None,
    prefill: Annotated[
        Path | None,
        typer.Option("--prefill", help="Imported records: one form each, asking what is missing."),
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows", min=1, max=200, help="Empty rows of each list.")
    ] = 15,
) -> int:
    """Make a form of the questions that the rules need answered."""
    from scr_audit.cli.forms import FormRequest, new_command

    return new_command(
        FormRequest(output=output, pack=pack, plan=plan, kind=kind, prefill=prefill, rows=rows)
    )


@form_app.command(name="read")
def form_read(
    files: Annotated[list[Path], typer.Argument(help="Forms that were filled in.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The records, .json; default stdout.")
    ] = None,
    pack: PackOption = None,
    migrate: Annotated[
        bool,
        typer.Option("--migrate", help="Read forms of another pack; say what has no place."),
    ] = False,
) -> int:
    """Read filled forms as records, which `run` judges."""
    from scr_audit.cli.forms import ReadRequest, read_command

    return read_command(
        ReadRequest(
            files=tuple(files), output=output, pack=pack,
            other_pack="migrate" if migrate else "refuse",
        )
    )  # fmt: skip


def parse_day(text: str | None) -> Any:
    """The day of `--as-of`; today where none is given."""
    from datetime import date

    if text is None:
        return date.today()
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError("it is not written year-month-day")
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--as-of {text}: {error}; expected a day such as 2026-11-24") from None
