"""The key of a unit: what tells it from the others of its rule, wherever it stands in a list.

A key has one mapping for each loop of the rule, from the outside in; the record itself, and a list
as a whole, have no mapping for what they are not in. Places in lists are no part of it: they
change when an item is added.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date
from functools import lru_cache
from typing import Any

from scr_audit.language.rule import Rule
from scr_audit.language.types import DATES, WORDS, FactType, Kind, Value, held
from scr_audit.values.imprecise import bounds, moment_text, parse_datetime

ItemKey = dict[str, Value]
UnitKey = list[ItemKey]


def unit_key(rule: Rule, items: Iterable[object]) -> UnitKey:
    """The key of the unit that is reached through `items`, one of each list that the rule walks."""
    return [item_key(kind, item) for kind, item in zip(item_types(rule), items, strict=False)]


def item_types(rule: Rule) -> list[FactType]:
    """The types of the items that a rule walks, from the outside in."""
    return [loop.items.type.item or loop.items.type for loop in rule.loops]


def is_named(rule: Rule, key: UnitKey) -> bool:
    """Whether the schema names the facts of a key as those that tell units apart.

    Else it is of all facts, and a unit of which one is corrected has another key.
    """
    return all(
        facts and set(facts) <= {".".join(steps) for steps in kind.same_by}
        for kind, facts in zip(item_types(rule), key, strict=False)
    )


def item_key(kind: FactType, item: object) -> ItemKey:
    """What tells an item, typed or a mapping of plain values, from the others of its list.

    The facts that `x-same-by` names, as far as they are recorded; where it names none of those
    that are, all that is recorded of the item itself. Lists of groups in it are left out: another
    attendee does not make another conference.
    """
    facts = key_facts(kind)
    named = {".".join(steps): facts[".".join(steps)] for steps in kind.same_by}
    return _recorded(named, item) or _recorded(facts, item)


@lru_cache(maxsize=1_000)
def key_facts(kind: FactType) -> Mapping[str, FactType]:
    """The facts of an item that can be in its key, by their dotted names; in the schema's order."""
    return dict(_facts(kind, ""))


def _facts(kind: FactType, before: str) -> Iterator[tuple[str, FactType]]:
    for name, field in kind.fields.items():
        fact = field.type
        if fact.kind is Kind.OBJECT:
            yield from _facts(fact, f"{before}{name}.")
        elif fact.kind is not Kind.OPEN and (fact.item is None or not fact.item.fields):
            yield f"{before}{name}", fact


def plain(fact: FactType, value: Value) -> Value:
    """A recorded value as JSON has it, the same for values that are equal as people read them.

    Raises `ValueError` where a text is no date.
    """
    if fact.kind in DATES:
        return moment_text(fact.moment(value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if fact.item is not None and isinstance(value, list):
        found: list[Any] = [plain(fact.item, item) for item in value]  # texts alone, or numbers
        return sorted(set(found) if fact.item.kind in WORDS else found)
    return _as_read(value)


def _as_read(value: Value) -> Value:
    """A text without white space around it, in Unicode NFC, as ids are compared."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def holds(part: UnitKey, key: UnitKey) -> bool:
    """Whether a key has all the facts of a part of one; both are of one rule."""
    return len(part) == len(key) and all(
        all(name in facts and facts[name] == value for name, value in some.items())
        for some, facts in zip(part, key, strict=True)
    )


def may_be_one(first: UnitKey, second: UnitKey) -> bool:
    """Whether two keys may be of one unit, of which one says less, or less precisely.

    What is not recorded may be anything, and `2026-03` any day of it.
    """
    return len(first) == len(second) and all(
        _may_be_equal(facts[name], others[name])
        for facts, others in zip(first, second, strict=True)
        for name in facts.keys() & others.keys()
    )


def _may_be_equal(first: Value, second: Value) -> bool:
    if first == second and isinstance(first, bool) is isinstance(second, bool):
        return True
    if not (isinstance(first, str) and isinstance(second, str)):
        return False
    one, other = _span(first), _span(second)
    return one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]


@lru_cache(maxsize=1_000)
def _span(text: str) -> tuple[date, date] | None:
    """The earliest and the latest that a day or time of a key can be; None: it is another text."""
    try:
        return bounds(parse_datetime(text, UTC))
    except ValueError:
        return None


def key_text(key: Iterable[Mapping[str, Value]]) -> str:
    """A key as a text that is the same for equal keys, to compare, to sort and to count them by."""
    return json.dumps(list(key), sort_keys=True, ensure_ascii=False)


def key_sha256(key: Iterable[Mapping[str, Value]]) -> str:
    """What tells a key from others without its facts."""
    return hashlib.sha256(key_text(key).encode()).hexdigest()


def _recorded(facts: Mapping[str, FactType], item: object) -> ItemKey:
    found = {name: _at(item, name.split(".")) for name in facts}
    return {name: plain(facts[name], value) for name, value in found.items() if value is not None}


def _at(item: object, steps: Iterable[str]) -> Value:
    for step in steps:
        if item is None:
            return None
        item = item.get(step) if isinstance(item, Mapping) else held(item, step)
    return item
