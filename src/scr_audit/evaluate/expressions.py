"""Conditions as Python expressions: one that is true exactly where a condition is true, and
one that is true exactly where it is false. Where neither is, the condition is unknown.

The idea: three values need no type of their own where each question is asked for itself. *Not*
changes the two expressions for each other, and *all* of one is *any* of the other. A line is
guarded, `(v := r.fact) is not None and ...`, so that what is not recorded makes neither true;
lines that compare with what is written in the rule need no guard, since nothing equals None.

Quantifiers are loops; the statements that fill their variables come first (`prepare`), those over
one list together, and what is read twice is read into a local. So an expression costs what it
looks like, and a list is walked once whatever asks about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import assert_never

from scr_audit.evaluate.normal_form import ROOT, Effective, ReadFact, quantified, readables
from scr_audit.evaluate.parameters import extent_of, is_event
from scr_audit.language.conditions import (
    AUDIT_DAY,
    All,
    AnyOf,
    Condition,
    Constant,
    Count,
    DayOf,
    DefinitionUse,
    Fact,
    Not,
    Operand,
    OverItems,
    ParameterUse,
    Quantifier,
    ShownOrSaid,
    Test,
    children,
    only_fact,
)
from scr_audit.language.types import Value
from scr_audit.records.structs import reading


def prepare(writer: Writer, conditions: Iterable[Condition]) -> None:
    """Write what `conditions` need before they can be expressions.

    Facts that are read more than once go into locals; quantifiers are walked, those over one
    list together.
    """
    wanted = list(conditions)
    reads = Counter(_all_reads(wanted))
    counted = [c for condition in wanted for c in quantified(condition)]
    outer = Counter(r for c in counted for r in _reads_from_outside(c))
    _load_owners(writer, [*reads.elements(), *outer.elements()])
    for readable, times in (reads + outer).items():
        if times > 1 or readable in outer or isinstance(readable, Effective):
            writer.load(readable)
    groups: dict[Fact, list[OverItems]] = {}
    for item in counted:
        if item not in writer.known and item not in groups.setdefault(item.items, []):
            groups[item.items].append(item)
    for items, group in groups.items():
        if group:
            write_loop(writer, items, group)


def _load_owners(writer: Writer, reads: list[ReadFact]) -> None:
    """Put groups of facts into locals where more than one fact of the group is read."""
    owners: Counter[Fact] = Counter()
    for readable in reads:
        fact = readable.on if isinstance(readable, Effective) else readable
        for length in range(1, len(fact.steps)):
            owners[Fact(fact.variable, fact.steps[:length], fact.field)] += 1
    for owner, times in owners.items():
        if times > 1:
            writer.load(owner)


def _all_reads(conditions: Iterable[Condition]) -> Iterable[ReadFact]:
    for condition in conditions:
        yield from readables(condition)


def _reads_from_outside(counted: OverItems) -> Iterable[ReadFact]:
    """What the body of a loop reads that its own variable does not give."""
    for body in children(counted):
        inner = [*readables(body)]
        for deeper in quantified(body):
            inner += _reads_from_outside(deeper)
        for readable in inner:
            fact = readable.on if isinstance(readable, Effective) else readable
            if fact.variable != counted.variable:
                yield readable
    if isinstance(counted, Count) and isinstance(counted.number, Effective | Fact):
        yield counted.number


def write_loop(writer: Writer, items: Fact, group: list[OverItems]) -> None:
    """One loop over `items` that fills a local for each quantifier of `group`."""
    states = [_State(writer, counted) for counted in group]
    held = writer.name("l")
    writer.line(f"{held} = {writer.value(items)}")
    with writer.block(f"if {held} is None:"):
        writer.line(f"{' = '.join(state.local for state in states)} = None")
    with writer.block("else:"):
        for state in states:
            state.begin(held)
        bodies = [state for state in states if state.needs_loop]
        if bodies:
            _body(writer, held, bodies)
        for state in states:
            state.end(held)
    for state in states:
        writer.known[state.counted] = state.local


def _body(writer: Writer, held: str, states: list[_State]) -> None:
    variable = states[0].counted.variable
    with writer.block(f"for {variable} in {held}:"):
        prepare(writer, [part for state in states for part in state.parts])
        for state in states:
            state.step(alone=len(states) == 1)


class _State:
    """The locals of one quantifier and the statements that keep them.

    `q` is its own name, such as `q7`, and at the end has its answer; before that

    | kind | locals, of the items so far |
    | --- | --- |
    | some, every | `q`: the answer |
    | every, with where | `qs` one surely holds, `qf` one surely fails, `qo` one leaves it open |
    | latest, earliest | `q`: day, whether it is surely in scope and answer of each that may be |
    | count | `ql` how many surely are in scope, `qh` how many may be |
    | sum | `ql`, `qh`: the least and the most that each adds; `qv` its number, `qw` its bounds |
    | share | in scope `qs` hold, `qf` fail, `qo` are open; may be in scope `qt` hold, `qn` fail |

    At the end of a count, sum or share `ql` and `qh` are the lowest and the highest it may be.
    """

    def __init__(self, writer: Writer, counted: OverItems) -> None:
        self.writer = writer
        self.counted = counted
        self.local = writer.name("q")
        self.where = counted.where
        self.that = counted.that
        self.parts = list(children(counted))
        self.needs_loop = bool(self.parts)
        kind = counted.kind
        self.kind = kind if kind != "every" or self.where is None else "every_where"

    def begin(self, held: str) -> None:
        line, q = self.writer.line, self.local
        if self.kind == "count":
            start = "0" if self.needs_loop else f"len({held})"
            line(f"{q}l = {q}h = {start}")
        elif self.kind == "some":
            line(f"{q} = False" if self.needs_loop else f"{q} = bool({held})")
        elif self.kind == "every":
            line(f"{q} = True if {held} else None")
        elif self.kind in ("latest", "earliest"):
            line(f"{q} = []")
        elif self.kind == "sum":
            line(f"{q}l, {q}h = [], []")
        elif self.kind == "share":
            line(f"{q}s = {q}f = {q}o = {q}t = {q}n = 0")
        else:
            line(f"{q}s = {q}f = {q}o = 0")

    def step(self, *, alone: bool) -> None:
        writer, line, q = self.writer, self.writer.line, self.local
        true, false = writer.true, writer.false
        if self.kind == "count":
            assert self.where is not None
            line(f"if {true(self.where)}: {q}l += 1; {q}h += 1")
            line(f"elif not ({false(self.where)}): {q}h += 1")
        elif self.kind == "some":
            line(f"if {writer.all_true(self.parts)}: {q} = True{'; break' if alone else ''}")
            line(f"elif {q} is False and not {writer.any_false(self.parts)}: {q} = None")
        elif self.kind == "every":
            assert self.that is not None
            line(f"if not ({true(self.that)}):")
            line(f"    if {false(self.that)}: {q} = False{'; break' if alone else ''}")
            line(f"    elif {q}: {q} = None")
        elif self.kind in ("latest", "earliest"):
            self._one_of_several()
        elif self.kind == "sum":
            self._summand()
        elif self.kind == "share":
            self._part_or_not()
        else:
            assert self.where is not None
            assert self.that is not None
            line(f"if {true(self.where)}:")
            line(f"    if {true(self.that)}: {q}s = 1")
            line(f"    elif {false(self.that)}: {q}f = 1")
            line(f"    else: {q}o = 1")
            line(f"elif not ({false(self.where)}) and not ({true(self.that)}): {q}o = 1")

    def _in_scope(self) -> tuple[str, str]:
        """Expressions for an item that is surely in scope, and for one that is surely not."""
        if self.where is None:
            return "True", "False"
        return self.writer.true(self.where), self.writer.false(self.where)

    def _one_of_several(self) -> None:
        writer, line, q = self.writer, self.writer.line, self.local
        assert isinstance(self.counted, Quantifier)
        assert self.that is not None
        is_in, is_out = self._in_scope()
        day = writer.value(only_fact(self.counted.by))
        answer = (
            f"True if {writer.true(self.that)} else False if {writer.false(self.that)} else None"
        )
        line(f"if not ({is_out}): {q}.append(({day}, {is_in}, {answer}))")

    def _summand(self) -> None:
        writer, line, q = self.writer, self.writer.line, self.local
        fact = only_fact(self.that)
        is_in, is_out = self._in_scope()
        low, high = map(writer.object, extent_of(fact.type))
        line(f"{q}v = {writer.value(fact)}")
        line(f"{q}w = ({low}, {high}) if {q}v is None else ({q}v, {q}v)")
        line(f"if {is_in}: {q}l.append({q}w[0]); {q}h.append({q}w[1])")
        line(f"elif not ({is_out}): {q}l.append(min({q}w[0], 0)); {q}h.append(max({q}w[1], 0))")

    def _part_or_not(self) -> None:
        writer, line, q = self.writer, self.writer.line, self.local
        assert self.that is not None
        true, false = writer.true(self.that), writer.false(self.that)
        is_in, is_out = self._in_scope()
        line(f"if {is_in}:")
        line(f"    if {true}: {q}s += 1")
        line(f"    elif {false}: {q}f += 1")
        line(f"    else: {q}o += 1")
        line(f"elif not ({is_out}):")
        line(f"    if {true}: {q}t += 1")
        line(f"    elif {false}: {q}n += 1")
        line(f"    else: {q}t += 1; {q}n += 1")

    def end(self, held: str) -> None:
        line, q = self.writer.line, self.local
        if self.kind == "every_where":
            line(f"{q} = False if {q}f else True if {q}s and not {q}o else None")
        elif self.kind in ("latest", "earliest"):
            line(f"{q} = the_one({q}, {self.kind == 'latest'})")
        elif isinstance(self.counted, Count):
            if self.kind == "sum":
                line(f"{q}l, {q}h = sum_of({q}l), sum_of({q}h)")
            elif self.kind == "share":
                line(f"{q} = {q}s + {q}f + {q}o")  # surely in scope: without any there is no share
                line(f"{q}l = {q} and 100 * {q}s / ({q} + {q}n)")
                line(f"{q}h = {q} and 100 * ({q}s + {q}o + {q}t) / ({q} + {q}t)")
            number = self.counted.number
            n = (
                self.writer.constant(number.value)
                if isinstance(number, Constant)
                else self.writer.value(number)  # type: ignore[arg-type]  # an Effective or a Fact
            )
            tests = self.counted.operator.count
            assert tests is not None
            low, high = f"{q}l", f"{q}h"
            verdict = (
                f"True if {tests.holds.format(low=low, high=high, n=n)} "
                f"else False if {tests.fails.format(low=low, high=high, n=n)} else None"
            )
            if self.writer.imprecise and not isinstance(number, Constant):
                test = self.writer.object(self.counted.operator)
                verdict = f"every_way(counted, {test}, {low}, {high}, {n})"
            unknown = [] if isinstance(number, Constant) else [f"{n} is None"]
            unknown += [f"not {q}"] if self.kind == "share" else []
            guard = f"None if {' or '.join(unknown)} else " if unknown else ""
            line(f"{q} = {guard}{verdict}")


_SIMPLE = (bool, int, float, str)


@dataclass
class Writer:
    """Source lines being written, the objects they refer to, and what is already in a local.

    `imprecise` programs call the operators' functions, which know three answers; exact ones
    use the operators' source. `known` maps facts and quantifiers to the locals holding them.
    """

    imprecise: bool
    lines: list[str] = field(default_factory=list)
    objects: dict[str, Value] = field(default_factory=dict)
    known: dict[Value, str] = field(default_factory=dict)
    depth: int = 0
    names: int = 0

    def line(self, text: str) -> None:
        """Write a line at the present depth."""
        self.lines.append(f"{'    ' * self.depth}{text}")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is written below `head`, one step further in; what it reads is known only there."""
        self.line(head)
        self.depth += 1
        with self.scope():
            yield
        self.depth -= 1

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Statements after which nothing more is known to be in a local than before them."""
        outside = dict(self.known)
        yield
        self.known = outside

    def name(self, prefix: str) -> str:
        """A local name that nothing else has."""
        self.names += 1
        return f"{prefix}{self.names}"

    def object(self, value: Value) -> str:
        """The global name by which the source refers to `value`, or to what an operator tests."""
        for name, held in self.objects.items():
            if held is value:
                return name
        name = f"o{len(self.objects)}"
        self.objects[name] = value
        return name

    def constant(self, value: Value) -> str:
        """Source for a value written in a rule: only numbers and quoted texts are inlined."""
        if isinstance(value, _SIMPLE):
            return repr(value)
        if isinstance(value, tuple) and all(isinstance(part, _SIMPLE) for part in value):
            return repr(value)
        return self.object(value)

    # --- facts ---

    def value(self, readable: ReadFact) -> str:
        """An expression for a fact (None where it is not recorded) or a dated parameter."""
        if readable in self.known:
            return self.known[readable]
        if isinstance(readable, Effective):
            return f"in_force[{readable.name!r}]({self.value(readable.on)})"
        if not readable.steps:
            return readable.variable  # an item of a list of words
        *outer, last = readable.steps
        if not outer:
            return reading(readable.variable, last)
        owner = Fact(readable.variable, tuple(outer), readable.field)
        if owner in self.known:
            held = self.known[owner]
            return f"({held} and {reading(held, last)})"
        held = self.name("g")
        return f"(({held} := {self.value(owner)}) and {reading(held, last)})"

    def load(self, readable: ReadFact) -> None:
        """Put a fact or dated parameter into a local, once."""
        if readable not in self.known:
            local = self.name("f")
            self.line(f"{local} = {self.value(readable)}")
            self.known[readable] = local

    # --- conditions ---

    def true(self, condition: Condition) -> str:
        """An expression that is true exactly where `condition` is."""
        return self._answer(condition, wanted=True)

    def false(self, condition: Condition) -> str:
        """An expression that is true exactly where `condition` is false."""
        return self._answer(condition, wanted=False)

    def _answer(self, condition: Condition, *, wanted: bool) -> str:
        match condition:
            case Test():
                return self._test(condition, wanted=wanted)
            case All(parts) | AnyOf(parts):
                word = " and " if isinstance(condition, All) is wanted else " or "
                return self._join(word, [self._answer(part, wanted=wanted) for part in parts])
            case Not(part):
                return self._answer(part, wanted=not wanted)
            case ShownOrSaid(parts):
                ways = [
                    [
                        self._answer(one, wanted=wanted),
                        *(self._answer(each, wanted=not wanted) for each in parts if each != one),
                    ]
                    for one in parts
                ]
                return self._join(" or ", [self._join(" and not ", way) for way in ways])
            case Quantifier() | Count():
                return self.known[condition] if wanted else f"{self.known[condition]} is False"
            case DefinitionUse():
                raise AssertionError("the normal form has no names")
        assert_never(condition)

    def _join(self, word: str, parts: list[str]) -> str:
        return f"({word.join(parts)})"

    def _test(self, test: Test, *, wanted: bool) -> str:
        operator = test.operator
        holds, fails = operator.null_safe
        unguarded = holds if wanted else fails
        if unguarded and self._needs_no_guard(test):
            return unguarded.format(*map(self._operand, test.operands))
        if operator.takes_unknown:
            call = self._call(test, [self._operand(operand) for operand in test.operands])
            return call if wanted else f"{call} is False"
        return self._guarded(test, wanted=wanted)

    def _needs_no_guard(self, test: Test) -> bool:
        """Whether only the subject may be None here, and is that or an exact value."""
        subject, *others = test.operands
        if not others:
            return True
        # The day of a date-time can only be asked of one that is recorded.
        exact = not self.imprecise and not isinstance(subject, DayOf)
        return exact and all(isinstance(other, Constant) for other in others)

    def _guarded(self, test: Test, *, wanted: bool) -> str:
        guards: list[str] = []
        values = [self._held(operand, guards) for operand in test.operands]
        if self.imprecise or not test.operator.code:
            call = self._call(test, values)
            verdict = call if wanted else f"{call} is False"
        else:
            verdict = test.operator.code.format(*values)
            verdict = verdict if wanted else f"not ({verdict})"
        return self._join(" and ", [*guards, verdict]) if guards else verdict

    def _call(self, test: Test, values: list[str]) -> str:
        """A call of an operator's function, by every value that a parameter may have."""
        asked = self.object(test.operator)
        event = next((o.on for o in test.operands if isinstance(o, Effective)), None)
        if not self.imprecise or event is None:
            return f"{asked}({', '.join(values)})"
        ways = (
            f"Event({value})" if is_event(test, operand, event) else value
            for operand, value in zip(test.operands, values, strict=True)
        )
        return f"every_way({', '.join((asked, *ways))})"

    def _held(self, operand: Operand, guards: list[str]) -> str:
        """An expression for a recorded operand, after its guard was added to `guards`."""
        if isinstance(operand, Constant):
            return self.constant(operand.value)
        if isinstance(operand, DayOf):
            return f"{self._held(operand.operand, guards)}.date()"
        if isinstance(operand, ParameterUse):
            day = self._operand(operand)
            guards.append(f"{day} is not None")
            return day
        if operand in self.known:
            guards.append(f"{self.known[operand]} is not None")
            return self.known[operand]
        held = self.name("v")
        guards.append(f"({held} := {self.value(operand)}) is not None")
        return held

    def _operand(self, operand: Operand) -> str:
        if isinstance(operand, Constant):
            return self.constant(operand.value)
        if isinstance(operand, ParameterUse):
            return "as_of" if operand.name == AUDIT_DAY else "run_day"
        if isinstance(operand, DayOf):
            held = self.name("d")
            return f"(({held} := {self.value(operand.operand)}) and {held}.date())"
        assert isinstance(operand, Fact | Effective)
        return self.value(operand)

    def any_true(self, conditions: Iterable[Condition]) -> str:
        """The expression that holds where one of the conditions is true."""
        return self._join(" or ", [self.true(condition) for condition in conditions])

    def all_true(self, conditions: Iterable[Condition]) -> str:
        """The expression that holds where all of the conditions are true."""
        return self._join(" and ", [self.true(condition) for condition in conditions])

    def any_false(self, conditions: Iterable[Condition]) -> str:
        """The expression that holds where one of the conditions is false."""
        return self._join(" or ", [self.false(condition) for condition in conditions])


def is_root(fact: Fact) -> bool:
    """Whether a fact is read from the record itself."""
    return fact.variable == ROOT
