"""Renders a run bundle as a Word document: a paper for a Board, in the house's own template."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from traceback import walk_tb
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.opc.coreprops import CoreProperties
from docx.oxml import OxmlElement
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from scr_audit.documents.editions import Bundle, PublicDocument
from scr_audit.errors import translate_os_errors
from scr_audit.report.formats import Look, ReportError
from scr_audit.report.paper import midnight, paper_values
from scr_audit.report.pdf import chart_picture
from scr_audit.report.public_page import COLUMNS_TO_READ, public_page, with_columns
from scr_audit.report.tables import Table
from scr_audit.report.wording import CONFIDENTIAL
from scr_audit.values.text import visible

_TEMPLATE = "board-paper.docx"
_MOST_BARS = 40  # on one page
_TAGS = re.compile(r"<[^>]+>")
_LONGEST_PARAGRAPH = 120
_LONGEST_PROPERTY = 255  # of a core property, by ISO/IEC 29500-2


def render(bundle: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The report as one Word file named as `path` is; the same bundle, the same bytes.

    Raises `ReportError` with the paragraph if the template is no Word document that can be
    filled, or reaches for what is not there.
    """
    template = look.word or look.templates.path("word", _TEMPLATE)
    check_word_file(template)
    values = paper_values(bundle, "word")
    environment = _Environment(undefined=StrictUndefined, autoescape=True, finalize=_as_xml_text)
    # It would let a text of a record become part of the document's XML.
    del environment.filters["safe"]
    try:
        document = _Document(str(template))
        document.render(_with_chart(values, document, look), environment, autoescape=True)
        _describe_chart(document.docx, values)
        _set_properties(document.docx.core_properties, values, bundle["as_of"])
        stream = io.BytesIO()
        document.save(stream)
    # A template may raise anything that an expression can, such as a division by zero.
    except Exception as error:
        raise _report_error(error, template, environment.source) from error
    return {path.name: with_fixed_times(stream.getvalue())}


def _with_chart(values: Mapping[str, Any], document: DocxTemplate, look: Look) -> dict[str, Any]:
    """The values with the chart of the recommendations as a picture; empty where none has a bar."""
    rows = _drawn(values)
    if not rows:
        return {**values, "chart": ""}
    picture = io.BytesIO(chart_picture(rows, look.templates))
    return {**values, "chart": InlineImage(document, picture, width=Cm(17))}


