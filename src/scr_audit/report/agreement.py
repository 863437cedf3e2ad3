"""Renders the agreement of two auditors: Markdown, HTML, a workbook for a moderator, CSV, JSON."""

import io
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from html import escape
from typing import Any

import msgspec

from scr_audit.errors import InputError
from scr_audit.report.agreement_tables import (
    EXPLANATION,
    disagreements_table,
    facts_agreement,
    rules_agreement,
    sentences,
    verdicts_table,
)
from scr_audit.report.delimited import delimited, stamped
from scr_audit.report.literal import literal
from scr_audit.report.tables import Cell, Column, Entry, Section, Table
from scr_audit.report.wording import day_text, percent
from scr_audit.values.shown import visible

Document = Mapping[str, Any]
_STYLE = (
    "body{font:1rem/1.45 system-ui,sans-serif;color:#1b1b1b;margin:2rem auto;max-width:80rem;"
    "padding:0 1rem}h1,h2{color:#12436d}table{border-collapse:collapse;margin:1rem 0}"
    "th,td{border:1px solid #b1b4b6;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "thead th{background:#eef2f6}.scroll{overflow-x:auto}caption{text-align:left;font-weight:600}"
)
_AS_TEXT = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
_TITLE = "Agreement of two auditors"


def render_agreement(document: Document, suffix: str) -> bytes:
    """The agreement in the format of a suffix. Raises `InputError` where a library is missing."""
    return _RENDERERS[suffix](document)


def _tables(document: Document) -> list[Table]:
    return [
        rules_agreement(document),
        facts_agreement(document),
        disagreements_table(document),
        verdicts_table(document),
    ]


def _json(document: Document) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _csv(document: Document) -> bytes:
    warning = document.get("not_for_publication", "")
    return delimited(stamped(disagreements_table(document), warning))


def _markdown(document: Document) -> bytes:
    lines = [
        f"# {_TITLE}",
        "",
        f"{literal(document['pack']['title'])}, as of {day_text(document['as_of'])}",
        "",
        *(f"- {literal(sentence)}" for sentence in sentences(document)),
        "",
    ]
    for table in _tables(document):
        lines += [f"## {table.title}", "", *_grid(table), ""]
    lines += ["## How to read this", "", *(f"- {literal(text)}" for text in EXPLANATION), ""]
    return "\n".join(lines).encode()


def _grid(table: Table) -> list[str]:
    if not table.rows:
        return ["None."]
    return [
        f"| {' | '.join(literal(column.title) for column in table.columns)} |",
        f"| {' | '.join('---:' if _is_number(column) else '---' for column in table.columns)} |",
        *(f"| {' | '.join(literal(text) for text in _texts(table, row))} |" for row in table.rows),
    ]


def _is_number(column: Column) -> bool:
    return column.kind in ("count", "share")


def _texts(table: Table, row: tuple[Cell, ...]) -> list[str]:
    return [_text(cell, column) for cell, column in zip(row, table.columns, strict=True)]


def _text(cell: Cell, column: Column) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    return percent(cell) if column.kind == "share" else f"{cell:,}"


def _html(document: Document) -> bytes:
    title = f"{_TITLE}: {document['pack']['title']}"
    parts = [
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{_safe(title)}</h1>\n<p>As of {_safe(day_text(document['as_of']))}</p>",
        *(f"<p>{_safe(sentence)}</p>" for sentence in sentences(document)),
        *(_html_table(table) for table in _tables(document)),
        "<h2>How to read this</h2>",
        *(f"<p>{_safe(text)}</p>" for text in EXPLANATION),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts).encode()


def _html_table(table: Table) -> str:
    head = f"<h2>{_safe(table.title)}</h2>"
    if not table.rows:
        return f"{head}\n<p>None.</p>"
    columns = "".join(f'<th scope="col">{_safe(column.title)}</th>' for column in table.columns)
    rows = "\n".join(_html_row(_texts(table, row)) for row in table.rows)
    return (
        f'{head}\n<div class="scroll" tabindex="0" role="region" aria-label="{_safe(table.title)}">'
        f"\n<table><thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n</div>"
    )


def _html_row(texts: list[str]) -> str:
    first, *others = (f"<bdi>{_safe(text)}</bdi>" for text in texts)
    cells = "".join(f"<td>{text}</td>" for text in others)
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'


def _safe(text: str) -> str:
    return escape(visible(text))


def _xlsx(document: Document) -> bytes:
    try:
        from xlsxwriter import Workbook

        from scr_audit.report.cells import Styles, real_day
        from scr_audit.report.sheets import write_sections, write_table
    except ModuleNotFoundError as error:
        raise InputError(
            f"a workbook needs the library {error.name}, which is not installed; "
            "pip install 'scr-audit[excel]'"
        ) from error
    content = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="scr-audit-") as folder:
        book = Workbook(content, {"tmpdir": folder, **_AS_TEXT})
        day = real_day(document["as_of"] or "") or date(1980, 1, 1)
        book.set_properties({"title": _TITLE, "created": datetime.combine(day, time())})
        styles = Styles(book)
        told = Section("What came out", [Entry("", text) for text in sentences(document)])
        read = Section("How to read this", [Entry("", text) for text in EXPLANATION])
        write_sections(book.add_worksheet("Summary"), [told, read], styles, title=_TITLE)
        for table in _tables(document):
            write_table(book.add_worksheet(table.title), table, styles, {})
        book.close()
    return content.getvalue()


_RENDERERS: Mapping[str, Callable[[Document], bytes]] = {
    ".json": _json,
    ".md": _markdown,
    ".html": _html,
    ".xlsx": _xlsx,
    ".csv": _csv,
}
FORMATS = tuple(_RENDERERS)
