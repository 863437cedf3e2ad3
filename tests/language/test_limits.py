"""What definitions unfold to has limits: beyond them the check says so, and nothing hangs."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, condition_problem, pack_of, problems_of, rule_file, write_pack

from scr_audit.engine import Engine
from scr_audit.packs.load import load_folder

TOO_MANY = "with its definitions the rule has more than 2,000 conditions"
TOO_DEEP = "with its definitions this condition is nested more than 60 deep"
TOO_WALKED = "more than 8 lists are walked inside each other"


def defined(*lines: str) -> str:
    """Definitions `d0`, `d1`, ... with these conditions."""
    return "define:\n" + "".join(f"  d{n}: {line}\n" for n, line in enumerate(lines))


def chain(length: int, link: str) -> str:
    """A chain of definitions, each made by `link` from the name of the one before."""
    return defined("paid", *(link.format(f"d{n}") for n in range(length - 1)))


def nested(count: int) -> str:
    """Quantifiers over the same list, each inside the one before."""
    condition = "safe"
    for number in reversed(range(count)):
        condition = f"{{some: parts as p{number}, that: {condition}}}"
    return condition


def judged(folder: Path, text: str, record: dict[str, object]) -> list[str]:
    """The outcomes of one record by a rule file, by both ways of the compiled program."""
    engine = Engine(load_folder(write_pack(folder, {RULE_FILE: text})))
    outcomes = [finding.outcome for finding in engine.evaluate({"id": "a", **record})]
    totals = engine.run([{"id": "a", **record}]).totals.rules["one"].named()
    assert {name: outcomes.count(name) for name in totals} == totals
    return outcomes


def test_definitions_that_double_25_times_are_refused(tmp_path: Path) -> None:
    text = chain(26, "[{0}, {0}]") + rule_file("require:\n  it: d25\n  other: d25")
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        f"rules/1.yaml:35:11: {TOO_MANY}\n          it: d25\n              ^"
    )


def test_a_rule_of_2000_conditions_is_judged(tmp_path: Path) -> None:
    lines = "".join(f"    - price is {number}\n" for number in range(1999))
    text = rule_file(f"require:\n  it:\n    any:\n{lines}")
    assert judged(tmp_path, text, {"price": 1998}) == ["met"]


def test_a_rule_of_2001_conditions_is_refused(tmp_path: Path) -> None:
    lines = "".join(f"    - price is {number}\n" for number in range(2000))
    assert problems_of(tmp_path, {RULE_FILE: rule_file(f"require:\n  it:\n    any:\n{lines}")}) == (
        f"rules/1.yaml:9:9: {TOO_MANY}\n            any:\n            ^"
    )


@pytest.mark.parametrize(("link", "outcome"), [("{0}", "met"), ("{{not: {0}}}", "not_met")])
def test_a_chain_within_60_is_judged(tmp_path: Path, link: str, outcome: str) -> None:
    length = 59 if link == "{0}" else 30
    text = chain(length, link) + rule_file(f"require:\n  it: d{length - 1}")
    assert judged(tmp_path, text, {"paid": True}) == [outcome]


@pytest.mark.parametrize(("link", "length"), [("{0}", 61), ("{{not: {0}}}", 31), ("[{0}]", 500)])
def test_a_longer_chain_is_refused(tmp_path: Path, link: str, length: int) -> None:
    text = chain(length, link) + rule_file(f"require:\n  it: d{length - 1}")
    line = len(text.splitlines())
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        f"rules/1.yaml:{line}:11: {TOO_DEEP}\n          it: d{length - 1}\n              ^"
    )


def test_the_deepest_combination_still_compiles(tmp_path: Path) -> None:
    text = chain(29, "[{0}, {{any: [safe, d0]}}]") + rule_file("require:\n  it: d28")
    assert judged(tmp_path, text, {"paid": True}) == ["met"]


def test_eight_lists_in_each_other_are_judged(tmp_path: Path) -> None:
    text = rule_file(f"require:\n  it: {nested(8)}")
    assert judged(tmp_path, text, {"safe": True, "parts": [{"name": "bell"}]}) == ["met"]


@pytest.mark.parametrize("count", [9, 17])
def test_more_lists_in_each_other_are_refused(tmp_path: Path, count: int) -> None:
    condition = nested(count)
    ninth = condition.index("parts as p8")
    found, expected = condition_problem(tmp_path, condition, ninth, TOO_WALKED)
    assert found.splitlines()[0] == expected.splitlines()[0]


def test_lists_that_definitions_walk_count_too(tmp_path: Path) -> None:
    links = (f"{{some: parts as p{n}, that: d{n}}}" for n in range(30))
    text = defined("safe", *links) + rule_file("require:\n  it: d30")
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        f"rules/1.yaml:24:15: {TOO_WALKED}\n"
        "      d22: {some: parts as p21, that: d21}\n"
        "                  ^"
    )


def test_the_loops_of_a_rule_count_among_the_lists(tmp_path: Path) -> None:
    text = rule_file(
        f"""
        for_each: [parts as part, part.checks as check]
        if_none: not_met
        require:
          it: {nested(7)}
        """
    )
    assert f": {TOO_WALKED}\n" in problems_of(tmp_path, {RULE_FILE: text})


def test_a_definition_that_uses_itself_is_refused(tmp_path: Path) -> None:
    text = "define:\n  one: two\n  two: {not: one}\n" + rule_file("require:\n  it: one")
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        "rules/1.yaml:3:14: definition 'one' uses itself: one → two\n"
        "      two: {not: one}\n"
        "                 ^"
    )


def test_the_pack_after_a_refused_rule_is_checked_all_the_same(tmp_path: Path) -> None:
    text = chain(26, "[{0}, {0}]") + rule_file("require:\n  it: d25", "require:\n  it: paidd")
    assert problems_of(tmp_path, {RULE_FILE: text}).splitlines()[::3] == [
        f"rules/1.yaml:35:11: {TOO_MANY}",
        "rules/1.yaml:42:11: unknown fact 'paidd'. Did you mean 'paid'?",
    ]
    assert pack_of(tmp_path / "again", "require:\n  it: paid").rules[0].id == "one"
