"""Signals in a series of shares: what chance alone seldom makes, where the numbers carry it.

A p-chart needs 13 points, and at each of them 5 units expected to be met and 5 not to be: with
fewer, chance alone leaves its limits and makes runs of seven. Otherwise a run chart needs 10 points
off the median, a third of them on either side. Otherwise there are too few for signals. How often a
steady series shows a signal all the same is simulated: 400 charts, once for equal points.

Sources: run chart rules, J. Anhøj and A. V. Olesen, "Run charts revisited", PLoS ONE 9 (2014);
p-chart, W. A. Shewhart; correction of over-dispersed charts, D. B. Laney, "Improved control charts
for attributes", Quality Engineering 14 (2002); rules, NHS England, "Making Data Count".
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby, pairwise
from math import comb, log2, sqrt
from statistics import fmean, median
from typing import Literal

from scr_audit.stats.shares import binomial_chances

LEAST_FOR_RUNS, LEAST_FOR_LIMITS = 10, 13
LEAST_EXPECTED = 5
_LEAST_ON_A_SIDE = 1 / 3
ChartGate = Literal["plot", "run_chart", "p_chart"]
SignalKind = Literal["outside", "one_side", "trend", "two_of_three", "long_run", "few_crossings"]
Direction = Literal["up", "down", ""]
_IN_A_ROW = 7
_MOVING_RANGE_UNIT = 1.128  # the mean range of two standard normal values
_MOVING_RANGE_VARIANCE = 0.8264  # of the estimate from n values, times n - 1
_ONE_IN_TWENTY = 1.645
_HAIR = 1e-9

MetOfAll = tuple[int, int]
"""Units met, and units met or not met, of one point; at least one is."""


@dataclass(frozen=True)
class Signal:
    """Special cause variation from point `first` to `last` (both count from 0).

    `direction` is `up`, `down` or, for crossings, empty.
    """

    kind: SignalKind
    first: int
    last: int
    direction: Direction


@dataclass(frozen=True)
class Chart:
    """What is drawn of one stretch: `centre` is the mean share, of a run chart the median.

    `limits` and `sigmas` are by point and empty without a p-chart. `spread` is how widely the
    points scatter beside what binomial chance gives (1), `most_spread` what steady series reach
    once in twenty times; above it, Laney's correction has widened the limits.
    """

    gate: ChartGate
    centre: float | None
    limits: tuple[tuple[float, float], ...] = ()
    sigmas: tuple[float, ...] = ()
    spread: float | None = None
    most_spread: float | None = None
    signals: tuple[Signal, ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether the limits are Laney's."""
        return self.spread is not None and self.spread > (self.most_spread or 0)


def best_chart(points: Sequence[MetOfAll]) -> Chart:
    """The chart of a stretch in which the rule asks the same, and units are independent."""
    if len(points) < LEAST_FOR_LIMITS:
        return run_chart(points)
    met, units = sum(each for each, _ in points), sum(each for _, each in points)
    fewest = min(each for _, each in points)
    if fewest * min(met, units - met) < LEAST_EXPECTED * units:  # whole numbers: no rounding
        return run_chart(points)
    return _p_chart(points, met / units)


def run_chart(points: Sequence[MetOfAll]) -> Chart:
    """The run chart of a stretch, which supposes nothing of the units of a point."""
    shares = [met / judged for met, judged in points]
    centre = median(shares) if shares else 0.0
    sides = [(at, _side(share, centre)) for at, share in enumerate(shares)]
    useful = [(at, side) for at, side in sides if side]  # points on the line are left out
    above = sum(side > 0 for _, side in useful)
    # Where most points are on the line, as often with few units, the rest is on one side of it.
    fewer = min(above, len(useful) - above)
    if len(useful) < LEAST_FOR_RUNS or fewer < len(useful) * _LEAST_ON_A_SIDE:
        return Chart("plot", None)
    return Chart("run_chart", centre, signals=tuple(_runs(useful, len(shares) - 1)))


def longest_run_allowed(useful: int) -> int:
    """The longest run of points on one side of the median that is no signal."""
    return round(log2(useful)) + 3


@cache
def fewest_crossings(useful: int) -> int:
    """The 5 % quantile of a binomial (useful - 1, ½): fewer crossings are a signal."""
    n, total = max(0, useful - 1), 0
    for count in range(n + 1):
        total += comb(n, count)
        if total >= 0.05 * 2**n:
            return count
    return n


def _runs(useful: Sequence[tuple[int, int]], last: int) -> Iterator[Signal]:
    """Signals in the sides of the median on which points are; `last` is the last point of all."""
    for side, group in groupby(useful, key=lambda entry: entry[1]):
        run = [at for at, _ in group]
        if len(run) > longest_run_allowed(len(useful)):
            yield Signal("long_run", run[0], run[-1], _direction(side))
    crossings = sum(a[1] != b[1] for a, b in pairwise(useful))
    if crossings < fewest_crossings(len(useful)):
        yield Signal("few_crossings", 0, last, "")


