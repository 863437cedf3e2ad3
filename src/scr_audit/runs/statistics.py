"""Rates of a group of findings, with what the missing facts leave open.

All rates are fractions between 0 and 1, never percentages. The words follow the run bundle:
*judged* units are those met, not met or not evidenced; units not applicable, excepted or in error
are in no rate.
"""

from dataclasses import dataclass
from functools import cache
from math import sqrt
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


@cache
def _two_sided_z(confidence: float) -> float:
    """Give the number of standard deviations that hold `confidence` of a normal distribution."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
