"""Values that do not fit, say nothing, contradict each other: never guessed, always told."""

import json
from datetime import date

import pytest
from importing import KEY, census_file, imported, pack

from scr_audit.mappings.conversions import UNLIKELY
from scr_audit.mappings.importer import Import
from scr_audit.mappings.mapping_loader import load_mapping
from scr_audit.mappings.tally import Fate

CHILD = "Child 1/CINdetails"
OTHERWISE = "another element says otherwise"
NO_EVENT = "the source does not say for certain on what day the event was"


def element(name, value):
    return f"<{name}>{value}</{name}>"


@pytest.mark.parametrize("day", ["2024-02-30", "1/2/2024", "soon", "2024-13-01", "24-01-01"])
def test_a_day_that_is_none_leaves_the_fact_not_recorded(tmp_path, day):
    found = imported(census_file(tmp_path, f"\n{element('CINreferralDate', day)}"))
    assert found.facts == [{"referrals": [{}]}]
    ((path, words, number, where),) = found.told(Fate.UNFIT)
    assert (path, number, where) == (
        "CINdetails/CINreferralDate", 1, f"{CHILD}/CINreferralDate (line 2)"
    )  # fmt: skip
    assert words.startswith("expected a day such as 2024-03-01")
    assert day not in words


@pytest.mark.parametrize("day", ["1900-01-01", "1905-06-27", "2199-10-06"])
def test_a_day_that_hardly_anybody_means_is_told_and_gives_no_age(tmp_path, day):
    later = "</CINdetails><CINdetails><CINreferralDate>2024-01-01</CINreferralDate>"
    details = element("CINreferralDate", day) + later
    born = element("PersonBirthDate", "2015-03-27")
    path = census_file(tmp_path, details, identifiers=born)
    found = imported(path, today=date(2026, 5, 4))
    assert found.facts == [{"referrals": [{}, {"made_at": "2024-01-01"}]}]
    assert found.told(Fate.UNFIT) == [
        ("ChildIdentifiers/PersonBirthDate", NO_EVENT, 1,
         "Child 1/ChildIdentifiers/PersonBirthDate (line 1)"),
        ("CINdetails/CINreferralDate", UNLIKELY, 1, f"{CHILD}/CINreferralDate (line 1)"),
    ]  # fmt: skip


def test_a_code_that_nobody_knows_leaves_the_fact_not_recorded(tmp_path):
    found = imported(census_file(tmp_path, element("ReferralSource", "99Z")))
    assert found.facts == [{"referrals": [{}]}]
    assert found.told(Fate.UNFIT) == [
        ("CINdetails/ReferralSource", "not one of the codes that the mapping knows", 1,
         f"{CHILD}/ReferralSource (line 1)")
    ]  # fmt: skip


def test_a_code_without_a_word_here_says_nothing(tmp_path):
    found = imported(census_file(tmp_path, element("ReferralSource", "10")))
    assert found.facts == [{"referrals": [{}]}]
    assert [path for path, *_ in found.told(Fate.SAYS_NOTHING)] == ["CINdetails/ReferralSource"]


@pytest.mark.parametrize(
    ("codes", "factors"),
    [
        (["2A", "2B", "3A"], ["drug_misuse", "domestic_abuse"]),
        (["21"], []),
        (["21", "2A"], None),
        (["2A", "99"], None),
        ([], None),
    ],
)
def test_factors_are_whole_or_not_recorded(tmp_path, codes, factors):
    inner = "".join(element("AssessmentFactors", code) for code in codes)
    details = element("Assessments", element("FactorsIdentifiedAtAssessment", inner))
    found = imported(census_file(tmp_path, details))
    assert found.facts[0]["assessments"][0].get("factors") == factors
    # What is in no list that is recorded is not counted as imported.
    assert found.tally.total(Fate.IMPORTED) == (0 if factors is None else len(codes))


def test_an_element_that_stands_twice_and_differs_is_not_recorded(tmp_path):
    details = element("CINreferralDate", "2024-01-01") + element("CINreferralDate", "2024-01-02")
    found = imported(census_file(tmp_path, details))
    assert found.facts == [{"referrals": [{}]}]
    assert found.records[0]["provenance"].keys() == {"/id", "/referrals/0"}
    assert found.told(Fate.UNFIT) == [
        ("CINdetails/CINreferralDate", OTHERWISE, 2, f"{CHILD}/CINreferralDate (line 1)")
    ]
    assert found.tally.total(Fate.IMPORTED) == 0
    assert found.tally.contradictions == [
        f"{CHILD}/CINreferralDate (line 1) and {CHILD}/CINreferralDate[2] (line 1)"
    ]


