"""The trend in the reports of a run: of the store, of earlier bundles, of what is published."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import SMALL, Result, job, scr_audit, write_json
from docx import Document
from jsonschema import Draft202012Validator
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from small_plan import HEAD

PART: dict[str, Any] = {"name": "bell", "worn": True, "fitted": True, "recalled": False}
QUARTERS = ("2025-03-31", "2025-06-30", "2025-09-30")


def _jobs(folder: Path, fitted: int, number: int = 30) -> str:
    name = f"in-{fitted}.json"
    records = [
        job(f"J{n}", safe=True, parts=[{**PART, "fitted": n < fitted}]) for n in range(number)
    ]
    write_json(folder / name, records)
    return name


def _run(folder: Path, fitted: int, as_of: str, *more: str) -> Result:
    words = ("run", _jobs(folder, fitted), *SMALL, "--as-of", as_of, "-q", *more)
    return scr_audit(*words, cwd=folder)


def _kept(folder: Path, fitted: int, as_of: str, *more: str) -> Result:
    done = _run(folder, fitted, as_of, "--store", "h.sqlite", *more)
    assert done.code == 0, done.err
    return done


def _bundle(folder: Path, name: str = "r.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def _shares(trend: dict[str, Any]) -> list[float | None]:
    (row,) = (row for row in trend["rules"] if row["id"] == "part-fitted")
    return [point["share"] for stretch in row["stretches"] for point in stretch["points"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with two runs before 2025-09-30."""
    for fitted, day in ((12, QUARTERS[0]), (18, QUARTERS[1])):
        _kept(tmp_path, fitted, day)
    return tmp_path


def test_every_format_shows_the_trend_that_the_run_ends(folder: Path) -> None:
    formats = ("json", "html", "md", "docx", "pdf", "xlsx")
    done = _kept(folder, 24, QUARTERS[2], *(w for f in formats for w in ("-o", f"r.{f}")))
    assert "note:" not in done.err
    trend = _bundle(folder)["trend"]
    assert _shares(trend) == [0.4, 0.6, 0.8]
    page = (folder / "r.html").read_text(encoding="utf-8")
    assert '<a href="#trend">Trend</a>' in page
    (part,) = re.findall(r'<section id="trend".*?</section>', page, re.DOTALL)
    assert "3 points, too few for signals." in part
    counts = re.findall(r'<th scope="row">(2025[^<]*)</th><td>([^<]*)</td>', part)
    assert {(QUARTERS[0], "12 met, 18 not met"), (QUARTERS[2], "24 met, 6 not met")} <= set(counts)
    told = (
        (folder / "r.md").read_text(encoding="utf-8"),
        "\n".join(
            cell.text
            for table in Document(str(folder / "r.docx")).tables
            for row in table.rows
            for cell in row.cells
        ),
        " ".join(page.extract_text() for page in PdfReader(folder / "r.pdf").pages),
    )
    for text in told:
        assert "40%, 60%, 80%" in text
        assert "3 points, too few for signals" in " ".join(text.split())
    sheet = CalamineWorkbook.from_path(folder / "r.xlsx").get_sheet_by_name("Trend").to_python()
    rows = [tuple(row[1:5]) for row in sheet if row[0] == "part-fitted"]
    assert rows == [
        (day, met, 30 - met, 0) for day, met in zip(QUARTERS, (12, 18, 24), strict=True)
    ]


def test_a_run_without_earlier_ones_has_no_trend(tmp_path: Path) -> None:
    done = _kept(tmp_path, 24, QUARTERS[2], "-o", "r.json")
    assert "note:" not in done.err
    assert "trend" not in _bundle(tmp_path)


def test_earlier_bundles_and_the_store_make_the_same_trend_and_no_run_counts_twice(
    folder: Path,
) -> None:
    for fitted, day in ((12, QUARTERS[0]), (18, QUARTERS[1])):
        _run(folder, fitted, day, "-o", f"{day}.json")
    given = ("--earlier", f"{QUARTERS[0]}.json", "--earlier", f"{QUARTERS[1]}.json")
    found = []
    for more in (given, ("--store", "h.sqlite"), (*given, "--store", "h.sqlite")):
        assert _run(folder, 24, QUARTERS[2], "-o", "r.json", *more).code == 0
        found.append(_bundle(folder)["trend"])
    assert found[0]["rules"] == found[1]["rules"] == found[2]["rules"]
    assert [len(trend["runs"]) for trend in found] == [3, 3, 3]


