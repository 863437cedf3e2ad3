"""A finding that is not met tells the smallest change of facts that would have made it met."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from judging import judge
from small_pack import RULE_FILE, rule_file, write_pack

from scr_audit import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.lateness import Late
from scr_audit.language.operators import OPERATORS, Operator
from scr_audit.language.types import Kind
from scr_audit.packs.load import load_folder


def finding_of(condition: str, record: dict[str, Any], as_of: date | None = None) -> Finding:
    [finding] = judge(f"require:\n  it: {condition}", record, as_of)
    return finding


def not_met(condition: str, record: dict[str, Any]) -> Finding:
    """The finding where something else was not done, so that what is open is looked at too."""
    rule = f"require:\n  it: {condition}\n  else: loan.agreed"
    [finding] = judge(rule, {**record, "loan": {"agreed": False}})
    return finding


def changed(condition: str, record: dict[str, Any]) -> dict[str, Any] | None:
    """What the remedy changes, but for what else was not done."""
    remedy = not_met(condition, record).remedy
    if remedy is None:
        return None
    return {each.pointer: each.then for each in remedy.changes if each.pointer != "/loan/agreed"}


def parts(*fitted: bool | None) -> dict[str, Any]:
    return {"parts": [{"name": "chain", "fitted": each} for each in fitted]}


SOME = "{some: parts as p, that: p.fitted}"
NONE = "{none: parts as p, that: p.fitted}"
IN_TIME = "returned_on within 10 working days after booked_on"
BOOKED = {"booked_on": "2026-04-02"}
DAY = "2026-04-20"
LINES = [
    ("safe", {}, {"/safe": True}),
    ("safe", {"safe": False}, {"/safe": True}),
    ("not safe", {"safe": True}, {"/safe": False}),
    ("safe is recorded", {}, {"/safe": True}),
    ("safe is not recorded", {"safe": True}, {"/safe": None}),
    ("model is city", {"model": "cargo"}, {"/model": "city"}),
    ("model is one of city, racing", {}, {"/model": "city"}),
    ("wheels at least 3", {"wheels": 2}, {"/wheels": 3}),
    ("wheels at least 3", {}, {"/wheels": 3}),
    ("customer is 'Cy'", {}, {"/customer": "Cy"}),
    ("tools includes pump", {"tools": ["welder"]}, {"/tools": ["welder", "pump"]}),
    ("tools does not include pump", {"tools": ["pump", "welder"]}, {"/tools": ["welder"]}),
    (IN_TIME, {**BOOKED, "returned_on": "2026-04-29"}, {"/returned_on": DAY}),
    (IN_TIME, {}, {"/booked_on": "2000-01-01", "/returned_on": "2000-01-01"}),
    (IN_TIME, BOOKED, {"/returned_on": DAY}),
    ("returned_on is 2026-04-02", BOOKED, {"/returned_on": "2026-04-02"}),
]  # fmt: skip
NEW_PART = {"/parts/0/fitted": True, "/parts/0/name": "recorded"}
SHAPES = [
    ("{all: [safe, paid]}", {"safe": False}, {"/safe": True, "/paid": True}),
    ("{all: [safe, model is city]}", {"safe": False}, {"/safe": True, "/model": "city"}),
    ("{any: [safe, paid]}", {"safe": False}, {"/paid": True}),
    # What is recorded is not taken back, nor is it said of what sort a thing is.
    ("{any: [returned_on is not recorded, [safe, paid]]}", {"returned_on": "2026-05-04"},
     {"/safe": True, "/paid": True}),
    ("{any: [model is recorded, [safe, paid]]}", {}, {"/safe": True, "/paid": True}),
    ("returned_on is not recorded", {"returned_on": "2026-05-04"}, {"/returned_on": None}),
    (SOME, parts(False, None), {"/parts/1/fitted": True}),
    (SOME, {}, NEW_PART),
    (SOME, {"parts": []}, NEW_PART),
    (NONE, {}, {"/parts": []}),
    ("{none: parts as p}", parts(True), {"/parts": []}),
    ("{count: parts as p, where: p.fitted, is: at least 2}", parts(True, False),
     {"/parts/1/fitted": True}),
    ("{count: parts as p, is: 2}", parts(True), {"/parts/1/name": "recorded"}),
    ("{some: parts as p, where: p.worn, that: p.fitted}",
     {"parts": [{"name": "a", "worn": False, "fitted": True}]},
     {"/parts/1/worn": True, "/parts/1/fitted": True, "/parts/1/name": "recorded"}),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "record", "expected"), [*LINES, *SHAPES])
def test_the_smallest_change_is_found(
    condition: str, record: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert changed(condition, record) == expected


@pytest.mark.parametrize(
    ("condition", "record", "told"),
    [
        ("[safe, paid]", {"safe": False}, True),
        ("[safe, paid, returned_on is recorded]", {"safe": False, "paid": True}, False),
        ("[safe, paid]", {"safe": False, "paid": False}, False),
        ("[safe, model is city]", {"safe": False}, False),
        ("[safe, model is city]", {"safe": False, "model": "cargo"}, False),
        ("[safe, wheels at least 3]", {"safe": False}, False),
        (f"[safe, {IN_TIME}]", {**BOOKED, "safe": False}, False),
        ("[safe, not paid]", {"safe": False}, False),
        ("[safe, not paid]", {"safe": False, "paid": True}, False),
        ("[safe, tools includes pump]", {"safe": False, "tools": []}, False),
        (f"[safe, {SOME}]", {"safe": False, "parts": []}, False),
        (f"[safe, {SOME}]", {"safe": False}, False),
        ("[safe, {none: parts as p}]", {"safe": False}, False),
    ],
)
def test_a_remedy_is_told_that_only_does_or_records_what_was_not(
    condition: str, record: dict[str, Any], told: bool
) -> None:
    """Never another day, answer, number or item, nor that not was done what was."""
    remedy = finding_of(condition, record).remedy
    assert remedy is not None
    assert remedy.text == ("To be met as well: “paid?” yes." if told else "")


@pytest.mark.parametrize("record", [{"safe": True}, {"safe": True, "paid": False}])
def test_a_met_unit_has_no_remedy(record: dict[str, Any]) -> None:
    assert finding_of("safe", record).remedy is None


def test_what_no_record_can_satisfy_has_no_remedy() -> None:
    assert changed("[safe, not: {all: [safe, {any: [safe, paid]}]}]", {"safe": False}) is None


def test_of_two_times_that_the_clocks_show_alike_a_remedy_tells_the_offset() -> None:
    record = {"opened_at": "2026-10-25T01:30", "closed_at": "2026-10-25T03:00"}
    found = changed("closed_at within 2 hours after opened_at", record)
    assert found == {"/opened_at": "2026-10-25T01:30:00+00:00"}


def test_what_a_rule_excludes_and_asks_for_has_no_remedy() -> None:
    rule = (
        "define: {city: model is city}\napplies_when: [{not: city}]\n"
        "require: {it: {any: [city, {all: [city, paid]}]}, known: safe is recorded}"
    )
    [finding] = judge(rule, {"model": "cargo"})
    assert (finding.outcome, finding.remedy) == ("not_met", None)


def test_a_rule_that_needs_a_day_to_judge_by_has_no_remedy_without_one() -> None:
    assert changed('"returned_on before {as_of}"', {}) is None


LOOP = """
for_each: parts as part
where: part.worn
require:
  fitted: part.fitted
