"""Mutations of rules: small changes of meaning that the examples must notice.

Each operator, threshold, member, part and criterion is changed in turn. A mutant that gives
the same outcomes on every example survives: no example shows why that part of the rule is
as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, assert_never

from scr_audit.check.examples import Case, outcomes_of, reasons_of
from scr_audit.errors import Place
from scr_audit.language.conditions import (
    All,
    AnyOf,
    Condition,
    Constant,
    Count,
    DefinitionUse,
    Not,
    Operand,
    Quantifier,
    ShownOrSaid,
    Test,
    children,
    is_only_fact,
    walk,
    with_children,
)
from scr_audit.language.operators import OPERATORS
from scr_audit.language.phrases import places_of
from scr_audit.language.resolve import Scope
from scr_audit.language.rule import Criterion, Rule
from scr_audit.language.says import places_like
from scr_audit.packs.pack import Pack

IF_NONE = ("not_applicable", "not_met", "not_evidenced")


@dataclass(frozen=True)
class DefinitionChange:
    """Which definition was changed, by its place, and which of the changes of its text it is."""

    defined_at: Place
    number: int


@dataclass(frozen=True)
class Mutant:
    """A changed rule, and what was changed where.

    `of_definition` is the same for the same change of a definition in each rule that uses it;
    None: the rule itself was changed.
    """

    rule: Rule
    place: Place
    change: str
    of_definition: DefinitionChange | None = None


def killed_and_alive(
    pack: Pack, rule: Rule, cases: list[Case]
) -> tuple[list[Mutant], list[Mutant]]:
    """The mutants of a rule that an example of it notices, and those that none does."""
    killed: list[Mutant] = []
    alive: list[Mutant] = []
    for found_by, changed in (
        (outcomes_of, mutants(rule)),
        (reasons_of, mutants_of_sentences(pack, rule)),
    ):
        notices = _noticing(rule, cases, found_by)
        for mutant in changed:
            (killed if notices(mutant) else alive).append(mutant)
    return killed, alive


def noticed_changes(
    rule: Rule, cases: list[Case], changes: Collection[DefinitionChange | None]
) -> set[DefinitionChange]:
    """Those of these changes of definitions that an example of the rule notices."""
    notices = _noticing(rule, cases, outcomes_of)
    return {
        mutant.of_definition
        for mutant in _definition_mutants(rule)
        if mutant.of_definition is not None and mutant.of_definition in changes and notices(mutant)
    }


def _noticing(
    rule: Rule, cases: list[Case], found_by: Callable[[Rule, Case], dict[str, str]]
) -> Callable[[Mutant], bool]:
    """Whether an example has another outcome, or another reason, by a mutant than by the rule."""
    original = [found_by(rule, case) for case in cases]

    def notices(mutant: Mutant) -> bool:
        return any(
            found_by(mutant.rule, case) != before
            for case, before in zip(cases, original, strict=True)
        )

    return notices


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Every mutant of `rule`, in the order of the rule's text."""
    place = rule.place
    for key in ("where", "applies_when"):
        condition = getattr(rule, key)
        if condition is not None:
            yield Mutant(_with(rule, key, None), place, f"'{key}' dropped")
            for changed in _changes(condition, place):
                yield Mutant(_with(rule, key, changed.condition), changed.place, changed.what)
    for key in ("require", "except_when"):
        yield from _criteria(rule, key)
    yield from _definition_mutants(rule)
    for level, loop in enumerate(rule.loops):
        for outcome in IF_NONE:
            if outcome != loop.if_none:
                other = replace(loop, if_none=outcome)
                loops = (*rule.loops[:level], other, *rule.loops[level + 1 :])
                what = f"'if_none' of {loop.items} is {outcome}"
                yield Mutant(replace(rule, loops=loops), place, what)


def mutants_of_sentences(pack: Pack, rule: Rule) -> Iterator[Mutant]:
    """The rule with one of its own sentences left out, two swapped, or *no* and *unknown*.

    Or with a place of one replaced by another of the same type.
    """
    names = Scope(pack.kinds[rule.kind].type, pack.parameters)
    for loop in rule.loops:
        assert loop.items.type.item is not None, "a loop goes through a list"
        names = names.binding(loop.variable, loop.items.type.item)
    for index, criterion in enumerate(rule.require):
        for changed, what in (*_says_changes(criterion), *_place_changes(criterion, names)):
            criteria = (*rule.require[:index], changed, *rule.require[index + 1 :])
            yield Mutant(replace(rule, require=criteria), criterion.place, what)


