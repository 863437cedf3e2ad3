"""Where facts come from goes with them, from the record to the finding."""

import json
from datetime import date
from typing import Any

import pytest
from small_pack import SMALL_PACK

from scr_audit.engine import Engine
from scr_audit.errors import RecordError
from scr_audit.packs.load import load_folder
from scr_audit.report.wording import origin_text
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head
from scr_audit.runs.models import RunBundle

PACK = load_folder(SMALL_PACK)
FORM = {"file": "form.xlsx", "place": "parts!C7", "role": "foreman", "on": "2026-05-04"}
IMPORTED = {"file": "jobs.xml", "place": "Job 1/Parts"}
RECORD: dict[str, Any] = {
    "id": "J1",
    "parts": [{"name": "bell", "worn": True, "fitted": True, "recalled": False}],
    "provenance": {"/parts": IMPORTED, "/parts/0/fitted": FORM},
}


def facts(record: dict[str, Any]) -> dict[str, Any]:
    """The provenance of each fact that a finding used, by pointer."""
    with Spool(PACK) as spool:
        run = Engine(PACK).run([record], as_of=date(2026, 6, 1), on_findings=spool.add)
        assert run.left_out == ()
        document = bundle_document(bundle_head(run), spool)
    RunBundle.model_validate(document)
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


def test_provenance_is_said_in_words() -> None:
    assert origin_text(None) == ""
    assert origin_text(IMPORTED) == "from jobs.xml, Job 1/Parts"
    said = origin_text({**FORM, "page": "3", "note": "minutes"})
    assert said == "from form.xlsx, parts!C7, foreman, 4 May 2026, page 3, note: minutes"
