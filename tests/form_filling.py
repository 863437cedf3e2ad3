"""Fills forms in as auditors would: cells written through the layout of the form itself."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scr_audit.forms.answers import answer_words
from scr_audit.forms.form_sheets import Form, fill_workbook
from scr_audit.forms.layout import (
    FIRST_ITEM,
    START,
    START_ROWS,
    FormLayout,
    FormOrigin,
    ListSheet,
    lay_out,
)
from scr_audit.forms.questions import Questions, items_of, questions_of
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import value_at
from scr_audit.workbooks.cells import cell_at

Cells = dict[tuple[str, int, int], Any]
CONFERENCE_PLAN = Path(__file__).parent / "data" / "conference-plan.yaml"  # few rules, all of cases
WHO = {"role": "reviewing officer", "on": "04/05/2026"}


def form_of(
    pack: Pack, kind: str, imported: Mapping[str, Any] | None = None, rows: int = 15
) -> Form:
    """The form about one record."""
    imported = imported or {}
    facts = {key: value for key, value in imported.items() if key not in ("kind", "provenance")}
    layout = lay_out(questions_of(pack, kind), facts, rows=rows)
    origin = FormOrigin(pack.id, pack.version, pack.sha256, "", "", kind)
    return Form(layout, origin, (pack.title, ""), imported)


def saved(path: Path, form: Form, cells: Cells, **more: Any) -> Path:
    """The form with cells filled in; `more` are cells by name, such as `{"people!C7": "yes"}`."""
    content = io.BytesIO()
    book = fill_workbook(form, content)
    for (sheet, row, column), value in {**cells, **named(more.pop("cells", {}))}.items():
        book.get_worksheet_by_name(sheet).write(row, column, value)
    for change in more.pop("changes", ()):
        change(book)
    book.close()
    path.write_bytes(content.getvalue())
    return path


def named(cells: Mapping[str, Any]) -> Cells:
    """Cells by their names, `sheet!C7`, as cells by row and column."""
    found = {}
    for place, value in cells.items():
        sheet, _, name = place.partition("!")
        found[(sheet, *cell_at(name))] = value
    return found


def who(record_id: str = "R1") -> Cells:
    """The cells of the front sheet."""
    values = {"id": record_id, **WHO}
    return {(START, START_ROWS[part][0], 1): value for part, value in values.items()}


def answers(layout: FormLayout, record: Mapping[str, Any]) -> Cells:
    """The cells that say of a record what the form does not know of it yet."""
    cells = who(record["id"])
    for slot in layout.slots():
        if slot.sheet == "Questions" and slot.part == "answer":
            path = tuple(slot.path.split("."))
            question = next(q for q in layout.questions.all if q.path == path)
            if (
                value_at(layout.record, path) is None
                and (value := value_at(record, path)) is not None
            ):
                cells[slot.sheet, slot.row, slot.column] = answer_words(question.type, value)
    ids: dict[tuple[str | int, ...], str] = {}
    for sheet in layout.lists:
        cells.update(_rows(sheet, record, ids))
    return cells


def _rows(sheet: ListSheet, record: Mapping[str, Any], ids: dict[Any, str]) -> Cells:
    cells: Cells = {}
    held = {row.item.steps: n for n, row in enumerate(sheet.rows) if row.item is not None}
    free = iter([n for n, row in enumerate(sheet.rows) if row.item is None])
    for item in items_of(record, sheet.home):
        place = held[item.steps] if item.steps in held else next(free)
        row = sheet.rows[place]
        ids[item.steps] = row.id
        before = row.item.facts if row.item is not None else {}
        for slot, question in sheet.columns:
            at = (sheet.name, FIRST_ITEM + place, slot.column)
            if slot.part == "of" and row.item is None:
                cells[at] = ids[item.outer]
            elif slot.part == "label" and row.item is None:
                cells[at] = "x"
            elif question is not None:
                path = question.path[len(sheet.home) :]
                value = value_at(item.facts, path)
                if value is not None and value_at(before, path) is None:
                    cells[at] = answer_words(question.type, value)
    return cells


def asked_part(questions: Questions, fact: FactType, record: Mapping[str, Any]) -> dict[str, Any]:
    """What a form can say of a record: the facts that are asked, and the groups they need."""
    asked = {question.path for question in questions.all}
    return {"id": record["id"], **_asked(fact, record, (), asked)}


def _asked(fact: FactType, value: Mapping[str, Any], at: tuple[str, ...], asked: set[Any]) -> Any:
    found: dict[str, Any] = {}
    for name, field in fact.fields.items():
        path, inner = (*at, name), value.get(name)
        if inner is None:
            continue
        if field.type.kind is Kind.OBJECT:
            # A group that is needed stands in its outer group where that is answered.
            if field.required or path in asked or _is_answered(field.type, inner, path, asked):
                found[name] = _asked(field.type, inner, path, asked)
        elif path in asked and field.type.group_item is not None:
            assert field.type.item is not None
            found[name] = [_asked(field.type.item, item, path, asked) for item in inner]
        elif path in asked:
            found[name] = {} if field.type.kind is Kind.OPEN else inner
    return found


def _is_answered(fact: FactType, value: Mapping[str, Any], at: tuple[str, ...], asked: Any) -> bool:
    """Whether something in a group is recorded and asked."""
    for name, field in fact.fields.items():
        path, inner = (*at, name), value.get(name)
        is_group = field.type.kind is Kind.OBJECT
        if inner is not None and (
            path in asked or (is_group and _is_answered(field.type, inner, path, asked))
        ):
            return True
    return False
