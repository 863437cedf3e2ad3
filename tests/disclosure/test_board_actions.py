"""Actions in a board document: nothing of them tells more of a count than the document does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bundles import Case, Counted, bundle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scr_audit.disclosure import (
    DisclosureError,
    assert_safe,
    board_bytes,
    board_document,
    load_profile,
    read_published,
)
from scr_audit.disclosure.open_verdicts import verdict_of

STANDARD, STRICT = load_profile("standard"), load_profile("strict")
ROW = [("5.1", "Police", "Plans")]
COUNTS = ("met", "not_met", "not_evidenced")
PLAIN, SMALL = {"met": 43, "not_met": 0}, {"met": 43, "not_met": 2}


def held(row: dict[str, Any], counts: dict[str, int], as_of: str = "2026-03-31") -> dict[str, Any]:
    """A run bundle of one rule with these counts, held against one action."""
    rule = Counted("r", "5.1", **counts)
    case = Case([rule], ROW, {"case": 300})
    return {**bundle(case, as_of), "actions": [row]}


def action(**more: Any) -> dict[str, Any]:
    return {
        "action": "A1", "recommendation": "5.1", "agency": "police", "task": "invite",
        "due": "2026-03-01", "status": "open", "overdue": True,
        "shown_by": {"rule": "r", "target": 0.9, "period": "2026Q1"},
        "verdict": "cannot_tell", "reason": "of the true counts, such as 12345", **more,
    }  # fmt: skip


def only_action(document: dict[str, Any]) -> dict[str, Any]:
    [found] = document["actions"]
    return dict(found)


def test_a_verdict_that_the_printed_counts_give_is_told_with_them() -> None:
    assert only_action(board_document(held(action(), PLAIN), STANDARD)) == {
        "action": "A1", "recommendation": "5.1", "agency": "police", "task": "invite",
        "due": "2026-03-01", "shown_by": {"rule": "r", "target": 0.9, "period": "2026Q1"},
        "verdict": "worked",
        "reason": "visits as published: 43 met, 0 not met, 0 not evidenced; 90 % asked for",
        "status": "open", "overdue": True,
    }  # fmt: skip


@pytest.mark.parametrize("status", ["open", "closed"])
def test_where_a_masked_count_leaves_it_open_neither_verdict_nor_status_is_told(
    status: str,
) -> None:
    made = held(action(status=status, verdict="worked", overdue=status == "open"), SMALL)
    found = only_action(board_document(made, STANDARD))
    assert (found["verdict"], found["status"], found["overdue"]) == (None, None, None)
    assert found["reason"] == (
        "visits as published: [c] met, [c] not met, 0 not evidenced; 90 % asked for; the true "
        "counts may lie on either side"
    )
    assert found["due"] == "2026-03-01"


def test_a_closed_action_is_told_as_closed_where_the_printed_counts_say_that_it_worked() -> None:
    made = held(action(status="closed", overdue=False), PLAIN)
    assert only_action(board_document(made, STANDARD))["status"] == "closed"


def test_a_status_that_would_unmask_an_earlier_document_is_not_told() -> None:
    earlier = board_document(held(action(), {"met": 20, "not_met": 1}, "2026-01-31"), STANDARD)
    found = only_action(board_document(held(action(), PLAIN), STANDARD, [earlier]))
    assert (found["verdict"], found["status"], found["overdue"]) == ("worked", None, None)


def test_a_rule_that_asks_something_else_now_is_told_without_its_counts() -> None:
    asked = {"rule": "r", "target": 0.9, "period": "2026Q1", "meaning": "1" * 64}
    made = held(action(shown_by=asked), SMALL)
    made["rules"][0]["meaning"] = "2" * 64
    found = only_action(board_document(made, STANDARD))
    assert (found["verdict"], found["status"]) == ("cannot_tell", None)
    assert found["reason"] == "the rule r asks something else than when the action was set"


counts = st.fixed_dictionaries({name: st.integers(0, 60) for name in COUNTS})
rows = st.builds(
    lambda status, target: action(
        status=status, shown_by={"rule": "r", "target": target, "period": "2026Q1"}
    ),
    st.sampled_from(["open", "closed"]),
    st.sampled_from([0.05, 0.5, 0.7, 0.9, 1.0]),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(counts, rows, st.sampled_from([STANDARD, STRICT]))
def test_what_is_told_follows_from_the_printed_counts_and_is_true(
    found: dict[str, int], row: dict[str, Any], profile: Any
) -> None:
    document = board_document(held(row, found), profile)
    told = only_action(document)
    target = row["shown_by"]["target"]
    if told["verdict"] is not None:
        true = (found[name] for name in COUNTS)
        assert told["verdict"] == verdict_of(*true, target=target)
    else:
        assert (told["status"], told["overdue"]) == (None, None)
    # The same printed counts give the same lines, whatever the run said of the action.
    other = {**row, "verdict": "not_yet", "reason": "something else"}
    assert board_document(held(other, found), profile) == document


@pytest.mark.parametrize(
    "given_away",
    [{"verdict": "worked"}, {"status": "closed"}, {"overdue": False}, {"reason": "43 of 45"}],
)
def test_a_document_that_tells_more_of_an_action_is_refused(given_away: dict[str, Any]) -> None:
    document = board_document(held(action(), SMALL), STANDARD)
    document["actions"][0].update(given_away)
    with pytest.raises(DisclosureError) as refused:
        assert_safe(document)
    assert str(refused.value) == (
        "the board document is not safe to publish: what it says of actions does not follow from "
        "its printed counts and those of the earlier documents given. It is not written"
    )


def test_it_is_read_back_and_a_run_without_a_plan_says_nothing_of_actions(tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    path.write_bytes(board_bytes(board_document(held(action(), PLAIN), STANDARD)))
    assert read_published(path)["actions"] == json.loads(path.read_bytes())["actions"]
    without = held(action(), PLAIN)
    del without["actions"]
    assert "actions" not in board_document(without, STANDARD)
