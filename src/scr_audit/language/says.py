"""The sentences that a rule carries itself (`says:`), and what may stand in their braces."""

from __future__ import annotations

from scr_audit.errors import listed
from scr_audit.language.conditions import Condition, Test, walk
from scr_audit.language.line import LineError
from scr_audit.language.phrases import check_sentence, places_of
from scr_audit.language.resolve import Scope, resolve_fact
from scr_audit.language.types import Kind

DUE, LATE = "due", "late"
_NO_PLACE = {Kind.OBJECT, Kind.OPEN, Kind.LIST, Kind.TEXT}


def check_says(text: str, names: Scope, condition: Condition) -> None:
    """Refuse a sentence for a criterion with this condition. Raises `ValueError`.

    A place is an item that a loop of the rule names, one of its facts, a fact of the record, or
    `{due}` and `{late}` of the criterion's only line with a last day.
    """
    check_sentence(text)
    for place in places_of(text):
        if place in (DUE, LATE):
            _check_one_last_day(place, condition)
        elif place not in names.variables:
            _check_fact(place, names)


def _check_one_last_day(place: str, condition: Condition) -> None:
    lines = [each for each in walk(condition) if isinstance(each, Test) and each.operator.last_day]
    if len(lines) != 1:
        found = f"{len(lines)} of them" if lines else "none"
        raise ValueError(
            f"{{{place}}} needs one line such as 'within 5 days after' in the criterion; it has "
            f"{found}"
        )


def _check_fact(place: str, names: Scope) -> None:
    path, _, form = place.partition(" as ")
    try:
        fact = resolve_fact(names, path, 0).type
    except LineError as error:
        raise ValueError(f"{{{place}}}: {error.message}") from None
    if fact.kind in _NO_PLACE:
        raise ValueError(
            f"{{{place}}} is {fact.kind.value}; a sentence may name a choice, a number, a date or "
            "a yes/no fact"
        )
    if form and form not in fact.forms:
        known = f"it has {listed(fact.forms)}" if fact.forms else "it has none"
        raise ValueError(f"{{{place}}}: there are no words of the form '{form}'; {known}")
