"""What a report says a run cannot show, how rules stand against a standard, and what changed."""

from typing import Any

import pytest
from report_sample import sample_bundle

from scr_audit.report.changes import NONE_GIVEN, change_sentences, changes, time_of_run, when_words
from scr_audit.report.headline import reach_sentences, remarks_sentence
from scr_audit.report.standings import standard_text
from scr_audit.series.comparison import compare_with_earlier


def rule(judged: int | None, records: int | None, **standard: Any) -> dict[str, Any]:
    return {
        "rates": {"judged": judged},
        "totals": {"records": records},
        "standard": standard or None,
    }


def bundle(*rules: dict[str, Any], plan: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"plan": plan, "rules": list(rules)}


def test_how_records_were_chosen_is_said_or_said_not_to_be_known() -> None:
    planned = {"selection": "every third case."}
    assert reach_sentences(bundle(plan=planned))[0] == (
        "No draw was given to this run. The numbers are about these records; the intervals hold "
        "for others only where these were drawn from them at random. How they were chosen: every "
        "third case."
    )
    drawn = {**planned, "sample": {"seed": "said before"}}
    assert reach_sentences(bundle(plan=drawn))[0].endswith("these were drawn at random.")
    unknown = reach_sentences(bundle())[0]
    assert unknown.startswith("How these records were chosen was not stated.")
    assert reach_sentences(bundle(plan={"selection": None}))[0] == unknown


def test_rules_that_judged_too_few_units_are_counted() -> None:
    found = bundle(rule(8, 8), rule(9, 9), rule(1, 1), rule(0, 0))
    assert reach_sentences(found)[1] == (
        "Even if all is met, it takes 9 units to show that 70% is reached, 16 for 80%, 35 for "
        "90%, 73 for 95%. 2 rules judged fewer than 9 here, and 1 nothing at all."
    )


def test_a_record_alone_in_its_file_is_told_without_a_place() -> None:
    listed = [
        {"record": id, "file": file, "position": position, "text": "its id looks like another"}
        for id, file, position in (("r1", "r1.xlsx", ""), ("R1", "cases.json", "/0"))
    ]
    found = {"format": "scr-audit/run", "remarks": {"count": 2, "listed": listed}}
    assert remarks_sentence(found) == (
        "May be there twice: r1 (r1.xlsx): its id looks like another. R1 (cases.json, /0): its id "
        "looks like another."
    )


def test_units_that_come_from_one_record_are_said_not_to_be_independent() -> None:
    assert reach_sentences(bundle(rule(5, 2), rule(5, 5)))[2].startswith(
        "For 1 rule several units come"
    )
    assert len(reach_sentences(bundle(rule(5, 5), rule(0, 0)))) == 3


def test_what_was_done_and_not_written_down_is_always_said() -> None:
    assert reach_sentences(bundle())[-1].startswith("It says what the files record.")


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


def with_earlier(
    *pairs: tuple[tuple[int, int], tuple[int, int]], period: tuple[str, str] | None = None
) -> dict[str, Any]:
    """The sample with rules of which these records were and are met and not met."""
    found, earlier = sample_bundle(), sample_bundle()
    earlier["as_of"] = "2026-06-30"
    if period:
        earlier["plan"] = {"period": {"start": period[0], "end": period[1]}}
    for place, side in enumerate((earlier, found)):
        side["rules"] = [
            {**side["rules"][0], "id": f"r{number}", "title": f"Rule {number}",
             "totals": _totals(*pair[place])}
            for number, pair in enumerate(pairs)
        ]  # fmt: skip
    return {**found, "compared": compare_with_earlier(found, earlier)}


def _totals(met: int, not_met: int, not_evidenced: int = 0) -> dict[str, int]:
    return {
        "met": met, "not_met": not_met, "not_evidenced": not_evidenced, "not_applicable": 0,
        "excepted": 0, "error": 0, "records": met + not_met + not_evidenced,
        "records_met": met, "records_not_met": not_met,
    }  # fmt: skip


def test_without_an_earlier_run_nothing_is_said_to_have_changed() -> None:
    assert change_sentences(sample_bundle()) == [NONE_GIVEN]
    assert changes(sample_bundle()) == []


