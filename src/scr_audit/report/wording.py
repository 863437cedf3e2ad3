"""Words, signs and safe text that every report format shares."""

from __future__ import annotations

import calendar
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from scr_audit.documents.parts import Outcome
from scr_audit.documents.run import ApprovalInfo, FindingInfo, OriginInfo, RatesInfo, SourceInfo
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.language.types import in_words
from scr_audit.values.imprecise import Imprecise, day_words, month_words, parse_date
from scr_audit.values.period import parse_period
from scr_audit.values.text import beginning, visible

WORST_FIRST: tuple[Outcome, ...] = (
    "error",
    "not_met",
    "not_evidenced",
    "excepted",
    "met",
    "not_applicable",
)

LABELS: dict[str, str] = {name: name.replace("_", " ") for name in OUTCOMES}
SIGNS: dict[str, str] = {
    "met": "✓",
    "not_met": "✗",
    "not_evidenced": "?",
    "not_applicable": "–",
    "excepted": "E",
    "error": "!",
}
MEANINGS = {
    "met": "The record shows that every criterion was satisfied.",
    "not_met": "The record shows that at least one criterion was not satisfied, "
    "and gives no permitted reason for it.",
    "not_evidenced": "The record does not say, or contradicts itself. A fact that the rule needs "
    "is missing, too vague or said in two ways, so nobody can tell whether it was done. Not "
    "evidenced is never counted as done.",
    "not_applicable": "The record shows that the rule does not concern this record or item. "
    "It is outside the rates.",
    "excepted": "A criterion was not satisfied, and the record gives a permitted reason, or an "
    "exception was approved. The reason is shown. It is outside the rates.",
    "error": "The software could not judge it. That is a fault of the software, not of practice. "
    "It is outside the rates and never counted as anything else.",
}

_ON_MONTH = re.compile(r"_on(?:_month)?\Z")
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
_DATE = re.compile(r"(\d{4}-\d\d(?:-\d\d)?)(?:T(\d\d:\d\d)(?::00|(:\d\d[\d.]*))?)?\Z", re.ASCII)
_SPACES = re.compile(r"[ \t\n]+")
LONGEST_VALUE = 2_000
CONFIDENTIAL = "Confidential to the partnership"
"""What stands on every page of the board edition."""


def one_line(text: str) -> str:
    """`text` on one line, with nothing hidden in it: safe for a terminal."""
    return visible(_SPACES.sub(" ", text).strip(" "))


def value_text(value: object) -> str:
    """A recorded value as an auditor would say it; `None` is *not recorded*."""
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _shortened(value) if value else "(empty text)"
    if isinstance(value, list):
        items = ", ".join(value_text(item) for item in value)
        return _shortened(items) if value else "none (recorded that there were none)"
    if isinstance(value, Mapping):
        return _shortened(json.dumps(value, ensure_ascii=False))
    return str(value)


def said_text(value: object) -> str:
    """The same for reading alone: days in words, and choices without the marks of their codes."""
    if isinstance(value, str) and (said := _date_words(value)):
        return said
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value.replace("_", " ")
    if isinstance(value, Mapping):
        told = (f"{name.replace('_', ' ')}: {said_text(each)}" for name, each in value.items())
        return _shortened(", ".join(told))
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        return _shortened("; ".join(map(said_text, value)))
    if isinstance(value, list) and value:
        return _shortened(", ".join(map(said_text, value)))
    return value_text(value)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else beginning(text[:LONGEST_VALUE], text)


def origin_text(origin: OriginInfo | None) -> str:
    """Where a fact comes from, or nothing where the record does not say."""
    if not origin:
        return ""
    others = "".join(f"; also {_source_text(other)}" for other in origin.get("also") or ())
    said = "".join(
        f"; {_source_text(other)} says: {value_text(other['value'])}"
        for other in origin.get("said") or ()
    )
    return f"from {_source_text(origin)}{others}{said}"


def _source_text(origin: SourceInfo) -> str:
    on, page, note = origin.get("on"), origin.get("page"), origin.get("note")
    more = (
        origin.get("place"), origin.get("role"), on and day_text(on), page and f"page {page}",
        note and f"note: {note}",
    )  # fmt: skip
    return ", ".join([origin["file"], *filter(None, more)])


def percent(share: float | None) -> str:
    """A share as a whole percentage that never rounds up to 100% or down to 0%."""
    if share is None:
        return "no rate"
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def percents(low: float, high: float) -> str:
    """Two shares as a range, or as one percentage where they read alike."""
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def interval_text(rates: RatesInfo) -> str:
    """The 95% interval, or nothing where nothing was judged."""
    return "" if rates["interval"] is None else percents(*rates["interval"])


