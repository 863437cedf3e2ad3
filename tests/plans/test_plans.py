"""Audit plans: what is wrong with one is told at its place, as for a rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pack import SMALL_PACK
from small_plan import HEAD, plan_of

from scr_audit.errors import PackError
from scr_audit.packs.load import load_folder
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import load_plan

PACK = load_folder(SMALL_PACK)


def problem(folder: Path, more: str, head: str = HEAD) -> str:
    with pytest.raises(PackError) as caught:
        apply_plan(PACK, plan_of(folder, more, head))
    return str(caught.value).replace(f"{folder}/", "")


def test_a_filter_that_names_no_fact_is_shown_with_the_nearest(tmp_path: Path) -> None:
    assert problem(tmp_path, "records:\n  where: payed\n") == (
        "plan.yaml:6:10: unknown fact 'payed'. Did you mean 'paid'?\n"
        "      where: payed\n"
        "             ^"
    )


@pytest.mark.parametrize(
    ("more", "place", "message"),
    [
        ("records: {kind: jobb, where: paid}\n", "5:17",
         "there is no record kind 'jobb'. Did you mean 'job'? Kinds: job and depot."),
        ("records:\n  where: id is recorded\n", "6:10", "the filter lets every record in"),
        ("records:\n  where: booked_on within {check_days} days after returned_on\n", "6:10",
         "the parameter 'check_days' has effective dates, and a filter has no event to date it"),
        ("period:\n  dates:\n    part: fitted_on\n", "7:5",
         "no record has a list of groups of facts 'part'. Did you mean 'parts'?"),
        ("period:\n  dates:\n    parts: fited_on\n", "7:12",
         "unknown fact 'fited_on'. Did you mean 'fitted_on'?"),
        ("period:\n  dates:\n    parts: worn\n", "7:12", "'worn' is a yes/no fact, not a date"),
        ("period: {dates: {}}\n", "5:17", "expected at least one entry"),
        ("period:\n  dates: {parts: fitted_on}\n  year_from: '4-1'\n", "7:14",
         "expected a month and a day of it up to the 28th, such as 04-01, found '4-1'"),
        ("rules: [part-fitted]\nperiod:\n  dates: {parts: fitted_on}\n"
         "  falls_due: {part-fited: 3 months}\n", "8:15",
         "the plan does not use the rule 'part-fited'. Did you mean 'part-fitted'?"),
        ("rules: [part-fitted]\nperiod:\n  dates: {parts: fitted_on}\n"
         "  falls_due: {part-fitted: soon}\n", "8:28",
         "expected a number of days, weeks, months or years, such as 12 months, found 'soon'"),
        ("themes: [wheel]\n", "5:10", "the pack has no theme 'wheel'."),
        ("rules: [back-in-tiem]\n", "5:9", "the pack has no rule 'back-in-tiem'. Did you mean "
         "'back-in-time'?"),
        ('recommendations: ["9"]\n', "5:19", "the pack has no recommendation with rules '9'."),
        ("sample: {reserve: 2}\n", "5:1", "a sample has either 'size' or 'precision'"),
        ("period:\n  dates: {parts: fitted_on}\nsample: {size: 2, frame: [part]}\n", "7:27",
         "the period dates no list 'part', so no record is drawn for it. Did you mean 'parts'?"),
        ("sample: {size: 2, strata: modell}\n", "5:27",
         "unknown fact 'modell'. Did you mean 'model'?"),
        ("sample: {size: 2, strata: [model, paied]}\n", "5:35",
         "unknown fact 'paied'. Did you mean 'paid'?"),
        ("sample: {size: 2, strata: parts.worn}\n", "5:27",
         "'parts' is a list; strata need a fact of the record itself"),
        ("sample: {size: 2, strata: 3}\n", "5:27", "expected a text or a list, found 3"),
        ("sample: {size: 2, confidence: 80}\n", "5:31", "expected 90, 95 or 99, found 80"),
        ("sample: {size: 2, strata: booked_on}\n", "5:27",
         "'booked_on' is a date; strata need a choice, a text, a whole number or a yes/no fact"),
        ("sample: {size: 2, not_again_within: a year}\n", "5:37",
         "expected a number of days, weeks, months or years, such as 12 months, found 'a year'"),
        ("rules: [part-fitted]\nstandards: {part-checked: 80}\n", "6:13",
         "the plan does not use the rule 'part-checked', so the standard has no effect"),
        ("comparison: next_period\n", "5:13", "expected 'previous_period', 'same_period_last_year' "
         "or 'none', found 'next_period'. Did you mean 'previous_period'?"),
        ("sections: [findngs]\n", "5:12", "expected 'summary', 'changes', 'trend', 'actions', "
         "'charts', 'recommendations', 'rules', 'findings' or 'records', found 'findngs'. "
         "Did you mean 'findings'?"),
        ("sections: [rules, 5]\n", "5:19", "'findings' or 'records', found 5"),
        ("sections: []\n", "5:11", "expected at least one entry"),
        ("rules: []\n", "5:8", "expected at least one entry"),
        ("recommendations: []\n", "5:18", "expected at least one entry"),
        ("sections: rules\n", "5:11", "expected a list, found 'rules'"),
        ("sections: [rules, charts, rules]\n", "5:27", "the section 'rules' is named twice"),
        ("rules: [part-fitted, part-fitted]\n", "5:22", "the rule 'part-fitted' is named twice"),
        ("sample: {size: 2, expect: 70}\n", "5:19",
         "'expect' has no effect with 'size'; it works out the number for 'precision'"),
        ("rules: [back-in-time]\nperiod: {dates: {parts: fitted_on}}\n", "6:1",
         "a period has no effect: no rule of the plan judges items of a list that 'dates' names"),
        ("sampel: {size: 2}\n", "5:1", "unknown key 'sampel'. Did you mean 'sample'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, more: str, place: str, message: str
) -> None:
    said = problem(tmp_path, more).splitlines()[0]
    assert said.startswith(f"plan.yaml:{place}: ")
    assert message in said


def test_what_falls_due_needs_a_date_to_count_from(tmp_path: Path) -> None:
    more = "period:\n  dates: {parts.checks: on}\n  falls_due: {part-fitted: 3 months}\n"
    assert problem(tmp_path, more).splitlines()[0] == (
        "plan.yaml:7:15: the period has no date for what the rule 'part-fitted' judges"
    )


def test_a_plan_of_several_packs_names_them_all(tmp_path: Path) -> None:
    head = HEAD.replace("bicycle-workshop", "[bicycle-workshop, boat-yard]")
    assert problem(tmp_path, "", head=head).splitlines()[0] == (
        "plan.yaml:4:7: the plan is for the packs bicycle-workshop and boat-yard; "
        "'bicycle-workshop' was given. Give a pack that extends the others, or none for all that "
        "are shipped"
    )


def test_a_plan_for_another_pack_says_so(tmp_path: Path) -> None:
    said = problem(tmp_path, "", head=HEAD.replace("bicycle-workshop", "boat-yard"))
    assert said.startswith(
        "plan.yaml:4:7: the plan is for the pack 'boat-yard', and 'bicycle-workshop' was given. "
        "Give the folder of 'boat-yard', or its id where it is shipped; or write pack: "
        "bicycle-workshop here\n"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("rules: [{id: one}]\n", "a rule file"),
        ("define: {a: b}\nrules: [a, {id: one}]\n", "a rule file"),
        ("id: a\nkinds: {job: jobs}\n", "a pack.yaml"),
        ("$defs: {}\n", "a records.yaml"),
        ("recommendations: []\nnarrative: []\n", "a recommendations.yaml"),
    ],
)
def test_a_file_of_a_pack_is_no_plan(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "it.yaml").write_text(text)
    with pytest.raises(PackError) as caught:
        load_plan(tmp_path / "it.yaml")
    (found,) = caught.value.problems
    assert found.message == (
        f"this is {what}, and an audit plan is expected. Give the folder of its pack"
    )


def test_of_a_plan_for_another_pack_nothing_else_is_told(tmp_path: Path) -> None:
    """Its rules and facts are those of the other pack."""
    head = HEAD.replace("bicycle-workshop", "boat-yard")
    with pytest.raises(PackError) as caught:
        apply_plan(PACK, plan_of(tmp_path, "rules: [hull-dry]\nrecords: {where: afloat}\n", head))
    assert len(caught.value.problems) == 1


def test_all_problems_of_a_plan_are_told_at_once(tmp_path: Path) -> None:
    more = "rules: [part-fited]\nrecords: {where: payed}\nperiod: {dates: {part: fitted_on}}\n"
    with pytest.raises(PackError) as caught:
        apply_plan(PACK, plan_of(tmp_path, more))
    assert len(caught.value.problems) == 3


def test_the_filter_is_said_in_one_line(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "records:\n  where:\n    - paid\n    - any:\n        - safe\n        - not: model is city\n"
        "    - some: parts as part\n      that: [part.worn, part.fitted]\n",
    )
    assert plan.filter_words == (
        "paid and (safe or not model is city) and some parts as part that "
        "(part.worn and part.fitted)"
    )


def test_the_sections_of_a_plan_keep_their_order(tmp_path: Path) -> None:
    assert plan_of(tmp_path, "sections: [rules, summary]\n").sections == ("rules", "summary")
    assert plan_of(tmp_path, "").sections is None
