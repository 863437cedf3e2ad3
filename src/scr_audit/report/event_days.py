"""Dates of events as days, however imprecise they are."""

import calendar
import re
from datetime import date
from typing import NamedTuple

from scr_audit.packs.period import parse_period
from scr_audit.report.wording import day_text

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:[T ].*)?", re.DOTALL)


class Days(NamedTuple):
    """The first and the last day that a date may mean, as day numbers; the same if precise."""

    first: int
    last: int


def days_of(text: str) -> Days | None:
    """`2026-05` is any day of May 2026; None for what is no date."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last = date(first.year, month or 12, day or calendar.monthrange(first.year, month or 12)[1])
    except ValueError:
        return None
    return Days(first.toordinal(), last.toordinal())


def date_words(text: str) -> str:
    """`2026-05` as `May 2026`; a time of day stays; what is no date stays as it stands."""
    if days_of(text) is None:
        return text
    if len(text) == len("2026"):
        return text
    if len(text) == len("2026-05"):
        return day_text(f"{text}-01").split(" ", 1)[1]
    clock = text[11:16]
    return f"{day_text(text[:10])}{', ' if clock else ''}{clock}"


def time_words(label: str) -> str:
    """The label of a period as people say it: `2026Q3` as `Q3 2026`, `2026-03` as `March 2026`."""
    if ".." in label:
        return str(parse_period(label))
    year, quarter, number = label.partition("Q")
    return f"Q{number} {year}" if quarter else date_words(label)


def period_words(first: str, last: str) -> str:
    """From when to when, once where both are the same."""
    start, end = date_words(first), date_words(last)
    return start if start == end else f"{start} to {end}"
