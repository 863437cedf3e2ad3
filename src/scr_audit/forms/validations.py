"""What a cell lets an auditor enter, and the hint it shows: by type of fact.

The cells of dates are text, because a spreadsheet turns a typed `2009-08` into the first of August.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scr_audit.forms.answers import NONE, NOT_RECORDED, number_range
from scr_audit.language.types import FactType, Kind

_LONGEST_TITLE, _LONGEST_HINT = 32, 255  # characters, by the file format
DATE_HINT = "Write 14/08/2009 or 2009-08-14. A month (2009-08) or a year (2009) counts too."
TIME_HINT = "Write 14/08/2009 22:30. Where the time is not recorded, the day alone."
TEXT_HINT = "A few words, no names."

CellOptions = dict[str, Any]


def validation(fact: FactType, cell: str, source: str, hint: str) -> CellOptions:
    """The settings of a cell's validation. `source` is where its words stand, if it has any."""
    settings = _settings(fact, cell, source)
    return {
        **settings,
        "ignore_blank": True,
        "input_title": _title(fact)[:_LONGEST_TITLE],
        "input_message": _cut(" ".join(part for part in (settings["input_message"], hint) if part)),
    }


def row_choice(source: str) -> CellOptions:
    """The drop-down of the outer rows to which a row may belong."""
    return {
        "validate": "list", "source": source, "input_title": "Belongs to",
        "input_message": "Choose the row that this one belongs to.",
        "error_title": "No such row", "error_message": "Choose one of the rows in the list.",
    }  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_HINT else f"{text[: _LONGEST_HINT - 2].rstrip()} …"


def _title(fact: FactType) -> str:
    return {
        Kind.BOOLEAN: "Yes, no or not recorded", Kind.DATE: "A date",
        Kind.DATETIME: "Date and time",
        Kind.INTEGER: "A whole number", Kind.NUMBER: "A number", Kind.TEXT: "Text",
        Kind.LIST: "Several, or none",
    }.get(fact.kind, "Choose one")  # fmt: skip


def _settings(fact: FactType, cell: str, source: str) -> CellOptions:
    if fact.kind is Kind.LIST:
        return _list_settings(fact, source)
    if source:
        return {
            "validate": "list", "source": source, "input_message": "",
            "error_title": "Please choose", "error_message": "Choose an answer from the list.",
        }  # fmt: skip
    return _WRITTEN[fact.kind](fact, cell)


def _list_settings(fact: FactType, source: str) -> CellOptions:
    """Words separated by semicolons: a drop-down that lets more be written."""
    if fact.group_item is not None:
        return {
            "validate": "list", "source": source,
            "input_message": "listed: there is a row for each on the list's own sheet.",
            "error_title": "Please choose", "error_message": "Choose an answer from the list.",
        }  # fmt: skip
    message = "Separate several by semicolons. All words are on the sheet Words."
    if not source:
        message = f"Separate several by semicolons; write '{NONE}' if so."
        return {"validate": "any", "input_message": message}
    return {"validate": "list", "source": source, "show_error": False, "input_message": message}


def _text_settings(fact: FactType, cell: str) -> CellOptions:
    return {"validate": "any", "input_message": TEXT_HINT}


def _number_settings(fact: FactType, cell: str) -> CellOptions:
    whole = fact.kind is Kind.INTEGER
    tests = [f"ISNUMBER({cell})", *([f"{cell}=INT({cell})"] if whole else [])]
    if fact.minimum is not None:
        tests.append(f"{cell}>={fact.minimum}")
    if fact.maximum is not None:
        tests.append(f"{cell}<={fact.maximum}")
    wanted = number_range(fact)
    return _formula_settings(f'OR({cell}="{NOT_RECORDED}",AND({",".join(tests)}))', wanted, wanted)


def _moment_settings(fact: FactType, cell: str) -> CellOptions:
    hint = DATE_HINT if fact.kind is Kind.DATE else TIME_HINT
    day = f'SUBSTITUTE({cell},"T"," ")'
    tests = (
        f'{cell}="{NOT_RECORDED}"', f"ISNUMBER({cell})",
        f"AND(LEN({cell})=4,ISNUMBER(-{cell}))", f'ISNUMBER(DATEVALUE({cell}&"-01"))',
        f"ISNUMBER(DATEVALUE({day}))",
    )  # fmt: skip
    # The program's own idea of a date depends on where it runs: it warns and does not forbid.
    return {**_formula_settings(f"OR({','.join(tests)})", hint, hint), "error_type": "warning"}


def _formula_settings(formula: str, message: str, expected: str) -> CellOptions:
    return {
        "validate": "custom", "value": f"={formula}",
        "input_message": f"{message[:1].upper()}{message[1:]}",
        "error_title": "Is this right?", "error_message": f"Expected: {expected}"[:255],
    }  # fmt: skip


_WRITTEN: dict[Kind, Callable[[FactType, str], CellOptions]] = {
    Kind.TEXT: _text_settings,
    Kind.INTEGER: _number_settings,
    Kind.NUMBER: _number_settings,
    Kind.DATE: _moment_settings,
    Kind.DATETIME: _moment_settings,
}
