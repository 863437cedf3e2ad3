"""The closed table of operators: one entry each, and nothing about an operator elsewhere.

An entry gives the words, the types, the meaning twice (a Python function for the
interpreter, a source template for the compiler), one sentence and an example. The
interpreter, the compiler, the checker, the mutations, the reference and the tests read it.

`test` is called with recorded values only (`is recorded` apart) and returns `True`, `False`
or `None`, the last only where an imprecise date leaves the answer open. `code` is used for
records whose dates are all exact; it must mean the same and give a true or false value. Where
it is empty the compiler calls `test`.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from scr_audit.language.types import FactType, Kind
from scr_audit.values.calendar import Calendar, add_months
from scr_audit.values.imprecise import Imprecise, Moment, as_day, bounds

Objects = Literal["none", "one", "many"]
Test = Callable[..., bool | None]

NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
DATES = frozenset({Kind.DATE, Kind.DATETIME})
WORDS = frozenset({Kind.TEXT, Kind.CHOICE})
ANYTHING = frozenset(Kind) - {Kind.OPEN}


@dataclass(frozen=True, eq=False)
class Operator:
    """One operator: its words, its types and its meaning.

    `name` is what a line says between subject and object; the word `N` in it stands for a number
    or a {parameter}. `subjects` are the kinds of fact before it, `objects` how many things stand
    after it: `none`, `one` or `many`. `sentence` and `example` are its documentation. `test` is
    called with the recorded values, the subject first, and returns True, False or None (the
    record leaves it open). `code` is the same as a source template, or empty: then `test` is
    called. `neighbours` are the operators that a mutation puts in its place. `takes_unknown`
    is for the language's own `is recorded` and its opposite.
    """

    name: str
    subjects: frozenset[Kind]
    objects: Objects
    sentence: str
    example: str
    test: Test
    code: str
    neighbours: tuple[str, ...] = ()
    takes_unknown: bool = False
    registered: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.name.split())

    @property
    def has_number(self) -> bool:
        return "N" in self.words

    @property
    def unit(self) -> str:
        """What `within N ...` counts, such as `working days`; empty for other operators."""
        return " ".join(self.words[2:-1]) if self.has_number else ""


def is_fact(value: bool) -> bool:
    return value


def one_of(value: Any, members: tuple[Any, ...]) -> bool:
    return value in members


def limit(unit: str, anchor: Any, number: float, calendar: Calendar | None) -> Any:
    """The last moment that is within `number` units after `anchor`, before it if negative.

    The day of the anchor is day 0, working day or not. What would lie beyond the dates that there
    are is the last (or first) of them; None: not known, beyond the years of the calendar.
    """
    if unit == "hours":
        return _hours_away(anchor, number)
    if unit == "months":
        return add_months(anchor, int(number))
    if unit == "working days":
        assert calendar is not None
        return calendar.add(anchor, int(number))
    days = anchor.toordinal() + int(number) * (7 if unit == "weeks" else 1)
    return date.fromordinal(min(max(days, date.min.toordinal()), date.max.toordinal()))


def _hours_away(anchor: datetime, hours: float) -> datetime:
    try:
        return anchor + timedelta(hours=hours)
    except OverflowError:
        end = datetime.min if hours < 0 else datetime.max
        return end.replace(tzinfo=anchor.tzinfo)


def _within_test(unit: str, direction: int) -> Test:
    """Whether the subject lies between the anchor and the limit, the days of both included.

    The limit grows with the anchor, so that the two ends of what is imprecise decide for all
    between.
    """

    def test(
        subject: Moment, anchor: Moment, number: float, calendar: Calendar | None = None
    ) -> bool | None:
        (low, high), (first, last) = bounds(subject), bounds(anchor)
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


def _comparison(
    name: str, subjects: frozenset[Kind], sentence: str, example: str, symbol: str, *near: str
) -> Operator:
    functions: dict[str, Test] = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge, "==": op.eq}
    return Operator(
        name, subjects, "one", sentence, example, functions[symbol], f"{{0}} {symbol} {{1}}", near
    )


_UNIT_CODE = {
    "hours": "0 <= ({later} - {earlier}).total_seconds() / 3600 <= {n}",
    "days": "0 <= {later}.toordinal() - {earlier}.toordinal() <= {n}",
    "weeks": "0 <= {later}.toordinal() - {earlier}.toordinal() <= {n} * 7",
}


def _within(unit: str, direction: str) -> Operator:
    later, earlier = ("{0}", "{1}") if direction == "after" else ("{1}", "{0}")
    template = _UNIT_CODE.get(unit)
    name = f"within N {unit} {direction}"
    code = template.format(later=later, earlier=earlier, n="{2}") if template else ""
    counted = {
        "working days": (
            ", by the pack's calendar: the day of the object is day 0, working day or not, and a "
            "day off beyond the Nth working day is out of time"
        ),
        "months": ", to the same day of that month, or its last where it has no such day",
    }.get(unit, "")
    order = "on or after" if direction == "after" else "on or before"
    return Operator(
        name,
        DATES if unit != "hours" else frozenset({Kind.DATETIME}),
        "one",
        f"The subject is {order} the object and at most N {unit} away{counted}.",
        {
            "hours": f"referral.written_at within 48 hours {direction} referral.made_at",
            "days": f"enquiry.completed_on within 5 days {direction} enquiry.started_on",
            "working days": (
                f"enquiry.conference_date within 15 working days {direction} enquiry.started_on"
            ),
            "weeks": f"contact.date within 6 weeks {direction} birth.date",
            "months": f"review.date within 3 months {direction} conference.date",
        }[unit],
        _within_test(unit, 1 if direction == "after" else -1),
        code,
        tuple(f"within N {unit} {other}" for other in ("after", "before") if other != direction),
    )


_TABLE: tuple[Operator, ...] = (
    Operator(
        "", frozenset({Kind.BOOLEAN}), "none",
        "A yes/no fact standing alone holds where it is recorded as yes.",
        "conference.bail.conditions_recorded",
        is_fact, "{0}",
    ),
    Operator(
        "is", WORDS | NUMBERS | DATES | {Kind.BOOLEAN}, "one",
        "The subject equals the object.",
        "enquiry.outcome is initial_conference",
        op.eq, "{0} == {1}", ("is not",),
    ),
    Operator(
        "is not", WORDS | NUMBERS | DATES | {Kind.BOOLEAN}, "one",
        "The subject is recorded and differs from the object.",
        "enquiry.outcome is not no_further_action",
        op.ne, "{0} != {1}", ("is",),
    ),
    Operator(
        "is one of", WORDS, "many",
        "The subject equals one of the objects.",
        "person.relationship is one of father, stepfather",
        one_of, "{0} in {1}", ("is not one of",),
    ),
    Operator(
        "is not one of", WORDS, "many",
        "The subject is recorded and equals none of the objects.",
        "person.relationship is not one of father, stepfather",
        lambda value, members: value not in members, "{0} not in {1}", ("is one of",),
    ),
    Operator(
        "is recorded", ANYTHING, "none",
        "The fact is recorded, whatever it says; `[]` and `no` are recorded.",
        "conference.minutes_sent_on is recorded",
        lambda value: value is not None, "{0} is not None", ("is not recorded",),
        takes_unknown=True,
    ),
    Operator(
        "is not recorded", ANYTHING, "none",
        "The fact is absent, null, a blank text or a group in which nothing is recorded.",
        "conference.minutes_sent_on is not recorded",
        lambda value: value is None, "{0} is None", ("is recorded",),
        takes_unknown=True,
    ),
    Operator(
        "includes", frozenset({Kind.LIST}), "one",
        "The list of words or texts holds the object.",
        "meeting.agencies includes police",
        op.contains, "{1} in {0}", ("does not include",),
    ),
    Operator(
        "does not include", frozenset({Kind.LIST}), "one",
        "The list is recorded and does not hold the object.",
        "meeting.agencies does not include police",
        lambda held, wanted: wanted not in held, "{1} not in {0}", ("includes",),
    ),
    Operator(
        "includes any of", frozenset({Kind.LIST}), "many",
        "The list holds at least one of the objects.",
        "meeting.agencies includes any of police, probation",
        lambda held, wanted: any(word in held for word in wanted),
        "", ("includes all of",),
    ),
    Operator(
        "includes all of", frozenset({Kind.LIST}), "many",
        "The list holds every one of the objects.",
        "meeting.agencies includes all of police, childrens_social_care",
        lambda held, wanted: all(word in held for word in wanted),
        "", ("includes any of",),
    ),
    _comparison("at least", NUMBERS, "The subject is the object or more.",
                "person.age at least 16", ">=", "more than", "fewer than"),
    _comparison("at most", NUMBERS, "The subject is the object or less.",
                "child.age_in_weeks at most 26", "<=", "fewer than", "more than"),
    _comparison("more than", NUMBERS, "The subject is greater than the object.",
                "plan.visits_made more than 3", ">", "at least", "at most"),
    _comparison("fewer than", NUMBERS, "The subject is smaller than the object.",
                "person.age fewer than 20", "<", "at most", "at least"),
    _comparison("before", DATES, "The subject is earlier than the object.",
                "action.due_date before plan.end", "<", "on or before", "after"),
    _comparison("after", DATES, "The subject is later than the object.",
                "referral.date after injury.date", ">", "on or after", "before"),
    _comparison("on or before", DATES, "The subject is the object or earlier.",
                "action.due_date on or before review.date", "<=", "before", "on or after"),
    _comparison("on or after", DATES, "The subject is the object or later.",
                "action.target_date on or after {as_of}", ">=", "after", "on or before"),
    _comparison("on the same day as", DATES, "The subject and the object are one day.",
                "appointment.followed_up_on on the same day as appointment.date", "=="),
    *(
        _within(unit, direction)
        for unit in ("hours", "days", "working days", "weeks", "months")
        for direction in ("after", "before")
    ),
    Operator(
        "during", DATES, "one",
        "The subject lies between `start` and `end` of the object, both days included.",
        "conference.date during person.bail.period",
        lambda subject, start, end: None, "",  # the checker writes it as two comparisons
    ),
)  # fmt: skip

OPERATORS: dict[str, Operator] = {entry.name: entry for entry in _TABLE}


def register_operator(entry: Operator) -> None:
    """Add an operator from Python; rule files loaded afterwards may use it.

    `entry.code` may be empty: the compiler then calls `entry.test`. An exception in `test`
    gives the finding the outcome `error`. Raises `ValueError` where the name is taken, or the
    operator asks about what is not recorded, which only the language's own may.
    """
    if entry.name in OPERATORS:
        raise ValueError(f"there is already an operator {entry.name!r}")
    if entry.takes_unknown:
        raise ValueError("a registered operator is called with recorded values only")
    test = entry.test

    def answer(*values: Any) -> bool | None:
        found = test(*values)
        return None if found is None else bool(found)

    OPERATORS[entry.name] = replace(entry, test=answer, registered=True)


def by_day(moment: Moment) -> Moment:
    """The day of a date-time, exact or not."""
    return moment.date() if isinstance(moment, Imprecise) else as_day(moment)


def comparable(left: FactType, right: FactType) -> bool:
    """Whether values of the two types can be compared at all."""
    kinds = {left.kind, right.kind}
    if kinds <= NUMBERS or kinds <= DATES:
        return True
    if kinds == {Kind.CHOICE}:
        return not set(left.choices).isdisjoint(right.choices)
    return kinds <= WORDS or (len(kinds) == 1 and kinds <= {Kind.BOOLEAN})
