"""Records of a Parquet file: of one kind, nested as they are or with dotted columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scr_audit.errors import InputError, did_you_mean, library_needed, listed, translate_os_errors
from scr_audit.inputs.json_files import BATCH
from scr_audit.packs.pack import Pack, RecordKind
from scr_audit.records.raw import BESIDE_FACTS, InputFile, Json, RawRecord


def parquet_batches(
    path: Path, source: InputFile, pack: Pack
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """The records of a Parquet file; a row group is in memory at a time.

    The kind is the one whose plural is the name of the file (`cases.parquet`), else what a column
    `kind` says, else the pack's first. Raises `InputError` where the file is of another shape.
    """
    with translate_os_errors(path), path.open("rb") as stream:
        source.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    kind = next((kind for kind in pack.kinds.values() if kind.plural == path.stem), None)
    number = 0
    for rows in _rows(path, pack, kind):
        records = []
        for row in rows:
            number += 1
            own = kind or pack.kinds.get(str(row.get("kind")))
            facts = row if own is None else _nested_record(row)
            place = f"row {number}"
            records.append(RawRecord(place, facts, None if own is None else own.name))
        yield source, records
    if not number:
        raise InputError(f"{path}: there are no records in it")


def _rows(path: Path, pack: Pack, kind: RecordKind | None) -> Iterator[list[dict[str, Any]]]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise library_needed("reading Parquet", error.name, "parquet") from error
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            _check_columns(path, file.schema_arrow.names, pack, kind)
            number = 1
            for batch in file.iter_batches(batch_size=BATCH):
                yield _values(path, batch, number)
                number += batch.num_rows
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else "it is damaged"
        raise InputError(f"{path}: cannot be read as Parquet: {said}") from error


def _values(path: Path, batch: Any, number: int) -> list[dict[str, Any]]:
    """The rows of a batch (of pyarrow, so untyped); the first has this number in the file."""
    try:
        return list(batch.to_pylist())
    except (ValueError, OverflowError) as error:  # found once more, cell by cell, for its place
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            for row, cell in enumerate(column, number):
                try:
                    cell.as_py()
                except (ValueError, OverflowError) as found:
                    what = "no UTF-8" if isinstance(found, UnicodeDecodeError) else str(found)
                    raise InputError(
                        f"{path}, row {row}, {name}: holds a value that cannot be read: {what}. "
                        "Write the file anew from its source"
                    ) from error
        raise


def _check_columns(path: Path, names: list[str], pack: Pack, kind: RecordKind | None) -> None:
    """Refuse a file whose columns are not those of a record, before a row is read."""
    for number, name in enumerate(names):
        for other in names[:number] + names[number + 1 :]:
            if f"{other}.".startswith(f"{name}."):
                raise InputError(
                    f"{path}: has both the column '{name}' and the column '{other}', and one "
                    "would be lost. Take one of them out, or give it the name that is meant"
                )
    kinds = [kind] if kind else list(pack.kinds.values())
    known = {name for each in kinds for name in each.type.fields} | set(BESIDE_FACTS)
    is_open = any(each.type.is_open for each in kinds)
    strange = [name for name in names if name.partition(".")[0] not in known and not is_open]
    if not strange and "id" in names:
        return
    found = f"has the columns {listed(names)}" if names else "has no columns"
    wanted = listed(list(kinds[0].type.fields), most=6, last="or")
    what = (
        f"unknown: {listed(strange)}.{did_you_mean(strange[0], known)}" if strange else "no 'id'."
    )
    raise InputError(
        f"{path}: {found}; {what} Expected a row for each {kinds[0].name}, with a column 'id' and "
        f"columns such as {wanted}; a list is a column of lists"
    )


def _nested_record(row: Mapping[str, Json]) -> dict[str, Any]:
    """A row as a record: dotted columns as groups."""
    record: dict[str, Any] = {}
    for name, value in row.items():
        *groups, last = name.split(".")
        if value is None and groups:
            continue
        holder = record
        for step in groups:
            held = holder.setdefault(step, {})
            if not isinstance(held, dict):
                break
            holder = held
        holder[last] = value
    return record
