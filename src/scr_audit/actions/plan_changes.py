"""The changes in a plan that came back: events for changed rows, actions for new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from scr_audit.actions.action_list import check_settings
from scr_audit.actions.action_record import (
    ACTION_KIND,
    action_kind,
    check_anonymous,
    check_id,
    check_text,
    first_event,
    from_record,
    next_event,
    next_id,
    non_empty,
)
from scr_audit.actions.judgement import parse_quarter, parse_target
from scr_audit.actions.sheet import AT, COLUMN, PlanRow, cells, plan_faults, read_plan, rule_titles
from scr_audit.actions.state import Action, Event, action_of
from scr_audit.actions.statement import NEEDS_ALL, NEEDS_BOTH, PARTS
from scr_audit.documents.actions import EventWhat, EvidenceSaid, Settings
from scr_audit.documents.run import ShownByInfo
from scr_audit.errors import InputError, RecordError, listed
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.raw import Inputs, Json, RawRecord
from scr_audit.values.calendar import now_text
from scr_audit.values.text import counted, folded, visible
from scr_audit.workbooks.cells import Fault

_ASKED = ("rule", "target", "period")
_MOST_SHOWN = 20
_T = TypeVar("_T")


@dataclass(frozen=True)
class Submission:
    """Who gives a plan back, when (UTC), and the pack that it is checked against."""

    pack: Pack
    by_role: str
    at: str

    @property
    def today(self) -> date:
        """The day on which the plan is given back."""
        return date.fromisoformat(self.at[:10])


@dataclass
class PlanChanges:
    """The events that a plan asks for, and what is wrong with it.

    `absent` are the actions that are not in it, which stay; `known` is how many of its records were
    read before and say the same.
    """

    events: list[Event] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    known: int = 0


def plan_changes(
    rows: Sequence[PlanRow], actions: Mapping[str, Action], sent: Submission
) -> PlanChanges:
    """The changes that the rows of a plan make to the actions. Actions not in it stay."""
    found, rows = PlanChanges(), _with_ids(rows, sent.pack)
    seen: set[str] = set()
    taken = {*actions, *(row.values["id"] for row in rows if "id" in row.values)}
    for row in rows:
        name = row.values.get("id")
        if name is not None and name in seen:
            found.faults.append(Fault(row.places["id"], f"the action {name} is there twice"))
            continue
        if name is None and (begun := _begun_by(row, actions)):
            found.known += 1
            seen.add(begun)
            continue
        try:
            event = _event(row, actions, taken, sent)
        except _CellError as error:
            found.faults.append(error.fault)
            continue
        if event is not None:
            found.events.append(event)
        seen.add(name or (event.action if event else ""))
        taken |= seen
    found.absent = [name for name in actions if name not in seen]
    return found


def _begun_by(row: PlanRow, actions: Mapping[str, Action]) -> str:
    """The action that a row without an id has begun before; empty: none. Then nothing is new."""
    for name, action in actions.items():
        before = cells(action_of(name, action.events[:1]))
        if all(row.values.get(each) == _cell(before[each]) for each in (*PARTS, *_ASKED)):
            return name
    return ""


class _CellError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _event(
    row: PlanRow, actions: Mapping[str, Action], taken: set[str], sent: Submission
) -> Event | None:
    name, number = row.values.get("id"), row.values.get("number")
    if number is None:
        return _new_action(row, actions, taken, sent)
    if name is None or name not in actions:
        raise _CellError(Fault(row.places["id"], "there is no action with this id in the store"))
    action = actions[name]
    if int(number) > action.number:
        message = (
            f"{name} has {counted(action.number, 'event')}, not {number}; is it another store?"
        )
        raise _CellError(Fault(row.places["number"], message))
    what = _what(row, action_of(name, action.events[: int(number)]), sent)
    if not any(what.values()):
        return None
    if int(number) < action.number:
        last = action.events[-1]
        message = (
            f"{name} was changed meanwhile by {last.by_role} at {last.at} (event {last.number}), "
            "after this plan was exported. Export it again, and make the change there"
        )
        raise _CellError(Fault(row.places[_changed_column(what)], message))
    try:
        return next_event(action, what, by_role=sent.by_role, at=sent.at)
    except InputError as error:
        raise _CellError(Fault(row.places["id"], str(error))) from error


def _new_action(
    row: PlanRow, actions: Mapping[str, Action], taken: set[str], sent: Submission
) -> Event | None:
    name = row.values.get("id")
    what = _what(row, Action(name or ""), sent)
    if not what["set"]:
        raise _CellError(Fault(row.places["task"], "the row says nothing of what is to be done"))
    try:
        wanted = next_id(taken) if name is None else check_id(name, actions)
        return first_event(wanted, what, by_role=sent.by_role, at=sent.at)
    except InputError as error:
        raise _CellError(Fault(row.places["id"], str(error))) from error


def _changed_column(what: EventWhat) -> str:
    """A column of the row that says something new."""
    name = next(iter({**what["set"], **non_empty(what)}))
    return name if name in AT else "rule" if name == "shown_by" else "id"


def _what(row: PlanRow, then: Action, sent: Submission) -> EventWhat:
    """What was changed in the row since the plan was exported."""
    before = cells(then)
    _check_fixed(row, before if then.events else {"status": "open"})
    parts: dict[str, Json] = {
        name: row.values.get(name) for name in PARTS if row.values.get(name) != _cell(before[name])
    }
    if any(row.values.get(name) != _cell(before[name]) for name in _ASKED):
        parts["shown_by"] = _shown_by(row)
    for name, value in parts.items():
        column = "rule" if name == "shown_by" else name
        check = partial(check_settings, today=sent.today)
        _check_cell(row, column, check, {name: value}, sent.pack, {name: column})
    return {
        "set": cast("Settings", parts),
        "evidence": _evidence(row, sent.at[:10]),
        "note": _note(row),
    }


def _cell(value: object) -> str | None:
    """The value as text without blanks around it, as cells are read."""
    return None if value is None else str(value).strip()


def _check_cell(row: PlanRow, column: str, check: Callable[..., _T], *given: object) -> _T:
    """The result of a check; its error names the cell."""
    try:
        return check(*given)
    except InputError as error:
        message = str(error).removeprefix(f"{column}: ")
        raise _CellError(Fault(row.places[column], message)) from error


def _check_fixed(row: PlanRow, before: Mapping[str, object]) -> None:
    facts = [name for name in row.places if name.startswith(COLUMN)]
    for name in ("status", "worked", *facts):
        found = row.values.get(name)
        if found is not None and found != _cell(before.get(name)):
            raise _CellError(Fault(row.places[name], _how_to_say(name)))


def _how_to_say(column: str) -> str:
    """How to change what a column only shows."""
    if column.startswith(COLUMN):
        fact = column.removeprefix(COLUMN)
        return f"is only shown here; a role says the fact {fact} where it updates the action"
    return "is only shown here; update the action to close or open it, or judge it by a run"


def _shown_by(row: PlanRow) -> ShownByInfo | None:
    given = [name for name in _ASKED if name in row.values]
    if not given:
        return None
    for name in _ASKED:
        if name not in row.values:
            raise _CellError(Fault(row.places[name], NEEDS_ALL))
    target = _check_cell(row, "target", parse_target, row.values["target"])
    quarter = _check_cell(row, "period", parse_quarter, row.values["period"])
    return {"rule": row.values["rule"], "target": target, "period": quarter.label}


def _evidence(row: PlanRow, on: str) -> list[EvidenceSaid]:
    what, role = row.values.get("evidence"), row.values.get("seen_by_role")
    if what is None and role is None:
        return []
    for name in ("evidence", "seen_by_role"):
        if name not in row.values:
            raise _CellError(Fault(row.places[name], NEEDS_BOTH))
        _check_cell(row, name, check_text, row.values[name], name)
    return [{"what": row.values["evidence"], "seen_by_role": row.values["seen_by_role"], "on": on}]


def _note(row: PlanRow) -> str | None:
    note = row.values.get("note")
    return None if note is None else _check_cell(row, "note", check_text, note, "note")


def record_event(
    raw: RawRecord, file: str, pack: Pack, today: date | None = None
) -> tuple[str, EventWhat]:
    """The id of a record, and the first event's facts of the action that it describes.

    Raises `RecordError` where it does not fit the record schema, else `InputError`.
    """
    decoder = decoder_of(pack)
    record = decoder.plain(raw.data, raw.kind)
    kind = raw.kind or record.get("kind", decoder.default)
    if kind != ACTION_KIND:
        raise InputError(
            f"{raw.position or file}: is a record of the kind '{kind}', not '{ACTION_KIND}'"
        )
    decoder.from_values(record, ACTION_KIND)
    where = f"{raw.position or file} "
    check_anonymous(record, where)
    name = check_id(str(record["id"]), ())
    what = from_record(record, file)
    named = {part: f"{where}{part}" for part in what["set"]}
    check_settings(what["set"], pack, named, today=today)
    return name, what


PlanEdit = Callable[[Mapping[str, Action]], PlanChanges]


def read_back(path: Path | str, pack: Pack, *, by_role: str) -> PlanEdit:
    """Read a plan that came back; the result is a function from the actions to its changes.

    The plan is the workbook of `plan_workbook`, whose changed rows become events and whose new rows
    actions, or a file of records, which only adds. Raises `InputError` with everything wrong in the
    file; so does the function where the actions contradict it.
    """
    action_kind(pack)
    path = Path(path)
    sent = Submission(pack, check_text(by_role, "by_role"), now_text())
    check_readable([str(path)])
    if path.suffix.lower() == ".xlsx":
        return partial(_of_rows, path.name, read_plan(path), sent)
    return partial(_of_records, path, _read_records(path, sent), sent)


def _with_ids(rows: Iterable[PlanRow], pack: Pack) -> list[PlanRow]:
    """Rows in which a rule that is named by its title is named by its id."""
    ids = {folded(title): name for name, title in rule_titles(pack).items()}
    return [
        replace(row, values={**row.values, "rule": ids.get(folded(rule), rule)})
        if (rule := row.values.get("rule"))
        else row
        for row in rows
    ]


def _of_rows(
    name: str, rows: Sequence[PlanRow], sent: Submission, actions: Mapping[str, Action]
) -> PlanChanges:
    found = plan_changes(rows, actions, sent)
    if found.faults:
        raise plan_faults(name, found.faults)
    return found


def _of_records(
    path: Path, records: Mapping[str, EventWhat], sent: Submission, actions: Mapping[str, Action]
) -> PlanChanges:
    """The new actions. Refuses an id that another action has."""
    other = [
        name
        for name, what in records.items()
        if name in actions and {**actions[name].events[0].what} != {**non_empty(what)}
    ]
    if other:
        raise InputError(
            f"{path}: there are other actions with the ids {listed(other)}; records only add. "
            "Update an action to change it. Nothing was written"
        )
    new = {name: what for name, what in records.items() if name not in actions}
    return PlanChanges(
        [first_event(name, new[name], by_role=sent.by_role, at=sent.at) for name in new],
        known=len(records) - len(new),
    )


def _read_records(path: Path, sent: Submission) -> dict[str, EventWhat]:
    """The first event's facts of each record, by its id. Raises `InputError` with all faults."""
    found: dict[str, EventWhat] = {}
    faults: list[str] = []
    twice: set[str] = set()
    for source, raws in read_inputs(expand_names([str(path)]), sent.pack, Inputs()):
        for raw in raws:
            try:
                name, what = record_event(raw, source.name, sent.pack, sent.today)
            except RecordError as error:
                faults += [f"  {raw.position}{problem}" for problem in error.problems]
            except InputError as error:
                faults.append(f"  {error}")
            else:
                twice |= {name} & found.keys()
                found[name] = what
    faults += [f"  {name}: is there twice" for name in sorted(twice)]
    if faults:
        more = len(faults) - _MOST_SHOWN
        shown = faults[:_MOST_SHOWN] + ([f"  … and {more:,} more"] if more > 0 else [])
        said = visible("\n".join([f"{path}: is no plan to read:", *shown]))
        raise InputError(f"{said}\nNothing was written.")
    return found
