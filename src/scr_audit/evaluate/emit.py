"""Writes the walk over a record as Python source, for `decide` and for `total`.

The idea: what an interpreter would find out for every record anew is known before the first one.
Each list is walked once, by all rules whose units are its items; at each unit a rule is a chain of
`if`: does it apply, are all criteria met, may what is not still come in time, is one surely not
met, is that excepted. Unknown is what neither the expression for *true* nor the one for *false*
catches. What happens to a verdict differs: `Listing` adds a tuple to the result, `Counting` counts.
The source grows with the rules, not with the records.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field

from scr_audit.evaluate.expressions import Writer, is_root, prepare, write_loop
from scr_audit.evaluate.normal_form import (
    NormalRule,
    ReadFact,
    free_variables,
    quantified,
    readables,
)
from scr_audit.evaluate.outcomes import (
    EXCEPTED,
    JUDGED_OUTCOMES,
    MET,
    NOT_APPLICABLE,
    NOT_EVIDENCED,
    NOT_MET,
    OUTCOMES,
)
from scr_audit.language.conditions import Condition, Fact, OverItems


@dataclass
class _Node:
    """A list that rules walk: the rules whose units are its items, and the lists inside."""

    items: Fact
    variable: str
    within: Condition | None
    rules: list[NormalRule] = field(default_factory=list)
    nodes: dict[str, _Node] = field(default_factory=dict)

    def inner_rules(self) -> list[NormalRule]:
        return [rule for node in self.nodes.values() for rule in node.all_rules()]

    def all_rules(self) -> list[NormalRule]:
        return [*self.rules, *self.inner_rules()]


class Emitter(ABC):
    """Writes the walk over a record; subclasses write what happens to a verdict."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    @abstractmethod
    def function(self, rules: list[NormalRule]) -> AbstractContextManager[None]:
        """A block around the walk: the head of the function before it, its return after it."""

    @abstractmethod
    def verdict(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        """A verdict about a unit or a list."""

    @abstractmethod
    def failing(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        """A verdict with criteria that are not all met."""

    @abstractmethod
    def items(self, variable: str, held: str) -> str:
        """The head of the loop over a list."""

    def whole_list(self, node: _Node, outcome: int | None, indices: tuple[str, ...]) -> None:
        """The verdicts about a list with nothing to walk; no outcome: each rule's `if_none`."""
        for rule in node.all_rules():
            empty = _if_none(rule, len(indices))
            self.about_list(rule, empty if outcome is None else outcome, indices)

    def about_list(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        """A verdict about a whole list, unless the rule does not apply at all."""
        gates = _gates(rule, len(indices))
        if not gates:
            self.verdict(rule, outcome, indices)
            return
        writer = self.writer
        with writer.scope():
            prepare(writer, gates)
            *before, last = gates  # those before are nowhere false: such items are passed over
            fails = " and ".join([*(writer.true(gate) for gate in before), writer.false(last)])
            for head, found in (
                (f"if {writer.all_true(gates)}:", outcome),
                (f"elif {fails}:", NOT_APPLICABLE),
                ("else:", NOT_EVIDENCED),
            ):
                with writer.block(head):
                    self.verdict(rule, found, indices)

    @abstractmethod
    def after_list(self, node: _Node, indices: tuple[str, ...]) -> None:
        """Write what comes after the loop over a list."""

    def write(self, rules: list[NormalRule]) -> None:
        """Write the whole function: each list that a rule walks once, then rules of the record."""
        with self.function(rules):
            self._root_quantifiers(rules)
            for node in _tree(rules):
                self._node(node, ())
            for rule in rules:
                if not rule.lists:
                    self._unit(rule, ())

    def _root_quantifiers(self, rules: list[NormalRule]) -> None:
        """Walk, once a list, everything asked of the record's lists outside any unit."""
        groups: dict[Fact, list[OverItems]] = {}
        for rule in rules:
            for condition in (*rule.gates, *rule.require, *rule.except_when):
                for counted in quantified(condition):
                    if is_root(counted.items) and free_variables(counted) <= {"r"}:
                        group = groups.setdefault(counted.items, [])
                        if counted not in group:
                            group.append(counted)
        for items, group in groups.items():
            write_loop(self.writer, items, group)

    def _node(self, node: _Node, indices: tuple[str, ...]) -> None:
        writer = self.writer
        held = writer.name("l")
        writer.line(f"{held} = {writer.value(node.items)}")
        with writer.block(f"if {held} is None:"):
            self.whole_list(node, NOT_EVIDENCED, indices)
        with writer.block(f"elif not {held}:"):
            self.whole_list(node, None, indices)
        with writer.block("else:"):
            self._walk_units(node, held, indices)

    def _walk_units(self, node: _Node, held: str, indices: tuple[str, ...]) -> None:
        writer = self.writer
        filtered = [rule for rule in node.rules if rule.where is not None]
        if node.within is not None:
            filtered += node.inner_rules()
        for rule in filtered:
            writer.line(f"{_in_scope(rule, len(indices))} = 0")
        with writer.block(self.items(node.variable, held)):
            self._load_shared(node)
            inner = (*indices, f"i{node.variable}")
            for rule in node.rules:
                self._unit(rule, inner)
            self._inner_lists(node, inner)
        for rule in filtered:
            with writer.block(f"if not {_in_scope(rule, len(indices))}:"):
                self.about_list(rule, _if_none(rule, len(indices)), indices)
        self.after_list(node, indices)

    def _inner_lists(self, node: _Node, inner: tuple[str, ...]) -> None:
        """The lists in an item, unless the audit plan passes the item over."""
        writer = self.writer
        with ExitStack() as stack:
            if node.within is not None and node.nodes:
                prepare(writer, [node.within])
                stack.enter_context(writer.block(f"if not ({writer.false(node.within)}):"))
                for rule in node.inner_rules():
                    writer.line(f"{_in_scope(rule, len(inner) - 1)} = 1")
            for child in node.nodes.values():
                self._node(child, inner)

    def _load_shared(self, node: _Node) -> None:
        """Load at the top of the loop what the first conditions of several rules read."""
        readers: dict[ReadFact, int] = {}
        for rule in node.rules:
            for readable in dict.fromkeys(_first_reads(rule)):
                readers[readable] = readers.get(readable, 0) + 1
        for readable, count in readers.items():
            if count > 1:
                self.writer.load(readable)

    def _unit(self, rule: NormalRule, indices: tuple[str, ...]) -> None:
        writer = self.writer
        with ExitStack() as stack:
            stack.enter_context(writer.scope())
            prepare(writer, rule.gates)
            if rule.where is not None:
                stack.enter_context(writer.block(f"if not ({writer.false(rule.where)}):"))
                writer.line(f"{_in_scope(rule, len(indices) - 1)} = 1")
            if rule.gates:
                self._gated(rule, indices)
            else:
                self._require(rule, indices)

    def _gated(self, rule: NormalRule, indices: tuple[str, ...]) -> None:
        writer = self.writer
        with writer.block(f"if {writer.all_true(rule.gates)}:"):
            self._require(rule, indices)
        if rule.applies_when is not None:
            in_scope = "" if rule.where is None else f"{writer.true(rule.where)} and "
            with writer.block(f"elif {in_scope}{writer.false(rule.applies_when)}:"):
                self.verdict(rule, NOT_APPLICABLE, indices)
        with writer.block("else:"):
            self.verdict(rule, NOT_EVIDENCED, indices)

    def _require(self, rule: NormalRule, indices: tuple[str, ...]) -> None:
        writer = self.writer
        prepare(writer, rule.require)
        with writer.block(f"if {writer.all_true(rule.require)}:"):
            self.verdict(rule, MET, indices)
        if rule.still_open == rule.require:
            self._not_all_met(rule, indices)
            return
        with writer.block("else:"):
            prepare(writer, rule.still_open)
            with writer.block(f"if {writer.all_true(rule.still_open)}:"):
                self._unless_excepted(rule, NOT_APPLICABLE, indices)
            self._not_all_met(rule, indices)

    def _not_all_met(self, rule: NormalRule, indices: tuple[str, ...]) -> None:
        writer = self.writer
        with writer.block(f"elif {writer.any_false(rule.still_open)}:"):
            self._unless_excepted(rule, NOT_MET, indices)
        with writer.block("else:"):
            self.failing(rule, NOT_EVIDENCED, indices)

    def _unless_excepted(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        writer = self.writer
        if not rule.except_when:
            self.failing(rule, outcome, indices)
            return
        with writer.scope():
            prepare(writer, rule.except_when)
            with writer.block(f"if {writer.any_true(rule.except_when)}:"):
                self.failing(rule, EXCEPTED, indices)
            with writer.block("else:"):
                self.failing(rule, outcome, indices)


class Listing(Emitter):
    """Writes `decide`: every verdict is a tuple."""

    @contextmanager
    def function(self, rules: list[NormalRule]) -> Iterator[None]:
        with self.writer.block("def decide(r, run_day):"):
            self.writer.line("as_of = day_of(r, run_day)")
            self.writer.line("out = []")
            self.writer.line("add = out.append")
            yield
            self.writer.line("return out")

    def after_list(self, node: _Node, indices: tuple[str, ...]) -> None:
        """Every verdict is in the list already."""

    def items(self, variable: str, held: str) -> str:
        return f"for i{variable}, {variable} in enumerate({held}):"

    def verdict(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        parts = (str(rule.number), str(outcome), "0", "0", *indices)
        self.writer.line(f"add(({', '.join(parts)}))")

    def failing(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        writer = self.writer
        true = [writer.true(condition) for condition in rule.require]
        false = [writer.false(condition) for condition in rule.still_open]
        failed = " | ".join(f"({1 << n} if {part} else 0)" for n, part in enumerate(false))
        writer.line(f"m = {failed}")
        unmet = " | ".join(f"(0 if {part} else {1 << n})" for n, part in enumerate(true))
        parts = (str(rule.number), str(outcome), "m", f"({unmet}) & ~m", *indices)
        writer.line(f"add(({', '.join(parts)}))")


class Counting(Emitter):
    """Writes `total`: every verdict is a count.

    For the record's own lists, those not recorded and those empty are counted once a list
    and shared out to its rules at the end. The locals, of rule N and of the list walked as V:

    - `cN_0` to `cN_5`, `cN_r`, `cN_rm`, `cN_rn`: its counters, as `_counters` has them;
    - `hN`: a bit for each outcome in which it judged a unit of this record;
    - `nV`, `eV`: records in which the list is not recorded, and in which it is empty;
    - `good`, `bad`: whether a unit of this record is met, and whether one is not or is open;
    - `judged`, `all_met`: records by all rules together.
    """

    @contextmanager
    def function(self, rules: list[NormalRule]) -> Iterator[None]:
        writer, self._roots = self.writer, _tree(rules)
        with writer.block("def total(records, run_day, note):"):
            for rule in rules:
                writer.line(f"{' = '.join(_counters(rule))} = h{rule.number} = 0")
            for node in self._roots:
                writer.line(f"n{node.variable} = e{node.variable} = 0")
            writer.line("judged = all_met = 0")
            with writer.block("for r in records:"):
                writer.line("as_of = day_of(r, run_day)")
                writer.line("good = bad = 0")
                yield
                writer.line("if bad: judged += 1")
                writer.line("elif good: judged += 1; all_met += 1")
            self._result(rules)

    def _result(self, rules: list[NormalRule]) -> None:
        writer = self.writer
        for rule in rules:
            if not rule.lists:  # the record is the one unit, so that its records are its units
                n = rule.number
                writer.line(f"c{n}_r = c{n}_{MET} + c{n}_{NOT_MET} + c{n}_{NOT_EVIDENCED}")
                writer.line(f"c{n}_rm = c{n}_{MET}; c{n}_rn = c{n}_{NOT_MET}")
        for node in self._roots:
            for rule in node.all_rules():
                if not _gates(rule, 0):
                    self._share_out(rule, node)
        names = [name for rule in rules for name in _counters(rule)]
        writer.line(f"return ({', '.join([*names, 'judged', 'all_met'])})")

    def _share_out(self, rule: NormalRule, node: _Node) -> None:
        """Give a rule what was counted once for its list; with a gate, it counted for itself."""
        # One that is not recorded is a unit not evidenced, an empty one a unit of `if_none`; and
        # each is the only unit of its record, so that units and records grow by the same.
        n, line = rule.number, self.writer.line
        line(f"c{n}_{NOT_EVIDENCED} += n{node.variable}; c{n}_r += n{node.variable}")
        empty = _if_none(rule, 0)
        line(f"c{n}_{empty} += e{node.variable}")
        for counter in _of_records(empty):
            line(f"c{n}_{counter} += e{node.variable}")

    def whole_list(self, node: _Node, outcome: int | None, indices: tuple[str, ...]) -> None:
        if indices:  # one of several lists of the record: each rule keeps its own count
            super().whole_list(node, outcome, indices)
            return
        rules = node.all_rules()
        alike = [rule for rule in rules if not _gates(rule, 0)]
        if alike:
            self.writer.line(f"{'e' if outcome is None else 'n'}{node.variable} += 1")
        found = {_if_none(rule, 0) if outcome is None else outcome for rule in alike}
        if found & set(JUDGED_OUTCOMES):
            self.writer.line("bad = 1")
        gated = [rule for rule in rules if _gates(rule, 0)]
        for rule in gated:
            empty = _if_none(rule, 0)
            self.about_list(rule, empty if outcome is None else outcome, indices)
        self._note_records(gated)

    def after_list(self, node: _Node, indices: tuple[str, ...]) -> None:
        if not indices:
            self._note_records(node.all_rules())

    def _note_records(self, rules: list[NormalRule]) -> None:
        writer = self.writer
        for rule in rules:
            n = rule.number
            with writer.block(f"if h{n}:"):
                writer.line(f"c{n}_r += 1; c{n}_rm += h{n} == {1 << MET}")
                writer.line(f"c{n}_rn += h{n} >> {NOT_MET} & 1; h{n} = 0")

    def items(self, variable: str, held: str) -> str:
        return f"for {variable} in {held}:"

    def verdict(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        n, line = rule.number, self.writer.line
        line(f"c{n}_{outcome} += 1")
        if outcome in JUDGED_OUTCOMES:
            if rule.lists:
                line(f"h{n} |= {1 << outcome}")
            line("good = 1" if outcome == MET else "bad = 1")

    def failing(self, rule: NormalRule, outcome: int, indices: tuple[str, ...]) -> None:
        self.verdict(rule, outcome, indices)
        if outcome == NOT_APPLICABLE:  # not yet due
            self.writer.line(f"note({rule.number}, ({', '.join(('r', *rule.variables))},))")


def _counters(rule: NormalRule) -> list[str]:
    """Units by outcome; then records: judged, met in every unit, not met in one."""
    return [f"c{rule.number}_{name}" for name in (*range(6), "r", "rm", "rn")]


def _of_records(outcome: int) -> tuple[str, ...]:
    """The counters of a record of whose list there is this one verdict."""
    return {MET: ("r", "rm"), NOT_MET: ("r", "rn"), NOT_EVIDENCED: ("r",)}.get(outcome, ())


def _gates(rule: NormalRule, depth: int) -> list[Condition]:
    """What is asked before a verdict about a list that `depth` loops bind."""
    gates = [within for within in rule.within[:depth] if within is not None]
    needed = rule.authored.gate_depth
    if rule.applies_when is not None and needed is not None and needed <= depth:
        gates.append(rule.applies_when)
    return gates


def _in_scope(rule: NormalRule, depth: int) -> str:
    """The local that says whether a rule's list at `depth` had an item in scope."""
    return f"s{rule.number}_{depth}"


def _if_none(rule: NormalRule, depth: int) -> int:
    """The outcome about a list of the rule's loop at `depth` in which there is nothing."""
    return OUTCOMES.index(rule.authored.loops[depth].if_none)


def _first_reads(rule: NormalRule) -> list[ReadFact]:
    """What a rule reads before it can decide anything: its gates, else its criteria."""
    return [r for condition in rule.gates or rule.require for r in readables(condition)]


def _tree(rules: list[NormalRule]) -> list[_Node]:
    """The lists that rules walk, as a forest: one node for a list, whatever rules share it."""
    roots: dict[str, _Node] = {}
    for rule in rules:
        nodes = roots
        for items, variable, within in zip(rule.lists, rule.variables, rule.within, strict=True):
            node = nodes.setdefault(variable, _Node(items, variable, within))
            nodes = node.nodes
        if rule.lists:
            node.rules.append(rule)
    return list(roots.values())
