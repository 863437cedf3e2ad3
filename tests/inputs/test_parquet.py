"""Parquet files: nested or dotted columns, what other programs write, and other shapes."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from small_pack import SMALL_PACK

from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import Inputs

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.records import write_ndjson

PACK = load_folder(SMALL_PACK)


def written(path: Path, rows: list[dict[str, Any]], schema: Any = None, **options: Any) -> Path:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    table = pyarrow.table(columns) if schema is None else pyarrow.Table.from_pylist(rows, schema)
    pyarrow.parquet.write_table(table, path, **options)
    return path


def found(path: Path, pack: Pack = PACK) -> list[tuple[str, Any, str | None]]:
    batches = read_inputs([path], pack, Inputs())
    return [(raw.position, raw.data, raw.kind) for _, raws in batches for raw in raws]


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


def test_case_records_get_the_verdicts_that_they_get_as_json(tmp_path: Path) -> None:
    lines = tmp_path / "cases.ndjson"
    write_ndjson(lines, 30, seed=4)
    records = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    path = written(tmp_path / "cases.parquet", [{**r, "extra": None} for r in records])
    engine, day = Engine(load_pack()), date(2011, 1, 1)

    def verdicts(path: Path) -> list[Any]:
        seen: list[Any] = []
        run = engine.run(path, as_of=day, on_findings=lambda findings: seen.extend(
            (f.rule, f.record, f.unit, f.outcome) for f in findings
        ))  # fmt: skip
        assert run.left_out_count == 0
        return seen

    assert verdicts(path) == verdicts(lines)


def test_rows_are_read_by_group_with_their_numbers_and_the_hash_of_the_file(tmp_path: Path) -> None:
    rows = [{"id": f"J{number}"} for number in range(1_200)]
    path = written(tmp_path / "jobs.parquet", rows, row_group_size=100)
    inputs = Inputs()
    sizes = [len(raws) for _, raws in read_inputs([path], PACK, inputs)]
    assert sum(sizes) == 1_200
    assert max(sizes) <= 500
    assert found(path)[-1] == ("row 1200", {"id": "J1199"}, "job")
    assert len(inputs.files[0].sha256) == 64


def test_a_column_tells_the_kind_where_the_name_of_the_file_does_not(tmp_path: Path) -> None:
    rows = [
        {"id": "D1", "kind": "depot", "name": "North"},
        {"id": "J1", "kind": "job", "name": None},
    ]
    assert [kind for _, _, kind in found(written(tmp_path / "all.parquet", rows))] == [
        "depot",
        "job",
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [{"id": "J1", "saef": True}],
            "{0}: has the columns id and saef; unknown: saef. Did you mean 'safe'? Expected a row "
            "for each job, with a column 'id' and columns such as id, customer, model, safe, paid, "
            "wheels, … (16 in all); a list is a column of lists",
        ),
        (
            [{"safe": True}],
            "{0}: has the columns safe; no 'id'. Expected a row for each job, with a column 'id' "
            "and columns such as id, customer, model, safe, paid, wheels, … (16 in all); a list "
            "is a column of lists",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, rows: list[dict[str, Any]], said: str
) -> None:
    path = written(tmp_path / "jobs.parquet", rows)
    with pytest.raises(InputError) as caught:
        found(path)
    assert str(caught.value) == said.format(path)


@pytest.mark.parametrize(
    "names", [["id", "safe", "safe"], ["id", "id", "safe"], ["id", "loan", "loan.agreed"]]
)
def test_two_columns_for_one_fact_are_refused(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "jobs.parquet"
    columns = [pyarrow.array([None]).cast(pyarrow.string()) for _ in names]
    pyarrow.parquet.write_table(pyarrow.table(columns, names=names), path)
    with pytest.raises(InputError, match=r"has both the column '.*' and the column '.*', and one"):
        found(path)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "jobs.parquet", [], pyarrow.schema([("id", pyarrow.string())]))
    with pytest.raises(InputError) as caught:
        found(path)
    assert str(caught.value) == f"{path}: there are no records in it"


@pytest.mark.parametrize("content", [b"", b"{}", b"PAR1" + b"\0" * 40, None])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = written(tmp_path / "jobs.parquet", [{"id": f"J{n}"} for n in range(1_000)])
    path.write_bytes(path.read_bytes()[:-100] if content is None else content)
    with pytest.raises(InputError, match=r"jobs\.parquet: cannot be read as Parquet: "):
        found(path)


def test_days_that_nobody_means_are_told_by_row_and_column(tmp_path: Path) -> None:
    rows = [
        {"id": "J1", "booked_on": date(1905, 6, 27), "opened_at": None, "loan": {"start": "1850"}},
        {"id": "J2", "booked_on": None, "opened_at": datetime(2062, 8, 14, 9, 30), "loan": None},
    ]
    path = written(tmp_path / "jobs.parquet", rows)
    run = Engine(PACK).run(path, as_of=date(2026, 5, 4))
    told = [(left.position, problem.pointer) for left in run.left_out for problem in left.problems]
    assert told == [("row 1", "/booked_on"), ("row 1", "/loan/start"), ("row 2", "/opened_at")]
    assert run.left_out[1].problems[0].message == (
        "2062-08-14 is more than 20 years after 2026-05-04, the day of the audit or else today; "
        "correct it, or leave it out where no day is known"
    )


def test_bytes_that_are_no_text_are_told_by_row_and_column(tmp_path: Path) -> None:
    raw = pyarrow.array([b"Caf\xc3\xa9", b"Caf\xe9"], pyarrow.binary())
    wrong = pyarrow.StringArray.from_buffers(2, *raw.buffers()[1:])
    path = tmp_path / "jobs.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": ["J1", "J2"], "customer": wrong}), path)
    with pytest.raises(InputError) as caught:
        found(path)
    assert str(caught.value) == (
        f"{path}, row 2, customer: holds a value that cannot be read: no UTF-8. Write the file "
        "anew from its source"
    )


def test_a_value_of_a_wrong_type_leaves_its_record_out(tmp_path: Path) -> None:
    schema = pyarrow.schema(
        [("id", pyarrow.string()), ("booked_on", pyarrow.timestamp("s", "UTC"))]
    )
    rows = [{"id": "J1", "booked_on": datetime(2026, 1, 5, 9)}, {"id": "J2", "booked_on": None}]
    run = Engine(PACK).run(written(tmp_path / "jobs.parquet", rows, schema))
    [left_out] = run.left_out
    assert (left_out.position, left_out.record) == ("row 1", "J1")
    assert left_out.problems[0].pointer == "/booked_on"
    assert run.totals.read == {"job": 1}
