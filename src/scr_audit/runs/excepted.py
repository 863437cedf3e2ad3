"""What each exception did in a run: it was applied, or why it did nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from scr_audit.evaluate.approval import Approval
from scr_audit.exceptions.approved import ApprovedException, Reached, day_needed
from scr_audit.runs.run import Run


def approval_document(approval: Approval) -> dict[str, str]:
    """An approval as the bundle has it."""
    return {
        "reason": approval.reason,
        "approved_by_role": approval.by_role,
        "from": approval.since.isoformat(),
        "until": approval.until.isoformat(),
    }


def exceptions_document(run: Run) -> dict[str, Any]:
    """The file of exceptions of a run, and every entry with what it did."""
    found = run.exceptions
    rules = {rule.id for rule in run.pack.rules}
    return {
        "file": found.file,
        "sha256": found.sha256,
        "entries": [
            {
                "rule": entry.rule,
                "record": entry.record,
                "key": entry.key,
                **approval_document(entry.approval),
                **_did(entry, run.result.reach.get(number), rules, run.as_of),
            }
            for number, entry in enumerate(found.entries)
        ],
    }


def _did(
    entry: ApprovedException, reached: Reached | None, rules: set[str], as_of: date | None
) -> dict[str, Any]:
    state = _state(entry, reached, rules, day_needed(as_of))
    return {"state": state, "units": 0 if reached is None else reached.excepted}


def _state(entry: ApprovedException, reached: Reached | None, rules: set[str], day: date) -> str:
    if day > entry.approval.until:
        return "expired"
    if day < entry.approval.since:
        return "not_yet"
    if entry.rule not in rules:
        return "rule_not_in_run"
    if reached is None:
        return "record_not_judged"
    if reached.excepted:
        return "applied"
    if entry.key is None or reached.units == 1:
        return "nothing_to_except"
    return "several_units" if reached.units else "unit_not_found"
