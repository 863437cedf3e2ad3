"""Reasons: a sentence for every form of a verdict, and the facts that are missing."""

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


LINES = [
    ("safe", {"safe": True}, f"Met. {SAFE} yes."),
    ("safe", {"safe": False}, f"Not met. It: {SAFE} no."),
    ("safe", {}, f"Not evidenced. It: not recorded: {SAFE}"),
    ("not safe", {"safe": False}, f"Met. {SAFE} no."),
    ("not safe", {"safe": True}, f"Not met. It: {SAFE} yes."),
    ("[safe, paid]", {"safe": False, "paid": True}, f"Not met. It: {SAFE} no."),
    ("{any: [safe, paid]}", {"safe": True}, f"Met. {SAFE} yes."),
    ("{any: [safe, paid]}", {"safe": False, "paid": False}, f"Not met. It: {SAFE} no; “paid?” no."),
    ("{any: [safe, paid]}", {"paid": False}, f"Not evidenced. It: not recorded: {SAFE}"),
    ("{not: [safe, paid]}", {"safe": True, "paid": True}, f"Not met. It: {SAFE} yes; “paid?” yes."),
    ("model is city", {"model": "cargo"}, "Not met. It: “model is city” does not hold: “Which sort "
     "of bicycle is it?” cargo."),
    ("price at most 3.5", {"price": 4}, "Not met. It: “price at most 3.5” does not hold: “price?” "
     "4."),
    ("price at most 3.5", {"price": 3.25}, "Met. “price at most 3.5” holds: “price?” 3.25."),
    ("labels includes 'a'", {"labels": []}, "Not met. It: “labels includes 'a'” does not hold: "
     "“labels?” none."),
    ("tools includes all of {safe_tools}", {"tools": ["welder", "pump"]}, "Not met. It: “tools "
     "includes all of pump, spanner” does not hold: “tools?” welder, pump."),
    ("returned_on within {most_days} days after booked_on", {"booked_on": "2024-01-01",
     "returned_on": "2024-02-01"}, "Not met. It: “returned_on within 10 days after booked_on” does "
     "not hold: “When was the bicycle returned?” 2024-02-01; “When was the job booked?” "
     "2024-01-01; due by 2024-01-11, 21 days late."),
    ("returned_on after booked_on", {"booked_on": "2024-01", "returned_on": "2024-01-05"},
     "Not evidenced. It: “returned_on after booked_on” is left open by what is recorded: “When was "
     "the bicycle returned?” 2024-01-05; “When was the job booked?” 2024-01."),
    ("returned_on after booked_on", {}, "Not evidenced. It: not recorded: “When was the bicycle "
     "returned?”; not recorded: “When was the job booked?”"),
    ("booked_on before {as_of}", {"booked_on": "2024-01-01"},
     "Not evidenced. It: “booked_on before "
     "{as_of}” cannot be judged: the run was given no day to judge by: “When was the job booked?” "
     "2024-01-01."),
    ("parts is recorded", {"parts": []}, "Met. “parts is recorded” holds: “Which parts were "
     "replaced?” none."),
    ("loan is recorded", {},
     "Not met. It: “loan is recorded” does not hold: “loan?” not recorded."),
    ("loan is recorded", {"loan": {"agreed": False}},
     "Met. “loan is recorded” holds: “loan?” recorded."),
]  # fmt: skip
SOME = "{some: parts as p, that: p.fitted}"
EVERY = SOME.replace("some", "every", 1)
NONE = SOME.replace("some", "none", 1)
NO_PARTS = "it is recorded that there were no parts."
NOT_RECORDED = "not recorded: “Which parts were replaced?”"
LISTS = [
    *((text, {}, f"Not evidenced. It: {NOT_RECORDED}") for text in (SOME, EVERY, NONE)),
    (SOME, {"parts": []}, f"Not met. It: {NO_PARTS}"),
    (NONE, {"parts": []}, f"Met. {NO_PARTS.capitalize()}"),
    (EVERY, {"parts": []}, f"Not evidenced. It: {NO_PARTS}"),
    (SOME, parts(False, True), f"Met. {FITTED} yes."),
    (SOME, parts(False, False), f"Not met. It: {FITTED} no."),
    (SOME, parts(False, None), f"Not evidenced. It: not recorded: {FITTED}"),
    (EVERY, parts(True, True), f"Met. {FITTED} yes."),
    (EVERY, parts(None, False), f"Not met. It: {FITTED} no."),
    (EVERY, parts(True, None), f"Not evidenced. It: not recorded: {FITTED}"),
    (NONE, parts(False, False), f"Met. {FITTED} no."),
    (NONE, parts(True, None), f"Not met. It: {FITTED} yes."),
    (NONE, parts(False, None), f"Not evidenced. It: not recorded: {FITTED}"),
    ("{some: parts as p}", parts(None, None), "Met. 2 parts recorded."),
    ("{none: parts as p}", parts(None), "Not met. It: 1 parts recorded."),
    (
        "{every: parts as p, where: p.worn, that: p.fitted}",
        {"parts": [part(worn=False, fitted=False)]},
        "Not evidenced. It: none of the 1 parts is one that this asks about.",
    ),
    (
        "{every: parts as p, where: p.worn, that: p.fitted}",
        {"parts": [part(worn=True, fitted=False)]},
        f"Not met. It: {WORN} yes; {FITTED} no.",
    ),
    (
        "{none: parts as p, where: p.worn, that: p.fitted}",
        {"parts": [part(worn=False, fitted=True), part(worn=True, fitted=False)]},
        f"Met. {WORN} no; {FITTED} no.",
    ),
    (
        "{some: parts as p, where: p.worn, that: p.fitted}",
        {"parts": [part(worn=None, fitted=True)]},
        f"Not evidenced. It: not recorded: {WORN}",
    ),
]
COUNT = "{count: parts as p, where: p.fitted, is: at least 2}"
COUNTS = [
    (COUNT, {}, f"Not evidenced. It: {NOT_RECORDED}"),
    (COUNT, {"parts": []}, "Not met. It: 0 of 0 parts count; at least 2 must."),
    (COUNT, parts(True, True), "Met. 2 of 2 parts count; at least 2 must."),
    (COUNT, parts(True, None), "Not evidenced. It: 1 to 2 of 2 parts count; at least 2 must."),
    ("{count: parts as p, is: 3}", parts(True), "Not met. It: 1 of 1 parts count; 3 must."),
]
ALL = [*LINES, *LISTS, *COUNTS]


