"""Identifiers by their form: NHS and telephone numbers, UPNs, postcodes, addresses, e-mail.

A run of digit groups is taken apart into its groups, and neighbouring groups that make up a
number of the right length are tried. So two numbers side by side are both found, and dates
beside times are not taken for a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

_S = r"[ ./\-_]{0,3}"
_START, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_NINO = re.compile(rf"{_START}[A-Za-z]{_S}[A-Za-z](?:{_S}[0-9]){{6}}{_S}[A-Da-d]{_END}")
_BARE_NINO = re.compile(rf"{_START}[A-Za-z]{_S}[A-Za-z](?:{_S}[0-9]){{6}}{_END}")
_NINO_WORD = re.compile(
    r"(?i)(?:\bNINO|\bnat(?:ional|\.)? ?ins(?:urance|\.)?|\bN\.?I\.? (?:no|num))[^0-9]{0,20}\Z"
)
_UPN_WORD = re.compile(r"(?i)(?:\bU\.?P\.?N\b|\bpupil (?:no|num))[^0-9]{0,50}\Z")
_UPN = re.compile(rf"{_START}[A-Za-z](?:{_S}[0-9]){{11}}{_S}[0-9A-Za-z]{_END}")
_POSTCODE = re.compile(
    rf"{_START}([A-Za-z]{{1,2}})([0-9][A-Za-z0-9]?)([ ./\-_]{{0,3}}|,(?=[0-9][A-Z]{{2}}))"
    rf"([0-9][A-Za-z]{{2}}){_END}"
)
_APART = re.compile(  # in capitals, with a space inside its district
    rf"{_START}([A-Z]{{1,2}}) ([0-9][A-Z0-9]?)( )([0-9][A-Z]{{2}}){_END}"
)
_IN_BRACKETS = re.compile(  # one of its parts alone, in capitals
    rf"{_START}([A-Z]{{1,2}})([0-9][A-Z0-9]?)(\) ?| ?\()([0-9][A-Z]{{2}}){_END}"
)
_NO_AREAS = frozenset({"gp"})  # the form GP1
_POSTCODE_WORD = re.compile(
    r"(?i)\b(?:post(?:al)?[ _-]?code|p/?code)s?\b"
    r"(?!.*\b(?:not|no|missing|blank|unknown|without)\b)[^0-9;!?]{0,40}\Z"
)
_FORMS = (_POSTCODE, _APART, _IN_BRACKETS)
_ROADS = "Street|Road|Rd|Avenue|Ave|Lane|Close|Crescent|Terrace|Gardens|Grove|Mews|Drive"
_ADDRESS = re.compile(  # but for what stands in a road by its name: `14 Station Road Surgery`
    r"(?<![\w/.:\-])(?:F(?:lat|LAT) [0-9]{1,3}[A-Za-z]?,? )?"
    r"(?!(?:19|20)[0-9]{2})[0-9]{1,4}[A-Za-z]?,? (?!\w+(?:ment|tion|ing) (?:Drive|Close))"
    rf"(?:(?:[A-Z][a-z'\-]+ ){{1,3}}(?:{_ROADS})|(?:[A-Z'\-]+ ){{1,3}}(?:{_ROADS.upper()}))\b"
    r"(?! (?i:surgery|clinic|hospital|practice|centre|school|nursery|academy|office|health|medical|"
    r"children|family|accident|traffic|safety))"
)
_SPOKEN_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64} (?i:at) [A-Za-z0-9\-]{1,63}"
    r"(?: (?i:dot) [A-Za-z0-9\-]{2,63}){1,8}"
)
_DOT = r" ?(?:\.|[(\[] ?dot ?[)\]]) ?"
_EMAIL = re.compile(  # its last part has a letter, so that it takes no number for a domain
    r"[A-Za-z0-9._%+'\-]{1,64} ?(?:@|[(\[] ?at ?[)\]]) ?"
    rf"[A-Za-z0-9\-]{{1,63}}(?:{_DOT}[A-Za-z0-9\-]{{2,63}}){{0,7}}"
    rf"{_DOT}(?=[0-9\-]*[A-Za-z])[A-Za-z0-9\-]{{2,63}}",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[^A-Za-z0-9]")
_LITTLE_WORDS = frozenset(
    """
    am an as at be by do go he if in is it me my no of on or so to up us we
    """.split()  # noqa: SIM905  # words, not cells
)
_ORDINALS = re.compile(r"(?:1st|2nd|3rd|[04-9]th)\Z")
_INWARD = re.compile(r"[0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}\Z")
_AREAS = frozenset(
    """
    ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt
    dy e ec en ex eh fk fy g gl gu ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld
    le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg
    sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo
    ze gy zz
    """.split()  # noqa: SIM905  # words, not cells
)
_SHORTEST_JOINED = 6
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nino_spans(text: str) -> Iterator[tuple[int, int]]:
    """National Insurance numbers: two letters, six digits and a letter from A to D."""
    for found in _NINO.finditer(text):
        if not _is_sentence(found[0]):
            yield found.span()
    for found in _BARE_NINO.finditer(text):
        if _NINO_WORD.search(text, max(0, found.start() - 60), found.start()):
            yield found.span()


def _is_sentence(found: str) -> bool:
    """Whether it is prose such as `on 03.05.09 a`: a little word, a number, a word."""
    return found[:2].lower() in _LITTLE_WORDS and not found[2:3].isdigit()


def upn_spans(text: str) -> Iterator[tuple[int, int]]:
    """Unique pupil numbers: a check letter and twelve digits, the last perhaps a letter.

    After the words the check letter may be wrong: they say what it is.
    """
    for found in _UPN.finditer(text):
        is_said = _UPN_WORD.search(text, max(0, found.start() - 60), found.start())
        if is_said or is_upn(_SIGNS.sub("", found[0]).upper()):
            yield found.span()


def postcode_spans(text: str) -> Iterator[tuple[int, int]]:
    """Whole postcodes. One in small letters counts only where its area exists.

    What could as well be words (`so 14 2nd`, `b33 8th`) is one only after the word that says so.
    """
    for found in chain.from_iterable(each.finditer(text) for each in _FORMS):
        area, district, between, inward = found.groups()
        if not _INWARD.match(inward):
            continue
        if _POSTCODE_WORD.search(text, max(0, found.start() - 60), found.start()):
            yield found.span()
            continue
        known = area.lower() in _AREAS
        if _ORDINALS.match(inward):
            continue
        if area.lower() in _NO_AREAS:
            continue
        if not known and (len(area) == 1 or not found[0].isupper()):
            continue
        if not between and len(area + district + inward) < _SHORTEST_JOINED:
            continue  # such as a short hash
        if area.lower() in _LITTLE_WORDS and not found[0].isupper():
            continue
        yield found.span()


def postcode_district(found: str) -> str:
    """The part of a postcode that may stay: `ZZ99 9ZZ` is in `ZZ99`."""
    return _SIGNS.sub("", found)[:-3].upper()


def address_spans(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of houses and flats with the road, in capitals: `Flat 3, 14 Xxxx Avenue`."""
    for found in _ADDRESS.finditer(text):
        yield found.span()


