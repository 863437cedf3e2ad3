"""Periods in the words that people use for them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.values.period import Period, month_of, parse_period, quarter_of


@pytest.mark.parametrize(
    ("text", "days", "shown"),
    [
        ("2026-02", "2026-02-01..2026-02-28", "2026-02"),
        ("2026Q4", "2026-10-01..2026-12-31", "2026Q4"),
        ("2026", "2026-01-01..2026-12-31", "2026"),
        ("2026-04-06..2027-04-05", "2026-04-06..2027-04-05", "2026-04-06..2027-04-05"),
    ],
)
def test_a_period_is_its_days(text: str, days: str, shown: str) -> None:
    found = parse_period(text)
    assert (f"{found.start}..{found.end}", found.label) == (days, shown)


@given(st.dates(max_value=date(9990, 12, 31)))
def test_a_day_is_in_its_month_and_that_in_its_quarter(day: object) -> None:
    month, quarter = month_of(day), quarter_of(day)  # type: ignore[arg-type]
    assert month.start <= day <= month.end  # type: ignore[operator]
    assert quarter.start <= month.start
    assert month.end <= quarter.end
    assert parse_period(f"{month.start}..{month.end}") == month
    assert isinstance(month, Period)
