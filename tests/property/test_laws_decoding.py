"""Laws of decoding: the structs accept what the record schema accepts, with the same values."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from budget import share
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import (
    Audit,
    Group,
    Spec,
    audits,
    by_key,
    load,
    pack_files,
    packs,
    records,
    records_something,
)

from scr_audit import Engine, InputError, RecordError
from scr_audit.language.types import FactType, held
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.problems import record_schema, record_validator
from scr_audit.values.imprecise import Imprecise, bounds, in_zone
from scr_audit.values.text import is_blank, normal_text

Draw = Callable[..., Any]
COUNT = 20

WRONG_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 3, 11, 1.5, -0.0, 1e299, 10**19, -(10**19), 2**63, "", "red"),
    *("2010-04-01", "2010-4-1", "2010-02-29", "2010-13", "2010", "0000", "0000-01-01", "20100401"),
    *("2010-04-01T09:30", "2010-04-01T09:30:00", "2010-04-01T09:30:00Z", "2010-04-01t09:30:00"),
    *("2010-04-01 09:30", "2010-04-01T24:00", "2010-04-01T09:30+01:00", "2010-04-01T09:30:00.5"),
    *("2010-04-01T09:30:00.1234567", "2010-04-01T09:30:60", "2010-W17-4T09:30", "2010-W17-4"),
    *("2010-04-01T", "2010-04T09:30", "2010-091T09:30", " 2010-04-01", "2010-04-01\n", "é"),
    *([], ["red"], ["red", "nothing"], [None], [[]], [{}], [{"day": "2010"}], {}, {"day": 1}),
    *({"unread": "x"}, {"start": "2010-01", "end": None}, "2010-04-01T0930", "２０１０-04-01"),
    *(" \u200b\n", "\ufeff", "\u3164", "\u2800", "\u200bx", 3.0, -2.0, 10.0, 11.0, 1e16, 3.5, "0"),
    *("2010-04-01T00:00:00", "2010-04-01 00:00", "2010-04-01T00:00:00.000", "2010-04T00:00"),
    *("2010-02-29T00:00", "2010-04-01T00:00:01", "2010-04-01T00:00Z", "1900-02-29", "2000-02-29"),
    *("2024-02-29T00:00", "2010-04-31", "2010-00", "2010-04-01T00:00\n", "9999-12-31", "0001"),
    *(
        "01/04/2010 00:00",
        "1.4.2010",
        "31-04-2010",
        "29/02/2024T0:00:00.0",
        "29/02/2023",
        "1/4-2010",
    ),
    *(
        "01/04/2010 09:30",
        "01/04/2010T09:30Z",
        "1/1/0000",
        "1/13/2010",
        "1/4/2010  00:00",
        "04/2010",
    ),
    *(" red ", "e\u0301", "\u00a0e\u0301\n", "two words ", "two  words", ["red "], "\u200bred"),
    *([""], ["", "red"], ["\u200b"], ["red", 3], [{"unread": ""}], {"unread": " "}, {"x": None}),
    *([3, -2.0], [1.5], ["", 3], [3, True], [11], [1e299, 10**19], ["3"]),
    *({"red": {"day": "2010"}}, {"": {}}, {"\u200b": {}}, {"red": None}, {"red": {}, "red ": {}}),
    *({"red": {"key-of": " red"}}, {"red": {"key-of": "blue"}}, {"red": {"key-of": ""}}),
    *([{"key-of": "red"}] * 2, [{"key-of": ""}], {"e\u0301": {"key-of": "\u00e9", "day": None}}),
    *({"start": None, "end": ""}, {"start": ""}, {"x": {"y": ""}}, {"x": {"y": []}}, {"": 0}),
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a JSON value with every key or index of it."""
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [
        *((value, key) for key in keys),
        *(place for key in keys for place in places(value[key])),
    ]


@st.composite
def nearly_records(draw: Draw, kinds: dict[str, Group]) -> dict[str, Any]:
    """A record, mostly with one or two places changed to what may not fit there."""
    record: dict[str, Any] = deepcopy(draw(records(kinds)))
    if draw(st.booleans()):
        record = by_key(record, kinds[record.get("kind", next(iter(kinds)))])
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        found = places(record)
        if not found:
            continue
        owner, key = draw(st.sampled_from(found))
        change = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add"]))
        wrong = deepcopy(draw(st.sampled_from(WRONG_VALUES)))  # a second change may go inside it
        if change == "remove":
            del owner[key]
        elif change == "add" and isinstance(owner, dict):
            owner[
                draw(st.sampled_from(["day", "items", "nothing", "kind", "a/b~c", "", "key-of"]))
            ] = wrong
        else:
            owner[key] = wrong
    return record


