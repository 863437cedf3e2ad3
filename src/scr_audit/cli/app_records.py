"""The commands that make records: `import`, `form`, `merge`, `anonymise`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scr_audit.cli.options import AllowOption, PackOption, PlanOption

form_app = typer.Typer(
    help="Forms for auditors: an Excel workbook of the questions, and the answers as records.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.command()(anonymise)
    app.command()(merge)
    app.command(name="import")(import_)
    app.add_typer(form_app, name="form")


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
    allow_identifiable: AllowOption = None,
) -> int:
    """Make one record of those about the same thing, such as an import and a form."""
    from scr_audit.cli.merging import MergeRequest, merge_command

    return merge_command(MergeRequest(tuple(files), output, decisions, pack, allow_identifiable))


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


@form_app.command(name="new")
def form_new(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The form, .xlsx; or a folder, with --prefill."),
    ],
    pack: PackOption = None,
    plan: PlanOption = None,
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
    allow_identifiable: AllowOption = None,
) -> int:
    """Read filled forms as records, which `run` judges."""
    from scr_audit.cli.forms import ReadRequest, read_command

    return read_command(
        ReadRequest(
            files=tuple(files), output=output, pack=pack,
            other_pack="migrate" if migrate else "refuse", allow_identifiable=allow_identifiable,
        )
    )  # fmt: skip
