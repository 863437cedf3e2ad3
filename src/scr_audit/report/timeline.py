"""What happened in a record, in order, with what is not met, late or not evidenced about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from scr_audit.documents.editions import Bundle
from scr_audit.documents.run import EventInfo, FindingInfo
from scr_audit.report.wording import (
    SIGNS,
    Days,
    clipped,
    day_text,
    days_of,
    percent_along,
    period_words,
    place_text,
)
from scr_audit.values.text import counted, plural

_LANES = 10  # drawn at most; the table has all
_NOTES = 2  # drawn below a lane at most
_NOTE_LENGTH = 30
_LANE, _NOTE, _AXIS = 34, 15, 22  # heights in pixels
# Where a note has more room on its right than on its left, in per cent of the width.
_LEFT_THIRD, _RIGHT_THIRD = 38.0, 62.0

RecordName = tuple[str, str]  # kind and id of a record


class Flaw(NamedTuple):
    """Something not met about an event: the rule, where its finding stands, and how late."""

    rule: str
    anchor: str
    late: str


class EventView(NamedTuple):
    """One row of the table: an event, what is not met about it, how many are not evidenced."""

    when: str
    what: str
    flaws: list[Flaw]
    open: int


class EventMark(NamedTuple):
    """One event as drawn: `x` in per cent; `width` where it lasts or its date is imprecise.

    `kind` is `plain`, `not_met` or `not_evidenced`; `y` is in pixels.
    """

    x: str
    y: int
    width: str
    kind: str
    sign: str


class Note(NamedTuple):
    """Words below a mark; `side` is the SVG text anchor."""

    x: str
    y: int
    side: str
    text: str


class Lane(NamedTuple):
    """The events of one name."""

    title: str
    y: int
    marks: list[EventMark]
    notes: list[Note]


class Timeline(NamedTuple):
    """The drawing (`lanes` is empty where no event has a date) and the table of all events."""

    height: int
    ticks: list[tuple[str, str]]
    lanes: list[Lane]
    left_out: str
    gist: str
    events: list[EventView]


class _Event(NamedTuple):
    name: str
    day: str
    days: Days | None
    until: Days | None
    view: EventView


def timelines(bundle: Bundle, anchors: Sequence[str]) -> dict[RecordName, Timeline]:
    """The timeline of each record with events; `anchors` are those of the findings, in order."""
    kinds = {rule["id"]: rule["record"] for rule in bundle["rules"]}
    titles = {rule["id"]: rule["title"] for rule in bundle["rules"]}
    concerning: dict[RecordName, list[tuple[FindingInfo, Flaw]]] = defaultdict(list)
    for finding, anchor in zip(bundle["findings"], anchors, strict=True):
        if finding["outcome"] in ("not_met", "not_evidenced"):
            flaw = Flaw(titles[finding["rule"]], anchor, "")
            concerning[kinds[finding["rule"]], finding["record"]].append((finding, flaw))
    return {
        key: _timeline(record["events"], concerning[key])
        for record in bundle["records"]
        if record["events"]
        for key in [(record["kind"], record["id"])]
    }


def _timeline(
    events: Sequence[EventInfo], concerning: Iterable[tuple[FindingInfo, Flaw]]
) -> Timeline:
    pointers = {event["pointer"] for event in events}
    flaws: dict[str, list[Flaw]] = defaultdict(list)
    silent: Counter[str] = Counter()
    for finding, flaw in concerning:
        if finding["outcome"] == "not_evidenced":
            silent[_nearest(finding["unit"], pointers)] += 1
            continue
        for pointer, late in _places(finding, pointers).items():
            flaws[pointer].append(flaw._replace(late=late))
    found = [_event(event, flaws[event["pointer"]], silent[event["pointer"]]) for event in events]
    return _draw(found)


def _places(finding: FindingInfo, pointers: set[str]) -> dict[str, str]:
    """The events that a finding is about, and how late each was; the unit's own without."""
    late = {_nearest(item["pointer"], pointers): item["text"] for item in finding["late"]}
    late.pop("", None)
    own = _nearest(finding["unit"], pointers)
    return late if not own or late else {own: ""}


def _nearest(pointer: str, pointers: set[str]) -> str:
    """The event at `pointer` or the closest above it; empty if there is none."""
    while pointer and pointer not in pointers:
        pointer = pointer.rpartition("/")[0]
    return pointer


def _event(event: EventInfo, flaws: list[Flaw], silent: int) -> _Event:
    begun, until = event["date"] or "", event["until"]
    when = period_words(begun, until or begun) if begun else "not recorded"
    name = event["name"]
    what = place_text(event["pointer"], name, plural(name)) or name
    return _Event(
        name,
        begun,
        days_of(begun),
        None if until is None else days_of(until),
        EventView(when, what, flaws, silent),
    )


def _draw(events: list[_Event]) -> Timeline:
    dated = [event for event in events if event.days]
    axis = Axis(
        min((event.days.first for event in dated if event.days), default=0),
        max((_last(event) for event in dated), default=0),
    )
    lanes: dict[str, list[_Event]] = defaultdict(list)
    for event in dated:
        lanes[event.name].append(event)
    # Those with most to look at are kept, and stand in the order of their first events.
    kept = sorted(lanes, key=lambda name: _weight(lanes[name]))[:_LANES]
    height, drawn = _AXIS, []
    for name in lanes:
        if name in kept:
            lane = _lane(name, lanes[name], axis, top=height)
            drawn.append(lane)
            height += _LANE + _NOTE * len(lane.notes)
    return Timeline(
        height, ticks(axis) if drawn else [], drawn, _left_out(events, dated, lanes, kept),
        _gist(events), [event.view for event in events],
    )  # fmt: skip


