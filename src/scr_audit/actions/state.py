"""What an action is: its events, which are only ever added, and their sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from scr_audit.documents.actions import ActionVerdict, EventWhat, JudgedSaid, Settings, Status
from scr_audit.documents.run import ShownByInfo
from scr_audit.errors import InputError
from scr_audit.records.raw import Json
from scr_audit.values.imprecise import bounds, parse_date


@dataclass(frozen=True)
class Event:
    """One change of an action: its number (from 1), the time (UTC), and by which role.

    `what` is any of the parts of `EventWhat`.
    """

    action: str
    number: int
    at: str
    by_role: str
    what: EventWhat


@dataclass(frozen=True)
class ShownBy:
    """What is to show that an action worked: a share of a rule's units met in a quarter.

    `target` is a fraction, 1 for always. `meaning` is the hash of what the rule asks, where known.
    """

    rule: str
    target: float
    period: str
    meaning: str | None = None

    def document(self) -> ShownByInfo:
        """As events hold it."""
        known = {key: value for key, value in vars(self).items() if value is not None}
        return cast("ShownByInfo", known)


@dataclass(frozen=True)
class Evidence:
    """Evidence that was recorded by the event `number`."""

    what: str
    seen_by_role: str
    on: str
    number: int


@dataclass(frozen=True)
class Judged:
    """What a run said of an action: recorded by the event `number`, of `run` (a hash)."""

    verdict: ActionVerdict
    reason: str
    run: str
    shown_by: ShownBy
    number: int


@dataclass(frozen=True)
class Action:
    """An action as it stands. `due` may be a month; `first_due` is the date it had first.

    `facts` are further facts of the pack's kind of record. `renewed` is the number of the event
    that opened it last: evidence and judgements of before count no more.
    """

    id: str
    recommendation: str | None = None
    agency: str | None = None
    task: str | None = None
    owner_role: str | None = None
    due: str | None = None
    first_due: str | None = None
    shown_by: ShownBy | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    judgements: tuple[Judged, ...] = ()
    status: Status = "open"
    superseded_by: str | None = None
    closed_at: str | None = None
    renewed: int = 1
    read_from: str | None = None
    events: tuple[Event, ...] = ()

    @property
    def number(self) -> int:
        """The number of the last event."""
        return len(self.events)

    @property
    def due_now(self) -> str | None:
        """The day or month that counts: a later one that was agreed replaces the first."""
        agreed = self.facts.get("revision_agreed") is True
        revised = self.facts.get("target_revised_to") if agreed else None
        return str(revised) if revised and self.due == self.first_due else self.due

    @property
    def standing_evidence(self) -> tuple[Evidence, ...]:
        """The evidence recorded since the action was last opened."""
        return tuple(item for item in self.evidence if item.number >= self.renewed)

    @property
    def judged(self) -> Judged | None:
        """The last judgement by the present measure, since the action was last opened."""
        for item in reversed(self.judgements):
            if item.number >= self.renewed and _same_measure(item.shown_by, self.shown_by):
                return item
        return None

    @property
    def last_due_day(self) -> str | None:
        """The last day on which it is not overdue."""
        due = self.due_now
        return None if due is None else bounds(parse_date(due))[1].isoformat()


def _same_measure(one: ShownBy, other: ShownBy | None) -> bool:
    return other is not None and replace(one, meaning=None) == replace(other, meaning=None)


def action_of(action: str, events: Iterable[Event]) -> Action:
    """The action that its events make. Raises `InputError` where one of them is missing."""
    state = Action(action)
    for expected, event in enumerate(events, start=1):
        if event.number != expected:
            raise InputError(
                f"the store lacks event {expected} of the action {action}; it was changed by "
                "another program. Take a copy from a backup"
            )
        state = apply_event(state, event)
    return state


def apply_event(state: Action, event: Event) -> Action:
    """The action after one more event."""
    what = event.what
    state = replace(state, events=(*state.events, event), **_settings(what.get("set", {})))
    if state.first_due is None:
        state = replace(state, first_due=state.due)
    merged = {**state.facts, **what.get("facts", {})}
    seen = tuple(Evidence(**item, number=event.number) for item in what.get("evidence", ()))
    return _with_status(
        replace(
            state,
            facts={name: value for name, value in merged.items() if value is not None},
            evidence=state.evidence + seen,
            judgements=state.judgements + _judgements(what.get("judged"), event.number),
            read_from=what.get("read_from", state.read_from),
        ),
        event,
    )


def _settings(wanted: Settings) -> dict[str, Any]:
    settings: dict[str, Any] = {**wanted}
    if (asked := wanted.get("shown_by")) is not None:
        settings["shown_by"] = _shown_by(asked)
    return settings


def _shown_by(said: ShownByInfo) -> ShownBy:
    return ShownBy(**said)  # type: ignore[arg-type]  # an action names a target


def _judgements(found: JudgedSaid | None, number: int) -> tuple[Judged, ...]:
    if found is None:
        return ()
    said: dict[str, Any] = {**found, "shown_by": _shown_by(found["shown_by"]), "number": number}
    return (Judged(**said),)


def _with_status(state: Action, event: Event) -> Action:
    status = event.what.get("status")
    if status is None:
        return state
    return replace(
        state,
        status=status,
        superseded_by=event.what.get("superseded_by"),
        closed_at=event.at if status == "closed" else None,
        renewed=event.number if status == "open" else state.renewed,
    )
