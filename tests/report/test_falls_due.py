"""What falls due next, by month: a few lines on the terminal, a part of the report."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from rich.console import Console

from scr_audit.audit import run_audit
from scr_audit.editions.board import board_document
from scr_audit.report.paper import paper_values
from scr_audit.report.standings import falls_due
from scr_audit.report.summary import summary_sections
from scr_audit.report.tables import Entry
from scr_audit.report.terminal import render_terminal
from scr_audit.reports import write

RULES = [{"id": "a", "title": "Reviews are held"}, {"id": "b", "title": "Visits are made"}]
ROWS = [
    {"month": "2026-10", "rule": "a", "units": 2},
    {"month": "2026-10", "rule": "b", "units": 1},
    {"month": "2026-11", "rule": "a", "units": 1200},
    {"month": "2027-01", "rule": "b", "units": 1},
    {"month": "2027-02", "rule": "a", "units": 3},
]


def test_the_next_months_come_first_and_all_later_ones_are_one_line() -> None:
    bundle = {"rules": RULES, "falls_due": ROWS}
    assert falls_due(bundle, most=2) == [
        ("October 2026", "2 × Reviews are held; 1 × Visits are made"),
        ("November 2026", "1,200 × Reviews are held"),
        ("later", "4 duties"),
    ]
    assert [month for month, _ in falls_due(bundle, most=9)][2:] == [
        "January 2027",
        "February 2027",
    ]


@pytest.mark.parametrize("bundle", [{"rules": RULES, "falls_due": []}, {"rules": RULES}])
def test_where_nothing_does_nothing_is_said(bundle: dict[str, Any]) -> None:
    assert falls_due(bundle) == []


def test_every_format_of_the_report_tells_it(tmp_path: Path) -> None:
    conference = {"type": "initial", "date": "2026-07-14", "decision": "plan_made"}
    record = {"id": "K1", "files_read_on": "2026-10-12", "conferences": [conference]}
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps({"cases": [record]}), encoding="utf-8")
    names = [str(tmp_path / f"run.{suffix}") for suffix in ("json", "html", "md", "docx")]
    with run_audit(cases, as_of=date(2026, 11, 29)) as audit:
        write(audit, *names)
        render_terminal(audit.bundle(), Console(file=(said := io.StringIO())))
    bundle, page, text = (Path(name).read_text(encoding="utf-8") for name in names[:3])
    paper = [each.text for each in Document(names[3]).paragraphs]
    assert json.loads(bundle)["falls_due"] == [
        {"month": "2026-10", "rule": "wt-first-review-in-time", "units": 1}
    ]
    line = "1 × The first review conference is held within three months of the initial conference"
    for edition in (json.loads(bundle), board_document(json.loads(bundle))):
        assert paper_values(edition)["falls_due"] == [{"month": "October 2026", "duties": line}]
        [due] = [s for s in summary_sections(edition) if s.title == "What falls due next"]
        assert due.entries == [Entry("October 2026", line)]
    assert f"<bdi>October 2026: {line}</bdi>" in page
    assert "## What falls due next" in text
    at = paper.index("What falls due next")
    assert paper[at + 1 : at + 3] == [
        "Not yet due when the files were read.",
        f"October 2026: {line}",
    ]
    assert line in text
    assert "Falls due next: not yet due when the files were read" in said.getvalue()
    assert "Not yet due: 14 October 2026" in page
