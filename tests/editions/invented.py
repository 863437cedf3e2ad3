"""Run bundles of invented audits: of any number of records, mostly met, mostly not, or mixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from oracle import Shape

OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
SHAPES = {
    "a-record": Shape("", whole=True),
    "b-record": Shape("", whole=True),
    "c-record-if": Shape("", whole=False),
    "d-record-if": Shape("", whole=False),
    "e-visit": Shape("visits", whole=True),
    "f-visit": Shape("visits", whole=True),
    "g-visit-if": Shape("visits", whole=False),
    "h-plan": Shape("plans", whole=True),
    "i-plan-if": Shape("plans", whole=False),
}
FLAT = {f"rule-{number:02}": Shape("", whole=True) for number in range(12)}
"""Judging every record by every rule binds the numbers most tightly."""
PACKS = {"with lists": SHAPES, "flat": FLAT}
MOODS = {
    "nearly all met": (97, 2, 1),
    "mostly met": (90, 6, 4),
    "mostly not met": (12, 70, 18),
    "mixed": (50, 30, 20),
}
Record = Mapping[str, Sequence[str]]  # rule → the outcomes of its units


def records(number: int, mood: str, seed: int, pack: str = "with lists") -> list[Record]:
    """Records with their outcomes."""
    random = Random(f"{number} {mood} {seed} {pack}")  # noqa: S311 - invented data, repeatable
    return [_record(random, MOODS[mood], PACKS[pack]) for _ in range(number)]


def _record(random: Random, weights: Sequence[int], shapes: Mapping[str, Shape]) -> Record:
    units = {"": 1, "visits": random.choice((0, 1, 1, 2, 3)), "plans": random.choice((0, 0, 1))}
    found = {}
    for name, shape in shapes.items():
        judged = random.choices(OUTCOMES[:3], weights, k=units[shape.units])
        found[name] = [
            each if shape.whole or random.random() < 0.4 else "not_applicable" for each in judged
        ]
    return found


def bundle(found: Sequence[Record], first: int = 0, **more: Any) -> dict[str, Any]:
    """The bundle of such records, which are numbered from `first` on."""
    rules = list(found[0])
    ids = [f"R{first + at}" for at in range(len(found))]
    counts = {name: Counter(each for record in found for each in record[name]) for name in rules}
    return {
        "format": "scr-audit/run",
        "engine": {"name": "scr-audit", "version": "0.1.0"},
        "pack": {"id": "invented", "version": "1", "title": "Invented",
                 "kinds": {"case": "cases"}},
        "plan": None,
        "as_of": "2026-11-24",
        "anonymity": None,
        "input": {"files": [], "records": {"judged": len(found)}},
        "parameters": [],
        "rules": [
            {"id": name, "title": f"Rule {name}", "recommendation": "1", "record": "case",
             "unit": SHAPES[name].units.removesuffix("s") if name in SHAPES else "",
             "unit_plural": SHAPES[name].units if name in SHAPES else "", "standard": None,
             "meaning": name, "totals": {each: counts[name][each] for each in OUTCOMES}}
            for name in rules
        ],
        "records": [
            {"id": name, "kind": "case", "totals": _totals(record)}
            for name, record in zip(ids, found, strict=True)
        ],
        "findings": [
            {"rule": rule, "record": name, "outcome": each}
            for name, record in zip(ids, found, strict=True)
            for rule, outcomes in record.items()
            for each in outcomes
        ],
        **more,
    }  # fmt: skip


def _totals(record: Record) -> dict[str, int]:
    found = Counter(each for outcomes in record.values() for each in outcomes)
    return {each: found[each] for each in OUTCOMES}
