"""The plan as a workbook: out and back, changed, out of date, and damaged."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

import scr_audit
from scr_audit.actions.action_record import check_text
from scr_audit.actions.plan_changes import PlanChanges, Submission, plan_changes
from scr_audit.actions.sheet import AT, COLUMNS, cells, plan_workbook, read_plan
from scr_audit.actions.state import Action, Event, action_of, apply_event
from scr_audit.errors import InputError
from scr_audit.records.plausible import doubt

PACK = scr_audit.load_pack("baby-f-2010")
GIVING = Submission(PACK, "Chair", plans.NOW)
RULE = PACK.rules[0].id


def back(path: Path, *actions: Action) -> PlanChanges:
    return plan_changes(read_plan(path), {action.id: action for action in actions}, GIVING)


def row_of(action: Action, **changed: Any) -> dict[str, Any]:
    values = {**cells(action), **changed}
    values["due"] = None if values["due"] is None else str(values["due"])
    return values


def written(
    folder: Path, *rows: dict[str, Any], sheet: str = "Plan", skip: str = "", then: Any = None
) -> Path:
    """A plan as a spreadsheet might save it; `then` is given its sheet at the end."""
    path = folder / "plan.xlsx"
    with Workbook(path) as book:
        page = book.add_worksheet(sheet)
        columns = [column for column in COLUMNS if column.name != skip]
        for index, column in enumerate(columns):
            page.write_string(0, index, column.heading)
            for number, values in enumerate(rows, start=1):
                value = values.get(column.name)
                if isinstance(value, str):
                    page.write_string(number, index, value)
                elif value is not None:
                    page.write_number(number, index, value)
        if then is not None:
            then(page, book)
    return path


def refused(path: Path, *actions: Action) -> str:
    """What a plan is refused with: of the whole file, else the faults of its rows."""
    try:
        found = back(path, *actions)
    except InputError as error:
        return str(error)
    return "\n".join(map(str, found.faults))


ACTION = action_of(
    "A1",
    [
        plans.event(
            1, set={"task": "send", "agency": "police", "recommendation": "5.7", "due": "2026-12"}
        )
    ],
)

texts = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn"]), min_size=1)
    | st.sampled_from(["=1+1", "<r>x</r>", "_x0041_", "'quoted", "5.10", "007", "1e5", "TRUE"])
    | st.text("=+-@_x0041 \n", min_size=1)
)


@st.composite
def actions(draw: st.DrawFn) -> Action:
    """Any action that could have been added."""
    said = {
        "task": draw(texts),
        "owner_role": draw(texts | st.none()),
        "recommendation": draw(st.sampled_from([item.id for item in PACK.recommendations])),
        "due": draw(st.dates().map(str) | st.dates().map(lambda day: str(day)[:7]) | st.none()),
    }
    target = draw(st.integers(1, 99)) / 100
    asked = {"rule": RULE, "target": draw(st.sampled_from([target, 1.0])), "period": "2027Q1"}
    said["shown_by"] = draw(st.sampled_from([asked, None]))
    kept: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    for name in ("task", "owner_role"):
        if name in kept:
            kept[name] = _as_kept(kept[name])
    return action_of("A1", [Event("A1", 1, plans.NOW, "Chair", {"set": kept})])


def _as_kept(text: str) -> str:
    try:
        return check_text(text, "task")
    except InputError:
        return "what could not be kept"


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(actions())
def test_a_plan_that_comes_back_as_it_went_says_nothing_new(action: Action) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        path.write_bytes(plan_workbook([action], PACK, "2026-11-24"))
        found = back(path, action)
    assert (found.events, found.faults, found.absent) == ([], [], [])


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert plan_workbook([ACTION], PACK, "2026-11-24") == plan_workbook(
        [ACTION], PACK, "2026-11-24"
    )


def test_a_changed_row_is_an_event_and_a_new_row_an_action(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        row_of(ACTION, task="send all", agency=None, note="as agreed"),
        {},
        {"task": "ring them", "evidence": "a list", "seen_by_role": "Matron"},
    )
    found = back(path, ACTION)
    assert found.faults == []
    assert [(event.action, event.number, event.what) for event in found.events] == [
        ("A1", 2, {"set": {"agency": None, "task": "send all"}, "note": "as agreed"}),
        (
            "A2",
            1,
            {
                "set": {"task": "ring them"},
                "evidence": [{"what": "a list", "seen_by_role": "Matron", "on": "2026-11-24"}],
            },
        ),
    ]


def test_an_action_that_is_not_in_the_plan_stays(tmp_path: Path) -> None:
    found = back(written(tmp_path, {"task": "ring them"}), ACTION)
    assert (found.absent, [event.action for event in found.events]) == (["A1"], ["A2"])


def test_a_row_changed_after_somebody_else_changed_the_action_is_refused(tmp_path: Path) -> None:
    newer = apply_event(ACTION, plans.event(2, note="x"))
    path = written(tmp_path, row_of(ACTION, task="send all"))
    assert refused(path, newer) == (
        f"Plan!D2: A1 was changed meanwhile by Board manager at {plans.NOW} (event 2), after this "
        "plan was exported. Export it again, and make the change there"
    )


def test_a_row_that_nobody_touched_is_no_conflict(tmp_path: Path) -> None:
    newer = apply_event(ACTION, plans.event(2, set={"task": "send all"}))
    found = back(written(tmp_path, row_of(ACTION)), newer)
    assert (found.events, found.faults, found.absent) == ([], [], [])


@pytest.mark.parametrize(
    ("due", "read"),
    [("31/01/2027", "2027-01-31"), ("31 January 2027", "2027-01-31"), ("2027-01-31", "2027-01-31"),
     ("January 2027", "2027-01")],
)  # fmt: skip
@pytest.mark.parametrize(("target", "share"), [(0.9, 0.9), ("90 %", 0.9), (90, 0.9), ("always", 1)])
@pytest.mark.parametrize("period", ["2027 Q1", "Q1 2027", "2027q1"])
def test_a_row_is_read_as_people_type_it(
    due: str, read: str, target: Any, share: float, period: str, tmp_path: Path
) -> None:
    [rule] = [rule for rule in PACK.rules if rule.id == RULE]
    typed = {"due": due, "rule": rule.title, "target": target, "period": period}
    found = back(written(tmp_path, {**row_of(ACTION), **typed}), ACTION)
    assert found.faults == []
    [event] = found.events
    assert event.what["set"] == {
        "due": read, "shown_by": {"rule": RULE, "target": share, "period": "2027Q1"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"agency": "polise"}, "Plan!C2: the pack has no agency 'polise'. Did you mean 'police'?"),
        (
            {"due": "31/02/2027"},
            "plan.xlsx: 1 thing is wrong\n  Plan!F2: 31/02/2027 is no date: there is no such day; "
            "expected a date such as 14/08/2009, or 2009-08, or 2009\nNothing was written.",
        ),
        ({"due": "1905-06-27"}, f"Plan!F2: {doubt('1905-06-27')}"),
        ({"due": 46387}, None),
        ({"recommendation": 5.1}, None),
        (
            {"rule": RULE},
            "Plan!H2: what is to show that it worked needs a rule, a target and a quarter",
        ),
        (
            {"rule": RULE, "target": 1.5, "period": "2027Q1"},
            "Plan!H2: '1.5' is no target; expected a per cent from 1 to 99, or always",
        ),
        (
            {"status": "closed"},
            "Plan!J2: is only shown here; update the action to close or open it, or judge it by "
            "a run",
        ),
        (
            {"evidence": "a letter"},
            "Plan!M2: evidence needs both: what it is, and which post has seen it",
        ),
        (
            {"task": "ask Mrs Jane Example"},
            "Plan!D2: holds a name; say the relation or post, or P1. A plan is about posts, "
            "never about people; nothing was written",
        ),
        ({"number": 7}, "Plan!O2: A1 has 1 event, not 7; is it another store?"),
        ({"id": "A9"}, "Plan!A2: there is no action with this id in the store"),
        ({"number": None}, "Plan!A2: there is an action A1 already; update it, or choose another"
         " id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_cell(
    changed: dict[str, Any], said: str | None, tmp_path: Path
) -> None:
    values = row_of(ACTION)
    values.update(changed)
    found = refused(written(tmp_path, values), ACTION)
    if said is not None:
        assert found == said
    elif "due" in changed:
        assert "Plan!F2: is a number; expected a day such as 31/12/2026, or a month" in found
    else:
        assert "Plan!B2: is a number; format the cell as text and write it anew" in found


def _formula(page: Any, _: Any) -> None:
    page.write_formula(1, AT["task"], '="a"&"b"', None, "ab")


def _merged(page: Any, book: Any) -> None:
    page.merge_range(5, 0, 6, 1, "A9", book.add_format())


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (_formula, "  Plan!D2: holds a formula; write the value itself"),
        (_merged, "  Plan!A6:B7: is merged; take the cells apart again"),
    ],
)
def test_what_a_plan_must_not_hold_is_refused(
    then: Callable[..., None], said: str, tmp_path: Path
) -> None:
    path = written(tmp_path, row_of(ACTION), then=then)
    assert refused(path, ACTION) == f"plan.xlsx: 1 thing is wrong\n{said}\nNothing was written."


FACTS = {
    "outcome_named": True,
    "specific": {"value": False, "by_role": "Auditor", "on": "2026-11-03"},
}


def test_facts_are_shown_and_come_back_as_they_were(tmp_path: Path) -> None:
    told = apply_event(ACTION, plans.event(2, facts=FACTS))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(
        plan_workbook([told, action_of("A2", [plans.event(1, "A2")])], PACK, "2026-11-24")
    )
    first = read_plan(path)[0]
    assert {name: value for name, value in first.values.items() if name.startswith("fact:")} == {
        "fact:outcome_named": "yes",
        "fact:specific": "no (Auditor, 2026-11-03)",
    }
    found = plan_changes([first], {"A1": told}, GIVING)
    assert (found.events, found.faults) == ([], [])


@pytest.mark.parametrize("number", [2, None])
def test_a_fact_is_not_said_in_a_workbook(number: int | None, tmp_path: Path) -> None:
    told = apply_event(ACTION, plans.event(2, facts=FACTS))
    path = written(
        tmp_path,
        row_of(told, number=number) if number else {"task": "new"},
        then=lambda page, _: (
            page.write_string(0, len(COLUMNS), "Fact: specific"),
            page.write_string(1, len(COLUMNS), "yes"),
        ),
    )
    assert refused(path, told) == (
        "Plan!P2: is only shown here; a role says the fact specific where it updates the action"
    )


def test_a_row_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, row_of(ACTION), row_of(ACTION, task="send all"))
    assert refused(path, ACTION) == "Plan!A3: the action A1 is there twice"


def test_a_column_that_stands_there_twice_is_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        row_of(ACTION),
        then=lambda page, _: page.write_string(0, len(COLUMNS), "Due"),
    )
    assert refused(path, ACTION) == (
        "plan.xlsx: 1 thing is wrong\n  Plan!P1: the column 'Due' is there twice\n"
        "Nothing was written."
    )


def test_a_renamed_sheet_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, row_of(ACTION), sheet="Sheet1")
    assert refused(path, ACTION) == (
        "plan.xlsx: 1 thing is wrong\n  has no sheet 'Plan', and no 'Actions' of a report, only "
        "Sheet1. Give the sheet its name back, or export the plan again\nNothing was written."
    )


def test_a_missing_column_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, row_of(ACTION), skip="due")
    assert refused(path, ACTION) == (
        "plan.xlsx: 1 thing is wrong\n  Plan!1:1: the column 'Due' is missing.\n"
        "Nothing was written."
    )


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"no workbook")
    assert refused(path, ACTION).startswith("plan.xlsx: 1 thing is wrong\n")
