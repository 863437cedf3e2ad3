"""A parameter with effective dates: the value of the day of the event, or none."""

from datetime import UTC, date, datetime

import pytest
from judging import judge

from scr_audit.evaluate.parameters import Either, in_force
from scr_audit.language.conditions import Parameter, ParameterValue
from scr_audit.values.imprecise import parse_date, parse_datetime

RULE = """
for_each: parts as part
require:
  soon: returned_on within {check_days} days after part.fitted_on
if_none: not_met
in_force_on: part.fitted_on
"""
IN_FORCE = "“returned_on within {} days after part.fitted_on” {}: "
BACK = "“When was the bicycle returned?” {}"
FITTED = "“When was the part fitted?” {}"


@pytest.mark.parametrize(
    ("fitted", "returned", "outcome", "days", "said"),
    [
        ("2024-01-01", "2024-01-06", "met", 5, "holds"),
        ("2024-01-01", "2024-01-07", "not_met", 5, "does not hold"),
        ("2024-06-30", "2024-07-05", "met", 5, "holds"),
        ("2024-07-01", "2024-07-04", "met", 3, "holds"),
        ("2024-07-01", "2024-07-05", "not_met", 3, "does not hold"),
        ("2024-06", "2024-06-01", "not_evidenced", 5, "is left open by what is recorded"),
        ("2024-06", "2024-08-01", "not_met", 5, "does not hold"),
        ("2024-08", "2024-09-30", "not_met", 3, "does not hold"),
    ],
)
def test_the_value_in_force_on_the_day_decides(
    fitted: str, returned: str, outcome: str, days: int, said: str
) -> None:
    record = {"returned_on": returned, "parts": [{"name": "x", "fitted_on": fitted}]}
    [finding] = judge(RULE, record)
    assert finding.outcome == outcome
    line = f"{IN_FORCE.format(days, said)}{BACK.format(returned)}; {FITTED.format(fitted)}."
    assert line.removesuffix(".") in finding.reason
    assert finding.missing == ()


@pytest.mark.parametrize("fitted", ["2023-12-31", "2023", "2023-12"])
def test_no_value_is_guessed_where_none_may_be_in_force(fitted: str) -> None:
    record = {"returned_on": "2024-01-06", "parts": [{"name": "x", "fitted_on": fitted}]}
    [finding] = judge(RULE, record)
    line = IN_FORCE.format("{check_days}", "cannot be judged")
    assert finding.reason == (
        f"Not evidenced. Soon: {line}no value of a parameter is in force for it: "
        f"{BACK.format('2024-01-06')}; {FITTED.format(fitted)}."
    )


@pytest.mark.parametrize(
    ("returned", "outcome", "said"),
    [
        ("2025-06-01", "not_met", "does not hold"),  # too late under either value
        ("2023-12-31", "not_met", "does not hold"),  # before it
        ("2024-03-01", "not_evidenced", "is left open by what is recorded"),
    ],
)
def test_an_imprecise_event_is_judged_by_every_value_that_is_possible(
    returned: str, outcome: str, said: str
) -> None:
    parts = [{"name": "x", "fitted_on": "2024"}]
    [finding] = judge(RULE, {"returned_on": returned, "parts": parts})
    assert finding.outcome == outcome
    assert f"{IN_FORCE.format('5 or 3', said)}{BACK.format(returned)}" in finding.reason
    assert finding.late == ()


def test_a_day_that_is_not_recorded_is_what_is_missing() -> None:
    [finding] = judge(RULE, {"returned_on": "2024-01-06", "parts": [{"name": "x"}]})
    assert finding.reason == "Not evidenced. Soon: not recorded: “When was the part fitted?”"
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
