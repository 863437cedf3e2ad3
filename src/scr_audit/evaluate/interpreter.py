"""The interpreter: walks a rule's conditions over one record and keeps every value it used.

It is written to be obviously right. The compiled program must agree with it; findings that
somebody reads are explained by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple, assert_never

import msgspec

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
    DefinitionUse,
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
    joiner,
    negate,
    operands,
    with_children,
)
from scr_audit.language.rule import Parameter, Rule
from scr_audit.language.types import Field, Value, attribute
from scr_audit.records.structs import Record
from scr_audit.values.imprecise import Imprecise, Moment, as_day, bounds


class FactRead(msgspec.Struct, frozen=True, gc=False):
    """A fact that was looked at: where, what it said (`None`: not recorded), and its field."""

    pointer: str
    value: Any  # of the field's type, which only the schema knows
    field: Field


class Trace(msgspec.Struct, frozen=True, gc=False):
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

    def all_uses(self) -> list[FactRead]:
        """Its own facts and those of its parts, in the order in which they were looked at."""
        found = list(self.uses)
        for part in self.parts:
            found += part.all_uses()
        return found

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


Traces = dict[tuple[object, ...], Trace]


class Memory(msgspec.Struct):
    """What is known of a record: its traces, names, what is `said` of traces and `told` of units.

    So what several rules ask of one thing is worked out once.
    """

    record: Record
    traces: Traces = msgspec.field(default_factory=dict)
    names: dict[tuple[str | int, ...], str] = msgspec.field(default_factory=dict)
    said: dict[tuple[object, ...], Any] = msgspec.field(default_factory=dict)
    told: dict[tuple[object, ...], Any] = msgspec.field(default_factory=dict)


class Bound(msgspec.Struct, frozen=True, gc=False):
    """A variable's item and its JSON pointer."""

    item: Record
    pointer: str
    traces: Traces | None = None  # those known of a record


Env = Mapping[str, Bound]
Tracer = Callable[[Env], Trace]
Reader = Callable[[Env, list[FactRead]], Any]  # of the types that the operator's row takes


class _Traced(NamedTuple):
    """A condition, the variables that it reads, and the function that traces it."""

    condition: Condition
    reads: frozenset[str]
    trace: Tracer


