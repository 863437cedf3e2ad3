"""The day by which a record is judged: what was due later cannot be late in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from scr_audit.records.provenance import KEY
from scr_audit.records.structs import FACT_TYPE
from scr_audit.values.imprecise import Imprecise, Moment, bounds, moment_text, parse_date


def day_of(record: Any, run_day: date | None) -> Moment | None:
    """The day on which a typed record's files were read, else its form's; at latest the run's.

    Of several forms the earliest: what was not due then was late for nobody who read the files.
    """
    name = getattr(type(record), FACT_TYPE).read_on
    read: Moment | None = getattr(record, name) if name else None
    if read is None:
        origins = getattr(record, KEY) or {}
        days = [day for each in origins.values() if (day := _day(each.on))]
        read = min(days, key=bounds, default=None)
    if read is None or run_day is None:
        return read or run_day
    low, high = bounds(read)
    if low >= run_day:
        return run_day
    return read if high <= run_day else Imprecise(low, run_day, moment_text(read))


def _day(text: str | None) -> Moment | None:
    try:
        return None if text is None else parse_date(text)
    except ValueError:
        return None
