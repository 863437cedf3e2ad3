"""A remedy as a sentence: `To be met: the bicycle was returned.`, or where to look for facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from scr_audit.evaluate.interpreter import Use
from scr_audit.evaluate.names import Names, one_of
from scr_audit.evaluate.reasons import value_on_record
from scr_audit.evaluate.remedies.patch import NEW, held_at, steps_of
from scr_audit.evaluate.sentences import Saying, Speaker, as_sentence, joined_text, none_recorded
from scr_audit.language.types import FactType, Field, Kind, Value
from scr_audit.records.structs import FACT_TYPE, Record

_ANOTHER = {
    Kind.DATE: "another day that fits",
    Kind.DATETIME: "another time that fits",
    Kind.INTEGER: "another number that fits",
    Kind.NUMBER: "another number that fits",
}

_AS_IT_WAS = frozenset(_ANOTHER)
_MOST_PLACES = 2  # in which to look


class ChangedFact(NamedTuple):
    """One change: `then` as the record would hold it. `anything`: every value would do."""

    pointer: str
    field: Field
    now: Value
    then: Value
    only: bool
    anything: bool

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


def sentence(changes: Sequence[ChangedFact], record: Record, met: Record) -> str:
    """What would have had to be so in `record`, as it is in `met`.

    Empty where that is no advice: it is only the contrary of what is recorded, or that something
    is recorded at all, or would have facts be other than they were, or makes several days up.
    """
    if all(_is_contrary(change) for change in changes) or any(map(_is_denial, changes)):
        return ""
    groups: dict[str, list[ChangedFact]] = {}
    for change in changes:
        groups.setdefault(_new_item(record, change.pointer), []).append(change)
    now, then = Speaker(Names(record)), Names(met)
    own = groups.pop("", [])
    if len({change.pointer for change in own if isinstance(change.then, date)}) > 1 or any(
        _is_anything(change) for change in own
    ):
        return ""
    said = [_fact(now, change) for change in own]
    # Of a list that is not recorded nobody knows what it would need.
    if any(held_at(record, steps_of(pointer)[:-1]) is None for pointer in groups):
        return ""
    for pointer, found in groups.items():
        said += _item(then, pointer, found)
    text = as_sentence(f"To be met: {joined_text(said)}") if said else ""
    return then.shortened(now.names.shortened(text))


def where_to_look(record: Record, pointers: Iterable[str]) -> str:
    """In which documents an auditor may find the facts there; empty: none of them says where."""
    kind: FactType = getattr(type(record), FACT_TYPE)
    found = dict.fromkeys(filter(None, (place_of(kind, pointer) for pointer in pointers)))
    return f"Look in: {one_of(list(found)[:_MOST_PLACES])}." if found else ""


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


def _is_contrary(change: ChangedFact) -> bool:
    """Whether a change says no more than the reason does, which names the fact."""
    return change.field.type.kind is Kind.BOOLEAN and isinstance(change.then, bool)


def _is_denial(change: ChangedFact) -> bool:
    """Whether what is recorded would not have been so; the reason says how it was, and what for.

    What was not done may be done, another choice made, and more be added to a list.
    """
    if change.now is None:
        return False
    if isinstance(change.now, list) and isinstance(change.then, list):
        return any(each not in change.then for each in change.now)
    return change.then is None or change.then is False or change.field.type.kind in _AS_IT_WAS


def _is_anything(change: ChangedFact) -> bool:
    return change.anything and change.now is None


def _new_item(record: Record, pointer: str) -> str:
    """The outermost item on the way to `pointer` that the record does not have, or nothing."""
    steps = steps_of(pointer)
    for place, step in enumerate(steps):
        if isinstance(step, int) and held_at(record, steps[: place + 1]) is None:
            return "/" + "/".join(map(str, steps[: place + 1]))
    return ""


def _item(names: Names, pointer: str, changes: Sequence[ChangedFact]) -> Iterator[Saying]:
    """That an item is in its list, by its name, and which facts beside those of its name it has."""
    called, speaker = names.around(pointer), Speaker(names)
    yield Saying("is listed", called)
    for change in changes:
        if change.then is not NEW and not names.is_told_by(pointer, change.pointer):
            yield _fact(speaker, change)


def _fact(speaker: Speaker, change: ChangedFact) -> Saying:
    """What would have had to be recorded of a fact that the record has a place for."""
    kind = change.field.type.kind
    use = Use(change.pointer, change.then, change.field)
    if change.then is NEW or _is_anything(change):
        return _recorded(speaker, change)
    if kind is Kind.LIST and change.then == [] and change.field.type.item is not None:
        return none_recorded(use)
    said = speaker.shown(use)
    if change.only or kind is Kind.BOOLEAN:
        return said
    other = _ANOTHER.get(kind, "another answer that fits")
    return replace(said, predicate=f"{said.predicate} or {other}")


def _recorded(speaker: Speaker, change: ChangedFact) -> Saying:
    """That a fact is recorded, whatever it is."""
    asked = speaker.not_recorded(Use(change.pointer, None, change.field))
    if asked.asked == "question":
        return Saying(f"{asked.text} is answered")
    whether = "whether " if asked.asked == "whether" else ""
    return Saying(f"it is recorded {whether}{asked.text}")
