"""Files of approved exceptions: read, and checked against the pack."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from scr_audit.anonymity.authored import read_anonymous
from scr_audit.approvals.approved import ApprovedException, Exceptions
from scr_audit.approvals.units import read_unit
from scr_audit.errors import PackError, Problem, did_you_mean, translate_os_errors
from scr_audit.evaluate.outcomes import Approval
from scr_audit.language.unit_key import UnitKey
from scr_audit.packs.authored import validate
from scr_audit.packs.models import Authored
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import Document
from scr_audit.values.text import normal_text

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
    if problems or authored is None or document.problems:
        raise PackError([*problems, *document.problems])
    wrong = list(_wrong_entries(authored.exceptions, document, pack))
    if wrong:
        raise PackError(wrong)
    entries = []
    for number, entry in enumerate(authored.exceptions):
        key, problems = _key(entry, number, document, pack)
        wrong += problems
        entries.append(_entry(entry, pack, key))
    wrong += _overlapping(entries, document)
    if wrong:
        raise PackError(wrong)
    return Exceptions(path.name, hashlib.sha256(data).hexdigest(), tuple(entries))


def _key(
    entry: ExceptionEntry, number: int, document: Document, pack: Pack
) -> tuple[UnitKey | None, list[Problem]]:
    if entry.unit is None:
        return None, []
    return read_unit(entry.unit, pack.rule(entry.rule), document, ("exceptions", number, "unit"))


def _entry(entry: ExceptionEntry, pack: Pack, key: UnitKey | None) -> ApprovedException:
    since, until = date.fromisoformat(entry.since), date.fromisoformat(entry.until)
    approval = Approval(entry.reason.strip(), entry.approved_by_role.strip(), since, until)
    kind = pack.rule(entry.rule).kind
    return ApprovedException(entry.rule, kind, normal_text(entry.record), key, approval)


def _wrong_entries(
    entries: Sequence[ExceptionEntry], document: Document, pack: Pack
) -> Iterator[Problem]:
    known = [rule.id for rule in pack.rules]
    for number, entry in enumerate(entries):
        if entry.rule not in known:
            message = f"the pack {pack.id} has no rule '{entry.rule}'."
            place = document.place(("exceptions", number, "rule"))
            yield document.problem(place, message + did_you_mean(entry.rule, known))
        yield from _wrong_texts(entry, number, document)
        yield from _wrong_days(entry, number, document)


def _wrong_texts(entry: ExceptionEntry, number: int, document: Document) -> Iterator[Problem]:
    for name in _TOLD:
        if not getattr(entry, name).strip():
            place = document.place(("exceptions", number, name))
            yield document.problem(place, f"'{name}' is empty")


def _wrong_days(entry: ExceptionEntry, number: int, document: Document) -> Iterator[Problem]:
    days = {"from": entry.since, "until": entry.until}
    wrong = [name for name, text in days.items() if not _is_day(text)]
    for name in wrong:
        place = document.place(("exceptions", number, name))
        yield document.problem(place, f"expected a day such as 2026-05-04, found '{days[name]}'")
    if not wrong and entry.until < entry.since:
        place = document.place(("exceptions", number, "until"))
        yield document.problem(place, f"'until' is before 'from', which is {entry.since}")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _overlapping(entries: Sequence[ApprovedException], document: Document) -> Iterator[Problem]:
    """Entries that may cover a unit which an earlier one covers on the same day."""
    before: dict[tuple[str, str], list[tuple[int, ApprovedException]]] = {}
    for number, entry in enumerate(entries):
        others = before.setdefault((entry.rule, entry.record), [])
        for other_number, other in others:
            if _overlap(entry, other):
                line = document.place(("exceptions", other_number)).line
                message = (
                    f"can cover the unit of the entry at line {line} on the same days; "
                    "keep one of them, part their days, or name more facts"
                )
                yield document.problem(document.place(("exceptions", number)), message)
                break
        others.append((number, entry))


def _overlap(one: ApprovedException, other: ApprovedException) -> bool:
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
Day = Annotated[str, Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"})]
Told = Annotated[str, Field(json_schema_extra={"pattern": r"\S"})]
_FACTS: dict[str, Any] = {"type": "object", "minProperties": 1}
# What else stands here is told in words too, since files of an older format have a pointer.
Unit = Annotated[
    Any, WithJsonSchema({"anyOf": [_FACTS, {"type": "array", "items": _FACTS}, {"type": "null"}]})
]


class ExceptionEntry(Authored):
    """One approved exception: a unit of a record may be not met, from a day until a day."""

    rule: str = Field(description="The rule's id")
    record: str = Field(description="The record's id")
    unit: Unit = Field(
        None,
        description="The unit, by the facts that tell it from others, such as "
        "{received_on: 2026-05-05}; of lists in lists a mapping for each, from the outside in; "
        "[]: the list as a whole; left out: every unit of the rule in the record",
    )
    reason: Told = Field(description="Why, without names")
    approved_by_role: Told = Field(description="In which role it was approved")
    since: Day = Field(alias="from", description="The first day it is in force")
    until: Day = Field(description="The last day it is in force")


class ExceptionsFile(Authored):
    """Approved exceptions: findings that are not met, and are shown as excepted."""

    exceptions: list[ExceptionEntry]
