"""Small run bundles, wholly invented, whose counts the tests choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
JUDGED = OUTCOMES[:3]
Row = tuple[str, str, str]
"""A recommendation: its id, agency and theme."""


@dataclass(frozen=True)
class Counted:
    """A rule and its counts; `whole`: its unit is the record. `records` 0: all that are judged."""

    id: str
    recommendation: str
    met: int = 0
    not_met: int = 0
    not_evidenced: int = 0
    not_applicable: int = 0
    excepted: int = 0
    error: int = 0
    records: int = 0
    whole: bool = False
    kind: str = "case"

    @property
    def judged(self) -> int:
        return self.met + self.not_met + self.not_evidenced

    def totals(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in OUTCOMES}


@dataclass(frozen=True)
class Case:
    """What a bundle is made of. `judged` and `all_met` count records with a judged unit."""

    rules: Sequence[Counted]
    recommendations: Sequence[Row]
    kinds: Mapping[str, int] = field(default_factory=lambda: {"case": 20})
    left_out: int = 0
    judged: int | None = None
    all_met: int | None = None


def bundle(case: Case, as_of: str = "2026-03-31") -> dict[str, Any]:
    """The run bundle with these counts, which fits the published schema of run bundles."""
    records = sum(case.kinds.values())
    units = [rule.totals() for rule in case.rules]
    judged = min(records, sum(r.judged for r in case.rules)) if case.judged is None else case.judged
    failing = sum(rule.not_met + rule.not_evidenced for rule in case.rules)
    all_met = max(0, judged - failing) if case.all_met is None else case.all_met
    return {
        "format": "scr-audit/run",
        "format_version": 2,
        "engine": {"name": "scr-audit", "version": "0.1.0"},
        "pack": {
            "id": "invented", "version": "1.0.0", "title": "Invented", "sha256": "0" * 64,
            "licence": "MIT", "source": {"title": "Invented"},
            "kinds": {"case": "cases", "agency": "agencies"},
        },
        "plan": None,
        "as_of": as_of,
        "input": {
            "files": [{"name": "secret-cases.json", "sha256": "1" * 64}],
            "records": {"read": records + case.left_out, "judged": records,
                        "left_out": case.left_out, "by_kind": dict(case.kinds)},
        },
        "parameters": [],
        "left_out": [],
        "compared": None,
        "totals": {"units": _sum(units), "rates": _rates(_sum(units)),
                   "records": {"judged": judged, "all_met": all_met}},
        "recommendations": [_recommendation(row, case.rules) for row in case.recommendations],
        "rules": [_rule(rule) for rule in case.rules],
        "records": [{"id": "secret-record", "kind": "case", "totals": _sum([])}],
        "findings": [],
    }  # fmt: skip


def _recommendation(row: Row, rules: Sequence[Counted]) -> dict[str, Any]:
    mine = [rule for rule in rules if rule.recommendation == row[0]]
    totals = _sum([rule.totals() for rule in mine])
    return {"id": row[0], "title": "Invented", "agency": row[1], "theme": row[2],
            "rules": [rule.id for rule in mine], "totals": totals,
            "rates": _rates(totals)}  # fmt: skip


def _rule(rule: Counted) -> dict[str, Any]:
    unit, units = (rule.kind, f"{rule.kind}s") if rule.whole else ("visit", "visits")
    return {"id": rule.id, "recommendation": rule.recommendation, "see": [], "title": "Invented",
            "record": rule.kind, "severity": "high", "unit": unit, "unit_plural": units,
            "advice": None, "criteria": ["recorded"], "location": "rules/invented.yaml:1",
            "standard": None,
            "totals": {**rule.totals(), "records": rule.records or rule.judged},
            "rates": _rates(rule.totals())}  # fmt: skip


def _sum(units: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return {name: sum(each[name] for each in units) for name in OUTCOMES}


def _rates(totals: Mapping[str, int]) -> dict[str, Any]:
    judged = sum(totals[name] for name in JUDGED)
    nothing = dict.fromkeys(("assured", "evidenced", "low", "high", "interval"))
    return {"judged": judged, **nothing}
