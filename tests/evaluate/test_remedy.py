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
EVERY = "{every: parts as p, that: p.fitted}"
NONE = "{none: parts as p, that: p.fitted}"
IN_TIME = "returned_on within 10 working days after booked_on"
BOOKED = {"booked_on": "2026-04-02"}
ANOTHER = "or another day that fits"
DAY = "2026-04-20"
LINES = [
    ("safe", {}, f"Met if {SAFE} had been yes (not recorded)."),
    ("safe", {"safe": False}, f"Met if {SAFE} had been yes (recorded: no)."),
    ("not safe", {"safe": True}, f"Met if {SAFE} had been no (recorded: yes)."),
    ("safe is recorded", {}, f"Met if {SAFE} had been recorded."),
    ("safe is not recorded", {"safe": True}, f"Met if {SAFE} had not been recorded "
     "(recorded: yes)."),
    ("model is city", {"model": "cargo"}, f"Met if {MODEL} had been city (recorded: cargo)."),
    ("model is one of city, racing", {}, f"Met if {MODEL} had been city or another answer that "
     "fits (not recorded)."),
    ("wheels at least 3", {"wheels": 2}, "Met if “wheels?” had been 3 or another number that fits "
     "(recorded: 2)."),
    ("customer is 'Cy'", {}, "Met if “customer?” had been Cy (not recorded)."),
    ("tools includes pump", {"tools": ["welder"]}, "Met if “tools?” had also included pump "
     "(recorded: welder)."),
    ("tools does not include pump", {"tools": ["pump", "welder"]}, "Met if “tools?” had not "
     "included pump (recorded: pump, welder)."),
    (IN_TIME, {**BOOKED, "returned_on": "2026-04-29"}, f"Met if {RETURNED} had been {DAY} "
     f"{ANOTHER} (recorded: 2026-04-29)."),
    (IN_TIME, BOOKED, f"Met if {RETURNED} had been {DAY} {ANOTHER} (not recorded)."),
    ("returned_on is 2026-04-02", BOOKED, f"Met if {RETURNED} had been 2026-04-02 (not recorded)."),
]  # fmt: skip
SHAPES = [
    ("{all: [safe, paid]}", {"safe": False}, f"Met if {SAFE} had been yes (recorded: no) and "
     "“paid?” had been yes (not recorded)."),
    ("{any: [safe, paid]}", {"safe": False}, "Met if “paid?” had been yes (not recorded)."),
    ("{any: [not: safe, paid]}", {"safe": True, "paid": False}, "Met if “paid?” had been yes "
     "(recorded: no)."),
    ("{not: {any: [not: safe]}}", {}, f"Met if {SAFE} had been yes (not recorded)."),
    (SOME, parts(False, None), f"Met if {FITTED} for part 2 had been yes (not recorded)."),
    (SOME, {}, f"Met if one part had been recorded, with {FITTED} yes and “name?” recorded."),
    (EVERY, parts(True, False), f"Met if {FITTED} for part 2 had been yes (recorded: no)."),
    (NONE, parts(True, False), f"Met if {FITTED} for part 1 had been no (recorded: yes)."),
    (NONE, {}, "Met if it had been recorded that there were no parts (not recorded)."),
    ("{none: parts as p}", parts(True), "Met if it had been recorded that there were no parts "
     "(recorded: 1 recorded)."),
    ("{count: parts as p, where: p.fitted, is: at least 2}", parts(True, False),
     f"Met if {FITTED} for part 2 had been yes (recorded: no)."),
    ("{count: parts as p, where: p.fitted, is: at most 1}", parts(True, True, True),
     f"Met if {FITTED} for part 1 had been no (recorded: yes) and {FITTED} for part 2 had been no "
     "(recorded: yes)."),
    ("{count: parts as p, is: 2}", parts(True), "Met if one more part had been recorded, with "
     "“name?” recorded."),
    ("{some: parts as p, where: p.worn, that: p.fitted}",
     {"parts": [{"name": "a", "worn": False, "fitted": True}]},
     f"Met if one more part had been recorded, with {WORN} yes, {FITTED} yes and "
     "“name?” recorded."),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "record", "sentence"), [*LINES, *SHAPES])
