"""The words that a record schema has for its facts, from which the sentences of verdicts are made.

A fact has a clause beside its question: `{it} [was|was not] invited`. The words before the bracket
are what is spoken of, its two halves say yes and no, so that one clause gives *was invited*, *was
not invited*, *and was not told*, and *it is not recorded whether*. The clause of a day ends in
`{on}`, that of any other value has `{value}`. Sentences never decide anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from scr_audit.values.text import lower_first

_BRACKET = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_PLACE = re.compile(r"\{([^{}]*)\}")
_NEGATIVE = re.compile(
    r"(?i)\b(?:not|no|nobody|none|nothing|never|neither|without|cannot|failed to)\b|n't\b"
)
_DONE = "done|held|given|completed"
_UNDONE = re.compile(rf"(?:was|were) not (?:(?:\w+ or )?(?:{_DONE})|sent the \w+)")
_NONE_MADE = re.compile(rf"no (.+) (?:was|were) (?:{_DONE}|agreed|made|sent)")
_CODE = re.compile(r"\w_\w|\w\.\w|\d{4}-\d\d|\?")
_QUESTION = re.compile(r"(?:which|who|whom|whose|when|where|why|how|what|whether|for|to|from|by)\b")
IT, ON, VALUE = "it", "on", "value"
MOST_LOOK = 60  # characters
MOST_IN_CLAUSE, MOST_IN_SENTENCE = 20, 40  # words that are read aloud with ease


@dataclass(frozen=True)
class Clause:
    """What one fact says. `no` is empty where the clause has no bracket, as that of a day.

    `subject` and `after` stand around the two halves.
    """

    subject: str
    yes: str
    no: str = ""
    after: str = ""

    def half(self, answer: bool) -> str:
        """The predicate for an answer: a half of the bracket and what follows it."""
        return f"{self.yes if answer else self.no}{self.after}"

    @property
    def words(self) -> int:
        """How many words it has with the longer half; a place counts as one."""
        return max(len(f"{self.subject} {self.half(answer)}".split()) for answer in (True, False))


@dataclass(frozen=True)
class Words:
    """What a schema says of one fact: its clause, and the question of what it says, indirectly."""

    clause: Clause | None = None
    unknown: str = ""


PhraseTexts: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Called:
    """What an item of a list is called: the first of `names` whose places can all be filled.

    `by` is a choice in the item that has names of its own in `each`.
    """

    names: PhraseTexts = ()
    by: str = ""
    each: Mapping[str, PhraseTexts] = field(default_factory=dict)


NO_WORDS, NO_NAME = Words(), Called()


def clause_of(text: str, *, of_day: bool, of_value: bool) -> Clause:
    """The clause of a fact: of a yes/no fact, of a day, or of another value.

    Raises `ValueError` with what is wrong with it.
    """
    places = [match[1] for match in _PLACE.finditer(text)]
    wanted = ON if of_day else VALUE if of_value else ""
    for place in places:
        if place not in (IT, wanted):
            raise ValueError(f"there is no place {{{place}}} here; {_allowed(wanted)}")
    if wanted and places.count(wanted) != 1:
        raise ValueError(f"it needs {{{wanted}}} once")
    check_words(text, has_halves=True)
    check_small(text)
    if of_day:
        _check_day(text)
        return Clause("", text)
    found = _BRACKET.findall(text)
    if len(found) != 1 or _BRACKET.sub("", text).strip("[]|") != _BRACKET.sub("", text):
        raise ValueError("it needs one bracket with both halves, such as [was|was not]")
    yes, no = found[0]
    if not yes.strip():
        raise ValueError("the first half is empty; write both, such as [was|was not]")
    if _NEGATIVE.search(yes):
        raise ValueError(f"the first half, '{yes}', says no; the second is for that")
    if not _NEGATIVE.search(no):
        raise ValueError(f"the second half, '{no}', has to say no: with *not*, *no* or the like")
    match = _BRACKET.search(text)
    assert match is not None, "it was just found"
    return Clause(text[: match.start()].strip(), yes, no, text[match.end() :])


def _check_day(text: str) -> None:
    if not text.endswith("{on}"):
        raise ValueError("the clause of a day ends in {on}")
    if found := re.search(r"(?i)\b(on|in|at)\s*\{on\}", text):
        raise ValueError(
            f"leave out '{found[1]}' before {{on}}, which brings its own: on 4 May 2010"
        )
    if re.search(r"[\[\]|]", text):
        raise ValueError(
            "the clause of a day has no bracket, as it says only when; such as {it} was made {on}"
        )


def _check_braces(text: str) -> None:
    rest = _PLACE.sub("", text)
    if "{" in rest:
        raise ValueError("a brace is not closed")
    if "}" in rest:
        raise ValueError("a brace is closed that was not opened")


def unknown_of(text: object) -> str:
    """What it is not recorded, as an indirect question: `which agency made the visit`.

    Raises `ValueError` with what is wrong with it.
    """
    if not isinstance(text, str) or not _QUESTION.match(text):
        raise ValueError("expected an indirect question: which, who, when, where, how, what ...")
    check_words(text)
    if any(place != IT for place in places_of(text)):
        raise ValueError("the only place is {it}")
    return text


def check_look(text: object) -> str:
    """The text, if it names what an auditor looks in: `the minutes of the meeting`.

    Raises `ValueError` with what is wrong with it.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError("expected what to look in, such as the minutes of the meeting")
    if len(text) > MOST_LOOK:
        raise ValueError(f"it has {len(text)} characters; expected at most {MOST_LOOK}")
    if re.search(r"[{}]", text):
        raise ValueError("it has no places in braces")
    check_small(text)
    return check_words(text)