def email_spans(text: str) -> Iterator[tuple[int, int]]:
    """E-mail addresses, also with (at) and (dot), or said aloud."""
    if "@" in text or "at" in text.lower():
        for found in chain(_EMAIL.finditer(text), _SPOKEN_EMAIL.finditer(text)):
            yield found.span()


def is_upn(text: str) -> bool:
    """Whether 13 characters carry the check letter of a unique pupil number (modulus 23).

    A temporary number ends in a letter. Source: Department for Education, UPN guide.
    """
    letter, body = text[:1], text[1:]
    if len(body) != 12 or letter not in _UPN_LETTERS or not body[:11].isdigit():
        return False
    last = int(body[11]) if body[11].isdigit() else _UPN_LETTERS.find(body[11])
    if last < 0:
        return False
    values = [*map(int, body[:11]), last]
    total = sum(value * weight for weight, value in enumerate(values, 2))
    return _UPN_LETTERS[total % 23] == letter


_RUN = re.compile(r"[0-9]+(?:[ ()\[\]./\-_]{1,4}[0-9]+)*")
_SIGNED = re.compile(r"(?<![0-9])[0-9]{3} ?([:,;|~=*]) ?[0-9]{3} ?\1 ?[0-9]{4}(?![0-9])")
_GROUP = re.compile(r"[0-9]+")
_NHS_GROUPS = {
    (10,), (3, 3, 4), (4, 3, 3), (3, 4, 3), (5, 5), (4, 6), (6, 4), (3, 7), (7, 3),
    (2, 2, 2, 2, 2), (1,) * 10,
}  # fmt: skip
_NHS_WORD = re.compile(
    r"(?i)\bn\.?h\.?s\b\.?\)?(?:[ :=#\-(\[]{0,5}|[ \-]?(?:no|num|number|nr|id|identifier)\b"
    r"(?!.*\b(?:not|no|missing|blank|unknown|without)\b)[^0-9;]{0,40})\Z"
)
_LABELLED = re.compile(
    r"(?i)\b(?:(?:hospital|patient|passport|mrn|chi)[ _-]?(?:no\b\.?|num|number|nr|id)|"
    r"passport|mrn|chi)"
    r"[ :=#\-]{1,4}(?:(?:is|was) )?(?P<number>[A-Z]{0,3}[0-9]{5,10})(?![0-9A-Za-z/])"
)
_POLICY = re.compile(r"(?i)(?<![A-Za-z0-9])POL(?:ICY)?(?:-?|[ _]n(?:o|umber)[.:]? ?)\Z")
_MOST_GROUPS = 12
_MOST_INSIDE = 5  # of a number that is only a part of its run


