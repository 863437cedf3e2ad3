"""The period that a run looks at, as people write it and in days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from scr_audit.errors import ArgumentError
from scr_audit.values.calendar import add_months
from scr_audit.values.imprecise import MONTHS, day_words

FORMS = "2026Q3, Q3 2026, 2026-07, July 2026, 2026, 2026/27 or 2026-07-01..2026-09-30"
CALENDAR_YEAR = (1, 1)
_DAY = r"(\d{4})-(\d{2})-(\d{2})"


@dataclass(frozen=True, order=True)
class Period:
    """From the first day to the last one, both of them in it."""

    start: date
    end: date

    def __str__(self) -> str:
        """In days, whatever it was written as: `1 July to 30 September 2026`."""
        if self.start == self.end:
            return day_words(self.end)
        start = day_words(self.start)
        if self.start.year == self.end.year:
            start = f"{self.start.day} {MONTHS[self.start.month - 1]}"
        return f"{start} to {day_words(self.end)}"

    @property
    def label(self) -> str:
        """In few signs, for charts: `2026-03`, `2026Q1`, `2026`, else `START..END`."""
        quarter = f"{self.start:%Y}Q{(self.start.month + 2) // 3}"
        for months, name in ((1, f"{self.start:%Y-%m}"), (3, quarter), (12, f"{self.start:%Y}")):
            if self == _months(self.start.year, self.start.month - 1, months, CALENDAR_YEAR):
                return name
        return f"{self.start}..{self.end}"

    def overlaps(self, other: Period) -> bool:
        """Whether a day lies in both."""
        return self.start <= other.end and other.start <= self.end


def period_of(start: str | None, end: str | None) -> Period | None:
    """The period of two days in ISO 8601; None where there is none."""
    if start is None or end is None:
        return None
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def month_of(day: date) -> Period:
    """The month of a day."""
    return _months(day.year, day.month - 1, 1, CALENDAR_YEAR)


def quarter_of(day: date) -> Period:
    """The quarter of the calendar year that a day is in."""
    return _months(day.year, (day.month - 1) // 3 * 3, 3, CALENDAR_YEAR)


def parse_period(text: str, *, year_from: tuple[int, int] = CALENDAR_YEAR) -> Period:
    """The days of a period such as 2026Q3; `year_from` is the month and day a year begins.

    Raises `ArgumentError` where it is not written in one of the `FORMS`, or runs backwards.
    """
    try:
        return _parsed(plain_period(text), year_from)
    except ValueError as error:
        raise ArgumentError(f"period {text}", str(error)) from None


_YEAR = r"(?P<year>\d{4}(?:/\d\d)?)"
_TYPED = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_YEAR}[ -]?Q ?(?P<quarter>\d)",
        rf"Q ?(?P<quarter>\d)[ -/]?{_YEAR}",
        r"(?P<year>\d{4})[ -]?(?P<month>[a-z]{3,9})",
        r"(?P<month>[a-z]{3,9})[ -]?(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<number>\d)",
        r"(?P<number>\d\d?)[-/](?P<year>\d{4})",
    )
)


def plain_period(text: str) -> str:
    """What people type in the one form that is read: `Q3 2026`, `2026 q3`, `July 2026`."""
    text = " ".join(text.split())
    for form in _TYPED:
        if (found := form.fullmatch(text)) is None:
            continue
        parts = found.groupdict()
        if "quarter" in parts:
            return f"{parts['year']}Q{parts['quarter']}"
        if "number" in parts:
            return f"{parts['year']}-{int(parts['number']):02}"
        for number, month in enumerate(MONTHS, 1):
            if month.lower().startswith(parts["month"].lower()):
                return f"{parts['year']}-{number:02}"
    return text.replace(" to ", "..").replace(" ", "")


def _parsed(text: str, year_from: tuple[int, int]) -> Period:
    if found := re.fullmatch(rf"{_DAY}\.\.{_DAY}", text):
        start, end = (_date(*found.groups()[place : place + 3]) for place in (0, 3))
        if start > end:
            raise ValueError("ends before it starts")
        return Period(start, end)
    if found := re.fullmatch(r"(\d{4})(?:/(\d{2}))?Q([1-4])", text):
        _check_pair(found[1], found[2], year_from)
        months = 3 * (int(found[3]) - 1)
        return _months(int(found[1]), months, 3, year_from)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        start = _date(found[1], found[2], "01")
        return Period(start, _later(start, 1) - timedelta(days=1))
    if found := re.fullmatch(r"(\d{4})(?:/(\d{2}))?", text):
        if found[2] is None and year_from != CALENDAR_YEAR:
            first = day_words(_date(found[1], *(str(part) for part in year_from)))
            raise ValueError(
                f"the plan's year begins on {first}; write {text}/{(int(text) + 1) % 100:02d} for "
                f"it, or {text}-01-01..{text}-12-31 for the calendar year"
            )
        _check_pair(found[1], found[2], year_from)
        return _months(int(found[1]), 0, 12, year_from)
    raise ValueError(f"is not a period; expected {FORMS}")


def _check_pair(year: str, second: str | None, year_from: tuple[int, int]) -> None:
    if second is None:
        return
    if year_from == CALENDAR_YEAR:
        raise ValueError(
            f"the plan's year is the calendar year; write {year}, or give the plan "
            "'period: {year_from: \"04-01\"}'"
        )
    if int(second) != (int(year) + 1) % 100:
        raise ValueError(f"a year that begins in {year} is {year}/{(int(year) + 1) % 100:02d}")


def _date(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"there is no day {year}-{month}-{day}") from None


def _months(year: int, after: int, length: int, year_from: tuple[int, int]) -> Period:
    """`length` months, `after` months into the year that begins in `year`."""
    if not 1 <= year <= 9990:
        raise ValueError(f"is not a period; expected {FORMS}")
    first = date(year, *year_from)
    return Period(_later(first, after), _later(first, after + length) - timedelta(days=1))


def _later(day: date, months: int) -> date:
    """The same day of a later month; its years begin on a day that every month has."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, day.day)


_DAYS = {"day": 1, "week": 7}
_MONTHS_OF = {"month": 1, "year": 12}


def after(day: date, span: str) -> date:
    """The day a span (`3 months`) after another one; in a shorter month, its last day."""
    number, unit = span.split(" ")
    unit = unit.removesuffix("s")
    if unit in _DAYS:
        return day + timedelta(days=int(number) * _DAYS[unit])
    return add_months(day, int(number) * _MONTHS_OF[unit])


def falling_due_in(period: Period, span: str) -> Period:
    """The days from which a span (`3 months`) ends in the period."""
    end = _first_day_before(period.end + timedelta(days=1), span) - timedelta(days=1)
    return Period(_first_day_before(period.start, span), end)


def _first_day_before(day: date, span: str) -> date:
    """The first day from which a span ends on `day` or later."""
    number, unit = span.split(" ")
    unit = unit.removesuffix("s")
    if unit in _DAYS:
        return day - timedelta(days=int(number) * _DAYS[unit])
    found = add_months(day, -int(number) * _MONTHS_OF[unit])
    # A shorter month has no such day, and its last one does not reach so far.
    return found if found.day == day.day else found + timedelta(days=1)
