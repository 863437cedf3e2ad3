"""What the inputs of a run name: files, folders of files, and patterns."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

from scr_audit.errors import InputError, listed

GZIP = ".gz"
READ = (".json", ".ndjson", ".jsonl", ".yaml", ".yml")
_MAGIC = frozenset("*?[")


def plain_suffix(path: Path) -> str:
    """The suffix that tells the format: of `cases.json.gz` it is `.json`."""
    name = path.with_suffix("") if path.suffix.lower() == GZIP else path
    return name.suffix.lower()


def expanded(names: Iterable[str]) -> list[str]:
    """The files that are named, in order, those of a folder or a pattern by name.

    A folder stands for the files in it that can be read, not for those of its folders. A name with
    `*`, `?` or `[` stands for what fits it, unless there is a file of just that name. Raises
    `InputError` where a folder or a pattern stands for nothing.
    """
    found: list[str] = []
    for name in names:
        if name != "-" and _is_folder(Path(name)):
            found += _in_folder(Path(name))
        elif _MAGIC & set(name) and not _is_there(Path(name)):
            found += _fitting(name)
        else:
            found.append(name)
    return found


def _in_folder(folder: Path) -> list[str]:
    files = [
        str(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and plain_suffix(path) in READ and not path.name.startswith(".")
    ]
    if not files:
        raise InputError(f"{folder}: holds no file of records; expected {listed(READ, last='or')}")
    return files


def _fitting(pattern: str) -> list[str]:
    files = [name for name in sorted(glob.glob(pattern)) if Path(name).is_file()]  # noqa: PTH207  # as written
    if not files:
        raise InputError(f"{pattern}: no file fits this pattern")
    return files


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long; reading it says so
        return False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True
