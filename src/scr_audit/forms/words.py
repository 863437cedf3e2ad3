"""The words of answers: what a form offers and shows, and what a cell that holds them means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scr_audit.language.types import FactType, Kind
from scr_audit.values.text import cell_text, folded

YES, NO, NOT_RECORDED = "yes", "no", "not recorded"
NONE, LISTED = "there were none", "listed"
SEPARATOR = ";"


def choice_words(fact: FactType) -> dict[str, str]:
    """What the form shows for each choice: `_` as a space, where the words stay different."""
    words = {choice: choice.replace("_", " ") for choice in fact.choices}
    taken = {folded(word) for word in words.values()}
    is_usable = all(folded(word) and SEPARATOR not in word for word in words.values())
    if is_usable and len(taken) == len(words):
        return words
    return {choice: choice for choice in fact.choices}


def says_not_recorded(fact: FactType, text: str) -> bool:
    """Whether the text says so explicitly, and is no choice of the fact's own."""
    return folded(text) == NOT_RECORDED and NOT_RECORDED not in map(folded, _own_words(fact))


def offered(fact: FactType) -> tuple[str, ...]:
    """The words of the drop-down of a fact; none where anything may be written."""
    own = _own_words(fact)
    if fact.kind is Kind.LIST and fact.item is not None:
        if fact.item.kind is Kind.OBJECT:
            return (LISTED, NONE, NOT_RECORDED)
        return (*own, NONE, NOT_RECORDED) if own else ()
    if not own:
        return ()
    return own if NOT_RECORDED in map(folded, own) else (*own, NOT_RECORDED)


def _own_words(fact: FactType) -> tuple[str, ...]:
    if fact.kind is Kind.BOOLEAN:
        return (YES, NO)
    if fact.kind in (Kind.OBJECT, Kind.OPEN):
        return (YES,)
    chosen = fact.item if fact.kind is Kind.LIST else fact
    return tuple(choice_words(chosen).values()) if chosen is not None else ()


_LARGEST_EXACT = 2**53  # of the whole numbers that a cell holds


def shown(fact: FactType, value: Any) -> str | float:
    """A recorded value as an auditor would write it into a cell."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float):
        return value if abs(value) < _LARGEST_EXACT else str(value)
    if isinstance(value, Mapping):
        return YES
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list_words(fact, value)
    if fact.kind is Kind.CHOICE:
        return choice_words(fact)[value]
    return cell_text(value) or "(empty text)"


def _list_words(fact: FactType, values: Sequence[Any]) -> str:
    if not values:
        return NONE
    item = fact.item
    if item is None or item.kind is Kind.OBJECT:
        return LISTED
    names = choice_words(item) if item.kind is Kind.CHOICE else {}
    return cell_text("; ".join(names.get(value, value) for value in values))
