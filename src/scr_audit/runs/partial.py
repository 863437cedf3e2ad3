"""The result of a part of a run, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scr_audit.errors import RecordProblem
from scr_audit.exceptions.approved import Reach, Reached
from scr_audit.runs.totals import Totals

MOST_LISTED = 1000


@dataclass(frozen=True)
class LeftOut:
    """A record that was not judged: where it stands, its id if it could be read, and why."""

    file: str
    position: str
    record: str | None
    problems: tuple[RecordProblem, ...]


@dataclass(frozen=True)
class Remark:
    """What an auditor must know of a record that was judged: where it stands, and what it is."""

    file: str
    position: str
    record: str
    text: str


@dataclass
class Partial:
    """What a batch of records gave.

    `ids` are those that decoded, in order, each with its kind and its position; `gathered` holds,
    as plain values, the records of kinds from which others are made. `refused` counts the records
    that the plan's filter keeps outside, and those that its sample did not draw; `drawn` are the
    ids that it drew. `reach` is what each exception met.
    """

    totals: Totals
    ids: list[tuple[str, str, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_count: int = 0
    remarks: list[Remark] = field(default_factory=list)
    remark_count: int = 0
    gathered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    reach: Reach = field(default_factory=dict)

    def refuse(self, why: str) -> None:
        """Count a record that the run is not about."""
        self.refused[why] = self.refused.get(why, 0) + 1

    def leave_out(self, left_out: LeftOut) -> None:
        """Note a record that is not judged."""
        self.left_out.append(left_out)
        self.left_out_count += 1

    def remark(self, remark: Remark) -> None:
        """Note what must be known of a record that is judged."""
        self.remarks.append(remark)
        self.remark_count += 1

    def merge(self, other: Partial) -> None:
        """Add a later part. Of records left out and of remarks the first `MOST_LISTED` are kept."""
        self.totals.merge(other.totals)
        self.left_out += other.left_out[: max(0, MOST_LISTED - len(self.left_out))]
        self.left_out_count += other.left_out_count
        self.remarks += other.remarks[: max(0, MOST_LISTED - len(self.remarks))]
        self.remark_count += other.remark_count
        for kind, records in other.gathered.items():
            self.gathered.setdefault(kind, []).extend(records)
        self.drawn |= other.drawn
        for why, count in other.refused.items():
            self.refused[why] = self.refused.get(why, 0) + count
        self.reached(other.reach)

    def reached(self, reach: Reach) -> None:
        """Add what exceptions met."""
        for number, found in reach.items():
            self.reach.setdefault(number, Reached()).add(found)
