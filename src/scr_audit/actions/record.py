"""An action as a record of the pack's kind `action`, which the pack's own rules judge; and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_audit.actions.state import Action
from scr_audit.errors import InputError
from scr_audit.packs.pack import Pack, RecordKind

KIND = "action"
OWN = {
    "id": "--id",
    "recommendation": "--recommendation",
    "agency": "--agency",
    "task": "--task",
    "owner_role": "--owner-role",
    "target_date": "--due",
}
"""Facts that are parts of an action, and the option that sets each."""
NAMED = {
    "owner_role": "owner_named",
    "due": "target_date_given",
    "shown_by": "measure_named",
}
"""What a part of an action answers: the fact whether the plan names it."""
OWN_PARTS = {key: "due" if key == "target_date" else key for key in OWN if key != "id"}
_SETTLED = ("status", "completed", "completed_on", "evidence_seen", "measured")


def action_kind(pack: Pack) -> RecordKind:
    """The kind of record that an action is. Raises `InputError` where the pack has none."""
    if KIND not in pack.kinds:
        raise InputError(
            f"the pack {pack.id} has no record kind '{KIND}', so it has no rules for a plan; "
            "name one that has, such as --pack baby-f-2010"
        )
    return pack.kinds[KIND]


def action_record(action: Action, kind: RecordKind) -> dict[str, Any]:
    """The record of an action. What the pack does not ask is left out.

    What an action does not say is *not there* where the action was made here, since then this is
    the whole plan; where it was read from a record it stays *not recorded*.
    """
    said = {**_parts(action), **_progress(action)}
    known = {name: value for name, value in said.items() if value is not None}
    kept = {"id": action.id, **known, **action.facts}
    if _settled_here(action):
        kept |= {name: known[name] for name in _SETTLED if name in known}
    return {name: kept[name] for name in kind.type.fields if name in kept}


def _parts(action: Action) -> dict[str, Any]:
    moved = action.due if action.due != action.first_due else None
    return {
        "recommendation": action.recommendation,
        "agency": action.agency,
        "task": action.task,
        "owner_role": action.owner_role,
        "owner_named": _named(action, action.owner_role),
        "target_date": action.first_due,
        "target_date_given": _named(action, action.first_due),
        "target_revised_to": moved,
        "evidence_named": _named(action, action.facts.get("evidence_stated")),
        "outcome_named": _named(action, action.facts.get("outcome_stated")),
        "measure_named": _named(action, action.shown_by),
    }


def _named(action: Action, part: Any) -> bool | None:
    return part is not None if action.read_from is None else None


def _settled_here(action: Action) -> bool:
    """Whether the store, and not the record it was read from, says how far the action got."""
    return action.read_from is None or any("status" in event.what for event in action.events)


def _progress(action: Action) -> dict[str, Any]:
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


def from_record(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What makes an action of a record of the kind `action`: the first event's `what`.

    `record` holds plain values (dates as text) and fits the schema; `name` is the file's.
    """
    parts = {OWN_PARTS[key]: record[key] for key in OWN_PARTS if record.get(key) is not None}
    facts = {
        key: value
        for key, value in record.items()
        if key not in OWN and key != "kind" and value is not None
    }
    return {"set": parts, "facts": facts, "read_from": name}
