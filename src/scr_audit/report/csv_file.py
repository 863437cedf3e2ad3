"""Renders a run bundle as a delimited file (CSV, RFC 4180): one table for other programs.

An auditor's bundle gives its findings; every other edition, or a run of totals only, its rules. The
first line has the names of columns that `tables` gives. UTF-8 with a byte order mark, since Excel
takes a file without one for the old code page of the machine; LibreOffice, pandas and polars skip
it, and Python's reader does with `encoding="utf-8-sig"`. Lines end with CR LF. Shares are
fractions of 1, days are ISO 8601, outcomes have the names that the bundle has (`not_met`).

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Such text has an
apostrophe put before it, also behind the spaces that spreadsheets skip, and where a new cell would
begin for those who split at semicolons or at a line break within a cell. Only text is changed so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from scr_audit.documents.editions import Bundle, PublicDocument
from scr_audit.report.formats import Look, Templates
from scr_audit.report.headline import anonymity_sentence
from scr_audit.report.public_page import public_page
from scr_audit.report.tables import (
    Column,
    Table,
    TableValue,
    confidential_words,
    findings_table,
    rules_table,
)
from scr_audit.values.text import json_bytes, visible

# At the start of text: what runs, behind any space. A leading tab or return is itself a risk.
# Full-width signs are formulas to the Excel of East Asia. `visible` has written out the rest.
_STARTS = re.compile(r"\A(?=\s*[=+\-@＝＋－＠]|[\t\r\n])")
_STARTS_WITHIN = re.compile(r"(?<=[;\n\r])(?=\s*[=+\-@＝＋－＠])")


def render(bundle: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The table as one file named as `path` is."""
    table = findings_table(bundle) if bundle["findings"] else rules_table(bundle)
    warning = confidential_words(bundle) or anonymity_sentence(bundle)
    return {path.name: csv_bytes(with_warning(table, warning))}


def render_public(document: PublicDocument, look: Look, path: Path) -> dict[str, bytes]:
    """The rules of the public edition as one file named as `path` is."""
    return {path.name: csv_bytes(public_page(document).rules)}


def with_warning(table: Table, warning: str) -> Table:
    """The table with a last column that says, in every row, why it is not for publication."""
    if not warning:
        return table
    columns = (*table.columns, Column("not_for_publication", "Not for publication"))
    return table._replace(columns=columns, rows=[(*row, warning) for row in table.rows])


def csv_bytes(table: Table) -> bytes:
    """The table as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: TableValue) -> TableValue:
    return without_formulas(cell) if isinstance(cell, str) else cell


def without_formulas(text: str) -> str:
    """`text` that no spreadsheet takes for a formula, with nothing hidden in it."""
    return _STARTS_WITHIN.sub("'", _STARTS.sub("'", visible(text)))


def document_json(found: Mapping[str, object], _: Templates) -> bytes:
    """The document itself."""
    return json_bytes(found, 2)