def _says_changes(criterion: Criterion) -> Iterator[tuple[Criterion, str]]:
    for key, texts in (("no", criterion.no), ("unknown", criterion.unknown)):
        others = []
        for place, text in enumerate(texts):
            rest = (*texts[:place], *texts[place + 1 :])
            others.append((rest, f"the sentence “{text}” left out"))
            if place:
                swapped = (*texts[: place - 1], text, texts[place - 1], *texts[place + 1 :])
                others.append((swapped, f"“{text}” comes before “{texts[place - 1]}”"))
        for other, what in others:
            is_no = key == "no"
            changed = replace(criterion, no=other) if is_no else replace(criterion, unknown=other)
            yield changed, what
    if criterion.no and criterion.unknown:
        turned = replace(criterion, no=criterion.unknown, unknown=criterion.no)
        yield turned, "'no' and 'unknown' swapped"


def _place_changes(criterion: Criterion, names: Scope) -> Iterator[tuple[Criterion, str]]:
    for text in (*criterion.no, *criterion.unknown):
        for place in dict.fromkeys(places_of(text)):
            for other in places_like(place, names, criterion):
                said = text.replace(f"{{{place}}}", f"{{{other}}}")
                no, unknown = (
                    tuple(said if each == text else each for each in texts)
                    for texts in (criterion.no, criterion.unknown)
                )
                what = f"{{{place}}} is {{{other}}} in “{text}”"
                yield replace(criterion, no=no, unknown=unknown), what


def _with(rule: Rule, key: str, value: Condition | tuple[Criterion, ...] | None) -> Rule:
    """The rule with another value of one of its fields."""
    changed: dict[str, Any] = {key: value}  # of the type of that field
    return replace(rule, **changed)


def _criteria(rule: Rule, key: str) -> Iterator[Mutant]:
    criteria: tuple[Criterion, ...] = getattr(rule, key)
    for index, criterion in enumerate(criteria):
        rest = (*criteria[:index], *criteria[index + 1 :])
        if rest or key == "except_when":
            yield Mutant(_with(rule, key, rest), criterion.place, f"'{criterion.name}' dropped")
        for changed in _changes(criterion.condition, criterion.place):
            new = replace(criterion, condition=changed.condition)
            with_new = (*criteria[:index], new, *criteria[index + 1 :])
            yield Mutant(_with(rule, key, with_new), changed.place, changed.what)


def _definition_mutants(rule: Rule) -> Iterator[Mutant]:
    """Each change of the text of each definition that the rule uses, made wherever it uses it."""
    authored = [condition for condition in (rule.where, rule.applies_when) if condition is not None]
    authored += [each.condition for each in (*rule.require, *rule.except_when)]
    uses = [part for each in authored for part in walk(each) if isinstance(part, DefinitionUse)]
    for use in {each.defined_at: each for each in reversed(uses)}.values():
        for number, changed in enumerate(_changes(use.part, use.defined_at)):
            of = DefinitionChange(use.defined_at, number)
            yield Mutant(_in_all(rule, of), changed.place, changed.what, of)


