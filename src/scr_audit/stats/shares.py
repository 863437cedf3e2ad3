"""Rates of a group of findings, with what the missing facts leave open.

All rates are fractions between 0 and 1, never percentages. The words follow the run bundle:
*judged* units are those met, not met or not evidenced; units not applicable, excepted or in error
are in no rate.
"""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from statistics import NormalDist
from typing import Literal

Standing = Literal["met", "below", "cannot_tell", "no_rate"]
"""How a group stands to a standard."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a group of units; each is None where there is nothing to divide by."""

    judged: int
    """Units met, not met or not evidenced."""
    assured: float | None
    """Met, of the units judged."""
    evidenced: float | None
    """Met, of the units whose facts decide."""
    low: float | None
    """The rate if every missing fact turned out badly."""
    high: float | None
    """The rate if every missing fact turned out well."""
    interval: tuple[float, float] | None
    """95 % interval of `evidenced` by Wilson: of chance alone, and of nothing that is missing."""

    @property
    def reach(self) -> tuple[float, float] | None:
        """How far chance and what is missing reach together, against a standard.

        From Wilson's lower limit of `low` to his upper limit of `high`; None without units judged.
        """
        if self.low is None or self.high is None:
            return None
        at_least, at_most = (round(share * self.judged) for share in (self.low, self.high))
        return wilson(at_least, self.judged)[0], wilson(at_most, self.judged)[1]


ALWAYS = 1.0
"""The standard of what must always be done: a single unit not met is below it."""


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give the Wilson score interval of a proportion, as fractions.

    Raises ValueError if `n` is not positive, if `successes` is not between 0 and `n`, or if
    `confidence` is not strictly between 0 and 1.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), without continuity correction.
    """
    if n <= 0:
        raise ValueError(f"an interval needs at least one unit, not {n}")
    if not 0 <= successes <= n:
        raise ValueError(f"successes must be between 0 and {n}, not {successes}")
    z = _two_sided_z(confidence)
    share, z2 = successes / n, z * z
    centre = share + z2 / (2 * n)
    half_width = z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    # The limits at none and at all are exact; rounding must not put them a hair inside.
    low = 0.0 if successes == 0 else (centre - half_width) / scale
    high = 1.0 if successes == n else (centre + half_width) / scale
    return low, high


def rates(met: int, not_met: int, not_evidenced: int) -> Rates:
    """Compute the rates of a group from its counts of units.

    With no units judged there is no rate: every rate is None, which is neither 0 % nor 100 %.
    Raises ValueError if a count is negative.
    """
    if min(met, not_met, not_evidenced) < 0:
        raise ValueError(f"counts cannot be negative: {met}, {not_met}, {not_evidenced}")
    decided = met + not_met
    judged = decided + not_evidenced
    if judged == 0:
        return Rates(judged=0, assured=None, evidenced=None, low=None, high=None, interval=None)
    return Rates(
        judged=judged,
        assured=met / judged,
        evidenced=met / decided if decided else None,
        low=met / judged,
        high=(met + not_evidenced) / judged,
        interval=wilson(met, decided) if decided else None,
    )


def against_standard(found: Rates, share: float) -> Standing:
    """Tell whether a group reaches a standard: `met`, `below`, `cannot_tell` or `no_rate`.

    `share` is a fraction. The standard is met where even the lower limit of `reach` is at it, and
    a group is below it where even the upper limit is not: what is not evidenced may be either.
    `ALWAYS` uses no interval: any unit not met is below it, and any not evidenced leaves it open.
    """
    reach = found.reach
    if reach is None or found.low is None or found.high is None:
        return "no_rate"
    if share == ALWAYS:
        return "below" if found.high < 1 else "met" if found.low == 1 else "cannot_tell"
    low, high = reach
    return "met" if low >= share else "below" if high < share else "cannot_tell"


def units_to_show(share: float, confidence: float = 0.95) -> int:
    """Count the units, all of them met, whose interval reaches a standard below 1.

    Raises ValueError if `share` or `confidence` is not strictly between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"no number of units can show a share of {share}")
    # From the lower Wilson limit of n out of n, n / (n + z²) ≥ share; rounding decided by trial.
    z = _two_sided_z(confidence)
    n = max(1, int(share * z * z / (1 - share)) - 1)
    while wilson(n, n, confidence)[0] < share:
        n += 1
    return n


@cache
def _two_sided_z(confidence: float) -> float:
    """Give the number of standard deviations that hold `confidence` of a normal distribution."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
