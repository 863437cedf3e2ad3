"""What people write where the language has other words, and the line that they mean.

Asked only about a line that is wrong. What is offered is a guess, until the checker has tried it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from typing import NamedTuple

SIGNS = {
    ">=": ("at least", "on or after"),
    "<=": ("at most", "on or before"),
    "!=": ("is not", "is not"),
    "<>": ("is not", "is not"),
    "==": ("is", "is"),
    ">": ("more than", "after"),
    "<": ("fewer than", "before"),
    "=": ("is", "is"),
}
_SIGN = re.compile("|".join(SIGNS))
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EMPTY = r"(?:empty|null|none|nil|missing|blank|unknown)\b"
_RECORDED = (
    "expected 'is recorded' or 'is not recorded' (that a list has no items is asked with none:)"
)
_VALUES = "expected 'is one of', and commas between the values"
_JOINED = re.compile(r"\s+(?<!\bon )(and|or)\s+", re.IGNORECASE)


class _Slip(NamedTuple):
    """A pattern, what is meant by it, and why it is not written so.

    A group `found` is what a message repeats of it, where not all.
    """

    pattern: str
    meant: str
    why: str


_SLIPS = (
    _Slip(rf"is not {_EMPTY}", "is recorded", _RECORDED),
    _Slip(rf"is {_EMPTY}", "is not recorded", _RECORDED),
    _Slip(r"(?:exists|is (?:present|known))\b", "is recorded", _RECORDED),
    _Slip(r"(?:is )?less than", "fewer than", "expected 'fewer than'"),
    _Slip(r"(?:is )?greater than", "more than", "expected 'more than'"),
    _Slip(r"equals\b", "is", "expected 'is'"),
    _Slip(
        "is (?=(?:at|more|fewer|before|after|on|within|during) )",
        "",
        "'is' stands only before a value, and in 'is one of' and 'is recorded'",
    ),
    _Slip(r"\bis (not )?(?!not |one of )(?=\S.* (?P<found>or) )", r"is \1one of ", _VALUES),
    _Slip(r"(?<!\bon),? (?P<found>or) ", ", ", _VALUES),
    _Slip(r"\bin (?=\S)", "is one of ", _VALUES),
    _Slip(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\2-\1", "a day is written with its year first"),
)


def unexpected(text: str, offset: int) -> str:
    """What to say of a character that no line has."""
    sign = _SIGN.match(text, offset)
    if sign is None:
        return f"unexpected {text[offset]!r}"
    return f"found '{sign[0]}'; {_in_words(sign[0])}"


def _in_words(sign: str) -> str:
    number, day = SIGNS[sign]
    of_days = f", of days '{day}'" if day != number else ""
    return f"expected words: '{number}'{of_days}"


def meant(text: str) -> Iterator[tuple[str, str]]:
    """What may be meant by a wrong line, each with the reason why it is not written so."""
    quoted = _QUOTED.findall(text)
    bare = _QUOTED.sub("''", text)
    plain = [each[1:-1] if _DAY.fullmatch(each[1:-1]) else each for each in quoted]
    day = ["a day stands without quotes"] if plain != quoted else []
    for line in dict.fromkeys((bare, bare.lower())):
        capitals = ["found capital letters; expected small ones"] if line != bare else []
        for of_days in (0, 1):
            words, reasons = _rewritten(line, of_days)
            if reasons := [*capitals, *day, *reasons]:
                whole = reduce(lambda left, each: left.replace("''", each, 1), plain, words)
                yield "; ".join(reasons), whole


def _rewritten(line: str, of_days: int) -> tuple[str, list[str]]:
    """A line in the words of the language, and why it is not as it was."""
    reasons = [f"found '{sign}'; {_in_words(sign)}" for sign in _SIGN.findall(line)]
    line = _SIGN.sub(lambda sign: f" {SIGNS[sign[0]][of_days]} ", line)
    for slip in _SLIPS:
        found = re.search(slip.pattern, line)
        if found is not None:
            said = found.groupdict().get("found", found[0].strip())
            reasons.append(f"found '{said}'; {slip.why}")
            line = re.sub(slip.pattern, slip.meant, line)
    return " ".join(line.split()), list(dict.fromkeys(reasons))


def joined(text: str) -> tuple[str, list[str]] | None:
    """The conditions that a line joins with *and* or with *or*, and that word."""
    words = {found[1].lower() for found in _JOINED.finditer(text)}
    return (words.pop(), _JOINED.split(text)[::2]) if len(words) == 1 else None
