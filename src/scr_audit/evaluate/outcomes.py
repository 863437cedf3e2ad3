"""Outcomes, from what is known of criteria; why one that is not met may stay so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scr_audit.documents.parts import Outcome
from scr_audit.documents.run import ApprovalInfo
from scr_audit.language.conditions import Truth, conjoin

MET, NOT_MET, NOT_EVIDENCED, NOT_APPLICABLE, EXCEPTED, ERROR = range(6)
OUTCOMES: tuple[Outcome, ...] = (
    "met",
    "not_met",
    "not_evidenced",
    "not_applicable",
    "excepted",
    "error",
)
JUDGED_OUTCOMES = (MET, NOT_MET, NOT_EVIDENCED)


def outcome_of(criteria: Iterable[Truth], still_open: Iterable[Truth]) -> int:
    """The outcome of a unit to which the rule applies, exceptions aside.

    `still_open` says of each criterion whether it holds or may still come to hold in time. Where
    all do, the unit is not yet due, which is not applicable; one that fails is never hidden.
    """
    if conjoin(criteria):
        return MET
    verdict = conjoin(still_open)
    return NOT_EVIDENCED if verdict is None else NOT_APPLICABLE if verdict else NOT_MET


@dataclass(frozen=True)
class Approval:
    """Why, in which role somebody approved it, and the first and the last day it is in force."""

    reason: str
    by_role: str
    since: date
    until: date

    def in_force(self, day: date) -> bool:
        """Whether it counts on a day; its first and its last day are in it."""
        return self.since <= day <= self.until

    def to_dict(self) -> ApprovalInfo:
        """The approval as the bundle has it."""
        return {
            "reason": self.reason,
            "approved_by_role": self.by_role,
            "from": self.since.isoformat(),
            "until": self.until.isoformat(),
        }
