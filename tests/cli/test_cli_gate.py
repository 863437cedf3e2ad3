"""The gate on the command line: it stops, it is allowed, it never repeats what it found."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from command_line import audit, job, scr_audit, write_json

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
        (NUMBER, "the reason holds an identifier itself; say it without"),
    ):
        result = scr_audit(*audit(jobs(tmp_path), "--allow-identifiable", reason))
        assert (result.code, result.err) == (2, f"scr-audit: --allow-identifiable: {words}\n")


def test_the_name_of_a_file_is_not_repeated(tmp_path: Path) -> None:
    path = write_json(tmp_path / "case_9990000018.json", [job("J1")])
    result = scr_audit(*audit(path))
    assert result.code == 2
    assert "9990" not in result.err
    first = result.err.splitlines()[0]
    assert first == "identifiable: input file 1: (its name): an NHS number; take it out"


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
