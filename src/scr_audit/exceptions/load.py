"""Reads a file of exceptions against the pack whose rules it names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from scr_audit.anonymity.authored import read_anonymous
from scr_audit.errors import InputError, PackError, Problem, did_you_mean
from scr_audit.evaluate.approval import Approval
from scr_audit.exceptions.approved import ApprovedException, Exceptions
from scr_audit.exceptions.models import ExceptionEntry, ExceptionsFile
from scr_audit.packs.authored import validated
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import Document

_TOLD = ("reason", "approved_by_role")  # what reports repeat


def load_exceptions(path: Path, pack: Pack) -> Exceptions:
    """The exceptions in a YAML file; `pack` is the whole one, before a plan chose of it.

    Raises `PackError` with everything that is wrong in it or, where it cannot be read,
    `InputError`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    document = read_anonymous(data, str(path))
    authored, problems = validated(ExceptionsFile, document)
    if problems or authored is None or document.problems:
        raise PackError([*problems, *document.problems])
    _check(authored.exceptions, document, pack)
    entries = tuple(_approved(entry, pack) for entry in authored.exceptions)
    return Exceptions(path.name, hashlib.sha256(data).hexdigest(), entries)


def _check(entries: Sequence[ExceptionEntry], document: Document, pack: Pack) -> None:
    wrong = [*_wrong_entries(entries, document, pack), *_twice_covered(entries, document)]
    if wrong:
        raise PackError(wrong)


def _approved(entry: ExceptionEntry, pack: Pack) -> ApprovedException:
    since, until = date.fromisoformat(entry.since), date.fromisoformat(entry.until)
    approval = Approval(entry.reason.strip(), entry.approved_by_role.strip(), since, until)
    kind = pack.rule(entry.rule).kind
    return ApprovedException(entry.rule, kind, entry.record, entry.unit, approval)


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
    if entry.unit and not entry.unit.startswith("/"):
        place = document.place(("exceptions", number, "unit"))
        message = f"expected a JSON pointer such as /conferences/0, found '{entry.unit}'"
        yield document.problem(place, message)


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


def _twice_covered(entries: Sequence[ExceptionEntry], document: Document) -> Iterator[Problem]:
    """Entries that cover a unit which an earlier one covers on the same day."""
    before: dict[tuple[str, str], list[tuple[int, ExceptionEntry]]] = {}
    for number, entry in enumerate(entries):
        others = before.setdefault((entry.rule, entry.record), [])
        for other_number, other in others:
            if _overlap(entry, other):
                line = document.place(("exceptions", other_number)).line
                message = (
                    f"covers a unit that the entry at line {line} covers on the same days; "
                    "keep one of them, or part their days"
                )
                yield document.problem(document.place(("exceptions", number)), message)
                break
        others.append((number, entry))


def _overlap(one: ExceptionEntry, other: ExceptionEntry) -> bool:
    same_unit = None in (one.unit, other.unit) or one.unit == other.unit
    return same_unit and one.since <= other.until and other.since <= one.until
