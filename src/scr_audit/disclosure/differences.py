"""What a document tells beside earlier ones: small differences, and a count that only grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scr_audit.disclosure.attack import determined
from scr_audit.disclosure.cells import Cell, Counts, counts
from scr_audit.disclosure.knowledge import Knowledge, Row, knowledge
from scr_audit.disclosure.narrowing import Contradiction

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Earlier:
    """An earlier document as a reader knows it; `counts` are printed, or given away by others.

    `known.masked` lists the cells that it does not give away by itself.
    """

    known: Knowledge
    counts: Counts


def earlier_known(document: Document) -> Earlier:
    """What a reader knows of an earlier document."""
    known, found = knowledge(document), counts(document)
    try:
        given_away = determined(known, known.masked)
    except Contradiction:
        given_away = {}  # a document that contradicts itself gives nothing away for certain
    ranges = {**known.ranges, **{cell: (value, value) for cell, value in given_away.items()}}
    still = [cell for cell in known.masked if cell not in given_away]
    return Earlier(Knowledge(ranges, known.rows, still), {**found, **given_away})


def small_differences(now: Counts, earlier: Earlier, threshold: int) -> Iterator[Cell]:
    """The cells known in both documents that differ, by less than the threshold."""
    for cell, count in now.items():
        before = earlier.counts.get(cell)
        if count is not None and before is not None and 0 < abs(count - before) < threshold:
            yield cell


def exposed_if_growing(now: Knowledge, earlier: Earlier, threshold: int) -> set[Cell]:
    """The cells of now that expose something if the counts have only grown since the earlier one.

    Something is exposed where a masked cell of either document, or a small growth, can have one
    value only. Nothing is where a count has shrunk, so that they were not counted up.
    """
    rises = {_rise(cell): cell for cell in now.ranges if _both_open(cell, now, earlier)}
    before = {_before(cell): cell for cell in earlier.known.masked}
    try:
        found = determined(_joined(now, earlier), [*now.masked, *rises, *before])
    except Contradiction:
        return set()
    small = {cell for cell, value in found.items() if cell in rises and 0 < value < threshold}
    exposed = [cell for cell in found if cell in small or cell not in rises]
    return {rises.get(cell) or before.get(cell, cell) for cell in exposed}


def _both_open(cell: Cell, now: Knowledge, earlier: Earlier) -> bool:
    """Whether the cell is of both documents and its value certain in neither.

    Where one is certain, the growth tells no more than the other.
    """
    spans = now.ranges[cell], earlier.known.ranges.get(cell, (0, 0))
    return all(least != most for least, most in spans)


def _joined(now: Knowledge, earlier: Earlier) -> Knowledge:
    """Both documents, none of whose common cells has shrunk."""
    joined = Knowledge(dict(now.ranges), list(now.rows), now.masked)
    for cell, span in earlier.known.ranges.items():
        joined.ranges[_before(cell)] = span
    for row in earlier.known.rows:
        joined.rows.append(row._replace(terms=tuple((_before(c), f) for c, f in row.terms)))
    common = now.ranges.keys() & earlier.known.ranges.keys()
    for cell in now.ranges:
        if cell in common:
            joined.ranges[_rise(cell)] = (0, None)
            joined.rows.append(Row(((cell, 1), (_before(cell), -1), (_rise(cell), -1))))
    # What sums up now and did so before sums up for the growth too; that is quick to see.
    for row in now.rows:
        if row.exact and common.issuperset(cell for cell, _ in row.terms):
            joined.rows.append(row._replace(terms=tuple((_rise(c), f) for c, f in row.terms)))
    return joined


def _before(cell: Cell) -> Cell:
    return cell._replace(level=f"earlier {cell.level}")


def _rise(cell: Cell) -> Cell:
    return cell._replace(level=f"rise of {cell.level}")
