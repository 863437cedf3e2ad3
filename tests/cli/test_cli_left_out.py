"""Bad records among good ones: told whole, left out of every count, the others judged, exit 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Result, all_of, audit, job, scr_audit, write_json, write_lines

ADVICE = "Mend what is listed above and run again."


def told(file: str, position: str, name: str, *problems: str, out: int = 1, of: int = 2) -> str:
    record = f" (record {name})" if name else ""
    lines = [f"left out: {file}, {position}{record}", *(f"    {line}" for line in problems)]
    lines.append(f"scr-audit: {out} of {of} records left out, {of - out} judged. {ADVICE}")
    return "".join(f"{line}\n" for line in lines)


GOOD = '{"id": "B", "safe": true}'
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "unknown fact": (
        '{"id": "A", "custmer": "x", "parts": [{"name": "x", "shiny": 1}]}',
        (
            "/custmer: unknown fact 'custmer'. Did you mean 'customer'? "
            "What has no place may stand in 'extra'.",
            "/parts/0/shiny: unknown fact 'shiny'. Facts here: name, fitted, fitted_on, worn, "
            "recalled and checks.",
        ),
    ),
    "wrong types": (
        '{"id": "A", "safe": "yes", "wheels": 2.5, "parts": {}, "labels": [1], "loan": [], '
        '"customer": 7, "price": "9", "booked_on": 20100101, "extra": []}',
        (
            "/booked_on: expected a date in quotes, or null where it is not recorded; "
            "found 20100101",
            "/customer: expected a text, or null where it is not recorded; found 7",
            "/extra: expected a group of facts, or null where it is not recorded; found a list",
            "/labels/0: expected a text; found 1",
            "/loan: expected a group of facts, or null where it is not recorded; found a list",
            "/parts: expected a list, or null where it is not recorded; found a group of facts",
            '/price: expected a number, or null where it is not recorded; found "9"',
            '/safe: expected true or false, or null where it is not recorded; found "yes"',
            "/wheels: expected a whole number, or null where it is not recorded; found 2.5",
        ),
    ),
    "wrong values": (
        '{"id": "A", "model": "citty", "wheels": 9, "price": -1}',
        (
            "/model: \"citty\" is not one of the choices. Did you mean 'city'? "
            "Choices: city, racing and cargo.",
            "/price: expected at least 0, found -1",
            "/wheels: expected at most 4, found 9",
        ),
    ),
    "impossible dates": (
        '{"id": "A", "booked_on": "2010-02-30", "returned_on": "2010-13", '
        '"loan": {"start": "yesterday"}, "opened_at": "2010-01-01T10"}',
        (
            '/booked_on: "2010-02-30" is not a date: day is out of range for month',
            "/loan/start: not a date: expected a date such as 2009-08-14, 2009-08 or 2009, "
            "found 'yesterday'",
            "/opened_at: not a date: expected a time such as 2009-08-14T22:30, or with an offset "
            "2009-08-14T22:30+01:00, found '2010-01-01T10'",
            "/returned_on: not a date: there is no month 13 in '2010-13'",
        ),
    ),
    "what is required": (
        '{"id": "A", "parts": [{"fitted": true}]}',
        ("/parts/0/name: 'name' is required and is missing",),
    ),
    "not a number": (
        '{"id": "A", "price": NaN, "wheels": "two", "extra": {"a": [-Infinity]}}',
        (
            "/extra/a/0: -Infinity is not a value in JSON; leave out what is not recorded",
            "/price: NaN is not a value in JSON; leave out what is not recorded",
            '/wheels: expected a whole number, or null where it is not recorded; found "two"',
        ),
    ),
    "half a character": (
        '{"id": "A", "customer": "x\\ud800", "extra": {"\\udfff": 1}}',
        (
            "/customer: holds half of a character: x\\ud800; write the character itself",
            "/extra/\\udfff: holds half of a character: \\udfff; write the character itself",
        ),
    ),
    "a key twice": (
        '{"id": "A", "safe": true, "safe": 1}',
        (
            "/safe: the key 'safe' stands twice in one group, at characters 13 and 27 of the "
            "record; take the wrong one out",
        ),
    ),
    "a long number": (
        f'{{"id": "A", "wheels": 1{"0" * 5000}}}',
        ("(the record): a number in it has thousands of digits",),
    ),
    "no record": ("[1, 2]", ("(the record): expected a group of facts; found a list",)),
    "an empty id": (
        '{"id": " "}',
        ("/id: 'id' is required and is missing",),
    ),
    "no id": ("{}", ("/id: 'id' is required and is missing",)),
    "another kind": (
        '{"id": "A", "kind": "dept"}',
        ("/kind: there is no record kind 'dept'. Did you mean 'depot'? Kinds: job and depot.",),
    ),
}
NAMELESS = {
    "a long number", "no record", "an empty id", "no id", "another kind",
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp("records")
    commands = {}
    for name, (text, _) in CASES.items():
        (folder / f"{name}.json").write_text(f"[{GOOD}, {text}]", encoding="ascii")
        (folder / f"{name}.ndjson").write_text(f"{GOOD}\n{text}\n", encoding="ascii")
        for suffix in ("json", "ndjson"):
            commands[f"{name}.{suffix}"] = audit(f"{name}.{suffix}", "-q")
    return all_of(commands, folder)


@pytest.mark.parametrize("name", CASES)
def test_a_bad_record_is_told_whole_and_the_others_are_judged(
    name: str, results: dict[str, Result]
) -> None:
    record = "" if name in NAMELESS else "A"
    problems = CASES[name][1]
    whole, lines = results[f"{name}.json"], results[f"{name}.ndjson"]
    assert whole == Result(2, "", told(f"{name}.json", "/1", record, *problems))
    assert lines == Result(2, "", told(f"{name}.ndjson", "line 2", record, *problems))


def test_every_report_says_what_was_left_out(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", {"jobs": [job("A", safe=1), job("B", customer="x")]})
    outputs = [word for name in ("r.json", "r.html") for word in ("-o", name)]
    result = scr_audit(*audit("in.json", *outputs), cwd=tmp_path)
    bundle = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    problem = {
        "pointer": "/safe",
        "message": "expected true or false, or null where it is not recorded; found 1",
    }
    assert result.code == 2
    assert bundle["left_out"] == [
        {"file": "in.json", "position": "/jobs/0", "record": "A", "problems": [problem]}
    ]
    assert bundle["input"]["records"] == {
        "read": 2, "judged": 1, "left_out": 1, "outside": 0, "not_drawn": 0,
        "by_kind": {"job": 1},
    }  # fmt: skip
    assert {finding["record"] for finding in bundle["findings"]} == {"B"}
    words = " ".join(result.out.split())
    assert "1 of 2 records was left out" in words
    assert "A (in.json, /jobs/0)" in words
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "/jobs/0" in page
    assert "1 of 2 records was left out" in " ".join(page.split())


def test_text_that_is_not_utf_8_leaves_out_its_line(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_bytes('{"id": "é"}\n'.encode("latin-1") + b'{"id": "B"}\n')
    result = scr_audit(*audit("in.ndjson", "-q"), cwd=tmp_path)
    problem = "(the record): not UTF-8 text; save the file as UTF-8"
    assert result == Result(2, "", told("in.ndjson", "line 1", "", problem))


def test_a_line_of_endless_nesting_leaves_out_that_line(tmp_path: Path) -> None:
    deep = "[" * 5_000_000
    lines = ('{"id": "A"}', deep, f'{{"id": "C", "extra": {{"a": {deep}{"]" * 5_000_000}}}}}')
    (tmp_path / "in.ndjson").write_text("\n".join(lines), encoding="ascii")
    deep_but_cuttable = "[" * 50_000 + "]" * 50_000
    (tmp_path / "in.json").write_text(
        f'[{{"id": "A"}}, {{"id": "B", "extra": {{"a": {deep_but_cuttable}}}}}]', encoding="ascii"
    )
    by_line = scr_audit(*audit("in.ndjson", "-q"), cwd=tmp_path)
    whole = scr_audit(*audit("in.json", "-q"), cwd=tmp_path)
    problem = "(the record): nested too deeply to be a record"
    assert by_line == Result(
        2,
        "",
        f"left out: in.ndjson, line 2\n    {problem}\n"
        + told("in.ndjson", "line 3", "", problem, out=2, of=3),
    )
    assert whole == Result(2, "", told("in.json", "/1", "", problem))


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
    merge = "'scr-audit merge' makes one record of those of two files"
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
