"""`scr-audit actions add`, `update` and `judge`, and the store of actions that all of them open."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from json import dumps
from typing import TYPE_CHECKING

from scr_audit.actions.judgement import Judgement
from scr_audit.actions.plan_check import lacks, plan_findings
from scr_audit.actions.record import check_text, verdict_words
from scr_audit.actions.run_judgements import judged_rows, judgements, judging_events
from scr_audit.actions.state import Action, Event, fold
from scr_audit.actions.statement import Statement, add, update
from scr_audit.cli.app_actions import AddRequest, UpdateRequest
from scr_audit.cli.history import check_library, find_head
from scr_audit.cli.streams import OK, reader_may_stop, say
from scr_audit.errors import ArgumentError
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.values.calendar import now_text
from scr_audit.values.text import counted, visible

if TYPE_CHECKING:
    from scr_audit.store.database import Store


@contextlib.contextmanager
def open_actions(named: str | None, *, make: bool = True) -> Iterator[Store]:
    """The open store. Raises `InputError`, without `make` also where there is none."""
    check_library()
    from scr_audit.store.database import open_store

    with open_store(named, create=make) as store:
        yield store


def write_to_store(
    named: str | None, decide: Callable[[Mapping[str, Action]], Sequence[Event]]
) -> list[Event]:
    """Write the events that `decide` makes of the actions, and give them back.

    No store is made where nothing is to be written to it. Raises `InputError`.
    """
    if _is_new(named) and not decide({}):
        return []
    with open_actions(named) as place:
        from scr_audit.store.actions import write_events

        return write_events(place, decide)


def _is_new(named: str | None) -> bool:
    """Whether the store is a file that is not there yet."""
    check_library()
    from scr_audit.store.database import location

    file = location(named).file
    return file is not None and not file.exists()


def add_command(request: AddRequest) -> int:
    """Add an action and print what it lacks by the rules for plans; the exit code."""
    pack, said = load_pack(request.pack), _statement(request)

    def decide(actions: Mapping[str, Action]) -> list[Event]:
        return [add(actions, said, pack, by_role=request.by_role, id=request.name)]

    events = write_to_store(request.store, decide)
    added = fold(events[0].action, events)
    say(f"added {added.id}")
    _say_lacks(added, pack)
    return OK


def update_command(request: UpdateRequest) -> int:
    """Add an event to an action; the exit code."""
    from scr_audit.store.actions import read_actions, write_events

    pack, said, name, status = (
        load_pack(request.pack), _statement(request), request.action, request.status
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

    with open_actions(request.store, make=False) as place:
        events = write_events(place, decide)
        updated = read_actions(place)[name]
    if not events:
        say(f"{name}: it says so already; nothing was written")
        return OK
    say(f"updated {name} (event {events[0].number}); it is {updated.status}")
    _say_lacks(updated, pack)
    return OK


def _statement(request: AddRequest | UpdateRequest) -> Statement:
    """The statement that the options make; a fact is written `NAME=VALUE`."""
    parts = {part.name: getattr(request, part.name) for part in fields(Statement)}
    facts: dict[str, str] = {}
    for text in request.facts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ArgumentError(f"fact {name}", "expected NAME=VALUE, such as outcome_named=yes")
        facts[name] = value
    return Statement(**{**parts, "facts": facts})


def _say_lacks(action: Action, pack: Pack) -> None:
    if action.status == "open":
        for line in lacks(plan_findings([action], pack)[action.id]):
            say(f"  {line}")


def judge_command(
    *, run: str, by_role: str | None, plan: str | None, json: bool, store: str | None
) -> int:
    """Judge the open actions by a run and, with a role, keep the judgements; the exit code.

    The run is named by its bundle's file, or as one of the store.
    """
    if by_role is not None:
        by_role = check_text(by_role, "by_role")
    id_, bundle = find_head(run, store, plan)
    events: list[Event] = []
    with open_actions(store, make=False) as place:
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
