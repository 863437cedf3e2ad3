"""What chooses the records of a run: the plan, the period that was asked for, and the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from scr_audit.cli.streams import say
from scr_audit.documents.run import RunBundle
from scr_audit.errors import InputError, listed
from scr_audit.packs.pack import SampleUsed
from scr_audit.plans.chosen import Chosen, chosen_plan
from scr_audit.report.wording import counted
from scr_audit.runs.run import Run
from scr_audit.sampling.stored import ids_in_use, read_sample
from scr_audit.series.comparison import other_period
from scr_audit.series.series import head_period
from scr_audit.values.period import Period, parse_period


def check_earlier(chosen: Chosen, paths: Sequence[Path], earlier: Sequence[RunBundle]) -> None:
    """Refuse earlier runs whose period overlaps this one; say where none is the wanted one.

    Raises `InputError` with both periods.
    """
    others: list[str] = []
    for path, bundle in zip(paths, earlier, strict=True):
        before = head_period(bundle)
        if chosen.period is None or before is None:
            continue
        if before.overlaps(chosen.period):
            raise InputError(
                f"{path}: looks at {before}, which overlaps {chosen.period}: what lies in both "
                "would be compared with itself. Give --earlier a run of an earlier period"
            )
        if different := other_period(chosen.plan.comparison, chosen.period, before):
            others.append(f"note: {path}: {different}")
    if len(others) == len(earlier):
        for note in others:
            say(note)


def plan_asked_for(name: str | None, period: str | None, *, as_of: date) -> Chosen | None:
    """The plan that `--audit` names and the days of `--period`; None without a plan.

    Raises `InputError` for a period without a plan, or one that has not begun.
    """
    if name is not None:
        return chosen_plan(name, period, as_of=as_of)
    if period is not None:
        raise InputError(
            f"--period {period}: needs --audit, since the plan says what dates the things that are "
            "judged"
        )
    return None


def check_population(run: Run, chosen: Chosen | None) -> None:
    """Raise `InputError` where records were read and the plan's filter keeps them all out."""
    refused = sum(run.refused.values())
    if chosen is None or not refused or run.totals.read:
        return
    raise InputError(
        f"the population of the plan '{chosen.plan.id}' is empty: of {counted(refused, 'record')} "
        f"that could be read, none is one of which this is so: {chosen.plan.filter_words}. "
        "Nothing was judged and no report was written"
    )


def say_missing(run: Run, chosen: Chosen | None) -> None:
    """Name the drawn records that are not in the input."""
    if chosen is None or chosen.sample is None:
        return
    missing = sorted(set(chosen.sample.ids) - run.result.drawn)
    if missing:
        say(
            f"note: {counted(len(missing), 'drawn record')} not in the input: "
            f"{listed(missing, most=20)}. Audit them, or replace each from the reserve with "
            "'scr-audit replace'"
        )


def say_period(run: Run) -> None:
    """Say where nothing at all was judged, since it looks like a result and is none."""
    planning = run.pack.planning
    if planning is None or planning.period is None or not run.totals.read:
        return
    if planning.period.end > (run.as_of or planning.period.end):
        say(f"note: {planning.period} has not ended: the audit is run as of {run.as_of}")
    if not run.totals.over(rule.id for rule in run.pack.rules).rates().judged:
        say(f"note: nothing was judged: the records hold nothing dated {planning.period}")


def with_sample(chosen: Chosen | None, path: Path | None) -> Chosen | None:
    """The plan's choice with the sample of a file.

    Raises `InputError` where the sample is of another plan or period.
    """
    if path is None:
        return chosen
    if chosen is None:
        raise InputError(f"--sample {path}: needs --audit, the plan that the sample was drawn for")
    found = read_sample(path)
    if found.plan.id != chosen.plan.id:
        raise InputError(
            f"{path}: was drawn for the plan '{found.plan.id}', not '{chosen.plan.id}'"
        )
    period = period_of_frame(found.frame.period)
    if period != chosen.period:
        raise InputError(
            f"{path}: was drawn for {period or 'no period'}, and this run looks at "
            f"{chosen.period or 'no period'}. Give both the same --period"
        )
    frame, reasons = found.frame, tuple(item.reason for item in found.replaced)
    used = SampleUsed(
        frame.size, frame.sha256, found.seed, found.method, ids_in_use(found), reasons
    )
    return replace(chosen, sample=used)


def period_of_frame(text: str | None) -> Period | None:
    """The days that a sample's file names, such as 2026-07-01..2026-09-30."""
    return None if text is None else parse_period(text)
