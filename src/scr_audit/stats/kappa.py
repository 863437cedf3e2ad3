"""Agreement of two raters: per cent agreement, and Cohen's kappa with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FEW = 20
"""Below so many units the normal approximation of the interval is rough."""
NEARLY_ALL = 0.9
"""A share of all answers from which kappa is often low though two raters agree."""
LOW = 0.6
"""Below it a kappa is low enough to ask why."""
_NOTHING = 1e-6  # an error of 0, but for rounding
_Z = NormalDist().inv_cdf(0.975)
Answers = tuple[str, str]  # of the first rater and of the second, about one thing


@dataclass(frozen=True)
class PairAgreement:
    """How two raters agree over `n` things, as fractions; None where there is no such number.

    `kappa` is None where both use one and the same category throughout: chance would agree as
    well. `interval` is None where the formula gives it no width, such as where they differ
    nowhere, or one of them always answers the same (`constant`).
    """

    n: int
    agreed: int
    share: float | None
    kappa: float | None
    interval: tuple[float, float] | None
    most_common: float | None
    constant: bool = False

    @property
    def note(self) -> str:
        """What a reader must know of these numbers, in words; may be empty."""
        if self.n == 0:
            return "nothing to compare"
        return "; ".join(filter(None, (self._of_kappa(), self._of_number())))

    def _of_kappa(self) -> str:
        if self.kappa is None:
            return "no kappa: all answers are equal"
        if self.constant:
            return "one of them answers the same throughout, which makes kappa 0"
        is_low = self.kappa < LOW
        if is_low and self.most_common is not None and self.most_common >= NEARLY_ALL:
            return "nearly all answers are equal, which makes kappa low whatever the agreement"
        return ""

    def _of_number(self) -> str:
        if self.n >= FEW:
            return ""
        rough = "" if self.interval is None else "; the interval is rough"
        return f"only {self.n}: too few (fewer than {FEW}) to tell good agreement from luck{rough}"


def agreement(answers: Iterable[Answers]) -> PairAgreement:
    """The agreement of two raters from their answers about the same things.

    Kappa: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
    Measurement 20 (1960). The 95 % interval is the asymptotic one of J. L. Fleiss, J. Cohen and
    B. S. Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological
    Bulletin 72 (1969), cut off at -1 and 1.
    """
    table = Counter(answers)
    n = table.total()
    if n == 0:
        return PairAgreement(0, 0, None, None, None, None)
    agreed = sum(count for (first, second), count in table.items() if first == second)
    rows, columns = _margins(table, n)
    common = max((rows[name] + columns[name]) / 2 for name in rows)
    chance = sum(rows[name] * columns[name] for name in rows)
    if len(table) == 1 and agreed == n:
        return PairAgreement(n, agreed, 1.0, None, None, common)
    kappa = (agreed / n - chance) / (1 - chance)
    constant = max(rows.values()) == 1 or max(columns.values()) == 1
    interval = _interval(kappa, standard_error(table))
    return PairAgreement(n, agreed, agreed / n, kappa, interval, common, constant)


def standard_error(table: Mapping[Answers, int]) -> float:
    """The standard error of kappa, for the counts of a table that has one (see `agreement`)."""
    n = sum(table.values())
    rows, columns = _margins(table, n)
    chance = sum(rows[name] * columns[name] for name in rows)
    agreed = sum(count for (first, second), count in table.items() if first == second) / n
    kappa = (agreed - chance) / (1 - chance)
    off = 1 - kappa
    spread = 0.0
    for (first, second), count in table.items():
        if first == second:
            spread += count / n * (1 - (rows[first] + columns[first]) * off) ** 2
        else:
            spread += count / n * (off * (columns[first] + rows[second])) ** 2
    spread -= (kappa - chance * off) ** 2
    return sqrt(max(0.0, spread) / n) / (1 - chance)


def _margins(table: Mapping[Answers, int], n: int) -> tuple[dict[str, float], dict[str, float]]:
    """The share of each category among the answers of either rater, in a fixed order."""
    names = sorted({name for pair in table for name in pair})
    rows, columns = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for (first, second), count in table.items():
        rows[first] += count
        columns[second] += count
    return (
        {name: count / n for name, count in rows.items()},
        {name: count / n for name, count in columns.items()},
    )


def _interval(kappa: float, error: float) -> tuple[float, float] | None:
    if error < _NOTHING:
        return None
    return max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error)
