"""Lengths of time as they are written in plans and on the command line: 3 months."""

from __future__ import annotations

from datetime import date, timedelta

from scr_audit.packs.period import Period
from scr_audit.values.calendar import add_months

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def after(day: date, span: str) -> date:
    """The day that lies so long after another one; in a shorter month, its last day."""
    number, unit = span.split(" ")
    unit = unit.removesuffix("s")
    if unit in _DAYS:
        return day + timedelta(days=int(number) * _DAYS[unit])
    return add_months(day, int(number) * _MONTHS[unit])


def falling_due_in(period: Period, span: str) -> Period:
    """The days so long after which is a day of the period."""
    end = _first_day_before(period.end + timedelta(days=1), span) - timedelta(days=1)
    return Period(_first_day_before(period.start, span), end)


def _first_day_before(day: date, span: str) -> date:
    """The first day that has `day`, or a later one, so long after it."""
    number, unit = span.split(" ")
    unit = unit.removesuffix("s")
    if unit in _DAYS:
        return day - timedelta(days=int(number) * _DAYS[unit])
    found = add_months(day, -int(number) * _MONTHS[unit])
    # A shorter month has no such day, and its last one does not reach so far.
    return found if found.day == day.day else found + timedelta(days=1)
