"""Make the shipped Word template: `make board-paper`. Run once; then edited in Word as needed."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from scr_audit.report.word import with_fixed_times

TARGET = Path(__file__).parents[2] / "reports" / "word" / "board-paper.docx"
_BLUE, _INK, _QUIET = (RGBColor.from_string(code) for code in ("12436D", "1D2730", "4A555F"))
_FONT = "Arial"
_TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="AuditTable">
  <w:name w:val="Audit Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>
  <w:qFormat/>
  <w:tblPr><w:tblBorders>
    <w:bottom w:val="single" w:sz="4" w:space="0" w:color="B8C0C7"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="B8C0C7"/>
  </w:tblBorders>
  <w:tblCellMar><w:top w:w="25" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
    <w:bottom w:w="25" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>
    <w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="12436D"/></w:tcBorders>
    <w:shd w:val="clear" w:color="auto" w:fill="E8EEF4"/></w:tcPr></w:tblStylePr>
</w:style>"""

Cells = Sequence[str]
_COUNTS = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
_COUNT_HEADS = ("✓ Met", "✗ Not met", "? Not evid.", "– Not appl.", "E Exc.", "! Error")
_RATE_HEADS = ("Judged", "Share met", "95% interval")
_STANDING = (
    *(f"{{{{ row.counts.{name} }}}}" for name in _COUNTS),
    "{{ row.judged }}", "{{ row.rate }}", "{{ row.interval or '–' }}",
)  # fmt: skip
# The values that stand to the right in their columns.
_NUMBERS = tuple(f"{{{{ row.{name}" for name in ("count", "judged", "rate", "interval", "not_met"))
_STANDING_WIDTHS = (1.3, 1.3, 1.5, 1.7, 1.2, 1.3, 1.6, 1.5, 2.4)


def build() -> bytes:
    """The template as a file's content; the same each time."""
    document = Document()
    _styles(document)
    _page(document.sections[0])
    _furniture(document.sections[0])
    _front(document)
    _parts(document)
    _basis(document)
    _properties(document.core_properties)
    stream = io.BytesIO()
    document.save(stream)
    return with_fixed_times(stream.getvalue())


def _styles(document: Any) -> None:
    styles = document.styles
    styles.element.append(parse_xml(_TABLE_STYLE))
    sizes = {"Normal": 10, "Title": 20, "Subtitle": 10, "Heading 1": 14, "Heading 2": 11,
             "Heading 3": 11, "Caption": 8.5, "List Bullet": 10, "List Number": 10}  # fmt: skip
    for name, size in sizes.items():
        style = styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = _BLUE if name.startswith(("Title", "Heading")) else _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # The theme's fonts would win over the named one.
        for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{key}"), None)
        fonts.set(qn("w:cs"), _FONT)
    for name in ("Subtitle", "Caption"):
        styles[name].font.color.rgb = _QUIET
        styles[name].font.bold = styles[name].font.italic = False
    styles["Normal"].paragraph_format.space_after = Pt(4)
    for name in ("List Bullet", "List Number", "Heading 2"):
        styles[name].paragraph_format.space_after = Pt(2)
    styles["Heading 1"].paragraph_format.space_before = Pt(12)
    styles["Heading 2"].paragraph_format.space_before = Pt(8)
    styles["Caption"].paragraph_format.keep_with_next = True
    styles["Caption"].paragraph_format.space_before = Pt(8)
    title = styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    for name, size, bold in (
        ("Table Text", 8.5, False),
        ("Table Head", 8.5, True),
        ("Table Number", 8.5, False),
    ):
        made = styles.add_style(name, 1)
        made.base_style = styles["Normal"]
        made.font.size, made.font.bold = Pt(size), bold
        made.paragraph_format.space_after = Pt(0)
    styles["Table Number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    styles["Title"].font.bold = True
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _page(section: Any) -> None:
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.6)


def _furniture(section: Any) -> None:
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.text = "{{ short_title }}"
    footer.text = "As of {{ as_of }}. {{ edition }}. Page "
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")
    for paragraph in (header, footer):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT)
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(8.5), _QUIET


_FIELD = ("begin", "code", "separate", "shown", "end")


