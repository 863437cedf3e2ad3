"""Dates and times as far as an anonymised record states them.

`2009-08` is some day of August 2009. Comparing it with a day that may lie on either side
gives `None`, which is *unknown* in the logic of the rules: never guessed.

A date-time has the offset that the clocks of its place had at that moment, so that it is ordered,
and hours between two are counted, as time passes, while its day is that of the place. A local time
that the clocks show twice, or never, when they are changed is imprecise: one of two moments.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timezone, tzinfo
from typing import TypeAlias

Moment: TypeAlias = "date | Imprecise"

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ]"
    r"(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?\Z"
)
_CLOCK = (("hour", 23), ("minute", 59), ("second", 59))


class Imprecise:
    """A date (or date-time) known only to lie between `low` and `high`, both included.

    Comparisons give `True`, `False` or `None` where the imprecision leaves them open. One and the
    same fact, whatever day it is, is neither before nor after itself.
    """

    __slots__ = ("high", "low", "text")
    __hash__ = None  # type: ignore[assignment]  # its equality is three-valued

    def __init__(self, low: date, high: date, text: str) -> None:
        self.low = low
        self.high = high
        self.text = text

    def __repr__(self) -> str:
        return f"Imprecise({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def date(self) -> Moment:
        """The day, for an imprecise date-time: exact where only the time is not known."""
        low, high = as_day(self.low), as_day(self.high)
        return low if low == high else Imprecise(low, high, self.text)

    def __lt__(self, other: Moment) -> bool | None:
        if other is self:
            return False
        low, high = bounds(other)
        return True if self.high < low else False if self.low >= high else None

    def __le__(self, other: Moment) -> bool | None:
        if other is self:
            return True
        low, high = bounds(other)
        return True if self.high <= low else False if self.low > high else None

    def __gt__(self, other: Moment) -> bool | None:
        if other is self:
            return False
        low, high = bounds(other)
        return True if self.low > high else False if self.high <= low else None

    def __ge__(self, other: Moment) -> bool | None:
        if other is self:
            return True
        low, high = bounds(other)
        return True if self.low >= high else False if self.high < low else None

    def __eq__(self, other: object) -> bool | None:  # type: ignore[override]  # three-valued
        if other is self:
            return True
        low, high = bounds(other)  # type: ignore[arg-type]  # nothing else is compared
        return False if self.high < low or self.low > high else None

    def __ne__(self, other: object) -> bool | None:  # type: ignore[override]  # three-valued
        equal = self == other
        return None if equal is None else not equal


def bounds(moment: Moment) -> tuple[date, date]:
    """The earliest and the latest that `moment` can be."""
    if isinstance(moment, Imprecise):
        return moment.low, moment.high
    return moment, moment


def is_vague(moment: object) -> bool:
    """Whether it is left open which of several days or times a moment is."""
    return isinstance(moment, Imprecise) and moment.low != moment.high


def at_its_end(moment: Moment) -> Moment:
    """The last day of a month or year, as it is written: by July is until 31 July."""
    if isinstance(moment, Imprecise):
        return Imprecise(moment.high, moment.high, moment.text)
    return moment


def moments(moment: Moment) -> tuple[date, ...]:
    """Every time that `moment` can be, where clocks show it twice or never; nothing: too many."""
    low, high = bounds(moment)
    if isinstance(low, datetime) and isinstance(high, datetime):
        is_one = low.replace(tzinfo=None) == high.replace(tzinfo=None)
        return (low, high) if is_one else ()
    return ()


def as_day(moment: date) -> date:
    """The day of a date or a date-time."""
    return moment.date() if isinstance(moment, datetime) else moment


def parse_date(text: str) -> Moment:
    """A day (`2009-08-14`), a month (`2009-08`) or a year (`2009`); else `ValueError`."""
    if _DAY.match(text):
        return _exact_day(text)
    match = _MONTH.match(text)
    if not match:
        raise ValueError(f"expected a date such as 2009-08-14, 2009-08 or 2009, found {text!r}")
    year = int(match[1])
    first_month, last_month = (int(match[2]), int(match[2])) if match[2] else (1, 12)
    if not 1 <= first_month <= 12:
        raise ValueError(f"there is no month {match[2]} in {text!r}")
    if not year:
        raise ValueError(f"there is no year {text}")
    low = date(year, first_month, 1)
    return Imprecise(low, date(year, last_month, calendar.monthrange(year, last_month)[1]), text)


def _exact_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no day {text}") from None


def is_whole_day(text: str) -> bool:
    """Whether a text is a day as it is written here: `2009-08-14`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def parse_datetime(text: str, zone: tzinfo) -> Moment:
    """A time (`2009-08-14T22:30`), or any `parse_date` text: some time of that day.

    With an offset (`2009-08-14T22:30+01:00`, or `Z`) it is converted to the zone, without one it
    is the zone's own.
    """
    if (found := _TIME.match(text)) is not None:
        return in_zone(_exact_time(found), zone)
    if not (_DAY.match(text) or _MONTH.match(text)):
        raise ValueError(
            "expected a time such as 2009-08-14T22:30, or with an offset 2009-08-14T22:30+01:00, "
            f"found {text!r}"
        )
    low, high = bounds(parse_date(text))
    first, last = datetime.combine(low, time.min), datetime.combine(high, time.max)
    return Imprecise(bounds(in_zone(first, zone))[0], bounds(in_zone(last, zone))[1], text)


def _exact_time(found: re.Match[str]) -> datetime:
    day, clock, offset = found.group("day", "clock", "offset")
    _exact_day(day)
    for (name, most), part in zip(_CLOCK, clock.split(":"), strict=False):  # seconds may be missing
        if int(part[:2]) > most:
            raise ValueError(f"there is no {name} {part} in {found[0]!r}; expected 00 to {most}")
    try:
        return datetime.fromisoformat(found[0])
    except ValueError:
        raise ValueError(
            f"there is no offset {offset} in {found[0]!r}; expected one such as +01:00"
        ) from None


def in_zone(moment: datetime, zone: tzinfo) -> Moment:
    """A date-time with the offset that the zone had then; one without an offset is local there."""
    if moment.tzinfo is not None:
        try:
            there = moment.astimezone(zone)
        except OverflowError:
            raise ValueError(f"expected a time of the years 1 to 9999, found {moment}") from None
        return there.replace(tzinfo=_offset(there))
    offset, other = (_offset(moment.replace(tzinfo=zone, fold=n)) for n in (0, 1))
    there = moment.replace(tzinfo=offset)
    if offset == other:
        return there
    either = there, moment.replace(tzinfo=other)
    return Imprecise(min(either), max(either), moment.isoformat())


def moment_text(moment: Moment) -> str:
    """A moment as records have it: a date-time as the clocks of its place show it."""
    if isinstance(moment, Imprecise):
        return moment.text
    return (moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment).isoformat()


def day_words(day: date) -> str:
    """A day as it is read: 14 October 2026, whatever the locale of the machine."""
    return f"{day.day} {month_words(day)}"


def month_words(day: date) -> str:
    """The month of a day as it is read: October 2026."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def _offset(moment: datetime) -> timezone:
    offset = moment.utcoffset()
    assert offset is not None
    return timezone(offset)
