"""Plans on the command line: periods, populations, samples and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, SMALL, scr_audit
from small_plan import HEAD

from scr_audit.packs.shipped_plans import shipped_plans

EXAMPLES = Path(__file__).parents[2] / "examples"
PERIOD = "period: {dates: {parts: fitted_on}}\n"
RECORDS = [
    {"id": f"J{n}", "paid": n % 3 != 0, "model": "city" if n % 2 else "cargo",
     "parts": [{"name": "bell", "worn": True, "fitted": True, "recalled": False,
                "fitted_on": f"2025-{n:02d}-10"}]}
    for n in range(1, 13)
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "jobs.json").write_text(json.dumps(RECORDS), encoding="utf-8")
    plan(tmp_path, PERIOD)
    return tmp_path


def plan(folder: Path, more: str) -> None:
    (folder / "plan.yaml").write_text(HEAD + more, encoding="utf-8")


def run(folder: Path, *more: str) -> Any:
    return scr_audit("run", "jobs.json", *SMALL, *DAY, "--audit", "plan.yaml", *more, cwd=folder)


def draw(folder: Path, *more: str, output: str = "sample.json") -> Any:
    return scr_audit(
        "sample", "jobs.json", *SMALL, *DAY, "--audit", "plan.yaml", "--seed", "one", "-o", output,
        *more, cwd=folder,
    )  # fmt: skip


def bundle(folder: Path, *more: str) -> dict[str, Any]:
    result = run(folder, "-q", "-o", "run.json", *more)
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


def test_a_period_chooses_what_is_judged_and_is_said_in_days(folder: Path) -> None:
    found = bundle(folder, "--period", "2025Q2")
    assert [rule["rates"]["judged"] for rule in found["rules"] if rule["id"] == "part-fitted"] == [
        3
    ]
    assert "The run looks at 1 April to 30 June 2025." in run(folder, "--period", "2025Q2").out


def test_what_falls_due_later_is_judged_in_the_period_in_which_it_falls_due(folder: Path) -> None:
    dates = "period:\n  dates: {parts: fitted_on}\n  falls_due: {part-fitted: 5 months}\n"
    plan(folder, "rules: [part-fitted]\n" + dates)
    found = bundle(folder, "--period", "2025Q2")
    assert [one["record"] for one in found["findings"] if one["unit"] == "/parts/0"] == ["J1"]
    assert found["plan"]["period"]["falls_due"] == {"part-fitted": "5 months"}
    result = run(folder, "--period", "2025Q2", "-o", "run.md")
    assert result.code == 0
    assert "Judged when it falls due" in (folder / "run.md").read_text(encoding="utf-8")
    assert "part-fitted, 5 months after its date" in (folder / "run.md").read_text(encoding="utf-8")


def test_a_period_in_which_there_is_nothing_has_no_rate_and_says_so(folder: Path) -> None:
    plan(folder, "rules: [part-fitted]\n" + PERIOD)
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
         "of 12 records that could be read, none is one of which this is so: model is racing. "
         "Nothing was judged and no report was written"),
    ],
)  # fmt: skip
def test_what_cannot_be_audited_is_refused(
    folder: Path, more: str, options: tuple[str, ...], message: str
) -> None:
    plan(folder, more)
    result = run(folder, "-o", "run.json", *options)
    assert (result.code, result.err) == (2, f"scr-audit: {message}\n")
    assert not (folder / "run.json").exists()


def test_a_period_needs_a_plan(folder: Path) -> None:
    result = scr_audit("run", "jobs.json", *SMALL, "--period", "2025Q1", cwd=folder)
    assert (result.code, result.err) == (
        2,
        "scr-audit: --period 2025Q1: needs --audit, since the plan says what dates the things that "
        "are judged\n",
    )


def test_an_earlier_run_whose_period_overlaps_is_refused(folder: Path) -> None:
    bundle(folder, "--period", "2025Q2")
    (folder / "run.json").rename(folder / "earlier.json")
    result = run(folder, "--period", "2025-06-30..2025-09-30", "--earlier", "earlier.json")
    assert (result.code, result.err) == (
        2,
        "scr-audit: earlier.json: looks at 1 April to 30 June 2025, which overlaps 30 June to "
        "30 September 2025: what lies in both would be compared with itself. Give --earlier a run "
        "of an earlier period\n",
    )


def test_an_earlier_run_of_another_period_than_the_plan_wants_is_noted(folder: Path) -> None:
    plan(folder, PERIOD + "comparison: previous_period\n")
    bundle(folder, "--period", "2025Q1")
    (folder / "run.json").rename(folder / "earlier.json")
    assert "note:" not in run(folder, "--period", "2025Q2", "--earlier", "earlier.json").err
    assert run(folder, "--period", "2025Q3", "--earlier", "earlier.json").err == (
        "note: earlier.json: the plan compares with the period just before, and this run looks at "
        "1 January to 31 March 2025\n"
    )


def test_where_one_of_several_earlier_runs_is_the_wanted_one_nothing_is_noted(folder: Path) -> None:
    plan(folder, PERIOD + "comparison: previous_period\n")
    for quarter in ("2025Q1", "2025Q2"):
        bundle(folder, "--period", quarter)
        (folder / "run.json").rename(folder / f"{quarter}.json")
    both = ("--earlier", "2025Q1.json", "--earlier", "2025Q2.json")
    assert run(folder, "--period", "2025Q3", *both).err == ""


def test_processes_limit_the_rules_as_one_does(folder: Path) -> None:
    plan(folder, PERIOD + "records: {where: paid}\n")
    options = ("--period", "2025Q2", "--totals-only")
    assert bundle(folder, *options, "-j", "2") == bundle(folder, *options)


def test_an_unknown_plan_is_told_with_the_nearest() -> None:
    result = scr_audit("run", "x.json", "--audit", "quarterly-conference")
    assert result.code == 2
    assert "no shipped audit plan of that id. Did you mean 'quarterly-conference-plan'?" in (
        result.err
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
}


@pytest.mark.parametrize("name", INTENDED)
def test_a_shipped_plan_judges_the_examples_by_the_rules_it_is_for(
    name: str, tmp_path: Path
) -> None:
    files = [str(path) for path in sorted(EXAMPLES.glob("*.json"))]
    result = scr_audit("run", *files, "--audit", name, "-q", "-o", "run.json", cwd=tmp_path)
    assert result.code == 0, result.err
    found = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    judged = {rule["id"] for rule in found["rules"] if rule["rates"]["judged"]}
    assert judged >= INTENDED[name]


def test_every_shipped_plan_has_a_test_of_what_it_is_for() -> None:
    assert set(INTENDED) == set(shipped_plans())


def test_a_sample_is_the_same_bytes_whatever_the_order_of_the_records(folder: Path) -> None:
    assert draw(folder, "--size", "4", "--reserve", "2").code == 0
    first = (folder / "sample.json").read_bytes()
    (folder / "jobs.json").write_text(json.dumps(RECORDS[::-1]), encoding="utf-8")
    draw(folder, "--size", "4", "--reserve", "2")
    assert (folder / "sample.json").read_bytes() == first
    found = json.loads(first)
    assert (found["frame"]["size"], len(found["drawn"]), len(found["reserve"])) == (12, 4, 2)


def test_the_frame_is_the_population_of_the_plan_in_the_period(folder: Path) -> None:
    plan(folder, PERIOD + "records: {where: paid}\n")
    draw(folder, "--size", "2", "--period", "2025Q2")
    found = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    assert (found["frame"]["size"], found["frame"]["filter"]) == (2, "paid")
    assert {item["id"] for item in found["drawn"]} == {"J4", "J5"}


def test_a_stratified_sample_draws_from_every_stratum(folder: Path) -> None:
    draw(folder, "--size", "4", "--strata", "model")
    found = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    assert found["strata"] == [
        {"name": "cargo", "frame": 6, "drawn": 2}, {"name": "city", "frame": 6, "drawn": 2},
    ]  # fmt: skip


def test_what_was_drawn_is_not_drawn_again_within_the_stated_time(folder: Path) -> None:
    draw(folder, "--size", "5")
    again = ("--previous", "sample.json", "--not-again-within", "12 months")
    draw(folder, "--size", "5", *again, output="next.json")
    first, second = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("sample.json", "next.json")
    )
    earlier = {item["id"] for item in first["drawn"]}
    assert not earlier & {item["id"] for item in second["drawn"]}
    assert {item["id"] for item in second["not_again"]} == earlier
    result = draw(folder, "--size", "8", *again, output="third.json")
    assert (result.code, result.err) == (
        2,
        "scr-audit: a sample of 8 is larger than its frame of 7 records, without 5 records drawn "
        "too recently. Audit all of them with 'run': that is then no sample\n",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--size", "20"), "a sample of 20 is larger than its frame of 12 records. Audit all of "
         "them with 'run': that is then no sample"),
        ((), "how many? Give --size or --precision; the plan 'quick' has no 'sample:'"),
        (("--size", "2", "--precision", "5"), "--size and --precision: give one of them; each "
         "tells how many are drawn"),
        (("--precision", "5", "--expect", "70"), "--expect 70: expected a share between 0 and 1, "
         "such as 0.7"),
        (("--size", "2", "--strata", "modell"), "--strata modell: unknown fact 'modell'. Did you "
         "mean 'model'?"),
        (("--size", "1", "--strata", "model"), "2 strata of model and a sample of 1: one of each "
         "cannot be drawn. Give a larger --size, or no strata"),
        (("--size", "2", "--not-again-within", "a year"), "--not-again-within a year: expected a "
         "number of days, weeks, months or years, such as '12 months'"),
    ],
)  # fmt: skip
def test_a_draw_that_makes_no_sense_is_refused(
    folder: Path, options: tuple[str, ...], message: str
) -> None:
    result = draw(folder, *options)
    assert (result.code, result.err) == (2, f"scr-audit: {message}\n")


def test_a_run_judges_the_drawn_records_and_replaces_from_the_reserve(folder: Path) -> None:
    draw(folder, "--size", "3", "--reserve", "1")
    sample = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    first, spare = sample["drawn"][0]["id"], sample["reserve"][0]["id"]
    found = bundle(folder, "--sample", "sample.json", "--replace", f"{first}:file lost")
    judged = {record["id"] for record in found["records"]}
    assert judged == {*(item["id"] for item in sample["drawn"][1:]), spare}
    assert found["input"]["records"]["not_drawn"] == 9
    assert found["plan"]["sample"] == {
        "method": "simple random", "seed": "one", "frame": 12,
        "frame_sha256": sample["frame"]["sha256"], "drawn": 3, "missing": 0,
        "replaced": ["file lost"],
    }  # fmt: skip


def test_a_drawn_record_that_is_missing_is_named(folder: Path) -> None:
    draw(folder, "--size", "12")
    (folder / "jobs.json").write_text(json.dumps(RECORDS[1:]), encoding="utf-8")
    assert run(folder, "--sample", "sample.json").err == (
        "note: 1 drawn record not in the input: J1. Audit them, or replace each from the reserve "
        "with --replace ID:REASON\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--replace", "J1"), "--replace J1: expected ID:REASON, such as 'C01:file is missing'"),
        (("--replace", "X1:lost"), "--replace X1:lost: the sample did not draw 'X1'."),
        (("--replace", "J1:lost"), "--replace J1:lost: the reserve has no record left for it"),
        (("--period", "2025Q1"), "sample.json: was drawn for no period, and this run looks at "
         "1 January to 31 March 2025. Give both the same --period"),
    ],
)  # fmt: skip
def test_a_sample_that_does_not_fit_the_run_is_refused(
    folder: Path, options: tuple[str, ...], message: str
) -> None:
    draw(folder, "--size", "12")
    result = run(folder, "--sample", "sample.json", *options)
    assert result.code == 2
    assert result.err.startswith(f"scr-audit: {message}")


def test_check_of_a_plan_takes_the_pack_of_the_plan(folder: Path) -> None:
    plan(folder, "selection: All.\n")
    result = scr_audit("check", "plan.yaml", *SMALL, cwd=folder)
    assert (result.code, result.out, result.err) == (0, "plan: nothing wrong\n", "")
    without = scr_audit("check", "plan.yaml", cwd=folder)
    assert without.code == 2
    assert without.err.splitlines()[0] == (
        "plan.yaml:4:7: the plan is for the pack 'bicycle-workshop', not "
        "'baby-f-2010+working-together'. Name its pack with --pack: the pack's folder, or the id "
        "of a shipped one"
    )
    assert without.out == "plan: 1 problem\n"


def test_check_takes_no_pack_beside_a_pack(folder: Path) -> None:
    result = scr_audit("check", "--pack", "baby-f-2010", cwd=folder)
    assert (result.code, result.err) == (
        2,
        "scr-audit: --pack baby-f-2010: is the pack of an audit plan, and no plan is named; "
        "to check the pack itself: scr-audit check baby-f-2010\n",
    )


def test_check_of_a_plan_writes_reports_for_servers(folder: Path) -> None:
    plan(folder, "selection: All.\ndisclosure: strikt\n")
    result = scr_audit(
        "check", "plan.yaml", *SMALL, "-o", "check.xml", "-o", "check.sarif", cwd=folder
    )
    assert result.code == 2
    assert result.err.endswith("wrote check.xml\nwrote check.sarif\n")
    assert 'file="plan.yaml" line="1"' in (folder / "check.xml").read_text(encoding="utf-8")
    (found,) = json.loads((folder / "check.sarif").read_text(encoding="utf-8"))["runs"]
    assert [each["ruleId"] for each in found["results"]] == ["plan-problem"]


def test_check_takes_the_id_of_a_shipped_plan(folder: Path) -> None:
    result = scr_audit("check", "health-visitor-records", cwd=folder)
    assert (result.code, result.out) == (0, "health-visitor-records: nothing wrong\n")


def test_a_run_finds_the_profile_beside_its_plan(folder: Path, tmp_path: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "ours.yaml").write_text(
        "id: ours\ntitle: Ours\nthreshold: 4\nsource: Us\nexplanation: Below 4.\n"
    )
    plan(folder, "disclosure: ours.yaml\nsections: [rules]\n")
    words = ("../jobs.json", *SMALL, *DAY, "--audit", "../plan.yaml", "-q", "--edition", "board")
    result = scr_audit("run", *words, "-o", "b.json", "-o", "b.md", cwd=folder / "elsewhere")
    assert result.code == 0, result.err
    board = json.loads((folder / "elsewhere" / "b.json").read_text(encoding="utf-8"))
    assert board["disclosure"]["profile"]["id"] == "ours"
    assert board["plan"]["sections"] == ["rules"]
    assert board["recommendations"]  # data is not cut
    text = (folder / "elsewhere" / "b.md").read_text(encoding="utf-8")
    assert "## Recommendations" not in text
    assert (
        "This report leaves out: what to look at first, what changed and recommendations, "
        "as the plan says." in text
    )


def test_the_bundle_of_a_plan_with_sections_holds_everything(folder: Path) -> None:
    plan(folder, "sections: [changes]\n")
    cut = bundle(folder)
    plan(folder, "")
    whole = bundle(folder)
    assert cut["plan"]["sections"] == ["changes"]
    assert "sections" not in whole["plan"]
    assert cut["findings"] == whole["findings"]
    assert cut["recommendations"] == whole["recommendations"]
