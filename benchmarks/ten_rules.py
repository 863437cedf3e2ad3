"""The ten rules of the comparison, as data, and the plain Python that says what they mean.

`ten_rules.md` has them in words. The data serves the peers that evaluate expressions: each writes
it in its own language, so that all say the same. `decide` is the measure that all are held to.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

NOT_MET, MET, NOT_EVIDENCED = 0, 1, 2
"""Outcomes of a unit, as numbers, since that is what the peers compute fastest."""

Counts = dict[str, tuple[int, int, int]]
"""For each rule, its units that are met, not met and not evidenced."""

VARIANTS = 7
"""How many times over the ten rules make the seventy of a pack."""

DAY, HOUR = 86_400, 3_600


@dataclass(frozen=True)
class Yes:
    """A yes/no fact is yes."""

    path: str


@dataclass(frozen=True)
class Is:
    """A fact is a word."""

    path: str
    word: str


@dataclass(frozen=True)
class Recorded:
    """A fact is recorded; never unknown."""

    path: str


@dataclass(frozen=True)
class Within:
    """A date or date-time is no earlier than another and no more than so many seconds later."""

    path: str
    after: str
    seconds: int
    with_time: bool = False


@dataclass(frozen=True)
class SameDay:
    """Two dates are the same."""

    path: str
    other: str


@dataclass(frozen=True)
class Some:
    """At least one item of a list, of those that the first test picks, passes the second."""

    path: str
    where: Is
    that: Yes


@dataclass(frozen=True)
class AtLeast:
    """At least so many items of a list have a yes/no fact that is yes."""

    path: str
    fact: str
    number: int


Test = Yes | Is | Recorded | Within | SameDay | Some | AtLeast


@dataclass(frozen=True)
class Rule:
    """Every test must pass on each unit; the units are the items of `path` that pass `where`.

    A path of two lists has the items of the second in the items of the first. With no path, the
    record is the unit.
    """

    id: str
    path: tuple[str, ...]
    require: tuple[Test, ...]
    where: Test | None = None


def ten_rules(variant: int = 0) -> list[Rule]:
    """Give the ten rules; with a variant from 1 to 6, ten more of the same form and effort.

    They differ in a field, a word or a threshold, and in the order of their tests, so that no peer
    gains by keeping a result for the next of them.
    """
    action_fact = (
        "owner_named",
        "outcome_stated",
        "measure_stated",
        "due_date_stated",
        "progress_reviewed",
        "taken_up_by_family",
        "done",
    )[variant]
    agency = (
        "general_practice",
        "police",
        "health_visiting",
        "childrens_social_care",
        "midwifery",
        "education",
        "probation",
    )[variant]
    rules = [
        Rule(
            "bail-scrutinised",
            ("conferences",),
            (
                Yes("bail.conditions_recorded"),
                Yes("bail.purpose_clarified"),
                Yes("bail.scrutinised_by_members"),
                Yes("bail.scrutinised_by_chair"),
            ),
            where=Recorded("bail"),
        ),
        Rule("action-has-owner", ("plans", "actions"), (Yes(action_fact),)),
        Rule(
            "gp-invited",
            ("conferences",),
            (Some("professionals", Is("agency", agency), Yes("invited")),),
        ),
        Rule(
            "strategy-discussion-in-time",
            ("incidents",),
            (
                Yes("strategy_discussion.held"),
                Within("strategy_discussion.date", "date", (3 + variant) * DAY),
            ),
            where=Is("type", "domestic_abuse"),
        ),
        Rule("unplanned-visit-made", (), (AtLeast("visits", "unplanned", 1 + variant),)),
        Rule(
            "missed-appointment-followed-up",
            ("missed_appointments",),
            (Yes("followed_up"), SameDay("followed_up_on", "date")),
        ),
        Rule(
            "telephone-referral-written",
            ("referrals",),
            (
                Yes("followed_up_in_writing"),
                Within("written_at", "made_at", (48 + variant) * HOUR, with_time=True),
            ),
            where=Yes("made_by_telephone"),
        ),
        Rule(
            "action-is-smart",
            ("plans", "actions"),
            (
                Yes("specific.value"),
                Yes("outcome_stated"),
                Yes("measure_stated"),
                Yes("achievable.value"),
                Yes("realistic.value"),
                Yes("due_date_stated"),
            ),
        ),
        Rule(
            "conference-in-time",
            ("section_47_enquiries",),
            (Within("conference_date", "strategy_discussion_date", (21 + variant) * DAY),),
            where=Is("outcome", "initial_conference"),
        ),
        Rule(
            "baby-injury-acted-on",
            ("injuries",),
            (
                Yes("history_taken"),
                Yes("referred_to_paediatrician"),
                Yes("reported_to_social_care"),
                Yes("explanation.tested"),
            ),
            where=Yes("pre_mobile"),
        ),
    ]
    return [_turned(rule, variant) for rule in rules]


def counts_of(rules: Iterable[Rule], outcomes: Iterable[list[int]]) -> Counts:
    """Name the rules' counts, each given as a list by outcome number."""
    return {
        rule.id: (found[MET], found[NOT_MET], found[NOT_EVIDENCED])
        for rule, found in zip(rules, outcomes, strict=True)
    }