@dataclass(frozen=True)
class _Window:
    """Neighbouring groups of a run: their digits, and where they stand in the text."""

    digits: str
    groups: tuple[int, ...]
    joins: tuple[str, ...]
    start: int
    end: int
    is_whole: bool


def nhs_spans(text: str) -> Iterator[tuple[int, int]]:
    """NHS numbers: ten digits in a usual grouping with the right check digit.

    After the words any ten will do: they say what it is, whatever was mistyped.
    """
    yield from _spans(text, (10,), _is_nhs)
    for found in _SIGNED.finditer(text):
        is_said = _NHS_WORD.search(text, max(0, found.start() - 70), found.start())
        digits = "".join(_GROUP.findall(found[0]))
        # numbers of a list stand between commas or colons too, so there the words are needed
        if is_said or (found[1] in "|~=*" and is_nhs_number(digits)):
            yield found.span()


def labelled_spans(text: str) -> Iterator[tuple[int, int]]:
    """Hospital and passport numbers, right behind the words that say so."""
    for found in _LABELLED.finditer(text):
        yield found.span("number")


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Telephone numbers: ten or eleven digits from 0, or after +44."""
    return _spans(text, (10, 11, 12, 13, 14, 15), _is_phone)


def _spans(
    text: str, lengths: Sequence[int], test: Callable[[_Window, str], bool]
) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        if run.end() - run.start() < lengths[0]:
            continue
        after = 0
        for window in _windows(text, run.start(), run.end(), lengths):
            if window.start >= after and test(window, text):
                yield window.start, window.end
                after = window.end


def _windows(text: str, start: int, end: int, lengths: Sequence[int]) -> Iterator[_Window]:
    groups = [found.span() for found in _GROUP.finditer(text, start, end)]
    joins = [text[a[1] : b[0]] for a, b in pairwise(groups)]
    most = _MOST_GROUPS if len(groups) <= _MOST_GROUPS else _MOST_INSIDE
    for first in range(len(groups)):
        if first and _is_glue(joins[first - 1]):
            continue
        total = 0
        for last in range(first, min(first + most, len(groups))):
            total += groups[last][1] - groups[last][0]
            if total > lengths[-1]:
                break
            is_cut = last < len(joins) and _is_glue(joins[last])
            if first == last and is_cut and joins[last] == "/":  # a number of copies or persons
                is_short = groups[last + 1][1] - groups[last + 1][0] <= 2
                is_cut = not is_short or any(map(_is_glue, joins[last + 1 : last + 2]))
            if total not in lengths or is_cut:
                continue
            inside = groups[first : last + 1]
            yield _Window(
                "".join(text[a:b] for a, b in inside),
                tuple(b - a for a, b in inside),
                tuple(joins[first:last]),
                inside[0][0],
                inside[-1][1],
                len(inside) == len(groups),
            )


def _is_glue(join: str) -> bool:
    """Whether what joins two groups makes one token of them, as in 12/05/2009."""
    return " " not in join


def _is_nhs(window: _Window, text: str) -> bool:
    if _NHS_WORD.search(text, max(0, window.start - 70), window.start) and not _has_date(window):
        return not _in_word_of_digits(text, window)
    if window.groups == (10,) and _POLICY.search(text, max(0, window.start - 17), window.start):
        return False
    if window.groups not in _NHS_GROUPS or not is_nhs_number(window.digits):
        return False
    if len(window.groups) >= 5 and not window.is_whole:
        return False
    if window.groups == (5, 5) and "/" in window.joins[0]:
        return False  # two readings or references
    return not _is_amount(text, window) and not _in_word_of_digits(text, window)


def _is_phone(window: _Window, text: str) -> bool:
    national = _national(window, text)
    if national is None or _has_date(window) or _in_word_of_digits(text, window):
        return False
    spread = len(window.groups) >= 6
    if window.digits.startswith("0") and window.groups[0] == 2 and not spread:
        return False  # no area code is so short: 03 05 2009
    if 7 <= window.groups[0] <= 9:
        return False  # none is so long either: a file number and its year
    return (not spread or window.is_whole) and not _is_amount(text, window)


def _national(window: _Window, text: str) -> str | None:
    """The number from its 0 on, if the window is one whole telephone number."""
    digits = window.digits
    if text[max(0, window.start - 1) : window.start] == "+" or digits.startswith("0044"):
        digits = digits.removeprefix("00")
        if not digits.startswith("44"):
            return None
        digits = "0" + digits[2:].removeprefix("0")
    long = (len(digits) == 11 and digits[0] == "0" and digits[1] in "12378") or digits[:2] == "09"
    short = len(digits) == 10 and digits[:2] == "01"
    return digits if (long and len(digits) == 11) or short else None


def _has_date(window: _Window) -> bool:
    """Whether three groups of the window, joined by one sign, are the parts of a date."""
    place = 0
    parts: list[str] = []
    for length in window.groups:
        parts.append(window.digits[place : place + length])
        place += length
    for at in range(len(parts) - 2):
        if window.joins[at] == window.joins[at + 1] and _is_date(parts[at : at + 3]):
            return True
    return False


def _is_date(parts: Sequence[str]) -> bool:
    if len(parts[0]) == 4:
        parts = parts[::-1]
    day, month, year = parts
    if len(day) > 2 or len(month) > 2 or len(year) not in (2, 4):
        return False
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12 and (len(year) == 2 or year[:2] in "1920")


def _is_amount(text: str, window: _Window) -> bool:
    return text[max(0, window.start - 4) : window.start].rstrip().endswith(("£", "$", "€"))


def _in_word_of_digits(text: str, window: _Window) -> bool:
    """Whether the digits stand in a longer word with other digits, such as a hash."""
    before = re.search(r"[A-Za-z0-9]*\Z", text[max(0, window.start - 40) : window.start])
    after = re.match(r"[A-Za-z0-9]*", text[window.end : window.end + 40])
    around = (before[0] if before else "") + (after[0] if after else "")
    return any(character.isdigit() for character in around)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11).

    One digit ten times over is a filler, not a number. Source: NHS Data Dictionary, NHS NUMBER.
    """
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    return (11 - total % 11) % 11 == int(digits[9])  # a remainder that asks for 10 fits no digit
