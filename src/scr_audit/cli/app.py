"""The commands: their arguments and options, each handed to the module that does it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scr_audit.cli import (
    app_actions,
    app_agreement,
    app_exceptions,
    app_history,
    app_plans,
    app_records,
)
from scr_audit.cli.options import (
    AllowOption,
    AsOfOption,
    ExceptionsOption,
    PackOption,
    PeriodOption,
    PlanOption,
    SettingsOption,
    parse_day,
)

app = typer.Typer(
    name="scr-audit",
    help="Audit anonymised case records against the recommendations of a review.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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
    plan: PlanOption = None,
    period: PeriodOption = None,
    sample_file: Annotated[
        Path | None, typer.Option("--sample", help="Only the records that this sample drew.")
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
        Literal["auditor", "board", "public"],
        typer.Option("--edition", help="board: no single records; public: rounded counts."),
    ] = "auditor",
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--earlier", help="An earlier run's .json; for public, all published before."),
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
    actions: Annotated[
        str | None,
        typer.Option("--actions", help="A store of actions: which name this run, and worked?"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No table.")] = False,
    store: Annotated[
        str | None,
        typer.Option("--store", help="Add the run to this store of runs; see 'history'."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Add the run to your own store of runs.")
    ] = False,
) -> int:
    """Judge records and report what is met, not met and not evidenced."""
    from scr_audit.cli.keeping import keep_of
    from scr_audit.cli.reporting import ReportRequest
    from scr_audit.cli.running import RunRequest, run_command

    reports = ReportRequest(
        outputs=tuple(output or ()),
        edition=edition,
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
            period=period,
            sample=sample_file,
            settings=settings,
            as_of=parse_day(as_of),
            exceptions=exceptions,
            moderated_from=tuple(moderated_from or ()),
            jobs=jobs,
            fail_on=fail_on,
            allow_identifiable=allow_identifiable,
            require_k=require_k,
            keep=keep_of(store, wanted=keep),
            actions=actions,
        )
    )


@app.command()
def check(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[PACK|PLAN]",
            help="A pack's folder or id, or a plan's .yaml or id; default the built-in packs.",
        ),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option("--pack", "-p", help="The pack of a plan, where it is no built-in one."),
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
    """Check a pack's files, run its examples, and mutate its rules; or check an audit plan."""
    from scr_audit.cli.checking import CheckRequest, check_command

    return check_command(
        CheckRequest(
            name=name, outputs=tuple(output or ()), mutations=mutations, strict=strict, pack=pack
        )
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
    allow_identifiable: AllowOption = None,
) -> int:
    """Show a rule in words or, with records, why each unit got its outcome."""
    from scr_audit.cli.explaining import explain_command

    return explain_command(
        rule, files or [], record=record, source=source, pack=pack, settings=settings,
        as_of=parse_day(as_of), exceptions=exceptions, allow_identifiable=allow_identifiable,
    )  # fmt: skip


@app.command(name="list")
def list_rules(
    pack: PackOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    packs: Annotated[bool, typer.Option("--packs", help="The shipped packs instead.")] = False,
    audits: Annotated[
        bool, typer.Option("--audits", help="The shipped audit plans instead.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Each paragraph: its rules, facts and examples.")
    ] = False,
) -> int:
    """List the rules of a pack, or the shipped packs or audit plans."""
    from scr_audit.cli.listing import list_audits, list_command

    if audits:
        return list_audits(as_json=json)
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
            "public",
            "sample",
            "agreement",
            "comparison",
            "trend",
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


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> int:
    """Write a small pack, an audit plan and a record to start from."""
    from scr_audit.cli.listing import init_command

    return init_command(folder)


for part in (app_records, app_plans, app_agreement, app_exceptions, app_actions, app_history):
    part.add_to(app)
command_line = typer.main.get_command(app)  # built once a process, which takes its time
