"""Whole-number problems for HiGHS: the smallest or largest sum of columns that rows allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scr_audit.errors import InputError

CLOSE = 1e-6
MOST_NODES = 2_000
"""Branches tried before a problem counts as unsolved; a number of seconds would not repeat."""

Solution = list[int]


@dataclass(frozen=True)
class Constraint:
    """The sum of `terms` (column, factor) lies between `least` and `most`; None: no limit."""

    terms: tuple[tuple[int, int], ...]
    least: int | None
    most: int | None

    def holds(self, values: Sequence[int]) -> bool:
        """Whether whole numbers fulfil it, exactly."""
        found = sum(values[column] * factor for column, factor in self.terms)
        return (self.least is None or found >= self.least) and (
            self.most is None or found <= self.most
        )


@dataclass(frozen=True)
class Optimum:
    """The best sum without the demand for whole numbers, and the point where it is reached.

    `solution` is that point where it is whole, else None.
    """

    value: float
    solution: Solution | None


class Program:
    """Columns with their least and most, and constraints; costs are given with each question.

    Raises `InputError` where HiGHS is not installed.
    """

    def __init__(
        self, bounds: Sequence[tuple[int, int]], constraints: Sequence[Constraint]
    ) -> None:
        self.bounds, self.constraints = bounds, constraints
        self._highspy = _library()
        self._solver = self._loaded()
        self._costs: dict[int, int] = {}
        self._held: dict[int, int] = {}

    def smallest(self, costs: Mapping[int, int]) -> Optimum | None:
        """The smallest sum of columns times costs; None where nothing fulfils the constraints."""
        self._ask(self._solver, {**dict.fromkeys(self._costs, 0), **costs})
        self._costs = dict(costs)
        if self._solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            return None
        point = list(self._solver.getSolution().col_value)
        value = sum(point[column] * cost for column, cost in costs.items())
        return Optimum(value, self.whole(point))

    def hubs(self, least: int) -> list[int]:
        """The columns that stand in more than `least` constraints."""
        found = Counter(column for row in self.constraints for column, _ in row.terms)
        return sorted(column for column, number in found.items() if number > least)

    def hold(self, values: Mapping[int, int]) -> None:
        """Keep these columns at a value, and no others."""
        for column in self._held:
            self._solver.changeColBounds(column, *map(float, self.bounds[column]))
        for column, value in values.items():
            self._solver.changeColBounds(column, float(value), float(value))
        self._held = dict(values)

    def smallest_whole(self, costs: Mapping[int, int]) -> Solution | None:
        """The whole point with the smallest sum; None where none was found in `MOST_NODES`."""
        solver = self._loaded()
        solver.setOptionValue("mip_max_nodes", MOST_NODES)
        every = list(range(len(self.bounds)))
        solver.changeColsIntegrality(
            len(every), every, [self._highspy.HighsVarType.kInteger] * len(every)
        )
        self._ask(solver, costs)
        if solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            return None
        return self.whole(list(solver.getSolution().col_value))

    def whole(self, point: Sequence[float]) -> Solution | None:
        """The point in whole numbers, proved to fulfil everything; None where it is not whole."""
        values = [round(value) for value in point]
        near = all(abs(a - b) < CLOSE for a, b in zip(values, point, strict=True))
        inside = near and all(
            least <= value <= most for value, (least, most) in zip(values, self.bounds, strict=True)
        )
        return values if inside and all(c.holds(values) for c in self.constraints) else None

    def _ask(self, solver: Any, costs: Mapping[int, int]) -> None:
        columns = list(costs)
        if columns:
            solver.changeColsCost(len(columns), columns, [float(costs[c]) for c in columns])
        solver.run()

    def _loaded(self) -> Any:
        # The class for Python announces itself on stdout, where a report may be written to.
        solver = getattr(self._highspy._core, "_Highs", self._highspy.Highs)()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            solver.setOptionValue(option, value)
        solver.passModel(self._model())
        return solver

    def _model(self) -> Any:
        model, endless = self._highspy.HighsLp(), self._highspy.kHighsInf
        model.num_col_, model.num_row_ = len(self.bounds), len(self.constraints)
        model.col_cost_ = [0.0] * len(self.bounds)
        model.col_lower_ = [float(least) for least, _ in self.bounds]
        model.col_upper_ = [float(most) for _, most in self.bounds]
        model.row_lower_ = [-endless if c.least is None else c.least for c in self.constraints]
        model.row_upper_ = [endless if c.most is None else c.most for c in self.constraints]
        starts = [0]
        for constraint in self.constraints:
            starts.append(starts[-1] + len(constraint.terms))
        terms = [term for constraint in self.constraints for term in constraint.terms]
        model.a_matrix_.format_ = self._highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = [column for column, _ in terms]
        model.a_matrix_.value_ = [float(factor) for _, factor in terms]
        return model


def _library() -> Any:
    try:
        import highspy
    except ImportError as error:
        raise InputError(
            "the board edition needs the linear programming library HiGHS, which is not "
            "installed. Install it: pip install 'scr-audit[board]'"
        ) from error
    return highspy
