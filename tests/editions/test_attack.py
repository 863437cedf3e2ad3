"""No small count of a public document can be worked out from what it and others print.

A few seeds run always; with SCR_AUDIT_ATTACK_SEEDS=10 the whole attack.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from invented import FLAT, MOODS, OUTCOMES, PACKS, bundle, records
from oracle import PARTS, Attack, Name, Shape, Shown, shown, small_counts

import scr_audit
from scr_audit.editions.public import behind, public_document, published_kinds, unchecked_document
from scr_audit.evaluate.finding import Finding
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head

SEEDS = range(int(os.environ.get("SCR_AUDIT_ATTACK_SEEDS", "1")))
SIZES = (12, 19, 20, 24, 26, 60, 300)
CASES = Path(__file__).parents[2] / "examples" / "cases.json"


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("size", SIZES)
def test_no_count_of_1_to_4_is_recovered_from_a_document(size: int, mood: str, pack: str) -> None:
    for seed in SEEDS:
        made = bundle(records(size, mood, seed, pack))
        attack = Attack(PACKS[pack], behind)
        attack.read(0, shown(unchecked_document(made, (), {"case": size})))
        assert attack.recovered(dict(small_counts(0, made))) == []


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("size", [20, 24, 60])
def test_nor_from_four_quarters_beside_their_year(size: int, mood: str, pack: str) -> None:
    for seed in SEEDS:
        parts = [records(size, mood, seed * 4 + quarter, pack) for quarter in range(4)]
        quarters = [bundle(part, at * size) for at, part in enumerate(parts)]
        year = bundle([record for part in parts for record in part])
        attack = Attack(PACKS[pack], behind)
        for at, quarter in enumerate(quarters):
            attack.read(at, shown(public_document(quarter, quarters[:at])))
        attack.read(4, shown(public_document(year, quarters)))
        attack.add_up(4, range(4))
        true = {
            name: count
            for at, made in enumerate((*quarters, year))
            for name, count in small_counts(at, made)
        }
        assert attack.recovered(true) == []


def test_nor_from_the_example_cases() -> None:
    pack = scr_audit.load_pack()
    engine = scr_audit.compile_pack(pack)
    with Spool(engine.pack, _outcome) as spool:
        run = engine.run([CASES], as_of=None, on_findings=spool.add)
        made = bundle_document(bundle_head(run), spool)
    kinds = published_kinds(made)
    made["rules"] = [rule for rule in made["rules"] if rule["record"] in kinds]
    attack = Attack({rule["id"]: _shape(rule) for rule in made["rules"]}, behind)
    attack.read(0, shown(public_document(made)))
    true = dict(small_counts(0, made))
    assert len(true) > 50
    assert attack.recovered(true) == []


def _outcome(finding: Finding) -> dict[str, Any]:
    return {"rule": finding.rule, "record": finding.record, "outcome": finding.outcome}


def _shape(rule: dict[str, Any]) -> Shape:
    """More than the rule files tell: which rules have equally many units, and judge all of them."""
    counts = rule["totals"]
    units = sum(counts[name] for name in OUTCOMES)
    of_record = rule["unit"] == rule["record"]
    judged = sum(counts[name] for name in PARTS)
    return Shape("" if of_record else f"{rule['unit']} {units}", whole=judged == units)


def _usual(count: int) -> int | None:
    """As large publishers of hospital statistics print counts: none shown, 1 to 7 replaced."""
    return None if 1 <= count <= 7 else (count + 2) // 5 * 5


def _behind_usual(printed: int | None) -> range:
    if printed is None:
        return range(1, 8)
    return range(1) if printed == 0 else range(max(8, printed - 2), printed + 3)


def test_the_attack_still_breaks_the_method_that_shows_zeros() -> None:
    broken: list[Name] = []
    for seed in range(10):
        made = bundle(records(12, "nearly all met", seed, "flat"))
        totals = {rule["id"]: Counter(rule["totals"]) for rule in made["rules"]}
        page = Shown(
            12,
            _usual(sum(1 for each in made["records"] if _is_all_met(each["totals"]))),
            _line(sum(totals.values(), Counter())),
            {name: _line(counts) for name, counts in totals.items()},
        )
        attack = Attack(FLAT, _behind_usual)
        attack.read(0, page)
        broken += attack.recovered(dict(small_counts(0, made)))
    assert len(broken) > 5


def _line(counts: Counter[str]) -> dict[str, int | None]:
    true = {part: counts[part] for part in PARTS}
    return {name: _usual(count) for name, count in (*true.items(), ("judged", sum(true.values())))}


def _is_all_met(totals: dict[str, int]) -> bool:
    return bool(totals["met"]) and not totals["not_met"] + totals["not_evidenced"]
