"""Lists that may lack items: what is not in one proves nothing, unless the record says all are.

A schema names, beside a list, the yes/no fact that says whether everything is in it. Where a rule
requires an item that is not there, that is *not met* only if this fact is recorded as yes, or the
list as empty; else another item may be what is asked for, and the criterion is not evidenced. Where
`where` names a sort of item and one of that sort is listed, it is there, and `that` decides. It is
written as an alternative that is never true, so that the two evaluators need to know nothing of it.
"""

from __future__ import annotations

from dataclasses import replace

from scr_audit.language.conditions import (
    All,
    AnyOf,
    Condition,
    Count,
    Fact,
    Named,
    Quantifier,
    Test,
    Weighed,
)
from scr_audit.language.operators import Operator
from scr_audit.language.types import Value


def asked(condition: Condition) -> Condition:
    """What a criterion asks, where items that it requires may be missing from an open list."""
    match condition:
        case All(parts) | AnyOf(parts):
            return type(condition)(tuple(map(asked, parts)))
        case Weighed(shown, said):
            return Weighed(asked(shown), asked(said))
        case Named(name, part):
            return Named(name, asked(part))
        case Quantifier(kind="every", that=that) if that is not None:
            return replace(condition, that=asked(that))
        case Quantifier(kind="some" | "latest" | "earliest", that=that):
            inner = None if that is None else asked(that)
            return _or_another_item(replace(condition, that=inner))
        case Count(operator=operator) if operator.rises:
            return _or_another_item(condition)
    return condition


def _or_another_item(condition: Quantifier | Count) -> Condition:
    items = condition.items
    complete = items.field.complete
    if complete is None:
        return condition
    says = Fact(items.variable, (*items.steps[:-1], complete.name), complete)
    another: Condition = Test(ANOTHER_ITEM, (items, says), condition.place)
    if isinstance(condition, Quantifier) and (condition.by or (condition.where and condition.that)):
        # One of the sort that `where` names is listed: what `that` asks of it decides.
        another = All((replace(condition, kind="none", that=None, by=None), another))
    return AnyOf((condition, another))


def _another_item(items: list[Value] | None, is_complete: bool | None) -> bool | None:
    """Whether an item that is not in the list may be what is asked for: no, or unknown."""
    return False if is_complete or items == [] else None


ANOTHER_ITEM = Operator(
    "may lack an item", frozenset(), "one", "", "", _another_item, "", takes_unknown=True
)
"""No line can name it: only `asked` makes one."""
