"""Files of approved exceptions and the units that they name: read, and checked against the pack."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from scr_audit.anonymity.scan import read_anonymous
from scr_audit.approvals.approved import ApprovedException, Exceptions
from scr_audit.errors import PackError, Problem, did_you_mean, listed, translate_os_errors
from scr_audit.evaluate.outcomes import Approval
from scr_audit.language.checker import KeyPath
from scr_audit.language.rule import Rule
from scr_audit.language.types import DATES, FactType, Kind, in_words
from scr_audit.language.unit_key import ItemKey, UnitKey, item_types, key_facts, plain
from scr_audit.packs.models import Authored, validate
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import Document
from scr_audit.records.raw import Json, plain_value
from scr_audit.values.imprecise import is_whole_day, parse_date
from scr_audit.values.text import normal_text, recorded_text

_TOLD = ("reason", "approved_by_role")  # what reports repeat


def load_exceptions(path: str | Path, pack: Pack) -> Exceptions:
    """The exceptions in a YAML file; `pack` is the whole one, not limited by a plan.

    Raises `PackError` with everything that is wrong in it or, where it cannot be read,
    `InputError`.
    """
    file = Path(path)
    with translate_os_errors(file):
        data = file.read_bytes()
    return read_exceptions(data, file, pack)


def read_exceptions(data: bytes, path: Path, pack: Pack) -> Exceptions:
    """The exceptions in the content of a file; as `load_exceptions`."""
    document = read_anonymous(data, str(path))
    authored, problems = validate(ExceptionsFile, document)
    problems += [*document.problems, *_wrong_entries(document, pack)]
    if problems or authored is None:
        raise PackError(problems)
    entries = []
    for number, entry in enumerate(authored.exceptions):
        key, _ = _key(entry.unit, entry.rule, number, document, pack)
        entries.append(_entry(entry, pack, key))
    problems += _overlapping(entries, document)
    if problems:
        raise PackError(problems)
    return Exceptions(path.name, hashlib.sha256(data).hexdigest(), tuple(entries))


def _key(
    unit: Json, rule: str, number: int, document: Document, pack: Pack
) -> tuple[UnitKey | None, list[Problem]]:
    if unit is None:
        return None, []
    return read_unit(unit, pack.rule(rule), document, ("exceptions", number, "unit"))


def _entry(entry: ExceptionEntry, pack: Pack, key: UnitKey | None) -> ApprovedException:
    since, until = date.fromisoformat(entry.since), date.fromisoformat(entry.until)
    approval = Approval(entry.reason.strip(), entry.approved_by_role.strip(), since, until)
    kind = pack.rule(entry.rule).kind
    return ApprovedException(entry.rule, kind, normal_text(entry.record), key, approval)


def _wrong_entries(document: Document, pack: Pack) -> Iterator[Problem]:
    """What is wrong with texts of entries, also beside what has no right shape."""
    whole = document.value
    entries = whole.get("exceptions") if isinstance(whole, dict) else None
    known = [rule.id for rule in pack.rules]
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict):
            continue
        texts = {name: text for name, text in entry.items() if isinstance(text, str)}
        rule = texts.get("rule")
        if rule in known:
            yield from _key(entry.get("unit"), rule, number, document, pack)[1]
        elif rule is not None:
            message = f"the pack {pack.id} has no rule '{rule}'."
            place = document.place(("exceptions", number, "rule"))
            yield document.problem(place, message + did_you_mean(rule, known))
        yield from _wrong_texts(texts, number, document)
        yield from _wrong_days(texts, number, document)


def _wrong_texts(texts: Mapping[str, str], number: int, document: Document) -> Iterator[Problem]:
    for name in _TOLD:
        if recorded_text(texts.get(name, "-")) is None:
            place = document.place(("exceptions", number, name))
            yield document.problem(place, f"'{name}' is empty")


def _wrong_days(texts: Mapping[str, str], number: int, document: Document) -> Iterator[Problem]:
    days = {name: texts[name] for name in ("from", "until") if name in texts}
    wrong = [name for name, text in days.items() if not is_whole_day(text)]
    for name in wrong:
        place = document.place(("exceptions", number, name))
        yield document.problem(place, f"expected a day such as 2026-05-04, found '{days[name]}'")
    if len(days) == 2 and not wrong and days["until"] < days["from"]:
        place = document.place(("exceptions", number, "until"))
        yield document.problem(place, f"'until' is before 'from', which is {days['from']}")


def _overlapping(entries: Sequence[ApprovedException], document: Document) -> Iterator[Problem]:
    """Entries that may cover a unit which an earlier one covers on the same day."""
    before: dict[tuple[str, str], list[tuple[int, ApprovedException]]] = {}
    for number, entry in enumerate(entries):
        others = before.setdefault((entry.rule, entry.record), [])
        for other_number, other in others:
            if may_cover_one(entry, other):
                line = document.place(("exceptions", other_number)).line
                message = (
                    f"can cover the unit of the entry at line {line} on the same days; "
                    "keep one of them, part their days, or name more facts"
                )
                yield document.problem(document.place(("exceptions", number)), message)
                break
        others.append((number, entry))


def may_cover_one(one: ApprovedException, other: ApprovedException) -> bool:
    """Whether both may cover a unit on one day."""
    first, second = one.approval, other.approval
    return _may_be_one(one.key, other.key) and (
        first.since <= second.until and second.since <= first.until
    )


def _may_be_one(one: UnitKey | None, other: UnitKey | None) -> bool:
    """Whether one unit can fit both: no fact is in them with two values."""
    if one is None or other is None:
        return True
    return len(one) == len(other) and all(
        all(facts.get(name, value) == value for name, value in others.items())
        for facts, others in zip(one, other, strict=True)
    )


# The reader says in words what these patterns tell an editor.
WrittenDay = Annotated[str, Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"})]
Told = Annotated[str, Field(json_schema_extra={"pattern": r"\S"})]
_FACTS: dict[str, Any] = {"type": "object", "minProperties": 1}
# What else stands here is told in words too, since files of an older format have a pointer.
UnitFacts = Annotated[
    Any, WithJsonSchema({"anyOf": [_FACTS, {"type": "array", "items": _FACTS}, {"type": "null"}]})
]


class ExceptionEntry(Authored):
    """One approved exception: a unit of a record may be not met, from a day until a day."""

    rule: str = Field(description="The rule's id")
    record: str = Field(description="The record's id")
    unit: UnitFacts = Field(
        None,
        description="The unit, by the facts that tell it from others, such as "
        "{received_on: 2026-05-05}; of lists in lists a mapping for each, from the outside in; "
        "[]: the list as a whole; left out: every unit of the rule in the record",
    )
    reason: Told = Field(description="Why, without names")
    approved_by_role: Told = Field(description="In which role it was approved")
    since: WrittenDay = Field(alias="from", description="The first day it is in force")
    until: WrittenDay = Field(description="The last day it is in force")


class ExceptionsFile(Authored):
    """Approved exceptions: findings that are not met, and are shown as excepted."""

    exceptions: list[ExceptionEntry]


_WRITTEN: Mapping[Kind, tuple[type, ...]] = {
    Kind.BOOLEAN: (bool,),
    Kind.INTEGER: (int, float),
    Kind.NUMBER: (int, float),
    Kind.DATE: (str, int),  # a year has no quotes
    Kind.DATETIME: (str, int),
    Kind.LIST: (list,),
}


def read_unit(
    written: Json, rule: Rule, document: Document, path: KeyPath
) -> tuple[UnitKey, list[Problem]]:
    """The key that stands at `path`, and what is wrong with it."""
    types = item_types(rule)
    wrong = _wrong_form(written, rule, types)
    if wrong:
        return [], [document.problem(document.place(path), wrong)]
    facts_or_list: Any = written  # as was just checked
    parts = [(written, path)] if isinstance(written, dict) else [
        (part, (*path, number)) for number, part in enumerate(facts_or_list)
    ]  # fmt: skip
    problems: list[Problem] = []
    key: UnitKey = []
    for kind, (part, at) in zip(types, parts, strict=False):
        facts: ItemKey = {}
        for name, value in part.items():
            try:
                facts[name] = _value(kind, name, value)
            except LookupError as error:
                place = document.key_place((*at, name))
                problems.append(document.problem(place, str(error.args[0])))
            except ValueError as error:
                problems.append(document.problem(document.place((*at, name)), str(error)))
        key.append(facts)
    return key, problems


def _wrong_form(written: object, rule: Rule, types: list[FactType]) -> str:
    """What is wrong with the shape of a unit, in words; empty: nothing."""
    if not types:
        return "" if written == [] else (
            f"the rule '{rule.id}' judges the record itself, which needs no 'unit'; leave it out"
        )  # fmt: skip
    such = ", ".join(f"{{{_first(kind)}: …}}" for kind in types)
    such = such if len(types) == 1 else f"[{such}]"
    if isinstance(written, str) and (written.startswith("/") or not written):
        return (
            f"'{written}' is a place, where another unit may stand tomorrow; name the unit by its "
            f"facts, such as {such}. Added anew, the exception gets them by itself"
        )
    parts = [written] if isinstance(written, dict) and len(types) == 1 else written
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return f"expected the facts that tell the unit from others, such as {such}"
    if len(parts) > len(types):
        return f"expected facts for {listed(rule_lists(rule))}, such as {such}"
    if not all(parts):
        return "names no fact; name one that tells the unit, or leave 'unit' out for all"
    return ""


def rule_lists(rule: Rule) -> Iterator[str]:
    """The lists that a rule walks, in words."""
    return (in_words(loop.items.steps[-1]) for loop in rule.loops)


def _first(kind: FactType) -> str:
    """A fact that may be in the key of such an item, to show what a key looks like."""
    return next((".".join(steps) for steps in kind.same_by), next(iter(key_facts(kind)), "fact"))


def _value(kind: FactType, name: str, value: Json) -> Json:
    """A fact's value as keys have it.

    Raises `LookupError` for a fact that can be in no key, and `ValueError` for a wrong value.
    """
    facts = key_facts(kind)
    if name not in facts:
        hint = did_you_mean(name, facts) or f" Facts: {listed(facts)}."
        raise LookupError(f"{kind.name or 'the item'} has no fact '{name}' to name it by.{hint}")
    fact = facts[name]
    right = isinstance(value, _WRITTEN.get(fact.kind, (str,)))
    if not right or (isinstance(value, bool) and fact.kind is not Kind.BOOLEAN):
        quotes = "; write it in quotes" if fact.kind is Kind.TEXT and value is not None else ""
        raise ValueError(f"expected {fact.kind.value}, found {_quoted(value)}{quotes}")
    if fact.kind is Kind.CHOICE and value not in fact.choices:
        hint = did_you_mean(str(value), fact.choices) or f" Choices: {listed(fact.choices)}."
        raise ValueError(f"'{value}' is not one of the choices.{hint}")
    if fact.kind in DATES:
        value = plain_value(fact, str(value))
        if value is None:
            raise ValueError(f"expected {fact.kind.value}, found nothing that can be seen")
        if fact.kind is Kind.DATE:
            parse_date(str(value))  # says what is expected of a day
    return plain(fact, value)


def _quoted(value: object) -> str:
    words = {None: "nothing", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    return repr(value) if isinstance(value, str | int | float) else "a list or a mapping"
