"""Signals in a series: each rule at its edge, the gates, and charts of a steady share."""

import math
from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.stats.signals import (
    Signal,
    best_chart,
    false_signal_chance,
    fewest_crossings,
    longest_run_allowed,
    run_chart,
)

EVEN = [(50, 100), (52, 100)] * 10


def _signals(points: list[tuple[int, int]]) -> list[Signal]:
    return list(best_chart(points).signals)


@pytest.mark.parametrize(
    ("points", "expected"),
    [(9, "plot"), (10, "run_chart"), (12, "run_chart"), (13, "p_chart")],
)
def test_the_number_of_points_decides_what_is_looked_for(points: int, expected: str) -> None:
    assert best_chart(EVEN[:points]).gate == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([(45, 50)] * 13, "p_chart"),  # 5 expected not to be met
        ([(45, 50)] * 12 + [(44, 49)], "plot"),
        ([(5, 50)] * 13, "p_chart"),
        ([(4, 50), (5, 51)] * 7, "run_chart"),
    ],
)
def test_limits_need_five_expected_met_and_five_not_at_each_point(
    counts: list[tuple[int, int]], expected: str
) -> None:
    assert best_chart(counts).gate == expected


def test_three_units_a_quarter_nearly_all_met_are_too_few_for_signals() -> None:
    """Twenty quarters, 58 of 60 met: seven in a row with all met come by chance."""
    points = [(2, 3) if quarter in (4, 18) else (3, 3) for quarter in range(1, 21)]
    chart = best_chart(points)
    assert (chart.gate, chart.signals) == ("plot", ())


def test_a_run_chart_needs_ten_points_off_the_median() -> None:
    shares = [(1, 3), (2, 3), (3, 3)]
    assert best_chart(shares * 4).gate == "plot"
    assert best_chart(shares * 5).gate == "run_chart"


def test_a_run_chart_needs_a_third_of_its_points_on_either_side() -> None:
    """All met is the median; the rest is below it, in one long run, though nothing changed."""
    assert best_chart([(3, 3), (2, 3)] * 12 + [(3, 3)] * 2).gate == "plot"
    assert best_chart([(3, 3), (1, 3)] * 8).gate == "run_chart"


def test_without_limits_the_same_points_are_judged_by_the_median() -> None:
    shift = [(70, 100)] * 10 + [(40, 100)] * 10
    assert best_chart(shift).gate == "p_chart"
    assert {signal.kind for signal in run_chart(shift).signals} == {"long_run", "few_crossings"}


def test_nine_points_give_no_signal_whatever_they_are() -> None:
    assert _signals([(0, 100)] * 5 + [(100, 100)] * 4) == []
    assert _signals([]) == []


@pytest.mark.parametrize(("useful", "allowed", "fewest"), [(10, 6, 2), (12, 7, 3), (24, 8, 8)])
def test_run_chart_limits_are_those_of_the_published_table(
    useful: int, allowed: int, fewest: int
) -> None:
    assert (longest_run_allowed(useful), fewest_crossings(useful)) == (allowed, fewest)


def test_a_shift_in_a_run_chart_gives_a_long_run_only_past_the_limit_and_few_crossings() -> None:
    assert _signals([(20, 50)] * 5 + [(30, 50)] * 5) == [Signal("few_crossings", 0, 9, "")]
    shifted = [(20, 50), (31, 50), (20, 50), *[(n, 50) for n in range(32, 40)]]
    assert [signal.kind for signal in _signals(shifted)] == ["few_crossings"]


def test_a_point_outside_the_limits_is_a_signal_and_one_on_them_is_none() -> None:
    flat = [(50, 100)] * 20
    chart = best_chart([*flat, (80, 100)])
    assert Signal("outside", 20, 20, "up") in chart.signals
    share = (20 * 50 + 80) / 2100
    sigma = math.sqrt(share * (1 - share) / 100)
    assert chart.limits[0] == pytest.approx((share - 3 * sigma, share + 3 * sigma))


def test_limits_stay_between_none_and_all_and_widen_with_fewer_units() -> None:
    chart = best_chart([(27, 40), (46, 50)] * 10)
    assert all(0 <= low < high <= 1 for low, high in chart.limits)
    assert chart.limits[0][0] < chart.limits[1][0]


