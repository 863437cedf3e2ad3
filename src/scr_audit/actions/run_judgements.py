"""What a run says of every action of a plan: to show, to keep, and for the run's own bundle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scr_audit.actions.action_list import is_overdue
from scr_audit.actions.judgement import Judgement, judge, known_meaning
from scr_audit.actions.record import next_event
from scr_audit.actions.state import Action, Event, ShownBy
from scr_audit.documents.actions import JudgedAction, JudgedSaid, JudgedWords
from scr_audit.documents.run import ActionInfo, RunHead, ShownByInfo


def judgements(actions: Iterable[Action], bundle: RunHead) -> list[tuple[Action, Judgement]]:
    """Each action that is not superseded, and what the run says of it."""
    return [(action, judge(action, bundle)) for action in actions if action.status != "superseded"]


def judging_events(
    actions: Iterable[Action], bundle: RunHead, run: str, by_role: str, *, at: str
) -> list[Event]:
    """The events that keep a run's judgements, made at `at`; none for those kept already."""
    events = []
    for action, judgement in judgements(actions, bundle):
        asked = action.shown_by
        if action.status != "open" or not judgement.about or asked is None:
            continue
        last = action.judged
        if last is not None and (last.run, last.verdict) == (run, judgement.verdict):
            continue
        judged: JudgedSaid = {
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "run": run,
            "shown_by": _with_meaning(asked, judgement.meaning or asked.meaning),
        }
        event = next_event(action, {"judged": judged}, by_role=by_role, at=at)
        assert event is not None
        events.append(event)
    return events


def bundle_rows(actions: Iterable[Action], bundle: RunHead) -> list[ActionInfo]:
    """For the run bundle: the actions that name this run, and what it says of them."""
    as_of, rows = bundle["as_of"], []
    for action, judgement in judgements(actions, bundle):
        said = _words(action, judgement)
        if judgement.about and (asked := said["shown_by"]) is not None:
            overdue = None if as_of is None else is_overdue(action, as_of)
            row: ActionInfo = {
                **said, "shown_by": asked, "due": action.due_now, "overdue": overdue
            }  # fmt: skip
            rows.append(row)
    return rows


def judged_rows(judged: Iterable[tuple[Action, Judgement]]) -> list[JudgedAction]:
    """The judgements as data."""
    return [{**_words(*each), "about": each[1].about} for each in judged]


def _words(action: Action, judgement: Judgement) -> JudgedWords:
    """A judgement as data, with what the action's rule asked then, where that is known."""
    asked = action.shown_by
    return {
        "action": action.id,
        "recommendation": action.recommendation,
        "agency": action.agency,
        "task": action.task,
        "status": action.status,
        "shown_by": None if asked is None else _with_meaning(asked, known_meaning(action)),
        "verdict": judgement.verdict,
        "reason": judgement.reason,
    }


def _with_meaning(asked: ShownBy, meaning: str | None) -> ShownByInfo:
    return replace(asked, meaning=meaning).document()
