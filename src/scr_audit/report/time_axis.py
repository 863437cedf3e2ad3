"""A time axis: days as places along it, and ticks at the starts of months and years."""

from datetime import date
from typing import NamedTuple

from scr_audit.report.drawing import place
from scr_audit.report.wording import day_text

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
        return place(self.share(day))


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
