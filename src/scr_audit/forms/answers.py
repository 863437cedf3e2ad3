"""The answers of a form: the words it offers, and what a cell with one in it means, by type.

Dates are as in records (2009-08), or day first (14/08/2009, 3 May 2010).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any, Final

from scr_audit.errors import did_you_mean, listed
from scr_audit.language.types import FactType, Kind
from scr_audit.records.raw import Json
from scr_audit.values.imprecise import MONTHS, parse_date, parse_datetime
from scr_audit.values.text import cell_text, folded, is_blank, without_invisible
from scr_audit.workbooks.cells import CellValue, DateValue

YES, NO, NOT_RECORDED = "yes", "no", "not recorded"
NONE, LISTED = "there were none", "listed"
SEPARATOR = ";"
_LARGEST_EXACT = 2**53  # of the whole numbers that a cell holds
_LIKELY = {
    "y": YES, "true": YES, "n": NO, "false": NO,
    "unknown": NOT_RECORDED, "not known": NOT_RECORDED, "?": NOT_RECORDED,
    "none": NONE,
}  # fmt: skip
_NOT_APPLICABLE = {"n/a", "na", "not applicable"}
_LONGEST_QUOTED = 60
# As JSON and people write one; Python would also take 1_000 and the digits of other scripts.
_NUMBER = re.compile(
    r"[+-]?(?:([0-9]{1,18})|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)\Z", re.I
)
EXPECTED_DATE = "expected a date such as 14/08/2009, or 2009-08, or 2009"
EXPECTED_TIME = "expected a date and time such as 14/08/2009 22:30, or a date, or 2009-08"
_ANYWHERE = UTC  # whether a text is a time does not depend on the place
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.](\d{4})\Z")
_IN_WORDS = re.compile(r"(?:(\d{1,2}) )?([a-z]{3,9}) (\d{4})\Z")
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\Z")
_CLOCK = re.compile(r"(.*\S)[ T]+(\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)\Z")
_MIDNIGHT = re.compile(r"(.*\S)[ T]+0?0:00(?::00(?:\.0+)?)?\Z")


def choice_words(fact: FactType) -> dict[str, str]:
    """What the form shows for each choice: `_` as a space, where the words stay different."""
    words = {choice: choice.replace("_", " ") for choice in fact.choices}
    taken = {folded(word) for word in words.values()}
    is_usable = all(folded(word) and SEPARATOR not in word for word in words.values())
    if is_usable and len(taken) == len(words):
        return words
    return {choice: choice for choice in fact.choices}


def says_not_recorded(fact: FactType, text: str) -> bool:
    """Whether the text says so explicitly, and is no choice of the fact's own."""
    return folded(text) == NOT_RECORDED and NOT_RECORDED not in map(folded, _own_words(fact))


def answer_choices(fact: FactType) -> tuple[str, ...]:
    """The words of the drop-down of a fact; none where anything may be written."""
    own = _own_words(fact)
    if fact.group_item is not None:
        return (LISTED, NONE, NOT_RECORDED)
    if fact.kind is Kind.LIST:
        return (*own, NONE, NOT_RECORDED) if own else ()
    if not own:
        return ()
    return own if NOT_RECORDED in map(folded, own) else (*own, NOT_RECORDED)


def _own_words(fact: FactType) -> tuple[str, ...]:
    if fact.kind is Kind.BOOLEAN:
        return (YES, NO)
    if fact.kind in (Kind.OBJECT, Kind.OPEN):
        return (YES,)
    chosen = fact.item if fact.kind is Kind.LIST else fact
    return tuple(choice_words(chosen).values()) if chosen is not None else ()


