"""Places in a workbook: cells by row and column from 0, and their names, such as `D7`."""

from __future__ import annotations

import re

Cell = tuple[int, int]
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
