"""The sentences that a rule carries itself, filled with what a record says."""

from __future__ import annotations

from datetime import date

from scr_audit.evaluate.interpreter import Trace, UnitJudgement
from scr_audit.evaluate.lateness import late_facts
from scr_audit.evaluate.names import Names
from scr_audit.language.conditions import Criterion
from scr_audit.language.phrases import filled, places_of
from scr_audit.language.says import DUE, LATE
from scr_audit.values.imprecise import day_words


def written_sentence(
    judgement: UnitJudgement, criterion: Criterion, trace: Trace, names: Names, due: date | None
) -> str:
    """The rule's own sentence for a criterion that is not met or open; empty where none fits.

    `due` is the day by which what never came was due.
    """
    texts = criterion.no if trace.value is False else criterion.unknown
    if not texts:
        return ""
    items = _items(judgement)
    days = _days(trace, due)
    for text in texts:
        values = {place: _words(place, items, days, names) for place in places_of(text)}
        if all(values.values()):
            said = filled(text, values)
            return f"{said[0].upper()}{said[1:]}"
    return ""


def _items(judgement: UnitJudgement) -> dict[str, str]:
    """The pointer of the item that each loop of the rule has reached; of the record `""`."""
    found = {"": ""}
    for loop, index in zip(judgement.rule.loops, judgement.indices, strict=False):
        home = found[loop.items.variable]
        found[loop.variable] = f"{home}/{'/'.join(loop.items.steps)}/{index}"
    return found


def _days(trace: Trace, due: date | None) -> dict[str, str]:
    late = next(late_facts([trace]), None)
    if late is not None:
        return {DUE: day_words(date.fromisoformat(late.due)), LATE: late.text}
    return {DUE: day_words(due) if due else "", LATE: ""}


def _words(place: str, items: dict[str, str], days: dict[str, str], names: Names) -> str:
    if place in days:
        return days[place]
    if place in items:
        return names.around(items[place])
    variable, _, rest = place.partition(".")
    if variable in items:
        return names.fact_words(items[variable], rest)
    return names.fact_words("", place)
