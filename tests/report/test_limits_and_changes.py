"""What a report says a run cannot show, how rules stand against a standard, and what changed."""

from typing import Any

import pytest
from report_sample import sample_bundle

from scr_audit.report.changes import NONE_GIVEN, change_sentences, changes
from scr_audit.report.limits import limits, standard_text
from scr_audit.runs.compared import compared


def rule(judged: int | None, records: int | None, **standard: Any) -> dict[str, Any]:
    return {
        "rates": {"judged": judged},
        "totals": {"records": records},
        "standard": standard or None,
    }


def bundle(*rules: dict[str, Any], plan: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"plan": plan, "rules": list(rules)}


def test_how_records_were_chosen_is_said_or_said_not_to_be_known() -> None:
    assert limits(bundle(plan={"selection": "every third case."}))[0] == (
        "The intervals hold for the records from which these were drawn, and only if they were "
        "drawn at random. The plan says: every third case."
    )
    unknown = limits(bundle())[0]
    assert unknown.startswith("How these records were chosen was not stated.")
    assert limits(bundle(plan={"selection": None}))[0] == unknown


def test_rules_that_judged_too_few_units_are_counted() -> None:
    found = bundle(rule(8, 8), rule(9, 9), rule(1, 1), rule(0, 0))
    assert limits(found)[1] == (
        "Even if all is met, it takes 9 units to show that 70% is reached, 16 for 80%, 35 for "
        "90%, 73 for 95%. 2 rules judged fewer than 9 here, and 1 nothing at all."
    )


def test_units_that_come_from_one_record_are_said_not_to_be_independent() -> None:
    assert limits(bundle(rule(5, 2), rule(5, 5)))[2].startswith("For 1 rule several units come")
    assert len(limits(bundle(rule(5, 5), rule(0, 0)))) == 3


def test_what_was_done_and_not_written_down_is_always_said() -> None:
    assert limits(bundle())[-1].startswith("It says what the files record.")


@pytest.mark.parametrize(
    ("share", "verdict", "said"),
    [
        (0.9, "met", "the standard is met (90%)"),
        (0.9, "below", "below the standard (90%)"),
        (1.0, "cannot_tell", "cannot tell whether the standard is met (always)"),
        (0.5, "no_rate", "nothing was judged (50%)"),
    ],
)
def test_a_rule_stands_somewhere_against_its_standard(
    share: float, verdict: str, said: str
) -> None:
    assert standard_text(rule(1, 1, share=share, verdict=verdict)) == said


def test_a_rule_without_a_standard_says_nothing() -> None:
    assert standard_text(rule(1, 1)) == ""


def with_earlier(then: tuple[int, int], now: tuple[int, int], *, sha: str = "") -> dict[str, Any]:
    """The sample, in which one recommendation had and has these met and not met."""
    found = sample_bundle()
    earlier = sample_bundle()
    earlier["as_of"] = "2026-06-30"
    earlier["pack"]["sha256"] = sha or found["pack"]["sha256"]
    earlier["pack"]["version"] = "0.0.9"
    for side, counts in ((earlier, then), (found, now)):
        totals = side["recommendations"][0]["totals"]
        totals.update(met=counts[0], not_met=counts[1], not_evidenced=0)
    return {**found, "compared": compared(found, earlier)}


def test_without_an_earlier_run_nothing_is_said_to_have_changed() -> None:
    assert change_sentences(sample_bundle()) == [NONE_GIVEN]
    assert changes(sample_bundle()) == []


def test_rises_and_falls_are_told_with_their_interval() -> None:
    fallen = with_earlier((56, 14), (48, 32))
    (change,) = changes(fallen)
    assert (change.then, change.now, change.verdict) == ("56 of 70", "48 of 80", "lower")
    assert change.points == "−20 percentage points, 95% interval −33 to −5"
    risen = with_earlier((48, 32), (56, 14))
    assert changes(risen)[0].points == "+20 percentage points, 95% interval +5 to +33"
    (told,) = change_sentences(risen)
    assert told.startswith("Since the run as of 30 June 2026: met ")
    assert "1 share rose and 0 fell by more than chance explains; for " in told


def test_changed_rules_are_a_warning() -> None:
    (_, warning) = change_sentences(with_earlier((5, 5), (5, 5), sha="other"))
    assert warning.startswith("The rules changed between the two runs (version 0.0.9, now 0.1.0)")


def test_what_may_be_chance_is_no_change() -> None:
    assert changes(with_earlier((9, 1), (8, 2))) == []
