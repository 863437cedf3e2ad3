"""Which actions a list shows and what it says of each; what is to be said of one, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from scr_audit.actions.judgement import parse_quarter, target_words
from scr_audit.actions.record import KIND, OWN, action_kind, check_due, check_text, verdict_words
from scr_audit.actions.state import Action
from scr_audit.errors import InputError, RecordError, did_you_mean, listed
from scr_audit.language.types import FactType
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import check_days, expect_days

HEADINGS = {
    "id": "Action",
    "recommendation": "For",
    "agency": "Agency",
    "task": "Task",
    "owner_role": "Owner",
    "due": "Due",
    "shown_by": "Shown by",
    "status": "Status",
    "worked": "Worked",
}


@dataclass(frozen=True)
class Chosen:
    """Which actions are asked for; None does not choose. `overdue_on` and `due_by` are days."""

    overdue_on: str | None = None
    due_by: str | None = None
    agency: str | None = None
    status: str | None = None


def choose(actions: Iterable[Action], chosen: Chosen) -> list[Action]:
    """The actions that are asked for, in their order."""
    return [action for action in actions if _asked(action, chosen)]


def _asked(action: Action, chosen: Chosen) -> bool:
    if chosen.agency is not None and action.agency != chosen.agency:
        return False
    if chosen.status is not None and action.status != chosen.status:
        return False
    if chosen.due_by is not None and not (_open_until(action) <= chosen.due_by):
        return False
    return chosen.overdue_on is None or is_overdue(action, chosen.overdue_on)


def is_overdue(action: Action, day: str) -> bool:
    """Whether it is open and the last day of its date has passed on `day` (year-month-day)."""
    return _open_until(action) < day


def _open_until(action: Action) -> str:
    """The last day on which an open action is in time; one never due sorts after every day."""
    due = action.last_due_day
    return due if due is not None and action.status == "open" else "never"


def row(action: Action, as_of: str) -> dict[str, str]:
    """What a list says of an action, by the keys of `HEADINGS`."""
    overdue = ", overdue" if is_overdue(action, as_of) else ""
    instead = f" by {action.superseded_by}" if action.superseded_by else ""
    judged = action.judged
    return {
        "id": action.id,
        "recommendation": action.recommendation or "",
        "agency": action.agency or "",
        "task": action.task or "",
        "owner_role": action.owner_role or "",
        "due": action.due_now or "",
        "shown_by": shown_by_words(action),
        "status": f"{action.status}{instead}{overdue}",
        "worked": "" if judged is None else verdict_words(judged.verdict),
    }


def shown_by_words(action: Action) -> str:
    """`gp-invited, 90 %, 2027Q1`, or nothing."""
    found = action.shown_by
    return "" if found is None else f"{found.rule}, {target_words(found.target)}, {found.period}"


def document(action: Action, as_of: str) -> dict[str, Any]:
    """An action as JSON, with its evidence, its judgements and all its events."""
    found = asdict(action)
    judged = action.judged
    return {
        **found,
        "due_now": action.due_now,
        "overdue": is_overdue(action, as_of),
        "number": action.number,
        "worked": None if judged is None else judged.verdict,
    }


_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
_PROGRESS = ("status", "completed", "completed_on", "evidence_seen", "measured")


def check_settings(
    settings: Mapping[str, Any], pack: Pack, where: Mapping[str, str], today: date | None = None
) -> None:
    """Hold the parts of an action against the pack; `where` names each for messages.

    Raises `InputError` for a recommendation, agency or rule that the pack has not, and for a day
    that hardly anybody means on the day `today`.
    """
    for name, value in settings.items():
        if value is None:
            continue
        if name == "recommendation":
            _check_known(value, [item.id for item in pack.recommendations], where[name], name)
        elif name == "agency":
            check_agency(value, pack, where[name])
        elif name == "due":
            check_due(value, where[name], today)
        elif name == "shown_by":
            check_rule(value["rule"], pack, where[name])
            parse_quarter(value["period"])
        else:
            check_text(value, where[name])


def check_rule(rule: str, pack: Pack, where: str) -> None:
    """Refuse a rule that the pack has not. Raises `InputError`."""
    _check_known(rule, [item.id for item in pack.rules], where, "rule")


def check_agency(agency: str, pack: Pack, where: str) -> None:
    """Refuse an agency that the pack does not list, where it lists them. Raises `InputError`."""
    choices = action_kind(pack).type.fields.get("agency")
    if choices is not None and choices.type.choices:
        _check_known(agency, choices.type.choices, where, "agency")
    else:
        check_text(agency, where)


def _check_known(value: str, known: Iterable[str], where: str, what: str) -> None:
    names = list(known)
    if value not in names:
        check_text(value, where)  # what is no id may be a text that must not be repeated
        hint = did_you_mean(value, names) or f" Known are {listed(names)}."
        raise InputError(f"{where}: the pack has no {what} '{value}'.{hint}")


def parse_facts(
    said: Iterable[str], pack: Pack, *, by_role: str, on: str, today: date
) -> dict[str, Any]:
    """Facts written as `name=value`: yes, no, a date or a text; an empty value takes it away.

    A fact that a person judges (a group with `by_role` and `on`) is kept as the judgement of
    `by_role` on the day `on`. Raises `InputError`.
    """
    fields = action_kind(pack).type.fields
    facts: dict[str, Any] = {}
    for text in said:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"--fact {name}: expected NAME=VALUE, such as outcome_named=yes")
        _check_fact(name, list(fields))
        facts[name] = _value(value, fields[name].type, name, {"by_role": by_role, "on": on})
    check_facts(facts, pack, "--fact", today)
    return facts


def _check_fact(name: str, known: list[str]) -> None:
    if name in OWN:
        raise InputError(f"--fact {name}: is a part of the action itself; use {OWN[name]}")
    if name in _PROGRESS:
        raise InputError(f"--fact {name}: follows from what is recorded; use update --evidence")
    if name not in known:
        raise InputError(f"--fact {name}: the pack has no such fact.{did_you_mean(name, known)}")


def _value(text: str, kind: FactType, name: str, stamp: Mapping[str, str]) -> Any:
    if not text:
        return None
    if {"value", *stamp} <= set(kind.fields):
        return {"value": _value(text, kind.fields["value"].type, name, {}), **stamp}
    if kind.kind.name == "BOOLEAN":
        return _YES_NO.get(text, text)
    return check_text(text, f"--fact {name}")


def check_facts(facts: Mapping[str, Any], pack: Pack, where: str, today: date) -> None:
    """Hold facts against the pack's record schema, and their days to what is likely today.

    Raises `InputError`.
    """
    decoder = decoder_of(pack)
    expect_days(decoder.odd_days, today)
    said = {name: value for name, value in facts.items() if value is not None}
    try:
        check_days(decoder.from_values({"id": "A", **said}, KIND), decoder.odd_days, today)
    except RecordError as error:
        problem = error.problems[0]
        raise InputError(f"{where} {problem.pointer.strip('/')}: {problem.message}") from error
