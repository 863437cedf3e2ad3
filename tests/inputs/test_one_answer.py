"""One answer in every format: what is recorded, whole numbers, days."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.parquet
import pytest
import yaml
from small_pack import SMALL_PACK

from scr_audit import Engine
from scr_audit.errors import RecordError
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of
from scr_audit.records.raw import Inputs

SUMMER = timezone(timedelta(hours=1))  # of London
PACK = load_folder(SMALL_PACK)
DECODER = decoder_of(PACK)
BLANK = " \u00a0\u200b"
RECORDS: list[dict[str, Any]] = [
    {
        "id": "J1", "customer": BLANK, "wheels": 3.0, "booked_on": "2022-09-21T00:00:00",
        "opened_at": "2022-09-21T09:30", "labels": [BLANK], "model": "",
        "loan": {"agreed": None, "start": BLANK},
        "parts": [{"name": "chain", "fitted": None, "fitted_on": "21/09/2022 00:00"}],
    },
    {
        "id": "J2", "customer": "\u00a0Zoe\u0301 ", "wheels": None, "booked_on": "",
        "opened_at": BLANK, "labels": [" a\n", ""], "model": "city ",
        "loan": {"agreed": True, "start": None}, "parts": [],
    },
]  # fmt: skip
EXPECTED: list[dict[str, Any]] = [
    {
        "id": "J1", "customer": None, "wheels": 3, "booked_on": date(2022, 9, 21),
        "opened_at": datetime(2022, 9, 21, 9, 30, tzinfo=SUMMER), "labels": None, "model": None,
        "loan": None,
        "parts": [("chain", None, date(2022, 9, 21))],
    },
    {
        "id": "J2", "customer": "Zo\u00e9", "wheels": None, "booked_on": None, "opened_at": None,
        "labels": ["a"], "model": "city", "loan": (True, None), "parts": [],
    },
]  # fmt: skip


def as_expected(typed: Any) -> dict[str, Any]:
    found = {name: getattr(typed, name) for name in EXPECTED[0]}
    if typed.loan is not None:
        found["loan"] = (typed.loan.agreed, typed.loan.start)
    if typed.parts is not None:
        found["parts"] = [(part.name, part.fitted, part.fitted_on) for part in typed.parts]
    return found


def as_json(folder: Path) -> Path:
    path = folder / "jobs.json"
    path.write_text(json.dumps({"jobs": RECORDS}), encoding="utf-8")
    return path


def as_list(folder: Path) -> Path:
    path = folder / "list.json"
    path.write_text(json.dumps(RECORDS, ensure_ascii=False), encoding="utf-8")
    return path


def as_lines(folder: Path) -> Path:
    path = folder / "jobs.ndjson"
    path.write_text("".join(f"{json.dumps(r)}\n" for r in RECORDS), encoding="utf-8")
    return path


def as_yaml(folder: Path) -> Path:
    path = folder / "jobs.yaml"
    path.write_text(yaml.safe_dump({"jobs": RECORDS}, allow_unicode=True), encoding="utf-8")
    return path


def as_parquet(folder: Path) -> Path:
    times = {"booked_on": datetime(2022, 9, 21), "opened_at": datetime(2022, 9, 21, 9, 30)}
    rows = [{**RECORDS[0], **times}, {**RECORDS[1], "booked_on": None, "opened_at": None}]
    path = folder / "jobs.parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def as_tables(folder: Path) -> Path:
    """As a spreadsheet saves them: an empty list says so, and nothing else can be in a group."""
    columns = "id customer wheels booked_on opened_at labels model loan.agreed loan.start parts"
    rows = [
        ["J1", BLANK, "3.0", "21/09/2022 00:00", "21/09/2022 09:30", f"{BLANK};", "", "", BLANK],
        ["J2", "Zoe\u0301 ", "", "", BLANK, " a\n; ", "city ", "yes", "", "there were none"],
    ]
    _write(folder / "jobs.csv", [columns.split(), *(row[:10] for row in rows)])
    part = ["J1", "chain", "", "21/09/2022 00:00"]
    _write(folder / "parts.csv", [["record", "name", "fitted", "fitted_on"], part])
    return folder / "*.csv"


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        width = len(rows[0])
        csv.writer(stream).writerows([*row, *[""] * (width - len(row))] for row in rows)


@pytest.mark.parametrize("write", [as_json, as_list, as_lines, as_yaml, as_parquet, as_tables])
def test_every_format_records_the_same(tmp_path: Path, write: Any) -> None:
    batches = read_inputs([write(tmp_path)], PACK, Inputs())
    raws = [raw for _, batch in batches for raw in batch]
    assert [as_expected(DECODER.from_raw(raw.data, raw.kind)) for raw in raws] == EXPECTED
    plain = [DECODER.plain(raw.data, raw.kind) for raw in raws]
    assert [as_expected(DECODER.from_raw(record, "job")) for record in plain] == EXPECTED


ODD: list[dict[str, Any]] = [
    {"id": "J1", "booked_on": "1905-06-27", "loan": {"start": "1899-05"}},
    {"id": "J2", "opened_at": "2062-08-14T09:30", "parts": [
        {"name": "x", "fitted_on": "03/01/1900"}
    ]},
    {"id": "J3", "booked_on": "1901-01-02", "opened_at": "2046-05-04T09:30",
     "loan": {"end": "2046"}},
]  # fmt: skip
SHEET = "typed into a cell of dates; write the"
TOLD = [
    ("/0", "J1", (
        "/booked_on: 1905-06-27 is what a spreadsheet makes of the year 2005, "
        f"{SHEET} whole day, or the year as text (in a spreadsheet '2005)",
        "/loan/start: 1899-05 is before 1901; expected a day of the audit. Correct the year",
    )),
    ("/1", "J2", (
        "/opened_at: 2062-08-14 is more than 20 years after 2026-05-04, the day of the audit or "
        "else today; correct it, or leave it out where no day is known",
        "/parts/0/fitted_on: 1900-01-03 is what a spreadsheet makes of a small number, "
        f"{SHEET} day that is meant",
    )),
]  # fmt: skip


def test_days_that_nobody_means_leave_a_record_out_of_json_and_from_python(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(ODD), encoding="utf-8")
    lines = [json.dumps(record).encode() for record in ODD]
    for given in (path, [*ODD], lines):
        run = Engine(PACK).run(given, as_of=date(2026, 5, 4))
        told = [(n.position, n.record, tuple(map(str, n.problems))) for n in run.left_out]
        assert (told, run.totals.judged) == (TOLD, 1)
    assert Engine(PACK).evaluate(lines[0])  # one record that is given is judged as it is
    later = Engine(PACK).run(lines, as_of=date(2046, 1, 1))  # an earlier day was asked for before
    assert [left.record for left in later.left_out] == ["J1", "J2"]
    assert len(later.left_out[1].problems) == 1


def test_a_decimal_is_the_number_that_it_states() -> None:
    assert DECODER.from_raw({"id": "J1", "wheels": Decimal("3.0")}).wheels == 3
    for wrong in ("3.5", "NaN", "Infinity"):
        with pytest.raises(RecordError, match=r"expected a whole number|is no number"):
            DECODER.from_raw({"id": "J1", "wheels": Decimal(wrong)})


def test_python_records_the_same() -> None:
    typed = [
        {
            **RECORDS[0],
            "booked_on": datetime(2022, 9, 21),
            "opened_at": datetime(2022, 9, 21, 9, 30),
        },
        {**RECORDS[1], "labels": ("a", "")},
    ]
    for records in (RECORDS, typed, [msgspec.to_builtins(record) for record in typed]):
        assert [as_expected(DECODER.from_raw(record)) for record in records] == EXPECTED
