"""Full dates of birth and death: a whole date that a word says is somebody's.

The day on which a birth is expected counts too, since it is within days of it. A full date anywhere
else is an event's and is ordinary. A month or a year is no full date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:(?:19|20)[0-9]{2}|'?[0-9]{2})"
_NUMERIC = r"[0-9]{1,2} ?[./\- ] ?[0-9]{1,2} ?[./\- ] ?" + _YEAR
_ISO = r"(?:19|20)[0-9]{2} ?[./\- ] ?[0-9]{1,2} ?[./\- ] ?[0-9]{1,2}"
_DAY_FIRST = rf"[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)?[ .\-/]{{0,2}}{_MONTH}[ .,\-/]{{0,3}}{_YEAR}"
_MONTH_FIRST = rf"{_MONTH}[ .\-]{{0,2}}[0-9]{{1,2}}(?:st|nd|rd|th)?[ ,.\-]{{1,3}}{_YEAR}"
_YEAR_FIRST = rf"(?:19|20)[0-9]{{2}}[ .,\-]{{1,2}}{_MONTH}[ .\-]{{1,2}}[0-9]{{1,2}}"
_SIGNED = r"[0-9]{1,2} ?(?P<sign>[|,;:~*]) ?[0-9]{1,2} ?(?P=sign) ?(?:19|20)[0-9]{2}"
_SHORTEST = r"[0-9]{1,2}/[0-9]{1,2}/[0-9]"  # a year of one digit
_JOINED = r"(?:[0-9]{2}){2}(?:19|20)[0-9]{2}|(?:19|20)[0-9]{6}"
_DATE = re.compile(
    rf"(?:(?<![0-9A-Za-z])|(?<=dob)|(?<=born))(?:{_ISO}|{_NUMERIC}|{_DAY_FIRST}|{_MONTH_FIRST}|"
    rf"{_YEAR_FIRST}|{_JOINED}|{_SIGNED}|{_SHORTEST})(?![0-9])",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    r"(?i)\bbirthday(?: ?[:=(]|,)? ?(?:(?:is|was|falls|on|the) ){0,3}(?P<day>"
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?)\b"
)
_DD, _MM = r"(?:0[1-9]|[12][0-9]|3[01])", r"(?:0[1-9]|1[0-2])"
_DAY = rf"(?:{_DD}|[1-9])"
_BARE_DAY = (  # six figures, or a day and a month without a year
    rf"(?:{_DD}{_MM}[0-9]{{2}}|[0-9]{{2}}{_MM}{_DD}|{_DAY} ?[/.\-] ?(?:{_MM}|[1-9])|"
    rf"{_DAY}(?:st|nd|rd|th)?(?: of)? ?{_MONTH}\b|{_MONTH} {_DAY}(?:st|nd|rd|th))"
)
_LABELLED = re.compile(  # right behind the label, where nothing else is meant; not `DOB 6/10 known`
    r"(?i)(?<![a-z])(?:d\.? ?o\.? ?b\b\.?|dob(?=[0-9])|d/o/b|date[ -]of[ -]birth|birth[ -]?date)"
    rf"[ :;=,(\-]{{0,4}}(?:(?:is|was) )?(?P<day>{_BARE_DAY})"
    r"(?![0-9A-Za-z]| ?[/.\-] ?[0-9]|"
    r" (?:of|recorded|known|missing|complete|forms?|records?|files?)\b)"
)
_BARE = re.compile(_BARE_DAY, re.IGNORECASE)
_LABEL = (
    r"d\.? ?o\.? ?[bd]\b\.?|d/o/b|date[ -]of[ -](?:birth|death)|birth[ -]?da(?:te|y)|"
    r"e\.?d\.?[dc]\b\.?|(?:expected|estimated) (?:date of (?:delivery|birth)|(?:delivery|due) date)"
)
_BEFORE = re.compile(
    rf"(?i)(?<![a-z])(?<!pre[ -])(?P<word>{_LABEL}|born|birth|died|passed away|"
    r"deceased|stillborn|killed|b\.(?= ?\Z)|"
    r"(?:her|mother's|mum's|baby's) due date|(?:baby|infant|twins)(?:,| is| was)? "
    r"due(?= (?:(?:on|about|around|the) ){0,2}\Z))"
    r"(?P<between>[^0-9]{0,60}|[^0-9]{0,30}[0-9]{2}[:.][0-9]{2}[^0-9]{0,20})\Z"
)
_AFTER = re.compile(
    rf"(?i)[ ,(\[–\-]{{0,4}}(?:(?:is|was|as|=|the|her|his|their|a|(?:child|baby|boy|girl|mother|"
    rf"father)'?s?) ){{0,4}}(?:{_LABEL})(?!(?: |is|was|still|yet|:|-)*"
    r"(?:missing|blank|absent|unknown|omitted|not (?:yet )?(?:recorded|known|given|on)\b))"
)
_SAID = re.compile(
    r"(?i)\bb\.|born|birth|died|passed|deceased|killed|death|due|delivery|d\W{0,2}o\W{0,2}[bd]|e\W?d\W?[dc]"
)
_EVENT = re.compile(
    r"(?i)[;!?]|, and\b|(?<!\bprem)(?<!\.)\.(?: |\Z)|\b(?:visits?|visited|plans?|conferences?|"
    r"meetings?|review\w*|reports?|assess\w*|enquir\w*|discuss\w*|seen|refer\w*|calls?|called|until|"
    r"since|before|after|when|notif\w*|weigh\w*|weight|certificate|checked|sent|booked|moved|discharged|"
    r"registered|told|made|came|audit\w*|attend\w*|appointment|letter|wrote|written|admitted|missing|"
    r"blank|received|returned|dated|unknown|between|year|period|not (?:yet )?(?:recorded|known))\b"
)
_STRICT = ("born", "birth")  # an ordinary word: a comma ends what it is about
_REACH = 80


def birth_date_spans(text: str) -> Iterator[tuple[int, int]]:
    """Whole dates that the words beside them say are a birth, or a death."""
    if _SAID.search(text) is None:
        return
    for found in _DATE.finditer(text):
        if _said_before(text, found.start()) or _AFTER.match(text, found.end()):
            yield found.span()
    for found in _BIRTHDAY.finditer(text):
        yield found.span("day")
    for found in _LABELLED.finditer(text):
        yield found.span("day")


def is_full_date(text: str) -> bool:
    """Whether the text holds a whole date, or is one in six figures or without its year."""
    return _DATE.search(text) is not None or _BARE.fullmatch(text.strip()) is not None


def month_of_birth(found: str) -> str:
    """The month of a whole date, `2009-05`; of one whose month cannot be told, the year.

    A birthday has no year: of it the month stays, as it is written where it is a word.
    """
    groups = re.findall(r"[0-9]+", found)
    named = re.search(_MONTH, found, re.IGNORECASE)
    if named and len(groups) == 1 and len(groups[0]) < 3:
        return named[0]
    if len(groups) == 2 and not named:
        return _MONTHS[int(groups[1]) - 1].capitalize()
    if len(groups) == 1 and len(groups[0]) == 6:
        pairs = re.findall("..", groups[0])
        is_day_first = int(pairs[0]) <= 31 and 1 <= int(pairs[1]) <= 12
        groups = pairs if is_day_first and int(pairs[0]) else pairs[::-1]
    if len(groups) == 1 and len(groups[0]) == 8:
        digits = groups[0]
        first = digits[:2] in ("19", "20") and 1 <= int(digits[4:6]) <= 12
        groups = [digits[:4], digits[4:6], ""] if first else ["", digits[2:4], digits[4:]]
    year = next((group for group in groups if len(group) == 4), "")
    if not year:
        short = groups[-1].zfill(2)
        year = f"20{short}" if int(short) < 50 else f"19{short}"
    month = _MONTHS.index(named[0][:3].lower()) + 1 if named else int(groups[1])
    return f"{year}-{month:02}" if 1 <= month <= 12 else year


def _said_before(text: str, start: int) -> bool:
    """Whether one of the words before the date says so, with nothing between that ends it."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    while before is not None:
        between = before["between"]
        is_apart = before["word"].lower() in _STRICT and "," in between
        if not between.strip(" ;") or not (is_apart or _EVENT.search(between)):
            return True
        before = _BEFORE.search(text, before.end("word"), start)
    return False
