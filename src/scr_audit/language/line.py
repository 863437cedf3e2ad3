"""The one-line grammar: *subject operator object*, from text to parts with offsets.

    line     = ["not"] subject [operator [object {"," object}]]
    subject  = word {"." word} | {parameter}
    object   = word | number | date | 'text' | {parameter}

The N of an operator is a number, a {parameter} or a fact. Operators are the entries of the table;
the longest that fits is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from scr_audit.errors import did_you_mean, listed
from scr_audit.language.conditions import (
    Combiner,
    Condition,
    Constant,
    Fact,
    Test,
    children,
    joined,
)
from scr_audit.language.operators import OPERATORS, Operator
from scr_audit.language.slips import unexpected

_NAME = "[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*"  # with hyphens, as JSON of others has keys
_TOKEN = re.compile(
    rf"""(?P<date>[0-9]{{4}}-[0-9]{{2}}(?:-[0-9]{{2}})?(?![\w-]))
      | (?P<number>-?[0-9]+(?:\.[0-9]+)?(?![\w.]))
      | (?P<word>{_NAME}(?:\.{_NAME})*)
      | (?P<parameter>\{{[^{{}}]*\}})
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<comma>,)""",
    re.VERBOSE,
)
_OF_ITEMS = ("some", "every", "each", "none", "all", "any", "count", "share", "sum")
_SINGULAR = {unit: f"{unit}s" for unit in ("minute", "hour", "day", "week", "month", "year")}


class LineError(Exception):
    """A line that does not follow the grammar: what is wrong, and at which character."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


@dataclass(frozen=True)
class Token:
    """A part of a line. `kind` is a group name of the grammar; `offset` counts from 0."""

    kind: str
    text: str
    offset: int

    @property
    def value(self) -> str:
        """The text without quotes or braces."""
        if self.kind in ("text", "parameter"):
            return self.text[1:-1].strip() if self.kind == "parameter" else self.text[1:-1]
        return self.text


@dataclass(frozen=True)
class Line:
    """A parsed line: nothing about names or types is known yet."""

    negated: bool
    subject: Token
    operator: Operator
    number: Token | None
    objects: tuple[Token, ...]


def tokens(text: str) -> list[Token]:
    """The parts of `text`. Raises `LineError` at the first character that fits nothing."""
    found: list[Token] = []
    offset = 0
    while offset < len(text):
        if text[offset].isspace():
            offset += 1
            continue
        match = _TOKEN.match(text, offset)
        if not match:
            raise LineError(offset, unexpected(text, offset))
        found.append(Token(str(match.lastgroup), match.group(), offset))
        offset = match.end()
    return found


def parse_line(text: str) -> Line:
    """The line in `text`. Raises `LineError`."""
    parts = tokens(text)
    if not parts:
        message = "the condition is empty (YAML takes a word that begins with ! for a mark)"
        raise LineError(0, message)
    negated = parts[0].text == "not" and len(parts) > 1
    if negated:
        parts = parts[1:]
    subject, rest = parts[0], parts[1:]
    if subject.kind not in ("word", "parameter"):
        raise LineError(
            subject.offset,
            f"a line begins with a fact, a definition or a parameter, not with {subject.text}",
        )
    operator, number, used = _match_operator(subject, rest)
    objects = _objects(operator, rest[used : len(rest) - len(operator.last_words)], end=len(text))
    return Line(negated, subject, operator, number, objects)


def _match_operator(subject: Token, rest: list[Token]) -> tuple[Operator, Token | None, int]:
    if not rest:
        return OPERATORS[""], None, 0
    for operator in sorted(
        OPERATORS.values(), key=lambda entry: (-len(entry.words), -len(entry.last_words))
    ):
        if _fits(operator, rest):
            return operator, _number_of(operator, rest), len(operator.words)
    if subject.text.lower() in _OF_ITEMS:
        message = (
            f"found '{subject.text}' at the beginning of a line; items of a list are asked for"
        )
        other = "below a key of its own, such as some: visits as visit, that: visit.planned"
        raise LineError(subject.offset, f"{message} {other}")
    raise LineError(rest[0].offset, _unknown_operator(rest))


def _fits(operator: Operator, rest: list[Token]) -> bool:
    words, last = operator.words, operator.last_words
    if not 0 < len(words) <= len(rest) or not all(map(_is_word, words, rest)):
        return False
    return tuple(token.text for token in rest[len(words) :])[-len(last) :] == last if last else True


