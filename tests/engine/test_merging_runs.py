"""Partial runs merged: what the laws do not draw, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from small_pack import SMALL_PACK, pack_files, write_pack

import scr_audit
from scr_audit import Engine, Run
from scr_audit.approvals.approved import ApprovedException, Exceptions
from scr_audit.evaluate.outcomes import Approval
from scr_audit.packs.load import load_folder
from scr_audit.runs.bundle import bundle_head

PACK = load_folder(SMALL_PACK)
ENGINE = Engine(PACK)
DAY = date(2026, 11, 29)
MEMORY = "(records given by the caller)"


def test_records_made_of_others_are_made_of_all_that_were_merged() -> None:
    engine = scr_audit.compile_pack(scr_audit.load_pack("baby-f-2010"))
    actions = [
        {"id": f"a{n}", "kind": "action", "recommendation": paragraph}
        for n, paragraph in enumerate(["5.9.5", "5.9.5", "5.9.9"])
    ]
    wrong = {"id": "b", "kind": "action", "owner_named": "maybe"}
    for records in (actions, [*actions, wrong]):
        whole = engine.run(records, as_of=DAY)
        merged = reduce(Run.merge, [engine.run([record], as_of=DAY) for record in records])
        assert whole.totals.read["recommendation"] == 70
        assert merged.totals == whole.totals
        assert bundle_head(merged)["input"] == bundle_head(whole)["input"]


def test_what_exceptions_met_is_added_up() -> None:
    approval = Approval("why", "head", date(2026, 1, 1), date(2026, 12, 31))
    names = [("part-fitted", "J1"), ("part-fitted", "J2")]
    entries = tuple(ApprovedException(rule, "job", id, None, approval) for rule, id in names)
    engine = Engine(PACK, Exceptions("e.yaml", "0" * 64, entries))
    jobs = [
        {"id": f"J{n}", "parts": [{"name": "x", "worn": True, "fitted": False}]} for n in (1, 2)
    ]
    merged = reduce(Run.merge, [engine.run([job], as_of=DAY) for job in jobs])
    whole = engine.run(jobs, as_of=DAY)
    assert bundle_head(merged) == bundle_head(whole)
    assert [entry["units"] for entry in bundle_head(whole)["exceptions"]["entries"]] == [1, 1]


def test_neither_run_is_changed() -> None:
    first, second = ENGINE.run([{"id": "a"}, {"id": 5}]), ENGINE.run([{"id": "A"}])
    before = bundle_head(first), bundle_head(second)
    merged = first.merge(second)
    assert (bundle_head(first), bundle_head(second)) == before
    assert (merged.remark_count, merged.left_out_count) == (1, 1)


def test_of_what_is_listed_the_first_thousand_are_kept() -> None:
    wrong: Sequence[Mapping[str, Any]] = [{"id": n} for n in range(700)]
    merged = ENGINE.run(wrong).merge(ENGINE.run(wrong))
    assert (merged.left_out_count, len(merged.left_out)) == (1400, 1000)


def refused(first: Run, second: Run) -> str:
    with pytest.raises(scr_audit.InputError, match=r"^the runs cannot be merged: ") as told:
        first.merge(second)
    return str(told.value).removeprefix("the runs cannot be merged: ")


def test_runs_that_were_judged_in_different_ways_are_refused(tmp_path: Path) -> None:
    run = ENGINE.run([{"id": "a"}], as_of=DAY)
    text = pack_files()
    edited = write_pack(tmp_path / "edited", {"pack.yaml": text["pack.yaml"] + "# edited\n"})
    assert refused(run, Engine(load_folder(edited)).run([], as_of=DAY)) == (
        f"one is of the pack {PACK.id} {PACK.version}, the other of {PACK.id} {PACK.version}, "
        "and their files are not the same"
    )
    settings = tmp_path / "local.yaml"
    name = next(iter(PACK.parameters))
    settings.write_text(f"parameters: {{{name}: [{{value: 77}}]}}", encoding="utf-8")
    local = Engine(load_folder(SMALL_PACK, settings=settings))
    assert refused(run, local.run([], as_of=DAY)) == (
        "the parameters of their packs have different values"
    )
    fewer = Engine(replace(PACK, rules=PACK.rules[:1]))
    assert refused(run, fewer.run([], as_of=DAY)) == (
        "they were judged by different rules, or by different plans, periods or samples"
    )
    assert refused(run, ENGINE.run([])) == "one is for 2026-11-29, the other for no day"
    approved = Engine(PACK, Exceptions("e.yaml", "0" * 64, ()))
    assert refused(run, approved.run([], as_of=DAY)) == "they have different exceptions"


def test_runs_that_have_a_record_with_the_same_id_are_refused() -> None:
    first, second = ENGINE.run([{"id": "a"}, {"id": "b"}]), ENGINE.run([{"id": "c"}, {"id": "b"}])
    assert refused(first, second) == (
        f"both have the job record 'b' ({MEMORY}, /1 and {MEMORY}, /1); one run over all records "
        "would leave the second one out"
    )
    depot = ENGINE.run(
        [{"id": "b", "kind": "depot", "name": "x"}]
    )  # another kind, so another record
    assert first.merge(depot).totals.read == {"job": 2, "depot": 1}


def test_a_pack_loaded_twice_is_the_same_pack(tmp_path: Path) -> None:
    copy = Engine(load_folder(write_pack(tmp_path, {})))
    assert ENGINE.run([{"id": "a"}]).merge(copy.run([{"id": "b"}])).totals.read == {"job": 2}
