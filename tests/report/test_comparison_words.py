"""What is said of two runs compared: whole sentences, whose numbers add up."""

from typing import Any

import kept

from scr_audit.report.comparison import ComparisonView, changed_lines, comparison_view
from scr_audit.series.comparison import RunSide, compare_runs


def _side(name: str, findings: list[kept.Finding], **more: Any) -> RunSide:
    return RunSide(name, kept.head(findings, **more), kept.documents(findings))


def _view(then: list[kept.Finding], now: list[kept.Finding], **day: str) -> ComparisonView:
    later = {"as_of": "2026-06-30", **day}
    return comparison_view(compare_runs(_side("one", then), _side("two", now, **later)))


def _each(outcomes: str, rule: str = "a", first: int = 0) -> list[kept.Finding]:
    """A finding on a record each: `m`et, `n`ot met, `s`ilent, not `a`pplicable."""
    names = {"m": "met", "n": "not_met", "s": "not_evidenced", "a": "not_applicable"}
    return [(rule, f"R{first + n}", "", names[each]) for n, each in enumerate(outcomes)]


def test_the_same_records_are_said_to_be_the_same_and_what_changed_is_named() -> None:
    view = _view(_each("mnnm"), _each("nnmm"))
    assert view.sentences == [
        "Then: 31 March 2026 (one, 4 records). Now: 30 June 2026 (two, 4 records).",
        "Since 31 March 2026: 0 rules fell and 0 rose by more than chance explains; 0 unchanged; "
        "judged on the same records then and now, 1 with the same share; for 0 there are too few "
        "records to tell, and 0 cannot be compared.",
        "2 units were not met then: 1 still open and 1 closed.",
        "2 units are not met now: 1 still open and 1 regressed.",
    ]
    [line] = view.rules
    assert line.verdict == "the same records: 1 regressed, 1 still open, 1 closed"
    assert (line.points, line.chance, line.power) == ("0 percentage points", "", "")
    assert view.notes[1] == (
        "By 1 rule both runs judged the same records, so there is no chance of sampling and "
        "nothing to test: what differs is what changed in these records."
    )
    assert _view(_each("mm"), _each("mm")).rules[0].verdict == "the same records: nothing changed"


def test_the_same_share_is_unchanged_only_where_a_fall_would_have_been_seen() -> None:
    few, many = (_view(_each("m" * n), _each("m" * n, first=n)) for n in (1, 72))
    assert "0 unchanged; for 1 there are too few records to tell" in few.sentences[1]
    assert few.rules[0].verdict == ("too few to tell: it would take about 72 records on each side")
    assert "1 unchanged; for 0 there are too few records to tell" in many.sentences[1]
    assert many.rules[0].verdict == "unchanged"


def test_records_of_which_some_are_in_both_runs_are_said_to_be_tested_only_roughly() -> None:
    view = _view(_each("nnn"), _each("mmmmmm", first=2))
    assert view.rules[0].verdict == "rose"
    assert view.notes[1] == (
        "By 1 rule some of the records, and not all, were judged in both runs; the test takes them "
        "for different records, so it tells only roughly whether chance explains a "
        "difference there."
    )
    assert len(_view(_each("nnn"), _each("mmmmmm", first=3)).notes) == 2


def test_every_unit_that_was_or_is_not_met_is_in_one_class_that_is_named() -> None:
    view = _view(_each("nnnnnnms"), [*_each("nmsa"), *_each("nnnn", first=6)])
    assert view.sentences[2:] == [
        "6 units were not met then: 1 still open, 1 closed, 1 no longer evidenced, 1 no longer "
        "judged and 2 in records of the earlier run only.",
        "5 units are not met now: 1 still open, 1 regressed, 1 opened and 2 in records of the "
        "later run only.",
    ]
    assert _view(_each("m"), _each("n")).sentences[2:] == [
        "0 units were not met then.", "1 unit is not met now: 1 regressed."
    ]  # fmt: skip


def test_open_units_are_said_to_be_of_the_rules_that_ask_the_same() -> None:
    then = [*_each("nn"), *_each("n", rule="gone")]
    assert _view(then, _each("nm")).sentences[2:] == [
        "2 units were not met then, by rules that ask the same in both runs: 1 still open and 1 "
        "closed.",
        "1 unit is not met now, by rules that ask the same in both runs: 1 still open.",
    ]


def test_units_that_are_not_matched_are_counted_for_each_run() -> None:
    then, now = ([("a", "R0", "/x/0", "not_met"), ("a", "R0", "/x/1", "met")] for _ in range(2))
    sides = _side("one", then), _side("two", [*now, ("a", "R0", "/x/2", "met")])
    for side in sides:
        for finding in side.findings or ():
            finding["key"] = [{"name": "bell"}]  # type: ignore[index]
    view = comparison_view(compare_runs(*sides))
    assert view.sentences[2:] == [
        "1 unit was not met then: 1 not matched.",
        "1 unit is not met now: 1 not matched.",
        "2 units of the earlier run and 3 of the later one could not be matched, and nothing is "
        "said of what became of them.",
    ]
    group = next(group for group in view.groups if group.name == "not_matched")
    assert (group.title, group.meaning, group.number) == (
        "Not matched, of either run",
        "it is not certain which unit of the other run it is: several in the record look the same, "
        "or what the record says of it may have been corrected or completed since, or the run was "
        "made by an earlier scr-audit, which knew units by their place in a list only; the people "
        "who keep the rules can say which answers tell such units apart",
        5,
    )  # fmt: skip


def test_runs_given_backwards_are_said_to_be() -> None:
    view = _view(_each("nnn"), _each("mmmmmm", first=3), as_of="2026-01-31")
    assert view.sentences[1].startswith("From 31 March 2026 back to 31 January 2026: 0 rules fell")
    assert view.notes[0] == (
        "The first run given is the later one: what is called then, or the earlier run, is 31 "
        "March 2026 (one, 3 records), and what is called now, or the later run, is 31 January 2026 "
        "(two, 6 records). To read what changed in the course of time, give the runs the other way "
        "round."
    )


def test_a_change_of_practice_in_the_same_records_is_no_chance() -> None:
    then, again, now = _each("mm"), _each("mn"), _each("nn")
    found = compare_runs(
        _side("one", then, meanings={"a": "old"}), _side("two", now, meanings={"a": "new"}),
        _side("old", again, meanings={"a": "new"}),
    )  # fmt: skip
    assert changed_lines(found["rules"][0])[1] == (
        "Change of practice, by the new rule: 1 of 2 met (50%) then, 0 of 2 met (0%) now (−50 "
        "percentage points; the same records, so no chance of sampling)."
    )
