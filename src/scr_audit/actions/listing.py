"""Which actions a list shows, and what it says of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from scr_audit.actions.changes import verdict_words
from scr_audit.actions.judgement import target_words
from scr_audit.actions.state import Action

HEADINGS = {
    "id": "Action",
    "recommendation": "For",
    "agency": "Agency",
    "task": "Task",
    "owner_role": "Owner",
    "due": "Due",
    "shown_by": "Shown by",
    "status": "Status",
    "worked": "Worked",
}


@dataclass(frozen=True)
class Chosen:
    """Which actions are asked for; None does not choose. `overdue_on` and `due_by` are days."""

    overdue_on: str | None = None
    due_by: str | None = None
    agency: str | None = None
    status: str | None = None


def choose(actions: Iterable[Action], chosen: Chosen) -> list[Action]:
    """The actions that are asked for, in their order."""
    return [action for action in actions if _asked(action, chosen)]


def _asked(action: Action, chosen: Chosen) -> bool:
    if chosen.agency is not None and action.agency != chosen.agency:
        return False
    if chosen.status is not None and action.status != chosen.status:
        return False
    if chosen.due_by is not None and not (_open_until(action) <= chosen.due_by):
        return False
    return chosen.overdue_on is None or is_overdue(action, chosen.overdue_on)


def is_overdue(action: Action, day: str) -> bool:
    """Whether it is open and the last day of its date has passed on `day` (year-month-day)."""
    return _open_until(action) < day


def _open_until(action: Action) -> str:
    """The last day on which an open action is in time; one never due sorts after every day."""
    due = action.last_due_day
    return due if due is not None and action.status == "open" else "never"


def row(action: Action, as_of: str) -> dict[str, str]:
    """What a list says of an action, by the keys of `HEADINGS`."""
    overdue = ", overdue" if is_overdue(action, as_of) else ""
    instead = f" by {action.superseded_by}" if action.superseded_by else ""
    judged = action.judged
    return {
        "id": action.id,
        "recommendation": action.recommendation or "",
        "agency": action.agency or "",
        "task": action.task or "",
        "owner_role": action.owner_role or "",
        "due": action.due_now or "",
        "shown_by": shown_by_words(action),
        "status": f"{action.status}{instead}{overdue}",
        "worked": "" if judged is None else verdict_words(judged.verdict),
    }


def shown_by_words(action: Action) -> str:
    """`gp-invited, 90 %, 2027Q1`, or nothing."""
    found = action.shown_by
    return "" if found is None else f"{found.rule}, {target_words(found.target)}, {found.period}"


def document(action: Action, as_of: str) -> dict[str, Any]:
    """An action as JSON, with its evidence, its judgements and all its events."""
    found = asdict(action)
    judged = action.judged
    return {
        **found,
        "due_now": action.due_now,
        "overdue": is_overdue(action, as_of),
        "number": action.number,
        "worked": None if judged is None else judged.verdict,
    }
