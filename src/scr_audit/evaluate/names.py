"""What the things in one record are called, and what its values read as.

An item of a list is called as its schema says (`x-called`): by the first name all of whose places
are recorded. Without one it is called by its place: *the third conference*.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar

from scr_audit.evaluate.interpreter import Memory, Trace
from scr_audit.evaluate.parameters import Either, day_of
from scr_audit.evaluate.remedies.candidates import held_at, steps_of
from scr_audit.language.phrases import ON, filled, places_of
from scr_audit.language.types import FactType, Kind, Value, held
from scr_audit.records.structs import FACT_TYPE, Record
from scr_audit.values.imprecise import Imprecise, Moment, day_words, month_words

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
MOST_NAMED = 6
LEFT_OPEN = (
    ", a time that the clocks showed twice or not at all",
    ", and the time is not recorded",
    ", and the day is not recorded",
)
Said = TypeVar("Said")
_DETAIL = re.compile(r" (?:of|on|about|for|due) .*\Z")
_YEAR, _MONTH, _DAY = 4, 7, 10  # letters of 2026, 2026-10 and 2026-10-14, as records have them


class Names:
    """The names of the items of one record. `memory` has those that were made before."""

    def __init__(self, record: Record, memory: Memory | None = None) -> None:
        self._record = record
        self.record_type: FactType = getattr(type(record), FACT_TYPE)
        self._memory = Memory(record) if memory is None else memory
        self._given: dict[str, None] = {}

    def once(self, trace: Trace, asked: tuple[object, ...], say: Callable[[], Said]) -> Said:
        """What is said of a trace, made once, and the names that are given in it."""
        key = (id(trace), *asked)
        known = self._memory.said.get(key)
        if known is None:
            given, self._given = self._given, {}
            said = say()  # the trace is kept, so that no other one gets its id
            known = self._memory.said[key] = (said, self._given, trace)
            self._given = given
        self._given.update(known[1])
        made: Said = known[0]
        return made

    def around(self, pointer: str) -> str:
        """What the item is called in which a fact stands; of the record itself: *the case*."""
        steps = steps_of(pointer)
        if isinstance(steps[-1], int) and type_at(self.record_type, steps).kind is not Kind.OBJECT:
            steps = steps[:-1]  # a word or number of a list is no item that has a name
        places = [number for number, step in enumerate(steps) if isinstance(step, int)]
        if not places:
            return f"the {item_noun(self.record_type)}"
        last = places[-1] + 1
        name = self._memory.names.get(steps)
        if name is None:
            name = self._name_of(steps[:last], ".".join(map(str, steps[last:])))
            self._memory.names[steps] = name
        self._given.setdefault(name)
        return name

    def reading(self, day: Moment) -> str:
        """What says that a record was read on this day, *the files were read*; else nothing."""
        if day != day_of(self._record, None):
            return ""
        name = self.record_type.read_on
        clause = self.record_type.fields[name].says.clause if name else None
        if clause is None or clause.subject or held(self._record, name) is None:
            return "it was read"
        return clause.half(True).replace(f" {{{ON}}}", "")

    def unrecorded_group(self, pointer: str) -> str:
        """The group, no item of a list, that a fact stands in, if nothing of it is recorded."""
        group, *_ = pointer.rpartition("/")
        if not group or group.rpartition("/")[2].isdecimal():
            return ""
        return "" if held_at(self._record, steps_of(group)) is not None else group

    def fact_words(self, pointer: str, place: str) -> str:
        """What a fact of the item at `pointer` says, `date` or `type as short`; empty: nothing."""
        steps = steps_of(pointer)
        return _place_words(type_at(self.record_type, steps), held_at(self._record, steps), place)

    def _name_of(self, steps: tuple[str | int, ...], told: str = "") -> str:
        item, place = held_at(self._record, steps), int(steps[-1])
        kind = type_at(self.record_type, steps)
        name = _called(kind, item, told)
        by_place = f"the {ordinal(place + 1)} {item_noun(kind)}"
        if not name:
            return by_place
        others = held_at(self._record, steps[:-1]) or ()
        if _names_in(kind, _Items(others), told)[name] < 2:
            return name
        is_one_of_them = name.startswith(("a ", "an "))
        return by_place if is_one_of_them else f"{name} ({by_place.removeprefix('the ')})"

    def shortened(self, text: str) -> str:
        """A text in which a name is told in full once: *the injury of 7 May … the injury*."""
        for name in self._given:
            short = _DETAIL.sub("", name)
            at = text.lower().find(name.lower())
            others = sum(_DETAIL.sub("", other) == short for other in self._given)
            if at < 0 or short == name or others > 1:
                continue
            end = at + len(name)
            text = f"{text[:end]}{text[end:].replace(name[1:], short[1:])}"
        return text


class _Items:
    """The items of a list of a record, which nobody changes: known by the list itself."""

    def __init__(self, items: Sequence[Record]) -> None:
        self.items = items

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Items) and other.items is self.items

    def __hash__(self) -> int:
        return id(self.items)


@lru_cache(maxsize=16)  # each unit of a list asks again
def _names_in(kind: FactType, of: _Items, told: str) -> Counter[str]:
    """How many items of a list have each name."""
    return Counter(_called(kind, item, told) for item in of.items)


def item_noun(kind: FactType) -> str:
    """What an item of a list, or a record, is for want of a name: its title, or *item*."""
    return kind.name.replace("_", " ") or "item"


def type_at(record: FactType, steps: Sequence[str | int]) -> FactType:
    """The type of the fact or item at these steps of a record."""
    found = record
    for step in steps:
        inner = found.item if isinstance(step, int) else found.fields[step].type
        assert inner is not None
        found = inner
    return found


def ordinal(number: int) -> str:
    """A place in a list: *third*, *12th*."""
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ends = {} if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{ends.get(number % 10, 'th')}"


def _called(kind: FactType, item: Record | None, told: str = "") -> str:
    """The first of its names all of whose places are recorded; empty where there is none."""
    if item is None:
        return ""
    called = kind.called
    own = called.each.get(held(item, called.by), ()) if called.by else ()
    for template in (*own, *called.names):
        if told and told in [place.partition(" as ")[0] for place in places_of(template)]:
            continue
        values = {place: _place_words(kind, item, place) for place in places_of(template)}
        if all(values.values()):
            return filled(template, values)
    return ""


def _place_words(kind: FactType, item: Record, place: str) -> str:
    path, _, form = place.partition(" as ")
    value: Value = item
    fact = kind
    for step in path.split("."):
        fact = fact.fields[step].type
        value = None if value is None else held(value, step)
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()  # the day is enough for a name
    words: Mapping[str, str] = fact.forms.get(form, {}) if form else {}
    if isinstance(value, str) and value in words:
        return words[value]
    return value_in_words(fact, value)


def value_in_words(fact: FactType, value: Value) -> str:
    """A value as a person says it: words of a choice, *14 October 2026*, *A, B and C*."""
    if fact.kind in (Kind.OBJECT, Kind.OPEN):
        return "recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Either):
        return _in_words(fact, value.values, "or")
    if isinstance(value, list | tuple):
        if fact.group_item is not None:
            return str(len(value))
        return _in_words(fact.item or fact, value, "and")
    if isinstance(value, date | Imprecise):
        return moment_words(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str) and (value in fact.choices or value in fact.words):
        return fact.words.get(value, value.replace("_", " "))
    return f"“{value}”" if isinstance(value, str) else str(value)


def _in_words(fact: FactType, values: Sequence[Value], last: str) -> str:
    return one_of([value_in_words(fact, each) for each in values], last) or "none"


def one_of(words: Sequence[str], last: str = "and", *, all_of_them: bool = False) -> str:
    """Words with commas and a last *and* or *or*; of many the first few and how many more."""
    words = list(dict.fromkeys(words))
    if len(words) > MOST_NAMED + 1 and not all_of_them:
        return f"{', '.join(words[:MOST_NAMED])} and {len(words) - MOST_NAMED} more"
    if len(words) < 2 or not last:
        return ", ".join(words)
    are_long = any(part in each for each in words for part in (", ", " and ", " or "))
    return f"{', '.join(words[:-1])}{',' if are_long else ''} {last} {words[-1]}"


def moment_words(moment: Moment) -> str:
    """*14 July 2026*, *July 2026*, *2026*, or *14:30 on 4 May 2010*."""
    if isinstance(moment, Imprecise):
        words = {_YEAR: str(moment.low.year), _MONTH: month_words(moment.low)}
        clock = f"{moment.text[_DAY + 1 : _DAY + 6]} on " if _is_shown_twice(moment) else ""
        return words.get(len(moment.text), f"{clock}{day_words(moment.low)}")
    if isinstance(moment, datetime):
        return f"{moment:%H:%M} on {day_words(moment)}"
    return day_words(moment)


def on_words(moment: Moment) -> str:
    """The same in a clause: *on 14 July 2026*, *in July 2026*, *at 14:30 on 4 May 2010*."""
    if isinstance(moment, datetime) or _is_shown_twice(moment):
        return f"at {moment_words(moment)}"
    is_day = not isinstance(moment, Imprecise) or len(moment.text) == _DAY
    return f"{'on' if is_day else 'in'} {moment_words(moment)}"


def left_open(moment: Imprecise) -> str:
    """What an imprecise moment does not say: `, and the day is not recorded`."""
    if _is_shown_twice(moment):
        return LEFT_OPEN[0]
    return LEFT_OPEN[1 if len(moment.text) == _DAY else 2]


def _is_shown_twice(moment: Moment) -> bool:
    return isinstance(moment, Imprecise) and len(moment.text) > _DAY
