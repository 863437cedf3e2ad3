"""Messages about records before they are judged: identifiers, and ids that look alike."""

from __future__ import annotations

from collections.abc import Sequence

from scr_audit.anonymity.gate import (
    MOST_IDENTIFIERS_SHOWN,
    Gate,
    IdentifiersFoundError,
    Uniqueness,
    check_reason,
)
from scr_audit.cli.streams import say, say_unlisted
from scr_audit.errors import InputError, listed
from scr_audit.report.wording import one_line
from scr_audit.values.text import counted

_OPTION = "--allow-identifiable"


def check_edition(reason: str | None, edition: str) -> None:
    """Refuse any edition but the auditor's of identifiable records."""
    check_reason(reason)
    if reason is not None and edition != "auditor":
        raise InputError(
            f"--edition {edition} is for others than the auditors; it is not made with {_OPTION}. "
            "Take the identifiers out first, such as with 'scr-audit anonymise'"
        )


def say_stopped(stopped: IdentifiersFoundError) -> None:
    """Say what the gate found that stops a command before anything is written."""
    gate = stopped.gate
    if gate.count and gate.allowed is None:
        _say_identifiers(gate, stopped.unwritten, may_stay=stopped.may_stay)
    for item in gate.too_alone():
        say(one_line(_alone(item, gate.require_k)))


def say_allowed(gate: Gate) -> None:
    """Report identifiers let through into outputs that have no place to say so."""
    if gate.count:
        say(
            f"{counted(gate.count, 'identifier')} in {counted(gate.records, 'record')} let "
            "through, for the reason given; 'scr-audit run' will ask for it again"
        )


def _say_identifiers(gate: Gate, unwritten: str, *, may_stay: bool) -> None:
    for finding in gate.findings[:MOST_IDENTIFIERS_SHOWN]:
        say(one_line(f"identifiable: {finding}"))
    say_unlisted("identifiable", gate.count - MOST_IDENTIFIERS_SHOWN)
    where = f" in {counted(gate.records, 'record')}" if gate.records else ""
    advice = []
    if gate.named:
        advice.append("Rename the file listed by number alone, as its name identifies somebody")
    if gate.count > gate.named:
        advice.append("take them out ('scr-audit anonymise FILE -o clean.json' does)")
    said = ", and ".join(advice)
    stay = f", or give the reason why they may stay: {_OPTION} REASON" if may_stay else ""
    say(
        f"scr-audit: {counted(gate.count, 'identifier')}{where}; {unwritten} was written. "
        f"{said[0].upper()}{said[1:]}{stay}."
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


def say_look_alikes(messages: Sequence[str]) -> None:
    """Report records that may be there twice, the first of them singly."""
    for words in messages[:MOST_IDENTIFIERS_SHOWN]:
        say(one_line(f"may be there twice: {words}"))
    say_unlisted("may be there twice", len(messages) - MOST_IDENTIFIERS_SHOWN)
