"""Working days, mostly of England: by hand, by the published lists, and by a plain loop."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.errors import InputError
from scr_audit.values.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    Calendar,
    add_months,
    calendar_named,
    known_calendars,
)

ENGLAND = calendar_named("GB-ENG")

# Bank holidays of England on weekdays, as published on GOV.UK: year, then month and day.
PUBLISHED = """
2009: 01-01 04-10 04-13 05-04 05-25 08-31 12-25 12-28
2010: 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28
2011: 01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27
2012: 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26
2013: 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2014: 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2015: 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
2016: 01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27
2017: 01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26
2018: 01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26
2019: 01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26
2020: 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28
2021: 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28
2022: 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27
2023: 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
2024: 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2025: 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2026: 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
2027: 01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28
"""
KNOWN_DATES = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
AUDITED_DATES = st.dates(date(2005, 1, 1), date(2030, 12, 31))
ONE_DAY = timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    """Give every day from one to another, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def published() -> list[date]:
    """List the published bank holidays, in date order."""
    lines = [line.split(": ") for line in PUBLISHED.split("\n") if line]
    return [date.fromisoformat(f"{year}-{day}") for year, row in lines for day in row.split()]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-04-02", "2026-04-02", 0),  # the day itself
        ("2026-04-02", "2026-04-06", 0),  # Thursday to Easter Monday
        ("2026-04-02", "2026-04-07", 1),  # and to the Tuesday
        ("2026-04-03", "2026-04-07", 1),  # from a bank holiday
        ("2026-03-06", "2026-03-09", 1),  # Friday to Monday
        ("2026-03-07", "2026-03-09", 1),  # Saturday to Monday
        ("2026-03-02", "2026-03-23", 15),  # three weeks
        ("2021-12-24", "2021-12-29", 1),  # Christmas at the weekend: two substitute days
        ("2021-12-31", "2022-01-04", 1),  # New Year's Day on a Saturday
        ("2012-06-01", "2012-06-06", 1),  # Diamond Jubilee
        ("2022-06-01", "2022-06-06", 1),  # Platinum Jubilee
        ("2022-05-27", "2022-05-30", 1),  # whose spring bank holiday was moved from here
        ("2011-04-21", "2011-05-03", 4),  # Easter, a royal wedding and early May
        ("2022-09-16", "2022-09-20", 1),  # state funeral
        ("2020-05-01", "2020-05-04", 1),  # early May bank holiday moved from here
        ("2020-05-07", "2020-05-11", 1),  # to here
        ("2023-05-05", "2023-05-09", 1),  # coronation
        ("2026-04-07", "2026-04-02", -1),  # the other way about
    ],
)
def test_working_days_between_two_days_by_hand(start: str, end: str, expected: int) -> None:
    assert (
        ENGLAND.working_days_between(date.fromisoformat(start), date.fromisoformat(end)) == expected
    )


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-04-04", 1, "2026-04-07"),
        ("2026-04-07", -1, "2026-04-02"),
        ("2026-04-05", -1, "2026-04-02"),
        ("2026-04-04", 0, "2026-04-04"),
        ("2009-12-24", 3, "2009-12-31"),
        ("2010-03-26", 15, "2010-04-20"),
        ("2010-04-20", -15, "2010-03-26"),
    ],
)
def test_adding_working_days_by_hand(start: str, number: int, expected: str) -> None:
    assert ENGLAND.add(date.fromisoformat(start), number) == date.fromisoformat(expected)


def works(day: date, calendar: Calendar = ENGLAND) -> bool:
    return calendar.working_days_between(day - ONE_DAY, day) == 1


def test_a_working_day_is_a_weekday_that_is_no_published_bank_holiday() -> None:
    free = set(published())
    for day in days(date(2009, 1, 1), date(2027, 12, 31)):
        assert works(day) is (day.weekday() < 5 and day not in free), day


def test_every_date_counts_as_a_plain_loop_over_the_holidays_package() -> None:
    free = holidays.country_holidays("GB", subdiv="ENG", years=range(2009, 2028))
    first = date(2009, 1, 1)
    count = 0
    for day in days(first, date(2027, 12, 31)):
        is_working = day.weekday() < 5 and day not in free
        count += is_working
        assert ENGLAND.working_days_between(first - ONE_DAY, day) == count
        assert works(day) is is_working


@given(AUDITED_DATES, AUDITED_DATES, AUDITED_DATES)
def test_counts_add_up(first: date, second: date, third: date) -> None:
    whole = ENGLAND.working_days_between(first, third)
    parts = ENGLAND.working_days_between(first, second), ENGLAND.working_days_between(second, third)
    assert None not in parts
    assert whole == sum(part for part in parts if part is not None)