def _field(paragraph: Any, code: str, kinds: Cells = _FIELD) -> None:
    """A field that Word keeps up to date, with a number to show until it does; or parts of one."""
    for kind in kinds:
        run = paragraph.add_run("1" if kind == "shown" else "")
        if kind == "code":
            text = OxmlElement("w:instrText")
            text.text = f" {code} "
            run._r.append(text)
        elif kind != "shown":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _front(document: Any) -> None:
    document.add_paragraph("{{ kicker }}, {{ first.when }}", "Subtitle")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ edition }}.", "Subtitle")
    _each(document, "sentence in notices", "{{ sentence }}", "Intense Quote")
    _if(document, "disclosure", "{{ disclosure }}", "Intense Quote")
    document.add_heading("Summary", 1)
    _if(document, "first.question", "{{ first.question }}", "Normal")
    document.add_paragraph("{{ first.looked_at }}{% if leaves_out %} {{ leaves_out }}{% endif %}")
    document.add_heading("What we found", 2)
    _table(
        document, "The three shares of the findings that applied", ("Share", "Findings", "Outcome"),
        "row in first.shares",
        ("{{ row.percent }}", "{{ row.number }}", "{{ row.sign }} {{ row.label }}"),
        (2.5, 2.5, 6),
    )  # fmt: skip
    document.add_paragraph("{{ first.applied }} {{ first.standards }}")
    _each(document, "row in first.found", "{{ row.title }}: {{ row.said }}", "List Number")
    _start(document, "if not first.found")
    document.add_paragraph("{{ first.none_found }}")
    _start(document, "endif")
    _start(document, "if first.commentary")
    document.add_heading("What {{ first.office or 'the office' }} says", 2)
    _each(document, "paragraph in first.commentary", "{{ paragraph }}")
    _start(document, "endif")
    for title, loop, text in (
        ("What the files do not say", "row in first.silent", "{{ row.question }} ({{ row.said }})"),
        ("What changed", "sentence in first.changed", "{{ sentence }}"),
        ("What happens next", "line in first.follows", "{{ line }}"),
        ("What this cannot show", "sentence in first.limits", "{{ sentence }}"),
    ):
        document.add_heading(title, 2)
        _each(document, loop, text, "List Bullet")
    _contents(document)


def _contents(document: Any) -> None:
    """A list of contents, to which Word adds the pages when its fields are brought up to date."""
    paragraph = document.add_paragraph("Contents", "Heading 1")
    paragraph.paragraph_format.page_break_before = True
    _field(document.add_paragraph(), 'TOC \\o "1-1" \\h \\z', kinds=("begin", "code", "separate"))
    _each(document, "title in contents", "{{ title }}", "Table Text")
    _field(document.add_paragraph(), "", kinds=("end",))


def _parts(document: Any) -> None:
    """What a plan's sections choose, in their order, on pages upright or on their side."""
    _start(document, "for page in pages")
    _start(document, "for part in page.parts")
    for place, (name, write) in enumerate(_PARTS.items()):
        _start(document, f"{'elif' if place else 'if'} part == '{name}'")
        write(document)
    _start(document, "endif")
    _start(document, "endfor")
    # Where a section of a Word file ends, its last paragraph says how its pages lie.
    _start(document, "if not page.landscape")
    side = document.add_section(WD_SECTION.NEW_PAGE)
    side.orientation = WD_ORIENT.LANDSCAPE
    side.page_width, side.page_height = Cm(29.7), Cm(21)
    _start(document, "else")
    last = document.add_section(WD_SECTION.NEW_PAGE)
    last.orientation = WD_ORIENT.PORTRAIT
    last.page_width, last.page_height = Cm(21), Cm(29.7)
    _start(document, "endif")
    _start(document, "endfor")


def _next(document: Any) -> None:
    document.add_heading("What to look at first", 1)
    document.add_heading("Not met", 2)
    _start(document, "if not_met")
    _table(
        document, "Rules with something not met, the most severe first",
        ("No.", "Rule", "How it stands", "Severity", "Not met", "What to do"), "row in not_met",
        ("{{ row.recommendation }}", "{{ row.title }}", "{{ row.phrase }}",
         "{{ row.severity }}", "{{ row.not_met }}", "{{ row.advice or '–' }}"),
        (1.9, 4.3, 3, 1.7, 1.4, 4.7),
    )  # fmt: skip
    _start(document, "else")
    document.add_paragraph("{{ none_not_met }}")
    _start(document, "endif")
    document.add_heading("Most often not recorded", 2)
    _each(document, "fact in missing",
          "{{ fact.question }}{% if fact.effect %} ({{ fact.effect }}){% endif %}",
          "List Bullet")  # fmt: skip
    _start(document, "if falls_due")
    document.add_heading("What falls due next", 2)
    document.add_paragraph("Not yet due when the files were read.")
    _each(document, "line in falls_due", "{{ line.month }}: {{ line.duties }}", "List Bullet")
    _start(document, "endif")


