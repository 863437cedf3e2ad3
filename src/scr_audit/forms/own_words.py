"""What people write in a form in place of its own words: `Y`, `GP`, `mum`, and an office's own.

A list of words is a CSV file of two columns: what is written, and the word of the form. The shipped
one, `audits/words.csv`, is always read; an office's own comes before it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scr_audit.errors import InputError, translate_os_errors
from scr_audit.forms.answers import SEPARATOR, fact_of
from scr_audit.language.types import FactType
from scr_audit.packs.builtin import shipped
from scr_audit.records.raw import Json
from scr_audit.values.text import folded, utf8
from scr_audit.workbooks.cells import CellValue

Words = Mapping[str, str]
NAME = "words.csv"


@cache
def shipped_words() -> Words:
    """The words that ship with the program."""
    return _read(shipped("audits") / NAME)


def read_words(path: Path | None) -> Words:
    """The words of a file, before those that ship. Raises `InputError`."""
    return shipped_words() if path is None else {**shipped_words(), **_read(path)}


def _read(path: Path) -> dict[str, str]:
    with translate_os_errors(path):
        data = path.read_bytes()
    try:
        text = utf8(data).decode()
    except ValueError:
        text = data.decode("cp1252", errors="replace")  # as a spreadsheet saves 'CSV'
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    found: dict[str, str] = {}
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter=separator), 1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or number == 1:
            continue
        if len(cells) != 2:
            raise InputError(
                f"{path}, line {number}: found {len(cells)} cells; expected two, what is written "
                "and the word of the form that it stands for"
            )
        found[folded(cells[0])] = cells[1]
    return found


def fact_in_own_words(fact: FactType, value: CellValue, words: Words) -> Json:
    """The fact in a cell, or of what its words stand for where the form has no such words.

    Raises `ValueError` as `fact_of` does, of what was written.
    """
    try:
        return fact_of(fact, value)
    except ValueError:
        meant = _meant(value, words)
        if meant == value:
            raise
        try:
            return fact_of(fact, meant)
        except ValueError:
            pass
        raise


def _meant(value: CellValue, words: Words) -> CellValue:
    if isinstance(value, bool):
        return words.get(str(value).lower(), value)
    if not isinstance(value, str):
        return value
    parts = (part.strip() for part in value.split(SEPARATOR))
    return f"{SEPARATOR} ".join(words.get(folded(part), part) for part in parts)