def test_rises_and_falls_are_told_with_their_interval() -> None:
    (change,) = changes(with_earlier(((56, 14), (48, 32))))
    assert (change.then, change.now, change.verdict) == (
        "56 of 70 met (80%)", "48 of 80 met (60%)", "fell",
    )  # fmt: skip
    assert change.points == "−20 percentage points, 95% interval −33 to −5"
    assert changes(with_earlier(((48, 32), (56, 14))))[0].verdict == "rose"


def test_falls_stand_before_rises_and_what_is_too_few_to_tell_last() -> None:
    found = changes(with_earlier(((0, 9), (9, 0)), ((0, 1), (1, 0)), ((9, 0), (0, 9))))
    assert [(row.title, row.verdict.split(":")[0]) for row in found] == [
        ("Rule 2", "fell"), ("Rule 0", "rose"), ("Rule 1", "too few to tell"),
    ]  # fmt: skip


def test_too_few_to_tell_says_how_many_it_would_take() -> None:
    found = with_earlier(((0, 3), (3, 0)), ((2, 3), (6, 0, 2)), ((5, 5), (5, 5)))
    assert [(row.title, row.now, row.verdict) for row in changes(found)] == [
        ("Rule 0", "3 of 3 met (100%)",
         "too few to tell: it would take about 5 records on each side"),
        ("Rule 1", "6 of 6 met (100%) and 2 not evidenced",
         "too few to tell: it would take about 10 records on each side"),
    ]  # fmt: skip


def test_what_changed_is_told_since_the_period_of_the_earlier_run_or_its_day() -> None:
    found = with_earlier(
        ((0, 9), (9, 0)), ((2, 3), (6, 0)), ((0, 0), (1, 0)), period=("2026-07-01", "2026-09-30")
    )
    first, second, third = change_sentences(found)
    assert first == (
        "Since Q3 2026: 0 rules fell and 1 rose by more than chance explains; 0 unchanged; for 1 "
        "there are too few records to tell, and 1 cannot be compared."
    )
    assert second.startswith("Findings over all rules then: ")
    assert third == (
        "Counted are records, since several units of one record are not independent. By a rule a "
        "record is met where all that the rule judges in it is met, not met where something is "
        "not, and otherwise not evidenced, which is in no share. Fisher's exact test, which allows "
        "for the 2 rules compared (Benjamini and Hochberg), decides whether chance explains a "
        "difference."
    )
    assert change_sentences(with_earlier(((50, 50), (50, 50))))[0] == (
        "Since 30 June 2026: 0 rules fell and 0 rose by more than chance explains; 1 unchanged; "
        "for 0 there are too few records to tell, and 0 cannot be compared."
    )


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (("2026-11-29", None), ("2026-11-29", None), "Between the two runs of 29 November 2026"),
        (("2026-11-29", None), ("2026-11-30", None), "Since 29 November 2026"),
        (("2026-11-30", None), ("2026-11-29", None),
         "From 30 November 2026 back to 29 November 2026"),
        (("2026-01-02", "2026Q2"), ("2026-01-03", "2026Q1"), "From Q2 2026 back to Q1 2026"),
        (("2026-01-03", "2026Q1"), ("2026-01-02", "2026Q2"), "Since Q1 2026"),
    ],
)  # fmt: skip
def test_between_what_times_something_changed(
    then: tuple[str, str | None], now: tuple[str, str | None], said: str
) -> None:
    sides = [dict(zip(("as_of", "period"), side, strict=True)) for side in (then, now)]
    assert when_words(*sides) == said


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("2026Q3", "Q3 2026"),
        ("2026-03", "March 2026"),
        ("2026", "2026"),
        ("2026-04-01..2027-03-31", "1 April 2026 to 31 March 2027"),
    ],
)
def test_a_period_is_called_as_people_say_it(label: str, said: str) -> None:
    assert time_of_run({"period": label, "as_of": "2026-12-31"}) == said


def test_a_rule_that_asks_something_else_now_is_not_compared() -> None:
    found = with_earlier(((0, 9), (9, 0)))
    found["compared"]["rules"][0].update(rule="changed")
    assert change_sentences(found)[-1] == (
        "1 rule asks something else now, so nothing is said of a change there."
    )
