"""No small count of a public document can be worked out from what it and others print.

A few seeds run always; with SCR_AUDIT_ATTACK_SEEDS=10 the whole attack.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from invented import FLAT, MOODS, OUTCOMES, PACKS, Record, bundle, records
from oracle import PARTS, Attack, Name, Shape, Shown, shown, small_counts, unpublished

import scr_audit
from scr_audit.documents.editions import PublicDocument
from scr_audit.editions.overlap import laid_over
from scr_audit.editions.public import public_document, published_kinds, unchecked_document
from scr_audit.editions.ranges import counts_behind, rounded
from scr_audit.evaluate.finding import Finding
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head

SEEDS = range(int(os.environ.get("SCR_AUDIT_ATTACK_SEEDS", "1")))
PART = 100  # the first number of a part among the documents of an attack
ORDERS = {
    "two halves and the year": [(0,), (1,), (0, 1)],
    "three thirds and the year": [(0,), (1,), (2,), (0, 1, 2)],
    "four quarters and the year": [(0,), (1,), (2,), (3,), (0, 1, 2, 3)],
    "quarters, halves and the year": [(0,), (1,), (0, 1), (2,), (3,), (2, 3), (0, 1, 2, 3)],
    "a quarter and the year": [(0,), (0, 1, 2, 3)],
    "the year and a half": [(0, 1), (0,)],
    "the year and its halves": [(0, 1), (0,), (1,)],
    "the year among its quarters": [(0,), (0, 1, 2, 3), (1,), (2,), (3,)],
    "years that overlap and their quarters": [(0, 1, 2), (0,), (1, 2, 3), (3,)],
}
"""Which parts each publication holds, in the order in which they are published."""
SIZES = (12, 19, 20, 24, 26, 60, 300)
CASES = Path(__file__).parents[2] / "examples" / "cases.json"


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("size", SIZES)
def test_no_count_of_1_to_4_is_recovered_from_a_document(size: int, mood: str, pack: str) -> None:
    for seed in SEEDS:
        made = bundle(records(size, mood, seed, pack))
        attack = Attack(PACKS[pack], counts_behind)
        kinds = {"case": size}
        attack.read(0, shown(unchecked_document(made, (), kinds, laid_over([made], [kinds]))))
        assert attack.recovered(dict(small_counts(0, made))) == []


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("order", ORDERS)
def test_nor_from_publications_that_share_records(order: str, mood: str) -> None:
    for seed in SEEDS:
        random = Random(f"{order} {mood} {seed}")  # noqa: S311 - invented data, repeatable
        for pack in PACKS:
            sizes = random.choice(([random.randint(20, 30)] * 4, random.choices(range(20, 31), k=4),
                                   [60] * 4))  # fmt: skip
            parts = [records(size, mood, seed * 4 + at, pack) for at, size in enumerate(sizes)]
            assert recovered(parts, ORDERS[order], PACKS[pack]) == []


def recovered(
    parts: Sequence[Sequence[Record]],
    order: Sequence[Sequence[int]],
    shapes: Mapping[str, Shape],
    publish: Callable[..., PublicDocument] = public_document,
) -> list[Name]:
    """The small counts of any publication, or any part, that the publications tell together."""
    rules = list(parts[0][0])
    attack, true, made = Attack(shapes, counts_behind), {}, []
    for at in sorted({part for each in order for part in each}):
        attack.read(PART + at, unpublished(len(parts[at]), rules))
        true.update(small_counts(PART + at, bundle(parts[at])))
    for at, each in enumerate(order):
        first = sum(map(len, parts[: each[0]]))
        made.append(bundle([record for part in each for record in parts[part]], first))
        attack.read(at, shown(publish(made[-1], made[:-1])))
        attack.add_up(at, [PART + part for part in each])
        true.update(small_counts(at, made[-1]))
    return attack.recovered(true)


@pytest.mark.parametrize("counts", [
    [(18, 4, 0)] * 2, [(18, 0, 4)] * 2, [(4, 18, 0)] * 2, [(22, 0, 3), (22, 2, 1), (17, 5, 3)],
    [(24, 0, 0), (17, 3, 0), (17, 2, 1)], [(18, 2, 0)] * 4, [(18, 1, 3)] * 4, [(23, 1, 0)] * 4,
    [(13, 7, 3)] * 4,
])  # fmt: skip
@pytest.mark.parametrize("whole", ["last", "first", "second"])
def test_nor_where_the_parts_fail_as_often_as_their_rounding_allows(
    counts: Sequence[tuple[int, int, int]], whole: str
) -> None:
    parts = [_of_one_rule(*each) for each in counts]
    order: list[Sequence[int]] = [(at,) for at in range(len(parts))]
    order.insert({"last": len(parts), "first": 0, "second": 1}[whole], range(len(parts)))
    assert recovered(parts, order, FLAT) == []
    assert recovered(parts, order, FLAT, _rounded_alone)


def _of_one_rule(*counts: int) -> list[Record]:
    outcomes = [name for name, count in zip(PARTS, counts, strict=True) for _ in range(count)]
    return [{"rule-00": [name]} for name in outcomes]


def _rounded_alone(made: dict[str, Any], earlier: Sequence[dict[str, Any]]) -> PublicDocument:
    """As it would be published if nothing had been published before."""
    del earlier
    return public_document(made)


def test_nor_from_a_part_beside_a_whole_of_which_the_rest_is_not_published() -> None:
    parts = [_of_one_rule(22, 1, 0), _of_one_rule(21, 0, 0)]
    order: Sequence[Sequence[int]]
    for order in ([(0,), (0, 1)], [(0, 1), (0,)]):
        assert recovered(parts, order, FLAT) == []
        assert recovered(parts, order, FLAT, _rounded_alone)


def test_nor_from_the_example_cases() -> None:
    pack = scr_audit.load_pack()
    engine = scr_audit.compile_pack(pack)
    with Spool(engine.pack, _outcome) as spool:
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
