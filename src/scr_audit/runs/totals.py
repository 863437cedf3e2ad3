"""Totals of a run: plain sums, so that the parts of any split add up to exactly the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from scr_audit.evaluate.outcomes import MET, NOT_EVIDENCED, NOT_MET, OUTCOMES
from scr_audit.runs.statistics import Rates, rates


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
        self.units = [a + b for a, b in zip(self.units, other.units, strict=True)]
        self.records += other.records
        self.records_met += other.records_met
        self.records_not_met += other.records_not_met

    def named(self) -> dict[str, int]:
        """The counts by outcome name."""
        return dict(zip(OUTCOMES, self.units, strict=True))

    def of_rule(self) -> dict[str, int]:
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
