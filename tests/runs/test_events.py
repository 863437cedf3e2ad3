"""The dated things of a record: read off any record schema, earliest first."""

from pathlib import Path

from small_pack import SMALL_PACK

from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of
from scr_audit.runs.events import events

PACK = load_folder(SMALL_PACK)
SHIPPED = load_folder(Path(__file__).parents[2] / "rules" / "baby-f-2010")


def events_of(record: dict[str, object]) -> list[dict[str, object]]:
    typed = decoder_of(SHIPPED).from_raw({"kind": "case", **record}, None)
    return events(typed, SHIPPED.kinds["case"].type)


def test_items_of_lists_at_any_depth_are_events_earliest_first() -> None:
    found = events_of(
        {
            "id": "T1",
            "conferences": [{"date": "2010-05-04"}, {"date": "2010-02"}],
            "plans": [
                {
                    "period": {"start": "2010-02-09", "end": "2010-11-30"},
                    "actions": [{"due_on": "2010-04-01"}],
                }
            ],
        }
    )
    assert found == [
        {"pointer": "/conferences/1", "name": "conference", "date": "2010-02", "until": None},
        {
            "pointer": "/plans/0",
            "name": "child protection plan",
            "date": "2010-02-09",
            "until": "2010-11-30",
        },
        {
            "pointer": "/plans/0/actions/0",
            "name": "plan action",
            "date": "2010-04-01",
            "until": None,
        },
        {"pointer": "/conferences/0", "name": "conference", "date": "2010-05-04", "until": None},
    ]


def test_a_date_that_is_not_recorded_is_said_and_comes_last() -> None:
    """A later date of the item, such as its completion, does not stand in for it."""
    found = events_of(
        {
            "id": "T1",
            "section_47_enquiries": [{"completed_on": "2010-03-05"}, {"start": "2010-03-01"}],
        }
    )
    assert [(event["pointer"][-1], event["date"]) for event in found] == [
        ("1", "2010-03-01"),
        ("0", None),
    ]


def test_what_can_have_no_date_is_no_event() -> None:
    invented = {"id": "T1", "conferences": [], "missed_appointments": None}
    assert events_of(invented) == []
    professionals = {"date": "2010-05-04", "professionals": [{"agency": "police"}]}
    assert [e["name"] for e in events_of({"id": "T1", "conferences": [professionals]})] == [
        "conference"
    ]


def test_a_time_of_day_and_an_unknown_day_are_kept_as_written() -> None:
    found = events_of({"id": "T1", "referrals": [{"made_at": "2010-05-04T16:30"}]})
    assert [event["date"] for event in found] == ["2010-05-04T16:30:00"]
    found = events_of({"id": "T1", "referrals": [{"made_at": "2010-05"}]})
    assert [event["date"] for event in found] == ["2010-05"]


def test_any_pack_has_events() -> None:
    """A part of the bicycle workshop is one, and so is each check of it."""
    part = {"name": "bell", "fitted_on": "2024-01-03", "checks": [{"on": "2024-01-02"}]}
    typed = decoder_of(PACK).from_raw({"id": "J1", "parts": [part]}, None)
    assert events(typed, PACK.kinds["job"].type) == [
        {"pointer": "/parts/0/checks/0", "name": "check", "date": "2024-01-02", "until": None},
        {"pointer": "/parts/0", "name": "part", "date": "2024-01-03", "until": None},
    ]
