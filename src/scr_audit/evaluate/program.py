"""The compiler: all rules of a record kind as one Python function, fused by list, and the judge
who runs it, with the interpreter where it fails.

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
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import CodeType
from typing import TYPE_CHECKING, Any, Protocol

from scr_audit.evaluate.finding import Finding, counted_as, verdict_of
from scr_audit.evaluate.interpreter import Bound, Interpreter
from scr_audit.evaluate.kept_code import packed, unpacked
from scr_audit.evaluate.lateness import due_of
from scr_audit.evaluate.outcomes import JUDGED_OUTCOMES, MET, NOT_APPLICABLE, NOT_MET
from scr_audit.evaluate.parameters import (
    DatedFact,
    day_of,
    every_way,
    in_force,
    sum_of,
    the_one,
    truth_of_amount,
)
from scr_audit.language.conditions import Test
from scr_audit.language.conditions import walk as walk_conditions
from scr_audit.language.operators import Operator
from scr_audit.language.rule import Parameter, Rule
from scr_audit.language.types import Value
from scr_audit.records.structs import Record

if TYPE_CHECKING:
    from scr_audit.evaluate.expressions import Writer
    from scr_audit.evaluate.normal_form import NormalRule


class KindJudge:
    """Judges typed records of one kind by all rules of that kind."""

    def __init__(
        self,
        kind: str,
        rules: tuple[Rule, ...],
        parameters: Mapping[str, Parameter],
        kept: Kept | None = None,
    ) -> None:
        self.rules = rules
        self.program = Program(kind, rules, parameters, kept)
        self._parameters = parameters
        self._interpreters: dict[date | None, Interpreter] = {}

    def interpreter(self, as_of: date | None) -> Interpreter:
        """An interpreter for explanations as of a day."""
        if as_of not in self._interpreters:
            self._interpreters[as_of] = Interpreter(self._parameters, as_of)
        return self._interpreters[as_of]

    def findings(self, record: Record, as_of: date | None, *, imprecise: bool) -> list[Finding]:
        """Every unit's finding, in an order that depends on the rules and the record only."""
        interpreter = self.interpreter(as_of)
        try:
            verdicts = self.program.decide(imprecise=imprecise)(record, as_of)
        except Exception:  # an operator registered from Python failed: find out which unit
            return self._interpret(record, interpreter)
        rules = self.rules
        return [Finding(rules[v[0]], record, v, interpreter) for v in verdicts]

    def _interpret(self, record: Record, interpreter: Interpreter) -> list[Finding]:
        found = []
        for number, rule in enumerate(self.rules):
            for judgement in interpreter.judge(rule, record):
                verdict = verdict_of(judgement, number)
                found.append(Finding(rule, record, verdict, interpreter, judgement))
        return found

    def counts(
        self, records: Iterable[Record], as_of: date | None, *, imprecise: bool
    ) -> KindCounts:
        """The counts over `records`, without findings; a list, where the program may fail."""
        falls_due: Counter[tuple[int, str]] = Counter()
        interpreter = self.interpreter(as_of)

        def note(number: int, items: tuple[Record, ...]) -> None:
            rule = self.rules[number]
            names = ("", *(loop.variable for loop in rule.loops))
            env = {name: Bound(item, "") for name, item in zip(names, items, strict=True)}
            _add(falls_due, number, due_of(interpreter.verdict(rule, (), env, "")))

        try:
            counts = self.program.total(imprecise=imprecise)(records, as_of, note)
            return replace(counts, falls_due=falls_due)
        except Exception:  # as above; then every record is judged for itself
            if not self.program.may_fail:
                raise
            found = [self.findings(record, as_of, imprecise=imprecise) for record in records]
            return self.count_findings(found)

    def count_findings(self, found: list[list[Finding]]) -> KindCounts:
        """The counts of findings, a list for each record."""
        # The columns are those of `emit._counters`: six outcomes; records judged, met, not met.
        table = [[0] * 9 for _ in self.rules]
        falls_due: Counter[tuple[int, str]] = Counter()
        judged = all_met = 0
        for findings in found:
            outcomes = set()
            by_rule: dict[int, set[int]] = {}
            for finding in findings:
                number, outcome = counted_as(finding)
                table[number][outcome] += 1
                if outcome == NOT_APPLICABLE:
                    _add(falls_due, number, finding.due)
                if outcome in JUDGED_OUTCOMES:
                    outcomes.add(outcome)
                    by_rule.setdefault(number, set()).add(outcome)
            for number, found_in in by_rule.items():
                table[number][6] += 1
                table[number][7] += found_in == {MET}
                table[number][8] += NOT_MET in found_in
            judged += bool(outcomes)
            all_met += outcomes == {MET}
        return KindCounts(tuple(tuple(row) for row in table), judged, all_met, falls_due)


