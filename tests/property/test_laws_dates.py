"""Laws: operators on dates agree with naive counting, day by day.

For imprecise dates the answer is true only if it is for every pair of days they can stand
for, false only if it is for none, and left open otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from budget import share
from hypothesis import example, given
from hypothesis import strategies as st

from scr_audit.evaluate.parameters import in_force
from scr_audit.language.operators import OPERATORS
from scr_audit.language.rule import Parameter, ParameterValue
from scr_audit.values.calendar import calendar_named
from scr_audit.values.imprecise import (
    Imprecise,
    Moment,
    bounds,
    in_zone,
    parse_date,
    parse_datetime,
)

ENGLAND = calendar_named("GB-ENG")
LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2009, 1, 1), date(2013, 12, 31)


@lru_cache(maxsize=1)
def working_days() -> frozenset[date]:
    """The working days of the years used here, from the holidays package itself."""
    from holidays import country_holidays

    free = country_holidays("GB", subdiv="ENG", years=range(FIRST.year, LAST.year + 1))
    days = (FIRST + n * ONE_DAY for n in range((LAST - FIRST).days + 1))
    return frozenset(day for day in days if day.weekday() < 5 and day not in free)


def later_month(day: date, number: int) -> date:
    """The same day `number` months away, walked a month at a time; its last day if it is short."""
    year, month = day.year, day.month
    step = 1 if number > 0 else -1
    for _ in range(abs(number)):
        month += step
        if month in (0, 13):
            year, month = year + step, 12 if month == 0 else 1
    for wanted in range(day.day, 27, -1):
        try:
            return date(year, month, wanted)
        except ValueError:
            continue
    return date(year, month, day.day)


def days_within(late: date, early: date, most: int) -> bool:
    """Whether `late` is reached from `early` in at most `most` steps of a day."""
    reached = (early + n * ONE_DAY for n in range(most + 1))
    return late in reached


@lru_cache(maxsize=200_000)
def last_in_time(anchor: date, number: int, step: int) -> date:
    """The last day in time, walked a day at a time from the anchor, whose own day is day 0."""
    works, day = working_days(), anchor
    while number:
        day += step * ONE_DAY
        number -= day in works
    return day


NAIVE: dict[str, Callable[[date, date, int], bool]] = {
    "within N days after": days_within,
    "within N days before": lambda s, a, n: days_within(a, s, n),
    "within N weeks after": lambda s, a, n: days_within(s, a, 7 * n),
    "within N weeks before": lambda s, a, n: days_within(a, s, 7 * n),
    "within N months after": lambda s, a, n: a <= s <= later_month(a, n),
    "within N months before": lambda s, a, n: later_month(a, -n) <= s <= a,
    "within N working days after": lambda s, a, n: a <= s <= last_in_time(a, n, 1),
    "within N working days before": lambda s, a, n: last_in_time(a, n, -1) <= s <= a,
    "before": lambda s, a, n: (a - s).days > 0,
    "after": lambda s, a, n: (s - a).days > 0,
    "on or before": lambda s, a, n: (a - s).days >= 0,
    "on or after": lambda s, a, n: (s - a).days >= 0,
    "on the same day as": lambda s, a, n: (s - a).days == 0,
    "is": lambda s, a, n: (s - a).days == 0,
    "is not": lambda s, a, n: (s - a).days != 0,
}


def days_of(moment: Moment) -> Iterator[date]:
    """Every day that a date can stand for."""
    low, high = bounds(moment)
    return (low + n * ONE_DAY for n in range((high - low).days + 1))


def naive(name: str, subject: Moment, anchor: Moment, number: int) -> bool | None:
    """The answer over every pair of days."""
    found: set[bool] = set()
    for day, other in product(days_of(subject), list(days_of(anchor))):
        found.add(NAIVE[name](day, other, number))
        if len(found) == 2:
            return None
    return found.pop()


def answers(name: str, subject: Moment, anchor: Moment, number: float) -> Iterator[bool | None]:
    """What the operator's function says, and its source where all is exact."""
    operator = OPERATORS[name]
    values: tuple[Any, ...] = (subject, anchor)
    values += (number,) * operator.has_number + (ENGLAND,) * (operator.unit == "working days")
    yield operator.test(*values)
    if operator.code and not any(isinstance(value, Imprecise) for value in values):
        yield eval(operator.code.format(*(f"v[{n}]" for n in range(3))), {"v": values})  # noqa: S307  # the engine's own source


