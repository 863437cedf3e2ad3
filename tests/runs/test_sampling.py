"""Samples: how many, which ones, and what so many can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.runs.sampling import (
    allocation,
    can_show,
    drawing_order,
    drawn,
    frame_sha256,
    least_shown,
    needed,
    power,
)

IDS = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=30, unique=True)


def test_the_size_of_a_sample_from_a_small_frame_is_that_of_the_tables() -> None:
    assert needed(300, 0.05, expect=0.7) == 155


def test_the_size_without_an_expectation_is_the_largest() -> None:
    # Cochran's example sizes for ±5 % at 95 %: 385 without end, here of 100,000.
    assert needed(100_000, 0.05) == 383
    assert needed(10, 0.01) == 10


@pytest.mark.parametrize(("size", "chance"), [(8, 0.11), (20, 0.34), (50, 0.72)])
def test_the_chance_to_notice_a_fall_from_90_to_70_per_cent(size: int, chance: float) -> None:
    assert round(power(size, 0.9, 0.7), 2) == chance


def test_what_twenty_records_can_show_is_said_in_words() -> None:
    assert can_show(20, 0.7) == [
        "If all of 20 units are met, at least 84% is shown, at 95 %.",
        "If 70% are met, the 95 % interval runs from 48% to 85%.",
        "It cannot show that a standard of 90% is reached.",
        "A fall from 90 % to 70 % between two such samples is noticed with a chance of 34%.",
    ]
    assert least_shown(35) >= 0.9 > least_shown(34)


def test_a_draw_is_the_same_for_ever() -> None:
    assert drawing_order(["A", "B", "C", "D"], "2026") == ["C", "D", "A", "B"]
    assert frame_sha256(["B", "A"]) == (
        "daee1cd25194ae952d046ad9b9c81d3c07dc5332440b58d6d7461b248be56712"
    )


@given(IDS, st.randoms(use_true_random=False), st.text(max_size=5))
def test_the_order_of_the_input_changes_no_draw(ids: list[str], mixer: object, seed: str) -> None:
    mixed = list(ids)
    mixer.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert drawing_order(mixed, seed) == drawing_order(ids, seed)
    assert frame_sha256(mixed) == frame_sha256(ids)


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 40), min_size=1, max_size=6), st.data())
def test_an_allocation_adds_up_with_one_of_each_and_never_more_than_there_are(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(sizes), sum(sizes.values())))
    found = allocation(sizes, size)
    assert sum(found.values()) == size
    assert all(1 <= found[name] <= sizes[name] for name in sizes)


def test_an_allocation_is_in_proportion() -> None:
    assert allocation({"north": 60, "south": 30, "west": 10}, 10) == {
        "north": 6, "south": 3, "west": 1,
    }  # fmt: skip


@pytest.mark.parametrize("size", [1, 8])
def test_what_cannot_be_allocated_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} of 7 cannot be drawn from 2 strata"):
        allocation({"north": 4, "south": 3}, size)


@given(IDS, st.data())
def test_the_reserve_goes_on_where_the_draw_stops(ids: list[str], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(ids)))
    chosen, reserve = drawn(dict.fromkeys(ids, ""), "seed", size=size, reserve=3)
    assert [*chosen, *reserve] == drawing_order(ids, "seed")[: size + 3]
