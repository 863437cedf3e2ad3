"""The gate on the command line: it stops, it is allowed, it never repeats what it found."""

from __future__ import annotations

import json
import re
import stat
import zipfile
from pathlib import Path

import pytest
from command_line import audit, job, scr_audit, write_json
from pypdf import PdfReader

from scr_audit.report.formats import REPORT_FORMATS

NUMBER = "999 000 0018"
REASON = ("--allow-identifiable", "agreed with the data owner")


def jobs(folder: Path, note: str = f"see {NUMBER}") -> Path:
    return write_json(folder / "jobs.json", [job("J1", extra={"note": note})])


def test_an_identifier_stops_the_run_before_any_report(tmp_path: Path) -> None:
    result = scr_audit(*audit(jobs(tmp_path), "-o", tmp_path / "run.json"))
    assert result.code == 2
    assert result.out == ""
    assert result.err == (
        "identifiable: jobs.json, /0: /extra/note: an NHS number; take it out\n"
        "scr-audit: 1 identifier in 1 record; no report was written. Take them out "
        "('scr-audit anonymise FILE -o clean.json' does), or give the reason why they may stay: "
        "--allow-identifiable REASON.\n"
    )
    assert not (tmp_path / "run.json").exists()


def test_a_reason_goes_on_and_stands_in_the_bundle(tmp_path: Path) -> None:
    result = scr_audit(*audit(jobs(tmp_path), *REASON, "-o", tmp_path / "run.json"))
    assert result.code == 0, result.err
    assert json.loads((tmp_path / "run.json").read_bytes())["anonymity"] == {
        "allowed": REASON[1],
        "findings": 1,
        "kinds": {"nhs_number": 1},
        "k": None,
        "least_k": 3,
        "uniqueness": [],
    }
    assert "Reason given: agreed with the data owner" in " ".join(result.out.split())


def test_a_reason_is_no_identifier_and_not_empty(tmp_path: Path) -> None:
    for reason, words in (
        (" ", "give the reason in one line; every report shows it"),
        (NUMBER, "holds an NHS number, and every report shows it; say it without"),
    ):
        result = scr_audit(*audit(jobs(tmp_path), "--allow-identifiable", reason))
        assert (result.code, result.err) == (2, f"scr-audit: --allow-identifiable: {words}\n")


def test_the_name_of_a_file_is_not_repeated(tmp_path: Path) -> None:
    path = write_json(tmp_path / "case_9990000018.json", [job("J1")])
    other = write_json(tmp_path / "cases.json", [job("J2")])
    result = scr_audit("run", other, *audit(path)[1:])
    assert result.code == 2
    assert "9990" not in result.err
    assert result.err.splitlines() == [
        "identifiable: input file 2: (its name): an NHS number; rename the file",
        "scr-audit: 1 identifier; no report was written. Rename the file listed by number "
        "alone, as its name identifies somebody, or give the reason why they may stay: "
        "--allow-identifiable REASON.",
    ]


def test_anonymised_records_pass(tmp_path: Path) -> None:
    clean, key = tmp_path / "clean.json", tmp_path / "key.txt"
    result = scr_audit("anonymise", jobs(tmp_path), "-o", clean, "--new-key", key, *audit("")[2:4])
    assert (result.code, result.err) == (
        0,
        f"wrote {clean}: 1 record, 2 changes. Bare names are not looked for: "
        "read what you share.\n",
    )
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert scr_audit(*audit(clean, "-q")).code == 0


def test_every_report_shows_the_reason(tmp_path: Path) -> None:
    names = [f"run{suffix}" for suffix in REPORT_FORMATS]
    outputs = [word for name in names for word in ("-o", name)]
    result = scr_audit(*audit(jobs(tmp_path), *REASON, "-q", *outputs), cwd=tmp_path)
    assert (result.code, len(REPORT_FORMATS)) == (0, 8), result.err
    shown = {name: REASON[1] in text_of(tmp_path / name) for name in names}
    assert shown == dict.fromkeys(names, True)


def text_of(path: Path) -> str:
    """What a reader sees of a report, and more."""
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return re.sub(r"<[^>]*>", "", "".join(parts))
    if path.suffix == ".pdf":
        text = "".join(page.extract_text() for page in PdfReader(path).pages)
        return " ".join(text.split())
    return path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("edition", ["board", "public"])
def test_no_other_edition_is_made_of_identifiable_records(tmp_path: Path, edition: str) -> None:
    out = tmp_path / "r.html"
    result = scr_audit(*audit(jobs(tmp_path), *REASON, "--edition", edition, "-o", out))
    assert (result.code, result.out, result.err) == (
        2,
        "",
        f"scr-audit: --edition {edition} is for others than the auditors; it is not made with "
        "--allow-identifiable. Take the identifiers out first, such as with "
        "'scr-audit anonymise'\n",
    )
    assert not out.exists()


@pytest.mark.parametrize("more", [(), ("--totals-only", "--jobs", "2")])
def test_only_judged_records_stand_beside_others(tmp_path: Path, more: tuple[str, ...]) -> None:
    twice, wrong = {"id": "C1", "siblings": 1}, {"id": "C3", "siblings": 2, "people": 4}
    cases = [twice, twice, {"id": "C2", "siblings": 2}, wrong, {"siblings": 2}]
    path = write_json(tmp_path / "cases.json", {"cases": cases})
    result = scr_audit("run", path, "-q", "--require-k", "2", *more)
    assert result.code == 2
    assert "scr-audit: 2 of 2 cases stand in groups of fewer than 2 alike" in result.err
    result = scr_audit("run", path, "-q", "-o", tmp_path / "run.json", *more)
    [alone] = json.loads((tmp_path / "run.json").read_bytes())["anonymity"]["uniqueness"]
    assert (alone["records"], alone["k"], alone["below"]) == (2, 1, 2)


def test_records_that_stand_too_alone_stop_the_run(tmp_path: Path) -> None:
    cases = [{"id": f"C{n}", "siblings": siblings} for n, siblings in enumerate((1, 1, 2))]
    path = write_json(tmp_path / "cases.json", {"cases": cases})
    run = ("run", path, "-q", "-o", tmp_path / "run.json", "--require-k")
    result = scr_audit(*run, "2")
    assert (result.code, result.err) == (
        2,
        "scr-audit: 1 of 3 cases stand in groups of fewer than 2 alike in /siblings, "
        "/people/*/relationship and /pregnancies/*/mother_age_years; the smallest has 1. No report "
        "was written.\n",
    )
    assert not (tmp_path / "run.json").exists()
    result = scr_audit(*run, "1")
    assert (result.code, result.err) == (
        2,
        "scr-audit: Invalid value for '--require-k': Input should be greater than or equal to 2. "
        "Try 'scr-audit run --help'.\n",
    )
