"""The closed table of operators: what there is to know of each stands in its row.

A row gives the words, the types, the meaning twice (a Python function for the interpreter, a
source template for the compiler), one sentence and an example, and what else an operator may
be known for: its unit, its last day, whether it counts, how it is read aloud, what people write
for it. The grammar, the checker, both evaluators, the sentences, the mutations, the reference and
the tests read the row; only `slips.py`, which reads wrong lines, and `plans/pack_of_plan.py`, which
writes two lines, name some operators. No line can name the operators of `due.py`, which makes
conditions of its own of them.

`test` is called with recorded values only (`is recorded` apart) and returns `True`, `False`
or `None`, the last only where an imprecise date leaves the answer open. `code` is used for
records whose dates are all exact; it must mean the same and give a true or false value. Where
it is empty the compiler calls `test`.
"""

from __future__ import annotations

import operator as op
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from functools import cached_property
from typing import Literal, NamedTuple, get_args

from scr_audit.errors import InputError
from scr_audit.language import pattern
from scr_audit.language.types import DATES, NUMBERS, WORDS, FactType, Kind, Value
from scr_audit.values.calendar import Calendar, add_months
from scr_audit.values.imprecise import Moment, as_day, bounds, moments
from scr_audit.values.text import of_one

Objects = Literal["none", "one", "many"]
TimeUnit = Literal["", "minutes", "hours", "days", "working days", "weeks", "months", "years"]
JoinWord = Literal["", "and", "or"]
OperatorTest = Callable[..., bool | None]
LastDay = Callable[[date, float, Calendar | None], date | None]

TEXTS = frozenset({Kind.TEXT})
OBJECT = "…"  # in the name of an operator that has words after its object
BY_THE_CLOCK: tuple[TimeUnit, ...] = ("minutes", "hours")  # all other units are of days
ANYTHING = frozenset(Kind) - {Kind.OPEN}
BY_DECIMALS = Context(prec=60, traps=[])  # differences and sums of numbers as they are written
_N = re.compile(r"\bN\b")


