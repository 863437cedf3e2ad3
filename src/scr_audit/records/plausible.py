"""Implausible days: what a spreadsheet makes of a number, or a slip in the year.

A number that is typed into a cell of dates becomes the day of that number, counted from 1900 on:
the year 2005 becomes 27 June 1905. What was meant is not known, so it is reported and not mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import msgspec

from scr_audit.errors import RecordError, RecordProblem
from scr_audit.language.types import DATES, FactType
from scr_audit.records.decode import RecordDecoder, Undecodable
from scr_audit.records.json_text import escaped
from scr_audit.records.provenance import KEY, Origin
from scr_audit.records.raw import Json, RawData
from scr_audit.records.structs import FACT_TYPE, OddDays, Record, record_id
from scr_audit.values.calendar import add_months
from scr_audit.values.imprecise import Imprecise, as_day, bounds, parse_datetime

MOST_YEARS_AHEAD = 20
_DAY_0 = date(1899, 12, 30)  # of spreadsheets, from March 1900 on
_YEARS = range(1900, 2101)  # that somebody may have typed


def expect_days(odd_days: OddDays, as_of: date | None) -> None:
    """Let the decoder notice days long after the day of reading, too."""
    if as_of is not None:
        odd_days.notice_after(add_months(as_of, 12 * MOST_YEARS_AHEAD))


def decode_checked(
    decoder: RecordDecoder, record: RawData, kind: str | None, as_of: date | None
) -> Any:
    """The typed record, if all its days are plausible.

    Raises `RecordError` with everything wrong with it.
    """
    try:
        typed = decoder.from_raw(record, kind)
    except RecordError as error:
        problems = [*error.problems, *_days_as_well(decoder, record, kind, as_of)]
        raise RecordError(problems, record_id=error.record_id) from error
    _check_days(typed, decoder.odd_days, as_of)
    return typed


def _check_days(typed: Record, odd_days: OddDays, as_of: date | None) -> None:
    """It takes no time where none was noticed and no origin has a day, as in most records."""
    origins: Mapping[str, Origin] = getattr(typed, KEY) or {}
    if not odd_days.were_noticed() and not any(origin.on for origin in origins.values()):
        return
    values = msgspec.to_builtins(typed, builtin_types=(date, datetime), enc_hook=str)
    if problems := doubts(getattr(type(typed), FACT_TYPE), values, as_of):
        raise RecordError(problems, record_id=record_id(typed))


def _days_as_well(
    decoder: RecordDecoder, record: RawData, kind: str | None, as_of: date | None
) -> list[RecordProblem]:
    """The implausible days of a record in which something else is wrong."""
    try:
        values = decoder.plain(record, kind)
    except (RecordError, TypeError, *Undecodable):
        return []
    fits = decoder.kinds[kind or values.get("kind") or decoder.default].kind
    return doubts(fits.type, {k: v for k, v in values.items() if k != KEY}, as_of)


def doubts(kind: FactType, record: Mapping[str, Json], as_of: date | None) -> list[RecordProblem]:
    """The implausible days of a record, each with its cell, row or pointer."""
    origins = record.get(KEY)
    origins = origins if isinstance(origins, Mapping) else {}
    return [
        RecordProblem(_place(pointer, origins), message)
        for pointer, value in chain(_days(kind, record, ""), _days_read(origins))
        if (message := doubt(value, as_of))
    ]


def _days_read(origins: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """The days on which somebody read the files, each once: a form has one for all its facts."""
    days: dict[str, str] = {}
    for fact, origin in origins.items():
        if isinstance(origin, Mapping) and (day := origin.get("on")):
            days.setdefault(day, fact)
    for day, fact in days.items():
        yield f"/{KEY}/{escaped(fact)}/on", day


def _days(fact: FactType, value: object, pointer: str) -> Iterator[tuple[str, object]]:
    if fact.kind in DATES:
        yield pointer, value
    elif isinstance(value, list) and fact.item is not None:
        for number, item in enumerate(value):
            yield from _days(fact.item, item, f"{pointer}/{number}")
    elif isinstance(value, Mapping) and fact.item is not None:  # a map in which something is wrong
        for key, item in value.items():
            yield from _days(fact.item, item, f"{pointer}/{escaped(str(key))}")
    elif isinstance(value, Mapping):
        for name, field in fact.fields.items():
            if name in value:
                yield from _days(field.type, value[name], f"{pointer}/{name}")


def doubt(value: object, as_of: date | None = None) -> str:
    """What is implausible about a day in a record; empty where nothing is, or it is no day."""
    try:
        moment = parse_datetime(value, UTC) if isinstance(value, str) else value
    except ValueError:
        return ""  # reported when the record is decoded
    if not isinstance(moment, date | Imprecise):
        return ""
    first, last = (as_day(day) for day in bounds(moment))
    number = (first - _DAY_0).days
    shown = str(value)[:10] if isinstance(value, str | datetime) else str(value)
    if last.year < 1900 or (first < last and last.year == 1900):
        return f"{shown} is before 1901; expected a day of the audit. Correct the year"
    if first == last and number in _YEARS:
        return (
            f"{shown} is what a spreadsheet makes of the year {number}, typed into a cell of "
            f"dates; write the whole day, or the year as text (in a spreadsheet '{number})"
        )
    if first == last and first.year == 1900:
        return (
            f"{shown} is what a spreadsheet makes of a small number, typed into a cell of dates; "
            "write the day that is meant"
        )
    if as_of is not None and first > add_months(as_of, 12 * MOST_YEARS_AHEAD):
        return (
            f"{shown} is more than {MOST_YEARS_AHEAD} years after {as_of.isoformat()}, the day of "
            "the audit or else today; correct it, or leave it out where no day is known"
        )
    return ""


def _place(pointer: str, origins: Mapping[str, Json]) -> str:
    """The cell of a form, or the row and column of a table; else the pointer itself."""
    above, below = pointer, ""
    while above and above not in origins:
        above, _, name = above.rpartition("/")
        below = f"{name}.{below}" if below else name
    origin = origins.get(above)
    if not isinstance(origin, Mapping) or not origin.get("place"):
        return pointer
    return f"{origin['file']}, {origin['place']}, {below}" if below else str(origin["place"])
