"""An action as a record of the pack's kind `action`, and back; its next event, or why none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, cast

from scr_audit.actions.judgement import target_words
from scr_audit.actions.state import Action, Event
from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.scan import scan_record
from scr_audit.documents.actions import EventWhat, Settings
from scr_audit.errors import ArgumentError, InputError, did_you_mean
from scr_audit.packs.pack import Pack, RecordKind
from scr_audit.records.plausible import doubt
from scr_audit.records.raw import Json
from scr_audit.values.imprecise import parse_date
from scr_audit.values.text import visible

ACTION_KIND = "action"
OWN = {
    "id": "id",
    "recommendation": "recommendation",
    "agency": "agency",
    "task": "task",
    "owner_role": "owner_role",
    "target_date": "due",
}
"""Facts that are parts of an action, with the part that each is."""
NAMED = {
    "owner_role": "owner_named",
    "due": "target_date_given",
    "shown_by": "measure_named",
}
"""Parts of an action, with the fact that says whether the plan names each."""
_SETTLED = ("status", "completed", "completed_on", "evidence_seen", "measured")


def action_kind(pack: Pack) -> RecordKind:
    """The kind of record that an action is. Raises `InputError` where the pack has none."""
    if ACTION_KIND not in pack.kinds:
        raise InputError(
            f"the pack {pack.id} has no record kind '{ACTION_KIND}', so it has no rules for a "
            "plan; name one that has ('scr-audit list --packs' shows the shipped packs)"
        )
    return pack.kinds[ACTION_KIND]


def action_record(action: Action, kind: RecordKind) -> dict[str, Json]:
    """The record of an action. What the pack does not ask is left out.

    What an action made here does not say is *not there*, since this is the whole plan; where it was
    read from a record it stays *not recorded*.
    """
    said = {**_parts(action), **_progress(action)}
    known = {name: value for name, value in said.items() if value is not None}
    kept = {"id": action.id, **known, **action.facts}
    if _settled_here(action):
        kept |= {name: known[name] for name in _SETTLED if name in known}
    return {name: kept[name] for name in kind.type.fields if name in kept}


def _parts(action: Action) -> dict[str, Json]:
    moved = action.due if action.due != action.first_due else None
    return {
        "recommendation": action.recommendation,
        "agency": action.agency,
        "task": action.task,
        "owner_role": action.owner_role,
        "owner_named": _is_named(action, action.owner_role),
        "target_date": action.first_due,
        "target_date_given": _is_named(action, action.first_due),
        "target_revised_to": moved,
        "evidence_named": _is_named(action, action.facts.get("evidence_stated")),
        "outcome_named": _is_named(action, action.facts.get("outcome_stated")),
        "measure_named": _is_named(action, action.shown_by),
    }


def _is_named(action: Action, part: object) -> bool | None:
    return part is not None if action.read_from is None else None


def _settled_here(action: Action) -> bool:
    """Whether the store, and not the record it was read from, knows its progress."""
    return action.read_from is None or any("status" in event.what for event in action.events)


def _progress(action: Action) -> dict[str, Json]:
    if not _settled_here(action):
        return {}
    closed = action.status == "closed"
    judged = action.judged
    return {
        "status": {"closed": "completed", "superseded": "superseded"}.get(action.status),
        "completed": closed,
        "completed_on": action.closed_at[:10] if closed and action.closed_at else None,
        "evidence_seen": bool(action.standing_evidence),
        "measured": judged is not None and judged.verdict != "cannot_tell",
    }


def from_record(record: Mapping[str, Json], name: str) -> EventWhat:
    """The first event's `what` of an action that is read from a record.

    `record` holds plain values (dates as text) and fits the schema; `name` is the file's.
    """
    parts = {
        part: record[key]
        for key, part in OWN.items()
        if key != "id" and record.get(key) is not None
    }
    facts = {
        key: value
        for key, value in record.items()
        if key not in OWN and key != "kind" and value is not None
    }
    return {"set": cast("Settings", parts), "facts": facts, "read_from": name}


_NUMBERED = re.compile(r"A([1-9][0-9]{0,8})\Z")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_OF_OPEN: tuple[Literal["set", "facts", "evidence", "judged"], ...] = (
    "set",
    "facts",
    "evidence",
    "judged",
)  # parts that only an open action takes


def next_id(taken: Iterable[str]) -> str:
    """The next A-number."""
    numbers = (int(match[1]) for name in taken if (match := _NUMBERED.match(name)))
    return f"A{max(numbers, default=0) + 1}"


def check_id(wanted: str, taken: Iterable[str]) -> str:
    """An id for a new action. Raises `InputError` where it is taken, or is no id."""
    if _ID.match(wanted) is None:
        raise ArgumentError(
            "id", "expected up to 40 letters, digits, dots, hyphens and underscores, such as A12"
        )
    check_text(wanted, "id")
    if wanted in taken:
        raise InputError(f"there is an action {wanted} already; update it, or choose another id")
    return wanted


def known_action(wanted: str, actions: Mapping[str, Action]) -> Action:
    """The action with this id. Raises `InputError`."""
    if wanted in actions:
        return actions[wanted]
    shown = f"'{wanted}'" if _ID.match(wanted) else "with this id"
    raise InputError(f"there is no action {shown}.{did_you_mean(wanted, actions)}")


def changed_meanwhile(action: Action) -> InputError:
    """The error for a change to an older state of the action."""
    last = action.events[-1]
    return InputError(
        f"{action.id}: was changed meanwhile by {last.by_role} at {last.at} (event {last.number}); "
        f"nothing was written. Look at it as it is now, and do it again"
    )


def first_event(name: str, what: EventWhat, *, by_role: str, at: str) -> Event:
    """The event that makes an action."""
    return Event(name, 1, at, check_text(by_role, "by_role"), non_empty(what))


def next_event(action: Action, what: EventWhat, *, by_role: str, at: str) -> Event | None:
    """The event of what is new in `what`; None where nothing is.

    Raises `InputError` where the action's state does not allow it: a closed one is opened first,
    and an action closes only on evidence.
    """
    settings = cast("Settings", _new(what.get("set", {}), _current(action)))
    new = non_empty({**what, "set": settings})
    new = non_empty({**new, "facts": _new(_facts(action, new), action.facts)})
    if not new:
        return None
    _check_status(action, new)
    return Event(action.id, action.number + 1, at, check_text(by_role, "by_role"), new)


def non_empty(what: EventWhat) -> EventWhat:
    """The parts that are not empty."""
    return cast("EventWhat", {name: value for name, value in what.items() if value})


def _current(action: Action) -> dict[str, object]:
    shown_by = action.shown_by
    asked = None if shown_by is None else {**shown_by.document()}
    return {**vars(action), "shown_by": asked}


def _new(wanted: Mapping[str, object], current: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in wanted.items() if value != current.get(name)}


def _facts(action: Action, what: EventWhat) -> dict[str, Json]:
    """The facts that an event sets and, of an action read from a record, those that follow."""
    facts, settings = dict(what.get("facts", {})), {**what.get("set", {})}
    if action.read_from is not None:
        for part, fact in NAMED.items():
            if part in settings:
                facts[fact] = settings[part] is not None
        if what.get("evidence"):
            facts["evidence_seen"] = True
    return facts


def _check_status(action: Action, what: EventWhat) -> None:
    status = what.get("status")
    if status == "open":
        if action.status == "open":
            raise InputError(f"{action.id}: is open already")
    elif action.status != "open" and (status or any(what.get(part) for part in _OF_OPEN)):
        raise InputError(f"{action.id}: is {action.status}; open it first, or only add a note")
    if status == "closed":
        lacking = _lacking(action, what)
        if lacking:
            raise InputError(
                f"{action.id}: an action closes only on evidence, and {'; and '.join(lacking)}. "
                "Nothing was written"
            )


def _lacking(action: Action, what: EventWhat) -> list[str]:
    """What an action still lacks where an event closes it."""
    lacking = []
    if not action.standing_evidence and not what.get("evidence"):
        lacking.append("none is recorded: add it, and which post has seen it")
    shown_by, judged = action.shown_by, action.judged
    if shown_by is None:
        return lacking
    if "shown_by" in what.get("set", {}):
        lacking.append("what is to show it changes in this same update: judge it first")
    elif judged is None or judged.verdict != "worked":
        said = "no run" if judged is None else f"the last run says {verdict_words(judged.verdict)}"
        if judged is not None:
            said += f" ({judged.reason})"
        else:
            said += " was held against it"
        lacking.append(
            f"a run is to show that it worked ({shown_by.rule}, {target_words(shown_by.target)}, "
            f"{shown_by.period}), but {said}: judge it by a run"
        )
    return lacking


def verdict_words(verdict: str) -> str:
    """A verdict as people read it: `not yet`."""
    return verdict.replace("_", " ")


LONGEST = 2_000


def check_text(text: str, where: str) -> str:
    """The text without blanks around it; `where` is an argument, or the place of the text.

    Raises `ArgumentError`, which never repeats the text.
    """
    found = text.strip()
    if not found:
        raise ArgumentError(where, "is empty; say it in words")
    if len(found) > LONGEST:
        raise ArgumentError(
            where, f"has {len(found):,} characters; at most {LONGEST:,} are kept. Say it shorter"
        )
    if visible(found) != found:
        raise ArgumentError(where, "holds characters that nobody can see; write it anew")
    check_anonymous(found, where)
    return found


def check_anonymous(value: Json, where: str) -> None:
    """Refuse a value that identifies somebody. Raises `ArgumentError`."""
    found = scan_record(value)
    if found:
        kind = IDENTIFIERS[found[0].kind]
        raise ArgumentError(
            f"{where}{found[0].pointer}",
            f"holds {kind.name}; {kind.advice}. A plan is about posts, never about people; nothing "
            "was written",
        )


def refuse_implausible(day: str | date, where: str, today: date | None) -> None:
    """Refuse an implausible day. Raises `ArgumentError`."""
    if message := doubt(day, today):
        raise ArgumentError(where, message)


def check_due(text: str, where: str, today: date | None) -> str:
    """A day or a month, as text. Raises `ArgumentError`."""
    try:
        parse_date(text)
    except ValueError as error:
        raise ArgumentError(
            where, f"{error}; expected a day such as 2026-12-31, or a month"
        ) from None
    refuse_implausible(text, where, today)
    return text
