"""The command line: its commands in their order, and those about rules and runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from scr_audit.cli.options import (
    ALLOW,
    AS_OF,
    EXCEPTIONS,
    FULL,
    JSON,
    KIND,
    NAMED_PACK,
    PACK,
    PERIOD,
    PLAN,
    SETTINGS,
    NamedFile,
    app,
    argument,
    command,
    group,
    option,
    rule_ids,
)


@command(app, "run", "run.run_command")
class RunRequest:
    """Judge records: what is met, not met and not evidenced.

    Prints at most a screen; the reports have everything.
    """

    files: tuple[NamedFile, ...] = argument("Records: .json or .ndjson files; - is standard input.")
    outputs: tuple[Path, ...] = option("--output -o", "A report to write; the format by suffix.")
    pack: NamedFile | None = PACK
    plan: NamedFile | None = PLAN
    period: str | None = PERIOD
    sample: Path | None = option("--sample", "Only the records that this sample drew.")
    settings: Path | None = SETTINGS
    as_of: date = AS_OF
    exceptions: Path | None = EXCEPTIONS
    moderated_from: tuple[NamedFile, ...] = option(
        "--moderated-from", "Twice: the two readings the records come of."
    )
    totals_only: bool = option("--totals-only", "Count outcomes; keep no findings.", default=False)
    jobs: int | None = option("--jobs -j", "Processes; default the cores, for many records.", min=1)
    fail_on: Literal["high", "medium", "low"] | None = option(
        "--fail-on", "Exit 1 if a rule of this severity or more is not met."
    )
    edition: Literal["auditor", "board", "public"] = option(
        "--edition", "board: no single records; public: rounded counts.", default="auditor"
    )
    earlier: tuple[Path, ...] = option(
        "--earlier", "An earlier run's .json; for public, all published, in order."
    )
    templates: Path | None = option(
        "--templates", "A folder of templates in place of shipped ones."
    )
    word: Path | None = option("--template", "A Word document to fill for .docx.")
    allow_identifiable: str | None = option(
        "--allow-identifiable", "Why identifiable records may be judged."
    )
    require_k: int | None = option(
        "--require-k", "Stop unless every record has k - 1 like it.", min=2
    )
    actions: NamedFile | None = option(
        "--actions", "A store of actions: which name this run, and worked?"
    )
    office: str | None = option("--for", "Whose audit it is, for the first page of reports.")
    commentary: Path | None = option("--commentary", "A text of your own for the first page.")
    full: bool = FULL
    quiet: bool = option("--quiet -q", "Print nothing but what is wrong.", default=False)
    store: NamedFile | None = option("--store", "Add the run to this store of runs; see 'history'.")
    keep: bool = option("--keep", "Add the run to your own store of runs.", default=False)

    @property
    def keeps(self) -> bool:
        """Whether the run is added to a store."""
        return self.keep or self.store is not None


@command(app, "check", "check.check_command")
class CheckRequest:
    """Check a pack, or an audit plan.

    Of a pack its files, its examples and mutations of its rules.
    """

    name: NamedFile | None = argument(
        "A pack's folder or id, or a plan's .yaml or id; default the built-in packs.",
        default=None,
        metavar="[PACK|PLAN]",
    )
    pack: NamedFile | None = option("--pack -p", "The pack of a plan, where it is no built-in one.")
    mutations: bool = option(
        "--mutations/--no-mutations",
        "Change each part of each rule: do the examples notice?",
        default=True,
    )
    strict: bool = option("--strict", "Warnings and surviving mutants fail too.", default=False)
    rules: tuple[str, ...] = option("--rule", "Only the examples and mutants of this rule.")
    watch: bool = option("--watch", "Check again when a file changes, until Ctrl-C.", default=False)
    outputs: tuple[Path, ...] = option("--output -o", "A report to write: .xml (JUnit) or .sarif.")
    full: bool = FULL

    @property
    def plan(self) -> Path | None:
        """The audit plan to check, if a .yaml file or a shipped plan was named."""
        from scr_audit.plans.plan import shipped_plans
        from scr_audit.values.text import id_of

        path, known = Path(self.name or ""), shipped_plans()
        if path.suffix.lower() in (".yaml", ".yml") and path.is_file():
            return path
        return None if path.exists() else known.get(id_of(self.name or "", known))

    @property
    def packs(self) -> str | None:
        """The pack to load: the named one or, with a plan, the one given for it."""
        return self.name if self.plan is None else self.pack


@command(app, "format", "check.format_command", spread=True)
class _Format:
    """Lay out rule files: indentation and the order of keys.

    Comments stay.
    """

    names: tuple[Path, ...] = argument(
        "Packs' folders or rule files; default this folder.", default=None, metavar="[PACK|FILE]..."
    )
    check: bool = option("--check", "Change nothing; exit 1 if a file would.", default=False)


@command(app, "explain", "explain.explain_command", spread=True)
class _Explain:
    """Show a rule in words or, with records, what it found and why."""

    rule: str = argument("A rule's id.", autocompletion=rule_ids)
    files: tuple[NamedFile, ...] = argument("Records to explain it on.", default=None)
    record: str | None = option("--record -r", "Only this record.")
    source: bool = option("--source", "Show the Python that decides the rule.", default=False)
    conditions: bool = option(
        "--conditions", "Each condition of the rule; with records, and its facts.", default=False
    )
    full: bool = FULL
    pack: NamedFile | None = PACK
    settings: Path | None = SETTINGS
    as_of: date = AS_OF
    exceptions: Path | None = EXCEPTIONS
    allow_identifiable: str | None = ALLOW


@command(app, "try", "explain.try_command", spread=True)
class _Try:
    """Ask one condition of every record, and why it is so."""

    condition: str = argument("A condition, as a rule has it.")
    files: tuple[NamedFile, ...] = argument("Records to ask it of, as run reads them.")
    for_each: tuple[str, ...] = option("--for-each", "Of each item: 'visits as visit'.")
    kind: str | None = KIND
    full: bool = FULL
    pack: NamedFile | None = PACK
    as_of: date = AS_OF
    allow_identifiable: str | None = ALLOW


@command(app, "list", "packs.list_command", spread=True)
class _List:
    """List the rules of a pack, or the shipped packs or audit plans."""

    name: NamedFile | None = NAMED_PACK
    pack: NamedFile | None = PACK
    json: bool = JSON
    full: bool = FULL
    packs: bool = option("--packs", "The shipped packs instead.", default=False)
    audits: bool = option("--audits", "The shipped audit plans instead.", default=False)
    coverage: bool = option(
        "--coverage", "Each paragraph: its rules, facts and examples.", default=False
    )


@command(app, "sentences", "packs.sentences_command", spread=True)
class _Sentences:
    """Print what rules say of their examples, to be read aloud."""

    name: NamedFile | None = NAMED_PACK
    pack: NamedFile | None = PACK


@command(app, "schema", "packs.schema_command", spread=True)
class _Schema:
    """Print a JSON Schema, for editors and other programs."""

    name: Literal[
        "rule", "pack", "recommendations", "settings", "plan", "exceptions", "mapping", "record",
        "audit", "run", "board", "public", "sample", "agreement", "comparison", "trend", "action",
        "fixes",
    ] = argument("Which file the schema is for.")  # fmt: skip
    kind: str | None = KIND
    pack: NamedFile | None = PACK


@command(app, "init", "packs.init_command", spread=True)
class _Init:
    """Write a small pack, an audit plan and a record to start from."""

    folder: Path = argument("A new or empty folder; its name is the pack's id.")


@command(app, "doctor", "doctor.doctor_command", spread=True)
class _Doctor:
    """Show what is installed, and the command that adds what is not."""


pack = group("pack", "Packs as one file, for other machines and a quick start.")


@command(pack, "build", "packs.build_command", spread=True)
class _Build:
    """Check a pack and compile it into one file, which needs none of the pack's own to be used."""

    name: NamedFile = argument("A pack's folder, or the id of a shipped one.", metavar="PACK")
    output: Path = option("--output -o", "The file to write; its name ends in .pack.", ...)
    settings: Path | None = SETTINGS


# Each part adds its commands when it is imported: in the order of `scr-audit --help`.
# isort: off
from scr_audit.cli import app_records, app_office, app_folder  # noqa: E402, F401
