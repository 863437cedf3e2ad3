"""Totals: the parts of any split add up to the whole; left-out records are counted to the last."""

from dataclasses import replace
from itertools import pairwise

import pytest
from small_pack import SMALL_PACK

from scr_audit.engine import Engine
from scr_audit.errors import RecordProblem
from scr_audit.packs.load import load_folder
from scr_audit.runs.totals import MOST_REMARKS, LeftOut, Partial, Totals, UnitCounts

ENGINE = Engine(load_folder(SMALL_PACK))
JOBS = [
    {
        "id": f"J{number}",
        "paid": number % 3 == 0,
        "parts": [
            {"name": "x", "worn": number % 2 == 0, "fitted": part % 2 == 0}
            for part in range(number % 4)
        ],
    }
    for number in range(40)
]
DEPOTS = [{"id": f"D{number}", "kind": "depot", "name": "x", "open": True} for number in range(5)]
RECORDS = [*JOBS, *DEPOTS]


def left_out(number: int) -> LeftOut:
    return LeftOut("a.json", f"/{number}", None, (RecordProblem("", "wrong"),))


def part_of(*numbers: int) -> Partial:
    part = Partial(Totals({}))
    for number in numbers:
        part.leave_out(left_out(number))
    return part


@pytest.mark.parametrize("cuts", [(0, 45), (0, 1, 45), (0, 20, 20, 45), tuple(range(46))])
def test_the_parts_of_a_run_add_up_to_the_whole(cuts: tuple[int, ...]) -> None:
    whole = ENGINE.run(RECORDS).totals
    added = Totals.empty(rule.id for rule in ENGINE.pack.rules)
    for start, end in pairwise(cuts):
        added.merge(ENGINE.run(RECORDS[start:end]).totals)
    assert added == whole
    assert whole.read == {"job": 40, "depot": 5}


def test_counts_are_added_by_rule_and_kind() -> None:
    one = Totals({"a": UnitCounts([1, 2, 3, 0, 0, 0], 4, 1, 2)}, {"job": 5}, 5, 1)
    other = Totals(
        {"a": UnitCounts([1, 0, 0, 4, 5, 6], 1, 1, 0), "b": UnitCounts([1] * 6, 1)},
        {"depot": 2},
        2,
        0,
    )
    one.merge(other)
    assert one.rules["a"] == UnitCounts([2, 2, 3, 4, 5, 6], 5, 2, 2)
    assert one.rules["b"] == UnitCounts([1] * 6, 1)
    assert (one.read, one.judged, one.all_met) == ({"job": 5, "depot": 2}, 7, 1)
    assert one.over(["a", "b"]) == UnitCounts([3, 3, 4, 5, 6, 7], 0)
    assert one.over([]) == UnitCounts()


def test_merging_leaves_the_merged_part_as_it_was() -> None:
    one, other = Totals.empty(["a"]), Totals({"a": UnitCounts([1] * 6, 1)})
    one.merge(other)
    one.merge(other)
    assert other.rules["a"] == UnitCounts([1] * 6, 1)


def test_rates_are_over_judged_units_only() -> None:
    rates = UnitCounts([2, 1, 1, 50, 50, 50], 3).rates()
    assert (rates.judged, rates.assured, rates.low, rates.high) == (4, 0.5, 0.5, 0.75)
    assert rates.evidenced == pytest.approx(2 / 3)
    assert UnitCounts([0, 0, 0, 5, 5, 5], 3).rates().assured is None


def test_only_the_first_1000_left_out_are_listed_but_all_are_counted() -> None:
    whole = part_of(*range(600))
    whole.merge(part_of(*range(600, 1200)))
    whole.merge(part_of(1200))
    assert whole.left_out == [left_out(number) for number in range(MOST_REMARKS)]
    assert whole.left_out_count == 1201


def test_a_run_lists_the_first_1000_left_out() -> None:
    run = ENGINE.run({"id": f"a{number}", "wheels": 9} for number in range(1100))
    assert (len(run.left_out), run.left_out_count, run.totals.read) == (1000, 1100, {})
    assert [each.position for each in run.left_out[::999]] == ["/0", "/999"]


def test_an_id_may_stand_once_in_each_kind() -> None:
    records = [
        {"id": "a"},
        {"id": "a", "kind": "depot", "name": "x"},
        {"id": "a", "paid": True},
        {"id": "a", "kind": "depot", "name": "y"},
    ]
    run = ENGINE.run(records)
    assert run.totals.read == {"job": 1, "depot": 1}
    assert [str(each.problems[0]) for each in run.left_out] == [
        f"/id: an earlier {kind} record ((records given by the caller), {place}) has the id 'a' "
        "too; only the first was judged. Keep one of them in this file, or give each an id of its "
        "own"
        for kind, place in (("job", "/0"), ("depot", "/1"))
    ]


def test_a_record_that_is_wrong_does_not_take_its_id() -> None:
    run = ENGINE.run([{"id": "a", "wheels": 9}, {"id": "a"}])
    assert (run.totals.read, run.left_out_count) == ({"job": 1}, 1)


@pytest.mark.parametrize(
    ("outcomes", "judged", "all_met"),
    [
        ([True, True], 1, 1),
        ([True, False], 1, 0),
        ([True, None], 1, 0),
        ([None], 1, 0),
        ([], 0, 0),
    ],
)
def test_a_record_is_all_met_if_every_judged_unit_is(
    outcomes: list[bool | None], judged: int, all_met: int
) -> None:
    parts = [{"name": "x", "worn": True, "recalled": False, "fitted": each} for each in outcomes]
    only = replace(ENGINE.pack, rules=(ENGINE.pack.rule("part-fitted"),))
    totals = Engine(only).run([{"id": "a", "paid": True, "parts": parts}]).totals
    assert (totals.judged, totals.all_met) == (judged, all_met)