def fits(pack: Pack, record: dict[str, Any]) -> bool:
    """Whether the JSON Schema of the record's kind accepts it; a kind there is not is refused."""
    kind = record.get("kind")
    if kind is not None and (not isinstance(kind, str) or kind not in pack.kinds):
        return False
    found = pack.kinds[kind or next(iter(pack.kinds))]
    accepted = record_validator(found).is_valid(record)
    assert accepted == Draft202012Validator(record_schema(found)).is_valid(record)  # any validator
    return accepted and keys_agree(found.type, record)


def keys_agree(fact: FactType, value: Any) -> bool:
    """Whether every item of a map that says its key says the one it stands under: no schema can."""
    if isinstance(value, list) and fact.item is not None:
        return all(keys_agree(fact.item, item) for item in value)
    if not isinstance(value, dict):
        return True
    if fact.item is not None:
        own = fact.item.key
        said = {key: item.get(own) for key, item in value.items() if records_something(item)}
        told = {key: text for key, text in said.items() if text is not None and not is_blank(text)}
        return all(map(keys_agree, repeat(fact.item), value.values())) and all(
            normal_text(key) == normal_text(text) for key, text in told.items()
        )
    return all(keys_agree(field.type, value.get(name)) for name, field in fact.fields.items())


def decoded(decode: Callable[[Any], Any], record: Any) -> Any:
    """The typed record, or the pointers of what is wrong with it."""
    try:
        return decode(record)
    except RecordError as error:
        return _pointers(error)


def _pointers(error: RecordError) -> tuple[str, ...]:
    assert error.problems
    return tuple(problem.pointer for problem in error.problems)


@st.composite
def decodings(draw: Draw) -> tuple[Audit, list[dict[str, Any]]]:
    audit: Audit = draw(packs(rules=1))
    return audit, [draw(nearly_records(audit.kinds)) for _ in range(COUNT)]


@share(12, records=COUNT)
@given(decodings())
def test_a_record_decodes_where_its_schema_accepts_it(
    drawn: tuple[Audit, list[dict[str, Any]]],
) -> None:
    audit, found = drawn
    decoder = decoder_of(audit.pack)
    for record in found:
        typed = decoded(decoder.from_json, msgspec.json.encode(record))
        assert isinstance(typed, msgspec.Struct) == fits(audit.pack, record), (record, typed)


@share(8, records=COUNT)
@given(decodings())
def test_json_and_plain_values_decode_alike(drawn: tuple[Audit, list[dict[str, Any]]]) -> None:
    audit, found = drawn
    decoder = decoder_of(audit.pack)
    for record in found:
        from_json = decoded(decoder.from_json, msgspec.json.encode(record))
        from_text = decoded(decoder.from_json, json.dumps(record))
        from_values = decoded(decoder.from_values, record)
        assert type(from_json) is type(from_text) is type(from_values)
        if from_json != ("/kind",) and from_values != ("/kind",):  # told alone, or with the rest
            assert plain(from_json) == plain(from_text) == plain(from_values)


def plain(value: Any) -> Any:
    """Typed values in a form that can be compared: imprecise dates by their bounds."""
    if isinstance(value, Imprecise):
        return ("imprecise", value.low, value.high, value.text)
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return (type(value).__name__, value)


@share(8, records=COUNT)
@given(audits(rules=1, count=COUNT))
def test_a_typed_record_holds_what_its_json_says(audit: Audit) -> None:
    decoder = decoder_of(audit.pack)
    for record in audit.records:
        typed = decoder.from_json(msgspec.json.encode(record))
        default = next(iter(audit.kinds))
        group = audit.kinds[record.get("kind", default)]
        holds(typed, record, group)
        assert plain(decoder.from_values(by_key(record, group))) == plain(typed)
        assert decoder.plain(by_key(record, group)) == decoder.plain(record)


def holds(typed: Any, record: Any, group: Group) -> None:
    for spec in group:
        found, said = held(typed, spec.name), record.get(spec.name)
        if not records_something(said):
            assert found is None
        elif spec.kind == "texts":
            assert found == [text for text in said if text]
        elif spec.kind == "group":
            holds(found, said, spec.fields)
        elif spec.kind == "list":
            assert len(found) == len(said)
            for item, part in zip(found, said, strict=True):
                holds(item, part, spec.fields)
        elif spec.kind in ("date", "date-time"):
            assert stated(found, said)
        else:
            assert found == said


def stated(found: Any, said: str) -> bool:
    """Whether a date or time is the one that a text states."""
    if isinstance(found, Imprecise):
        return found.text == said
    text = found.isoformat(" ") if isinstance(found, datetime) else found.isoformat()
    return text.startswith(said.replace("T", " "))


# --- single values, each against the schema of its type ---