exact_days = st.one_of(
    st.dates(date(2010, 1, 1), date(2012, 12, 31)),
    st.sampled_from(
        [date(2010, 12, 24), date(2010, 12, 28), date(2011, 4, 29), date(2012, 2, 29)]
        + [later_month(date(2010, 1, 31), n) for n in range(30)]
    ),
)
months = st.dates(date(2010, 1, 1), date(2012, 12, 1)).map(lambda day: parse_date(f"{day:%Y-%m}"))
days = st.one_of(exact_days, exact_days, months)


@st.composite
def near(draw: Callable[..., Any], day: Moment) -> Moment:
    """A date that is not far from another."""
    low, high = bounds(day)
    chosen = draw(st.sampled_from([low, high])) + draw(st.integers(-45, 45)) * ONE_DAY
    chosen = min(max(chosen, date(2010, 1, 1)), date(2012, 12, 31))
    found: Moment = draw(st.sampled_from([chosen, parse_date(f"{chosen:%Y-%m}")]))
    return found


pairs = days.flatmap(lambda day: st.tuples(st.just(day), near(day)))


@pytest.mark.parametrize("name", sorted(NAIVE))
@share(1)
@given(pairs, st.integers(0, 60))
@example((date(2010, 12, 28), date(2010, 12, 24)), 0)
@example((date(2010, 4, 2), date(2010, 4, 1)), 0)
@example((date(2010, 12, 25), date(2010, 12, 17)), 5)
@example((date(2010, 12, 25), date(2010, 12, 25)), 0)
@example((date(2010, 2, 28), date(2010, 1, 31)), 1)
@example((date(2012, 2, 29), parse_date("2012-01")), 1)
@example((date(2010, 4, 1), date(2010, 4, 6)), 1)
def test_an_operator_on_dates_agrees_with_counting(
    name: str, pair: tuple[Moment, Moment], number: int
) -> None:
    subject, anchor = pair
    number = number % 4 if "months" in name or "weeks" in name else number
    expected = naive(name, subject, anchor, number)
    assert list(answers(name, subject, anchor, number)) in ([expected], [expected] * 2)


@pytest.mark.parametrize("name", sorted(NAIVE))
@pytest.mark.parametrize(("subject", "anchor"), [("2010", "2011-01-10"), ("2010-03", "2010")])
def test_a_year_is_any_of_its_days(name: str, subject: str, anchor: str) -> None:
    for number in (0, 1, 12, 14, 60):
        values = parse_date(subject), parse_date(anchor)
        assert list(answers(name, *values, number)) == [naive(name, *values, number)]


# --- date-times ---

minutes = st.datetimes(datetime(2010, 4, 1), datetime(2010, 4, 4)).map(
    lambda time: time.replace(second=0, microsecond=0, tzinfo=UTC)
)
moments = st.one_of(
    minutes,
    minutes,
    st.datetimes(datetime(2010, 4, 1), datetime(2010, 4, 4), timezones=st.just(UTC)),
    st.sampled_from(["2010-04-01", "2010-04-02", "2010-04-03", "2010-04"]).map(
        lambda text: parse_datetime(text, UTC)
    ),
)
hours = st.one_of(st.integers(0, 72), st.integers(0, 7200).map(lambda hundredths: hundredths / 100))


def within_hours(late: Moment, early: Moment, most: float) -> bool | None:
    """By the shortest and the longest time that can lie between the two, in exact fractions."""
    (low, high), (first, last) = bounds(late), bounds(early)
    shortest, longest = (_hours(low, last), _hours(high, first))
    limit = Fraction(str(most))
    if longest < 0 or shortest > limit:
        return False
    return True if shortest >= 0 and longest <= limit else None


