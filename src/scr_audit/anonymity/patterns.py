"""The closed table of what the gate looks for in texts, and in the names of files.

One expression passes over most texts at once, in which nothing can be. Of the others each row of
the table gives its spans, the surest kind first, and no character is counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from scr_audit.anonymity import birth_dates, identifiers, person_names
from scr_audit.anonymity.plain_text import PlainText, is_invisible, plain_text, split_words
from scr_audit.errors import ArgumentError, InputError


@dataclass(frozen=True, order=True)
class Span:
    """The characters `start` to `end` of a text are an identifier of the kind `kind`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Identifier:
    """A kind of identifier: `name` with its article, what to do with it, where it stands."""

    kind: str
    name: str
    advice: str
    documentation: str
    spans: Callable[[str], Iterator[tuple[int, int]]]


def _nowhere(text: str) -> Iterator[tuple[int, int]]:
    return iter(())


_ALL = (
    Identifier(
        "email", "an e-mail address", "take it out",
        "A local part, @ or (at), and a domain with a dot.", identifiers.email_spans,
    ),
    Identifier(
        "upn", "a unique pupil number", "take it out",
        "A letter and twelve digits, with the right check letter or after the words.",
        identifiers.upn_spans,
    ),
    Identifier(
        "nino", "a National Insurance number", "take it out",
        "Two letters, six digits and a letter from A to D; without the last where words say so.",
        identifiers.nino_spans,
    ),
    Identifier(
        "birth_date", "a full date of birth or death", "keep the month or the age",
        "A whole date beside a word such as born, DOB, EDD or died, or in a fact so named.",
        birth_dates.birth_date_spans,
    ),
    Identifier(
        "phone", "a telephone number", "take it out",
        "Ten or eleven digits from 0, or after +44 or 0044, that hold no date.",
        identifiers.phone_spans,
    ),
    Identifier(
        "nhs_number", "an NHS number", "take it out",
        "Ten digits in a usual grouping with the right check digit, or any after the words.",
        identifiers.nhs_spans,
    ),
    Identifier(
        "postcode", "a postcode", "keep the district",
        "A whole postcode; a district alone is not one.", identifiers.postcode_spans,
    ),
    Identifier(
        "address", "a home address", "keep the district",
        "The number of a house or flat and a road, in capitals.", identifiers.address_spans,
    ),
    Identifier(
        "labelled_number", "a hospital or passport number", "take it out",
        "Digits right behind the words that say so.", identifiers.labelled_spans,
    ),
    Identifier(
        "name", "a name", "say the relation or post, or P1",
        "Words in capitals after a title, 'known as', 'name:' or initials with dots.",
        person_names.name_spans,
    ),
    Identifier(
        "name_key", "a fact that tells who somebody is", "leave the fact out",
        "A key such as surname, address or phone that is filled in.", _nowhere,
    ),
)  # fmt: skip
IDENTIFIERS: Mapping[str, Identifier] = MappingProxyType({item.kind: item for item in _ALL})

_CANDIDATE = re.compile(
    rf"[0-9]|@|[(\[] ?at| at .{{1,63}} dot |known as|"
    rf"\b(?:{person_names.TITLES}|{person_names.ROLES}|{person_names.RELATIONS}|{person_names.OTHER_TITLES})\b|"
    r"a\.?k\.?a|alias|name[sd]?\b|called|[^\W\d_]\.",
    re.IGNORECASE,
)


def identifiers_in(text: str) -> list[Span]:
    """Every identifier in the text, in order, none over another; spans are of `text` itself."""
    plain = plain_text(text)
    found = _spans(plain)
    in_other_words = [split_words(plain)]
    if not text.isascii() and any(map(is_invisible, text)):
        in_other_words.append(plain_text(text, parted=True))
    for other in filter(None, in_other_words):
        found += [
            span
            for span in _spans(other)
            if not any(span.start < each.end and each.start < span.end for each in found)
        ]
    return sorted(found)


def _spans(plain: PlainText) -> list[Span]:
    if len(plain.text) < 3 or _CANDIDATE.search(plain.text) is None:
        return []
    taken = bytearray(len(plain.text))  # a mark for each character: linear, however many are found
    found: list[Span] = []
    for item in _ALL:
        for start, end in item.spans(plain.text):
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\x01" * (end - start)
                found.append(Span(*plain.original(start, end), item.kind))
    return found


def redact(text: str) -> str:
    """The text with the kind of each identifier in place of the identifier; `_` is a space."""
    pieces: list[str] = []
    after = 0
    for span in identifiers_in(text.replace("_", " ")):
        pieces += text[after : span.start], f"[{IDENTIFIERS[span.kind].name}]"
        after = span.end
    return "".join([*pieces, text[after:]])


def _in_name(name: str) -> list[Span]:
    """The identifiers in the name of a file; `_` is a space, a suffix in capitals no surname."""
    path = Path(name)
    plain = path.stem + path.suffix.lower() if path.suffix.isupper() else path.name
    return identifiers_in(plain.replace("_", " "))


_REPEATED = "and what is made of the file repeats its name; rename it"


def check_name(path: Path, why: str = _REPEATED) -> None:
    """Refuse a file whose name tells who somebody is. Raises `InputError`, which ends in `why`."""
    for span in _in_name(path.name):
        raise InputError(f"the name of a file holds {IDENTIFIERS[span.kind].name}, {why}")


def refuse_identifier(argument: str, text: str, why: str) -> None:
    """Refuse a text that holds an identifier; `why` says who would see it. Raises `ArgumentError`.

    As in `refuse_identifier("seed", text, "the sample's file keeps it")`.
    """
    for span in identifiers_in(text):
        kind = IDENTIFIERS[span.kind].name
        raise ArgumentError(argument, f"holds {kind}, and {why}; say it without")


class SafeNames:
    """Gives each file a name to show: its own, or its number where that tells who it is about."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def safe(self, name: str) -> tuple[str, list[str]]:
        """The name to show, and the kinds of identifier in the real one, when first met."""
        is_new = name not in self._numbers
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        found = [span.kind for span in _in_name(name)]
        if not found:
            return name, []
        return f"input file {number}", found if is_new else []