TYPES = (
    Spec("boolean_0", "boolean"),
    Spec("integer_0", "integer"),
    Spec("integer_1", "integer", minimum=0, maximum=10),
    Spec("number_0", "number"),
    Spec("number_1", "number", minimum=0, maximum=10),
    Spec("text_0", "text"),
    Spec("choice_0", "choice", choices=("red", "two words", "é")),
    Spec("date_0", "date"),
    Spec("time_0", "date-time"),
    Spec("words_0", "words", choices=("red", "blue")),
    Spec("texts_0", "texts"),
    Spec("integers_0", "integers"),
    Spec("integers_1", "integers", minimum=0, maximum=10),
    Spec("numbers_0", "numbers"),
    Spec("open_0", "open"),
    Spec("group_0", "group", fields=(Spec("day", "date"), Spec("labels", "texts"))),
    Spec("list_0", "list", fields=(Spec("day", "date", True), Spec("labels", "texts"))),
    Spec("map_0", "list", fields=(Spec("key-of", "text", True), Spec("day", "date")), key="key-of"),
)
TYPED: Group = (Spec("id", "text", required=True), Spec("asked", "boolean"), *TYPES)


@pytest.fixture(scope="module")
def pack() -> Pack:
    files = pack_files({"case": TYPED}, {})
    files["rules/all.yaml"] = {
        "rules": [
            {
                "id": "asked",
                "title": "Asked",
                "source": {"paragraph": "1"},
                "record": "case",
                "require": {"asked": "asked"},
                "severity": "low",
            }
        ]
    }
    return load(files)


@pytest.mark.parametrize("name", [spec.name for spec in TYPES])
def test_a_value_decodes_where_the_schema_of_its_type_accepts_it(pack: Pack, name: str) -> None:
    decoder = decoder_of(pack)
    wrong = []
    for value in WRONG_VALUES:
        record = {"id": "R", name: value}
        typed = decoded(decoder.from_json, msgspec.json.encode(record))
        if isinstance(typed, msgspec.Struct) != fits(pack, record):
            wrong.append((value, typed))
    assert wrong == []


_date_like = st.from_regex(
    r"\A[0-9]{4}(-[0-9]{2}){0,2}([T t][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?Z?\Z"
)


_day_first = st.from_regex(
    r"\A[0-3]?[0-9][/.-][01]?[0-9][/.-][0-9]{4}([T ]{1,2}[0-2]?[0-9]:[0-5]0(:00(\.0)?)?)?Z?\Z"
)


@share(4)
@given(
    st.one_of(_date_like, _day_first, st.dates().map(str), st.datetimes().map(str)), st.booleans()
)
@example("2010-W17-4T09:30", True)
def test_a_text_is_a_date_where_the_schema_says_so(pack: Pack, text: str, timed: bool) -> None:
    record = {"id": "R", "time_0" if timed else "date_0": text}
    decoder = decoder_of(pack)
    typed = decoded(decoder.from_json, msgspec.json.encode(record))
    assert isinstance(typed, msgspec.Struct) == fits(pack, record), typed
    assert plain(typed) == plain(decoded(decoder.from_values, record))


@share(2)
@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_one_where_the_schema_says_so(pack: Pack, number: float) -> None:
    for name in ("integer_0", "integer_1", "number_0", "number_1"):
        record = {"id": "R", name: number}
        typed = decoded(decoder_of(pack).from_json, json.dumps(record))
        assert isinstance(typed, msgspec.Struct) == fits(pack, record), (typed, number)


@share(1)
@given(st.datetimes(timezones=st.none() | st.just(None) | st.timezones()), st.dates())
def test_python_dates_are_taken_as_their_texts(pack: Pack, time: datetime, day: date) -> None:
    """With or without an offset, they are placed in the time zone of the pack."""
    decoder, zone = decoder_of(pack), ZoneInfo(pack.time_zone)
    record = {"id": "R", "time_0": time, "date_0": day}
    try:
        expected = bounds(in_zone(time, zone))
    except ValueError:  # beyond the years that there are
        with pytest.raises(RecordError):
            decoder.from_values(record)
        return
    typed = decoder.from_values(record)
    assert (bounds(typed.time_0), typed.date_0) == (expected, day)
    whole_minutes = (time.utcoffset() or timedelta()) % timedelta(minutes=1) == timedelta()
    if whole_minutes:  # else its text is none that records may have
        text = {"id": "R", "time_0": time.isoformat(), "date_0": day.isoformat()}
        assert plain(decoder.from_values(text)) == plain(typed)


def test_what_json_cannot_hold_twice_is_explained(pack: Pack) -> None:
    """A key that stands twice beside a mistake is the first thing to be told."""
    engine = Engine(pack)
    with pytest.raises(InputError, match="'asked' stands twice"):
        engine.evaluate(b'{"id": "R", "asked": 1, "asked": true}')
