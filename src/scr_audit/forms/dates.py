"""Dates as auditors write them: as in records (2009-08), or day first (14/08/2009, 3 May 2010)."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

from scr_audit.values.imprecise import MONTHS, parse_date, parse_datetime
from scr_audit.values.text import without_invisible
from scr_audit.workbooks.cells import CellValue

EXPECTED_DATE = "expected a date such as 14/08/2009, or 2009-08, or 2009"
EXPECTED_TIME = "expected a date and time such as 14/08/2009 22:30, or a date, or 2009-08"
_ANYWHERE = UTC  # whether a text is a time does not depend on the place
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.](\d{4})\Z")
_IN_WORDS = re.compile(r"(?:(\d{1,2}) )?([a-z]{3,9}) (\d{4})\Z")
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\Z")
_CLOCK = re.compile(r"(.*\S)[ T]+(\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)\Z")
_MIDNIGHT = re.compile(r"(.*\S)[ T]+0?0:00(?::00(?:\.0+)?)?\Z")


def date_text(value: CellValue) -> str:
    """The date of a cell as a record has it. Raises `ValueError` with what is wrong."""
    if isinstance(value, datetime):
        if value.time() != datetime.min.time():
            raise ValueError(f"{value:%d/%m/%Y %H:%M} has a time; {EXPECTED_DATE}")
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _from_number(value)
    if not isinstance(value, str):
        raise ValueError(f"found {cell_date_words(value)}, which is no date; {EXPECTED_DATE}")
    text = _plain(value)
    if midnight := _MIDNIGHT.match(text):
        day = _from_text(midnight[1], EXPECTED_DATE)
        if len(day) == len("2009-08-14"):  # a month has no midnight
            return day
    return _from_text(text, EXPECTED_DATE)


def cell_date_words(value: CellValue) -> str:
    """A date, a time or a length of time that a cell holds, in words."""
    if isinstance(value, datetime):
        if value.time() == time.min:
            return cell_date_words(value.date())
        return f"the time {value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"the date {value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"the time {value:%H:%M} of no day"
    return f"the length of time {value}" if isinstance(value, timedelta) else repr(value)


def _plain(text: str) -> str:
    """The text without invisible signs, such as the marks of the direction of writing."""
    return unicodedata.normalize("NFKC", without_invisible(text)).strip()


def time_text(value: CellValue) -> str:
    """The date and time of a cell, or its day where there is no time. Raises `ValueError`."""
    if isinstance(value, datetime):
        exact = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        form = "%Y-%m-%dT%H:%M:%S" if exact.second else "%Y-%m-%dT%H:%M"
        return exact.strftime(form).zfill(16)
    if not isinstance(value, str):
        return date_text(value)
    text = _plain(value)
    try:
        parse_datetime(text, _ANYWHERE)
    except ValueError:
        return _day_and_clock(text)
    return text


def _day_and_clock(text: str) -> str:
    match = _CLOCK.match(text)
    if not match:
        return _from_text(text, EXPECTED_TIME)
    day, clock = _from_text(match[1], EXPECTED_TIME), match[2]
    clock = f"0{clock}" if clock[1] == ":" else clock
    try:
        parse_datetime(f"{day}T{clock}", _ANYWHERE)
    except ValueError as error:
        raise ValueError(f"{text} is no date and time; {EXPECTED_TIME}") from error
    return f"{day}T{clock}"


def _from_number(value: float) -> str:
    """A year, typed as a number; any other number is no date."""
    if 1900 <= value <= 2100 and value == int(value):
        return str(int(value))
    raise ValueError(f"{value:g} is a number; {EXPECTED_DATE}")


def _from_text(text: str, expected: str) -> str:
    found = _as_record(" ".join(text.replace(",", " ").split()).casefold())
    if found is None and _SHORT_YEAR.match(text):
        raise ValueError(f"{text} has a year of two figures; write it with four: {expected}")
    if found is None:
        raise ValueError(f"'{text}' is no date; {expected}")
    try:
        parse_date(found)
    except ValueError as error:
        raise ValueError(f"{text} is no date: {_reason(text)}; {expected}") from error
    return found


def _as_record(text: str) -> str | None:
    """The text in the order of records, whether or not there is such a day."""
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        return text
    if match := _DAY_FIRST.match(text):
        return f"{match[4]}-{match[3].zfill(2)}-{match[1].zfill(2)}"
    if match := _MONTH_YEAR.match(text):
        return f"{match[2]}-{match[1].zfill(2)}"
    if match := _IN_WORDS.match(text):
        found = [
            n for n, month in enumerate(map(str.lower, MONTHS), 1) if match[2] in (month, month[:3])
        ]
        day = f"-{match[1].zfill(2)}" if match[1] else ""
        return f"{match[3]}-{found[0]:02}{day}" if found else None
    return None


def _reason(text: str) -> str:
    match = _DAY_FIRST.match(text)
    if match and int(match[3]) > 12 >= int(match[1]):
        return f"the day comes first, and there is no month {match[3]}"
    return "there is no such day"