def test_the_smallest_change_is_told(condition: str, record: dict[str, Any], sentence: str) -> None:
    assert text(condition, record) == sentence


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
    assert "had been 2026-10-25T01:30:00+00:00 or another time that fits" in remedy.text


def test_what_a_rule_excludes_and_asks_for_has_no_remedy() -> None:
    rule = (
        "define: {city: model is city}\napplies_when: [{not: city}]\n"
        "require: {it: city, known: safe is recorded}"
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


def test_a_list_that_is_not_recorded_needs_an_item_that_is_a_unit_and_meets_the_rule() -> None:
    [finding] = judge(LOOP, {})
    assert finding.remedy is not None
    assert finding.remedy.text == (
        f"Met if one part had been recorded, with {WORN} yes, {FITTED} yes and “name?” recorded."
    )


def test_a_list_without_units_needs_one_more_item() -> None:
    [finding] = judge(LOOP, {"parts": [{"name": "a", "worn": False}]})
    assert finding.remedy is not None
    assert [(change.pointer, change.then) for change in finding.remedy.changes] == [
        ("/parts/1/worn", True),
        ("/parts/1/fitted", True),
        ("/parts/1/name", "recorded"),
    ]


def test_a_unit_whose_scope_is_unknown_needs_to_be_in_it_and_to_meet_the_rule() -> None:
    [finding] = judge(LOOP, {"parts": [{"name": "a"}]})
    assert finding.remedy is not None
    assert finding.remedy.text == (
        f"Met if {WORN} had been yes (not recorded) and {FITTED} had been yes (not recorded)."
    )


def test_an_excepted_unit_tells_what_would_have_met_the_rule() -> None:
    [finding] = judge(
        "require:\n  it: safe\nexcept_when:\n  why: paid", {"safe": False, "paid": True}
    )
    assert finding.outcome == "excepted"
    assert finding.remedy is not None
    assert finding.remedy.text == f"Met if {SAFE} had been yes (recorded: no)."


def test_changes_carry_the_fact_as_recorded_and_as_it_would_have_to_be() -> None:
    remedy = finding_of(IN_TIME, {**BOOKED, "returned_on": "2026-04-29"}).remedy
    assert remedy is not None
    [change] = remedy.changes
    assert (change.pointer, change.question) == ("/returned_on", "When was the bicycle returned?")
    assert (change.now, change.then, change.only) == ("2026-04-29", DAY, False)


def test_a_long_remedy_counts_what_it_does_not_spell_out() -> None:
    remedy = finding_of("{count: parts as p, where: p.fitted, is: at least 3}", {}).remedy
    assert remedy is not None
    assert len(remedy.changes) == 6
    assert remedy.text.endswith("and 2 more facts had been as needed.")


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
    for kind in SUBJECT_OBJECTS
    if kind in operator.subjects
]


def line(operator: Operator, kind: Kind) -> str:
    subject, other = SUBJECT_OBJECTS[kind]
    if operator.period:
        other = "loan"
    words = operator.name.replace("N", "100")
    return f"{subject} {words} {'' if operator.objects == 'none' else other}".strip()


@pytest.mark.parametrize(("operator", "kind"), TABLE, ids=[f"{o.name} {k.name}" for o, k in TABLE])
def test_every_operator_has_a_remedy_where_nothing_is_recorded(
    operator: Operator, kind: Kind
) -> None:
    for condition in (line(operator, kind), f"{{not: [{line(operator, kind)}]}}"):
        finding = finding_of(condition, {})
        if finding.outcome == "met":
            continue
        assert finding.remedy is not None, condition
        assert finding.remedy.text.startswith("Met if ")


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
