"""Places in a workbook: cells by row and column from 0 and by name, and what is wrong there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TypeAlias

from scr_audit.errors import InputError
from scr_audit.values.text import counted

Cell = tuple[int, int]
DateValue: TypeAlias = date | time | timedelta  # what a spreadsheet makes of 3-4 or 22:30
CellValue: TypeAlias = str | float | bool | DateValue  # "": nothing is in the cell
# As XlsxWriter has it: a text that looks like something else stays a text.
AS_TEXT = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")


def column_name(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """The name of a cell: (6, 3) is D7."""
    return f"{column_name(column)}{row + 1}"


def cell_at(name: str) -> Cell:
    """The row and column of a cell's name. Raises `ValueError`."""
    match = _NAME.match(name)
    if not match:
        raise ValueError(f"{name!r} names no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


_MOST_SHOWN = 50


@dataclass(frozen=True)
class Fault:
    """One thing wrong: a place such as `conferences!D7` (or a sheet), and a sentence."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class FormError(InputError):
    """A form cannot be read. `faults` holds everything that was found wrong with it.

    `read` is what of it could be read all the same, by whoever reads forms.
    """

    read: object = None

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def listed_faults(name: str, faults: Sequence[Fault]) -> str:
    """The faults of one file, one a line."""
    shown = [f"  {fault}" for fault in faults[:_MOST_SHOWN]]
    if len(faults) > _MOST_SHOWN:
        shown.append(f"  … and {len(faults) - _MOST_SHOWN:,} more")
    count = counted(len(faults), "thing is", "things are")
    return "\n".join([f"{name}: {count} wrong", *shown])
