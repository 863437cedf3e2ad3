"""LibreOffice opens the workbook and the delimited file, and runs nothing in them."""

import csv
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from report_editions import hostile_bundle
from report_sample import sample_bundle

from scr_audit.report.csv_file import without_formulas
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.report.tables import findings_table
from scr_audit.report.wording import LABELS, SIGNS

LOOK = Look(Templates(Path(__file__).parents[2] / "reports"))
OFFICE = shutil.which("soffice")
REQUIRED = os.environ.get("SCR_AUDIT_REQUIRE_OFFICE") == "1"
pytestmark = pytest.mark.skipif(
    OFFICE is None and not REQUIRED,
    reason="LibreOffice (soffice) is missing; SCR_AUDIT_REQUIRE_OFFICE=1 makes this a failure",
)
# Separator, quote, UTF-8, from line 1; cells as they are shown or not; every sheet in a file.
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,{as_shown},false,false,false,{sheets}"
EVERY_SHEET, FIRST_SHEET = "-1", "0"


def written(folder: Path, name: str, bundle: dict[str, Any]) -> Path:
    path = folder / name
    path.write_bytes(render_report(bundle, path, LOOK)[name])
    return path


def converted(path: Path, target: str, *options: str) -> Path:
    """The folder with what LibreOffice made of a file."""
    assert OFFICE is not None, "SCR_AUDIT_REQUIRE_OFFICE=1, but soffice is not installed"
    made = path.parent / "made"
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless",
         *options, "--convert-to", target, "--outdir", str(made), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return made


def sheets_of(path: Path) -> dict[str, list[list[str]]]:
    """The cells of every sheet as LibreOffice shows them, by the sheet's name."""
    made = converted(path, CSV.format(as_shown="true", sheets=EVERY_SHEET))
    return {
        file.stem.removeprefix(f"{path.stem}-"): read(file) for file in sorted(made.glob("*.csv"))
    }


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_the_workbook_shows_its_rows_and_no_error(tmp_path: Path) -> None:
    bundle = sample_bundle()
    sheets = sheets_of(written(tmp_path, "report.xlsx", bundle))
    assert sorted(sheets) == [
        "Actions", "Basis", "Cases", "Findings", "Left out", "Parameters", "Recommendations",
        "Rules", "Summary",
    ]  # fmt: skip
    assert len(sheets["Findings"]) == len(bundle["findings"]) + 1
    outcomes = [row[0] for row in sheets["Findings"][1:]]
    assert outcomes == [
        f"{SIGNS[finding['outcome']]} {LABELS[finding['outcome']]}"
        for finding in bundle["findings"]
    ]
    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("Err:", "#"))]


def test_a_hostile_workbook_runs_nothing(tmp_path: Path) -> None:
    bundle = hostile_bundle()
    sheets = sheets_of(written(tmp_path, "report.xlsx", bundle))
    heading, *rows = sheets["Findings"]
    assert len(rows) == len(bundle["findings"])
    reasons = [row[heading.index("Reason")] for row in rows]
    formulas = [finding["reason"] for finding in bundle["findings"]
                if finding["reason"].startswith(("=", "+", "-", "@"))]  # fmt: skip
    assert formulas
    assert [reason for reason in reasons if reason.startswith(("=", "+", "-", "@"))] == formulas


def test_the_workbook_prints(tmp_path: Path) -> None:
    made = converted(written(tmp_path, "report.xlsx", sample_bundle(records=3, rules=4)), "pdf")
    assert (made / "report.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("bundle", [sample_bundle(records=5), hostile_bundle()])
def test_the_delimited_file_opens_with_its_rows(tmp_path: Path, bundle: dict[str, Any]) -> None:
    """Formulas are looked for as LibreOffice's own import would on a double click: by itself."""
    path = written(tmp_path, "report.csv", bundle)
    made = converted(
        path, CSV.format(as_shown="true", sheets=FIRST_SHEET), "--infilter=CSV:44,34,76,1"
    )
    table = findings_table(bundle)
    places = [index for index, column in enumerate(table.columns)
              if column.name in ("outcome", "record", "rule", "reason")]  # fmt: skip
    shown = [[row[index] for index in places] for row in read(made / "report.csv")[1:]]
    assert [[_line_ends(cell) for cell in row] for row in shown] == [
        [_line_ends(without_formulas(str(row[index]))) for index in places] for row in table.rows
    ]


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n")
