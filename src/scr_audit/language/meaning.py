"""The meaning of a rule as a hash: equal where a rule asks the same, in whatever words.

Titles, advice, severity, comments, examples, places, and the names of definitions, criteria and
loop variables are no part of it. What is judged, when, by which conditions, and the values of the
parameters in force are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, assert_never

from scr_audit.language.conditions import (
    AUDIT_DAY,
    All,
    AnyOf,
    Condition,
    Constant,
    Count,
    DayOf,
    DefinitionUse,
    Fact,
    Not,
    Operand,
    ParameterUse,
    Quantifier,
    ShownOrSaid,
    Test,
)
from scr_audit.language.rule import Parameter, Rule

Variables = Mapping[str, str]


def meaning(rule: Rule, parameters: Mapping[str, Parameter]) -> str:
    """The SHA-256, in hexadecimal, of what a rule asks and of the parameters that it uses."""
    if rule.meaning:  # with the parameters of the compiled pack that it came with
        return rule.meaning
    text = json.dumps(_rule(rule, parameters), separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _rule(rule: Rule, parameters: Mapping[str, Parameter]) -> list[Any]:
    names = {"": "record"}
    loops = []
    words = _Words(parameters)
    for number, loop in enumerate(rule.loops):
        loops.append([words.fact(loop.items, names), loop.if_none])
        names[loop.variable] = f"unit{number}"
    return [
        rule.kind,
        loops,
        words.optional(rule.where, names),
        words.optional(rule.applies_when, names),
        words.criteria(rule.asked, names),
        words.criteria((criterion.condition for criterion in rule.except_when), names),
        None if rule.in_force_on is None else words.fact(rule.in_force_on, names),
    ]


class _Words:
    """Conditions as plain lists; what may stand in any order is sorted."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = parameters

    def criteria(self, criteria: Iterable[Condition], names: Variables) -> list[Any]:
        return _in_order(self.condition(criterion, names) for criterion in criteria)

    def optional(self, condition: Condition | None, names: Variables) -> Any:
        return None if condition is None else self.condition(condition, names)

    def condition(self, condition: Condition, names: Variables) -> Any:
        match condition:
            case DefinitionUse(part=part):
                return self.condition(part, names)
            case All(parts):
                return ["all", _in_order(self.condition(part, names) for part in parts)]
            case AnyOf(parts):
                return ["any", _in_order(self.condition(part, names) for part in parts)]
            case Not(part):
                return ["not", self.condition(part, names)]
            case ShownOrSaid(parts):
                return ["weighed", *(self.condition(part, names) for part in parts)]
            case Test(operator, operands):
                return [operator.name, *(self.operand(operand, names) for operand in operands)]
            case Quantifier() | Count():
                return self._over_items(condition, names)
        assert_never(condition)

    def _over_items(self, condition: Quantifier | Count, names: Variables) -> list[Any]:
        inner = {**names, condition.variable: f"item{len(names)}"}
        said = [self.fact(condition.items, names), self.optional(condition.where, inner)]
        if isinstance(condition, Quantifier):
            by = [] if condition.by is None else [self.condition(condition.by, inner)]
            return [condition.kind, *said, self.optional(condition.that, inner), *by]
        that = [] if condition.that is None else [self.condition(condition.that, inner)]
        number = self.operand(condition.number, names)
        return [condition.kind, *said, *that, condition.operator.name, number]

    def operand(self, operand: Operand, names: Variables) -> Any:
        match operand:
            case Fact():
                return self.fact(operand, names)
            case DayOf(fact):
                return ["day of", self.fact(fact, names)]
            case Constant(value):
                return ["value", _plain(value)]
            case ParameterUse(name):
                return ["value of", self._values(name)]

    def fact(self, fact: Fact, names: Variables) -> list[Any]:
        return ["fact", names[fact.variable], *fact.steps, fact.type.kind.name]

    def _values(self, name: str) -> Any:
        if name == AUDIT_DAY:
            return AUDIT_DAY
        return [[_plain(entry.since), _plain(entry.value)] for entry in
                self._parameters[name].values]  # fmt: skip


def _plain(value: object) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, frozenset | set):
        return _in_order(_plain(part) for part in value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _in_order(parts: Iterable[object]) -> list[Any]:
    return sorted(parts, key=json.dumps)
