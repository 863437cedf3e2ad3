"""What somebody wants to say of an action, held against the pack before it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scr_audit.actions.changes import check_due, check_text
from scr_audit.actions.judgement import parse_quarter
from scr_audit.actions.record import KIND, OWN, action_kind
from scr_audit.errors import InputError, RecordError, did_you_mean, listed
from scr_audit.language.types import FactType
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of

_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
_PROGRESS = ("status", "completed", "completed_on", "evidence_seen", "measured")


def check_settings(settings: Mapping[str, Any], pack: Pack, where: Mapping[str, str]) -> None:
    """Hold the parts of an action against the pack; `where` names each for messages.

    Raises `InputError` for a recommendation, agency or rule that the pack has not.
    """
    for name, value in settings.items():
        if value is None:
            continue
        if name == "recommendation":
            _check_known(value, [item.id for item in pack.recommendations], where[name], name)
        elif name == "agency":
            check_agency(value, pack, where[name])
        elif name == "due":
            check_due(value, where[name])
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


def parse_facts(said: Iterable[str], pack: Pack, *, by_role: str, on: str) -> dict[str, Any]:
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
    check_facts(facts, pack, "--fact")
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


def check_facts(facts: Mapping[str, Any], pack: Pack, where: str) -> None:
    """Hold facts against the pack's record schema. Raises `InputError`."""
    said = {name: value for name, value in facts.items() if value is not None}
    try:
        decoder_of(pack).from_values({"id": "A", **said}, KIND)
    except RecordError as error:
        problem = error.problems[0]
        raise InputError(f"{where} {problem.pointer.strip('/')}: {problem.message}") from error
