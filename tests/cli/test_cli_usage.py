"""Wrong options and commands: one line on standard error, exit 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import DAY, SMALL, Result, all_of, audit, job, scr_audit, write_json

FORMATS = ".html, .csv, .md, .xlsx, .docx, .pdf, .json or .ndjson"
USAGE: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown command": (
        ("rnu",),
        "No such command 'rnu'. Did you mean 'run'? Try 'scr-audit --help'.",
    ),
    "no file": (("run",), "Missing argument 'files'. Try 'scr-audit run --help'."),
    "wrong level": (
        audit("in.json", "--fail-on", "hihg"),
        "Invalid value for '--fail-on': 'hihg' is not one of 'high', 'medium', 'low'. "
        "Try 'scr-audit run --help'.",
    ),
    "no such month": (
        ("run", "in.json", "--as-of", "2026-13-01"),
        "--as-of 2026-13-01: there is no such day; expected a day such as 2026-11-24",
    ),
    "other way to write a day": (
        ("run", "in.json", "--as-of", "20261124"),
        "--as-of 20261124: it is not written year-month-day; expected a day such as 2026-11-24",
    ),
    "no day": (
        ("run", "in.json", "--as-of", ""),
        "--as-of '': it is not written year-month-day; expected a day such as 2026-11-24",
    ),
    "a day that hardly anybody means": (
        ("run", "in.json", "--as-of", "1989-12-31"),
        "--as-of 1989-12-31: hardly anybody audits for a day before 1990 or more than 20 years "
        "ahead; expected a day such as 2026-11-24",
    ),
    "a name of spaces": (
        audit("in.json", "-o", "  "),
        "Invalid value for '--output' / '-o': it is empty; expected a name. "
        "Try 'scr-audit run --help'.",
    ),
    "no jobs": (
        audit("in.json", "--jobs", "0"),
        "Invalid value for '--jobs' / '-j': Input should be greater than or equal to 1. "
        "Try 'scr-audit run --help'.",
    ),
    "findings without findings": (
        audit("in.json", "--totals-only", "-o", "r.ndjson"),
        "r.ndjson: holds findings, and a run of totals only keeps none",
    ),
    "standard output": (
        audit("in.json", "-o", "-"),
        f"-: the suffix gives the format; end the name in {FORMATS}",
    ),
    "no name": (
        audit("in.json", "-o", ""),
        "Invalid value for '--output' / '-o': it is empty; expected a name. "
        "Try 'scr-audit run --help'.",
    ),
    "near suffix": (
        audit("in.json", "-o", "r.jsn"),
        f"r.jsn: unknown format '.jsn'; expected {FORMATS}. Did you mean '.json'?",
    ),
    "findings of the board": (
        audit("in.json", "--edition", "board", "-o", "r.ndjson"),
        "r.ndjson: holds findings, and the board edition has none",
    ),
    "totals for the public": (
        audit("in.json", "--edition", "public", "--totals-only", "-o", "r.html"),
        "--edition public: needs the records, which a run of totals only does not keep: later "
        "editions are checked against them",
    ),
    "paper for the public": (
        audit("in.json", "--edition", "public", "--template", "paper.docx", "-o", "r.docx"),
        "paper.docx: is filled with what the public edition does not have",
    ),
    "paper without a Word report": (
        audit("in.json", "--template", "paper.docx", "-o", "r.html"),
        "paper.docx: is filled for a .docx report; name one, such as paper.docx",
    ),
    "no such templates": (
        audit("in.json", "--templates", "house", "-o", "r.html"),
        "house: is no folder; name a folder of templates that replace shipped ones",
    ),
    "no such kind": (
        ("schema", "record", *SMALL, "--kind", "depto"),
        "the pack bicycle-workshop has no record kind 'depto'. Did you mean 'depot'? "
        "Kinds: job and depot.",
    ),
    "no such rule": (
        ("explain", "back-in-tiem", *SMALL),
        "the pack bicycle-workshop has no rule 'back-in-tiem'. Did you mean 'back-in-time'? "
        "See 'scr-audit list'.",
    ),
    "record without a file": (
        ("explain", "back-in-time", *SMALL, "--record", "A1"),
        "--record needs the file the record is in: explain RULE FILE -r ID",
    ),
    "no such record": (
        ("explain", "back-in-time", "in.json", *SMALL, *DAY, "--record", "A-101"),
        "no job record 'A-101' was judged in in.json. Did you mean 'A-100'?",
    ),
}


def test_wrong_use_is_one_line(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", [job("A-100")])
    results = all_of({name: words for name, (words, _) in USAGE.items()}, tmp_path)
    expected = {name: Result(2, "", f"scr-audit: {line}\n") for name, (_, line) in USAGE.items()}
    assert results == expected
    assert [path.name for path in tmp_path.iterdir()] == ["in.json"]


def test_an_unknown_option_names_the_near_ones(tmp_path: Path) -> None:
    result = scr_audit("run", "in.json", "--qiet", cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("scr-audit: No such option: --qiet")
    assert "--quiet" in result.err
    assert result.err.endswith("Try 'scr-audit run --help'.\n")
    assert len(result.err.splitlines()) == 1
    assert scr_audit("run", "in.json", "--Mrs Mockley", cwd=tmp_path).err == (
        "scr-audit: No such option: --[a name]. Try 'scr-audit run --help'.\n"
    )


def test_no_arguments_show_the_help_as_words() -> None:
    result = scr_audit()
    help_ = scr_audit("--help")
    assert (result.code, result.out) == (2, "")
    assert result.err.strip() == help_.out.strip()
    assert result.err.startswith("Usage: ")
    assert (help_.code, help_.err) == (0, "")


def test_quiet_prints_nothing_where_all_is_well(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", [job("A")])
    assert scr_audit(*audit("in.json", "--quiet", "-o", "r.html"), cwd=tmp_path) == Result(
        0, "", ""
    )
    assert (tmp_path / "r.html").read_bytes().startswith(b"<!doctype html>")


def test_fail_on_looks_at_rules_of_that_severity_or_more(tmp_path: Path) -> None:
    late = {"booked_on": "2025-01-01", "returned_on": "2025-12-01"}
    unfitted = {"parts": [{"name": "bell", "worn": True, "fitted": False}], "paid": True}
    write_json(tmp_path / "low.json", [job("A", **late)])
    write_json(tmp_path / "high.json", [job("A", **unfitted)])
    write_json(tmp_path / "none.json", [job("A")])
    write_json(tmp_path / "bad.json", [job("A", **unfitted), job("B", x=1)])
    cases = {
        ("low.json", "low"): 1,
        ("low.json", "medium"): 0,
        ("low.json", "high"): 0,
        ("high.json", "low"): 1,
        ("high.json", "high"): 1,
        ("none.json", "low"): 0,
        ("bad.json", "high"): 2,  # a record left out is told first
    }
    commands = {f"{file} {level}": audit(file, "-q", "--fail-on", level) for file, level in cases}
    results = all_of(commands, tmp_path)
    assert [result.code for result in results.values()] == list(cases.values())
    assert all(result.out == "" for result in results.values())


NAMELESS = ("run .", "merge . -o x.json", "explain X .", "run x -p .", "run x --audit .",
            "run x --store .", "agree . x", "history list --store .", "compare . x", "check .",
            "init .", "actions list --store .", "import . -o x.json", "form read .")  # fmt: skip


@pytest.mark.parametrize("words", NAMELESS)
def test_an_empty_name_is_refused_and_never_taken_for_this_folder(
    words: str, tmp_path: Path
) -> None:
    told = scr_audit(*("" if word == "." else word for word in words.split()), cwd=tmp_path)
    assert (told.code, told.out, list(tmp_path.iterdir())) == (2, "", [])
    assert re.fullmatch(
        r"scr-audit: Invalid value for '.*': it is empty; expected a name. Try '.*'.\n", told.err
    )


def test_records_are_asked_for_in_one_set_of_words() -> None:
    words = "The records that an earlier run judged, as run reads them."
    for command in (["compare"], ["exceptions", "add"]):
        assert words in " ".join(scr_audit(*command, "--help").out.split())
