"""The Word and PDF papers say what the bundle says, and no text of a record becomes code."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from paper_sample import hostile_bundle
from report_editions import board_document
from report_sample import OUTCOMES, sample_bundle

from scr_audit.report.formats import Look, ReportError, Templates, render_report
from scr_audit.report.paper import MOST_FINDINGS, paper_values

docx = pytest.importorskip("docx", reason="needs the extra scr-audit[word]")
pypdf = pytest.importorskip("pypdf", reason="needs pypdf to read PDFs back")

SHIPPED = Path(__file__).parents[2] / "reports"
LOOK = Look(Templates(SHIPPED))
SAMPLES = {"auditor": sample_bundle, "board": board_document, "hostile": hostile_bundle}


def made(bundle: Any, name: str, look: Look = LOOK) -> bytes:
    return render_report(bundle, Path(name), look)[name]


@cache
def word(sample: str) -> Any:
    return docx.Document(io.BytesIO(made(SAMPLES[sample](), "paper.docx")))


@cache
def pdf(sample: str) -> Any:
    return pypdf.PdfReader(io.BytesIO(made(SAMPLES[sample](), "report.pdf")))


@cache
def pdf_text(sample: str) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf(sample).pages).split())


def table(document: Any, *heads: str) -> list[list[str]]:
    """The rows of the table whose first headings are these."""
    for found in document.tables:
        rows = [[cell.text for cell in row.cells] for row in found.rows]
        if rows[0][: len(heads)] == list(heads):
            return rows[1:]
    raise AssertionError(f"no table {heads}")


def shown(totals: dict[str, int]) -> list[str]:
    return [f"{totals[name]:,}" for name in OUTCOMES]


@pytest.mark.parametrize("sample", ["auditor", "board"])
def test_word_carries_the_totals_over_all_by_recommendation_and_by_rule(sample: str) -> None:
    bundle, document = SAMPLES[sample](), word(sample)
    assert [row[1] for row in table(document, "Outcome", "Findings")] == shown(
        bundle["totals"]["units"]
    )
    by_id = {row[0]: row[3:9] for row in table(document, "No.", "Recommendation")}
    assert by_id == {item["id"]: shown(item["totals"]) for item in bundle["recommendations"]}
    annex = table(document, "No.", "Rule", "Severity, standard")
    assert [(row[0], row[1], row[3:9]) for row in annex] == [
        (rule["recommendation"], " ".join(rule["title"].split()), shown(rule["totals"]))
        for rule in bundle["rules"]
    ]


@pytest.mark.parametrize("sample", ["auditor", "board"])
def test_pdf_carries_the_totals_over_all_by_recommendation_and_by_rule(sample: str) -> None:
    bundle, text = SAMPLES[sample](), pdf_text(sample)
    for name, count in zip(OUTCOMES, shown(bundle["totals"]["units"]), strict=True):
        assert re.search(rf"\S {name.replace('_', ' ')} {re.escape(count)} ", text), name
    for item in [*bundle["recommendations"], *bundle["rules"]]:
        row = [*shown(item["totals"]), f"{item['rates']['judged']:,}"]
        assert " ".join(row) in text, item["id"]


def test_board_edition_has_no_findings_and_says_that_it_is_confidential() -> None:
    told = board_document()["confidential"]
    values = paper_values(board_document())
    assert (values["disclosure"], values["findings"]) == (told, [])
    assert told in pdf_text("board")
    assert told in [paragraph.text for paragraph in word("board").paragraphs]
    assert "Annex C: findings" not in pdf_text("board")
    assert all("findings to look at" not in part.text for part in word("board").paragraphs)


def test_findings_are_capped_and_the_rest_is_counted() -> None:
    bundle = sample_bundle(records=40)
    loud = sum(f["outcome"] in ("error", "not_met", "not_evidenced") for f in bundle["findings"])
    values = paper_values(bundle)
    assert len(values["findings"]) == MOST_FINDINGS
    assert values["findings_note"] == (
        f"The first 250 of {loud:,} findings not met, not evidenced or in error; {loud - 250:,} "
        "more are not listed here. The HTML and CSV reports of the same run list all of them. "
        "The most severe first; within a severity, not met before not evidenced."
    )


@pytest.mark.parametrize("name", ["paper.docx", "report.pdf"])
@pytest.mark.parametrize("sample", ["auditor", "board", "hostile"])
def test_the_same_bundle_gives_the_same_bytes(name: str, sample: str) -> None:
    assert made(SAMPLES[sample](), name) == made(SAMPLES[sample](), name)


def test_hostile_texts_stand_in_word_as_text() -> None:
    text = "\n".join(
        [part.text for part in word("hostile").paragraphs]
        + [cell.text for t in word("hostile").tables for row in t.rows for cell in row.cells]
    )
    for kept in ("{{ 7*7 }} {% for x in y %} {_{ 7*7 }_} </w:t></w:r> ]]> <!-- &", "bell[U+0007]",
                 "[U+D800] [U+FFFE] [U+202E]evil", "שלום مرحبا 漢字 😀"):  # fmt: skip
        assert kept in text
    assert re.search(r" … \(the first \d{3} of 13,\d{3} characters\)", text)


def test_hostile_texts_stand_in_the_pdf_as_text() -> None:
    text = pdf_text("hostile")
    assert '#eval("1+1") {{ 7*7 }} {% for x in y %}' in text
    assert "[U+6F22][U+5B57] [U+1F600]" in text
    assert "characters that the fonts of this PDF lack are written out by number" in text
    assert "(the first" in text


def test_pdf_is_tagged_and_names_its_language_title_and_headings() -> None:
    root = pdf("auditor").trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf("auditor").metadata.title == sample_bundle()["pack"]["title"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    titles = [item.title for item in pdf("auditor").outline if not isinstance(item, list)]
    assert titles[:3] == ["Summary", "What to look at first", "How the recommendations stand"]
    figures = list(_tagged(root["/StructTreeRoot"], "/Figure"))
    assert figures
    assert all(figure.get("/Alt") for figure in figures)
    assert len(list(_tagged(root["/StructTreeRoot"], "/TH"))) > 20


def _tagged(node: Any, kind: str) -> Any:
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _tagged(child, kind)
    elif isinstance(node, dict):
        if node.get("/S") == kind:
            yield node
        if "/K" in node:
            yield from _tagged(node["/K"], kind)


def test_pdf_pages_are_numbered_and_say_what_they_belong_to() -> None:
    pages = pdf("auditor").pages
    last = " ".join(pages[-1].extract_text().split())
    assert f"Page {len(pages)} of {len(pages)}" in last
    assert "As of 24 November 2026. Auditor's edition" in last.replace("’", "'")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#paper.nope", 'dictionary does not contain key "nope"'),
        ("#import \"@preview/cetz:0.3.0\"", "packages are fetched from the network, which reports "
         "never use; copy what you need of it into the folder"),
        ("#let x = (", "unclosed delimiter"),
    ],
)  # fmt: skip
def test_mistake_in_a_house_pdf_template_is_reported_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    template = tmp_path / "pdf" / "report.typ"
    template.parent.mkdir()
    start = '#set document(title: "x")\n#let paper = json(bytes(sys.inputs.paper))\n'
    template.write_text(start + line + "\n")
    with pytest.raises(ReportError) as caught:
        made(sample_bundle(), "report.pdf", Look(Templates(SHIPPED, tmp_path)))
    assert str(caught.value).startswith(f"{template}:3: {said}")


def house(folder: Path, *paragraphs: str) -> Look:
    """A look with a Word template of these paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(folder / "house.docx")
    return Look(Templates(SHIPPED), folder / "house.docx")


