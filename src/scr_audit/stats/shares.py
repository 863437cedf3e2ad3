"""Rates of a group of findings, with what the missing facts leave open; two of them compared.

All rates are fractions between 0 and 1, never percentages. The words follow the run bundle:
*judged* units are those met, not met or not evidenced; units not applicable, excepted or in error
are in no rate.

Where two are compared, counts are of records, since several units of one record are not
independent. Fisher's exact test decides whether chance explains a difference and, where several are
looked at together, the bound of Benjamini and Hochberg on the share of false claims.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import ceil, exp, hypot, lgamma, log, sqrt
from statistics import NormalDist
from typing import Literal

AgainstStandard = Literal["met", "below", "cannot_tell", "no_rate"]
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


def against_standard(found: Rates, share: float) -> AgainstStandard:
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


CHANCE = 0.05
"""The chance of a false claim; of several claims together, the share expected to be false."""
FROM, TO = 0.9, 0.7
"""The fall whose power is computed: from nine in ten to seven in ten."""
SEEN = 0.8
"""So often that fall is to be seen before equal shares are called unchanged."""
_DEVIATIONS = 8  # beyond so many standard deviations nothing is left to add up
_NOTHING = 1e-18  # a chance, beside that of the likeliest table, that adds nothing to a sum
_HAIR = 1 + 1e-7  # tables of equal chance may differ by rounding; as in R and SciPy

Counts = tuple[int, int]
"""Records met, and records met or not met."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a share rose (below 0: fell), as a fraction, with Newcombe's 95 % interval.

    `p_value` is Fisher's, `adjusted` allows for the others it was looked at together with.
    `needed` is about how many records on each side would tell such shares apart, or where they are
    equal, the fall `FROM` to `TO`; None where they are told apart, or enough to see that fall.
    """

    change: float
    interval: tuple[float, float]
    p_value: float
    adjusted: float
    needed: int | None

    @property
    def verdict(self) -> Literal["higher", "lower", "cannot_tell"]:
        """`higher` or `lower` where chance does not explain the change, else `cannot_tell`."""
        if self.adjusted > CHANCE:
            return "cannot_tell"
        return "higher" if self.change > 0 else "lower"


def differences(pairs: Sequence[tuple[Counts, Counts]]) -> list[Difference]:
    """Compare shares, then and now, that are looked at together, each of at least one record.

    Source of the intervals: R. G. Newcombe, "Interval estimation for the difference between
    independent proportions", Statistics in Medicine 17 (1998), method 10.
    """
    p_values = [fisher(then, now) for then, now in pairs]
    adjusted = benjamini_hochberg(p_values)
    claims = sum(value <= CHANCE for value in adjusted)
    # A p-value as small as this would be one claim more.
    enough = CHANCE * (claims + 1) / max(1, len(pairs))
    return [
        Difference(
            now[0] / now[1] - then[0] / then[1],
            _newcombe(then, now),
            p_value,
            value,
            None if value <= CHANCE else records_needed(then, now, enough),
        )
        for (then, now), p_value, value in zip(pairs, p_values, adjusted, strict=True)
    ]


def fisher(then: Counts, now: Counts) -> float:
    """How often chance alone gives a table as unlikely as this one or more, from 0 to 1.

    Source: R. A. Fisher, "Statistical Methods for Research Workers" (1934), two-sided: the sum
    over all tables with the same margins that are not likelier than the one that was found.
    """
    (met, n), (met_now, m) = then, now
    chances = _tables(n, m, met + met_now)
    found = chances.get(met, 0.0) * _HAIR
    return sum(chance for chance in chances.values() if chance <= found) / sum(chances.values())


def _tables(n: int, m: int, met: int) -> dict[int, float]:
    """How likely each count of the n is if `met` of all n + m are; 1 for the likeliest count."""
    likeliest = (n + 1) * (met + 1) // (n + m + 2)

    def odds(k: int) -> float:
        """How likely k + 1 is, relative to k."""
        return (met - k) * (n - k) / ((k + 1) * (m - met + k + 1))

    found, chance = {likeliest: 1.0}, 1.0
    for k in range(likeliest, min(n, met)):
        chance *= odds(k)
        if chance < _NOTHING:
            break
        found[k + 1] = chance
    chance = 1.0
    for k in range(likeliest - 1, max(0, met - m) - 1, -1):
        chance /= odds(k)
        if chance < _NOTHING:
            break
        found[k] = chance
    return found


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for their number, in the order given.

    Those of `CHANCE` or less are claims, at most this share of which is expected to be false.

    Source: Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the
    Royal Statistical Society B 57 (1995).
    """
    adjusted, least = [1.0] * len(p_values), 1.0
    ordered = sorted(range(len(p_values)), key=lambda place: p_values[place])
    for rank, place in reversed(list(enumerate(ordered, 1))):
        least = min(least, p_values[place] * len(p_values) / rank)
        adjusted[place] = least
    return adjusted


