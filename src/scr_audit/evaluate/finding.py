"""Findings: the verdict on one unit, explained when somebody asks."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from scr_audit.documents.parts import Outcome
from scr_audit.evaluate.interpreter import Interpreter, Judgement
from scr_audit.evaluate.lateness import Late, due_of
from scr_audit.evaluate.outcomes import ERROR, EXCEPTED, OUTCOMES, Approval
from scr_audit.evaluate.reasons import Explanation, FactUsed, explain
from scr_audit.evaluate.remedies.search import Remedy, find_remedy
from scr_audit.language.conditions import Rule
from scr_audit.language.unit_key import UnitKey, unit_key
from scr_audit.records.structs import Record


class Finding(msgspec.Struct, eq=False, gc=True):
    """The verdict of one rule on one unit of one record.

    The outcome and the criteria that failed were decided by the compiled program; `criteria`,
    `facts`, `missing` and `reason` are worked out by the interpreter at first use.
    """

    _rule: Rule
    _record: Record
    _verdict: tuple[int, ...]
    _interpreter: Interpreter
    _judgement: Judgement | None = None
    _explanation: Explanation | None = None
    _remedy: Remedy | Literal[False] | None = False  # False: not looked for yet
    _approval: Approval | None = None

    def __repr__(self) -> str:
        return f"Finding({self.rule} {self.record}{self.unit}: {self.outcome})"

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self._rule.id

    @property
    def record(self) -> str:
        """The record's id."""
        return str(self._record.id)  # type: ignore[attr-defined]  # every schema demands it

    @property
    def kind(self) -> str:
        """The record's kind."""
        return self._rule.kind

    @property
    def outcome(self) -> Outcome:
        """`met`, `not_met`, `not_evidenced`, `not_applicable`, `excepted` or `error`."""
        return OUTCOMES[EXCEPTED if self._approval else self._verdict[1]]

    @property
    def original_outcome(self) -> Outcome:
        """The outcome by the rule alone, without approved exceptions."""
        return OUTCOMES[self._verdict[1]]

    @property
    def excepted_by(self) -> Approval | None:
        """The approval by which a unit that is not met is excepted; None: there is none."""
        return self._approval

    def excepted(self, approval: Approval) -> Finding:
        """The same finding, excepted; criteria, facts, reason and remedy are what they were."""
        return msgspec.structs.replace(self, _approval=approval)

    @property
    def unit(self) -> str:
        """The JSON pointer of the unit in its record; `""` is the record itself.

        It leads to the unit in this record; what tells the unit from others is its `key`.
        """
        indices = self._verdict[4:]
        pointer = ""
        for level, loop in enumerate(self._rule.loops):
            pointer += "".join(f"/{step}" for step in loop.items.steps)
            if level >= len(indices):
                break
            pointer += f"/{indices[level]}"
        return pointer

    @property
    def key(self) -> UnitKey:
        """What tells the unit from the others of its rule in its record, wherever it stands.

        A mapping of facts for each loop of the rule, from the outside in; none for the record
        itself. Two units with equal keys cannot be told apart.
        """
        indices = tuple(self._verdict[4:])
        env = self._interpreter.environment(self._rule, self._record, indices)
        return unit_key(self._rule, [bound.item for bound in env.values()][1:])

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the criteria that are not met, in the rule's order."""
        return self._masked(self._verdict[2])

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of the criteria that cannot be judged, or not yet, in the rule's order."""
        return self._masked(self._verdict[3])

    def _masked(self, mask: int) -> tuple[str, ...]:
        if not mask:
            return ()
        return tuple(c.name for n, c in enumerate(self._rule.require) if mask >> n & 1)

    @property
    def judgement(self) -> Judgement:
        """The interpreter's judgement of the unit, with the traces of every condition."""
        if self._judgement is None:
            indices = tuple(self._verdict[4:])
            self._judgement = self._interpreter.judge_unit(self._rule, self._record, indices)
        return self._judgement

    @property
    def explanation(self) -> Explanation:
        """Criteria, facts and reason together."""
        if self._explanation is None:
            self._explanation = explain(self.judgement)
        return self._explanation

    @property
    def criteria(self) -> dict[str, Outcome]:
        """Each criterion: `met`, `not_met`, `not_evidenced`, or `not_applicable` (not yet due).

        Empty if none was judged.
        """
        return self.explanation.criteria

    @property
    def facts(self) -> tuple[FactUsed, ...]:
        """The facts that were used, each with its pointer, value and question."""
        return self.explanation.facts

    @property
    def missing(self) -> tuple[str, ...]:
        """The pointers of the facts that are not recorded."""
        return self.explanation.missing

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        return self.explanation.reason

    @property
    def late(self) -> tuple[Late, ...]:
        """The dates that failed a time limit: when each was due, and how late it was."""
        return self.explanation.late

    @property
    def due(self) -> date | None:
        """The last day in time, where the unit is not applicable since it is not yet due."""
        # The program has told whether a criterion waits, so that most need no explanation.
        return due_of(self.judgement) if self._verdict[3] else None

    @property
    def remedy(self) -> Remedy | None:
        """The smallest change of facts that would make the unit met.

        None where it is met, not applicable or an error, and where no such change was found.
        """
        if self._remedy is False:
            self._remedy = find_remedy(self._interpreter, self.judgement, self._record)
        return self._remedy


def verdict_of(judgement: Judgement, number: int) -> tuple[int, ...]:
    """An interpreter's judgement in the compiled program's form."""
    failed = unknown = 0
    if judgement.outcome != ERROR:
        for place, (name, trace) in enumerate(judgement.criteria.items()):
            failing = judgement.still_open.get(name, trace).value is False
            failed |= failing << place
            unknown |= (trace.value is not True and not failing) << place
    return (number, judgement.outcome, failed, unknown, *judgement.indices)
