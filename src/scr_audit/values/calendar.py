"""Working days of a calendar, and months.

A calendar is named as the `holidays` package names it: `GB-ENG` is the part ENG of GB, `FR` the
whole of FR. A working day is a day that is neither of the weekend there nor a public holiday. The
package works offline and knows the one-off days; for future years it gives what the law gives
today.

Counting is two look-ups in a table of cumulative working days. The table covers only the years
asked about so far, without gaps, and grows a year at a time; the package is imported when the
first year is. Years from `FIRST_YEAR` to `LAST_YEAR` are known. A question that needs any other
day has the answer None: not known.
"""

from array import array
from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import UTC, date, datetime
from functools import cache
from threading import Lock
from typing import Any

FIRST_YEAR = 1900
LAST_YEAR = 2100

_FIRST_DAY = date(FIRST_YEAR, 1, 1).toordinal()
_LAST_DAY = date(LAST_YEAR, 12, 31).toordinal()
_DAY_0 = _FIRST_DAY - 1


class Calendar:
    """The working days of one place: `upto[place]` of two days differ by those between them.

    Made by `calendar_named`, so that there is one of each name. Days are places in the table, and
    place 0 is the day before `FIRST_YEAR`. Filled are the days after `first` up to `last`, always
    whole years; `first` itself is the last day before them. The count starts from the first year
    asked for, so that it is negative before that.
    """

    __slots__ = ("_growing", "first", "last", "name", "upto")

    def __init__(self, name: str) -> None:
        self.name = name
        self.upto = array("i", bytes(4)) * (_LAST_DAY - _FIRST_DAY + 2)
        self.first = self.last = 0
        self._growing = Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return calendar_named, (self.name,)

    def __repr__(self) -> str:
        return f"Calendar({self.name!r})"

    def covers(self, place: int) -> bool:
        """Make sure that the year of a place is filled; False if it is not a known year."""
        if not 0 < place < len(self.upto):
            return False
        year = _day(place).year
        with self._growing:
            if not self.last:  # nothing is filled yet
                self.first = self.last = _place(date(year, 1, 1)) - 1
            while self.last < place:
                self._fill_later_year()
            while self.first >= place:
                self._fill_earlier_year()
        return True

    def _fill_later_year(self) -> None:
        place = self.last
        count = self.upto[place]
        for works in self._days_of(_day(place + 1).year):
            place += 1
            count += works
            self.upto[place] = count
        # Other threads read without the lock, so that the bound moves after the table is filled.
        self.last = place

    def _fill_earlier_year(self) -> None:
        place = self.first
        count = self.upto[place]
        for works in reversed(self._days_of(_day(place).year)):
            place -= 1
            count -= works
            self.upto[place] = count
        self.first = place

    def _days_of(self, year: int) -> list[bool]:
        """Say of each day of a year whether it is a working day."""
        # Here and not above: it is slow to import, and many runs count no working days.
        from holidays import country_holidays

        country, _, part = self.name.partition("-")
        # The weekend differs from place to place, and in some from year to year.
        known = country_holidays(country, subdiv=part or None, years=year)
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        return [known.is_working_day(day) for day in days]

    def working_days_between(self, start: date, end: date) -> int | None:
        """Count the working days after `start`, up to and including `end`.

        The day of the event is day 0: from a Thursday to the next working day is 1, and to itself
        0. An `end` before `start` gives the count the other way about, made negative. None if
        either day lies outside the known years.
        """
        before, last = _place(start), _place(end)
        if not (self.covers(before) and self.covers(last)):
            return None
        return self.upto[last] - self.upto[before]

    def add(self, start: date, number: int) -> date | None:
        """Find the working day that is `number` working days after `start`; before it if negative.

        For a number of 0 it is `start` itself, working day or not. None if it is not within the
        known years, or `start` is not.
        """
        place = _place(start)
        if not (self.first < place <= self.last or self.covers(place)):
            return None
        if number == 0:
            return start
        return self._after(place, number) if number > 0 else self._before(place, -number)

    def _after(self, place: int, number: int) -> date | None:
        wanted = self.upto[place] + number
        while self.upto[self.last] < wanted:
            if not self.covers(self.last + 1):
                return None
        return _day(bisect_left(self.upto, wanted, place, self.last + 1))

    def _before(self, place: int, number: int) -> date | None:
        wanted = self.upto[place - 1] - number
        while self.upto[self.first] > wanted:
            if not self.covers(self.first):
                return None
        return _day(bisect_right(self.upto, wanted, self.first, place))


@cache
def calendar_named(name: str) -> Calendar:
    """The calendar of a name that `known_calendars` has."""
    return Calendar(name)


def known_calendars() -> list[str]:
    """The names of all calendars: each country's, and with its parts."""
    from holidays import list_supported_countries

    countries = list_supported_countries(include_aliases=True)
    return [
        name
        for country, parts in countries.items()
        for name in (country, *(f"{country}-{part}" for part in parts))
    ]


def add_months(day: date, number: int) -> date:
    """Give the same day of the month `number` months later, earlier if negative.

    Where that month is shorter, its last day: one month after 31 January is 28 or 29 February.
    Beyond the years 1 to 9999 it is the first or the last day that a date can hold.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _place(day: date) -> int:
    return day.toordinal() - _DAY_0


def _day(place: int) -> date:
    return date.fromordinal(place + _DAY_0)


def now_text() -> str:
    """This moment in UTC, to the second: `2026-11-24T10:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
