"""Names of people: keys that ask for one, and words that show that one follows.

Bare names (`Xxxx Yyyy` with nothing before them) are not looked for: without a list of all names
there is no telling them from roads, hospitals and posts. A name may be of any script: its words
begin with a capital, or with a letter of a script that has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scr_audit.anonymity.birth_dates import is_full_date
from scr_audit.anonymity.plain_text import plain_text

_KEY_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ALWAYS = {
    ("surname",), ("forename",), ("first", "name"), ("last", "name"), ("middle", "name"),
    ("family", "name"), ("full", "name"), ("given", "name"), ("maiden", "name"),
    ("preferred", "name"), ("known", "as"), ("alias",), ("nickname",), ("initials",),
    ("postcode",), ("post", "code"), ("postal", "code"), ("email",), ("e", "mail"),
    ("email", "address"), ("phone",), ("telephone",), ("tel",), ("mobile",), ("street",),
    ("home", "address"), ("address",), ("house", "number"), ("nhs", "number"), ("nino",),
    ("ni", "number"), ("national", "insurance", "number"), ("upn",), ("uln",), ("pupil", "number"),
    ("passport", "number"), ("hospital", "number"), ("tel", "number"),
    ("phone", "number"), ("telephone", "number"), ("mobile", "number"), ("contact", "number"),
    ("fullname",), ("aka",), ("addr",), ("chi", "number"),
}  # fmt: skip
_PEOPLE = frozenset(
    """
    child baby mother father mum dad parent carer partner sibling brother sister grandmother
    grandfather patient client pupil person subject worker doctor gp midwife teacher officer
    husband wife son daughter boy girl aunt uncle friend owner author chair auditor victim kin nok
    """.split()  # noqa: SIM905  # words, not cells
)
_BETWEEN_NAMES = re.compile(r" *(?:[,;/&\n]| and ) *")
_LONGEST_KEY = 80
_ALSO_WORDS = frozenset(
    {"phone", "telephone", "tel", "mobile", "address", "addr", "email", "alias", "born", "street"}
)
_OWNERS = {
    (), *((word,) for word in _PEOPLE), ("home",), ("work",), ("contact",), ("current",),
    ("previous",), ("former",), ("postal",), ("street",), ("correspondence",), ("full",),
}  # fmt: skip
_DATES = (
    ("dob",), ("d", "o", "b"), ("date", "of", "birth"), ("date", "birth"), ("birth", "date"),
    ("birthdate",), ("birthday",), ("born",), ("born", "on"), ("birth", "day"),
    ("born", "on", "month"), ("dod",), ("date", "of", "death"), ("death", "date"),
    ("died", "on"), ("edd",), ("edc",),
    ("expected", "date", "of", "delivery"), ("estimated", "date", "of", "delivery"),
    ("expected", "delivery", "date"), ("baby", "due", "date"),
)  # fmt: skip

TITLES = (
    "(?:Mrs?|MRS?|M[sS]|Lord|Lady)(?: Chief)? Justice|Mr|MR|Mrs|MRS|Ms|MS|Miss|MISS|Mstr|Messrs|"
    "Mx|Dr|DR|Prof|Professor|Revd?|Reverend|Archdeacon|Sir|Dame|Lady|Lord|Cllr|Councillor|"
    "Judge(?: Advocate)?+|HHJ|DDJ|W?PC|PCSO|DC|DS|DI|D?CI|ACC|Sgt|Sergeant(?: Major)?+|Insp|"
    "Inspector|Constable|Superintendent|D?C?Supt|Colonel|Nurse|Midwife|Capt(?:ain)?|"
    "Lieutenant|Lt|Corporal|Cpl|Fr|Imam|Rabbi|Pastor|Herr|Frau|Mme|Madame|Mlle|"
    "Mademoiselle|Monsieur|Se[ñn]or(?:a|ita)?|Signora?|Begum|Sheikh"
)
OTHER_TITLES = "|".join(  # of Russian and Greek, as `plain_text` has them
    re.escape(plain_text(title).text)
    for title in "г-н г-жа господин госпожа гражданин д-р κα κος κυρία κύριος δρ".split()  # noqa: SIM905
)
RELATIONS = (  # which may be a title, too
    "Sister|Brother|Father|Baby|Uncle|Aunt(?:ie|y)?|Gran(?:ny|dma|dad|dpa)"
)
ROLES = (
    "social worker|health visitor|key ?worker|support worker|foster carer|childminder|midwife|"
    "nurse|teacher|solicitor|paediatrician|master"
)
_RELATIONS = (
    "son|daughter|brother|sister|boy|girl|baby|child|a friend|a man|a woman|partner|boyfriend|"
    "girlfriend|cousin"
)
_LETTER = r"[^\W\d_]"
_TITLED = re.compile(
    r"\b(?:(?P<apart>(?:Mrs?|MRS|M[sx]|Miss)\b\.?(?: ?[(\[\"“'] ?| ?[:\-] ?|,))|"
    rf"(?:Mrs?|M[sx]|Miss|Dr)\b\.? +[A-Z]{{2}} +(?={_LETTER}[^\W\d_A-Z])|"  # Mr AB Xxxx
    rf"(?:{TITLES})\b(?:\. *| +)(?:[0-9]{{1,6}} +)?)"
)
_TITLE_LAST = re.compile(  # a whole cell: in a list `LADO, Mr A` is none
    rf"\A ?(?P<name>(?:[a-z']+ ){{1,3}}[^\W\d_a-z]{_LETTER}+|[A-Z'\-]{{3,}}), ?"
    r"(?:Mrs?|MRS?|M[sSx]|Miss|MISS|Dr|DR)\b\.?(?: [A-Z]\b\.?){0,3} ?\Z"
)
_OTHER_TITLED = re.compile(rf"(?i)\b(?:{OTHER_TITLES}|κ(?=\.))\b(?:\. *| +)")
_PUBLIC = re.compile(  # who presides over parliament, a charity and a publisher
    r"(?:[Mm]r\.? [Ss]peaker\b(?!,? [A-Z])|Dr\.? Barnardo's\b|"
    r"Dr\.? Foster (?:[Rr]eports?|[Ii]ntelligence|[Uu]nit|[Dd]ata)\b)"
)
_EMINENT = re.compile(r"Prof|Sir|Dame|Lady|Lord|Judge")
_REPORTED = re.compile(r"(?: [0-9]{4})? (?:Review|Inquiry|Enquiry|Report)\b")  # after who led it
# In small letters of a lord alone: anybody else may have written of this very case, and *enquiry*
# is a daily word.
_SMALL_REPORTED = re.compile(
    r"(?: [0-9]{4})? (?:inquiry|report|recommendations?)\b(?! (?:to|that)\b)"
)
_RELATED = re.compile(rf"\b(?:{RELATIONS}) +")
_LETTERED = re.compile(rf"\b(?:[Mm]rs?|[Mm]s|[Mm]iss|[Dd]r)\b\.? +[a-z]'{_LETTER}{{3,}}\b")
_SMALL_TITLED = re.compile(
    r"\b(?:[Mm]rs?|[Mm]s)\b\.? +(?:(?:d[aeiu]|l[ae]|van|von|de[mnr]|und|zu) )*"
    rf"(?P<name>{_LETTER}(?:['\-]?{_LETTER}){{2,}})\b"
)
_ROLE = re.compile(rf"(?i)\b(?:{ROLES})\b[:,]? +")
_INTRODUCED = re.compile(
    r"(?i)(?:\bknown as:?|\ba\.?k\.?a\.?|\balias|\b(?:sur|fore|nick)?name (?:is|was|(?:given )?as)|"
    rf"\b(?:{_RELATIONS}) (?:called|named)|(?P<label>\b(?:sur|fore|nick)?names?"
    r"(?: of (?:the |her |his )?(?P<of>\w+))? ?(?:[:=]| - ))) ?[\"“(]? ?"
)
_INITIALS = re.compile(rf"(?<![\w.])(?:{_LETTER}\. ?){{1,3}}")
_PART = re.compile(  # `Mac an tXxxx` and `Ó hXxxx` are one word
    r"'?(?P<word>(?:(?i:(?:mac|nic) an t?|[óo] h|n[íi] h)(?=[^\W\d_a-z]))?"
    rf"{_LETTER}(?:['\-]?{_LETTER})*)(?!\w)(?P<gap>\.? {{0,2}})"
)
_PARTICLES = frozenset(
    """
    de da do dos das del della der den des di du d l la le van von vom ten ter zu zum
    bin bint ibn al el abu ben ap af av mac mc st y t
    """.split()  # noqa: SIM905  # words, not cells
)
_SMALL_PARTICLES = frozenset(("dem", "und", "zur", "op"))  # a name where they have a capital
_STAND_IN = re.compile(r"[^\W\d_]{1,2}'[sS]")
_DONE = re.compile(r"(?<![hmey])ed\Z")  # `Mr: attended`, not such as Ahmed or Reed
_STAND_INS = _PEOPLE | frozenset(
    "stepfather stepmother grandson granddaughter cousin name redacted removed unknown yes".split()  # noqa: SIM905
)
# What a form, a heading or a programme says behind a relation: `Father Polish`, `Baby Steps`.
_OF_RELATIONS = _STAND_INS | frozenset(
    """
    act christmas time friendly steps box check clinic group gym massage blues bank milk sensory led
    loss talk week buddy bonds peer feeding weaning weight sleep sleeping safe safety bath seat food
    formula rhyme signing swim well born due aged age half full step foster twin older younger
    eldest elder big little only other new young single same see seen also still never always may
    will would can could should does do has lives works says states gave took went came left told
    present absent alive deceased abroad away working unwell ill unaware aware involved unemployed
    employed self known none nil yes no ok fine good poor low high his her him our their my your
    white black asian mixed british english irish scottish welsh polish romanian pakistani indian
    african caribbean european bangladeshi chinese somali albanian lithuanian latvian portuguese
    spanish french german italian turkish kurdish iraqi iranian syrian afghan nigerian traveller
    roma muslim christian hindu sikh jewish catholic name dob details address phone contact
    figure daughter son mum dad ref refs record records notes informed weighed confirmed claimed
    prison custody alcohol drug drugs drinking smoking smoker crying sleepy asleep awake healthy
    anxious depression asthma autism autistic disabled domestic mental birth bottle breast cot crib
    figures history risk views wishes support supportive services care help annexe
    """.split()  # noqa: SIM905  # words, not cells
)
_MOST_WORDS, _MOST_PARTS = 3, 8
_PLACES = frozenset(
    """
    road street avenue lane close drive way house court surgery clinic hospital ward centre school
    academy college university nursery practice office department unit service services trust board
    council team group
    """.split()  # noqa: SIM905  # words, not cells
)
_NOT_NAMES = _PLACES | frozenset(
    """
    day days officer nurse doctor manager worker health visitor police social midwife review leader
    children child baby adult mother father family parent carer the a an and or in on at of
    for to by with from who was is were has had did said not no he she it they this that these
    then there when where after before both all none one two home visit conference plan
    meeting january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday north south east west
    saint st royal general community section part chapter appendix option if as see letter
    report core safeguarding difficult person patient partner working named lead chief head
    consultant paediatrician teacher sure start operation initial assessment mayor chancellor
    justice duty desk ambulance word excel outlook teams world congo inquiry enquiry
    unknown tbc tba nk redacted withheld present absent drop looked
    mr mrs ms miss dr rota ofsted teenage registrar public emeritus
    """.split()  # noqa: SIM905  # words, not cells
)
_POSTS = re.compile(  # what a post is called, or is for: `practitioner`, `sonographer`, `pregnancy`
    r"(?:ction|ation|tition|vention|tioner|(?<!le)ment|ology|[a-z]{4}(?<!qu)(?<!chr)ist|ographer|vis[eo]r|"
    r"scriber|ociate|natal|ternity|gnancy|iatr(?:ic|y)s?|iatrician|"
    r"nician|liary|cturer|cator|ssessor|inator|entor|xaminer)\Z"
)
_POST = re.compile(r"([A-Z][a-z]+) +")  # the second word of a title: Nurse Practitioner
_THINGS = _PLACES | frozenset(
    "file form policy document user column field drug brand product company place plan".split()  # noqa: SIM905  # words, not cells
)
_ABBREVIATIONS = frozenset({"UK", "US", "GP", "AM", "PM", "NHS", "DOB", "DO", "EG", "IE", "PS"})
_SINGLE_BEFORE = re.compile(r"(?:\A|[,(:]|\b(?:by|with|to|from|saw|told|and|met|for|is)) ?\Z")
_WORD_BEFORE = re.compile(r"(\w+) \Z")


def key_kind(key: str, value: object) -> str | None:
    """The kind that a key asks for (`birth date`, `name`), where `value` could be one."""
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return None
    asked = kind_asked(key)
    if asked == "birth_date":
        return "birth_date" if is_full_date(str(value)) else None
    if asked == "own_name":
        return "name_key" if isinstance(value, str) and _are_names(value, 1) else None
    if asked == "patient":  # else a state, such as `Waiting`
        return "name_key" if isinstance(value, str) and _are_names(value, 2) else None
    return asked


@lru_cache(maxsize=20_000)
def kind_asked(key: str) -> str | None:
    """What a key asks for, whatever its value; `own_name`: a name, perhaps of a person."""
    words = _key_words(key)
    if any(words[-len(ending) :] == ending for ending in _DATES):
        return "birth_date"
    if any(_ends(words, ending) for ending in _ALWAYS):
        return "name_key"
    if words[-1:] == ("name",) and words[-2:-1] and words[-2] in _PEOPLE:
        return "name_key"
    if words in (("patient",), ("kin", "next"), ("nok",)):  # `next_of_kin`, the person first
        return "patient"
    return "own_name" if words == ("name",) else None


def _are_names(text: str, least_parts: int) -> bool:
    """Whether it is a name, or several with commas or the like between them, and nothing else."""
    if not any(map(str.isupper, text)):
        return False
    each = [(_name_at(name, 0), name) for name in _BETWEEN_NAMES.split(text.strip())]
    return all(
        found is not None and found.end == len(name) and found.parts >= least_parts
        for found, name in each
    )


def _key_words(key: str) -> tuple[str, ...]:
    """The words of a key in the singular, without the number of a line: `address_line_1`.

    Whose it is stands first: `name_of_the_child` is `child name`.
    """
    found = [word.lower() for word in _KEY_WORDS.findall(key[-_LONGEST_KEY:])]
    words = [_SINGULAR.get(word, word) for word in found if word != "s"]
    while words and (words[-1].isdigit() or words[-1] == "line"):
        words.pop()
    owner = words.pop() if words and words[-1] in _PEOPLE else None
    while words and words[-1] in ("of", "the"):
        words.pop()
    if words and words[-1] in ("no", "num"):
        words[-1] = "number"
    if owner is not None:
        words.insert(-1 if words[-1:] == ["name"] else 0, owner)
    return tuple(words)


_SINGULAR = {
    "addresses": "address", "children": "child", "babies": "baby", "wives": "wife",
    **{f"{word}s": word for word in (*_PEOPLE, "name", "surname", "forename", "phone", "email")},
}  # fmt: skip


def _ends(words: tuple[str, ...], ending: tuple[str, ...]) -> bool:
    if words[-len(ending) :] != ending:
        return False
    before = words[: -len(ending)]  # `made_by_telephone` asks for no telephone number
    return len(ending) > 1 or ending[0] not in _ALSO_WORDS or before[-1:] in _OWNERS


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """Names after a title or a role, after words such as `known as`, or initials with dots."""
    for found in _TITLED.finditer(text):
        if (name := _name_at(text, found.end())) and not _is_no_name(found, name, text):
            yield found.start(), name.end
        elif name is None and (post := _POST.match(text, found.end())):
            name = _name_at(text, post.end()) if _is_post(post[1].lower()) else None
            if name is not None and name.parts > 1:
                yield found.start(), name.end
    if (last := _TITLE_LAST.match(text)) and _are_names(last["name"], 1):
        yield last.span()
    for found in _OTHER_TITLED.finditer(text):
        if name := _name_at(text, found.end()):
            yield found.start(), name.end
    for found in _RELATED.finditer(text):
        if (name := _name_at(text, found.end())) and not _is_of_relation(text, found.end(), name):
            yield found.start(), name.end
    for found in _LETTERED.finditer(text):
        yield found.span()
    for found in _SMALL_TITLED.finditer(text):
        word = found["name"].lower()
        if _PUBLIC.match(text, found.start()):
            continue
        is_none = word in _NOT_NAMES or _DONE.search(word) or _is_stand_in(found["name"])
        if not is_none:
            yield found.span()
    for found in _ROLE.finditer(text):
        if (name := _name_at(text, found.end())) and name.parts > 1:
            yield found.end(), name.end
    for found in _INTRODUCED.finditer(text):
        if (name := _name_at(text, found.end())) and _asks_for_a_person(found, text):
            yield found.end(), name.end
    for found in _INITIALS.finditer(text):
        if _has_initials(found, text) and (name := _name_at(text, found.end())):
            yield found.start(), name.end


def _is_post(word: str) -> bool:
    return word in ("consultant", "manager") or _POSTS.search(word) is not None


@dataclass(frozen=True)
class _Name:
    """Where a name ends, and how many initials and words in capitals it has."""

    end: int
    parts: int


def _name_at(text: str, start: int) -> _Name | None:
    """The name that begins there: initials and particles, then up to three words in capitals.

    An ordinary word ends it, and what has the word of a place or a thing in it is no person's.
    """
    at, end, parts, words = start, start, 0, 0
    for _ in range(_MOST_PARTS):
        if words == _MOST_WORDS or (found := _PART.match(text, at)) is None:
            break
        word = found["word"]
        pieces = re.split(r"['\-]", word.lower())
        if _THINGS.intersection(pieces) and not word[0].islower():
            return None
        if _is_proper(word):
            if _NOT_NAMES.intersection(pieces[:1]) or _POSTS.search(pieces[-1]):
                break
            end, parts, words = found.end("word"), parts + 1, words + 1
        elif len(word) == 1 and word.isupper():
            parts += 1
        elif word == "of":  # what is `known as Signs of Safety` is nobody
            return None
        elif word.lower() not in _PARTICLES and word not in _SMALL_PARTICLES:
            break
        if not found["gap"].endswith(" "):
            break
        at = found.end()
    after = _PART.match(text, at) if words == _MOST_WORDS else None
    if after and after["word"][0].isupper() and after["word"].lower() in _PLACES:
        return None
    return _Name(end, parts) if words else None


def _is_stand_in(word: str) -> bool:
    """Whether it is one capital, or two, of somebody's: `B's`, `AB's`."""
    return _STAND_IN.fullmatch(word) is not None and word[:-2].isupper()