@dataclass(frozen=True, eq=False)
class Operator:
    """One operator: its words, its types, its meaning and all that is particular to it.

    `name` is what a line says between subject and object; the word `N` in it stands for a number,
    a {parameter} or a fact, and `…` for the object where words come after it. `subjects` are the
    kinds of fact before it, `objects` how many things stand after it: `none`, `one` or `many`.
    `sentence` and `example` are its documentation. `test` is called with the recorded values, the
    subject first, and returns True, False or None (the record leaves it open). `code` is the same
    as a source template, or empty: then `test` is called. `neighbours` are the operators that a
    mutation puts in its place. The others have a default that fits most operators:

    - `takes_unknown`: it asks whether a fact is recorded, as only the language's own may. What
      stands after it is a fact.
    - `null_safe`: source that is true exactly where it holds, and where it fails, though the
      subject may be None and the object is written in the rule; empty where there is none.
    - `by_example`: of texts, whether it can hold is told by those that are written beside it.
    - `of_part`: the text that stands after it is held against a part of another.
    - `written`: what may be wrong with the text that stands after it, always written in the rule.
    - `of_itself`: its answer where a fact is compared with itself; None where that depends.
    - `threshold`: among numbers its answer changes at the object and nowhere else.
    - `count`: it may compare the number of items that a `count:` finds, of which only a lowest
      and a highest is known. `rises`: what is more never makes it fail.
    - `by_day`: date-times are compared by their days.
    - `unit` is what N counts, `direction` 1 where the subject comes after the object, or -1.
    - `needs_calendar`: `test` is called with the calendar of the pack, after N.
    - `last_day`: the operator sets the subject a last day, counted from the object.
    - `same_at`: the N, or the number of objects, at which it says the same as its neighbours.
    - `period`: the lines that it stands for, by a date of the object and an operator.
    - `waits_for`: the operator of a duty, in a line that holds while that may still be done.
    - `recorded`: of one that asks only whether the fact is recorded, its answer where it is.
    - `unsaid`: it is meant where a count is compared with a number alone.
    - `spoken`: what sentences have in the place of a value, with `{}` for the object; `not` at
      its beginning denies. Where it is empty they have its own words, so that nothing is lost, and
      a reason says what was asked for.
    - `of_day`: the same of a day, where that is said otherwise; `{day}` is the day of the object.
    - `between`: what stands between two facts, where that is not its own words.
    - `joined`: the word before the last of several objects.
    - `words_held`: its answer where a list has the words that it asks for, so that a reason tells
      of these words; None where that depends on the others.
    - `missed`: what is said of a day that is on the right side of the object, and not as asked.
    - `signs`: what is written for it elsewhere; `also_said`: a pattern of other words for it.
    - `samples`: subjects for its truth table and for remedies, where those of its types do not
      show every answer.
    """

    name: str
    subjects: frozenset[Kind]
    objects: Objects
    sentence: str
    example: str
    test: OperatorTest
    code: str
    neighbours: tuple[str, ...] = ()
    takes_unknown: bool = False
    null_safe: tuple[str, str] = ("", "")
    by_example: bool = True
    of_part: bool = False
    written: CheckedText | None = None
    of_itself: bool | None = None
    threshold: bool = False
    count: CountCode | None = None
    rises: bool = False
    by_day: bool = False
    unit: TimeUnit = ""
    direction: int = 0
    needs_calendar: bool = False
    last_day: LastDay | None = None
    same_at: int | None = None
    period: tuple[tuple[str, str], ...] = ()
    waits_for: Operator | None = None
    recorded: bool | None = None
    unsaid: bool = False
    spoken: str = ""
    of_day: str = ""
    between: str = ""
    joined: JoinWord = ""
    words_held: bool | None = None
    missed: str = ""
    signs: tuple[str, ...] = ()
    also_said: str = ""
    samples: tuple[Value, ...] = ()
    registered: bool = False

    def __reduce__(self) -> tuple[object, ...]:
        return operator_named, (self.name,)  # `test` may be any function, which no pickle takes

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.name.partition(OBJECT)[0].split())

    @cached_property
    def last_words(self) -> tuple[str, ...]:
        """What a line says after the object."""
        return tuple(self.name.partition(OBJECT)[2].split())

    def around(self, objects: str) -> str:
        """Its words with the objects where they stand."""
        return self.name.replace(OBJECT, objects) if self.last_words else f"{self.name} {objects}"

    def said(self, objects: str = "", number: str = "", *, words: str = "", day: str = "") -> str:
        """Its own words, or other `words` of its row, with the objects and the number in them."""
        words = words or (self.around("{}") if self.objects != "none" else self.name)
        found = _N.sub("{number}", words).format(objects, number=number, day=day or objects)
        return of_one(found) if self.unit else found

    def asked_for(self, objects: str = "", number: str = "", *, noun: str = "one") -> str:
        """What it asks for, in the place of a value: `at least 3`, `one that is a palindrome`."""
        if self.spoken:
            return self.said(objects, number, words=self.spoken)
        return f"{noun} that {self.said(objects, number)}"

    @property
    def has_number(self) -> bool:
        return "N" in self.words

    @property
    def whole(self) -> bool:
        """Whether N is a whole number, as that of days is."""
        return bool(self.unit) and self.unit not in BY_THE_CLOCK


class CountCode(NamedTuple):
    """When a count between `low` and `high` surely holds against `n`, and when it surely fails."""

    holds: str
    fails: str


class CheckedText(NamedTuple):
    """Of a text that a rule writes after an operator: what is wrong with it, and what fits it."""

    objection: Callable[[str], str]
    witness: Callable[[str], str]


def exact(number: float) -> Decimal:
    """A number as it is written in decimals, so that 0.3 less 0.1 is 0.2."""
    return Decimal(number if isinstance(number, int) else repr(number))


def limit(unit: TimeUnit, anchor: date, number: float, calendar: Calendar | None) -> date | None:
    """The last moment that is within `number` units after `anchor`, before it if negative.

    The day of the anchor is day 0, working day or not. What would lie beyond the dates that there
    are is the last (or first) of them; None: not known, beyond the years of the calendar.
    """
    return _UNITS[unit].away(anchor, number, calendar)


def _minutes_away(anchor: date, minutes: float, calendar: Calendar | None) -> datetime:
    assert isinstance(anchor, datetime)
    try:
        return anchor + timedelta(minutes=minutes)
    except OverflowError:
        end = datetime.min if minutes < 0 else datetime.max
        return end.replace(tzinfo=anchor.tzinfo)


