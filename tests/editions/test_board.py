"""The board document: true counts, nothing of a record, confidential in every format."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from jsonschema import Draft202012Validator
from openpyxl import load_workbook
from pypdf import PdfReader
from rich.console import Console

import scr_audit
from scr_audit.editions import board_document
from scr_audit.errors import InputError
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.report.terminal import render_terminal
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head
from scr_audit.schemas import json_schema

DATA = Path(__file__).parents[1] / "data"
LOOK = Look(Templates(Path(__file__).parents[2] / "reports"))
SAID = (
    "Confidential to the partnership. Counts are true, and a count of one about a known family is "
    "personal data."
)
SHORT = "Confidential to the partnership"


def made() -> dict[str, Any]:
    """A run of eleven records of which ten met every rule."""
    engine = scr_audit.compile_pack(scr_audit.load_pack(DATA / "flat-pack"))
    with Spool() as spool:
        run = engine.run([DATA / "one-in-eleven.json"], on_findings=spool.add)
        return bundle_document(bundle_head(run), spool)


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    return made()


def file_of(bundle: dict[str, Any], suffix: str) -> bytes:
    return render_report(board_document(bundle), Path(f"b.{suffix}"), LOOK)[f"b.{suffix}"]


def test_it_is_not_made_of_identifiable_records(bundle: dict[str, Any]) -> None:
    allowed = {**bundle, "anonymity": {"allowed": "agreed"}}
    with pytest.raises(InputError, match=r"^the board edition is not made of identifiable records"):
        board_document(allowed)  # type: ignore[arg-type]


def test_counts_are_true_and_agree_with_the_sentence_on_records(bundle: dict[str, Any]) -> None:
    board = board_document(bundle)
    assert board["totals"] == bundle["totals"]
    assert board["totals"]["records"] == {"judged": 11, "all_met": 10}
    assert [rule["totals"] for rule in board["rules"]] == [r["totals"] for r in bundle["rules"]]
    text = file_of(bundle, "md").decode()
    assert "10 of 11 records met every rule that applied." in text
    assert "1 not met" in text


def test_it_is_what_its_schema_says_and_holds_no_record_seed_or_hash(
    bundle: dict[str, Any],
) -> None:
    sample = {"method": "simple random", "seed": "s", "frame": 40, "frame_sha256": "ab",
              "drawn": 11, "missing": 0, "replaced": ["The file of C3 is lost"]}  # fmt: skip
    plan = {"id": "p", "title": "P", "question": "?", "selection": None, "sha256": "cd",
            "sample": sample}  # fmt: skip
    board = board_document({**bundle, "plan": plan})
    Draft202012Validator(json_schema("board")).validate(board)
    assert (board["records"], board["findings"], board["left_out"]) == ([], [], [])
    assert board["input"]["files"] == []
    text = str(board)
    for word in ("sha256", "'seed'", "meaning", "is lost", "'C10'"):
        assert word not in text


def test_it_says_that_it_is_confidential_in_texts_and_tables(bundle: dict[str, Any]) -> None:
    assert board_document(bundle)["confidential"] == SAID
    for suffix in ("html", "md"):
        assert SAID in file_of(bundle, suffix).decode(), suffix
    rows = file_of(bundle, "csv").decode("utf-8-sig").splitlines()
    assert all(SAID in row for row in rows[1:])
    stream = io.StringIO()
    render_terminal(board_document(bundle), Console(file=stream, width=200))
    assert SAID in stream.getvalue()


def test_a_pdf_says_it_on_every_page_and_in_its_properties(bundle: dict[str, Any]) -> None:
    reader = PdfReader(io.BytesIO(file_of(bundle, "pdf")))
    assert len(reader.pages) > 1
    assert all(SHORT in page.extract_text() for page in reader.pages)
    assert reader.metadata is not None
    assert (reader.metadata["/Keywords"], reader.metadata["/Subject"]) == (SHORT, SAID)


def test_a_word_file_says_it_on_every_page_and_in_its_properties(bundle: dict[str, Any]) -> None:
    content = file_of(bundle, "docx")
    properties = Document(io.BytesIO(content)).core_properties
    assert (properties.category, properties.comments) == (SHORT, SAID)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        footers = [file.read(name).decode() for name in file.namelist() if "footer" in name]
    assert footers
    assert all(SHORT in footer for footer in footers)


def test_a_workbook_says_it_on_every_sheet_and_in_its_properties(bundle: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(file_of(bundle, "xlsx")))
    assert (book.properties.category, book.properties.description) == (SHORT, SAID)
    assert {sheet.oddHeader.center.text for sheet in book.worksheets} == {SHORT}
