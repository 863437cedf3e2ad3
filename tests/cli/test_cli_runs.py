"""The same inputs give the same bytes: from any folder, at any time, in any number of processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, audit, job, scr_audit, write_json, write_lines


def some_job(number: int) -> dict[str, Any]:
    parts = [
        {"name": "bell", "worn": number % 3 > 0, "fitted": number % 5 > 0, "recalled": False},
        {"name": "chain", "worn": number % 2 > 0, "checks": [{"passed": number % 7 > 0}]},
    ]
    day = f"2026-01-{number % 28 + 1:02}" if number % 11 else "2026-01"
    return job(f"R{number}", booked_on=day, returned_on="2026-01-20", parts=parts[: number % 3])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path
    jobs = [some_job(number) for number in range(1_700)]
    jobs[600]["id"] = jobs[1_200]["id"] = "R5"
    jobs[601]["x"] = 1
    write_lines(folder / "in.ndjson", jobs)
    write_json(folder / "few.json", {"jobs": jobs[:20], "depots": [{"id": "D", "name": "x"}]})
    return folder


def bundle(folder: Path, *words: str) -> bytes:
    result = scr_audit(*audit("in.ndjson", "-q", "-o", "r.json", *words), cwd=folder)
    assert (result.code, result.out) == (2, "")
    return (folder / "r.json").read_bytes()


def test_totals_are_the_same_bytes_in_any_number_of_processes(folder: Path) -> None:
    one = bundle(folder, "--totals-only")
    two = bundle(folder, "--totals-only", "--jobs", "2")
    three = bundle(folder, "--totals-only", "-j", "3")
    assert one == two == three
    whole, totals = json.loads(bundle(folder)), json.loads(one)
    assert totals["records"] == totals["findings"] == []
    for name in ("records", "findings"):
        assert whole.pop(name)
        totals.pop(name)
    assert whole == totals


def test_findings_are_the_same_bytes_in_any_number_of_processes(folder: Path) -> None:
    """With an id that is in several pieces of work, and a record that is left out."""
    lines = (folder / "in.ndjson").read_bytes().splitlines(keepends=True)
    (folder / "in.ndjson").write_bytes(b"".join([*lines[:60], *lines[590:610]]))
    assert bundle(folder, "-j", "1") == bundle(folder, "-j", "2") == bundle(folder)


def lines(folder: Path, *words: str) -> bytes:
    result = scr_audit(*audit("few.json", "-q", "-o", "r.ndjson", *words), cwd=folder)
    assert (result.code, result.out, result.err) == (0, "", "")
    return (folder / "r.ndjson").read_bytes()


def test_findings_line_by_line_too(folder: Path) -> None:
    assert lines(folder, "-j", "1") == lines(folder, "-j", "3") == lines(folder)


def test_the_same_inputs_give_the_same_bytes_from_different_folders(folder: Path) -> None:
    other = folder / "other folder"
    other.mkdir()
    (other / "few.json").write_bytes((folder / "few.json").read_bytes())
    for name in ("r.json", "r.html", "r.ndjson"):
        here = scr_audit(*audit("few.json", "-q", "-o", name), cwd=folder)
        there = scr_audit(*audit(other / "few.json", "-q", "-o", other / name), cwd=Path("/"))
        assert here == there == Result(0, "", "")
        text = (folder / name).read_bytes()
        assert text == (other / name).read_bytes(), name
        assert str(folder).encode() not in text


def test_standard_input_gives_the_results_of_the_file(folder: Path) -> None:
    data = (folder / "few.json").read_bytes()
    named = scr_audit(*audit("few.json", "-q", "-o", "named.json"), cwd=folder)
    piped = scr_audit(*audit("-", "-q", "-o", "piped.json"), cwd=folder, stdin=data)
    assert named == piped == Result(0, "", "")
    whole, again = (
        json.loads((folder / f"{name}.json").read_bytes()) for name in ("named", "piped")
    )
    assert again["input"]["files"] == [
        {"name": "(standard input)", "sha256": whole["input"]["files"][0]["sha256"]}
    ]
    for name in ("totals", "rules", "findings", "records"):
        assert again[name] == whole[name]
