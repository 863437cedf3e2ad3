"""The list of drawn cases, to print and to tick, and to say which of them cannot be audited."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from scr_audit.errors import InputError, library_needed
from scr_audit.values.text import cell_text, normal_text
from scr_audit.workbooks.cells import AS_TEXT, FormError, listed_faults
from scr_audit.workbooks.grid import read_grids

SHEET = "Drawn"
_REFERENCE, _WHY = "Reference", "Cannot be audited because"
_HEADING = 4
_MADE = datetime(1980, 1, 1)


def drawn_sheet(
    title: str, cases: Sequence[str], readers: Sequence[str], replaced: Mapping[str, str]
) -> bytes:
    """The workbook; `replaced` are the cases that others took the place of, and why."""
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        raise library_needed("a list of cases", error.name, "excel") from error
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, **AS_TEXT}) as book:
        book.set_properties({"title": title, "author": "scr-audit", "created": _MADE})
        sheet = book.add_worksheet(SHEET)
        plain = {"border": 1, "num_format": "@", "text_wrap": True, "valign": "vcenter"}
        cell = book.add_format(plain)
        why = book.add_format({**plain, "bg_color": "#FFF7D6"})
        bold = book.add_format({"border": 1, "bold": True, "bg_color": "#E7EBEF"})
        sheet.write_string(0, 0, "Cases to audit", book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, cell_text(title))
        sheet.write_string(2, 0, "Where a file cannot be audited, write why in the last column, "
                           "without a name; another case takes its place.")  # fmt: skip
        headings = ("No.", _REFERENCE, *(f"Read by {name}" for name in readers), _WHY)
        widths = (5, 18, *(20 for _ in readers), 44)
        for column, (text, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEADING, column, text, bold)
        rows = [*((name, "") for name in cases), *replaced.items()]
        for row, (name, reason) in enumerate(rows, _HEADING + 1):
            number = "" if reason else str(row - _HEADING)
            blank = ["" for _ in readers]
            for column, text in enumerate((number, name, *blank, reason)):
                look = why if column == len(headings) - 1 else cell
                sheet.write_string(row, column, cell_text(text), look)
            sheet.set_row(row, 22)
        sheet.repeat_rows(_HEADING)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&LPage &P of &N&RConfidential")
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return content.getvalue()


def read_reasons(path: Path) -> dict[str, str]:
    """The cases that are said not to be auditable, and why. Raises `InputError`."""
    try:
        grid = read_grids(path).get(SHEET)
    except FormError as error:
        raise InputError(listed_faults(str(path), error.faults)) from error
    headings = [] if grid is None else [str(v).strip() for v in [*grid.values, *[[]] * 9][_HEADING]]
    if grid is None or not {_REFERENCE, _WHY} <= set(headings):
        raise InputError(
            f"{path}: lacks its sheet '{SHEET}' or the columns '{_REFERENCE}' and '{_WHY}'; give "
            "them their names back"
        )
    at, why = headings.index(_REFERENCE), headings.index(_WHY)
    rows = range(_HEADING + 1, grid.rows)
    found = {normal_text(str(grid.at((row, at)))): str(grid.at((row, why))).strip() for row in rows}
    return {name: " ".join(reason.split()) for name, reason in found.items() if name and reason}