def _changes(document: Any) -> None:
    _start(document, "if changes or changed|length > 1")
    document.add_heading("What changed", 1)
    _each(document, "sentence in changed", "{{ sentence }}")
    _start(document, "if changes")
    _table(
        document, "Rules that fell or rose by more than chance explains, then those nearest to it",
        ("No.", "Rule", "Then", "Now", "Difference", "Verdict"), "row in changes",
        ("{{ row.id }}", "{{ row.title }}", "{{ row.then }}", "{{ row.now }}", "{{ row.points }}",
         "{{ row.verdict }}"),
        (1.5, 5.5, 2, 2, 4, 2),
    )  # fmt: skip
    _start(document, "endif")
    _start(document, "endif")


def _trend(document: Any) -> None:
    _start(document, "if trend")
    document.add_heading("Trend", 1)
    _each(document, "sentence in trend_sentences", "{{ sentence }}")
    _table(
        document, "The share met of each rule over the runs before, those with a signal first",
        ("Rule", "Points, last one last", "Last", "What it shows"), "row in trend",
        ("{{ row.title }}", "{{ row.points }}", "{{ row.last }}", "{{ row.shows }}"),
        (6, 4, 2.4, 4.6),
    )  # fmt: skip
    _start(document, "endif")


def _actions(document: Any) -> None:
    _start(document, "if actions")
    document.add_heading("What became of actions", 1)
    _table(
        document, "The actions that named this run to show that they worked",
        ("No.", "Action, and for whom", "Due and status", "Worked?", "Why"), "row in actions",
        ("{{ row.id }}", "{{ row.task }}{% if row.serves %} ({{ row.serves }}){% endif %}",
         "{% if row.due %}{{ row.due }}: {% endif %}{{ row.status }}", "{{ row.verdict }}",
         "{{ row.reason }} ({{ row.shown_by }})"),
        (1.4, 4.8, 2.8, 2.1, 5.9),
    )  # fmt: skip
    _start(document, "endif")


def _charts(document: Any) -> None:
    _start(document, "if chart")
    document.add_heading("How the recommendations stand", 1)
    said = document.add_paragraph(
        "Most often not met first; the figure is the share met of what is evidenced."
    )
    said.paragraph_format.keep_with_next = True
    document.add_paragraph("{{ chart }}")
    _start(document, "endif")


def _annex(document: Any, part: str, *, usual: str, title: str) -> None:
    """The heading of an annex. The usual letter is text, so that usual papers keep their bytes."""
    _start(document, f"if annexes.{part} == '{usual}'")
    document.add_heading(f"Annex {usual}: {title}", 1)
    _start(document, "else")
    document.add_heading(f"Annex {{{{ annexes.{part} }}}}: {title}", 1)
    _start(document, "endif")


def _recommendations(document: Any) -> None:
    _annex(document, "recommendations", usual="A", title="recommendations")
    _table(
        document, "Recommendations, the worst first",
        ("No.", "Recommendation", "Agency and theme", *_COUNT_HEADS, *_RATE_HEADS),
        "row in recommendations",
        ("{{ row.id }}", "{{ row.title }}",
         "{{ row.agency }}{% if row.agency and row.theme %}, {% endif %}{{ row.theme }}",
         *_STANDING),
        (1.6, 6.1, 4.2, *_STANDING_WIDTHS),
    )  # fmt: skip
    for title, name in (("Agencies", "agencies"), ("Themes", "themes")):
        _start(document, f"if {name}")
        _table(
            document, title, ("Name", *_COUNT_HEADS, *_RATE_HEADS), f"row in {name}",
            ("{{ row.name }}", *_STANDING), (11.9, *_STANDING_WIDTHS),
        )  # fmt: skip
        _start(document, "endif")


def _rules(document: Any) -> None:
    _annex(document, "rules", usual="B", title="rules")
    _table(
        document, "Rules, in the order of the pack",
        ("No.", "Rule", "Severity, standard", *_COUNT_HEADS, *_RATE_HEADS), "row in rules",
        ("{{ row.recommendation }}", "{{ row.title }}",
         "{{ row.severity }}{% if row.standard %}, {{ row.standard }}{% endif %}",
         *_STANDING),
        (1.6, 6.1, 4.2, *_STANDING_WIDTHS),
    )  # fmt: skip


