"""The interpreter: walks a rule's conditions over one record and keeps every value it used.

It is written to be obviously right. The compiled program must agree with it; findings that
somebody reads are explained by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from scr_audit.evaluate.outcomes import (
    ERROR,
    EXCEPTED,
    NOT_APPLICABLE,
    NOT_EVIDENCED,
    NOT_MET,
    OUTCOMES,
    outcome_of,
)
from scr_audit.evaluate.parameters import (
    DatedFact,
    Either,
    day_of,
    every_way,
    extent_of,
    in_force,
    is_event,
    sum_of,
    truth_of_amount,
)
from scr_audit.language.conditions import (
    AUDIT_DAY,
    RUN_DAY,
    Condition,
    Constant,
    Count,
    DayOf,
    Fact,
    Operand,
    OverItems,
    ParameterUse,
    Quantifier,
    ShownOrSaid,
    Test,
    Truth,
    children,
    conjoin,
    disjoin,
    is_only_fact,
    joined,
    negate,
)
from scr_audit.language.rule import Parameter, Rule
from scr_audit.language.types import Field, Value, held
from scr_audit.records.structs import Record
from scr_audit.values.imprecise import Imprecise, Moment, as_day, bounds


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that was looked at: where, what it said (`None`: not recorded), and its field."""

    pointer: str
    value: Any  # of the field's type, which only the schema knows
    field: Field


class Trace(NamedTuple):
    """What a condition gave, with the facts it used itself and the traces of its parts.

    `compared` are the values of a line, or the number of a count; `bounds` are the least and the
    most that a count may be, None where that is not known. For a quantifier, a share and a sum each
    part is one item: whether it is `in_scope`, and whether `that` holds of it.
    """

    condition: Condition
    value: Truth
    uses: tuple[FactRead, ...] = ()
    parts: tuple[Trace, ...] = ()
    compared: tuple[Any, ...] = ()  # of the types that the operator's row takes
    bounds: tuple[float, float] | None = None
    in_scope: Truth = None
    that: Truth = None

    def all_uses(self) -> Iterator[FactRead]:
        """Its own facts and those of its parts, in the order in which they were looked at."""
        yield from self.uses
        for part in self.parts:
            yield from part.all_uses()

    @property
    def contradicts_itself(self) -> bool:
        """Whether what is shown and what is said of one thing differ."""
        answers = {part.value for part in self.parts}
        return isinstance(self.condition, ShownOrSaid) and {True, False} <= answers

    def contradictions(self) -> Iterator[Trace]:
        """Those of its parts, or itself, that contradict themselves."""
        if self.contradicts_itself:
            yield self
        else:
            for part in self.parts:
                yield from part.contradictions()


@dataclass(frozen=True, slots=True)
class Bound:
    """A variable's item and its JSON pointer."""

    item: Record
    pointer: str


@dataclass(frozen=True)
class UnitJudgement:
    """The verdict on one unit and all that led to it.

    `indices` are the unit's places in the lists of the rule's loops; fewer than there are
    loops where the verdict is about a whole list. `criteria` is empty where none was judged;
    `still_open` has, for those that do not hold, whether they may still come to hold in time.
    """

    rule: Rule
    indices: tuple[int, ...]
    pointer: str
    outcome: int
    scope: tuple[Trace, ...] = ()
    criteria: Mapping[str, Trace] = field(default_factory=dict)
    still_open: Mapping[str, Trace] = field(default_factory=dict)
    exceptions: Mapping[str, Trace] = field(default_factory=dict)
    uses: tuple[FactRead, ...] = ()
    error: str = ""

    @property
    def waiting(self) -> dict[str, Trace]:
        """The criteria that are not yet due."""
        return {name: trace for name, trace in self.still_open.items() if trace.value}

    @property
    def decisive(self) -> dict[str, Trace]:
        """Each criterion that is due, with the trace that says whether it is met."""
        found = {}
        for name, trace in self.criteria.items():
            still_open = self.still_open.get(name, trace)
            if name not in self.waiting:
                found[name] = trace if trace.value is still_open.value else still_open
        return found

    @property
    def exception(self) -> str | None:
        """The name of the permitted reason, where the outcome is `excepted`."""
        return next((name for name, trace in self.exceptions.items() if trace.value), None)


