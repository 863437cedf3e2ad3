"""The attacker: how far what is printed narrows each masked cell, exactly.

Cells that are known are put into the sums; the rest falls apart into components that share no
sum, each a problem for linear programming. A cell is safe as soon as two whole solutions give it
two values, so that few cells need a problem of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from random import Random

from scr_audit.disclosure.cells import Cell
from scr_audit.disclosure.knowledge import Knowledge, Range, Row
from scr_audit.disclosure.linear import CLOSE, Constraint, Program, Solution
from scr_audit.disclosure.narrowing import Contradiction, narrowed

FAILURES = 4
"""Directions that settle no cell, one after the other, before another start is tried."""
HUB = 20
"""A cell in more sums than this ties the others together, and their solutions become fractions;
so it is held while they are moved."""


@dataclass(frozen=True)
class Component:
    """Cells that hang together by sums, each a column, and what binds them."""

    cells: Sequence[Cell]
    bounds: Sequence[tuple[int, int]]
    constraints: Sequence[Constraint]
    cap: int

    def program(self) -> Program:
        """The component as a problem to solve."""
        return Program(self.bounds, self.constraints)


def determined(known: Knowledge, wanted: Iterable[Cell]) -> dict[Cell, int]:
    """Those of the wanted cells that can have one value only, and that value.

    A cell for which no second value could be found within the effort allowed counts as
    determined. Raises `Contradiction` where nothing fits what is known.
    """
    asked = frozenset(wanted)
    ranges, some = _without_doubt(known, asked)
    found = {cell: least for cell, (least, most) in ranges.items() if least == most}
    found = {cell: found[cell] for cell in found if cell in asked}
    for component in some:
        columns = [i for i, cell in enumerate(component.cells) if cell in asked]
        found.update(_determined_in(component, columns))
    return found


def bounds(known: Knowledge, wanted: Iterable[Cell]) -> dict[Cell, Range]:
    """The smallest and largest value of each wanted cell; None: no limit.

    Raises `Contradiction` where nothing fits what is known.
    """
    asked = frozenset(wanted)
    ranges, some = _without_doubt(known, asked)
    found = {cell: span for cell, span in ranges.items() if cell in asked and span[0] == span[1]}
    for component in some:
        program = component.program()
        for column, cell in enumerate(component.cells):
            if cell in asked:
                least, most = _extreme(program, column, 1), _extreme(program, column, -1)
                endless = component.cap in most
                found[cell] = least[column], None if endless else most[column]
    return found


Narrowed = tuple[Mapping[Cell, Range], list[Component]]


def _without_doubt(known: Knowledge, asked: frozenset[Cell]) -> Narrowed:
    """The ranges, and the components with a cell asked about.

    Without what is only assumed, if that fits nothing. An assumption that fits narrows the
    cells and so can only make the attacker stronger.
    """
    try:
        return _fitting(known.ranges, known.rows, asked)
    except Contradiction:
        certain = [row for row in known.rows if not row.assumed]
        return _fitting(known.ranges, certain, asked)


def _fitting(known: Mapping[Cell, Range], rows: Sequence[Row], asked: frozenset[Cell]) -> Narrowed:
    open_rows = _open(rows, known)
    ranges = narrowed(known, open_rows)
    some = [c for c in components(ranges, open_rows) if not asked.isdisjoint(c.cells)]
    if any(component.program().smallest({}) is None for component in some):
        raise Contradiction
    return ranges, some


def components(ranges: Mapping[Cell, Range], rows: Iterable[Row]) -> Iterator[Component]:
    """The cells that are not known for certain, by the sums that they share."""
    cap = 1_000_000 + 10 * max((most or 0 for _, most in ranges.values()), default=0)
    for cells, mine in _connected(ranges, _open(rows, ranges)):
        columns = {cell: column for column, cell in enumerate(cells)}
        limits = [ranges[cell] for cell in cells]
        yield Component(
            cells,
            [(least, cap if most is None else most) for least, most in limits],
            [_constraint(row, columns) for row in mine],
            cap,
        )


def _open(rows: Iterable[Row], ranges: Mapping[Cell, Range]) -> list[Row]:
    """The rows in which some cell is not known for certain, with the others taken in."""
    return [folded for row in rows if (folded := _folded(row, ranges)).terms]


def _folded(row: Row, ranges: Mapping[Cell, Range]) -> Row:
    """The row with the cells of known value taken into its limits."""
    known = sum(ranges[c][0] * f for c, f in row.terms if ranges[c][0] == ranges[c][1])
    terms = tuple((c, f) for c, f in row.terms if ranges[c][0] != ranges[c][1])
    least = None if row.least is None else row.least - known
    most = None if row.most is None else row.most - known
    if not terms and ((least or 0) > 0 or (most or 0) < 0):
        raise Contradiction
    return row._replace(terms=terms, least=least, most=most)


def _constraint(row: Row, columns: Mapping[Cell, int]) -> Constraint:
    return Constraint(tuple((columns[c], f) for c, f in row.terms), row.least, row.most)


def _connected(
    ranges: Mapping[Cell, Range], rows: Sequence[Row]
) -> Iterator[tuple[list[Cell], list[Row]]]:
    """The open cells in groups that no row joins, in the order of the cells."""
    leader = {cell: cell for cell, (least, most) in ranges.items() if least != most}

    def leading(cell: Cell) -> Cell:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    for row in rows:
        first = leading(row.terms[0][0])
        for cell, _ in row.terms[1:]:
            leader[leading(cell)] = first
    groups: dict[Cell, tuple[list[Cell], list[Row]]] = {}
    for cell in leader:
        groups.setdefault(leading(cell), ([], []))[0].append(cell)
    for row in rows:
        groups[leading(row.terms[0][0])][1].append(row)
    yield from groups.values()


def _determined_in(component: Component, columns: Sequence[int]) -> dict[Cell, int]:
    if not columns:
        return {}
    program, spans = component.program(), _Spans(columns)
    _try_directions(program, spans)
    found: dict[Cell, int] = {}
    for column in spans.open:
        if spans.varies(column):  # another cell's solution may have settled it meanwhile
            continue
        value = _only_value(program, column, spans)
        if value is not None:
            found[component.cells[column]] = value
    return found


class _Spans:
    """The columns asked about, and which of them had one value only in the solutions seen."""

    def __init__(self, columns: Sequence[int]) -> None:
        self.columns = columns
        self.open = list(columns)
        self.seen: dict[int, int] = {}

    def see(self, solution: Solution | None) -> None:
        if solution is None:
            return
        for column in self.open:
            self.seen.setdefault(column, solution[column])
        self.open = [column for column in self.open if solution[column] == self.seen[column]]

    def varies(self, column: int) -> bool:
        return column not in self.open


def _try_directions(program: Program, spans: _Spans) -> None:
    """See solutions that differ, in random directions away from some first ones."""
    random = Random(0)  # noqa: S311 - the same directions each time; any will do
    hubs = program.hubs(HUB)
    bases = []
    for base in _bases(program, spans, hubs):
        bases.append(base)
        spans.see(base)
    for base in reversed(bases):
        program.hold({column: base[column] for column in hubs})
        _search(program, spans, random)
        program.hold({})


def _bases(program: Program, spans: _Spans, hubs: Sequence[int]) -> Iterator[Solution]:
    """Whole solutions to start from: with little and with much, and each hub at its ends."""
    ends = [dict.fromkeys(spans.columns, 1)] + [{hub: 1} for hub in hubs]
    for costs in ends:
        for sign in (1, -1):
            best = program.smallest({column: sign * cost for column, cost in costs.items()})
            if best is not None and best.solution is not None and spans.open:
                yield best.solution


def _search(program: Program, spans: _Spans, random: Random) -> None:
    """Move as many cells as possible at once; after a failure, only about half of them."""
    failures = 0
    while failures < FAILURES and (still := spans.open):
        moved = [column for column in still if not failures or random.random() < 0.5]
        costs = {
            column: _away(program, spans, column) or random.choice((-1, 1)) for column in moved
        }
        best = program.smallest(costs)
        spans.see(None if best is None else best.solution)
        failures = failures + 1 if len(spans.open) == len(still) else 0


def _away(program: Program, spans: _Spans, column: int) -> int:
    """The cost that leads away from the limit at which the column was seen; 0: either."""
    seen, (least, most) = spans.seen.get(column), program.bounds[column]
    return -1 if seen == least else 1 if seen == most else 0


def _only_value(program: Program, column: int, spans: _Spans) -> int | None:
    """The column's value where it can have one only."""
    ends = []
    for sign in (-1, 1):
        best = program.smallest({column: sign})
        assert best is not None, "the component was found to fit"
        spans.see(best.solution)
        if spans.varies(column):
            return None
        ends.append(ceil(best.value - CLOSE) if sign == 1 else floor(CLOSE - best.value))
    most, least = ends
    if least < most:
        for sign in (1, -1):
            spans.see(program.smallest_whole({column: sign}))
    return None if spans.varies(column) else least


def _extreme(program: Program, column: int, sign: int) -> Solution:
    """A whole solution with the smallest (sign 1) or largest (-1) value of a column."""
    best = program.smallest({column: sign})
    solution = best.solution if best is not None else None
    solution = solution or program.smallest_whole({column: sign})
    if solution is None:
        raise Contradiction
    return solution
