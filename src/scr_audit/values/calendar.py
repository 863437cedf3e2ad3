"""Working days of a calendar, and months.

A calendar is named as the `holidays` package names it: `GB-ENG` is the part ENG of GB, `FR` the
whole of FR. A working day is a day that is neither of the weekend there nor a public holiday. The
package works offline and knows the one-off days; for future years it gives what the law gives
today.

Counting is two look-ups in a table of cumulative working days, from `FIRST_YEAR` to `LAST_YEAR`.
The table comes from the package or, without it, from the compiled pack that was made with it. A
question that needs any other day has the answer None: not known.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from calendar import isleap
from datetime import UTC, date, datetime
from functools import cache, cached_property
from itertools import accumulate
from typing import Any

from scr_audit.errors import InputError

FIRST_YEAR = 1900
LAST_YEAR = 2100

_FIRST_DAY = date(FIRST_YEAR, 1, 1).toordinal()
_LAST_DAY = date(LAST_YEAR, 12, 31).toordinal()
_DAY_0 = _FIRST_DAY - 1
_DAYS = _LAST_DAY - _DAY_0
_LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_AS_TEXT = bytes.maketrans(b"\0\1", b"01")
_AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")


class Calendar:
    """The working days of one place: `upto[place]` of two days differ by those between them.

    Days are places in the table, and place 0 is the day before `FIRST_YEAR`. `table` has a bit for
    each day, the first day's the highest; None: it is made of the package, once it is needed.
    """

    def __init__(self, name: str, table: bytes | None = None) -> None:
        self.name = name
        self._table = table

    def __reduce__(self) -> tuple[Any, ...]:
        return calendar_named, (self.name,) if self._table is None else (self.name, self._table)

    def __repr__(self) -> str:
        return f"Calendar({self.name!r})"

    @cached_property
    def table(self) -> bytes:
        """Whether each day from `FIRST_YEAR` to `LAST_YEAR` is a working day, as bits.

        Raises `InputError` where the package that knows is missing.
        """
        if self._table is not None:
            return self._table
        return int(_works(self.name).translate(_AS_TEXT), 2).to_bytes(-(-_DAYS // 8))

    @cached_property
    def upto(self) -> array[int]:
        """How many working days there are up to each day."""
        days = format(int.from_bytes(self.table), f"0{_DAYS}b").encode().translate(_AS_NUMBERS)
        return array("i", accumulate(days, initial=0))

    def working_days_between(self, start: date, end: date) -> int | None:
        """Count the working days after `start`, up to and including `end`.

        The day of the event is day 0: from a Thursday to the next working day is 1, and to itself
        0. An `end` before `start` gives the count the other way about, made negative. None if
        either day lies outside the known years.
        """
        before, last = _place(start), _place(end)
        if not (_is_known(before) and _is_known(last)):
            return None
        return self.upto[last] - self.upto[before]

    def add(self, start: date, number: int) -> date | None:
        """Find the working day that is `number` working days after `start`; before it if negative.

        For a number of 0 it is `start` itself, working day or not. None if it is not within the
        known years, or `start` is not.
        """
        place, upto = _place(start), self.upto
        if not _is_known(place):
            return None
        if number == 0:
            return start
        if number > 0:
            wanted = upto[place] + number
            return _day(bisect_left(upto, wanted, place)) if wanted <= upto[-1] else None
        wanted = upto[place - 1] + number
        return _day(bisect_right(upto, wanted, 0, place)) if wanted >= 0 else None


def _works(name: str) -> bytes:
    """Whether each day is a working day of the package's calendar, a byte for each."""
    try:
        from holidays import country_holidays  # slow to import, and few runs need it
    except ImportError as error:
        raise InputError(
            "the Python library 'holidays' is missing, and without it no working day can be "
            f"counted ({error}); install scr-audit anew"
        ) from error
    country, _, part = name.partition("-")
    # The weekend differs from place to place, and in some from year to year.
    known = country_holidays(country, subdiv=part or None, years=range(FIRST_YEAR, LAST_YEAR + 1))
    return bytes(known.is_working_day(_day(place)) for place in range(1, _DAYS + 1))


@cache
def calendar_named(name: str, table: bytes | None = None) -> Calendar:
    """The calendar of a name that `known_calendars` has, or of a table that was made of it."""
    return Calendar(name, table)


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
    last = _LAST_DAYS[month] + (month == 1 and isleap(year))
    return date(year, month + 1, min(day.day, last))


def _place(day: date) -> int:
    return day.toordinal() - _DAY_0


def _is_known(place: int) -> bool:
    return 0 < place <= _DAYS


def _day(place: int) -> date:
    return date.fromordinal(place + _DAY_0)


def now_text() -> str:
    """This moment in UTC, to the second: `2026-11-24T10:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
