"""Periods in the words that people use for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.errors import InputError
from scr_audit.runs.period import Period, month_of, parse_period, quarter_of


@pytest.mark.parametrize(
    ("text", "days", "shown"),
    [
        ("2026-02", "2026-02-01..2026-02-28", "2026-02"),
        ("2026Q4", "2026-10-01..2026-12-31", "2026Q4"),
        ("2026-q1", "2026-01-01..2026-03-31", "2026Q1"),
        ("2026", "2026-01-01..2026-12-31", "2026"),
        ("2026-04-06..2027-04-05", "2026-04-06..2027-04-05", "2026-04-06..2027-04-05"),
    ],
)
def test_a_period_is_its_days(text: str, days: str, shown: str) -> None:
    found = parse_period(text)
    assert (f"{found.start}..{found.end}", str(found)) == (days, shown)


_EXPECTED = "expected a month (2026-03), a quarter (2026Q1), a year (2026) or START..END"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon", f"soon: is no period; {_EXPECTED}"),
        ("2026-13", f"2026-13: month must be in 1..12; {_EXPECTED}"),
        ("2026-02-02..2026-02-01", f"2026-02-02..2026-02-01: ends before it starts; {_EXPECTED}"),
    ],
)
def test_what_is_no_period_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_period(text)
    assert str(caught.value) == message


@given(st.dates())
def test_a_day_is_in_its_month_and_that_in_its_quarter(day: object) -> None:
    month, quarter = month_of(day), quarter_of(day)  # type: ignore[arg-type]
    assert month.start <= day <= month.end  # type: ignore[operator]
    assert quarter.start <= month.start
    assert month.end <= quarter.end
    assert parse_period(f"{month.start}..{month.end}") == month
    assert isinstance(month, Period)
