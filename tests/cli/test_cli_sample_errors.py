"""`sample` refuses what makes no draw: one message with what to do, exit 2, nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sampled import JOBS, PERIOD, draw, make_folder, sample_in, write_plan

from scr_audit.documents.sample import SampleDocument, sample_bytes, with_hash

WHOLE = "Audit all of them"
SPAN = ("--not-again-within", "12 months")
FRAME = "its frame of 12 records"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def refused(folder: Path, *options: str, **more: Any) -> str:
    """What a draw says that is refused, once it is known that it wrote nothing."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = draw(folder, *options, output="new.json", **more)
    assert (result.code, result.out) == (2, "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    return result.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--size", "20"), f"a sample of 20 is larger than {FRAME}. {WHOLE}: that is then no "
         "sample"),
        (("--precision", "5"), f"a share is known to ±5% at 95% only from the whole frame of 12 "
         f"records. {WHOLE}, which is then no sample, or give a wider precision, or a size"),
        ((), "--size: how many? Give a size or a precision; the plan 'quick' has no 'sample:'"),
        (("--size", "2", "--precision", "5"), "--precision: give a size or a "
         "precision, not both"),
        (("--precision", "5", "--expect", "70"), "--expect 70: expected a share between 0 and 1, "
         "such as 0.7"),
        (("--precision", "5", "--expect", "nan"), "--expect nan: expected a share between 0 and 1, "
         "such as 0.7"),
        (("--size", "2", "--strata", "modell"), "--strata: unknown fact 'modell'. Did you mean "
         "'model'?"),
        (("--size", "1", "--strata", "model"), "2 strata of model and a sample of 1: one of each "
         "cannot be drawn. Give a larger size, or no strata"),
        (("--size", "2", "--not-again-within", "a year"), "--not-again-within a year: expected a "
         "number of days, weeks, months or years, such as '12 months'"),
        (("--size", "2", "--previous", "x.json"), "--not-again-within: how long? Previous samples "
         "need it, such as '12 months'"),
        (("--size", "2", "--seed", "\udcff"), "--seed: is not text; give letters, digits or any "
         "other UTF-8"),
        (("--size", "2", "-o", "no/drawn.ndjson"), "no/drawn.ndjson: the folder no does not exist; "
         "make it, or name another place"),
        (("--size", "2", "--seed", " "), "--seed: is empty; give a text that was said before the "
         "draw"),
        (("--size", "2", "-o", "jobs.json"), "jobs.json: is one of the files that are read; name "
         "another file"),
        (("--size", "2", "-o", "new.json"), "new.json: two outputs have the same name; each "
         "needs its own file"),
        (("--size", "2", "--reserve-output", "spare.xlsx"), "spare.xlsx: unknown format '.xlsx'; "
         "expected .json, .ndjson or .jsonl."),
        (("--size", "2", "--period", "2024Q1"), "the frame is empty: there is nothing to draw "
         "from. A record is in it where something in it is dated 1 January to 31 March 2024, or "
         "may be. Look at the plan, the period and files"),
    ],
)  # fmt: skip
def test_a_draw_that_makes_no_sense_is_refused(
    folder: Path, options: tuple[str, ...], message: str
) -> None:
    assert refused(folder, *options) == f"scr-audit: {message}\n"


def test_the_sample_comes_first_and_the_records_second(folder: Path) -> None:
    result = draw(folder, "--size", "2", "-o", "new.json", output="drawn.ndjson")
    assert (result.code, result.err) == (
        2,
        "scr-audit: drawn.ndjson: the first -o is the sample, which is .json; the drawn records "
        "come second: -o sample.json -o drawn.ndjson\n",
    )


def test_a_filter_that_lets_nothing_in_is_named(folder: Path) -> None:
    write_plan(folder, "records: {where: model is racing}\n")
    assert refused(folder, "--size", "2") == (
        "scr-audit: the frame is empty: there is nothing to draw from. A record is in it "
        "where model is racing. Look at the plan, the period and files\n"
    )


