"""A timeline says when what happened, and what is not met, late or not evidenced about it."""

from typing import Any

import pytest
from report_sample import sample_bundle

from scr_audit.report.timeline import Axis, Timeline, ticks, timelines
from scr_audit.report.wording import date_words, days_of


def event(pointer: str, date: str, until: str | None = None, name: str = "visit") -> dict[str, Any]:
    return {"pointer": pointer, "name": name, "date": date, "until": until}


def timeline(events: list[dict[str, Any]], **finding: Any) -> Timeline:
    """The timeline of a record with these events and one finding."""
    bundle = sample_bundle(records=1, rules=1)
    bundle["rules"][0]["title"] = "Seen in time"
    bundle["findings"] = [bundle["findings"][0] | {"late": [], "unit": ""} | finding]
    bundle["records"][0]["events"] = events
    return timelines(bundle, ["finding-1"])["case", "C01"]


def test_a_finding_not_met_marks_its_event() -> None:
    found = timeline([event("/visits/0", "2026-05-04")], unit="/visits/0", outcome="not_met")
    assert [(mark.kind, mark.sign) for mark in found.lanes[0].marks] == [("not_met", "✗")]
    assert [note.text for note in found.lanes[0].notes] == ["✗ Seen in time"]
    assert found.events == [("4 May 2026", "visit 1", [("Seen in time", "finding-1", "")], 0)]


def test_a_finding_below_an_event_marks_the_closest_event_above_it() -> None:
    events = [event("/a/0", "2026-05-04"), event("/a/0/b/1", "2026-05-05")]
    found = timeline(events, unit="/a/0/b/1/c/2", outcome="not_met")
    assert [bool(view.flaws) for view in found.events] == [False, True]


def test_an_event_whose_place_only_begins_alike_is_not_marked() -> None:
    found = timeline([event("/visits/1", "2026-05-04")], unit="/visits/10", outcome="not_met")
    assert not found.events[0].flaws


def test_a_late_date_is_said_where_it_stands() -> None:
    late = [{"pointer": "/visits/1/date", "due": "2026-05-01", "text": "3 working days late"}]
    events = [event("/visits/0", "2026-05-01"), event("/visits/1", "2026-05-06")]
    found = timeline(events, unit="", outcome="not_met", late=late)
    assert [note.text for note in found.lanes[0].notes] == ["late: 3 working days late"]
    assert found.events[1].flaws == [("Seen in time", "finding-1", "3 working days late")]
    assert found.gist == (
        "2 visits, 1 May 2026 to 6 May 2026: 1 with something not met, 1 late, "
        "0 with something not evidenced."
    ).replace("2 visits", "2 events")


def test_not_evidenced_is_a_question_mark() -> None:
    found = timeline([event("/v/0", "2026-05-04")], unit="/v/0", outcome="not_evidenced")
    assert [(mark.kind, mark.sign) for mark in found.lanes[0].marks] == [("not_evidenced", "?")]
    assert found.events[0].open == 1


def test_an_imprecise_date_and_a_period_are_drawn_as_spans() -> None:
    events = [event("/v/0", "2026"), event("/v/1", "2026-02-01", "2026-03-01"),
              event("/v/2", "2026-04-01")]  # fmt: skip
    widths = {mark.x: mark.width for mark in timeline(events).lanes[0].marks}
    assert [bool(width) for width in widths.values()] == [True, True, False]


def test_an_event_without_a_readable_date_stands_in_the_list_only() -> None:
    found = timeline([event("/v/0", "soon"), event("/v/1", "2026-05-04")])
    assert found.left_out == "1 event without a readable date stand in the list only."
    assert len(found.events) == 2
    assert timeline([event("/v/0", "soon")]).lanes == []


def test_many_kinds_are_capped_in_the_drawing_and_not_in_the_table() -> None:
    events = [event(f"/k{n}/0", "2026-05-04", name=f"kind{n}") for n in range(150)]
    found = timeline(events, unit="/k140/0", outcome="not_met")
    assert (len(found.lanes), len(found.events)) == (10, 150)
    assert "1 kind140 · ✗ 1" in [lane.title for lane in found.lanes]
    assert found.height < 500


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026", "2026"),
        ("2026-05", "May 2026"),
        ("2026-05-04", "4 May 2026"),
        ("2026-05-04T09:30:00", "4 May 2026, 09:30"),
        ("2026-13-04", "2026-13-04"),
        ("soon", "soon"),
    ],
)
def test_dates_are_said_as_precisely_as_they_are_recorded(text: str, words: str) -> None:
    assert date_words(text) == words


@pytest.mark.parametrize(
    ("text", "days"), [("2024-02", 29), ("2026", 365), ("2026-05-04", 1), ("2026-05-04T09:30", 1)]
)
def test_an_imprecise_date_may_be_any_day_of_its_month_or_year(text: str, days: int) -> None:
    found = days_of(text)
    assert found is not None
    assert found.last - found.first + 1 == days


@pytest.mark.parametrize("years", [0.1, 0.5, 1, 2, 5, 30, 300])
def test_an_axis_has_at_most_five_ticks(years: float) -> None:
    found = ticks(Axis(700_000, 700_000 + int(365 * years)))
    assert len(found) <= 5
    assert [float(x) for x, _ in found] == sorted(float(x) for x, _ in found)
