"""Judging one record by one rule, by every way there is: they must agree."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from small_pack import RULE_FILE, rule_file, write_pack

from scr_audit.engine import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.interpreter import Interpreter
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.packs.load import load_folder


@lru_cache(maxsize=200)
def engine_of(*rules: str, records: str = "") -> Engine:
    """The small pack with only these rules, and with this record schema, compiled."""
    schema = {"records.yaml": records} if records else {}
    with TemporaryDirectory() as folder:
        return Engine(
            load_folder(write_pack(Path(folder), {RULE_FILE: rule_file(*rules), **schema}))
        )


def judge(
    rule: str, record: dict[str, Any], as_of: date | None = None, records: str = ""
) -> list[Finding]:
    """The findings of a rule on a job; both compiled programs and the interpreter agree."""
    engine, record = engine_of(rule, records=records), {"id": "a", **record}
    findings = engine.evaluate(record, as_of=as_of)
    found = [(finding.unit, finding.outcome) for finding in findings]
    compiled = engine.pack.rules[0]
    typed = engine._judges.decoder.from_values(record)
    interpreted = Interpreter(engine.pack.parameters, as_of).judge(compiled, typed)
    assert found == [(each.pointer, OUTCOMES[each.outcome]) for each in interpreted]
    _check_totals(engine, record, findings, as_of)
    return findings


def _check_totals(
    engine: Engine, record: dict[str, Any], findings: list[Finding], as_of: date | None
) -> None:
    outcomes = [finding.outcome for finding in findings]
    judged = [name for name in outcomes if name in ("met", "not_met", "not_evidenced")]
    totals = engine.run([record], as_of=as_of).totals
    counts = totals.rules["one"]
    assert counts.named() == {name: outcomes.count(name) for name in OUTCOMES}
    assert counts.records == totals.judged == bool(judged)
    assert totals.all_met == (bool(judged) and set(judged) == {"met"})


def outcomes(rule: str, record: dict[str, Any], as_of: date | None = None) -> dict[str, str]:
    """The outcome of each unit."""
    return {finding.unit: finding.outcome for finding in judge(rule, record, as_of)}


def outcome(condition: str, record: dict[str, Any], as_of: date | None = None) -> str:
    """The outcome of the only criterion, where the unit is the record."""
    return outcomes(f"require:\n  it: {condition}", record, as_of)[""]
