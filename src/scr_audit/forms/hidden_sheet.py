"""The hidden sheet of a form: what the form was made of, and which cell holds which fact."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from scr_audit.errors import InputError
from scr_audit.forms.layout import FormLayout, Slot
from scr_audit.forms.questions import Steps
from scr_audit.records.raw import Json
from scr_audit.workbooks.cells import CellValue, cell_at, cell_name

FORMAT = 1
WARNING = "scr-audit reads the form by this sheet. Please do not change it."
_PIECE = 30_000  # characters of a record in one cell, under the limit of the file format
_KEYS = ("pack", "version", "pack sha256", "plan", "plan sha256", "kind")


@dataclass(frozen=True)
class FormOrigin:
    """What a form was made of. `plan` and its hash are empty where no plan chose the rules."""

    pack: str
    version: str
    pack_sha256: str
    plan: str
    plan_sha256: str
    kind: str


@dataclass(frozen=True)
class HiddenSheet:
    """What the hidden sheet says. `record` is what was imported, with its provenance.

    `items` are the rows that stand for items of that record: sheet and row id, and where the
    item is.
    """

    origin: FormOrigin
    record: dict[str, Any]
    slots: tuple[Slot, ...]
    items: Mapping[tuple[str, str], Steps]


def hidden_rows(
    layout: FormLayout, origin: FormOrigin, imported: Mapping[str, Json]
) -> Iterator[tuple[str, ...]]:
    """The rows of the hidden sheet, as texts."""
    yield (WARNING,)
    yield "format", str(FORMAT)
    yield from zip(_KEYS, astuple(origin), strict=True)
    text = json.dumps(imported, sort_keys=True)
    for start in range(0, len(text), _PIECE):
        yield "record", f"_{text[start : start + _PIECE]}"  # so that no piece looks like a number
    for slot in layout.slots():
        cell = cell_name(slot.row, slot.column)
        yield "cell", slot.sheet, cell, slot.part, slot.path, slot.label
    for sheet in layout.lists:
        for row in sheet.rows:
            if row.item is not None:
                yield "item", sheet.name, row.id, json.dumps(row.item.steps)


def read_hidden_sheet(rows: Sequence[Sequence[CellValue]]) -> HiddenSheet:
    """What a hidden sheet says. Raises `InputError` where it is not ours, newer, or changed."""
    found: dict[str, str] = {}
    pieces: list[str] = []
    slots: list[Slot] = []
    items: dict[tuple[str, str], Steps] = {}
    try:
        if not rows or rows[0][0] != WARNING:
            raise ValueError("it does not begin as it should")
        _check_format(str(rows[1][1]))
        for row in rows[2:]:
            if row[0] == "cell":
                slots.append(_slot([str(value) for value in row[1:6]]))
            elif row[0] == "item":
                items[str(row[1]), str(row[2])] = tuple(json.loads(str(row[3])))
            elif row[0] == "record":
                pieces.append(str(row[1])[1:])
            elif row[0] and row[0] not in _KEYS:
                raise ValueError(f"a row of it begins with '{row[0]}'")
            elif row[0]:
                found[str(row[0])] = str(row[1])
        origin = FormOrigin(*(found[key] for key in _KEYS))
        return HiddenSheet(origin, json.loads("".join(pieces)), tuple(slots), items)
    except (ValueError, KeyError, IndexError) as error:
        raise InputError(
            f"its hidden sheet was changed ({error}); copy the answers into a new form"
        ) from error


def _check_format(text: str) -> None:
    number = float(text)
    if number > FORMAT:
        raise InputError(
            f"was made by a newer scr-audit (form format {number:g}; this one reads {FORMAT}); "
            "install the newer one: pip install --upgrade scr-audit"
        )


def _slot(row: list[str]) -> Slot:
    sheet, cell, part, path, label = row
    return Slot(sheet, *cell_at(cell), part, path, label)
