"""What the cells of dates show of the moments that they hold.

A spreadsheet takes a typed `Aug 2009` for the first of August and shows it as `Aug-09`, and a typed
`2 Jul` for that day of the current year: what such a cell holds says more than was typed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from scr_audit.workbooks.package import check_counts, local_name, parse

DateParts = frozenset[str]  # of `y`, `m`, `d` and `h`: the year, the month, its day, the time
MONTH: DateParts = frozenset("ym")
_DAY: DateParts = frozenset("ymd")
# The number formats of dates that have a number and no code in the file. Those of East Asia, which
# look different from place to place, are taken as whole days.
_BUILT_IN = {
    "14": "d/m/yyyy", "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "18": "h:mm",
    "19": "h:mm:ss", "20": "h:mm", "21": "h:mm:ss", "22": "d/m/yyyy h:mm", "45": "mm:ss",
    "47": "mm:ss",
}  # fmt: skip
# Text in quotes or after a sign that takes the next character, colours and languages in brackets.
_QUOTED = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]|am/pm|a/p', re.IGNORECASE)
_PART = re.compile(r"y+|e+|m+|d+|h+|s+", re.IGNORECASE)
_SHOWS_LESS = {
    MONTH: "a month",
    frozenset("y"): "a year",
    frozenset("md"): "a day without its year",
    frozenset("m"): "a month without its year",
    frozenset("h"): "a time without its day",
}


def date_parts_by_style(styles: bytes) -> dict[str, DateParts]:
    """What a cell of a date shows, by the number of its style; of the styles that show any date."""
    codes = dict(_BUILT_IN)
    used: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        check_counts(attributes, styles)
        if name == "numFmt" and inside[-1:] == ["numFmts"]:
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and inside[-1:] == ["cellXfs"]:
            used.append(codes.get(attributes.get("numFmtId", ""), ""))
        inside.append(name)

    parse(styles, start, EndElementHandler=lambda _: inside.pop())
    found = {str(number): _parts_of_all(code) for number, code in enumerate(used)}
    return {number: parts for number, parts in found.items() if parts}


def _parts_of_all(code: str) -> DateParts:
    """What a format shows; of several for several values, what all of them show."""
    sections = (_date_parts(section) for section in _QUOTED.sub(" ", code).split(";"))
    found = [parts for parts in sections if parts]
    return frozenset.intersection(*found) if found else frozenset()


def _date_parts(section: str) -> DateParts:
    found: set[str] = set()
    parts = [part.lower() for part in _PART.findall(section)]
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if part.startswith("m") and (before.startswith("h") or after.startswith("s")):
            found.add("h")  # minutes
        elif part.startswith("ddd"):
            found.add("weekday")
        else:
            found.add({"e": "y", "s": "h"}.get(part[0], part[0]))
    return frozenset(found)


def date_fault(shown: DateParts | None, value: object) -> str:
    """What is wrong with a cell that shows less than it holds; empty where nothing is."""
    if shown is None or not isinstance(value, date):
        return ""
    if not shown >= _DAY:
        what = _SHOWS_LESS.get(shown - {"weekday"}, "no whole day")
        month = f"'{value:%Y-%m}, with the apostrophe, or " if shown == MONTH else ""
        return f"shows {what}, but holds the day {value:%d/%m/%Y}; write {month}the whole day"
    if "h" not in shown and isinstance(value, datetime) and value.time() != time.min:
        return f"shows a day, but holds the time {value:%d/%m/%Y %H:%M}; write the one you mean"
    return ""
