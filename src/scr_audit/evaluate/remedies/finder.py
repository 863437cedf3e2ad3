"""Which facts would have to be different for a condition to have another answer: its candidates.

The idea: a trace is walked from above. A line has the candidates of its facts; where one part of a
condition is enough, any part's candidates will do; where all are needed, one of each is joined
(`combine`); a question about a list takes those of its items, and of items that it might have.

The cost: joined candidates are products, and choosing items of a list is a binomial, so there are
caps. `MOST_CANDIDATES` of more than one fact go on from each condition; a question about a list
tries at most `_MOST_NEW` new items; a count chooses among `_MOST_CHOSEN` items beside these, which
is at most 126 groups (4 of 9), and a share among 63. Beyond the caps a remedy may be missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import combinations, islice
from typing import assert_never

from scr_audit.evaluate.interpreter import Bound, FactRead, Interpreter, Trace, asked_of
from scr_audit.evaluate.remedies.candidates import (
    NEW,
    NO_CHANGE,
    Candidate,
    Goal,
    blank_item,
    combine,
    rank,
    smallest,
    steps_of,
)
from scr_audit.language.conditions import (
    All,
    AnyOf,
    Count,
    DefinitionUse,
    Fact,
    Not,
    OverItems,
    Quantifier,
    ShownOrSaid,
    Test,
    walk,
)
from scr_audit.language.due import ANOTHER_ITEM
from scr_audit.language.rule import Rule
from scr_audit.language.types import Kind
from scr_audit.values.imprecise import is_vague

_MOST_NEW = 3  # items that are put into a list
_MOST_CHOSEN = 6  # items among which a count chooses

Env = dict[str, Bound]


class Finder:
    """Finds the candidates for the conditions of one unit; `new_traces` are of items it tried."""

    def __init__(self, interpreter: Interpreter, rule: Rule) -> None:
        self._interpreter = interpreter
        self._rule = rule
        self.new_traces: list[Trace] = []

    @cached_property
    def _asking(self) -> dict[Fact, int]:
        return _asking(self._rule)

    def candidates(
        self, trace: Trace, wanted: bool, env: Env, *, scope: bool = False
    ) -> list[Candidate]:
        """The candidates by which `trace`'s condition has the `wanted` answer; maybe none.

        `scope`: the condition says what is asked about, so that a change of what is recorded is
        implausible.
        """
        if trace.value is wanted:
            return [NO_CHANGE]
        condition = trace.condition
        match condition:
            case Test():
                return _of_line(trace, condition, wanted, scope=scope)
            case All() | AnyOf():
                parts = (self.candidates(part, wanted, env, scope=scope) for part in trace.parts)
                if isinstance(condition, All) is wanted:
                    return combine(parts)
                return smallest(candidate for part in parts for candidate in part)
            case ShownOrSaid():
                return self._weighed(trace, wanted, env, scope=scope)
            case Not():
                return self.candidates(trace.parts[0], not wanted, env, scope=scope)
            case DefinitionUse():
                return self.candidates(trace.parts[0], wanted, env, scope=scope)
            case Quantifier() | Count():
                found = self._over_items(trace, condition, wanted, env)
                is_of_words = condition.items.type.group_item is None
                return smallest([*found, _other_words(trace)]) if is_of_words else found
        assert_never(condition)

    def _over_items(
        self, trace: Trace, condition: OverItems, wanted: bool, env: Env
    ) -> list[Candidate]:
        match condition:
            case Count():
                return self._count(trace, condition, wanted, env)
            case Quantifier(kind="every"):
                return self._every(trace, condition, wanted, env)
            case Quantifier() if condition.by is not None:
                return self._one_of_several(trace, condition, wanted, env)
            case Quantifier(kind=kind) if wanted is (kind == "some"):
                return self._some(trace, condition, env)
        return self._none(trace, condition, env)

    def _weighed(self, trace: Trace, wanted: bool, env: Env, *, scope: bool) -> list[Candidate]:
        """Candidates that make one part as wanted, and keep the others from denying it."""
        found: list[Candidate] = []
        for one in trace.parts:
            needed = [each for each in trace.parts if each is one or each.value is (not wanted)]
            needed.sort(key=lambda each: each is not one)
            found += combine(self.candidates(part, wanted, env, scope=scope) for part in needed)
        return smallest(found)

    # quantifiers

    def _some(self, trace: Trace, quantifier: Quantifier, env: Env) -> list[Candidate]:
        found = [
            candidate
            for item, inner in self.items_of(trace, quantifier, env)
            for candidate in self._item(item, quantifier, inner, where=True, that=True)
        ]
        return smallest([*found, *self._new_item(trace, quantifier, env, that=True)])

    def _none(self, trace: Trace, quantifier: Quantifier, env: Env) -> list[Candidate]:
        use = trace.uses[0]
        bare = quantifier.where is None and quantifier.that is None
        if use.value is None or bare:
            return [_empty_list(use)]
        return combine(
            self._out(item, quantifier, inner)
            for item, inner in self.items_of(trace, quantifier, env)
        )

    def _every(
        self, trace: Trace, quantifier: Quantifier, wanted: bool, env: Env
    ) -> list[Candidate]:
        items = list(self.items_of(trace, quantifier, env))
        one = [
            candidate
            for item, inner in items
            for candidate in self._item(item, quantifier, inner, where=True, that=wanted)
        ]
        one += self._new_item(trace, quantifier, env, that=wanted)
        if not wanted:
            return smallest(one)
        each = [self._out_or_so(item, quantifier, inner) for item, inner in items]
        if not any(item.in_scope is True for item, _ in items):
            each.append(smallest(one))
        return combine(each)

    def _one_of_several(
        self, trace: Trace, quantifier: Quantifier, wanted: bool, env: Env
    ) -> list[Candidate]:
        """The candidates in which all that may be the latest or earliest are as wanted, or one is.

        Of that one the day has to be told, and of the others that have none.
        """
        may_be = set(map(id, asked_of(quantifier, trace.parts)))
        items = [each for each in self.items_of(trace, quantifier, env) if id(each[0]) in may_be]
        found = combine(
            [
                *self._item(item, quantifier, inner, where=True, that=wanted),
                *(self._out(item, replace(quantifier, that=None), inner) if len(items) > 1 else []),
            ]
            for item, inner in items
        )
        dated = [self.candidates(item.parts[-2], True, inner) for item, inner in items]
        for number, (item, inner) in enumerate(items):
            others = (*dated[:number], *dated[number + 1 :])
            so = self._item(item, quantifier, inner, where=True, that=wanted)
            found = [*found, *combine([so, *others])]
        new = self._new_item(trace, quantifier, env, that=True) if wanted else []
        return smallest([*(found if items else []), *new])

    def _item(
        self, item: Trace, quantifier: Quantifier, env: Env, *, where: bool, that: bool
    ) -> list[Candidate]:
        """The candidates in which an item is in scope or not, and satisfies `that` or not."""
        parts = iter(item.parts)
        found = []
        if quantifier.where is not None:
            found.append(self.candidates(next(parts), where, env, scope=True))
        if quantifier.by is not None:
            found.append(self.candidates(next(parts), True, env))
        if quantifier.that is not None:
            found.append(self.candidates(next(parts), that, env))
        elif not that:
            return []
        return combine(found)

    def _out(self, item: Trace, quantifier: Quantifier, env: Env) -> list[Candidate]:
        """The candidates that take an item out of scope, or make `that` false of it."""
        found: list[Candidate] = []
        parts = iter(item.parts)
        if quantifier.where is not None:
            found += self.candidates(next(parts), False, env, scope=True)
        if quantifier.that is not None:
            found += self.candidates(next(parts), False, env)
        return smallest(found)

    def _out_or_so(self, item: Trace, quantifier: Quantifier, env: Env) -> list[Candidate]:
        """The candidates in which an item is out of scope, or satisfies `that`."""
        found = self.candidates(item.parts[-1], True, env)
        if quantifier.where is not None:
            found = [*found, *self.candidates(item.parts[0], False, env, scope=True)]
        return smallest(found)

    def items_of(
        self, trace: Trace, holder: Quantifier | Count, env: Env
    ) -> Iterator[tuple[Trace, Env]]:
        """The trace of each item of a list, with the item under the name that `holder` gives it."""
        use = trace.uses[0]
        for place, (item, part) in enumerate(zip(use.value or (), trace.parts, strict=False)):
            yield part, {**env, holder.variable: Bound(item, f"{use.pointer}/{place}")}

    def new_bound(self, trace: Trace, holder: Quantifier | Count, env: Env, number: int) -> Bound:
        """A new item of the list that `trace` is about, the first or a further one."""
        use = trace.uses[0]
        item = blank_item(type(env[holder.items.variable].item), holder.items.steps)
        return Bound(item, f"{use.pointer}/{len(use.value or ()) + number}")

    def _new_item(
        self, trace: Trace, quantifier: Quantifier, env: Env, *, that: bool
    ) -> list[Candidate]:
        """The candidates that add an item, after those that other conditions may add."""
        if quantifier.items.type.group_item is None:
            return []
        found: list[Candidate] = []
        before: list[str] = []
        for number in range(self._asking[quantifier.items]):
            bound = self.new_bound(trace, quantifier, env, number)
            inner = {**env, quantifier.variable: bound}
            item = self._interpreter.item(quantifier, inner, self._rule)
            self.new_traces.append(item)
            for candidate in self._item(item, quantifier, inner, where=True, that=that):
                found.append(_after(before, _within(bound.pointer, candidate)))
            before.append(bound.pointer)
        return found

    # counting

    def _count(self, trace: Trace, count: Count, wanted: bool, env: Env) -> list[Candidate]:
        number = self._interpreter.number(count, env, self._rule)
        if number is None:
            dates = frozenset(use.pointer for use in trace.uses[1:])
            return [Candidate(dates)] if dates else []
        use = trace.uses[0]
        most = len(use.value or ()) + _MOST_NEW + 2
        fits = [n for n in range(most + 1) if bool(count.operator.test(n, number)) is wanted]
        may_be_empty = count.kind != "share" and (use.value is None or not count.where)
        found = [_empty_list(use)] if 0 in fits and may_be_empty else []
        limit = limiting_fact(trace)
        for pointer in sorted(_shared_facts(trace)):
            fact = frozenset((pointer,))
            agreed = fact if pointer == limit else frozenset()
            found.append(Candidate(fact, contradicts=agreed, implausible=agreed))
        if count.that is not None:
            return smallest([*found, *self._amount(trace, count, wanted, env)])
        chosen = _CountedItems(self, trace, count, env)
        unlimited = {most, most - 1} <= set(fits)
        return smallest([*found, *chosen.candidates(fits, unlimited=unlimited)])

    def _amount(self, trace: Trace, count: Count, wanted: bool, env: Env) -> Iterator[Candidate]:
        """The candidates in which a share or a sum may be as wanted."""
        items = [each for each in self.items_of(trace, count, env) if each[0].in_scope is not False]
        if count.kind == "sum":
            uses = [item.parts[-1].uses[0] for item, _ in items]
            yield from (_of_fact(use, (), scope=False) for use in uses if use.value is not None)
            missing = frozenset(use.pointer for use in uses if use.value is None)
            yield from [Candidate(missing)] if missing else []
            return
        more = count.operator.rises is wanted
        each = [self.candidates(item.parts[-1], more, inner) for item, inner in items]
        options = [found for found in each if found and found != [NO_CHANGE]][:_MOST_CHOSEN]
        for number in range(1, len(options) + 1):
            for group in combinations(options, number):
                yield from combine(group)

    def counted_item(self, count: Count, inner: Env) -> Trace | None:
        """The trace of a count's `where` for one item, for a new one; None: every item counts."""
        if count.where is None:
            return None
        trace = self._interpreter.trace(count.where, inner, self._rule)
        self.new_traces.append(trace)
        return trace


