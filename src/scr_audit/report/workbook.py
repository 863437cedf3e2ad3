"""Renders a run bundle as an Excel workbook (XLSX): a summary, its tables, and what to do.

A board document has no sheets of findings and cases. The same bundle gives the same bytes.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from scr_audit.documents.editions import Bundle, PublicDocument, is_board, is_public
from scr_audit.outputs import staging_folder
from scr_audit.report import tables
from scr_audit.report.first_page import first_page
from scr_audit.report.formats import Look
from scr_audit.report.human_decisions import (
    decided_table,
    exceptions_table,
    moderated_rules_table,
    moderation_sentence,
    plan_table,
)
from scr_audit.report.public_page import public_page
from scr_audit.report.sections import wanted_parts
from scr_audit.report.series_formats import points_table
from scr_audit.report.sheets import (
    Links,
    Styles,
    real_day,
    write_sections,
    write_table,
    write_to_do,
)
from scr_audit.report.summary import basis_sections, meanings, summary_sections
from scr_audit.report.tables import Entry, Section, Table, left_out_table, parameters_table
from scr_audit.report.wording import CONFIDENTIAL
from scr_audit.values.text import cell_text
from scr_audit.workbooks.cells import AS_TEXT

# The name of a sheet, what is on it, and what it is for.
Page = tuple[str, Table | list[Section], str]
_LAST_ROW = 1_048_576  # of a sheet, by the file format
_LONGEST_NAME = 25  # of a sheet that may go on as another with a number; the file format's is 31
_TAKEN = {"Recommendations", "Rules", "Findings", "Actions", "Exceptions", "Parameters"}
"""The plurals that are names of other sheets: a record kind may be called *action*."""
_RULES, _RECOMMENDATIONS = "Rules", "Recommendations"
# A row is written out before the next, so that memory does not grow with the findings.
_OPTIONS = {"constant_memory": True, **AS_TEXT}
# For a run without a day: the first day of zip files.
_NO_DAY = datetime(1980, 1, 1)


def render(bundle: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The workbook as one file named as `path` is."""
    return {path.name: workbook_bytes(bundle)}


def workbook_bytes(bundle: Bundle, *, most_rows: int = _LAST_ROW) -> bytes:
    """The workbook. `most_rows` is how many rows a sheet may have, its heading among them."""
    with _book(bundle) as (book, content):
        _fill(book, bundle, most_rows)
        if is_board(bundle):
            for sheet in book.worksheets():
                sheet.set_header(f"&C{CONFIDENTIAL}")
    return content.getvalue()


@contextmanager
def _book(bundle: Bundle | PublicDocument) -> Iterator[tuple[Workbook, io.BytesIO]]:
    """A workbook to fill, and where its bytes are afterwards."""
    content = io.BytesIO()
    # The library's own temporary files hold what the records say; here none outlives a failure.
    with staging_folder(Path(tempfile.gettempdir())) as folder:
        book = Workbook(content, {**_OPTIONS, "tmpdir": str(folder)})
        book.use_zip64()
        book.set_properties(_properties(bundle))
        yield book, content
        book.close()


def render_public(document: PublicDocument, look: Look, path: Path) -> dict[str, bytes]:
    """The public edition as one file named as `path` is."""
    page = public_page(document)
    sections = [
        Section("What came out", [Entry("", text) for text in page.sentences]),
        Section("How to read it", [Entry("", text) for text in page.notes]),
    ]
    with _book(document) as (book, content):
        styles = Styles(book)
        summary = book.add_worksheet("Summary")
        write_sections(summary, sections, styles, title=f"{page.title}. {page.when}")
        for table in (page.rules, page.earlier):
            if table.rows:
                write_table(book.add_worksheet(table.title), table, styles, {})
    return {path.name: content.getvalue()}


def _properties(bundle: Bundle | PublicDocument) -> dict[str, Any]:
    day = real_day(bundle["as_of"] or "")
    said = "" if is_public(bundle) else tables.confidential_words(bundle)
    return {
        "title": cell_text(
            bundle["pack"]["title"] if is_public(bundle) else first_page(bundle).title
        ),
        "subject": "Compliance audit report",
        **({"category": CONFIDENTIAL, "comments": said} if said else {}),
        "author": cell_text(f"{bundle['engine']['name']} {bundle['engine']['version']}"),
        "created": datetime(day.year, day.month, day.day) if day else _NO_DAY,
    }


def _title(bundle: Bundle) -> str:
    page = first_page(bundle)
    return f"{f'{page.office}: ' if page.office else ''}{page.title}, {page.when}"


