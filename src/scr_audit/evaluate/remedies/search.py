"""The search: candidates tried one after the other, until a unit judged again is met.

Fewest facts come first, then filling a gap rather than contradicting the record, then the value
nearest to the recorded one. A recorded fact that says what a thing *is* (asked in a `where` or
an `applies_when`) is changed only where nothing else would do. What is
found is said as a sentence: `To be met as well: the bill was paid.`, or where to look for facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice

from scr_audit.evaluate.interpreter import FactRead, Interpreter, Trace, UnitJudgement
from scr_audit.evaluate.names import Names, one_of
from scr_audit.evaluate.outcomes import EXCEPTED, MET, NOT_MET
from scr_audit.evaluate.reasons import open_beside, value_on_record
from scr_audit.evaluate.remedies.candidates import (
    NEW,
    Candidate,
    combine,
    field_at,
    held_at,
    one_fact,
    patch_record,
    required_facts,
    steps_of,
    struct_at,
)
from scr_audit.evaluate.remedies.finder import Finder
from scr_audit.evaluate.remedies.trial_values import Assignments, adjacent_values
from scr_audit.evaluate.sayings import as_sentence, joined_text
from scr_audit.evaluate.sentences import Speaker
from scr_audit.language.conditions import Test
from scr_audit.language.rule import Rule
from scr_audit.language.types import FactType, Kind, Value
from scr_audit.records.structs import FACT_TYPE, Record

MOST_CHECKS = 200  # judgings, before a search is given up
_MOST_TRIED = 16  # values of the facts of one candidate
_CLOSED = (Kind.BOOLEAN, Kind.CHOICE)

Patch = Mapping[str, Value]  # JSON pointer: typed value
_MOST_PLACES = 2  # in which to look
_AND = re.compile(r",? and (?=the )|, (?=the )")  # between the documents of a place


@dataclass(frozen=True)
class Change:
    """A fact that would have been different: `now` as recorded, `then` as it would have to be.

    Values are as JSON has them; None is *not recorded*, `{}` a group or an item of a list of
    which no more is needed. A pointer that lies past the end of a list adds an item. `only`: no
    other value would do; else `then` is an example.
    """

    pointer: str
    question: str
    now: Value
    then: Value
    only: bool


@dataclass(frozen=True)
class Remedy:
    """Changes that together make the finding met, none of them for nothing, and the sentence.

    `text` is empty where it would be no advice: it would repeat the reason, or have other things
    happen than did.
    """

    changes: tuple[Change, ...]
    text: str


def find_remedy(
    interpreter: Interpreter, judgement: UnitJudgement, record: Record
) -> Remedy | None:
    """The remedy of a unit that is not met or excepted; None where none is found.

    Of one that is not evidenced the missing facts themselves are the answer.
    """
    if judgement.outcome not in (NOT_MET, EXCEPTED):
        return None
    rule, indices = judgement.rule, judgement.indices
    made: dict[str, Value] = {}
    while len(indices) < len(rule.loops):
        use = interpreter.use(
            rule.loops[len(indices)].items,
            interpreter.environment(rule, patch_record(record, made), indices),
        )
        made[f"{use.pointer}/{len(use.value or ())}"] = NEW
        indices = (*indices, len(use.value or ()))
    search = _Search(interpreter, rule, record, indices, made)
    if made or not judgement.criteria:
        judgement = interpreter.judge_unit(rule, patch_record(record, made), indices)
    return search.remedy(judgement)


class _Search:
    """The search for one unit. `made` are the items that are put into lists to have a unit."""

    def __init__(
        self,
        interpreter: Interpreter,
        rule: Rule,
        record: Record,
        indices: tuple[int, ...],
        made: dict[str, Value],
    ) -> None:
        self._interpreter = interpreter
        self._rule = rule
        self._record = record
        self._indices = indices
        self._made = made
        self._start = patch_record(record, made) if made else record
        known = None if made else interpreter.memory(record).traces
        self._env = interpreter.environment(rule, self._start, indices, known)
        self._finder = Finder(interpreter, rule)
        self._stages: list[tuple[Trace, frozenset[str]]] = []
        self._known = Assignments(interpreter, record)
        self._demands: dict[str, list[tuple[str, Value]]] = {}
        self._checks = 0

    def remedy(self, judgement: UnitJudgement) -> Remedy | None:
        """The first verified set of changes, in words."""
        found = self._find(judgement)
        if found is None:
            return None
        whole = self._whole(found)
        if self._outcome(whole) != MET:
            return None
        met = patch_record(self._record, whole)
        changes = tuple(self._change(pointer, whole[pointer], met) for pointer in whole)
        # That a rule should apply is no advice; that an item should be in a list may be.
        is_judged = bool(self._made) or None not in [trace.value for trace in judgement.scope]
        text = sentence(changes, self._record, judgement) if is_judged else ""
        return Remedy(changes, text)

    # which facts, and which values

    def _find(self, judgement: UnitJudgement) -> Patch | None:
        if judgement.outcome == MET:
            return self._made
        for candidate in self._all_candidates(judgement):
            for values in islice(self._known.values(candidate), _MOST_TRIED):
                changes = {**self._made, **dict(candidate.made), **values}
                if self._passes(changes):
                    return self._without_needless(changes)
                if self._checks > MOST_CHECKS:
                    return None
        return None

    def _all_candidates(self, judgement: UnitJudgement) -> list[Candidate]:
        parts = []
        for trace, is_scope in self._traces(judgement):
            self._stages.append((trace, frozenset(self._known.read(trace))))
            parts.append(self._finder.candidates(trace, True, self._env, scope=is_scope))
        for trace in self._finder.new_traces:
            self._known.read(trace)
        found = combine(map(self._of_unit, parts))
        return sorted(found, key=self._rank) if len(found) > 1 else found

    def _rank(self, candidate: Candidate) -> tuple[int, int, int]:
        """As in `candidates`, but with the facts that the schema demands of what is made."""
        changes = {**dict(candidate.made), **dict.fromkeys(candidate.facts)}
        return len(candidate.implausible), len(self._whole(changes)), len(candidate.contradicts)

    def _of_unit(self, candidates: list[Candidate]) -> list[Candidate]:
        """The candidates, for which nothing in a new unit counts as recorded."""
        if not self._made or candidates[:1] == [Candidate()]:
            return candidates
        base = tuple(f"{pointer}/" for pointer in self._made)

        def real(facts: frozenset[str]) -> frozenset[str]:
            return frozenset(fact for fact in facts if not fact.startswith(base))

        return [
            candidate._replace(
                contradicts=real(candidate.contradicts), implausible=real(candidate.implausible)
            )
            for candidate in candidates
        ]

    def _traces(self, judgement: UnitJudgement) -> Iterator[tuple[Trace, bool]]:
        """The traces of what has to hold, and whether they say what is judged."""
        rule, interpreter = self._rule, self._interpreter
        scope = iter(judgement.scope)
        for condition in (rule.scope, rule.applies_when):
            if condition is not None:
                yield next(scope), True
        for criterion, condition in zip(rule.require, rule.asked, strict=True):
            trace = judgement.criteria.get(criterion.name)
            if trace is None:
                trace = interpreter.trace(condition, self._env, rule)
            yield trace, False

    # whether it would be met

    def _passes(self, changes: Patch) -> bool:
        self._checks += 1
        return self._holds(self._record, changes, otherwise=False)

    def _passes_too(self, met: Record, pointer: str, value: Value) -> bool:
        """Whether the unit is still met where one fact has another value."""
        self._checks += 1
        return self._holds(met, {pointer: value}, otherwise=True)

    def _holds(self, record: Record, changes: Patch, *, otherwise: bool) -> bool:
        """Whether all conditions hold; those that the changes do not touch hold as before."""
        try:
            changed = patch_record(record, changes)
            env = self._interpreter.environment(self._rule, changed, self._indices)
            return all(
                self._interpreter.trace(stage.condition, env, self._rule).value is True
                if _touches(changes, read)
                else otherwise or stage.value is True
                for stage, read in self._stages
            )
        except Exception:  # the unit is gone, or an operator registered from Python failed
            return False

    def _outcome(self, changes: Patch) -> int:
        record = patch_record(self._record, changes)
        return self._interpreter.judge_unit(self._rule, record, self._indices).outcome

    def _without_needless(self, changes: dict[str, Value]) -> Patch:
        """The changes without those that are not needed: of more than two there may be some."""
        if len(changes) < 3:
            return changes
        met = patch_record(self._record, changes)
        for pointer, value in list(changes.items()):
            before = held_at(self._start, steps_of(pointer))
            if value is NEW or value == []:
                continue
            if self._passes_too(met, pointer, before):
                del changes[pointer]
                met = patch_record(met, {pointer: before})
        return changes

    def _whole(self, changes: Patch) -> dict[str, Value]:
        """The changes, and those that the schema requires beside them."""
        found = dict(changes)
        for pointer, value in changes.items():
            for key, stand_in in self._requirements(pointer, made=value is NEW):
                found.setdefault(key, stand_in)
        for pointer, value in list(found.items()):
            is_group = value is NEW and isinstance(steps_of(pointer)[-1], str)
            if is_group and not any(other.startswith(f"{pointer}/") for other in found):
                fact, stand_in = one_fact(struct_at(self._record, steps_of(pointer)), pointer)
                found[fact] = stand_in
        holders = {holder for pointer in found for holder in _holders(pointer)}
        return {
            pointer: value
            for pointer, value in found.items()
            if value is not NEW or pointer not in holders
        }

    def _requirements(self, pointer: str, *, made: bool) -> list[tuple[str, Value]]:
        """What has to be recorded with a fact, or with a group or an item that is `made`."""
        found = []
        for at in (*_holders(pointer), *((pointer,) if made else ())):
            if at not in self._demands:
                steps = steps_of(at)
                is_list = field_at(self._record, steps).type.kind is Kind.LIST
                absent = held_at(self._record, steps) is None
                made_here = absent and not (is_list and isinstance(steps[-1], str))
                self._demands[at] = (
                    list(required_facts(struct_at(self._record, steps), at)) if made_here else []
                )
            found += self._demands[at]
        return found

    # in words

    def _change(self, pointer: str, value: Value, met: Record) -> Change:
        steps = steps_of(pointer)
        is_tried = pointer in self._known.uses and value is not NEW
        only = is_tried and self._is_only(pointer, value, met)
        now = value_on_record(held_at(self._record, steps))
        question = field_at(self._record, steps).question
        return Change(pointer, question, now, _plain_then(value, now), only)

    def _is_only(self, pointer: str, chosen: Value, met: Record) -> bool:
        """Whether no other value would do."""
        lines = self._known.lines.get(pointer, [])
        if not lines:
            return True
        known = {
            use.pointer: held_at(met, steps_of(use.pointer)) for line in lines for use in line.uses
        }
        del known[pointer]
        others = self._known.trials(pointer, lines, known)
        if chosen is not None:
            others = [*adjacent_values(self._known.uses[pointer].field, chosen), *others]
        for value in others:
            if value not in (None, chosen) and self._passes_too(met, pointer, value):
                return False
        closed = self._known.uses[pointer].field.type.kind in _CLOSED
        return closed or not any(_is_registered(line) for line in lines)


@lru_cache(maxsize=65536)
def _holders(pointer: str) -> tuple[str, ...]:
    """The pointers above a pointer, the outermost first."""
    steps = pointer.split("/")
    return tuple("/".join(steps[:depth]) for depth in range(2, len(steps)))


def _is_registered(line: Trace) -> bool:
    return isinstance(line.condition, Test) and line.condition.operator.registered


def _touches(changes: Patch, read: frozenset[str]) -> bool:
    for pointer in changes:
        at = pointer
        while at:
            if at in read:
                return True
            at = at.rpartition("/")[0]
        if changes[pointer] is None or changes[pointer] == []:
            return True  # what lies below it is gone
    return False


def _plain_then(then: Value, now: Value) -> Value:
    """A typed value as JSON has it; another time that the clocks show like `now` has its offset."""
    if then is NEW:
        return {}
    shown = value_on_record(then)
    return then.isoformat() if isinstance(then, datetime) and shown == now else shown


def sentence(changes: Sequence[Change], record: Record, judgement: UnitJudgement) -> str:
    """What would have had to be done in `record` beside what the reason says, or leaves open.

    Empty where there is no such thing, and where a change is no advice: nobody is told to record
    another day, answer or number, one more item of a list, or that not was done what was.
    """
    open_facts = [change for change in changes if change.now is None]
    is_more = 0 < len(open_facts) < len(changes)
    if not is_more or not all(_is_advice(change, record) for change in changes):
        return ""
    speaker = Speaker(Names(record))
    is_told = judgement.outcome != EXCEPTED  # whose reason has the permitted one instead
    told = open_beside(judgement, Names(record))[0] if is_told else []
    again = {each.text for each in told}
    pointers = [each.pointer for each in open_facts]
    said = [speaker.shown(FactRead(at, True, field_at(record, steps_of(at)))) for at in pointers]
    said = [each for each in said if each.text not in again]
    if not said:
        return ""
    return speaker.names.shortened(as_sentence(f"To be met as well: {joined_text(said)}"))


def where_to_look(record: Record, pointers: Iterable[str]) -> str:
    """In which documents an auditor may find the facts there; empty: none of them says where."""
    kind: FactType = getattr(type(record), FACT_TYPE)
    places = list(dict.fromkeys(filter(None, (place_of(kind, each) for each in pointers))))
    found = [place for place in places if not any(_is_in(place, other) for other in places)]
    found = found[:_MOST_PLACES]
    if len(found) > 1:  # of which both may name one document
        found = list(dict.fromkeys(part for place in found for part in _AND.split(place)))
    return f"Look in: {one_of(found)}." if found else ""


def _is_in(place: str, other: str) -> bool:
    """Whether another place names this one with others: *the police and health records*."""
    words, others = (
        set(re.findall(r"\w+", each.replace("s ", " "))) for each in (f"{place} ", f"{other} ")
    )
    return words != others and words | {"and"} <= others


def place_of(kind: FactType, pointer: str) -> str:
    """The place that the fact itself names, or else the nearest group or list around it."""
    look = kind.look
    for step in steps_of(pointer):
        if isinstance(step, int):
            continue
        field = kind.fields[step]
        kind = field.type.item or field.type
        look = field.look or kind.look or look
    return look


def _is_advice(change: Change, record: Record) -> bool:
    """Whether something is to be done, of a thing that there is."""
    return change.then is True and held_at(record, steps_of(change.pointer)[:-1]) is not None
