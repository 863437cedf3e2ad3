"""Reasons: a sentence for every form of a verdict, and the facts that are missing."""

from datetime import date
from typing import Any

import pytest
from judging import judge

SAFE = "“Was the bicycle safe to ride?”"
FITTED = "“Was the part fitted?”"
WORN = "“Was the old part worn?”"


def part(**facts: Any) -> dict[str, Any]:
    return {"name": "bell", **facts}


def parts(*fitted: bool | None) -> dict[str, Any]:
    return {"parts": [part(fitted=each) for each in fitted]}


WEIGHED = "{shown: wheels at least 2, said: safe}"
RETURNED, BOOKED = "“When was the bicycle returned?”", "“When was the job booked?”"
OPEN = "So it is open whether the rule is met."
LINES = [
    ("safe", {"safe": True}, f"{SAFE} yes."),
    ("safe", {"safe": False}, f"{SAFE} no."),
    ("safe", {}, f"Not recorded: {SAFE}"),
    ("not safe", {"safe": False}, f"{SAFE} no."),
    ("not safe", {"safe": True}, f"{SAFE} yes."),
    ("[safe, paid]", {"safe": False, "paid": True}, f"{SAFE} no."),
    ("{any: [safe, paid]}", {"safe": True}, f"{SAFE} yes."),
    ("{any: [safe, paid]}", {"safe": False, "paid": False}, f"{SAFE} no. “paid?” no."),
    ("{any: [safe, paid]}", {"paid": False}, f"Not recorded: {SAFE}"),
    ("{not: [safe, paid]}", {"safe": True, "paid": True}, f"{SAFE} yes. “paid?” yes."),
    (WEIGHED, {"wheels": 2, "safe": True}, "“wheels?” 2."),
    (WEIGHED, {"wheels": 1}, "“wheels?” 1, and the rule asks for at least 2."),
    (WEIGHED, {"safe": False}, f"{SAFE} no."),
    (WEIGHED, {"wheels": 1, "safe": True}, "The record contradicts itself: “wheels?” 1, and the "
     f"rule asks for at least 2, and yet {SAFE} yes."),
    (WEIGHED, {}, f"Not recorded: {SAFE}"),  # where nothing shows it, the answer is enough
    ("model is city", {"model": "cargo"}, "“Which sort of bicycle is it?” cargo, and the "
     "rule asks for city."),
    ("price at most 3.5", {"price": 4}, "“price?” 4, and the rule asks for at most 3.5."),
    ("price at most 3.5", {"price": 3.25}, "“price?” 3.25."),
    ("labels includes 'a'", {"labels": []}, "“labels?” none."),
    ("labels includes 'a'", {"labels": ["b"]}, "“labels?” “b”, not “a”."),
    ("tools includes all of {safe_tools}", {"tools": ["welder", "pump"]},
     "“tools?” welder and pump, not spanner."),
    ("tools does not include pump", {"tools": ["welder", "pump"]}, "“tools?” welder and pump."),
    ("returned_on within {most_days} days after booked_on", {"booked_on": "2024-01-01",
     "returned_on": "2024-02-01"}, f"{RETURNED} 1 February 2024, 21 days late (due by 11 January "
     "2024)."),
    ("returned_on after booked_on", {"booked_on": "2024-01", "returned_on": "2024-01-05"},
     f"{RETURNED} 5 January 2024. {BOOKED} January 2024, and the day is not recorded. {OPEN}"),
    ("returned_on after booked_on", {}, f"Not recorded: {RETURNED}, {BOOKED}"),
    ("booked_on before {as_of}", {"booked_on": "2024-01-01"}, "The run was given no day to judge "
     f"by. {BOOKED} 1 January 2024."),
    ("closed_at within 2 hours after opened_at", {"opened_at": "2024-01-01T09:30", "closed_at":
     "2024-01-01T14:00"}, "“closed at?” 14:00 on 1 January 2024, more than 2 hours after “opened "
     "at?” 09:30 on 1 January 2024."),
    ("closed_at within 2 hours after opened_at", {"opened_at": "2026-10-25T01:30", "closed_at":
     "2026-10-25T03:00"}, "“closed at?” 03:00 on 25 October 2026. “opened at?” 01:30 on 25 October "
     f"2026, a time that the clocks showed twice or not at all. {OPEN}"),
    ("closed_at within 0.5 hours after opened_at", {"opened_at": "2026-10-25T01:10", "closed_at":
     "2026-10-25T01:50"}, "“closed at?” 01:50 on 25 October 2026, more than 0.5 hours after "
     "“opened at?” 01:10 on 25 October 2026."),  # whichever of their two times each was
    ("closed_at within 2 hours after opened_at", {"opened_at": "2026-10-25", "closed_at":
     "2026-10-25T03:00"}, "“closed at?” 03:00 on 25 October 2026. “opened at?” 25 October 2026, "
     f"and the time is not recorded. {OPEN}"),
    ("parts is recorded", {"parts": []}, "The record says that there were no parts."),
    ("loan is recorded", {}, "Not recorded: “loan?”"),
    ("loan is recorded", {"loan": {"agreed": False}}, "“loan?” recorded."),
]  # fmt: skip
SOME = "{some: parts as p, that: p.fitted}"
EVERY = SOME.replace("some", "every", 1)
NONE = SOME.replace("some", "none", 1)
WORN_ONES = "{every: parts as p, where: p.worn, that: p.fitted}"
NO_PARTS = "The record says that there were no parts."
NOT_RECORDED = "Not recorded: “Which parts were replaced?”"
LISTS = [
    *((text, {}, NOT_RECORDED) for text in (SOME, EVERY, NONE)),
    *((text, {"parts": []}, NO_PARTS) for text in (SOME, EVERY, NONE)),
    (SOME, parts(False, True), f"{FITTED} yes."),
    (SOME, parts(False, False), f"{FITTED} no."),
    (SOME, parts(False, None), f"Not recorded: {FITTED}"),
    (EVERY, parts(True, True), f"{FITTED} yes."),
    (EVERY, parts(None, False), f"{FITTED} no."),
    (EVERY, parts(True, None), f"Not recorded: {FITTED}"),
    (NONE, parts(False, False), f"{FITTED} no."),
    (NONE, parts(True, None), f"{FITTED} yes."),
    (NONE, parts(False, None), f"Not recorded: {FITTED}"),
    ("{some: parts as p}", parts(None, None), "There are 2 parts on record."),
    ("{none: parts as p}", parts(None), "There is 1 part on record."),
    (WORN_ONES, {"parts": [part(worn=False)]}, "The only part listed is not one that this asks "
     "about."),
    (WORN_ONES, {"parts": [part(worn=False), part(worn=False)]}, "None of the 2 parts is one that "
     "this asks about."),
    # What was asked for is in the title of the rule; what is said is how it was with it.
    (WORN_ONES, {"parts": [part(worn=True, fitted=False)]}, f"{FITTED} no."),
    (WORN_ONES.replace("every", "none"), {"parts": [part(worn=False, fitted=True),
     part(worn=True, fitted=False)]}, f"{FITTED} no."),
    (WORN_ONES.replace("every", "some"), {"parts": [part(fitted=True)]}, f"Not recorded: {WORN}"),
]  # fmt: skip
COUNT = "{count: parts as p, where: p.fitted, is: at least 2}"
ASKED = "and the rule asks for"
COUNTS = [
    (COUNT, {}, NOT_RECORDED),
    (COUNT, {"parts": []}, NO_PARTS),
    (COUNT, parts(True, True), f"2 of 2 parts listed count, {ASKED} at least 2."),
    (COUNT, parts(False, None), f"At most one of 2 parts listed counts, {ASKED} at least 2."),
    (COUNT, parts(True, None), f"1 to 2 of 2 parts listed count, {ASKED} at least 2."),
    ("{count: parts as p, is: 3}", parts(True), f"The only part listed counts, {ASKED} 3."),
]
ALL = [*LINES, *LISTS, *COUNTS]


