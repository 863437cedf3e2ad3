"""Working days of England, and months.

A working day is a day from Monday to Friday that is no bank holiday in England. Bank holidays come
from the `holidays` package, which works offline and knows the one-off days; for future years it
gives what the law gives today.

Counting is two look-ups in a table of cumulative working days. The table covers only the years
asked about so far, without gaps, and grows a year at a time; the package is imported when the
first year is. Years from `FIRST_YEAR` to `LAST_YEAR` are known. A question that needs any other
day has the answer None: not known.
"""

from array import array
from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import date
from threading import Lock

FIRST_YEAR = 1900
LAST_YEAR = 2100

_FIRST_DAY = date(FIRST_YEAR, 1, 1).toordinal()
_LAST_DAY = date(LAST_YEAR, 12, 31).toordinal()
_DAY_0 = _FIRST_DAY - 1
_SATURDAY = 5


class _WorkingDays:
    """A table of working days: `upto[place]` of two days differ by the working days between them.

    Days are places in the table, and place 0 is the day before `FIRST_YEAR`. Filled are the days
    after `first` up to `last`, always whole years; `first` itself is the last day before them. The
    count starts from the first year asked for, so that it is negative before that.
    """

    __slots__ = ("_growing", "first", "holidays", "last", "upto")

    def __init__(self) -> None:
        self.upto = array("i", bytes(4)) * (_LAST_DAY - _FIRST_DAY + 2)
        self.first = self.last = 0
        self.holidays: dict[int, list[tuple[date, str]]] = {}
        self._growing = Lock()

    def covers(self, place: int) -> bool:
        """Make sure that the year of a place is filled; False if it is not a known year."""
        if not 0 < place < len(self.upto):
            return False
        year = _day(place).year
        with self._growing:
            if not self.holidays:
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
        """Say of each day of a year whether it is a working day, and note its bank holidays."""
        # Here and not above: it is slow to import, and many runs count no working days.
        from holidays import country_holidays

        named = country_holidays("GB", subdiv="ENG", years=year, language="en_GB")
        free = {day: name for day, name in sorted(named.items()) if _is_weekday(day)}
        self.holidays[year] = list(free.items())
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        return [_is_weekday(day) and day not in free for day in days]


_days = _WorkingDays()


def is_working_day(day: date) -> bool | None:
    """Say whether a day is a working day; None outside the known years."""
    place = _place(day)
    if not _days.covers(place):
        return None
    return _days.upto[place] > _days.upto[place - 1]


def working_days_between(start: date, end: date) -> int | None:
    """Count the working days after `start`, up to and including `end`.

    The day of the event is day 0: from a Thursday to the next working day is 1, and to itself 0.
    An `end` before `start` gives the count the other way about, made negative. None if either day
    lies outside the known years.
    """
    days = _days
    before, last = start.toordinal() - _DAY_0, end.toordinal() - _DAY_0
    if days.first < before <= days.last and days.first < last <= days.last:
        return days.upto[last] - days.upto[before]
    if days.covers(before) and days.covers(last):
        return days.upto[last] - days.upto[before]
    return None


def working_days_before(anchor: date, event: date) -> int | None:
    """Count the working days from `event`, included, to `anchor`, not included.

    The day of the anchor is day 0. An `event` after `anchor` gives the count the other way about,
    made negative. None if either day lies outside the known years.
    """
    days = _days
    first, after = event.toordinal() - _DAY_0, anchor.toordinal() - _DAY_0
    if days.first < first <= days.last and days.first < after <= days.last:
        return days.upto[after - 1] - days.upto[first - 1]
    if days.covers(first) and days.covers(after):
        return days.upto[after - 1] - days.upto[first - 1]
    return None


def add_working_days(start: date, number: int) -> date | None:
    """Find the working day that is `number` working days after `start`; before it if negative.

    For a number of 0 it is `start` itself, working day or not. None if it is not within the known
    years, or `start` is not.
    """
    place = _place(start)
    if not _days.covers(place):
        return None
    if number == 0:
        return start
    return _working_day_after(place, number) if number > 0 else _working_day_before(place, -number)


def bank_holidays_between(start: date, end: date) -> list[tuple[date, str]] | None:
    """List the bank holidays from `start` to `end`, both included, in date order.

    Only those on weekdays, which are the ones that take a working day away. Each comes with its
    name in English. None if either day lies outside the known years.
    """
    if not (_days.covers(_place(start)) and _days.covers(_place(end))):
        return None
    years = range(start.year, end.year + 1)
    return [named for year in years for named in _days.holidays[year] if start <= named[0] <= end]


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


def _working_day_after(place: int, number: int) -> date | None:
    wanted = _days.upto[place] + number
    while _days.upto[_days.last] < wanted:
        if not _days.covers(_days.last + 1):
            return None
    return _day(bisect_left(_days.upto, wanted, place, _days.last + 1))


def _working_day_before(place: int, number: int) -> date | None:
    wanted = _days.upto[place - 1] - number
    while _days.upto[_days.first] > wanted:
        if not _days.covers(_days.first):
            return None
    return _day(bisect_right(_days.upto, wanted, _days.first, place))


def _place(day: date) -> int:
    return day.toordinal() - _DAY_0


def _day(place: int) -> date:
    return date.fromordinal(place + _DAY_0)


def _is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY
