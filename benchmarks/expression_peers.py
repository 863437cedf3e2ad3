"""Peers that evaluate expressions on one record after another: ZEN, CEL and rule-engine.

What the expressions of each do: they walk the lists of a record themselves, judge every unit in
three values, and give its outcome as a number. Python only counts the numbers. What they do not:
none of the three checks a record against a schema, knows working days, says which test failed, or
which fact was missing.

Three-valued logic is written out in each: a test has a text that holds if it is true, and another
that holds if it is false.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from benchmarks.ten_rules import (
    MET,
    NOT_EVIDENCED,
    NOT_MET,
    VARIANTS,
    AtLeast,
    Counts,
    Is,
    Recorded,
    Rule,
    SameDay,
    Some,
    Test,
    Within,
    Yes,
    counts_of,
    ten_rules,
)


class Texts(NamedTuple):
    """A test in some language: what holds if it is true, and what holds if it is false."""

    true: str
    false: str


def zen_engine(lines: list[bytes], variants: int = VARIANTS) -> Callable[[], Counts]:
    """Prepare ZEN (Rust): by default 70 expressions, in one compiled list.

    That is the fastest of the ways it was found to offer, on one thread: the JSON text goes in once
    for each record, and one call decides all the expressions. With the same 70, an object in the
    place of the list took 1.2 times as long; its batch of decision graphs, which uses every core,
    1.6 times; a graph for each record 10 times; 70 expressions one by one 17 times.
    """
    import zen

    rules = _rules(variants)
    expression = zen.compile_expression("[" + ", ".join(map(_zen_rule, rules)) + "]")

    def run() -> Counts:
        found = [[0, 0, 0] for _ in rules]
        for line in lines:
            for counts, outcomes in zip(found, expression.evaluate(line), strict=True):
                for outcome in outcomes:
                    counts[int(outcome)] += 1
        return counts_of(rules, found)

    return run


def zen_decision(lines: list[bytes], variants: int = VARIANTS) -> Callable[[], Counts]:
    """Prepare ZEN as its documentation has it used: a decision graph with an expression node.

    The record goes in as Python values, `json.loads` is in the time, and every expression has its
    own key in the result.
    """
    import zen

    rules = _rules(variants)
    expressions = [
        {"id": f"e{n}", "key": f"r{n}", "value": _zen_rule(rule)} for n, rule in enumerate(rules)
    ]
    node = {
        "id": "rules",
        "type": "expressionNode",
        "name": "rules",
        "content": {"expressions": expressions},
    }
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            node,
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "rules", "type": "edge"},
            {"id": "b", "sourceId": "rules", "targetId": "out", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))

    def run() -> Counts:
        found = [[0, 0, 0] for _ in rules]
        for line in lines:
            result = decision.evaluate(json.loads(line))["result"]
            for n, counts in enumerate(found):
                for outcome in result[f"r{n}"]:
                    counts[int(outcome)] += 1
        return counts_of(rules, found)

    return run


def zen_one_by_one(lines: list[bytes], variants: int = VARIANTS) -> Callable[[], Counts]:
    """Prepare ZEN with each expression compiled and evaluated by itself, on the JSON text."""
    import zen

    rules = _rules(variants)
    expressions = [zen.compile_expression(_zen_rule(rule)) for rule in rules]

    def run() -> Counts:
        found = [[0, 0, 0] for _ in rules]
        for line in lines:
            for counts, expression in zip(found, expressions, strict=True):
                for outcome in expression.evaluate(line):
                    counts[int(outcome)] += 1
        return counts_of(rules, found)

    return run


def cel(lines: list[bytes], variants: int = VARIANTS) -> Callable[[], Counts]:
    """Prepare CEL (cel-expr-python, C++): by default 70 expressions, in one compiled list.

    CEL takes Python values and no JSON text, so that `json.loads` is in the time. It has no way to
    flatten a list: the outcomes of plan actions come as a list for each plan.
    """
    from cel_expr_python import cel as library

    rules = _rules(variants)
    environment = library.NewEnv(variables={"c": library.Type.DYN})
    expression = environment.compile("[" + ", ".join(map(_cel_rule, rules)) + "]")

    def run() -> Counts:
        found = [[0, 0, 0] for _ in rules]
        for line in lines:
            result = expression.eval(data={"c": json.loads(line)}).plain_value()
            for counts, outcomes in zip(found, result, strict=True):
                _count(counts, outcomes)
        return counts_of(rules, found)

    return run


def rule_engine(lines: list[bytes], variants: int = 1) -> Callable[[], Counts]:
    """Prepare rule-engine (pure Python): by default the ten rules, one expression each.

    Seventy take seven times as long. `json.loads` is in the time. Its own function reads the dates.
    """
    import rule_engine as library

    rules = _rules(variants)
    context = library.Context(default_value=None)
    expressions = [library.Rule(_rule_engine_rule(rule), context=context) for rule in rules]

    def run() -> Counts:
        found = [[0, 0, 0] for _ in rules]
        for line in lines:
            record = json.loads(line)
            for counts, expression in zip(found, expressions, strict=True):
                _count(counts, expression.evaluate(record))
        return counts_of(rules, found)

    return run


def _rules(variants: int) -> list[Rule]:
    """Give the rules of several variants; the first ten keep their ids."""
    rules = []
    for variant in range(variants):
        for rule in ten_rules(variant):
            rule_id = f"{rule.id}-{variant}" if variant else rule.id
            rules.append(Rule(rule_id, rule.path, rule.require, rule.where))
    return rules


def _count(counts: list[int], outcomes: Iterable[Any]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, list | tuple):
            _count(counts, outcome)
        else:
            counts[int(outcome)] += 1


# --- ZEN: `#` is the item of the innermost list; a path through null gives null ---


def _zen_rule(rule: Rule) -> str:
    unit = _zen_unit(rule, "#." if rule.path else "")
    if not rule.path:
        return f"[{unit}]"
    first, *rest = rule.path
    if rest:
        inner = f"#.{rest[0]} == null ? [{NOT_EVIDENCED}] : map(#.{rest[0]}, {unit})"
        return f"({first} == null ? [{NOT_EVIDENCED}] : flatMap({first}, {inner}))"
    items = first
    if rule.where:
        items = f"filter({first}, not ({_zen(rule.where, '#.').false}))"
    return f"({first} == null ? [{NOT_EVIDENCED}] : map({items}, {unit}))"


def _zen_unit(rule: Rule, item: str) -> str:
    tests = [_zen(test, item) for test in rule.require]
    every = " and ".join(f"({test.true})" for test in tests)
    any_not = " or ".join(f"({test.false})" for test in tests)
    outcome = f"({every}) ? {MET} : (({any_not}) ? {NOT_MET} : {NOT_EVIDENCED})"
    if rule.where:
        return f"({_zen(rule.where, item).true}) ? ({outcome}) : {NOT_EVIDENCED}"
    return outcome


def _zen(test: Test, item: str) -> Texts:
    path = item + test.path
    match test:
        case Yes():
            return Texts(f"{path} == true", f"{path} == false")
        case Is(word=word):
            return Texts(f'{path} == "{word}"', f'{path} != null and {path} != "{word}"')
        case Recorded():
            return Texts(f"{path} != null", f"{path} == null")
        case SameDay(other=other):
            known = f"{path} != null and {item}{other} != null"
            second = item + other
            return Texts(f"{known} and {path} == {second}", f"{known} and {path} != {second}")
        case Within(after=after, seconds=seconds, with_time=with_time):
            since = item + after
            known = f"{path} != null and {since} != null"
            end = ' + ":00Z"' if with_time else ""
            lag = f"date({path}{end}) - date({since}{end})"
            span = f"[0..{seconds}]"
            return Texts(f"{known} and {lag} in {span}", f"{known} and {lag} not in {span}")
        case Some(where=where, that=that):
            picked, passes = _zen(where, "#."), _zen(that, "#.")
            return Texts(
                f"some({path} ?? [], {picked.true} and {passes.true})",
                f"{path} != null and all({path}, ({picked.false}) or {passes.false})",
            )
        case AtLeast(fact=fact, number=number):
            return Texts(
                f"count({path} ?? [], #.{fact} == true) >= {number}",
                f"{path} != null and count({path}, #.{fact} != false) < {number}",
            )


# --- CEL: every step of a path is looked for before it is taken ---


def _cel_rule(rule: Rule) -> str:
    if not rule.path:
        return f"[{_cel_unit(rule, 'c')}]"
    first, *rest = rule.path
    if rest:
        outcomes = f"p.{rest[0]}.map(x, {_cel_unit(rule, 'x')})"
        inner = f"{_cel_has('p', rest[0])} ? {outcomes} : [{NOT_EVIDENCED}]"
        return f"({_cel_has('c', first)} ? c.{first}.map(p, {inner}) : [[{NOT_EVIDENCED}]])"
    where = f"!({_cel(rule.where, 'x').false}), " if rule.where else ""
    return (
        f"({_cel_has('c', first)} ? c.{first}.map(x, {where}{_cel_unit(rule, 'x')})"
        f" : [{NOT_EVIDENCED}])"
    )


def _cel_unit(rule: Rule, item: str) -> str:
    tests = [_cel(test, item) for test in rule.require]
    every = " && ".join(f"({test.true})" for test in tests)
    any_not = " || ".join(f"({test.false})" for test in tests)
    outcome = f"({every}) ? {MET} : (({any_not}) ? {NOT_MET} : {NOT_EVIDENCED})"
    if rule.where:
        return f"({_cel(rule.where, item).true}) ? ({outcome}) : {NOT_EVIDENCED}"
    return outcome


def _cel_has(item: str, path: str) -> str:
    """Say that a path is there and not null, step by step."""
    steps = path.split(".")
    paths = [".".join([item, *steps[: end + 1]]) for end in range(len(steps))]
    return " && ".join(f"has({each}) && {each} != null" for each in paths)


def _cel(test: Test, item: str) -> Texts:
    path, there = f"{item}.{test.path}", _cel_has(item, test.path)
    match test:
        case Yes():
            return Texts(f"{there} && {path} == true", f"{there} && {path} == false")
        case Is(word=word):
            return Texts(f'{there} && {path} == "{word}"', f'{there} && {path} != "{word}"')
        case Recorded():
            return Texts(there, f"!({there})")
        case SameDay(other=other):
            known, second = f"{there} && {_cel_has(item, other)}", f"{item}.{other}"
            return Texts(f"{known} && {path} == {second}", f"{known} && {path} != {second}")
        case Within(after=after, seconds=seconds, with_time=with_time):
            end = ":00Z" if with_time else "T00:00:00Z"
            known = f"{there} && {_cel_has(item, after)}"
            lag = f'(timestamp({path} + "{end}") - timestamp({item}.{after} + "{end}"))'
            inside = f'{lag} >= duration("0s") && {lag} <= duration("{seconds}s")'
            return Texts(f"{known} && {inside}", f"{known} && !({inside})")
        case Some(where=where, that=that):
            picked, passes = _cel(where, "y"), _cel(that, "y")
            return Texts(
                f"{there} && {path}.exists(y, {picked.true} && {passes.true})",
                f"{there} && {path}.all(y, ({picked.false}) || ({passes.false}))",
            )
        case AtLeast(fact=fact, number=number):
            yes = _cel(Yes(fact), "y")
            return Texts(
                f"{there} && size({path}.filter(y, {yes.true})) >= {number}",
                f"{there} && size({path}.filter(y, !({yes.false}))) < {number}",
            )


# --- rule-engine: comprehensions over a list; `&[]` gives null for what is not there ---


def _rule_engine_rule(rule: Rule) -> str:
    if not rule.path:
        return f"[{_rule_engine_unit(rule, '')}]"
    first, *rest = rule.path
    unit = _rule_engine_unit(rule, "x")
    if rest:
        items = _rule_engine_path("p", rest[0])
        inner = f"{items} == null ? [{NOT_EVIDENCED}] : [({unit}) for x in {items}]"
        return f"{first} == null ? [{NOT_EVIDENCED}] : [({inner}) for p in {first}]"
    where = f" if not ({_rule_engine(rule.where, 'x').false})" if rule.where else ""
    return f"{first} == null ? [{NOT_EVIDENCED}] : [({unit}) for x in {first}{where}]"


def _rule_engine_unit(rule: Rule, item: str) -> str:
    tests = [_rule_engine(test, item) for test in rule.require]
    every = " and ".join(f"({test.true})" for test in tests)
    any_not = " or ".join(f"({test.false})" for test in tests)
    outcome = f"({every}) ? {MET} : (({any_not}) ? {NOT_MET} : {NOT_EVIDENCED})"
    if rule.where:
        return f"({_rule_engine(rule.where, item).true}) ? ({outcome}) : {NOT_EVIDENCED}"
    return outcome


def _rule_engine_path(item: str, path: str) -> str:
    """Write a path by keys: by attributes it is twice as slow, and no longer recommended."""
    return item + "".join(f'&["{name}"]' for name in path.split(".")) if item else path


def _rule_engine(test: Test, item: str) -> Texts:
    path = _rule_engine_path(item, test.path)
    match test:
        case Yes():
            return Texts(f"{path} == true", f"{path} == false")
        case Is(word=word):
            return Texts(f'{path} == "{word}"', f'{path} != null and {path} != "{word}"')
        case Recorded():
            return Texts(f"{path} != null", f"{path} == null")
        case SameDay(other=other):
            second = _rule_engine_path(item, other)
            known = f"{path} != null and {second} != null"
            return Texts(f"{known} and {path} == {second}", f"{known} and {path} != {second}")
        case Within(after=after, seconds=seconds):
            since = _rule_engine_path(item, after)
            known = f"{path} != null and {since} != null"
            lag = f"$parse_datetime({path}) - $parse_datetime({since})"
            inside = f'({lag}) >= t"PT0S" and ({lag}) <= t"PT{seconds}S"'
            return Texts(f"{known} and {inside}", f"{known} and not ({inside})")
        case Some(where=where, that=that):
            picked, passes = _rule_engine(where, "y"), _rule_engine(that, "y")
            some = f"[y for y in {path} if {picked.true} and {passes.true}].length > 0"
            open_ = f"[y for y in {path} if not (({picked.false}) or {passes.false})].length == 0"
            return Texts(f"{path} != null and {some}", f"{path} != null and {open_}")
        case AtLeast(fact=fact, number=number):
            counted = _rule_engine_path("y", fact)
            yes = f"[y for y in {path} if {counted} == true].length"
            open_ = f"[y for y in {path} if {counted} != false].length"
            known = f"{path} != null"
            return Texts(f"{known} and {yes} >= {number}", f"{known} and {open_} < {number}")