@pytest.mark.parametrize(("condition", "record", "reason"), ALL)
def test_a_reason_names_what_was_decisive(
    condition: str, record: dict[str, Any], reason: str
) -> None:
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert finding.reason == reason


THREE = "require:\n  well_kept: safe\n  paid: paid\n  known: customer is recorded"
FOUR = f"{THREE}\n  light: wheels at most 3"
FIVE = f"{FOUR}\n  cheap: price at most 3\n  model: model is city"


@pytest.mark.parametrize(
    ("rule", "record", "reason"),
    [
        (THREE, {"safe": True, "paid": True, "customer": "x"},
         f"{SAFE} yes. “paid?” yes. “customer?” “x”."),
        (FOUR, {"safe": True, "paid": True, "customer": "x", "wheels": 2},
         "All 4 criteria are met."),
        (THREE, {"safe": False, "customer": "x"},
         f"{SAFE} no. Not recorded: “paid?”"),
        (FOUR, {"safe": False, "customer": "x"},
         f"{SAFE} no. Not recorded: “paid?”, “wheels?”"),
        (FIVE, {"safe": False, "customer": "x"},
         f"{SAFE} no. Too little is recorded to judge four other criteria."),
        (THREE, {"safe": False, "paid": False},
         f"{SAFE} no. “paid?” no. Not recorded: “customer?”"),
        (THREE, {"paid": True, "customer": "x"}, f"Not recorded: {SAFE}"),
    ],
)  # fmt: skip
def test_a_reason_tells_the_criteria_that_decided(
    rule: str, record: dict[str, Any], reason: str
) -> None:
    [finding] = judge(rule, record)
    assert finding.reason == reason


