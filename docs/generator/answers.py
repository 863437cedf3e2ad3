"""What the engine answers about the pack beside this file.

Conditions go through the checker, and records through the engine. The interpreter must agree
with the compiled rules, or no page is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import scr_audit
from scr_audit.errors import Place
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.language.checker import Checker, Reporter
from scr_audit.language.conditions import Condition
from scr_audit.language.resolve import Scope
from scr_audit.language.rule import Criterion, Rule
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack
from scr_audit.values.calendar import calendar_named

PACK = Path(__file__).parent / "pack"
KIND = "case"
_TRUTHS = {"met": True, "not_met": False, "not_evidenced": None}


class RefusedError(Exception):
    """An example of the documentation that the checker refuses, or on which evaluators differ."""


@cache
def pack() -> Pack:
    """The pack whose facts the examples speak of."""
    return load_folder(PACK)


def checked(raw: Any, *, loop: str | None = None) -> Condition:
    """The condition that a rule file could hold; `loop` binds a variable: `visits as visit`."""
    problems: list[str] = []
    nowhere = Place("(the documentation)", 1, 1)

    def report(place: Place, message: str) -> None:
        problems.append(message)

    def place(*_: Any) -> Place:
        return nowhere

    checker = Checker(Reporter(report, report, place, place, place, lambda _: False), {})
    names = Scope(
        pack().kinds[KIND].type, pack().parameters, calendar=calendar_named(pack().calendar)
    )
    bound = None if loop is None else checker.loop(loop, (), names)
    if bound is not None:
        names = names.binding(bound[1], bound[2])
    condition = checker.condition(raw, (), names)
    if problems or condition is None:
        raise RefusedError(f"{raw!r}: {'; '.join(problems)}")
    return condition


def answer(
    condition: Condition, given: Mapping[str, Any], as_of: date | None = None
) -> bool | None:
    """What `condition` gives on a record with the facts `given`."""
    rule = replace(pack().rule("visited-in-time"), require=(Criterion("answer", condition),))
    return _TRUTHS[outcomes(rule, given, as_of)[""]]


def outcomes(rule: Rule, given: Mapping[str, Any], as_of: date | None = None) -> dict[str, str]:
    """The outcome of every unit by its pointer, on which both evaluators agree."""
    engine = scr_audit.compile_pack(replace(pack(), rules=(rule,)))
    found = {}
    for finding in engine.evaluate({"id": "example", **given}, as_of=as_of):
        if finding.outcome != OUTCOMES[finding.judgement.outcome]:
            raise RefusedError(f"the evaluators differ on {given!r}")
        found[finding.unit] = finding.outcome
    return found


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by dotted path as the record that holds them."""
    record: dict[str, Any] = {}
    for path, value in facts.items():
        *outer, last = path.split(".")
        group = record
        for step in outer:
            group = group.setdefault(step, {})
        group[last] = value
    return record
