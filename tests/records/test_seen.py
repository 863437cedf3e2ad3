"""Ids are seen once, and cheaply."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.records import seen
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


@pytest.mark.parametrize("wanted", [0, 1023, 1, 2**64 - 1])
def test_hashes_of_the_same_slot_are_kept_apart(
    monkeypatch: pytest.MonkeyPatch, wanted: int
) -> None:
    """Every hash falls into one slot, the last one included, and is still found."""
    # The low ten bits choose the slot of a new table.
    hashes = {f"C{n}": (wanted & 1023) | ((n + 1) << 10) for n in range(500)}
    monkeypatch.setattr(seen, "_hash", hashes.__getitem__)
    ids = SeenIds()
    assert all(ids.add(each) for each in hashes)
    assert not any(ids.add(each) for each in hashes)


def test_the_answer_does_not_depend_on_the_process() -> None:
    """Python's own hash of a text differs from run to run; this one may not."""
    assert seen._hash("C01") == int.from_bytes(bytes.fromhex("3c729ca1e20a6472"), "little")


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
