"""A finding that is not evidenced says in which documents to look for what is not recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.remedies.search import _is_in, place_of
from scr_audit.forms.questions import facts_read
from scr_audit.packs.builtin import load_pack, shipped_packs
from scr_audit.packs.load import load_folder

LOOK = [
    ("  job:\n    type: object\n", "    x-look: the job card\n"),
    ("  part:\n    type: object\n", "    x-look: the parts list\n"),
    ("  loan:\n    type: object\n", "    x-look: the loan book\n"),
    ("        x-ask: Was the bicycle safe to ride?\n", "        x-look: the test sheet\n"),
]
ALL = "{all: [safe, paid, loan.agreed]}"
EVERY = "{every: parts as p, that: p.fitted}"
CHECKS = "{every: parts as p, that: {some: p.checks as c, that: c.passed}}"
Found = Callable[[str, dict[str, Any]], Finding]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The finding of a rule with one criterion, where the schema says where to look."""
    schema = pack_files()["records.yaml"]
    for before, look in LOOK:
        schema = schema.replace(before, f"{before}{look}")

    def of(condition: str, record: dict[str, Any]) -> Finding:
        files = {"records.yaml": schema, RULE_FILE: rule_file(f"require: {{it: {condition}}}")}
        engine = Engine(load_folder(write_pack(tmp_path_factory.mktemp("pack"), files)))
        [finding] = engine.evaluate({"id": "a", **record})
        return finding

    return of


@pytest.mark.parametrize(
    ("condition", "record", "where"),
    [
        ("safe", {}, "the test sheet"),
        ("paid", {}, "the job card"),
        ("loan.agreed", {}, "the loan book"),
        (EVERY, {}, "the parts list"),
        (EVERY, {"parts": [{"name": "chain"}]}, "the parts list"),
        (CHECKS, {"parts": [{"name": "chain", "checks": [{}]}]}, "the parts list"),
        (ALL, {"safe": True}, "the job card and the loan book"),
        (ALL, {}, "the test sheet and the job card"),
        # What contradicts itself is looked for first.
        (
            "{all: [paid, {shown: safe, said: loan.agreed}]}",
            {"safe": True, "loan": {"agreed": False}},
            "the test sheet and the loan book",
        ),
        # A day of which only the month is recorded is looked for where it stands.
        ("booked_on before 2026-05-04", {"booked_on": "2026-05"}, "the job card"),
    ],
)
def test_the_nearest_of_fact_group_and_record_says_where(
    found: Found, condition: str, record: dict[str, Any], where: str
) -> None:
    finding = found(condition, record)
    told = f"Look in: {where}."
    assert (finding.outcome, finding.look_in) == ("not_evidenced", told)
    document = finding.to_dict()["remedy"]
    assert document is not None
    assert document["text"] == told


def test_a_document_that_two_places_name_is_told_once(tmp_path: Path) -> None:
    schema = pack_files()["records.yaml"]
    for before, look in LOOK:
        look = look.replace("loan book", "loan book and the till roll")
        look = look.replace("job card", "job card and the loan book")
        schema = schema.replace(before, f"{before}{look}")
    files = {"records.yaml": schema, RULE_FILE: rule_file(f"require: {{it: {ALL}}}")}
    engine = Engine(load_folder(write_pack(tmp_path, files)))
    [finding] = engine.evaluate({"id": "a", "safe": True})
    assert finding.look_in == "Look in: the job card, the loan book and the till roll."


@pytest.mark.parametrize("name", shipped_packs())
def test_of_every_fact_that_a_shipped_rule_reads_it_is_known_where_to_look(name: str) -> None:
    pack = load_pack(name)
    nowhere = {
        f"{rule.kind}.{'.'.join(path)}"
        for rule in pack.rules
        for path in facts_read(rule)
        if not place_of(pack.kinds[rule.kind].type, "/" + "/".join(path))
    }
    assert nowhere == set()


@pytest.mark.parametrize("record", [{"safe": True}, {"safe": False}])
def test_nothing_is_to_be_looked_for_where_a_unit_is_judged(
    found: Found, record: dict[str, Any]
) -> None:
    assert found("safe", record).look_in == ""


def test_where_no_remedy_was_found_the_place_is_told_all_the_same(found: Found) -> None:
    finding = found("{all: [safe, {any: [paid, not: safe]}, {any: [not: paid, not: safe]}]}", {})
    assert finding.remedy is None
    assert finding.to_dict()["remedy"] == {
        "changes": [], "text": "Look in: the test sheet and the job card."
    }  # fmt: skip


@pytest.mark.parametrize(
    ("other", "is_in"),
    [
        ("the depot log, job cards and loan book", True),
        ("the depot log and the job card", True),
        ("the list of what is on the job card", False),
        ("the job card", False),
        ("the depot log and the loan book", False),
    ],
)
def test_a_place_that_another_names_too_is_not_named_twice(other: str, is_in: bool) -> None:
    assert _is_in("the job card", other) is is_in