def _days_away(anchor: date, number: float, calendar: Calendar | None) -> date:
    days = anchor.toordinal() + int(number)
    return date.fromordinal(min(max(days, date.min.toordinal()), date.max.toordinal()))


def _working_days_away(anchor: date, number: float, calendar: Calendar | None) -> date | None:
    assert calendar is not None
    return calendar.add(anchor, int(number))


class _Counted(NamedTuple):
    """A unit: what lies N of it away, its words, and the source of how many lie between two days.

    `code` is empty where that has no source.
    """

    away: LastDay
    code: str
    example: tuple[str, str, str]
    counted: str = ""
    subjects: frozenset[Kind] = DATES


_DAYS_BETWEEN = "{later}.toordinal() - {earlier}.toordinal()"
_SECONDS_BETWEEN = "({later} - {earlier}).total_seconds()"
_UNITS: dict[TimeUnit, _Counted] = {
    "minutes": _Counted(
        _minutes_away,
        f"{_SECONDS_BETWEEN} / 60",
        ("referral.written_at", "90", "referral.made_at"),
        subjects=frozenset({Kind.DATETIME}),
    ),
    "hours": _Counted(
        lambda anchor, number, calendar: _minutes_away(anchor, 60 * number, calendar),
        f"{_SECONDS_BETWEEN} / 3600",
        ("referral.written_at", "48", "referral.made_at"),
        subjects=frozenset({Kind.DATETIME}),
    ),
    "days": _Counted(
        _days_away, _DAYS_BETWEEN, ("enquiry.completed_on", "5", "enquiry.started_on"),
    ),
    "working days": _Counted(
        _working_days_away,
        "",
        ("enquiry.conference_date", "15", "enquiry.started_on"),
        ", by the pack's calendar: the day of the object is day 0, working day or not, and a "
        "day off beyond the Nth working day is out of time",
    ),
    "weeks": _Counted(
        lambda anchor, number, calendar: _days_away(anchor, 7 * int(number), calendar),
        f"({_DAYS_BETWEEN}) / 7",
        ("contact.date", "6", "birth.date"),
    ),
    "months": _Counted(
        lambda anchor, number, calendar: add_months(anchor, int(number)),
        "",
        ("review.date", "3", "conference.date"),
        ", to the same day of that month, or its last where it has no such day",
    ),
    "years": _Counted(
        lambda anchor, number, calendar: add_months(anchor, 12 * int(number)),
        "",
        ("review.date", "1", "conference.date"),
        ", to the same day of that year, or its last of February",
    ),
}  # fmt: skip


def _within_test(unit: TimeUnit, direction: int) -> OperatorTest:
    """Whether the subject lies between the anchor and the limit, the days of both included.

    The limit grows with the anchor, so that the two ends of what is imprecise decide for all
    between.
    """

    def test(
        subject: Moment, anchor: Moment, number: float, calendar: Calendar | None = None
    ) -> bool | None:
        (low, high), (first, last) = bounds(subject), bounds(anchor)
        if unit in BY_THE_CLOCK and (low is not high or first is not last):
            pairs = [(s, a) for s in moments(subject) for a in moments(anchor)]
            if pairs and not any(test(s, a, number) for s, a in pairs):
                return False  # though what lies between the two ends of each would be in time
        if (high < first) if direction > 0 else (low > last):
            return False
        nearest, furthest = (first, last) if direction > 0 else (last, first)
        surely = at_most = limit(unit, nearest, direction * number, calendar)
        if furthest is not nearest:
            at_most = limit(unit, furthest, direction * number, calendar)
        if surely is None or at_most is None:
            return None
        if direction > 0:
            return False if low > at_most else True if low >= last and high <= surely else None
        return False if high < at_most else True if high <= first and low >= surely else None

    return test


def _apart_test(unit: TimeUnit, direction: int) -> OperatorTest:
    """Whether the subject lies N units away from the anchor, or further."""

    def test(
        subject: Moment, anchor: Moment, number: float, calendar: Calendar | None = None
    ) -> bool | None:
        (low, high), (first, last) = bounds(subject), bounds(anchor)
        nearest = limit(unit, first, direction * number, calendar)
        furthest = limit(unit, last, direction * number, calendar)
        if nearest is None or furthest is None:
            return None
        if direction > 0:
            return True if low >= furthest else False if high < nearest else None
        return True if high <= nearest else False if low > furthest else None

    return test