def test_house_word_template_is_filled(tmp_path: Path) -> None:
    look = house(tmp_path, "{{ title }}", "{%p for s in headline %}", "{{ s }}", "{%p endfor %}")
    document = docx.Document(io.BytesIO(made(sample_bundle(), "paper.docx", look)))
    expected = [sample_bundle()["pack"]["title"], *paper_values(sample_bundle())["headline"]]
    assert [part.text for part in document.paragraphs] == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The {{ nope }} of it", "'nope' is undefined (in the paragraph: The {{ nope }} of it)"),
        ("{{ total.nope }}", "'dict object' has no attribute 'nope' (in the paragraph: "
         "{{ total.nope }})"),
        ("{{ 1 / 0 }}", "ZeroDivisionError: division by zero (in the paragraph: {{ 1 / 0 }})"),
        ("{{ title | safe }}", "No filter named 'safe'. (in the paragraph: {{ title | safe }})"),
        ("{{ title.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is "
         "unsafe. (in the paragraph: {{ title.__class__.__mro__ }})"),
    ],
)  # fmt: skip
def test_mistake_in_a_house_word_template_is_reported_with_its_paragraph(
    tmp_path: Path, text: str, said: str
) -> None:
    look = house(tmp_path, "Fine", text)
    with pytest.raises(ReportError) as caught:
        made(sample_bundle(), "paper.docx", look)
    assert str(caught.value) == f"{tmp_path / 'house.docx'}: {said}"


def test_a_loop_that_breaks_the_document_is_refused_and_not_cut_short(tmp_path: Path) -> None:
    look = house(tmp_path, "{%p if is_board %}", "a {% endif %} b", "the end")
    with pytest.raises(ReportError, match="begins in one paragraph and ends in another"):
        made(sample_bundle(), "paper.docx", look)


def _macros(path: Path) -> None:
    shutil.copy(SHIPPED / "word" / "board-paper.docx", path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("word/vbaProject.bin", b"x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "is no Word document (.docx): File is not a zip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "is a file of old Word (.doc); save it in Word "
         "as .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
         "is protected by a password; save it without one"),
        (None, "holds macros (.docm), which a report must not; save it as .docx"),
    ],
)  # fmt: skip
def test_what_is_no_word_template_is_refused(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "house.docx"
    if content is None:
        _macros(path)
    else:
        path.write_bytes(content)
    with pytest.raises(ReportError) as caught:
        made(sample_bundle(), "paper.docx", Look(Templates(SHIPPED), path))
    assert str(caught.value) == f"{path}: {said}"


def test_word_template_has_repeated_headings_language_and_page_numbers() -> None:
    with zipfile.ZipFile(SHIPPED / "word" / "board-paper.docx") as file:
        body = file.read("word/document.xml").decode()
        footer = file.read("word/footer1.xml").decode()
        styles = file.read("word/styles.xml").decode()
    assert body.count("<w:tblHeader/>") == body.count("<w:tbl>")
    assert ("PAGE" in footer, "NUMPAGES" in footer) == (True, True)
    assert 'w:lang w:val="en-GB"' in styles


@pytest.mark.parametrize("sample", ["auditor", "hostile"])
def test_libreoffice_opens_the_word_paper(tmp_path: Path, sample: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("SCR_AUDIT_REQUIRE_OFFICE") == "1":
            pytest.fail("SCR_AUDIT_REQUIRE_OFFICE=1, and there is no soffice")
        pytest.skip("LibreOffice (soffice) is not installed")
    (tmp_path / "paper.docx").write_bytes(made(SAMPLES[sample](), "paper.docx"))
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "paper.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "paper.pdf").pages)
    assert "What this cannot show" in text
    assert "What was run on what" in text
