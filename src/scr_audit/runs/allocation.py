"""How many of each stratum are drawn: in proportion, by largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Name = TypeVar("Name", str, tuple[str, ...])


def allocation(sizes: Mapping[Name, int], size: int) -> dict[Name, int]:
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


def _by_largest_remainder(sizes: Mapping[Name, int], seats: int) -> dict[Name, int]:
    total = sum(sizes.values())
    shares = {name: divmod(seats * count, total) for name, count in sizes.items()}
    found = {name: whole for name, (whole, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda name: (-shares[name][1], name))
    for name in by_remainder[: seats - sum(found.values())]:
        found[name] += 1
    return found
