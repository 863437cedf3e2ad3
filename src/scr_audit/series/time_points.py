"""The runs of a series in the order of their periods, gathered into the points of a chart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from scr_audit.documents.editions import BoardDocument
from scr_audit.documents.run import RunHead
from scr_audit.errors import ArgumentError, InputError, listed
from scr_audit.values.period import Period, month_of, period_of, quarter_of

By = Literal["month", "quarter", "run"]
LAST = re.compile(r"last(?:~(\d{1,6}))?")
"""A run of a store by its place in its series: the last one, or so many before it."""


@dataclass(frozen=True)
class SeriesRun:
    """A run of a series: its name, its bundle's head, and the days that it is about, if known."""

    name: str
    head: RunHead
    period: Period | None

    @property
    def day(self) -> date | None:
        """The day by which it is sorted: its period's last, else its `as_of`."""
        if self.period is not None:
            return self.period.end
        return None if self.head["as_of"] is None else date.fromisoformat(self.head["as_of"])

    def __str__(self) -> str:
        when = f"as of {self.head['as_of']}" if self.period is None else self.period.label
        return f"{self.name} ({when})"


class OverlapError(InputError):
    """Two runs of a series are about the same days. `pair` are the two."""

    def __init__(self, first: SeriesRun, second: SeriesRun) -> None:
        self.pair = (first, second)
        super().__init__(
            f"{first} and {second} overlap: what was done then would count twice. "
            "Leave one of them out"
        )


@dataclass(frozen=True)
class TimePoint:
    """A point of time of a chart; no runs: nothing was audited then."""

    label: str
    runs: tuple[SeriesRun, ...]


def series_of(runs: Sequence[SeriesRun]) -> list[SeriesRun]:
    """The runs in the order of time.

    Raises `InputError` where they are of several packs or plans or where one has no day,
    `OverlapError` where two are about the same days, which would count what was done twice.
    """
    kinds = {kind_of(run.head) for run in runs}
    if len(kinds) > 1:
        series = listed(sorted(f"{pack} ({plan or 'no plan'})" for pack, plan in kinds))
        raise InputError(
            f"these runs are of {len(kinds)} series: {series}; name the plan or the pack of one"
        )
    for run in runs:
        if run.day is None:
            raise InputError(f"{run.name}: has neither a period nor a day; leave it out")
    ordered = sorted(runs, key=lambda run: (run.day or date.min, run.name))
    for first, second in pairwise(ordered):
        if overlap(first, second):
            raise OverlapError(first, second)
    return ordered


def kind_of(head: RunHead) -> tuple[str, str | None]:
    """What makes runs one series: the ids of the pack and of the audit plan."""
    plan = head["plan"]
    return head["pack"]["id"], None if plan is None else plan["id"]


def check_bundle(argument: str, bundle: RunHead) -> None:
    """Refuse what is no run bundle. Raises `ArgumentError`."""
    known = bundle.get("format") if isinstance(bundle, Mapping) else type(bundle).__name__
    if known != "scr-audit/run":
        raise ArgumentError(
            argument, f"takes a run bundle, as `read_bundle` reads it; found {known or 'none'}"
        )


def head_period(head: RunHead | BoardDocument) -> Period | None:
    """The period of a bundle's audit plan; None where it has none."""
    plan = head["plan"]
    period = None if plan is None else plan.get("period")
    return period_of(period["start"], period["end"]) if period else None


def overlap(first: SeriesRun, second: SeriesRun) -> bool:
    """Whether two runs are about the same days; without a period, whether they are of one day."""
    if first.period is None or second.period is None:
        return first.day == second.day
    return first.period.overlaps(second.period)


def usual_step(runs: Sequence[SeriesRun]) -> By:
    """Months or quarters where every run is about one, else each run for itself."""
    periods = [run.period for run in runs]
    for by, slot in (("month", month_of), ("quarter", quarter_of)):
        if periods and all(period and period == slot(period.start) for period in periods):
            return by  # type: ignore[return-value]  # the two names above
    return "run"


def time_points(runs: Sequence[SeriesRun], by: By) -> list[TimePoint]:
    """The runs by month or quarter, with the empty ones between; or each run for itself.

    Raises `ArgumentError` where a run is about more than one month or quarter.
    """
    if by == "run":
        return [TimePoint(_label(run), (run,)) for run in runs]
    slot_of = month_of if by == "month" else quarter_of
    held: dict[Period, list[SeriesRun]] = {}
    for run in runs:
        assert run.day is not None
        slot = slot_of(run.day)
        if run.period is not None and run.period.start < slot.start:
            raise ArgumentError(f"by {by}", f"{run} is about more than one {by}; chart by run")
        held.setdefault(slot, []).append(run)
    found, now = [], min(held)
    while now <= max(held):
        found.append(TimePoint(now.label, tuple(held.get(now, ()))))
        now = slot_of(date.fromordinal(now.end.toordinal() + 1))
    return found


def _label(run: SeriesRun) -> str:
    return run.period.label if run.period is not None else str(run.head["as_of"])
