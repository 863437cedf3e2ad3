"""Sentences from the words of a schema: what a reason and a remedy say of each kind of verdict."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from worded import judge

from scr_audit.evaluate.sayings import Saying, beside, sentences

TODAY = date(2026, 11, 29)


def part(name: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, **facts}


def parts(*found: dict[str, Any]) -> dict[str, Any]:
    return {"parts": list(found)}


ALL = "tools includes all of pump, spanner"
FACTS = [
    ("safe", {"safe": True}, "The bicycle was safe to ride."),
    ("safe", {"safe": False}, "The bicycle was not safe to ride."),
    ("not safe", {"safe": True}, "The bicycle was safe to ride."),
    ("safe", {}, "It is not recorded whether the bicycle was safe to ride."),
    # Several facts of one thing.
    ("[safe, paid]", {"safe": False, "paid": False},
     "The bicycle was not safe to ride or paid for."),
    ("[safe, paid]", {},
     "It is not recorded whether the bicycle was safe to ride or was paid for."),
    ("{any: [safe, wheels at least 3]}", {"safe": False},
     "Not recorded: “wheels?”"),
    ("model is city", {"model": "cargo"}, "The job was about a load-carrying bicycle."),
    ("model is city", {}, "It is not recorded which sort of bicycle it is."),
    ("wheels at least 3", {"wheels": 2},
     "The bicycle had 2 wheels, and the rule asks for at least 3."),
    (ALL, {"tools": ["pump"]}, "The spanner was not used."),
    (ALL, {"tools": []}, "The pump or spanner was not used."),
    (ALL, {"tools": ["pump", "spanner"]}, "The pump and spanner were used."),
    ("labels includes any of 'a', 'b', 'c'", {"labels": ["d"]},
     "The bicycle did not carry any of “a”, “b” or “c”."),
    ("labels includes any of 'a', 'b'", {"labels": []}, "The bicycle did not carry “a” or “b”."),
    # Of many the last are only counted, but never a single one.
    ("labels includes all of 'a', 'b', 'c', 'd', 'e', 'f', 'g'", {"labels": []},
     "The bicycle did not carry any of “a”, “b”, “c”, “d”, “e”, “f” or “g”."),
    # Of a fact that another alternative asks more of, that it is recorded is no news.
    ("{any: [tools is not recorded, tools includes pump]}", {"tools": ["spanner"]},
     "The pump was not used."),
    ("tools does not include pump", {"tools": ["pump"]}, "The pump was used."),
    ("returned_on is recorded", {}, "It is not recorded when the bicycle was returned."),
]  # fmt: skip
BACK = "returned_on within 10 days after booked_on"
DAYS = [
    (BACK, {"booked_on": "2026-04-02", "returned_on": "2026-04-13"},
     "The bicycle was returned on 13 April 2026, 1 day late (due by 12 April 2026)."),
    (BACK, {"booked_on": "2026-04-02"}, "It is not recorded when the bicycle was returned."),
    (BACK, {"booked_on": "2026-04", "returned_on": "2026-04-20"}, "The bicycle was returned on 20 "
     "April 2026. The job was booked in April 2026, and the day is not recorded. So it is open "
     "whether the rule is met."),
    # What a day is held against, too, where that is no other fact.
    (f"{{any: [returned_on on or before booked_on, {BACK}]}}",
     {"booked_on": "2026-04-02", "returned_on": "2026-04-13"},
     "The bicycle was returned on 13 April 2026, 1 day late (due by 12 April 2026)."),
    ("returned_on before 2026-04-01", {"returned_on": "2026-04-13"},
     "The bicycle was returned on 13 April 2026, after 1 April 2026."),
    ("returned_on before 2026-04-01", {"returned_on": "2026-04-01"},
     "The bicycle was returned on 1 April 2026, and the rule asks for before 1 April 2026."),
    ("{not: returned_on on or after 2026-04-01}", {"returned_on": "2026-04-13"},
     "The bicycle was returned on 13 April 2026."),
    ("'returned_on on or before {as_of}'", {"returned_on": "2026-11-30"},
     "The bicycle was returned on 30 November 2026, after the day of the audit "
     "(29 November 2026)."),
    ("'returned_on before {as_of}'", {"returned_on": "2026-11-29"},
     "The bicycle was returned on 29 November 2026, the day of the audit."),
    ("'returned_on within 1 months before {as_of}'", {"returned_on": "2026-10-28"},
     "The bicycle was returned on 28 October 2026, more than 1 month before the day of the audit "
     "(29 November 2026)."),
    (BACK, {}, "It is not recorded when the bicycle was returned or when the job was booked."),
    ("returned_on before booked_on", {"booked_on": "2026", "returned_on": "2026"}, "The bicycle "
     "was returned in 2026, and the day is not recorded. The job was booked in 2026, and the day "
     "is not recorded. So it is open whether the rule is met."),
    ("opened_at is recorded", {"opened_at": "2026-04-01T10:30"},
     "The job was opened at 10:30 on 1 April 2026."),
    ("opened_at is recorded", {"opened_at": "2026-04-01"},
     "The job was opened on 1 April 2026."),
    ("opened_at is recorded", {"opened_at": "2026-10-25T01:30"}, "The job was opened at 01:30 on "
     "25 October 2026."),
]  # fmt: skip
EVERY = "{every: parts as p, that: p.fitted}"
DATED = "{every: parts as p, that: [p.fitted, p.fitted_on is recorded]}"
BOTH = "{every: parts as p, that: [p.fitted, p.recalled]}"
WORN = "{some: parts as p, where: p.worn, that: p.fitted}"
A_WORN = "{some: parts as p, where: p.worn, called: a worn part, that: p.fitted}"
THE_WORN = A_WORN.replace("a worn", "the worn")
COUNT = "{count: parts as p, where: p.worn, called: a worn part, is: at least 2}"
BELL, BRAKE = part("bell", fitted=False), part("brake", fitted=False)
UNWORN = parts(part("bell", worn=False), part("brake", worn=False))
ITEMS = [
    (EVERY, parts(BELL, part("brake", fitted=True)), "The bell was not fitted."),
    # One predicate of several things.
    (EVERY, parts(BELL, BRAKE), "The bell and the brake were not fitted."),
    # What was not done has no day.
    (DATED, parts(BELL), "The bell was not fitted."),
    (DATED, parts(part("bell", fitted=True)), "It is not recorded when the bell was fitted."),
    (DATED, parts(BELL, part("brake", fitted=True)),
     "The bell was not fitted. It is not recorded when the brake was fitted."),
    ("[paid, returned_on is recorded]", {"paid": False},
     "The bicycle was not paid for. It is not recorded when the bicycle was returned."),
    (EVERY, parts(part("front_light"), part("brake")),
     "It is not recorded whether the front light or the brake was fitted."),
    (EVERY, parts(BELL, BELL, BRAKE),
     "The bell (first part), the bell (second part) and the brake were not fitted."),
    (BOTH, parts(BELL | {"recalled": False}, BRAKE | {"recalled": False}),
     "The bell and the brake were not fitted and have not been recalled."),
    (BOTH, parts(BELL | {"recalled": False}, BRAKE | {"recalled": True}),
     "The bell was not fitted and has not been recalled. The brake was not fitted."),
    (EVERY, {"parts": []}, "The record says that there were no parts."),
    (EVERY, {}, "It is not recorded which parts were replaced."),
    # What was asked for is not there: with what it is called, and without.
    (A_WORN, UNWORN, "No worn part is among the 2 parts listed."),
    (THE_WORN, UNWORN, "The worn part is not among the 2 parts listed."),
    (WORN, UNWORN, "None of the 2 parts is such a one."),
    (A_WORN, parts(part("bell", worn=False)), "The only part listed is not a worn part."),
    (A_WORN, parts(part("bell", worn=True, fitted=False)), "The bell was not fitted."),
    (COUNT, UNWORN, "0 of 2 parts listed count as a worn part, and the rule asks for at least 2."),
    (COUNT, parts(part("bell", worn=True), part("brake", worn=False)),
     "1 of 2 parts listed counts as a worn part, and the rule asks for at least 2."),
]  # fmt: skip
SOME = "{some: parts as p, that: p.fitted}"
WEIGHED = "{shown: wheels at least 3, said: safe}"
CONTRADICTIONS = [
    # What a line shows is not said again, but what several items show may not be all.
    (WEIGHED, {"wheels": 2, "safe": False},
     "The bicycle had 2 wheels, and the rule asks for at least 3."),
    (WEIGHED.replace("wheels at least 3", SOME), parts(BELL) | {"safe": False},
     "The bell was not fitted. The bicycle was not safe to ride."),
    (WEIGHED, {"wheels": 3, "safe": False}, "The record contradicts itself: the bicycle had 3 "
     "wheels, and yet the bicycle was not safe to ride."),
    (WEIGHED, {"wheels": 2, "safe": True}, "The record contradicts itself: the bicycle had 2 "
     "wheels, and the rule asks for at least 3, and yet the bicycle was safe to ride."),
    # The answer itself is told once, at the end.
    (WEIGHED.replace("wheels at least 3", f"{{any: [safe is not recorded, {SOME}]}}"),
     {"parts": [], "safe": True}, "The record contradicts itself: there were no parts, and yet "
     "the bicycle was safe to ride."),
]  # fmt: skip
SHOWN_BY_ONE = [
    # What is not recorded shows it only where nothing else does.
    ("{any: [wheels is not recorded, safe]}", {"safe": True}, "The bicycle was safe to ride."),
    # One way in which it holds is enough.
    (
        "{any: [safe, wheels at least 2]}",
        {"safe": True, "wheels": 3},
        "The bicycle was safe to ride.",
    ),
]


@pytest.mark.parametrize(
    ("condition", "record", "reason"), [*FACTS, *DAYS, *ITEMS, *CONTRADICTIONS, *SHOWN_BY_ONE]
)
def test_a_reason_is_made_of_the_words_of_the_schema(
    condition: str, record: dict[str, Any], reason: str
) -> None:
    [finding] = judge(f"require:\n  it: {condition}", record, TODAY)
    assert finding.reason == reason


def test_of_a_thing_that_was_not_done_nothing_else_is_told() -> None:
    said = [
        Saying("was not reported", "the audit"),
        Saying("was not issued or held", "the memo", pointer="/memo/issued"),
        Saying("was not done", "the audit", pointer="/audit/done"),
        Saying("was not done in time", "the review", pointer="/review/in_time"),
        Saying("found gaps", "the review"),
        Saying("the audit found gaps, but nothing was changed", about=("the audit", "it")),
        Saying("no bill was sent", pointer="/bill/sent"),
        Saying("gives the price", "the bill"),
        Saying("reached everybody", "the memo", "whether"),
    ]
    assert sentences(said) == [
        "The memo was not issued or held.",
        "The audit was not done.",
        "The review was not done in time and found gaps.",
        "No bill was sent.",
    ]


@pytest.mark.parametrize(
    ("one", "several"),
    [("covers it", "cover it"), ("reaches it", "reach it"), ("passes", "pass"),
     ("was it", "were it"), ("does not cover it", "do not cover it"), ("covered it", "covered it")],
)  # fmt: skip
def test_several_things_do_what_one_does(one: str, several: str) -> None:
    said = [Saying(one, "the form"), Saying(one, "the guideline")]
    assert sentences(said) == [f"The form and the guideline {several}."]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"loan": {"agreed": False}}, "A loan bicycle was not given."),
        ({"loan": {"agreed": False}, "wheels": 3},
         "A loan bicycle was not given. It is not recorded when the job was booked."),
    ],
)  # fmt: skip
def test_that_what_was_not_done_cannot_be_judged_in_other_ways_goes_without_saying(
    record: dict[str, Any], reason: str
) -> None:
    other = "loan.start after booked_on" if "wheels" in record else "loan.start before loan.end"
    [finding] = judge(f"require: {{given: loan.agreed, began: {other}}}", record)
    assert finding.reason == reason


REPORT = "require: {back: {shown: returned_on after booked_on, said: safe}, it: %s}"


@pytest.mark.parametrize(
    ("other", "record", "reason"),
    [
        # What would show what was not done is not asked again.
        (BACK, {"safe": False}, "The bicycle was not safe to ride."),
        # Where nothing of a group is recorded, its first question opens the rest.
        ("[loan.agreed, loan.start after booked_on]", {"safe": True, "booked_on": "2026-10-04"},
         "It is not recorded whether a loan bicycle was given."),
    ],
)  # fmt: skip
def test_only_what_is_asked_first_is_told_of_what_is_not_recorded(
    other: str, record: dict[str, Any], reason: str
) -> None:
    [finding] = judge(REPORT % other, record)
    assert finding.reason == reason


def test_by_whom_what_was_not_done_was_done_is_not_asked() -> None:
    told = [Saying("was not questioned", "the plan", pointer="/plan/questioned")]
    asked = [
        Saying(f"who {each}", missing="which", pointer=f"/plan/questioned{each}")
        for each in ("_by", "_on", "_recorded")
    ]
    assert beside(told, asked) == asked[2:]


IN_10_OR_20 = f"{{any: [{BACK}, [safe, {BACK.replace('10', '20')}]]}}"


@pytest.mark.parametrize(
    ("returned", "safe", "reason"),
    [
        ("2026-04-13", False, "1 day late (due by 12 April 2026). The bicycle was not safe to "
         "ride."),
        ("2026-04-25", True, "3 days late (due by 22 April 2026)."),
        ("2026-04-25", False, "13 days late (due by 12 April 2026). The bicycle was not safe to "
         "ride."),
    ],
)  # fmt: skip
def test_of_alternatives_with_a_time_limit_each_the_one_that_counts_is_told(
    returned: str, safe: bool, reason: str
) -> None:
    record = {"booked_on": "2026-04-02", "returned_on": returned, "safe": safe}
    [finding] = judge(f"require:\n  it: {IN_10_OR_20}", record)
    day = returned.removeprefix("2026-04-")
    assert finding.reason == f"The bicycle was returned on {day} April 2026, {reason}"


CHECKED = """
for_each: parts as part
where: part.worn
called: a worn part
require:
  checked:
    some: part.checks as check
    where: check.passed
    called: a passed check
    that: check.on within 10 days after part.fitted_on
