"""Writes records as people have them: a folder of `.csv` files, or a Parquet file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scr_audit.forms.answers import NO, NONE, YES
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import RecordKind

Rows = dict[str, list[dict[str, str]]]


def write_tables(folder: Path, kind: RecordKind, records: Sequence[Mapping[str, Any]]) -> None:
    """The records of a kind as tables; `folder` is made."""
    folder.mkdir(exist_ok=True)
    tables: Rows = {kind.plural: []}
    for record in records:
        row: dict[str, str] = {}
        tables[kind.plural].append(row)
        _write(tables, row, kind.type, record, record["id"], "", "", "")
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(rows)


def _write(
    tables: Rows, row: dict[str, str], fact: FactType, value: Any, record: str, row_name: str,
    table: str, before: str,
) -> None:  # fmt: skip
    for name, inner in value.items():
        if inner is None or name == "kind":
            continue
        type_ = fact.fields[name].type if name in fact.fields else FactType(Kind.TEXT)
        at, path = f"{before}{name}", f"{table}{before}{name}"
        if type_.kind in (Kind.OBJECT, Kind.OPEN):
            row.setdefault(at, YES)
            _write(tables, row, type_, inner, record, row_name, table, f"{at}.")
        elif type_.kind is Kind.LIST and type_.item and type_.item.kind is Kind.OBJECT:
            if not inner:
                row[at] = NONE
            rows = tables.setdefault(path, []) if inner else []
            for item in inner:
                named = f"r{len(rows)}"
                outer = {"of": row_name} if table else {}
                rows.append({"record": record, "row": named, **outer})
                _write(tables, rows[-1], type_.item, item, record, named, f"{path}.", "")
        else:
            row[at] = _cell(inner)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return ";".join(value) if value else NONE
    return str(value)
