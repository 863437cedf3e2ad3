"""Days that hardly anybody means, and those that are only old or far away."""

from datetime import date, datetime
from typing import Any

import pytest
from small_pack import SMALL_PACK

from scr_audit.errors import RecordError
from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import decode_checked, doubt

DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    "value",
    [
        "2010-04-01", "2010-04", "2046-05-04", "2046-05", "2046", "1905", "1905-06",
        "1901-01-02", "1905-10-01", date(1960, 1, 1), datetime(2010, 4, 1, 9, 30),
        "2010-04-01T09:30", "2010-02-30", "x", "", None, 3, [], {},
    ],
)  # fmt: skip
def test_other_days_and_what_is_no_day_are_left_to_others(value: Any) -> None:
    assert doubt(value, DAY) == ""


@pytest.mark.parametrize(
    ("value", "sign"),
    [
        ("1899-12-31", "is before 1901"),
        ("1899", "is before 1901"),
        ("1900", "is before 1901"),
        ("1900-06", "is before 1901"),
        (date(1, 1, 1), "is before 1901"),
        ("1900-01-01", "of a small number"),
        ("1900-12-30", "of a small number"),
        ("1905-03-14", "of the year 1900"),
        ("1905-06-27", "of the year 2005"),
        (datetime(1905, 6, 27, 9, 30), "of the year 2005"),
        ("1905-09-30", "of the year 2100"),
        ("2046-05-05", "is more than 20 years after 2026-05-04"),
        ("2047", "is more than 20 years after 2026-05-04"),
        ("9999-12-31T09:30", "is more than 20 years after 2026-05-04"),
    ],
)
def test_a_day_that_hardly_anybody_means_is_told(value: Any, sign: str) -> None:
    assert sign in doubt(value, DAY)


def test_days_ahead_are_only_told_where_the_day_of_reading_is_known() -> None:
    assert doubt("9999-12-31") == ""


@pytest.mark.parametrize(
    "record",
    [
        {"id": "J1", "wheels": "two", "booked_on": "1850-01-01"},
        {"id": "J1", "wheels": float("nan"), "booked_on": date(1850, 1, 1)},
        b'{"id": "J1", "wheels": "two", "booked_on": "1850-01-01"}',
    ],
)
def test_such_a_day_is_told_beside_what_else_is_wrong(record: Any) -> None:
    with pytest.raises(RecordError) as caught:
        decode_checked(decoder_of(load_folder(SMALL_PACK)), record, None, DAY)
    assert [problem.pointer for problem in caught.value.problems] == ["/wheels", "/booked_on"]
