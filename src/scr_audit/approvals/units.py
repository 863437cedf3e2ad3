"""The unit that an exception names: the facts that somebody wrote, as keys have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scr_audit.errors import Problem, did_you_mean, listed
from scr_audit.language.check import KeyPath
from scr_audit.language.conditions import Rule
from scr_audit.language.types import FactType, Kind, in_words
from scr_audit.language.unit_key import ItemKey, UnitKey, item_types, key_facts, plain
from scr_audit.packs.yaml_source import Document
from scr_audit.records.plain_values import plain_value
from scr_audit.records.raw import Json
from scr_audit.values.imprecise import parse_date

_WRITTEN: Mapping[Kind, tuple[type, ...]] = {
    Kind.BOOLEAN: (bool,),
    Kind.INTEGER: (int, float),
    Kind.NUMBER: (int, float),
    Kind.DATE: (str, int),  # a year has no quotes
    Kind.DATETIME: (str, int),
    Kind.LIST: (list,),
}


def read_unit(
    written: Json, rule: Rule, document: Document, path: KeyPath
) -> tuple[UnitKey, list[Problem]]:
    """The key that stands at `path`, and what is wrong with it."""
    types = item_types(rule)
    wrong = _wrong_form(written, rule, types)
    if wrong:
        return [], [document.problem(document.place(path), wrong)]
    parts = [(written, path)] if isinstance(written, dict) else [
        (part, (*path, number)) for number, part in enumerate(written)
    ]  # fmt: skip
    problems: list[Problem] = []
    key: UnitKey = []
    for kind, (part, at) in zip(types, parts, strict=False):
        facts: ItemKey = {}
        for name, value in part.items():
            try:
                facts[name] = _value(kind, name, value)
            except LookupError as error:
                place = document.key_place((*at, name))
                problems.append(document.problem(place, str(error.args[0])))
            except ValueError as error:
                problems.append(document.problem(document.place((*at, name)), str(error)))
        key.append(facts)
    return key, problems


def _wrong_form(written: object, rule: Rule, types: list[FactType]) -> str:
    """What is wrong with the shape of a unit, in words; empty: nothing."""
    if not types:
        return "" if written == [] else (
            f"the rule '{rule.id}' judges the record itself, which needs no 'unit'; leave it out"
        )  # fmt: skip
    such = ", ".join(f"{{{_first(kind)}: …}}" for kind in types)
    such = such if len(types) == 1 else f"[{such}]"
    if isinstance(written, str) and (written.startswith("/") or not written):
        return (
            f"'{written}' is a place, where another unit may stand tomorrow; name the unit by its "
            f"facts, such as {such}. Added anew, the exception gets them by itself"
        )
    parts = [written] if isinstance(written, dict) and len(types) == 1 else written
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return f"expected the facts that tell the unit from others, such as {such}"
    if len(parts) > len(types):
        return f"expected facts for {listed(rule_lists(rule))}, such as {such}"
    if not all(parts):
        return "names no fact; name one that tells the unit, or leave 'unit' out for all"
    return ""


def rule_lists(rule: Rule) -> Iterator[str]:
    """The lists that a rule walks, in words."""
    return (in_words(loop.items.steps[-1]) for loop in rule.loops)


def _first(kind: FactType) -> str:
    """A fact that may be in the key of such an item, to show what a key looks like."""
    return next((".".join(steps) for steps in kind.same_by), next(iter(key_facts(kind)), "fact"))


def _value(kind: FactType, name: str, value: Json) -> Json:
    """A fact's value as keys have it.

    Raises `LookupError` for a fact that can be in no key, and `ValueError` for a wrong value.
    """
    facts = key_facts(kind)
    if name not in facts:
        hint = did_you_mean(name, facts) or f" Facts: {listed(facts)}."
        raise LookupError(f"{kind.name or 'the item'} has no fact '{name}' to name it by.{hint}")
    fact = facts[name]
    right = isinstance(value, _WRITTEN.get(fact.kind, (str,)))
    if not right or (isinstance(value, bool) and fact.kind is not Kind.BOOLEAN):
        quotes = "; write it in quotes" if fact.kind is Kind.TEXT and value is not None else ""
        raise ValueError(f"expected {fact.kind.value}, found {_quoted(value)}{quotes}")
    if fact.kind is Kind.CHOICE and value not in fact.choices:
        hint = did_you_mean(value, fact.choices) or f" Choices: {listed(fact.choices)}."
        raise ValueError(f"'{value}' is not one of the choices.{hint}")
    if fact.kind in (Kind.DATE, Kind.DATETIME):
        value = plain_value(fact, str(value))
        if value is None:
            raise ValueError(f"expected {fact.kind.value}, found nothing that can be seen")
        if fact.kind is Kind.DATE:
            parse_date(value)  # says what is expected of a day
    return plain(fact, value)


def _quoted(value: object) -> str:
    words = {None: "nothing", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    return repr(value) if isinstance(value, str | int | float) else "a list or a mapping"
