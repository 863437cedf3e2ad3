"""Sheets of a workbook: tables with headings that stay, and pages of entries under headings."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scr_audit.outputs import staging_folder
from scr_audit.report.tables import Column, ColumnKind, Entry, Section, Table, TableValue
from scr_audit.report.wording import LABELS, SIGNS
from scr_audit.values.text import cell_text
from scr_audit.workbooks.cells import AS_TEXT

# Column's name → cell's text → where its link leads.
Links = Mapping[str, Mapping[TableValue, str]]
_MOST_LINKS = 65_530  # of a sheet, by Excel
_A4 = 9
_PAGE = (34.0, 104.0)  # widths of what an entry is about, and of its value
# As `scr_audit.actions.sheet` reads them: a row with an owner becomes an action.
_FILLED_IN = (("Owner (post)", 22), ("Due", 13), ("Target (%)", 10), ("In quarter", 12))
_WIDTHS: dict[str, float] = {
    "title": 34, "reason": 54, "remedy": 38, "advice": 40, "missing": 44, "questions": 54,
    "problem": 60, "source": 50, "rule": 22, "recommendation": 15, "record": 14, "kind": 10,
    "severity": 9, "agency": 16, "theme": 20, "pointer": 24, "location": 30, "unit": 13,
    "standard": 22, "see": 12, "parameter": 26, "interval_low": 12, "interval_high": 12,
    "task": 46, "serves": 22, "shown_by": 30,
}  # fmt: skip
_KIND_WIDTHS: dict[ColumnKind, float] = {
    "text": 20, "count": 10.5, "share": 9.5, "day": 17, "outcome": 17,
}  # fmt: skip
_HEADING_HEIGHT = 30
_LINE, _HIGHEST = 13.5, 300.0  # points
_PER_WIDTH = 1.1  # characters of running text, which are narrower than the figures of widths
# Columns that stay in sight; and the last one that is printed, so that paper stays readable.
_STAY = {"findings": 2, "recommendations": 2, "rules": 2}
_LAST_PRINTED = {"findings": "remedy", "rules": "standard"}


def workbook_of(
    title: str, as_of: str | None, sections: Sequence[Section], tables: Iterable[Table]
) -> bytes:
    """A workbook with a page of sections and a sheet for each table; same input, same bytes."""
    content = io.BytesIO()
    with staging_folder(Path(tempfile.gettempdir())) as folder:
        book = Workbook(content, {"tmpdir": str(folder), **AS_TEXT})
        day = real_day(as_of or "") or date(1980, 1, 1)
        book.set_properties({"title": cell_text(title), "created": datetime.combine(day, time())})
        styles = Styles(book)
        write_sections(book.add_worksheet("Summary"), sections, styles, title=title)
        for table in tables:
            write_table(book.add_worksheet(table.title), table, styles, {})
        book.close()
    return content.getvalue()


def write_table(
    sheet: Worksheet,
    table: Table,
    styles: Styles,
    links: Links,
    *,
    blank: Mapping[ColumnKind, Format] | None = None,
) -> None:
    """A table, with a heading that stays in sight, is printed on every page, and filters.

    `blank` is how cells without a value look by the kind of their column, where that is not as all
    others do.
    """
    names = [column.name for column in table.columns]
    widths = [_WIDTHS.get(column.name, _KIND_WIDTHS[column.kind]) for column in table.columns]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    _as_page(sheet)
    sheet.freeze_panes(1, _STAY.get(table.name, 1))
    # Numbers of paragraphs, such as 5.1, are text and meant to be.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    _write_heading(sheet, table.columns, styles)
    linked = [links.get(name, {}) if name != _own(table) else {} for name in names]
    allowed = _MOST_LINKS // max(1, sum(map(bool, linked)))
    for number, row in enumerate(table.rows, 1):
        sheet.set_row(number, _height(row, widths))
        targets = [
            found.get(cell) if number <= allowed else None
            for found, cell in zip(linked, row, strict=True)
        ]
        _write_row(sheet, number, zip(table.columns, row, targets, strict=True), styles, blank)
    last_row = max(1, len(table.rows))
    sheet.autofilter(0, 0, last_row, len(names) - 1)
    sheet.print_area(0, 0, last_row, names.index(_LAST_PRINTED.get(table.name, names[-1])))


def _write_row(
    sheet: Worksheet,
    number: int,
    cells: Iterable[tuple[Column, TableValue, str | None]],
    styles: Styles,
    blank: Mapping[ColumnKind, Format] | None,
) -> None:
    for index, (column, cell, target) in enumerate(cells):
        if cell is None or cell == "":
            style = styles.text
            if cell is None and blank is not None:
                style = blank.get(column.kind, styles.fill_in)
            sheet.write_blank(number, index, None, style)
        else:
            _write_cell(sheet, (number, index), cell, column.kind, styles, target=target)


def _height(row: Iterable[TableValue], widths: Iterable[float]) -> float:
    """The points that a row needs for its texts, since not every program works them out."""
    lines = max((_lines(cell, width) for cell, width in zip(row, widths, strict=True)), default=1)
    return min(_HIGHEST, lines * _LINE + 2)


def _lines(cell: TableValue, width: float) -> int:
    if not isinstance(cell, str):
        return 1
    return (
        sum(1 + int(len(line) / (width * _PER_WIDTH)) for line in cell.split("\n")) if cell else 1
    )


def _own(table: Table) -> str:
    """The column whose ids are the table's own rows, and so no links."""
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
            text, style = (
                f"{SIGNS[column.name]} {column.title}",
                styles.outcome_heading[column.name],
            )
        else:
            text, style = column.title, styles.heading
        sheet.write_string(0, index, text, style)