class UnitJudgement(msgspec.Struct, frozen=True, dict=True):
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
    criteria: Mapping[str, Trace] = msgspec.field(default_factory=dict)
    still_open: Mapping[str, Trace] = msgspec.field(default_factory=dict)
    exceptions: Mapping[str, Trace] = msgspec.field(default_factory=dict)
    uses: tuple[FactRead, ...] = ()
    error: str = ""

    @cached_property
    def waiting(self) -> dict[str, Trace]:
        """The criteria that are not yet due."""
        return {name: trace for name, trace in self.still_open.items() if trace.value}

    @cached_property
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
        self._memory: Memory | None = None
        self._known: dict[tuple[int, int], tuple[_Traced, Condition, Fact | None]] = {}
        self._made: dict[tuple[object, ...], _Traced] = {}
        self._numbers = count()
        self._users: dict[int, tuple[Callable[[Env], FactRead], Fact]] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return Interpreter, (self.parameters, self.as_of)

    def judge(
        self, rule: Rule, record: Record, traces: Traces | None = None
    ) -> list[UnitJudgement]:
        """The judgements of every unit of `rule` in `record`, in the record's order.

        `traces` are those known of the record, to which the new ones are added.
        """
        return list(self._judge_loops(rule, 0, (), {"": Bound(record, "", traces)}))

    def memory(self, record: Record) -> Memory:
        """What is known of a record; of the one that was asked about last alone it is kept."""
        memory = self._memory
        if memory is None or memory.record is not record:
            memory = self._memory = Memory(record)
        return memory

    def judge_unit(
        self, rule: Rule, record: Record, indices: tuple[int, ...], traces: Traces | None = None
    ) -> UnitJudgement:
        """The judgement of the unit, or the whole list, at `indices`.

        `traces` are those known of the record, to which the new ones are added.
        """
        env = self.environment(rule, record, indices, traces)
        if len(indices) == len(rule.loops):
            return self._judge_unit(rule, indices, env)
        for judgement in self._judge_loops(rule, len(indices), indices, env):
            if judgement.indices == indices:
                return judgement
        raise LookupError(f"{rule.id} has no verdict at {indices}")

    def environment(
        self, rule: Rule, record: Record, indices: tuple[int, ...], traces: Traces | None = None
    ) -> dict[str, Bound]:
        """What the rule's variables stand for at `indices`; the record itself is `""`."""
        env = {"": Bound(record, "", traces)}
        for loop, index in zip(rule.loops, indices, strict=False):
            use = self.use(loop.items, env)
            env[loop.variable] = Bound(use.value[index], f"{use.pointer}/{index}")
        return env

    def _judge_loops(
        self, rule: Rule, depth: int, indices: tuple[int, ...], env: Env
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
        env: Env,
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

    def _guarded(self, condition: Condition, env: Env, rule: Rule) -> Trace | None:
        """The trace, or None where an operator failed; the unit then becomes an error."""
        try:
            return self.trace(condition, env, rule)
        except Exception:
            return None

    def _judge_unit(self, rule: Rule, indices: tuple[int, ...], env: Env) -> UnitJudgement:
        pointer = env[rule.loops[-1].variable].pointer if rule.loops else ""
        try:
            return self.verdict(rule, indices, env, pointer)
        except Exception as error:
            return _failed(rule, indices, pointer, error)

    def verdict(
        self, rule: Rule, indices: tuple[int, ...], env: Env, pointer: str
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

    def trace(self, condition: Condition, env: Env, rule: Rule) -> Trace:
        """What `condition` gives where `env` binds its variables."""
        return self._traced(condition, rule.in_force_on).trace(env)

    def _traced(self, condition: Condition, event: Fact | None) -> _Traced:
        """The function that traces a condition; by the day of `event` values are in force.

        It is made once for all conditions that say the same, wherever they are written.
        """
        key = (id(condition), id(event))
        known = self._known.get(key)
        if known is None:  # both are kept, so that no other object gets their ids
            known = self._known[key] = (self._shared(condition, event), condition, event)
        return known[0]

    def _shared(self, condition: Condition, event: Fact | None) -> _Traced:
        parts = [self._traced(part, event) for part in children(condition)]
        says = (*_says(condition, event), *map(id, parts))
        if says not in self._made:
            condition = with_children(condition, tuple([part.condition for part in parts]))
            trace = self._tracer(condition, event, [part.trace for part in parts])
            reads = _reads(condition, event).union(*(part.reads for part in parts))
            if isinstance(condition, OverItems):
                reads -= {condition.variable}
                reads |= {condition.items.variable}
            made = _Traced(
                condition, reads, _remembering(next(self._numbers), sorted(reads), trace)
            )
            self._made.setdefault(says, made)  # another thread may have been faster
        return self._made[says]

    def _tracer(self, condition: Condition, event: Fact | None, parts: list[Tracer]) -> Tracer:
        match condition:
            case Test():
                return self._test(condition, event)
            case Quantifier():
                return self._quantifier(condition, _item(condition, parts))
            case Count():
                return self._count(condition, event, parts)
        join = joiner(condition)

        def trace(env: Env) -> Trace:
            traces = tuple([part(env) for part in parts])
            return Trace(condition, join([part.value for part in traces]), (), traces)

        return trace

    def _test(self, test: Test, event: Fact | None) -> Tracer:
        operator = test.operator
        readers = [self._reader(operand, event) for operand in test.operands]
        events = [is_event(test, operand, event) for operand in test.operands]

        def trace(env: Env) -> Trace:
            uses: list[FactRead] = []
            values = tuple([read(env, uses) for read in readers])
            if not operator.takes_unknown:
                for value in values:
                    if value is None:
                        return Trace(test, None, tuple(uses), (), values)
            if Either in map(type, values):
                answer = every_way(operator.test, *map(_dated, values, events))
            else:
                answer = operator.test(*values)
            return Trace(test, answer, tuple(uses), (), values)

        return trace

    def _reader(self, operand: Operand, event: Fact | None) -> Reader:
        """The function that gives an operand as the operator's row takes it; it notes its uses."""
        match operand:
            case Constant(value):
                return lambda env, uses: value
            case Fact():
                use_of = self._user(operand)

                def read(env: Env, uses: list[FactRead]) -> Any:
                    use = use_of(env)
                    uses.append(use)
                    return use.value

                return read
            case DayOf(fact):
                moment = self._reader(fact, event)

                def day(env: Env, uses: list[FactRead]) -> Any:
                    value = moment(env, uses)
                    return None if value is None else _day(value)

                return day
            case ParameterUse(name):
                if name == AUDIT_DAY:
                    return lambda env, uses: day_of(env[""].item, self.as_of)
                if name == RUN_DAY:
                    return lambda env, uses: self.as_of
                assert event is not None
                value_on, read_event = self._in_force[name], self._reader(event, event)
                return lambda env, uses: value_on(read_event(env, uses))
        assert_never(operand)

    def use(self, fact: Fact, env: Env) -> FactRead:
        """What a fact says where `env` binds its variable."""
        return self._user(fact)(env)

    def _user(self, fact: Fact) -> Callable[[Env], FactRead]:
        made = self._users.get(id(fact))
        if made is None:
            made = self._users[id(fact)] = (_user(fact), fact)
        return made[0]

    def _quantifier(self, quantifier: Quantifier, item: Tracer) -> Tracer:
        use_of, variable = self._user(quantifier.items), quantifier.variable

        def trace(env: Env) -> Trace:
            use = use_of(env)
            if use.value is None:
                return Trace(quantifier, None, (use,))
            items = tuple([item(inner) for inner in _environments(use, variable, env)])
            if quantifier.kind == "every":
                value = _every(items)
            elif quantifier.by is not None:
                value = _of_the_one(items, asked_of(quantifier, items))
            else:
                some = disjoin(item.value for item in items)
                value = some if quantifier.kind == "some" else negate(some)
            return Trace(quantifier, value, (use,), items)

        return trace

    def item(self, condition: OverItems, env: Env, rule: Rule) -> Trace:
        """One item, of which is asked whether it is in scope and satisfies `that`."""
        asked = self._traced(condition, rule.in_force_on).condition
        assert isinstance(asked, OverItems)
        parts = [self._traced(part, rule.in_force_on).trace for part in children(asked)]
        return _item(asked, parts)(env)

    def number(self, count: Count, env: Env, rule: Rule) -> float | None:
        """The number that a count is compared with; None where it is not known."""
        number = self._reader(count.number, rule.in_force_on)(env, [])
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
        if Either in map(type, found):
            return every_way(test.operator.test, *found)
        return test.operator.test(*found)

    def _other(
        self, operand: Operand, known: Value, uses: Iterator[FactRead], values: Mapping[str, Value]
    ) -> Value:
        if isinstance(operand, Constant):
            return known
        name = operand.name if isinstance(operand, ParameterUse) else ""
        if name in (AUDIT_DAY, RUN_DAY):
            return known
        use = next(uses)
        value: Any = values.get(use.pointer, use.value)  # as in `FactRead`
        if name:
            return self._in_force[name](value)
        return _day(value) if isinstance(operand, DayOf) and value is not None else value

    def _count(self, count: Count, event: Fact | None, parts: list[Tracer]) -> Tracer:
        use_of, variable = self._user(count.items), count.variable
        number_of = self._reader(count.number, event)
        where = None if count.where is None else parts[0]
        item = None if count.that is None else _item(count, parts)

        def trace(env: Env) -> Trace:
            use = use_of(env)
            uses = [use]
            number = number_of(env, uses)
            if use.value is None:
                return Trace(count, None, tuple(uses))
            environments = _environments(use, variable, env)
            amount: tuple[float, float] | None
            if item is not None:
                items = tuple([item(inner) for inner in environments])
                amount = _share(items) if count.kind == "share" else _sum(items)
            else:
                items = tuple([where(inner) for inner in environments]) if where else ()
                least = sum(item.value is True for item in items) if where else len(use.value)
                most = len(use.value) - sum(item.value is False for item in items)
                amount = least, most
            value = None
            if number is not None and amount is not None:
                value = every_way(truth_of_amount, count.operator.test, *amount, number)
            return Trace(count, value, tuple(uses), items, (number,), amount)

        return trace


def _item(condition: OverItems, tracers: list[Tracer]) -> Tracer:
    """The function that traces one item, of whose parts are asked what `tracers` ask."""
    has_where, has_that = condition.where is not None, condition.that is not None

    def trace(env: Env) -> Trace:
        parts = tuple([part(env) for part in tracers])
        where = parts[0].value if has_where else True
        that = parts[-1].value if has_that else True
        return Trace(condition, conjoin((where, that)), (), parts, (), None, where, that)

    return trace


def _remembering(number: int, reads: list[str], trace: Tracer) -> Tracer:
    """The same function, which traces once where a record's answers are remembered."""

    def remembered(env: Env) -> Trace:
        known = env[""].traces
        if known is None:
            return trace(env)
        key = (number, *[env[variable].pointer for variable in reads])
        found = known.get(key)
        if found is None:
            found = known[key] = trace(env)
        return found

    return remembered


def _says(condition: Condition, event: Fact | None) -> tuple[object, ...]:
    """What tells a condition from others, but for its parts and where it is written."""
    match condition:
        case Test(operator, operands):
            return (Test, operator, condition.text, *(_operand(each, event) for each in operands))
        case Quantifier(kind, items, variable):
            asked = [part is None for part in (condition.where, condition.by, condition.that)]
            return (Quantifier, kind, _operand(items), variable, condition.called, *asked)
        case Count(items, variable):
            asked = [part is None for part in (condition.where, condition.that)]
            compared = (condition.operator, _operand(condition.number, event))
            return (Count, condition.kind, _operand(items), variable, condition.called,
                    *compared, *asked)  # fmt: skip
        case DefinitionUse(name):
            return (DefinitionUse, name)
        case _:
            return (type(condition),)


def _operand(operand: Operand, event: Fact | None = None) -> tuple[object, ...]:
    match operand:
        case Fact(variable, steps, field):
            return (variable, steps, field)
        case DayOf(fact):
            return (DayOf, *_operand(fact))
        case Constant(value, name):
            return (type(value), repr(value), name)  # of which True is another than 1
        case ParameterUse(name):
            return (ParameterUse, name, event and _operand(event))


def _reads(condition: Condition, event: Fact | None) -> frozenset[str]:
    """The variables that a condition itself names, not its parts."""
    found = set()
    for operand in operands(condition):
        if isinstance(operand, ParameterUse):
            found |= {"" if event is None else event.variable}
        elif isinstance(operand, DayOf):
            found.add(operand.operand.variable)
        elif isinstance(operand, Fact):
            found.add(operand.variable)
    return frozenset(found)


def _user(fact: Fact) -> Callable[[Env], FactRead]:
    """The function that reads a fact where an environment binds its variable."""
    variable, field = fact.variable, fact.field
    below = "".join(f"/{step}" for step in fact.steps)
    names = [attribute(step) for step in fact.steps]

    def use(env: Env) -> FactRead:
        bound = env[variable]
        value: Any = bound.item  # as in `FactRead`
        for name in names:
            if value is None:
                break
            value = getattr(value, name)
        return FactRead(bound.pointer + below, value, field)

    return use


def _environments(use: FactRead, variable: str, env: Env) -> Iterator[Env]:
    """What the variables stand for in each item of a list."""
    for index, item in enumerate(use.value):
        yield {**env, variable: Bound(item, f"{use.pointer}/{index}")}


def _dated(value: Any, is_event: bool) -> Value:
    return DatedFact(value) if is_event else value


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
