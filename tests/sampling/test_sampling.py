"""Samples: how many, and which ones."""

from __future__ import annotations

from collections import Counter
from math import ceil

import pytest
from scipy.stats import chi2
from statsmodels.stats.proportion import samplesize_confint_proportion

from scr_audit.sampling.random_draw import draw_ids, drawing_order, frame_sha256, sample_size

SEEDS = [f"seed {n}" for n in range(3_000)]  # always the same, so that no run is unlucky
IDS = [f"C{n:02d}" for n in range(10)]


def test_the_size_of_a_sample_from_a_small_frame_is_that_of_the_tables() -> None:
    assert sample_size(300, 0.05, expect=0.7) == 155


def test_the_size_without_an_expectation_is_the_largest() -> None:
    # Cochran's example sizes for ±5 % at 95 %: 385 without end, here of 100,000.
    assert sample_size(100_000, 0.05) == 383
    assert sample_size(10, 0.01) == 10


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("expect", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("margin", [0.03, 0.05, 0.1])
@pytest.mark.parametrize("frame", [40, 300, 5_000])
def test_the_size_is_that_of_another_library_with_the_correction_for_a_small_frame(
    frame: int, margin: float, expect: float, confidence: float
) -> None:
    infinite = samplesize_confint_proportion(expect, margin, alpha=1 - confidence)
    wanted = infinite / (1 + infinite / frame)
    found = sample_size(frame, margin, expect=expect, confidence=confidence)
    assert abs(found - wanted) <= 0.5
    assert ceil(wanted) - found in (0, 1)


def test_a_draw_is_the_same_for_ever() -> None:
    assert drawing_order(["A", "B", "C", "D"], "2026") == ["C", "D", "A", "B"]
    assert frame_sha256(["B", "A"]) == (
        "daee1cd25194ae952d046ad9b9c81d3c07dc5332440b58d6d7461b248be56712"
    )


def test_half_a_character_in_an_id_is_drawn_as_any_other() -> None:
    assert sorted(drawing_order(["A", "\ud800"], "one")) == ["A", "\ud800"]
    assert len(frame_sha256(["A", "\ud800"])) == 64


def test_every_record_is_drawn_as_often_as_another() -> None:
    counts = Counter(name for seed in SEEDS for name in draw_of(seed))
    assert statistic(counts, IDS) < chi2.ppf(0.999, len(IDS) - 1)


def test_every_pair_of_records_is_drawn_as_often_as_another() -> None:
    pairs = [(one, other) for one in IDS for other in IDS if one < other]
    counts = Counter(
        (one, other)
        for seed in SEEDS
        for one in draw_of(seed)
        for other in draw_of(seed)
        if one < other
    )
    assert statistic(counts, pairs) < chi2.ppf(0.999, len(pairs) - 1)


def draw_of(seed: str) -> tuple[str, ...]:
    return draw_ids(dict.fromkeys(IDS, ()), seed, size=3, reserve=0).drawn


def statistic(counts: Counter, cells: list) -> float:
    """Pearson's chi-square against equal counts.

    Drawing without replacement makes it smaller, never larger, than the distribution has it.
    """
    even = counts.total() / len(cells)
    return sum((counts[cell] - even) ** 2 / even for cell in cells)


def test_the_reserve_has_one_of_every_stratum_that_has_a_record_left() -> None:
    strata = {f"{name}{n}": (name,) for name, size in (("a", 40), ("b", 3), ("c", 1))
              for n in range(size)}  # fmt: skip
    found = draw_ids(strata, "one", size=10, reserve=1)
    assert found.shares == {("a",): 8, ("b",): 1, ("c",): 1}
    assert found.spare == {("a",): 1, ("b",): 1, ("c",): 0}
    assert Counter(strata[name] for name in found.reserve) == {("a",): 1, ("b",): 1}


def test_without_a_reserve_there_is_none_in_any_stratum() -> None:
    found = draw_ids({"A": ("a",), "B": ("b",), "C": ("b",)}, "one", size=2, reserve=0)
    assert (found.reserve, found.spare) == ((), {("a",): 0, ("b",): 0})
