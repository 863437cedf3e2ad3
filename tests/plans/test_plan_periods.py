"""Periods: what is written on the command line, and the days that it means."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.errors import InputError
from scr_audit.values.period import Period, after, falling_due_in, parse_period

APRIL = (4, 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026Q1", "1 January to 31 March 2026"),
        ("2026Q3", "1 July to 30 September 2026"),
        ("2026-02", "1 February to 28 February 2026"),
        ("2028-02", "1 February to 29 February 2028"),
        ("2026", "1 January to 31 December 2026"),
        ("2026-07-01..2026-07-01", "1 July 2026"),
        ("2026-11-15..2027-01-03", "15 November 2026 to 3 January 2027"),
        ("2026-11-15 to 2027-01-03", "15 November 2026 to 3 January 2027"),
        *((typed, "1 July to 30 September 2026")
          for typed in ("2026 Q3", "2026q3", "Q3 2026", "q3/2026", "Q3-2026", " 2026  q 3 ")),
        *((typed, "1 September to 30 September 2026")
          for typed in ("September 2026", "sept 2026", "2026 Sep", "2026-9", "9/2026", "09-2026")),
    ],
)  # fmt: skip
def test_a_period_is_read_and_said_in_days(text: str, days: str) -> None:
    assert str(parse_period(text)) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026Q1", "1 April to 30 June 2026"),
        ("2026/27Q4", "1 January to 31 March 2027"),
        ("2026/27", "1 April 2026 to 31 March 2027"),
        ("2026-04", "1 April to 30 April 2026"),
        ("Q4 2026/27", "1 January to 31 March 2027"),
        ("2026/27 q4", "1 January to 31 March 2027"),
    ],
)
def test_quarters_and_years_are_those_of_the_office(text: str, days: str) -> None:
    assert str(parse_period(text, year_from=APRIL)) == days


FORMS = "expected 2026Q3, Q3 2026, 2026-07, July 2026, 2026, 2026/27 or 2026-07-01..2026-09-30"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("summer", f"period summer: is not a period; {FORMS}"),
        ("Q3", f"period Q3: is not a period; {FORMS}"),
        ("Ma 2026", f"period Ma 2026: is not a period; {FORMS}"),
        ("2026Q5", f"period 2026Q5: is not a period; {FORMS}"),
        ("0000", f"period 0000: is not a period; {FORMS}"),
        ("2026-13", "period 2026-13: there is no day 2026-13-01"),
        ("2026-02-30..2026-03-01", "period 2026-02-30..2026-03-01: there is no day 2026-02-30"),
        ("2026-07-02..2026-07-01", "period 2026-07-02..2026-07-01: ends before it starts"),
        (
            "2026/27",
            "period 2026/27: the plan's year is the calendar year; write 2026, or give the plan "
            "'period: {year_from: \"04-01\"}'",
        ),
    ],
)
def test_what_is_no_period_is_told_with_what_is_expected(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_period(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "2026",
            "period 2026: the plan's year begins on 1 April 2026; write 2026/27 for it, or "
            "2026-01-01..2026-12-31 for the calendar year",
        ),
        ("2026/28", "period 2026/28: a year that begins in 2026 is 2026/27"),
    ],
)
def test_a_year_that_could_be_another_one_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_period(text, year_from=APRIL)
    assert str(caught.value) == message


@given(st.integers(1990, 2100), st.tuples(st.integers(1, 12), st.integers(1, 28)))
def test_the_quarters_of_a_year_follow_each_other_without_a_gap(
    year: int, year_from: tuple[int, int]
) -> None:
    quarters = [parse_period(f"{year}Q{number}", year_from=year_from) for number in (1, 2, 3, 4)]
    quarters.append(parse_period(f"{year + 1}Q1", year_from=year_from))
    for before, later in pairwise(quarters):
        assert later.start == before.end + timedelta(days=1)
        assert not before.overlaps(later)
    assert quarters[0].start == date(year, *year_from)


def test_periods_overlap_where_they_share_a_day() -> None:
    one = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert one.overlaps(Period(date(2026, 3, 31), date(2026, 4, 30)))
    assert not one.overlaps(Period(date(2026, 4, 1), date(2026, 4, 30)))


DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
SPANS = st.builds(
    "{} {}".format, st.integers(1, 40), st.sampled_from(["days", "weeks", "months", "years"])
)


@given(DAYS, st.integers(0, 400), SPANS, st.integers(-5, 5))
def test_a_day_falls_due_in_a_period_where_the_span_after_it_lies_in_the_period(
    start: date, length: int, span: str, off: int
) -> None:
    period = Period(start, start + timedelta(days=length))
    found = falling_due_in(period, span)
    for edge in (found.start, found.end):
        day = edge + timedelta(days=off)
        due = after(day, span)
        assert (found.start <= day <= found.end) == (period.start <= due <= period.end)


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        ("2026-07-01..2026-09-30", "2026-04-01", "2026-06-30"),
        ("2026-04-01..2026-06-30", "2026-01-01", "2026-03-31"),
        ("2026-02-28..2026-02-28", "2025-11-28", "2025-11-30"),
        ("2026-05-31..2026-05-31", "2026-03-01", "2026-02-28"),
    ],
)
def test_three_months_before_the_days_of_a_period(days: str, first: str, last: str) -> None:
    found = falling_due_in(parse_period(days), "3 months")
    assert (found.start, found.end) == (date.fromisoformat(first), date.fromisoformat(last))
