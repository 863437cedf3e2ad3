"""An attacker for the tests: a whole-number program of all that a reader of an edition knows.

Beside the rounding intervals and the sums that is what the rule files tell: rules over one list
have equally many units, a rule without a condition judges all of them, one that judges records
judges as many as there are, and fails in no more records than are not all met. The order of rows
follows from what is printed and adds nothing. A count is recovered where the least and the most
that it can be are one. Solved with HiGHS through `scipy.optimize.milp`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

PARTS = ("met", "not_met", "not_evidenced")
SUMS = {"judged": PARTS, "failed": PARTS[1:]}
Printed = Mapping[str, int | None]
Behind = Callable[[int | None], range]
Name = tuple[int, str, str]  # which document, which rule, which count


class Shape(NamedTuple):
    """What a rule file tells of a rule: the list it goes through, and if it judges all of it."""

    units: str  # empty: it judges records
    whole: bool


class Shown(NamedTuple):
    """What an edition prints. `all_met` records and the sums `overall` only others print."""

    records: int
    rules: Mapping[str, Printed]
    all_met: int | None = None
    overall: Printed | None = None


def shown(document: Mapping[str, Any]) -> Shown:
    """What a public document prints."""
    return Shown(
        sum(kind["number"] for kind in document["number_of_records"]),
        {rule["id"]: rule for rule in document["rules"]},
    )


@dataclass
class Attack:
    """All documents that a reader lays side by side, as one program."""

    shapes: Mapping[str, Shape]
    behind: Behind
    names: dict[Name, int] = field(default_factory=dict)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, int], float, float]] = field(default_factory=list)

    def count(self, name: Name, least: float = 0, most: float = np.inf) -> int:
        """The number of a count among the unknowns, made where it is new."""
        if name not in self.names:
            self.names[name] = len(self.names)
            self.least.append(least)
            self.most.append(most)
        return self.names[name]

    def bind(self, terms: Mapping[int, int], least: float, most: float) -> None:
        """Say that a sum lies between two numbers."""
        self.rows.append((dict(terms), least, most))

    def read(self, at: int, page: Shown) -> None:
        """All that one document tells."""
        for name, rule in page.rules.items():
            self._rule(at, name, rule, page.records)
        if page.overall is None:
            return
        for part in PARTS:
            terms = {self.names[at, name, part]: 1 for name in page.rules}
            self.bind(terms, *self._ends(page.overall[part]))
        all_of = {self.names[at, name, part]: 1 for name in page.rules for part in PARTS}
        self.bind(all_of, *self._ends(page.overall["judged"]))
        self._records(at, page)

    def _ends(self, printed: int | None) -> tuple[float, float]:
        found = self.behind(printed)
        return found[0], found[-1]

    def _rule(self, at: int, name: str, rule: Printed, records: int) -> None:
        shape = self.shapes[name]
        parts = [self.count((at, name, part), *self._ends(rule[part])) for part in PARTS]
        rest = self.count((at, name, "rest"), 0, 0 if shape.whole else np.inf)
        self.bind(dict.fromkeys(parts, 1), *self._ends(rule["judged"]))
        units = {**dict.fromkeys(parts, 1), rest: 1}
        if shape.units:
            self.bind({**units, self.count((at, shape.units, "units")): -1}, 0, 0)
        else:
            self.bind(units, records, records)

    def _records(self, at: int, page: Shown) -> None:
        least, most = self._ends(page.all_met)
        met = self.count((at, "", "all_met"), least, min(most, page.records))
        judged = self.count((at, "", "judged"), 0, page.records)
        self.bind({judged: 1, met: -1}, 0, np.inf)
        fails: dict[int, int] = {}
        for name in page.rules:
            ok, *bad = (self.names[at, name, part] for part in PARTS)
            fails |= dict.fromkeys(bad, 1)
            if self.shapes[name].units:
                continue
            self.bind({judged: 1, met: -1, **dict.fromkeys(bad, -1)}, 0, np.inf)
            self.bind({judged: 1, ok: -1, **dict.fromkeys(bad, -1)}, 0, np.inf)
            if self.shapes[name].whole:
                self.bind({judged: 1}, page.records, page.records)
                self.bind({ok: 1, met: -1}, 0, np.inf)
        self.bind({**fails, met: 1, judged: -1}, 0, np.inf)

    def add_up(self, whole: int, parts: Sequence[int]) -> None:
        """Say that every count of a document is the sum of those of others: a year of quarters."""
        for (at, name, what), number in list(self.names.items()):
            if at == whole:
                others = {self.names[part, name, what]: -1 for part in parts}
                self.bind({number: 1, **others}, 0, 0)

    def recovered(self, true: Mapping[Name, int]) -> list[Name]:
        """Those of the true counts that can have no other value.

        A solution in which a count differs from the true one clears it, so one that makes many
        counts small, or many large, clears most of them at once.
        """
        left = dict(true)
        for sign in (1, -1):
            self._clear(left, list(left), sign)
        for name in true:
            for sign in (1, -1):
                if name in left:
                    self._clear(left, [name], sign)
        return list(left)

    def _clear(self, left: dict[Name, int], names: Sequence[Name], sign: int) -> None:
        """Drop what is not sure by the solution in which a sum is least (sign 1) or most (-1)."""
        goal = np.zeros(len(self.names))
        for name in names:
            goal[self._numbers(name)] += sign
        found = milp(
            goal,
            integrality=np.ones(len(goal)),
            bounds=Bounds(self.least, self.most),
            constraints=self._constraints,
        )
        assert found.status == 0, found.message
        for name, count in list(left.items()):
            if round(found.x[self._numbers(name)].sum()) != count:
                del left[name]

    def _numbers(self, name: Name) -> list[int]:
        at, rule, what = name
        return [self.names[at, rule, part] for part in SUMS.get(what, (what,))]

    @cached_property
    def _constraints(self) -> LinearConstraint:
        cells = [(row, number, factor) for row, (terms, _, _) in enumerate(self.rows)
                 for number, factor in terms.items()]  # fmt: skip
        rows, numbers, factors = zip(*cells, strict=True)
        matrix = csr_array((factors, (rows, numbers)), shape=(len(self.rows), len(self.names)))
        least, most = ([row[end] for row in self.rows] for end in (1, 2))
        return LinearConstraint(matrix, least, most)


def small_counts(at: int, bundle: Mapping[str, Any], most: int = 4) -> Iterator[tuple[Name, int]]:
    """The true counts of 1 to `most` of every rule, and such sums of them."""
    for rule in bundle["rules"]:
        for what in (*PARTS, *SUMS):
            count = sum(rule["totals"][part] for part in SUMS.get(what, (what,)))
            if 1 <= count <= most:
                yield (at, rule["id"], what), count
