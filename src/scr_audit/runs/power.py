"""What a comparison of two samples could have shown: its power."""

from __future__ import annotations

from functools import cache
from math import exp, lgamma, log, sqrt

from scr_audit.runs.statistics import difference

FROM, TO = 0.9, 0.7
"""The fall whose power is told: from nine in ten to seven in ten."""
_DEVIATIONS = 8  # beyond so many standard deviations nothing is left to add up


@cache
def power_of_fall(then: int, now: int, share_then: float = FROM, share_now: float = TO) -> float:
    """The chance that samples of so many units show a fall that is there, from 0 to 1.

    Shown is what the comparison itself calls lower: Newcombe's 95 % interval of the difference
    lies below zero. Exact, by adding up the binomial chances of all pairs of counts. Raises
    ValueError where a sample is empty.

    Source of the interval: `statistics.difference`; of the sum: the definition of power.
    """
    if min(then, now) < 1:
        raise ValueError(f"a comparison needs units on both sides, not {then} and {now}")
    before, after = _chances(then, share_then), _chances(now, share_now)
    below = _running(after)
    total, most = 0.0, min(after) - 1
    for met, chance in before.items():
        # The more were met then, the more may be met now and still be shown as fewer.
        while most < max(after) and _falls((met, then), (most + 1, now)):
            most += 1
        total += chance * below.get(most, 0.0)
    return min(1.0, total)


def _falls(then: tuple[int, int], now: tuple[int, int]) -> bool:
    return difference(then, now).verdict == "lower"


def _chances(n: int, share: float) -> dict[int, float]:
    """The binomial chances of each count that is not next to impossible."""
    spread = _DEVIATIONS * (sqrt(n * share * (1 - share)) + 1)
    first, last = max(0, int(n * share - spread)), min(n, int(n * share + spread) + 1)
    return {count: _binomial(count, n, share) for count in range(first, last + 1)}


def _binomial(count: int, n: int, share: float) -> float:
    ways = lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1)
    return exp(ways + count * log(share) + (n - count) * log(1 - share))


def _running(chances: dict[int, float]) -> dict[int, float]:
    """The chance of each count or fewer."""
    total, found = 0.0, {}
    for count, chance in chances.items():
        total += chance
        found[count] = total
    return found
