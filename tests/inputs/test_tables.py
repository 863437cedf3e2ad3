"""Folders of tables: what a cell means, what belongs together, and what is refused."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pack import SMALL_PACK
from tables import write_tables

from scr_audit.anonymity.gate import Gate
from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import Inputs
from scr_audit.values.text import is_blank

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.records import write_ndjson

PACK = load_folder(SMALL_PACK)
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n;,\"'"), min_size=1
).filter(
    lambda text: text == text.strip() and not is_blank(text) and text.casefold() != "not recorded"
)
DATES = st.sampled_from(("2026-01-05", "2026-02", "2025"))
TIMES = st.sampled_from(("2026-01-05T09:30", "2026-01-05", "2026-02"))
WORDS = st.lists(st.sampled_from(("left", "right", "two words")), unique=True)


def facts(**kinds: Any) -> Any:
    """Some of the facts, each of which may be missing."""
    return st.fixed_dictionaries({}, optional=kinds)


CHECKS = st.lists(facts(passed=st.booleans(), on=DATES), max_size=2)
PARTS = st.lists(
    st.tuples(TEXTS, facts(fitted=st.booleans(), fitted_on=DATES, checks=CHECKS)).map(
        lambda pair: {"name": pair[0], **pair[1]}
    ),
    max_size=3,
)
JOBS = st.lists(
    facts(
        customer=TEXTS,
        model=st.sampled_from(("city", "racing")),
        safe=st.booleans(),
        wheels=st.integers(1, 4),
        price=st.floats(0, 1e6, allow_nan=False),
        booked_on=DATES,
        opened_at=TIMES,
        labels=WORDS,
        tools=st.lists(st.sampled_from(("pump", "welder")), unique=True),
        loan=facts(agreed=st.booleans(), start=DATES),
        parts=PARTS,
        extra=st.dictionaries(st.sampled_from(("a", "b")), TEXTS),
    ),
    min_size=1,
    max_size=3,
).map(lambda jobs: [{"id": f"J{number}", **job} for number, job in enumerate(jobs)])


def read(folder: Path, pack: Pack = PACK) -> list[dict[str, Any]]:
    """The records of a folder, without their provenance."""
    batches = read_inputs([folder / "*.csv"], pack, Inputs())
    return [
        {key: value for key, value in raw.data.items() if key != "provenance"}
        for _, raws in batches
        for raw in raws
    ]


@settings(max_examples=150)
@given(JOBS)
def test_tables_give_back_the_records_that_were_written(
    tmp_path_factory: pytest.TempPathFactory, jobs: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder, PACK.kinds["job"], jobs)
    assert read(folder) == jobs


def test_case_records_in_tables_get_the_verdicts_that_they_get_as_json(tmp_path: Path) -> None:
    lines = tmp_path / "cases.ndjson"
    write_ndjson(lines, 20, seed=3)
    pack = load_pack()
    records = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    write_tables(tmp_path / "tables", pack.kinds["case"], records)
    engine, day = Engine(pack), date(2011, 1, 1)

    def verdicts(path: Path) -> list[Any]:
        found: list[Any] = []
        run = engine.run(path, as_of=day, on_findings=lambda findings: found.extend(
            (f.rule, f.record, f.unit, f.outcome) for f in findings
        ))  # fmt: skip
        assert run.left_out_count == 0
        return found

    assert verdicts(tmp_path / "tables") == verdicts(lines)


def tables(folder: Path, **files: str | bytes) -> Path:
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name.replace('__', '.')}.csv").write_bytes(data)
    return folder


def test_an_empty_cell_is_not_recorded_and_none_is_said(tmp_path: Path) -> None:
    text = "id,safe,parts,labels,loan.agreed\nJ1,,there were none,,\nJ2,no,,left; right,TRUE\n"
    assert read(tables(tmp_path, jobs=text)) == [
        {"id": "J1", "parts": []},
        {"id": "J2", "safe": False, "labels": ["left", "right"], "loan": {"agreed": True}},
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_commas_semicolons_and_tabs_separate(
    tmp_path: Path, separator: str, start: bytes, end: str
) -> None:
    rows = (("id", "customer"), ("J1", '"a,b;c"'), ("", ""))
    text = end.join(separator.join(row) for row in rows)
    assert read(tables(tmp_path, jobs=start + text.encode())) == [{"id": "J1", "customer": "a,b;c"}]


@pytest.mark.parametrize(
    "before",
    ["sep=;\n", '"sep=;"\r\n', "SEP=;;;\n", "\n", " \n;;\n", "sep=;\n\n;\n", "\n;\nsep=;\n"],
)
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_what_a_spreadsheet_writes_above_the_heading_is_passed_over(
    tmp_path: Path, before: str, start: str
) -> None:
    text = f"{start}{before}id;customer\nJ1;a,b\n"
    [(_, [raw])] = read_inputs([tables(tmp_path, jobs=text) / "*.csv"], PACK, Inputs())
    line = before.count("\n") + 2
    assert (raw.data["customer"], raw.place) == ("a,b", line)


def test_the_separator_that_a_file_names_is_its_separator(tmp_path: Path) -> None:
    assert read(tables(tmp_path, jobs="sep=|\nid|customer\nJ1|a,b;c\n")) == [
        {"id": "J1", "customer": "a,b;c"}
    ]


def test_a_tab_may_be_named_by_its_letters(tmp_path: Path) -> None:
    assert read(tables(tmp_path, jobs="sep=\\t\nid\tcustomer\nJ1\ta,b\n")) == [
        {"id": "J1", "customer": "a,b"}
    ]


def test_names_of_rows_are_compared_as_people_read_them(tmp_path: Path) -> None:
    tables(tmp_path, jobs="id\nJ1\n", parts="record,row,name\nJ1,Cafe\u0301,chain\n")
    tables(tmp_path, parts__checks="record,of,passed\nJ1,Caf\u00e9,yes\n")
    [(_, [raw])] = read_inputs([tmp_path / "*.csv"], PACK, Inputs())
    assert raw.data["parts"] == [{"name": "chain", "checks": [{"passed": True}]}]


def test_each_fact_says_its_table_and_line(tmp_path: Path) -> None:
    tables(tmp_path, jobs="id,safe\nJ1,yes\n", parts="record,row,name\n\nJ1,p,chain\n")
    tables(tmp_path, parts__checks="record,of,passed\nJ1,p,yes\n")
    [(_, [raw])] = read_inputs([tmp_path / "*.csv"], PACK, Inputs())
    assert raw.data["provenance"] == {
        "": {"file": "jobs.csv", "place": "line 2"},
        "/parts/0": {"file": "parts.csv", "place": "line 3"},
        "/parts/0/checks/0": {"file": "parts.checks.csv", "place": "line 2"},
    }


def test_an_identifier_is_told_at_the_cell_of_its_own_table(tmp_path: Path) -> None:
    """One that does not fit its fact, and one that does, in the outer table and in those of lists.

    A key that is one itself is told by its kind.
    """
    number = "999 000 0018"
    tables(
        tmp_path,
        jobs=f"id,safe,customer,extra.999 000 0026\nJ1,{number},,\nJ2,,Mrs Sampleton,a\n",
        parts=f"record,row,name,fitted_on\nJ1,p,,{number}\n\nJ2,p,tel 01632 960123,\n",
    )
    tables(tmp_path, parts__checks=f"record,of,passed\nJ2,p,yes\nJ1,p,{number}\n")
    gate = Gate(PACK)
    for file, raws in read_inputs([tmp_path / "*.csv"], PACK, Inputs()):
        gate.admit(file, raws)
    number, name = "an NHS number; take it out", "a name; say the relation or post, or P1"
    assert [str(found) for found in gate.findings] == [
        f"jobs.csv, line 2, safe: {number}",
        f"parts.csv, line 2, fitted_on: {number}",
        f"parts.checks.csv, line 3, passed: {number}",
        f"jobs.csv, line 3: /customer: {name}",
        f"jobs.csv, line 3: /extra/(an NHS number): {number}",
        "parts.csv, line 4: /parts/0/name: a telephone number; take it out",
    ]


REFUSED = [
    (
        {"jobs": "id,customer\nJ1,Caf\xe9\n".encode("cp1252")},
        "{0}/jobs.csv, line 2: is not UTF-8 text; perhaps it is Windows-1252, as older programs "
        "write it. Save it as 'CSV UTF-8', so that no letter is taken for another",
    ),
    ({"jobs": "id\n".encode("utf-16")}, "{0}/jobs.csv: is UTF-16 text; save it as 'CSV UTF-8'"),
    ({"jobs": "id\n".encode("utf-32")}, "{0}/jobs.csv: is UTF-32 text; save it as 'CSV UTF-8'"),
    (
        {"jobs": "sep=;\n\nid;saef\nJ1;yes\n"},
        "{0}: the tables cannot be read\n"
        "  jobs.csv, line 3: a job has no fact 'saef'. Did you mean 'safe'?",
    ),
    (
        {"jobs": "sep=;\n;\n"},
        "{0}/jobs.csv: the file is empty; expected a line with the names of columns",
    ),
    (
        {"jobs": "sep=\nid,safe\nJ1,yes\n"},
        "{0}/jobs.csv: the line 'sep=' names no separator; write one behind it, as in sep=;, or "
        "delete the line",
    ),
    ({"jobs": "id,safe\nJ1,\0\n"}, "{0}/jobs.csv, line 2: holds a NUL character; this is no text"),
    (
        {"jobs": " \n"},
        "{0}/jobs.csv: the file is empty; expected a line with the names of columns",
    ),
    ({"jobs": "id,safe\n"}, "{0}: its tables have headings, and no records"),
    (
        {"jobs": "id,safe\nJ1,yes\nJ2\n"},
        "{0}/jobs.csv, line 3: found 1 cell, expected 2 as in the heading; put quotes around a "
        "value that holds the separator",
    ),
    (
        {"jobs": "id,safe\nJ1,yes,no\n"},
        "{0}/jobs.csv, line 2: found 3 cells, expected 2 as in the heading; put quotes around a "
        "value that holds the separator",
    ),
    (
        {"jobs": 'id,customer\nJ1,"open\nJ2,x\n'},
        "{0}/jobs.csv, line 2: a quote is opened and never closed",
    ),
    (
        {"jobs": "id,saef,safe,safe,\nJ1,yes,yes,yes,no\n"},
        "{0}: the tables cannot be read\n"
        "  jobs.csv, line 1: a job has no fact 'saef'. Did you mean 'safe'?\n"
        "  jobs.csv, line 1: there are two columns 'safe'; keep one of them\n"
        "  jobs.csv, line 1: column 5 has no name; name the fact that it holds",
    ),
    (
        {"jobs": "customer\nx\n"},
        "{0}: the tables cannot be read\n"
        "  jobs.csv, line 1: the column 'id' is missing; it is the reference of each record",
    ),
    (
        {"jobs": "id,safe\nJ1,yes\nJ1,no\n,no\n"},
        "{0}: the tables cannot be read\n"
        "  jobs.csv, line 3: the id is that of line 2 too; keep one row for a record\n"
        "  jobs.csv, line 4: the id is empty; each record needs one",
    ),
    (
        {"jobs": "id,safe\nJ1,yes\n", "parts": "record,row,name\nJ2,a,b\nJ1,a,b\nJ1,a,c\n"},
        "{0}: the tables cannot be read\n"
        "  parts.csv, line 2: no row of jobs.csv has the id in 'record'; add one, or "
        "correct the id\n"
        "  parts.csv, line 4: another row of this record has the same 'row'; change one",
    ),
    (
        {
            "jobs": "id\nJ1\n",
            "parts": "record,row,name\nJ1,a,b\n",
            "parts__checks": "record,of,passed\nJ1,z,yes\n",
        },
        "{0}: the tables cannot be read\n"
        "  parts.checks.csv, line 2: no row of this record in parts.csv has the 'row' in 'of'; "
        "add one, or correct 'of'",
    ),
    (
        {"jobs": "id\nJ1\n", "parts__checks": "of,passed\nz,yes\n"},
        "{0}: the tables cannot be read\n"
        "  parts.checks.csv, line 1: the column 'record' is missing; it says to which record, by "
        "its id, each row belongs",
    ),
    (
        {"jobs": "id\nJ1\n", "pats": "record,name\nJ1,a\n"},
        "{0}/pats.csv: there is no list 'pats' in a record. Did you mean 'parts'? Lists: parts and "
        "parts.checks",
    ),
    (
        {"parts": "record,name\nJ1,a\n"},
        "{0}: no table of records; expected jobs.csv or depots.csv; there is parts.csv",
    ),
    (
        {"jobs": "id\nJ1\n", "parts": "record,name\nJ1,a\n", "jobs__parts": "record,name\nJ1,a\n"},
        "{0}/parts.csv: holds the same list as jobs.parts.csv; keep one of them",
    ),
]


@pytest.mark.parametrize(("files", "said"), REFUSED)
def test_tables_that_cannot_be_put_together_are_refused(
    tmp_path: Path, files: dict[str, str | bytes], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tables(tmp_path, **files))
    assert str(caught.value) == said.format(tmp_path)


def test_days_that_nobody_means_are_told_by_file_line_and_column(tmp_path: Path) -> None:
    tables(
        tmp_path,
        jobs="id,booked_on,loan.start\nJ1,27/06/1905,\nJ2,1899-05,2062-08-14\nJ3,2026-01-05,\n",
        parts="record,name,fitted_on\nJ3,chain,1900-01-03\n",
    )
    run = Engine(PACK).run(tmp_path, as_of=date(2026, 5, 4))
    typed = "typed into a cell of dates; write"
    assert [(left.record, list(map(str, left.problems))) for left in run.left_out] == [
        ("J1", ["jobs.csv, line 2, booked_on: 1905-06-27 is what a spreadsheet makes of the year "
                f"2005, {typed} the whole day, or the year as text (in a spreadsheet '2005)"]),
        ("J2", ["jobs.csv, line 3, booked_on: 1899-05 is before 1901; expected a day of the audit. "
                "Correct the year",
                "jobs.csv, line 3, loan.start: 2062-08-14 is more than 20 years after 2026-05-04, "
                "the day of the audit or else today; correct it, or leave it out where no day is "
                    "known"]),
        ("J3", ["parts.csv, line 2, fitted_on: 1900-01-03 is what a spreadsheet makes of a small "
                f"number, {typed} the day that is meant"]),
    ]  # fmt: skip


@pytest.mark.parametrize("wheels", ["1_0", "\u0663", "0_3.0"])
def test_a_number_in_the_signs_of_a_program_leaves_its_record_out(
    tmp_path: Path, wheels: str
) -> None:
    tables(tmp_path, jobs=f"id,wheels\nJ1,{wheels}\nJ2,3\n")
    run = Engine(PACK).run(tmp_path, as_of=date(2026, 1, 1))
    assert [str(problem) for left in run.left_out for problem in left.problems] == [
        f"jobs.csv, line 2, wheels: found '{wheels}'; expected a whole number from 1 to 4"
    ]
    assert run.totals.read == {"job": 1}


def test_a_wrong_cell_leaves_its_record_out_and_the_others_are_judged(tmp_path: Path) -> None:
    tables(
        tmp_path,
        jobs="id,safe,wheels,booked_on,parts\nJ1,perhaps,9,03/13/2026,there were none\nJ2,yes,,,\n",
        parts="record,name,fitted\nJ1,chain,maybe\n",
    )
    run = Engine(PACK).run(tmp_path, as_of=date(2026, 1, 1))
    [left_out] = run.left_out
    assert (left_out.file, left_out.position, left_out.record) == ("jobs.csv", "line 2", "J1")
    assert [str(problem) for problem in left_out.problems] == [
        "jobs.csv, line 2, safe: found 'perhaps'; expected yes, no or not recorded.",
        "jobs.csv, line 2, wheels: found '9'; expected a whole number from 1 to 4",
        "jobs.csv, line 2, booked_on: 03/13/2026 is no date: the day comes first, and there is no "
        "month 13; expected a date such as 14/08/2009, or 2009-08, or 2009",
        "parts.csv, line 2: there is a row, though another table says 'there were none' of this "
        "list",
        "parts.csv, line 2, fitted: found 'maybe'; expected yes, no or not recorded.",
    ]
    assert run.totals.read == {"job": 1}
