"""The compiler: all rules of a record kind as one Python function, fused by list.

Each list of a record is walked once for all the rules whose units are its items, and once
before that for all quantifiers over it that stand outside any unit. Facts and conditions
that several rules share are computed once.

Two functions come from the same writer. `decide(record, as_of)` gives a tuple for each unit:
`(rule number, outcome, failed criteria, unknown criteria, *indices)`, criteria as bit masks
with the first criterion in bit 0; those not yet due are among the unknown ones.
`total(records, as_of, note)` gives counts only, and calls `note(rule number, items)` for every
unit that is not yet due, with the record and the items of the rule's loops.

The source consists of text of this package, names it made, names of facts (identifiers by
the schema's check) and `repr` of numbers and texts. Nothing of a rule file is executed.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scr_audit.evaluate.canonical import plan_rules
from scr_audit.evaluate.emit import Counting, Listing
from scr_audit.evaluate.expressions import Writer
from scr_audit.evaluate.outcomes import counted
from scr_audit.evaluate.parameters import every_way, in_force
from scr_audit.evaluate.reading import day_of
from scr_audit.language.conditions import Parameter, Rule, Test
from scr_audit.language.conditions import walk as walk_conditions

Verdict = tuple[int, ...]
Decide = Callable[[Any, date | None], list[Verdict]]


@dataclass(frozen=True)
class KindCounts:
    """What `total` gives: per rule the six outcomes, and the records judged, met and not met.

    By a rule a record is met where all of its judged units are, and not met where one is not.

    `all_met` counts records with at least one unit met and none not met or not evidenced;
    `judged` those with any of the three. `falls_due` counts the units that are not yet due, by
    rule and by the month of their last day (`2026-10`).
    """

    rules: tuple[tuple[int, ...], ...]
    judged: int
    all_met: int
    falls_due: Mapping[tuple[int, str], int] = field(default_factory=dict)


Note = Callable[[int, tuple[Any, ...]], None]
Total = Callable[[Iterable[Any], date | None, Note], KindCounts]


class Program:
    """The compiled rules of one record kind. Functions are made when first asked for.

    `may_fail` tells that a rule uses an operator registered from Python, which may raise.
    """

    def __init__(
        self, name: str, rules: tuple[Rule, ...], parameters: Mapping[str, Parameter]
    ) -> None:
        self.name = name
        self.rules = rules
        self._in_force = {key: in_force(parameter) for key, parameter in parameters.items()}
        self._plans = plan_rules(rules)
        self._made: dict[tuple[str, bool], Any] = {}
        self.may_fail = any(
            isinstance(part, Test) and part.operator.registered
            for rule in rules
            for condition in rule.conditions()
            for part in walk_conditions(condition)
        )

    def decide(self, *, imprecise: bool) -> Decide:
        """The function that gives every unit's verdict."""
        decide: Decide = self._function("decide", imprecise)
        return decide

    def total(self, *, imprecise: bool) -> Total:
        """The function that only counts."""
        counts = self._function("total", imprecise)
        rules = len(self.rules)

        def total(records: Iterable[Any], as_of: date | None, note: Note) -> KindCounts:
            flat = counts(records, as_of, note)
            return KindCounts(
                tuple(flat[9 * n : 9 * n + 9] for n in range(rules)), flat[-2], flat[-1]
            )

        return total

    def source(self, what: str = "decide", *, imprecise: bool = False) -> str:
        """The Python source of `decide` or `total`."""
        return "\n".join(self._written(what, imprecise).lines) + "\n"

    def _written(self, what: str, imprecise: bool) -> Writer:
        writer = Writer(imprecise)
        emitter = Counting(writer) if what == "total" else Listing(writer)
        emitter.write(self._plans)
        return writer

    def _function(self, what: str, imprecise: bool) -> Any:
        key = (what, imprecise)
        if key not in self._made:
            writer = self._written(what, imprecise)
            source = "\n".join(writer.lines) + "\n"
            filename = f"<scr-audit {self.name} {what}{' imprecise' if imprecise else ''}>"
            linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
            names = {
                **writer.objects,
                "in_force": self._in_force,
                "every_way": every_way,
                "counted": counted,
                "day_of": day_of,
            }
            exec(compile(source, filename, "exec"), names)  # noqa: S102  # our own source, see above
            self._made[key] = names[what]
        return self._made[key]
