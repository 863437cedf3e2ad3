"""`sample`: what is drawn, what is written, and that it is the same bytes everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from command_line import DAY, SMALL, scr_audit, write_lines
from sampled import JOBS, PERIOD, draw, ids, make_folder, run, sample_in, write_plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def test_a_sample_is_the_same_bytes_in_any_order_format_and_process(folder: Path) -> None:
    options = ("--size", "5", "--reserve", "2", "--strata", "model", "--strata", "paid")
    assert draw(folder, *options, env={"PYTHONHASHSEED": "1"}).code == 0
    first = (folder / "sample.json").read_bytes()
    (folder / "backwards.json").write_text(json.dumps(JOBS[::-1]), encoding="utf-8")
    write_lines(folder / "jobs.ndjson", JOBS)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(JOBS), folder / "jobs.parquet")
    for records in ("backwards.json", "jobs.ndjson", "jobs.parquet"):
        result = draw(folder, *options, records=records, env={"PYTHONHASHSEED": "2"})
        assert result.code == 0, result.err
        assert (folder / "sample.json").read_bytes() == first, records


def test_the_frame_is_the_population_of_the_plan_in_the_period(folder: Path) -> None:
    write_plan(folder, PERIOD + "records: {where: paid}\n")
    assert draw(folder, "--size", "2", "--period", "2025Q2").code == 0
    found = sample_in(folder)
    assert found["frame"]["size"] == 2
    assert found["frame"]["filter"] == "paid"
    assert found["frame"]["period"] == "2025-04-01..2025-06-30"
    assert set(ids(found["drawn"])) == {"J4", "J5"}


def test_the_plan_says_which_lists_put_a_record_into_the_frame(folder: Path) -> None:
    """The checks of a job's parts are not recorded, so that each may be of the period."""
    dates = "period: {dates: {parts: fitted_on, parts.checks: on}}\n"
    write_plan(folder, dates)
    assert draw(folder, "--size", "2", "--period", "2025Q2").code == 0
    assert sample_in(folder)["frame"]["size"] == 12
    write_plan(folder, dates + "sample: {size: 2, frame: [parts]}\n")
    assert draw(folder, "--period", "2025Q2").code == 0
    assert sample_in(folder)["frame"]["size"] == 3


def test_a_stratified_sample_draws_from_every_stratum_and_says_how(folder: Path) -> None:
    draw(folder, "--size", "5", "--strata", "model", "--strata", "paid", "--reserve", "1")
    found = sample_in(folder)
    assert found["asked"]["strata"] == ["model", "paid"]
    assert found["method"] == (
        "stratified random, in proportion by largest remainder, at least one of each stratum"
    )
    assert found["strata"] == [
        {"values": ["cargo", "no"], "frame": 2, "drawn": 1, "reserve": 1},
        {"values": ["cargo", "yes"], "frame": 4, "drawn": 2, "reserve": 1},
        {"values": ["city", "no"], "frame": 2, "drawn": 1, "reserve": 1},
        {"values": ["city", "yes"], "frame": 4, "drawn": 1, "reserve": 1},
    ]
    assert found["words"][-1] == (
        "The reserve has 4 records in place of 1: one of each stratum that has a record left."
    )


def test_a_stratum_that_is_drawn_whole_is_named_since_it_has_no_reserve(folder: Path) -> None:
    jobs = [*JOBS, {"id": "J13"}]
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    draw(folder, "--size", "5", "--strata", "model", "--reserve", "2")
    found = sample_in(folder)
    assert found["strata"][0] == {
        "values": ["(not recorded)"], "frame": 1, "drawn": 1, "reserve": 0,
    }  # fmt: skip
    assert found["words"][-1] == (
        "All records of these strata are drawn, so none is left: (not recorded)."
    )


def test_the_plan_tells_what_the_command_line_does_not(folder: Path) -> None:
    write_plan(
        folder,
        "sample: {precision: 30, expect: 70, confidence: 90, strata: [model, paid], reserve: 1}\n",
    )
    assert draw(folder).code == 0
    assert sample_in(folder)["asked"] == {
        "size": None, "precision": 0.3, "expect": 0.7, "confidence": 0.9,
        "strata": ["model", "paid"], "reserve": 1, "not_again_within": None,
    }  # fmt: skip


def test_the_confidence_that_is_asked_for_sizes_the_draw_and_is_said(folder: Path) -> None:
    draw(folder, "--precision", "30", "--confidence", "99")
    found = sample_in(folder)
    assert len(found["drawn"]) == 7
    assert found["words"][0] == "If all of 7 units are met, at least 51% is shown, at 99%."


def test_what_can_be_shown_is_told_of_the_standards_of_the_plan(folder: Path) -> None:
    write_plan(folder, "standard: 70\nstandards: {part-fitted: always}\n")
    draw(folder, "--size", "9")
    share, always = sample_in(folder)["words"][2:4]
    assert share.startswith("It can show that a standard of 70% is reached: ")
    assert always.startswith("A standard of always is not estimated: ")


def test_what_was_drawn_is_not_drawn_again_within_the_stated_time(folder: Path) -> None:
    draw(folder, "--size", "5")
    again = ("--previous", "sample.json", "--not-again-within", "12 months")
    draw(folder, "--size", "5", *again, output="next.json")
    first, second = (sample_in(folder, name) for name in ("sample.json", "next.json"))
    earlier = set(ids(first["drawn"]))
    assert not earlier & set(ids(second["drawn"]))
    assert set(ids(second["not_again"])) == earlier
    assert second["frame"]["size"] == 7