def answer_words(fact: FactType, value: Json) -> str | float:
    """A recorded value as an auditor would write it into a cell."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float):
        return value if abs(value) < _LARGEST_EXACT else str(value)
    if isinstance(value, Mapping):
        return YES
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list_words(fact, value)
    if fact.kind is Kind.CHOICE:
        return choice_words(fact)[str(value)]
    return cell_text(str(value)) or "(empty text)"


def _list_words(fact: FactType, values: Sequence[Json]) -> str:
    if not values:
        return NONE
    item = fact.item
    if item is None or item.kind is Kind.OBJECT:
        return LISTED
    names = choice_words(item) if item.kind is Kind.CHOICE else {}
    return cell_text("; ".join(names.get(text, text) for text in map(str, values)))


class Absent(Enum):
    """The answer that the file does not say."""

    FACT = NOT_RECORDED


ABSENT: Final = Absent.FACT


def fact_of(fact: FactType, value: CellValue) -> Json:
    """The fact in a cell that is not empty; `ABSENT` where it says that.

    Raises `ValueError` with a sentence: what was found and what is expected.
    """
    if isinstance(value, str) and says_not_recorded(fact, value):
        return ABSENT
    return _READERS[fact.kind](fact, value)


def _one_of(known: Mapping[str, Json], value: CellValue) -> Json:
    """The answer that a word stands for; capitals and spaces too many do not matter."""
    text = folded(value) if isinstance(value, str) else ""
    for word, answer in known.items():
        if text and text == folded(word):
            return answer
    expected = listed([*known, NOT_RECORDED], most=6, last="or")
    raise ValueError(f"{_found_words(value)}; expected {expected}.{_hint(value, known)}")


def _hint(value: CellValue, known: Mapping[str, Json]) -> str:
    text = folded(str(value))
    if text in _NOT_APPLICABLE:
        return " Nothing here is 'not applicable': leave the cell empty."
    offered = [*known, NOT_RECORDED]
    likely = _LIKELY.get(text)
    return f" Did you mean '{likely}'?" if likely in offered else did_you_mean(text, offered)


def _found_words(value: CellValue) -> str:
    if isinstance(value, bool):
        return f"found the Excel value {str(value).upper()}"
    if isinstance(value, int | float):
        return f"found the number {value:g}"
    if isinstance(value, DateValue):
        return f"found {cell_date_words(value)}"
    text = " ".join(str(value).split())
    return f"found '{text if len(text) <= _LONGEST_QUOTED else text[:_LONGEST_QUOTED] + ' …'}'"


def _read_choice(fact: FactType, value: CellValue) -> Json:
    if value in fact.choices:
        return value
    known = {word: choice for choice, word in choice_words(fact).items()}
    return _one_of(known, value)


def _read_number(fact: FactType, value: CellValue) -> float:
    number = _as_number(value)
    low, high = fact.minimum, fact.maximum
    usable = number is not None and (fact.kind is Kind.NUMBER or number == int(number))
    if number is None or not usable or (low is not None and number < low):
        raise ValueError(f"{_found_words(value)}; expected {number_range(fact)}")
    if high is not None and number > high:
        raise ValueError(f"{_found_words(value)}; expected {number_range(fact)}")
    return int(number) if number == int(number) else number


def _as_number(value: CellValue) -> float | None:
    """The number in a cell, which may be written as a text; `None` where it is no usable one."""
    if isinstance(value, str):
        text = without_invisible(value).strip()
        if (found := _NUMBER.match(text)) is None:
            return None
        value = int(text) if found[1] else float(text)
    if isinstance(value, bool | DateValue) or not math.isfinite(value):
        return None
    return value


def _read_text(fact: FactType, value: CellValue) -> str:
    if isinstance(value, DateValue):
        raise ValueError(date_as_text_fault(value))
    return as_text(value)


def _read_group(fact: FactType, value: CellValue) -> dict[str, Any]:
    _one_of({YES: True}, value)
    return {}


def _read_list(fact: FactType, value: CellValue) -> Json:
    """The state of a list with a sheet of its own, or words separated by semicolons."""
    assert fact.item is not None
    if fact.item.kind is Kind.OBJECT:
        return _one_of({LISTED: LISTED, NONE: []}, value)
    if isinstance(value, str) and folded(value) == NONE:
        return []
    parts = str(value).split(SEPARATOR) if isinstance(value, str) else [value]
    given = [part for part in parts if not isinstance(part, str) or not is_blank(part)]
    if not given:
        return ABSENT  # nothing but separators
    if fact.item.kind is Kind.CHOICE:
        return list(dict.fromkeys(_read_choice(fact.item, part) for part in given))
    return [_READERS[fact.item.kind](fact.item, part) for part in given]


_READERS: dict[Kind, Callable[[FactType, CellValue], Json]] = {
    Kind.BOOLEAN: lambda _, value: _one_of({YES: True, NO: False}, value),
    Kind.CHOICE: _read_choice,
    Kind.INTEGER: _read_number,
    Kind.NUMBER: _read_number,
    Kind.TEXT: _read_text,
    Kind.DATE: lambda _, value: date_text(value),
    Kind.DATETIME: lambda _, value: time_text(value),
    Kind.OBJECT: _read_group,
    Kind.OPEN: _read_group,
    Kind.LIST: _read_list,
}


def date_as_text_fault(value: DateValue) -> str:
    """What is wrong with a date where a text is expected."""
    return (
        f"found {cell_date_words(value)}, which the spreadsheet made of what was typed; write it "
        "again with an apostrophe in front, as in '3-4"
    )


def as_text(value: CellValue) -> str:
    """A cell's value as a text: 3.0 is the page 3."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def number_range(fact: FactType) -> str:
    """The number that is expected, in words: `a whole number from 0 to 10`."""
    what = "a whole number" if fact.kind is Kind.INTEGER else "a number"
    low, high = fact.minimum, fact.maximum
    if low is not None and high is not None:
        return f"{what} from {low:g} to {high:g}"
    if low is not None:
        return f"{what}, {low:g} or more"
    return what if high is None else f"{what}, {high:g} or less"


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
    text = _normalised(value)
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


def _normalised(text: str) -> str:
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
    text = _normalised(value)
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