RULE = """
for_each: parts as part
where: part.worn
applies_when: paid
require: {fitted: part.fitted}
except_when: {unsafe_anyway: not safe}
if_none: not_applicable
"""
OPEN = "So it is open whether the rule applies."


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (
            {"paid": True, "safe": False, "parts": [part(worn=True, fitted=False)]},
            f"{FITTED} no. There is a permitted reason: {SAFE} no.",
        ),
        ({"paid": False, "parts": [part(worn=True)]}, "“paid?” no."),
        ({"paid": True, "parts": [part()]}, f"Not recorded: {WORN} {OPEN}"),
        ({"paid": False}, "“paid?” no."),
        ({"parts": []}, f"Not recorded: “paid?” {OPEN}"),
        ({"paid": True}, NOT_RECORDED),
        ({"paid": True, "parts": []}, NO_PARTS),
        (
            {"paid": True, "parts": [part(worn=False), part(worn=False)]},
            f"None of the 2 parts is one that the rule judges. {WORN} no.",
        ),
        (
            {"paid": True, "parts": [part(worn=False)]},
            f"The only part listed is not one that the rule judges. {WORN} no.",
        ),
    ],
)
def test_a_unit_that_is_not_judged_says_why(record: dict[str, Any], reason: str) -> None:
    [finding] = judge(RULE, record)
    assert finding.reason == reason


@pytest.mark.parametrize(
    ("line", "opened_at", "reason"),
    [
        ("after", "2026-10", "October 2026, before the day of the audit (12 November 2026)."),
        ("before", "2026-11-12T09:00", "09:00 on 12 November 2026, the day of the audit."),
    ],
)
def test_a_time_is_held_against_the_day_of_the_audit_by_its_day(
    line: str, opened_at: str, reason: str
) -> None:
    rule = f"require:\n  a: opened_at {line} {{as_of}}"
    [finding] = judge(rule, {"opened_at": opened_at}, date(2026, 11, 12))
    assert finding.reason == f"“opened at?” {reason}"


def test_more_than_five_causes_are_counted() -> None:
    condition = (
        "{any: [safe, paid, loan.agreed, price is 1, wheels is 2, model is city, labels includes "
        "'a', tools includes pump]}"
    )
    record = {"safe": False, "paid": False, "price": 2, "wheels": 3, "model": "cargo",
              "loan": {"agreed": False}, "labels": [], "tools": []}  # fmt: skip
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert finding.reason == (
        f"{SAFE} no. “paid?” no. “Was a loan bicycle agreed?” no. “price?” 2, and the rule "
        "asks for 1. “wheels?” 3, and the rule asks for 2. 3 more points are not as asked."
    )


def test_one_more_than_are_told_is_told_too() -> None:
    condition = "{any: [safe, paid, loan.agreed, price is 1, wheels is 2, tools includes pump]}"
    record = {"safe": False, "paid": False, "price": 2, "wheels": 3, "loan": {"agreed": False},
              "tools": []}  # fmt: skip
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert finding.reason.endswith("and the rule asks for 2. “tools?” none.")


@pytest.mark.parametrize(
    ("condition", "record", "missing"),
    [
        ("safe", {}, ("/safe",)),
        ("[safe, paid]", {"safe": False}, ()),
        ("[safe, paid]", {"safe": True}, ("/paid",)),
        ("{any: [safe, paid]}", {"safe": True}, ()),
        ("{any: [safe, paid]}", {"safe": False}, ("/paid",)),
        ("loan.agreed", {}, ("/loan/agreed",)),
        ("paid is recorded", {}, ()),
        (SOME, {}, ("/parts",)),
        (SOME, parts(None, True), ()),
        (SOME, parts(None, False, None), ("/parts/0/fitted", "/parts/2/fitted")),
        (EVERY, {"parts": []}, ()),
        (EVERY, parts(None, False), ()),
        (COUNT, parts(True, None, True), ()),
        (COUNT, parts(True, None), ("/parts/1/fitted",)),
    ],
)
def test_only_what_left_the_verdict_open_is_missing(
    condition: str, record: dict[str, Any], missing: tuple[str, ...]
) -> None:
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert finding.missing == missing


def test_facts_are_told_once_with_their_values_and_questions() -> None:
    condition = "[safe, safe is yes, loan.start before returned_on, tools includes pump]"
    record = {"safe": True, "returned_on": "2024-02", "tools": ["pump"]}
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert [(fact.pointer, fact.value, fact.question) for fact in finding.facts] == [
        ("/safe", True, "Was the bicycle safe to ride?"),
        ("/loan/start", None, "When did the loan begin?"),
        ("/returned_on", "2024-02", "When was the bicycle returned?"),
        ("/tools", ["pump"], "tools?"),
    ]
