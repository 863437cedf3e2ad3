"""Laws: what is there and records nothing changes no finding, whatever the record comes as."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from budget import share
from hypothesis import given
from hypothesis import strategies as st
from small_pack import SMALL_PACK
from strategies import RECORDS, Audit, as_of_days, audits, by_key

from benchmarks.records import generate
from scr_audit import Engine, Finding, RecordError, compile_pack, load_pack
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of
from scr_audit.records.json_text import KeyTwiceError, keys_twice, parse_json

DECODER = decoder_of(load_folder(SMALL_PACK))
BLANKS = ("", " ", "\t\r\n", "\u00a0", "\u200b", "\ufeff\u2060", "\u3164", "\u2028 ", "\u00ad")


def soiled(fact: FactType, record: dict[str, Any], random: Random) -> dict[str, Any]:
    """The record with nulls, blank texts and groups of nothing wherever nothing is recorded."""
    found = dict(record)
    for name, field in fact.fields.items():
        value, inner = record.get(name), field.type
        if value is None:
            if not field.required and random.random() < 0.5:
                found[name] = nothing(inner, random)
        elif inner.kind is Kind.OBJECT:
            found[name] = soiled(inner, value, random)
        elif inner.kind is Kind.LIST and inner.item is not None and value:
            if inner.item.kind is Kind.OBJECT:
                found[name] = [soiled(inner.item, item, random) for item in value]
            else:
                found[name] = [*value, random.choice(BLANKS)]
    return found


def nothing(fact: FactType, random: Random) -> Any:
    """A value that records nothing of a fact."""
    if fact.kind is Kind.OBJECT and random.random() < 0.7:
        names = [name for name in fact.fields if random.random() < 0.5]
        return {name: nothing(fact.fields[name].type, random) for name in names}
    if fact.kind is Kind.OPEN and random.random() < 0.7:
        return random.choice(({}, {"a": None}, {"a": {"b": "", "c": {}}}))
    if fact.item is not None and fact.item.kind is not Kind.OBJECT and random.random() < 0.5:
        return [random.choice(BLANKS)]
    return random.choice((None, *BLANKS))


def cleaned(value: Any) -> Any:
    """The value without nulls, blank texts and groups of nothing; items stay where they are."""
    if isinstance(value, list):
        kept = [cleaned(v) or {} if isinstance(v, dict) else cleaned(v) for v in value]
        kept = [v for v in kept if v is not None]
        return kept if kept or not value else None
    if isinstance(value, dict):
        facts = {name: found for name, v in value.items() if (found := cleaned(v)) is not None}
        return facts or None
    return None if value == "" else value


def decided(findings: list[Finding]) -> list[Any]:
    """What the compiled program decides; explaining all of drawn packs takes minutes."""
    return [(f.rule, f.unit, f.outcome, f.failed, f.unknown) for f in findings]


def told(findings: list[Finding]) -> list[Any]:
    """Everything that findings say, of both evaluators: one decides, the other explains."""
    return [
        (f.rule, f.unit, f.outcome, f.failed, f.unknown, f.criteria, f.facts, f.missing, f.reason)
        for f in findings
    ]


def check_alike(
    engine: Engine,
    clean: dict[str, Any],
    dirty: dict[str, Any],
    as_of: date | None,
    said: Callable[[list[Finding]], list[Any]],
) -> None:
    expected = said(engine.evaluate(clean, as_of=as_of))
    for given_as in (dirty, json.dumps(dirty), json.dumps(dirty, ensure_ascii=False).encode()):
        assert said(engine.evaluate(given_as, as_of=as_of)) == expected, dirty


@share(10, records=RECORDS)
@given(audits(), as_of_days(), st.integers(0, 2**32))
def test_what_records_nothing_changes_no_finding_of_a_generated_pack(
    audit: Audit, as_of: date | None, seed: int
) -> None:
    engine = Engine(audit.pack)
    for record in audit.records:
        kind = record.get("kind", next(iter(audit.kinds)))
        clean = cleaned(record)
        dirty = soiled(audit.pack.kinds[kind].type, record, Random(seed))  # noqa: S311  # no secret
        check_alike(engine, clean, by_key(dirty, audit.kinds[kind]), as_of, decided)


def test_what_records_nothing_changes_no_finding_of_the_shipped_pack() -> None:
    shipped = compile_pack(load_pack())
    fact = shipped.pack.kinds["case"].type
    for number, record in enumerate(generate(20, seed=7)):
        dirty = soiled(fact, record, Random(number))  # noqa: S311  # no secret
        check_alike(shipped, cleaned(record), dirty, date(2010, 12, 1), told)


# --- keys that stand twice ---

_keys = st.text(st.sampled_from('ab"\\\u00e9\u200b/~{}[]:,'), max_size=3)
_texts = st.sampled_from(("", '"', '":', '{"a":1,"a":2}', "null", "\\", "\n", "\u00e9\U0001f600"))
_scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.just(1.5), _texts)
_powers = st.sampled_from(("1e13", "2.50", "1E-7", "12e3"))
_spaces = st.sampled_from(("", "", " ", "\n", "\t \r\n"))


@st.composite
def written(draw: Any, depth: int = 3) -> str:
    """JSON text with odd spaces and escapes, in whose groups keys may stand twice."""
    shape = draw(st.sampled_from(("scalar", "group", "group", "list"))) if depth else "scalar"
    before, after = draw(_spaces), draw(_spaces)
    if shape == "scalar":
        return f"{before}{draw(st.one_of(texts(_scalars), _powers))}{after}"
    parts = [draw(written(depth=depth - 1)) for _ in range(draw(st.integers(0, 3)))]
    if shape == "list":
        return f"{before}[{','.join(parts) or after}]{after}"
    members = [f"{draw(_spaces)}{draw(texts(_keys))}{draw(_spaces)}:{part}" for part in parts]
    return f"{before}{{{','.join(members) or after}}}{after}"


@st.composite
def texts(draw: Any, values: Any) -> str:
    """The JSON text of a value, with some of its characters as escapes."""
    text = json.dumps(draw(values), ensure_ascii=draw(st.booleans()))
    if not text.startswith('"') or "\\" in text or not draw(st.booleans()):
        return text
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 65536 else c for c in text[1:-1]) + '"'


def has_key_twice(text: str) -> bool:
    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.append(len(dict(found)) < len(found))
        return dict(found)

    twice: list[bool] = []
    json.loads(text, object_pairs_hook=pairs)
    return any(twice)


@share(10)
@given(written())
def test_a_key_that_stands_twice_is_found_and_no_other(text: str) -> None:
    expected = has_key_twice(text)
    assert bool(list(keys_twice(text))) == bool(list(keys_twice(text.encode()))) == expected
    for data in (text, text.encode()):
        if expected:
            with pytest.raises(KeyTwiceError):
                parse_json(data)
        else:
            assert parse_json(data) == json.loads(text)


# Facts of the small pack with values that fit, which may stand in any order and as often as drawn.
_FACTS: dict[str, st.SearchStrategy[Any]] = {
    "paid": texts(st.sampled_from((None, True, False))),
    "customer": texts(st.one_of(st.none(), _texts)),
    "price": st.sampled_from(("null", "1", "2.50", "1e13", "1E-7", "12e3", "-0")),
    "booked_on": texts(st.sampled_from((None, "2024-01-02", "2024-01", "2024-01-02T00:00"))),
    "labels": texts(st.lists(st.sampled_from(("x", '"', "")), max_size=2)),
    "extra": written().map(lambda text: f'{{"": {text}}}'),
}
_LOAN: dict[str, st.SearchStrategy[Any]] = {
    "agreed": _FACTS["paid"],
    "start": texts(st.sampled_from((None, "2024-01-02"))),
}


@st.composite
def members(draw: Any, facts: dict[str, st.SearchStrategy[Any]], *first: str) -> str:
    """The text of a group of some of the facts, seldom with one of them twice."""
    names = draw(st.permutations(list(facts)))[: draw(st.integers(0, len(facts)))]
    if names and draw(st.booleans()):
        names.insert(draw(st.integers(0, len(names))), draw(st.sampled_from(names)))
    found = list(first)
    for name in names:
        key = draw(texts(st.just(name)))
        found.append(f"{draw(_spaces)}{key}{draw(_spaces)}:{draw(_spaces)}{draw(facts[name])}")
    return f"{{{','.join(found)}{draw(_spaces)}}}"


_records = members(
    {
        **_FACTS,
        "loan": members(_LOAN),
        "parts": st.lists(members({}, '"name": "x"'), max_size=2).map(lambda p: f"[{','.join(p)}]"),
    },
    '"id": "a"',
)


@share(20)
@given(_records)
def test_a_record_is_refused_for_a_key_that_stands_twice_and_for_nothing_else(text: str) -> None:
    for data in (text, text.encode()):
        if has_key_twice(text):
            with pytest.raises(RecordError, match="stands twice in one group"):
                DECODER.from_json(data)
        else:
            DECODER.from_json(data)
