"""A remedy as a sentence: `To be met as well: the bill was paid.`, or where to look for facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from scr_audit.evaluate.interpreter import Use
from scr_audit.evaluate.names import Names, one_of
from scr_audit.evaluate.reasons import value_on_record
from scr_audit.evaluate.remedies.patch import NEW, held_at, steps_of
from scr_audit.evaluate.sentences import Speaker, as_sentence, joined_text
from scr_audit.language.types import FactType, Field, Value
from scr_audit.records.structs import FACT_TYPE, Record

_MOST_PLACES = 2  # in which to look


class ChangedFact(NamedTuple):
    """One change: `then` as the record would hold it. `only`: no other value would do."""

    pointer: str
    field: Field
    now: Value
    then: Value
    only: bool

    @property
    def plain_then(self) -> Value:
        """`then` as JSON has it; one of two times that the clocks show alike has its offset."""
        if self.then is NEW:
            return {}
        return self.then.isoformat() if self.is_alike else value_on_record(self.then)

    @property
    def is_alike(self) -> bool:
        """Whether `then` is another time that the clocks show like the one recorded."""
        return isinstance(self.then, datetime) and value_on_record(self.then) == self.now


def sentence(changes: Sequence[ChangedFact], record: Record) -> str:
    """What would have had to be done in `record` beside what the reason says was not.

    Empty where there is no such thing, and where a change is no advice: nobody is told to record
    another day, answer or number, one more item of a list, or that not was done what was.
    """
    open_facts = [change for change in changes if change.now is None]
    is_more = 0 < len(open_facts) < len(changes)
    if not is_more or not all(_is_advice(change, record) for change in changes):
        return ""
    speaker = Speaker(Names(record))
    said = [speaker.shown(Use(each.pointer, True, each.field)) for each in open_facts]
    return speaker.names.shortened(as_sentence(f"To be met as well: {joined_text(said)}"))


def where_to_look(record: Record, pointers: Iterable[str]) -> str:
    """In which documents an auditor may find the facts there; empty: none of them says where."""
    kind: FactType = getattr(type(record), FACT_TYPE)
    places = list(dict.fromkeys(filter(None, (place_of(kind, each) for each in pointers))))
    found = [place for place in places if not any(_is_in(place, other) for other in places)]
    return f"Look in: {one_of(found[:_MOST_PLACES])}." if found else ""


def _is_in(place: str, other: str) -> bool:
    """Whether another place names this one with others: *the police and health records*."""
    words, others = (
        set(re.findall(r"\w+", each.replace("s ", " "))) for each in (f"{place} ", f"{other} ")
    )
    return words != others and words | {"and"} <= others


def place_of(kind: FactType, pointer: str) -> str:
    """The place that the fact itself names, or else the nearest group or list around it."""
    look = kind.look
    for step in steps_of(pointer):
        if isinstance(step, int):
            continue
        field = kind.fields[step]
        kind = field.type.item or field.type
        look = field.look or kind.look or look
    return look


def _is_advice(change: ChangedFact, record: Record) -> bool:
    """Whether something is to be done, of a thing that there is."""
    return change.then is True and held_at(record, steps_of(change.pointer)[:-1]) is not None
