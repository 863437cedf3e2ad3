"""Random samples of records: how many, which ones, and what so many can show.

A draw orders records by HMAC-SHA-256 of their ids, keyed by the seed, so that it depends on the
seed and the ids alone: not on the order of the input, the machine or the version of Python.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import comb
from statistics import NormalDist

from scr_audit.runs.statistics import difference, wilson

NOT_RECORDED = "(not recorded)"
_MOST_FOR_POWER = 150  # exact power of more units takes long, and says what is known by then


def needed(frame: int, margin: float, *, expect: float = 0.5, confidence: float = 0.95) -> int:
    """How many of `frame` records estimate a share near `expect` to within `margin`; fractions.

    Source: W. G. Cochran, Sampling Techniques (1977), 4.2: n0 = z² p (1 - p) / e², then
    n0 / (1 + n0 / N), to the nearest whole number, as the tables of clinical audit have it.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    infinite = z * z * expect * (1 - expect) / (margin * margin)
    return max(1, min(frame, round(infinite / (1 + infinite / frame))))


def drawing_order(ids: Iterable[str], seed: str) -> list[str]:
    """The ids in the order in which they are drawn with this seed."""
    key = seed.encode()
    marks = {name: hmac.digest(key, name.encode(), hashlib.sha256) for name in ids}
    return sorted(marks, key=lambda name: (marks[name], name))


def frame_sha256(ids: Iterable[str]) -> str:
    """The hash of a frame: its ids, sorted, one a line."""
    return hashlib.sha256("".join(f"{name}\n" for name in sorted(ids)).encode()).hexdigest()


def allocation(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw of each stratum: in proportion, and at least one of each.

    Seats go by largest remainder, ties by name. Raises ValueError where `size` is not enough for
    one of each, or more than there are.
    """
    total = sum(sizes.values())
    if not len(sizes) <= size <= total:
        raise ValueError(f"{size} of {total} cannot be drawn from {len(sizes)} strata")
    exact = {name: size * count / total for name, count in sizes.items()}
    found = {name: max(1, int(share)) for name, share in exact.items()}
    while sum(found.values()) < size:
        open_ones = [name for name in sizes if found[name] < sizes[name]]
        found[max(open_ones, key=lambda name: (exact[name] - found[name], name))] += 1
    while sum(found.values()) > size:
        several = [name for name in sizes if found[name] > 1]
        found[min(several, key=lambda name: (exact[name] - found[name], name))] -= 1
    return found


def drawn(
    strata: Mapping[str, str], seed: str, *, size: int, reserve: int
) -> tuple[list[str], list[str]]:
    """The ids that are drawn and the reserve, each in drawing order; `strata` is id: stratum."""
    order = drawing_order(strata, seed)
    sizes: dict[str, int] = {}
    for stratum in strata.values():
        sizes[stratum] = sizes.get(stratum, 0) + 1
    left = allocation(sizes, size)
    chosen = []
    for name in order:
        if left[strata[name]]:
            left[strata[name]] -= 1
            chosen.append(name)
    taken = set(chosen)
    return chosen, [name for name in order if name not in taken][:reserve]


def least_shown(size: int) -> float:
    """The lowest share that `size` units show if all of them are met, at 95 %."""
    return wilson(size, size)[0]


@cache
def power(size: int, before: float, after: float) -> float:
    """The chance that two samples of `size` show the fall, by Newcombe's interval; exact."""
    shares = [
        [comb(size, met) * p**met * (1 - p) ** (size - met) for met in range(size + 1)]
        for p in (before, after)
    ]
    return sum(
        shares[0][then] * shares[1][now]
        for then in range(size + 1)
        for now in range(then)
        if difference((then, size), (now, size)).verdict == "lower"
    )


def can_show(size: int, expect: float, standards: Sequence[float] = (0.9,)) -> list[str]:
    """In words, what a sample of `size` units can show, and what it cannot."""
    low, high = wilson(round(size * expect), size)
    units = "1 unit" if size == 1 else f"{size} units"
    said = [
        f"If all of {units} are met, at least {least_shown(size):.0%} is shown, at 95 %.",
        f"If {expect:.0%} are met, the 95 % interval runs from {low:.0%} to {high:.0%}.",
    ]
    for share in standards:
        reaches = "can" if least_shown(size) >= share else "cannot"
        said.append(f"It {reaches} show that a standard of {share:.0%} is reached.")
    if size <= _MOST_FOR_POWER:
        chance = power(size, 0.9, 0.7)
        said.append(
            f"A fall from 90 % to 70 % between two such samples is noticed with a chance of "
            f"{chance:.0%}."
        )
    return said
