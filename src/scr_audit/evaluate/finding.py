"""Findings: the verdict on one unit, explained when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from scr_audit.documents.parts import CriterionOutcome, Outcome
from scr_audit.documents.run import FactInfo, FindingInfo, RemedyInfo
from scr_audit.errors import ArgumentError
from scr_audit.evaluate.interpreter import Bound, Interpreter, UnitJudgement
from scr_audit.evaluate.lateness import Late, due_of
from scr_audit.evaluate.names import Names
from scr_audit.evaluate.outcomes import ERROR, EXCEPTED, NOT_EVIDENCED, OUTCOMES, Approval
from scr_audit.language.conditions import Fact
from scr_audit.language.rule import Rule
from scr_audit.language.types import Value
from scr_audit.language.unit_key import UnitKey, is_named, unit_key
from scr_audit.records.provenance import origin_document, origin_of
from scr_audit.records.structs import Record, record_id

if TYPE_CHECKING:
    from scr_audit.evaluate.reasons import Explanation, FactUsed
    from scr_audit.evaluate.remedies.search import Remedy


class Finding(msgspec.Struct, eq=False, gc=True):
    """The verdict of one rule on one unit of one record.

    The outcome and the criteria that failed were decided by the compiled program; `criteria`,
    `facts`, `missing` and `reason` are worked out by the interpreter at first use.
    """

    _rule: Rule
    _record: Record
    _verdict: tuple[int, ...]
    _interpreter: Interpreter
    _judgement: UnitJudgement | None = None
    _explanation: Explanation | None = None
    _remedy: Remedy | Literal[False] | None = False  # False: not looked for yet
    _approval: Approval | None = None

    def __reduce__(self) -> tuple[object, ...]:
        # What was worked out is not kept; it is worked out again when asked for.
        given = (self._rule, self._record, self._verdict, self._interpreter)
        return Finding, (*given, None, None, False, self._approval)

    def __repr__(self) -> str:
        return f"Finding({self.rule} {self.record}{self.unit}: {self.outcome})"

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self._rule.id

    @property
    def record(self) -> str:
        """The record's id."""
        return record_id(self._record)

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
        """The same finding, excepted; criteria, facts, reason and remedy are what they were.

        Raises `ArgumentError` where the unit is not *not met*.
        """
        if not isinstance(approval, Approval):
            raise ArgumentError("approval", f"takes an Approval; found {type(approval).__name__}")
        if self.outcome != "not_met":
            raise ArgumentError(
                "approval", f"excepts a unit that is not met; this one is {self.outcome}"
            )
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
        return self._names_in(self._verdict[2])

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of the criteria that cannot be judged, or not yet, in the rule's order."""
        return self._names_in(self._verdict[3])

    def _names_in(self, mask: int) -> tuple[str, ...]:
        if not mask:
            return ()
        return tuple(c.name for n, c in enumerate(self._rule.require) if mask >> n & 1)

    @property
    def judgement(self) -> UnitJudgement:
        """The interpreter's judgement of the unit, with the traces of every condition."""
        if self._judgement is None:
            indices = tuple(self._verdict[4:])
            traces = self._interpreter.memory(self._record).traces
            self._judgement = self._interpreter.judge_unit(
                self._rule, self._record, indices, traces
            )
        return self._judgement

    @property
    def explanation(self) -> Explanation:
        """Criteria, facts and reason together."""
        if self._explanation is None:
            # Slow to import, and who only counts explains nothing.
            from scr_audit.evaluate.reasons import explain, shown_by

            memory = self._interpreter.memory(self._record)
            key = shown_by(self.judgement)
            known = None if key is None else memory.told.get(key)
            if known is None:
                made = explain(self.judgement, Names(self._record, memory))
                known = made, self.judgement  # whose traces the key names, and so have to be kept
                if key is not None:
                    memory.told[key] = known
            self._explanation = known[0]
        return self._explanation

    @property
    def criteria(self) -> dict[str, CriterionOutcome]:
        """Each criterion: `met`, `not_met`, `not_evidenced`, or `not_applicable` (not yet due).

        Empty if none was judged.
        """
        return dict(self.explanation.criteria)

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
        # The program knows whether a criterion waits, so that most need no explanation.
        return due_of(self.judgement) if self._verdict[3] else None

    @property
    def remedy(self) -> Remedy | None:
        """The smallest change of facts that would make the unit met.

        Only of one that is not met or excepted, and None where no such change was found: of what
        is not evidenced the facts that are `missing` are the answer. Its `changes` say which
        facts, its `text` is a sentence, empty where it would repeat the reason.
        """
        if self._remedy is False:
            from scr_audit.evaluate.remedies.search import find_remedy  # few findings need it

            self._remedy = find_remedy(self._interpreter, self.judgement, self._record)
        return self._remedy

    @property
    def look_in(self) -> str:
        """Where to look for what is not recorded: `Look in: the minutes of the meeting.`

        First comes where the facts of a contradiction are from. Where all facts are recorded and
        yet leave it open, a day that is only a month or a list that lacks something, it is where
        they are from. Empty for every other outcome, and where no fact says where.
        """
        if self._verdict[1] != NOT_EVIDENCED:
            return ""
        from scr_audit.evaluate.remedies.search import where_to_look  # few findings need it

        traces = (*self.judgement.scope, *self.judgement.decisive.values())
        undecided = [trace for trace in traces if trace.value is None]
        contradicting = [
            use.pointer
            for trace in undecided
            for contradiction in trace.contradictions()
            for use in contradiction.all_uses()
        ]
        read = [use.pointer for trace in undecided for use in trace.all_uses()]
        others = self.missing or read or [fact.pointer for fact in self.facts]
        return where_to_look(self._record, [*contradicting, *others])

    def to_dict(self) -> FindingInfo:
        """The finding as a run bundle holds it: plain values, which JSON has too.

        With its remedy, for which a unit that is not met is judged many times. Where a unit is
        not evidenced its remedy has no changes, and says where to look for what is missing. The
        keys and their types are those of `scr_audit.documents.run.FindingInfo`.
        """
        return {**self.reason_to_dict(), "remedy": _remedy_document(self.remedy, self.look_in)}

    def reason_to_dict(self) -> FindingInfo:
        """The same without looking for a remedy: `remedy` is None."""
        told = self.explanation
        return {
            **self._document(told.facts, told.missing),
            "criteria": dict(told.criteria),  # which other findings may share
            "exception": told.exception,
            "reason": told.reason,
            "late": [
                {"pointer": late.pointer, "due": late.due, "text": late.text} for late in told.late
            ],
        }

    def outcome_to_dict(self) -> FindingInfo:
        """What counts are made of: no reason, and facts only of a unit that is not evidenced.

        For where nobody reads of single units: it takes a fraction of the time.
        """
        if self.outcome != OUTCOMES[NOT_EVIDENCED]:
            return self._document()
        from scr_audit.evaluate.reasons import facts_used, missing_facts

        return self._document(facts_used(self.judgement), missing_facts(self.judgement))

    def _document(self, facts: Iterable[FactUsed] = (), missing: Iterable[str] = ()) -> FindingInfo:
        """The finding with its facts, and nothing said of it."""
        key = self.key
        found: FindingInfo = {
            "rule": self.rule,
            "record": self.record,
            "unit": self.unit,
            "key": key,
            "key_named": is_named(self._rule, key),
            "outcome": self.outcome,
            "criteria": {},
            "exception": None,
            "facts": [self._fact_document(fact) for fact in facts],
            "missing": list(missing),
            "reason": "",
            "late": [],
            "remedy": None,
        }
        if self._approval is not None:
            found["excepted_by"] = {**self._approval.to_dict(), "original_outcome": "not_met"}
        return found

    def _fact_document(self, fact: FactUsed) -> FactInfo:
        """A fact; `provenance` only where the record tells it, since most records tell none."""
        found: FactInfo = {"pointer": fact.pointer, "value": fact.value, "question": fact.question}
        origin = origin_document(origin_of(self._record, fact.pointer))
        return found if origin is None else {**found, "provenance": origin}


