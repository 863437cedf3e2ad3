"""What people write where the language has other words, and the line that they mean.

Asked only about a line that is wrong. What is offered is a guess, until the checker has tried it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
            "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip
_UNIT = r"(?:(?:working|business) )?(?:minute|hour|day|workday|week|month|year)s?\b"
_SPAN = rf"(?:\d+|\w+|\{{\w+\}}) {_UNIT}"
_CURLY = str.maketrans("“”„‘’", '"""\'\'')
_IF = re.compile(r"if\s+(.+?),?\s+then\s+(.+)", re.IGNORECASE)
_MOST_WORDS = 4  # of the name of a fact
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
    meant: str | Callable[[re.Match[str]], str]
    why: str


def _day(found: re.Match[str]) -> str:
    return f"{found[3]}-{_MONTHS.index(found[2].lower()) + 1:02}-{int(found[1]):02}"


# Signs are read after these, which know a sign before a span of time.
_SPANS = (
    _Slip(rf"\b({'|'.join(_NUMBERS)}) (?={_UNIT})", lambda word: f"{_NUMBERS[word[1]]} ",
          "a number is written in digits"),
    _Slip(r"\b(?:business days|workdays)\b", "working days", "expected 'working days'"),
    _Slip(rf"(?:<=|\b(?:is )?(?:at most|not? (?:later|more) than|up to)) ?"
          rf"(?={_SPAN} (?:after|of) )", " within ", "expected 'within' before a span of time"),
    _Slip(rf"(?<=within )({_SPAN}) (?P<found>of) ", r"\1 after ", "expected 'after' or 'before'"),
)  # fmt: skip
_SLIPS = (
    _Slip(r"^not not ", "", "expected no 'not', or one"),
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
    _Slip(r"\bis (not )?(?!not |one of )(?=[^,]+, )", r"is \1one of ", _VALUES),
    _Slip(r"\bin (?=\S)", "is one of ", _VALUES),
    _Slip(
        rf"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)}),? (\d{{4}})",
        _day,
        "a day is written with its year first",
    ),
    _Slip(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\2-\1", "a day is written with its year first"),
)


_UNCLOSED = {
    **dict.fromkeys("'\"", "a quotation mark is not closed"),
    **dict.fromkeys("“”„‘’", "found a curly quotation mark; expected a straight one, ' or \""),
    "{": "a brace is not closed",
    "}": "a brace is closed that was not opened",
}


def unexpected(text: str, offset: int) -> str:
    """What to say of a character that no line has."""
    sign = _SIGN.match(text, offset)
    if sign is None:
        found = text[offset]
        return _UNCLOSED.get(found, f"unexpected {found!r}")
    return f"found '{sign[0]}'; {_in_words(sign[0])}"


def _in_words(sign: str) -> str:
    number, day = SIGNS[sign]
    of_days = f", of days '{day}'" if day != number else ""
    return f"expected words: '{number}'{of_days}"


def meant(text: str) -> Iterator[tuple[str, str]]:
    """What may be meant by a wrong line, each with the reason why it is not written so."""
    straight = text.translate(_CURLY)
    curly = ["expected straight quotation marks"] if straight != text else []
    text = straight
    quoted = _QUOTED.findall(text)
    bare = _QUOTED.sub("''", text)
    plain = [each[1:-1] if _DAY.fullmatch(each[1:-1]) else each for each in quoted]
    day = ["a day stands without quotes"] if plain != quoted else []
    for line in dict.fromkeys((bare, bare.lower())):
        capitals = ["found capital letters; expected small ones"] if line != bare else []
        for of_days in (0, 1):
            words, reasons = _rewritten(line, of_days)
            if reasons := [*curly, *capitals, *day, *reasons]:
                whole = reduce(lambda left, each: left.replace("''", each, 1), plain, words)
                yield "; ".join(reasons), whole
    yield from _with_names(text.split())


def _with_names(words: list[str]) -> Iterator[tuple[str, str]]:
    """The line with some words that follow each other as one name."""
    for start in range(len(words)):
        for end in range(start + 2, min(start + _MOST_WORDS, len(words)) + 1):
            name = "_".join(words[start:end])
            yield (
                f"found '{' '.join(words[start:end])}'; the words of a name are joined with _",
                " ".join([*words[:start], name, *words[end:]]),
            )


def _rewritten(line: str, of_days: int) -> tuple[str, list[str]]:
    """A line in the words of the language, and why it is not as it was."""
    line, of_spans = _without(_SPANS, line)
    reasons = [*of_spans, *(f"found '{sign}'; {_in_words(sign)}" for sign in _SIGN.findall(line))]
    line = _SIGN.sub(lambda sign: f" {SIGNS[sign[0]][of_days]} ", line)
    line, others = _without(_SLIPS, line)
    return " ".join(line.split()), list(dict.fromkeys([*reasons, *others]))


def _without(slips: tuple[_Slip, ...], line: str) -> tuple[str, list[str]]:
    """A line without these slips, and what each was."""
    reasons = []
    for slip in slips:
        found = re.search(slip.pattern, line)
        if found is not None:
            said = found.groupdict().get("found", found[0].strip())
            reasons.append(f"found '{said}'; {slip.why}")
            line = re.sub(slip.pattern, slip.meant, line)
    return line, reasons


def joined(text: str) -> tuple[str, list[str]] | None:
    """The conditions that a line joins with *and* or with *or*, and that word."""
    words = {found[1].lower() for found in _JOINED.finditer(text)}
    return (words.pop(), _JOINED.split(text)[::2]) if len(words) == 1 else None


def conditional(text: str) -> tuple[str, str] | None:
    """The two conditions of a line that begins with *if*."""
    found = _IF.fullmatch(text.strip())
    return None if found is None else (found[1], found[2])
