"""Nothing is late before it is due: a duty whose last day has not passed is not applicable."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from judging import engine_of, judge
from small_pack import pack_files, rule_file, write_pack

import scr_audit

IN_TIME = "require:\n  in_time: returned_on within {most_days} days after booked_on"
CHECKED = """
for_each: parts as part
require:
  checked:
    some: part.checks as check
    where: check.passed
    that: check.on within 10 days after part.fitted_on
if_none: not_applicable
"""
MONDAY = date(2026, 10, 12)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("record", "as_of", "outcome"),
    [
        ({"booked_on": "2026-10-02"}, "2026-10-11", "not_applicable"),
        ({"booked_on": "2026-10-02"}, "2026-10-12", "not_applicable"),  # the last day in time
        ({"booked_on": "2026-10-02"}, "2026-10-13", "not_evidenced"),
        ({"booked_on": "2026-10-02"}, None, "not_evidenced"),
        ({"booked_on": "2026-10-02", "returned_on": "2026-10-12"}, "2026-10-11", "met"),
        # What is recorded of a later day is planned, and may still be done earlier.
        ({"booked_on": "2026-10-02", "returned_on": "2026-10-13"}, "2026-10-11", "not_applicable"),
        ({"booked_on": "2026-10-02", "returned_on": "2026-10-13"}, "2026-10-13", "not_met"),
        ({"booked_on": "2026-10-02", "returned_on": "2026-11"}, "2026-10-11", "not_applicable"),
        ({"booked_on": "2026-10-02", "returned_on": "2026-10-01"}, "2026-10-11", "not_met"),
        ({"booked_on": "2026-10"}, "2026-10-11", "not_applicable"),  # by whatever day it was
        ({"booked_on": "2026-10"}, "2026-10-12", "not_evidenced"),
        ({}, "2026-10-11", "not_evidenced"),
    ],
)
def test_an_act_that_is_not_recorded_is_not_late_before_its_last_day(
    record: dict[str, Any], as_of: str | None, outcome: str
) -> None:
    [finding] = judge(IN_TIME, record, None if as_of is None else day(as_of))
    assert finding.outcome == outcome
    assert (finding.due is not None) == (outcome == "not_applicable")


def test_the_reason_tells_the_day() -> None:
    [finding] = judge(IN_TIME, {"booked_on": "2026-10-04"}, MONDAY)
    assert finding.reason == "Not yet due: 14 October 2026."
    assert finding.criteria == {"in_time": "not_applicable"}
    assert (finding.due, finding.missing, finding.remedy) == (date(2026, 10, 14), (), None)


@pytest.mark.parametrize(
    ("checks", "fitted", "outcome"),
    [
        ([], "2026-10-02", "not_applicable"),
        ([], "2026-10-01", "not_met"),
        ([], "2026-10", "not_evidenced"),  # it may have been due
        ([], None, "not_evidenced"),
        (None, "2026-10-02", "not_applicable"),
        (None, "2026-10-01", "not_evidenced"),
        ([{"passed": True, "on": "2026-10-03"}], "2026-10-02", "met"),
        ([{"passed": False, "on": "2026-10-03"}], "2026-10-02", "not_applicable"),
        ([{"passed": True, "on": "2026-10-01"}], "2026-10-02", "not_applicable"),
        ([{"passed": True, "on": "2026-10-20"}], "2026-10-02", "not_applicable"),  # planned
        ([{"passed": True, "on": "2026-10-12"}], "2026-10-01", "not_met"),  # done, and too late
        ([{"passed": True}], "2026-10-02", "not_applicable"),  # when it was done is open
        ([{"passed": True}], "2026-10-01", "not_evidenced"),
    ],
)
def test_an_item_that_may_still_come_is_not_missed_before_its_last_day(
    checks: Any, fitted: str | None, outcome: str
) -> None:
    part = {"name": "x", "fitted_on": fitted, "checks": checks}
    [finding] = judge(CHECKED, {"parts": [part]}, MONDAY)
    assert finding.outcome == outcome
    if outcome == "not_applicable":
        assert finding.reason == "Not yet due: 12 October 2026."


def test_what_was_not_due_when_the_file_was_read_is_not_late_in_a_later_run(
    engine: scr_audit.Engine,
) -> None:
    record = {
        "id": "a",
        "booked_on": "2026-10-04",
        "returned_on": "2026-10-20",  # planned, for whoever read the file on the 12th
        "read": "2026-10-12",
    }
    for day_of_run in ("2026-10-12", "2026-11-29"):
        [finding] = engine.evaluate(record, as_of=day(day_of_run))
        assert finding.outcome == "not_applicable"


def test_of_an_imprecise_event_the_reason_tells_the_first_day_as_such() -> None:
    [finding] = judge(IN_TIME, {"booked_on": "2026-10"}, day("2026-10-11"))
    assert finding.reason == "Not yet due: 11 October 2026 at the earliest."


def test_where_it_cannot_be_told_whether_it_was_due_the_reason_says_so() -> None:
    [finding] = judge(
        CHECKED, {"parts": [{"name": "x", "fitted_on": "2026-10", "checks": []}]}, MONDAY
    )
    assert finding.reason == (
        "It cannot be told whether it was due yet: “When was the part fitted?” October 2026."
    )
    assert finding.late == ()


@pytest.mark.parametrize(
    ("facts", "outcome", "reason"),
    [
        ({"safe": True}, "not_applicable", "Not yet due: 14 October 2026."),
        ({"safe": False}, "not_met", "“Was the bicycle safe to ride?” no. What else is asked is "
         "not yet due: 14 October 2026."),
        ({}, "not_evidenced", "Not recorded: “Was the bicycle safe to ride?” What else is asked is "
         "not yet due: 14 October 2026."),
    ],
)  # fmt: skip
def test_what_is_not_yet_due_hides_no_criterion_that_fails_or_cannot_be_judged(
    facts: dict[str, Any], outcome: str, reason: str
) -> None:
    rule = f"{IN_TIME}\n  safe: safe"
    [finding] = judge(rule, {"booked_on": "2026-10-04", **facts}, MONDAY)
    assert (finding.outcome, finding.reason) == (outcome, reason)


BACK = "returned_on within 10 days after booked_on"
SHOWN = "returned_on on or after booked_on"
SAID = f"back: {{shown: {SHOWN}, said: safe}}"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        # That it was not done contradicts nothing as long as it need not be.
        ({"booked_on": "2026-10-02", "safe": False}, "not_applicable"),
        ({"booked_on": "2026-10-02"}, "not_applicable"),
        ({"booked_on": "2026-10-02", "returned_on": "2026-10-20", "safe": False}, "not_applicable"),
        ({"booked_on": "2026-10-01", "safe": False}, "not_met"),
        ({"booked_on": "2026-10", "safe": False}, "not_evidenced"),  # it may have been due
        ({"safe": False}, "not_met"),  # nothing says that it need not be
        ({"booked_on": "2026-10-02", "returned_on": "2026-10-03", "safe": False}, "not_evidenced"),
        ({"booked_on": "2026-10-02", "returned_on": "2026-10-03", "safe": True}, "met"),
    ],
)
@pytest.mark.parametrize("shown", [f"by: {BACK}, {SAID}", SAID.replace(SHOWN, BACK)])
def test_a_no_is_held_against_nobody_before_the_last_day(
    shown: str, facts: dict[str, Any], outcome: str
) -> None:
    [finding] = judge(f"require: {{{shown}}}", facts, MONDAY)
    assert finding.outcome == outcome, finding.reason
    if outcome == "not_applicable":
        assert finding.reason == "Not yet due: 12 October 2026."


@pytest.mark.parametrize(
    ("require", "due"),
    [
        # What else is asked of the act waits with it.
        ("{in_time: back within 10, held: returned_on is recorded}", 14),
        ("{in_time: back within 10, late: {not: returned_on before loan.end}}", 14),
        ("{either: {any: [back within 3, back within 10]}}", 14),
        ("{both: [back within 9, back within 10]}", 13),
        ("{one: back within 9, two: loan.start within 10 days after booked_on}", 13),
        ("{by: returned_on on or before loan.end}", 20),
        ("{by: returned_on before loan.end}", 19),
        ("{by: returned_on within 1 weeks after booked_on}", None),
        ("{by: {not: back within 10}}", None),
        ("{by: booked_on within 10 days before returned_on}", None),
        ("{by: {count: parts as part, where: fitted, is: at least 2}}", 14),
        ("{by: {count: parts as part, where: fitted, is: at most 2}}", None),
        ("{by: {none: parts as part, that: fitted}}", None),
        ("{by: {every: parts as part, that: fitted}}", 14),
    ],
)  # fmt: skip
def test_what_is_a_duty(require: str, due: int | None) -> None:
    require = re.sub(r"back within (\d+)", r"returned_on within \1 days after booked_on", require)
    require = require.replace("fitted", "part.fitted_on within 10 days after booked_on")
    record = {"booked_on": "2026-10-04", "loan": {"end": "2026-10-20"}, "parts": [{"name": "x"}]}
    [finding] = judge(f"require: {require}", record, MONDAY)
    assert finding.due == (None if due is None else date(2026, 10, due)), finding.reason


def test_an_exception_that_is_known_already_comes_first() -> None:
    rule = f"{IN_TIME}\nexcept_when:\n  paid: paid"
    [finding] = judge(rule, {"booked_on": "2026-10-04", "paid": True}, MONDAY)
    assert (finding.outcome, finding.due) == ("excepted", None)
    assert finding.reason == (
        "There is a permitted reason: “paid?” yes. Not yet due: 14 October 2026."
    )


@pytest.fixture
def engine(tmp_path: Path) -> scr_audit.Engine:
    return reading_engine(tmp_path, IN_TIME)


def reading_engine(tmp_path: Path, rule: str) -> scr_audit.Engine:
    """The small pack, where a job says when its files were read."""
    records = pack_files()["records.yaml"].replace(
        "customer: {type: string}",
        "customer: {type: string}\n      read: {type: string, format: date, x-read-on: true}",
    )
    changed = {"records.yaml": records, "rules/1.yaml": rule_file(rule)}
    return scr_audit.compile_pack(scr_audit.load_pack(write_pack(tmp_path, changed)))


FORM = {"/booked_on": {"file": "a.xlsx", "role": "reader", "on": "2026-10-13"}}
DECIDED = {
    "/model": {
        "file": "decisions.yaml",
        "on": "2026-11-25",
        "said": [{"value": "x", **FORM["/booked_on"]}, {"value": "y", "file": "import.json"}],
    }
}
LATER = {"/model": {"file": "b.xlsx", "role": "reader", "on": "2026-11-20"}}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "not_evidenced"),
        ({"read": "2026-10-12"}, "not_applicable"),
        ({"read": "2026-10-15"}, "not_evidenced"),
        ({"read": "2026-10", "provenance": FORM}, "not_evidenced"),  # some day of that month
        ({"provenance": FORM}, "not_applicable"),
        ({"provenance": {**LATER, **FORM}}, "not_applicable"),  # the first reader's day
        ({"provenance": LATER}, "not_evidenced"),
        ({"provenance": {"": {"file": "a.xlsx", "on": "12/10/2026"}}}, "not_applicable"),
        (
            {"provenance": {"": {"file": "import.json", "also": [FORM["/booked_on"]]}}},
            "not_applicable",
        ),
        ({"provenance": {"": {**LATER["/model"], "also": [FORM["/booked_on"]]}}}, "not_applicable"),
        ({"provenance": DECIDED}, "not_applicable"),  # not the day of the decision
        ({"read": "2026-10-15", "provenance": FORM}, "not_evidenced"),
        ({"read": "2016-10-12"}, "not_evidenced"),  # before the booking that the record tells of
        ({"read": "2016"}, "not_evidenced"),
    ],
)
def test_a_record_is_judged_by_the_day_on_which_its_files_were_read(
    engine: scr_audit.Engine, facts: dict[str, Any], outcome: str
) -> None:
    record = {"id": "a", "booked_on": "2026-10-04", **facts}
    [finding] = engine.evaluate(record, as_of=date(2026, 11, 29))
    assert finding.outcome == outcome
    counts = engine.run([record], as_of=date(2026, 11, 29)).totals
    assert counts.rules["one"].named()[outcome] == 1
    assert dict(counts.falls_due) == (
        {("one", "2026-10"): 1} if outcome == "not_applicable" else {}
    )


@pytest.mark.parametrize("day", ["2026-10-13", "2026-12", "2062-11-12", "2026"])
def test_nobody_read_the_files_after_the_day_of_the_run(engine: scr_audit.Engine, day: str) -> None:
    form = {"/booked_on": {"file": "a.xlsx", "role": "reader", "on": day}}
    for facts in ({"read": day}, {"provenance": form}):
        record = {"id": "a", "booked_on": "2026-10-02", **facts}
        [finding] = engine.evaluate(record, as_of=MONDAY)
        assert finding.reason == "Not yet due: 12 October 2026."
        assert engine.evaluate(record)[0].outcome == "not_evidenced"


@pytest.mark.parametrize(
    ("as_of", "reason"),
    [
        # Neither the day that cannot be true nor that of the run says that files were silent.
        (
            date(2026, 11, 29),
            "The record contradicts itself, so that it cannot be told whether it was due yet: it "
            "was read on 12 October 2016, before “When was the part fitted?” 2 October 2026.",
        ),
        (MONDAY, "Not yet due: 12 October 2026."),
    ],
)
def test_a_day_of_reading_before_the_event_hides_nothing(
    tmp_path: Path, as_of: date, reason: str
) -> None:
    engine = reading_engine(tmp_path, CHECKED)
    part = {"name": "x", "fitted_on": "2026-10-02", "checks": []}
    [finding] = engine.evaluate({"id": "a", "read": "2016-10-12", "parts": [part]}, as_of=as_of)
    assert finding.reason == reason


def test_a_day_that_was_to_come_when_the_files_were_read_contradicts_nothing(
    tmp_path: Path,
) -> None:
    rule = "require:\n  early: returned_on before booked_on\n  due: booked_on on or after {as_of}"
    engine = reading_engine(tmp_path, rule)
    record = {"id": "a", "booked_on": "2026-10-04"}
    [then] = engine.evaluate({**record, "read": "2026-10-01"}, as_of=date(2026, 11, 29))
    assert then.reason == "Not yet due: 3 October 2026."
    [late] = engine.evaluate({**record, "read": "2026-10-05"}, as_of=date(2026, 11, 29))
    assert late.outcome == "not_met"


def test_what_falls_due_is_counted_by_month_however_the_records_are_judged() -> None:
    engine = engine_of(CHECKED)
    fitted = ["2026-10-05", "2026-10-06", "2026-10-28", "2026-09-01"]
    records = [
        {"id": str(n), "parts": [{"name": "x", "fitted_on": day, "checks": []}] * 2}
        for n, day in enumerate(fitted)
    ]
    expected = {("one", "2026-10"): 4, ("one", "2026-11"): 2}
    counted = engine.run(records, as_of=MONDAY).totals.falls_due
    listed = engine.run(records, as_of=MONDAY, on_findings=lambda found: None).totals.falls_due
    assert dict(counted) == dict(listed) == expected


def test_a_duty_that_is_not_to_be_done_in_time_has_its_day_too() -> None:
    duty = "returned_on within {most_days} days after booked_on"
    [finding] = judge(f"require:\n  in_time: {duty}\n  late: {{not: {{all: ['{duty}', paid]}}}}",
                      {"booked_on": "2026-10-04", "paid": True}, MONDAY)  # fmt: skip
    assert finding.reason == "Not yet due: 14 October 2026."


def test_items_that_no_rule_judges_are_told_as_what_comes_of_them() -> None:
    only = "part.checks is not recorded"
    rule = f"for_each: parts as part\nwhere: {only}\napplies_when: {only}\nif_none: not_met\n"
    record = {"parts": [{"name": "bell", "checks": []}]}
    [finding] = judge(f"{rule}require:\n  named: part.name is recorded", record, MONDAY)
    assert finding.outcome == "not_met"
    assert finding.reason.startswith("The only part listed is not one that the rule judges.")


@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        ("'booked_on within 10 days before {as_of}'", "There was time until 14 October 2026."),
        ("[{not: safe}, 'booked_on within 10 days before {as_of}']",
         "There was time until 14 October 2026."),
        ("'booked_on before {as_of}'", "There is a permitted reason: “When was the job booked?” "
         "4 October 2026."),
        ("{not: 'booked_on within 3 days before {as_of}'}", "There is a permitted reason: “When "
         "was the job booked?” 4 October 2026, more than 3 days before the day of the audit "
         "(12 October 2026)."),
    ],
)  # fmt: skip
def test_an_exception_that_says_that_time_still_runs_tells_until_when(
    exception: str, reason: str
) -> None:
    rule = f"require: {{safe: safe}}\nexcept_when: {{time: {exception}}}"
    [finding] = judge(rule, {"booked_on": "2026-10-04", "safe": False}, MONDAY)
    assert finding.outcome == "excepted"
    assert finding.reason == f"“Was the bicycle safe to ride?” no. {reason}"


def test_where_an_exception_is_of_days_alone_the_day_on_which_it_is_due_is_enough() -> None:
    rule = f"{IN_TIME}\nexcept_when: {{early: booked_on after 2026-10-01}}"
    [finding] = judge(rule, {"booked_on": "2026-10-04"}, MONDAY)
    assert (finding.outcome, finding.reason) == ("excepted", "Not yet due: 14 October 2026.")


def test_a_permitted_reason_does_not_say_again_what_is_not_met() -> None:
    rule = "require: {safe: safe}\nexcept_when: {reason: [not safe, paid]}"
    [finding] = judge(rule, {"safe": False, "paid": True})
    assert finding.reason == (
        "“Was the bicycle safe to ride?” no. There is a permitted reason: “paid?” yes."
    )


def test_a_duty_counted_from_a_day_of_which_several_are_possible_is_told(tmp_path: Path) -> None:
    values = "[{value: 2026-01-01}, {value: 2026-03-01, from: 2026-02-01}]"
    start = f"parameters:\n  start:\n    title: First day\n    values: {values}\n"
    pack = pack_files()["pack.yaml"].replace("parameters:\n", start)
    rule = rule_file(
        "require:\n  a: returned_on within 2 days after {start}\nin_force_on: booked_on"
    )
    folder = write_pack(tmp_path, {"pack.yaml": pack, "rules/1.yaml": rule})
    engine = scr_audit.compile_pack(scr_audit.load_pack(folder))
    record = {"id": "a", "booked_on": "2026"}
    [waiting] = engine.evaluate(record, as_of=date(2026, 1, 2))
    assert (waiting.due, waiting.reason) == (
        date(2026, 1, 3), "Not yet due: 3 January 2026 at the earliest.",
    )  # fmt: skip
    [over] = engine.evaluate(record, as_of=date(2026, 5, 1))
    assert over.reason == "Not recorded: “When was the bicycle returned?”"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        # What is said to be done, and is dated after the day of the audit, contradicts itself.
        ({"safe": True, "returned_on": "2026-10-13"}, "not_evidenced"),
        ({"safe": False, "returned_on": "2026-10-13"}, "not_applicable"),
        ({"returned_on": "2026-10-13"}, "not_applicable"),
        ({"safe": True, "returned_on": "2026-10-12"}, "met"),
        ({"safe": True}, "not_applicable"),  # on a day that is not known
        ({}, "not_applicable"),
    ],
)
def test_what_is_said_to_be_done_waits_for_nothing(facts: dict[str, Any], outcome: str) -> None:
    rule = f"{IN_TIME}\n  back: {{shown: 'returned_on on or before {{as_of}}', said: safe}}"
    [finding] = judge(rule, {"booked_on": "2026-10-04", **facts}, MONDAY)
    assert finding.outcome == outcome


def test_the_day_by_which_an_item_was_due_is_that_of_its_own_list() -> None:
    rule = """
    require:
      checked:
        - {every: parts as one, that: one.fitted_on within 10 days after booked_on}
        - {some: parts as two, called: a bell, that: [two.name is 'bell', two.fitted]}
    """
    record = {"booked_on": "2026-05-04", "parts": [{"name": "lamp", "fitted_on": "2026-05-05"}]}
    [finding] = judge(rule, record, MONDAY)
    assert finding.outcome == "not_met"
    assert "due by" not in finding.reason


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "after the day of the audit (12 October 2026)."),
        ({"read": "2026-10-06"}, "after 6 October 2026, when the job sheet was read."),
        ({"provenance": {"": {**FORM["/booked_on"], "on": "2026-10-06"}}},
         "after 6 October 2026, when it was read."),
    ],
)  # fmt: skip
def test_a_day_is_held_against_that_of_the_reading_by_its_own_name(
    tmp_path: Path, facts: dict[str, Any], told: str
) -> None:
    said = 'x-read-on: true, x-ask: "read?", x-says: "the job sheet was read {on}"'
    records = pack_files()["records.yaml"].replace(
        "customer: {type: string}",
        f"customer: {{type: string}}\n      read: {{type: string, format: date, {said}}}",
    )
    rule = rule_file("require:\n  it: booked_on on or before {as_of}")
    pack = scr_audit.load_pack(
        write_pack(tmp_path, {"records.yaml": records, "rules/1.yaml": rule})
    )
    record = {"id": "a", "booked_on": "2026-10-20", **facts}
    [finding] = scr_audit.compile_pack(pack).evaluate(record, as_of=date(2026, 10, 12))
    assert finding.reason.endswith(told)
