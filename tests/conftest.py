"""Makes the modules of this folder importable by every test, and loads shipped packs once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scr_audit.packs import builtin
from scr_audit.packs.pack import Pack

_load_folder = builtin.load_folder
_load_once = cache(_load_folder)
_SHIPPED = builtin.shipped("rules")


def _shipped_once(folder: Path, *, settings: Path | None = None) -> Pack:
    """A shipped pack is a frozen value, a quarter of a second of work: loaded once a process."""
    if settings is None and folder.parent == _SHIPPED:
        return _load_once(folder)
    return _load_folder(folder, settings=settings)


builtin.load_folder = _shipped_once
