"""What a plan that came back says anew: events for its changed rows, new actions for new ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scr_audit.actions.judgement import parse_quarter, parse_target
from scr_audit.actions.listing import check_settings
from scr_audit.actions.record import (
    KIND,
    check_anonymous,
    check_id,
    check_text,
    first_event,
    from_record,
    next_event,
    next_id,
)
from scr_audit.actions.sheet import AT, COLUMN, PlanRow, cells
from scr_audit.actions.state import Action, Event, fold
from scr_audit.errors import InputError
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.raw import RawRecord
from scr_audit.values.text import counted
from scr_audit.workbooks.cells import Fault

_PARTS = ("recommendation", "agency", "task", "owner_role", "due")
_ASKED = ("rule", "target", "period")


@dataclass(frozen=True)
class Giving:
    """Who gives a plan back, when (UTC), and the pack that it is held against."""

    pack: Pack
    by_role: str
    at: str

    @property
    def today(self) -> date:
        """The day on which the plan is given back."""
        return date.fromisoformat(self.at[:10])


@dataclass
class PlanChanges:
    """The events that a plan asks for, and what is wrong with it; `absent`: not in it, kept."""

    events: list[Event] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def plan_changes(
    rows: Sequence[PlanRow], actions: Mapping[str, Action], giving: Giving
) -> PlanChanges:
    """Hold the rows of a plan against the actions as they are. Actions not in it stay."""
    found = PlanChanges()
    seen: set[str] = set()
    taken = {*actions, *(row.values["id"] for row in rows if "id" in row.values)}
    for row in rows:
        name = row.values.get("id")
        if name is not None and name in seen:
            found.faults.append(Fault(row.places["id"], f"the action {name} is there twice"))
            continue
        try:
            event = _event(row, actions, taken, giving)
        except _CellError as error:
            found.faults.append(error.fault)
            continue
        if event is not None:
            found.events.append(event)
        seen.add(name or (event.action if event else ""))
        taken |= seen
    found.absent = [name for name in actions if name not in seen]
    return found


class _CellError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _event(
    row: PlanRow, actions: Mapping[str, Action], taken: set[str], giving: Giving
) -> Event | None:
    name, number = row.values.get("id"), row.values.get("number")
    if number is None:
        return _added(row, actions, taken, giving)
    if name is None or name not in actions:
        raise _CellError(Fault(row.places["id"], "there is no action with this id in the store"))
    action = actions[name]
    if int(number) > action.number:
        message = (
            f"{name} has {counted(action.number, 'event')}, not {number}; is it another store?"
        )
        raise _CellError(Fault(row.places["number"], message))
    what = _what(row, fold(name, action.events[: int(number)]), giving)
    if not any(what.values()):
        return None
    if int(number) < action.number:
        last = action.events[-1]
        message = (
            f"{name} was changed meanwhile by {last.by_role} at {last.at} (event {last.number}), "
            "after this plan was exported. Export it again, and make the change there"
        )
        raise _CellError(Fault(row.places[_changed(what)], message))
    try:
        return next_event(action, what, by_role=giving.by_role, at=giving.at)
    except InputError as error:
        raise _CellError(Fault(row.places["id"], str(error))) from error


def _added(
    row: PlanRow, actions: Mapping[str, Action], taken: set[str], giving: Giving
) -> Event | None:
    name = row.values.get("id")
    what = _what(row, Action(name or ""), giving)
    if not what["set"]:
        raise _CellError(Fault(row.places["task"], "the row says nothing of what is to be done"))
    try:
        wanted = next_id(taken) if name is None else check_id(name, actions)
        return first_event(wanted, what, by_role=giving.by_role, at=giving.at)
    except InputError as error:
        raise _CellError(Fault(row.places["id"], str(error))) from error


def _changed(what: Mapping[str, Any]) -> str:
    """A column of the row that says something new."""
    name = next(iter({**what["set"], **{key: 1 for key, value in what.items() if value}}))
    return name if name in AT else "rule" if name == "shown_by" else "id"


def _what(row: PlanRow, then: Action, giving: Giving) -> dict[str, Any]:
    """What the row says that the action did not say when the plan was exported."""
    before = cells(then)
    _check_fixed(row, before if then.events else {"status": "open"})
    settings: dict[str, Any] = {
        name: row.values.get(name) for name in _PARTS if row.values.get(name) != _text(before[name])
    }
    if any(row.values.get(name) != _text(before[name]) for name in _ASKED):
        settings["shown_by"] = _shown_by(row)
    for name, value in settings.items():
        column = "rule" if name == "shown_by" else name
        _told(row, column, check_settings, {name: value}, giving.pack, {name: column}, giving.today)
    return {"set": settings, "evidence": _evidence(row, giving.at[:10]), "note": _note(row)}


def _text(value: Any) -> str | None:
    """The value as a cell gives it back: without blanks around it."""
    return None if value is None else str(value).strip()


def _told(row: PlanRow, column: str, check: Callable[..., Any], *given: Any) -> Any:
    """What a check gives; what it refuses is told with the cell."""
    try:
        return check(*given)
    except InputError as error:
        message = str(error).removeprefix(f"{column}: ")
        raise _CellError(Fault(row.places[column], message)) from error


def _check_fixed(row: PlanRow, before: Mapping[str, Any]) -> None:
    facts = [name for name in row.places if name.startswith(COLUMN)]
    for name in ("status", "worked", *facts):
        found = row.values.get(name)
        if found is not None and found != _text(before.get(name)):
            raise _CellError(Fault(row.places[name], _how_to_say(name)))


def _how_to_say(column: str) -> str:
    """What changes that of which a column only tells."""
    if column.startswith(COLUMN):
        fact = column.removeprefix(COLUMN)
        return (
            "is only shown here; a fact is said by a role, with 'scr-audit actions update ID "
            f"--fact {fact}=VALUE --by-role ROLE'"
        )
    return (
        "is only shown here; an action is closed, opened or judged with 'scr-audit actions update' "
        "and 'judge'"
    )


def _shown_by(row: PlanRow) -> dict[str, Any] | None:
    given = [name for name in _ASKED if name in row.values]
    if not given:
        return None
    for name in _ASKED:
        if name not in row.values:
            message = "what is to show that it worked needs a rule, a target and a quarter"
            raise _CellError(Fault(row.places[name], message))
    target = _told(row, "target", parse_target, row.values["target"])
    quarter = _told(row, "period", parse_quarter, row.values["period"])
    return {"rule": row.values["rule"], "target": target, "period": quarter.label}


def _evidence(row: PlanRow, on: str) -> list[dict[str, str]]:
    what, role = row.values.get("evidence"), row.values.get("seen_by_role")
    if what is None and role is None:
        return []
    for name in ("evidence", "seen_by_role"):
        if name not in row.values:
            message = "evidence needs both: what it is, and which post has seen it"
            raise _CellError(Fault(row.places[name], message))
        _told(row, name, check_text, row.values[name], name)
    return [{"what": row.values["evidence"], "seen_by_role": row.values["seen_by_role"], "on": on}]


def _note(row: PlanRow) -> str | None:
    note = row.values.get("note")
    return None if note is None else _told(row, "note", check_text, note, "note")


def record_event(
    raw: RawRecord, file: str, pack: Pack, today: date | None = None
) -> tuple[str, dict[str, Any]]:
    """The id of a record, and the first event's facts of the action that it describes.

    Raises `RecordError` where it does not fit the record schema, else `InputError`.
    """
    decoder = decoder_of(pack)
    record = decoder.plain(raw.data, raw.kind)
    kind = raw.kind or record.get("kind", decoder.default)
    if kind != KIND:
        raise InputError(f"{raw.position or file}: is a record of the kind '{kind}', not '{KIND}'")
    decoder.from_values(record, KIND)
    where = f"{raw.position or file} "
    check_anonymous(record, where)
    name = check_id(str(record["id"]), ())
    what = from_record(record, file)
    named = {part: f"{where}{part}" for part in what["set"]}
    check_settings(what["set"], pack, named, today)
    return name, what
