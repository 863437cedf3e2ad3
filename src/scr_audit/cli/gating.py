"""What is told of records before they are judged: identifiers, and ids that look alike."""

from __future__ import annotations

from collections.abc import Sequence

from scr_audit.anonymity.gate import MOST_SHOWN, Gate
from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.anonymity.uniqueness import Uniqueness
from scr_audit.cli.streams import say
from scr_audit.errors import InputError, listed
from scr_audit.records.ids import SeenIds
from scr_audit.report.wording import counted, one_line

_OPTION = "--allow-identifiable"


def check_reason(reason: str | None, edition: str = "auditor") -> None:
    """Refuse a reason that is none, and any edition but the auditor's of identifiable records."""
    if reason is None:
        return
    if not reason.strip() or "\n" in reason or "\r" in reason:
        raise InputError(f"{_OPTION}: give the reason in one line; every report shows it")
    if identifiers_in(reason):
        raise InputError(f"{_OPTION}: the reason holds an identifier itself; say it without")
    if edition != "auditor":
        raise InputError(
            f"--edition {edition} is for others than the auditors; it is not made with {_OPTION}. "
            "Take the identifiers out first, such as with 'scr-audit anonymise'"
        )


def say_stopped(gate: Gate, unwritten: str) -> None:
    """Say what the gate found that stops a command before anything is written."""
    if gate.count and gate.allowed is None:
        _say_identifiers(gate, unwritten)
    for item in gate.too_alone():
        say(one_line(_alone(item, gate.require_k)))


def say_allowed(gate: Gate) -> None:
    """Say what was let through where the outputs have no place for it: records, not reports."""
    if gate.count:
        say(
            f"{counted(gate.count, 'identifier')} in {counted(gate.records, 'record')} let "
            "through, for the reason given; 'scr-audit run' will ask for it again"
        )


def _say_identifiers(gate: Gate, unwritten: str) -> None:
    for finding in gate.findings[:MOST_SHOWN]:
        say(one_line(f"identifiable: {finding}"))
    if gate.count > MOST_SHOWN:
        say(f"identifiable: {gate.count - MOST_SHOWN:,} more, not listed")
    where = f" in {counted(gate.records, 'record')}" if gate.records else ""
    say(
        f"scr-audit: {counted(gate.count, 'identifier')}{where}; {unwritten} was written. "
        "Take them out ('scr-audit anonymise FILE -o clean.json' does), or give the reason why "
        f"they may stay: {_OPTION} REASON."
    )


def _alone(item: Uniqueness, least: int | None) -> str:
    facts = listed(item.quasi_identifiers)
    if item.k is None:
        return (
            f"scr-audit: k-anonymity of {counted(item.records, item.kind)} over {facts} could not "
            f"be worked out, so --require-k {least} stops the run; no report was written."
        )
    return (
        f"scr-audit: {item.below:,} of {counted(item.records, item.kind)} stand in groups of fewer "
        f"than {least} alike in {facts}; the smallest has {item.k:,}. No report was written."
    )


class LookAlikes:
    """The records of the sources of one command, each told that looks like an earlier one."""

    def __init__(self) -> None:
        """Start with no records."""
        self._seen = SeenIds()
        self._told: list[str] = []

    def add(self, kind: str, id: str, file: str, position: str = "") -> None:
        """Add a record by its id, as `normal_id` gives it."""
        earlier = self._seen.add(kind, id, file, position)
        if earlier is not None and earlier.id != id:
            where = f"{file}, {position}".removesuffix(", ")
            so = "they were taken as two records"
            self._told.append(f"{where} (record {id}): {earlier.looks_like(so)}")

    def say(self) -> None:
        """Say what was found."""
        say_look_alikes(self._told)


def say_look_alikes(told: Sequence[str]) -> None:
    """Say which records may be there twice, the first of them singly."""
    for words in told[:MOST_SHOWN]:
        say(one_line(f"may be there twice: {words}"))
    if len(told) > MOST_SHOWN:
        say(f"may be there twice: {len(told) - MOST_SHOWN:,} more, not listed")
