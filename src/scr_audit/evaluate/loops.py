"""Quantifiers as loops: statements that walk a list once for all that is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scr_audit.evaluate.canonical import Effective, Readable, quantified, readables
from scr_audit.evaluate.expressions import Writer
from scr_audit.language.conditions import Condition, Constant, Count, Fact, Quantifier

Counted = Quantifier | Count


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
    groups: dict[Fact, list[Counted]] = {}
    for item in counted:
        if item not in writer.known and item not in groups.setdefault(item.items, []):
            groups[item.items].append(item)
    for items, group in groups.items():
        if group:
            walk(writer, items, group)


def _load_owners(writer: Writer, reads: list[Readable]) -> None:
    """Put groups of facts into locals where more than one fact of the group is read."""
    owners: Counter[Fact] = Counter()
    for readable in reads:
        fact = readable.on if isinstance(readable, Effective) else readable
        for length in range(1, len(fact.steps)):
            owners[Fact(fact.variable, fact.steps[:length], fact.field)] += 1
    for owner, times in owners.items():
        if times > 1:
            writer.load(owner)


def _all_reads(conditions: Iterable[Condition]) -> Iterable[Readable]:
    for condition in conditions:
        yield from readables(condition)


def _reads_from_outside(counted: Counted) -> Iterable[Readable]:
    """What the body of a loop reads that its own variable does not give."""
    bodies = [counted.where, counted.that] if isinstance(counted, Quantifier) else [counted.where]
    for body in bodies:
        if body is None:
            continue
        inner = [*readables(body)]
        for deeper in quantified(body):
            inner += _reads_from_outside(deeper)
        for readable in inner:
            fact = readable.on if isinstance(readable, Effective) else readable
            if fact.variable != counted.variable:
                yield readable
    if isinstance(counted, Count) and isinstance(counted.number, Effective):
        yield counted.number


def walk(writer: Writer, items: Fact, group: list[Counted]) -> None:
    """One loop over `items` that fills a local for each quantifier of `group`."""
    states = [_State(writer, counted) for counted in group]
    held = writer.name("l")
    writer.line(f"{held} = {writer.value(items)}")
    writer.line(f"if {held} is None:")
    writer.depth += 1
    writer.line(f"{' = '.join(state.local for state in states)} = None")
    writer.depth -= 1
    writer.line("else:")
    writer.depth += 1
    for state in states:
        state.begin(held)
    bodies = [state for state in states if state.needs_loop]
    if bodies:
        _body(writer, held, bodies)
    for state in states:
        state.end(held)
    writer.depth -= 1
    for state in states:
        writer.known[state.counted] = state.local


def _body(writer: Writer, held: str, states: list[_State]) -> None:
    variable = states[0].counted.variable
    writer.line(f"for {variable} in {held}:")
    writer.depth += 1
    outside = dict(writer.known)
    prepare(writer, [part for state in states for part in state.parts])
    for state in states:
        state.step(alone=len(states) == 1)
    writer.known = outside
    writer.depth -= 1


class _State:
    """The locals of one quantifier and the statements that keep them."""

    def __init__(self, writer: Writer, counted: Counted) -> None:
        self.writer = writer
        self.counted = counted
        self.local = writer.name("q")
        self.where = counted.where
        self.that = counted.that if isinstance(counted, Quantifier) else None
        self.parts = [part for part in (self.where, self.that) if part is not None]
        self.needs_loop = bool(self.parts)
        kind = "count" if isinstance(counted, Count) else counted.kind
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
        else:
            assert self.where is not None
            assert self.that is not None
            line(f"if {true(self.where)}:")
            line(f"    if {true(self.that)}: {q}s = 1")
            line(f"    elif {false(self.that)}: {q}f = 1")
            line(f"    else: {q}o = 1")
            line(f"elif not ({false(self.where)}) and not ({true(self.that)}): {q}o = 1")

    def end(self, held: str) -> None:
        line, q = self.writer.line, self.local
        if self.kind == "every_where":
            line(f"{q} = False if {q}f else True if {q}s and not {q}o else None")
        elif isinstance(self.counted, Count):
            number = self.counted.number
            n = (
                self.writer.constant(number.value)
                if isinstance(number, Constant)
                else self.writer.value(number)  # type: ignore[arg-type]  # an Effective
            )
            true, false = _COUNT_TESTS[self.counted.operator.name]
            low, high = f"{q}l", f"{q}h"
            verdict = (
                f"True if {true.format(low=low, high=high, n=n)} "
                f"else False if {false.format(low=low, high=high, n=n)} else None"
            )
            if self.writer.imprecise and not isinstance(number, Constant):
                test = self.writer.object(self.counted.operator.test)
                verdict = f"every_way(counted, {test}, {low}, {high}, {n})"
            guard = "" if isinstance(number, Constant) else f"None if {n} is None else "
            line(f"{q} = {guard}{verdict}")


_COUNT_TESTS = {
    "at least": ("{low} >= {n}", "{high} < {n}"),
    "more than": ("{low} > {n}", "{high} <= {n}"),
    "at most": ("{high} <= {n}", "{low} > {n}"),
    "fewer than": ("{high} < {n}", "{low} >= {n}"),
    "is": ("{low} == {high} == {n}", "{low} > {n} or {high} < {n}"),
}
