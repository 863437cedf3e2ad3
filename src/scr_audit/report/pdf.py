"""Renders a run bundle as a tagged PDF (PDF/UA-1) with Typst."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

from scr_audit.documents.editions import Bundle, PublicDocument
from scr_audit.report.formats import Look, ReportError, Templates
from scr_audit.report.paper import midnight, paper_values
from scr_audit.report.public_page import COLUMNS_TO_READ, public_page, with_columns
from scr_audit.report.wording import each_text, one_line
from scr_audit.values.text import counted, is_leftover

_KIND = "pdf"
_TEMPLATE = "report.typ"
_PLACE = re.compile(r"┌─ (?P<file>.+?):(?P<line>\d+):\d+")
# Typst would fetch a package from the network.
_PACKAGE = re.compile(r"[\"']@[\w-]+/")
_LONGEST_WORD = 30
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_ATTEMPTS = 4
_PICTURE_PPI = 160


def render(bundle: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The report as one PDF file named as `path` is; the same bundle, the same bytes.

    Raises `ReportError` if the template is missing, wrong, or reaches for what is not there.
    """
    return _paper(
        look.templates.path(_KIND, _TEMPLATE), paper_values(bundle), bundle["as_of"], path
    )


def render_public(document: PublicDocument, look: Look, path: Path) -> dict[str, bytes]:
    """The public edition as one PDF file named as `path` is. Raises `ReportError`."""
    page = public_page(document)
    tables = [with_columns(page.rules, COLUMNS_TO_READ), page.earlier]
    values = {
        "title": page.title,
        "when": page.when,
        "sentences": page.sentences,
        "notes": page.notes,
        "tables": [
            {
                "title": table.title,
                "heads": [column.title for column in table.columns],
                "rows": [[str(cell) for cell in row] for row in table.rows],
            }
            for table in tables
            if table.rows
        ],
    }
    return _paper(look.templates.path(_KIND, "public.typ"), values, document["as_of"], path)


def _paper(
    template: Path, found: Mapping[str, object], as_of: str | None, path: Path
) -> dict[str, bytes]:
    _refuse_packages(template)
    values = each_text(found, _with_breaks)
    lacking = missing_glyphs(_characters(values), template.parent)
    for _ in range(_ATTEMPTS):
        shown = _with_note(with_code_points(values, lacking), lacking)
        try:
            return {path.name: _compile(template, shown, as_of)}
        except typst.TypstError as error:
            more = characters_without_glyph(error) & _characters(shown)
            if not more:
                raise _report_error(error, template) from error
            lacking |= more
    raise ReportError(str(template), 0, "its fonts cannot show the texts of this report")


def _compile(template: Path, values: Mapping[str, object], as_of: str | None) -> bytes:
    compiler = typst.Compiler(
        template,
        root=template.parent,
        # A house's own fonts lie beside its template. The machine's would change the bytes.
        font_paths=[template.parent],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(values, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=midnight(as_of))
    assert isinstance(made, bytes)
    return made


_CHART = """#import "chart.typ": standing
#set page(width: 17cm, height: auto, margin: 2pt)
#set text(font: "Libertinus Serif", lang: "en", hyphenate: false)
#standing(json(bytes(sys.inputs.rows)))"""


def chart_picture(rows: Sequence[Mapping[str, object]], templates: Templates) -> bytes:
    """The bars of recommendations as a PNG, for papers that cannot draw; the same rows, the same.

    Raises `ReportError` where the template of the chart is missing or wrong.
    """
    template = templates.path(_KIND, "chart.typ")
    # Its types want folders of the type of the source, which is none.
    compiler = typst.Compiler(  # type: ignore[misc]
        _CHART.encode(),
        root=template.parent,
        font_paths=[template.parent],
        ignore_system_fonts=True,
        sys_inputs={"rows": json.dumps(each_text(rows, one_line), ensure_ascii=False)},
    )
    try:
        made = compiler.compile(format="png", ppi=_PICTURE_PPI)
    except typst.TypstError as error:
        raise _report_error(error, template) from error
    assert isinstance(made, bytes)
    return made


def _with_breaks(text: str) -> str:
    """Text on one line with nothing hidden in it, and places to break where a word is long."""
    return _LONG_WORD.sub(_breakable, one_line(text))


def _breakable(word: re.Match[str]) -> str:
    text = word[0]
    parts = [text[at : at + _LONGEST_WORD] for at in range(0, len(text), _LONGEST_WORD)]
    return "\u200b".join(parts)


def _characters(value: object) -> frozenset[str]:
    return frozenset(json.dumps(value, ensure_ascii=False))


def _with_note(values: dict[str, object], lacking: frozenset[str]) -> dict[str, object]:
    note = (
        f"{counted(len(lacking), 'character')} that the fonts of this PDF lack are written out by "
        "number, such as [U+1F600]. The HTML report shows them."
        if lacking
        else ""
    )
    return {**values, "written_out": note}


def _refuse_packages(template: Path) -> None:
    for path in sorted(template.parent.rglob("*.typ")):
        if is_leftover(path.name):
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
            if _PACKAGE.search(line):
                raise ReportError(
                    str(path),
                    number,
                    "packages are fetched from the network, which reports never use; "
                    "copy what you need of it into the folder",
                )


def _report_error(error: typst.TypstError, template: Path) -> ReportError:
    place = _PLACE.search(error.diagnostic or "")
    said = "; ".join([error.message, *(f"hint: {hint}" for hint in error.hints or ())])
    if place is None:
        return ReportError(str(template), 0, said)
    return ReportError(_file_name(place["file"], template), int(place["line"]), said)


def _file_name(file: str, template: Path) -> str:
    """A file of a message, which Typst names as seen from where the program runs."""
    path = Path(file).resolve()
    return str(template if path == template.resolve() else path)


# How Typst reports it; the text stands as Rust writes texts for programmers.
_REPORTED = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_HEAD = '#set document(title: "probe")\n#for item in json(bytes(sys.inputs.items)) { par(item) }'


def missing_glyphs(characters: frozenset[str], fonts: Path) -> frozenset[str]:
    """Those of `characters` that neither Typst's own fonts nor those in the folder can show.

    Asks Typst, so that it holds for whichever fonts the installed version carries.
    """
    asked = sorted(character for character in characters if ord(character) > 0x7E)
    missing: frozenset[str] = frozenset()
    while left := [character for character in asked if character not in missing]:
        refused = _not_shown(left, fonts) & frozenset(left)
        if not refused:
            break
        missing |= refused
    return missing


def _not_shown(characters: list[str], fonts: Path) -> frozenset[str]:
    # Its types want folders of the type of the source, which is none.
    compiler = typst.Compiler(  # type: ignore[misc]
        _HEAD.encode(),
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"items": json.dumps(characters, ensure_ascii=False)},
    )
    try:
        compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError as error:
        # Where the message cannot be read, none of them is trusted.
        return characters_without_glyph(error) or frozenset(characters)
    return frozenset()


def characters_without_glyph(error: typst.TypstError) -> frozenset[str]:
    """The characters, other than plain ASCII, that Typst says it could not show."""
    texts = _REPORTED.findall(f"{error.message}\n{error.diagnostic}")
    decoded = (_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) for text in texts)
    return frozenset(character for text in decoded for character in text if ord(character) > 0x7E)


def with_code_points(value: object, lacking: frozenset[str]) -> Any:
    """`value` with each lacking character of its texts as its number, such as `[U+1F600]`."""
    numbers = str.maketrans({character: f"[U+{ord(character):04X}]" for character in lacking})
    return each_text(value, lambda text: text.translate(numbers))
