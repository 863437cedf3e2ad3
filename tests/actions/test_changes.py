"""What an action can be told next, and when it closes."""

from typing import Any

import plans
import pytest

from scr_audit.actions.action_record import check_id, known_action, next_event, next_id
from scr_audit.actions.state import Action, action_of
from scr_audit.errors import InputError

LACKS_EVIDENCE = "none is recorded: add it, and which post has seen it"
LACKS_RUN = "a run is to show that it worked (gp-invited, 90 %, 2027Q1), but {}: "
USE = "judge it by a run"
EVIDENCE: dict[str, Any] = {"evidence": [plans.SEEN]}


def tell(action: Action, **what: Any) -> Any:
    return next_event(action, what, by_role="Chair", at=plans.NOW)


def refused(action: Action, **what: Any) -> str:
    with pytest.raises(InputError) as error:
        tell(action, **what)
    return str(error.value)


def closing(action: Action) -> str:
    said = refused(action, status="closed")
    start, end = "A1: an action closes only on evidence, and ", ". Nothing was written"
    assert said.startswith(start)
    assert said.endswith(end)
    return said.removeprefix(start).removesuffix(end)


def test_it_closes_on_evidence_and_on_a_run_that_says_worked() -> None:
    ready = plans.action(EVIDENCE, plans.judged("worked"))
    assert tell(ready, status="closed").what == {"status": "closed"}


def test_it_does_not_close_without_evidence() -> None:
    assert closing(plans.action(plans.judged("worked"))) == LACKS_EVIDENCE


def test_it_does_not_close_before_a_run_has_shown_it() -> None:
    said = closing(plans.action(EVIDENCE))
    assert said == LACKS_RUN.format("no run was held against it") + USE


def test_it_does_not_close_on_a_run_that_says_not_yet() -> None:
    said = closing(plans.action(EVIDENCE, plans.judged("worked"), plans.judged("not_yet")))
    assert said == LACKS_RUN.format("the last run says not yet (so)") + USE


def test_a_run_about_what_was_named_before_does_not_count() -> None:
    other = {"set": {"shown_by": {**plans.ASKED, "target": 0.95}}}
    action = plans.action(EVIDENCE, plans.judged("worked"), other)
    assert "no run was held against it" in closing(action)


def test_it_does_not_close_while_what_is_to_show_it_changes() -> None:
    action = plans.action(EVIDENCE, plans.judged("worked"))
    said = refused(
        action, status="closed", set={"shown_by": {**plans.ASKED, "target": 0.5}}
    )  # fmt: skip
    assert "what is to show it changes in this same update: judge it first" in said


def test_an_action_opened_again_needs_new_evidence() -> None:
    ready = (EVIDENCE, plans.judged("worked"))
    action = plans.action(*ready, {"status": "closed"}, {"status": "open"})
    assert LACKS_EVIDENCE in closing(action)
    assert "no run was held against it" in closing(action)


@pytest.mark.parametrize("what", [{"set": {"task": "less"}}, EVIDENCE, {"status": "superseded"}])
def test_a_closed_action_is_opened_before_it_changes(what: dict[str, Any]) -> None:
    closed = plans.action(EVIDENCE, plans.judged("worked"), {"status": "closed"})
    assert refused(closed, **what) == ("A1: is closed; open it first, or only add a note")


def test_a_closed_action_can_be_given_a_note() -> None:
    closed = plans.action(EVIDENCE, plans.judged("worked"), {"status": "closed"})
    assert tell(closed, note="told the Board").number == 5


def test_what_it_says_already_is_no_event() -> None:
    assert (
        tell(plans.action(), set={"task": "send every invitation", "shown_by": plans.ASKED}) is None
    )


def test_only_what_is_new_is_kept() -> None:
    found = tell(plans.action(), set={"task": "send every invitation", "due": "2026-12"})
    assert found.what == {"set": {"due": "2026-12"}}


def test_the_first_date_stays_known_when_the_date_moves() -> None:
    action = plans.action({"set": {"due": "2026-10"}}, {"set": {"due": "2026-12-01"}})
    assert (action.first_due, action.due_now, action.last_due_day) == (
        "2026-10",
        "2026-12-01",
        "2026-12-01",
    )


def test_a_store_that_lost_an_event_is_told() -> None:
    with pytest.raises(InputError) as error:
        action_of("A1", [plans.event(1), plans.event(3)])
    assert str(error.value) == (
        "the store lacks event 2 of the action A1; it was changed by another program. Take a copy "
        "from a backup"
    )


def test_the_next_number_is_after_the_highest() -> None:
    assert next_id(["A2", "A10", "5.1-a", "A"]) == "A11"


def test_an_unknown_action_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"^there is no action 'A1'\. Did you mean 'A12'\?$"):
        known_action("A1", {"A12": Action("A12")})


@pytest.mark.parametrize("name", ["", "two words", "a" * 41, "-x", "A1\n"])
def test_what_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="expected up to 40 letters, digits, dots, hyphens"):
        check_id(name, ())