class Interpreter:
    """Judges records by rules. `as_of` is the day the audit is run for, if it was given."""

    def __init__(self, parameters: Mapping[str, Parameter], as_of: date | None) -> None:
        self.parameters = parameters
        self.as_of = as_of
        self._in_force = {name: in_force(parameter) for name, parameter in parameters.items()}

    def __reduce__(self) -> tuple[object, ...]:
        return Interpreter, (self.parameters, self.as_of)

    def judge(self, rule: Rule, record: Record) -> list[UnitJudgement]:
        """The judgements of every unit of `rule` in `record`, in the record's order."""
        return list(self._judge_loops(rule, 0, (), {"": Bound(record, "")}))

    def judge_unit(self, rule: Rule, record: Record, indices: tuple[int, ...]) -> UnitJudgement:
        """The judgement of the unit, or the whole list, at `indices`."""
        env = self.environment(rule, record, indices)
        if len(indices) == len(rule.loops):
            return self._judge_unit(rule, indices, env)
        for judgement in self._judge_loops(rule, len(indices), indices, env):
            if judgement.indices == indices:
                return judgement
        raise LookupError(f"{rule.id} has no verdict at {indices}")

    def environment(self, rule: Rule, record: Record, indices: tuple[int, ...]) -> dict[str, Bound]:
        """What the rule's variables stand for at `indices`; the record itself is `""`."""
        env = {"": Bound(record, "")}
        for loop, index in zip(rule.loops, indices, strict=False):
            use = self.use(loop.items, env)
            env[loop.variable] = Bound(use.value[index], f"{use.pointer}/{index}")
        return env

    def _judge_loops(
        self, rule: Rule, depth: int, indices: tuple[int, ...], env: dict[str, Bound]
    ) -> Iterator[UnitJudgement]:
        if depth == len(rule.loops):
            yield self._judge_unit(rule, indices, env)
            return
        loop = rule.loops[depth]
        use = self.use(loop.items, env)
        if use.value is None:
            yield self._about_list(rule, depth, indices, env, use, NOT_EVIDENCED, ())
            return
        scope: list[Trace] = []
        in_scope = False
        for index, item in enumerate(use.value):
            inner = {**env, loop.variable: Bound(item, f"{use.pointer}/{index}")}
            asked = rule.scope if depth + 1 == len(rule.loops) else loop.within
            if asked is not None:
                trace = self._guarded(asked, inner, rule)
                if trace is not None and trace.value is False:
                    scope.append(trace)
                    continue
            in_scope = True
            yield from self._judge_loops(rule, depth + 1, (*indices, index), inner)
        if not in_scope:
            outcome = OUTCOMES.index(loop.if_none)
            yield self._about_list(rule, depth, indices, env, use, outcome, tuple(scope))

    def _about_list(
        self,
        rule: Rule,
        depth: int,
        indices: tuple[int, ...],
        env: dict[str, Bound],
        use: FactRead,
        outcome: int,
        scope: tuple[Trace, ...],
    ) -> UnitJudgement:
        """The verdict about a list without units, unless the rule does not apply at all."""
        try:
            traces = [self.trace(gate, env, rule) for gate in rule.gates(depth)]
        except Exception as error:
            return _failed(rule, indices, use.pointer, error)
        gate = next((trace for trace in traces if not trace.value), None)
        if gate is not None:
            outcome = NOT_EVIDENCED if gate.value is None else NOT_APPLICABLE
            scope = (gate,)
        return UnitJudgement(rule, indices, use.pointer, outcome, scope, uses=(use,))

    def _guarded(self, condition: Condition, env: dict[str, Bound], rule: Rule) -> Trace | None:
        """The trace, or None where an operator failed; the unit then becomes an error."""
        try:
            return self.trace(condition, env, rule)
        except Exception:
            return None

    def _judge_unit(
        self, rule: Rule, indices: tuple[int, ...], env: dict[str, Bound]
    ) -> UnitJudgement:
        pointer = env[rule.loops[-1].variable].pointer if rule.loops else ""
        try:
            return self.verdict(rule, indices, env, pointer)
        except Exception as error:
            return _failed(rule, indices, pointer, error)

    def verdict(
        self, rule: Rule, indices: tuple[int, ...], env: dict[str, Bound], pointer: str
    ) -> UnitJudgement:
        """The judgement of the unit that `env` binds. Exceptions of operators are not caught."""
        scope = tuple(
            self.trace(condition, env, rule)
            for condition in (rule.scope, rule.applies_when)
            if condition is not None
        )
        # The first stage that does not hold decides: an item that may be no unit is not evidenced.
        applies = next((trace.value for trace in scope if trace.value is not True), True)
        if not applies:
            outcome = NOT_EVIDENCED if applies is None else NOT_APPLICABLE
            return UnitJudgement(rule, indices, pointer, outcome, scope)
        names = [criterion.name for criterion in rule.require]
        criteria = {
            name: self.trace(condition, env, rule)
            for name, condition in zip(names, rule.asked, strict=True)
        }
        still_open = {
            name: self.trace(condition, env, rule)
            for name, condition in zip(names, rule.still_open, strict=True)
            if criteria[name].value is not True
        }
        outcome = outcome_of(
            (trace.value for trace in criteria.values()),
            (trace.value for trace in still_open.values()),
        )
        exceptions: dict[str, Trace] = {}
        if outcome in (NOT_MET, NOT_APPLICABLE):
            exceptions = {c.name: self.trace(c.condition, env, rule) for c in rule.except_when}
            if any(trace.value for trace in exceptions.values()):
                outcome = EXCEPTED
        return UnitJudgement(
            rule, indices, pointer, outcome, scope, criteria, still_open, exceptions
        )

    def trace(self, condition: Condition, env: dict[str, Bound], rule: Rule) -> Trace:
        """What `condition` gives where `env` binds its variables."""
        match condition:
            case Test():
                return self._test(condition, env, rule)
            case Quantifier():
                return self._quantifier(condition, env, rule)
            case Count():
                return self._count(condition, env, rule)
        parts = tuple(self.trace(part, env, rule) for part in children(condition))
        return Trace(condition, joined(condition, [part.value for part in parts]), parts=parts)

    def _test(self, test: Test, env: dict[str, Bound], rule: Rule) -> Trace:
        uses: list[FactRead] = []
        values = [self._operand(operand, env, rule, uses) for operand in test.operands]
        unknown = any(value is None for value in values)
        if unknown and not test.operator.takes_unknown:
            return Trace(test, None, tuple(uses), compared=tuple(values))
        asked = [
            DatedFact(value) if is_event(test, operand, rule.in_force_on) else value
            for operand, value in zip(test.operands, values, strict=True)
        ]
        answer = every_way(test.operator.test, *asked)
        return Trace(test, answer, tuple(uses), compared=tuple(values))

    def _operand(
        self, operand: Operand, env: dict[str, Bound], rule: Rule, uses: list[FactRead]
    ) -> Any:  # as the operator's row takes it
        match operand:
            case Constant(value):
                return value
            case Fact():
                use = self.use(operand, env)
                uses.append(use)
                return use.value
            case DayOf(fact):
                value = self._operand(fact, env, rule, uses)
                return None if value is None else _day(value)
            case ParameterUse(name):
                if name == AUDIT_DAY:
                    return day_of(env[""].item, self.as_of)
                if name == RUN_DAY:
                    return self.as_of
                assert rule.in_force_on is not None
                return self._in_force[name](self._operand(rule.in_force_on, env, rule, uses))

    def use(self, fact: Fact, env: Mapping[str, Bound]) -> FactRead:
        """What a fact says where `env` binds its variable."""
        bound = env[fact.variable]
        value = bound.item
        for step in fact.steps:
            value = None if value is None else held(value, step)
        return FactRead("/".join((bound.pointer, *fact.steps)), value, fact.field)

    def _items(
        self, items: Fact, variable: str, env: dict[str, Bound]
    ) -> tuple[FactRead, list[dict[str, Bound]]]:
        use = self.use(items, env)
        inner = [
            {**env, variable: Bound(item, f"{use.pointer}/{index}")}
            for index, item in enumerate(use.value or ())
        ]
        return use, inner

    def _quantifier(self, quantifier: Quantifier, env: dict[str, Bound], rule: Rule) -> Trace:
        use, environments = self._items(quantifier.items, quantifier.variable, env)
        if use.value is None:
            return Trace(quantifier, None, (use,))
        items = tuple(self.item(quantifier, inner, rule) for inner in environments)
        if quantifier.kind == "every":
            value = _every(items)
        elif quantifier.by is not None:
            value = _of_the_one(items, asked_of(quantifier, items))
        else:
            some = disjoin(item.value for item in items)
            value = some if quantifier.kind == "some" else negate(some)
        return Trace(quantifier, value, (use,), items)

    def item(self, condition: OverItems, env: dict[str, Bound], rule: Rule) -> Trace:
        """One item, of which is asked whether it is in scope and satisfies `that`."""
        parts = tuple(self.trace(part, env, rule) for part in children(condition))
        where = parts[0].value if condition.where is not None else True
        that = parts[-1].value if condition.that is not None else True
        return Trace(condition, conjoin((where, that)), (), parts, in_scope=where, that=that)

    def number(self, count: Count, env: dict[str, Bound], rule: Rule) -> float | None:
        """The number that a count is compared with; None where it is not known."""
        number = self._operand(count.number, env, rule, [])
        return None if isinstance(number, Either) else number

    def answer(self, trace: Trace, values: Mapping[str, Value]) -> Truth:
        """What the line of `trace` gives where facts, by their pointers, have other values."""
        test, uses = trace.condition, iter(trace.uses)
        assert isinstance(test, Test)
        found = [
            self._other(operand, known, uses, values)
            for operand, known in zip(test.operands, trace.compared, strict=True)
        ]
        if not test.operator.takes_unknown and any(value is None for value in found):
            return None
        return every_way(test.operator.test, *found)

    def _other(
        self, operand: Operand, known: Value, uses: Iterator[FactRead], values: Mapping[str, Value]
    ) -> Value:
        if isinstance(operand, Constant) or operand in (
            ParameterUse(AUDIT_DAY),
            ParameterUse(RUN_DAY),
        ):
            return known
        use = next(uses)
        value: Any = values.get(use.pointer, use.value)  # as in `FactRead`
        if isinstance(operand, ParameterUse):
            return self._in_force[operand.name](value)
        return _day(value) if isinstance(operand, DayOf) and value is not None else value

    def _count(self, count: Count, env: dict[str, Bound], rule: Rule) -> Trace:
        use, environments = self._items(count.items, count.variable, env)
        uses = [use]
        number = self._operand(count.number, env, rule, uses)
        if use.value is None:
            return Trace(count, None, tuple(uses))
        if count.that is not None:
            parts = tuple(self.item(count, inner, rule) for inner in environments)
            amount = _share(parts) if count.kind == "share" else _sum(parts)
        else:
            parts = tuple(
                self.trace(count.where, inner, rule) for inner in environments if count.where
            )
            least = sum(part.value is True for part in parts) if count.where else len(environments)
            most = len(environments) - sum(part.value is False for part in parts)
            amount = least, most
        value = None
        if number is not None and amount is not None:
            value = every_way(truth_of_amount, count.operator.test, *amount, number)
        return Trace(count, value, tuple(uses), parts, (number,), amount)