def bounds_text(rates: RatesInfo) -> str:
    """The lowest and the highest that the true share can be, or nothing where nothing judged."""
    if rates["low"] is None or rates["high"] is None:
        return ""
    return percents(rates["low"], rates["high"])


def rate_text(rates: RatesInfo) -> str:
    """The share met of what is evidenced; `no rate` where nothing is, which is not 0%."""
    return percent(rates["evidenced"])


def all_listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = list(parts)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def day_text(day: str | None) -> str:
    """`2026-11-24` as `24 November 2026`; anything else as it stands."""
    if day is None:
        return "a day that was not given"
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return day
    return day_words(parsed)


def place_text(pointer: str, unit: str, units: str) -> str:
    """Where in its record a unit is: `/plans/0/actions/2` is `plans 1, action 3`.

    Nothing for the whole record, whose pointer is empty.
    """
    if not pointer:
        return ""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if not steps[-1].isdecimal():
        return f"{_steps_text(steps[:-1])}list of {units}"
    return f"{_steps_text(steps[:-2])}{unit} {int(steps[-1]) + 1}"


def within_text(pointer: str, unit: str) -> str:
    """The item below its unit that a fact is of, `professionals 3:`; nothing for the unit's own."""
    steps = pointer.removeprefix(f"{unit}/").strip("/").split("/")
    while steps and not steps[-1].isdecimal():
        steps.pop()
    return f"{_steps_text(steps).rstrip(', ')}:" if steps else ""


def unit_words(
    key: Sequence[Mapping[str, object]] | None, pointer: str, unit: str, units: str
) -> str:
    """Which unit of its record, by the facts of its key: `referral of 5 May 2026`.

    A list as a whole, and a unit of which no fact is known, are named by their place.
    """
    if not pointer:
        return "the record"
    is_list = not pointer.rpartition("/")[2].isdecimal()
    if is_list or not key or not key[-1]:
        return place_text(pointer, unit, units)
    steps = pointer.split("/")
    lists = [name for name, step in pairwise(steps) if step.isdecimal()]
    return key_words(key, unit, [_item_of(name) for name in lists[:-1]])


def key_words(
    key: Sequence[Mapping[str, object]], unit: str, outer: Sequence[str] | None = None
) -> str:
    """A unit by the facts of its key, its own before those of what it is in; nothing without any.

    The last mapping is its own: `contact of 25 April 2026, within the referral of 14 March 2026`;
    `outer` are the nouns of what it is in.
    """
    if not any(key):
        return ""
    nouns = outer if outer and len(outer) == len(key) - 1 else ["one"] * (len(key) - 1)
    within = [
        f"within the {noun} of {_facts_text(facts).removeprefix('of ')}"
        for noun, facts in zip(reversed(nouns), reversed(key[:-1]), strict=True)
        if facts
    ]
    return ", ".join([f"{unit} {_facts_text(key[-1])}".rstrip(), *within])


def _item_of(name: str) -> str:
    """What an item of a list is, by the list's name: *core group* of `core_groups`."""
    if not name.endswith("s"):
        return "one"
    return in_words(f"{name[:-3]}y" if name.endswith("ies") else name[:-1])


def _facts_text(facts: Mapping[str, object]) -> str:
    """The facts of an item; its first date needs no name, nor does a text."""
    parts, of = [], ""
    for name, value in facts.items():
        day = _date_words(value) if isinstance(value, str) else ""
        said = day or one_line(value_text(value))
        if day and not of:
            of = f"of {said}"
        elif isinstance(value, str) and not day:
            parts.append(said.replace("_", " "))
        else:
            is_month = day and len(str(value)) == len("2026-10")
            named = _ON_MONTH.sub("_in", name) if is_month else name  # *born in* of `born_on_month`
            parts.append(f"{in_words(named).replace('.', ' ')} {said}")
    return ", ".join([of, *parts] if of else parts)


def _date_words(text: str) -> str:
    """A day, a month or a time in words, or nothing. A year alone is left: it may be a number."""
    if (found := _DATE.match(text)) is None:
        return ""
    day, clock, seconds = found.groups("")
    try:
        moment = parse_date(day)
    except ValueError:
        return ""
    if clock:
        return "" if isinstance(moment, Imprecise) else f"{clock}{seconds} on {day_words(moment)}"
    return month_words(moment.low) if isinstance(moment, Imprecise) else day_words(moment)


