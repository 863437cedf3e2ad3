"""A folder of tables as records: a `.csv` file for the records, and one for each list in them.

`cases.csv` has a row for each case and a column for each fact, `audited_period.start` for one in a
group. `conferences.csv` (or `cases.conferences.csv`) has a row for each conference: `record` is the
id of its case. An inner list, `conferences.professionals.csv`, has `of` too: what the column `row`
of `conferences.csv` calls the conference. An empty cell is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scr_audit.errors import InputError, listed
from scr_audit.inputs.columns import Layout, column_faults, columns_of, file_layout
from scr_audit.inputs.delimited import DelimitedFile, read_delimited
from scr_audit.inputs.rows import Faults, Making, add_items, record_rows
from scr_audit.packs.pack import Pack
from scr_audit.records.paths import TABLES, tables_of
from scr_audit.records.read import BATCH, InputFile, Inputs, RawRecord, named_file


def folder_batches(
    folder: Path, pack: Pack, inputs: Inputs
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """The records of all `.csv` files in a folder, which are in memory together.

    A wrong value leaves its record out; where rows cannot be told to belong to a record, all is
    refused. Raises `InputError` with each fault by file, line and column.
    """
    layouts = _layouts(folder, tables_of(folder), pack)
    faults = Faults()
    files = {layout: _read(layout, inputs, faults) for layout in layouts}
    made: dict[str, dict[str, Making]] = {}
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


def _layouts(folder: Path, paths: Sequence[Path], pack: Pack) -> list[Layout]:
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


def _read(layout: Layout, inputs: Inputs, faults: Faults) -> tuple[DelimitedFile, InputFile]:
    source = named_file(layout.path, inputs)
    file = read_delimited(layout.path, key="id" if layout.list is None else "record")
    source.sha256 = file.sha256
    faults += column_faults(layout, file.header, line=file.line)
    faults.stop(layout.path)
    return file, source


def _batches(made: Sequence[Making]) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    for start in range(0, len(made), BATCH):
        part = made[start : start + BATCH]
        yield part[0].source, [making.raw() for making in part]