def _failed(rule: Rule, indices: tuple[int, ...], pointer: str, error: Exception) -> UnitJudgement:
    """The judgement where an operator registered from Python raised."""
    return UnitJudgement(rule, indices, pointer, ERROR, error=f"{type(error).__name__}: {error}")


def _day(moment: Moment) -> Moment:
    """The day of a date-time, exact or not."""
    return moment.date() if isinstance(moment, Imprecise) else as_day(moment)


def _every(items: tuple[Trace, ...]) -> Truth:
    """Whether all items in scope satisfy `that`; unknown where none is, which is no evidence."""
    if any(item.in_scope is True and item.that is False for item in items):
        return False
    if all(item.in_scope is False or item.that is True for item in items) and any(
        item.in_scope is True for item in items
    ):
        return True
    return None


def asked_of(asks: Condition, items: Sequence[Trace]) -> Sequence[Trace]:
    """The items that a quantifier asks about: for the latest or earliest, those that may be it.

    That is no item that is surely earlier, or later, than one which surely is in scope.
    """
    if not isinstance(asks, Quantifier) or asks.by is None:
        return items
    in_scope = [(item, _day_ends(item)) for item in items if item.in_scope is not False]
    sure = [ends for item, ends in in_scope if item.in_scope is True and ends is not None]
    if asks.kind == "latest":
        bound = max((low for low, _ in sure), default=None)
        return [item for item, ends in in_scope if not (ends and bound) or ends[1] >= bound]
    bound = min((high for _, high in sure), default=None)
    return [item for item, ends in in_scope if not (ends and bound) or ends[0] <= bound]


