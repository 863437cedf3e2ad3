"""Rules in a normal form, in which what is equal looks equal: the first step of the compiler.

Loop variables get the name of the list they walk, quantifier variables the name of their
depth, definitions are unfolded, `none` becomes *not some*, and a parameter with effective
dates names the fact that dates it. Equal facts and conditions of different rules are then
equal values, and are computed once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from scr_audit.language.conditions import (
    AUDIT_DAY,
    RUN_DAY,
    All,
    AnyOf,
    Condition,
    Count,
    DayOf,
    DefinitionUse,
    Fact,
    Not,
    Operand,
    OverItems,
    ParameterUse,
    Quantifier,
    ShownOrSaid,
    Test,
    children,
    leaves,
    with_children,
)
from scr_audit.language.rule import Rule

ROOT = "r"
ITEM = "item"  # any item of a list, whatever a rule calls it


@dataclass(frozen=True)
class Effective:
    """A parameter's value on the day that a fact states."""

    name: str
    on: Fact


ReadFact: TypeAlias = Fact | Effective


@dataclass(frozen=True)
class NormalRule:
    """A rule for the compiler: `number` is its place in the program, `lists` what it walks.

    `authored` is the rule as it was read, `within`, for each list, what an audit plan asks of its
    items.
    """

    number: int
    authored: Rule
    lists: tuple[Fact, ...]
    variables: tuple[str, ...]
    within: tuple[Condition | None, ...]
    where: Condition | None
    applies_when: Condition | None
    require: tuple[Condition, ...]
    still_open: tuple[Condition, ...]
    except_when: tuple[Condition, ...]

    @property
    def gates(self) -> list[Condition]:
        """What decides whether there is a unit that the rule applies to, in this order."""
        return [gate for gate in (self.where, self.applies_when) if gate is not None]


class _Rewriter:
    """Rewrites the conditions of one rule, with the variables that all rules share."""

    def __init__(self, rule: Rule, variables: Mapping[str, str]) -> None:
        self.rule = rule
        self.variables = dict(variables)

    def fact(self, fact: Fact) -> Fact:
        return replace(fact, variable=self.variables[fact.variable])

    def operand(self, operand: Operand) -> Operand:
        match operand:
            case Fact():
                return self.fact(operand)
            case DayOf(fact):
                return DayOf(self.fact(fact))
            case ParameterUse(name) if name not in (AUDIT_DAY, RUN_DAY):
                assert self.rule.in_force_on is not None
                return Effective(name, self.fact(self.rule.in_force_on))  # type: ignore[return-value]  # an operand of conditions in normal form only
        return operand

    def condition(self, condition: Condition, depth: int = 0) -> Condition:
        match condition:
            case Test(operands=operands):
                return replace(condition, operands=tuple(self.operand(o) for o in operands))
            case DefinitionUse(part=part):
                return self.condition(part, depth)
            case Quantifier(kind="none"):
                return Not(self.condition(replace(condition, kind="some"), depth))
            case Quantifier() | Count():
                return self._over_items(condition, depth)
            case All() | AnyOf() | Not() | ShownOrSaid():
                parts = tuple(self.condition(part, depth) for part in children(condition))
                return with_children(condition, parts)
        assert_never(condition)

    def _over_items(self, condition: OverItems, depth: int) -> Condition:
        name = f"x{depth}"
        inner = _Rewriter(self.rule, {**self.variables, condition.variable: name})
        parts = tuple(inner.condition(part, depth + 1) for part in children(condition))
        found = with_children(condition, parts)
        assert isinstance(found, Quantifier | Count)
        found = replace(found, items=self.fact(found.items), variable=name)
        if isinstance(found, Count):
            return replace(found, number=self.operand(found.number))
        return found


# The variable of each list that is walked, by the list and by what a plan asks of its items.
_Walked = dict[tuple[Fact, Condition | None], str]


def normal_rules(rules: tuple[Rule, ...]) -> list[NormalRule]:
    """The normal form of every rule, with one variable name for every list walked."""
    walked: _Walked = {}
    return [_normal_rule(number, rule, walked) for number, rule in enumerate(rules)]


def _normal_rule(number: int, rule: Rule, walked: _Walked) -> NormalRule:
    rewriter = _Rewriter(rule, {"": ROOT})
    lists = []
    for loop in rule.loops:
        items = rewriter.fact(loop.items)
        # Rules that skip different items of a list walk it separately.
        whatever = _Rewriter(rule, {**rewriter.variables, loop.variable: ITEM})
        asked = None if loop.within is None else whatever.condition(loop.within)
        variable = walked.setdefault((items, asked), f"u{len(walked)}")
        rewriter.variables[loop.variable] = variable
        lists.append(items)

    def rewritten(condition: Condition | None) -> Condition | None:
        return None if condition is None else rewriter.condition(condition)

    return NormalRule(
        number,
        rule,
        tuple(lists),
        tuple(rewriter.variables[loop.variable] for loop in rule.loops),
        tuple(rewritten(loop.within) for loop in rule.loops),
        rewritten(rule.scope),
        rewritten(rule.applies_when),
        tuple(rewriter.condition(condition) for condition in rule.asked),
        tuple(rewriter.condition(condition) for condition in rule.still_open),
        tuple(rewriter.condition(c.condition) for c in rule.except_when),
    )


def readables(condition: Condition) -> Iterator[ReadFact]:
    """Every fact and dated parameter read directly in `condition`, not inside its quantifiers.

    The list of a quantifier is not among them: its loop reads it.
    """
    for leaf in leaves(condition):
        if isinstance(leaf, Test):
            for operand in leaf.operands:
                yield from _readable(operand)


def _readable(operand: Operand) -> Iterator[ReadFact]:
    match operand:
        case Fact() | Effective():
            yield operand
        case DayOf(fact):
            yield fact


def quantified(condition: Condition) -> Iterator[OverItems]:
    """The outermost quantifiers and counts in `condition`."""
    for leaf in leaves(condition):
        if not isinstance(leaf, Test):
            yield leaf


def free_variables(condition: Condition) -> set[str]:
    """The variables that `condition` needs from outside."""
    found: set[str] = set()
    for readable in readables(condition):
        fact = readable.on if isinstance(readable, Effective) else readable
        found.add(fact.variable)
    for inner in quantified(condition):
        found.add(inner.items.variable)
        for part in children(inner):
            found |= free_variables(part) - {inner.variable}
        if isinstance(inner, Count):
            found |= {
                (r.on if isinstance(r, Effective) else r).variable for r in _readable(inner.number)
            }
    return found
