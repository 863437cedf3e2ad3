"""Input that cannot be read at all: one message that says what and where, and exit 2."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_line import Result, all_of, audit, in_a_process, scr_audit

LISTS = "an object with 'jobs' or 'depots'"
SHAPE = f"expected a list of records, one record, or {LISTS}"
ONE = '[{"id": "A"}]'
MILLIONS = 10_000_000

CASES: dict[str, tuple[bytes, str]] = {
    "empty.json": (b"", "the file is empty; expected JSON records"),
    "space.json": (b" \n\t\n ", "the file is empty; expected JSON records"),
    "empty.ndjson": (b"", "the file has no records"),
    "space.ndjson": (b"\n  \n", "the file has no records"),
    "comma.json": (
        b'{"jobs": [\n  {"id": "A",}\n]}',
        "not JSON: Expecting property name enclosed in double quotes at line 2, column 14",
    ),
    "cut-off.json": (b'[{"id": "A"}', "not JSON: Expecting ',' delimiter at line 1, column 13"),
    "after.json": (b'[{"id": "A"}] x', "not JSON: Extra data at line 1, column 15"),
    "control.json": (
        b'[{"id": "A\x00"}]',
        "not JSON: Invalid control character at line 1, column 11",
    ),
    "lines.json": (
        b'{"id": "A"}\n{"id": "B"}\n',
        "not JSON: Extra data at line 2, column 1. Has it one record a line? Then its name must "
        "end in .ndjson or .jsonl",
    ),
    "words.json": (b"dear auditor", "not JSON: Expecting value at line 1, column 1"),
    "number.json": (b"5", f"found a number; {SHAPE}"),
    "text.json": (b'"jobs"', f"found a text; {SHAPE}"),
    "null.json": (b"null", f"found null; {SHAPE}"),
    "false.json": (b" false", f"found false; {SHAPE}"),
    "nothing.json": (b"{}", f"is empty: {{}}; expected {LISTS}."),
    "no-records.json": (b"[]", "there are no records in it"),
    "no-jobs.json": (b'{"jobs": []}', "there are no records in it"),
    "near.json": (
        b'{"jbos": [], "x": 1}',
        f"has jbos and x; expected {LISTS}. Did you mean 'jobs'?",
    ),
    "beside.json": (
        b'{"jobs": [{"id": "A"}], "depot": []}',
        "unknown key 'depot'. Did you mean 'depots'? Allowed: jobs, depots, about and $schema.",
    ),
    "group.json": (b'{"jobs": {"id": "A"}}', "'jobs': found a group; expected a list of records"),
    "count.json": (b'{"jobs": 5}', "'jobs': found a number; expected a list of records"),
    "report.json": (
        b'{"format": "scr-audit/run", "rules": []}',
        "is a report of scr-audit; name the records it was made of",
    ),
    "open.json": (b"[" * MILLIONS, "nested too deeply to be records"),
    "deep.json": (b"[" * MILLIONS + b"]" * MILLIONS, "nested too deeply to be records"),
    "deep-fact.json": (
        b'[{"id": "A", "extra": {"a": ' + b"[" * MILLIONS + b"]" * MILLIONS + b'}}, {"id": "B"}]',
        "nested too deeply to be records",
    ),
    "utf-16.json": (ONE.encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
    "utf-16-le.json": (ONE.encode("utf-16-le"), "is UTF-16 or UTF-32 text; save it as UTF-8"),
    "utf-32.json": (ONE.encode("utf-32"), "is UTF-32 text; save it as UTF-8"),
    "utf-32-be.json": (ONE.encode("utf-32-be"), "is UTF-16 or UTF-32 text; save it as UTF-8"),
    "utf-16.ndjson": ('{"id": "A"}'.encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp("input")
    for name, (data, _) in CASES.items():
        (folder / name).write_bytes(data)
    commands = {name: audit(name, "-o", "report.html") for name in CASES}
    results = all_of(commands, folder)
    left = {path.name for path in folder.iterdir()} - set(CASES)
    assert not left, "a run that fails leaves no file"
    return results


@pytest.mark.parametrize("name", CASES)
def test_unreadable_input_is_one_message(name: str, results: dict[str, Result]) -> None:
    assert results[name] == Result(2, "", f"scr-audit: {name}: {CASES[name][1]}\n")


def test_every_named_input_is_looked_for_before_the_first_is_read(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("not JSON")
    missing = scr_audit(*audit("bad.json", "missing.json"), cwd=tmp_path)
    (tmp_path / "empty").mkdir()
    folder = scr_audit(*audit("bad.json", "empty"), cwd=tmp_path)
    twice = scr_audit(*audit("-", "-"), cwd=tmp_path)
    assert missing == Result(2, "", "scr-audit: missing.json: there is no such file\n")
    assert folder == Result(
        2,
        "",
        "scr-audit: empty: holds no file of records; expected .json, .ndjson, .jsonl, .yaml, "
        ".yml, .csv, .parquet or .xlsx\n",
    )
    assert twice == Result(
        2, "", "scr-audit: -: standard input is named twice; it can be read once\n"
    )


STDIN: dict[str, tuple[bytes, int]] = {
    "a list": (b'[{"id": "A"}, {"id": "B"}]', 2),
    "a list over lines": (b'[\n{"id": "A"},\n{"id": "B"}\n]', 2),
    "lists by kind": (b'{"jobs": [{"id": "A"}], "depots": [{"id": "D", "name": "x"}]}', 2),
    "lists over lines": (b'{\n"jobs": [\n{"id": "A"},\n{"id": "B"}\n]\n}', 2),
    "one record": (b'{"id": "A"}', 1),
    "one record over lines": (b'{\n"id": "A"\n}', 1),
    "one record a line": (b'{"id": "A"}\n{"id": "B"}\n{"id": "C"}', 3),
    "lines of another system": (b'{"id": "A"}\r\n{"id": "B"}\r\n', 2),
    "lines with gaps": (b'\n\n{"id": "A"}\n\n{"id": "B"}\n\n', 2),
}


@pytest.mark.parametrize("name", STDIN)
def test_standard_input_may_be_any_form_of_records(name: str) -> None:
    data, number = STDIN[name]
    result = scr_audit(*audit("-"), stdin=data)
    assert (result.code, result.err) == (0, "")
    read = "1 record from 1 file was read" if number == 1 else f"{number} records from 1 file were"
    assert read in " ".join(result.out.split())


def test_a_bad_line_of_standard_input_leaves_out_that_line() -> None:
    result = scr_audit(*audit("-", "-q"), stdin=b'{"id": }\n{"id": "B"}\n')
    assert result == Result(
        2,
        "",
        "left out: (standard input), line 1\n"
        "    (the record): not JSON: Expecting value at character 8\n"
        "scr-audit: 1 of 2 records left out, 1 judged. Mend what is listed above and run again.\n",
    )


def test_wrong_standard_input_is_told_as_a_wrong_file() -> None:
    near = scr_audit(*audit("-"), stdin=b'{"jbos": []}')
    empty = scr_audit(*audit("-"))
    closed = in_a_process(*audit("-"), preexec_fn=lambda: os.close(0))
    assert near == Result(
        2, "", f"scr-audit: (standard input): has jbos; expected {LISTS}. Did you mean 'jobs'?\n"
    )
    assert empty == Result(
        2, "", "scr-audit: (standard input): the file is empty; expected JSON records\n"
    )
    assert closed == Result(
        2, "", "scr-audit: standard input is closed; name a file, or pipe records in\n"
    )