def _fill(book: Workbook, bundle: Bundle, most_rows: int) -> None:
    styles = Styles(book)
    summary = book.add_worksheet("Summary")
    totals = tables.totals_table(bundle)
    pages = list(_pages(bundle, most_rows))
    links = _links(bundle, [name for name, _, _ in pages])
    guide = [(name, said) for name, _, said in pages]
    write_sections(summary, [*summary_sections(bundle), *meanings()], styles,
                   title=_title(bundle), totals=totals, guide=guide)  # fmt: skip
    for name, content, _ in pages:
        sheet = book.add_worksheet(name)
        if isinstance(content, list):
            write_sections(sheet, content, styles, title="What the run rests on")
        elif content.name == "actions":
            write_to_do(sheet, content, styles, links)
        else:
            # Excel limits the links of a sheet: a finding has one, to its rule.
            wanted = {"rule": links.get("rule", {})} if content.name == "findings" else links
            write_table(sheet, content, styles, wanted)


def _pages(bundle: Bundle, most_rows: int) -> Iterator[Page]:
    """Every sheet after the summary: its name, what is on it, and what it is for."""
    for name in wanted_parts(bundle, "sheets"):
        yield from _PAGES[name](bundle, most_rows)
    yield from _frame(bundle, most_rows)


def _recommendations(bundle: Bundle, _: int) -> Iterator[Page]:
    yield (
        _RECOMMENDATIONS, tables.recommendations_table(bundle),
        "every recommendation with its counts and rates, worst first",
    )  # fmt: skip


def _rules(bundle: Bundle, _: int) -> Iterator[Page]:
    yield _RULES, tables.rules_table(bundle), "every rule with its counts, rates and standard"


def _groups(bundle: Bundle, _: int) -> Iterator[Page]:
    if tables.edition(bundle) == "board":
        yield "Agencies and themes", tables.groups_table(bundle), "sums over recommendations"


def _findings(bundle: Bundle, most_rows: int) -> Iterator[Page]:
    if bundle["findings"]:
        yield from _parts("Findings", tables.findings_table(bundle), most_rows,
                          "every verdict with its reason and the smallest change")  # fmt: skip


def _records(bundle: Bundle, most_rows: int) -> Iterator[Page]:
    if bundle["records"]:
        records = tables.records_table(bundle)
        name = "Records" if records.title in _TAKEN else records.title[:_LONGEST_NAME]
        yield from _parts(name, records, most_rows, "every record with its counts")


def _to_do(bundle: Bundle, _: int) -> Iterator[Page]:
    yield (
        "Actions", tables.actions_table(bundle),
        "what to do, rule by rule, with columns to fill in: owner, due, status",
    )  # fmt: skip


def _plan(bundle: Bundle, _: int) -> Iterator[Page]:
    plan = plan_table(bundle)
    if plan.rows:
        yield "Action plan", plan, "what became of the actions that named this run"


def _trend(bundle: Bundle, most_rows: int) -> Iterator[Page]:
    trend = bundle.get("trend")
    if trend:
        yield from _parts(
            "Trend", points_table(trend), most_rows, "every rule's points over the runs before"
        )


# By the names of `plans.report_sections`.
_PAGES: Mapping[str, Callable[[Bundle, int], Iterator[Page]]] = {
    "Recommendations": _recommendations,
    "Rules": _rules,
    "Agencies and themes": _groups,
    "Findings": _findings,
    "Records": _records,
    "Actions": _to_do,
    "Action plan": _plan,
    "Trend": _trend,
}


def _frame(bundle: Bundle, most_rows: int) -> Iterator[Page]:
    """The sheets that every workbook has whose run has something of them."""
    exceptions = exceptions_table(bundle)
    if exceptions.rows:
        yield "Exceptions", exceptions, "approved exceptions, and what each did"
    if moderation_sentence(bundle):
        yield "Moderation", decided_table(bundle), "what a moderator decided, and why"
        yield (
            "Moderated verdicts", moderated_rules_table(bundle),
            "how many verdicts of either auditor moderation changed",
        )  # fmt: skip
    if bundle["left_out"]:
        yield from _parts("Left out", left_out_table(bundle), most_rows,
                          "records that do not fit the schema, and why")  # fmt: skip
    yield "Parameters", parameters_table(bundle), "the values that rules used"
    said = "versions of rules and program, and hashes where the run can be repeated by them"
    yield "Basis", basis_sections(bundle), said


def _parts(name: str, table: Table, most_rows: int, said: str) -> Iterator[Page]:
    """A table on as many sheets as it takes."""
    rows = iter(table.rows)
    number = 1
    while part := list(islice(rows, most_rows - 1)):
        yield (name if number == 1 else f"{name} {number}"), table._replace(rows=part), said
        number += 1


def _links(bundle: Bundle, sheets: Collection[str]) -> Links:
    """From a rule's or recommendation's id to its row on its sheet, where there is that sheet."""
    places = {
        "rule": (_RULES, tables.rules_table(bundle)),
        "recommendation": (_RECOMMENDATIONS, tables.recommendations_table(bundle)),
    }
    return {
        column: {
            row[0]: f"internal:'{sheet}'!A{number}" for number, row in enumerate(table.rows, 2)
        }
        for column, (sheet, table) in places.items()
        if sheet in sheets
    }
