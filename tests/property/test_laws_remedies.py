"""Laws: a remedy given makes the unit met, and none has two facts where one would do."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

from budget import share
from hypothesis import given
from strategies import DAYS, RECORDS, Audit, as_of_days, audits

from scr_audit import Engine, Finding
from scr_audit.evaluate.remedy import Change

REMEDIABLE = ("not_met", "not_evidenced", "excepted")


def changed(record: dict[str, Any], changes: list[tuple[str, Any]]) -> dict[str, Any]:
    """The record as JSON with values at pointers; a place past the end of a list is appended."""
    found = copy.deepcopy(record)
    for pointer, value in changes:
        lay(found, pointer.split("/")[1:], value)
    return found


def lay(holder: Any, steps: list[str], value: Any) -> None:
    first, *rest = steps
    if isinstance(holder, list):
        if int(first) == len(holder):
            holder.append({})
        if not rest:
            holder[int(first)] = value
        else:
            lay(holder[int(first)], rest, value)
        return
    if not rest:
        holder[first] = value
        return
    if holder.get(first) is None:
        holder[first] = [] if rest[0].isdigit() else {}
    lay(holder[first], rest, value)


def in_record_order(changes: tuple[Change, ...]) -> list[tuple[str, Any]]:
    """The changes so that earlier places of a list come first."""

    def key(change: Change) -> list[tuple[bool, Any]]:
        steps = change.pointer.split("/")[1:]
        return [(not s.isdigit(), int(s) if s.isdigit() else s) for s in steps]

    return [(change.pointer, change.then) for change in sorted(changes, key=key)]


def outcomes(engine: Engine, record: Any, as_of: date | None, rule: str) -> dict[str, str]:
    found = engine.evaluate(json.dumps(record), as_of=as_of)  # the compiled program
    return {finding.unit: finding.outcome for finding in found if finding.rule == rule}


def unit_of(finding: Finding, changes: tuple[Change, ...]) -> str:
    """The unit that the remedy is about: of a list without units, the item that it adds."""
    if len(finding.judgement.indices) == len(finding.judgement.rule.loops):
        return finding.unit
    return ""


@share(10, records=RECORDS)
@given(audits(), as_of_days())
def test_a_remedy_makes_the_unit_met_by_the_compiled_program(
    audit: Audit, as_of: date | None
) -> None:
    engine = Engine(audit.pack)
    for record in audit.records:
        for finding in engine.evaluate(record, as_of=as_of):
            remedy = finding.remedy
            if finding.outcome not in REMEDIABLE:
                assert remedy is None
            elif remedy is not None:
                after = changed(record, in_record_order(remedy.changes))
                found = outcomes(engine, after, as_of, finding.rule)
                judgement = finding.judgement
                if len(judgement.indices) == len(judgement.rule.loops):
                    assert found[finding.unit] == "met", remedy
                else:
                    new = [found[unit] for unit in found if unit.startswith(f"{finding.unit}/")]
                    assert "met" in new, remedy
                assert remedy.text.startswith("Met if ")
                assert remedy.text.endswith(".")


def values_of(kind: str, choices: tuple[str, ...]) -> tuple[Any, ...]:
    if kind == "boolean":
        return (True, False)
    if kind == "date":
        return DAYS[:6]
    return choices if kind == "choice" else ()


def single_facts(finding: Finding) -> list[tuple[str, tuple[Any, ...]]]:
    """The facts that the finding used and one change may be tried on, with values for them."""
    found = []
    for trace in (*finding.judgement.scope, *finding.judgement.criteria.values()):
        for use in uses(trace):
            kind = use.field.type.kind.name.lower()
            values = values_of(kind, use.field.type.choices)
            found.append((use.pointer, tuple(v for v in values if not odd(use, v))))
    return found


def odd(use: Any, value: Any) -> bool:
    """A recorded choice or a recorded yes is changed only where nothing else would do."""
    return use.value is not None and (use.value is True or use.field.type.choices != ())


def uses(trace: Any) -> Any:
    yield from trace.uses
    for part in trace.parts:
        yield from uses(part)


@share(3, records=RECORDS)
@given(audits(rules=2, exact=True), as_of_days())
def test_where_one_missing_fact_would_do_the_remedy_has_one(
    audit: Audit, as_of: date | None
) -> None:
    engine = Engine(audit.pack)
    for record in audit.records:
        for finding in engine.evaluate(record, as_of=as_of):
            judgement = finding.judgement
            whole = len(judgement.indices) == len(judgement.rule.loops)
            if finding.outcome not in REMEDIABLE or not whole or not judgement.criteria:
                continue
            if any(met_by(engine, record, as_of, finding, p, v) for p, v in tried(finding)):
                assert finding.remedy is not None
                assert len(finding.remedy.changes) == 1, finding.remedy


def tried(finding: Finding) -> list[tuple[str, Any]]:
    missing = {fact.pointer for fact in finding.facts if fact.value is None}
    facts = dict(single_facts(finding))
    return [(p, value) for p, values in facts.items() if p in missing for value in values]


def met_by(
    engine: Engine, record: Any, as_of: date | None, finding: Finding, pointer: str, value: Any
) -> bool:
    try:
        after = changed(record, [(pointer, value)])
        found = outcomes(engine, after, as_of, finding.rule)
    except ValueError:  # a group that would lack what its schema demands
        return False
    return found.get(finding.unit) == "met"
