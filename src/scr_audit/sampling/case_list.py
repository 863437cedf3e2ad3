"""The list of cases that an office makes, in any workbook or table: the frame of a sample.

One column has the case's reference, whatever it is called. Other columns are read where their
heading is that of the template, such as *Conference date*; a case has as many rows as conferences.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from scr_audit.errors import InputError, did_you_mean, library_needed, listed, translate_os_errors
from scr_audit.forms.answers import ABSENT, answer_choices, as_text, fact_of
from scr_audit.forms.assembly import field_of_path
from scr_audit.language.types import FactPath, FactType, Kind, in_words
from scr_audit.packs.pack import Pack
from scr_audit.plans.pack_of_plan import population
from scr_audit.plans.plan import AuditPlan
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import Json
from scr_audit.values.text import cell_text, folded, normal_text, utf8
from scr_audit.workbooks.cells import AS_TEXT, CellValue, Fault, FormError, cell_name, listed_faults
from scr_audit.workbooks.grid import read_grids

SHEET, REFERENCE = "Cases", "Reference"
TABLES = (".xlsx", ".xlsm", ".csv")
_HEADINGS_WITHIN = 20  # rows: titles and remarks stand above the headings of many exports
_ROWS = 400  # that have a drop-down
_MADE = datetime(1980, 1, 1)
_PLAIN = (Kind.TEXT, Kind.CHOICE, Kind.BOOLEAN, Kind.INTEGER, Kind.DATE)
_CALLED = (  # words of a heading, the surest first
    frozenset({"reference", "ref"}),
    frozenset({"id", "number", "no", "identifier"}),
    frozenset({"case", "file", "child"}),
)


@dataclass(frozen=True)
class CaseColumn:
    """A column of the template: a fact of the record or, in `list`, of an item of that list.

    One that `is_needed` is filled in wherever anything is said of the item.
    """

    heading: str
    list: str
    steps: FactPath
    type: FactType
    is_needed: bool = False


@dataclass(frozen=True)
class CaseSheet:
    """What a file of cases holds: its rows, which are lines where it `is_table`."""

    name: str
    rows: Sequence[Sequence[CellValue]]
    is_table: bool = False

    def place(self, row: int, column: int = 0) -> str:
        """Where a cell stands: `Cases!B7`, or the line of a table."""
        return f"line {row + 1}" if self.is_table else f"{self.name}!{cell_name(row, column)}"


def case_columns(pack: Pack, plan: AuditPlan) -> list[CaseColumn]:
    """What the frame of a plan's sample reads of a case, besides its reference."""
    kind = pack.kinds[population(pack, plan)[0].kind].type
    sample, dates = plan.sample, {} if plan.period is None else plan.period.dates
    found = [("", tuple(name.split("."))) for name in (sample.strata_facts() if sample else ())]
    for name in (sample.frame if sample else None) or dates:
        field = field_of_path(kind, (name,))
        item = None if field is None else field.type.group_item
        if item is not None:
            steps = [tuple(dates[name].split(".")), *item.same_by]
            steps += [(each,) for each, inner in item.fields.items() if inner.required]
            found += [(name, each) for each in dict.fromkeys(steps)]
    return list(_columns(kind, found))


def _columns(kind: FactType, found: Sequence[tuple[str, FactPath]]) -> Iterator[CaseColumn]:
    for name, steps in found:
        field = field_of_path(kind, (*([name] if name else []), *steps))
        if field is None or field.type.kind not in _PLAIN:
            continue
        item = field_of_path(kind, (name,)) if name else None
        noun = "" if item is None or item.type.item is None else item.type.item.name
        heading = " ".join([noun or name, *(in_words(step) for step in steps)]).strip()
        is_needed = bool(name) and field.required and len(steps) == 1
        heading = heading[:1].upper() + heading[1:]
        yield CaseColumn(heading, name, steps, field.type, is_needed)


