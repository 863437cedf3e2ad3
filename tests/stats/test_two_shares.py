"""Two shares compared: the check values, SciPy and statsmodels as oracles, how many it takes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from scr_audit.stats.shares import (
    CHANCE,
    Counts,
    benjamini_hochberg,
    differences,
    fisher,
    power_of_fall,
    records_needed,
)


def counts(most: int = 60) -> st.SearchStrategy[Counts]:
    return st.integers(1, most).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def scipys(then: Counts, now: Counts) -> float:
    table = [[met, n - met] for met, n in (then, now)]
    return float(fisher_exact(table).pvalue)


@pytest.mark.parametrize(
    ("then", "now", "p"),
    [
        ((0, 3), (3, 3), 0.10),
        ((2, 5), (6, 6), 0.061),
        ((6, 9), (12, 12), 0.063),
        ((0, 3), (6, 6), 0.012),
        ((5, 5), (7, 7), 1.0),
        ((0, 2_000), (2_000, 2_000), 0.0),
    ],
)
def test_how_often_chance_gives_such_a_table(then: Counts, now: Counts, p: float) -> None:
    assert fisher(then, now) == pytest.approx(p, abs=0.0005)
    assert fisher(then, now) == pytest.approx(scipys(then, now), abs=1e-9)


@given(counts(), counts())
def test_it_is_what_scipy_says(then: Counts, now: Counts) -> None:
    assert fisher(then, now) == pytest.approx(scipys(then, now), rel=1e-6, abs=1e-12)


def test_large_samples_are_compared_as_scipy_does() -> None:
    then, now = (48_000, 60_000), (48_600, 60_000)
    assert fisher(then, now) == pytest.approx(scipys(then, now), rel=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_several_are_allowed_for_as_statsmodels_does(p_values: list[float]) -> None:
    oracle = multipletests(p_values, method="fdr_bh")[1]
    assert benjamini_hochberg(p_values) == pytest.approx(list(oracle))


def test_of_one_rule_alone_a_rise_from_0_of_3_to_6_of_6_is_told_and_to_3_of_3_is_not() -> None:
    verdicts = [differences([((0, 3), now)])[0].verdict for now in ((3, 3), (6, 6))]
    assert verdicts == ["cannot_tell", "higher"]
    assert differences([((6, 6), (0, 3))])[0].verdict == "lower"


def test_among_ten_rules_the_same_rise_is_too_few_to_tell() -> None:
    rise, *others = differences([((0, 3), (6, 6)), *[((5, 9), (5, 9))] * 9])
    assert (rise.verdict, round(rise.p_value, 3), round(rise.adjusted, 2)) == (
        "cannot_tell", 0.012, 0.12,
    )  # fmt: skip
    assert {(other.change, other.verdict, other.needed) for other in others} == {
        (0.0, "cannot_tell", 115)
    }


@pytest.mark.parametrize(
    ("then", "now", "needed"),
    [
        ((0, 3), (3, 3), 4),
        ((2, 5), (6, 6), 8),
        ((6, 9), (12, 12), 16),
        ((5, 9), (5, 9), 72),
        ((1, 1), (300, 300), 72),
        ((72, 72), (80, 80), None),
    ],
)
def test_how_many_records_it_would_take(then: Counts, now: Counts, needed: int | None) -> None:
    assert records_needed(then, now) == needed


def test_so_many_equal_shares_would_have_shown_a_fall() -> None:
    assert 0.8 <= power_of_fall(72, 72) < 0.83


@given(counts(), counts())
def test_so_many_records_with_the_same_shares_come_near_to_being_told(
    then: Counts, now: Counts
) -> None:
    needed = records_needed(then, now)
    if needed is None or then[0] * now[1] == now[0] * then[1]:
        return
    near = [(round(met / n * needed), needed) for met, n in (then, now)]
    assert needed > min(then[1], now[1])
    assert fisher(*near) <= 2.5 * CHANCE


def test_where_several_rules_are_compared_it_takes_more() -> None:
    (alone,), (among, *_) = (
        differences([((2, 5), (6, 6)), *[((5, 9), (5, 9))] * more]) for more in (0, 9)
    )
    assert (alone.needed, among.needed) == (8, 13)


@given(counts(), counts())
def test_the_interval_is_newcombes(then: Counts, now: Counts) -> None:
    (found,) = differences([(then, now)])
    oracle = confint_proportions_2indep(*now, *then, method="newcomb", compare="diff")
    assert found.interval == pytest.approx(tuple(oracle), abs=1e-9)
    assert found.change == pytest.approx(now[0] / now[1] - then[0] / then[1])


@pytest.mark.parametrize(("n", "percent"), [(8, 3), (20, 24), (50, 64)])
def test_a_fall_from_90_to_70_per_cent_is_seen_so_often(n: int, percent: int) -> None:
    assert round(power_of_fall(n, n) * 100) == percent


@pytest.mark.parametrize(("then", "now"), [(1, 1), (5, 9), (17, 4), (30, 30)])
def test_the_power_is_the_sum_over_all_pairs_of_counts(then: int, now: int) -> None:
    total = sum(
        math.comb(then, a) * 0.9**a * 0.1 ** (then - a)
        * math.comb(now, b) * 0.7**b * 0.3 ** (now - b)
        for a in range(then + 1)
        for b in range(now + 1)
        if differences([((a, then), (b, now))])[0].verdict == "lower"
    )  # fmt: skip
    assert power_of_fall(then, now) == pytest.approx(total, abs=1e-12)


def test_large_samples_see_it_nearly_always() -> None:
    assert power_of_fall(5_000, 5_000) == pytest.approx(1)


def test_an_empty_sample_has_no_power() -> None:
    with pytest.raises(ValueError, match="needs records on both sides, not 0 and 5"):
        power_of_fall(0, 5)