@given(AUDITED_DATES, st.integers(1, 300))
def test_adding_undoes_counting(start: date, number: int) -> None:
    later = ENGLAND.add(start, number)
    assert later is not None
    assert works(later)
    assert ENGLAND.working_days_between(start, later) == number
    earlier = ENGLAND.add(start, -number)
    assert earlier is not None
    assert works(earlier)
    between = ENGLAND.working_days_between(earlier, start)
    assert between is not None
    assert between - works(start) + 1 == number


@pytest.mark.parametrize("outside", [date.min, date(1899, 12, 31), date(2101, 1, 1), date.max])
def test_outside_the_known_years_the_answer_is_not_known(outside: date) -> None:
    inside = date(2010, 3, 1)
    assert ENGLAND.working_days_between(inside, outside) is None
    assert ENGLAND.working_days_between(outside, inside) is None
    assert ENGLAND.add(outside, 1) is None


def test_outside_stays_unknown_when_the_first_and_last_years_are_filled() -> None:
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    assert ENGLAND.working_days_between(first, last) is not None
    assert works(last)  # a Friday
    assert ENGLAND.working_days_between(first - ONE_DAY, last) is None
    assert ENGLAND.working_days_between(first, last + ONE_DAY) is None


@pytest.mark.parametrize("number", [60_000, -60_000])
def test_adding_beyond_the_known_years_is_not_known(number: int) -> None:
    assert ENGLAND.add(date(2010, 3, 1), number) is None


def test_a_calendar_of_a_table_counts_without_the_package() -> None:
    program = (
        "import sys; from datetime import date; sys.modules['holidays'] = None;"
        "from scr_audit.values.calendar import calendar_named;"
        "table = bytes.fromhex(sys.stdin.read());"
        "print(calendar_named('GB-ENG', table).add(date(2026, 4, 2), 1))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        input=ENGLAND.table.hex(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout == "2026-04-07\n"
    assert len(ENGLAND.table) < 10_000


def test_without_the_package_a_calendar_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(InputError, match="the Python library 'holidays' is missing"):
        Calendar("GB-ENG").add(date(2026, 4, 2), 1)


def test_threads_may_ask_at_once() -> None:
    fresh = Calendar("GB-ENG")
    asked = [date(1950 + (n * 37) % 120, 6, 15) for n in range(120)]
    with ThreadPoolExecutor(8) as pool:
        counts = list(
            pool.map(lambda day: fresh.working_days_between(day, date(2010, 6, 15)), asked)
        )
    assert counts == [ENGLAND.working_days_between(day, date(2010, 6, 15)) for day in asked]


def test_importing_does_not_import_the_holidays_package() -> None:
    program = "import sys, scr_audit.values.calendar; sys.exit('holidays' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        ("2010-01-31", 1, "2010-02-28"),
        ("2012-01-31", 1, "2012-02-29"),
        ("2012-02-29", 12, "2013-02-28"),
        ("2010-03-31", -1, "2010-02-28"),
        ("2009-12-15", 1, "2010-01-15"),
        ("2010-01-15", -1, "2009-12-15"),
        ("2010-05-31", 0, "2010-05-31"),
        ("2010-11-30", 3, "2011-02-28"),
        ("9999-12-01", 1, "9999-12-31"),
        ("0001-01-31", -1, "0001-01-01"),
    ],
)
def test_months_are_added_by_the_calendar(day: str, number: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), number) == date.fromisoformat(expected)


@given(KNOWN_DATES, st.integers(-1200, 1200))
def test_months_keep_the_day_or_take_the_last_of_a_shorter_month(day: date, number: int) -> None:
    moved = add_months(day, number)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == number
    assert moved.day == day.day or (moved.day < day.day and (moved + ONE_DAY).day == 1)


def test_other_places_have_other_holidays_and_weekends() -> None:
    first_of_november = date(2027, 11, 1)  # a Monday
    named = {name: works(first_of_november, calendar_named(name)) for name in ("FR", "DE-BE")}
    assert named == {"FR": False, "DE-BE": True}
    sunday = date(2026, 3, 1)
    assert works(sunday, calendar_named("EG"))


@pytest.mark.parametrize("name", ["AE", "MY-11", "GB-ENG", "BD", "CN"])
def test_the_weekend_is_that_of_the_year(name: str) -> None:
    country, _, part = name.partition("-")
    named = holidays.country_holidays(country, subdiv=part or None, years=range(2005, 2027))
    days = [date(2005, 1, 1) + timedelta(n) for n in range(8000)]
    assert [works(day, calendar_named(name)) for day in days] == [
        named.is_working_day(day) for day in days
    ]


def test_a_calendar_is_one_of_each_name_and_can_be_pickled() -> None:
    compiled = calendar_named("GB-ENG", ENGLAND.table)
    for calendar in (ENGLAND, compiled):
        assert pickle.loads(pickle.dumps(calendar)) is calendar  # noqa: S301  # our own bytes
    assert compiled.upto == ENGLAND.upto
    assert {"GB-ENG", "GB-SCT", "FR", "DE-BY"} <= set(known_calendars())
