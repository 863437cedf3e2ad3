"""An action as a record, judged by the pack's own rules."""

from datetime import date
from typing import Any

import msgspec
import plans
import pytest

import scr_audit
from scr_audit.actions.action_list import action_document
from scr_audit.actions.action_record import action_record, next_event
from scr_audit.actions.plan_changes import record_event
from scr_audit.actions.state import Action, Event, action_of, apply_event
from scr_audit.documents.actions import ActionDocument
from scr_audit.documents.parts import checker
from scr_audit.errors import InputError
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.builtin import shipped
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import Inputs, RawRecord

PLAN = shipped("rules") / "baby-f-2010" / "action-plan.yaml"
DAY = date(2010, 7, 12)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return scr_audit.load_pack("baby-f-2010")


@pytest.fixture(scope="module")
def read(pack: Pack) -> list[tuple[dict[str, Any], Action]]:
    """Each record of the review's own plan, and the action that is read from it."""
    found = []
    for _, raws in read_inputs([str(PLAN)], pack, Inputs()):
        for raw in raws:
            name, what = record_event(raw, PLAN.name, pack)
            found.append((raw.data, action_of(name, [Event(name, 1, plans.NOW, "Chair", what)])))
    return found


def record(action: Action, pack: Pack) -> dict[str, Any]:
    return action_record(action, pack.kinds["action"])


def test_a_plan_that_is_read_is_judged_as_its_records_are(
    read: list[tuple[dict[str, Any], Action]], pack: Pack
) -> None:
    engine = scr_audit.compile_pack(pack)
    assert len(read) == 133
    for given, action in read:
        was = engine.evaluate(given, kind="action", as_of=DAY)
        now = engine.evaluate(record(action, pack), kind="action", as_of=DAY)
        assert [(f.rule, f.outcome) for f in now] == [(f.rule, f.outcome) for f in was], action.id


def test_a_plan_that_is_read_gives_its_records_back(
    read: list[tuple[dict[str, Any], Action]], pack: Pack
) -> None:
    for given, action in read:
        assert record(action, pack) == {k: v for k, v in given.items() if v is not None}


def test_an_owner_given_later_to_an_action_that_was_read_counts(pack: Pack) -> None:
    raw = RawRecord("/0", {"id": "x", "owner_named": False}, "action")
    name, what = record_event(raw, "plan.json", pack)
    action = action_of(name, [Event(name, 1, plans.NOW, "Chair", what)])
    later = next_event(action, {"set": {"owner_role": "Matron"}}, by_role="Chair", at=plans.NOW)
    assert later is not None
    assert record(apply_event(action, later), pack)["owner_named"] is True


@pytest.mark.parametrize(("place", "shown"), [("", "plan.json"), ("/0", "/0"), (3, "line 3")])
def test_a_record_that_is_no_action_is_told_by_its_place(
    pack: Pack, place: str | int, shown: str
) -> None:
    raw = RawRecord(place, {"id": "A1"}, "case")
    with pytest.raises(InputError) as caught:
        record_event(raw, "plan.json", pack)
    assert str(caught.value) == f"{shown}: is a record of the kind 'case', not 'action'"


def test_an_action_made_here_says_what_it_lacks(pack: Pack) -> None:
    assert record(Action("A1", task="send them"), pack) == {
        "id": "A1",
        "task": "send them",
        "owner_named": False,
        "target_date_given": False,
        "evidence_named": False,
        "outcome_named": False,
        "measure_named": False,
        "completed": False,
        "evidence_seen": False,
        "measured": False,
    }


def test_a_closed_action_is_completed_with_evidence_seen(pack: Pack) -> None:
    closed = plans.action({"evidence": [plans.SEEN]}, plans.judged("worked"), {"status": "closed"})
    found = record(closed, pack)
    progress = ("status", "completed", "completed_on", "evidence_seen", "measured")
    assert [found[name] for name in progress] == ["completed", True, "2026-11-24", True, True]


def test_the_document_of_an_action_follows_its_type(
    pack: Pack, read: list[tuple[dict[str, Any], Action]]
) -> None:
    closed = plans.action({"evidence": [plans.SEEN]}, plans.judged("worked"), {"status": "closed"})
    for action in (closed, *(action for _, action in read)):
        checker(ActionDocument)(msgspec.to_builtins(action_document(action, "2010-07-12")))


def test_a_date_that_moved_stays_beside_the_first(pack: Pack) -> None:
    moved = plans.action({"set": {"due": "2026-10"}}, {"set": {"due": "2026-12"}})
    found = record(moved, pack)
    assert (found["target_date"], found["target_revised_to"]) == ("2026-10", "2026-12")
