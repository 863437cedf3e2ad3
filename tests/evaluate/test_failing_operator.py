"""An operator registered from Python that raises: the outcome error, for that unit only."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from small_pack import pack_of

from scr_audit.engine import Engine
from scr_audit.language.operators import OPERATORS, Operator, register_operator
from scr_audit.language.types import Kind

NAME = "sounds like"
REASON = "Error: the rule could not be evaluated (ValueError: no sound for 'bad')."


def sounds_like(subject: str, other: str) -> bool:
    if subject == "bad":
        raise ValueError("no sound for 'bad'")
    return subject == other


@pytest.fixture(autouse=True)
def _operator() -> Iterator[None]:
    text = frozenset({Kind.TEXT})
    register_operator(Operator(NAME, text, "one", "It sounds so.", "a sounds like 'b'",
                               sounds_like, ""))  # fmt: skip
    yield
    del OPERATORS[NAME]


def parts(*names: str) -> dict[str, object]:
    return {"id": "-".join(names), "parts": [{"name": name, "worn": True} for name in names]}


REQUIRED = """
for_each: parts as part
require: {name: part.name sounds like 'good', worn: part.worn}
if_none: not_met
"""
SCOPE = """
for_each: parts as part
where: part.name sounds like 'good'
require: {worn: part.worn}
if_none: not_met
"""
OTHER = "require:\n  it: paid"


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        (REQUIRED, ["met", "error", "not_met"]),
        (SCOPE, ["met", "error"]),
        (SCOPE.replace("where", "applies_when"), ["met", "error", "not_applicable"]),
    ],
)
def test_one_unit_is_an_error_and_the_others_are_judged(
    tmp_path: Path, rule: str, outcomes: list[str]
) -> None:
    engine = Engine(pack_of(tmp_path, rule, OTHER))
    findings = engine.evaluate(parts("good", "bad", "other"))
    assert [finding.outcome for finding in findings] == [*outcomes, "not_evidenced"]
    [error] = [finding for finding in findings if finding.outcome == "error"]
    assert (error.unit, error.reason) == ("/parts/1", REASON)
    assert (error.criteria, error.failed, error.missing) == ({}, (), ())


def test_totals_count_errors_apart_and_go_on(tmp_path: Path) -> None:
    engine = Engine(pack_of(tmp_path, REQUIRED, OTHER))
    records = [parts("good"), parts("bad"), {**parts("good", "bad"), "parts": None}, parts("other")]
    run = engine.run(records)
    assert run.totals.rules["one"].named() == {
        "met": 1, "not_met": 1, "not_evidenced": 1, "not_applicable": 0, "excepted": 0, "error": 1,
    }  # fmt: skip
    assert run.totals.rules["one"].records == 3
    assert run.totals.rules["two"].named()["not_evidenced"] == 4
    assert (run.totals.read, run.left_out_count) == ({"job": 4}, 0)
    listed: list[str] = []
    again = engine.run(records, on_findings=lambda found: listed.extend(f.outcome for f in found))
    assert again.totals == run.totals
    assert listed.count("error") == 1


def test_an_error_says_the_same_on_another_day(tmp_path: Path) -> None:
    engine = Engine(pack_of(tmp_path, REQUIRED))
    [finding] = engine.evaluate(parts("bad"), as_of=date(2024, 1, 1))
    assert finding.reason == REASON


def test_a_registered_operator_that_answers_is_like_any_other(tmp_path: Path) -> None:
    engine = Engine(pack_of(tmp_path, REQUIRED))
    [finding] = engine.evaluate(parts("other"))
    asked = "and the rule asks for a text that sounds like “good”"
    assert finding.reason == f"“name?” “other”, {asked}."
