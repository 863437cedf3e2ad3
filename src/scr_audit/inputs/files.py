"""The files that somebody names: a folder or a pattern for those in it, tables together."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scr_audit.errors import ArgumentError, InputError, listed, translate_os_errors
from scr_audit.records.raw import TABLES
from scr_audit.values.text import is_leftover, several

GZIP = ".gz"
PARQUET, FORM = ".parquet", ".xlsx"
RECORD_SUFFIXES = (".json", ".ndjson", ".jsonl", ".yaml", ".yml", TABLES, PARQUET, FORM)
_ALL_TABLES = f"*{TABLES}"
_MAGIC = frozenset("*?[")
_LEFTOVER = (
    "left there by a program, as Excel does beside a file that is open, and no file of records"
)


def plain_suffix(path: Path) -> str:
    """The suffix that tells the format: of `cases.json.gz` it is `.json`."""
    name = path.with_suffix("") if path.suffix.lower() == GZIP else path
    return name.suffix.lower()


def named_files(files: Sequence[Path | str] | Path | str) -> list[str]:
    """The names of files that a program gives, one by itself or several. Raises `InputError`."""
    given = several(files)
    if not given or not all(isinstance(each, str | Path) for each in given):
        raise ArgumentError(
            "files", "expected the names of files, as str or Path; Engine.run takes records"
        )
    return [str(each) for each in given]


def expand_names(names: Iterable[str]) -> list[str]:
    """The files that are named, in order, those of a folder or a pattern by name.

    A folder stands for the files in it that can be read, not for those of its folders. A name with
    `*`, `?` or `[` stands for what fits it, unless there is a file of just that name. The tables of
    a folder are one input, `folder/*.csv`. What office programs leave beside a file while it is
    open, such as `~$form.xlsx`, is passed over, by whatever name it comes. Raises `InputError`
    where nothing is left, where a folder or a pattern stands for nothing, or where some tables of a
    folder are named and others not.
    """
    found: list[str] = []
    named = list(names)
    if "" in named:
        raise InputError("a name is empty; name a file or a folder ('.' is the current one)")
    wanted = [name for name in named if not is_leftover(name)]
    if named and not wanted:
        raise InputError(f"{listed(named)}: {_LEFTOVER}; name the file itself")
    for name in wanted:
        if name != "-" and _is_folder(Path(name)):
            found += _in_folder(Path(name))
        elif not is_tables(name) and _MAGIC & set(name) and not _is_there(Path(name)):
            found += _matching(name)
        else:
            found.append(name)
    return list(_tables_together(found))


def check_readable(names: Iterable[str]) -> None:
    """Refuse inputs that are not there, before the first is read. Raises `InputError`."""
    seen_stdin = False
    for name in names:
        if name == "-":
            if seen_stdin:
                raise InputError("-: standard input is named twice; it can be read once")
            seen_stdin = True
        elif is_leftover(name):
            raise InputError(f"{name}: {_LEFTOVER}; name the file itself")
        elif is_tables(name):
            check_tables(Path(name))
        else:
            check_file(Path(name))


def check_file(path: Path) -> None:
    """Refuse what is no file: nothing there, or a folder. Raises `InputError`."""
    with translate_os_errors(path):  # such as a name that is too long
        found = path.exists()
    if not found:
        raise InputError(f"{path}: there is no such file")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name the files in it, such as {path}/*.json")


def is_tables(name: str) -> bool:
    """Whether a name stands for all tables of a folder."""
    return name != "-" and Path(name).name == _ALL_TABLES and not _is_there(Path(name))


def check_tables(pattern: Path) -> None:
    """Refuse `folder/*.csv` where there is no such folder or table. Raises `InputError`."""
    if not tables_of(pattern.parent):
        raise InputError(f"{pattern}: there are no {TABLES} files")


def tables_of(folder: Path) -> list[Path]:
    """The tables in a folder, by name. Raises `InputError` where it cannot be read."""
    return [path for path in _inside(folder) if _is_table(path)]


def _inside(folder: Path) -> list[Path]:
    with translate_os_errors(folder):
        try:
            return sorted(folder.iterdir())
        except PermissionError as error:
            raise InputError(
                f"{folder}: you may not read this folder; ask whoever owns it for the right to, or "
                "name a copy"
            ) from error


def _is_table(path: Path) -> bool:
    return path.suffix.lower() == TABLES and not _is_hidden(path.name) and path.is_file()


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or is_leftover(name)


def _tables_together(names: list[str]) -> Iterator[str]:
    """Tables that are named singly, as the one input that those of a folder are."""
    singly = [Path(name) for name in names if name != "-" and Path(name).suffix.lower() == TABLES]
    singly = [path for path in singly if path.name != _ALL_TABLES and path.exists()]
    done: set[Path] = set()
    for name in names:
        path = Path(name)
        if name == "-" or path not in singly:
            yield name
        elif path.parent not in done:
            done.add(path.parent)
            others = [each.name for each in tables_of(path.parent) if each not in singly]
            if others:
                raise InputError(
                    f"{path}: beside it is {listed(others)}. Tables of one folder belong together: "
                    f"name the folder, {path.parent}, or move what does not belong there"
                )
            yield str(path.parent / _ALL_TABLES)


def _in_folder(folder: Path) -> list[str]:
    there = [path for path in _inside(folder) if path.is_file()]
    files = [str(p) for p in there if plain_suffix(p) in RECORD_SUFFIXES and not _is_hidden(p.name)]
    if not files:
        raise InputError(
            f"{folder}: holds no file of records; expected {listed(RECORD_SUFFIXES, last='or')}"
            f"{_if_only_leftovers([path.name for path in there])}"
        )
    return files


def _matching(pattern: str) -> list[str]:
    there = sorted(glob.glob(pattern))  # noqa: PTH207  # as written
    found = [name for name in there if Path(name).is_file()]
    files = [name for name in found if not is_leftover(name)]
    if not files:
        raise InputError(f"{pattern}: no file fits this pattern{_if_only_leftovers(found)}")
    return files


def _if_only_leftovers(names: Sequence[str]) -> str:
    return f"; {listed(names)}: {_LEFTOVER}" if names and all(map(is_leftover, names)) else ""


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
