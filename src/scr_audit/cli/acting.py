"""`scr-audit actions add` and `update`; the store of actions, opened for every command of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from scr_audit.actions.checking import lacks, plan_findings
from scr_audit.actions.saying import Said, add, update
from scr_audit.actions.state import Action, Event, fold
from scr_audit.cli.app_actions import AddRequest, UpdateRequest
from scr_audit.cli.streams import OK, say
from scr_audit.errors import ArgumentError, InputError
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack

if TYPE_CHECKING:
    from scr_audit.store.opening import Store


@contextlib.contextmanager
def opened(named: str | None, *, make: bool = True) -> Iterator[Store]:
    """The store, closed afterwards. Raises `InputError`; without `make`, where there is none."""
    if not make and _is_new(named):
        from scr_audit.store.opening import location

        raise InputError(
            f"{location(named)}: there is no store yet; 'scr-audit actions add' or 'import' makes "
            "one"
        )
    _check_library()
    from scr_audit.store.opening import open_store

    with open_store(named, create=make) as store:
        yield store


def written(
    named: str | None, decide: Callable[[Mapping[str, Action]], Sequence[Event]]
) -> list[Event]:
    """Write the events that `decide` makes of the actions, and give them back.

    No store is made where nothing is to be written to it. Raises `InputError`.
    """
    if _is_new(named) and not decide({}):
        return []
    with opened(named) as place:
        from scr_audit.store.actions import write_events

        return write_events(place, decide)


def _is_new(named: str | None) -> bool:
    """Whether the store is a file that is not there yet."""
    _check_library()
    from scr_audit.store.opening import location

    file = location(named).file
    return file is not None and not file.exists()


def _check_library() -> None:
    try:
        import scr_audit.store.opening  # noqa: F401  # whether it can be
    except ModuleNotFoundError as error:
        raise InputError(
            f"actions are kept in a store, which needs the library {error.name}; "
            "pip install 'scr-audit[history]'"
        ) from error


def add_command(request: AddRequest) -> int:
    """Add an action, and say what a plan should tell of it and this one does not; the exit code."""
    pack, said = load_pack(request.pack), _said(request)

    def decide(actions: Mapping[str, Action]) -> list[Event]:
        return [add(actions, said, pack, by_role=request.by_role, id=request.name)]

    events = written(request.store, decide)
    added = fold(events[0].action, events)
    say(f"added {added.id}")
    _say_lacks(added, pack)
    return OK


def update_command(request: UpdateRequest) -> int:
    """Add an event to an action; the exit code."""
    from scr_audit.store.actions import read_actions, write_events

    pack, said, name, status = (
        load_pack(request.pack), _said(request), request.action, request.status
    )  # fmt: skip

    def decide(actions: Mapping[str, Action]) -> list[Event | None]:
        return [
            update(
                actions,
                name,
                said,
                pack,
                by_role=request.by_role,
                status=status,
                superseded_by=request.superseded_by,
                seen=request.seen,
            )
        ]

    with opened(request.store, make=False) as place:
        events = write_events(place, decide)
        updated = read_actions(place)[name]
    if not events:
        say(f"{name}: it says so already; nothing was written")
        return OK
    say(f"updated {name} (event {events[0].number}); it is {updated.status}")
    _say_lacks(updated, pack)
    return OK


def _said(request: AddRequest | UpdateRequest) -> Said:
    """What the options say; a fact is written `NAME=VALUE`."""
    parts = {part.name: getattr(request, part.name) for part in fields(Said)}
    facts: dict[str, str] = {}
    for text in request.facts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ArgumentError(f"fact {name}", "expected NAME=VALUE, such as outcome_named=yes")
        facts[name] = value
    return Said(**{**parts, "facts": facts})


def _say_lacks(action: Action, pack: Pack) -> None:
    if action.status == "open":
        for line in lacks(plan_findings([action], pack)[action.id]):
            say(f"  {line}")
