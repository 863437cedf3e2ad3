"""Ids are compared as people read them, and each is seen once."""

import pickle
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.records.ids import Earlier, SeenIds, skeleton
from scr_audit.values.text import normal_text

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
ALIKE = st.sampled_from(
    ["A1", "a1", "Α1", "АI", "Ａ１", "A\u200b1", "B", "В", "b", "C-1", "C–1", "D"]
)  # that they look alike is the point


@pytest.mark.parametrize(
    ("written", "one"),
    [("C1 ", "C1"), ("\u00a0C1\n", "C1"), ("e\u0301", "\u00e9"), ("C 1", "C 1"), (" ", "")],
)
def test_an_id_has_one_spelling(written: str, one: str) -> None:
    assert normal_text(written) == one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C1", "c1"),
        ("CASE-A", "CASE-\u0410"),  # Cyrillic
        ("CASE-O", "CASE-\u039f"),  # Greek
        ("C1", "\uff23\uff11"),  # wide
        ("C1", "C\u200b1"),  # a space of no width
        ("C1", "C 1"),
        ("C-1", "C\u20131"),  # another dash
        ("C-1", "C\u22121"),  # a minus
        ("C1", "C1\ufe0f"),  # a variation selector
        ("CASE-I", "CASE-\u0131"),  # without its dot
        ("C10", "C1O"),
        ("C1", "CI"),
        ("C1", "Cl"),
        ("STRASSE", "straße"),
    ],
)
def test_ids_that_are_easily_taken_for_each_other_look_the_same(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C1", "C2"), ("C1", "C01"), ("C-1", "C1"), ("case-é", "case-e")]
)
def test_ids_that_read_differently_look_different(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(ANY_TEXT)
def test_normal_ids_and_looks_stay_as_they_are(text: str) -> None:
    assert normal_text(normal_text(text)) == normal_text(text)
    assert skeleton(normal_text(text)) == skeleton(text)


def test_an_id_is_new_only_the_first_time() -> None:
    seen = SeenIds()
    first, alike = Earlier("C1", "a.json", "/cases/0"), Earlier("c1", "b.csv", "line 2")
    assert seen.add("case", *_told(first)) is None
    assert seen.add("agency", "C1", "a.json", "/agencies/0") is None
    assert seen.add("case", *_told(alike)) == first
    assert seen.add("case", "c1", "c.csv", "line 7") == alike
    assert seen.add("case", "C1", "c.csv", "line 8") == first
    assert seen.add("case", "ｃ1", "c.csv", "line 9") == first  # a wide letter
    assert len(seen) == 2
    assert (first.place, Earlier("C1", "form.xlsx", "").place) == ("a.json, /cases/0", "form.xlsx")


def _told(record: Earlier) -> tuple[str, str, str]:
    return record.id, record.file, record.position


@given(st.lists(st.one_of(ANY_TEXT, ALIKE), max_size=200))
def test_it_answers_as_dicts_would(texts: list[str]) -> None:
    seen = SeenIds()
    by_id: dict[str, Earlier] = {}
    by_look: dict[str, Earlier] = {}
    for number, text in enumerate(texts):
        new = Earlier(text, f"{number // 9}.json", f"/{number}")
        expected = by_id.get(text) or by_look.get(skeleton(text))
        assert seen.add("case", *_told(new)) == expected
        by_id.setdefault(text, new)
        by_look.setdefault(skeleton(text), new)
    assert len(seen) == len(by_look)


def test_nothing_is_forgotten_when_the_table_grows() -> None:
    seen = SeenIds()
    assert not any(seen.add("case", f"C{n}", "f", f"/{n}") for n in range(20_000))
    for number in range(0, 20_000, 7):
        found = Earlier(f"C{number}", "f", f"/{number}")
        assert seen.add("case", f"C{number}", "g", "") == found
    assert len(seen) == 20_000


def test_a_copy_and_what_was_pickled_know_the_same() -> None:
    seen, texts = SeenIds(), [f"C{n}" for n in range(3_000)]
    for number, text in enumerate([*texts, "c7", "C7", "\ud800", "a\0b"]):
        seen.add("case", text, f"{number // 100}.json", f"/{number}")
    pickled = pickle.loads(pickle.dumps(seen))  # noqa: S301 - made above
    for other in (pickled, seen.merged(SeenIds()), SeenIds().merged(seen)):
        assert len(other) == len(seen) == 3_002
        assert list(other.look_alikes()) == list(seen.look_alikes()) != []
        for text in (*texts, "c7", "\ud800", "a\0b"):
            assert other.like("case", text) == seen.like("case", text) is not None
            mine = [each.add("case", text, "g", "") for each in (other, seen)]
            assert mine[0] == mine[1] is not None
        assert other.like("agency", "C1") is other.like("case", "X") is None
    assert len(SeenIds().merged(seen)) == 3_002


def test_an_id_takes_less_than_75_bytes_and_90_while_it_is_added() -> None:
    number_of_ids = 50_000
    tracemalloc.start()
    try:
        seen = SeenIds()
        for number in range(number_of_ids):
            seen.add("case", f"case-{number:09}", "cases.ndjson", f"line {number}")
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(seen) == number_of_ids
    assert kept < 75 * number_of_ids
    assert peak < 90 * number_of_ids
