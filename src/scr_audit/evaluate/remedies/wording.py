"""A remedy as a sentence: `Met if “Was the part fitted?” had been yes (not recorded).`"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from scr_audit.evaluate.reasons import plain_value, value_words
from scr_audit.evaluate.remedies.patch import NEW, field_at, fields_beside, held_at, steps_of
from scr_audit.language.types import Field, Kind, Value
from scr_audit.records.structs import Record

MOST_FACTS = 4
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
        plain = plain_value(self.then)
        is_alike = plain == self.now and isinstance(self.then, datetime)
        return self.then.isoformat() if is_alike else plain


def sentence(changes: Sequence[ChangedFact], unit: str, record: Record) -> str:
    """The sentence for the changes of one unit, of which the first few are spelled out."""
    words = _Words(unit, record)
    shown, more = changes[:MOST_FACTS], len(changes) - MOST_FACTS
    groups: dict[str, list[ChangedFact]] = {}
    for change in shown:
        groups.setdefault(words.new_item(change.pointer) or change.pointer, []).append(change)
    parts = [
        words.item(pointer, found) if words.new_item(pointer) else words.fact(found[0])
        for pointer, found in groups.items()
    ]
    if more > 0:
        parts.append(f"{more} more fact{'s' * (more > 1)} had been as needed")
    return f"Met if {_list(parts)}."


def _list(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    between = "; " if any(", " in part for part in parts) else ", "
    return f"{between.join(parts[:-1])}{';' if between == '; ' else ''} and {parts[-1]}"


class _Words:
    def __init__(self, unit: str, record: Record) -> None:
        self._unit = unit
        self._record = record

    def new_item(self, pointer: str) -> str:
        """The outermost item on the way to `pointer` that the record does not have, or nothing."""
        steps = steps_of(pointer)
        for place, step in enumerate(steps):
            if isinstance(step, int) and held_at(self._record, steps[: place + 1]) is None:
                return "/" + "/".join(map(str, steps[: place + 1]))
        return ""

    # facts that the record has a place for

    def fact(self, change: ChangedFact) -> str:
        """A fact that had another value, with what is recorded now."""
        now = "not recorded" if change.now is None else f"recorded: {value_words(change.now)}"
        asked = f"{self._question(change)}{self._place(change.pointer)}"
        if change.then is None:
            return f"{asked} had not been recorded ({now})"
        kind = change.field.type.kind
        if kind is Kind.LIST and change.then == [] and change.field.type.item is not None:
            name = change.field.name.replace("_", " ")
            place = self._place(change.pointer)
            return f"it had been recorded that there were no {name}{place} ({now})"
        if change.anything and change.now is None:
            return f"{asked} had been recorded"
        if kind is Kind.LIST and change.now is not None:
            return f"{asked} had {_difference(change.now, change.then)} ({now})"
        return f"{asked} had been {_value(change)} ({now})"

    def _question(self, change: ChangedFact) -> str:
        """The question, with its group where groups of one sort stand beside each other."""
        question, steps = f"“{change.field.question}”", steps_of(change.pointer)
        if len(steps) < 2 or not (isinstance(steps[-1], str) and isinstance(steps[-2], str)):
            return question
        group = field_at(self._record, steps[:-1])
        beside = fields_beside(self._record, steps[:-1])
        alone = sum(field.type is group.type for field in beside) == 1
        return question if alone else f"{question} ({group.name.replace('_', ' ')})"

    def _place(self, pointer: str) -> str:
        """Which item of a list a fact belongs to, where that is not the unit itself."""
        steps = steps_of(pointer)
        own = steps_of(self._unit) if self._unit else ()
        found = []
        for place, step in enumerate(steps):
            if not isinstance(step, int) or own[: place + 1] == steps[: place + 1]:
                continue
            items = held_at(self._record, steps[:place])
            if items is not None and len(items) > 1:
                found.append(f"{self._name(steps[:place])} {step + 1}")
        return f" for {' of '.join(reversed(found))}" if found else ""

    def _name(self, steps: Sequence[str | int]) -> str:
        """What an item of the list at `steps` is called."""
        field = field_at(self._record, tuple(steps))
        name = field.type.item.name if field.type.item is not None else ""
        return (name or field.name).replace("_", " ")

    # items that would have been there

    def item(self, pointer: str, changes: Sequence[ChangedFact]) -> str:
        """An item more in a list, with the facts that it would need."""
        steps = steps_of(pointer)
        more = "one more" if steps[-1] else "one"
        place = self._place("/" + "/".join(map(str, steps[:-1])))
        head = f"{more} {self._name(steps[:-1])}{place} had been recorded"
        facts = [self._need(pointer, change) for change in changes if change.pointer != pointer]
        return f"{head}, with {_plainly(facts)}" if facts else head

    def _need(self, pointer: str, change: ChangedFact) -> str:
        asked = self._question(change)
        inner = steps_of(change.pointer)
        lists = [place for place, step in enumerate(inner) if isinstance(step, int)]
        own = len(steps_of(pointer)) - 1
        within = [f" of one {self._name(inner[:place])}" for place in lists if place > own]
        if change.then is NEW and isinstance(inner[-1], int):
            return f"one {self._name(inner[:-1])}"
        if change.then is NEW or change.anything:
            return f"{asked}{''.join(reversed(within))} recorded"
        if change.then == []:
            return f"no {change.field.name.replace('_', ' ')}{''.join(reversed(within))}"
        return f"{asked}{''.join(reversed(within))} {_value(change)}"


def _plainly(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _value(change: ChangedFact) -> str:
    said = value_words(change.plain_then)
    if change.only or change.field.type.kind is Kind.BOOLEAN:
        return said
    return f"{said} or {_ANOTHER.get(change.field.type.kind, 'another answer that fits')}"


def _difference(now: Iterable[str], then: Iterable[str]) -> str:
    """What a list of words would have had besides, and what it would not have had."""
    now, then = list(now), list(then)
    added = value_words([word for word in then if word not in now])
    gone = value_words([word for word in now if word not in then])
    if gone == "none":
        return f"also included {added}"
    return f"not included {gone}" + ("" if added == "none" else f" but {added}")
