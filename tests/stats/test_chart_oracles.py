"""Intervals and limits of charts, worked out a second time by statsmodels and by plain numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from scr_audit.stats.shares import wilson
from scr_audit.stats.signals import best_chart

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
many = st.integers(60, 400).flatmap(lambda n: st.tuples(st.integers(n // 4, n), st.just(n)))
series = st.lists(many, min_size=13, max_size=40).filter(
    lambda points: sum(met for met, _ in points) < 0.9 * sum(judged for _, judged in points)
)


@given(counts)
def test_wilsons_interval_is_that_of_statsmodels(point: tuple[int, int]) -> None:
    expected = proportion_confint(*point, alpha=0.05, method="wilson")
    assert wilson(*point) == pytest.approx(expected, abs=1e-9)


def _limits(points: list[tuple[int, int]]) -> tuple[float, np.ndarray, float]:
    """Centre, limits and Laney's sigma, as the papers have them."""
    met, judged = np.array(points, dtype=float).T
    centre = met.sum() / judged.sum()
    sigma = np.sqrt(centre * (1 - centre) / judged)
    score = (met / judged - centre) / sigma
    spread = np.abs(np.diff(score)).mean() / 1.128
    wide = spread > 1 + 1.645 * np.sqrt(0.8264 / (len(points) - 1))
    reach = 3 * sigma * (spread if wide else 1.0)
    return centre, np.clip([centre - reach, centre + reach], 0, 1).T, spread


@given(series)
def test_the_limits_of_a_p_chart_are_those_of_numpy(points: list[tuple[int, int]]) -> None:
    chart = best_chart(points)
    centre, limits, spread = _limits(points)
    assert chart.centre == pytest.approx(centre)
    assert chart.spread == pytest.approx(spread)
    np.testing.assert_allclose(chart.limits, limits, atol=1e-9)


def test_both_kinds_of_limits_are_among_those_compared() -> None:
    steady, wild = [(50, 100), (52, 100)] * 8, [(30, 100), (70, 100)] * 8
    assert [best_chart(points).corrected for points in (steady, wild)] == [False, True]
    for points in (steady, wild):
        np.testing.assert_allclose(best_chart(points).limits, _limits(points)[1], atol=1e-9)
