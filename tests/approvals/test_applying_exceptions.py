"""What an approved exception does to findings and totals, and what it never does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from exception_files import entry, exceptions, exceptions_file
from hypothesis import given
from hypothesis import strategies as st
from small_pack import RULE_FILE, SMALL_PACK, rule_file, write_pack

from scr_audit import Engine, Finding, InputError
from scr_audit.approvals.approved import ApprovedException, Exceptions
from scr_audit.approvals.exceptions_file import load_exceptions
from scr_audit.evaluate.outcomes import EXCEPTED, NOT_MET, Approval
from scr_audit.language.unit_key import key_text
from scr_audit.packs.load import load_folder
from scr_audit.runs.bundle import exceptions_document

PACK = load_folder(SMALL_PACK)
DAY = date(2026, 1, 15)
NOT_FITTED = {"name": "bell", "worn": True, "fitted": False, "recalled": False}
FITTED = {**NOT_FITTED, "fitted": True}
FORK = {**NOT_FITTED, "name": "fork"}
JOB = {"id": "J1", "paid": True, "parts": [NOT_FITTED, {**FITTED, "name": "lamp"}, FORK]}


def fitted(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == "part-fitted"]


def test_a_unit_that_is_not_met_is_excepted_and_keeps_all_that_was_found(tmp_path: Path) -> None:
    [plain, _, other] = fitted(Engine(PACK).evaluate(JOB, as_of=DAY))
    engine = Engine(PACK, exceptions(tmp_path, entry()))
    [found, met, same] = fitted(engine.evaluate(JOB, as_of=DAY))
    assert (found.outcome, found.original_outcome) == ("excepted", "not_met")
    assert found.excepted_by == Approval(
        "the part is out of stock", "workshop lead", date(2026, 1, 1), date(2026, 1, 31)
    )
    kept = ("criteria", "failed", "facts", "missing", "reason", "remedy", "unit")
    assert [getattr(found, name) for name in kept] == [getattr(plain, name) for name in kept]
    assert (met.outcome, met.excepted_by) == ("met", None)
    assert (same.outcome, same.excepted_by) == (other.outcome, None) == ("not_met", None)


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        (date(2025, 12, 31), "not_met"),
        (date(2026, 1, 1), "excepted"),
        (date(2026, 1, 31), "excepted"),
        (date(2026, 2, 1), "not_met"),
    ],
)
def test_its_first_and_last_day_are_in_force(tmp_path: Path, day: date, outcome: str) -> None:
    engine = Engine(PACK, exceptions(tmp_path, entry()))
    assert fitted(engine.evaluate(JOB, as_of=day))[0].outcome == outcome


@pytest.mark.parametrize(
    ("changed", "state", "units"),
    [
        ({}, "applied", 1),
        ({"unit": None}, "applied", 2),
        ({"until": "2026-01-14"}, "expired", 0),
        ({"from": "2026-01-16"}, "not_yet", 0),
        ({"record": "J9"}, "record_not_judged", 0),
        ({"unit": {"name": "horn"}}, "unit_not_found", 0),
        ({"unit": {"name": "bell", "worn": False}}, "unit_not_found", 0),
        ({"unit": []}, "unit_not_found", 0),
        ({"unit": {"worn": True}}, "several_units", 0),
        ({"unit": {"fitted": True}}, "nothing_to_except", 0),
        ({"unit": {"fitted": False, "name": "fork"}}, "applied", 1),
        ({"rule": "part-checked", "unit": None}, "nothing_to_except", 0),
    ],
)
def test_the_run_tells_what_each_entry_did(
    tmp_path: Path, changed: dict[str, Any], state: str, units: int
) -> None:
    run = Engine(PACK, exceptions(tmp_path, entry(**changed))).run([JOB], as_of=DAY)
    [told] = exceptions_document(run)["entries"]
    assert (told["state"], told["units"]) == (state, units)
    assert run.totals.rules["part-fitted"].named()["excepted"] == units


def test_without_a_day_nothing_is_judged(tmp_path: Path) -> None:
    engine = Engine(PACK, exceptions(tmp_path, entry()))
    message = (
        "exceptions are in force from a day until a day, and this run is for no day; give as_of"
    )
    for judge in (lambda: engine.run([JOB]), lambda: engine.evaluate(JOB)):
        with pytest.raises(InputError) as caught:
            judge()
        assert str(caught.value) == message


def test_an_exception_stays_with_its_unit_when_another_takes_its_place(tmp_path: Path) -> None:
    engine = Engine(PACK, exceptions(tmp_path, entry()))
    moved = {**JOB, "parts": [FORK, NOT_FITTED]}
    assert [each.outcome for each in fitted(engine.evaluate(moved, as_of=DAY))] == [
        "not_met", "excepted"
    ]  # fmt: skip
    doubled = {**JOB, "parts": [NOT_FITTED, NOT_FITTED]}
    assert {each.outcome for each in fitted(engine.evaluate(doubled, as_of=DAY))} == {"not_met"}


CHECKED = {"passed": True, "on": "2026-01-20"}  # too late


@pytest.mark.parametrize(
    ("unit", "outcomes"),
    [
        ([{"name": "bell"}, {"on": "2026-01-20"}], ["excepted", "not_met"]),
        ([{"fitted_on": "2026-01"}, {"passed": True}], ["not_met", "excepted"]),
        ([{"name": "bell"}], ["not_met", "not_met"]),
    ],
)
def test_a_unit_in_a_list_of_lists_is_named_by_a_mapping_for_each(
    tmp_path: Path, unit: list[dict[str, Any]], outcomes: list[str]
) -> None:
    rule = """\
        for_each: [parts as part, part.checks as check]
        require: {it: check.on before 2026-01-10}
        if_none: not_met
    """
    write_pack(tmp_path, {RULE_FILE: rule_file(rule)})
    pack = load_folder(tmp_path)
    path = exceptions_file(tmp_path, entry(rule="one", unit=unit))
    engine = Engine(pack, load_exceptions(path, pack))
    parts = [
        {"name": "bell", "fitted_on": "2026-01-01", "checks": [CHECKED]},
        {"name": "fork", "fitted_on": "2026-01", "checks": [CHECKED]},
    ]
    found = engine.evaluate({"id": "J1", "parts": parts}, as_of=DAY)
    assert [each.outcome for each in found] == outcomes


def part() -> st.SearchStrategy[dict[str, Any]]:
    answers = {name: st.sampled_from([True, False, None]) for name in ("worn", "fitted")}
    return st.fixed_dictionaries({"name": st.sampled_from(["bell", "fork"]), **answers})


@given(st.lists(part(), max_size=4), part(), st.randoms())
def test_no_order_of_the_items_changes_which_of_them_are_excepted(
    parts: list[dict[str, Any]], named: dict[str, Any], random: Any
) -> None:
    facts = {name: value for name, value in named.items() if value is not None}
    approved = ApprovedException("part-fitted", "job", "J1", [facts], Approval("", "", DAY, DAY))
    engine = Engine(PACK, Exceptions("e.yaml", "0", (approved,)))

    def told(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
        found = engine.evaluate({**JOB, "parts": items}, as_of=DAY)
        return sorted((key_text(each.key), each.outcome) for each in fitted(found))

    before = told(parts)
    assert told(random.sample(parts, len(parts))) == before
    assert sum(outcome == "excepted" for _, outcome in before) <= 1


@given(
    st.lists(st.lists(part(), max_size=3), max_size=4),
    st.lists(st.tuples(st.integers(0, 5), part()), max_size=4),
)
def test_only_units_not_met_move_and_totals_are_the_same_with_and_without_findings(
    jobs: list[list[dict[str, Any]]], named: list[tuple[int, dict[str, Any]]]
) -> None:
    records = [{"id": f"J{n}", "paid": True, "parts": parts} for n, parts in enumerate(jobs)]
    entries = tuple(
        ApprovedException(
            "part-fitted", "job", f"J{job}", [facts], Approval("why", "lead", DAY, DAY)
        )
        for job, unit in named
        if (facts := {name: value for name, value in unit.items() if value is not None})
    )
    engine = Engine(PACK, Exceptions("e.yaml", "0", entries))
    plain, totals = Engine(PACK).run(records, as_of=DAY), engine.run(records, as_of=DAY)
    found: list[Finding] = []
    with_findings = engine.run(records, as_of=DAY, on_findings=found.extend)
    assert with_findings.totals == totals.totals
    moved = sum(finding.excepted_by is not None for finding in found)
    before, after = (run.totals.rules["part-fitted"].units for run in (plain, totals))
    expected = list(before)
    expected[NOT_MET] -= moved
    expected[EXCEPTED] += moved
    assert after == expected
    assert moved == sum(told["units"] for told in exceptions_document(totals)["entries"])
