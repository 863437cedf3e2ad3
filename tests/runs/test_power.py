"""The power of a comparison: the check values, the sum by hand, and what more units give."""

import math

import pytest

from scr_audit.runs.power import power_of_fall
from scr_audit.runs.statistics import difference


@pytest.mark.parametrize(("n", "percent"), [(8, 11), (20, 34), (50, 72)])
def test_a_fall_from_90_to_70_per_cent_is_seen_as_often_as_the_notes_say(
    n: int, percent: int
) -> None:
    assert round(power_of_fall(n, n) * 100) == percent


@pytest.mark.parametrize(("then", "now"), [(1, 1), (5, 9), (17, 4), (30, 30)])
def test_it_is_the_sum_over_all_pairs_of_counts(then: int, now: int) -> None:
    total = sum(
        math.comb(then, a) * 0.9**a * 0.1 ** (then - a)
        * math.comb(now, b) * 0.7**b * 0.3 ** (now - b)
        for a in range(then + 1)
        for b in range(now + 1)
        if difference((a, then), (b, now)).verdict == "lower"
    )  # fmt: skip
    assert power_of_fall(then, now) == pytest.approx(total, abs=1e-12)


def test_large_samples_see_it_nearly_always() -> None:
    assert power_of_fall(5_000, 5_000) == pytest.approx(1)


def test_an_empty_sample_has_no_power() -> None:
    with pytest.raises(ValueError, match="needs units on both sides, not 0 and 5"):
        power_of_fall(0, 5)