def _add(falls_due: Counter[tuple[int, str]], number: int, due: date | None) -> None:
    if due is not None:
        falls_due[number, due.isoformat()[:7]] += 1


VerdictNumbers = tuple[int, ...]
Decide = Callable[[Record, date | None], list[VerdictNumbers]]


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


OnUnit = Callable[[int, tuple[Record, ...]], None]
Total = Callable[[Iterable[Record], date | None, OnUnit], KindCounts]


class Kept(Protocol):
    """What was made once, by its key."""

    def get(self, key: str) -> bytes | None:
        """What is kept; None where nothing is."""

    def put(self, key: str, data: bytes) -> None:
        """Keep it."""


class Program:
    """The compiled rules of one record kind. Functions are made when first asked for.

    `may_fail`: a rule uses an operator registered from Python, which may raise. The code of rules
    that came out of a compiled pack is `kept`.
    """

    def __init__(
        self,
        name: str,
        rules: tuple[Rule, ...],
        parameters: Mapping[str, Parameter],
        kept: Kept | None = None,
    ) -> None:
        self.name = name
        self.rules = rules
        self._parameters = parameters
        self._kept = kept
        self._made: dict[tuple[str, bool], Any] = {}  # functions of the source that is written

    @cached_property
    def may_fail(self) -> bool:
        return any(
            isinstance(part, Test) and part.operator.registered
            for rule in self.rules
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

        def total(records: Iterable[Record], as_of: date | None, note: OnUnit) -> KindCounts:
            flat = counts(records, as_of, note)  # nine a rule, as above; then `judged`, `all_met`
            return KindCounts(
                tuple(flat[9 * n : 9 * n + 9] for n in range(rules)), flat[-2], flat[-1]
            )

        return total

    def source(self, what: str = "decide", *, imprecise: bool = False) -> str:
        """The Python source of `decide` or `total`."""
        return "\n".join(self._write(what, imprecise).lines) + "\n"

    @cached_property
    def _normal_rules(self) -> list[NormalRule]:
        from scr_audit.evaluate.normal_form import normal_rules

        return normal_rules(self.rules)

    def _write(self, what: str, imprecise: bool) -> Writer:
        # Slow to import, and most code is kept.
        from scr_audit.evaluate.emit import Counting, Listing
        from scr_audit.evaluate.expressions import Writer

        writer = Writer(imprecise)
        emitter = Counting(writer) if what == "total" else Listing(writer)
        emitter.write(self._normal_rules)
        return writer

    def _function(self, what: str, imprecise: bool) -> Any:
        key = (what, imprecise)
        if key not in self._made:
            code, objects = self._code(what, imprecise)
            names = {
                **{
                    name: value.test if isinstance(value, Operator) else value
                    for name, value in objects.items()
                },
                "in_force": {each: in_force(held) for each, held in self._parameters.items()},
                "every_way": every_way,
                "Event": DatedFact,
                "counted": truth_of_amount,
                "sum_of": sum_of,
                "the_one": the_one,
                "day_of": day_of,
            }
            exec(code, names)  # noqa: S102  # our own source, see above
            self._made[key] = names[what]
        return self._made[key]

    def _code(self, what: str, imprecise: bool) -> tuple[CodeType, Mapping[str, Value]]:
        """The compiled source and the objects that it names, as kept or made now."""
        key, kept = self._key(what, imprecise), self._kept
        if key and kept is not None and (data := kept.get(key)):
            return unpacked(data)
        writer = self._write(what, imprecise)
        source = "\n".join(writer.lines) + "\n"
        filename = f"<scr-audit {self.name} {what}{' imprecise' if imprecise else ''}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        code = compile(source, filename, "exec")
        if key and kept is not None and (data := packed(code, writer.objects)):
            kept.put(key, data)
        return code, writer.objects

    def _key(self, what: str, imprecise: bool) -> str:
        """What decides the code; empty where a rule is no longer as a compiled pack has it."""
        rules = [rule.compiled for rule in self.rules]
        if not all(rules):
            return ""
        return repr((self.name, what, imprecise, rules, [*self._parameters.values()]))
