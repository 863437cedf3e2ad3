"""Judging typed records: the compiled program first, the interpreter where it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from scr_audit.evaluate.finding import Finding, verdict_of
from scr_audit.evaluate.interpreter import Bound, Interpreter
from scr_audit.evaluate.lateness import due_of
from scr_audit.evaluate.outcomes import EXCEPTED, JUDGED, MET, NOT_APPLICABLE, NOT_MET
from scr_audit.evaluate.program import KindCounts, Program
from scr_audit.language.conditions import Parameter, Rule


class KindJudge:
    """Judges typed records of one kind by all rules of that kind."""

    def __init__(
        self, kind: str, rules: tuple[Rule, ...], parameters: Mapping[str, Parameter]
    ) -> None:
        self.rules = rules
        self.program = Program(kind, rules, parameters)
        self._parameters = parameters
        self._interpreters: dict[date | None, Interpreter] = {}

    def interpreter(self, as_of: date | None) -> Interpreter:
        """An interpreter for explanations as of a day."""
        if as_of not in self._interpreters:
            self._interpreters[as_of] = Interpreter(self._parameters, as_of)
        return self._interpreters[as_of]

    def findings(self, record: Any, as_of: date | None, *, imprecise: bool) -> list[Finding]:
        """Every unit's finding, in an order that depends on the rules and the record only."""
        interpreter = self.interpreter(as_of)
        try:
            verdicts = self.program.decide(imprecise=imprecise)(record, as_of)
        except Exception:  # an operator registered from Python failed: find out which unit
            return self._interpreted(record, interpreter)
        rules = self.rules
        return [Finding(rules[v[0]], record, v, interpreter) for v in verdicts]

    def _interpreted(self, record: Any, interpreter: Interpreter) -> list[Finding]:
        found = []
        for number, rule in enumerate(self.rules):
            for judgement in interpreter.judge(rule, record):
                verdict = verdict_of(judgement, number)
                found.append(Finding(rule, record, verdict, interpreter, judgement))
        return found

    def counts(self, records: Iterable[Any], as_of: date | None, *, imprecise: bool) -> KindCounts:
        """The counts over `records`, without findings; a list, where the program may fail."""
        falls_due: Counter[tuple[int, str]] = Counter()
        interpreter = self.interpreter(as_of)

        def note(number: int, items: tuple[Any, ...]) -> None:
            rule = self.rules[number]
            names = ("", *(loop.variable for loop in rule.loops))
            env = {name: Bound(item, "") for name, item in zip(names, items, strict=True)}
            _add(falls_due, number, due_of(interpreter.verdict(rule, (), env, "")))

        try:
            total = self.program.total(imprecise=imprecise)(records, as_of, note)
            return replace(total, falls_due=falls_due)
        except Exception:  # as above; then every record is judged for itself
            if not self.program.may_fail:
                raise
            found = [self.findings(record, as_of, imprecise=imprecise) for record in records]
            return self.counted(found)

    def counted(self, found: list[list[Finding]]) -> KindCounts:
        """The counts of findings, a list for each record."""
        table = [[0] * 9 for _ in self.rules]
        falls_due: Counter[tuple[int, str]] = Counter()
        judged = all_met = 0
        for findings in found:
            outcomes = set()
            by_rule: dict[int, set[int]] = {}
            for finding in findings:
                number, outcome = finding._verdict[:2]
                outcome = outcome if finding.excepted_by is None else EXCEPTED
                table[number][outcome] += 1
                if outcome == NOT_APPLICABLE:
                    _add(falls_due, number, finding.due)
                if outcome in JUDGED:
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