def test_records_that_no_rule_judges_are_not_drawn(folder: Path) -> None:
    write_plan(folder, "rules: [part-fitted]\nrecords: {kind: depot, where: open}\n")
    assert refused(folder, "--size", "2") == (
        "scr-audit: the plan uses no rule that judges records of the kind 'depot', so that there "
        "is nothing to draw them for. Look at its 'rules:' and 'records:'\n"
    )


def test_an_id_that_stands_twice_is_no_frame(folder: Path) -> None:
    (folder / "jobs.json").write_text(json.dumps([*JOBS, JOBS[0]]), encoding="utf-8")
    said = refused(folder, "--size", "2")
    assert "an earlier job record (jobs.json, /0) has the id 'J1' too" in said
    assert said.endswith("nothing was drawn: a frame without these records is not the frame\n")


def test_what_is_wrong_with_the_strata_of_a_plan_has_its_place(folder: Path) -> None:
    write_plan(folder, "sample: {size: 2, strata: [model, paied]}\n")
    said = refused(folder)
    assert said.startswith("plan.yaml:5:35: unknown fact 'paied'. Did you mean 'paid'?\n")
    assert said.endswith("1 problem; nothing was run.\n")


def test_earlier_samples_that_leave_too_few_are_told(folder: Path) -> None:
    draw(folder, "--size", "5")
    assert refused(folder, "--size", "8", "--previous", "sample.json", *SPAN) == (
        "scr-audit: a sample of 8 is larger than its frame of 7 records, without 5 records drawn "
        f"too recently. {WHOLE}: that is then no sample\n"
    )
    draw(folder, "--size", "12")
    assert refused(folder, "--size", "1", "--previous", "sample.json", *SPAN) == (
        "scr-audit: the frame is empty, without 12 records drawn too recently: there is nothing to "
        "draw from. Look at whether the right files were named\n"
    )


def test_ids_that_look_alike_are_told_before_a_frame_that_is_too_small(folder: Path) -> None:
    jobs = [{**JOBS[0], "id": "j1"}, JOBS[0]]
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    said = refused(folder, "--size", "8")
    assert said.startswith("may be there twice: jobs.json, /1 (record J1)\n")
    assert "scr-audit: a sample of 8 is larger than its frame of 2 records. " in said


def test_an_earlier_sample_is_no_output(folder: Path) -> None:
    draw(folder, "--size", "5")
    (folder / "sample.json").rename(folder / "new.json")
    assert refused(folder, "--size", "2", "--previous", "new.json", *SPAN) == (
        "scr-audit: new.json: is one of the files that are read; name another file\n"
    )


def previous(folder: Path) -> str:
    """What a draw says of the earlier sample in the folder."""
    return refused(folder, "--size", "2", "--previous", "sample.json", *SPAN)


def changed(folder: Path, **values: Any) -> None:
    """The sample in the folder with other values, and with the hash that they have."""
    draw(folder, "--size", "5", "--reserve", "2")
    document = {**sample_in(folder), **values}
    made = with_hash(SampleDocument.model_validate(document))
    (folder / "sample.json").write_bytes(sample_bytes(made))


def test_an_earlier_sample_of_another_plan_is_refused(folder: Path) -> None:
    changed(folder, plan={"id": "slow", "sha256": "0"})
    assert previous(folder) == (
        "scr-audit: --previous sample.json: was drawn for the plan 'slow', and this draw is for "
        "'quick': what another audit looked at may be drawn for this one. Leave it out\n"
    )


def test_an_earlier_sample_of_another_kind_is_refused(folder: Path) -> None:
    draw(folder, "--size", "5")
    write_plan(folder, PERIOD + "records: {kind: depot, where: open}\n")
    assert previous(folder) == (
        "scr-audit: --previous sample.json: drew records of the kind 'job', and this draw is of "
        "the kind 'depot'. Leave it out\n"
    )


def test_an_earlier_sample_of_a_later_day_is_refused(folder: Path) -> None:
    changed(folder, drawn_on="2026-01-02")
    assert previous(folder) == (
        "scr-audit: --previous sample.json: was drawn on 2026-01-02, after the day of this draw\n"
    )


def test_a_damaged_sample_is_refused(folder: Path) -> None:
    (folder / "sample.json").write_text("{", encoding="utf-8")
    assert previous(folder).startswith("scr-audit: sample.json: is not JSON: ")
