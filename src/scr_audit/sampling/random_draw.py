"""Random samples of records: how many, which ones, and what they can show.

A draw orders records by HMAC-SHA-256 of their ids, keyed by the seed, so that it depends on the
seed and the ids alone: not on the order of the input, the machine or the version of Python."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from statistics import NormalDist
from typing import TypeVar

from scr_audit.stats.shares import ALWAYS, FROM, TO, power_of_fall, units_to_show, wilson
from scr_audit.values.text import counted

NOT_RECORDED = "(not recorded)"
Stratum = tuple[str, ...]
"""The values of the facts that divide the records; () where nothing does."""


@dataclass(frozen=True)
class Draw:
    """The ids that are drawn and the reserve, each in drawing order, and how many of each stratum.

    `frame`, `shares` and `spare` count the records of a stratum, those drawn and its reserve.
    """

    drawn: tuple[str, ...]
    reserve: tuple[str, ...]
    frame: Mapping[Stratum, int]
    shares: Mapping[Stratum, int]
    spare: Mapping[Stratum, int]


def sample_size(frame: int, margin: float, *, expect: float = 0.5, confidence: float = 0.95) -> int:
    """How many of `frame` records estimate a share near `expect` to within `margin`; fractions.

    Source: W. G. Cochran, Sampling Techniques (1977), 4.2: n0 = z² p (1 - p) / e², then
    n0 / (1 + n0 / N), to the nearest whole number, as the tables of clinical audit have it. So the
    margin may be passed by less than what half a record makes.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    infinite = z * z * expect * (1 - expect) / (margin * margin)
    return max(1, min(frame, round(infinite / (1 + infinite / frame))))


def drawing_order(ids: Iterable[str], seed: str) -> list[str]:
    """The ids in the order in which they are drawn with this seed."""
    key = seed.encode()
    marks = {name: hmac.digest(key, _bytes(name), hashlib.sha256) for name in ids}
    return sorted(marks, key=lambda name: (marks[name], name))


def frame_sha256(ids: Iterable[str]) -> str:
    """The hash of a frame: its ids, sorted, one a line."""
    return hashlib.sha256(_bytes("".join(f"{name}\n" for name in sorted(ids)))).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # some formats can hold half a character


def draw_ids(strata: Mapping[str, Stratum], seed: str, *, size: int, reserve: int) -> Draw:
    """The draw of `size` ids and a reserve; `strata` is id: stratum.

    The reserve is shared out over the strata as the draw is, and is larger than `reserve` where
    that is not enough for one of each that has a record left. Raises ValueError as `allocation`.
    """
    order = drawing_order(strata, seed)
    frame = dict(sorted(Counter(strata.values()).items()))
    shares = allocation(frame, size)
    chosen = tuple(_first_of_each(order, strata, shares))
    spare = _spare({name: frame[name] - shares[name] for name in frame}, reserve)
    taken = set(chosen)
    left = [name for name in order if name not in taken]
    return Draw(chosen, tuple(_first_of_each(left, strata, spare)), frame, shares, spare)


def _first_of_each(
    order: Iterable[str], strata: Mapping[str, Stratum], shares: Mapping[Stratum, int]
) -> Iterator[str]:
    left = dict(shares)
    for name in order:
        if left[strata[name]]:
            left[strata[name]] -= 1
            yield name


def _spare(left: Mapping[Stratum, int], reserve: int) -> dict[Stratum, int]:
    """How many of each stratum are in reserve, where so many are left of it."""
    some = {name: count for name, count in left.items() if count}
    none = dict.fromkeys(left, 0)
    if not reserve or not some:
        return none
    return {**none, **allocation(some, min(max(reserve, len(some)), sum(some.values())))}


DrawnName = TypeVar("DrawnName", str, tuple[str, ...])


def allocation(sizes: Mapping[DrawnName, int], size: int) -> dict[DrawnName, int]:
    """How many to draw of each stratum: in proportion, and at least one of each.

    A stratum whose share is under one gets one. The others share what is left in proportion, each
    within one of its share: the whole parts, then one more by largest remainder, ties by name.
    Raises ValueError where `size` is not enough for one of each, or more than there are.

    Source: the method of Hamilton and Hare; in whole numbers, so that nothing is rounded.
    """
    total = sum(sizes.values())
    if not len(sizes) <= size <= total:
        raise ValueError(f"{size} of {total} cannot be drawn from {len(sizes)} strata")
    seats, rest = size, dict(sizes)
    while small := [name for name, count in rest.items() if seats * count < total]:
        for name in small:
            total -= rest.pop(name)
        seats -= len(small)
    return {**dict.fromkeys(sizes, 1), **_by_largest_remainder(rest, seats)}


def _by_largest_remainder(sizes: Mapping[DrawnName, int], seats: int) -> dict[DrawnName, int]:
    total = sum(sizes.values())
    shares = {name: divmod(seats * count, total) for name, count in sizes.items()}
    found = {name: whole for name, (whole, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda name: (-shares[name][1], name))
    for name in by_remainder[: seats - sum(found.values())]:
        found[name] += 1
    return found


USUAL_STANDARD = 0.9


def sample_sentences(
    size: int,
    expect: float,
    *,
    standards: Sequence[float] = (USUAL_STANDARD,),
    confidence: float = 0.95,
) -> list[str]:
    """What a sample of `size` units can show, at this confidence; shares are fractions.

    The intervals are those of the reports, without a correction for a small frame: they say what
    holds of work like this, not only of the records that were there.
    """
    met = round(size * expect)
    low, high = wilson(met, size, confidence)
    least = floor(wilson(size, size, confidence)[0] * 100)
    return [
        f"If all of {counted(size, 'unit')} are met, at least {least}% is shown, at "
        f"{confidence:.0%}.",
        f"If {met:,} of {size:,} are met, the {confidence:.0%} interval runs from {low:.0%} to "
        f"{high:.0%}.",
        *(_of_standard(size, share, confidence) for share in standards),
        f"A fall from {FROM:.0%} to {TO:.0%} between two such samples is noticed with a chance of "
        f"{_chance(power_of_fall(size, size))}, at 95%.",
        "All this counts one unit a record. Several units of one record say less than as many of "
        "different records, since they are not independent.",
    ]


def _of_standard(size: int, share: float, confidence: float) -> str:
    if share == ALWAYS:
        return (
            "A standard of always is not estimated: one unit that is not met is below it, and what "
            "was not drawn stays unknown."
        )
    reaches = "can" if wilson(size, size, confidence)[0] >= share else "cannot"
    units = units_to_show(share, confidence)
    return (
        f"It {reaches} show that a standard of {share:.0%} is reached: that takes {units:,} "
        f"units, all met."
    )


def _chance(share: float) -> str:
    """A chance that is never said to be none, or certain."""
    return "under 1%" if share < 0.005 else "over 99%" if share >= 0.995 else f"{share:.0%}"