def _one_side(points: list[tuple[int, int]]) -> list[Signal]:
    return [signal for signal in _signals(points) if signal.kind == "one_side"]


def test_seven_on_one_side_are_a_signal_and_a_point_on_the_line_breaks_the_run() -> None:
    low, high, line = (45, 100), (55, 100), (50, 100)
    assert _one_side([high, low] * 4 + [high] * 6 + [low] * 6 + [high, low]) == []
    assert _one_side([high, low] * 2 + [high] * 7 + [low] * 7) == [
        Signal("one_side", 4, 10, "up"), Signal("one_side", 11, 17, "down"),
    ]  # fmt: skip
    broken = [high, high, high, line, high, high, high, high]
    assert _one_side([*broken, *[low] * 5, line, *[low] * 2]) == []


def _trends(points: list[tuple[int, int]]) -> list[Signal]:
    return [signal for signal in _signals(points) if signal.kind == "trend"]


def test_seven_rising_points_are_a_signal_six_are_none_and_equal_ones_break_it() -> None:
    rest = [(50, 100), (48, 100)] * 4
    rising = [(n, 100) for n in (47, 49, 50, 51, 52, 53, 54)]
    assert _trends([*rest, *rising[1:]]) == [Signal("trend", 7, 13, "up")]
    assert _trends([*rest, *rising[2:]]) == []
    assert _trends([*rest, *rising[:4], rising[3], *rising[4:]]) == []


def test_two_of_three_beyond_two_sigma_on_one_side_are_a_signal_on_two_sides_none() -> None:
    rest = [(50, 100), (51, 100), (49, 100)] * 5
    found = _signals([*rest, (63, 100), (50, 100), (63, 100), *rest[:3]])
    assert Signal("two_of_three", 15, 17, "up") in found
    apart = _signals([*rest, (63, 100), (37, 100), *rest[:3]])
    assert [signal for signal in apart if signal.kind == "two_of_three"] == []


def test_all_met_is_no_signal() -> None:
    assert best_chart([(10, 10)] * 20).signals == ()


def test_limits_are_widened_where_neighbours_scatter_more_than_chance() -> None:
    wild = best_chart([(30, 100), (70, 100)] * 8)
    assert wild.corrected
    assert wild.signals == ()
    scores = [(x / 100 - 0.5) / 0.05 for x, _ in [(30, 100), (70, 100)] * 8]
    laney = sum(abs(b - a) for a, b in pairwise(scores)) / 15 / 1.128
    assert wild.spread == pytest.approx(laney)
    assert not best_chart(EVEN[:16]).corrected


def test_a_shift_is_a_signal_and_no_wide_scatter() -> None:
    chart = best_chart([(70, 100)] * 10 + [(40, 100)] * 10)
    assert not chart.corrected
    assert {signal.kind for signal in chart.signals} >= {"one_side"}


points = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=30
)


@given(points)
def test_signals_turn_with_the_shares(found: list[tuple[int, int]]) -> None:
    """What is met counted as what is not turns up into down, and nothing else."""
    turned = best_chart([(n - met, n) for met, n in found])
    other = {"up": "down", "down": "up", "": ""}
    expected = {
        Signal(s.kind, s.first, s.last, other[s.direction]) for s in best_chart(found).signals
    }
    assert set(turned.signals) == expected


def test_steady_charts_seldom_leave_three_sigma() -> None:
    """With many units a point is outside as often as a normal value is: 13 points, all rules."""
    outside = 2 * (1 - NormalDist().cdf(3)) * 13
    assert outside < false_signal_chance((200,) * 13, 0.7, 2_000) < 0.10


@pytest.mark.parametrize("units", [3, 8, 20])
@pytest.mark.parametrize("share", [0.97, 0.9, 0.7])
def test_steady_run_charts_seldom_show_a_signal_however_few_units_they_have(
    units: int, share: float
) -> None:
    assert false_signal_chance((units,) * 36, share, 400, chart=run_chart) < 0.08


def test_too_few_points_have_no_false_signals() -> None:
    assert false_signal_chance((20,) * 9, 0.7) == 0


def test_a_simulation_is_repeatable() -> None:
    chances = {false_signal_chance.__wrapped__((20,) * 15, 0.8, 300, 7) for _ in range(2)}
    assert len(chances) == 1
