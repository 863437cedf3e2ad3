"""Counts as the public edition prints them, and what may lie behind a printed one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from scr_audit.documents.editions import PublicCounts

BASE: Literal[5] = 5
FEWER_THAN: Literal[8] = 8


def rounded(number: int) -> int | None:
    """A count as it is printed; None: fewer than 8."""
    return None if number < FEWER_THAN else (number + BASE // 2) // BASE * BASE


def counts_behind(printed: int | None) -> range:
    """The counts that a printed one may stand for."""
    if printed is None:
        return range(FEWER_THAN)
    return range(max(FEWER_THAN, printed - BASE // 2), printed + BASE // 2 + 1)


def all_behind(counts: PublicCounts) -> Iterator[tuple[int, int, int]]:
    """Met, not met and not evidenced that the four printed counts may stand for together."""
    judged = counts_behind(counts["judged"])
    for met in counts_behind(counts["met"]):
        for not_met in counts_behind(counts["not_met"]):
            for silent in counts_behind(counts["not_evidenced"]):
                if met + not_met + silent in judged:
                    yield met, not_met, silent
