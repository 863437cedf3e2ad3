"""A copy of a form in which everything wrong is marked; the form itself is never touched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from scr_audit.errors import library_needed
from scr_audit.values.text import cell_text
from scr_audit.workbooks.cells import Fault

TO_MEND = "To mend"
"""The first sheet of a marked copy, and how a comment of one begins."""
_RED = "FFF4B6B6"
_WIDTH, _HEIGHT = 320, 110  # of a comment, in pixels


def marked_copy(path: Path, faults: Sequence[Fault]) -> bytes | None:
    """The form with its wrong cells coloured, each with what is wrong as a comment.

    A first sheet lists everything, with a link to each cell. None where the file cannot be opened
    as a workbook. Raises `InputError` where the library is missing.
    """
    try:
        from openpyxl import load_workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.worksheet.hyperlink import Hyperlink
    except ModuleNotFoundError as error:
        raise library_needed("a marked copy of a form", error.name, "excel") from error
    try:
        book = load_workbook(path)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None
    said: dict[str, list[str]] = {}
    for fault in faults:
        said.setdefault(fault.place, []).append(fault.message)
    first = book.create_sheet(TO_MEND, 0)
    first.append(["Where", "What is wrong. Mend it in your own form; this is a copy."])
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 26, 100
    for cell in first[1]:
        cell.font = Font(bold=True)
    for row, (place, messages) in enumerate(said.items(), 2):
        text = " ".join(message[:1].upper() + message[1:] for message in messages)
        where = first.cell(row, 1, cell_text(place))
        first.cell(row, 2, cell_text(text)).alignment = Alignment(wrap_text=True, vertical="top")
        sheet, _, name = place.partition("!")
        if sheet not in book.sheetnames or not name.isalnum():
            continue
        where.hyperlink = Hyperlink(ref=where.coordinate, location=f"'{sheet}'!{name}")
        where.font = Font(underline="single", color="FF0563C1")
        wrong = book[sheet][name]
        if isinstance(wrong, tuple):  # a row or a column
            continue
        wrong.fill = PatternFill("solid", fgColor=_RED)
        wrong.comment = Comment(f"{TO_MEND}: {text}", "scr-audit", _HEIGHT, _WIDTH)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
