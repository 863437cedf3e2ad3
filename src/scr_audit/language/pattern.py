"""Patterns that a text is held against, in a subset of regular expressions that takes linear time.

A pattern is a row of parts, or several with `|` between them; each part is a character, or one of
several, and how often it stands there. Python's `re` tries again wherever a part may stand more or
less often. That costs nothing where nothing that may come next can be one of its characters: then
only one number of times can go on. Every other part multiplies the ways through a text, so they
have to be few, and may not be `*` or `+`. A text is so read at most `MOST_WAYS` times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from math import inf
from typing import NamedTuple

MOST_WAYS = 100
MOST_OFTEN = 100
_FLAGS = re.ASCII | re.DOTALL
_PART = re.compile(
    r"""(?P<one>\\[^A-Za-ce-z0-9] | [^][\\(){}^$*+?|]
          | \[\^?(?:\\[]\\^d-]|(?:-(?!-)|[^][\\^&~|-]))+\])
        (?:(?P<sign>[?*+]) | \{(?P<low>\d{1,3})(?P<to>,(?P<high>\d{1,3}))?\})?""",
    re.VERBOSE,
)
_SIGNS = {"?": (0, 1), "*": (0, inf), "+": (1, inf)}
_ALLOWED = (
    r"a pattern has characters, '.' for any, '\d' for a digit and '\' before a sign, sets such as "
    f"[A-Z0-9], after each ?, *, +, {{3}} or {{2,5}} (up to {MOST_OFTEN}), and | between "
    "alternatives; it is held against the whole text"
)


class _Part(NamedTuple):
    one: str
    low: float
    high: float


def objection(pattern: str) -> str:
    """What is wrong with a pattern; empty: nothing."""
    try:
        alternatives = list(_alternatives(pattern))
        ways = sum(map(_ways, alternatives))
    except ValueError as error:
        return str(error)
    except re.error as error:
        return f"{error}; {_ALLOWED}"
    if ways > MOST_WAYS:
        return (
            f"there are more than {MOST_WAYS} ways to read a text by this pattern; a part that "
            "may stand more or less often is best followed by a character that it cannot be"
        )
    if all(map(_never_holds, alternatives)):
        return (
            "no recorded text is blank, or begins or ends with white space, so that none is as "
            "this pattern says; leave that white space out, or write 'is recorded'"
        )
    return ""


def _never_holds(parts: list[_Part]) -> bool:
    """Whether only a blank text is so, or one that begins or ends with white space."""
    parts = [part for part in parts if part.high]
    is_blank = [not _found(part.one).strip() for part in parts]
    ends = (list(zip(parts, is_blank, strict=True))[::step] for step in (1, -1))
    return all(is_blank) or any(
        part.low for end in ends for part, _ in takewhile(lambda each: each[1], end)
    )


def matches(text: str, pattern: str) -> bool:
    """Whether the whole text is as the pattern says."""
    return _compiled(pattern).fullmatch(text) is not None


def witness(pattern: str) -> str:
    """A text that is as the pattern says."""
    parts = next(iter(_alternatives(pattern)))
    return "".join(_found(part.one) * int(part.low) for part in parts)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, _FLAGS)


def _alternatives(pattern: str) -> Iterator[list[_Part]]:
    """The parts of each alternative. Raises `ValueError` where the pattern has something else."""
    parts: list[_Part] = []
    at = 0
    while at < len(pattern):
        found = _PART.match(pattern, at)
        if pattern[at] == "|":
            yield parts
            parts, at = [], at + 1
            continue
        if found is None:
            raise ValueError(f"found '{pattern[at:]}'; {_ALLOWED}")
        parts.append(_part(found))
        at = found.end()
    yield parts


def _part(found: re.Match[str]) -> _Part:
    low, high = _SIGNS.get(found["sign"] or "", (1, 1))
    if found["low"]:
        low = int(found["low"])
        high = int(found["high"]) if found["to"] else low
    if low > high or MOST_OFTEN < high < inf:
        raise ValueError(f"found '{found[0]}'; {_ALLOWED}")
    _compiled(found["one"])
    return _Part(found["one"], low, high)


def _ways(parts: list[_Part]) -> float:
    """The number of ways through a text, but for those that end at the next character."""
    ways = 1.0
    for place, part in enumerate(parts):
        if part.low == part.high or _is_decided(part, parts[place + 1 :]):
            continue
        if part.high == inf:
            sign = "+" if part.low else "*"
            raise ValueError(
                f"after '{part.one}{sign}' the next character must be one that '{part.one}' does "
                "not include, else a long text may take very long"
            )
        ways *= part.high - part.low + 1
    return ways


def _is_decided(part: _Part, rest: list[_Part]) -> bool:
    """Whether what comes next tells where a part ends, as it can be none of its characters."""
    for following in rest:
        if _found(f"(?={part.one}){following.one}"):
            return False
        if following.low:
            break
    return True


@cache
def _found(one: str) -> str:
    """A character that is as a part says, a plain one if there is; empty: there is none."""
    found = re.search(one, _every_character(), _FLAGS)
    return found[0] if found else ""


@cache
def _every_character() -> str:
    plain = "".join(map(chr, range(33, 127)))
    return plain + "".join(map(chr, range(0x110000)))