def test_the_same_run_again_has_the_same_trend_and_is_kept_once(folder: Path) -> None:
    first = _kept(folder, 24, QUARTERS[2], "-o", "one.json")
    again = _kept(folder, 24, QUARTERS[2], "-o", "two.json")
    assert (folder / "one.json").read_bytes() == (folder / "two.json").read_bytes()
    name = first.err[:12]
    assert again.err == f"{name}: this run is in h.sqlite already; nothing was changed\n"
    # A run that was kept in the meantime changes the trend, and no run becomes a second point.
    _kept(folder, 6, "2025-01-31")
    assert "already; nothing was changed" in _kept(folder, 24, QUARTERS[2], "-o", "r.json").err
    assert _shares(_bundle(folder)["trend"]) == [0.2, 0.4, 0.6, 0.8]
    done = scr_audit("trend", "--store", "h.sqlite", "-q", "-o", "t.json", cwd=folder)
    assert done.code == 0, done.err
    assert _shares(_bundle(folder, "t.json")) == [0.2, 0.4, 0.6, 0.8]


def test_a_kept_run_of_the_same_days_is_named_and_the_run_is_kept_all_the_same(
    folder: Path,
) -> None:
    done = _kept(folder, 24, QUARTERS[1], "-o", "r.json")
    said = re.fullmatch(
        r"\w{12}: added to h\.sqlite\n"
        r"note: no trend in the reports: the kept run (\w{12}) \(as of 2025-06-30\) and this run "
        r"\(as of 2025-06-30\) overlap: what was done then would count twice\n",
        done.err,
    )
    assert said, done.err
    assert "trend" not in _bundle(folder)
    assert said[1] in scr_audit("history", "list", "--store", "h.sqlite", cwd=folder).out


def test_an_earlier_bundle_that_is_no_point_is_told(folder: Path) -> None:
    _run(folder, 30, "2025-12-31", "-o", "later.json")
    done = _run(folder, 24, QUARTERS[2], "-o", "r.json", "--earlier", "later.json")
    assert (done.code, done.err) == (
        0,
        "note: later.json: is no point of the trend: it is this run, a later one, or of another "
        "pack or plan\n",
    )


BOARD = ("--edition", "board", "-o", "b.json", "-o", "b.html", "-o", "b.md")


def test_the_boards_trend_is_the_auditors_without_names_of_runs(folder: Path) -> None:
    for fitted, day in ((12, QUARTERS[0]), (28, QUARTERS[1])):
        _run(folder, fitted, day, "-o", f"{day}.json")
    given = ("--earlier", f"{QUARTERS[0]}.json", "--earlier", f"{QUARTERS[1]}.json")
    done = _run(folder, 24, QUARTERS[2], *BOARD, *given)
    assert (done.code, done.err) == (0, "")
    _run(folder, 24, QUARTERS[2], "-o", "r.json", *given)
    found = _bundle(folder, "b.json")["trend"]
    assert _shares(found) == _shares(_bundle(folder)["trend"])
    assert [run["run"] for run in found["runs"]] == ["run 1", "run 2", "run 3"]


def test_a_bundle_with_a_trend_is_what_its_schema_says(folder: Path) -> None:
    _kept(folder, 24, QUARTERS[2], "-o", "r.json")
    Draft202012Validator(json.loads(scr_audit("schema", "run").out)).validate(_bundle(folder))
    assert _kept(folder, 27, "2025-12-31", "--earlier", "r.json", "-o", "r2.json").code == 0
    assert _shares(_bundle(folder, "r2.json")["trend"]) == [0.4, 0.6, 0.8, 0.9]


def test_a_quarter_without_a_run_is_a_gap_in_the_reports(folder: Path) -> None:
    """Kept with their periods, and judged by a plan with one."""
    (folder / "plan.yaml").write_text(
        HEAD + "period: {dates: {parts: fitted_on}}\n", encoding="utf-8"
    )
    for quarter, day in (("2025Q1", "2025-02-03"), ("2025Q3", "2025-08-03")):
        records = [job("J", safe=True, parts=[{**PART, "fitted_on": day}])]
        write_json(folder / "in.json", records)
        done = scr_audit(
            "run", "in.json", *SMALL, "--as-of", "2026-01-01", "--audit", "plan.yaml", "--period",
            quarter, "-q", "-o", "r.json", "-o", "r.md", "--store", "p.sqlite", cwd=folder,
        )  # fmt: skip
        assert done.code == 0, done.err
    trend = _bundle(folder)["trend"]
    assert (trend["by"], trend["without_data"]) == ("quarter", ["2025Q2"])
    assert _shares(trend) == [1.0, None, 1.0]
    assert "100%, –, 100%" in (folder / "r.md").read_text(encoding="utf-8")