@pytest.mark.parametrize("value", ["2015-03-27", "2016-03-27"])
def test_no_age_is_worked_out_from_a_day_that_is_contradicted(tmp_path, value):
    """Neither from one of two births, nor at one of two referrals, though another is certain."""
    referral = element("CINreferralDate", "2024-01-01")
    born = element("PersonBirthDate", "2015-03-27")
    twice = census_file(tmp_path, referral, identifiers=born + element("PersonBirthDate", value))
    known = {"age_years_at_first_referral": 8} if value == "2015-03-27" else None
    assert imported(twice).facts[0].get("extra") == known
    other = "</CINdetails><CINdetails>" + element("CINreferralDate", "2023-01-01")
    details = referral + element("CINreferralDate", "2024-01-02") + other
    found = imported(census_file(tmp_path, details, identifiers=born))
    assert found.facts == [{"referrals": [{}, {"made_at": "2023-01-01"}]}]
    assert found.told(Fate.UNFIT) == [
        ("ChildIdentifiers/PersonBirthDate", NO_EVENT, 1,
         "Child 1/ChildIdentifiers/PersonBirthDate (line 1)"),
        ("CINdetails/CINreferralDate", OTHERWISE, 2, f"{CHILD}/CINreferralDate (line 1)"),
    ]  # fmt: skip


def test_two_ids_or_births_of_one_child_are_none(tmp_path):
    identifiers = element("LAchildID", "B2") + "".join(
        element("PersonBirthDate", day) for day in ("2015-03-27", "2010-03-27")
    )
    details = element("CINreferralDate", "2024-01-01")
    found = imported(census_file(tmp_path, details, identifiers=identifiers))
    assert found.records[0] == {
        "id": "case-1",
        "referrals": [{"made_at": "2024-01-01"}],
        "provenance": {
            "/referrals/0": {"file": "census.xml", "place": CHILD},
            "/referrals/0/made_at": {"file": "census.xml", "place": f"{CHILD}/CINreferralDate"},
        },
    }
    assert found.tally.total(Fate.COARSENED) == 0
    place = "Child 1/ChildIdentifiers"
    assert found.tally.contradictions == [
        f"{place}/LAchildID (line 1) and {place}/LAchildID[2] (line 1)",
        f"{place}/PersonBirthDate (line 1) and {place}/PersonBirthDate[2] (line 1)",
    ]


def test_a_conference_of_two_days_is_one_of_a_day_not_known(tmp_path):
    """None of the other facts of the two elements is recorded, but for that there was one."""
    dates = "".join(element("DateOfInitialCPC", f"2024-02-0{day}") for day in (1, 2))
    details = element("Section47", element("S47ActualStartDate", "2024-01-20") + dates)
    found = imported(census_file(tmp_path, details))
    assert found.facts[0]["conferences"] == [{"type": "initial"}]
    assert found.facts[0]["section_47_enquiries"] == [
        {"start": "2024-01-20", "strategy_discussion_date": "2024-01-20"}
    ]
    assert [told[:3] for told in found.told(Fate.UNFIT)] == [
        ("CINdetails/Section47/DateOfInitialCPC", OTHERWISE, 2)
    ]


@pytest.mark.parametrize("flags", [("true", "false"), ("0", "1")])
def test_a_flag_that_is_both_says_nothing(tmp_path, flags):
    """Also where the mapping takes nothing from one of its values."""
    nothing_done = "".join(element("ReferralNFA", flag) for flag in flags)
    not_required = "".join(element("ICPCnotRequired", flag) for flag in flags)
    details = f"{nothing_done}</CINdetails><CINdetails>{element('Section47', not_required)}"
    found = imported(census_file(tmp_path, details))
    assert found.facts == [{"referrals": [{}, {}], "section_47_enquiries": [{}]}]
    assert found.told(Fate.UNFIT) == [
        (f"CINdetails/{name}", OTHERWISE, 2, f"{CHILD}{number}/{name} (line 1)")
        for name, number in (("ReferralNFA", ""), ("Section47/ICPCnotRequired", "[2]"))
    ]


