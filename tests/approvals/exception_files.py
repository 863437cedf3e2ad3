"""Files of exceptions for the small pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from small_pack import SMALL_PACK

from scr_audit.approvals.approved import Exceptions
from scr_audit.approvals.exceptions_file import load_exceptions
from scr_audit.packs.load import load_folder


def entry(**changed: Any) -> dict[str, Any]:
    """An entry for the bell of the job J1, with what is changed."""
    whole = {
        "rule": "part-fitted",
        "record": "J1",
        "unit": {"name": "bell"},
        "reason": "the part is out of stock",
        "approved_by_role": "workshop lead",
        "from": "2026-01-01",
        "until": "2026-01-31",
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not None}


def exceptions_file(folder: Path, *entries: dict[str, Any]) -> Path:
    """A file of these entries."""
    path = folder / "exceptions.yaml"
    path.write_text(yaml.safe_dump({"exceptions": list(entries)}, sort_keys=False), "utf-8")
    return path


def exceptions(folder: Path, *entries: dict[str, Any]) -> Exceptions:
    """These entries, read against the small pack."""
    return load_exceptions(exceptions_file(folder, *entries), load_folder(SMALL_PACK))
