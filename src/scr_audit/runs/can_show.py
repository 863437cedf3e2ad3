"""What a sample can show, in words, and what it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from scr_audit.runs.statistics import ALWAYS, units_to_show, wilson
from scr_audit.runs.two_shares import FROM, TO, power_of_fall

USUAL_STANDARD = 0.9


def can_show(
    size: int,
    expect: float,
    *,
    standards: Sequence[float] = (USUAL_STANDARD,),
    confidence: float = 0.95,
) -> list[str]:
    """What a sample of `size` units can show, at this confidence; shares are fractions.

    The intervals are those of the reports, without a correction for a small frame: they say what
    holds of work like this, not only of the records that were there.
    """
    met = round(size * expect)
    low, high = wilson(met, size, confidence)
    least = floor(wilson(size, size, confidence)[0] * 100)
    units = "1 unit" if size == 1 else f"{size:,} units"
    return [
        f"If all of {units} are met, at least {least}% is shown, at {confidence:.0%}.",
        f"If {met:,} of {size:,} are met, the {confidence:.0%} interval runs from {low:.0%} to "
        f"{high:.0%}.",
        *(_of_standard(size, share, confidence) for share in standards),
        f"A fall from {FROM:.0%} to {TO:.0%} between two such samples is noticed with a chance of "
        f"{_chance(power_of_fall(size, size))}, at 95%.",
        "All this counts one unit a record. Several units of one record say less than as many of "
        "different records, since they are not independent.",
    ]


def _of_standard(size: int, share: float, confidence: float) -> str:
    if share == ALWAYS:
        return (
            "A standard of always is not estimated: one unit that is not met is below it, and what "
            "was not drawn stays unknown."
        )
    reaches = "can" if wilson(size, size, confidence)[0] >= share else "cannot"
    units = units_to_show(share, confidence)
    return (
        f"It {reaches} show that a standard of {share:.0%} is reached: that takes {units:,} "
        f"units, all met."
    )


def _chance(share: float) -> str:
    """A chance that is never said to be none, or certain."""
    return "under 1%" if share < 0.005 else "over 99%" if share >= 0.995 else f"{share:.0%}"