_SYMBOLS: dict[str, OperatorTest] = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge, "==": op.eq}
_COUNTS = {
    ">=": CountCode("{low} >= {n}", "{high} < {n}"),
    ">": CountCode("{low} > {n}", "{high} <= {n}"),
    "<=": CountCode("{high} <= {n}", "{low} > {n}"),
    "<": CountCode("{high} < {n}", "{low} >= {n}"),
    "==": CountCode("{low} == {high} == {n}", "{low} > {n} or {high} < {n}"),
}


def _comparison(
    name: str, sentence: str, example: str, symbol: str, *near: str,
    also_said: str = "", by_day: bool = False, last_day: LastDay | None = None,
) -> Operator:  # fmt: skip
    """A row about dates, whose meaning is one of Python's comparisons."""
    return Operator(
        name, DATES, "one", sentence, example, _SYMBOLS[symbol], f"{{0}} {symbol} {{1}}", near,
        of_itself="=" in symbol, signs=() if symbol == "==" else (symbol,),
        spoken=f"{name} {{day}}" if name.startswith("on ") else f"{name} {{}}",
        also_said=also_said, by_day=by_day, last_day=last_day,
    )  # fmt: skip


def _amount(
    name: str, sentence: str, example: str, symbol: str, *near: str, also_said: str
) -> Operator:
    """A row about numbers, made the same way."""
    return replace(
        _comparison(name, sentence, example, symbol, *near, also_said=also_said),
        subjects=NUMBERS, threshold=True, count=_COUNTS[symbol], rises=symbol in (">=", ">"),
        between=f"is {name} {{}}",
    )  # fmt: skip


def _within(unit: TimeUnit, word: str) -> Operator:
    direction = 1 if word == "after" else -1

    def last_day(start: date, number: float, calendar: Calendar | None) -> date | None:
        found = limit(unit, start if unit in BY_THE_CLOCK else as_day(start), number, calendar)
        return None if found is None else as_day(found)

    return _counting(
        unit, word, "within N", "on or {} the object and at most N {} away",
        _within_test(unit, direction), "0 <= {} <= {{2}}",
        near=f"within N {unit} {'before' if direction > 0 else 'after'}",
        same_at=0, last_day=last_day if direction > 0 else None, missed="more than N",
    )  # fmt: skip


def _apart(unit: TimeUnit, word: str) -> Operator:
    return _counting(
        unit, word, "at least N", "on or {} the object and N {} away or more",
        _apart_test(unit, 1 if word == "after" else -1), "{} >= {{2}}",
        near=f"within N {unit} {word}", missed="less than N",
    )  # fmt: skip


def _counting(
    unit: TimeUnit,
    word: str,
    limited: str,
    says: str,
    test: OperatorTest,
    code: str,
    *,
    near: str,
    missed: str,
    same_at: int | None = None,
    last_day: LastDay | None = None,
) -> Operator:
    """A row about the time between two days or times."""
    counted, direction = _UNITS[unit], 1 if word == "after" else -1
    later, earlier = ("{0}", "{1}") if direction > 0 else ("{1}", "{0}")
    subject, number, anchor = counted.example
    between = counted.code.format(later=later, earlier=earlier)
    return Operator(
        f"{limited} {unit} {word}", counted.subjects, "one",
        f"The subject is {says.format(word, unit)}{counted.counted}.",
        f"{subject} {limited.replace('N', number)} {unit} {word} {anchor}",
        test, code.format(between) if between else "", (near,),
        by_day=unit not in BY_THE_CLOCK, unit=unit, direction=direction,
        needs_calendar=unit == "working days", spoken=f"{limited} {unit} {word} {{}}",
        missed=f"{missed} {unit} {word} {{}}", same_at=same_at, last_day=last_day,
    )  # fmt: skip


def _day_before(day: date, number: float, calendar: Calendar | None) -> date:
    day = as_day(day)
    return day if day == date.min else day - timedelta(days=1)


# What people write in place of the words of a row.
MORE, LESS, _THAN = "(?:more|greater|larger|higher)", "(?:less|fewer|smaller|lower)", "th[ae]n"
_NO, _NO_NO = "(?:no|not)", "(?<!no )(?<!not )"

