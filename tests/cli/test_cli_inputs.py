"""What the command line reads: files and standard input, tables, Parquet files and forms."""

import os
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from command_line import Result, audit, in_a_process, scr_audit
from form_filling import form_of, saved, who
from small_pack import SMALL_PACK

from scr_audit.packs.load import load_folder

PACK = load_folder(SMALL_PACK)
RUN = ("--pack", str(SMALL_PACK), "--as-of", "2026-02-01", "-q")


def test_an_input_that_cannot_be_read_is_one_message_and_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "cut-off.json").write_text('[{"id": "A"}')
    assert scr_audit(*audit("cut-off.json", "-o", "report.html"), cwd=tmp_path) == Result(
        2,
        "",
        "scr-audit: cut-off.json: not JSON: Expecting ',' delimiter at line 1, column 13; mend it "
        "there, or take the file anew if it was cut short\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["cut-off.json"]


def test_every_named_input_is_looked_for_before_the_first_is_read(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("not JSON")
    (tmp_path / "empty").mkdir()
    for name, said in (
        ("missing.json", "missing.json: there is no such file\n"),
        ("empty", "empty: holds no file of records; expected .json, "),
    ):
        told = scr_audit(*audit("bad.json", name), cwd=tmp_path)
        assert (told.code, told.out) == (2, "")
        assert told.err.startswith(f"scr-audit: {said}")


def test_standard_input_that_cannot_be_read_is_told() -> None:
    twice = scr_audit(*audit("-", "-"))
    assert scr_audit("agree", "-", "-") == twice
    assert scr_audit("moderate", "-", "-", "-o", "x.json", "--decisions", "d.yaml") == twice
    moderated = scr_audit("run", "-", "--moderated-from", "a", "--moderated-from", "b")
    assert (moderated.code, moderated.err) == (
        2,
        "scr-audit: -: standard input can be read once, and moderated records are read twice; "
        "name a file\n",
    )
    closed = in_a_process(*audit("-"), preexec_fn=lambda: os.close(0))
    assert (twice, closed) == (
        Result(2, "", "scr-audit: -: standard input is named twice; it can be read once\n"),
        Result(2, "", "scr-audit: standard input is closed; name a file, or pipe records in\n"),
    )


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "jobs.csv").write_text("id,safe\nJ1,yes\n", encoding="utf-8")
    (folder / "parts.csv").write_text("record,name\nJ1,chain\n", encoding="utf-8")
    return folder


def test_tables_forms_and_parquet_files_are_read_in_one_run(tables: Path, tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    saved(forms / "a.xlsx", form_of(PACK, "job"), who("J2"))
    (forms / "~$a.xlsx").write_bytes(b"a lock")
    parquet = tmp_path / "jobs.parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{"id": "J3"}]), parquet)
    output = tmp_path / "findings.ndjson"
    names = (str(tables), str(forms), str(parquet))
    ended = scr_audit("run", *names, *RUN, "-o", str(output))
    assert ended.code == 0, ended.err
    text = output.read_text(encoding="utf-8")
    assert all(f'"record":"J{number}"' in text for number in (1, 2, 3))


def test_a_form_with_faults_is_left_out_and_told_by_cell(tables: Path, tmp_path: Path) -> None:
    form = form_of(PACK, "job")
    path = saved(tmp_path / "a.xlsx", form, {**who("J2"), ("Start", 12, 1): "one day"})
    output = tmp_path / "findings.ndjson"
    ended = scr_audit("run", str(path), str(tables), *RUN, "-o", str(output))
    assert ended.code == 2, ended.err
    said = ended.err
    assert "left out: a.xlsx\n    Start!B13: 'one day' is no date; expected" in said
    assert "1 of 2 records left out, 1 judged" in said


def test_a_table_that_is_named_alone_is_refused(tables: Path) -> None:
    ended = scr_audit("run", str(tables / "jobs.csv"), *RUN)
    assert ended.code == 2, ended.err
    assert ended.err == (
        f"scr-audit: {tables}/jobs.csv: beside it is parts.csv. Tables of one folder belong "
        f"together: name the folder, {tables}, or move what does not belong there\n"
    )


@pytest.mark.parametrize("command_name", ["run", "explain"])
def test_all_tables_may_be_named(tables: Path, command_name: str) -> None:
    names = [str(path) for path in sorted(tables.iterdir())]
    if command_name == "explain":
        rule = next(rule.id for rule in PACK.rules if rule.kind == "job")
        ended = scr_audit("explain", rule, *names, "--pack", str(SMALL_PACK))
        assert ended.code == 0, ended.err
    else:
        ended = scr_audit("run", *names, *RUN)
        assert ended.code == 0, ended.err


def test_no_report_is_written_among_the_tables(tables: Path) -> None:
    ended = scr_audit("run", str(tables), *RUN, "-o", str(tables / "findings.csv"))
    assert ended.code == 2, ended.err
    assert ended.err == (
        f"scr-audit: {tables}/findings.csv: would stand among the tables of this run; name "
        "another folder\n"
    )


def test_the_gate_looks_at_what_is_told_of_a_wrong_cell(tables: Path) -> None:
    (tables / "jobs.csv").write_text("id,safe\nJ1,999 000 0018\n", encoding="utf-8")
    ended = scr_audit("run", str(tables), *RUN)
    assert ended.code == 2, ended.err
    said = ended.err
    assert "an NHS number" in said
    assert "0018" not in said


def test_records_are_counted_by_several_processes_too(tables: Path, tmp_path: Path) -> None:
    (tables / "jobs.csv").write_text("id,safe\nJ1,yes\nJ2,perhaps\n", encoding="utf-8")
    outputs: list[Any] = []
    for jobs in ("1", "2"):
        path = tmp_path / f"totals{jobs}.json"
        words = ("--totals-only", "--jobs", jobs, "-o", str(path))
        ended = scr_audit("run", str(tables), *RUN, *words)
        assert ended.code == 2, ended.err
        outputs.append(path.read_bytes())
    assert outputs[0] == outputs[1]


def test_anonymise_and_prefill_refuse_tables_with_wrong_cells(tables: Path, tmp_path: Path) -> None:
    (tables / "jobs.csv").write_text("id,safe\nJ1,perhaps\n", encoding="utf-8")
    output = tmp_path / "clean.json"
    pack = ("--pack", str(SMALL_PACK))
    ended = scr_audit("anonymise", str(tables), *pack, "-o", str(output))
    assert ended.code == 2, ended.err
    assert "jobs.csv, line 2, safe: found 'perhaps'" in ended.err
    ended = scr_audit("form", "new", *pack, "--prefill", str(tables), "-o", str(tmp_path))
    assert ended.code == 2, ended.err
    assert "jobs.csv, line 2, safe: found 'perhaps'" in ended.err
    assert not output.exists()
