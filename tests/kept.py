"""Run bundles for the tests of the history, wholly invented."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from scr_audit.store.history import Detail, NewRun
from scr_audit.values.period import parse_period

OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
Finding = tuple[str, str, str, str]
"""Rule, record, unit, outcome."""


def head(
    findings: Sequence[Finding],
    *,
    as_of: str | None = "2026-03-31",
    meanings: dict[str, str] | None = None,
    pack: str = "workshop",
    plan: str | None = None,
) -> dict[str, Any]:
    """The head of a bundle with these findings; `meanings` of rules are their ids if not given."""
    rules = sorted({rule for rule, *_ in findings})
    return {
        "format": "scr-audit/run",
        "format_version": 2,
        "engine": {"name": "scr-audit", "version": "0.1.0"},
        "pack": {
            "id": pack, "version": "1.0.0", "title": "A workshop", "sha256": "0" * 64,
            "licence": "MIT", "source": {"title": "Invented"}, "kinds": {"job": "jobs"},
        },
        "plan": None if plan is None else {
            "id": plan, "title": plan, "question": "?", "selection": None, "sha256": "2" * 64,
        },
        "as_of": as_of,
        "input": {"files": [], "records": {
            "read": 1, "judged": len({record for _, record, *_ in findings}), "left_out": 0,
            "by_kind": {},
        }},
        "parameters": [],
        "left_out": [],
        "anonymity": None,
        "compared": None,
        "totals": {"units": _units(findings), "rates": _RATES,
                   "records": {"judged": 1, "all_met": 0}},
        "recommendations": [],
        "rules": [_rule(rule, findings, (meanings or {}).get(rule, rule)) for rule in rules],
    }  # fmt: skip


_RATES = {
    "judged": 0, "assured": None, "evidenced": None, "low": None, "high": None, "interval": None,
}  # fmt: skip


def _rule(rule: str, findings: Sequence[Finding], meaning: str) -> dict[str, Any]:
    own = [finding for finding in findings if finding[0] == rule]
    judged: dict[str, set[str]] = {}
    for _, record, _, outcome in own:
        if outcome in OUTCOMES[:3]:
            judged.setdefault(record, set()).add(outcome)
    return {
        "id": rule, "recommendation": "1.1", "see": [], "title": f"Rule {rule}", "record": "job",
        "severity": "low", "unit": "part", "unit_plural": "parts", "advice": None, "criteria": [],
        "location": "rules/1.yaml:1", "meaning": meaning,
        "totals": {
            **_units(own), "records": len(judged),
            "records_met": sum(found == {"met"} for found in judged.values()),
            "records_not_met": sum("not_met" in found for found in judged.values()),
        }, "rates": _RATES, "standard": None,
    }  # fmt: skip


def _units(findings: Sequence[Finding]) -> dict[str, int]:
    return {name: sum(outcome == name for *_, outcome in findings) for name in OUTCOMES}


def documents(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The findings as a bundle holds them, with a fact each."""
    fact = {"pointer": "/safe", "value": "secret", "question": "Safe?"}
    return [
        {
            "rule": rule, "record": record, "unit": unit, "key": key_of(unit), "key_named": True,
            "outcome": outcome, "criteria": {}, "exception": None, "facts": [fact], "missing": [],
            "reason": "secret reason", "remedy": None, "late": [],
        }
        for rule, record, unit, outcome in findings
    ]  # fmt: skip


def key_of(unit: str) -> list[dict[str, Any]]:
    """A key for the unit at a pointer: of the thing that stands there, in an order of its own."""
    return [{"name": f"thing {step}"} for step in unit.split("/") if step.isdigit()]


def new_run(
    name: str,
    findings: Sequence[Finding],
    *,
    detail: Detail = "findings",
    period: str | None = None,
    **more: Any,
) -> NewRun:
    """A run to add to a store; another name, another id."""
    return NewRun(
        id=hashlib.sha256(name.encode()).hexdigest(),
        head=head(findings, **more),
        findings=documents(findings),
        detail=detail,
        period=None if period is None else parse_period(period),
    )
