"""Reading actions from a store, and adding events to them: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from scr_audit.actions.action_record import changed_meanwhile, check_anonymous, check_text
from scr_audit.actions.state import Action, Event, action_of, apply_event
from scr_audit.errors import InputError
from scr_audit.store.database import Store, action_events
from scr_audit.values.imprecise import parse_date

Actions = Mapping[str, Action]
_TRIES = 50  # while others add actions and take the next id


class _TakenError(Exception):
    """Another event has the same number already."""


def read_actions(store: Store) -> dict[str, Action]:
    """Every action by its id, in the order in which they were made. Raises `InputError`."""
    table = action_events
    query = select(table).order_by(table.c.action, table.c.number)
    with store.reading() as connection:
        events = [Event(**row) for row in connection.execute(query).mappings()]
    found = [_fold(name, group, store) for name, group in groupby(events, lambda e: e.action)]
    return {action.id: action for action in sorted(found, key=_order)}


def _fold(name: str, events: Iterable[Event], store: Store) -> Action:
    try:
        found = action_of(name, events)
        if not all(event.what for event in found.events):
            raise ValueError("an event that says nothing is never written")
        if found.due_now is not None:
            parse_date(found.due_now)  # a day that does not exist is damage too
        return found
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            f"{store.place}: an event of the action {name} is damaged: what was kept of it cannot "
            "be read. Take a copy of the store from a backup; nothing was written"
        ) from error


def _order(action: Action) -> tuple[str, int, str]:
    """By the time it was made; A2 before A10 where that is the same."""
    return action.events[0].at, len(action.id), action.id


def write_events(store: Store, decide: Callable[[Actions], Sequence[Event | None]]) -> list[Event]:
    """Add the events that `decide` makes of the current actions; all of them, or none.

    None among them is left out. If somebody else's event came in between, a new action gets the
    next id, and a change is refused. Raises `InputError`.
    """
    for _ in range(_TRIES):
        actions = read_actions(store)
        events = [event for event in decide(actions) if event is not None]
        _check_next(events, actions)
        if not events or _append(store, events):
            return events
        _refuse_changed(store, events)
    raise InputError(f"{store.place}: others are adding actions without pause; try again")


def _check_next(events: Sequence[Event], actions: Actions) -> None:
    """Refuse events that could not be read again, or tell who somebody is. Raises `InputError`."""
    now = dict(actions)
    for event in events:
        state = now.get(event.action, Action(event.action))
        if event.number != state.number + 1:
            raise InputError(
                f"event {event.number} of the action {event.action} cannot be written, since event "
                f"{state.number + 1} is next; of several new actions, give each its id"
            )
        if not event.what:
            raise InputError(f"event {event.number} of the action {event.action} says nothing")
        check_text(event.by_role, "by_role")
        check_anonymous(event.what, "what")
        now[event.action] = apply_event(state, event)


def _append(store: Store, events: Sequence[Event]) -> bool:
    try:
        with store.writing() as connection:
            try:
                connection.execute(insert(action_events), [asdict(event) for event in events])
            except IntegrityError as error:
                raise _TakenError from error
    except _TakenError:
        return False
    return True


def _refuse_changed(store: Store, events: Sequence[Event]) -> None:
    """Raise `InputError` for a changed action; that the id of a new one is taken is fine."""
    now = read_actions(store)
    for event in events:
        if event.number > 1 and now[event.action].number >= event.number:
            raise changed_meanwhile(now[event.action])
