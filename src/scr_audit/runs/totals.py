"""Results as plain sums, so that parts of any split add up to the whole; what a plan left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from scr_audit.approvals.approved import ExceptionUse, Reach
from scr_audit.documents.run import RuleUnits, Units
from scr_audit.errors import RecordProblem
from scr_audit.evaluate.outcomes import MET, NOT_APPLICABLE, NOT_EVIDENCED, NOT_MET, OUTCOMES
from scr_audit.evaluate.program import KindJudge
from scr_audit.packs.pack import Pack
from scr_audit.records.structs import Record, record_id
from scr_audit.stats.shares import Rates, rates


@dataclass
class UnitCounts:
    """Units by outcome, in the order of `OUTCOMES`, and the records with a judged unit.

    Of these, a record is met where all of its judged units are, and not met where one is not. Of
    the rest some units are not evidenced and all others met: the record does not say.
    """

    units: list[int] = field(default_factory=lambda: [0] * len(OUTCOMES))
    records: int = 0
    records_met: int = 0
    records_not_met: int = 0

    def add(self, other: UnitCounts) -> None:
        """Add the counts of other records."""
        self.units = [a + b for a, b in zip(self.units, other.units, strict=True)]
        self.records += other.records
        self.records_met += other.records_met
        self.records_not_met += other.records_not_met

    def named(self) -> Units:
        """The counts by outcome name."""
        return cast("Units", dict(zip(OUTCOMES, self.units, strict=True)))  # its keys

    def of_rule(self) -> RuleUnits:
        """The counts of one rule: units by outcome name, and records."""
        return {
            **self.named(),
            "records": self.records,
            "records_met": self.records_met,
            "records_not_met": self.records_not_met,
        }

    def rates(self) -> Rates:
        """The rates over the judged units."""
        return rates(self.units[MET], self.units[NOT_MET], self.units[NOT_EVIDENCED])


@dataclass
class Totals:
    """Counts by rule id, and records: `read` by kind, `judged` and `all_met` over all kinds.

    `falls_due` counts the units not yet due, by rule and the month of their last day (`2026-10`):
    there are only as many as rules and months.
    """

    rules: dict[str, UnitCounts]
    read: dict[str, int] = field(default_factory=dict)
    judged: int = 0
    all_met: int = 0
    falls_due: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def empty(cls, rule_ids: Iterable[str]) -> Totals:
        """The totals of no record, with every rule in them."""
        return cls({rule_id: UnitCounts() for rule_id in rule_ids})

    def merge(self, other: Totals) -> None:
        """Add the totals of another part of the same run."""
        for rule_id, counts in other.rules.items():
            self.rules.setdefault(rule_id, UnitCounts()).add(counts)
        for kind, count in other.read.items():
            self.read[kind] = self.read.get(kind, 0) + count
        self.judged += other.judged
        self.all_met += other.all_met
        self.falls_due.update(other.falls_due)

    def over(self, rule_ids: Iterable[str]) -> UnitCounts:
        """The summed units of several rules; their records have no meaning over rules."""
        total = UnitCounts()
        for rule_id in rule_ids:
            total.add(self.rules[rule_id])
        return UnitCounts(total.units)


MOST_REMARKS = 1000


@dataclass(frozen=True)
class LeftOut:
    """A record that was not judged: where it stands, its id if it could be read, and why."""

    file: str
    position: str
    record: str | None
    problems: tuple[RecordProblem, ...]


@dataclass(frozen=True)
class Remark:
    """What an auditor must know of a record that was judged: where it stands, and what it is.

    `number` is that of the record among all that could be read.
    """

    file: str
    position: str
    record: str
    text: str
    number: int = 0


@dataclass
class Partial:
    """The result of a batch of records.

    `decoded` counts the records that could be read; `ids` are theirs, in order, each with its kind
    and its position, of one batch alone, and `judged` the numbers in the batch of the records that
    are of the run. `gathered` holds, as plain values, the records of kinds
    from which others are made. `refused` counts the records that the plan's filter keeps outside,
    and those that its sample did not draw; `drawn` are the ids that it drew. `reach` is what each
    exception met.
    """

    totals: Totals
    decoded: int = 0
    ids: list[tuple[str, str, str]] = field(default_factory=list)
    judged: list[int] = field(default_factory=list)
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
        self.left_out += other.left_out[: max(0, MOST_REMARKS - len(self.left_out))]
        self.left_out_count += other.left_out_count
        listed = other.remarks[: max(0, MOST_REMARKS - len(self.remarks))]
        self.remarks += [replace(each, number=each.number + self.decoded) for each in listed]
        self.remark_count += other.remark_count
        self.decoded += other.decoded
        for kind, records in other.gathered.items():
            self.gathered.setdefault(kind, []).extend(records)
        self.drawn |= other.drawn
        for why, count in other.refused.items():
            self.refused[why] = self.refused.get(why, 0) + count
        self.add_reach(other.reach)

    def add_reach(self, reach: Reach) -> None:
        """Add what exceptions met."""
        for number, found in reach.items():
            self.reach.setdefault(number, ExceptionUse()).add(found)


OUTSIDE = "outside"
NOT_DRAWN = "not_drawn"
_OUTSIDE_OUTCOME = OUTCOMES[NOT_APPLICABLE]


class Admission:
    """Decides whether a run is about a typed record.

    A record that the filter cannot decide on is judged: its units are then not evidenced.
    """

    def __init__(self, pack: Pack) -> None:
        found = None if pack.planning is None else pack.planning.population
        self._kind = None if found is None else found.kind
        self._drawn = None if found is None else found.drawn
        asked = None if found is None else found.asked
        parameters: Mapping[str, Any] = pack.parameters
        self._judge = None if asked is None else KindJudge(asked.kind, (asked,), parameters)

    def drew(self, kind: str, record: str) -> bool:
        """Whether the record is one of a sample."""
        return self._drawn is not None and kind == self._kind and record in self._drawn

    def refuses(
        self, kind: str, typed: Record, as_of: date | None, *, imprecise: bool
    ) -> str | None:
        """Why a record is not judged: `OUTSIDE` or `NOT_DRAWN`; None: it is judged."""
        if kind != self._kind:
            return None
        if self._drawn is not None and record_id(typed) not in self._drawn:
            return NOT_DRAWN
        if self._judge is None:
            return None
        finding = self._judge.findings(typed, as_of, imprecise=imprecise)[0]
        return OUTSIDE if finding.outcome == _OUTSIDE_OUTCOME else None
