"""Bad records among good ones: told whole, left out of every count, the others judged, exit 2."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import Result, audit, job, scr_audit, write_json, write_lines

ADVICE = "Mend what is listed above and run again."


def told(file: str, position: str, name: str, *problems: str) -> str:
    lines = [f"left out: {file}, {position} (record {name})", *(f"    {p}" for p in problems)]
    lines.append(f"scr-audit: 1 of 2 records left out, 1 judged. {ADVICE}")
    return "".join(f"{line}\n" for line in lines)


def test_a_bad_record_is_told_whole_and_the_others_are_judged(tmp_path: Path) -> None:
    good, wrong = '{"id": "B", "safe": true}', '{"id": "A", "wheels": 9, "loan": {"start": "soon"}}'
    (tmp_path / "in.json").write_text(f"[{good}, {wrong}]")
    (tmp_path / "in.ndjson").write_text(f"{good}\n{wrong}\n")
    problems = (
        "/loan/start: not a date: expected a date such as 2009-08-14, 2009-08 or 2009, found "
        "'soon'",
        "/wheels: expected at most 4, found 9",
    )
    for file, position in (("in.json", "/1"), ("in.ndjson", "line 2")):
        result = scr_audit(*audit(file, "-q"), cwd=tmp_path)
        assert result == Result(2, "", told(file, position, "A", *problems))


def test_only_the_first_of_records_with_one_id_is_judged(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", [job("A"), job("B"), job("A")])
    write_json(tmp_path / "b.json", [job("B"), {"id": "A", "kind": "depot", "name": "x"}])
    names = [f"R{number}" for number in range(1_200)]
    names[700] = names[1_150] = "R3"
    write_lines(tmp_path / "long.ndjson", [job(name) for name in names])
    twice = (
        "    /id: an earlier job record ({}) has the id '{}' too; only the first was judged. {}\n"
    )
    keep = "Keep one of them in this file, or give each an id of its own"
    merge = "'merge' makes one record of those of two files"
    files = scr_audit(*audit("a.json", "b.json", "-q"), cwd=tmp_path)
    assert files == Result(
        2,
        "",
        f"left out: a.json, /2 (record A)\n{twice.format('a.json, /0', 'A', keep)}"
        f"left out: b.json, /0 (record B)\n{twice.format('a.json, /1', 'B', merge)}"
        f"scr-audit: 2 of 5 records left out, 3 judged. {ADVICE}\n",
    )
    first = twice.format("long.ndjson, line 4", "R3", keep)
    for more in ((), ("--totals-only",), ("--totals-only", "--jobs", "2")):
        batches = scr_audit(*audit("long.ndjson", "-q", *more), cwd=tmp_path)
        assert batches == Result(
            2,
            "",
            f"left out: long.ndjson, line 701 (record R3)\n{first}"
            f"left out: long.ndjson, line 1151 (record R3)\n{first}"
            f"scr-audit: 2 of 1,200 records left out, 1,198 judged. {ADVICE}\n",
        )  # fmt: skip


def test_ids_that_look_alike_are_two_records_and_told(tmp_path: Path) -> None:
    names = [f"R{number}" for number in range(1_200)]
    names[700:702] = ["r3", " R4 "]
    write_lines(tmp_path / "in.ndjson", [job(name) for name in names])
    for more in ((), ("--totals-only",), ("--totals-only", "--jobs", "2")):
        assert scr_audit(*audit("in.ndjson", "-q", *more), cwd=tmp_path) == Result(
            2,
            "",
            "left out: in.ndjson, line 702 (record R4)\n"
            "    /id: an earlier job record (in.ndjson, line 5) has the id 'R4' too; only the "
            "first was judged. Keep one of them in this file, or give each an id of its own\n"
            f"scr-audit: 1 of 1,200 records left out, 1,199 judged. {ADVICE}\n"
            "may be there twice: in.ndjson, line 701 (record r3)\n"
            "    its id is easily taken for 'R3' (in.ndjson, line 4); they are judged as two "
            "records. If they are one, give both the same id, and merge them\n",
        )
    assert scr_audit(*audit("in.ndjson", "-q", "-o", "run.json"), cwd=tmp_path).code == 2
    bundle = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert bundle["remarks"]["count"] == 1
    assert [item["record"] for item in bundle["remarks"]["listed"]] == ["r3"]


def test_thousands_of_bad_records_are_counted_and_the_first_listed(tmp_path: Path) -> None:
    write_lines(tmp_path / "in.ndjson", [{"id": f"R{n}", "safe": 1} for n in range(1_500)])
    result = scr_audit(*audit("in.ndjson", "-q"), cwd=tmp_path)
    lines = result.err.splitlines()
    assert result.code == 2
    assert sum(line.startswith("left out: in.ndjson, line ") for line in lines) == 1_000
    assert lines[-2:] == [
        "left out: 500 more, not listed",
        f"scr-audit: 1,500 of 1,500 records left out, none judged. {ADVICE}",
    ]