def _findings(document: Any) -> None:
    _annex(document, "findings", usual="C", title="findings to look at")
    document.add_paragraph("{{ findings_note }}")
    _start(document, "if findings")
    _table(
        document, "Findings not met or not evidenced, with what would make them met",
        ("Outcome", "No.", "Rule", "Record and place", "Reason", "What would make it met"),
        "row in findings",
        ("{% cellbg row.wash %}{{ row.sign }} {{ row.label }}", "{{ row.recommendation }}",
         "{{ row.rule }} ({{ row.severity }})",
         "{{ row.record }}{% if row.place %}, {{ row.place }}{% endif %}", "{{ row.reason }}",
         "{{ row.remedy or '–' }}"),
        (2.8, 1.7, 5, 3.6, 7.4, 5.2),
    )  # fmt: skip
    _start(document, "endif")


_PARTS: dict[str, Callable[[Any], None]] = {
    "summary": _next,
    "changes": _changes,
    "trend": _trend,
    "actions": _actions,
    "charts": _charts,
    "recommendations": _recommendations,
    "rules": _rules,
    "findings": _findings,
}


def _basis(document: Any) -> None:
    document.add_heading("Annex: how to read this, and what it rests on", 1)
    _table(
        document, "Findings by outcome", ("Outcome", "Findings", "What it means"), "row in tiles",
        ("{% cellbg row.wash %}{{ row.sign }} {{ row.label }}", "{{ row.count }}",
         "{{ row.meaning }}"),
        (3.5, 2, 11.5),
    )  # fmt: skip
    _each(document, "sentence in headline", "{{ sentence }}")
    document.add_paragraph(
        "Rules count different things, so the rate of a single rule says more than the rate over "
        "all of them."
    )
    _each(document, "sentence in limits", "{{ sentence }}", "List Bullet")
    _pairs(document, "What was audited", "audited")
    _start(document, "if parameters")
    _table(
        document, "Parameters in force", ("Parameter", "Value", "Source"), "row in parameters",
        ("{{ row.title }}",
         "{{ row.in_force }}{% if row.overridden %} ({{ row.overridden }}){% endif %}",
         "{{ row.source }}"),
        (6, 4, 7),
    )  # fmt: skip
    _start(document, "endif")
    _pairs(document, "What was run on what", "basis")


def _each(document: Any, loop: str, text: str, style: str | None = None) -> None:
    _start(document, f"for {loop}")
    document.add_paragraph(text, style)
    _start(document, "endfor")


def _if(document: Any, condition: str, text: str, style: str) -> None:
    _start(document, f"if {condition}")
    document.add_paragraph(text, style)
    _start(document, "endif")


def _start(document: Any, tag: str) -> None:
    document.add_paragraph(f"{{%p {tag} %}}")


def _pairs(document: Any, title: str, name: str) -> None:
    _table(
        document, title, ("What", "Value"), f"row in {name}",
        ("{{ row.what }}", "{{ row.value }}"), (4.5, 12.5),
    )  # fmt: skip


def _table(
    document: Any, title: str, heads: Cells, loop: str, cells: Cells, widths: Sequence[float]
) -> None:
    """A table with its caption, a repeated header row and one row for each item."""
    document.add_paragraph(title, "Caption")
    table = document.add_table(4, len(heads), "Audit Table")
    table.autofit = False
    _describe(table, title)
    rows = table.rows
    for column, head in enumerate(heads):
        number = cells[column].startswith(_NUMBERS)
        _cell(rows[0].cells[column], head, "Table Head")
        _cell(rows[2].cells[column], cells[column], "Table Number" if number else "Table Text")
        if number:
            rows[0].cells[column].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    rows[1].cells[0].text = f"{{%tr for {loop} %}}"
    rows[3].cells[0].text = "{%tr endfor %}"
    for row in rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    apart = document.add_paragraph()
    apart.paragraph_format.space_after = Pt(0)
    apart.paragraph_format.line_spacing = Pt(6)


def _cell(cell: Any, text: str, style: str) -> None:
    cell.paragraphs[0].text = text
    cell.paragraphs[0].style = style
    if text.startswith("{% cellbg"):  # docxtpl shades only a cell that has properties
        cell._tc.get_or_add_tcPr()


def _describe(table: Any, title: str) -> None:
    """What a screen reader says of the table."""
    for name in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(name)
        element.set(qn("w:val"), title)
        table._tbl.tblPr.append(element)


def _properties(properties: Any) -> None:
    properties.title, properties.author, properties.language = "Board paper", "scr-audit", "en-GB"
    properties.comments, properties.last_modified_by = "", "scr-audit"
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(build())
    sys.stdout.write(f"{TARGET} written\n")
