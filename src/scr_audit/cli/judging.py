"""`scr-audit actions judge`: what a run says of the actions that name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from json import dumps
from typing import Any

from scr_audit.actions.judgement import Bundle, Judgement, judge, known_meaning
from scr_audit.actions.listing import is_overdue
from scr_audit.actions.record import check_text, next_event, verdict_words
from scr_audit.actions.state import Action, Event
from scr_audit.cli.acting import now_text, opened
from scr_audit.cli.history import find_head
from scr_audit.cli.streams import OK, reader_may_stop, say
from scr_audit.values.text import visible


def judge_command(
    *, run: str, by_role: str | None, plan: str | None, json: bool, store: str | None
) -> int:
    """Judge the open actions by a run, and with a role keep what it says; the exit code.

    The run is named by its bundle's file, or as one of the store.
    """
    if by_role is not None:
        by_role = check_text(by_role, "--by-role")
    id_, bundle = find_head(run, store, plan)
    events: list[Event] = []
    with opened(store, make=False) as place:
        from scr_audit.store.actions import read_actions, write_events

        actions = read_actions(place)
        if by_role is not None:
            role = by_role
            events = write_events(
                place, lambda now: judging_events(now.values(), bundle, id_, role)
            )
    judged = judgements(actions.values(), bundle)
    with reader_may_stop():
        print(_json(judged) if json else _lines(judged))  # noqa: T201  # the command's result
    if by_role is not None:
        say(f"kept {len(events):,} new judgements")
    elif any(judgement.about for _, judgement in judged):
        say("nothing was kept; --by-role ROLE keeps the judgements")
    return OK


def judgements(actions: Iterable[Action], bundle: Bundle) -> list[tuple[Action, Judgement]]:
    """Each action that is not superseded, and what the run says of it."""
    return [(action, judge(action, bundle)) for action in actions if action.status != "superseded"]


def judging_events(
    actions: Iterable[Action], bundle: Bundle, run: str, by_role: str
) -> list[Event]:
    """The events that keep the judgements of a run; none for what is kept already."""
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
        event = next_event(action, {"judged": judged}, by_role=by_role, at=now_text())
        assert event is not None
        events.append(event)
    return events


def bundle_rows(actions: Iterable[Action], bundle: Bundle) -> list[dict[str, Any]]:
    """For the run bundle: the actions that name this run, and what it says of them."""
    about = [item for item in judgements(actions, bundle) if item[1].about]
    return [
        {
            **{name: row[name] for name in row if name != "about"},
            "due": action.due_now,
            "overdue": None if bundle["as_of"] is None else is_overdue(action, bundle["as_of"]),
        }
        for (action, _), row in zip(about, judged_rows(about), strict=True)
    ]


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


def _json(judged: Iterable[tuple[Action, Judgement]]) -> str:
    return dumps(judged_rows(judged), indent=2)


def _lines(judged: Iterable[tuple[Action, Judgement]]) -> str:
    return visible(
        "\n".join(
            f"{action.id}: {verdict_words(judgement.verdict)}{_when(action, judgement)}: "
            f"{judgement.reason}"
            for action, judgement in judged
        )
    )


def _when(action: Action, judgement: Judgement) -> str:
    """The quarter that a judgement is of."""
    asked = action.shown_by
    return f" in {asked.period}" if judgement.about and asked is not None else ""