if_none: not_applicable
"""
TWO_LIMITS = CHECKED.replace(
    "within 10 days after part.fitted_on",
    "within 10 days after part.fitted_on\n  again:\n    some: part.checks as check\n"
    "    where: [check.passed]\n    called: a second check\n"
    "    that: check.on within 20 days after part.fitted_on",
)
FAILED = {"passed": False, "on": "2026-01-20"}


def fitted(*checks: dict[str, Any]) -> dict[str, Any]:
    return parts(part("bell", worn=True, fitted_on="2026-01-01", checks=list(checks)))


@pytest.mark.parametrize(
    ("rule", "record", "reason"),
    [
        (CHECKED, {}, "It is not recorded which parts were replaced."),
        (CHECKED, {"parts": []}, "The record says that there were no parts."),
        (CHECKED, UNWORN, "No worn part is among the 2 parts listed."),
        (CHECKED, parts(part("bell", worn=False)), "The only part listed is not a worn part."),
        (CHECKED, parts(part("bell")), "It is not recorded whether the bell that was replaced was "
         "worn. So it is open whether the rule applies."),
        # What never came has the day on which it was due.
        (CHECKED, fitted(FAILED), "No passed check is recorded; one was due by 11 January 2026."),
        (TWO_LIMITS, fitted(FAILED), "No passed check is recorded; one was due by 11 January 2026. "
         "No second check is recorded; one was due by 21 January 2026."),
        (CHECKED, fitted({"passed": True, "on": "2026-01-20"}),
         "The first check was made on 20 January 2026, 9 days late (due by 11 January 2026)."),
        (CHECKED, fitted({"passed": True}), "It is not recorded when the first check was made."),
    ],
)  # fmt: skip
def test_a_unit_speaks_of_what_it_is_about(rule: str, record: dict[str, Any], reason: str) -> None:
    [finding] = judge(rule, record, TODAY)
    assert finding.reason == reason


@pytest.mark.parametrize(
    ("fitted_on", "reason"),
    [
        ("2026-03-04", "The bell of 4 March 2026 was not fitted."),
        ("2026-03", "The bell of March 2026 was not fitted."),
        (None, "A bell was not fitted."),
    ],
)
def test_an_item_is_called_by_the_first_name_that_can_be_filled(
    fitted_on: str | None, reason: str
) -> None:
    called = ("the {name} of {fitted_on}", "a {name}")
    bell = part("bell", fitted=False, fitted_on=fitted_on)
    [finding] = judge(f"require:\n  it: {EVERY}", parts(bell), called=called)
    assert finding.reason == reason


def test_items_of_one_name_are_called_by_their_place() -> None:
    bells = parts(BELL, BELL)
    [finding] = judge(f"require:\n  it: {EVERY}", bells, called=("a {name}",))
    assert finding.reason == "The first part and the second part were not fitted."


def test_where_several_items_were_due_on_several_days_no_day_is_told() -> None:
    rule = """
    require:
      checked:
        every: parts as part
        that:
          some: part.checks as check
          where: check.passed
          called: a passed check
          that: check.on within 10 days after part.fitted_on
    """
    bell, brake = (
        part(name, fitted_on=day, checks=[FAILED])
        for name, day in (("bell", "2026-01-01"), ("brake", "2026-02-01"))
    )
    [finding] = judge(rule, parts(bell, brake), TODAY)
    assert finding.reason == (
        "The only check listed for the bell is not a passed check. "
        "The only check listed for the brake is not a passed check."
    )


OF_OTHERS = """
for_each: parts as part
where: part.worn
if_none: not_met
require:
  it:
    every: parts as other
    where: {{not: other.worn}}
    called: a part not worn
    that: {asked}