def _is_proper(word: str) -> bool:
    """Whether a word is written as a name, behind a particle that is joined to it (`d'Xxxx`).

    One capital, or two, are initials that stand for a name (`B`, `AB`, `AB's`); a script without
    capitals needs one character.
    """
    if _is_stand_in(word):
        return False
    pieces = re.split(r"['\-]", word)
    while len(pieces) > 1 and pieces[0].lower() in _PARTICLES:
        pieces.pop(0)
    first = pieces[0]
    if first[0].title() != first[0] or word.lower() in _PARTICLES:
        return False
    return not first[0].isupper() or len(word) > (2 if word.isupper() else 1)


def _is_no_name(title: re.Match[str], name: _Name, text: str) -> bool:
    """Whether it is called after somebody in public life, or a relation stands for the name."""
    if _PUBLIC.match(text, title.start()):
        return True
    if _EMINENT.match(title[0]):
        reported = _REPORTED.match(text, name.end)
        if reported is None and title[0].lstrip("(").startswith("Lord"):
            reported = _SMALL_REPORTED.match(text, name.end)
        return reported is not None
    words = text[title.end() : name.end].lower().split()
    return title["apart"] is not None and (
        not _STAND_INS.isdisjoint(words) or _DONE.search(words[0]) is not None
    )


def _is_of_relation(text: str, start: int, name: _Name) -> bool:
    """Whether the words after a relation (`Father`) say what it did, and are no name."""
    words = re.split(r"[ '\-]+", text[start : name.end])
    is_told = any(word.lower() in _OF_RELATIONS or _DONE.search(word) for word in words)
    return is_told or all(word.isupper() for word in words)  # `Father NFA`


def _asks_for_a_person(found: re.Match[str], text: str) -> bool:
    """Whether `name:` asks for a person's: not `file name:`, nor `name of school:`."""
    if found["label"] is None:
        return True
    if found["of"] is not None:
        return _SINGULAR.get(found["of"].lower(), found["of"].lower()) in _PEOPLE
    before = _WORD_BEFORE.search(text, max(0, found.start() - 30), found.start())
    return before is None or before[1].lower() not in _THINGS


def _has_initials(found: re.Match[str], text: str) -> bool:
    letters = [letter for letter in found[0] if letter.isalpha()]
    if not all(letter.isupper() for letter in letters):
        return False
    if len(letters) == 1:
        before = text[max(0, found.start() - 12) : found.start()]
        return _SINGLE_BEFORE.search(before) is not None
    return "".join(letters) not in _ABBREVIATIONS
