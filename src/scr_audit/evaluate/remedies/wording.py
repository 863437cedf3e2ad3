"""A remedy as a sentence: `To be met: the bicycle was returned.`"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from scr_audit.evaluate.interpreter import Use
from scr_audit.evaluate.names import Names, item_noun, one_of, type_at, value_in_words
from scr_audit.evaluate.reasons import value_on_record
from scr_audit.evaluate.remedies.patch import NEW, held_at, steps_of
from scr_audit.evaluate.sentences import Saying, Speaker, as_sentence, joined_text
from scr_audit.language.types import Field, Kind, Value
from scr_audit.records.structs import Record

_ANOTHER = {
    Kind.DATE: "another day that fits",
    Kind.DATETIME: "another time that fits",
    Kind.INTEGER: "another number that fits",
    Kind.NUMBER: "another number that fits",
}


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


def sentence(changes: Sequence[ChangedFact], unit: str, record: Record) -> str:
    """What would have had to be so; empty where that is only the contrary of what is recorded."""
    if all(_is_contrary(change) for change in changes):
        return ""
    words = _Words(unit, record)
    groups: dict[str, list[ChangedFact]] = {}
    for change in changes:
        groups.setdefault(words.new_item(change.pointer), []).append(change)
    said = [words.fact(change) for change in groups.pop("", [])]
    # Of a list that is not recorded nobody knows what it would need.
    if any(held_at(record, steps_of(pointer)[:-1]) is None for pointer in groups):
        return ""
    said += [Saying(words.item(pointer, found)) for pointer, found in groups.items()]
    return as_sentence(f"To be met: {joined_text(said)}") if said else ""


def _is_contrary(change: ChangedFact) -> bool:
    """Whether a change says no more than the reason does, which names the fact."""
    return change.field.type.kind is Kind.BOOLEAN and isinstance(change.then, bool)


class _Words:
    def __init__(self, unit: str, record: Record) -> None:
        self._unit = unit
        self._record = record
        self._names = Names(record)
        self._speaker = Speaker(self._names)

    def new_item(self, pointer: str) -> str:
        """The outermost item on the way to `pointer` that the record does not have, or nothing."""
        steps = steps_of(pointer)
        for place, step in enumerate(steps):
            if isinstance(step, int) and held_at(self._record, steps[: place + 1]) is None:
                return "/" + "/".join(map(str, steps[: place + 1]))
        return ""

    def fact(self, change: ChangedFact) -> Saying:
        """What would have had to be recorded of a fact that the record has a place for."""
        kind = change.field.type.kind
        use = Use(change.pointer, change.then, change.field)
        if change.then is NEW or change.then is None or (change.anything and change.now is None):
            return Saying(self._recorded(change))
        if kind is Kind.LIST and change.then == [] and change.field.type.item is not None:
            name = change.field.name.replace("_", " ")
            return Saying(f"the record says that there were no {name}")
        said = self._speaker.shown(use, f" ({change.then:%Z})" if change.is_alike else "")
        if change.only or kind is Kind.BOOLEAN:
            return said
        other = _ANOTHER.get(kind, "another answer that fits")
        return replace(said, predicate=f"{said.predicate} or {other}")

    def _recorded(self, change: ChangedFact) -> str:
        """That a fact is recorded, whatever it is, or that it is not."""
        is_not = "is not" if change.then is None else "is"
        asked = self._speaker.not_recorded(Use(change.pointer, None, change.field))
        if asked.asked == "question":
            return f"{asked.text} {is_not} answered"
        whether = "whether " if asked.asked == "whether" else ""
        return f"it {is_not} recorded {whether}{asked.text}"

    def item(self, pointer: str, changes: Sequence[ChangedFact]) -> str:
        """An item more in a list, with the facts that it would need."""
        steps = steps_of(pointer)
        kind = type_at(self._names.record_type, steps)
        more = "one more" if steps[-1] else "one"
        own = [self._need(change) for change in changes if change.pointer != pointer]
        facts = [fact for fact in own if fact]
        within = self._names.around("/" + "/".join(map(str, steps[:-1])))
        of = f" of {within}" if any(isinstance(step, int) for step in steps[:-1]) else ""
        return f"{more} {item_noun(kind)}{of} is on record" + (
            f", with {one_of(facts)}" if facts else ""
        )

    def _need(self, change: ChangedFact) -> str:
        if change.then is NEW:
            return ""
        question = f"“{change.field.question}”"
        if change.anything:
            return f"{question} answered"
        return f"{question} {value_in_words(change.field.type, change.then)}"