_WORDS = (
    Operator(
        "is", WORDS | NUMBERS | DATES | {Kind.BOOLEAN}, "one",
        "The subject equals the object.",
        "enquiry.outcome is initial_conference",
        op.eq, "{0} == {1}", ("is not",),
        null_safe=("{0} == {1}", ""), of_itself=True, threshold=True, count=_COUNTS["=="],
        unsaid=True, spoken="{}", of_day="on {day}", between="is the same as {}",
        signs=("==", "="), also_said=f"equals|{_NO_NO}(?<!or )equal to|exactly",
    ),
    Operator(
        "is not", WORDS | NUMBERS | DATES | {Kind.BOOLEAN}, "one",
        "The subject is recorded and differs from the object.",
        "enquiry.outcome is not no_further_action",
        op.ne, "{0} != {1}", ("is",),
        null_safe=("", "{0} == {1}"), of_itself=False, threshold=True,
        spoken="not {}", of_day="not on {day}", between="is not the same as {}",
        signs=("!=", "<>"), also_said="not equal to|does not equal",
    ),
    Operator(
        "is one of", WORDS | NUMBERS, "many",
        "The subject equals one of the objects.",
        "person.relationship is one of father, stepfather",
        lambda value, members: value in members, "{0} in {1}", ("is not one of",),
        null_safe=("{0} in {1}", ""), spoken="{}", joined="or",
    ),
    Operator(
        "is not one of", WORDS | NUMBERS, "many",
        "The subject is recorded and equals none of the objects.",
        "person.relationship is not one of father, stepfather",
        lambda value, members: value not in members, "{0} not in {1}", ("is one of",),
        null_safe=("", "{0} in {1}"), spoken="not {}", joined="or",
    ),
)  # fmt: skip

_TEXTS = tuple(
    Operator(
        name, TEXTS, "one", f"The text {means}, in the same capitals and small letters.",
        f"letter.reference {name} 'CP-'", test, code, near, of_part=True,
        spoken=f"a text that {name} {{}}",
    )
    for name, means, test, code, near in (
        ("contains", "has the object in it", op.contains, "{1} in {0}", ("does not contain",)),
        ("does not contain", "is recorded and does not have the object in it",
         lambda text, part: part not in text, "{1} not in {0}", ("contains",)),
        ("starts with", "begins with the object", str.startswith, "{0}.startswith({1})",
         ("ends with",)),
        ("ends with", "ends with the object", str.endswith, "{0}.endswith({1})",
         ("starts with",)),
    )
)  # fmt: skip

_IN_ANY_CASE = f" {OBJECT} in any case"


def _in_any_case(row: Operator, example: str) -> Operator:
    """The same row about texts, whose capital and small letters are taken as alike."""

    def test(text: str, objects: str | tuple[str, ...]) -> bool | None:
        if isinstance(objects, str):
            return row.test(text.casefold(), objects.casefold())
        return row.test(text.casefold(), [each.casefold() for each in objects])

    return replace(
        row, name=f"{row.name}{_IN_ANY_CASE}", subjects=TEXTS, test=test, code="",
        sentence=f"{row.sentence.partition(', in the same')[0].rstrip('.')}, whichever letters of "
        "both are capital or small.",
        example=f"letter.reference {row.name} {example} in any case",
        neighbours=(row.name, *(f"{name}{_IN_ANY_CASE}" for name in row.neighbours)),
        null_safe=("", ""), by_example=False, threshold=False, count=None, unsaid=False, signs=(),
        also_said="", spoken=row.spoken and f"{row.spoken} in any case",
        between=row.between and f"{row.between} in any case",
    )  # fmt: skip


