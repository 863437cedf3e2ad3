"""Laws: a remedy given makes the unit met, and none has two facts where one would do."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from budget import share
from hypothesis import given
from strategies import DAYS, RECORDS, Audit, as_of_days, audits

from scr_audit import Engine, Finding
from scr_audit.errors import RecordError
from scr_audit.evaluate.interpreter import FactRead, Trace
from scr_audit.evaluate.remedies.search import Change
from scr_audit.language.conditions import Quantifier
from scr_audit.language.types import Kind

REMEDIABLE = ("not_met", "excepted")


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
                if is_unit(finding):
                    assert found[finding.unit] == "met", remedy
                else:
                    new = [found[unit] for unit in found if unit.startswith(f"{finding.unit}/")]
                    assert "met" in new, remedy


def is_unit(finding: Finding) -> bool:
    """Whether the finding is about a unit, and not about a list without units."""
    return len(finding.judgement.indices) == len(finding.judgement.rule.loops)


@share(3, records=RECORDS)
@given(audits(rules=2, exact=True), as_of_days())
def test_where_one_fact_would_do_the_remedy_has_one(audit: Audit, as_of: date | None) -> None:
    engine = Engine(audit.pack)
    for record in audit.records:
        for finding in engine.evaluate(record, as_of=as_of):
            if finding.outcome not in REMEDIABLE or not is_unit(finding):
                continue
            if any(met_with(engine, record, as_of, finding, *change) for change in tried(finding)):
                assert finding.remedy is not None
                assert len(finding.remedy.changes) == 1, finding.remedy


def tried(finding: Finding) -> Iterator[tuple[str, Any]]:
    """Single changes of the facts that were used, but for what a thing is."""
    judgement = finding.judgement
    plain = [use for trace in judgement.criteria.values() for use in uses(trace)]
    scope = [use for trace in judgement.scope for use in uses(trace) if use.value is None]
    for use in {use.pointer: use for use in (*plain, *scope)}.values():
        yield from ((use.pointer, value) for value in values_of(use))


def uses(trace: Trace) -> Iterator[FactRead]:
    """The facts below a trace, without what is recorded of the items a `where` looks for."""
    yield from trace.uses
    for place, part in enumerate(trace.parts):
        found = list(uses(part))
        item = isinstance(trace.condition, Quantifier) and not trace.uses
        where = item and place == 0 and trace.condition.where is not None
        yield from (use for use in found if not where or use.value is None)


def values_of(use: FactRead) -> tuple[Any, ...]:
    """Values for a fact; none for a recorded choice or a recorded yes."""
    kind, choices = use.field.type.kind, use.field.type.choices
    if use.value is True or (use.value is not None and kind is Kind.CHOICE):
        return ()
    return {Kind.BOOLEAN: (True, False), Kind.DATE: DAYS[:6], Kind.CHOICE: choices}.get(kind, ())


def met_with(
    engine: Engine,
    record: dict[str, Any],
    as_of: date | None,
    finding: Finding,
    pointer: str,
    value: Any,
) -> bool:
    """Whether one change makes the unit met; not, if the record would no longer decode."""
    try:
        found = outcomes(engine, changed(record, [(pointer, value)]), as_of, finding.rule)
    except RecordError:  # a group that would lack what its schema demands
        return False
    return found.get(finding.unit) == "met"
