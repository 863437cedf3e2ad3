"""A folder of tables as records: a `.csv` file for the records, and one for each list in them.

`cases.csv` has a row for each case and a column for each fact, `audited_period.start` for one in a
group. `conferences.csv` (or `cases.conferences.csv`) has a row for each conference: `record` is the
id of its case. An inner list, `conferences.professionals.csv`, has `of` too: what the column `row`
of `conferences.csv` calls the conference. An empty cell is not recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scr_audit.errors import InputError, RecordError, RecordProblem, listed
from scr_audit.forms.answers import ABSENT, LISTED, NONE, fact_of, says_not_recorded
from scr_audit.inputs.columns import (
    OF,
    RECORD,
    ROW,
    CellRow,
    DelimitedFile,
    FactColumn,
    TableLayout,
    column_faults,
    columns_of,
    file_layout,
    read_delimited,
)
from scr_audit.inputs.files import tables_of
from scr_audit.inputs.json_files import BATCH
from scr_audit.language.types import FactPath, FactType, Kind
from scr_audit.packs.pack import Pack
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import TABLES, InputFile, Inputs, Json, RawRecord
from scr_audit.values.text import is_blank, normal_text

_TRUTH = {"true": True, "false": False}
_MOST_FAULTS = 20


class Faults:
    """What is wrong with tables so that their rows cannot be put together."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def __iadd__(self, more: Iterable[str]) -> Faults:
        self._found.extend(more)
        return self

    def stop(self, path: Path) -> None:
        """Raise `InputError` with all that was found so far, if anything was."""
        if not self._found:
            return
        shown = self._found[:_MOST_FAULTS]
        if len(self._found) > _MOST_FAULTS:
            shown.append(f"… and {len(self._found) - _MOST_FAULTS:,} more")
        folder = path if path.is_dir() else path.parent
        raise InputError("\n  ".join([f"{folder}: the tables cannot be read", *shown]))


@dataclass
class RecordDraft:
    """A record in the making.

    `items` are those of its lists, by the names of their rows; `none` the pointers of lists that
    are said to be empty.
    """

    kind: str
    line: int
    source: InputFile
    facts: dict[str, Any]
    provenance: dict[str, dict[str, str]]
    problems: list[RecordProblem] = field(default_factory=list)
    none: set[str] = field(default_factory=set)
    items: dict[FactPath, dict[str, tuple[str, dict[str, Any]]]] = field(default_factory=dict)

    def raw(self) -> RawRecord:
        """The record, or all that is wrong with its cells."""
        if self.problems:
            error = RecordError(self.problems, record_id=str(self.facts.get("id")))
            return RawRecord(self.line, error, self.kind)
        return RawRecord(self.line, {**self.facts, KEY: self.provenance}, self.kind)


def record_rows(
    layout: TableLayout,
    file: DelimitedFile,
    columns: Sequence[FactColumn],
    source: InputFile,
    faults: Faults,
) -> dict[str, RecordDraft]:
    """The records of a table by their ids."""
    made: dict[str, RecordDraft] = {}
    at = file.header.index("id")
    for row in file.rows:
        where, id = f"{file.path.name}, line {row.line}", normal_text(row.cells[at])
        if not id:
            faults += [f"{where}: the id is empty; each record needs one"]
        elif id in made:
            first = made[id].line
            faults += [f"{where}: the id is that of line {first} too; keep one row for a record"]
        else:
            origin = {"file": file.path.name, "place": f"line {row.line}"}
            made[id] = RecordDraft(layout.kind.name, row.line, source, {}, {"": origin})
            _fill(made[id], ("", made[id].facts), row, columns, file.path.name)
    return made


def add_items(
    layout: TableLayout,
    file: DelimitedFile,
    columns: Sequence[FactColumn],
    made: dict[str, RecordDraft],
    faults: Faults,
) -> None:
    """Add the items of a list to their records."""
    assert layout.list is not None
    numbers = {name: file.header.index(name) for name in layout.keys if name in file.header}
    for row in file.rows:
        where = f"{file.path.name}, line {row.line}"
        keys = {name: normal_text(row.cells[number]) for name, number in numbers.items()}
        making = made.get(keys[RECORD])
        if making is None:
            missing = f"no row of {layout.kind.plural}.csv has the id in '{RECORD}'"
            faults += [f"{where}: {missing}; add one, or correct the id"]
            continue
        home: tuple[str, dict[str, Any]] | None = ("", making.facts)
        if layout.list.home:
            home = making.items.get(layout.list.home, {}).get(keys[OF])
        if home is None:
            table = f"{'.'.join(layout.list.home)}.csv"
            missing = f"no row of this record in {table} has the '{ROW}' in '{OF}'"
            faults += [f"{where}: {missing}; add one, or correct '{OF}'"]
            continue
        rows = making.items.setdefault(layout.steps, {})
        name = keys.get(ROW) or f"line {row.line}"
        if name in rows:
            faults += [f"{where}: another row of this record has the same '{ROW}'; change one"]
            continue
        rows[name] = _new_item(home, layout.list.inner, making, where)
        origin = {"file": file.path.name, "place": f"line {row.line}"}
        making.provenance[rows[name][0]] = origin
        _fill(making, rows[name], row, columns, file.path.name)


