"""Every operator in words, those of the table and some from Python: none is said as another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from small_pack import RULE_FILE, rule_file, write_pack
from worded import judge, records

from scr_audit.errors import Place
from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.language.conditions import Not
from scr_audit.language.line import parse_line
from scr_audit.language.operators import (
    BY_THE_CLOCK,
    OBJECT,
    OPERATORS,
    Operator,
    register_operator,
)
from scr_audit.language.resolve import Scope, resolve_test
from scr_audit.language.rule import Criterion
from scr_audit.language.types import Kind
from scr_audit.packs.load import load_folder
from scr_audit.values.imprecise import day_words


def own(name: str, kind: Kind, objects: Any = "none", **more: Any) -> Operator:
    return Operator(name, frozenset({kind}), objects, "", "", lambda *_: False, "", **more)


# No name here may be one that the table could have some day.
OWN = [
    own("is a made_up palindrome", Kind.TEXT),
    own("rhymes with", Kind.TEXT, "one"),
    own("is a made_up multiple of", Kind.INTEGER, "one"),
    own("is N times", Kind.INTEGER, "one"),
    own("is odd", Kind.INTEGER),
    own("includes made_up words or", Kind.LIST, "many"),
    own("is in order", Kind.LIST),
    own("is isolated from", Kind.CHOICE, "one"),
    own("is a weekend day", Kind.DATE),
    own("is N moons after", Kind.DATE, "one"),
    own("is surely", Kind.BOOLEAN, "one"),
]
ROWS = [*(row for row in OPERATORS.values() if not row.registered and not row.period), *OWN]
# Of each kind a fact with words and one without, what is written after it, and other facts.
FACTS: dict[Kind, tuple[tuple[str, ...], tuple[str, str], tuple[str, ...]]] = {
    Kind.BOOLEAN: (("safe", "loan.agreed"), ("no", ""), ("paid",)),
    Kind.INTEGER: (("wheels",), ("2", "2, 3"), ("price",)),
    Kind.NUMBER: (("price",), ("2", "2, 3"), ("wheels",)),
    Kind.TEXT: (("customer",), ("'ab'", "'ab', 'cd'"), ()),
    Kind.CHOICE: (("model",), ("racing", "racing, city"), ()),
    Kind.DATE: (("returned_on",), ("2026-01-01", ""), ("booked_on",)),
    Kind.DATETIME: (("opened_at",), ("2026-01-01", ""), ("closed_at",)),
    Kind.LIST: (("labels", "tools"), ("pump", "pump, spanner"), ()),
}
VALUES: dict[Kind, tuple[Any, ...]] = {
    Kind.BOOLEAN: (True, False),
    Kind.INTEGER: (1, 2, 3, 4),
    Kind.NUMBER: (1, 2, 4),
    Kind.TEXT: ("ab", "zz"),
    Kind.CHOICE: ("racing", "cargo"),
    Kind.DATE: ("2024-01-01", "2026-01-01", "2026-01-02", "2028-01-01"),
    Kind.DATETIME: ("2024-01-01T10:00", "2026-01-01T10:00", "2028-01-01T10:00"),
    Kind.LIST: (["pump"], ["pump", "spanner"], ["welder"]),
}
OTHERS = {other for facts in FACTS.values() for other in facts[2]}
SUBJECTS = ("The bicycle ", "The job ", "The pump ", "The spanner ", "The welder ", "A loan ", "“")
# What the halves of a clause say, and the *and* or *or* of several words.
IN_CLAUSES = set(re.findall(r"\w+", "is not one of, does not include, includes any, all, several"))
N, NUMBER, BROKEN = "7", re.compile(r"\bN\b"), re.compile(r"\bN\b|  ")


@pytest.fixture(autouse=True, scope="module")
def _operators() -> Iterator[None]:
    for row in OWN:
        register_operator(row)
    yield
    for row in OWN:
        del OPERATORS[row.name]


def written(fact: str, objects: str) -> str:
    return re.sub(r"(\w+)", r"'\1'", objects) if fact == "labels" else objects


def lines_of(row: Operator) -> Iterator[tuple[Kind, str, str]]:
    """Lines with the operator, without N: the kind of the subject, it, and what is after it."""
    for kind in Kind:
        if kind not in row.subjects or kind not in FACTS:
            continue
        facts, (one, many), others = FACTS[kind]
        for fact in facts:
            if row.objects == "none":
                yield kind, fact, ""
            elif row.objects == "many":
                yield kind, fact, written(fact, many)
            else:
                is_of_fact = row.takes_unknown or row.unit in BY_THE_CLOCK
                objects = (*others, *([] if is_of_fact else [written(fact, one)]))
                yield from ((kind, fact, each) for each in objects)


def line(row: Operator, fact: str, objects: str) -> str:
    words = row.name if row.objects == "none" else row.around(objects)
    return f"{fact} {NUMBER.sub(N, words)}".strip()


LINES = [(row, *each) for row in ROWS for each in lines_of(row)]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each line, and not so, as it is read aloud."""
    files = {RULE_FILE: rule_file("require: {it: safe}"), "records.yaml": records(("the part",))}
    pack = load_folder(write_pack(tmp_path_factory.mktemp("pack"), files))
    scope = Scope(pack.kinds["job"].type, pack.parameters, calendar=pack.calendar)
    found = {}
    for row, _, fact, objects in LINES:
        text = line(row, fact, objects)
        asked = resolve_test(scope, parse_line(text), Place("", 0, 0), text)
        for no, condition in (("", asked), ("not ", Not(asked))):
            rule = replace(pack.rules[0], require=(Criterion("it", condition),))
            [found[f"{no}{text}"]] = [e.text for e in rule_lines(rule, pack.parameters) if e.depth]
    return found


