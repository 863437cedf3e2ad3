"""Days that hardly anybody means: what a spreadsheet makes of a number, or a slip in the year.

A number that is typed into a cell of dates becomes the day of that number, counted from 1900 on:
the year 2005 becomes 27 June 1905. Nothing is known to be wrong then, so it is told and not mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from scr_audit.errors import RecordError, RecordProblem
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import Pack
from scr_audit.records.provenance import KEY
from scr_audit.records.read import RawRecord
from scr_audit.values.calendar import add_months
from scr_audit.values.imprecise import as_day, bounds, parse_datetime

MOST_YEARS_AHEAD = 20
_DAY_0 = date(1899, 12, 30)  # of spreadsheets, from March 1900 on
_YEARS = range(1900, 2101)  # that somebody may have typed
_OF_DAYS = (Kind.DATE, Kind.DATETIME)


def plausible(raw: RawRecord, pack: Pack, as_of: date | None) -> RawRecord:
    """The record or, where it has a day that hardly anybody means, each of them with its place.

    Days long after `as_of` are looked for where it is given.
    """
    if not isinstance(raw.data, Mapping):
        return raw
    kind = pack.kinds.get(raw.kind or str(raw.data.get("kind")), next(iter(pack.kinds.values())))
    problems = doubts(kind.type, raw.data, as_of)
    if not problems:
        return raw
    return RawRecord(raw.place, RecordError(problems, record_id=str(raw.data.get("id"))), raw.kind)


def doubts(kind: FactType, record: Mapping[str, Any], as_of: date | None) -> list[RecordProblem]:
    """The days of a record that hardly anybody means, each with its cell, row or pointer."""
    origins = record.get(KEY)
    return [
        RecordProblem(_place(pointer, origins if isinstance(origins, Mapping) else {}), message)
        for pointer, value in _days(kind, record, "")
        if (message := doubt(value, as_of))
    ]


def _days(fact: FactType, value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if fact.kind in _OF_DAYS:
        yield pointer, value
    elif isinstance(value, list) and fact.item is not None:
        for number, item in enumerate(value):
            yield from _days(fact.item, item, f"{pointer}/{number}")
    elif isinstance(value, Mapping):
        for name, field in fact.fields.items():
            if name in value:
                yield from _days(field.type, value[name], f"{pointer}/{name}")


def doubt(value: Any, as_of: date | None = None) -> str:
    """What is doubtful about a day as a record holds it; empty where nothing is, or it is none."""
    try:
        moment = parse_datetime(value, UTC) if isinstance(value, str) else value
        first, last = (as_day(day) for day in bounds(moment))
        number = (first - _DAY_0).days
    except (ValueError, TypeError, AttributeError):
        return ""  # whoever decodes the record says so
    shown = str(value)[:10] if isinstance(value, str | datetime) else str(value)
    if last.year < 1900:
        return f"{shown} is before 1900; expected a day of the audit. Correct the year"
    if first == last and number in _YEARS:
        return (
            f"{shown} is what a spreadsheet makes of the year {number}, typed into a cell of "
            f"dates; write '{number}, with the apostrophe, or the whole day"
        )
    if first == last and first.year == 1900:
        return (
            f"{shown} is what a spreadsheet makes of a small number, typed into a cell of dates; "
            "write the day that is meant"
        )
    if as_of is not None and first > add_months(as_of, 12 * MOST_YEARS_AHEAD):
        return (
            f"{shown} is more than {MOST_YEARS_AHEAD} years after {as_of.isoformat()}, the day of "
            "--as-of or else today; correct it, or leave it out where no day is known"
        )
    return ""


def _place(pointer: str, origins: Mapping[str, Any]) -> str:
    """The cell of a form, or the row and column of a table; else the pointer itself."""
    above, below = pointer, ""
    while above and above not in origins:
        above, _, name = above.rpartition("/")
        below = f"{name}.{below}" if below else name
    origin = origins.get(above)
    if not isinstance(origin, Mapping) or not origin.get("place"):
        return pointer
    return f"{origin['file']}, {origin['place']}, {below}" if below else str(origin["place"])
