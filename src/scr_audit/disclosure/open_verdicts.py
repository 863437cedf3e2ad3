"""Which verdicts on a target the true counts may give, where printed ones leave them open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scr_audit.disclosure.profile import Profile
from scr_audit.runs.statistics import against_standard, rates

_WORDS = {"met": "worked", "below": "not_yet"}
_ENDLESS = 10**12
"""Stands for no limit: more units than any run judges, and few enough that shares stay exact."""


class Span(NamedTuple):
    """A count lies between `least` and `most`, both included."""

    least: int
    most: int


class Allowed(NamedTuple):
    """What a reader knows of a rule's counts: each within a span, and so is their sum, `judged`.

    Each end of a span is reached by counts that fit all four.
    """

    met: Span
    not_met: Span
    not_evidenced: Span
    judged: Span


def verdict_of(met: int, not_met: int, not_evidenced: int, *, target: float) -> str:
    """`worked`, `not_yet` or `cannot_tell`, by counts that are known; `target` is a fraction."""
    standing = against_standard(rates(met, not_met, not_evidenced), target)
    return _WORDS.get(standing, "cannot_tell")


def only_verdict(rule: Mapping[str, Any], target: float, profile: Profile) -> str | None:
    """The verdict that all counts give which the printed ones of a rule allow; None: they differ.

    Only what is printed of the rule itself is used, so None is also told of some rules whose
    verdict the sums of the whole document would settle.
    """
    allowed = allowed_counts(rule, profile)
    if allowed is None:
        return None
    if _at_worst(allowed, target) == "worked":
        return "worked"
    if _at_best(allowed, target) == "not_yet":
        return "not_yet"
    may_work = _most_met(allowed, target) == "worked"
    may_fail = _most_not_met(allowed, target) == "not_yet"
    return None if may_work or may_fail else "cannot_tell"


def allowed_counts(rule: Mapping[str, Any], profile: Profile) -> Allowed | None:
    """What is printed of a rule as spans; None where no counts fit them."""
    totals = rule["totals"]
    parts = [_span(totals[name], profile) for name in ("met", "not_met", "not_evidenced")]
    judged = _span(rule["rates"]["judged"], profile)
    judged = Span(
        max(judged.least, sum(part.least for part in parts)),
        min(judged.most, sum(part.most for part in parts)),
    )
    # In one pass: the others of each are as they were printed, so nothing is left to narrow.
    met, not_met, silent = (_narrowed(part, parts, judged) for part in parts)
    found = Allowed(met, not_met, silent, judged)
    return found if all(span.least <= span.most for span in found) else None


def _span(shown: int | None, profile: Profile) -> Span:
    least, most = profile.behind(shown)
    return Span(least, _ENDLESS if most is None else most)


def _narrowed(part: Span, parts: list[Span], judged: Span) -> Span:
    others_least = sum(each.least for each in parts) - part.least
    others_most = sum(each.most for each in parts) - part.most
    return Span(
        max(part.least, judged.least - others_most), min(part.most, judged.most - others_least)
    )


# Whether a target is reached grows with the units met and falls with the others (the lower limit
# of the interval), and whether it is missed grows with those not met and falls with the others
# (the upper limit). So four of the allowed counts decide what all of them give.


def _at_worst(allowed: Allowed, target: float) -> str:
    """The verdict with as few met, and as many others, as can be."""
    met = allowed.met.least
    others = min(allowed.not_met.most + allowed.not_evidenced.most, allowed.judged.most - met)
    return verdict_of(met, others, 0, target=target)


def _most_met(allowed: Allowed, target: float) -> str:
    """The verdict with as many met, and as few others, as can be."""
    met = allowed.met.most
    others = max(allowed.not_met.least + allowed.not_evidenced.least, allowed.judged.least - met)
    return verdict_of(met, others, 0, target=target)


def _at_best(allowed: Allowed, target: float) -> str:
    """The verdict with as few not met as can be, and all that is missing turning out well."""
    not_met = allowed.not_met.least
    well = min(allowed.met.most + allowed.not_evidenced.most, allowed.judged.most - not_met)
    return verdict_of(well, not_met, 0, target=target)


def _most_not_met(allowed: Allowed, target: float) -> str:
    """The verdict with as many not met as can be."""
    not_met = allowed.not_met.most
    well = max(allowed.met.least + allowed.not_evidenced.least, allowed.judged.least - not_met)
    return verdict_of(well, not_met, 0, target=target)