def _drawn(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [row for row in values["recommendations"] if row["bar"] is not None]
    return rows[:_MOST_BARS] if "charts" in values["drawn"] else []


def _describe_chart(document: WordDocument, values: Mapping[str, Any]) -> None:
    """What a screen reader says of the chart, whose numbers stand in the table of the annex."""
    rows = _drawn(values)
    for shape in document.inline_shapes if rows else ():
        shape._inline.docPr.set(  # noqa: SLF001  # no other way
            "descr", f"Stacked bars of the findings on {len(rows)} recommendations"
        )


def render_public(document: PublicDocument, look: Look, path: Path) -> dict[str, bytes]:
    """The public edition as one Word file named as `path` is; it fills no template."""
    page, made = public_page(document), Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    made.add_heading(visible(page.title), 0)
    for text in (page.when, *page.sentences):
        made.add_paragraph(visible(text))
    for table in (with_columns(page.rules, COLUMNS_TO_READ), page.earlier):
        if table.rows:
            made.add_heading(table.title, 1)
            _add_table(made, table)
    made.add_heading("How to read it", 1)
    for text in page.notes:
        made.add_paragraph(visible(text), "List Bullet")
    _set_properties(made.core_properties, {"title": page.title}, document["as_of"])
    stream = io.BytesIO()
    made.save(stream)
    return {path.name: with_fixed_times(stream.getvalue())}


def _add_table(made: WordDocument, table: Table) -> None:
    """A table whose heading stands on each of its pages."""
    grid = made.add_table(0, len(table.columns), "Table Grid")
    for row in ([column.title for column in table.columns], *table.rows):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = visible(str(text))
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # no other way


class _Environment(ImmutableSandboxedEnvironment):
    """Remembers the source it was given last, to quote the paragraph that is wrong."""

    source = ""

    def from_string(self, source: Any, *arguments: Any, **named: Any) -> Any:
        self.source = str(source)
        return super().from_string(source, *arguments, **named)


class _Document(DocxTemplate):  # type: ignore[misc]  # the library has no types
    """Refuses a body that is no XML, where the library would silently drop the rest of it."""

    def build_xml(self, context: Any, jinja_env: Any = None) -> Any:
        xml = super().build_xml(context, jinja_env)
        etree.fromstring(xml)
        return xml


def _as_xml_text(value: Any) -> Any:
    if type(value) is not str:
        return value
    # docxtpl reads `{_{` as `{{` and `{_%` as `{%`, also where they come from a record.
    return Markup(str(escape(visible(value))).replace("_", "&#95;"))  # noqa: S704 - escaped here


def _set_properties(
    properties: CoreProperties, values: Mapping[str, str], as_of: str | None
) -> None:
    properties.title = visible(values["title"])[:_LONGEST_PROPERTY]
    properties.language = "en-GB"
    properties.created = properties.modified = midnight(as_of)
    properties.revision = 1
    properties.author = "scr-audit"
    properties.comments = values.get("disclosure", "")
    properties.category = CONFIDENTIAL if properties.comments else ""
    properties.last_modified_by = "scr-audit"


def _report_error(error: Exception, template: Path, source: str) -> ReportError:
    if isinstance(error, etree.XMLSyntaxError):
        return ReportError(
            str(template),
            0,
            "a {% ... %} begins in one paragraph and ends in another; put each in a paragraph of "
            f"its own as {{%p ... %}}, or in a table row as {{%tr ... %}} ({error})",
        )
    said = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
    line = _line(error)
    paragraph = _paragraph(source, line) if line else ""
    return ReportError(str(template), 0, f"{said}{_quoted(paragraph)}")


def _line(error: Exception) -> int:
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    lines = [
        line
        for frame, line in walk_tb(error.__traceback__)
        if frame.f_code.co_filename == "<template>"
    ]
    return lines[-1] if lines else 0


def _paragraph(source: str, line: int) -> str:
    """The text of the paragraph at a line: docxtpl begins a new line with each of them."""
    lines = source.splitlines()
    text = " ".join(_TAGS.sub("", lines[line - 1]).split()) if line <= len(lines) else ""
    return text if len(text) <= _LONGEST_PARAGRAPH else f"{text[:_LONGEST_PARAGRAPH]} …"


def _quoted(paragraph: str) -> str:
    return f" (in the paragraph: {paragraph})" if paragraph else ""


_DOCUMENT = "word/document.xml"
_TYPES = "[Content_Types].xml"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .doc files and of encrypted .docx ones
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def check_word_file(path: Path) -> None:
    """Refuse what is no .docx that can be filled. Raises `ReportError` that says what it is."""
    with translate_os_errors(path):
        content = path.read_bytes()
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise _refused(path, "is protected by a password; save it without one")
        raise _refused(path, "is a file of old Word (.doc); save it in Word as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            _check_parts(path, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused(path, f"is no Word document (.docx): {error}") from error


def _check_parts(path: Path, file: zipfile.ZipFile) -> None:
    names = set(file.namelist())
    broken = file.testzip()
    if broken is not None:
        raise _refused(path, f"is a damaged Word document: {broken} cannot be read")
    if _DOCUMENT not in names or _TYPES not in names:
        raise _refused(path, "is a zip file, but no Word document (.docx)")
    if b"macroEnabled" in file.read(_TYPES) or any(
        name.endswith("vbaProject.bin") for name in names
    ):
        raise _refused(path, "holds macros (.docm), which a report must not; save it as .docx")


def _refused(path: Path, problem: str) -> ReportError:
    return ReportError(str(path), 0, problem)


def with_fixed_times(content: bytes) -> bytes:
    """The same zip file with the same times in it, whenever it was made."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it depends on the system
            new.writestr(entry, old.read(name))
    return stream.getvalue()