class _CountedItems:
    """The items of a count that are made to count, or not to count."""

    def __init__(self, finder: Finder, trace: Trace, count: Count, env: Env) -> None:
        self._finder = finder
        self._trace = trace
        self._count = count
        self._env = env
        self._items = list(finder.items_of(trace, count, env)) if count.where is not None else []
        answers = [part.value for part in trace.parts]  # none, where every item counts
        size = len(trace.uses[0].value or ())
        self.least = answers.count(True) if count.where is not None else size
        self.most = size - answers.count(False)

    def candidates(self, fits: list[int], *, unlimited: bool) -> Iterator[Candidate]:
        """The candidates in which a number of items count that is in `fits`, and no other can.

        `unlimited`: there is a number in `fits` from which every larger one is too.
        """
        for number in fits:
            # However many more count, it fits: the first such number needs the fewest items.
            if unlimited and number > self.least and _all_in(fits, number, fits[-1]):
                yield from self._turn(True, number - self.least)
                return
            # However few count, it fits. If one more fits too, that one's candidates are smaller.
            if number < self.most and _all_in(fits, 0, number):
                if number + 1 not in fits or number + 1 == self.most:
                    yield from self._turn(False, self.most - number)
            else:
                yield from self._exactly(number)

    def _exactly(self, number: int) -> list[Candidate]:
        undecided = [item for item in self._items if item[0].value is None]
        closed = combine(self._towards(item, False) for item in undecided)
        more = number - self.least
        return combine([self._turn(more > 0, abs(more)), closed])

    def _turn(self, wanted: bool, number: int) -> list[Candidate]:
        """The candidates in which `number` more items count, or no longer can."""
        each = [self._towards(item, wanted) for item in self._items if item[0].value is not wanted]
        each = sorted(
            (candidates for candidates in each if candidates),
            key=lambda found: rank(found[0]),
        )
        options = each[:_MOST_CHOSEN] if number > 1 else each
        if wanted:
            options = [*options, *islice(self._new(), number)]
        return smallest(
            candidate for group in combinations(options, number) for candidate in combine(group)
        )

    def _towards(self, item: tuple[Trace, Env], wanted: bool) -> list[Candidate]:
        trace, env = item
        return self._finder.candidates(trace, wanted, env)

    def _new(self) -> Iterator[list[Candidate]]:
        if self._count.items.type.group_item is None:
            return
        for number in range(_MOST_NEW):
            bound = self._finder.new_bound(self._trace, self._count, self._env, number)
            inner = {**self._env, self._count.variable: bound}
            trace = self._finder.counted_item(self._count, inner)
            found = [NO_CHANGE] if trace is None else self._finder.candidates(trace, True, inner)
            yield [_within(bound.pointer, candidate) for candidate in found]