def test_no_two_operators_over_the_same_operands_are_read_aloud_alike(said: dict[str, str]) -> None:
    found: dict[tuple[str, str, str], str] = {}
    for row, _, fact, objects in LINES:
        text = said[line(row, fact, objects)]
        assert found.setdefault((text, fact, objects), row.name) == row.name
        assert said[f"not {line(row, fact, objects)}"] != text


def in_words(kind: Kind, objects: str) -> list[str]:
    """What has to be said of what stands after an operator: of facts and of yes or no nothing."""
    if kind is Kind.BOOLEAN or objects in OTHERS:
        return []
    parts = [part.strip("'") for part in objects.split(", ") if part]
    return [day_words(date.fromisoformat(part)) if part[:2] == "20" else part for part in parts]


def own_words(row: Operator) -> list[str]:
    words = NUMBER.sub(N, row.name).replace(OBJECT, "").split()
    has_own = not row.spoken and row.recorded is None
    return [word for word in words if has_own or word not in IN_CLAUSES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_word_and_number_of_a_line_is_said(said: dict[str, str], row: Operator) -> None:
    for kind, fact, objects in lines_of(row):
        words = [*in_words(kind, objects), *own_words(row)]
        for no in ("", "not "):
            text = said[f"{no}{line(row, fact, objects)}"]
            assert [word for word in words if word not in text] == []
            assert not BROKEN.search(text)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_reason_has_a_subject_and_names_a_limit(row: Operator) -> None:
    for kind, fact, objects in lines_of(row):
        others = VALUES[kind] if objects in OTHERS else (None,)
        for value, other in product(VALUES[kind], others):
            record = nested(fact, value) | ({} if other is None else {objects: other})
            [finding] = judge(f'require:\n  it: "{line(row, fact, objects)}"', record)
            if finding.outcome != "not_met":
                continue
            reason = finding.reason
            assert reason.startswith(SUBJECTS)
            assert not BROKEN.search(reason)
            words = [] if row.takes_unknown or row.spoken else own_words(row)
            if kind in (Kind.INTEGER, Kind.NUMBER) or (
                kind is Kind.LIST and row.words_held is None
            ):
                words += in_words(kind, objects)
            assert [word for word in words if word not in reason] == []


def nested(fact: str, value: Any) -> dict[str, Any]:
    group, _, name = fact.rpartition(".")
    return {group: {name: value}} if group else {name: value}
