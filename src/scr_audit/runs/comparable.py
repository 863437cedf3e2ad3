"""Whether an earlier run is the one that an audit plan wants to compare with."""

from __future__ import annotations

from datetime import date, timedelta

from scr_audit.packs.period import Period


def other_period(comparison: str | None, now: Period, then: Period) -> str:
    """In what an earlier period is not the one the plan compares with; empty: it is, or none is."""
    if comparison == "none":
        return "the plan compares with no earlier run"
    if comparison == "previous_period" and then.end != now.start - timedelta(days=1):
        return f"the plan compares with the period just before, and this run looks at {then}"
    if comparison == "same_period_last_year" and then != _year_before(now):
        wanted = _year_before(now)
        return f"the plan compares with {wanted}, and this run looks at {then}"
    return ""


def _year_before(period: Period) -> Period:
    after = period.end + timedelta(days=1)
    return Period(_last_year(period.start), _last_year(after) - timedelta(days=1))


def _last_year(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
