"""A child is one record wherever its parts stand, and says nothing that excludes itself."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from importing import KEY, NATIONAL, Imported, imported, mapping

from scr_audit.errors import InputError
from scr_audit.mappings.importer import Import, alike_items, open_import
from scr_audit.mappings.tally import Fate, report_lines
from scr_audit.packs.builtin import load_pack

DATA = NATIONAL.parent
OTHER = "beside it says otherwise, so it is not recorded"
SECTION_47 = "CINdetails/Section47"


def census(folder: Path, *children: str) -> Path:
    path = folder / "census.xml"
    rows = "\n".join(f"<Child>{child}</Child>" for child in children)
    path.write_text(f"<Message><Children>\n{rows}\n</Children></Message>", encoding="utf-8")
    return path


def child(name: str, *referrals: str, born: str = "2015-03-27") -> str:
    details = (
        f"<CINdetails><CINreferralDate>{day}</CINreferralDate></CINdetails>" for day in referrals
    )
    return (
        f"<ChildIdentifiers><LAchildID>{name}</LAchildID>"
        f"<PersonBirthDate>{born}</PersonBirthDate></ChildIdentifiers>{''.join(details)}"
    )


def days(made: Imported) -> list[list[str]]:
    return [[item["made_at"] for item in record["referrals"]] for record in made.records]


def test_a_child_that_stands_twice_is_one_record() -> None:
    made = imported(DATA / "census-child-twice.xml")
    assert days(made) == [["2023-10-06", "2023-12-06"]]
    assert made.records[0]["provenance"]["/referrals/1"]["place"] == "Child 2/CINdetails"
    assert made.tally.joined == ["Child 1 (line 1) and Child 2 (line 1)"]
    assert (made.tally.records, made.tally.total(Fate.UNFIT)) == (1, 0)


def test_an_import_is_read_once(tmp_path: Path) -> None:
    work = Import(census(tmp_path, child("A1", "2023-10-06")), mapping("cin-census"), KEY)
    assert len(list(work.records())) == 1
    with pytest.raises(InputError, match="was read already; open the import again"):
        list(work.records())
    assert work.tally.records == 1


def test_two_births_are_told_though_the_same_age_would_come_of_both(tmp_path: Path) -> None:
    parts = [child("A1", "2023-10-06", born=born) for born in ("2015-03-27", "2015-03-28")]
    made = imported(census(tmp_path, *parts))
    births = [f"Child {n}/ChildIdentifiers/PersonBirthDate (line {n + 1})" for n in (1, 2)]
    assert made.tally.contradictions == [" and ".join(births)]
    assert "age_years_at_first_referral" not in json.dumps(made.records)


def test_parts_that_stand_apart_are_joined_where_the_last_one_stands(tmp_path: Path) -> None:
    parts = [
        child("A1", "2023-10-06"),
        child("B1", "2023-10-07"),
        child(" A1", "2024-01-05", "2023-10-06", born="2016-05-01"),
    ]
    made = imported(census(tmp_path, *parts))
    assert days(made) == [["2023-10-07"], ["2023-10-06", "2024-01-05"]]
    assert made.tally.joined == ["Child 1 (line 2) and Child 3 (line 4)"]
    assert made.told(Fate.SAYS_NOTHING) == [
        (
            "CINdetails",
            "an earlier part of the record says the same",
            1,
            "Child 3/CINdetails[2] (line 4)",
        )
    ]
    assert made.told(Fate.UNFIT) == [
        (
            "ChildIdentifiers/PersonBirthDate",
            "another element says otherwise",
            2,
            "Child 1/ChildIdentifiers/PersonBirthDate (line 2)",
        )
    ]
    assert "extra" not in made.facts[1]
    lines = report_lines(made.tally, mapping("cin-census"), source="census.xml", whole=False)
    assert lines[1:3] == [
        "joined, since they have one id: Child 1 (line 2) and Child 3 (line 4)",
        "contradict each other, so none is recorded: Child 1/ChildIdentifiers/PersonBirthDate "
        "(line 2) and Child 3/ChildIdentifiers/PersonBirthDate (line 4)",
    ]


def test_items_that_two_elements_tell_of_are_told() -> None:
    """They may be one, and which of the two is right nobody can know: both are recorded."""
    kind = load_pack("baby-f-2010").kinds["case"].type
    [(name, same_by)] = [
        (field.name, field.type.group_item.same_by)
        for field in kind.fields.values()
        if field.name == "section_47_enquiries" and field.type.group_item is not None
    ]
    assert same_by[0] == ("start",)
    items: list[dict[str, object]] = [
        {"start": f"2023-12-{day}"} for day in ("01", "01", "02", "02")
    ]
    places = ["Child 1/S47", "Child 2/S47", "Child 2/S47[2]", "Child 2/S47[3]"]
    provenance = {f"/{name}/{number}": {"place": place} for number, place in enumerate(places)}
    record = {name: items, "provenance": provenance}
    items[3] |= {"completed": True, "conference_date": "2023-12-09"}
    assert list(alike_items(record, kind, {"Child 1/S47": 3, "Child 2/S47": 9})) == [
        "Child 1/S47 (line 3) and Child 2/S47 (line 9), which are the same in every fact",
        "Child 2/S47[2] and Child 2/S47[3], which differ in completed and conference_date",
    ]


def test_two_enquiries_of_one_day_in_one_child_are_told(tmp_path: Path) -> None:
    enquiry = "<Section47><S47ActualStartDate>2023-12-01</S47ActualStartDate></Section47>"
    details = f"<CINdetails>{enquiry * 2}</CINdetails>"
    work = open_import(census(tmp_path, details), load_pack(), mapping="cin-census")
    assert len(list(work.records())) == 1
    assert work.tally.alike == [
        "Child 1/CINdetails/Section47 (line 2) and Child 1/CINdetails/Section47[2] (line 2), which "
        "are the same in every fact"
    ]


def test_children_without_an_id_are_never_joined(tmp_path: Path) -> None:
    made = imported(census(tmp_path, *["<CINdetails/>"] * 2))
    assert [record["id"] for record in made.records] == ["case-1", "case-2"]


@pytest.mark.parametrize("id", ["", " ", "\u00a0", "\u200b", "\u2060 \u200e"])
def test_an_id_in_which_nothing_can_be_seen_is_none(tmp_path: Path, id: str) -> None:
    children = census(tmp_path, child(id, "2023-10-06"), child(id, "2023-10-07"))
    api = tmp_path / "api.json"
    episode = [{"referral_date": "2023-10-06"}]
    documents = [{"la_child_id": id, "social_care_episodes": episode}] * 2
    api.write_text(json.dumps(documents), encoding="utf-8")
    for made in (imported(children), imported(api, "dfe-api")):
        assert [record["id"] for record in made.records] == ["case-1", "case-2"]
        assert made.tally.joined == []
        assert [told[1:3] for told in made.told(Fate.UNFIT)] == [("the source gives no id", 2)]


def test_standard_input_is_read_once_and_joined_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = census(tmp_path, child("A1", "2023-10-06"), child("A1", "2023-10-07")).read_bytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    work = Import(Path("-"), mapping("cin-census"), KEY)
    assert days(Imported(list(work.records()), work.tally)) == [["2023-10-06", "2023-10-07"]]


def test_a_child_of_two_documents_of_the_api_is_one_record(tmp_path: Path) -> None:
    documents = [
        {"la_child_id": "A1", "social_care_episodes": [{"referral_date": "2023-10-06"}]},
        {"la_child_id": "B1", "social_care_episodes": [{"referral_date": "2023-10-07"}]},
        {"la_child_id": "A1", "social_care_episodes": [{"referral_date": "2023-10-08"}]},
    ]
    path = tmp_path / "api.json"
    path.write_text(json.dumps(documents), encoding="utf-8")
    made = imported(path, "dfe-api")
    assert days(made) == [["2023-10-07"], ["2023-10-06", "2023-10-08"]]
    assert made.tally.joined == ["child 1 and child 3"]
    documents[2]["purge"] = True
    path.write_text(json.dumps(documents), encoding="utf-8")
    assert days(imported(path, "dfe-api")) == [["2023-10-07"]]


def test_elements_that_exclude_each_other_are_both_told_and_neither_is_recorded() -> None:
    made = imported(DATA / "census-conference-and-not-required.xml")
    assert made.records[0]["section_47_enquiries"] == [
        {"start": "2023-12-01", "strategy_discussion_date": "2023-12-01"}
    ]
    assert "conferences" not in made.records[0]
    assert made.told(Fate.UNFIT) == [
        (f"{SECTION_47}/{name}", f"{other} {OTHER}", 1, f"Child 1/{SECTION_47}/{name} (line 1)")
        for name, other in (
            ("DateOfInitialCPC", "ICPCnotRequired"),
            ("ICPCnotRequired", "DateOfInitialCPC"),
        )
    ]


def test_a_plan_that_ends_before_it_starts_is_told_and_neither_day_is_recorded(
    tmp_path: Path,
) -> None:
    plans = [
        {"start_date": "2024-05-02", "end_date": "2024-05-01"},
        {"start_date": "2024-05-03", "end_date": "2024-05-03"},
    ]
    path = tmp_path / "api.json"
    episode = {"child_protection_plans": plans}
    path.write_text(json.dumps([{"la_child_id": "A", "social_care_episodes": [episode]}]))
    made = imported(path, "dfe-api")
    whole = {"period": {"start": "2024-05-03", "end": "2024-05-03"}}
    assert [plan for plan in made.facts[0]["plans"] if plan] == [whole]
    assert [(path.rpartition("/")[2], words) for path, words, *_ in made.told(Fate.UNFIT)] == [
        ("start_date", f"end_date {OTHER}"),
        ("end_date", f"start_date {OTHER}"),
    ]


def test_a_group_stays_and_what_contradicts_it_is_not_recorded(tmp_path: Path) -> None:
    enquiry = {"start_date": "2024-05-01", "icpc_required_flag": False, "icpc_date": "2024-05-20"}
    episode = {
        "referral_date": "2024-04-30",
        "referral_no_further_action_flag": True,
        "section_47_assessments": [enquiry, {"start_date": "2024-06-01"}],
    }
    path = tmp_path / "api.json"
    path.write_text(json.dumps([{"la_child_id": "A", "social_care_episodes": [episode]}]))
    made = imported(path, "dfe-api")
    assert made.facts == [
        {
            "referrals": [{"made_at": "2024-04-30"}],
            "section_47_enquiries": [
                {"start": "2024-05-01", "strategy_discussion_date": "2024-05-01"},
                {"start": "2024-06-01", "strategy_discussion_date": "2024-06-01"},
            ],
        }
    ]
    assert [(path.rpartition("/")[2], words) for path, words, *_ in made.told(Fate.UNFIT)] == [
        ("referral_no_further_action_flag", f"section_47_assessments {OTHER}"),
        ("icpc_required_flag", f"icpc_date {OTHER}"),
        ("icpc_date", f"icpc_required_flag {OTHER}"),
    ]


def test_ids_that_look_alike_are_told_without_saying_them(tmp_path: Path) -> None:
    path = census(tmp_path, child("ZQ7", "2023-10-06"), child("zq7", "2023-10-07"))
    work = Import(path, mapping("cin-census"), KEY)
    first, second = (record["id"] for record in work.records())
    assert work.look_alikes == [
        f"census.xml, Child 2 (line 3) (record {second}): its id in the source is easily taken for "
        f"that of census.xml, Child 1 (line 2), which became the record {first}; two records were "
        "made. If they are one, give both the same id in the source, and import it again"
    ]
