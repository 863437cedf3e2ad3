"""`scr-audit actions`: what the plan says, what is said of it, and the store that keeps it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.actions.action_list import (
    ACTION_HEADINGS,
    ActionFilter,
    action_document,
    check_agency,
    checked_document,
    chosen_actions,
    judged_rows,
    judgements,
    judging_events,
    plan_findings,
    row,
    shortfalls,
)
from scr_audit.actions.action_record import (
    ACTION_KIND,
    action_kind,
    action_record,
    check_text,
    known_action,
    verdict_words,
)
from scr_audit.actions.judgement import Judgement, target_words
from scr_audit.actions.plan_changes import PlanChanges, read_back
from scr_audit.actions.state import Action, Event, ShownBy, action_of
from scr_audit.actions.statement import Statement, add, update
from scr_audit.cli.app_office import AddRequest, ListRequest, UpdateRequest
from scr_audit.cli.history import check_library, find_head
from scr_audit.cli.streams import OK, print_json, reader_may_stop, say
from scr_audit.documents.actions import ActionDocument, EventWhat
from scr_audit.errors import ArgumentError, listed
from scr_audit.outputs import Written, check_outputs, write_all
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import Json
from scr_audit.report.csv_file import csv_bytes
from scr_audit.report.tables import Column, Table
from scr_audit.report.wording import markdown_text
from scr_audit.values.calendar import now_text
from scr_audit.values.text import counted, json_bytes, visible

if TYPE_CHECKING:
    from scr_audit.store.database import Store

LIST_FORMATS = (".csv", ".json", ".md", ".xlsx")


def actions_in(store: str | None) -> list[Action]:
    """Every action of the store. Raises `InputError`."""
    with open_actions(store, make=False) as place:
        from scr_audit.store.actions import read_actions

        return list(read_actions(place).values())


def actions_list_command(request: ListRequest) -> int:
    """Print the actions that are asked for, or write them to files; the exit code."""
    check_outputs(request.outputs, LIST_FORMATS)
    if request.agency is not None:
        check_agency(request.agency, load_pack(request.pack), "agency")
    every = actions_in(request.store)
    day = request.as_of.isoformat()
    chosen = ActionFilter(
        overdue_on=day if request.overdue else None,
        due_by=None if request.due_by is None else request.due_by.isoformat(),
        agency=request.agency,
        status=request.status,
    )
    actions = chosen_actions(every, chosen)
    if request.outputs:
        write_all(Written(path, (_file_bytes(path, actions, request),)) for path in request.outputs)
        for path in request.outputs:
            say(f"wrote {path}")
    elif request.as_json:
        print_json(_documents(actions, day))
    else:
        with reader_may_stop():
            _print_table(actions, day)
    say(f"{len(actions):,} of {counted(len(every), 'action')}")
    return OK


def _file_bytes(path: Path, actions: Sequence[Action], request: ListRequest) -> bytes:
    day = request.as_of.isoformat()
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        from scr_audit.actions.sheet import plan_workbook

        return plan_workbook(actions, load_pack(request.pack), day)
    if suffix == ".json":
        return json_bytes(_documents(actions, day), 2)
    rows = [list(row(action, day).values()) for action in actions]
    return _csv(rows) if suffix == ".csv" else _markdown(rows)


def _documents(actions: Sequence[Action], day: str) -> list[ActionDocument]:
    return [action_document(action, day) for action in actions]


def _print(text: str) -> None:
    with reader_may_stop():
        print(text)  # noqa: T201  # the command's result


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    columns = tuple(Column(name, heading) for name, heading in ACTION_HEADINGS.items())
    return csv_bytes(Table("actions", "Actions", columns, [tuple(line) for line in rows]))


def _markdown(rows: Sequence[Sequence[str]]) -> bytes:
    lines = [list(ACTION_HEADINGS.values()), ["---"] * len(ACTION_HEADINGS)]
    lines += [[markdown_text(cell) for cell in line] for line in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).encode()


def _print_table(actions: Sequence[Action], day: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, heading in ACTION_HEADINGS.items():
        table.add_column(heading, overflow="fold", no_wrap=name in ("id", "recommendation", "due"))
    for action in actions:
        table.add_row(*(Text(visible(text)) for text in row(action, day).values()))
    Console(file=sys.stdout).print(table)


def show_command(*, action: str, as_of: date, json: bool, store: str | None) -> int:
    """Print an action and each of its events; the exit code."""
    day = as_of.isoformat()
    shown = known_action(action, {each.id: each for each in actions_in(store)})
    if json:
        print_json(action_document(shown, day))
        return OK
    said = row(shown, day)
    parts = [
        f"{ACTION_HEADINGS[key]}: {said[key]}"
        for key in ACTION_HEADINGS
        if key != "id" and said[key]
    ]
    evidence = [f"{item.what} (seen by {item.seen_by_role}, {item.on})" for item in shown.evidence]
    lines = [shown.id, *parts, *(f"Evidence: {item}" for item in evidence), ""]
    lines += [line for event in shown.events for line in event_lines(event)]
    _print(visible("\n".join(lines)))
    return OK


def event_lines(event: Event) -> list[str]:
    """An event as lines: its number, time and role, then what it changed."""
    return [f"{event.number}. {event.at}, {event.by_role}", *(f"   {s}" for s in _what(event.what))]


def _what(what: EventWhat) -> list[str]:
    lines = [f"{name}: {_value(name, value)}" for name, value in what.get("set", {}).items()]
    lines += [f"{name}: {_value(name, value)}" for name, value in what.get("facts", {}).items()]
    lines += [
        f"evidence: {item['what']} (seen by {item['seen_by_role']}, {item['on']})"
        for item in what.get("evidence", ())
    ]
    if "judged" in what:
        judged = what["judged"]
        when = f"in {judged['shown_by']['period']}"
        lines.append(f"judged: {verdict_words(judged['verdict'])} {when}, {judged['reason']}")
    if "status" in what:
        by = f" by {what['superseded_by']}" if "superseded_by" in what else ""
        lines.append(f"status: {what['status']}{by}")
    lines += [f"{name}: {said}" for name, said in what.items() if name in ("note", "read_from")]
    return lines


def _value(name: str, value: Json) -> str:
    if value is None:
        return "(taken away)"
    if name == "shown_by" and isinstance(value, dict):
        asked = ShownBy(**value)
        return f"{asked.rule}, {target_words(asked.target)}, {asked.period}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else dumps(value, ensure_ascii=False)


def actions_check_command(
    *, action: tuple[str, ...], as_of: date, json: bool, pack: str | None, store: str | None
) -> int:
    """Print what actions lack by the pack's rules for plans; the exit code."""
    loaded = load_pack(pack)
    action_kind(loaded)
    every = {each.id: each for each in actions_in(store)}
    if action:
        actions = [known_action(name, every) for name in action]
    else:
        actions = [each for each in every.values() if each.status != "superseded"]
    found = plan_findings(actions, loaded, as_of=as_of)
    if json:
        print_json(checked_document(found))
        return OK
    lacking = {name: told for name, findings in found.items() if (told := shortfalls(findings))}
    lines = [line for name in lacking for line in (name, *(f"  {told}" for told in lacking[name]))]
    _print(visible("\n".join(lines)))
    sound = len(found) - len(lacking)
    have = "has" if 1 in (sound, len(actions)) else "have"
    say(
        f"{sound:,} of {counted(len(actions), 'action')} {have} "
        "everything the rules for plans ask for"
    )
    return OK


