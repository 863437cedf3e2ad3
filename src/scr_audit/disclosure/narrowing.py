"""Narrowing the ranges of cells by one sum at a time, before anything harder is tried.

What is narrowed here is certain: a value outside the narrowed range fits no filling at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from scr_audit.disclosure.cells import Cell
from scr_audit.disclosure.knowledge import Range, Row

VISITS = 12
"""How often a row is looked at: ranges can creep towards each other one by one."""


class Contradiction(Exception):  # noqa: N818 - not an error of ours or of a user: an answer
    """No whole numbers fulfil everything that is known."""


def narrowed(ranges: Mapping[Cell, Range], rows: Sequence[Row]) -> dict[Cell, Range]:
    """The ranges as the rows narrow them. Raises `Contradiction` where a range becomes empty."""
    found = dict(ranges)
    rows_with: dict[Cell, list[int]] = {}
    for place, row in enumerate(rows):
        for cell, _ in row.terms:
            rows_with.setdefault(cell, []).append(place)
    waiting, queued, visits = deque(range(len(rows))), set(range(len(rows))), [0] * len(rows)
    while waiting:
        place = waiting.popleft()
        queued.discard(place)
        visits[place] += 1
        for cell in _narrow(rows[place], found):
            fresh = [
                other for other in rows_with[cell] if other not in queued and visits[other] < VISITS
            ]
            queued.update(fresh)
            waiting.extend(fresh)
    return found


def _narrow(row: Row, ranges: dict[Cell, Range]) -> list[Cell]:
    """Narrow the cells of a row; those whose range has changed."""
    sides = [_side(ranges[cell], factor) for cell, factor in row.terms]
    lowest, endless_low = _sum([low for low, _ in sides])
    highest, endless_high = _sum([high for _, high in sides])
    changed = []
    for (cell, factor), (low, high) in zip(row.terms, sides, strict=True):
        # The others take at least and at most so much; with one endless among them, no limit.
        others_low = None if endless_low - (low is None) else lowest - (low or 0)
        others_high = None if endless_high - (high is None) else highest - (high or 0)
        most = None if row.most is None or others_low is None else row.most - others_low
        least = None if row.least is None or others_high is None else row.least - others_high
        if factor < 0:
            least, most = (None if most is None else -most), (None if least is None else -least)
        if abs(factor) == 1 and _cut(ranges, cell, least, most):
            changed.append(cell)
    return changed


def _side(span: Range, factor: int) -> tuple[int | None, int | None]:
    least, most = span[0] * factor, None if span[1] is None else span[1] * factor
    return (least, most) if factor > 0 else (most, least)


def _sum(values: Sequence[int | None]) -> tuple[int, int]:
    """The sum of the numbers, and how many are endless."""
    return sum(value or 0 for value in values), sum(value is None for value in values)


def _cut(ranges: dict[Cell, Range], cell: Cell, least: int | None, most: int | None) -> bool:
    low, high = ranges[cell]
    new_low = low if least is None else max(low, least)
    new_high = most if high is None else high if most is None else min(high, most)
    if new_high is not None and new_low > new_high:
        raise Contradiction
    ranges[cell] = new_low, new_high
    return (new_low, new_high) != (low, high)
