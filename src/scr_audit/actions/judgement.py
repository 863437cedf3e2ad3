"""Whether an action worked: what it names to show that, held against a run."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from scr_audit.actions.state import Action, ShownBy
from scr_audit.documents.actions import ActionVerdict
from scr_audit.documents.run import RuleInfo, RunHead
from scr_audit.errors import ArgumentError, InputError
from scr_audit.stats.shares import ALWAYS, Rates, against_standard, rates, units_to_show
from scr_audit.values.period import plain_period


@dataclass(frozen=True)
class Judgement:
    """What a run says of an action, and why, in words. `meaning` is the rule's, where known.

    `about` is whether the run is of the named quarter and has the rule: only then is it a
    judgement to keep.
    """

    verdict: ActionVerdict
    reason: str
    about: bool = True
    meaning: str | None = None


def judge(action: Action, bundle: RunHead) -> Judgement:
    """Whether the run shows that the action worked: a pure function of both."""
    shown_by = action.shown_by
    if shown_by is None:
        return _aside("it names no rule, target and quarter that would show it")
    other = _other_period(bundle, parse_quarter(shown_by.period))
    if other is not None:
        return _aside(other)
    rule = next((item for item in bundle["rules"] if item["id"] == shown_by.rule), None)
    if rule is None:
        return _aside(f"the run did not judge by the rule {shown_by.rule}")
    meaning = rule.get("meaning")
    if meaning_changed(known_meaning(action), meaning):
        reason = f"the rule {shown_by.rule} asks something else than when the action was set"
        return Judgement("cannot_tell", reason, meaning=meaning)
    verdict, reason = _by_units(rule, shown_by)
    return Judgement(verdict, reason, meaning=meaning)


def known_meaning(action: Action) -> str | None:
    """What the rule asked when it was named, or when a run was first held against it."""
    if action.shown_by is None:
        return None
    if action.shown_by.meaning is not None:
        return action.shown_by.meaning
    rule = action.shown_by.rule
    known = (item.shown_by for item in action.judgements if item.shown_by.rule == rule)
    return next((item.meaning for item in known if item.meaning is not None), None)


def meaning_changed(then: str | None, now: str | None) -> bool:
    """Whether a rule asks something else now; not known on either side counts as the same."""
    return then is not None and now is not None and then != now


def _aside(reason: str) -> Judgement:
    return Judgement("cannot_tell", reason, about=False)


def _other_period(bundle: RunHead, quarter: Quarter) -> str | None:
    """Why the run is not of the quarter; None where it is."""
    plan = bundle["plan"]
    period = None if plan is None else plan.get("period")
    if period:
        days = (period["start"], period["end"])
        if days == (quarter.first.isoformat(), quarter.last.isoformat()):
            return None
        return f"not this quarter: the run is of {days[0]} to {days[1]}, not of {quarter.label}"
    as_of = bundle["as_of"]
    if as_of is None:
        return f"the run says neither its period nor its day; {quarter.label} was named"
    if quarter.first.isoformat() <= as_of <= quarter.last.isoformat():
        return None
    return f"not this quarter: the run is as of {as_of}, not in {quarter.label}"


def _by_units(rule: RuleInfo, shown_by: ShownBy) -> tuple[ActionVerdict, str]:
    totals, units = rule["totals"], rule["unit_plural"]
    met, missing = totals["met"], totals["not_evidenced"]
    found = rates(met, totals["not_met"], missing)
    standing = against_standard(found, shown_by.target)
    if standing == "no_rate":
        return "cannot_tell", f"the run judged no {units} by this rule"
    said = f"{met:,} of {found.judged:,} {units} met, {target_words(shown_by.target)} asked for"
    if standing == "met":
        return "worked", said + _interval(found, shown_by.target)
    if standing == "below":
        return "not_yet", said + _interval(found, shown_by.target)
    return "cannot_tell", f"{said}: {_open(found, missing, shown_by.target, units)}"


def target_words(target: float) -> str:
    """`always`, or `90 %`."""
    return "always" if target == ALWAYS else f"{target * 100:.3g} %"


def _interval(found: Rates, target: float) -> str:
    if target == ALWAYS or found.reach is None:
        return ""
    low, high = found.reach
    return f" (95 % interval {low * 100:.0f} to {high * 100:.0f} %)"


def _open(found: Rates, missing: int, target: float, units: str) -> str:
    """Why a run leaves it open, and what would settle it."""
    if missing:
        return f"the facts of {missing:,} are missing, so record them and run again"
    needed = units_to_show(target)
    if found.judged < needed:
        more = needed - found.judged
        return f"too few to tell; {needed:,} {units} all met would show it, {more:,} more than here"
    return f"the share may lie on either side{_interval(found, target)}, so judge more {units}"


def parse_target(text: str) -> float:
    """A per cent from 1 to 99, or `always`, as a fraction. Raises `InputError`."""
    plain = text.strip().removesuffix("%").strip()
    if plain == "always":
        return ALWAYS
    if plain.isascii() and plain.isdigit() and 1 <= int(plain[:3]) <= 99 and len(plain) < 3:
        return int(plain) / 100
    raise InputError(f"{text!r} is no target; expected a per cent from 1 to 99, or always")


_QUARTER = re.compile(r"([12][0-9]{3})-?[Qq]([1-4])\Z")


@dataclass(frozen=True)
class Quarter:
    """A quarter of a calendar year; `first` and `last` are its days."""

    label: str
    first: date
    last: date


def parse_quarter(text: str, argument: str = "") -> Quarter:
    """The quarter that `text` names; the error names the argument. Raises `InputError`."""
    match = _QUARTER.match(plain_period(text))
    if match is None:
        message = f"{text!r} is no quarter; expected one such as 2027 Q1"
        raise ArgumentError(argument, message) if argument else InputError(message)
    year, last_month = int(match[1]), int(match[2]) * 3
    last = date(year, last_month, monthrange(year, last_month)[1])
    return Quarter(f"{match[1]}Q{match[2]}", date(year, last_month - 2, 1), last)
