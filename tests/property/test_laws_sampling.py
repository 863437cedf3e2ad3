"""Laws of drawing: subsets, proportions, and what one record more changes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scr_audit.sampling.random_draw import (
    Stratum,
    allocation,
    draw_ids,
    drawing_order,
    frame_sha256,
)

IDS = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=30, unique=True)
SEEDS = st.text(max_size=5)
FRAMES = st.dictionaries(
    st.text(min_size=1, max_size=4), st.sampled_from([("a",), ("b",), ("c",)]), min_size=1,
    max_size=30,
)  # fmt: skip
SIZES = st.dictionaries(st.text(max_size=3), st.integers(1, 40), min_size=1, max_size=6)


@given(IDS, st.randoms(use_true_random=False), SEEDS)
def test_the_order_of_the_input_changes_no_draw(ids: list[str], mixer: Any, seed: str) -> None:
    mixed = list(ids)
    mixer.shuffle(mixed)
    assert drawing_order(mixed, seed) == drawing_order(ids, seed)
    assert frame_sha256(mixed) == frame_sha256(ids)


@given(FRAMES, SEEDS, st.integers(0, 10), st.data())
def test_a_draw_takes_each_record_of_the_frame_once_at_most(
    strata: dict[str, Stratum], seed: str, reserve: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(set(strata.values())), len(strata)))
    found = draw_ids(strata, seed, size=size, reserve=reserve)
    both = [*found.drawn, *found.reserve]
    assert len(found.drawn) == size == sum(found.shares.values())
    assert len(set(both)) == len(both)
    assert set(both) <= set(strata)
    assert len(found.reserve) == sum(found.spare.values())


@given(FRAMES, SEEDS, st.integers(1, 10), st.data())
def test_in_every_stratum_the_reserve_goes_on_where_the_draw_stops(
    strata: dict[str, Stratum], seed: str, reserve: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(set(strata.values())), len(strata)))
    found = draw_ids(strata, seed, size=size, reserve=reserve)
    for stratum in set(strata.values()):
        order = [name for name in drawing_order(strata, seed) if strata[name] == stratum]
        of_both = [n for part in (found.drawn, found.reserve) for n in part if strata[n] == stratum]
        assert of_both == order[: len(of_both)]
        left = found.frame[stratum] - found.shares[stratum]
        assert min(1, left) <= found.spare[stratum] <= left


@given(IDS, SEEDS, st.data())
def test_a_simple_draw_is_the_first_of_the_order_and_the_reserve_the_next(
    ids: list[str], seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(ids)))
    found = draw_ids(dict.fromkeys(ids, ()), seed, size=size, reserve=3)
    assert [*found.drawn, *found.reserve] == drawing_order(ids, seed)[: size + 3]


@given(IDS, SEEDS, st.text(min_size=6, max_size=7), st.data())
def test_one_record_more_changes_a_draw_by_no_other_record(
    ids: list[str], seed: str, new: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(ids)))
    before, after = (
        draw_ids(dict.fromkeys(frame, ()), seed, size=size, reserve=0).drawn
        for frame in (ids, [*ids, new])
    )
    stays = [name for name in after if name != new]
    assert stays == list(before)[: len(stays)]
    assert len(stays) == (size - 1 if new in after else size)


@given(FRAMES, SEEDS, st.data())
def test_a_larger_draw_with_the_same_seed_holds_the_smaller_one(
    strata: dict[str, Stratum], seed: str, data: st.DataObject
) -> None:
    simple = dict.fromkeys(strata, ())
    size = data.draw(st.integers(1, len(strata)))
    small = draw_ids(simple, seed, size=size, reserve=0).drawn
    assert draw_ids(simple, seed, size=len(strata), reserve=0).drawn[:size] == small


@given(SIZES, st.data())
def test_an_allocation_adds_up_with_one_of_each_and_never_more_than_there_are(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(sizes), sum(sizes.values())))
    found = allocation(sizes, size)
    assert sum(found.values()) == size
    assert all(1 <= found[name] <= sizes[name] for name in sizes)


@given(SIZES, st.data())
def test_an_allocation_is_within_one_of_proportion_but_for_the_least_of_one(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(sizes), sum(sizes.values())))
    found = allocation(sizes, size)
    total = sum(sizes.values())
    if all(size * count >= total for count in sizes.values()):
        assert all(abs(found[name] - size * sizes[name] / total) < 1 for name in sizes)
    else:
        # Strata that are owed less than one have one, and none has a record more than its share.
        for name, count in sizes.items():
            assert found[name] == 1 or found[name] < size * count / total + 1


@given(SIZES, st.data())
def test_a_larger_stratum_has_no_fewer(sizes: dict[str, int], data: st.DataObject) -> None:
    size = data.draw(st.integers(len(sizes), sum(sizes.values())))
    found = allocation(sizes, size)
    assert all(
        found[one] >= found[other] for one in sizes for other in sizes if sizes[one] > sizes[other]
    )
