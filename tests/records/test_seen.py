"""Ids are seen once, and cheaply."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.records.seen import SeenIds

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)


def test_an_id_is_new_only_the_first_time() -> None:
    ids = SeenIds()
    assert [ids.add(each) for each in ("C01", "C02", "C01", "c01", "", "")] == [
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    assert len(ids) == 4


@given(st.lists(ANY_TEXT, max_size=200))
def test_it_answers_as_a_set_would(texts: list[str]) -> None:
    ids = SeenIds()
    known: set[str] = set()
    for text in texts:
        assert ids.add(text) is (text not in known)
        known.add(text)
    assert len(ids) == len(known)


def test_nothing_is_forgotten_when_the_table_grows() -> None:
    ids = SeenIds()
    assert all(ids.add(f"C{number}") for number in range(20_000))
    assert not any(ids.add(f"C{number}") for number in range(20_000))
    assert len(ids) == 20_000


def test_half_a_surrogate_pair_is_an_id_like_any_other() -> None:
    ids = SeenIds()
    assert ids.add("\ud800")
    assert not ids.add("\ud800")
    assert ids.add("\udc00")


class Colliding(str):
    """An id with a hash of our choice."""

    __slots__ = ("hashed",)
    hashed: int

    def __hash__(self) -> int:
        return self.hashed


@pytest.mark.parametrize("slot", [0, 1, 1023])
def test_hashes_of_the_same_slot_are_kept_apart(slot: int) -> None:
    """Every hash falls into one slot, the last one included, and is still found."""
    ids = SeenIds()
    colliding = []
    for number in range(500):
        each = Colliding(f"C{number}")
        each.hashed = slot | (number + 1) << 10  # the low ten bits choose a new table's slot
        colliding.append(each)
    assert all(ids.add(each) for each in colliding)
    assert not any(ids.add(each) for each in colliding)
    assert len(ids) == 500


def test_a_hash_of_zero_is_no_free_slot() -> None:
    ids = SeenIds()
    zero = Colliding("C0")
    zero.hashed = 0
    assert ids.add(zero)
    assert not ids.add(zero)


def test_200_000_ids_stay_under_8_mb() -> None:
    tracemalloc.start()
    try:
        ids = SeenIds()
        for number in range(200_000):
            ids.add(f"case-{number:09}")
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(ids) == 200_000
    assert kept < 4_400_000
    assert peak < 8_000_000
