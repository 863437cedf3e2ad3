"""Where facts come from goes with them, from the record to the finding."""

import json
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from small_pack import SMALL_PACK

from scr_audit.documents.parts import checker
from scr_audit.documents.run import RunBundle
from scr_audit.engine import Engine
from scr_audit.errors import RecordError
from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import doubt
from scr_audit.records.problems import record_schema, record_validator
from scr_audit.report.wording import origin_text
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head

PACK = load_folder(SMALL_PACK)
DECODER = decoder_of(PACK)
DATES = "expected a date such as 2009-08-14, 2009-08 or 2009, found"
FORM = {"file": "form.xlsx", "place": "parts!C7", "role": "foreman", "on": "2026-05-04"}
IMPORTED = {"file": "jobs.xml", "place": "Job 1/Parts"}
RECORD: dict[str, Any] = {
    "id": "J1",
    "parts": [{"name": "bell", "worn": True, "fitted": True, "recalled": False}],
    "provenance": {"/parts": IMPORTED, "/parts/0/fitted": FORM},
}


def facts(record: dict[str, Any]) -> dict[str, Any]:
    """The provenance of each fact that a finding used, by pointer."""
    with Spool() as spool:
        run = Engine(PACK).run([record], as_of=date(2026, 6, 1), on_findings=spool.add)
        assert run.left_out == ()
        document = bundle_document(bundle_head(run), spool)
    checker(RunBundle)(document)
    return {
        fact["pointer"]: fact.get("provenance")
        for finding in document["findings"]
        for fact in finding["facts"]
    }


def test_a_fact_has_its_own_provenance_or_that_of_what_it_stands_in() -> None:
    found = facts(RECORD)
    assert found["/parts/0/fitted"] == FORM
    assert found["/parts/0/worn"] == IMPORTED
    assert all(origin is None for at, origin in found.items() if not at.startswith("/parts"))


def test_a_verdict_does_not_depend_on_where_facts_come_from() -> None:
    plain = {name: value for name, value in RECORD.items() if name != "provenance"}
    verdicts = [
        [(f.rule, f.unit, f.outcome) for f in Engine(PACK).evaluate(each)]
        for each in (RECORD, plain, json.dumps(RECORD), {**RECORD, "provenance": None})
    ]
    assert all(each == verdicts[0] for each in verdicts)


@pytest.mark.parametrize(
    ("provenance", "pointer"),
    [
        ({"/parts": {"place": "no file"}}, "/provenance/~1parts/file"),
        ({"/parts": {"file": "a", "who": "b"}}, "/provenance/~1parts/who"),
        ({"/parts": "form.xlsx"}, "/provenance/~1parts"),
        ([], "/provenance"),
    ],
)
def test_wrong_provenance_is_told_at_its_place(provenance: Any, pointer: str) -> None:
    with pytest.raises(RecordError) as caught:
        Engine(PACK).evaluate({**RECORD, "provenance": provenance})
    assert [problem.pointer for problem in caught.value.problems] == [pointer]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-08-01", "2025-08-01"), ("2025-08", "2025-08"), ("01/08/2025", "2025-08-01"),
        ("1.8.2025", "2025-08-01"), (" 2025-08-01\u00a0", "2025-08-01"),
        ("2025-08-01T00:00:00", "2025-08-01"), ("01/08/2025 00:00", "2025-08-01"),
        (" ", None), ("\u200b", None), (None, None),
    ],
)  # fmt: skip
def test_a_day_of_reading_is_read_as_other_days_are(written: str | None, day: str | None) -> None:
    for name in ("/parts", ""):
        origin = {"file": "a", "on": written}
        inner = {**origin, "also": [origin], "said": [{**origin, "value": 1}]}
        record = {"id": "J1", "provenance": {name: inner}}
        assert record_validator(PACK.kinds["job"]).is_valid(record)
        for raw in (record, json.dumps(record)):
            found = DECODER.from_raw(raw).provenance[name]
            assert [found.on, found.also[0].on, found.said[0].on] == [day] * 3


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2025-08-01T10:00", f"not a date: {DATES} '2025-08-01T10:00'"),
        ("Friday", f"not a date: {DATES} 'Friday'"),
        ("2025-02-30", "not a date: there is no day 2025-02-30"),
        (5, 'expected a date such as "2026-05-09", or null where it is not recorded; found 5'),
    ],
)
def test_what_is_no_day_of_reading_leaves_its_record_out(written: Any, message: str) -> None:
    for inner in ({}, {"also": [{"file": "b", "on": written}]}):
        on = None if inner else written
        record = {"id": "J1", "provenance": {"/parts": {"file": "a", "on": on, **inner}}}
        assert not Draft202012Validator(record_schema(PACK.kinds["job"])).is_valid(record)
        for raw in (record, json.dumps(record)):
            run = Engine(PACK).run([raw], as_of=date(2026, 6, 1))
            [left] = run.left_out
            [problem] = left.problems
            where = "also/0/on" if inner else "on"
            assert (problem.pointer, problem.message) == (f"/provenance/~1parts/{where}", message)


@pytest.mark.parametrize("day", ["1905-06-27", "1900-01-01", "1899", "2199-01-01"])
def test_a_day_of_reading_that_hardly_anybody_means_leaves_its_record_out(day: str) -> None:
    origin = {"file": "a", "on": day}
    record = {"id": "J1", "provenance": {"/parts": origin, "/parts/0": origin}}
    run = Engine(PACK).run([json.dumps(record)], as_of=date(2026, 6, 1))
    [problem] = run.left_out[0].problems
    assert problem.pointer == "/provenance/~1parts/on"
    assert problem.message == doubt(day, date(2026, 6, 1))


def test_provenance_is_said_in_words() -> None:
    assert origin_text(None) == ""
    assert origin_text(IMPORTED) == "from jobs.xml, Job 1/Parts"
    said = origin_text({**FORM, "page": "3", "note": "minutes"})
    assert said == "from form.xlsx, parts!C7, foreman, 4 May 2026, page 3, note: minutes"
