"""What people write where the language has other words, and the line that they mean.

Asked only about a line that is wrong. What is offered is a guess, until the checker has tried it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import reduce
from typing import NamedTuple

from scr_audit.language.operators import LESS, MORE, OPERATORS
from scr_audit.language.types import DATES, NUMBERS

# A sign stands for one operator of numbers and for one of days, which may be the same.
SIGNS_FOR_WORDS = {
    sign: tuple(
        next(name for name, row in OPERATORS.items() if sign in row.signs and row.subjects >= kinds)
        for kinds in (NUMBERS, DATES)
    )
    for sign in ("==", "!=", "<>", "<=", ">=", "<", ">", "=")
}
_SIGN = re.compile("|".join(SIGNS_FOR_WORDS))
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
            "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip
_WORDS = "|".join(_NUMBERS)
_UNIT = r"(?:(?:working|business) )?(?:minute|hour|day|workday|week|month|year)s?\b"
_N = r"(?:\d+(?:\.\d+)?|\{\w+\})"
_SPAN = rf"{_N} {_UNIT}"
_CURLY = str.maketrans("“”„‘’", '"""\'\'')
_IF = re.compile(r"if\s+(.+?),?\s+then\s+(.+)", re.IGNORECASE)
_MOST_WORDS = 4  # of the name of a fact
_NAME = re.compile(r"[\w.]+")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_NO_TEXT = re.compile(r"\d{4}-\d\d-\d\d|-?\d+(?:\.\d+)?|(?i:yes|no|true|false)")
_EMPTY = r"(?:empty|null|none|nil|missing|blank|unknown)\b"
_KNOWN = r"(?:present|known|given|documented)\b"
_RECORDED = (
    "expected 'is recorded' or 'is not recorded' (that a list has no items is asked with none:)"
)
_VALUES = "expected 'is one of', and commas between the values"
_JOINED = re.compile(r"\s+(?<!\bon )(?:and|or)\s+|\s*(?:&&|\|\|)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"(\S+) (?:is )?between (\S+) and (\S+)", re.IGNORECASE)
_IS = r"(?<![\w.'])(?:is )?"
_SWAPPED = {"includes": "contains", "contains": "includes", "has": "includes",
            "include": "contain", "contain": "include"}  # fmt: skip


class _Slip(NamedTuple):
    """A pattern, what is meant by it, and why it is not written so.

    A group `found` is what a message repeats of it, where not all. `of_value`: it is one only
    where a value is meant after *is*, and not the other words of an operator.
    """

    pattern: str
    meant: str | Callable[[re.Match[str]], str]
    why: str
    of_value: bool = False


def _day(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    number = int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1
    return f"{year}-{number:02}-{int(day):02}"


def _of_whole_days(found: re.Match[str]) -> str:
    """More than 3 days are 4 or more; fewer than 3 are 2 or fewer."""
    days = int(found[2])
    is_more = found["found"] in ("more than", "longer than")
    return f"at least {days + 1} " if is_more else f"within {days - 1} "


# Signs are read after these, which know a sign before a span of time.
_SPANS = (
    _Slip(r"=<|< =|≤", "<=", "that sign is '<='"),
    _Slip(r"=>|> =|≥", ">=", "that sign is '>='"),
    _Slip(r"(?<=\d)\s?(?:%|percent)$", "", "expected the number alone"),
    _Slip(r"(?<=\d)\s?(?:%|percent)", " per cent", "expected 'per cent'"),
    _Slip(r"(?<![\w.,])[1-9]\d{0,2}(?:[, ]\d{3})+(?![\d,])",
          lambda number: re.sub("[, ]", "", number[0]), "thousands have no comma and no blank"),
    _Slip(r"(?<![\w.,])(\d+),(\d+)(?![\d,])", r"\1.\2", "a decimal has a point"),
    _Slip(rf"(?<=(?:than|east|most) )({_WORDS})\b|(?<![\w.'])({_WORDS})(?= {_UNIT})",
          lambda word: f"{_NUMBERS[word[0]]}", "a number is written in digits"),
    _Slip(r"\b(?:business days|workdays)\b", "working days", "expected 'working days'"),
    _Slip(r"\bcalendar days\b", "days", "expected 'days'"),
    _Slip(rf"(?:<=|\b(?:is )?(?:at most|not? (?:later|more) than|up to)) ?"
          rf"(?={_SPAN} (?:after|of) )", " within ", "expected 'within' before a span of time"),
    _Slip(r"(?:is )?(?P<found>(?:more|longer|fewer|less) than) (\d+) "
          "(?=(?:working )?days? (?:after|before) )", _of_whole_days,
          "of days expected 'at least', one more, or 'within', one fewer"),
    _Slip(rf"(?<=within )({_SPAN}) (?P<found>of|from|since) ", r"\1 after ",
          "expected 'after' or 'before'"),
)  # fmt: skip
_SLIPS = (
    _Slip(r"(\S)(?P<found>[.;]+)$", r"\1", "leave the sign at the end out"),
    _Slip(r"^not not ", "", "'not not' cancels itself; leave both out"),
    _Slip(rf"is not {_EMPTY}", "is recorded", _RECORDED),
    _Slip(rf"is {_EMPTY}|is not {_KNOWN}", "is not recorded", _RECORDED),
    _Slip(r"(?:is )?not after(?= )", "on or before", "expected 'on or before'"),
    _Slip(r"(?:is )?not before(?= )", "on or after", "expected 'on or after'"),
    _Slip(rf"exists\b|is {_KNOWN}", "is recorded", _RECORDED),
    _Slip(rf"{_IS}({_N}) or {MORE}$", r"at least \1", "expected 'at least'"),
    _Slip(rf"{_IS}({_N}) or {LESS}$", r"at most \1", "expected 'at most'"),
)  # fmt: skip
_MORE_SLIPS = (
    _Slip(rf"(?<=least|.most|.than|.. is) +({_N}) (?P<found>[a-z]+(?: days)?)$", r" \1",
          "a number that a fact is held against has no unit"),
    _Slip(r"(?<![\w.'{])(?:today|now)(?![\w.])", "{as_of}",
          "the day by which a record is judged is {as_of}"),
    _Slip(r"^(''|\w+) (?P<found>in) ([\w.]+)$", r"\3 includes \1",
          "expected the list, and 'includes' after it"),
    _Slip(r"(?:is )?not in(?= )", "is not one of", "expected 'is not one of'"),
    _Slip(r"(?:is )?\bin (?=\S)", "is one of ", _VALUES),
    _Slip(r"(?<=one of )(?P<found>[(\[])(.*)[)\]]", r"\2", "values have no brackets"),
    _Slip(r"\bis (not )?(?!not )(?=\S.* (?P<found>or) )", r"is \1one of ", _VALUES, of_value=True),
    _Slip(r"(?<!\bon),? (?P<found>or) ", ", ", _VALUES),
    _Slip(r"\bis (not )?(?!not )(?=[^,]+, )", r"is \1one of ", _VALUES, of_value=True),
    _Slip(
        rf"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)}),? (\d{{4}})",
        _day,
        "a day is written with its year first",
    ),
    _Slip(r"\b(\d\d?)[/.](\d\d?)[/.](\d{4})\b", _day, "a day is written with its year first"),
    _Slip(r"\bis (not )?(?!not )(?P<found>[A-Za-z]\w*(?: \w+)+)$", r"is \1'\g<found>'",
          "a text stands in quotes", of_value=True),
)  # fmt: skip


def _slips_of_rows() -> Iterator[_Slip]:
    """The other words for each operator, and *is* before one that does not begin with it."""
    named = {name: row for name, row in OPERATORS.items() if name}
    for name, row in named.items():
        if row.also_said:
            yield _Slip(rf"{_IS}(?:{row.also_said})(?= )", name, f"expected '{name}'")
    first = "|".join(dict.fromkeys(row.words[0] for row in named.values() if row.words[0] != "is"))
    yield _Slip(
        rf"\bis (?=(?:{first}) )", "",
        "'is' stands only before a value, and in 'is one of' and 'is recorded'",
    )  # fmt: skip


_SWAP = _Slip(
    rf"\b(?:{'|'.join(_SWAPPED)})\b",
    lambda word: _SWAPPED[word[0]],
    "of lists expected 'includes', of texts 'contains'",
)


_UNEXPECTED = {
    **dict.fromkeys("'\"", "a quotation mark is not closed"),
    **dict.fromkeys("“”„‘’", "found a curly quotation mark; expected a straight one, ' or \""),
    "%": "found '%'; expected 'per cent', which stands only in 'at least N per cent of' and below "
    "share:",
    **dict.fromkeys("()[]", "a line has no brackets"),
    **dict.fromkeys("+-*", "a line does not calculate; items are added with sum:"),
    "{": "a brace is not closed",
    "}": "a brace is closed that was not opened",
}


def unexpected(text: str, offset: int) -> str:
    """What to say of a character that no line has."""
    sign = _SIGN.match(text, offset)
    if sign is None:
        found = text[offset]
        return _UNEXPECTED.get(found, f"unexpected {found!r}; a text stands in quotes")
    return f"found '{sign[0]}'; {_in_words(sign[0])}"


def _in_words(sign: str) -> str:
    number, day = SIGNS_FOR_WORDS[sign]
    of_days = f", of days '{day}'" if day != number else ""
    return f"expected words: '{number}'{of_days}"


def meant(text: str) -> Iterator[tuple[str, str]]:
    """What may be meant by a wrong line, each with the reason why it is not written so."""
    straight = text.translate(_CURLY)
    curly = ["expected straight quotation marks"] if straight != text else []
    text = straight
    quoted = _QUOTED.findall(text)
    bare = _QUOTED.sub("''", text)
    plain = [each[1:-1].lower() if _NO_TEXT.fullmatch(each[1:-1]) else each for each in quoted]
    unquoted = ["days, numbers, yes and no stand without quotes"] if plain != quoted else []
    for line in dict.fromkeys((bare, bare.lower())):
        capitals = ["found capital letters; expected small ones"] if line != bare else []
        for second in (0, 1):
            words, reasons = _rewritten(line, second)
            if reasons := [*curly, *capitals, *unquoted, *reasons]:
                whole = reduce(lambda left, each: left.replace("''", each, 1), plain, words)
                yield "; ".join(reasons), whole
    yield from _with_names(text.split())


def _with_names(words: list[str]) -> Iterator[tuple[str, str]]:
    """The line with some words that follow each other as one name."""
    for start in range(len(words)):
        for end in range(start + 2, min(start + _MOST_WORDS, len(words)) + 1):
            name = "_".join(words[start:end])
            if not _NAME.fullmatch(name):
                continue  # part of a text, which may stand as it is
            yield (
                f"found '{' '.join(words[start:end])}'; the words of a name are joined with _",
                " ".join([*words[:start], name, *words[end:]]),
            )


def _rewritten(line: str, second: int) -> tuple[str, list[str]]:
    """A line in the words of the language, and why it is not as it was.

    `second` takes a sign for one of days, and what is asked of a list as asked of a text.
    """
    line, of_spans = _without(_SPANS, line)
    reasons = [*of_spans, *(f"found '{sign}'; {_in_words(sign)}" for sign in _SIGN.findall(line))]
    line = _SIGN.sub(lambda sign: f" {SIGNS_FOR_WORDS[sign[0]][second]} ", line)
    swap = (_SWAP,) if second else ()
    line, others = _without((*_SLIPS, *_slips_of_rows(), *_MORE_SLIPS, *swap), line)
    return " ".join(line.split()), list(dict.fromkeys([*reasons, *others]))


def _without(slips: tuple[_Slip, ...], line: str) -> tuple[str, list[str]]:
    """A line without these slips, and what each was."""
    reasons = []
    for slip in slips:
        found = re.search(slip.pattern, line)
        if found is not None and not (slip.of_value and _has_more_than_is(line)):
            said = found.groupdict().get("found", found[0].strip())
            reasons.append(f"found '{said}'; {slip.why}")
            line = re.sub(slip.pattern, slip.meant, line)
    return line, reasons


def _has_more_than_is(line: str) -> bool:
    """Whether *is* begins the words of an operator that has more of them."""
    return any(
        name.startswith("is ") and not row.signs and f" {name} " in f"{line} "
        for name, row in OPERATORS.items()
    )


def joined_conditions(text: str) -> tuple[str, list[str]]:
    """The conditions that a line joins with *and*, *or* or *between*, and that word."""
    if found := _BETWEEN.fullmatch(text):
        return "between", [f"{found[1]} >= {found[2]}", f"{found[1]} <= {found[3]}"]
    words = {found[0].strip().lower() for found in _JOINED.finditer(text)}
    return (words.pop(), _JOINED.split(text)) if len(words) == 1 else ("", [])


def conditional(text: str) -> tuple[str, str] | None:
    """The two conditions of a line that begins with *if*."""
    found = _IF.fullmatch(text.strip())
    return None if found is None else (found[1], found[2])
