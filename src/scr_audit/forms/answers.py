"""From a cell to a fact: what each type of fact accepts, in one table."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from scr_audit.errors import did_you_mean, listed
from scr_audit.forms import moments, words
from scr_audit.forms.moments import said
from scr_audit.forms.validations import limits
from scr_audit.language.types import FactType, Kind
from scr_audit.values.text import folded, is_blank, without_invisible
from scr_audit.workbooks.cells import Cell, Fault, cell_name
from scr_audit.workbooks.grid import Grid
from scr_audit.workbooks.looks_of_dates import held_back

_LIKELY = {
    "y": words.YES, "true": words.YES, "n": words.NO, "false": words.NO,
    "unknown": words.NOT_RECORDED, "not known": words.NOT_RECORDED, "?": words.NOT_RECORDED,
    "none": words.NONE,
}  # fmt: skip
_NOT_APPLICABLE = {"n/a", "na", "not applicable"}
_SHOWN = 60
# As JSON and people write one; Python would also take 1_000 and the digits of other scripts.
_NUMBER = re.compile(
    r"[+-]?(?:([0-9]{1,18})|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)\Z", re.I
)


class _NotRecorded:
    """The answer that the file does not say."""

    def __repr__(self) -> str:
        return "NOT_RECORDED"


NOT_RECORDED = _NotRecorded()


def fact_of(fact: FactType, value: Any) -> Any:
    """The fact in a cell that is not empty; `NOT_RECORDED` where it says that.

    Raises `ValueError` with a sentence: what was found and what is expected.
    """
    if isinstance(value, str) and words.says_not_recorded(fact, value):
        return NOT_RECORDED
    return _READERS[fact.kind](fact, value)


def _one_of(known: dict[str, Any], value: Any) -> Any:
    """The answer that a word stands for; capitals and spaces too many do not matter."""
    text = folded(value) if isinstance(value, str) else ""
    for word, answer in known.items():
        if text and text == folded(word):
            return answer
    raise ValueError(f"{_found(value)}; expected {_expected(known)}.{_hint(value, known)}")


def _expected(known: Iterable[str]) -> str:
    return listed([*known, words.NOT_RECORDED], most=6, last="or")


def _hint(value: Any, known: dict[str, Any]) -> str:
    text = folded(str(value))
    if text in _NOT_APPLICABLE:
        return " Nothing here is 'not applicable': leave the cell empty."
    offered = [*known, words.NOT_RECORDED]
    likely = _LIKELY.get(text)
    return f" Did you mean '{likely}'?" if likely in offered else did_you_mean(text, offered)


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return f"found the Excel value {str(value).upper()}"
    if isinstance(value, int | float):
        return f"found the number {value:g}"
    if isinstance(value, date | time | timedelta):
        return f"found {moments.said(value)}"
    text = " ".join(str(value).split())
    return f"found '{text if len(text) <= _SHOWN else text[:_SHOWN] + ' …'}'"


def _yes_no(fact: FactType, value: Any) -> bool:
    return bool(_one_of({words.YES: True, words.NO: False}, value))


def _choice(fact: FactType, value: Any) -> Any:
    if value in fact.choices:
        return value
    known = {word: choice for choice, word in words.choice_words(fact).items()}
    return _one_of(known, value)


def _number(fact: FactType, value: Any) -> float:
    number = _as_number(value)
    low, high = fact.minimum, fact.maximum
    usable = number is not None and (fact.kind is Kind.NUMBER or number == int(number))
    if number is None or not usable or (low is not None and number < low):
        raise ValueError(f"{_found(value)}; expected {limits(fact)}")
    if high is not None and number > high:
        raise ValueError(f"{_found(value)}; expected {limits(fact)}")
    return int(number) if number == int(number) else number


def _as_number(value: Any) -> float | None:
    """The number in a cell, which may be written as a text; `None` where it is no usable one."""
    if isinstance(value, str):
        text = without_invisible(value).strip()
        if (found := _NUMBER.match(text)) is None:
            return None
        value = int(text) if found[1] else float(text)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None


def _text(fact: FactType, value: Any) -> str:
    if isinstance(value, date | time | timedelta):
        raise ValueError(made_of(value))
    return as_text(value)


def _date(fact: FactType, value: Any) -> str:
    return moments.date_text(value)


def _moment(fact: FactType, value: Any) -> str:
    return moments.moment_text(value)


def _group(fact: FactType, value: Any) -> dict[str, Any]:
    _one_of({words.YES: True}, value)
    return {}


def _several(fact: FactType, value: Any) -> Any:
    """The state of a list with a sheet of its own, or words separated by semicolons."""
    assert fact.item is not None
    if fact.item.kind is Kind.OBJECT:
        return _one_of({words.LISTED: words.LISTED, words.NONE: []}, value)
    if isinstance(value, str) and folded(value) == words.NONE:
        return []
    parts = str(value).split(words.SEPARATOR) if isinstance(value, str) else [value]
    given = [part for part in parts if not isinstance(part, str) or not is_blank(part)]
    if not given:
        return NOT_RECORDED  # nothing but separators
    if fact.item.kind is Kind.CHOICE:
        return list(dict.fromkeys(_choice(fact.item, part) for part in given))
    return [_text(fact.item, part) for part in given]


_READERS: dict[Kind, Callable[[FactType, Any], Any]] = {
    Kind.BOOLEAN: _yes_no,
    Kind.CHOICE: _choice,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.DATETIME: _moment,
    Kind.OBJECT: _group,
    Kind.OPEN: _group,
    Kind.LIST: _several,
}


_MADE = (date, time, timedelta)  # what a spreadsheet makes of 3-4 or 22:30


class Entries:
    """The cells of a form. `faults` grows with every cell that cannot be taken.

    `typed` grows with what was in every cell that was read, by its place.
    """

    def __init__(self, grids: Mapping[str, Grid]) -> None:
        self.grids = grids
        self.faults: list[Fault] = []
        self.typed: dict[str, Any] = {}

    def value(self, sheet: str, row: int, column: int) -> Any:
        """What is in a cell; a formula or an error value is a fault, whatever it gave."""
        grid, cell = self.grids[sheet], (row, column)
        found = grid.at(cell)
        if cell in grid.scanned.formulas:
            self.fault(sheet, cell, "holds a formula; write the answer itself")
            return ""
        if cell in grid.scanned.errors:
            self.fault(sheet, cell, "holds an error of the spreadsheet; write the answer itself")
            return ""
        if message := held_back(grid.scanned.shown.get(cell), found):
            self.fault(sheet, cell, message)
            return ""
        if _is_blank(found):
            return ""
        self.typed[f"{sheet}!{cell_name(*cell)}"] = found
        return found

    def text(self, sheet: str, row: int, column: int) -> str:
        """What is in a cell, as a text; a date is a fault, for nobody can tell what was typed."""
        found = self.value(sheet, row, column)
        if isinstance(found, _MADE):
            self.fault(sheet, (row, column), made_of(found))
            return ""
        return as_text(found)

    def is_used(self, sheet: str, row: int, column: int) -> bool:
        """Whether anything was entered, a formula or an error too."""
        scanned = self.grids[sheet].scanned
        held = (row, column) in scanned.formulas or (row, column) in scanned.errors
        return held or not _is_blank(self.grids[sheet].at((row, column)))

    def fault(self, sheet: str, cell: Cell, message: str) -> None:
        """Keep what is wrong with a cell."""
        self.faults.append(Fault(f"{sheet}!{cell_name(*cell)}", message))


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and is_blank(value)


def made_of(value: date | time | timedelta) -> str:
    """What is wrong with a date where a text is expected."""
    return (
        f"found {said(value)}, which the spreadsheet made of what was typed; write it again with "
        "an apostrophe in front, as in '3-4"
    )


def as_text(value: Any) -> str:
    """A cell's value as a text: 3.0 is the page 3."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
