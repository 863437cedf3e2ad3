"""The period after that of an audit, and the folder of the audit that follows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.audit_folder.folder import (
    AuditFolder,
)
from scr_audit.errors import InputError
from scr_audit.plans.plan import AuditPlan
from scr_audit.values.period import Period, after

if TYPE_CHECKING:
    pass


def following(folder: AuditFolder) -> Path:
    text = period_text(next_period(folder), folder.plan)
    return folder.path.resolve().parent / folder_name(folder.plan, text)


def folder_name(plan: AuditPlan, period: str) -> str:
    """The name of the folder of an audit: `quarterly-conference-plan-2026Q4`."""
    return f"{plan.id}-{period.strip().replace('/', '-').replace(' ', '')}"


def next_period(folder: AuditFolder) -> Period:
    period = folder.period
    start = period.end + timedelta(days=1)
    months = (start.year - period.start.year) * 12 + start.month - period.start.month
    if period.start.day == start.day == 1:
        return Period(start, after(start, f"{months} months") - timedelta(days=1))
    return Period(start, start + (period.end - period.start))


def period_text(period: Period, plan: AuditPlan) -> str:
    """The period as people write it in the plan's year, such as 2027Q1."""
    year = period.start.year
    years = [f"{first}/{(first + 1) % 100:02}" for first in (year - 1, year)]
    likely = [period.label, *years, *(f"{each}Q{n}" for each in years for n in range(1, 5))]
    for text in likely:
        try:
            if plan.period_of(text) == period:
                return text
        except InputError:
            continue
    return f"{period.start}..{period.end}"