@pytest.mark.parametrize(
    ("condition", "record", "reason"), ALL, ids=[f"{text} {reason[:12]}" for text, _, reason in ALL]
)
def test_a_reason_names_what_was_decisive(
    condition: str, record: dict[str, Any], reason: str
) -> None:
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert finding.reason == reason


THREE = "require:\n  well_kept: safe\n  paid: paid\n  known: customer is recorded"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"safe": True, "paid": True, "customer": "x"}, "Met: all 3 criteria."),
        (
            {"safe": False, "customer": "x"},
            f"Not met, 1 of 3 criteria met. Well kept: {SAFE} no.",
        ),
        (
            {"safe": False, "paid": False},
            f"Not met, 0 of 3 criteria met. Well kept: {SAFE} no. Paid: “paid?” no. "
            "Known: “customer is recorded” does not hold: “customer?” not recorded.",
        ),
        (
            {"paid": True, "customer": "x"},
            f"Not evidenced, 2 of 3 criteria met. Well kept: not recorded: {SAFE}",
        ),
    ],
)
def test_several_criteria_are_counted(record: dict[str, Any], reason: str) -> None:
    [finding] = judge(THREE, record)
    assert finding.reason == reason


RULE = """
for_each: parts as part
where: part.worn
applies_when: paid
require: {fitted: part.fitted}
except_when: {unsafe_anyway: not safe}
if_none: not_applicable
"""


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (
            {"paid": True, "safe": False, "parts": [part(worn=True, fitted=False)]},
            f"Excepted: not met, for a permitted reason. Unsafe anyway: {SAFE} no.",
        ),
        (
            {"paid": False, "parts": [part(worn=True)]},
            "Not applicable. “paid?” no.",
        ),
        (
            {"paid": True, "parts": [part()]},
            f"Not evidenced: it cannot be told whether the rule applies. Not recorded: {WORN}",
        ),
        ({"paid": False}, "Not applicable. “paid?” no."),
        (
            {"parts": []},
            "Not evidenced: it cannot be told whether the rule applies. Not recorded: “paid?”",
        ),
        (
            {"paid": True},
            "Not evidenced: parts are not recorded. Not recorded: “Which parts were replaced?”",
        ),
        ({"paid": True, "parts": []}, "Not applicable: it is recorded that there were no parts."),
        (
            {"paid": True, "parts": [part(worn=False), part(worn=False)]},
            f"Not applicable: none of the 2 parts is one that the rule judges. {WORN} no.",
        ),
    ],
)
def test_a_unit_that_is_not_judged_says_why(record: dict[str, Any], reason: str) -> None:
    [finding] = judge(RULE, record)
    assert finding.reason == reason


def test_more_than_four_causes_are_counted() -> None:
    condition = "{any: [safe, paid, loan.agreed, price is 1, wheels is 2, model is city]}"
    record = {"safe": False, "paid": False, "price": 2, "wheels": 3, "model": "cargo",
              "loan": {"agreed": False}}  # fmt: skip
    [finding] = judge(f"require:\n  it: {condition}", record)
    assert finding.reason == (
        f"Not met. It: {SAFE} no; “paid?” no; “Was a loan bicycle agreed?” no; "
        "“price is 1” does not hold: “price?” 2; and 2 more."
    )


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
