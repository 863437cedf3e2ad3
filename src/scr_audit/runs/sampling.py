"""Random samples of records: how many, and which ones.

A draw orders records by HMAC-SHA-256 of their ids, keyed by the seed, so that it depends on the
seed and the ids alone: not on the order of the input, the machine or the version of Python.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from scr_audit.runs.allocation import allocation

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


def needed(frame: int, margin: float, *, expect: float = 0.5, confidence: float = 0.95) -> int:
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


def drawn(strata: Mapping[str, Stratum], seed: str, *, size: int, reserve: int) -> Draw:
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
