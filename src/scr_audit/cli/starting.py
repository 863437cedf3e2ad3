"""`scr-audit init`: a small pack, an audit plan and records to start from."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from scr_audit.cli.app import OK, say
from scr_audit.errors import InputError
from scr_audit.packs.publish import AUTHORED, authored_schema


def init_command(folder: Path) -> int:
    """Write the starter into a new or empty folder; the exit code."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: is not empty; nothing was written. Name a new folder")
    _copy(files("scr_audit.cli") / "starter", folder)
    for name in AUTHORED:
        target = folder / "schemas" / f"{name}.schema.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(authored_schema(name), indent=2) + "\n", encoding="utf-8")
    say(
        f"wrote a small pack to {folder}. Try:\n"
        f"  scr-audit check {folder}\n"
        f"  scr-audit run {folder}/records.json --pack {folder} --audit {folder}/plan.yaml"
    )
    return OK


def _copy(source: Any, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