def _new_item(
    home: tuple[str, dict[str, Json]], steps: FactPath, making: RecordDraft, where: str
) -> tuple[str, dict[str, Any]]:
    """A new item at the end of a list, with its pointer."""
    holder: Any = home[1]  # groups, and a list in the last, are made on the way
    at = f"{home[0]}/{'/'.join(steps)}"
    if at in making.none:
        message = f"there is a row, though another table says {NONE!r} of this list"
        making.problems.append(RecordProblem(where, message))
    for step in steps[:-1]:
        holder = holder.setdefault(step, {})
    items = holder.setdefault(steps[-1], [])
    items.append({})
    return f"{at}/{len(items) - 1}", items[-1]


def _fill(
    making: RecordDraft,
    place: tuple[str, dict[str, Json]],
    row: CellRow,
    columns: Sequence[FactColumn],
    file: str,
) -> None:
    """Put the cells of a row into the object at a pointer."""
    pointer, holder = place
    for column in columns:
        text = row.cells[column.number]
        if is_blank(text):
            continue
        try:
            value = _value(column.fact, text)
        except ValueError as error:
            where = f"{file}, line {row.line}, {column.name}"
            making.problems.append(RecordProblem(where, str(error)))
            continue
        if value is ABSENT or value == LISTED:
            continue
        _put(holder, column.steps, value)
        if value == []:
            making.none.add(f"{pointer}/{'/'.join(column.steps)}")


def _value(fact: FactType, text: str) -> Json:
    """The fact in a cell: as in forms, and as databases write yes and no."""
    if fact.kind is Kind.BOOLEAN and text.casefold() in _TRUTH:
        return _TRUTH[text.casefold()]
    if fact.kind is Kind.TEXT and not says_not_recorded(fact, text):
        return text
    return fact_of(fact, text)


def _put(facts: dict[str, Json], steps: FactPath, value: Json) -> None:
    holder: Any = facts  # groups are made on the way
    for step in steps[:-1]:
        holder = holder.setdefault(step, {})
    if isinstance(value, dict):
        holder.setdefault(steps[-1], value)
    else:
        holder[steps[-1]] = value


def folder_batches(
    folder: Path, pack: Pack, inputs: Inputs
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """The records of all `.csv` files in a folder, which are in memory together.

    A wrong value leaves its record out; where it is unclear to which record a row belongs, the
    folder is refused. Raises `InputError` with each fault by file, line and column.
    """
    layouts = _layouts(folder, tables_of(folder), pack)
    faults = Faults()
    files = {layout: _read(layout, inputs, faults) for layout in layouts}
    made: dict[str, dict[str, RecordDraft]] = {}
    for layout, (file, source) in files.items():
        columns = columns_of(layout, file.header)
        if layout.list is None:
            made[layout.kind.name] = record_rows(layout, file, columns, source, faults)
        else:
            add_items(layout, file, columns, made[layout.kind.name], faults)
    faults.stop(folder)
    found = False
    for kind in made:
        for source, batch in _batches(list(made[kind].values())):
            found = True
            yield source, batch
    if not found:
        raise InputError(f"{folder}: its tables have headings, and no records")


def _layouts(folder: Path, paths: Sequence[Path], pack: Pack) -> list[TableLayout]:
    """What each file holds: first the records of each kind, then outer lists before inner ones."""
    kinds = {kind.plural: kind for kind in pack.kinds.values() if kind.name not in pack.gathered}
    there = [kinds[path.stem] for path in paths if path.stem in kinds]
    if not there:
        expected = listed([f"{plural}{TABLES}" for plural in kinds], last="or")
        found = listed([path.name for path in paths])
        raise InputError(f"{folder}: no table of records; expected {expected}; there is {found}")
    layouts = [file_layout(path, there, kinds) for path in paths]
    places: dict[tuple[str, tuple[str, ...]], Path] = {}
    for layout in layouts:
        other = places.setdefault((layout.kind.name, layout.steps), layout.path)
        if other is not layout.path:
            raise InputError(
                f"{layout.path}: holds the same list as {other.name}; keep one of them"
            )
    return sorted(layouts, key=lambda layout: len(layout.steps))


def _read(layout: TableLayout, inputs: Inputs, faults: Faults) -> tuple[DelimitedFile, InputFile]:
    source = inputs.add(layout.path)
    file = read_delimited(layout.path, key="id" if layout.list is None else "record")
    source.sha256 = file.sha256
    faults += column_faults(layout, file.header, line=file.line)
    faults.stop(layout.path)
    return file, source


def _batches(made: Sequence[RecordDraft]) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    for start in range(0, len(made), BATCH):
        part = made[start : start + BATCH]
        yield part[0].source, [making.raw() for making in part]