def test_the_drawn_records_are_written_as_they_were_read(folder: Path) -> None:
    text = '{"id": "J20", "price": 1.50, "customer": "caf\\u00e9 é", "model": "city"}'
    lines = "\n".join([*(json.dumps(job) for job in JOBS), text])
    (folder / "jobs.ndjson").write_text(f"{lines}\n", encoding="utf-8")
    more = ("-o", "drawn.ndjson", "-o", "drawn.json", "--reserve-output", "spare.ndjson")
    result = draw(folder, "--size", "10", "--reserve", "3", *more, records="jobs.ndjson")
    assert (result.code, result.err.splitlines()[-4:]) == (
        0,
        ["wrote sample.json", "wrote drawn.ndjson", "wrote drawn.json", "wrote spare.ndjson"],
    )
    found = sample_in(folder)
    written = {line["id"]: line for line in JOBS}
    drawn, spare = (
        (folder / name).read_text(encoding="utf-8").splitlines()
        for name in ("drawn.ndjson", "spare.ndjson")
    )
    assert [json.loads(line)["id"] for line in drawn] == ids(found["drawn"])
    assert [json.loads(line)["id"] for line in spare] == ids(found["reserve"])
    assert text in [*drawn, *spare]
    assert all(
        json.loads(line) == written[json.loads(line)["id"]]
        for line in [*drawn, *spare]
        if line != text
    )
    as_json = json.loads((folder / "drawn.json").read_text(encoding="utf-8"))
    assert as_json == {"jobs": [json.loads(line) for line in drawn]}


def test_records_of_other_kinds_are_not_among_the_drawn(folder: Path) -> None:
    depots = [
        {"id": f"J{n}", "name": "north"} for n in range(1, 13)
    ]  # the ids of the jobs, of another kind
    text = json.dumps({"jobs": JOBS, "depots": depots})
    (folder / "jobs.json").write_text(text, encoding="utf-8")
    assert draw(folder, "--size", "4", "-o", "drawn.json").code == 0
    found = json.loads((folder / "drawn.json").read_text(encoding="utf-8"))
    assert list(found) == ["jobs"]
    assert ids(found["jobs"]) == ids(sample_in(folder)["drawn"])


def test_records_of_a_kind_that_their_list_told_say_it_themselves_on_a_line(folder: Path) -> None:
    depots = [{"id": f"D{n}", "name": "north", "open": True} for n in range(1, 4)]
    text = json.dumps({"jobs": JOBS, "depots": depots})
    (folder / "jobs.json").write_text(text, encoding="utf-8")
    write_plan(folder, "records: {kind: depot, where: open}\n")
    result = draw(folder, "--size", "2", "-o", "drawn.ndjson")
    assert result.code == 0, result.err
    lines = (folder / "drawn.ndjson").read_text(encoding="utf-8").splitlines()
    assert lines == [
        f'{{"kind": "depot", "id": "{name}", "name": "north", "open": true}}'
        for name in ids(sample_in(folder)["drawn"])
    ]
    judged = run(folder, "-q", "--sample", "sample.json", records=("drawn.ndjson",))
    assert (judged.code, judged.err) == (0, "")


def test_an_auditor_goes_on_with_the_drawn_records(folder: Path) -> None:
    draw(folder, "--size", "3", "-o", "drawn.ndjson")
    form = ("form", "new", *SMALL, "--audit", "plan.yaml", "--prefill", "drawn.ndjson")
    assert scr_audit(*form, "-o", "forms", cwd=folder).code == 0
    drawn = ids(sample_in(folder)["drawn"])
    assert {path.stem for path in (folder / "forms").iterdir()} == set(drawn)
    result = run(
        folder, "-q", "-o", "run.json", "--sample", "sample.json", records=("drawn.ndjson",)
    )
    assert (result.code, result.err) == (0, "")
    assert {record["id"] for record in sample_in(folder, "run.json")["records"]} == set(drawn)


def test_drawn_records_of_tables_are_those_that_a_run_reads(folder: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(JOBS), folder / "jobs.parquet")
    draw(folder, "--size", "4", "-o", "drawn.ndjson", records="jobs.parquet")
    wanted = {job["id"]: job for job in JOBS}
    lines = (folder / "drawn.ndjson").read_text(encoding="utf-8").splitlines()
    for line in lines:
        found = json.loads(line)
        assert found == wanted[found["id"]]
    assert len(lines) == 4


def test_standard_input_is_drawn_from_but_has_no_second_reading(folder: Path) -> None:
    data = (folder / "jobs.json").read_bytes()
    assert draw(folder, "--size", "3", records="-", stdin=data).code == 0
    (folder / "sample.json").unlink()
    result = draw(folder, "--size", "3", "-o", "drawn.ndjson", records="-", stdin=data)
    assert (result.code, result.err) == (
        2,
        "scr-audit: -: the drawn records are found by a second reading, and standard input can be "
        "read once; save the records to a file first\n",
    )
    assert not (folder / "sample.json").exists()


def test_records_that_are_made_of_others_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(
        "id: made\ntitle: Made\nquestion: Is it?\npack: baby-f-2010\n"
        "records:\n  kind: recommendation\n"
        "  where: {some: actions as action, that: action.id is recorded}\n",
        encoding="utf-8",
    )
    examples = Path(__file__).parents[2] / "examples" / "cases.json"
    result = scr_audit(
        "sample", examples, *DAY, "--audit", "plan.yaml", "--seed", "one", "--size", "2",
        "-o", "sample.json", "-o", "drawn.ndjson", cwd=tmp_path,
    )  # fmt: skip
    assert (result.code, result.err) == (
        2,
        "scr-audit: records of the kind 'recommendation' are made of others and are in no file; "
        "leave out the second -o, and give 'run' all records with --sample\n",
    )
