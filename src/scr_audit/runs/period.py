"""The days that a run is about: a month, a quarter, a year, or from one day to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from scr_audit.errors import InputError

_EXPECTED = "expected a month (2026-03), a quarter (2026Q1), a year (2026) or START..END"


@dataclass(frozen=True, order=True)
class Period:
    """From `start` to `end`, both days included."""

    start: date
    end: date

    def overlaps(self, other: Period) -> bool:
        """Whether a day is in both."""
        return self.start <= other.end and other.start <= self.end

    def __str__(self) -> str:
        for months, name in ((1, f"{self.start:%Y-%m}"), (3, _quarter(self.start)),
                             (12, f"{self.start:%Y}")):  # fmt: skip
            if self == _months(self.start.year, self.start.month, months):
                return name
        return f"{self.start}..{self.end}"


def period_of(start: str | None, end: str | None) -> Period | None:
    """The period of two days in ISO 8601; None where there is none."""
    if start is None or end is None:
        return None
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def month_of(day: date) -> Period:
    """The month of a day."""
    return _months(day.year, day.month, 1)


def quarter_of(day: date) -> Period:
    """The quarter of the calendar year that a day is in."""
    return _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)


def parse_period(text: str) -> Period:
    """The period that a text names. Raises `InputError`."""
    try:
        found = _parsed(text)
    except ValueError as error:
        raise InputError(f"{text}: {error}; {_EXPECTED}") from error
    if found is None:
        raise InputError(f"{text}: is no period; {_EXPECTED}")
    if found.end < found.start:
        raise InputError(f"{text}: ends before it starts; {_EXPECTED}")
    return found


def _parsed(text: str) -> Period | None:
    if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text):
        return Period(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    if match := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text):
        return _months(int(match[1]), int(match[2]) * 3 - 2, 3)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _months(int(match[1]), int(match[2]), 1)
    if match := re.fullmatch(r"(\d{4})", text):
        return _months(int(match[1]), 1, 12)
    return None


def _months(year: int, month: int, count: int) -> Period:
    """So many months from the first day of one on."""
    start = date(year, month, 1)
    ahead = month - 1 + count
    after = date(year + ahead // 12, ahead % 12 + 1, 1) if year + ahead // 12 <= 9999 else None
    return Period(start, date.max if after is None else after - timedelta(days=1))


def _quarter(day: date) -> str:
    return f"{day:%Y}Q{(day.month + 2) // 3}"
