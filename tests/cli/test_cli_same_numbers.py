"""One run of the command line, every format of it: the totals are read back out of each."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
import pytest
import python_calamine as calamine
from command_line import scr_audit

from scr_audit.report.wording import LABELS, OUTCOMES, SIGNS

CASES = Path(__file__).parents[2] / "examples" / "cases.json"
Totals = dict[str, str]
_SIGNED = {f"{SIGNS[name]} {LABELS[name]}": name for name in OUTCOMES}


def counted(outcomes: list[str]) -> Totals:
    found = Counter(outcomes)
    return {name: f"{found[name]:,}" for name in OUTCOMES}


def in_json(data: bytes) -> Totals:
    return {name: _shown(count) for name, count in json.loads(data)["totals"]["units"].items()}


def _shown(count: int | None) -> str:
    return "[c]" if count is None else f"{count:,}"


def in_ndjson(data: bytes) -> Totals:
    return counted([json.loads(line)["outcome"] for line in data.splitlines()])


def in_csv(data: bytes) -> Totals:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    if "outcome" in rows[0]:
        return counted([row["outcome"] for row in rows])
    sums = {name: sum(int(row[name].replace("[c]", "0")) for row in rows) for name in OUTCOMES}
    return {name: _shown(number) for name, number in sums.items()}


def in_html(data: bytes) -> Totals:
    tile = r'<li data-o="(\w+)"><b>(\[c\]|[\d,]+)</b>'
    return dict(re.findall(tile, data.decode()))


def in_markdown(data: bytes) -> Totals:
    rows = re.findall(r"^\| (\S [a-z ]+) \| (\\?\[c\\?\]|[\d,]+) \|$", data.decode(), re.MULTILINE)
    return {_SIGNED[name]: count.replace("\\", "") for name, count in rows}


def in_workbook(data: bytes) -> Totals:
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Summary")
    rows = {str(row[0]): row[1] for row in reversed(sheet.to_python())}  # the first of each
    return {
        name: found if isinstance(found := rows[words], str) else f"{int(found):,}"
        for words, name in _SIGNED.items()
    }


def in_word(data: bytes) -> Totals:
    for table in docx.Document(io.BytesIO(data)).tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][:2] == ["Outcome", "Findings"]:
            return {_SIGNED[row[0]]: row[1] for row in rows[1:]}
    raise AssertionError("no table of outcomes")


def in_pdf(data: bytes) -> Totals:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages[:2]
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    return {
        name: match[1]
        for name in OUTCOMES
        if (match := re.search(rf"\S {LABELS[name]} (\[c\]|[\d,]+) [TA]", text))
    }


READERS: dict[str, Callable[[bytes], Totals]] = {
    "json": in_json,
    "ndjson": in_ndjson,
    "csv": in_csv,
    "html": in_html,
    "md": in_markdown,
    "xlsx": in_workbook,
    "docx": in_word,
    "pdf": in_pdf,
}


@pytest.mark.parametrize("edition", ["auditor", "board"])
def test_every_format_of_a_run_has_the_same_totals(tmp_path: Path, edition: str) -> None:
    """The CSV of the board's edition holds rules, and no findings to count."""
    formats = [each for each in READERS if edition == "auditor" or each not in ("ndjson", "csv")]
    outputs = [word for each in formats for word in ("-o", f"r.{each}")]
    words = ("run", CASES, "--as-of", "2026-11-24", "-q", "--edition", edition)
    result = scr_audit(*words, *outputs, cwd=tmp_path)
    assert result.code == 0, result.err
    expected = in_json((tmp_path / "r.json").read_bytes())
    found = {each: READERS[each]((tmp_path / f"r.{each}").read_bytes()) for each in formats}
    assert found == dict.fromkeys(formats, expected)