def _all_in(fits: list[int], first: int, last: int) -> bool:
    return all(number in fits for number in range(first, last + 1))


def _other_words(trace: Trace) -> Candidate:
    """The candidate in which a list of words has others, all told at once."""
    use = trace.uses[0]
    return _of_fact(use, (), scope=False)


def _empty_list(use: FactRead) -> Candidate:
    """The candidate in which it is recorded that there are none."""
    contradicts = frozenset((use.pointer,) * (use.value is not None))
    return Candidate(made=((use.pointer, []),), contradicts=contradicts)


def _shared_facts(trace: Trace) -> set[str]:
    """The facts that several items of a count read, and the date that chooses its number."""
    found = {use.pointer for use in trace.uses[1:]}
    seen: set[str] = set()
    for part in trace.parts:
        pointers = {use.pointer for use in part.all_uses()}
        found |= seen & pointers
        seen |= pointers
    return found


def _of_line(trace: Trace, test: Test, wanted: bool, *, scope: bool) -> list[Candidate]:
    if wanted and test.operator is ANOTHER_ITEM:
        return []  # it never holds
    # A word is changed with the list that it stands in.
    uses = {use.pointer: use for use in trace.uses if isinstance(steps_of(use.pointer)[-1], str)}
    goals = (Goal(trace, wanted),)
    if test.operator.takes_unknown:
        return [_recorded_or_not(_of_fact(use, goals, scope=scope), use) for use in uses.values()]
    missing = frozenset(pointer for pointer, use in uses.items() if use.value is None)
    vague = {pointer for pointer, use in uses.items() if is_vague(use.value)}
    both = [Candidate(missing | vague, (), goals)] if vague and len(missing | vague) > 1 else []
    if missing:
        return [Candidate(missing, (), goals), *both]
    limit = limiting_fact(trace)  # which is what somebody agreed, and not what was done
    found = [_of_fact(use, goals, scope=scope or use.pointer == limit) for use in uses.values()]
    return [*found, *both]


