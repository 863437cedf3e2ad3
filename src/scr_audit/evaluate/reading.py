"""The day by which a record is judged: what was due later cannot be late in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from scr_audit.records.provenance import KEY
from scr_audit.records.structs import FACT_TYPE
from scr_audit.values.imprecise import Moment, bounds, parse_date


def day_of(record: Any, run_day: date | None) -> Moment | None:
    """The day on which a typed record's files were read, else its form's, else the run's.

    Of several forms the earliest: what was not due then was late for nobody who read the files.
    """
    name = getattr(type(record), FACT_TYPE).read_on
    read: Moment | None = getattr(record, name) if name else None
    if read is not None:
        return read
    origins = getattr(record, KEY)
    if not origins:
        return run_day
    days = [day for origin in origins.values() if (day := _day(origin.on)) is not None]
    return min(days, default=run_day)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else bounds(parse_date(text))[0]
    except ValueError:
        return None
