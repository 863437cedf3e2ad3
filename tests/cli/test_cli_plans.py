"""Plans on the command line: periods, populations and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import SMALL, scr_audit
from sampled import PERIOD, make_folder, run, sample_in, write_plan

from scr_audit.plans.plan import shipped_plans

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def bundle(folder: Path, *more: str) -> dict[str, Any]:
    result = run(folder, "-q", "-o", "run.json", *more)
    assert result.code == 0, result.err
    return sample_in(folder, "run.json")


def test_a_period_chooses_what_is_judged_and_is_said_in_days(folder: Path) -> None:
    found = bundle(folder, "--period", "2025Q2")
    assert [rule["rates"]["judged"] for rule in found["rules"] if rule["id"] == "part-fitted"] == [
        3
    ]
    assert "Quick look, 1 April to 30 June 2025\n" in run(folder, "--period", "2025Q2").out


def test_what_falls_due_later_is_judged_in_the_period_in_which_it_falls_due(folder: Path) -> None:
    dates = "period:\n  dates: {parts: fitted_on}\n  falls_due: {part-fitted: 5 months}\n"
    write_plan(folder, "rules: [part-fitted]\n" + dates)
    found = bundle(folder, "--period", "2025Q2")
    assert [one["record"] for one in found["findings"] if one["unit"] == "/parts/0"] == ["J1"]
    assert found["plan"]["period"]["falls_due"] == {"part-fitted": "5 months"}
    result = run(folder, "--period", "2025Q2", "-o", "run.md")
    assert result.code == 0
    assert "Judged when it falls due" in (folder / "run.md").read_text(encoding="utf-8")
    assert "“Every replaced part is fitted and sound” 5 months after its date" in (
        folder / "run.md"
    ).read_text(encoding="utf-8")


def test_a_period_in_which_there_is_nothing_has_no_rate_and_says_so(folder: Path) -> None:
    write_plan(folder, "rules: [part-fitted]\n" + PERIOD)
    result = run(folder, "--period", "2024Q1")
    assert result.code == 0
    assert result.err == (
        "note: nothing was judged: the records hold nothing dated 1 January to 31 March 2024\n"
    )
    assert "Nothing was judged: the records hold nothing dated 1 January to 31 March 2024" in (
        " ".join(result.out.split())
    )


@pytest.mark.parametrize(
    ("more", "options", "message"),
    [
        ("", ("--period", "2025Q1"), "--period 2025Q1: the plan 'quick' has no 'period:', which "
         "says what dates the things that are judged"),
        (PERIOD, ("--period", "2026Q3"), "--period 2026Q3: 1 July to 30 September 2026 lies in the "
         "future; the audit is run as of 2026-01-01"),
        ("records: {where: model is racing}\n", (), "the population of the plan 'quick' is empty: "
         "of 12 records that could be read, none fits its filter: model is racing. "
         "Nothing was judged and no report was written"),
    ],
)  # fmt: skip
def test_what_cannot_be_audited_is_refused(
    folder: Path, more: str, options: tuple[str, ...], message: str
) -> None:
    write_plan(folder, more)
    result = run(folder, "-o", "run.json", *options)
    assert (result.code, result.err) == (2, f"scr-audit: {message}\n")
    assert not (folder / "run.json").exists()


def test_a_period_needs_a_plan(folder: Path) -> None:
    result = scr_audit("run", "jobs.json", *SMALL, "--period", "2025Q1", cwd=folder)
    assert (result.code, result.err) == (
        2,
        "scr-audit: --period 2025Q1: needs an audit plan, which says what dates the things that "
        "are judged\n",
    )


def test_an_earlier_run_whose_period_overlaps_is_refused(folder: Path) -> None:
    bundle(folder, "--period", "2025Q2")
    (folder / "run.json").rename(folder / "earlier.json")
    result = run(folder, "--period", "2025-06-30..2025-09-30", "--earlier", "earlier.json")
    assert (result.code, result.err) == (
        2,
        "scr-audit: --earlier earlier.json: looks at 1 April to 30 June 2025, which overlaps "
        "30 June to 30 September 2025: what lies in both would be compared with itself. Give a run "
        "of an earlier period\n",
    )


def test_an_earlier_run_of_another_period_than_the_plan_wants_is_noted(folder: Path) -> None:
    write_plan(folder, PERIOD + "comparison: previous_period\n")
    bundle(folder, "--period", "2025Q1")
    (folder / "run.json").rename(folder / "earlier.json")
    assert "note:" not in run(folder, "--period", "2025Q2", "--earlier", "earlier.json").err
    said = "the plan compares with the period just before, and the earlier run looks at "
    days = "1 January to 31 March 2025"
    other = run(folder, "--period", "2025Q3", "--earlier", "earlier.json", "-q", "-o", "report.md")
    assert other.err == f"note: earlier.json: {said}{days}\n"
    assert f"T{said[1:]}{days}." in (folder / "report.md").read_text()


def test_where_one_of_several_earlier_runs_is_the_wanted_one_nothing_is_noted(folder: Path) -> None:
    write_plan(folder, PERIOD + "comparison: previous_period\n")
    for quarter in ("2025Q1", "2025Q2"):
        bundle(folder, "--period", quarter)
        (folder / "run.json").rename(folder / f"{quarter}.json")
    both = ("--earlier", "2025Q1.json", "--earlier", "2025Q2.json")
    assert run(folder, "--period", "2025Q3", *both).err == ""


def test_processes_limit_the_rules_as_one_does(folder: Path) -> None:
    write_plan(folder, PERIOD + "records: {where: paid}\n")
    options = ("--period", "2025Q2", "--totals-only")
    assert bundle(folder, *options, "-j", "2") == bundle(folder, *options)


def test_an_unknown_plan_is_told_with_the_nearest() -> None:
    result = scr_audit("run", "x.json", "--audit", "quarterly-conference")
    assert result.code == 2
    assert "no shipped audit plan of that id. Did you mean 'quarterly-conference-plan'?" in (
        result.err
    )


def test_a_path_that_ends_in_a_shipped_plan_names_its_id(tmp_path: Path) -> None:
    path = "audits/quarterly-conference-plan.yaml"
    (tmp_path / "x.json").write_text("[]", "utf-8")
    result = scr_audit("run", "x.json", "--audit", path, cwd=tmp_path)
    assert (result.code, result.err) == (
        2,
        f"scr-audit: {path}: there is no such file. The audit plan of that name is shipped: give "
        "its id, 'quarterly-conference-plan'.\n",
    )


def test_the_shipped_plans_are_listed_by_their_ids() -> None:
    result = scr_audit("list", "--audits", "--json")
    assert [row["audit"] for row in json.loads(result.out)] == list(shipped_plans())


INTENDED = {
    "quarterly-conference-plan": {"gp-invited", "smart-plan", "bail-scrutinised", "minutes-prompt"},
    "strategy-meetings-self-audit": {"strategy-discussion-held", "strategy-discussions-assured"},
    "health-visitor-records": {
        "presentation-and-interactions-recorded",
        "health-record-to-standard",
    },
    "midwifery-domestic-violence": {"midwives-follow-procedure", "social-risk-assessed"},
    "action-plan-monitoring": {"action-not-overdue", "recommendation-has-action"},
    "section-11-return": {"service-leads-named", "midwives-supervision-held"},
    "serious-case-review-process": {"both-parents-told-and-offered-meeting", "parent-heard"},
}
OF_ANOTHER_PACK = {"serious-case-review-process": ("reviews.json", "review-process")}


@pytest.mark.parametrize("name", INTENDED)
def test_a_shipped_plan_judges_the_examples_by_the_rules_it_is_for(
    name: str, tmp_path: Path
) -> None:
    of_others = [file for file, _ in OF_ANOTHER_PACK.values()]
    files = [str(path) for path in sorted(EXAMPLES.glob("*.json")) if path.name not in of_others]
    words: tuple[str, ...] = (*files,)
    if name in OF_ANOTHER_PACK:
        file, pack = OF_ANOTHER_PACK[name]
        words = (str(EXAMPLES / file), "--pack", pack)
    result = scr_audit("run", *words, "--audit", name, "-q", "-o", "run.json", cwd=tmp_path)
    assert result.code == 0, result.err
    found = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    judged = {rule["id"] for rule in found["rules"] if rule["rates"]["judged"]}
    assert judged >= INTENDED[name]


def test_every_shipped_plan_has_a_test_of_what_it_is_for() -> None:
    assert set(INTENDED) == set(shipped_plans())