def _day_ends(item: Trace) -> tuple[date, date] | None:
    """The first and the last that the day of an item may be; None: it is not recorded."""
    [day] = named_facts(item)
    moment: Moment | None = day.uses[0].value
    return None if moment is None else bounds(moment)


def named_facts(item: Trace) -> list[Trace]:
    """Of an item in a question about days or sums: the line of its day, or of its number."""
    return [part for part in item.parts if is_only_fact(item.condition, part.condition)]


def _of_the_one(items: Sequence[Trace], may_be: Sequence[Trace]) -> Truth:
    """What holds of the one item, whichever it is; false where there is none."""
    answers = {item.that for item in may_be}
    if not answers <= {True}:
        return False if answers <= {False} else None
    if any(item.in_scope is True for item in items):
        return True
    return None if may_be else False


def _share(items: Sequence[Trace]) -> tuple[float, float] | None:
    """The least and the most in a hundred of the items in scope of which `that` may hold."""
    pairs = [(item.in_scope, item.that) for item in items]
    if not any(where is True for where, _ in pairs):
        return None
    held = sum(where is True and that is True for where, that in pairs)
    failed = sum(where is True and that is False for where, that in pairs)
    may_hold = sum(where is not False and that is not False for where, that in pairs)
    may_fail = sum(where is not False and that is not True for where, that in pairs)
    return 100 * held / (held + may_fail), 100 * may_hold / (may_hold + failed)


def _sum(items: Sequence[Trace]) -> tuple[float, float]:
    """The least and the most that the numbers of the items in scope may come to."""
    ends = [_amount_of(item) for item in items if item.in_scope is not False]
    return sum_of(low for low, _ in ends), sum_of(high for _, high in ends)


def _amount_of(item: Trace) -> tuple[float, float]:
    """The least and the most that an item adds to a sum."""
    use = item.parts[-1].uses[0]
    low, high = (use.value, use.value) if use.value is not None else extent_of(use.field.type)
    if item.in_scope is None:
        return min(low, 0), max(high, 0)
    return low, high
