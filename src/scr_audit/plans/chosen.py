"""What chooses the records of a run: the plan, the days that were asked for, and the sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scr_audit.errors import ArgumentError
from scr_audit.packs.pack import Pack, SampleUsed
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import AuditPlan, find_plan
from scr_audit.values.period import Period


@dataclass(frozen=True)
class Chosen:
    """A plan, and the days that were asked for."""

    plan: AuditPlan
    period: Period | None
    sample: SampleUsed | None = None

    def of(self, pack: Pack) -> Pack:
        """The pack as the plan uses it. Raises `PackError` where the plan does not fit it."""
        drawn = None if self.sample is None else frozenset(self.sample.ids)
        return apply_plan(pack, self.plan, period=self.period, drawn=drawn)


def chosen_plan(name: str | Path | AuditPlan, period: str | None, *, as_of: date) -> Chosen:
    """A plan, by itself or by the file or id that names it, and the days of a period.

    Raises `InputError` for a period that has not begun.
    """
    plan = name if isinstance(name, AuditPlan) else find_plan(str(name))
    if period is None:
        return Chosen(plan, None)
    days = plan.period_of(period)
    if days.start > as_of:
        raise ArgumentError(
            f"period {period}", f"{days} lies in the future; the audit is run as of {as_of}"
        )
    return Chosen(plan, days)
