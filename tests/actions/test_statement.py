"""What is said of an action from Python: kept as an event, or refused by the argument's name."""

import dataclasses
from dataclasses import fields
from typing import Any

import plans
import pytest

from scr_audit.actions import Action, Statement, action_of, add, update
from scr_audit.actions.action_list import check_settings
from scr_audit.documents.actions import ActionKept
from scr_audit.errors import ArgumentError, InputError
from scr_audit.packs.builtin import load_pack

PACK = load_pack()
ROLE = {"by_role": "Chair"}
TASK = Statement(task="Invite the GP", due="2026-12")


def made(said: Statement = TASK) -> dict[str, Action]:
    """The one action that this makes."""
    return {"A1": action_of("A1", [add({}, said, PACK, **ROLE, at=plans.NOW)])}


def test_an_action_says_what_was_said_of_it() -> None:
    actions = made()
    facts: dict[str, bool | str | None] = {"outcome_stated": "All are invited"}
    asked = Statement(shown_by="gp-invited", target="90", quarter="2027Q1", facts=facts)
    event = update(actions, "A1", asked, PACK, **ROLE, at=plans.NOW)
    assert event is not None
    assert event.what == {"set": {"shown_by": plans.ASKED}, "facts": facts}
    assert update(actions, "A1", TASK, PACK, **ROLE) is None


def test_the_document_of_an_action_is_typed_by_its_fields() -> None:
    assert [part.name for part in fields(Action)] == list(ActionKept.__annotations__)


def test_what_shows_it_stays_where_only_a_part_is_said_anew() -> None:
    actions = made(Statement(shown_by="gp-invited", target="90", quarter="2027Q1"))
    event = update(actions, "A1", Statement(quarter="2027Q2"), PACK, **ROLE)
    assert event is not None
    assert event.what == {"set": {"shown_by": {**plans.ASKED, "period": "2027Q2"}}}


@pytest.mark.parametrize(
    ("said", "argument"),
    [
        (Statement(due="soon"), "due"),
        (Statement(task=" "), "task"),
        (Statement(recommendation="99"), "recommendation"),
        (Statement(task="x", note="ask Dr Jane Smith"), "note"),
        (Statement(task="x", facts={"nonsense": True}), "fact nonsense"),
        (Statement(task="x", facts={"task": "y"}), "fact task"),
        (Statement(shown_by="gp-invited", target="90", quarter="spring"), "quarter"),
    ],
)
def test_what_is_wrong_is_told_by_its_argument(said: Statement, argument: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        add({}, said, PACK, **ROLE)
    assert caught.value.argument == argument


def test_of_a_pack_without_recommendations_it_says_so() -> None:
    bare = dataclasses.replace(PACK, recommendations=())
    with pytest.raises(ArgumentError, match=r"the pack has no recommendation '5'\. It has none\.$"):
        check_settings({"recommendation": "5"}, bare)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("zz", "status: found 'zz'; expected open, closed or superseded"),
        ("superseded", "superseded_by: name the action that takes its place"),
    ],
)
def test_a_status_that_there_is_not_is_refused(status: Any, words: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        update(made(), "A1", Statement(), PACK, **ROLE, status=status)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("said", "more", "words"),
    [
        (Statement(), {}, "say what is to be done, such as a task and a recommendation"),
        (
            Statement(shown_by="gp-invited"),
            {},
            "what is to show that it worked needs a rule, a target",
        ),
        (
            Statement(evidence="x"),
            {},
            "evidence needs both: what it is, and which post has seen it",
        ),
        (TASK, {"superseded_by": "A1"}, "A1: cannot take its own place"),
        (TASK, {"seen": 0}, "A1: was changed meanwhile by Chair"),
    ],
)
def test_what_does_not_go_together(said: Statement, more: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        update(made(), "A1", said, PACK, **ROLE, **more) if more else add({}, said, PACK, **ROLE)
    assert str(caught.value).startswith(words)