def _recorded_or_not(candidate: Candidate, use: FactRead) -> Candidate:
    """The candidate for a line that asks whether a fact is recorded.

    What is recorded nobody takes back, and of what sort a thing is nobody says for a rule's sake.
    """
    is_told = use.value is not None or use.field.type.kind is Kind.CHOICE
    return candidate._replace(implausible=candidate.facts) if is_told else candidate


def limiting_fact(trace: Trace) -> str:
    """The pointer of the fact in place of the number of a line or a count; empty: there is none."""
    asks = trace.condition
    number = asks.number if isinstance(asks, Count) else None
    if isinstance(asks, Test) and asks.operator.has_number:
        number = asks.operands[2]
    return trace.uses[-1].pointer if isinstance(number, Fact) else ""


def _of_fact(use: FactRead, goals: tuple[Goal, ...], *, scope: bool) -> Candidate:
    fact = frozenset((use.pointer,))
    if use.value is None or is_vague(use.value):
        return Candidate(fact, (), goals)
    implausible = scope or use.value is True or use.field.type.kind in (Kind.CHOICE, Kind.TEXT)
    return Candidate(fact, (), goals, fact, fact if implausible else frozenset())


def _within(pointer: str, candidate: Candidate) -> Candidate:
    """The candidate, for an item that is made; nothing recorded in it is changed."""
    contradicts, implausible = (
        frozenset(fact for fact in facts if not fact.startswith(f"{pointer}/"))
        for facts in (candidate.contradicts, candidate.implausible)
    )
    return candidate._replace(
        made=((pointer, NEW), *candidate.made), contradicts=contradicts, implausible=implausible
    )


def _after(before: list[str], candidate: Candidate) -> Candidate:
    return candidate._replace(made=(*((pointer, NEW) for pointer in before), *candidate.made))


def _asking(rule: Rule) -> dict[Fact, int]:
    """How many conditions of a rule ask about each list, as far as each may need its own item."""
    found = Counter(
        part.items
        for condition in rule.conditions()
        for part in walk(condition)
        if isinstance(part, Quantifier)
    )
    return {items: min(count, _MOST_NEW) for items, count in found.items()}
