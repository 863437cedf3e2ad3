"""Names of people: keys that ask for one, and words that show that one follows.

Bare names (`Xxxx Yyyy` with nothing before them) are not looked for: without a list of all names
there is no telling them from roads, hospitals and posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scr_audit.anonymity.birth_dates import is_full_date

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ALWAYS = {
    ("surname",), ("forename",), ("forenames",), ("first", "name"), ("last", "name"),
    ("middle", "name"), ("family", "name"), ("full", "name"), ("given", "name"),
    ("maiden", "name"), ("preferred", "name"), ("known", "as"), ("alias",), ("nickname",),
    ("initials",), ("postcode",), ("post", "code"), ("email",), ("e", "mail"),
    ("email", "address"), ("phone",), ("phone", "number"), ("telephone",), ("tel",),
    ("telephone", "number"), ("mobile",), ("mobile", "number"), ("home", "address"), ("address",),
    ("nhs", "number"), ("nhs", "no"), ("nino",), ("ni", "number"),
    ("national", "insurance", "number"), ("upn",), ("uln",), ("passport", "number"),
}  # fmt: skip
_PEOPLE = frozenset(
    """
    child baby mother father mum dad parent carer partner sibling brother sister grandmother
    grandfather patient client pupil person subject worker doctor gp midwife teacher officer
    husband wife son daughter boy girl aunt uncle friend owner author chair auditor
    """.split()  # noqa: SIM905  # words, not cells
)
_LONGEST_KEY = 80
_ALSO_WORDS = frozenset(
    {"phone", "telephone", "tel", "mobile", "address", "email", "alias", "born"}
)
_OWNERS = {(), *((word,) for word in (*_PEOPLE, "home", "work", "contact", "current"))}
_BIRTH = (
    ("dob",), ("d", "o", "b"), ("date", "of", "birth"), ("birth", "date"), ("birthdate",),
    ("birthday",), ("born",), ("born", "on"), ("birth", "day"), ("born", "on", "month"),
)  # fmt: skip
_NOT_NAMES = frozenset(
    """
    day days road street avenue lane close drive way house court surgery clinic hospital ward
    officer team unit service services trust board council centre school nursery nurse doctor
    manager worker health visitor police social midwife practice department office review
    children child baby adult mother father family parent carer the a an and or in on at of
    for to by with from who was is were has had did said not no he she it they this that these
    then there when where after before both all none one two home visit conference plan
    meeting group january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday north south east west
    saint st royal general community section part chapter appendix option if as see letter
    report core safeguarding difficult person patient partner working named lead chief
    """.split()  # noqa: SIM905  # words, not cells
)
_NAME = r"(?:[A-Z](?:'|[a-z]{1,3}(?=[A-Z]))?[A-Za-z]?[a-z'\-]+|[A-Z]['A-Z\-]{2,})"
_NAMES = rf"{_NAME}(?:[ \-]{_NAME}){{0,2}}"
_TITLED = re.compile(
    r"\b(?:Mr|MR|Mrs|MRS|Ms|MS|Miss|MISS|Mx|Dr|DR|Prof|Professor|Rev|Reverend|PC|WPC|PCSO|DC|DS|"
    rf"DI|DCI|Sgt|Nurse|Midwife)\b\.? +(?:[0-9]{{1,6}} +)?(?:[A-Z]\.? +){{0,3}}(?P<name>{_NAMES})"
)
_SMALL_TITLED = re.compile(r"\b(?:mr|mrs|ms)\b\.? +(?P<name>[a-z][a-z'\-]{2,})\b")
_INTRODUCED = re.compile(
    r"(?i:\b(?:also )?known as|\ba\.?k\.?a\.?|\balias|\bname is|\bname was|\bname given as|"
    r"\b(?:sur|fore|first |last |full |family |middle )?names?(?: of (?:the )?\w+)?\s?[:=]|"
    r"\b(?:son|daughter|brother|sister|boy|girl|baby|child|a friend|a man|a woman|partner|"
    rf"boyfriend|girlfriend|cousin) (?:called|named)) ?[\"'“‘(]?(?P<name>{_NAMES})"
)
_INITIALS = re.compile(rf"(?<![A-Za-z.])(?P<initials>(?:[A-Z]\. ?){{1,3}})(?P<name>{_NAME})")
_ABBREVIATIONS = frozenset({"UK", "US", "GP", "AM", "PM", "NHS", "DOB", "DO", "EG", "IE", "PS"})
_SINGLE_BEFORE = re.compile(r"(?:\A|[,(:]|\b(?:by|with|to|from|saw|told|and|met|for|is)) ?\Z")
_VALUE_NAME = re.compile(rf"{_NAMES}\Z")


def key_kind(key: str, value: object) -> str | None:
    """The kind that a key asks for (`birth date`, `name`), where `value` could be one."""
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return None
    asked = _asked(key)
    if asked == "birth_date":
        return "birth_date" if is_full_date(str(value)) else None
    if asked == "own_name":
        found = isinstance(value, str) and _VALUE_NAME.match(value)
        return "name_key" if found and not _is_ordinary(str(value)) else None
    return asked


@lru_cache(maxsize=20_000)
def _asked(key: str) -> str | None:
    """What a key asks for, whatever its value; `own_name`: a name, perhaps of a person."""
    words = tuple(word.lower() for word in _WORDS.findall(key[-_LONGEST_KEY:]))
    if any(_ends(words, ending) for ending in _BIRTH):
        return "birth_date"
    if any(_ends(words, ending) for ending in _ALWAYS):
        return "name_key"
    if words[-1:] not in (("name",), ("names",)):
        return None
    if len(words) == 1:
        return "own_name"
    return "name_key" if words[-2] in _PEOPLE else None


def _ends(words: tuple[str, ...], ending: tuple[str, ...]) -> bool:
    if words[-len(ending) :] != ending:
        return False
    before = words[: -len(ending)]  # `made_by_telephone` asks for no telephone number
    return len(ending) > 1 or ending[0] not in _ALSO_WORDS or before[-1:] in _OWNERS


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """Names after a title, after words such as `known as`, or after initials with dots."""
    for pattern in (_TITLED, _INTRODUCED):
        for found in pattern.finditer(text):
            if not _is_ordinary(found["name"]):
                yield found.span("name") if pattern is _INTRODUCED else found.span()
    for found in _SMALL_TITLED.finditer(text):
        if not _is_ordinary(found["name"]):
            yield found.span()
    for found in _INITIALS.finditer(text):
        if _has_initials(found, text) and not _is_ordinary(found["name"]):
            yield found.span()


def _has_initials(found: re.Match[str], text: str) -> bool:
    letters = re.sub(r"[^A-Z]", "", found["initials"])
    if len(letters) == 1:
        before = text[max(0, found.start() - 12) : found.start()]
        return _SINGLE_BEFORE.search(before) is not None
    return letters not in _ABBREVIATIONS


def _is_ordinary(name: str) -> bool:
    """Whether the first word, or the last, is an ordinary one and no part of a name."""
    words = re.split(r"[ \-]", name.lower())
    return words[0] in _NOT_NAMES or words[-1] in _NOT_NAMES or len(words[0]) < 2