def _is_word(word: str, token: Token) -> bool:
    if word == "N":
        return token.kind in ("number", "parameter", "word")
    return token.kind == "word" and word in (token.text, _SINGULAR.get(token.text))


def _number_of(operator: Operator, rest: list[Token]) -> Token | None:
    return rest[operator.words.index("N")] if operator.has_number else None


def _unknown_operator(rest: list[Token]) -> str:
    names = [name for name, entry in OPERATORS.items() if name and not entry.last_words]
    words: list[str] = []
    for token in rest[:5]:
        slot = token.kind in ("number", "parameter") and bool(words)
        words.append("N" if slot else token.text)
    start = " ".join(words)
    guesses: Iterable[str] = (" ".join(words[:n]) for n in range(len(words), 0, -1))
    hint = next((found for guess in guesses if (found := did_you_mean(guess, names))), "")
    families = _families()
    for first in families:
        if words[: len(first)] == list(first):
            hint = f" Expected: {families[first]} ..."
    plain = [name for name in names if not OPERATORS[name].unit]
    known = "" if hint else f" Operators: {listed([*plain, *families.values()], most=40)}."
    return f"no operator begins with '{start}'.{hint}{known}"


def _families() -> dict[tuple[str, ...], str]:
    """The operators that count units of time, several in one, by their words before the number."""
    kin: dict[tuple[str, ...], list[Operator]] = {}
    for entry in OPERATORS.values():
        if entry.unit:
            kin.setdefault(entry.words[: entry.words.index("N")], []).append(entry)
    return {
        first: f"{' '.join(first)} N {'|'.join(dict.fromkeys(entry.unit for entry in entries))} "
        + "|".join(dict.fromkeys(entry.words[-1] for entry in entries))
        for first, entries in kin.items()
    }


def _objects(operator: Operator, rest: list[Token], *, end: int) -> tuple[Token, ...]:
    if operator.objects == "none":
        if rest:
            raise LineError(rest[0].offset, f"nothing is expected after '{operator.name}'")
        return ()
    if not rest or rest[0].kind == "comma":
        raise LineError(rest[0].offset if rest else end, f"'{operator.name}' needs an object")
    if operator.objects == "one":
        if len(rest) > 1:
            raise LineError(
                rest[1].offset,
                f"one object is expected after '{operator.name}': a fact, a number, a day such as "
                "2026-01-31, or a text in quotes",
            )
        return (rest[0],)
    for position, token in enumerate(rest):
        if (token.kind == "comma") != (position % 2 == 1):
            raise LineError(token.offset, "objects are separated by single commas")
    for number, comma, other in zip(rest, rest[1:], rest[2:], strict=False):
        if number.kind == other.kind == "number" and other.offset == comma.offset + 1:
            message = "a blank stands between two numbers, and a decimal has a point: 0.3"
            raise LineError(number.offset, f"found {number.text},{other.text}; {message}")
    if rest[-1].kind == "comma":
        raise LineError(rest[-1].offset, "an object is missing after the comma")
    return tuple(rest[::2])


def constant_answer(condition: Condition) -> bool | None:
    """The answer of a condition that is the same for every record that is recorded, else None.

    It finds the lines that compare a fact with itself, accept every choice, or test a bound
    that the schema already guarantees.
    """
    if isinstance(condition, Combiner):
        return joined(condition, [constant_answer(part) for part in children(condition)])
    return _constant_answer_of_line(condition) if isinstance(condition, Test) else None


def _constant_answer_of_line(test: Test) -> bool | None:
    operator, (subject, *others) = test.operator, test.operands
    if not isinstance(subject, Fact):
        return None
    if operator.takes_unknown and not others:
        always = subject.field.required and not subject.variable and len(subject.steps) == 1
        return operator.test("recorded") if always else None
    if others == [subject]:
        return operator.of_itself
    value = others[0].value if others and isinstance(others[0], Constant) else None
    if operator.objects == "many" and value is not None and not operator.registered:
        return _only({operator.test(word, value) for word in subject.type.choices})
    if operator.threshold and isinstance(value, int | float):
        low = -inf if subject.type.minimum is None else subject.type.minimum
        high = inf if subject.type.maximum is None else subject.type.maximum
        tried = {low, high, min(max(low, value), high)}
        return _only({operator.test(number, value) for number in tried})
    return None


def _only(answers: set[bool | None]) -> bool | None:
    """The answer, if there is only one."""
    return answers.pop() if len(answers) == 1 else None