def records_needed(then: Counts, now: Counts, chance: float = CHANCE) -> int | None:
    """About how many records on each side would tell these shares apart.

    Of equal shares: to see the fall `FROM` to `TO` `SEEN` often; None where there are as many.

    Source: J. L. Fleiss, B. Levin and M. C. Paik, "Statistical Methods for Rates and Proportions"
    (2003), chapter 4, with the correction for counts; it comes near Fisher's test.
    """
    first, last = then[0] / then[1], now[0] / now[1]
    is_equal, normal, often = first == last, NormalDist(), 0.0
    if is_equal:
        first, last, often = FROM, TO, normal.inv_cdf(SEEN)
    change, middle = abs(last - first), (first + last) / 2
    both = normal.inv_cdf(1 - chance / 2) * sqrt(2 * middle * (1 - middle))
    both += often * sqrt(first * (1 - first) + last * (1 - last))
    rough = both**2 / change**2
    corrected = rough / 4 * (1 + sqrt(1 + 4 / (rough * change))) ** 2
    needed, fewest = ceil(corrected), min(then[1], now[1])
    if is_equal:
        return needed if fewest < needed else None
    return max(needed, fewest + 1)  # never fewer than there are, which were not enough


def _newcombe(then: Counts, now: Counts) -> tuple[float, float]:
    low_then, high_then = wilson(*then)
    low_now, high_now = wilson(*now)
    share_then, share_now = then[0] / then[1], now[0] / now[1]
    change = share_now - share_then
    return (
        change - hypot(share_now - low_now, high_then - share_then),
        change + hypot(high_now - share_now, share_then - low_then),
    )


@cache
def power_of_fall(then: int, now: int) -> float:
    """The chance that samples of so many records show a fall that is there, from 0 to 1.

    Shown is what the comparison of one rule by itself calls lower. Exact, by adding up the
    binomial chances of all pairs of counts. Raises ValueError where a sample is empty.
    """
    if min(then, now) < 1:
        raise ValueError(f"a comparison needs records on both sides, not {then} and {now}")
    before, after = binomial_chances(then, FROM), binomial_chances(now, TO)
    below = dict(zip(after, accumulate(after.values()), strict=True))
    total, most = 0.0, min(after) - 1
    for met, chance in before.items():
        # The more were met then, the more may be met now and still be shown as fewer.
        while most < max(after) and _is_shown_fall((met, then), (most + 1, now)):
            most += 1
        total += chance * below.get(most, 0.0)
    return min(1.0, total)


def _is_shown_fall(then: Counts, now: Counts) -> bool:
    return now[0] * then[1] < then[0] * now[1] and fisher(then, now) <= CHANCE


def binomial_chances(n: int, share: float) -> dict[int, float]:
    """The binomial chances of each count that is not next to impossible."""
    spread = _DEVIATIONS * (sqrt(n * share * (1 - share)) + 1)
    first, last = max(0, int(n * share - spread)), min(n, int(n * share + spread) + 1)
    return {count: _binomial(count, n, share) for count in range(first, last + 1)}


def _binomial(count: int, n: int, share: float) -> float:
    ways = lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1)
    return exp(ways + count * log(share) + (n - count) * log(1 - share))
