"""The published sample and the API's example: the records they give, and the verdicts on those."""

import hmac
import json
from datetime import date

import census
from importing import KEY, NATIONAL, imported, pack
from schemas import api_example

from scr_audit.engine import Engine
from scr_audit.mappings.tally import Fate

SAMPLE = NATIONAL / "cin-census-2022-sample.xml"
RECORD = {
    "extra": {"age_years_at_first_referral": 4},
    "referrals": [{"made_at": "1970-10-06", "by": "other", "accepted": True}],
    "conferences": [
        {"date": "1970-12-06"},
        {"date": "1970-06-17", "type": "initial"},
        {"date": "1971-02-15", "type": "review"},
    ],
    "assessments": [
        {
            "agency": "childrens_social_care",
            "type": "single",
            "start": "1970-06-03",
            "completed_on": "1971-07-18",
            "completed": True,
            "factors": ["drug_misuse"],
        }
    ],
    "section_47_enquiries": [
        {
            "start": "1970-06-02",
            "strategy_discussion_date": "1970-06-02",
            "conference_date": "1970-06-17",
            "outcome": "initial_conference",
        }
    ],
    "open_to_social_care": True,
    "plans": [
        {"period": {"start": "1970-02-17", "end": "1971-03-14"}, "category": "physical_abuse"}
    ],
    "audited_period": {"end": "2022-03-31"},
}


def test_the_sample_gives_its_record():
    found = imported(SAMPLE)
    assert found.facts == [RECORD]
    digest = hmac.digest(KEY.secret, b"C\0DfEX0000001", "sha256")
    number, letters = int.from_bytes(digest, "big"), ""
    while len(letters) < 13:
        letters += "abcdefghijklmnopqrstuvwxyz"[number % 26]
        number //= 26
    assert found.records[0]["id"] == f"C-{letters}"


def test_every_fact_says_where_it_comes_from():
    provenance = imported(SAMPLE).records[0]["provenance"]
    assert provenance["/conferences/1/date"] == {
        "file": "cin-census-2022-sample.xml",
        "place": "Child 1/CINdetails/Section47/DateOfInitialCPC",
    }
    assert provenance["/plans/0/period/end"]["place"] == (
        "Child 1/CINdetails/ChildProtectionPlans/CPPendDate"
    )
    assert provenance["/audited_period/end"]["place"] == ("Header/CollectionDetails/ReferenceDate")
    assert set(provenance) >= set(pointers(RECORD))


def pointers(value, pointer=""):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict) or (isinstance(inner, list) and isinstance(inner[0], dict)):
            yield from pointers(inner, f"{pointer}/{key}")
        else:
            yield f"{pointer}/{key}"


def test_each_element_of_the_sample_has_a_fate():
    tally = imported(SAMPLE).tally
    assert {fate: tally.total(fate) for fate in Fate} == {
        Fate.IMPORTED: 15,
        Fate.COARSENED: 2,
        Fate.IDENTIFIABLE: 5,
        Fate.NO_FACT: 12,
        Fate.NOT_NEEDED: 9,
        Fate.SAYS_NOTHING: 1,
        Fate.WITHDRAWN: 0,
        Fate.UNFIT: 0,
        Fate.UNKNOWN: 0,
    }
    elements = SAMPLE.read_text(encoding="utf-8").count("</")
    groups = 16
    assert sum(tally.total(fate) for fate in Fate) == elements - groups


def outcomes(records):
    engine = Engine(pack())
    for record in records:
        record.pop("provenance")
        for finding in engine.evaluate(record, as_of=date(2026, 1, 1)):
            yield finding.rule, finding.unit, finding.outcome


def test_the_clock_of_the_conference_is_judged_on_the_sample():
    found = {x for x in outcomes(imported(SAMPLE).records) if x[0].startswith("wt-")}
    assert ("wt-initial-conference-in-time", "/section_47_enquiries/0", "met") in found
    assert ("wt-assessment-in-time", "/assessments/0", "not_applicable") in found  # of 1970
    assert ("wt-referral-decided-in-time", "/referrals/0", "not_evidenced") in found
    assert ("wt-next-visit-in-time", "/visits", "not_evidenced") in found
    assert not {x for x in found if x[2] == "error"}


def test_the_example_of_the_api_gives_its_record(tmp_path):
    path = tmp_path / "child.json"
    path.write_text(json.dumps([api_example()]), encoding="utf-8")
    day = "2022-06-14"
    assert imported(path, "dfe-api").facts == [
        {
            "extra": {"age_years_at_first_referral": 0},
            "referrals": [{"made_at": day, "by": "other", "accepted": True}],
            "assessments": [
                {
                    "agency": "childrens_social_care",
                    "type": "single",
                    "start": day,
                    "completed_on": day,
                    "completed": True,
                    "factors": ["alcohol_misuse", "mental_health"],
                }
            ],
            "section_47_enquiries": [
                {
                    "start": day,
                    "strategy_discussion_date": day,
                    "conference_decision": {"convene": True, "made": True},
                    "outcome": "initial_conference",
                    "conference_date": day,
                    "completed": True,
                }
            ],
            "conferences": [{"date": day, "type": "initial"}],
            "plans": [{"period": {"start": day, "end": day}}],
        }
    ]


def test_thousands_of_children_come_in_and_are_judged(tmp_path):
    path = tmp_path / "census.xml"
    them = list(census.children(2_500))
    path.write_text("".join(census.census(them)), encoding="utf-8")
    found = imported(path)
    assert found.facts == [census.expected_of_census(child) for child in them]
    engine = Engine(pack())
    counted = dict.fromkeys(("met", "not_met", "not_evidenced", "not_applicable"), 0)
    for record in found.records[:1_500]:
        record.pop("provenance")
        for finding in engine.evaluate(record, as_of=date(2024, 6, 3)):
            if finding.rule == "wt-initial-conference-in-time" and "/" in finding.unit[1:]:
                counted[finding.outcome] = counted.get(finding.outcome, 0) + 1
    for outcome in ("met", "not_met", "not_evidenced"):
        assert counted[outcome] > 100, counted
    assert "error" not in counted
