"""`scr-audit actions judge`: what a run says of the actions that name it."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps

from scr_audit.actions.judged import judged_rows, judgements, judging_events
from scr_audit.actions.judgement import Judgement
from scr_audit.actions.record import check_text, verdict_words
from scr_audit.actions.state import Action, Event
from scr_audit.cli.acting import opened
from scr_audit.cli.history import find_head
from scr_audit.cli.streams import OK, reader_may_stop, say
from scr_audit.values.calendar import now_text
from scr_audit.values.text import counted, visible


def judge_command(
    *, run: str, by_role: str | None, plan: str | None, json: bool, store: str | None
) -> int:
    """Judge the open actions by a run, and with a role keep what it says; the exit code.

    The run is named by its bundle's file, or as one of the store.
    """
    if by_role is not None:
        by_role = check_text(by_role, "by_role")
    id_, bundle = find_head(run, store, plan)
    events: list[Event] = []
    with opened(store, make=False) as place:
        from scr_audit.store.actions import read_actions, write_events

        actions = read_actions(place)
        if by_role is not None:
            role = by_role
            events = write_events(
                place, lambda now: judging_events(now.values(), bundle, id_, role, at=now_text())
            )
    judged = judgements(actions.values(), bundle)
    with reader_may_stop():
        print(_json(judged) if json else _lines(judged))  # noqa: T201  # the command's result
    if by_role is not None:
        say(f"kept {counted(len(events), 'new judgement')}")
    elif any(judgement.about for _, judgement in judged):
        say("nothing was kept; --by-role ROLE keeps the judgements")
    return OK


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
