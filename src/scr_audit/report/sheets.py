"""Sheets of a workbook: tables with headings that stay, and pages of entries under headings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scr_audit.report.cells import Styles, cell_text, real_day
from scr_audit.report.tables import Cell, Column, Entry, Kind, Section, Table
from scr_audit.report.wording import LABELS, SIGNS

# Column's name → cell's text → where its link leads.
Links = Mapping[str, Mapping[Cell, str]]
STATUSES = ("Not started", "Under way", "Done", "Not needed")
_MOST_LINKS = 65_530  # of a sheet, by Excel
_A4 = 9
_FILLED_IN = (("Owner", 20), ("Due", 13), ("Status", 14))
_WIDTHS: dict[str, float] = {
    "title": 44, "reason": 60, "remedy": 44, "advice": 44, "missing": 36, "questions": 44,
    "problem": 60, "source": 50, "rule": 24, "recommendation": 17, "record": 16, "kind": 10,
    "severity": 10, "agency": 18, "theme": 24, "pointer": 26, "location": 32, "unit": 16,
    "standard": 26, "see": 14, "parameter": 26, "outcome": 18,
}  # fmt: skip
_KIND_WIDTHS: dict[Kind, float] = {
    "text": 22, "count": 12, "share": 11, "day": 13, "outcome": 18,
}  # fmt: skip
_HEADING_HEIGHT = 32
_STAY = {"findings": 2, "recommendations": 2, "rules": 2}  # columns that stay in sight


def write_table(sheet: Worksheet, table: Table, styles: Styles, links: Links) -> None:
    """A table, with a heading that stays in sight, is printed on every page, and filters."""
    last = len(table.columns) - 1
    for index, column in enumerate(table.columns):
        width = _WIDTHS.get(column.name, _KIND_WIDTHS[column.kind])
        sheet.set_column(index, index, width)
    _as_page(sheet)
    sheet.freeze_panes(1, _STAY.get(table.name, 1))
    # Numbers of paragraphs, such as 5.1, are text and meant to be.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    _write_heading(sheet, table.columns, styles)
    allowed = _MOST_LINKS // max(1, sum(column.name in links for column in table.columns))
    for number, row in enumerate(table.rows, 1):
        found = links if number <= allowed else {}
        for index, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            # A table does not link to its own rows, whose ids stand in its first column.
            target = found.get(column.name, {}).get(cell) if column.name != _own(table) else None
            _write_cell(sheet, (number, index), cell, column.kind, styles, target=target)
    sheet.autofilter(0, 0, max(1, len(table.rows)), last)


def _own(table: Table) -> str:
    return table.columns[0].name if table.name in ("rules", "recommendations") else ""


def _as_page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&RPage &P of &N")
    sheet.repeat_rows(0)


def _write_heading(sheet: Worksheet, columns: Sequence[Column], styles: Styles) -> None:
    sheet.set_row(0, _HEADING_HEIGHT)
    for index, column in enumerate(columns):
        if column.name in SIGNS and column.kind == "count":
            text, style = f"{SIGNS[column.name]} {column.title}", styles.outcome[column.name]
        else:
            text, style = column.title, styles.heading
        sheet.write_string(0, index, text, style)


def _write_cell(
    sheet: Worksheet,
    place: tuple[int, int],
    cell: Cell,
    kind: Kind,
    styles: Styles,
    *,
    target: str | None = None,
) -> None:
    """A number as a number, a whole day as a day, all else as text that nothing runs."""
    if cell is None or cell == "":
        sheet.write_blank(*place, None, styles.text)
    elif isinstance(cell, int | float):
        sheet.write_number(*place, cell, styles.number(cell, kind))
    elif kind == "outcome":
        sheet.write_string(*place, f"{SIGNS[cell]} {LABELS[cell]}", styles.outcome[cell])
    elif kind == "day" and (day := real_day(cell)):
        sheet.write_datetime(*place, day, styles.day)
    elif target:
        sheet.write_url(*place, target, styles.link, cell_text(cell))
    else:
        style = styles.hidden_number if kind in ("count", "share") else styles.text
        sheet.write_string(*place, cell_text(cell), style)


def write_to_do(sheet: Worksheet, table: Table, styles: Styles, links: Links) -> None:
    """A table of what to do, with empty columns for who, until when, and how far it is."""
    first, rows = len(table.columns), len(table.rows)
    columns = (*table.columns, *(Column(name.lower(), name) for name, _ in _FILLED_IN))
    blank = tuple("" for _ in _FILLED_IN)
    write_table(sheet, Table(table.name, table.title, columns, [
        (*row, *blank) for row in table.rows
    ]), styles, links)  # fmt: skip
    for offset, (_, width) in enumerate(_FILLED_IN):
        style = styles.fill_in_day if offset == 1 else styles.fill_in
        sheet.set_column(first + offset, first + offset, width, style)
    if not rows:
        return
    sheet.data_validation(1, first + 1, rows, first + 1, {
        "validate": "date", "criteria": ">", "value": date(2000, 1, 1),
        "error_title": "Due", "error_message": "Enter a day, such as 31/03/2027.",
    })  # fmt: skip
    sheet.data_validation(1, first + 2, rows, first + 2, {
        "validate": "list", "source": list(STATUSES),
        "error_title": "Status", "error_message": f"Choose one of: {', '.join(STATUSES)}.",
    })  # fmt: skip


def write_sections(
    sheet: Worksheet,
    sections: Iterable[Section],
    styles: Styles,
    *,
    title: str,
    totals: Table | None = None,
    guide: Sequence[tuple[str, str]] = (),
) -> None:
    """A page of entries under headings.

    `totals` follows what came out; `guide` names the other sheets, with links, and comes last.
    """
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    sheet.hide_gridlines(2)
    _as_page(sheet)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, cell_text(title), styles.title)
    row = 1
    for section in sections:
        row = _write_section(sheet, section, row, styles)
        if totals is not None and section.title == "What came out":
            row = _write_totals(sheet, totals, row, styles)
    if guide:
        row = _write_section_title(sheet, "Sheets of this workbook", row, styles)
        for name, said in guide:
            sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.link, name)
            sheet.write_string(row, 1, said, styles.text)
            row += 1


def _write_section_title(sheet: Worksheet, title: str, row: int, styles: Styles) -> int:
    sheet.set_row(row + 1, 22)
    sheet.write_string(row + 1, 0, title, styles.section)
    sheet.write_blank(row + 1, 1, None, styles.section)
    return row + 2


def _write_section(sheet: Worksheet, section: Section, row: int, styles: Styles) -> int:
    row = _write_section_title(sheet, section.title, row, styles)
    for entry in section.entries:
        sheet.write_string(row, 0, cell_text(entry.what), styles.label)
        _write_value(sheet, row, entry, styles)
        row += 1
    return row


def _write_value(sheet: Worksheet, row: int, entry: Entry, styles: Styles) -> None:
    value = entry.value
    if isinstance(value, int | float):
        sheet.write_number(row, 1, value, styles.counted_entry)
    elif entry.kind == "day" and (day := real_day(str(value))):
        sheet.write_datetime(row, 1, day, styles.entry)
    else:
        sheet.write_string(row, 1, cell_text(str(value)), styles.text)


def _write_totals(sheet: Worksheet, totals: Table, row: int, styles: Styles) -> int:
    style: Format
    for index, column in enumerate(totals.columns):
        sheet.write_string(row, index, column.title, styles.label)
    for number, (outcome, count) in enumerate(totals.rows, row + 1):
        name = str(outcome)
        sheet.write_string(number, 0, f"{SIGNS[name]} {LABELS[name]}", styles.outcome[name])
        style = styles.counted_entry
        if isinstance(count, int):
            sheet.write_number(number, 1, count, style)
        else:
            sheet.write_string(number, 1, str(count), style)
    return row + len(totals.rows) + 1