def test_what_stands_around_the_records_and_contradicts_itself_is_given_to_none(tmp_path):
    days = "".join(element("ReferenceDate", day) for day in ("2024-03-31", "2023-03-31"))
    header = element("Header", element("CollectionDetails", days))
    path = tmp_path / "census.xml"
    children = "<Children><Child/><Child/></Children>"
    for message, name in (
        (header, "Header/CollectionDetails/ReferenceDate[2]"),
        (header.replace("2023", "2024") + header.replace("2024", "2023"),
         "Header[2]/CollectionDetails/ReferenceDate, Header[2]/CollectionDetails/ReferenceDate[2]"),
    ):  # fmt: skip
        path.write_text(f"<Message>{message}{children}</Message>", encoding="utf-8")
        found = imported(path)
        assert found.facts == [{}, {}]
        assert found.tally.total(Fate.IMPORTED) == 0
        [told] = found.tally.contradictions
        assert told.replace(" (line 1)", "").replace(" and", ",").endswith(f", {name}")
        assert len(found.tally.contradictions) == 1


_UNTIL = """\
id: until
version: 1.0.0
title: A day in the header, and one of each child
source: {title: A format}
format: xml
kind: case
record: Register/Child
elements:
  Id: {fact: id, as: pseudonym, prefix: C}
  Until: {fact: audited_period.end, as: date}
outside:
  Until: {fact: audited_period.end, as: date}
"""


@pytest.mark.parametrize(
    ("children", "in_header"),
    [
        (["2023-03-31"], (0, 1)),  # kept nowhere
        (["2023-03-31", ""], (1, 0)),
        (["", "2023-03-31"], (1, 0)),
        (["2024-03-31"], (1, 0)),
        (["2023-03-31", "2022-03-31"], (0, 1)),
    ],
)
def test_what_stands_around_the_records_counts_as_imported_where_one_kept_it(
    tmp_path, children, in_header
):
    mapping, path = tmp_path / "until.yaml", tmp_path / "register.xml"
    mapping.write_text(_UNTIL, encoding="utf-8")
    each = "".join(
        element("Child", f"<Id>{number}</Id>{element('Until', day)}")
        for number, day in enumerate(children)
    )
    path.write_text(f"<Register><Until>2024-03-31</Until>{each}</Register>", encoding="utf-8")
    work = Import(path, load_mapping(mapping, pack()), KEY)
    records = list(work.records())
    wrong = [day for day in children if day not in ("", "2024-03-31")]
    assert len(work.tally.contradictions) == len(wrong)
    assert ["audited_period" in record for record in records] == [d not in wrong for d in children]
    counted = [sum(c.number for path, _, c in work.tally.of(fate) if path == "Until")
               for fate in (Fate.IMPORTED, Fate.UNFIT)]  # fmt: skip
    own = children.count("2024-03-31"), len(wrong)
    assert counted == [own[0] + in_header[0], own[1] + in_header[1]]


def test_an_empty_element_is_as_none(tmp_path):
    found = imported(census_file(tmp_path, "<CINreferralDate/><ReferralSource> </ReferralSource>"))
    assert found.facts == [{"referrals": [{}]}]
    assert found.told(Fate.UNFIT) == []


def test_the_birth_after_the_referral_gives_no_age(tmp_path):
    details = element("CINreferralDate", "2024-01-01")
    path = census_file(tmp_path, details, identifiers=element("PersonBirthDate", "2024-02-01"))
    found = imported(path)
    assert found.facts == [{"referrals": [{"made_at": "2024-01-01"}]}]
    assert found.told(Fate.UNFIT)[0][1] == "the birth is after the event: no age"


@pytest.mark.parametrize(("born", "age"), [("2020-01-01", 4), ("2020-01-02", 3), ("2024-01-01", 0)])
def test_an_age_is_in_whole_years_at_the_first_referral(tmp_path, born, age):
    later = "</CINdetails><CINdetails><CINreferralDate>2024-01-01</CINreferralDate>"
    details = element("CINreferralDate", "2026-01-01") + later
    found = imported(census_file(tmp_path, details, identifiers=element("PersonBirthDate", born)))
    assert found.facts[0]["extra"] == {"age_years_at_first_referral": age}