def _write_cell(
    sheet: Worksheet,
    place: tuple[int, int],
    cell: str | float,
    kind: ColumnKind,
    styles: Styles,
    *,
    target: str | None = None,
) -> None:
    """A number as a number, a whole day as a day, all else as text that nothing runs."""
    if isinstance(cell, int | float):
        sheet.write_number(*place, cell, styles.number(cell, kind))
    elif kind == "outcome":
        sheet.write_string(*place, f"{SIGNS[cell]} {LABELS[cell]}", styles.outcome[cell])
    elif kind == "day" and (day := real_day(cell)):
        sheet.write_datetime(*place, day, styles.day)
    elif kind == "day" and (moment := real_moment(cell)):
        sheet.write_datetime(*place, moment, styles.moment)
    elif target:
        sheet.write_url(*place, target, styles.link, cell_text(cell))
    else:
        style = styles.no_number if kind in ("count", "share") else styles.text
        sheet.write_string(*place, cell_text(cell), style)


def write_to_do(sheet: Worksheet, table: Table, styles: Styles, links: Links) -> None:
    """A table of what to do, with empty columns for who, until when, and what will show it."""
    first, rows = len(table.columns), len(table.rows)
    columns = (
        *table.columns,
        *(Column(name.lower(), name, "day" if name == "Due" else "text") for name, _ in _FILLED_IN),
    )
    blank = tuple(None for _ in _FILLED_IN)
    write_table(sheet, Table(table.name, table.title, columns, [
        (*row, *blank) for row in table.rows
    ]), styles, links, blank={"day": styles.fill_in_day})  # fmt: skip
    for offset, (_, width) in enumerate(_FILLED_IN):
        sheet.set_column(first + offset, first + offset, width)
    if not rows:
        return
    sheet.data_validation(1, first + 1, rows, first + 1, {
        "validate": "date", "criteria": ">", "value": date(2000, 1, 1),
        "error_title": "Due", "error_message": "Enter a day, such as 31/03/2027.",
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
    for index, width in enumerate(_PAGE):
        sheet.set_column(index, index, width)
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
            sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.link_entry, name)
            sheet.write_string(row, 1, said, styles.entry)
            row += 1


def _write_section_title(sheet: Worksheet, title: str, row: int, styles: Styles) -> int:
    sheet.set_row(row + 1, 22)
    sheet.write_string(row + 1, 0, title, styles.section)
    sheet.write_blank(row + 1, 1, None, styles.section)
    return row + 2


def _write_section(sheet: Worksheet, section: Section, row: int, styles: Styles) -> int:
    row = _write_section_title(sheet, section.title, row, styles)
    for entry in section.entries:
        sheet.set_row(row, _height((entry.what, entry.value), _PAGE) * 1.1)
        sheet.write_string(row, 0, cell_text(entry.what), styles.label)
        _write_value(sheet, row, entry, styles)
        row += 1
    return row


def _write_value(sheet: Worksheet, row: int, entry: Entry, styles: Styles) -> None:
    value = entry.value
    if isinstance(value, int | float):
        sheet.write_number(row, 1, value, styles.count_entry)
    elif entry.kind == "day" and (day := real_day(str(value))):
        sheet.write_datetime(row, 1, day, styles.day_entry)
    else:
        sheet.write_string(row, 1, cell_text(str(value)), styles.entry)


def _write_totals(sheet: Worksheet, totals: Table, row: int, styles: Styles) -> int:
    for index, column in enumerate(totals.columns):
        sheet.write_string(row, index, column.title, styles.label)
    for number, (outcome, count) in enumerate(totals.rows, row + 1):
        name = str(outcome)
        sheet.write_string(number, 0, f"{SIGNS[name]} {LABELS[name]}", styles.outcome_heading[name])
        _write_value(sheet, number, Entry(name, count, "count"), styles)
    return row + len(totals.rows) + 1


_INK, _WHITE = "#0B0C0C", "#FFFFFF"
# Fill and ink, with a contrast of 4.5 or more: of headings, and of the many cells below them.
_STRONG = {
    "met": ("#28A197", _INK),
    "not_met": ("#801650", _WHITE),
    "not_evidenced": ("#F46A25", _INK),
    "not_applicable": ("#EEEFEF", _INK),
    "excepted": ("#12436D", _WHITE),
    "error": (_INK, _WHITE),
}
_PALE = {
    "met": ("#DFF3F1", "#0F5A54"),
    "not_met": ("#F3E3EB", "#801650"),
    "not_evidenced": ("#FDE8DE", "#8A3A0C"),
    "not_applicable": ("#F3F4F4", "#40474B"),
    "excepted": ("#DCE5EE", "#12436D"),
    "error": (_INK, _WHITE),
}
_CELL: dict[str, Any] = {
    "valign": "top",
    "text_wrap": True,
    "font_size": 10,
    "border": 1,
    "border_color": "#D0D3D6",
}
_DAY = "d mmm yyyy"


class Styles:
    """The formats of one workbook, each made once and in a fixed order."""

    def __init__(self, book: Workbook) -> None:
        def made(**settings: object) -> Format:
            return book.add_format(_CELL | settings)

        plain: dict[str, Any] = {"border": 0}
        page = {**plain, "font_size": 11}
        heading = {"bold": True, "valign": "vcenter", "bg_color": "#2B3A42", "font_color": _WHITE}
        self.text = made()
        self.link = made(font_color="#12436D", underline=1)
        self.no_number = made(align="right")
        self.day = made(num_format=_DAY, align="left")
        self.entry = made(**page)
        self.moment = made(num_format=f"{_DAY} hh:mm", align="left")
        self.day_entry = made(**page, num_format="d mmmm yyyy", align="left")
        self.count = made(num_format="#,##0")
        self.count_entry = made(**page, num_format="#,##0", align="left")
        self.share = made(num_format="0%")
        # As the words of reports do: never rounded up to all or down to nothing.
        self.share_low = made(num_format='"under 1%"')
        self.share_high = made(num_format='"over 99%"')
        self.heading = made(**heading)
        self.fill_in = made(bg_color="#FFF7E0", align="left")
        self.fill_in_day = made(bg_color="#FFF7E0", num_format=_DAY, align="left")
        self.label = made(**page, bold=True)
        self.link_entry = made(**page, font_color="#12436D", underline=1)
        self.title = made(**plain, bold=True, font_size=16, text_wrap=False)
        self.section = made(**plain, bold=True, font_size=13, text_wrap=False, bottom=2,
                            bottom_color="#12436D", font_color="#12436D")  # fmt: skip
        self.outcome_heading = {
            name: made(bg_color=fill, font_color=ink, bold=True, valign="vcenter")
            for name, (fill, ink) in _STRONG.items()
        }
        self.outcome = {
            name: made(bg_color=fill, font_color=ink, bold=True)
            for name, (fill, ink) in _PALE.items()
        }

    def number(self, value: float, kind: ColumnKind) -> Format:
        """How a count or a share looks."""
        if kind != "share":
            return self.count
        if 0 < value < 0.005:
            return self.share_low
        return self.share_high if 0.995 <= value < 1 else self.share


def real_day(text: str) -> date | None:
    """The day that a text names; none for an imprecise one, or one before Excel's calendar."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2010-07-12") else None
    except ValueError:
        return None
    # Excel thinks that 1900 was a leap year.
    return day if day and day.year > 1900 else None


def real_moment(text: str) -> datetime | None:
    """The day and time that a text names, as `real_day`; none where it has a time zone."""
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("2010-07-12T09") else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo is None and moment.year > 1900 else None
