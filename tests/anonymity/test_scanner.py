"""The quick way through a record finds what the full one does, whatever was seen before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import identifiers as sample
from benchmarks.identifier_notes import held_out, narrative, paperwork, shorthand, tuned
from benchmarks.records import generate
from scr_audit.anonymity.person_names import key_kind
from scr_audit.anonymity.scan import Scanner, scan_record, value_kinds

NOTES = (held_out, narrative, paperwork, shorthand, tuned)
EXPERIENCED = Scanner()  # one for all tests: what it has seen may hide nothing
WRITTEN = (
    {"separators": (",", ":")},
    {"separators": (",", ":"), "ensure_ascii": False},
    {},
    {"indent": 2},
    {"indent": "\t", "ensure_ascii": False, "separators": (" ,", " : ")},
)
KEYS = (
    "id", "note", "born_on_month", "dob", "name", "surname", "telephone", "made_by_telephone",
    "patient", "next_of_kin", "section_47_enquiries", "people", "", "a,", 'a"', "999 000 0018",
    "born 3 May 2009", "Mr", "\u0440hone", "tel\u200bephone", "/people/0/born_on_month",
)  # fmt: skip
VALUES = (
    None, True, False, 0, 7, 9_999_999, 9990000018, 9990000019, 1632960123, -9990000018,
    9.990000018e9, 1e300, 0.5, 12345678.5, 999_000_001_812, "", ",", "a,", ",a", '"', ',"', '","',
    "\\", '\\"', "\\,", "2009-05-03", "2009-05", "2009", "2009-05-03T10:20", "2009-05-03T10:20:00",
    "030509", "3/5", "C000001", "999 000 0018", "9990000018", "999\n000\t0018", "99\u200b90000018",
    "born 3 May 2009,", "known as", "Sampleton", "Mr Sampleton", "Mr\u00a0Sampleton", "Dr", "tel",
    "01632 960123", "ZZ99 9ZZ", "\ud800", "\u0661\u0662", "a\x01b", "DOB010109", "seen twice",
)  # fmt: skip


def found_by_both(record: object) -> None:
    """Hold the quick way against the full one, in every way in which JSON is written."""
    expected = scan_record(record)
    for style in WRITTEN:
        text = json.dumps(record, **style)  # type: ignore[arg-type]
        for scanner in (Scanner(), EXPERIENCED):
            assert scanner.scan(text) == expected, text


def values(keys: st.SearchStrategy[str], leaves: st.SearchStrategy[Any]) -> Any:
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
    )


@settings(max_examples=400)
@given(
    st.dictionaries(
        st.sampled_from(KEYS) | st.text(max_size=8),
        values(
            st.sampled_from(KEYS) | st.text(max_size=8),
            st.sampled_from(VALUES) | st.text(max_size=12) | st.integers() | st.floats(-1e12, 1e12),
        ),
        max_size=6,
    )
)
def test_any_record(record: dict[str, Any]) -> None:
    found_by_both(record)


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.sampled_from(sorted(sample.NUMBERED)))
def test_an_identifier_anywhere_in_a_record(seed: int, kind: str) -> None:
    random = Random(seed)  # noqa: S311 - invented data, repeatable
    record = next(generate(1, seed))
    identifier = sample.NUMBERED[kind](random)
    assert EXPERIENCED.scan(json.dumps(record, separators=(",", ":"))) == []
    assert scan_record(record) == []
    *_, (group, place) = random.sample(places := [*slots(record)], k=len(places))
    group[place] = random.choice([identifier, f"seen, {identifier},", {identifier: [identifier]}])
    found_by_both(record)


def slots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a record that holds something, with the group or list that it is in."""
    if isinstance(value, dict | list):
        for place in value if isinstance(value, dict) else range(len(value)):
            yield value, place
            yield from slots(value[place])


