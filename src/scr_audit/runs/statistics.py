"""Rates of a group of findings, with what the missing facts leave open.

All rates are fractions between 0 and 1, never percentages. The words follow the run bundle:
*judged* units are those met, not met or not evidenced; units not applicable, excepted or in error
are in no rate.
"""

from dataclasses import dataclass
from functools import cache
from math import hypot, sqrt
from statistics import NormalDist


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
    """95 % interval: Wilson lower limit of `low` to Wilson upper limit of `high`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a share rose (below 0: fell), with its 95 % interval; fractions."""

    change: float
    interval: tuple[float, float]

    @property
    def verdict(self) -> str:
        """`higher` or `lower` where the interval excludes no change, else `cannot_tell`."""
        low, high = self.interval
        return "higher" if low > 0 else "lower" if high < 0 else "cannot_tell"


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
    at_best = met + not_evidenced
    return Rates(
        judged=judged,
        assured=met / judged,
        evidenced=met / decided if decided else None,
        low=met / judged,
        high=at_best / judged,
        interval=(wilson(met, judged)[0], wilson(at_best, judged)[1]),
    )


def against_standard(found: Rates, share: float) -> str:
    """Tell whether a group reaches a standard: `met`, `below`, `cannot_tell` or `no_rate`.

    `share` is a fraction. The standard is met where the lower limit of the interval reaches it,
    and a group is below it where the upper limit does not. `ALWAYS` uses no interval: any unit
    not met is below it, and any unit not evidenced leaves it open.
    """
    if found.interval is None or found.low is None or found.high is None:
        return "no_rate"
    if share == ALWAYS:
        return "below" if found.high < 1 else "met" if found.low == 1 else "cannot_tell"
    low, high = found.interval
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


def difference(then: tuple[int, int], now: tuple[int, int]) -> Difference:
    """Compare two independent shares, each given as (successes, units).

    Raises ValueError where either has no units.

    Source: R. G. Newcombe, "Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17 (1998), method 10, without continuity correction.
    """
    (met_then, n_then), (met_now, n_now) = then, now
    low_then, high_then = wilson(met_then, n_then)
    low_now, high_now = wilson(met_now, n_now)
    share_then, share_now = met_then / n_then, met_now / n_now
    change = share_now - share_then
    return Difference(
        change,
        (
            change - hypot(share_now - low_now, high_then - share_then),
            change + hypot(high_now - share_now, share_then - low_then),
        ),
    )


@cache
def _two_sided_z(confidence: float) -> float:
    """Give the number of standard deviations that hold `confidence` of a normal distribution."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