def _remedy_document(remedy: Remedy | None, look_in: str) -> RemedyInfo | None:
    """A remedy; where to look for what is not recorded is told in the place of its sentence."""
    if remedy is None and not look_in:
        return None
    changes = () if remedy is None else remedy.changes
    text = "" if remedy is None else remedy.text
    return {
        "changes": [
            {
                "pointer": change.pointer,
                "question": change.question,
                "now": change.now,
                "then": change.then,
                "only": change.only,
            }
            for change in changes
        ],
        "text": look_in or text,
    }


def verdict_of(judgement: UnitJudgement, number: int) -> tuple[int, ...]:
    """An interpreter's judgement in the compiled program's form."""
    failed = unknown = 0
    if judgement.outcome != ERROR:
        for place, (name, trace) in enumerate(judgement.criteria.items()):
            failing = judgement.still_open.get(name, trace).value is False
            failed |= failing << place
            unknown |= (trace.value is not True and not failing) << place
    return (number, judgement.outcome, failed, unknown, *judgement.indices)


# For other packages, not for users of findings.
# ruff: noqa: SLF001


def counted_as(finding: Finding) -> tuple[int, int]:
    """The number of its rule in the program, and of its outcome, as totals count it."""
    number, outcome = finding._verdict[:2]
    return number, outcome if finding._approval is None else EXCEPTED


def typed_record(finding: Finding) -> Record:
    """The record as the evaluators see it: a struct made of the pack's schema."""
    return finding._record


def is_item(finding: Finding) -> bool:
    """Whether the unit is one that the rule's loops lead to, and no list as a whole."""
    return len(finding._verdict) - 4 == len(finding._rule.loops)


def value_of(finding: Finding, fact: Fact) -> Value:
    """The value of a fact of the record itself; None: not recorded."""
    return finding._interpreter.use(fact, {"": Bound(finding._record, "")}).value
