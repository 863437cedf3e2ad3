"""The bundle of a run: valid by its published schema, the same bytes twice, the same totals."""

import json
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from small_pack import SMALL_PACK

from scr_audit._version import __version__
from scr_audit.documents.parts import checker
from scr_audit.documents.run import RunBundle
from scr_audit.engine import Engine
from scr_audit.errors import PackError
from scr_audit.packs.load import load_folder
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import load_plan
from scr_audit.runs.bundle import Spool, bundle_bytes, bundle_document, bundle_head
from scr_audit.runs.run import Run
from scr_audit.schemas import json_schema

PACK = load_folder(SMALL_PACK)
PART = {"name": "bell", "worn": True, "fitted": True, "recalled": False}
RECORDS: list[dict[str, Any]] = [
    {
        "id": "J1",
        "booked_on": "2024-01-01",
        "returned_on": "2024-01-05",
        "parts": [
            PART,
            {**PART, "fitted": None, "fitted_on": "2024-01-01", "checks": [{"passed": True}]},
        ],
    },
    {"id": "J2", "paid": False, "parts": [{**PART, "fitted": False}], "returned_on": "2024"},
    {"id": "J3", "parts": []},
    {"id": "D1", "kind": "depot", "name": "North \u2603", "open": False},
    {"id": "J1"},
    {"id": "bad", "wheels": 9, "padi": 1},
]


def audited(records: list[dict[str, Any]] = RECORDS) -> tuple[Run, bytes, dict[str, Any]]:
    """A run with its bundle, as bytes and as values."""
    with Spool() as spool:
        run = Engine(PACK).run(records, as_of=date(2024, 3, 1), on_findings=spool.add)
        head = bundle_head(run)
        return run, b"".join(bundle_bytes(head, spool)), bundle_document(head, spool)


RUN, DATA, BUNDLE = audited()


def test_the_bytes_are_json_and_hold_the_document() -> None:
    assert json.loads(DATA) == BUNDLE
    assert DATA.endswith(b"\n  ]\n}\n")


def test_a_bundle_fits_its_models_and_its_schema() -> None:
    TypeAdapter(RunBundle).validate_json(DATA, strict=True)
    Draft202012Validator.check_schema(json_schema("run"))
    assert list(Draft202012Validator(json_schema("run")).iter_errors(BUNDLE)) == []


@pytest.mark.parametrize("records", [[], RECORDS[:1], RECORDS[3:4]], ids=["none", "job", "depot"])
def test_a_bundle_of_few_records_fits_them_too(records: list[dict[str, Any]]) -> None:
    _, data, document = audited(records)
    assert json.loads(data) == document
    checker(RunBundle)(document)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert audited()[1] == DATA


def test_the_head_tells_what_was_judged_by_what() -> None:
    assert {key: BUNDLE[key] for key in ("format", "format_version", "engine", "as_of")} == {
        "format": "scr-audit/run",
        "format_version": 2,
        "engine": {"name": "scr-audit", "version": __version__},
        "as_of": "2024-03-01",
    }
    assert BUNDLE["pack"] == {
        "id": "bicycle-workshop",
        "version": "1.2.3",
        "title": "A bicycle workshop, invented for the tests",
        "sha256": PACK.sha256,
        "licence": "MIT",
        "source": {
            "title": "Workshop handbook", "publisher": "", "date": "2024-01-05", "note": "",
        },
        "kinds": {"job": "jobs", "depot": "depots"},
    }  # fmt: skip
    assert BUNDLE["input"] == {
        "files": [{"name": "(records given by the caller)", "sha256": ""}],
        "records": {
            "read": 6,
            "judged": 4,
            "left_out": 2,
            "outside": 0,
            "not_drawn": 0,
            "by_kind": {"job": 3, "depot": 1},
        },
    }
    parameters = {each["name"]: each for each in BUNDLE["parameters"]}
    assert parameters["check_days"] == {
        "name": "check_days",
        "title": "Days from fitting a part to its check",
        "unit": "days",
        "source": "Handbook 2.1",
        "overridden": False,
        "values": [{"from": "2024-01-01", "value": 5}, {"from": "2024-07-01", "value": 3}],
    }
    assert sorted(parameters) == ["check_days", "most_days"]  # those that rules of the run use


def test_what_was_left_out_is_listed_with_its_place_and_reasons() -> None:
    file = "(records given by the caller)"
    assert BUNDLE["left_out"] == [
        {
            "file": file,
            "position": "/4",
            "record": "J1",
            "problems": [
                {
                    "pointer": "/id",
                    "message": "an earlier job record ((records given by the caller), /0) has the "
                    "id 'J1' too; only the first was judged. Keep one of them in this file, or "
                    "give each an id of its own",
                }
            ],
        },
        {
            "file": file,
            "position": "/5",
            "record": "bad",
            "problems": [
                {
                    "pointer": "/padi",
                    "message": "unknown fact 'padi'. Did you mean 'paid'? "
                    "What has no place may stand in 'extra'.",
                },
                {"pointer": "/wheels", "message": "expected at most 4, found 9"},
            ],
        },
    ]


