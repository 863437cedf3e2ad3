"""Masking: which cells are not printed, so that the attacker finds out none of them.

Small counts go first. A cell that the others give away needs a second one masked beside it, the
one that gives away least itself; that goes on until the attacker finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scr_audit.disclosure.cells import Cell
from scr_audit.disclosure.knowledge import Row
from scr_audit.disclosure.profile import Profile

# How many records there were, which a report begins with: masked only where nothing else helps.
_HEADLINE = frozenset({"records", "input", "kind"})
Exposed = Callable[[frozenset[Cell], frozenset[Cell]], set[Cell]]
"""The cells to protect that are exposed with these cells masked, of those not yet proved safe."""


@dataclass
class Table:
    """The true counts and the rows between them; `fixed` cells are known to everybody."""

    counts: Mapping[Cell, int]
    rows: Sequence[Row]
    profile: Profile
    fixed: frozenset[Cell]
    masked: set[Cell] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.order = {cell: place for place, cell in enumerate(self.counts)}
        self.rows_with: dict[Cell, list[Row]] = {cell: [] for cell in self.counts}
        for row in self.rows:
            for cell, _ in row.terms:
                self.rows_with.setdefault(cell, []).append(row)

    def may_mask(self, cell: Cell) -> bool:
        """Whether masking the cell is possible and would change anything."""
        if cell not in self.counts or cell in self.masked or cell in self.fixed:
            return False
        return self.counts[cell] > 0 or self.profile.mask_zero

    def mask_small(self) -> None:
        """Mask every count that the profile does not let be shown."""
        self.masked.update(
            cell
            for cell, count in self.counts.items()
            if self.profile.hides(count) and cell not in self.fixed
        )

    def mask_all(self) -> None:
        """Mask everything that may be masked."""
        self.masked.update([cell for cell in self.counts if self.may_mask(cell)])

    def mask_lone(self) -> None:
        """Mask a second cell in every sum where one alone is masked, until there is none."""
        waiting = [row for row in self.rows if self._lone(row)]
        while waiting:
            row = waiting.pop(0)
            if not self._lone(row):
                continue
            cell = self._cheapest(other for other, _ in row.terms)
            if cell is not None:
                self.masked.add(cell)
                waiting.extend(self.rows_with[cell])

    def nearest(self, exposed: Cell) -> Cell | None:
        """The cheapest cell to mask, as few sums away as possible; None where there is none.

        One of the headline only where no other, however far, is left.
        """
        last = None
        for ring in self._rings(exposed):
            cheapest = self._cheapest(ring)
            if cheapest is not None and not _in_headline(cheapest):
                return cheapest
            last = last or cheapest
        return last

    def _rings(self, start: Cell) -> Iterator[list[Cell]]:
        """The cells one sum away from `start`, then those two sums away, and so on."""
        seen, edge = {start}, [start]
        while edge:
            reached = dict.fromkeys(
                cell
                for known in edge
                for row in self.rows_with.get(known, ())
                for cell, _ in row.terms
            )
            edge = [cell for cell in reached if cell not in seen]
            seen.update(edge)
            yield edge

    def _lone(self, row: Row) -> bool:
        return row.exact and self.masked_in(row) == 1

    def masked_in(self, row: Row) -> int:
        """How many cells of a row are masked."""
        return sum(cell in self.masked for cell, _ in row.terms)

    def _cheapest(self, cells: Iterable[Cell]) -> Cell | None:
        """The cell that readers miss least, then that would be alone in the fewest sums.

        Of these the smallest count.
        """
        able = [cell for cell in cells if self.may_mask(cell)]
        return min(able, key=self._price, default=None)

    def _price(self, cell: Cell) -> tuple[int, int, int, int]:
        alone = sum(row.exact and not self.masked_in(row) for row in self.rows_with[cell])
        return _in_headline(cell), alone, self.counts[cell], self.order[cell]


def _in_headline(cell: Cell) -> bool:
    return cell.level in _HEADLINE and cell.what != "all_met"


def mask(table: Table, exposed: Exposed, also: Callable[[frozenset[Cell]], set[Cell]]) -> None:
    """Mask what has to be masked; everything, where nothing less is safe.

    `also` gives the cells that expose something beside documents published earlier. Whether the
    result is safe is for `assert_safe` to say.
    """
    safe: set[Cell] = set()
    while True:
        _mask_exposed(table, exposed, safe)
        masked = frozenset(table.masked)
        found = also(masked)
        if not found:
            return
        for cell in _in_order(table, found):
            _mask_nearest(table, cell)
        if table.masked == masked:
            table.mask_all()
            return


def _mask_exposed(table: Table, exposed: Exposed, safe: set[Cell]) -> None:
    """Mask cells until none is exposed by the others of the same document."""
    while True:
        if table.profile.rounding_base == 1:  # a sum of rounded counts is no exact one
            table.mask_lone()
        masked = frozenset(table.masked)
        found = exposed(masked, masked - safe)
        if not found:
            safe.update(masked)
            return
        # What is safe stays safe: more masked cells leave a reader with more possibilities.
        safe.update(masked - found)
        _mask_beside(table, found, exposed)
        if table.masked == masked:
            table.mask_all()
            return


def _mask_beside(table: Table, found: set[Cell], exposed: Exposed) -> None:
    """Mask the cheapest cell beside each exposed one, unless those before have helped it too."""
    added = False
    for cell in _in_order(table, found):
        if not added or cell in exposed(frozenset(table.masked), frozenset({cell})):
            added = _mask_nearest(table, cell) or added


def _in_order(table: Table, cells: set[Cell]) -> list[Cell]:
    """The cells in the order printed; those of other documents last."""
    return sorted(cells, key=lambda cell: (table.order.get(cell, len(table.order)), cell))


def _mask_nearest(table: Table, cell: Cell) -> bool:
    nearest = table.nearest(cell)
    if nearest is not None:
        table.masked.add(nearest)
    return nearest is not None