if_none: not_met
"""


@pytest.mark.parametrize(
    ("rule", "record"),
    [
        ("require: {it: safe}", {}),
        ("require: {it: safe, else: paid}", {"paid": True}),
        ("applies_when: paid\nrequire: {it: safe}", {"safe": False}),
        ("require: {it: 'returned_on before 2026-04-02'}", {"returned_on": "2026-04"}),
        (LOOP, {}),
        (LOOP, {"parts": [{"name": "a"}]}),
        (LOOP, {"parts": [{"name": "a", "worn": True}]}),
    ],
)
def test_of_what_is_not_evidenced_the_missing_facts_are_the_answer(
    rule: str, record: dict[str, Any]
) -> None:
    [finding] = judge(rule, record)
    assert (finding.outcome, finding.remedy) == ("not_evidenced", None)
    assert finding.to_dict()["remedy"] is None
    assert finding.missing or record.get("returned_on") == "2026-04"


def test_a_list_without_units_needs_one_more_item() -> None:
    [finding] = judge(LOOP, {"parts": [{"name": "a", "worn": False}]})
    assert finding.remedy is not None
    assert [(change.pointer, change.then) for change in finding.remedy.changes] == [
        ("/parts/1/worn", True),
        ("/parts/1/fitted", True),
        ("/parts/1/name", "recorded"),
    ]


def test_an_excepted_unit_tells_what_would_have_met_the_rule() -> None:
    [finding] = judge(
        "require:\n  it: safe\nexcept_when:\n  why: paid", {"safe": False, "paid": True}
    )
    assert finding.outcome == "excepted"
    assert finding.remedy is not None
    assert [(change.pointer, change.then) for change in finding.remedy.changes] == [("/safe", True)]


def test_changes_carry_the_fact_as_recorded_and_as_it_would_have_to_be() -> None:
    remedy = finding_of(IN_TIME, {**BOOKED, "returned_on": "2026-04-29"}).remedy
    assert remedy is not None
    [change] = remedy.changes
    assert (change.pointer, change.question) == ("/returned_on", "When was the bicycle returned?")
    assert (change.now, change.then, change.only) == ("2026-04-29", DAY, False)


# every operator of the table

SUBJECT_OBJECTS = {
    Kind.BOOLEAN: ("paid", "yes"),
    Kind.INTEGER: ("wheels", "2"),
    Kind.CHOICE: ("model", "city"),
    Kind.TEXT: ("customer", "'Cy'"),
    Kind.DATE: ("returned_on", "booked_on"),
    Kind.DATETIME: ("closed_at", "opened_at"),
    Kind.LIST: ("tools", "pump"),
}
TABLE = [
    (operator, kind)
    for operator in OPERATORS.values()
    if not operator.registered
    if not (operator.takes_unknown and operator.objects == "one")  # which holds of two such facts
    for kind in SUBJECT_OBJECTS
    if kind in operator.subjects
]


def line(operator: Operator, kind: Kind) -> str:
    subject, other = SUBJECT_OBJECTS[kind]
    if operator.period:
        other = "loan"
    words = operator.around("" if operator.objects == "none" else other)
    few = operator.unit == "years" or (not operator.unit and "per cent" not in operator.name)
    number = "1" if few else "100"
    return f"{subject} {words.replace('N', number)}".strip()


@pytest.mark.parametrize(("operator", "kind"), TABLE, ids=[f"{o.name} {k.name}" for o, k in TABLE])
def test_every_operator_has_a_remedy_where_nothing_is_recorded(
    operator: Operator, kind: Kind
) -> None:
    for condition in (line(operator, kind), f"{{not: [{line(operator, kind)}]}}"):
        if finding_of(condition, {}).outcome == "met":
            continue
        assert changed(condition, {}), condition


# dates that were late, as data


def test_a_late_date_is_given_with_its_due_day() -> None:
    finding = finding_of(IN_TIME, {**BOOKED, "returned_on": "2026-04-22"})
    assert finding.late == (Late("/returned_on", DAY, "2 working days late"),)


@pytest.mark.parametrize("returned", [DAY, None, "2026-05", "2026-04-01"])
def test_nothing_is_late_that_is_in_time_or_not_known(returned: str | None) -> None:
    assert finding_of(IN_TIME, {**BOOKED, "returned_on": returned}).late == ()


def test_a_late_date_in_a_criterion_that_is_met_all_the_same_is_not_given() -> None:
    finding = finding_of(
        f"{{any: [{IN_TIME}, safe]}}", {**BOOKED, "returned_on": "2026-04-22", "safe": True}
    )
    assert (finding.outcome, finding.late) == ("met", ())


STAYS = """\
$defs:
  depot: {type: object, required: [id], properties: {id: {type: string}}}
  job:
    type: object
    required: [id]
    properties:
      id: {type: string}
      stays: {type: array, items: {$ref: "#/$defs/stay"}}
  stay:
    type: object
    required: [span]
    properties:
      span: {$ref: "#/$defs/span"}
  span:
    type: object
    properties:
      start: {type: string, format: date}
      end: {type: string, format: date}
"""


def test_what_stands_in_for_a_group_that_is_demanded_is_not_taken_for_recorded(
    tmp_path: Path,
) -> None:
    """A stay that is added has a span; with an end in it nothing is known of its start.

    No remedy is found then, which is better than an end alone, which is none.
    """
    rule = """
        for_each: stays as stay
        if_none: not_met
        require:
          ended: stay.span.end is recorded
          early: stay.span.start before 2012-03-01
    """
    files = {"records.yaml": STAYS, RULE_FILE: rule_file(rule)}
    engine = Engine(load_folder(write_pack(tmp_path, files)))
    [finding] = engine.evaluate({"id": "a", "stays": []})
    assert finding.remedy is None