def _hours(late: Any, early: Any) -> Fraction:
    return Fraction((late - early) // timedelta(microseconds=1), 3_600_000_000)


@share(1.5)
@given(moments, moments, hours)
@example(datetime(2010, 4, 1, 0, 34, 12, tzinfo=UTC), datetime(2010, 4, 1, tzinfo=UTC), 0.57)
def test_hours_agree_with_exact_fractions(subject: Moment, anchor: Moment, number: float) -> None:
    expected = within_hours(subject, anchor, number)
    for name, pair in {"after": (subject, anchor), "before": (anchor, subject)}.items():
        found = answers(f"within N hours {name}", *pair, number)
        assert set(found) == {expected}


@share(1.5)
@given(minutes, st.integers(0, 7200))
def test_the_last_moment_of_a_number_of_hours_is_within_it(start: datetime, number: int) -> None:
    """The number as a rule writes it: 0.57 hours are 2,052 seconds, and one more is too many."""
    end = start + timedelta(seconds=36 * number)
    for late, inside in ((end, True), (end + timedelta(seconds=1), False)):
        assert set(answers("within N hours after", late, start, number / 100)) == {inside}
        assert set(answers("within N hours before", start, late, number / 100)) == {inside}


@share(1.5)
@given(moments, moments)
def test_date_times_compare_by_the_moments_they_can_be(subject: Moment, anchor: Moment) -> None:
    (low, high), (first, last) = bounds(subject), bounds(anchor)
    expected = True if high < first else False if low >= last else None
    assert set(answers("before", subject, anchor, 0)) == {expected}
    assert set(answers("after", anchor, subject, 0)) == {expected}
    opposite = None if expected is None else not expected
    assert set(answers("on or after", subject, anchor, 0)) == {opposite}
    assert set(answers("on or before", anchor, subject, 0)) == {opposite}


@share(1.5)
@given(st.dates(), st.dates(), st.integers(0, 36_500))
def test_every_operator_answers_for_every_date_of_the_calendar(
    subject: date, anchor: date, number: int
) -> None:
    """Nothing overflows; only working days may be unknown, beyond the known years."""
    for name in NAIVE:
        found = set(answers(name, subject, anchor, number))
        known = {True, False} if "working" not in name else {True, False, None}
        assert len(found) == 1
        assert found <= known


@share(2)
@given(st.lists(exact_days, min_size=1, max_size=4, unique=True), days, st.booleans())
@example([date(2010, 4, 1)], date(2010, 4, 1), False)
def test_a_dated_parameter_has_the_last_value_that_began(
    starts: list[date], moment: Moment, always: bool
) -> None:
    """Of an imprecise date: the values that its days have; none where one of them has none."""
    since = [None if always and not n else start for n, start in enumerate(sorted(starts))]
    values = tuple(ParameterValue(n, start) for n, start in enumerate(since))
    begun = {
        max((v.value for v in values if v.since is None or v.since <= day), default=None)
        for day in days_of(moment)
    }
    found = in_force(Parameter("p", "P", values))(moment)
    if None in begun:
        assert found is None
    elif len(begun) == 1:
        assert {found} == begun
    else:
        assert set(found.values) == begun
    assert in_force(Parameter("p", "P", values))(None) is None


@share(1)
@given(st.text(max_size=20), st.sampled_from([parse_date, lambda text: parse_datetime(text, UTC)]))
def test_any_text_is_a_moment_or_a_value_error(text: str, parse: Callable[[str], Moment]) -> None:
    try:
        low, high = bounds(parse(text))
    except ValueError:
        return
    assert low <= high


around_changes = st.sampled_from(
    [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 14)]
).flatmap(
    lambda day: st.datetimes(
        datetime(day.year, day.month, day.day), datetime(day.year, day.month, day.day, 4)
    )
)


@share(1)
@given(around_changes, around_changes, st.integers(0, 72))
def test_hours_pass_as_the_clocks_of_the_place_are_changed(
    subject: datetime, anchor: datetime, number: int
) -> None:
    """Between the moments at which the clocks may have shown a time: one, or two."""
    passed = [
        (late - early) / timedelta(hours=1)
        for late, early in product(possible(subject), possible(anchor))
    ]
    least, most = min(passed), max(passed)
    never = most < 0 or least > number
    expected = False if never else True if least >= 0 and most <= number else None
    found = answers(
        "within N hours after", in_zone(subject, LONDON), in_zone(anchor, LONDON), number
    )
    assert set(found) == {expected}


def possible(local: datetime) -> list[datetime]:
    return [local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)]


@share(1)
@given(around_changes)
def test_a_time_with_an_offset_is_the_one_moment_that_it_says(utc: datetime) -> None:
    moment = utc.replace(tzinfo=UTC)
    local = moment.astimezone(LONDON)
    for written in (f"{utc.isoformat()}Z", local.isoformat()):
        found = parse_datetime(written, LONDON)
        assert found == moment
        assert bounds(found)[0].isoformat() == local.isoformat()