def case_list_template(
    columns: Sequence[CaseColumn], said: Sequence[str], falling_due: Sequence[Sequence[str]] = ()
) -> bytes:
    """A workbook to list cases in; `said` stands above the headings.

    `falling_due` are rows of a second sheet, for whoever makes the list: its headings come first.
    """
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        raise library_needed("a workbook of cases", error.name, "excel") from error
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, **AS_TEXT}) as book:
        book.set_properties({"title": "Case list", "author": "scr-audit", "created": _MADE})
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format(
            {"bold": True, "bg_color": "#E7EBEF", "border": 1, "text_wrap": True}
        )
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        above = book.add_format({"text_wrap": True, "valign": "top"})
        for row, line in enumerate(said):
            sheet.merge_range(row, 0, row, max(len(columns), 4), cell_text(line), above)
            sheet.set_row(row, 15 * -(-len(line) // 85))
        at = len(said) + 1
        sheet.write_string(at, 0, REFERENCE, bold)
        sheet.set_column(0, 0, 18, text)
        for number, column in enumerate(columns, 1):
            is_day = column.type.kind is Kind.DATE
            sheet.set_column(
                number, number, max(16, len(column.heading) + 3), day if is_day else text
            )
            sheet.write_string(at, number, column.heading, bold)
            words = list(answer_choices(column.type))
            if words and len(",".join(words)) < 250:
                rule = {"validate": "list", "source": words, "show_error": False}
                sheet.data_validation(at + 1, number, at + _ROWS, number, rule)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(at + 1, 1)
        if falling_due:
            _write_rows(book.add_worksheet("Falls due"), falling_due, bold)
    return content.getvalue()


def _write_rows(sheet: Any, rows: Sequence[Sequence[str]], bold: Any) -> None:
    sheet.set_column(0, len(rows[0]) - 1, 34)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, cell_text(text), *([] if row else [bold]))


def read_case_list(
    path: Path, pack: Pack, plan: AuditPlan, *, note: str = ""
) -> list[dict[str, Json]]:
    """The cases of a workbook (its first sheet with any) or a CSV file, as records.

    `note` is kept with the id of each. Raises `InputError` with everything wrong by its cell.
    """
    sheet, columns = _sheet(path), case_columns(pack, plan)
    at, reference = _reference(path, sheet)
    headings = [folded(as_text(cell)) for cell in sheet.rows[at]]
    known = {headings.index(folded(c.heading)): c for c in columns if folded(c.heading) in headings}
    kind = population(pack, plan)[0].kind
    made: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    for row, cells in enumerate(sheet.rows[at + 1 :], at + 1):
        name = _name(cells[reference]) if reference < len(cells) else ""
        filled = [number for number, cell in enumerate(cells) if cell != ""]
        if not name:
            if filled:
                heading = as_text(sheet.rows[at][reference])
                fault = f"has no reference in the column '{heading}'"
                faults.append(Fault(sheet.place(row, reference), fault))
            continue
        origin = {"file": path.name, "place": sheet.place(row, reference)}
        first = {"id": name, "kind": kind, KEY: {"": origin, "/id": {**origin, "note": note}}}
        origins = _add(made.setdefault(name, first), row, sheet, (known, columns), faults)
        made[name][KEY] |= {
            pointer: {"file": path.name, "place": place} for pointer, place in origins.items()
        }
    if not made and not faults:
        faults.append(Fault(sheet.name, "lists no case yet"))
    if faults:
        raise InputError(listed_faults(str(path), faults))
    return list(made.values())


def _add(
    record: dict[str, Any], row: int, sheet: CaseSheet,
    of: tuple[Mapping[int, CaseColumn], Sequence[CaseColumn]], faults: list[Fault],
) -> dict[str, str]:  # fmt: skip
    """Add what a row says of a case: facts of its own, and an item of each list.

    Gives the cell of each fact that is new, by its pointer.
    """
    (known, columns), cells = of, sheet.rows[row]
    items: dict[str, dict[str, Any]] = {}
    origins: dict[str, dict[str, str]] = {}
    for number, column in known.items():
        cell = cells[number] if number < len(cells) else ""
        if cell == "":
            continue
        try:
            value = fact_of(column.type, cell)
        except ValueError as error:
            faults.append(Fault(sheet.place(row, number), f"{column.heading}: {error}"))
            continue
        if value is not ABSENT:
            home = items.setdefault(column.list, {}) if column.list else record
            for step in column.steps[:-1]:
                home = home.setdefault(step, {})
            home[column.steps[-1]] = value
            below = origins.setdefault(column.list, {})
            below["/".join(["", *column.steps])] = sheet.place(row, number)
    found = origins.pop("", {})
    for column in columns:
        if column.list in items and column.is_needed and column.steps[0] not in items[column.list]:
            message = f"is empty in the column '{column.heading}', which is needed too"
            faults.append(Fault(sheet.place(row), message))
    for name, item in items.items():
        listed_items = record.setdefault(name, [])
        if item not in listed_items:
            at = f"/{name}/{len(listed_items)}"
            found |= {at: sheet.place(row)}
            found |= {f"{at}{below}": place for below, place in origins[name].items()}
            listed_items.append(item)
    return found


def lists_cases(path: Path) -> bool:
    """Whether a file lists a case at least: the template does not, before it is filled in."""
    sheet = _sheet(path)
    try:
        at, _ = _reference(path, sheet)
    except InputError:
        return True  # it holds something, and reading it says what is wrong
    return any(any(cell != "" for cell in cells) for cells in sheet.rows[at + 1 :])


def _name(cell: CellValue) -> str:
    """A reference as text: `1042` for the number that a spreadsheet makes of it."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return normal_text(as_text(cell))


def _reference(path: Path, sheet: CaseSheet) -> tuple[int, int]:
    """The row of the headings, and the column of the reference. Raises `InputError`.

    The headings are the first row that fills several columns. The column is known by a word of its
    heading, or is the only one whose cells are all filled and differ.
    """
    found = [[_words(cell) for cell in cells] for cells in sheet.rows[:_HEADINGS_WITHIN]]
    for row, words in enumerate(found):
        if [REFERENCE.lower()] in words:
            return row, words.index([REFERENCE.lower()])
    at = next((row for row, words in enumerate(found) if sum(map(bool, words)) > 1), None)
    at = next((row for row, words in enumerate(found) if any(words)), None) if at is None else at
    if at is None:
        raise InputError(f"{path}: is empty; list the cases in it, a row each")
    columns = [number for number, words in enumerate(found[at]) if words]
    if len(columns) == 1:
        return at, columns[0]
    for names in _CALLED:
        called = [number for number in columns if names & {*found[at][number]}]
        if len(called) == 1:
            return at, called[0]
    body = [cells for cells in sheet.rows[at + 1 :] if any(cell != "" for cell in cells)]
    fit = [number for number in columns if body and _tells_apart(number, body)]
    if len(fit) == 1:
        return at, fit[0]
    headings = [as_text(cell) for cell in sheet.rows[at] if cell != ""]
    hint = did_you_mean(REFERENCE, headings)
    raise InputError(
        f"{path}: which column has the reference of the case? Found {listed(headings, most=20)}. "
        f"Call the one that has it '{REFERENCE}'.{hint}"
    )


def _words(cell: CellValue) -> list[str]:
    """The words of a heading: `Case ref.` is *case* and *ref*."""
    return re.findall(r"[^\W_]+", folded(as_text(cell)))


def _tells_apart(column: int, body: Sequence[Sequence[CellValue]]) -> bool:
    cells = [row[column] if column < len(row) else "" for row in body]
    is_text = not any(isinstance(cell, date | time | bool) for cell in cells)
    return is_text and "" not in cells and len(set(map(_name, cells))) == len(cells)


def _sheet(path: Path) -> CaseSheet:
    """The rows of the first sheet that holds any. Raises `InputError`."""
    if path.suffix.lower() == ".csv":
        return _csv_sheet(path)
    try:
        grids = read_grids(path)
    except FormError as error:
        raise InputError(listed_faults(str(path), error.faults)) from error
    grid = next((each for each in grids.values() if each.rows), next(iter(grids.values())))
    rows = [
        [grid.at((row, column)) for column in range(len(values))]
        for row, values in enumerate(grid.values)
    ]
    return CaseSheet(grid.name, rows)


def _csv_sheet(path: Path) -> CaseSheet:
    with translate_os_errors(path):
        data = path.read_bytes()
    try:
        text = utf8(data).decode()
    except ValueError:
        text = data.decode("cp1252", errors="replace")  # as a spreadsheet saves 'CSV'
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    return CaseSheet(path.name, [[cell.strip() for cell in row] for row in lines], is_table=True)
