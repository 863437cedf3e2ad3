"""What a run says of every action of a plan: to show, to keep, and for the run's own bundle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from scr_audit.actions.judgement import Judgement, judge, known_meaning
from scr_audit.actions.listing import is_overdue
from scr_audit.actions.record import next_event
from scr_audit.actions.state import Action, Event, ShownBy
from scr_audit.documents.run import ActionInfo, RunHead, ShownByInfo


def judgements(actions: Iterable[Action], bundle: RunHead) -> list[tuple[Action, Judgement]]:
    """Each action that is not superseded, and what the run says of it."""
    return [(action, judge(action, bundle)) for action in actions if action.status != "superseded"]


def judging_events(
    actions: Iterable[Action], bundle: RunHead, run: str, by_role: str, *, at: str
) -> list[Event]:
    """The events that keep the judgements of a run at a moment; none for what is kept already."""
    events = []
    for action, judgement in judgements(actions, bundle):
        asked = action.shown_by
        if action.status != "open" or not judgement.about or asked is None:
            continue
        last = action.judged
        if last is not None and (last.run, last.verdict) == (run, judgement.verdict):
            continue
        judged = {
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "run": run,
            "shown_by": replace(asked, meaning=judgement.meaning or asked.meaning).document(),
        }
        event = next_event(action, {"judged": judged}, by_role=by_role, at=at)
        assert event is not None
        events.append(event)
    return events


def bundle_rows(actions: Iterable[Action], bundle: RunHead) -> list[ActionInfo]:
    """For the run bundle: the actions that name this run, and what it says of them."""
    as_of = bundle["as_of"]
    return [
        {
            "action": action.id,
            "recommendation": action.recommendation,
            "agency": action.agency,
            "task": action.task,
            "status": action.status,
            "shown_by": _shown_by(shown_by, known_meaning(action)),
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "due": action.due_now,
            "overdue": None if as_of is None else is_overdue(action, as_of),
        }
        for action, judgement in judgements(actions, bundle)
        if judgement.about and (shown_by := action.shown_by) is not None
    ]


def _shown_by(shown_by: ShownBy, meaning: str | None) -> ShownByInfo:
    found: ShownByInfo = {
        "rule": shown_by.rule,
        "target": shown_by.target,
        "period": shown_by.period,
    }
    if meaning is not None:
        found["meaning"] = meaning
    return found


def judged_rows(judged: Iterable[tuple[Action, Judgement]]) -> list[dict[str, Any]]:
    """The judgements as data."""
    return [
        {
            "action": action.id,
            "recommendation": action.recommendation,
            "agency": action.agency,
            "task": action.task,
            "status": action.status,
            "shown_by": _asked(action),
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "about": judgement.about,
        }
        for action, judgement in judged
    ]


def _asked(action: Action) -> dict[str, Any] | None:
    """What an action names, with what its rule asked then, where that is known."""
    asked = action.shown_by
    return None if asked is None else replace(asked, meaning=known_meaning(action)).document()