def records_command(*, output: Path, pack: str | None, store: str | None) -> int:
    """Write the actions as records, which `run` judges; the exit code."""
    check_outputs([output], (".json",))
    loaded = load_pack(pack)
    kind = action_kind(loaded)
    records = [action_record(action, kind) for action in actions_in(store)]
    content = json_bytes({loaded.kinds[ACTION_KIND].plural: records}, 2)
    write_all([Written(output, (content,))])
    say(f"wrote {output}: {counted(len(records), 'record')}")
    return OK


def actions_export_command(*, output: Path, pack: str | None, store: str | None) -> int:
    """Write the plan as a workbook; the exit code."""
    from scr_audit.actions.sheet import plan_workbook

    check_outputs([output], (".xlsx",))
    actions = actions_in(store)
    content = plan_workbook(actions, load_pack(pack), now_text()[:10])
    write_all([Written(output, (content,))])
    say(f"wrote {output}: {counted(len(actions), 'action')}")
    return OK


def actions_import_command(*, file: Path, by_role: str, pack: str | None, store: str | None) -> int:
    """Read a plan into the store, all of it or nothing; the exit code."""
    changes, found = read_back(file, load_pack(pack), by_role=by_role), PlanChanges()

    def decide(actions: Mapping[str, Action]) -> list[Event]:
        nonlocal found
        found = changes(actions)
        return found.events

    events = write_to_store(store, decide)
    _say_written(events)
    if found.absent:
        say(f"not in the file, and left as they are: {listed(found.absent)}")
    if found.known:
        said = counted(found.known, "was read before, and says", "were read before, and say")
        say(f"{said} the same")
    done = sum(bool(event.what.get("facts", {}).get("completed")) for event in events)
    if done:
        is_said = "is said to be completed; it stays", "are said to be completed; they stay"
        say(f"{counted(done, *is_said)} open until evidence is recorded")
    return OK


def _say_written(events: Sequence[Event]) -> None:
    added = [event.action for event in events if event.number == 1]
    updated = [event.action for event in events if event.number > 1]
    if not events:
        say("the workbook and the store agree; nothing to change")
    if added:
        say(f"added {listed(added)}")
    if updated:
        say(f"updated {listed(updated)}")


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


def actions_add_command(request: AddRequest) -> int:
    """Add an action and print what it lacks by the rules for plans; the exit code."""
    pack, said = load_pack(request.pack), _statement(request)

    def decide(actions: Mapping[str, Action]) -> list[Event]:
        return [add(actions, said, pack, by_role=request.by_role, id=request.name)]

    events = write_to_store(request.store, decide)
    added = action_of(events[0].action, events)
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
        for line in shortfalls(plan_findings([action], pack)[action.id]):
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
    if json:
        print_json(judged_rows(judged))
    else:
        _print(_lines(judged))
    if by_role is not None:
        say(f"kept {counted(len(events), 'new judgement')}")
    elif any(judgement.about for _, judgement in judged):
        say("nothing was kept; --by-role ROLE keeps the judgements")
    return OK


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