def test_a_rule_has_its_place_its_totals_and_its_rates() -> None:
    rule = BUNDLE["rules"][0]
    assert rule["location"] == "rules/1-parts.yaml:4"
    assert (rule["id"], rule["recommendation"], rule["see"]) == ("part-fitted", "1.1", ["2.1"])
    assert (rule["unit"], rule["unit_plural"], rule["criteria"]) == (
        "part",
        "parts",
        ["fitted", "sound"],
    )
    assert rule["advice"] == "Fit the part before the bicycle leaves."
    assert BUNDLE["rules"][2]["advice"] is None
    assert rule["totals"] == {
        "met": 1, "not_met": 0, "not_evidenced": 1, "not_applicable": 1, "excepted": 1, "error": 0,
        "records": 1, "records_met": 0, "records_not_met": 0,
    }  # fmt: skip
    rates = rule["rates"]
    assert (rates["judged"], rates["assured"], rates["evidenced"]) == (2, 0.5, 1.0)
    assert (rates["low"], rates["high"]) == (0.5, 1.0)


OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")


def summed(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row["totals"][name] for row in rows) for name in OUTCOMES}


def test_totals_agree_however_they_are_added_up() -> None:
    counted = [finding["outcome"] for finding in BUNDLE["findings"]]
    units = BUNDLE["totals"]["units"]
    assert units == {name: counted.count(name) for name in OUTCOMES}
    assert summed(BUNDLE["rules"]) == summed(BUNDLE["records"]) == units
    assert summed(BUNDLE["recommendations"]) == units
    assert BUNDLE["totals"]["records"] == {"judged": 4, "all_met": 0}
    assert [record["id"] for record in BUNDLE["records"]] == ["J1", "J2", "J3", "D1"]
    assert Engine(PACK).run(RECORDS, as_of=date(2024, 3, 1)).totals == RUN.totals


def test_a_finding_holds_its_criteria_facts_and_reason() -> None:
    found = [each for each in BUNDLE["findings"] if each["rule"] == "part-fitted"]
    assert found[1] == {
        "rule": "part-fitted",
        "record": "J1",
        "unit": "/parts/1",
        "key": [{"name": "bell", "fitted_on": "2024-01-01", "worn": True, "recalled": False}],
        "key_named": False,
        "outcome": "not_evidenced",
        "criteria": {"fitted": "not_evidenced", "sound": "met"},
        "exception": None,
        "facts": [
            {"pointer": "/parts/1/worn", "value": True, "question": "Was the old part worn?"},
            {"pointer": "/parts/1/fitted", "value": None, "question": "Was the part fitted?"},
            {
                "pointer": "/parts/1/recalled",
                "value": False,
                "question": "Has the maker recalled the part?",
            },
        ],
        "missing": ["/parts/1/fitted"],
        "reason": "Not recorded: “Was the part fitted?”",
        "late": [],
        "remedy": None,
    }
    assert found[0]["remedy"] is None or found[0]["outcome"] != "met"
    assert [each["exception"] for each in found] == [None, None, "customer_unpaid", None]


def test_a_bundle_without_findings_has_empty_lists() -> None:
    run = Engine(PACK).run(RECORDS)
    head = bundle_head(run)
    document = json.loads(b"".join(bundle_bytes(head, None)))
    assert (document["records"], document["findings"], document["as_of"]) == ([], [], None)
    assert document == bundle_document(head, None)
    checker(RunBundle)(document)


def test_a_plan_is_named_and_chooses_rules_and_recommendations(tmp_path: Any) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "id: quick\ntitle: Quick look\nquestion: Are parts fitted?\npack: bicycle-workshop\n"
        "rules: [part-fitted]\n",
        encoding="utf-8",
    )
    plan = load_plan(path)
    run = Engine(apply_plan(PACK, plan)).run(RECORDS)
    head = bundle_head(run, plan)
    assert head["plan"] == {
        "id": "quick",
        "title": "Quick look",
        "question": "Are parts fitted?",
        "selection": None,
        "sha256": plan.sha256,
        "filter": None,
        "period": None,
        "comparison": None,
        "sample": None,
    }
    assert [rule["id"] for rule in head["rules"]] == ["part-fitted"]
    assert [item["id"] for item in head["recommendations"]] == ["1.1"]
    checker(RunBundle)(bundle_document(head, None))


PLAN = (
    "id: quick\ntitle: Quick look\nquestion: Are parts fitted?\npack: bicycle-workshop\n"
    "selection: Every job of the week.\nstandard: 90\nstandards: {part-fitted: always}\n"
)


def test_a_plan_sets_standards_for_all_rules_and_for_some(tmp_path: Any) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    plan = load_plan(path)
    run = Engine(apply_plan(PACK, plan)).run(RECORDS)
    document = bundle_document(bundle_head(run, plan), None)
    assert document["plan"]["selection"] == "Every job of the week."
    found = {rule["id"]: rule["standard"]["share"] for rule in document["rules"]}
    assert set(found.values()) == {0.9, 1.0}
    assert [rule for rule, share in found.items() if share == 1.0] == ["part-fitted"]
    checker(RunBundle)(document)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("standards: {part-fited: 80}", "the pack has no rule 'part-fited'. Did you mean 'part-"),
        ("standard: 100", "expected a per cent from 1 to 99, or always; found 100"),
        ("standard: sometimes", "expected a per cent from 1 to 99, or always; found 'sometimes'"),
    ],
)
def test_a_wrong_standard_is_told_at_its_place(tmp_path: Any, changed: str, said: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("\n".join([*PLAN.splitlines()[:5], changed]), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        apply_plan(PACK, load_plan(path))
    assert said in str(caught.value)
    assert "plan.yaml:6:" in str(caught.value)
