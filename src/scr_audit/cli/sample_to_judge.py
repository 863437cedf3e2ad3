"""The sample that a run judges, as its file says: what was drawn, and what was replaced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scr_audit.cli.planning import Chosen
from scr_audit.errors import InputError
from scr_audit.packs.pack import SampleUsed
from scr_audit.packs.period import Period, parse_period
from scr_audit.runs.replacement import ids_in_use
from scr_audit.runs.stored_sample import read_sample


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
