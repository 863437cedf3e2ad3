"""Identifiers with letters: National Insurance numbers, UPNs, postcodes, addresses, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

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
