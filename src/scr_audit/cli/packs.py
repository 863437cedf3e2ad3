"""`scr-audit list`, `schema` and `init`: what there is, and a small pack to start from."""

from __future__ import annotations

import re
import shlex
import sys
import unicodedata
from dataclasses import asdict
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from scr_audit.anonymity.scan import check_authored
from scr_audit.check.examples import sentences_page
from scr_audit.cli.streams import OK, Screen, print_json, say
from scr_audit.errors import InputError, did_you_mean, listed
from scr_audit.language.rule import Rule
from scr_audit.outputs import Written, check_apart, check_output_name, check_outputs, write_all
from scr_audit.packs.artefact import COMPILED
from scr_audit.packs.builtin import load_pack, shipped_packs
from scr_audit.packs.pack import Coverage, Pack, RecordKind
from scr_audit.packs.pack import coverage as coverage_of
from scr_audit.plans.plan import AuditPlan, load_plan, shipped_plans
from scr_audit.runs.bundle import rule_location
from scr_audit.schemas import AUTHORED, json_schema
from scr_audit.values.text import counted, is_leftover, json_bytes, visible

_STARTER_ID = "my-pack"


def list_command(
    *,
    name: str | None,
    pack: str | None,
    json: bool,
    full: bool,
    packs: bool,
    audits: bool,
    coverage: bool,
) -> int:
    """Print the rules of a pack, its coverage, or the shipped packs or plans; the exit code."""
    pack = _one_of(name, pack)
    if audits:
        plans = [load_plan(path) for path in shipped_plans().values()]
        rows, lines = [_plan_row(plan) for plan in plans], [_plan_lines(plan) for plan in plans]
        noun = "audit plan"
    elif packs:
        found = [load_pack(each) for each in shipped_packs()]
        rows, lines = [_pack_row(each) for each in found], [_pack_lines(each) for each in found]
        noun = "pack"
    elif coverage:
        covered = coverage_of(load_pack(pack))
        rows, lines = [asdict(row) for row in covered], [_coverage_lines(row) for row in covered]
        noun = "paragraph"
    else:
        loaded = load_pack(pack)
        rows = [_rule_row(loaded, rule) for rule in loaded.rules]
        lines, noun = [_rule_lines(rule) for rule in loaded.rules], "rule"
    if json:
        print_json(rows)
        return OK
    screen = Screen(full=full, noun=noun, wrap=True)
    for item in lines:
        screen.show([visible(line) for line in item])
    screen.end()
    return OK


def _one_of(name: str | None, pack: str | None) -> str | None:
    """The pack that was named, as an argument or with -p."""
    if name is not None and pack is not None:
        raise InputError(f"two packs are named, {name} and --pack {pack}; name one")
    return name if pack is None else pack


def build_command(*, name: str, output: Path, settings: Path | None) -> int:
    """Write a compiled pack; the exit code."""
    check_outputs([output], (COMPILED,))
    check_apart([output], [name, settings])
    check_authored(settings)
    pack = load_pack(name, settings=settings)
    write_all([Written(output, [pack.to_bytes()])])
    say(f"wrote {output}: the pack {pack.id} {pack.version}, {counted(len(pack.rules), 'rule')}")
    return OK


def sentences_command(*, name: str | None, pack: str | None) -> int:
    """Print what the rules of a pack say of their examples; the exit code."""
    sys.stdout.write(visible(sentences_page(load_pack(_one_of(name, pack)))))
    return OK


def _plan_row(plan: AuditPlan) -> dict[str, object]:
    return {"audit": plan.id, "title": plan.title, "question": plan.question}


def _plan_lines(plan: AuditPlan) -> list[str]:
    return [f"{plan.id}: {plan.title}", f"    {plan.question}"]


def _coverage_lines(row: Coverage) -> list[str]:
    status = f"{row.status}: {row.reason}" if row.reason else row.status
    counts = f"{counted(len(row.facts), 'fact')}, {counted(row.examples, 'example')}"
    return [
        f"{row.id}: {status}, {counts}",
        *([f"    {', '.join(row.rules)}"] if row.rules else []),
    ]


def _pack_row(pack: Pack) -> dict[str, object]:
    return {
        "pack": pack.id,
        "version": pack.version,
        "rules": len(pack.rules),
        "title": pack.title,
    }


def _rule_row(pack: Pack, rule: Rule) -> dict[str, object]:
    return {
        "for": rule.paragraph,
        "rule": rule.id,
        "judges": rule.unit,
        "severity": rule.severity,
        "title": rule.title,
        "location": rule_location(pack, rule),
    }


def _pack_lines(pack: Pack) -> list[str]:
    return [f"{pack.id} {pack.version}, {counted(len(pack.rules), 'rule')}", f"    {pack.title}"]


def _rule_lines(rule: Rule) -> list[str]:
    judged = f"each {rule.unit}, {rule.severity} severity"
    return [f"{rule.paragraph:<10}  {rule.id} ({judged})", f"{'':12}{rule.title}"]


def schema_command(*, name: str, kind: str | None, pack: str | None) -> int:
    """Print a JSON Schema; the exit code."""
    print_json(_schema(name, kind, pack))
    return OK


def _schema(name: str, kind: str | None, pack_name: str | None) -> dict[str, Any]:
    if name == "record":
        from scr_audit.records.problems import record_schema

        return record_schema(kind_or_first(load_pack(pack_name), kind))
    return json_schema(name)


def kind_or_first(pack: Pack, kind: str | None) -> RecordKind:
    """The record kind of this name, or the pack's first. Raises `InputError`."""
    wanted = kind or next(iter(pack.kinds))
    if wanted not in pack.kinds:
        raise InputError(
            f"the pack {pack.id} has no record kind '{wanted}'."
            f"{did_you_mean(wanted, pack.kinds)} Kinds: {listed(pack.kinds)}."
        )
    return pack.kinds[wanted]


def init_command(folder: Path) -> int:
    """Write the starter into a new or empty folder; the exit code."""
    check_output_name(folder)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; nothing was written. Name a new folder")
    if folder.exists() and any(not is_leftover(path.name) for path in folder.iterdir()):
        raise InputError(f"{folder}: is not empty; nothing was written. Name a new folder")
    pack_id = identifier_of(folder.resolve().name)
    try:
        _write(folder, pack_id)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
    name = shlex.quote(str(folder))
    told = f" Its id is {pack_id}." if pack_id != str(folder) else ""
    say(
        f"wrote a small pack to {folder}.{told} Try:\n"
        f"  scr-audit check {name}\n"
        f"  scr-audit run {name}/records.json --pack {name} --audit {name}/plan.yaml"
    )
    return OK


def identifier_of(name: str) -> str:
    """A name as the id of a pack: small letters, digits and single hyphens, a letter first."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    return words if words[:1].isalpha() else f"{_STARTER_ID}-{words}".strip("-")


def _write(folder: Path, pack_id: str) -> None:
    _copy(files("scr_audit.cli") / "starter", folder)
    for name in ("pack.yaml", "plan.yaml"):
        text = (folder / name).read_text(encoding="utf-8").replace(_STARTER_ID, pack_id)
        (folder / name).write_text(text, encoding="utf-8")
    for name in AUTHORED:
        target = folder / "schemas" / f"{name}.schema.json"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(json_bytes(json_schema(name), 2))


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
