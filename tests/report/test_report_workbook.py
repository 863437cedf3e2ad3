"""The workbook says what the bundle says, as typed cells, and runs nothing that a record holds."""

import io
import xml.etree.ElementTree as ET
import zipfile
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine
from report_editions import board_document, changed_bundle, hostile_bundle, totals_only
from report_sample import OUTCOMES, sample_bundle

from scr_audit.outputs import staging_folder
from scr_audit.report.sheets import real_day, real_moment
from scr_audit.report.wording import LABELS, SIGNS
from scr_audit.report.workbook import workbook_bytes
from scr_audit.values.text import LONGEST_CELL, cell_text, visible

WORDS = {f"{SIGNS[name]} {LABELS[name]}": name for name in OUTCOMES}
HEADINGS = [f"{SIGNS[name]} {LABELS[name].capitalize()}" for name in OUTCOMES]
_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@cache
def sample_workbook() -> bytes:
    return workbook_bytes(sample_bundle())


@cache
def hostile_workbook() -> bytes:
    return workbook_bytes(hostile_bundle())


def opened(content: bytes) -> Any:
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))


def rows_of(content: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the headings of its first one."""
    heading, *rows = opened(content).get_sheet_by_name(sheet).to_python()
    return [dict(zip(heading, row, strict=True)) for row in rows]


def page_of(content: bytes, sheet: str = "Summary") -> dict[str, Any]:
    """The values of a page of entries by what they are about; of several, the first."""
    found: dict[str, Any] = {}
    for what, value, *_ in opened(content).get_sheet_by_name(sheet).to_python():
        found.setdefault(what, value)
    return found


def xml_of(content: bytes) -> dict[str, ET.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: ET.fromstring(archive.read(name))  # noqa: S314 - made by us a moment ago
            for name in archive.namelist()
        }


def counts(row: dict[str, Any]) -> list[Any]:
    return [row[heading] for heading in HEADINGS]


def shown(totals: dict[str, Any]) -> list[Any]:
    return [totals[name] for name in OUTCOMES]


@pytest.mark.parametrize("bundle", [sample_bundle(), board_document(), totals_only()])
def test_the_totals_read_back_are_those_of_the_bundle(bundle: dict[str, Any]) -> None:
    content = workbook_bytes(bundle)
    page = page_of(content)
    assert [page[word] for word in WORDS] == shown(bundle["totals"]["units"])
    recommendations = {
        row["Recommendation"]: counts(row) for row in rows_of(content, "Recommendations")
    }
    assert recommendations == {
        item["id"]: shown(item["totals"]) for item in bundle["recommendations"]
    }
    rules = {row["Rule"]: counts(row) for row in rows_of(content, "Rules")}
    assert rules == {rule["id"]: shown(rule["totals"]) for rule in bundle["rules"]}


def test_rates_are_numbers_and_no_rate_is_said_in_words() -> None:
    found = {
        row["Recommendation"]: row["Met, of what is evidenced"]
        for row in rows_of(sample_workbook(), "Recommendations")
    }
    for item in sample_bundle()["recommendations"]:
        share = item["rates"]["evidenced"]
        assert found[item["id"]] == (pytest.approx(share) if share is not None else "no rate")


def test_every_finding_has_its_row_with_the_outcome_as_sign_and_word() -> None:
    rows = rows_of(sample_workbook(), "Findings")
    findings = sample_bundle()["findings"]
    assert [(WORDS[row["Outcome"]], row["Record"], row["Rule"]) for row in rows] == [
        (finding["outcome"], visible(finding["record"]), finding["rule"]) for finding in findings
    ]
    assert [row["Reason"] for row in rows] == [finding["reason"] for finding in findings]


def test_whole_days_are_days_and_imprecise_ones_are_text() -> None:
    firsts = [row["First event"] for row in rows_of(sample_workbook(), "Cases")]
    expected = [record["events"][0]["date"] for record in sample_bundle()["records"]]
    assert [str(day)[:10] if isinstance(day, date) else day for day in firsts] == expected
    assert {isinstance(day, date) for day in firsts} == {True, False}
    assert page_of(sample_workbook())["As of"] == date(2026, 11, 24)


def test_a_board_workbook_has_no_findings_and_cases_and_says_that_it_is_confidential() -> None:
    board = board_document()
    content = workbook_bytes(board)
    assert opened(content).sheet_names == [
        "Summary", "Recommendations", "Rules", "Agencies and themes", "Actions", "Parameters",
        "Basis",
    ]  # fmt: skip
    page = page_of(content)
    assert page["Confidential"] == board["confidential"]
    assert page["Records left out"] == 1
    first = rows_of(content, "Agencies and themes")[0]
    assert counts(first) == [board["agencies"][0]["totals"][name] for name in OUTCOMES]


def test_actions_have_the_columns_that_an_action_plan_takes() -> None:
    rows = rows_of(sample_workbook(), "Actions")
    empty = ("Owner (post)", "Due", "Target (%)", "In quarter")
    assert {tuple(row[name] for name in empty) for row in rows} == {("", "", "", "")}
    needing = [rule for rule in sample_bundle()["rules"]
               if rule["totals"]["not_met"] or rule["totals"]["not_evidenced"]]  # fmt: skip
    assert sorted(row["Rule"] for row in rows) == sorted(rule["id"] for rule in needing)


def test_what_changed_the_plan_and_the_basis_are_told() -> None:
    content = workbook_bytes(changed_bundle())
    page = page_of(content)
    assert page["How records were chosen"] == "Every third case."
    assert page["5.3: fell"].endswith(
        "then 100 of 100 met (100%), now 1 of 5 met (20%); −80 percentage points, 95% interval "
        "−96 to −37."
    )
    assert (
        page_of(content, "Basis")["cases.json"] == changed_bundle()["input"]["files"][0]["sha256"]
    )
    assert [row["From"] for row in rows_of(content, "Parameters")] == [
        "always", date(2010, 3, 1), "always",
    ]  # fmt: skip


def test_findings_past_the_last_row_of_a_sheet_go_on_in_the_next() -> None:
    bundle = sample_bundle(records=3, rules=6)
    content = workbook_bytes(bundle, most_rows=10)
    names = [name for name in opened(content).sheet_names if name.startswith("Findings")]
    assert names == ["Findings", *(f"Findings {number}" for number in range(2, len(names) + 1))]
    rows = [row for name in names for row in rows_of(content, name)]
    assert [row["Rule"] for row in rows] == [finding["rule"] for finding in bundle["findings"]]
    assert len(names) == -(-len(rows) // 9)


def test_a_finding_links_to_the_row_of_its_rule() -> None:
    roots = xml_of(sample_workbook())
    links = list(roots["xl/worksheets/sheet4.xml"].iter(f"{_XML}hyperlink"))
    rules = [rule["id"] for rule in sample_bundle()["rules"]]
    findings = sample_bundle()["findings"]
    assert [link.get("location") for link in links] == [
        f"'Rules'!A{rules.index(finding['rule']) + 2}" for finding in findings
    ]


def test_nothing_that_a_bundle_holds_is_run_or_reaches_out() -> None:
    for name, root in xml_of(hostile_workbook()).items():
        assert not list(root.iter(f"{_XML}f")), f"a formula in {name}"
        assert "External" not in [item.get("TargetMode") for item in root.iter()], name


def test_hostile_texts_stand_in_their_cells_as_they_are() -> None:
    bundle = hostile_bundle()
    rows = rows_of(hostile_workbook(), "Findings")
    for row, finding in zip(rows, bundle["findings"], strict=True):
        assert row["Reason"] == cell_text(finding["reason"])
        assert row["Record"] == cell_text(finding["record"])
        assert row["Rule"] == cell_text(finding["rule"])
    reasons = [finding["reason"] for finding in bundle["findings"]]
    assert any(text.startswith("=") for text in reasons)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain\nlines", "plain\nlines"),
        ("nul\x00 \u202e \ud800 \ufffe", "nul[U+0000] [U+202E] [U+D800] [U+FFFE]"),
        ("x" * LONGEST_CELL, "x" * LONGEST_CELL),
        ("x" * 40_000, "x" * 32_000 + " … (the first 32,000 of 40,000 characters)"),
        ("😀" * 20_000, "😀" * 16_000 + " … (the first 16,000 of 20,000 characters)"),
        ("<r>raw</r>", "<r>raw</r> "),
        ("=1+1", "=1+1"),
    ],
)
def test_text_fits_its_cell_and_hides_nothing(text: str, cell: str) -> None:
    assert cell_text(text) == cell


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2010-07-12", date(2010, 7, 12)), ("2010-07", None), ("2010", None), ("1899-12-31", None),
        ("1900-02-28", None), ("20100712", None), ("2010-W10-1", date(2010, 3, 8)),
        ("next week", None),
        ("=TODAY()!!", None),
    ],
)  # fmt: skip
def test_a_day_is_real_if_excel_can_count_it(text: str, day: date | None) -> None:
    assert real_day(text) == day


def test_a_moment_is_real_unless_it_has_a_time_zone() -> None:
    assert real_moment("2010-07-12T09:30:00") == datetime(2010, 7, 12, 9, 30)
    assert real_moment("2010-07-12T09:30:00+01:00") is None
    assert real_moment("2010-07-12") is None
    bundle = deepcopy(sample_bundle(records=1, rules=1))
    bundle["records"][0]["events"][0]["date"] = "2010-07-12T09:30:00"
    [row] = rows_of(workbook_bytes(bundle), "Cases")
    assert row["First event"] == datetime(2010, 7, 12, 9, 30)


@pytest.mark.parametrize(
    ("kind", "sheet"),
    [("site_visit", "Site visits"), ("action", "Records"), ("x" * 40, "X" + "x" * 24)],
)
def test_the_sheet_of_records_is_called_as_they_are_where_no_other_is(
    kind: str, sheet: str
) -> None:
    bundle = deepcopy(sample_bundle(records=1, rules=1))
    bundle["input"]["records"]["by_kind"] = {kind: 1}
    assert len(rows_of(workbook_bytes(bundle), sheet)) == 1


def test_temporary_files_of_a_killed_process_are_removed_and_of_a_living_one_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / ".scr-audit-killed.part"
    left.mkdir()
    (left / "rows.xml").write_bytes(b"a record")
    with staging_folder(tmp_path) as living:
        left.mkdir()  # again: making the living one removed it
        workbook_bytes(sample_bundle())
        assert list(tmp_path.iterdir()) == [living]
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_a_day_makes_a_workbook_too() -> None:
    content = workbook_bytes({**sample_bundle(records=1, rules=1), "as_of": None})
    assert page_of(content)["As of"] == "not given"
