"""Invented actions, and runs to hold them against."""

from collections.abc import Mapping
from typing import Any

from scr_audit.actions.state import Action, Event, action_of

NOW = "2026-11-24T10:00:00Z"
ASKED = {"rule": "gp-invited", "target": 0.9, "period": "2027Q1"}
SEEN = {"what": "minutes of the meeting", "seen_by_role": "Board chair", "on": "2026-12-01"}
QUARTER = {"start": "2027-01-01", "end": "2027-03-31", "label": "2027Q1"}


def event(number: int, action: str = "A1", **what: Any) -> Event:
    """An event of an invented office."""
    return Event(action, number, NOW, "Board manager", what)


def action(*whats: Mapping[str, Any]) -> Action:
    """The action A1 with these events, after one that sets its task."""
    first = event(1, set={"task": "send every invitation", "shown_by": ASKED})
    return action_of("A1", [first, *(event(n, **what) for n, what in enumerate(whats, start=2))])


def judged(verdict: str, **asked: Any) -> dict[str, Any]:
    """What an event of a judgement says."""
    shown_by = {**ASKED, **asked}
    return {"judged": {"verdict": verdict, "reason": "so", "run": "f00", "shown_by": shown_by}}


def bundle(met: int, not_met: int, not_evidenced: int, **more: Any) -> dict[str, Any]:
    """As much of a run bundle as a judgement reads."""
    totals = {"met": met, "not_met": not_met, "not_evidenced": not_evidenced}
    rule = {"id": "gp-invited", "unit_plural": "conferences", "totals": totals}
    return {"plan": {"period": QUARTER}, "as_of": "2027-04-12", "rules": [rule], **more}
