"""Per cent agreement and kappa: check values, statsmodels as oracle, and what has no kappa."""

from __future__ import annotations

import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from scr_audit.stats.kappa import agreement, standard_error

NAMES = ("yes", "no", "not recorded")


def answers(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> list[tuple[str, str]]:
    return (
        [("yes", "yes")] * yes_yes
        + [("yes", "no")] * yes_no
        + [("no", "yes")] * no_yes
        + [("no", "no")] * no_no
    )


def test_the_check_value_of_the_textbook() -> None:
    """20 and 15 agreed, 5 and 10 not: 70 % agreement, kappa 0.40."""
    found = agreement(answers(20, 5, 10, 15))
    assert (found.n, found.agreed, found.share) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.interval == pytest.approx((0.1511, 0.6489), abs=1e-4)
    assert found.note == ""


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=2, max_size=60))
def test_kappa_and_its_error_are_those_of_statsmodels(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    assume(found.kappa is not None)
    table = Counter(pairs)
    matrix = np.array([[table[a, b] for b in NAMES] for a in NAMES])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it divides by an error of 0
        oracle = cohens_kappa(matrix)
    assert found.kappa == pytest.approx(oracle.kappa)
    variance = max(0.0, oracle.var_kappa)  # rounding makes it a hair negative
    assert standard_error(table) ** 2 == pytest.approx(variance, abs=1e-9)
    if variance < 1e-12:
        assert found.interval is None
    else:
        expected = max(-1.0, oracle.kappa_low), min(1.0, oracle.kappa_upp)
        assert found.interval == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=40))
def test_it_does_not_matter_who_is_first_or_in_which_order(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    turned = agreement((b, a) for a, b in reversed(pairs))
    assert (found.n, found.agreed, found.note) == (turned.n, turned.agreed, turned.note)
    assert turned.kappa == (None if found.kappa is None else pytest.approx(found.kappa))


def test_where_all_answers_are_equal_there_is_no_kappa() -> None:
    found = agreement(answers(30, 0, 0, 0))
    assert (found.share, found.kappa, found.interval) == (1.0, None, None)
    assert found.note == "no kappa: all answers are equal"


def test_where_they_differ_nowhere_there_is_no_interval() -> None:
    found = agreement(answers(15, 0, 0, 15))
    assert (found.kappa, found.interval) == (1.0, None)


def test_where_one_answers_the_same_throughout_kappa_is_0_and_has_no_interval() -> None:
    found = agreement(answers(15, 15, 0, 0))
    assert (found.kappa, found.interval) == (0.0, None)
    assert found.note == "one of them answers the same throughout, which makes kappa 0"


def test_nearly_equal_answers_and_small_numbers_are_told() -> None:
    assert agreement(answers(38, 1, 1, 0)).note == (
        "nearly all answers are equal, which makes kappa low whatever the agreement"
    )
    assert agreement(answers(5, 1, 1, 5)).note == (
        "only 12: too few (fewer than 20) to tell good agreement from luck; the interval is rough"
    )
    high = agreement(answers(38, 0, 0, 2))
    assert (high.kappa, high.note) == (pytest.approx(1.0), "")
    assert agreement(answers(2, 0, 0, 1)).note == (
        "only 3: too few (fewer than 20) to tell good agreement from luck"
    )
    assert agreement([]).note == "nothing to compare"
