"""Whether a run shows that an action worked, with its reason."""

from typing import Any

import plans
import pytest

from scr_audit.actions.judgement import judge, parse_target
from scr_audit.actions.state import Action
from scr_audit.errors import InputError

FEW = "too few to tell; 35 conferences all met would show it, 25 more than here"


@pytest.mark.parametrize(
    ("counts", "verdict", "reason"),
    [
        ((35, 0, 0), "worked", "35 of 35 conferences met, 90 % asked for"
         " (95 % interval 90 to 100 %)"),
        ((10, 20, 0), "not_yet", "10 of 30 conferences met, 90 % asked for"
         " (95 % interval 19 to 51 %)"),
        ((10, 0, 0), "cannot_tell", f"10 of 10 conferences met, 90 % asked for: {FEW}"),
        ((55, 4, 1), "cannot_tell", "55 of 60 conferences met, 90 % asked for: the facts of 1 are"
         " missing, so record them and run again"),
        ((56, 4, 0), "cannot_tell", "56 of 60 conferences met, 90 % asked for: the share may lie"
         " on either side (95 % interval 84 to 97 %), so judge more conferences"),
        ((0, 0, 0), "cannot_tell", "the run judged no conferences by this rule"),
    ],
)  # fmt: skip
def test_the_interval_decides(counts: tuple[int, int, int], verdict: str, reason: str) -> None:
    found = judge(plans.action(), plans.bundle(*counts))
    assert (found.verdict, found.reason, found.about) == (verdict, reason, True)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [((3, 0, 0), "worked"), ((300, 1, 0), "not_yet"), ((3, 0, 1), "cannot_tell")],
)
def test_always_needs_no_interval(counts: tuple[int, int, int], verdict: str) -> None:
    always = plans.action({"set": {"shown_by": {**plans.ASKED, "target": 1.0}}})
    assert judge(always, plans.bundle(*counts)).verdict == verdict


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            {"plan": {"period": {"start": "2026-10-01", "end": "2026-12-31", "label": "2026Q4"}}},
            "not this quarter: the run is of 2026-10-01 to 2026-12-31, not of 2027Q1",
        ),
        ({"plan": None}, "not this quarter: the run is as of 2027-04-12, not in 2027Q1"),
        (
            {"plan": None, "as_of": None},
            "the run says neither its period nor its day; 2027Q1 was named",
        ),
        ({"rules": []}, "the run did not judge by the rule gp-invited"),
    ],
)
def test_a_run_about_something_else_is_no_judgement(more: dict[str, Any], reason: str) -> None:
    found = judge(plans.action(), plans.bundle(35, 0, 0, **more))
    assert (found.verdict, found.reason, found.about) == ("cannot_tell", reason, False)


def test_without_a_period_the_day_of_the_run_lies_in_the_quarter() -> None:
    run = plans.bundle(35, 0, 0, plan=None, as_of="2027-03-31")
    assert judge(plans.action(), run).verdict == "worked"


def test_a_rule_that_asks_something_else_now_shows_nothing() -> None:
    before = plans.action({**plans.judged("not_yet", meaning="old")})
    run = plans.bundle(35, 0, 0)
    run["rules"][0]["meaning"] = "new"
    found = judge(before, run)
    assert (found.verdict, found.reason) == (
        "cannot_tell",
        "the rule gp-invited asks something else than when the action was set",
    )


def test_an_action_that_names_nothing_cannot_be_told() -> None:
    found = judge(Action("A1"), plans.bundle(35, 0, 0))
    assert found.reason == "it names no rule, target and quarter that would show it"


@pytest.mark.parametrize(("text", "share"), [("90", 0.9), ("5 %", 0.05), ("always", 1.0)])
def test_targets(text: str, share: float) -> None:
    assert parse_target(text) == share


@pytest.mark.parametrize("text", ["0", "100", "0.9", "", "most", "９"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_target(text)
    expected = f"{text!r} is no target; expected a per cent from 1 to 99, or always"
    assert str(refused.value) == expected