@pytest.mark.parametrize("notes", NOTES, ids=lambda notes: notes.__name__.rpartition(".")[2])
def test_every_note_of_the_benchmark(notes: Any) -> None:
    random = Random(7)  # noqa: S311 - invented data, repeatable
    texts = [*getattr(notes, "ORDINARY", ())]
    texts += [note for _, note in getattr(notes, "IDENTIFYING", ())]
    for name, make in (("BIRTH_DATES", sample.birth_date), ("NAMES", sample.name)):
        texts += [sample.filled(note, random, make(random)) for note in getattr(notes, name, ())]
    for note in getattr(notes, "NUMBERED", ()):
        texts += [sample.filled(note, random, make(random)) for make in sample.NUMBERED.values()]
    assert texts
    for text in texts:
        found_by_both({"id": "C1", "extra": {"note": sample.filled(text, random)}})
        found_by_both({"id": text, "list": [text, {text: text}]})


@pytest.mark.parametrize(("key", "value"), paperwork.KEYED + paperwork.ORDINARY_KEYED)
def test_every_key_of_the_benchmark(key: str, value: object) -> None:
    for given_ in (value, [value], [[value]], {"a": value}, {key: value}, "2009-05-03", "Testina"):
        found_by_both({"id": "C1", "extra": {key: given_, "b": True}})


@pytest.mark.parametrize(
    ("harmless", "identifying"),
    [
        ({"a": "ref 999 000 0019"}, {"a": "ref 999 000 0018"}),
        ({"a": 9990000019}, {"a": 9990000018}),
        ({"a": "9990000019"}, {"a": "9990000018"}),
        ({"a": ["9990000019"]}, {"a": ["9990000018"]}),
        ({"born_on_month": "999999"}, {"born_on_month": "030509"}),
        ({"a": "DOB990099"}, {"a": "DOB010109"}),
        ({"a": 9.990000019e9}, {"a": 9.990000018e9}),
        ({"A9990000019": 1}, {"A9990000018": 1}),
        ({"999 000 0019": 1}, {"999 000 0018": 1}),
    ],
)
def test_digits_that_tell_nobody_hide_none_that_do(harmless: Any, identifying: Any) -> None:
    scanner = Scanner()
    assert scanner.scan(json.dumps(harmless, separators=(",", ":"))) == []
    found = scanner.scan(json.dumps(identifying, separators=(",", ":")))
    assert found == scan_record(identifying) != []


@settings(max_examples=300)
@given(
    st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?\Z")
    | st.from_regex(r"\A[A-Za-z]{0,2}[-/]?[0-9]{1,6}\Z"),
    st.from_regex(r"\A[0-9]{4}(-[0-9]{2})?\Z"),
)
def test_what_is_kept_by_its_shape_is_nobodys_with_any_digits(text: str, month: str) -> None:
    assert not value_kinds(text)
    assert not value_kinds(month)
    for key in ("born_on_month", "dob", "date_of_death", "edd", "name", "patient"):
        assert key_kind(key, month) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a":"x"', '{"a":"x","b":}', '{"a":,"b":1}', '{"a" "b"}', '{"a":"tel\\q01632 960123"}',
        '{"a":"\\ud800 999 000 0018"}', '{"a":"\x01","b":"999 000 0018"}', '["N999 000 0018"]',
        '"9990000018"', "[9990000018]", '{"a":NaN,"b":9990000018}', '{"a":"\\u0039990000018"}',
        '{"a":"999 000 0018"}}', '{"a":tel 01632 960123}', '{"a":1}{"b":"999 000 0018"}',
        '{"a":"tel\\\\","b":"01632 960123"}', '{"a":"x\\\\\\"","b":"01632\\u0020960123"}',
    ],
)  # fmt: skip
def test_hostile_texts_are_looked_at_in_full_or_hold_nothing(text: str) -> None:
    is_telling = "999" in text or "960123" in text
    assert bool(Scanner().scan(text.encode())) == is_telling
