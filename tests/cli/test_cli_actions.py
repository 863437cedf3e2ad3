"""`scr-audit actions`: a plan from its first action to its closing, and what is refused."""

import json
from pathlib import Path

import pytest
from command_line import Result, all_of, scr_audit

EXAMPLES = Path(__file__).parents[2] / "examples"
PACK = ("--pack", "baby-f-2010")
ROLE = ("--by-role", "Board manager")
NAMED = ("--shown-by", "gp-invited", "--target", "5", "--in", "2026Q4")
TASK = ("--task", "send every invitation", "--recommendation", "5.7", "--agency", "police")


PLANNED = ("--audit", "plan.yaml")
PLAN = """
id: two-rules
title: The rules that the actions name
pack: baby-f-2010
rules: [gp-invited, section-47-sound]
question: What has become of them?
records: {kind: case, where: {some: conferences as conference}}
selection: All cases of the examples.
"""


class Office:
    """An office with a store of its own, and an audit of the rules that its actions name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "plan.yaml").write_text(PLAN, "utf-8")
        self.store = folder / "history.sqlite"

    def actions(self, *words: str | Path) -> Result:
        return scr_audit("actions", *words, "--store", self.store, cwd=self.folder)

    def add(self, *words: str) -> Result:
        return self.actions("add", *words, *ROLE, *PACK)

    def update(self, *words: str) -> Result:
        return self.actions("update", *words, *PACK)

    def run(self, *words: str | Path, judging: tuple[str, str] = PLANNED) -> Result:
        cases = EXAMPLES / "cases.json"
        day = ("--as-of", "2026-11-24")
        return scr_audit("run", cases, *judging, *day, *words, cwd=self.folder)

    def state(self, name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.actions("show", name, "--json").out)
        return found


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_json_has_a_pound_sign_as_it_is(office: Office) -> None:
    office.add("--task", "spend £5 at the café", *TASK[2:])
    assert "spend £5 at the café" in office.actions("show", "A1", "--json").out


def test_an_action_from_its_adding_to_its_closing(office: Office) -> None:
    assert office.add(*TASK, *NAMED, "--due", "2026-10").err.startswith("added A1\n")
    early = office.update("A1", "--close", *ROLE)
    assert early.code == 2
    assert early.err.startswith("scr-audit: A1: an action closes only on evidence, and none is ")
    seen = ("--evidence", "the letters", "--seen-by-role", "Board chair", "--on", "2026-11-02")
    assert office.update("A1", *seen, "--by-role", "Auditor").code == 0
    assert office.run("-o", "run.json").code == 0
    judged = office.actions("judge", "run.json", "--by-role", "Auditor")
    assert judged.out == (
        "A1: worked in 2026Q4: 16 of 45 conferences met, 5 % asked for (95 % interval 23 to 84 %)\n"
    )
    assert judged.err == "kept 1 new judgement\n"
    assert office.actions("judge", "run.json", "--by-role", "Auditor").err == (
        "kept 0 new judgements\n"
    )
    closed = office.update("A1", "--close", "--by-role", "Board chair")
    assert (closed.code, closed.err) == (0, "updated A1 (event 4); it is closed\n")
    shown = office.actions("show", "A1").out
    for said in (
        "Board manager\n   recommendation: 5.7\n   agency: police\n   task: send every inv",
        "Auditor\n   evidence: the letters (seen by Board chair, 2026-11-02)\n",
        "Auditor\n   judged: worked in 2026Q4, 16 of 45 conferences met",
        "Board chair\n   status: closed\n",
    ):
        assert said in shown


def test_a_run_of_the_store_is_held_against_actions(office: Office) -> None:
    office.add(*TASK, *NAMED)
    assert office.run("-q", "-o", "run.json", "--keep", "--store", office.store).code == 0
    by_file = office.actions("judge", "run.json", *ROLE)
    last = office.actions("judge", "last", *ROLE)
    assert (last.out, last.err) == (by_file.out, "kept 0 new judgements\n")  # it is the same run
    run = office.state("A1")["judgements"][0]["run"]  # type: ignore[index]
    assert office.actions("judge", run[:10]).out == by_file.out
    assert office.actions("judge", "last~1").err == (
        f"scr-audit: last~1: {office.store} has 1 run\n"
    )
    assert "f00ba4" in office.actions("judge", "f00ba4").err


def test_it_says_what_the_rules_of_a_plan_still_ask_for(office: Office) -> None:
    said = office.add("--task", "improve").err
    owner = "  not met: The plan says who is responsible for an action. Name one post that answers"
    assert owner in said
    checked = office.actions("check", *PACK)
    assert checked.out.startswith("A1\n")
    assert owner in checked.out
    assert checked.err == "0 of 1 action has everything the rules for plans ask for\n"


def test_a_judgement_by_a_person_is_a_fact_with_role_and_day(office: Office) -> None:
    office.add(*TASK)
    said = ("--fact", "specific=yes", "--on", "2026-11-03", "--by-role", "Auditor")
    assert office.update("A1", *said).code == 0
    assert office.state("A1")["facts"] == {
        "specific": {"value": True, "by_role": "Auditor", "on": "2026-11-03"}
    }


CANNOT_BE_ADDED: list[tuple[tuple[str, ...], str]] = [
    (("--recommendation", "5.99"), "--recommendation: the pack has no recommendation '5.99'."),
    (
        ("--shown-by", "gp-invite", "--target", "90", "--in", "2027Q1"),
        "--shown-by: the pack has no rule 'gp-invite'. Did you mean 'gp-invited'?",
    ),
    (
        ("--shown-by", "gp-invited"),
        "what is to show that it worked needs a rule, a target and a quarter",
    ),
    (
        ("--shown-by", "gp-invited", "--target", "90", "--in", "spring"),
        "--in: 'spring' is no quarter; expected one such as 2027 Q1",
    ),
    (("--due", "2199-12-31"), "--due: 2199-12-31 is more than 20 years after"),
    (
        ("--fact", "target_revised_to=2199-12-31"),
        "--fact target_revised_to: 2199-12-31 is more than 20 years after",
    ),
    (("--task", " "), "--task: is empty; say it in words"),
    (("--fact", "task=x"), "--fact task: is a part of the action itself; say its task"),
    (("--fact", "specifc=yes"), "--fact specifc: the pack has no such fact. Did you mean"),
    (("--fact", "outcome_named=maybe"), "--fact outcome_named: "),
    (("--id", "two words", "--task", "x"), "--id: expected up to 40 letters, digits, dots"),
    ((), "say what is to be done, such as a task and a recommendation"),
]


def test_what_cannot_be_added_is_told(office: Office) -> None:
    commands = {
        said: ("actions", "add", *words, *ROLE, *PACK, "--store", office.store)
        for words, said in CANNOT_BE_ADDED
    }
    for said, result in all_of(commands, office.folder).items():
        assert result.code == 2
        assert result.err.startswith(f"scr-audit: {said}")


def test_a_day_that_hardly_anybody_means_is_no_day_of_an_event(office: Office) -> None:
    office.add(*TASK)
    refused = office.update("A1", "--note", "seen", "--on", "2199-12-31", *ROLE)
    assert refused.code == 2
    assert refused.err.startswith("scr-audit: --on: 2199-12-31 is more than 20 years after")


def test_who_somebody_is_is_refused_and_never_repeated(office: Office) -> None:
    commands = {}
    for option in ("--owner-role", "--agency", "--recommendation"):
        words = {"--task": "x", "--by-role": "Chair", option: "ask Mrs Jane Example"}
        said = [word for pair in words.items() for word in pair]
        commands[option] = ("actions", "add", *said, *PACK, "--store", office.store)
    for option, result in all_of(commands, office.folder).items():
        assert result.code == 2
        assert result.err.startswith(f"scr-audit: {option}: holds a name; ")
        assert "Example" not in result.err


def test_a_change_of_what_one_did_not_see_is_refused(office: Office) -> None:
    office.add(*TASK)
    office.update("A1", "--note", "first", "--by-role", "Matron")
    late = office.update("A1", "--task", "another", "--seen", "1", *ROLE)
    assert late.code == 2
    assert late.err.startswith("scr-audit: A1: was changed meanwhile by Matron at 20")
    assert office.state("A1")["number"] == 2


def test_lists_choose_by_day_agency_and_status(office: Office) -> None:
    office.add("--task", "one", "--due", "2026-10-31", "--agency", "police")
    office.add("--task", "two", "--due", "2026-11", "--agency", "midwifery")
    office.add("--task", "three")
    office.update("A3", "--superseded-by", "A1", *ROLE)

    def listed(*words: str) -> list[str]:
        day = ("--as-of", "2026-11-01")
        result = office.actions("list", "--json", *words, *day, *PACK)
        assert result.code == 0, result.err
        return [action["id"] for action in json.loads(result.out)]

    assert listed() == ["A1", "A2", "A3"]
    assert listed("--overdue") == ["A1"]
    assert listed("--due-by", "2026-11-30") == ["A1", "A2"]
    assert listed("--agency", "midwifery") == ["A2"]
    assert listed("--status", "superseded") == ["A3"]


def test_a_list_in_files_holds_no_formula_and_no_markup(office: Office) -> None:
    office.add("--task", "=1+1", "--owner-role", "<b>post</b> | x")
    made = office.actions("list", "-o", "a.csv", "-o", "a.md", "-o", "a.json", "-o", "a.xlsx")
    assert made.code == 0, made.err
    assert "'=1+1" in (office.folder / "a.csv").read_text(encoding="utf-8")
    assert "\\<b\\>post\\</b\\> \\| x" in (office.folder / "a.md").read_text(encoding="utf-8")


def test_a_plan_goes_out_and_comes_back(office: Office) -> None:
    plan = Path("rules/baby-f-2010/action-plan.yaml")
    source = EXAMPLES.parent / plan
    first = office.actions("import", source, *ROLE, *PACK)
    assert first.err == (
        "added 5.1-a, 5.1-b, 5.1-c, 5.2-a, 5.2-b, 5.2-c, 5.3-a, 5.3-b, … (133 in all)\n"
        "3 are said to be completed; they stay open until evidence is recorded\n"
    )
    again = office.actions("import", source, *ROLE, *PACK)
    assert again.err.endswith("133 were read before, and say the same\n")
    assert office.actions("export", "-o", "plan.xlsx", *PACK).code == 0
    back = office.actions("import", "plan.xlsx", *ROLE, *PACK)
    assert (back.code, back.err) == (
        0,
        "the workbook and the store agree; nothing to change\n",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"actions": [{"id": "A", "agency": "polise"}]}', "/actions/0/agency: "),
        ('{"cases": [{"id": "A"}]}', "/cases/0: is a record of the kind 'case', not 'action'"),
        (
            '{"actions": [{"id": "A", "task": "ask Mrs Jane Example"}]}',
            "/actions/0 /task: holds a name; say the",
        ),
        ('{"actions": [{"id": "A"}, {"id": "A"}]}', "A: is there twice"),
        ('{"actions": [{"id": "A", "recommendation": "9"}]}', "/actions/0 recommendation: the"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_whole(office: Office, content: str, said: str) -> None:
    (office.folder / "plan.json").write_text(content, encoding="utf-8")
    result = office.actions("import", "plan.json", *ROLE, *PACK)
    assert result.code == 2
    assert result.err.startswith(f"scr-audit: plan.json: is no plan to read:\n  {said}")
    assert result.err.endswith("Nothing was written.\n")


def test_its_records_are_judged_by_run(office: Office) -> None:
    office.add(*TASK, *NAMED, "--due", "2026-10-31")
    assert office.actions("records", "-o", "actions.json", *PACK).code == 0
    words = ("actions.json", *PACK, "--as-of", "2026-11-24", "-o", "run.json", "-q")
    assert scr_audit("run", *words, cwd=office.folder).code == 0
    findings = json.loads((office.folder / "run.json").read_text(encoding="utf-8"))["findings"]
    outcomes = {finding["rule"]: finding["outcome"] for finding in findings}
    assert outcomes["action-measurable"] == "met"
    assert outcomes["action-not-overdue"] == "not_met"


def test_reports_tell_what_became_of_the_actions_that_named_the_run(office: Office) -> None:
    office.add(*TASK, *NAMED)
    office.add("--task", "of another quarter", *NAMED[:-1], "2027Q1")
    shown = office.run("--actions", office.store, "--full", "-o", "run.json", "-o", "run.csv")
    assert shown.code == 0, shown.err
    assert "What became of actions\n  A1: worked: send every invitation\n" in shown.out
    run = json.loads((office.folder / "run.json").read_text(encoding="utf-8"))
    assert [(action["action"], action["verdict"]) for action in run["actions"]] == [
        ("A1", "worked")
    ]
    assert office.actions("judge", "run.json").code == 0  # such a bundle is read back


def test_the_board_is_told_what_became_of_actions(office: Office) -> None:
    office.add(*TASK, *NAMED, "--due", "2026-10")
    other = ("--shown-by", "section-47-sound", "--target", "90", *NAMED[4:])
    office.add("--task", "decide", *other)
    done = office.run("--actions", office.store, "--edition", "board", "--full", "-o", "b.json")
    assert done.code == 0, done.err
    assert "What became of actions\n  A1: worked: send every invitation\n" in done.out
    document = json.loads((office.folder / "b.json").read_text(encoding="utf-8"))
    assert [(a["action"], a["verdict"], a["status"]) for a in document["actions"]] == [
        ("A1", "worked", "open"),
        ("A2", "cannot_tell", "open"),
    ]


def test_the_public_edition_prints_no_actions(office: Office) -> None:
    office.add(*TASK, *NAMED, "--due", "2026-10")
    done = office.run(
        "--actions", office.store, "--edition", "public", "-o", "p.json", judging=PACK
    )
    assert done.code == 0, done.err
    assert "note: the public edition prints no actions\n" in done.err
    assert "send every invitation" not in (office.folder / "p.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command", [("list",), ("show", "A1"), ("check",), ("export", "-o", "p.xlsx")]
)
def test_without_a_store_nothing_is_made(office: Office, command: tuple[str, ...]) -> None:
    result = office.actions(*command)
    assert (result.code, result.err) == (
        2,
        f"scr-audit: {office.store}: there is no store yet; the first run or action that is "
        "added makes one\n",
    )
    assert not office.store.exists()


def test_what_is_refused_makes_no_store(office: Office) -> None:
    name = ("--by-role", "Mrs Example")
    records = office.folder / "plan.json"
    records.write_text('{"actions": [{"id": "A1", "task": "x"}]}', encoding="utf-8")
    for words in (
        ("add", *TASK, *name),
        ("add", *TASK, *ROLE, "--id", "Mrs-Example"),
        ("import", records, *name),
    ):
        refused = office.actions(*words, *PACK)
        assert refused.code == 2, refused.err
        assert refused.err.endswith("nothing was written\n")
        assert not office.store.exists()


def test_a_pack_without_plans_is_told(office: Office) -> None:
    small = Path(__file__).parents[1] / "data" / "small-pack"
    result = office.actions("add", "--task", "x", *ROLE, "--pack", small)
    assert result.code == 2
    assert "has no record kind 'action', so it has no rules for a plan" in result.err
