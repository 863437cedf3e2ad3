"""Which cells show a month and no day: what they hold says more than was typed.

A spreadsheet takes a typed `Aug 2009` for the first of August and shows it as `Aug-09`.
"""

from __future__ import annotations

import re

from scr_audit.forms.xml_parts import local, parse

_MONTH_AND_YEAR = "17"  # the built-in number format mmm-yy
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def month_styles(styles: bytes) -> frozenset[str]:
    """The numbers of the cell styles that show a month and a year and no day."""
    codes = {_MONTH_AND_YEAR}
    used: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "numFmt" and _is_month(attributes.get("formatCode", "")):
            codes.add(attributes.get("numFmtId", ""))
        elif name == "xf" and inside[-1:] == ["cellXfs"]:
            used.append(attributes.get("numFmtId", ""))
        inside.append(name)

    parse(styles, start, EndElementHandler=lambda _: inside.pop())
    return frozenset(str(number) for number, code in enumerate(used) if code in codes)


def _is_month(code: str) -> bool:
    signs = _NOT_SHOWN.sub("", code.partition(";")[0]).casefold()
    return "m" in signs and "y" in signs and "d" not in signs and "h" not in signs
