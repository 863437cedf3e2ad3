"""How long a record is not drawn again."""

from __future__ import annotations

from datetime import date

import pytest

from scr_audit.sampling.sample_document import drawable_from


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ("1 day", date(2026, 2, 1)),
        ("2 weeks", date(2026, 2, 14)),
        ("1 month", date(2026, 2, 28)),
        ("12 months", date(2027, 1, 31)),
        ("2 years", date(2028, 1, 31)),
        ("9999 years", date(9999, 12, 31)),
        ("9999 months", date(2859, 4, 30)),
    ],
)
def test_a_span_ends_on_the_same_day_or_the_last_one_of_the_month(span: str, day: date) -> None:
    assert drawable_from(date(2026, 1, 31), span) == day
