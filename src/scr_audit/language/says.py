"""The sentences that a rule carries itself (`says:`), and what may stand in their braces."""

from __future__ import annotations

from collections.abc import Iterator

from scr_audit.errors import listed
from scr_audit.language.conditions import Condition, Test, facts, walk
from scr_audit.language.line import LineError
from scr_audit.language.phrases import check_sentence, places_of
from scr_audit.language.resolve import Scope, resolve_fact
from scr_audit.language.rule import Criterion
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


def places_like(place: str, names: Scope, criterion: Criterion) -> Iterator[str]:
    """The places that could stand where `place` does in a sentence of a criterion.

    They are of its type: items that the rule names, or what the criterion reads or tells, a day
    when it is due among it.
    """
    read = [str(f) for f in facts(criterion.condition) if f.variable in ("", *names.variables)]
    told = [each for text in (*criterion.no, *criterion.unknown) for each in places_of(text)]
    due = [DUE] if len(_last_days(criterion.condition)) == 1 else []
    path, _, form = place.partition(" as ")
    for other in dict.fromkeys([*names.variables, *read, *due, *told]):
        other_path = other.partition(" as ")[0]
        if other_path != path and _type_of(other_path, names) == _type_of(path, names):
            has_form = form and form in resolve_fact(names, other_path, 0).type.forms
            yield f"{other_path} as {form}" if has_form else other


def _type_of(path: str, names: Scope) -> Kind | str:
    """What stands in a place: an item, how late it was, or a value; a time is told as its day."""
    if path in names.variables:
        return "an item"
    if path == LATE:
        return LATE
    kind = Kind.DATE if path == DUE else resolve_fact(names, path, 0).type.kind
    return {Kind.DATETIME: Kind.DATE, Kind.INTEGER: Kind.NUMBER}.get(kind, kind)


def _last_days(condition: Condition) -> list[Test]:
    return [each for each in walk(condition) if isinstance(each, Test) and each.operator.last_day]


def _check_one_last_day(place: str, condition: Condition) -> None:
    lines = _last_days(condition)
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
