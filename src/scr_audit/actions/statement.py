"""What somebody says of an action, as the event that adds or updates it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast, get_args

from scr_audit.actions.action_list import check_settings, parse_facts
from scr_audit.actions.action_record import (
    changed_meanwhile,
    check_id,
    check_text,
    first_event,
    known_action,
    next_event,
    next_id,
    refuse_implausible,
)
from scr_audit.actions.judgement import parse_quarter, parse_target
from scr_audit.actions.state import Action, Event
from scr_audit.documents.actions import EventWhat, EvidenceSaid, Settings, Status
from scr_audit.documents.run import ShownByInfo
from scr_audit.errors import ArgumentError, InputError, check_choice
from scr_audit.packs.pack import Pack
from scr_audit.values.calendar import now_text

PARTS = ("recommendation", "agency", "task", "owner_role", "due")
NEEDS_ALL = "what is to show that it worked needs a rule, a target and a quarter"
NEEDS_BOTH = "evidence needs both: what it is, and which post has seen it"


@dataclass(frozen=True)
class Statement:
    """What somebody says of an action; None leaves a part as it is.

    `due` is a day or a month, `shown_by` the rule that will show that it worked, `target` a per
    cent or `always`, `quarter` such as 2027Q1. `facts` are further facts of the pack: yes, no, a
    date or a text each; None takes one away. `on` is the day of the evidence and of judgements.
    """

    recommendation: str | None = None
    agency: str | None = None
    task: str | None = None
    owner_role: str | None = None
    due: str | None = None
    shown_by: str | None = None
    target: str | None = None
    quarter: str | None = None
    facts: Mapping[str, bool | str | None] = field(default_factory=dict)
    evidence: str | None = None
    seen_by_role: str | None = None
    note: str | None = None
    on: date | None = None


def add(
    actions: Mapping[str, Action],
    said: Statement,
    pack: Pack,
    *,
    by_role: str,
    id: str | None = None,
    at: str | None = None,
) -> Event:
    """The event that makes an action; without an id it has the next A-number.

    `actions` are all there are, by id; `at` is the time in UTC, by default now. Raises
    `InputError`, as `ArgumentError` where one thing that is said is wrong.
    """
    what = _what(said, pack, None, by_role)
    if not what["set"]:
        raise InputError("say what is to be done, such as a task and a recommendation")
    name = next_id(actions) if id is None else check_id(id, actions)
    return first_event(name, what, by_role=by_role, at=at or now_text())


def update(
    actions: Mapping[str, Action],
    id: str,
    said: Statement,
    pack: Pack,
    *,
    by_role: str,
    status: Status | None = None,
    superseded_by: str | None = None,
    seen: int | None = None,
    at: str | None = None,
) -> Event | None:
    """The next event of an action; None where it says so already.

    `status` closes or opens it, `superseded_by` is the action that takes its place. With `seen`,
    the number of the event that was seen last, it is refused where there are later ones. Raises as
    `add` does.
    """
    action = known_action(id, actions)
    if seen is not None and seen != action.number:
        raise changed_meanwhile(action)
    if superseded_by is not None:
        _check_successor(action, known_action(superseded_by, actions))
        status = "superseded"
    elif status == "superseded":
        raise ArgumentError("superseded_by", "name the action that takes its place")
    elif status is not None:
        check_choice("status", status, get_args(Status))
    what = _what(said, pack, action, by_role, status, superseded_by)
    return next_event(action, what, by_role=by_role, at=at or now_text())


def _check_successor(action: Action, other: Action) -> None:
    if other.id == action.id:
        raise InputError(f"{action.id}: cannot take its own place")
    if other.status == "superseded":
        raise InputError(f"{other.id}: is superseded by {other.superseded_by} itself; name that")


def _what(
    said: Statement,
    pack: Pack,
    action: Action | None,
    by_role: str,
    status: Status | None = None,
    superseded_by: str | None = None,
) -> EventWhat:
    parts = {name: getattr(said, name) for name in PARTS if getattr(said, name) is not None}
    settings = cast("Settings", parts)
    if (shown_by := _shown_by(said, action)) is not None:
        settings["shown_by"] = shown_by
    today = date.today()
    check_settings(settings, pack, today=today)
    if said.on is not None:
        refuse_implausible(said.on, "on", today)
    day = (said.on or today).isoformat()
    return {
        "set": settings,
        "facts": parse_facts(said.facts, pack, by_role=by_role, on=day, today=today),
        "evidence": _evidence(said, day),
        "status": status,
        "superseded_by": superseded_by,
        "note": None if said.note is None else check_text(said.note, "note"),
    }


def _shown_by(said: Statement, action: Action | None) -> ShownByInfo | None:
    """The rule, target and quarter; on an update, those not given stay as they are."""
    if said.shown_by is None and said.target is None and said.quarter is None:
        return None
    before = action.shown_by if action is not None else None
    rule = said.shown_by or (before and before.rule)
    target = before.target if said.target is None and before else None
    period = before.period if said.quarter is None and before else None
    if said.quarter is not None:
        period = parse_quarter(said.quarter, "quarter").label
    if said.target is not None:
        target = parse_target(said.target)
    if not rule or target is None or not period:
        raise InputError(NEEDS_ALL)
    return {"rule": rule, "target": target, "period": period}


def _evidence(said: Statement, day: str) -> list[EvidenceSaid]:
    if said.evidence is None and said.seen_by_role is None:
        return []
    if said.evidence is None or said.seen_by_role is None:
        raise InputError(NEEDS_BOTH)
    return [
        {
            "what": check_text(said.evidence, "evidence"),
            "seen_by_role": check_text(said.seen_by_role, "seen_by_role"),
            "on": day,
        }
    ]
