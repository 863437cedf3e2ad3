"""`scr-audit actions export` and `import`: the plan as a workbook, and plans as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scr_audit.actions.changes import first_event
from scr_audit.actions.events import Event
from scr_audit.actions.plan_changes import Giving, PlanChanges, plan_changes
from scr_audit.actions.plan_records import record_event
from scr_audit.actions.record import action_kind
from scr_audit.actions.sheet_reading import PlanRow, plan_faults, read_plan
from scr_audit.actions.state import Action
from scr_audit.cli.acting import now_text, opened
from scr_audit.cli.exits import OK
from scr_audit.cli.output import Written, check_format, check_writable, write_all
from scr_audit.cli.showing import actions_in
from scr_audit.cli.streams import say
from scr_audit.errors import InputError, RecordError, listed
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.builtin import load_pack
from scr_audit.records.paths import expanded
from scr_audit.records.read import Inputs, check_readable
from scr_audit.values.shown import visible

_MOST_SHOWN = 20


def export_command(output: Path, *, pack_name: str | None, store: str | None) -> int:
    """Write the plan as a workbook; the exit code."""
    from scr_audit.actions.sheet import plan_workbook

    check_format(output, (".xlsx",))
    check_writable(output)
    actions = actions_in(store)
    content = plan_workbook(actions, load_pack(pack_name), now_text()[:10])
    write_all([Written(output, (content,))])
    say(f"wrote {output}: {len(actions):,} actions")
    return OK


def import_command(file: Path, by_role: str, *, pack_name: str | None, store: str | None) -> int:
    """Read a plan into the store, all of it or nothing; the exit code."""
    check_readable([str(file)])
    pack = load_pack(pack_name)
    action_kind(pack)
    giving = Giving(pack, by_role, now_text())
    if file.suffix.lower() == ".xlsx":
        return _import_rows(file, read_plan(file), giving, store)
    return _import_records(file, _records(file, giving), giving, store)


def _import_rows(file: Path, rows: Sequence[PlanRow], giving: Giving, store: str | None) -> int:
    from scr_audit.store.actions import write_events

    found = PlanChanges()

    def decide(actions: Mapping[str, Action]) -> list[Event]:
        nonlocal found
        found = plan_changes(rows, actions, giving)
        if found.faults:
            raise plan_faults(file.name, found.faults)
        return found.events

    with opened(store) as place:
        events = write_events(place, decide)
    _say_written(events)
    if found.absent:
        say(f"not in the file, and left as they are: {listed(found.absent)}")
    return OK


def _say_written(events: Sequence[Event]) -> None:
    added = [event.action for event in events if event.number == 1]
    updated = [event.action for event in events if event.number > 1]
    if not events:
        say("the plan says what the store says; nothing was written")
    if added:
        say(f"added {listed(added)}")
    if updated:
        say(f"updated {listed(updated)}")


def _records(file: Path, giving: Giving) -> list[tuple[str, dict[str, Any]]]:
    """The id and the first event's facts of each record. Raises `InputError` with all faults."""
    found: list[tuple[str, dict[str, Any]]] = []
    faults: list[str] = []
    for source, raws in read_inputs(expanded([str(file)]), giving.pack, Inputs()):
        for raw in raws:
            try:
                found.append(record_event(raw, source.name, giving.pack))
            except RecordError as error:
                faults += [f"  {raw.position}{problem}" for problem in error.problems]
            except InputError as error:
                faults.append(f"  {error}")
    names = [name for name, _ in found]
    faults += [f"  {name}: is there twice" for name in sorted(set(names)) if names.count(name) > 1]
    if faults:
        more = len(faults) - _MOST_SHOWN
        shown = faults[:_MOST_SHOWN] + ([f"  … and {more:,} more"] if more > 0 else [])
        said = visible("\n".join([f"{file}: is no plan to read:", *shown]))
        raise InputError(f"{said}\nNothing was written.")
    return found


def _import_records(
    file: Path, records: Sequence[tuple[str, dict[str, Any]]], giving: Giving, store: str | None
) -> int:
    from scr_audit.store.actions import write_events

    def decide(actions: Mapping[str, Action]) -> list[Event]:
        _refuse_known(file, records, actions)
        return [
            first_event(name, what, by_role=giving.by_role, at=giving.at)
            for name, what in records
            if name not in actions
        ]

    with opened(store) as place:
        events = write_events(place, decide)
    _say_written(events)
    known = len(records) - len(events)
    if known:
        say(f"{known:,} were read before, and say the same")
    done = sum(bool(event.what.get("facts", {}).get("completed")) for event in events)
    if done:
        say(f"{done:,} are said to be completed; they stay open until evidence is recorded")
    return OK


def _refuse_known(
    file: Path, records: Sequence[tuple[str, dict[str, Any]]], actions: Mapping[str, Action]
) -> None:
    """Refuse records of actions that are there and were not read from the same record."""
    other = [
        name
        for name, what in records
        if name in actions
        and {**actions[name].events[0].what} != {k: v for k, v in what.items() if v}
    ]
    if other:
        raise InputError(
            f"{file}: there are other actions with the ids {listed(other)}; records only add. "
            f"Change an action with 'scr-audit actions update'. Nothing was written"
        )