def plain(lines: list[bytes]) -> Callable[[], Counts]:
    """Decide in plain Python, one rule after the other, walking the data above.

    It is the measure of what is right, and no measure of speed.
    """
    rules = ten_rules()

    def run() -> Counts:
        found = [[0, 0, 0] for _ in rules]
        for line in lines:
            record = json.loads(line)
            for counts, rule in zip(found, rules, strict=True):
                for outcome in decide(rule, record):
                    counts[outcome] += 1
        return counts_of(rules, found)

    return run


def as_file(lines: list[bytes]) -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """Write the records to a file; it goes with its folder, once nobody holds that any more."""
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "cases.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return folder, path


def decide(rule: Rule, record: dict[str, Any]) -> Iterator[int]:
    """Give the outcome of each unit of a record."""
    for unit in _units(rule.path, record):
        if unit is None:  # a list that was not recorded
            yield NOT_EVIDENCED
            continue
        in_scope = True if rule.where is None else _holds(rule.where, unit)
        if in_scope is None:
            yield NOT_EVIDENCED
        elif in_scope:
            yield _outcome([_holds(test, unit) for test in rule.require])


def _turned(rule: Rule, by: int) -> Rule:
    """Turn the order of a rule's tests, so that no two variants have the same text."""
    by %= len(rule.require)
    return replace(rule, require=rule.require[by:] + rule.require[:by])


def _units(path: tuple[str, ...], item: dict[str, Any]) -> Iterator[dict[str, Any] | None]:
    if not path:
        yield item
        return
    items = item.get(path[0])
    if items is None:
        yield None
        return
    for each in items:
        yield from _units(path[1:], each)


def _outcome(tests: list[bool | None]) -> int:
    if False in tests:
        return NOT_MET
    return NOT_EVIDENCED if None in tests else MET


def _holds(test: Test, item: dict[str, Any]) -> bool | None:
    """Judge a test in three-valued logic; None is unknown."""
    value = _fact(item, test.path)
    if isinstance(test, Recorded):
        return value is not None
    if value is None:
        return None
    match test:
        case Yes():
            return value is True
        case Is(word=word):
            return bool(value == word)
        case SameDay(other=other):
            known = _fact(item, other)
            return None if known is None else bool(value == known)
        case Within(after=after, seconds=seconds):
            since = _fact(item, after)
            return None if since is None else 0 <= _seconds_between(since, value) <= seconds
        case Some(where=where, that=that):
            found = [_both(_holds(where, each), _holds(that, each)) for each in value]
            return True if True in found else None if None in found else False
        case AtLeast(fact=fact, number=number):
            facts = [each.get(fact) for each in value]
            if facts.count(True) >= number:
                return True
            return False if len(facts) - facts.count(False) < number else None


def _fact(item: dict[str, Any], path: str) -> Any:
    value: Any = item
    for name in path.split("."):
        value = None if value is None else value.get(name)
    return value


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _seconds_between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
