"""Where the facts of a record come from: imported, or answered by somebody in a role.

A record may carry `provenance`, a mapping from JSON pointers to origins. An origin is that of the
fact at its pointer and of all below it that have none of their own."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.errors import InputError, listed
from scr_audit.records.plain_values import day_of
from scr_audit.values.imprecise import parse_date
from scr_audit.values.text import said_text

KEY = "provenance"


class Origin(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The file and the place in it (an element, a cell); who judged, by role; note and page.

    `also` are other sources that say the same. Of a fact on which sources differed, `role`, `on`
    and `note` are whose decision it was, and `said` is what each source says. `on` is a day as
    `parse_date` reads it, whichever way it was written.
    """

    file: str
    place: str = ""
    role: str | None = None
    on: str | None = None
    note: str | None = None
    page: str | None = None
    also: tuple[Origin, ...] = ()
    said: tuple[Said, ...] = ()

    def __post_init__(self) -> None:
        self.on = _day(self.on)


class Said(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one source says of a fact on which sources differed."""

    value: Any
    file: str
    place: str = ""
    role: str | None = None
    on: str | None = None
    note: str | None = None
    page: str | None = None

    def __post_init__(self) -> None:
        self.on = _day(self.on)


def _day(text: str | None) -> str | None:
    """The day of an origin as other days are read; raises `ValueError` where it is none."""
    said = text and said_text(text)
    if not said:
        return None
    day = day_of(said)
    parse_date(day)
    return day


_TEXTS: Mapping[str, Any] = {
    "file": {"type": "string"},
    "place": {"type": "string"},
    **{name: {"type": ["string", "null"]} for name in ("role", "on", "note", "page")},
}


def origin_schema(day: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of provenance; `day` is that of a day that may be left out."""
    texts = {**_TEXTS, "on": day}
    also = {"type": "object", "properties": texts, "required": ["file"]}
    said = {**also, "properties": {"value": {}, **texts}, "required": ["value", "file"]}
    lists = {
        name: {"type": "array", "items": {**each, "additionalProperties": False}}
        for name, each in (("also", also), ("said", said))
    }
    origin = {**also, "properties": {**texts, **lists}, "additionalProperties": False}
    return {"type": ["object", "null"], "additionalProperties": origin}


def origin_of(record: Any, pointer: str) -> Origin | None:
    """The origin of the fact at `pointer` of a typed record: its own, or the nearest above it."""
    origins: Mapping[str, Origin] | None = getattr(record, KEY, None)
    if not origins:
        return None
    while pointer:
        if pointer in origins:
            return origins[pointer]
        pointer = pointer.rpartition("/")[0]
    return origins.get("")


def origin_document(origin: Origin | None) -> dict[str, Any] | None:
    """An origin as the bundle has it: what is known of it."""
    if origin is None:
        return None
    found = _texts(origin)
    if origin.also:
        found["also"] = [_texts(other) for other in origin.also]
    if origin.said:
        found["said"] = [
            {"value": msgspec.to_builtins(said.value), **_texts(said)} for said in origin.said
        ]
    return found


def _texts(origin: Origin | Said) -> dict[str, Any]:
    return {name: said for name in _TEXTS if (said := getattr(origin, name))}


GZIP = ".gz"
TABLES, PARQUET, FORM = ".csv", ".parquet", ".xlsx"
READ = (".json", ".ndjson", ".jsonl", ".yaml", ".yml", TABLES, PARQUET, FORM)
_ALL_TABLES = f"*{TABLES}"
_MAGIC = frozenset("*?[")
_BESIDE_FILES = ("~$", ".~lock.", "._")  # what office programs and systems put beside a file
_LEFT = "left there by a program, and no file of records"
_OF_FOLDERS = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))


def plain_suffix(path: Path) -> str:
    """The suffix that tells the format: of `cases.json.gz` it is `.json`."""
    name = path.with_suffix("") if path.suffix.lower() == GZIP else path
    return name.suffix.lower()


def expanded(names: Iterable[str]) -> list[str]:
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
    wanted = [name for name in named if not is_left(name)]
    if named and not wanted:
        raise InputError(f"{listed(named)}: {_LEFT}; name the file itself")
    for name in wanted:
        if name != "-" and _is_folder(Path(name)):
            found += _in_folder(Path(name))
        elif not is_tables(name) and _MAGIC & set(name) and not _is_there(Path(name)):
            found += _fitting(name)
        else:
            found.append(name)
    return list(_tables_together(found))


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
    try:
        return sorted(folder.iterdir())
    except PermissionError as error:
        raise InputError(
            f"{folder}: you may not read this folder; ask whoever owns it for the right to, or "
            "name a copy"
        ) from error
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror}") from error


def _is_table(path: Path) -> bool:
    return path.suffix.lower() == TABLES and not _is_hidden(path.name) and path.is_file()


def is_left(name: str) -> bool:
    """Whether a file is not somebody's, but left there by a program that looked at others."""
    own = Path(name).name
    return own.startswith(_BESIDE_FILES) or own in _OF_FOLDERS


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or is_left(name)


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
    files = [str(p) for p in there if plain_suffix(p) in READ and not _is_hidden(p.name)]
    if not files:
        raise InputError(
            f"{folder}: holds no file of records; expected {listed(READ, last='or')}"
            f"{_only_left([path.name for path in there])}"
        )
    return files


def _fitting(pattern: str) -> list[str]:
    there = sorted(glob.glob(pattern))  # noqa: PTH207  # as written
    found = [name for name in there if Path(name).is_file()]
    files = [name for name in found if not is_left(name)]
    if not files:
        raise InputError(f"{pattern}: no file fits this pattern{_only_left(found)}")
    return files


def _only_left(names: Sequence[str]) -> str:
    return f"; {listed(names)}: {_LEFT}" if names and all(map(is_left, names)) else ""


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
