"""`replace`: the reserve takes the place of a drawn record, and the sample's file keeps why."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import scr_audit
from sampled import draw, ids, make_folder, redraw, replace, run, sample_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_folder(tmp_path)
    assert draw(tmp_path, "--size", "3", "--reserve", "2").code == 0
    return tmp_path


def refused(folder: Path, name: str, *more: str, reason: str = "file lost") -> str:
    """What a replacement says that is refused, once it is known that the sample is as it was."""
    before = (folder / "sample.json").read_bytes()
    result = replace(folder, name, *more, reason=reason)
    assert (result.code, result.out) == (2, "")
    assert (folder / "sample.json").read_bytes() == before
    return result.err


def test_a_replacement_is_kept_beside_the_draw(folder: Path) -> None:
    before = sample_in(folder)
    first, spare = before["drawn"][0]["id"], before["reserve"][0]["id"]
    result = replace(folder, first)
    assert (result.code, result.err) == (
        0,
        f"audit {spare} in place of {first}; 1 record in reserve\nwrote sample.json\n",
    )
    after = sample_in(folder)
    assert after.pop("replaced") == [
        {"id": first, "by": spare, "reason": "file lost", "by_role": "lead auditor",
         "on": "2026-01-02"}
    ]  # fmt: skip
    assert before.pop("replaced") == []
    assert after == before


def test_another_file_may_hold_the_replacement(folder: Path) -> None:
    before = (folder / "sample.json").read_bytes()
    first = sample_in(folder)["drawn"][0]["id"]
    assert replace(folder, first, "-o", "next.json").code == 0
    assert (folder / "sample.json").read_bytes() == before
    assert ids(sample_in(folder, "next.json")["replaced"]) == [first]


def test_a_run_judges_the_replacement_and_keeps_the_reason(folder: Path) -> None:
    sample = sample_in(folder)
    first, spare = sample["drawn"][0]["id"], sample["reserve"][0]["id"]
    replace(folder, first)
    assert run(folder, "-q", "-o", "run.json", "--sample", "sample.json").code == 0
    found = sample_in(folder, "run.json")
    assert set(ids(found["records"])) == {*ids(sample["drawn"])[1:], spare}
    assert found["input"]["records"]["not_drawn"] == 9
    assert found["plan"]["sample"] == {
        "method": "simple random", "seed": "one", "frame": 12,
        "frame_sha256": sample["frame"]["sha256"], "drawn": 3, "missing": 0,
        "replaced": ["file lost"],
    }  # fmt: skip


def test_what_was_replaced_and_what_came_in_are_not_drawn_again(folder: Path) -> None:
    sample = sample_in(folder)
    replace(folder, sample["drawn"][0]["id"])
    again = ("--previous", "sample.json", "--not-again-within", "1 year")
    draw(folder, "--size", "2", *again, output="next.json")
    assert set(ids(sample_in(folder, "next.json")["not_again"])) == {
        *ids(sample["drawn"]), sample["reserve"][0]["id"],
    }  # fmt: skip


def test_a_drawn_record_that_is_missing_is_named(folder: Path) -> None:
    draw(folder, "--size", "12", "-o", "drawn.ndjson")
    lines = (folder / "drawn.ndjson").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "drawn.ndjson").write_text("".join(lines[1:]), encoding="utf-8")
    missing = sample_in(folder)["drawn"][0]["id"]
    result = run(folder, "--sample", "sample.json", records=("drawn.ndjson",))
    assert result.err == (
        f"note: 1 drawn record not in the input: {missing}. Audit them, or replace each from the "
        "reserve\n"
    )


@pytest.mark.parametrize(
    ("more", "reason", "message"),
    [
        ((), "lost\nagain", "--reason: say it in one line; the sample's file keeps it"),
        ((), "asked at 020 7946 0123", "--reason: holds a telephone number, and the sample's file "
         "keeps it; say it without"),
        ((), "\udcff", "--reason: is not text; give UTF-8"),
        (("--by-role", ""), "lost", "--by-role: say it in one line; the sample's file keeps it"),
        (("--on", "2025-12-31"), "lost", "sample.json: '{}' cannot be replaced on 2025-12-31: the "
         "sample was drawn on 2026-01-01"),
        (("--on", "yesterday"), "lost", "--on yesterday: it is not written year-month-day; "
         "expected a day such as 2026-11-24"),
        (("-o", "sample.txt"), "lost", "sample.txt: unknown format '.txt'; expected .json."),
    ],
)  # fmt: skip
def test_a_replacement_that_tells_too_little_is_refused(
    folder: Path, more: tuple[str, ...], reason: str, message: str
) -> None:
    name = sample_in(folder)["drawn"][0]["id"]
    assert refused(folder, name, *more, reason=reason) == f"scr-audit: {message.format(name)}\n"


def test_a_sample_is_not_an_output_of_the_run_that_judges_it(folder: Path) -> None:
    result = run(folder, "--sample", "sample.json", "-o", "sample.json")
    assert (result.code, result.err) == (
        2,
        "scr-audit: sample.json: is one of the files that are read; name another file\n",
    )


def test_a_sample_of_another_period_is_refused(folder: Path) -> None:
    result = run(folder, "--sample", "sample.json", "--period", "2025Q1")
    assert (result.code, result.err) == (
        2,
        "scr-audit: sample.json: was drawn for no period, and this run looks at 1 January to "
        "31 March 2025. Give both the same period\n",
    )
    draw(folder, "--size", "2", "--period", "2025Q2")
    result = run(folder, "--sample", "sample.json")
    assert (result.code, result.err) == (
        2,
        "scr-audit: sample.json: was drawn for 1 April to 30 June 2025, and this run looks at no "
        "period. Give both the same period\n",
    )
    assert (
        run(folder, "-q", "--sample", "sample.json", "--period", "2025-04-01..2025-06-30").code == 0
    )


def test_a_sample_needs_its_plan(folder: Path) -> None:
    result = scr_audit("run", "jobs.json", "--sample", "sample.json", cwd=folder)
    assert (result.code, result.err) == (
        2,
        "scr-audit: --sample sample.json: needs the audit plan that the sample was drawn for\n",
    )


def test_a_draw_with_replacements_can_still_be_drawn_again(folder: Path) -> None:
    replace(folder, sample_in(folder)["drawn"][0]["id"])
    assert redraw(folder).code == 0
