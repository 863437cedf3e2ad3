"""`scr-audit init`: a small pack, an audit plan and records to start from."""

from __future__ import annotations

import json
import shlex
from importlib.resources import files
from pathlib import Path
from typing import Any

from scr_audit.cli.exits import OK
from scr_audit.cli.streams import say
from scr_audit.errors import InputError
from scr_audit.packs.publish import AUTHORED, authored_schema


def init_command(folder: Path) -> int:
    """Write the starter into a new or empty folder; the exit code."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; nothing was written. Name a new folder")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder}: is not empty; nothing was written. Name a new folder")
    try:
        _write(folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
    name = shlex.quote(str(folder))
    say(
        f"wrote a small pack to {folder}. Try:\n"
        f"  scr-audit check {name}\n"
        f"  scr-audit run {name}/records.json --pack {name} --audit {name}/plan.yaml"
    )
    return OK


def _write(folder: Path) -> None:
    _copy(files("scr_audit.cli") / "starter", folder)
    for name in AUTHORED:
        target = folder / "schemas" / f"{name}.schema.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(authored_schema(name), indent=2) + "\n", encoding="utf-8")


def _copy(source: Any, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