_TABLE: tuple[Operator, ...] = (
    Operator(
        "", frozenset({Kind.BOOLEAN}), "none",
        "A yes/no fact standing alone holds where it is recorded as yes.",
        "conference.bail.conditions_recorded",
        bool, "{0}", null_safe=("{0}", "{0} is False"), spoken="yes",
    ),
    *_WORDS,
    Operator(
        f"is {OBJECT} or neither is recorded", WORDS | NUMBERS | DATES | {Kind.BOOLEAN}, "one",
        "Both facts are recorded and equal, or neither is recorded. It is no where one of them is.",
        "review.outcome is enquiry.outcome or neither is recorded",
        lambda one, other: one is other if one is None or other is None else one == other,
        "", ("is",), takes_unknown=True, of_itself=True,
    ),
    Operator(
        "is recorded", ANYTHING, "none",
        "The fact is recorded, whatever it says; `[]` and `no` are recorded.",
        "conference.minutes_sent_on is recorded",
        lambda value: value is not None, "{0} is not None", ("is not recorded",),
        takes_unknown=True, null_safe=("{0} is not None", "{0} is None"), recorded=True,
    ),
    Operator(
        "is not recorded", ANYTHING, "none",
        "The fact is absent, null, a blank text or a group in which nothing is recorded.",
        "conference.minutes_sent_on is not recorded",
        lambda value: value is None, "{0} is None", ("is recorded",),
        takes_unknown=True, null_safe=("{0} is None", "{0} is not None"), recorded=False,
    ),
    Operator(
        "includes", frozenset({Kind.LIST}), "one",
        "The list of words, texts or numbers holds the object.",
        "meeting.agencies includes police",
        op.contains, "{1} in {0}", ("does not include",), spoken="{}", words_held=True,
    ),
    Operator(
        "does not include", frozenset({Kind.LIST}), "one",
        "The list is recorded and does not hold the object.",
        "meeting.agencies does not include police",
        lambda held, wanted: wanted not in held, "{1} not in {0}", ("includes",),
        spoken="not {}", words_held=False,
    ),
    Operator(
        "includes any of", frozenset({Kind.LIST}), "many",
        "The list holds at least one of the objects.",
        "meeting.agencies includes any of police, probation",
        lambda held, wanted: any(word in held for word in wanted),
        "", ("includes all of",), same_at=1, spoken="{}", joined="or", words_held=True,
    ),
    Operator(
        "includes all of", frozenset({Kind.LIST}), "many",
        "The list holds every one of the objects.",
        "meeting.agencies includes all of police, childrens_social_care",
        lambda held, wanted: all(word in held for word in wanted),
        "", ("includes any of",), same_at=1, spoken="{}", joined="and", words_held=True,
    ),
    Operator(
        "includes several", frozenset({Kind.LIST}), "none",
        "The list holds at least two that differ.",
        "meeting.agencies includes several",
        lambda held: any(item != held[0] for item in held), "", spoken="more than one",
    ),
    *_TEXTS,
    *(
        _in_any_case(row, "'cp-1', 'cp-2'" if row.objects == "many" else "'cp-1'")
        for row in (*_WORDS, *_TEXTS)
    ),
    *(
        Operator(
            name, TEXTS, "one", f"The {means} as the pattern says.",
            f"letter.reference {name} '[A-Z]{{2,3}}-[0-9]+'",
            lambda text, written, holds=holds: pattern.matches(text, written) is holds, "", (near,),
            by_example=False, written=CheckedText(pattern.objection, pattern.witness),
            spoken=f"a text that {name} {{}}",
        )
        for name, near, holds, means in (
            ("matches", "does not match", True, "whole text is"),
            ("does not match", "matches", False, "text is recorded and not"),
        )
    ),
    _amount("at least", "The subject is the object or more.",
                "person.age at least 16", ">=", "more than", "fewer than",
                also_said=f"{_NO} {LESS} {_THAN}|{MORE} {_THAN} or equal to"),
    _amount("at most", "The subject is the object or less.",
                "child.age_in_weeks at most 26", "<=", "fewer than", "more than",
                also_said=f"{_NO} {MORE} {_THAN}|{LESS} {_THAN} or equal to|up to"),
    _amount("more than", "The subject is greater than the object.",
                "plan.visits_made more than 3", ">", "at least", "at most",
                also_said=f"(?!more than){MORE} {_THAN}|over|above"),
    _amount("fewer than", "The subject is smaller than the object.",
                "person.age fewer than 20", "<", "at most", "at least",
                also_said=f"(?!fewer than){LESS} {_THAN}|under|below"),
    Operator(
        "at least N per cent of", NUMBERS, "one",
        "The subject is N per cent of the object or more; of an object of 0 it is unknown.",
        "plan.visits_made at least 80 per cent of plan.visits_due",
        lambda part, whole, share: part * 100 >= whole * share if whole else None, "",
        spoken="at least N per cent of {}", between="is at least N per cent of {}",
    ),
    *(
        Operator(
            name, NUMBERS, "one", f"The subject is {means}.",
            f"child.weight {example} birth.weight",
            lambda one, other, number, asked=asked: asked(
                BY_DECIMALS.subtract(exact(one), exact(other)), exact(number)
            ),
            "", near, spoken=f"{name} {{}}", between=f"is {name} {{}}",
        )
        for name, means, example, asked, near in (
            ("at least N more than", "the object and N more, or greater", "at least 0.5 more than",
             op.ge, ("at most N more than",)),
            ("at most N more than", "the object and N more, or smaller", "at most 1 more than",
             op.le, ("at least N more than",)),
            ("within N of", "at most N greater or smaller than the object", "within 0.1 of",
             lambda apart, number: abs(apart) <= number, ()),
        )
    ),
    _comparison("before", "The subject is earlier than the object.",
                "action.due_date before plan.end", "<", "on or before", "after",
                last_day=_day_before, also_said=f"{_NO_NO}earlier {_THAN}|prior to"),
    _comparison("after", "The subject is later than the object.",
                "referral.date after injury.date", ">", "on or after", "before",
                also_said=f"{_NO_NO}later {_THAN}"),
    _comparison("on or before", "The subject is the object or earlier.",
                "action.due_date on or before review.date", "<=", "before", "on or after",
                last_day=lambda day, number, calendar: as_day(day),
                also_said=f"{_NO} later {_THAN}|by|until"),
    _comparison("on or after", "The subject is the object or later.",
                "action.target_date on or after {as_of}", ">=", "after", "on or before",
                also_said=f"{_NO} earlier {_THAN}|since"),
    _comparison("on the same day as", "The subject and the object are one day.",
                "appointment.followed_up_on on the same day as appointment.date", "==",
                by_day=True),
    *(
        row(unit, word)
        for row in (_within, _apart)
        for unit in _UNITS
        for word in ("after", "before")
    ),
    Operator(
        "during", DATES, "one",
        "The subject lies between `start` and `end` of the object, both days included.",
        "conference.date during person.bail.period",
        lambda subject, start, end: None, "",
        period=(("start", "on or after"), ("end", "on or before")),
    ),
)  # fmt: skip

