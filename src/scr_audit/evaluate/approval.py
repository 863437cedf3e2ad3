"""The approval of an exception: why a unit that is not met may stay so, by whom, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
