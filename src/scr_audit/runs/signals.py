"""Signals in a series of shares: what chance alone seldom makes, by how many points there are.

Fewer than 10 points give no signals, 10 to 12 those of a run chart, 13 or more those of a p-chart.

Sources: run chart rules, J. Anhøj and A. V. Olesen, "Run charts revisited", PLoS ONE 9 (2014);
p-chart, W. A. Shewhart; correction of over-dispersed charts, D. B. Laney, "Improved control charts
for attributes", Quality Engineering 14 (2002); rules, NHS England, "Making Data Count".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from math import comb, log2, sqrt
from statistics import fmean, median

LEAST_FOR_RUNS, LEAST_FOR_LIMITS = 10, 13
PLOT, RUN_CHART, P_CHART = "plot", "run_chart", "p_chart"
OUTSIDE, ONE_SIDE, TREND, TWO_OF_THREE = "outside", "one_side", "trend", "two_of_three"
LONG_RUN, FEW_CROSSINGS = "long_run", "few_crossings"
_IN_A_ROW = 7
_MOVING_RANGE_UNIT = 1.128  # the mean range of two standard normal values
_MOVING_RANGE_VARIANCE = 0.8264  # of the estimate from n values, times n - 1
_ONE_IN_TWENTY = 1.645
_HAIR = 1e-9

Counts = tuple[int, int]
"""Units met and units judged, of one point; at least one is judged."""


@dataclass(frozen=True)
class Signal:
    """Special cause variation from point `first` to `last` (both count from 0).

    `direction` is `up`, `down` or, for crossings, empty.
    """

    kind: str
    first: int
    last: int
    direction: str


@dataclass(frozen=True)
class Chart:
    """What is drawn of one stretch: `centre` is the mean share, of a run chart the median.

    `limits` and `sigmas` are by point and empty without a p-chart. `spread` is how widely the
    points scatter beside what binomial chance gives (1), `most_spread` what steady series reach
    once in twenty times; above it, Laney's correction has widened the limits.
    """

    gate: str
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


def gate(points: int) -> str:
    """What so many points with data allow."""
    if points < LEAST_FOR_RUNS:
        return PLOT
    return RUN_CHART if points < LEAST_FOR_LIMITS else P_CHART


def charted(points: Sequence[Counts]) -> Chart:
    """The chart of a stretch in which the rule asks the same."""
    found = gate(len(points))
    if found == PLOT:
        return Chart(PLOT, None)
    shares = [met / judged for met, judged in points]
    return _run_chart(shares) if found == RUN_CHART else _p_chart(points, shares)


def longest_run_allowed(useful: int) -> int:
    """The longest run of points on one side of the median that is no signal."""
    return round(log2(useful)) + 3 if useful else 0


@cache
def fewest_crossings(useful: int) -> int:
    """The 5 % quantile of a binomial (useful - 1, ½): fewer crossings are a signal."""
    n, total = max(0, useful - 1), 0
    for count in range(n + 1):
        total += comb(n, count)
        if total >= 0.05 * 2**n:
            return count
    return n


def _run_chart(shares: Sequence[float]) -> Chart:
    centre = median(shares)
    sides = [(at, _side(share, centre)) for at, share in enumerate(shares)]
    useful = [(at, side) for at, side in sides if side]  # points on the line are left out
    signals = []
    for side, group in groupby(useful, key=lambda entry: entry[1]):
        run = [at for at, _ in group]
        if len(run) > longest_run_allowed(len(useful)):
            signals.append(Signal(LONG_RUN, run[0], run[-1], _direction(side)))
    crossings = sum(a[1] != b[1] for a, b in pairwise(useful))
    if useful and crossings < fewest_crossings(len(useful)):
        signals.append(Signal(FEW_CROSSINGS, 0, len(shares) - 1, ""))
    return Chart(RUN_CHART, centre, signals=tuple(signals))


def _p_chart(points: Sequence[Counts], shares: Sequence[float]) -> Chart:
    centre = sum(met for met, _ in points) / sum(judged for _, judged in points)
    sigmas = [sqrt(centre * (1 - centre) / judged) for _, judged in points]
    spread, most = _spread(shares, centre, sigmas)
    if spread is not None and spread > most:
        sigmas = [sigma * spread for sigma in sigmas]
    limits = tuple((max(0.0, centre - 3 * sigma), min(1.0, centre + 3 * sigma)) for sigma in sigmas)
    signals = (
        *_outside(shares, centre, sigmas),
        *_one_side(shares, centre),
        *_trends(shares),
        *_two_of_three(shares, centre, sigmas),
    )
    return Chart(P_CHART, centre, limits, tuple(sigmas), spread, most, signals)


def _spread(
    shares: Sequence[float], centre: float, sigmas: Sequence[float]
) -> tuple[float | None, float]:
    """Laney's sigma of the standardised points, and what steady series exceed once in twenty.

    It looks at neighbours only, so that a shift of the level is a signal and not a wide scatter.
    None where all points are all met, or none.
    """
    most = 1 + _ONE_IN_TWENTY * sqrt(_MOVING_RANGE_VARIANCE / (len(shares) - 1))
    if not all(sigmas):
        return None, most
    scores = [(share - centre) / sigma for share, sigma in zip(shares, sigmas, strict=True)]
    return fmean(abs(b - a) for a, b in pairwise(scores)) / _MOVING_RANGE_UNIT, most


def _side(share: float, line: float) -> int:
    """1 above the line, -1 below, 0 on it; a hair of rounding is on it."""
    return 0 if abs(share - line) <= _HAIR else 1 if share > line else -1


def _direction(side: int) -> str:
    return "up" if side > 0 else "down"


def _outside(shares: Sequence[float], centre: float, sigmas: Sequence[float]) -> list[Signal]:
    return [
        Signal(OUTSIDE, at, at, _direction(_side(share, centre)))
        for at, (share, sigma) in enumerate(zip(shares, sigmas, strict=True))
        if abs(share - centre) > 3 * sigma + _HAIR
    ]


def _one_side(shares: Sequence[float], centre: float) -> list[Signal]:
    """Seven or more on one side; a point on the line breaks the run."""
    found, at = [], 0
    for side, group in groupby(_side(share, centre) for share in shares):
        size = len(list(group))
        if side and size >= _IN_A_ROW:
            found.append(Signal(ONE_SIDE, at, at + size - 1, _direction(side)))
        at += size
    return found


def _trends(shares: Sequence[float]) -> list[Signal]:
    """Seven points or more of which each is above, or each below, the one before."""
    found, at = [], 0
    for side, group in groupby(_side(b, a) for a, b in pairwise(shares)):
        size = len(list(group))
        if side and size >= _IN_A_ROW - 1:
            found.append(Signal(TREND, at, at + size, _direction(side)))
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
                found.append(Signal(TWO_OF_THREE, beyond[0], last, _direction(side)))
    return found
