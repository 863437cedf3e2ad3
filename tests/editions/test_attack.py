"""No small count of a public document can be worked out from what it and others print.

A few seeds run always; with SCR_AUDIT_ATTACK_SEEDS=10 the whole attack.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from invented import FLAT, MOODS, OUTCOMES, PACKS, Record, bundle, records
from oracle import PARTS, Attack, Name, Shape, Shown, shown, small_counts

import scr_audit
from scr_audit.editions import public
from scr_audit.editions.public import counts_behind, public_document, published_kinds, rounded
from scr_audit.errors import InputError
from scr_audit.evaluate.finding import Finding
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head

SEEDS = range(int(os.environ.get("SCR_AUDIT_ATTACK_SEEDS", "1")))
SIZES = (12, 19, 20, 24, 26, 60, 300)
CASES = Path(__file__).parents[2] / "examples" / "cases.json"


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("size", SIZES)
def test_no_count_of_1_to_4_is_recovered_from_a_document(
    size: int, mood: str, pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "LEAST_RECORDS", 1)  # not even from those that are refused
    for seed in SEEDS:
        made = bundle(records(size, mood, seed, pack))
        attack = Attack(PACKS[pack], counts_behind)
        attack.read(0, shown(public_document(made)))
        assert attack.recovered(dict(small_counts(0, made))) == []


@pytest.mark.parametrize("counts", [
    [(18, 4, 0)] * 2, [(18, 0, 4)] * 2, [(4, 18, 0)] * 2, [(22, 0, 3), (22, 2, 1), (17, 5, 3)],
    [(24, 0, 0), (17, 3, 0), (17, 2, 1)], [(18, 2, 0)] * 4, [(18, 1, 3)] * 4, [(23, 1, 0)] * 4,
    [(13, 7, 3)] * 4,
])  # fmt: skip
@pytest.mark.parametrize("whole", ["last", "first"])
def test_parts_beside_their_whole_would_tell_so_a_record_is_published_once(
    counts: Sequence[tuple[int, int, int]], whole: str
) -> None:
    parts = [_of_one_rule(*each) for each in counts]
    firsts = [sum(map(len, parts[:at])) for at in range(len(parts))]
    made = [bundle(part, first) for part, first in zip(parts, firsts, strict=True)]
    year = bundle([record for part in parts for record in part])
    attack, true = Attack(FLAT, counts_behind), {}
    for at, each in enumerate((*made, year)):
        attack.read(at, shown(public_document(each)))
        true.update(small_counts(at, each))
    attack.add_up(len(made), range(len(made)))
    assert attack.recovered(true)
    now, earlier = (year, made) if whole == "last" else (made[0], [year])
    with pytest.raises(InputError, match="a record is published once"):
        public_document(now, earlier)


def _of_one_rule(*counts: int) -> list[Record]:
    outcomes = [name for name, count in zip(PARTS, counts, strict=True) for _ in range(count)]
    return [{"rule-00": [name]} for name in outcomes]


def test_nor_from_the_example_cases() -> None:
    pack = scr_audit.load_pack()
    engine = scr_audit.compile_pack(pack)
    with Spool(_outcome) as spool:
        run = engine.run([CASES], as_of=None, on_findings=spool.add)
        made = bundle_document(bundle_head(run), spool)
    kinds = published_kinds(made)
    made["rules"] = [rule for rule in made["rules"] if rule["record"] in kinds]
    attack = Attack({rule["id"]: _shape(rule) for rule in made["rules"]}, counts_behind)
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
        page = Shown(12, {name: _line(counts) for name, counts in totals.items()})
        page = with_sums(page, made, _usual)
        attack = Attack(FLAT, _behind_usual)
        attack.read(0, page)
        broken += attack.recovered(dict(small_counts(0, made)))
    assert len(broken) > 5


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    ("size", "rules", "failed"),
    [(20, 4, (2, 0)), (20, 4, (0, 2)), (20, 2, (8, 4)), (22, 4, (8, 2)), (23, 3, (12, 4)),
     (21, 4, (12, 1)), (28, 4, (8, 3)), (33, 3, (7, 4))],
)  # fmt: skip
def test_nor_where_few_rules_fail_as_often_as_their_rounding_allows(
    size: int, rules: int, failed: tuple[int, int], apart: bool
) -> None:
    """Printed sums over rules would give such counts away, so none are printed."""
    outcomes = ["not_met"] * failed[0] + ["not_evidenced"] * failed[1]
    outcomes += ["met"] * (size - len(outcomes))
    later = sum(failed) * apart  # by how many records the failures of a rule stand after the last's
    made = bundle([
        {f"rule-{rule:02}": [outcomes[(at - rule * later) % size]] for rule in range(rules)}
        for at in range(size)
    ])  # fmt: skip
    page = shown(public_document(made))
    found = []
    for each in (page, with_sums(page, made, rounded)):
        attack = Attack(FLAT, counts_behind)
        attack.read(0, each)
        found.append(attack.recovered(dict(small_counts(0, made))))
    assert found[0] == []
    assert len(found[1]) >= rules


def with_sums(page: Shown, made: dict[str, Any], shown_as: Callable[[int], int | None]) -> Shown:
    """The page with what it does not print: records that met everything, and all rules together."""
    totals = [Counter(rule["totals"]) for rule in made["rules"]]
    all_met = sum(1 for each in made["records"] if _is_all_met(each["totals"]))
    return page._replace(all_met=shown_as(all_met), overall=_line(sum(totals, Counter()), shown_as))


def _line(
    counts: Counter[str], shown_as: Callable[[int], int | None] = _usual
) -> dict[str, int | None]:
    true = {part: counts[part] for part in PARTS}
    sums = (*true.items(), ("judged", sum(true.values())))
    return {name: shown_as(count) for name, count in sums}


def _is_all_met(totals: dict[str, int]) -> bool:
    return bool(totals["met"]) and not totals["not_met"] + totals["not_evidenced"]