def _last(event: _Event) -> int:
    return max(days.last for days in (event.days, event.until) if days)


def _weight(events: list[_Event]) -> tuple[int, int, int]:
    flaws = sum(1 for event in events if event.view.flaws)
    silent = sum(1 for event in events if event.view.open)
    return (-flaws, -silent, -len(events))


def _lane(name: str, events: list[_Event], axis: Axis, *, top: int) -> Lane:
    marks = [_mark(event, axis, top + 23) for event in events]
    return Lane(_lane_title(name, events), top + 12, _distinct(marks), _notes(events, axis, top))


def _lane_title(name: str, events: list[_Event]) -> str:
    flaws = sum(1 for event in events if event.view.flaws)
    silent = sum(1 for event in events if event.view.open and not event.view.flaws)
    said = [counted(len(events), name)]
    said += [f"{SIGNS['not_met']} {flaws}"] if flaws else []
    said += [f"{SIGNS['not_evidenced']} {silent}"] if silent else []
    return clipped(" · ".join(said), 44)


def _mark(event: _Event, axis: Axis, y: int) -> EventMark:
    kind = "not_met" if event.view.flaws else "not_evidenced" if event.view.open else "plain"
    first, last = (event.days or Days(0, 0)).first, max(_last(event), axis.first)
    x = axis.share(first)
    width = axis.share(last) - x
    return EventMark(axis.place(first), y, f"{width * 100:.1f}" if last > first else "", kind,
                SIGNS.get(kind, ""))  # fmt: skip


def _distinct(marks: list[EventMark]) -> list[EventMark]:
    """Each mark once, the plain ones first so that they cover no other."""
    order = {"plain": 0, "not_evidenced": 1, "not_met": 2}
    worst: dict[tuple[str, str], EventMark] = {}
    for mark in sorted(marks, key=lambda mark: order[mark.kind]):
        worst[mark.x, mark.width] = mark
    return sorted(worst.values(), key=lambda mark: order[mark.kind])


def _notes(events: list[_Event], axis: Axis, top: int) -> list[Note]:
    """How late what was late is, and the rules that are not met; the late first."""
    said = [(f"late: {flaw.late}" if flaw.late else f"{SIGNS['not_met']} {flaw.rule}", event)
            for event in events for flaw in event.view.flaws]  # fmt: skip
    said.sort(key=lambda item: not item[0].startswith("late: "))
    if len(said) > _NOTES:
        said = said[: _NOTES - 1]
        more = sum(len(event.view.flaws) for event in events) - len(said)
        said.append((f"and {more} more not met", said[0][1]))
    return [_note(text, event, axis, top + _LANE + 10 + _NOTE * row)
            for row, (text, event) in enumerate(said)]  # fmt: skip


def _note(text: str, event: _Event, axis: Axis, y: int) -> Note:
    at = axis.share((event.days or Days(0, 0)).first) * 100
    side = "start" if at < _LEFT_THIRD else "end" if at > _RIGHT_THIRD else "middle"
    return Note(f"{at:.1f}", y, side, clipped(text, _NOTE_LENGTH))


def _left_out(
    events: list[_Event], dated: list[_Event], lanes: Mapping[str, list[_Event]], kept: list[str]
) -> str:
    said = []
    if len(lanes) > len(kept):
        hidden = sum(len(found) for name, found in lanes.items() if name not in kept)
        said.append(
            f"Drawn are the {len(kept)} kinds of event with most to look at; "
            f"{counted(hidden, 'event')} of {counted(len(lanes) - len(kept), 'other kind')} "
            "stand in the list only."
        )
    if len(events) > len(dated):
        said.append(
            f"{counted(len(events) - len(dated), 'event')} without a readable date "
            "stand in the list only."
        )
    return " ".join(said)


def _gist(events: list[_Event]) -> str:
    days = [event.day for event in events if event.days]
    flaws = sum(1 for event in events if event.view.flaws)
    late = sum(1 for event in events if any(flaw.late for flaw in event.view.flaws))
    silent = sum(1 for event in events if event.view.open)
    period = f", {period_words(days[0], days[-1])}" if days else ""
    return (
        f"{counted(len(events), 'event')}{period}: {flaws} with something not met, {late} late, "
        f"{silent} with something not evidenced."
    )


_MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_MOST_TICKS = 5  # more would run into each other on a phone
_EDGE = 0.02  # room at both ends, so that no mark is cut
_YEAR = 12


class Axis(NamedTuple):
    """From the first to the last day, as day numbers."""

    first: int
    last: int

    def share(self, day: int) -> float:
        """Where a day is, from 0 to 1."""
        whole = self.last - self.first
        return _EDGE + (1 - 2 * _EDGE) * ((day - self.first) / whole if whole else 0.5)

    def place(self, day: int) -> str:
        """Where a day is, in per cent of the width."""
        return percent_along(self.share(day))


def ticks(axis: Axis) -> list[tuple[str, str]]:
    """Place and label of the starts of months or years, at most five of them."""
    first, last = date.fromordinal(axis.first), date.fromordinal(axis.last)
    start, end = first.year * _YEAR + first.month, last.year * _YEAR + last.month - 1
    for step in _MONTHS_APART:
        months = [month for month in range(start - 1, end + 1) if month % step == 0]
        days = [(date(month // _YEAR, month % _YEAR + 1, 1), step) for month in months]
        found = [(axis.place(day.toordinal()), _label(day, step))
                 for day, step in days if axis.first <= day.toordinal() <= axis.last]  # fmt: skip
        if len(found) <= _MOST_TICKS:
            return found
    return []


def _label(day: date, months_apart: int) -> str:
    if months_apart >= _YEAR:
        return str(day.year)
    month = day_text(day.isoformat()).split()[1][:3]
    return f"{month} {day.year}"
