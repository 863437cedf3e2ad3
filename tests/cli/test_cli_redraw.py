"""`redraw`: a sample drawn again, and what differs named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import DAY, scr_audit, write_lines
from sampled import JOBS, PERIOD, draw, ids, make_folder, redraw, sample_in, write_plan

STRATA = ("--size", "5", "--reserve", "2", "--strata", "model", "--strata", "paid")
NOT_THIS = "scr-audit: sample.json: these records do not give this draw\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def write_jobs(folder: Path, jobs: list) -> None:
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (STRATA, "5 records of 12, 4 in reserve"),
        (("--precision", "30", "--confidence", "90"), "5 records of 12, 0 in reserve"),
        (("--size", "2", "--period", "2025Q2"), "2 records of 3, 0 in reserve"),
    ],
)
def test_the_same_records_give_the_same_draw(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    draw(folder, *options)
    before = (folder / "sample.json").read_bytes()
    write_lines(folder / "again.ndjson", JOBS[::-1])
    result = redraw(folder, records="again.ndjson")
    sha256 = sample_in(folder)["frame"]["sha256"]
    assert (result.code, result.err) == (
        0,
        f"sample.json: the same draw: {said}, from a frame with the SHA-256 {sha256[:12]}…\n",
    )
    assert (folder / "sample.json").read_bytes() == before


def test_a_frame_with_other_records_is_told_with_what_it_would_draw(folder: Path) -> None:
    draw(folder, "--size", "4")
    gone = sample_in(folder)["drawn"][0]["id"]
    write_jobs(folder, [job for job in JOBS if job["id"] != gone])
    result = redraw(folder)
    lines = result.err.splitlines(keepends=True)
    assert result.code == 2
    assert lines[0] == "differs: the size of the frame: 12 then, 11 now\n"
    assert lines[1].startswith("differs: the ids of the frame: their SHA-256 was ")
    assert lines[2] == f"differs: drawn: only in the file: {gone}\n"
    assert lines[3].startswith("differs: drawn: only now: J")
    assert lines[4:] == [NOT_THIS]


def test_a_record_of_another_stratum_is_told(folder: Path) -> None:
    draw(folder, *STRATA)
    first = sample_in(folder)["drawn"][0]["id"]
    write_jobs(folder, [{**job, "model": "racing"} if job["id"] == first else job for job in JOBS])
    said = redraw(folder).err
    assert "differs: the strata: how many records are in them, or how many of them are drawn\n" in (
        said
    )
    assert said.endswith(NOT_THIS)


def test_a_frame_that_is_too_small_now_is_told(folder: Path) -> None:
    draw(folder, "--size", "4")
    write_jobs(folder, JOBS[:3])
    result = redraw(folder)
    assert (result.code, result.err) == (
        2,
        "scr-audit: sample.json: cannot be drawn again: a sample of 4 is larger than its frame of "
        "3 records. Audit all of them: that is then no sample\n",
    )


def test_a_plan_that_was_changed_is_told_and_what_that_did(folder: Path) -> None:
    draw(folder, "--size", "4")
    write_plan(folder, f"{PERIOD}# Said more clearly.\n")
    result = redraw(folder)
    assert result.code == 0
    assert result.err.startswith("note: the plan 'quick' was changed since the draw\nsample.json: ")
    write_plan(folder, f"{PERIOD}records: {{where: paid}}\n")
    result = redraw(folder)
    assert result.code == 2
    assert "differs: the filter: none then, paid now\n" in result.err


def test_earlier_samples_are_checked_where_they_are_given(folder: Path) -> None:
    draw(folder, "--size", "4", output="earlier.json")
    span = ("--not-again-within", "12 months")
    draw(folder, "--size", "3", "--previous", "earlier.json", *span)
    trusting = redraw(folder)
    assert trusting.code == 0
    assert trusting.err.startswith(
        "note: 4 records drawn too recently, as the file says; give the previous samples to "
        "check that too\n"
    )
    assert redraw(folder, "--previous", "earlier.json").code == 0
    earlier = ids(sample_in(folder, "earlier.json")["drawn"])
    draw(folder, "--size", "6", output="earlier.json")
    result = redraw(folder, "--previous", "earlier.json")
    assert result.code == 2
    more = [name for name in ids(sample_in(folder, "earlier.json")["drawn"]) if name not in earlier]
    assert more
    assert "differs: not to be drawn again: only now: " in result.err


def test_a_plan_of_ones_own_has_to_be_named(folder: Path) -> None:
    draw(folder, "--size", "4")
    result = scr_audit("redraw", "sample.json", "jobs.json", cwd=folder)
    assert (result.code, result.err) == (
        2,
        "scr-audit: sample.json: was drawn for the audit plan 'quick', which is no shipped one: "
        "name the plan's file too\n",
    )
    (folder / "plan.yaml").write_text(
        (folder / "plan.yaml").read_text(encoding="utf-8").replace("id: quick", "id: slow"),
        encoding="utf-8",
    )
    result = redraw(folder)
    assert (result.code, result.err) == (
        2,
        "scr-audit: sample.json: was drawn for the plan 'quick', not 'slow'\n",
    )


def test_a_shipped_plan_is_found_by_itself(tmp_path: Path) -> None:
    cases = Path(__file__).parents[2] / "examples" / "cases.json"
    drawn = scr_audit(
        "sample", cases, *DAY, "--audit", "quarterly-conference-plan", "--seed", "one", "--size",
        "2", "-o", "sample.json", cwd=tmp_path,
    )  # fmt: skip
    assert drawn.code == 0, drawn.err
    result = scr_audit("redraw", "sample.json", cases, cwd=tmp_path)
    assert (result.code, result.err[:28]) == (0, "sample.json: the same draw: ")