def _in_all(rule: Rule, change: DefinitionChange) -> Rule:
    """The rule with the changed definition in all its conditions."""

    def of_criteria(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        return tuple(replace(each, condition=_put(each.condition, change)) for each in criteria)

    return replace(
        rule,
        where=None if rule.where is None else _put(rule.where, change),
        applies_when=None if rule.applies_when is None else _put(rule.applies_when, change),
        require=of_criteria(rule.require),
        except_when=of_criteria(rule.except_when),
    )


def _put(condition: Condition, change: DefinitionChange) -> Condition:
    if isinstance(condition, DefinitionUse) and condition.defined_at == change.defined_at:
        changes = _changes(condition.part, condition.defined_at)
        return replace(condition, part=next(islice(changes, change.number, None)).condition)
    parts = children(condition)
    changed = tuple(_put(part, change) for part in parts)
    return with_children(condition, changed) if parts else condition


@dataclass(frozen=True)
class _Change:
    condition: Condition
    place: Place
    what: str


def _changes(condition: Condition, place: Place) -> Iterator[_Change]:
    match condition:
        case Test():
            yield from _test_changes(condition)
        case All() | AnyOf():
            yield from _part_changes(condition)
            return
        case Not(part):
            yield _Change(part, place, "'not' removed")
        case ShownOrSaid(parts):
            for index in reversed(range(len(parts))):
                rest = (*parts[:index], *parts[index + 1 :])
                left = rest[0] if len(rest) == 1 else ShownOrSaid(rest)
                dropped = "said" if index == len(rest) else "shown"
                yield _Change(left, place, f"'{dropped}' dropped")
        case Quantifier():
            yield from _quantifier_changes(condition)
        case Count():
            yield from _count_changes(condition)
        case DefinitionUse():
            return  # what it says is changed where it is defined
        case _:
            assert_never(condition)
    at = condition.place if isinstance(condition, Quantifier | Count) else place
    for index, part in enumerate(children(condition)):
        if not is_only_fact(condition, part):
            yield from _changes_inside(condition, index, at)


def _changes_inside(condition: Condition, index: int, place: Place) -> Iterator[_Change]:
    """The changes of one condition inside another."""
    parts = children(condition)
    for changed in _changes(parts[index], place):
        new = (*parts[:index], changed.condition, *parts[index + 1 :])
        yield replace(changed, condition=with_children(condition, new))


def _start(condition: Condition) -> Place:
    """Where a condition begins: its first line, quantifier or use of a definition."""
    while isinstance(condition, All | AnyOf | Not | ShownOrSaid):
        condition = children(condition)[0]
    return condition.place


def _part_changes(condition: All | AnyOf) -> Iterator[_Change]:
    build, parts = type(condition), condition.parts
    swapped, words = (AnyOf, "'all' is 'any'") if build is All else (All, "'any' is 'all'")
    yield _Change(swapped(parts), _start(parts[0]), words)
    for index, part in enumerate(parts):
        rest = (*parts[:index], *parts[index + 1 :])
        at = _start(part)
        yield _Change(build(rest) if len(rest) > 1 else rest[0], at, "this part dropped")
        yield from _changes_inside(condition, index, at)


def _test_changes(test: Test) -> Iterator[_Change]:
    if not test.operator.name:
        yield _Change(Not(test), test.place, f"'{test.text}' is negated")
    # Any of one is all of one, and within 0 days after is within 0 days before.
    alike = test.operator.same_at is not None and test.operator.same_at == _size(test)
    for name in () if alike else test.operator.neighbours:
        yield _Change(
            replace(test, operator=OPERATORS[name]),
            test.place,
            f"'{test.operator.name}' is '{name}'",
        )
    for index, operand in enumerate(test.operands):
        for changed, what in _operand_changes(operand):
            operands = (*test.operands[:index], changed, *test.operands[index + 1 :])
            yield _Change(replace(test, operands=operands), test.place, what)


def _size(test: Test) -> float | None:
    """The N of a line, or how many objects it has; None: not written in the rule."""
    match test.operands[2 if test.operator.has_number else 1]:
        case Constant(int() | float() as number):
            return number
        case Constant(tuple() as objects):
            return len(objects)
    return None


def _operand_changes(operand: Operand) -> Iterator[tuple[Operand, str]]:
    if not isinstance(operand, Constant):
        return
    value = operand.value
    if isinstance(value, tuple) and len(value) > 1:
        for index, member in enumerate(value):
            rest = (*value[:index], *value[index + 1 :])
            yield replace(operand, value=rest), f"'{member}' left out"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        for other in (value + 1, value - 1):
            if other >= 0:
                yield replace(operand, value=other), f"{value} is {other}"


def _quantifier_changes(quantifier: Quantifier) -> Iterator[_Change]:
    place = quantifier.place
    others = {
        "some": "every",
        "every": "some",
        "none": "some",
        "latest": "earliest",
        "earliest": "latest",
    }
    other = others[quantifier.kind]
    if other != "every" or quantifier.that is not None:
        yield _Change(replace(quantifier, kind=other), place, f"'{quantifier.kind}' is '{other}'")
    if quantifier.where is not None:
        yield _Change(replace(quantifier, where=None), place, "'where' dropped")


def _count_changes(count: Count) -> Iterator[_Change]:
    for name in count.operator.neighbours:
        if OPERATORS[name].count is not None:
            change = f"'{count.operator.name}' is '{name}'"
            yield _Change(replace(count, operator=OPERATORS[name]), count.place, change)
    for number, what in _operand_changes(count.number):
        yield _Change(replace(count, number=number), count.place, what)
    if count.where is not None:
        yield _Change(replace(count, where=None), count.place, "'where' dropped")
