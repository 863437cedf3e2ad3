"""Dates as far as a record states them: comparisons never guess within a span."""

from datetime import UTC, date, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from zoneinfo import ZoneInfo

import pytest

from scr_audit.values.imprecise import (
    Imprecise,
    as_day,
    bounds,
    moment_text,
    parse_date,
    parse_datetime,
)

LONDON = ZoneInfo("Europe/London")
FEBRUARY = "2024-02"
COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_date_is_a_day_or_the_days_it_may_be(text: str, low: date, high: date) -> None:
    assert bounds(parse_date(text)) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2024-02-03T04:05", datetime(2024, 2, 3, 4, 5), datetime(2024, 2, 3, 4, 5)),
        ("2024-02-03 04:05:06", datetime(2024, 2, 3, 4, 5, 6), datetime(2024, 2, 3, 4, 5, 6)),
        ("2024-02-03", datetime(2024, 2, 3), datetime(2024, 2, 3, 23, 59, 59, 999_999)),
        ("2024-02", datetime(2024, 2, 1), datetime(2024, 2, 29, 23, 59, 59, 999_999)),
    ],
)
def test_a_time_is_a_moment_or_the_moments_it_may_be(
    text: str, low: datetime, high: datetime
) -> None:
    assert bounds(parse_datetime(text, UTC)) == (low.replace(tzinfo=UTC), high.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "shown", "offset"),
    [
        ("2026-07-14T10:00", "2026-07-14T10:00:00", 1),
        ("2026-07-14T10:00Z", "2026-07-14T11:00:00", 1),
        ("2026-07-14T23:30-02:00", "2026-07-15T02:30:00", 1),
        ("2026-01-14T10:00+0530", "2026-01-14T04:30:00", 0),
        ("2026-10-25T00:30Z", "2026-10-25T01:30:00", 1),  # shown twice, and said which
        ("2026-10-25T01:30Z", "2026-10-25T01:30:00", 0),
    ],
)
def test_an_offset_is_converted_to_the_clocks_of_the_place(
    text: str, shown: str, offset: int
) -> None:
    found = parse_datetime(text, LONDON)
    assert isinstance(found, datetime)
    assert moment_text(found) == shown
    assert found.utcoffset() == timedelta(hours=offset)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("2026-10-25T01:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),  # the clocks show it twice
        ("2026-03-29T01:30", "2026-03-29T00:30Z", "2026-03-29T01:30Z"),  # they never show it
    ],
)
def test_a_time_that_the_clocks_show_twice_or_never_is_one_of_two_moments(
    text: str, first: str, second: str
) -> None:
    found = parse_datetime(text, LONDON)
    assert isinstance(found, Imprecise)
    assert bounds(found) == (parse_datetime(first, UTC), parse_datetime(second, UTC))
    assert moment_text(found) == f"{text}:00"


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_date, "2024-13", "there is no month 13 in '2024-13'"),
        (parse_date, "2024-02-30", "there is no day 2024-02-30"),
        (parse_date, "0000", "there is no year 0000"),
        (
            parse_date,
            "soon",
            "expected a date such as 2009-08-14, 2009-08 or 2009, found 'soon'",
        ),
        (
            parse_date,
            "2024\n",
            "expected a date such as 2009-08-14, 2009-08 or 2009, found '2024\\n'",
        ),
        (
            parse_datetime,
            "2024-01-01T10",
            "expected a time such as 2009-08-14T22:30, or with an offset "
            "2009-08-14T22:30+01:00, found '2024-01-01T10'",
        ),
        (
            parse_datetime,
            "2026-10-26 12:00z",
            "expected a time such as 2009-08-14T22:30, or with an offset "
            "2009-08-14T22:30+01:00, found '2026-10-26 12:00z'",
        ),
        (
            parse_datetime,
            "2024-01-01T24:00",
            "there is no hour 24 in '2024-01-01T24:00'; expected 00 to 23",
        ),
        (
            parse_datetime,
            "2026-01-01T10:00:61+01:00",
            "there is no second 61 in '2026-01-01T10:00:61+01:00'; expected 00 to 59",
        ),
        (
            parse_datetime,
            "2026-02-01 14:60",
            "there is no minute 60 in '2026-02-01 14:60'; expected 00 to 59",
        ),
        (
            parse_datetime,
            "2026-02-01T14:30:60.5",
            "there is no second 60.5 in '2026-02-01T14:30:60.5'; expected 00 to 59",
        ),
        (
            parse_datetime,
            "2026-01-01T10:00+25:00",
            "there is no offset +25:00 in '2026-01-01T10:00+25:00'; expected one such as +01:00",
        ),
        (parse_datetime, "2024-02-30T10:00Z", "there is no day 2024-02-30"),
        (parse_datetime, "2024-13-01 10:00", "there is no day 2024-13-01"),
        (parse_datetime, "0000", "there is no year 0000"),
        (parse_datetime, "2024-02-30", "there is no day 2024-02-30"),
        (
            parse_datetime,
            "9999-12-31T23:59-01:00",
            "expected a time of the years 1 to 9999, found 9999-12-31 23:59:00-01:00",
        ),
    ],
)
def test_what_is_no_date_is_refused(parse: object, text: str, message: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # its whole message is asserted
        parse(text, LONDON) if parse is parse_datetime else parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("other", "answers"),
    [
        # the order is <, <=, >, >=, ==, !=; ? is unknown
        ("2024-01-31", "fftt ft"),
        ("2024-02-01", "f??t ??"),
        ("2024-02-15", "???? ??"),
        ("2024-02-29", "?tf? ??"),
        ("2024-03-01", "ttff ft"),
        ("2024-01", "fftt ft"),
        ("2024-02", "???? ??"),
        ("2024-03", "ttff ft"),
        ("2024", "???? ??"),
        ("2023", "fftt ft"),
        ("2025", "ttff ft"),
    ],
)
def test_a_month_is_compared_with_three_answers(other: str, answers: str) -> None:
    said = {"t": True, "f": False, "?": None}
    expected = [said[letter] for letter in answers.replace(" ", "")]
    month, second = parse_date(FEBRUARY), parse_date(other)
    assert [compare(month, second) for compare in COMPARISONS.values()] == expected
    mirrored = (gt, ge, lt, le, eq, ne)
    assert [compare(second, month) for compare in mirrored] == expected


def test_a_span_of_one_day_has_that_day_as_its_day() -> None:
    known = parse_datetime("2024-02-03", UTC)
    assert isinstance(known, Imprecise)
    assert known.date() == date(2024, 2, 3)
    month = parse_datetime(FEBRUARY, UTC)
    assert isinstance(month, Imprecise)
    assert bounds(month.date()) == (date(2024, 2, 1), date(2024, 2, 29))
    assert as_day(datetime(2024, 2, 3, 23, 59)) == as_day(date(2024, 2, 3)) == date(2024, 2, 3)


def test_the_same_fact_is_neither_before_nor_after_itself() -> None:
    month = parse_date(FEBRUARY)
    assert [compare(month, month) for compare in COMPARISONS.values()] == [
        *(False, True, False, True, True, False),
    ]


def test_a_span_is_shown_as_it_was_written_and_is_in_no_set() -> None:
    month = parse_date(FEBRUARY)
    assert (str(month), repr(month)) == ("2024-02", "Imprecise('2024-02')")
    with pytest.raises(TypeError, match=r"^unhashable type: 'Imprecise'$"):
        hash(month)