"""
OWN = """
for_each: [parts as part, part.checks as check]
if_none: not_met
require:
  it: {asked}
"""
PASSED = "{some: other.checks as c, where: c.passed, called: a passed check}"


@pytest.mark.parametrize(
    ("rule", "asked", "checks", "reason"),
    [
        (OF_OTHERS, PASSED, [FAILED], "The only check listed for the bell is not a passed check."),
        (OF_OTHERS, PASSED, [FAILED, FAILED],
         "No passed check is among the 2 checks listed for the bell."),
        (OF_OTHERS, PASSED, [], "The record says that there were no checks for the bell."),
        (OF_OTHERS, "{none: other.checks as c}", [FAILED], "There is 1 check on record for the "
         "bell."),
        (OF_OTHERS, "{count: other.checks as c, is: at least 2}", [FAILED],
         "The only check listed for the bell counts, and the rule asks for at least 2."),
        # The heading of a finding names its unit, and what the unit is in.
        (OWN, PASSED.replace("other", "part"), [FAILED],
         "The only check listed is not a passed check."),
    ],
)  # fmt: skip
def test_whose_list_it_is_is_told_where_the_unit_does_not_say_so(
    rule: str, asked: str, checks: list[dict[str, Any]], reason: str
) -> None:
    worn, other = part("brake", worn=True, checks=[]), part("bell", worn=False, checks=checks)
    findings = judge(rule.format(asked=asked), parts(other, worn))
    assert findings[0].reason == reason


@pytest.mark.parametrize(
    ("rule", "record", "remedy"),
    [
        # What the reason leaves open is not said again.
        ("require: {it: safe, too: paid}", {"safe": False}, ""),
        ("require: {it: [safe, paid], too: {any: [paid, loan.agreed]}}", {"safe": False}, ""),
        ("require: {it: [safe, paid]}", {"safe": False},
         "To be met as well: the bicycle was paid for."),
        (f"require: {{it: {EVERY}}}", parts(BELL, part("brake")),
         "To be met as well: the brake was fitted."),
    ],
)  # fmt: skip
def test_a_remedy_is_made_of_the_same_words(rule: str, record: dict[str, Any], remedy: str) -> None:
    [finding] = judge(rule, record, TODAY)
    assert finding.remedy is not None
    assert finding.remedy.text == remedy


@pytest.mark.parametrize(
    ("line", "facts", "reason"),
    [
        ("wheels at least 3", {"wheels": 2}, "The bicycle had 2 wheels."),
        ("wheels at least 2 more than price", {"wheels": 2, "price": 1},
         "The bicycle had 2 wheels, and “price?” 1."),
    ],
)  # fmt: skip
def test_what_a_line_under_not_asks_for_is_not_said_to_be_asked_for(
    line: str, facts: dict[str, Any], reason: str
) -> None:
    [finding] = judge(f"require: {{it: {{not: {line}}}}}", facts)
    assert (finding.outcome, finding.reason) == ("met", reason)
