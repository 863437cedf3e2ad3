"""Two runs compared: what became of each unit, and a changed rule is never mixed in."""

from typing import Any

import kept
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from scr_audit.errors import InputError
from scr_audit.runs.comparison import Side, compare_runs
from scr_audit.runs.unit_changes import CHANGES, change_of, unit_changes


def _side(name: str, findings: list[kept.Finding], **more: Any) -> Side:
    return Side(name, kept.head(findings, **more), kept.documents(findings))


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        ("met", "not_met", "regressed"),
        ("not_evidenced", "not_met", "opened"),
        ("not_applicable", "not_met", "opened"),
        (None, "not_met", "opened"),
        ("not_met", "not_met", "still_open"),
        ("not_met", "met", "closed"),
        ("not_met", "not_evidenced", "lost_evidence"),
        ("met", "not_evidenced", "lost_evidence"),
        ("not_met", "not_applicable", "no_longer_judged"),
        ("not_met", None, "no_longer_judged"),
        ("not_evidenced", "met", "newly_met"),
        ("met", "met", "unchanged"),
        ("not_evidenced", "not_evidenced", "unchanged"),
        ("not_applicable", "not_evidenced", "other"),
    ],
)
def test_what_became_of_a_unit(then: str | None, now: str | None, change: str) -> None:
    assert change_of(then, now) == change


def test_a_record_that_only_one_run_has_did_not_change() -> None:
    then = {("a", "R1", ""): "not_met", ("a", "R2", ""): "met", ("a", "R3", ""): "met"}
    now = {("a", "R3", ""): "met", ("a", "R4", ""): "not_met", ("a", "R5", ""): "met"}
    assert unit_changes(then, now) == {
        ("a", "R1", ""): "open_in_record_gone",
        ("a", "R2", ""): "other_records",
        ("a", "R3", ""): "unchanged",
        ("a", "R4", ""): "open_in_new_record",
        ("a", "R5", ""): "other_records",
    }


outcomes = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from("RST"), st.sampled_from(["", "/x/0"])),
    st.sampled_from(kept.OUTCOMES),
)


@given(outcomes, outcomes)
def test_each_unit_of_either_run_is_in_one_class_and_open_units_add_up(
    then: dict[Any, str], now: dict[Any, str]
) -> None:
    changes = unit_changes(then, now)
    assert set(changes) == {*then, *now}
    assert set(changes.values()) <= set(CHANGES)
    open_now = {key for key, outcome in now.items() if outcome == "not_met"}
    named = {"opened", "regressed", "still_open", "open_in_new_record"}
    assert {key for key, change in changes.items() if change in named} == open_now


def test_a_run_compared_with_itself_has_no_change() -> None:
    findings = [("a", "R1", "", "met"), ("a", "R2", "", "not_met"), ("b", "R1", "", "excepted")]
    found = compare_runs(_side("one", findings), _side("two", findings))
    assert [row["difference"] for row in found["rules"]] == [0.0, None]
    assert [change["change"] for change in found["changes"]] == ["still_open"]


def test_the_interval_of_a_difference_is_newcombes() -> None:
    then = [("a", f"R{n}", "", "met" if n < 18 else "not_met") for n in range(20)]
    now = [("a", f"R{n}", "", "met" if n < 9 else "not_met") for n in range(15)]
    (row,) = compare_runs(_side("one", then), _side("two", now))["rules"]
    oracle = confint_proportions_2indep(9, 15, 18, 20, method="newcomb", compare="diff")
    assert row["interval"] == pytest.approx(list(oracle), abs=1e-9)
    assert row["difference"] == pytest.approx(-0.3)


OLD = [("a", f"R{n}", "", "met") for n in range(10)]
NEW = [("a", f"R{n}", "", "not_met") for n in range(10)]


def test_a_changed_rule_is_not_compared_and_its_units_are_not_called_regressed() -> None:
    found = compare_runs(
        _side("one", OLD, meanings={"a": "old"}), _side("two", NEW, meanings={"a": "new"})
    )
    (row,) = found["rules"]
    assert (row["rule"], row["verdict"], row["findings"], row["split"]) == (
        "changed", "not_compared", None, None,
    )  # fmt: skip
    assert found["changes"] == []


def test_the_old_records_by_the_new_rules_tell_the_change_of_rules_from_that_of_practice() -> None:
    half = [("a", f"R{n}", "", "met" if n < 5 else "not_met") for n in range(10)]
    found = compare_runs(
        _side("one", OLD, meanings={"a": "old"}),
        _side("two", NEW, meanings={"a": "new"}),
        kept.head(half, meanings={"a": "new"}),
    )
    split = found["rules"][0]["split"]
    assert (split["of_rule"], split["of_practice"]["difference"]) == (-0.5, -0.5)
    assert split["old_records"]["met"] == 5


def test_rules_of_one_run_only_are_told() -> None:
    found = compare_runs(
        _side("one", [("a", "R", "", "met")]), _side("two", [("b", "R", "", "met")])
    )
    assert [(row["id"], row["rule"]) for row in found["rules"]] == [
        ("b", "only_now"), ("a", "only_then"),
    ]  # fmt: skip


def test_runs_of_two_packs_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        compare_runs(_side("one", OLD), _side("two", NEW, pack="other"))
    assert str(caught.value) == (
        "one is a run of the pack workshop, two of other: they share no rules. Compare runs of one "
        "pack"
    )


def test_totals_are_compared_where_findings_were_not_kept() -> None:
    found = compare_runs(Side("one", kept.head(OLD), None), _side("two", NEW))
    assert (found["findings_kept"], found["rules"][0]["verdict"]) == (False, "lower")
    assert found["rules"][0]["findings"] is None
