"""How often charts show a signal though nothing has changed: simulated, with a seed."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from math import exp, lgamma, log

from scr_audit.runs.signals import LEAST_FOR_RUNS, Chart, Counts, charted

TIMES = 400
SEED = 20_100_301
_Draws = tuple[int, Sequence[float]]
Charting = Callable[[Sequence[Counts]], Chart]
"""How a series is charted: `signals.charted` or `signals.run_charted`."""


@cache
def false_signal_chance(
    judged: tuple[int, ...],
    share: float,
    times: int = TIMES,
    seed: int = SEED,
    chart: Charting = charted,
) -> float:
    """The chance that a series of a steady share shows one signal or more, from 0 to 1.

    `judged` are the units of its points, `chart` says how it is charted. Each of the `times`
    simulated series draws the units of every point independently with the chance `share`; the
    seed makes the result repeatable.
    """
    if len(judged) < LEAST_FOR_RUNS or not 0 < share < 1:
        return 0.0
    # A series of counts, not of floats: the same draws on every machine and Python.
    chance = random.Random(seed)  # noqa: S311  # no secret
    draws = [_table(n, share) for n in judged]
    hits = 0
    for _ in range(times):
        points: list[Counts] = [
            (first + bisect_left(sums, chance.random() * sums[-1]), n)
            for n, (first, sums) in zip(judged, draws, strict=True)
        ]
        hits += bool(chart(points).signals)
    return hits / times


def expected_false(stretches: Iterable[tuple[Sequence[Counts], Charting]]) -> float:
    """How many of these charts would show a signal if no share had changed."""
    total = 0.0
    for points, chart in stretches:
        judged = tuple(n for _, n in points)
        # Two decimals, so that like charts are simulated once.
        share = round(sum(met for met, _ in points) / sum(judged), 2)
        total += false_signal_chance(judged, share, chart=chart)
    return total


@cache
def _table(n: int, share: float) -> _Draws:
    """The running binomial chances of the counts that are not next to impossible."""
    spread = 8 * ((n * share * (1 - share)) ** 0.5 + 1)
    first, last = max(0, int(n * share - spread)), min(n, int(n * share + spread) + 1)
    return first, tuple(
        accumulate(
            exp(
                lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
                + k * log(share) + (n - k) * log(1 - share)
            )
            for k in range(first, last + 1)
        )
    )  # fmt: skip