OPERATORS: dict[str, Operator] = {entry.name: entry for entry in _TABLE}
RECORDED = next(entry for entry in _TABLE if entry.recorded)
UNSAID = next(entry for entry in _TABLE if entry.unsaid)


def operator_named(name: str) -> Operator:
    """The operator of this name. Raises `InputError` where this process does not know it."""
    if name not in OPERATORS:
        raise InputError(
            f"the operator '{name}' is not known in this process: call register_operator in it "
            "too, before the pack, engine, run or finding that uses it is unpickled"
        )
    return OPERATORS[name]


def register_operator(entry: Operator) -> None:
    """Add an operator from Python; rule files loaded afterwards may use it.

    `entry.code` may be empty: the compiler then calls `entry.test`. An exception in `test`
    gives the finding the outcome `error`. Raises `ValueError` where the name is taken, the row is
    not whole, or the operator asks about what is not recorded, which only the language's own may.
    """
    if not entry.subjects or not all(isinstance(kind, Kind) for kind in entry.subjects):
        raise ValueError(f"{entry.name!r}: subjects are kinds of fact, such as Kind.TEXT")
    if entry.objects not in get_args(Objects) or not callable(entry.test):
        raise ValueError(f"{entry.name!r}: objects are none, one or many, and test is a function")
    if entry.has_number and entry.objects == "none":
        raise ValueError(f"{entry.name!r}: an operator with N needs an object after it")
    if entry.name in OPERATORS:
        raise ValueError(f"there is already an operator {entry.name!r}")
    if entry.takes_unknown:
        raise ValueError("a registered operator is called with recorded values only")
    test = entry.test

    def answer(*values: Value) -> bool | None:
        found = test(*values)
        return None if found is None else bool(found)

    OPERATORS[entry.name] = replace(entry, test=answer, registered=True)


def comparable(left: FactType, right: FactType) -> bool:
    """Whether values of the two types can be compared at all."""
    kinds = {left.kind, right.kind}
    if kinds <= NUMBERS or kinds <= DATES:
        return True
    if kinds == {Kind.CHOICE}:
        return not set(left.choices).isdisjoint(right.choices)
    return kinds <= WORDS or (len(kinds) == 1 and kinds <= {Kind.BOOLEAN})
