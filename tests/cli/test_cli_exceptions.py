"""`--exceptions`: one path for every command and format; what expired does nothing and is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, audit, job, scr_audit, write_json
from small_plan import HEAD

from scr_audit.runs.stored import read_bundle

ENTRY = """\
  - rule: part-fitted
    record: {record}
    reason: the part is out of stock
    approved_by_role: workshop lead
    from: 2025-12-01
    until: {until}
"""
PART = {"name": "bell", "worn": True, "fitted": False, "recalled": False}
WITH = ("--exceptions", "e.yaml")
SENTENCE = (
    "1 approved exception in force: 2 units that are not met are shown as excepted, and in no "
    "rate; 1 expired and did nothing."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exceptions")
    jobs = [job(name, paid=True, parts=[PART, PART]) for name in ("J1", "J2")]
    write_json(folder / "in.json", {"jobs": jobs})
    entries = ENTRY.format(record="J1", until="2026-01-01") + ENTRY.format(
        record="J2", until="2025-12-31"
    )
    (folder / "e.yaml").write_text(f"exceptions:\n{entries}", "utf-8")
    return folder


def run(folder: Path, *words: str) -> Result:
    return scr_audit(*audit("in.json", *WITH, *words), cwd=folder)


def bundle(folder: Path, *words: str) -> dict[str, Any]:
    done = run(folder, "-q", "-o", "r.json", *words)
    assert (done.code, done.out) == (0, ""), done.err
    return read_bundle(folder / "r.json")


def test_findings_and_totals_agree_in_any_number_of_processes(folder: Path) -> None:
    whole = bundle(folder)
    totals = bundle(folder, "--totals-only"), bundle(folder, "--totals-only", "--jobs", "2")
    for found in totals:
        assert {**found, "records": whole["records"], "findings": whole["findings"]} == whole
    outcomes = [f["outcome"] for f in whole["findings"] if f["rule"] == "part-fitted"]
    assert outcomes == ["excepted", "excepted", "not_met", "not_met"]
    assert [entry["state"] for entry in whole["exceptions"]["entries"]] == ["applied", "expired"]
    assert whole["findings"][0]["excepted_by"] == {
        "reason": "the part is out of stock",
        "approved_by_role": "workshop lead",
        "from": "2025-12-01",
        "until": "2026-01-01",
        "original_outcome": "not_met",
    }


def test_every_report_tells_what_is_excepted_and_what_expired(folder: Path) -> None:
    done = run(folder, "-o", "r.html", "-o", "r.md", "-o", "r.csv", "-o", "r.xlsx")
    assert done.code == 0, done.err
    assert SENTENCE in " ".join(done.out.split())
    assert "part-fitted, J2: expired, the last day was 31 December 2025" in done.out
    html, markdown, csv = (
        (folder / name).read_text("utf-8") for name in ("r.html", "r.md", "r.csv")
    )
    reason = (
        "the part is out of stock (exception approved in the role workshop lead, from 2025-12-01 "
        "until 2026-01-01; without it: not met)"
    )
    assert SENTENCE in html
    assert f"Permitted reason: <bdi>{reason}</bdi>" in html
    assert "<td><bdi>workshop lead</bdi></td>" in html
    assert SENTENCE in markdown
    assert "| expired: it did nothing | 0 | part-fitted | J2 |" in markdown
    assert csv.count(reason) == 2


def test_an_entry_that_found_nothing_is_named_with_the_reason(folder: Path) -> None:
    text = f"exceptions:\n{ENTRY.format(record='j1', until='2026-12-31')}"
    (folder / "other.yaml").write_text(text, "utf-8")
    words = (*audit("in.json"), "--exceptions", "other.yaml", "-o", "r.json")
    done = scr_audit(*words, cwd=folder)
    assert "1 of them found nothing to except" in done.out
    assert (
        "part-fitted, j1: no record of this id was judged; 'J1', which was read, looks like it: "
        "name that one if it is meant"
    ) in " ".join(done.out.split())
    assert read_bundle(folder / "r.json")["exceptions"]["entries"][0]["looks_like"] == "J1"


def test_the_workbook_has_a_sheet_of_exceptions(folder: Path) -> None:
    from python_calamine import CalamineWorkbook

    assert run(folder, "-q", "-o", "r.xlsx").code == 0
    rows = CalamineWorkbook.from_path(folder / "r.xlsx").get_sheet_by_name("Exceptions").to_python()
    assert [row[:4] for row in rows[1:]] == [
        ["excepted", 2.0, "part-fitted", "J1"],
        ["expired: it did nothing", 0.0, "part-fitted", "J2"],
    ]


def test_the_board_gets_the_counts_and_no_reasons(folder: Path) -> None:
    done = run(folder, "-q", "--edition", "board", "-o", "b.json")
    assert done.code == 0, done.err
    assert "out of stock" not in (folder / "b.json").read_text("utf-8")


def test_explain_shows_the_exception_and_the_reason_of_the_rule(folder: Path) -> None:
    words = ("explain", "part-fitted", *audit("in.json")[1:], "-r", "J1", *WITH)
    lines = scr_audit(*words, cwd=folder).out.splitlines()
    assert lines[0] == "J1, part bell, fitted no, worn yes, recalled no: excepted"
    assert lines[1].startswith("  the part is out of stock (exception approved in the role")
    assert lines[2] == "  “Was the part fitted?” no."


def test_a_run_without_exceptions_says_nothing_of_them(folder: Path) -> None:
    done = scr_audit(*audit("in.json", "-q", "-o", "plain.json"), cwd=folder)
    assert done.code == 0
    assert "exceptions" not in json.loads((folder / "plain.json").read_text("utf-8"))


def test_an_exception_of_a_rule_that_the_plan_leaves_out_is_told(folder: Path) -> None:
    (folder / "plan.yaml").write_text(f"{HEAD}rules: [back-in-time]\n", "utf-8")
    found = bundle(folder, "--audit", "plan.yaml")
    states = [entry["state"] for entry in found["exceptions"]["entries"]]
    assert states == ["rule_not_in_run", "expired"]