def test_a_child_without_an_id_is_kept_and_told(tmp_path):
    path = tmp_path / "census.xml"
    path.write_text("<Message><Children><Child/><Child/></Children></Message>", encoding="utf-8")
    found = imported(path)
    assert [record["id"] for record in found.records] == ["case-1", "case-2"]
    assert found.told(Fate.UNFIT) == [("id", "the source gives no id", 2, "Child 1 (line 1)")]


def test_what_the_mapping_does_not_know_is_counted_and_not_dropped_in_silence(tmp_path):
    details = "<New>1</New><New>2</New><Z12345678901234>x</Z12345678901234>"
    found = imported(census_file(tmp_path, details))
    assert found.told(Fate.UNKNOWN) == [
        ("CINdetails/New", "", 2, f"{CHILD}/New (line 1)"),
        ("CINdetails/(a name that may be a value)", "", 1,
         f"{CHILD}/(a name that may be a value) (line 1)"),
    ]  # fmt: skip


def test_a_conference_of_which_two_elements_tell_is_one(tmp_path):
    details = (
        "<DateOfInitialCPC>2024-01-01</DateOfInitialCPC>"
        "<Section47><DateOfInitialCPC>2024-01-01</DateOfInitialCPC></Section47>"
        "<Section47><DateOfInitialCPC>2024-01-01</DateOfInitialCPC></Section47>"
        "<ChildProtectionPlans><Reviews><CPPreviewDate>2024-01-01</CPPreviewDate></Reviews>"
        "</ChildProtectionPlans>"
    )
    (found,) = imported(census_file(tmp_path, details)).facts
    assert found["conferences"] == [
        {"date": "2024-01-01", "type": "initial"},
        {"date": "2024-01-01", "type": "review"},
    ]


def api(folder, **fields):
    path = folder / "child.json"
    path.write_text(json.dumps({"la_child_id": "A1", **fields}), encoding="utf-8")
    return imported(path, "dfe-api")


NONE = {"section_47_assessments": [], "child_protection_plans": []}


@pytest.mark.parametrize(
    ("episodes", "facts"),
    [
        ([], {"referrals": []}),
        ([NONE], {"referrals": [{}], "section_47_enquiries": [], "plans": []}),
        ([NONE, NONE], {"referrals": [{}, {}], "section_47_enquiries": [], "plans": []}),
        ([NONE, {}], {"referrals": [{}, {}]}),
        ([{"section_47_assessments": None}], {"referrals": [{}]}),
        ([{"child_and_family_assessments": []}], {"referrals": [{}]}),
        ([NONE, {"child_protection_plans": [{"x": 1}], "section_47_assessments": []}],
         {"referrals": [{}, {}], "plans": [{}], "section_47_enquiries": []}),
    ],
)  # fmt: skip
def test_only_an_explicit_empty_list_says_that_there_were_none(tmp_path, episodes, facts):
    assert api(tmp_path, social_care_episodes=episodes).facts == [facts]


def test_what_the_sender_takes_back_does_not_come_in(tmp_path):
    episodes = [
        {"referral_date": "2024-01-01", "purge": True},
        {"section_47_assessments": [{"start_date": "2024-01-01", "purge": True}, {}]},
    ]
    found = api(tmp_path, social_care_episodes=episodes)
    assert found.facts == [{"referrals": [{}], "section_47_enquiries": [{}]}]
    assert [path for path, *_ in found.told(Fate.WITHDRAWN)] == [
        "social_care_episodes",
        "social_care_episodes/section_47_assessments",
    ]
    assert api(tmp_path, purge=True).records == []


def test_no_age_is_at_a_day_that_the_sender_takes_back(tmp_path):
    days = [("2020-01-01", True), ("2024-01-01", False)]
    episodes = [{"referral_date": day, "purge": purge} for day, purge in days]
    born = {"date_of_birth": "2015-03-27"}
    found = api(tmp_path, child_details=born, social_care_episodes=episodes)
    assert found.facts[0]["extra"] == {"age_years_at_first_referral": 8}


def test_a_value_where_a_group_is_expected_is_told(tmp_path):
    found = api(tmp_path, child_details="x", social_care_episodes=[{"referral_date": {"a": 1}}])
    assert [entry[:2] for entry in found.told(Fate.UNFIT)] == [
        ("child_details", "expected other elements in it"),
        ("social_care_episodes/referral_date", "expected a value, found other elements in it"),
    ]
