"""How many of each stratum are drawn."""

from __future__ import annotations

import pytest

from scr_audit.sampling.random_draw import allocation


def test_an_allocation_is_in_proportion() -> None:
    assert allocation({"north": 60, "south": 30, "west": 10}, 10) == {
        "north": 6, "south": 3, "west": 1,
    }  # fmt: skip


def test_what_is_left_goes_by_largest_remainder_and_ties_by_name() -> None:
    assert allocation({"b": 5, "a": 5}, 3) == {"a": 2, "b": 1}
    assert allocation({"a": 41, "b": 34, "c": 25}, 10) == {"a": 4, "b": 3, "c": 3}


def test_large_strata_pay_for_the_smallest_in_proportion() -> None:
    small = {f"small {n}": 1 for n in range(10)}
    found = allocation({"large": 1_000, "middle": 500, **small}, 40)
    assert (found["large"], found["middle"]) == (20, 10)
    assert {found[name] for name in small} == {1}


@pytest.mark.parametrize("size", [1, 8])
def test_what_cannot_be_allocated_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} of 7 cannot be drawn from 2 strata"):
        allocation({"north": 4, "south": 3}, size)