def _p_chart(points: Sequence[MetOfAll], centre: float) -> Chart:
    shares = [met / judged for met, judged in points]
    sigmas = [sqrt(centre * (1 - centre) / judged) for _, judged in points]
    spread, most = _scatter(shares, centre, sigmas)
    if spread > most:
        sigmas = [sigma * spread for sigma in sigmas]
    limits = tuple((max(0.0, centre - 3 * sigma), min(1.0, centre + 3 * sigma)) for sigma in sigmas)
    signals = (
        *_outside(shares, centre, sigmas),
        *_one_side(shares, centre),
        *_trends(shares),
        *_two_of_three(shares, centre, sigmas),
    )
    return Chart("p_chart", centre, limits, tuple(sigmas), spread, most, signals)


def _scatter(
    shares: Sequence[float], centre: float, sigmas: Sequence[float]
) -> tuple[float, float]:
    """Laney's sigma of the standardised points, and what steady series exceed once in twenty.

    It looks at neighbours only, so that a shift of the level is a signal and not a wide scatter.
    """
    most = 1 + _ONE_IN_TWENTY * sqrt(_MOVING_RANGE_VARIANCE / (len(shares) - 1))
    scores = [(share - centre) / sigma for share, sigma in zip(shares, sigmas, strict=True)]
    return fmean(abs(b - a) for a, b in pairwise(scores)) / _MOVING_RANGE_UNIT, most


def _side(share: float, line: float) -> int:
    """1 above the line, -1 below, 0 on it; a hair of rounding is on it."""
    return 0 if abs(share - line) <= _HAIR else 1 if share > line else -1


def _direction(side: int) -> Direction:
    return "up" if side > 0 else "down"


def _outside(shares: Sequence[float], centre: float, sigmas: Sequence[float]) -> list[Signal]:
    return [
        Signal("outside", at, at, _direction(_side(share, centre)))
        for at, (share, sigma) in enumerate(zip(shares, sigmas, strict=True))
        if abs(share - centre) > 3 * sigma + _HAIR
    ]


def _one_side(shares: Sequence[float], centre: float) -> list[Signal]:
    """Seven or more on one side; a point on the line breaks the run."""
    found, at = [], 0
    for side, group in groupby(_side(share, centre) for share in shares):
        size = len(list(group))
        if side and size >= _IN_A_ROW:
            found.append(Signal("one_side", at, at + size - 1, _direction(side)))
        at += size
    return found


def _trends(shares: Sequence[float]) -> list[Signal]:
    """Seven points or more of which each is above, or each below, the one before."""
    found, at = [], 0
    for side, group in groupby(_side(b, a) for a, b in pairwise(shares)):
        size = len(list(group))
        if side and size >= _IN_A_ROW - 1:
            found.append(Signal("trend", at, at + size, _direction(side)))
        at += size
    return found


def _two_of_three(shares: Sequence[float], centre: float, sigmas: Sequence[float]) -> list[Signal]:
    """Two of three neighbours beyond two sigma on the same side."""
    far = [
        _side(share, centre) if abs(share - centre) > 2 * sigma + _HAIR else 0
        for share, sigma in zip(shares, sigmas, strict=True)
    ]
    found: list[Signal] = []
    for side in (1, -1):
        last = -1
        for at in range(len(far) - 2):
            beyond = [at + step for step in range(3) if far[at + step] == side]
            if len(beyond) >= 2 and beyond[-1] > last:
                last = beyond[-1]
                found.append(Signal("two_of_three", beyond[0], last, _direction(side)))
    return found


TIMES = 400
SEED = 20_100_301
_Draws = tuple[int, Sequence[float]]
ChartMaker = Callable[[Sequence[MetOfAll]], Chart]
"""How a series is charted: `signals.best_chart` or `signals.run_chart`."""


@cache
def false_signal_chance(
    judged: tuple[int, ...],
    share: float,
    times: int = TIMES,
    seed: int = SEED,
    chart: ChartMaker = best_chart,
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
        points: list[MetOfAll] = [
            (first + bisect_left(sums, chance.random() * sums[-1]), n)
            for n, (first, sums) in zip(judged, draws, strict=True)
        ]
        hits += bool(chart(points).signals)
    return hits / times


def expected_false(stretches: Iterable[tuple[Sequence[MetOfAll], ChartMaker]]) -> float:
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
    """The first count that is not next to impossible, and the running chances from it on."""
    chances = binomial_chances(n, share)
    return min(chances), tuple(accumulate(chances.values()))
