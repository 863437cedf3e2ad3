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

SAFE = "“Was the bicycle safe to ride?”"
FITTED = "“Was the part fitted?”"
WORN = "“Was the old part worn?”"
RETURNED = "“When was the bicycle returned?”"
MODEL = "“Which sort of bicycle is it?”"


def finding_of(condition: str, record: dict[str, Any], as_of: date | None = None) -> Finding:
    [finding] = judge(f"require:\n  it: {condition}", record, as_of)
    return finding


def text(condition: str, record: dict[str, Any]) -> str | None:
    remedy = finding_of(condition, record).remedy
    return None if remedy is None else remedy.text


def parts(*fitted: bool | None) -> dict[str, Any]:
    return {"parts": [{"name": "chain", "fitted": each} for each in fitted]}


SOME = "{some: parts as p, that: p.fitted}"
NONE = "{none: parts as p, that: p.fitted}"
IN_TIME = "returned_on within 10 working days after booked_on"
BOOKED = {"booked_on": "2026-04-02"}
ANOTHER = "or another day that fits"
DAY = "2026-04-20"
LINES = [
    # Of a yes/no fact the reason says it all.
    ("safe", {}, ""),
    ("safe", {"safe": False}, ""),
    ("not safe", {"safe": True}, ""),
    ("safe is recorded", {}, ""),
    ("safe is not recorded", {"safe": True}, ""),
    ("model is city", {"model": "cargo"}, f"{MODEL} city."),
    ("model is one of city, racing", {}, f"{MODEL} city or another answer that fits."),
    # What is recorded was so; the reason says what is asked.
    ("wheels at least 3", {"wheels": 2}, ""),
    ("wheels at least 3", {}, "“wheels?” 3 or another number that fits."),
    ("customer is 'Cy'", {}, "“customer?” “Cy”."),
    ("tools includes pump", {"tools": ["welder"]}, "“tools?” welder and pump."),
    ("tools does not include pump", {"tools": ["pump", "welder"]}, ""),
    (IN_TIME, {**BOOKED, "returned_on": "2026-04-29"}, ""),
    (IN_TIME, {}, ""),
    (IN_TIME, BOOKED, f"{RETURNED} 20 April 2026 {ANOTHER}."),
    ("returned_on is 2026-04-02", BOOKED, f"{RETURNED} 2 April 2026."),
]  # fmt: skip
SECOND_PART = f"the second part is listed, {WORN} yes, {FITTED} yes and “name?” is answered."
SHAPES = [
    ("{all: [safe, paid]}", {"safe": False}, ""),
    ("{all: [safe, model is city]}", {"safe": False}, f"{SAFE} yes and {MODEL} city."),
    ("{any: [safe, paid]}", {"safe": False}, ""),
    (SOME, parts(False, None), ""),
    (SOME, {}, ""),  # of a list that is not recorded nobody knows what it needs
    (SOME, {"parts": []}, f"the first part is listed, {FITTED} yes and “name?” is answered."),
    (NONE, {}, "the record says that there were no parts."),
    ("{none: parts as p}", parts(True), "the record says that there were no parts."),
    ("{count: parts as p, where: p.fitted, is: at least 2}", parts(True, False), ""),
    ("{count: parts as p, is: 2}", parts(True), "the second part is listed and “name?” "
     "is answered."),
    ("{some: parts as p, where: p.worn, that: p.fitted}",
     {"parts": [{"name": "a", "worn": False, "fitted": True}]},
     SECOND_PART),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "record", "sentence"), [*LINES, *SHAPES])
def test_the_smallest_change_is_told(condition: str, record: dict[str, Any], sentence: str) -> None:
    assert text(condition, record) == (sentence and f"To be met: {sentence}")


@pytest.mark.parametrize("record", [{"safe": True}, {"safe": True, "paid": False}])
def test_a_met_unit_has_no_remedy(record: dict[str, Any]) -> None:
    assert finding_of("safe", record).remedy is None


def test_what_no_record_can_satisfy_has_no_remedy() -> None:
    assert text("[safe, not: {all: [safe, {any: [safe, paid]}]}]", {"safe": False}) is None


def test_of_two_times_that_the_clocks_show_alike_a_remedy_tells_the_offset() -> None:
    record = {"opened_at": "2026-10-25T01:30", "closed_at": "2026-10-25T03:00"}
    remedy = finding_of("closed_at within 2 hours after opened_at", record).remedy
    assert remedy is not None
    assert [change.then for change in remedy.changes] == ["2026-10-25T01:30:00+00:00"]


def test_what_a_rule_excludes_and_asks_for_has_no_remedy() -> None:
    rule = (
        "define: {city: model is city}\napplies_when: [{not: city}]\n"
        "require: {it: {any: [city, {all: [city, paid]}]}, known: safe is recorded}"
    )
    [finding] = judge(rule, {})
    assert (finding.outcome, finding.remedy) == ("not_evidenced", None)


def test_a_rule_that_needs_a_day_to_judge_by_has_no_remedy_without_one() -> None:
    assert text('"returned_on before {as_of}"', {}) is None


LOOP = """
for_each: parts as part
where: part.worn
require:
  fitted: part.fitted
if_none: not_met
"""


def test_a_list_of_units_that_is_not_recorded_needs_one_and_nobody_knows_which() -> None:
    [finding] = judge(LOOP, {})
    assert finding.remedy is not None
    assert [change.pointer for change in finding.remedy.changes] == [
        "/parts/0/worn", "/parts/0/fitted", "/parts/0/name",
    ]  # fmt: skip
    assert finding.remedy.text == ""


def test_a_list_without_units_needs_one_more_item() -> None:
    [finding] = judge(LOOP, {"parts": [{"name": "a", "worn": False}]})
    assert finding.remedy is not None
    assert finding.remedy.text == f"To be met: {SECOND_PART}"
    assert [(change.pointer, change.then) for change in finding.remedy.changes] == [
        ("/parts/1/worn", True),
        ("/parts/1/fitted", True),
        ("/parts/1/name", "recorded"),
    ]


def test_a_unit_whose_scope_is_unknown_needs_to_be_in_it_and_to_meet_the_rule() -> None:
    [finding] = judge(LOOP, {"parts": [{"name": "a"}]})
    assert finding.remedy is not None
    assert [(change.pointer, change.then) for change in finding.remedy.changes] == [
        ("/parts/0/worn", True), ("/parts/0/fitted", True),
    ]  # fmt: skip


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
        finding = finding_of(condition, {})
        if finding.outcome == "met":
            continue
        assert finding.remedy is not None, condition
        assert finding.remedy.changes


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
