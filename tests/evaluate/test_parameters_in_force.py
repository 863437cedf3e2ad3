"""A parameter with effective dates: the value of the day of the event, or none."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from judging import judge
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit.engine import Engine
from scr_audit.evaluate.parameters import Either, in_force
from scr_audit.language.rule import Parameter, ParameterValue
from scr_audit.packs.load import load_folder
from scr_audit.values.imprecise import parse_date, parse_datetime

RULE = """
for_each: parts as part
require:
  soon: returned_on within {check_days} days after part.fitted_on
if_none: not_met
in_force_on: part.fitted_on
"""
BACK = "“When was the bicycle returned?”"
FITTED = "“When was the part fitted?”"
OPEN = "So it is open whether the rule is met."
A_MONTH = f"{FITTED} June 2024, and the day is not recorded. {OPEN}"


@pytest.mark.parametrize(
    ("fitted", "returned", "outcome", "reason"),
    [
        ("2024-01-01", "2024-01-06", "met", f"{BACK} 6 January 2024. {FITTED} 1 January 2024."),
        ("2024-01-01", "2024-01-07", "not_met", f"{BACK} 7 January 2024, 1 day late (due by 6 "
         "January 2024)."),
        ("2024-06-30", "2024-07-05", "met", f"{BACK} 5 July 2024. {FITTED} 30 June 2024."),
        ("2024-07-01", "2024-07-04", "met", f"{BACK} 4 July 2024. {FITTED} 1 July 2024."),
        ("2024-07-01", "2024-07-05", "not_met", f"{BACK} 5 July 2024, 1 day late (due by 4 July "
         "2024)."),
        ("2024-06", "2024-06-01", "not_evidenced", f"{BACK} 1 June 2024. {A_MONTH}"),
        ("2024-06", "2024-08-01", "not_met", f"{BACK} 1 August 2024, more than 5 days after "
         f"{FITTED} June 2024."),
    ],
)  # fmt: skip
def test_the_value_in_force_on_the_day_decides(
    fitted: str, returned: str, outcome: str, reason: str
) -> None:
    record = {"returned_on": returned, "parts": [{"name": "x", "fitted_on": fitted}]}
    [finding] = judge(RULE, record)
    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert finding.missing == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("price at least {check_days}", "“price?” 1, and the rule asks for at least 3."),
        ("customer is {style}", "“customer?” “Al”, and the rule asks for “cargo”."),
    ],
)
def test_a_reason_says_which_value_was_asked_for(tmp_path: Path, line: str, reason: str) -> None:
    said = reasons(tmp_path, line, {"booked_on": "2024-08-01", "price": 1, "customer": "Al"})
    assert said == [f"{reason} “When was the job booked?” 1 August 2024."]


def test_a_line_about_a_parameter_alone_names_it_and_what_was_asked_for(tmp_path: Path) -> None:
    said = reasons(tmp_path, "{style} is city", {"booked_on": "2024-08-01"})
    booked = "“When was the job booked?” 1 August 2024."
    assert said == [f"The parameter style is cargo, and the rule asks for city. {booked}"]


def test_a_way_that_the_parameter_does_not_choose_is_not_told(tmp_path: Path) -> None:
    either = '{any: [["{style} is city", safe], paid]}'
    said = reasons(tmp_path, either, {"booked_on": "2024-08-01", "safe": False, "paid": False})
    assert said == ["“paid?” no."]


def reasons(folder: Path, line: str, record: dict[str, object]) -> list[str]:
    style = "  style:\n    title: Sort that is let\n    values:\n"
    style += "".join(
        f"      - {{value: {word}, from: {day}}}\n"
        for word, day in (("city", "2024-01-01"), ("cargo", "2024-07-01"))
    )
    line = line if line.startswith("{any") else f"'{line}'"
    rule = f"require:\n  it: {line}\nin_force_on: booked_on"
    files = {"pack.yaml": pack_files()["pack.yaml"] + style, RULE_FILE: rule_file(rule)}
    engine = Engine(load_folder(write_pack(folder, files)))
    return [finding.reason for finding in engine.evaluate({"id": "a", **record})]


@pytest.mark.parametrize(
    ("fitted", "words"),
    [
        ("2023-12-31", "31 December 2023."),
        ("2023", f"2023, and the day is not recorded. {OPEN}"),
        ("2023-12", f"December 2023, and the day is not recorded. {OPEN}"),
    ],
)
def test_no_value_is_guessed_where_none_may_be_in_force(fitted: str, words: str) -> None:
    record = {"returned_on": "2024-01-06", "parts": [{"name": "x", "fitted_on": fitted}]}
    [finding] = judge(RULE, record)
    assert finding.outcome == "not_evidenced"
    assert finding.reason == (
        "No value of a parameter that the rule uses was in force on the day. "
        f"{BACK} 6 January 2024. {FITTED} {words}"
    )


@pytest.mark.parametrize(
    ("returned", "outcome"),
    [
        ("2025-06-01", "not_met"),  # too late under either value
        ("2023-12-31", "not_met"),  # before it
        ("2024-03-01", "not_evidenced"),
        ("2025-01-04", "not_met"),  # in time of the five days, which were in force until June
        ("2025-01-03", "not_evidenced"),
    ],
)
def test_an_imprecise_event_is_judged_by_every_value_that_is_possible(
    returned: str, outcome: str
) -> None:
    parts = [{"name": "x", "fitted_on": "2024"}]
    [finding] = judge(RULE, {"returned_on": returned, "parts": parts})
    assert finding.outcome == outcome
    assert f"{FITTED} 2024" in finding.reason
    assert finding.late == ()


def test_a_day_that_is_not_recorded_is_what_is_missing() -> None:
    [finding] = judge(RULE, {"returned_on": "2024-01-06", "parts": [{"name": "x"}]})
    assert finding.reason == f"Not recorded: {FITTED}"
    assert finding.missing == ("/parts/0/fitted_on",)


def test_a_count_may_be_compared_with_a_value_in_force() -> None:
    rule = (
        "require:\n  few: {count: parts as part, where: part.worn, is: 'fewer than {check_days}'}\n"
        "in_force_on: booked_on"
    )
    worn = {"parts": [{"name": "x", "worn": True}] * 4}
    findings = {
        day: judge(rule, {"booked_on": day, **worn})[0]
        for day in ("2024-01-01", "2024-07-01", "2023-01-01", None)
    }
    outcomes = [finding.outcome for finding in findings.values()]
    assert outcomes == ["met", "not_met", "not_evidenced", "not_evidenced"]
    remedy = findings["2024-07-01"].remedy
    assert remedy is not None
    assert [(change.pointer, change.then) for change in remedy.changes] == [
        ("/booked_on", "2024-06-30")
    ]


VALUES = (
    ParameterValue(1, None),
    ParameterValue(2, date(2024, 3, 10)),
    ParameterValue(3, date(2024, 3, 20)),
)


@pytest.mark.parametrize(
    ("moment", "value"),
    [
        (None, None),
        (date(1900, 1, 1), 1),
        (date(2024, 3, 9), 1),
        (date(2024, 3, 10), 2),
        (datetime(2024, 3, 9, 23, 59), 1),
        (datetime(2024, 3, 19, 23, 59), 2),
        (date(2024, 3, 20), 3),
        (date(9999, 12, 31), 3),
        (parse_date("2024-02"), 1),
        (parse_date("2024-03"), Either((1, 2, 3))),
        (parse_date("2024"), Either((1, 2, 3))),
        (parse_date("2025"), 3),
        (parse_datetime("2024-03-09", UTC), 1),
        (parse_datetime("2024-03-10", UTC), 2),
    ],
)
def test_values_by_day(moment: date | None, value: int | Either | None) -> None:
    assert in_force(Parameter("days", "Days", VALUES))(moment) == value


def test_before_the_first_value_none_is_known() -> None:
    value_on = in_force(Parameter("days", "Days", VALUES[1:]))
    assert value_on(date(2024, 3, 9)) is None
    assert value_on(parse_date("2024-03")) is None
    assert value_on(date(2024, 3, 10)) == 2


def test_a_count_that_several_values_leave_open_tells_them() -> None:
    few = "{count: parts as p, is: 'at most {check_days}'}"
    rule = f"require:\n  few: {few}\nin_force_on: booked_on"
    parts = [{"name": name} for name in "abcd"]
    [finding] = judge(rule, {"booked_on": "2024", "parts": parts})
    told = "4 of 4 parts listed count, and the rule asks for at most 5 or 3."
    assert (finding.outcome, finding.reason) == ("not_evidenced", told)


def test_a_list_that_several_values_leave_open_is_told(tmp_path: Path) -> None:
    values = "[{value: [pump]}, {value: [welder], from: 2024-07-01}]"
    files = {
        "pack.yaml": f"{pack_files()['pack.yaml']}  wanted: {{title: Tools, values: {values}}}\n",
        RULE_FILE: rule_file(
            "require:\n  it: 'tools includes any of {wanted}'\nin_force_on: booked_on"
        ),
    }
    engine = Engine(load_folder(write_pack(tmp_path, files)))
    [finding] = engine.evaluate({"id": "a", "booked_on": "2024", "tools": ["pump"]})
    told = f"“tools?” pump. “When was the job booked?” 2024, and the day is not recorded. {OPEN}"
    assert (finding.outcome, finding.reason) == ("not_evidenced", told)