def _steps_text(steps: Sequence[str]) -> str:
    words = [f" {int(step) + 1}," if step.isdecimal() else f" {in_words(step)}" for step in steps]
    return f"{''.join(words).strip()} " if words else ""


def exception_text(finding: FindingInfo) -> str:
    """The reason that the rule permits, or the approval and the outcome without it; or nothing."""
    approval = finding.get("excepted_by")
    if approval is None:
        return (finding["exception"] or "").replace("_", " ")
    return approval_text(approval, approval["original_outcome"])


def approval_text(approval: ApprovalInfo, original_outcome: str) -> str:
    """An approval with its role and its days, and what the outcome is without it."""
    reason = approval["reason"].rstrip(".")
    return (
        f"{reason} (exception approved in the role {approval['approved_by_role']}, from "
        f"{approval['from']} until {approval['until']}; without it: {LABELS[original_outcome]})"
    )


def percent_along(share: float) -> str:
    """A share from 0 to 1 as a place along the drawing, in per cent of its width."""
    return f"{share * 100:.1f}".removesuffix(".0")


def clipped(text: str, most: int) -> str:
    """`text` in at most `most` characters; what is cut off is shown by an ellipsis."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """`text` in at most so many lines of `width` characters, since SVG breaks no lines."""
    found = textwrap.wrap(clipped(text, width * lines), width) or [""]
    return [*found[: lines - 1], clipped(" ".join(found[lines - 1 :]), width)][: len(found)]


_IMPRECISE_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:[T ].*)?", re.DOTALL)


class Days(NamedTuple):
    """The first and the last day that a date may mean, as day numbers; the same if precise."""

    first: int
    last: int


def days_of(text: str) -> Days | None:
    """`2026-05` is any day of May 2026; None for what is no date."""
    found = _IMPRECISE_DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last = date(first.year, month or 12, day or calendar.monthrange(first.year, month or 12)[1])
    except ValueError:
        return None
    return Days(first.toordinal(), last.toordinal())


def date_words(text: str) -> str:
    """`2026-05` as `May 2026`; a time of day stays; what is no date stays as it stands."""
    if days_of(text) is None:
        return text
    if len(text) == len("2026"):
        return text
    if len(text) == len("2026-05"):
        return day_text(f"{text}-01").split(" ", 1)[1]
    clock = text[11:16]
    return f"{day_text(text[:10])}{', ' if clock else ''}{clock}"


def time_words(label: str) -> str:
    """The label of a period as people say it: `2026Q3` as `Q3 2026`, `2026-03` as `March 2026`."""
    if ".." in label:
        return str(parse_period(label))
    year, quarter, number = label.partition("Q")
    return f"Q{number} {year}" if quarter else date_words(label)


def period_words(first: str, last: str) -> str:
    """From when to when, once where both are the same."""
    start, end = date_words(first), date_words(last)
    return start if start == end else f"{start} to {end}"


# What sites such as GitHub and GitLab act on after the Markdown is rendered, where no backslash
# helps: addresses, mentions, references, formulas, emoji names. A code span is left alone.
_ACTIVE_ON_SITES = re.compile(
    r"[^\s`|\\]*"
    r"(?:[@$]|://|www\.|[#!%^~][\w\"]|&[\w#]|:\w[\w+-]*:|\bGH-\d)"
    r"[^\s`|\\]*",
    re.IGNORECASE,
)
# An underscore within a word, as in `not_met`, is no emphasis and stays readable.
_MARKDOWN_SIGNS = re.compile(r"[\\`*{}\[\]<>|~#&$@]|(?<![^\W_])_|_(?![^\W_])")
_STARTS_BLOCK = re.compile(r"\A(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[-+=:]))")


def markdown_text(text: str) -> str:
    """`text` on one line, to stand anywhere in Markdown, also in a cell of a table.

    Text of more than 2,000 characters is shortened, and says so.
    """
    plain = _shortened(one_line(text))
    parts, done = [], 0
    for match in _ACTIVE_ON_SITES.finditer(plain):
        parts += [_with_backslashes(plain[done : match.start()]), f"`{match[0]}`"]
        done = match.end()
    return _STARTS_BLOCK.sub(
        r"\g<1>\\", "".join([*parts, _with_backslashes(plain[done:])]), count=1
    )


def _with_backslashes(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(lambda match: f"\\{match[0]}", text)


def each_text(value: object, change: Callable[[str], str]) -> Any:
    """A value as JSON has them, of the same shape, with every text but the keys changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: each_text(item, change) for name, item in value.items()}
    if isinstance(value, (list, tuple)):  # of numbers some are as long as a run has findings
        return [item if type(item) is int else each_text(item, change) for item in value]
    return value
