"""An id is the same however it is spelt, wherever a command holds one against another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Result, audit, job, scr_audit, write_json
from small_pack import SMALL_PACK

ONE, OTHER = "Jos\u00e9-1", " Jose\u0301-1\u00a0"
BROKEN = {"name": "bell", "worn": True, "fitted": False, "recalled": False}
PACK = ("--pack", str(SMALL_PACK))


def test_what_is_printed_is_the_id_as_it_is_compared(tmp_path: Path) -> None:
    write_json(tmp_path / "jobs.json", [job(OTHER)])
    assert scr_audit(*audit("jobs.json", "-q", "-o", "run.json"), cwd=tmp_path).code == 0
    bundle = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert {item["record"] for item in bundle["findings"]} == {ONE}
    assert [item["id"] for item in bundle["records"]] == [ONE]


def test_explain_finds_a_record_by_either_spelling(tmp_path: Path) -> None:
    write_json(tmp_path / "jobs.json", [job(OTHER)])
    said = [
        scr_audit("explain", "part-fitted", "jobs.json", "-r", name, *PACK, cwd=tmp_path)
        for name in (ONE, OTHER)
    ]
    assert said[0] == said[1]
    assert (said[0].code, said[0].out.partition(",")[0]) == (0, ONE)


def test_two_readings_and_two_sources_of_a_record_are_one_by_either_spelling(
    tmp_path: Path,
) -> None:
    write_json(tmp_path / "a.json", [job(ONE)])
    write_json(tmp_path / "b.json", [job(OTHER)])
    agreed = scr_audit("agree", "a.json", "b.json", *PACK, cwd=tmp_path)
    assert agreed.code == 0, agreed.err
    assert agreed.out.startswith("1 record read by both auditors")
    merged = scr_audit("merge", "b.json", "a.json", "-o", "out.json", *PACK, cwd=tmp_path)
    assert merged == Result(0, "", "wrote out.json: 1 record\n")
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in written["jobs"]] == [ONE]


def test_an_exception_names_its_record_by_either_spelling(tmp_path: Path) -> None:
    write_json(tmp_path / "jobs.json", [{"id": ONE, "paid": True, "parts": [BROKEN]}])
    (tmp_path / "exceptions.yaml").write_text(
        f'exceptions:\n  - {{rule: part-fitted, record: "{OTHER}", reason: known, '
        "approved_by_role: chair, from: 2020-01-01, until: 2030-01-01}\n",
        encoding="utf-8",
    )
    command = audit("jobs.json", "-q", "-o", "run.json", "--exceptions", "exceptions.yaml")
    assert scr_audit(*command, cwd=tmp_path).code == 0
    bundle = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert bundle["totals"]["units"]["excepted"] == 1


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_rows_of_tables_belong_to_their_record_by_either_spelling(
    tmp_path: Path, suffix: str
) -> None:
    if suffix == "parquet":
        pyarrow = pytest.importorskip("pyarrow", reason="reading Parquet needs it")
        parquet = pytest.importorskip("pyarrow.parquet", reason="reading Parquet needs it")
        part = {"name": "brake", "fitted": True}
        table = pyarrow.Table.from_pylist([{"id": OTHER, "parts": [part, part]}])
        parquet.write_table(table, tmp_path / "jobs.parquet")
        where, rows = "jobs.parquet, row 1", "item 1 and item 2"
    else:
        (tmp_path / "jobs.csv").write_text(f"id\n{ONE}\n", encoding="utf-8")
        (tmp_path / "parts.csv").write_text(
            f"record,name,fitted\n{OTHER},brake,yes\n{ONE},bell,yes\n{ONE},brake,yes\n",
            encoding="utf-8",
        )
        where, rows = "jobs.csv, line 2", "parts.csv, line 2 and parts.csv, line 4"
    result = scr_audit(*audit(f"*.{suffix}", "-q"), cwd=tmp_path)
    assert result == Result(
        0,
        "",
        f"may be there twice: {where} (record {ONE})\n"
        f"    /parts: {rows} are the same in every fact; both are judged. If they are one thing, "
        "keep one of them\n",
    )


def _told(where: str, id: str, earlier: str, place: str) -> str:
    return (
        f"may be there twice: {where} (record {id}): its id is easily taken for '{earlier}' "
        f"({place}); they were taken as two records. If they are one, give both the same id\n"
    )


def test_look_alikes_of_two_sources_are_told(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", [job("C1")])
    write_json(tmp_path / "b.json", [job("C1\u200b")])
    told = _told("b.json, /0", "C1[U+200B]", "C1", "a.json, /0")
    merged = scr_audit("merge", "a.json", "b.json", "-o", "out.json", *PACK, cwd=tmp_path)
    assert merged == Result(0, "", f"{told}wrote out.json: 2 records\n")
    agreed = scr_audit("agree", "a.json", "b.json", *PACK, cwd=tmp_path)
    assert agreed.err.startswith(f"{told}scr-audit: a.json and b.json have no record in common")
    moderate = ("moderate", "a.json", "b.json", "-o", "m.json", "--decisions", "d.yaml")
    moderated = scr_audit(*moderate, *PACK, cwd=tmp_path)
    assert moderated.err.startswith(f"{told}scr-audit: b.json: lacks 1 record of the sample: C1.")


def test_they_are_told_before_decisions_that_decide_nothing(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", [job("C1")])
    write_json(tmp_path / "b.json", [job("C1\u200b")])
    (tmp_path / "d.yaml").write_text(
        "decisions:\n- {record: C1, kind: job, fact: paid, first: {value: true, from: a}, "
        "second: {value: false, from: b}, take: 1, reason: seen, by_role: lead, "
        "'on': 2026-01-05}\n",
        encoding="utf-8",
    )
    merge = ("merge", "a.json", "b.json", "-o", "out.json", "--decisions", "d.yaml")
    done = scr_audit(*merge, *PACK, cwd=tmp_path)
    told = _told("b.json, /0", "C1[U+200B]", "C1", "a.json, /0")
    assert (done.code, done.err.startswith(f"{told}scr-audit: d.yaml: 1 entry ")) == (2, True)
    assert not (tmp_path / "out.json").exists()


def test_a_comparison_tells_the_look_alikes_of_two_runs(tmp_path: Path) -> None:
    for name, id in (("then", "C1"), ("now", "c1")):
        broken = {"id": id, "paid": True, "parts": [BROKEN]}
        write_json(tmp_path / f"{name}-jobs.json", [broken, {**broken, "id": "D2"}])
        made = audit(f"{name}-jobs.json", "-q", "-o", f"{name}.json")
        assert scr_audit(*made, cwd=tmp_path).code == 0
    done = scr_audit("compare", "then.json", "now.json", "-q", cwd=tmp_path)
    assert (done.code, done.err) == (0, _told("now.json", "c1", "C1", "then.json"))
