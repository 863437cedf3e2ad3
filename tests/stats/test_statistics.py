"""Rates and intervals: check values, laws, and what has no rate."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scr_audit.stats.shares import ALWAYS, Rates, against_standard, rates, units_to_show, wilson

COUNTS = st.integers(0, 5000)


@st.composite
def proportions(draw: st.DrawFn) -> tuple[int, int]:
    """Draw a number of successes and the number of units they are of."""
    n = draw(st.integers(1, 5000))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (9, 10, 0.596, 0.982),
        (0, 10, 0.0, 0.278),
        (10, 10, 0.722, 1.0),
        (1, 1, 0.207, 1.0),
        (81, 263, 0.255, 0.366),  # Newcombe 1998, table I
        (15, 148, 0.062, 0.161),  # the same
        (0, 20, 0.0, 0.161),  # the same
        (1, 29, 0.006, 0.172),  # the same
    ],
)
def test_the_wilson_interval_gives_the_check_values(
    successes: int, n: int, low: float, high: float
) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=0.0006)


@pytest.mark.parametrize(("standard", "units"), [(0.70, 9), (0.80, 16), (0.90, 35), (0.95, 73)])
def test_units_needed_to_show_a_standard_when_all_are_met(standard: float, units: int) -> None:
    assert wilson(units, units)[0] >= standard > wilson(units - 1, units - 1)[0]


@given(proportions())
def test_the_interval_holds_the_share_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    successes, n = counts
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1
    assert low < high


@given(proportions())
def test_the_interval_of_the_opposite_is_the_mirror_image(counts: tuple[int, int]) -> None:
    successes, n = counts
    low, high = wilson(successes, n)
    assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(proportions())
def test_more_confidence_is_a_wider_interval(counts: tuple[int, int]) -> None:
    low, high = wilson(*counts, confidence=0.95)
    wider_low, wider_high = wilson(*counts, confidence=0.99)
    assert wider_low <= low
    assert high <= wider_high


@given(proportions(), st.integers(2, 20))
def test_more_units_of_the_same_share_are_a_narrower_interval(
    counts: tuple[int, int], times: int
) -> None:
    successes, n = counts
    low, high = wilson(successes, n)
    more_low, more_high = wilson(successes * times, n * times)
    assert more_high - more_low < high - low


@pytest.mark.parametrize(
    ("successes", "n", "confidence", "message"),
    [
        (0, 0, 0.95, "an interval needs at least one unit, not 0"),
        (0, -3, 0.95, "an interval needs at least one unit, not -3"),
        (-1, 10, 0.95, "successes must be between 0 and 10, not -1"),
        (11, 10, 0.95, "successes must be between 0 and 10, not 11"),
        (5, 10, 1.0, "confidence must be between 0 and 1, not 1.0"),
        (5, 10, 0.0, "confidence must be between 0 and 1, not 0.0"),
    ],
)
def test_an_impossible_proportion_is_refused(
    successes: int, n: int, confidence: float, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        wilson(successes, n, confidence)


def test_no_units_judged_is_no_rate() -> None:
    assert rates(0, 0, 0) == Rates(0, None, None, None, None, None)


def test_nothing_decided_has_bounds_but_no_evidenced_rate() -> None:
    assert rates(0, 0, 4) == Rates(4, 0.0, None, 0.0, 1.0, None)


def test_missing_facts_widen_the_bounds_and_the_reach_and_the_interval_is_of_chance_alone() -> None:
    found = rates(met=9, not_met=1, not_evidenced=10)
    assert (found.judged, found.assured, found.evidenced) == (20, 0.45, 0.9)
    assert (found.low, found.high) == (0.45, 0.95)
    assert found.interval == wilson(9, 10)
    assert found.reach == (wilson(9, 20)[0], wilson(19, 20)[1])


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^counts cannot be negative: 3, -1, 0$"):
        rates(3, -1, 0)


@given(COUNTS, COUNTS, COUNTS)
def test_the_rates_keep_their_order(met: int, not_met: int, not_evidenced: int) -> None:
    assume(met + not_met)
    found = rates(met, not_met, not_evidenced)
    assert found.assured is not None
    assert found.evidenced is not None
    assert found.high is not None
    assert found.interval is not None
    assert found.reach is not None
    assert found.low == found.assured <= found.evidenced <= found.high + 1e-12
    assert found.interval[0] <= found.evidenced <= found.interval[1]
    assert found.reach[0] <= found.low
    assert found.high <= found.reach[1]


@given(COUNTS, COUNTS)
def test_with_every_fact_recorded_there_is_one_rate(met: int, not_met: int) -> None:
    assume(met + not_met)
    found = rates(met, not_met, 0)
    assert found.low == found.high == found.assured == found.evidenced
    assert found.interval == found.reach == wilson(met, met + not_met)


@pytest.mark.parametrize(
    ("share", "units"), [(0.7, 9), (0.8, 16), (0.9, 35), (0.95, 73), (0.5, 4), (0.01, 1)]
)
def test_even_all_met_needs_this_many_units_to_show_a_standard(share: float, units: int) -> None:
    assert units_to_show(share) == units
    assert wilson(units, units)[0] >= share
    assert units == 1 or wilson(units - 1, units - 1)[0] < share


@pytest.mark.parametrize("share", [0.0, 1.0, 1.5, -0.1])
def test_no_number_of_units_shows_what_is_no_share_below_one(share: float) -> None:
    with pytest.raises(ValueError, match=f"no number of units can show a share of {share}"):
        units_to_show(share)


@pytest.mark.parametrize(
    ("counts", "share", "verdict"),
    [
        ((35, 0, 0), 0.9, "met"),
        ((34, 0, 0), 0.9, "cannot_tell"),
        ((5, 15, 0), 0.9, "below"),
        ((5, 1, 14), 0.9, "cannot_tell"),
        ((0, 0, 0), 0.9, "no_rate"),
        ((0, 0, 0), ALWAYS, "no_rate"),
        ((3, 0, 0), ALWAYS, "met"),
        ((3, 0, 1), ALWAYS, "cannot_tell"),
        ((300, 1, 50), ALWAYS, "below"),
    ],
)
def test_a_standard_is_met_missed_or_left_open(
    counts: tuple[int, int, int], share: float, verdict: str
) -> None:
    assert against_standard(rates(*counts), share) == verdict