def _allowed(wanted: str) -> str:
    return f"places are {{it}} and {{{wanted}}}" if wanted else "the only place is {it}"


def check_words(text: str, *, has_halves: bool = False) -> str:
    """The text, if it has nothing in it that a sentence may not have: code, a sign at its end.

    `has_halves`: it may have a bracket with a yes and a no. Raises `ValueError`.
    """
    _check_braces(text)
    plain = _PLACE.sub("x", text)
    if not has_halves and re.search(r"[\[\]|]", plain):
        raise ValueError("a bracket with a yes and a no stands in 'x-says' alone; write words")
    if code := _CODE.search(plain):
        raise ValueError(f"'{code[0]}' is no word that a person says; write it in plain words")
    if plain.rstrip()[-1:] in (".", ";", ",", ":"):
        raise ValueError("it is part of a sentence; leave the sign at its end out")
    if not plain.strip():
        raise ValueError("it is empty")
    return text


def check_small(text: str) -> None:
    """Refuse a capital at the start of part of a sentence, but for GP. Raises `ValueError`."""
    if text[:1].isupper() and lower_first(text) != text:
        raise ValueError(
            "it is part of a sentence, which begins with a small letter; before a name write what "
            "it is, such as the hospital St Mary's"
        )


def check_sentence(text: str) -> str:
    """The text, if it is a whole sentence without code in it. Raises `ValueError`."""
    if not text.strip():
        raise ValueError("it is empty; expected a whole sentence, or leave the key out")
    if not text.endswith("."):
        raise ValueError("it is a whole sentence, which ends in a full stop")
    if not (text[0].isupper() or text[0] in "{“"):
        raise ValueError("it is a whole sentence, which begins with a capital")
    return f"{check_words(text[:-1])}."


def is_negative(text: str) -> bool:
    """Whether words say *not*, *no* or the like."""
    return _NEGATIVE.search(text) is not None


def undone(subject: str, predicate: str) -> str:
    """Of what words say that there was none: *was not done*, *no notice was sent*; else nothing.

    Of such a thing nothing else can be said. *Was not done in time* is another matter.
    """
    if subject:
        return subject if _UNDONE.fullmatch(predicate) else ""
    none = _NONE_MADE.fullmatch(predicate)
    return f"the {none[1]}" if none else ""


def places_of(text: str) -> list[str]:
    """The places in a template, in order."""
    return list(_pieces(text)[1::2])


def filled(text: str, values: Mapping[str, str]) -> str:
    """The template with its places filled; each must have its value."""
    pieces = list(_pieces(text))
    pieces[1::2] = [values[place] for place in pieces[1::2]]
    return "".join(pieces)


@lru_cache(maxsize=4096)  # a pack has some hundreds of templates
def _pieces(text: str) -> tuple[str, ...]:
    """The texts of a template, and the places between them."""
    return tuple(_PLACE.split(text))
