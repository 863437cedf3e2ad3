"""`scr-audit actions add`, `update` and `show`: changes of a plan, and the history of an action."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from scr_audit.actions.changes import (
    check_id,
    first_event,
    known_action,
    next_event,
    next_id,
)
from scr_audit.actions.events import Event
from scr_audit.actions.judgement import parse_target
from scr_audit.actions.quarters import parse_quarter
from scr_audit.actions.state import Action, applied, fold
from scr_audit.actions.texts import check_text
from scr_audit.actions.wanted import check_settings, parse_facts
from scr_audit.cli.exits import OK
from scr_audit.cli.smart import said_of
from scr_audit.cli.streams import say
from scr_audit.errors import InputError
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack

if TYPE_CHECKING:
    from scr_audit.store.opening import Store

OPTIONS = {
    "recommendation": "--recommendation",
    "agency": "--agency",
    "task": "--task",
    "owner_role": "--owner-role",
    "due": "--due",
    "shown_by": "--shown-by",
}


@dataclass(frozen=True)
class Said:
    """What the command line says of an action; None says nothing of a part."""

    by_role: str
    recommendation: str | None = None
    agency: str | None = None
    task: str | None = None
    owner_role: str | None = None
    due: str | None = None
    shown_by: str | None = None
    target: str | None = None
    period: str | None = None
    facts: tuple[str, ...] = ()
    evidence: str | None = None
    seen_by_role: str | None = None
    on: date | None = None
    note: str | None = None
    status: str | None = None
    superseded_by: str | None = None


@contextlib.contextmanager
def opened(named: str | None, *, make: bool = True) -> Iterator[Store]:
    """The store, closed afterwards. Raises `InputError`; without `make`, where there is none."""
    try:
        from scr_audit.store.location import location
        from scr_audit.store.opening import open_store
    except ModuleNotFoundError as error:
        raise InputError(
            f"actions are kept in a store, which needs the library {error.name}; "
            "pip install 'scr-audit[history]'"
        ) from error
    place = location(named)
    if not make and place.file is not None and not place.file.exists():
        raise InputError(
            f"{place}: there is no store yet; 'scr-audit actions add' or 'import' makes one"
        )
    store = open_store(named)
    try:
        yield store
    finally:
        store.close()


def now_text() -> str:
    """The time in UTC, to the second, as the store keeps it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_command(said: Said, *, name: str | None, pack_name: str | None, store: str | None) -> int:
    """Add an action, and say what a plan should tell of it and this one does not; the exit code."""
    from scr_audit.store.actions import write_events

    pack = load_pack(pack_name)
    what = _what(said, pack, None)
    if not what["set"]:
        raise InputError("say what is to be done, such as with --task and --recommendation")

    def decide(actions: Any) -> list[Event]:
        wanted = next_id(actions) if name is None else check_id(name, actions)
        return [first_event(wanted, what, by_role=said.by_role, at=now_text())]

    with opened(store) as place:
        events = write_events(place, decide)
    added = fold(events[0].action, events)
    say(f"added {added.id}")
    _say_lacks(added, pack)
    return OK


def update_command(
    name: str, said: Said, *, seen: int | None, pack_name: str | None, store: str | None
) -> int:
    """Add an event to an action; the exit code."""
    from scr_audit.store.actions import changed_meanwhile, write_events

    pack = load_pack(pack_name)
    kept: dict[str, Action] = {}

    def decide(actions: Any) -> Sequence[Event]:
        action = kept["before"] = known_action(name, actions)
        if seen is not None and seen != action.number:
            raise changed_meanwhile(action)
        if said.superseded_by is not None:
            _check_successor(action, known_action(said.superseded_by, actions))
        what = _what(said, pack, action)
        event = next_event(action, what, by_role=said.by_role, at=now_text())
        return [] if event is None else [event]

    with opened(store, make=False) as place:
        events = write_events(place, decide)
    if not events:
        say(f"{name}: it says so already; nothing was written")
        return OK
    updated = applied(kept["before"], events[0])
    say(f"updated {name} (event {updated.number}); it is {updated.status}")
    _say_lacks(updated, pack)
    return OK


def _check_successor(action: Action, other: Action) -> None:
    if other.id == action.id:
        raise InputError(f"{action.id}: cannot take its own place")
    if other.status == "superseded":
        raise InputError(f"{other.id}: is superseded by {other.superseded_by} itself; name that")


def _what(said: Said, pack: Pack, action: Action | None) -> dict[str, Any]:
    settings = {name: getattr(said, name) for name in OPTIONS if getattr(said, name) is not None}
    settings.pop("shown_by", None)
    shown_by = _shown_by(said, action)
    if shown_by is not None:
        settings["shown_by"] = shown_by
    check_settings(settings, pack, OPTIONS)
    day = (said.on or date.today()).isoformat()
    return {
        "set": settings,
        "facts": parse_facts(said.facts, pack, by_role=said.by_role, on=day),
        "evidence": _evidence(said, day),
        "status": said.status,
        "superseded_by": said.superseded_by,
        "note": None if said.note is None else check_text(said.note, "--note"),
    }


def _shown_by(said: Said, action: Action | None) -> dict[str, Any] | None:
    """The rule, target and quarter; on an update, those not given stay as they are."""
    if said.shown_by is None and said.target is None and said.period is None:
        return None
    before = action.shown_by if action is not None else None
    rule = said.shown_by or (before and before.rule)
    target = before.target if said.target is None and before else None
    period = before.period if said.period is None and before else None
    if said.period is not None:
        period = parse_quarter(said.period, "--in").label
    if said.target is not None:
        target = parse_target(said.target)
    if not rule or target is None or not period:
        raise InputError(
            "what is to show that it worked needs all of --shown-by RULE, --target and --in QUARTER"
        )
    return {"rule": rule, "target": target, "period": period}


def _evidence(said: Said, day: str) -> list[dict[str, str]]:
    if said.evidence is None and said.seen_by_role is None:
        return []
    if said.evidence is None or said.seen_by_role is None:
        raise InputError("evidence needs both: --evidence TEXT and --seen-by-role ROLE")
    return [
        {
            "what": check_text(said.evidence, "--evidence"),
            "seen_by_role": check_text(said.seen_by_role, "--seen-by-role"),
            "on": day,
        }
    ]


def _say_lacks(action: Action, pack: Pack) -> None:
    if action.status == "open":
        for line in said_of(action, pack):
            say(f"  {line}")
