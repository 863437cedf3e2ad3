"""Quarters by their names: `2027Q1` is January to March 2027."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from scr_audit.errors import InputError

_QUARTER = re.compile(r"([12][0-9]{3})-?[Qq]([1-4])\Z")


@dataclass(frozen=True)
class Quarter:
    """A quarter of a calendar year; `first` and `last` are its days."""

    label: str
    first: date
    last: date


def parse_quarter(text: str, where: str = "") -> Quarter:
    """The quarter that `text` names; `where` it was said. Raises `InputError`."""
    match = _QUARTER.match(text)
    if match is None:
        said = f"{where}: " if where else ""
        raise InputError(f"{said}{text!r} is no quarter; expected one such as 2027Q1")
    year, last_month = int(match[1]), int(match[2]) * 3
    last = date(year, last_month, monthrange(year, last_month)[1])
    return Quarter(f"{match[1]}Q{match[2]}", date(year, last_month - 2, 1), last)
