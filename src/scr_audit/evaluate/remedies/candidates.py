"""Candidates: sets of facts that might be changed, and joining several of them.

A candidate has the lines that have to change their answer, and what has to be made first: an item
in a list, a list without items. It says nothing about values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from scr_audit.evaluate.interpreter import Trace
from scr_audit.language.conditions import Fact, Test
from scr_audit.language.types import Value

MOST_CANDIDATES = 8  # of more than one fact, kept for each condition


class Goal(NamedTuple):
    """A line whose answer has to be `wanted`."""

    trace: Trace
    wanted: bool

    def reads(self, fact: str) -> bool:
        """Whether the line reads the fact at this pointer."""
        return any(use.pointer == fact for use in self.trace.uses)

    def choices(self) -> frozenset[str] | None:
        """The words for which a line about one choice has that answer; None for other lines."""
        test, uses = self.trace.condition, self.trace.uses
        assert isinstance(test, Test)
        if len(uses) != 1 or test.operator.takes_unknown:
            return None
        words, rest = uses[0].field.type.choices, self.trace.other[1:]
        if not words or not isinstance(test.operands[0], Fact) or None in rest:
            return None
        try:
            found = [word for word in words if test.operator.test(word, *rest) is self.wanted]
        except Exception:  # an operator registered from Python failed: nothing is known
            return None
        return frozenset(found)


class Candidate(NamedTuple):
    """Facts to change, what to make first, and the lines that this has to turn.

    `contradicts` are the facts among them that are recorded. `implausible` are those of them that
    say what a thing is rather than what was done: they decide whether something is asked about at
    all, are a choice or a text, or a yes. Changing them would be a strange remedy, so that such
    candidates come last.
    """

    facts: frozenset[str] = frozenset()
    made: tuple[tuple[str, Value], ...] = ()
    goals: tuple[Goal, ...] = ()
    contradicts: frozenset[str] = frozenset()
    implausible: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many facts are changed; an item that is made without any counts as one."""
        if not self.made:
            return len(self.facts)
        return len(self.facts) + sum(
            not any(fact.startswith(f"{pointer}/") for fact in self.facts)
            and not any(other.startswith(f"{pointer}/") for other, _ in self.made)
            for pointer, _ in self.made
        )


NO_CHANGE = Candidate()


def combine(parts: Iterable[list[Candidate]]) -> list[Candidate]:
    """The candidates in which all parts come out as wanted: one of each, joined."""
    found = [NO_CHANGE]
    for part in parts:
        if not part or not found:  # or two before it contradict each other whatever is changed
            return []
        if part[0] is NO_CHANGE:
            continue
        if found[0] is NO_CHANGE:
            found = part
        else:
            found = smallest(
                _join(one, other) for one in found for other in part if not _contradict(one, other)
            )
    return found


def _contradict(one: Candidate, other: Candidate) -> bool:
    """Whether the two need different words of one choice."""
    for fact in one.facts & other.facts:
        words = [
            goal.choices()
            for goal in (*one.goals, *other.goals)
            if goal.trace.uses[0].pointer == fact
        ]
        known = [found for found in words if found is not None]
        if known and not frozenset.intersection(*known):
            return True
    return False


def _join(one: Candidate, other: Candidate) -> Candidate:
    facts = one.facts | other.facts
    made = {**dict(one.made), **dict(other.made)}
    plain = (one.facts - one.implausible) | (other.facts - other.implausible)
    return Candidate(
        facts,
        tuple(made.items()),
        one.goals + other.goals,
        one.contradicts | other.contradicts,
        (one.implausible | other.implausible) - plain,
    )


def rank(candidate: Candidate) -> tuple[int, int, int]:
    """Its place among others: fewest facts first, then fewest that are recorded otherwise."""
    return len(candidate.implausible), candidate.size, len(candidate.contradicts)


def smallest(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates by rank, each once; only few of those with more than one fact."""
    single: dict[tuple[Value, ...], Candidate] = {}
    larger: dict[tuple[Value, ...], Candidate] = {}
    for candidate in candidates:
        if candidate is NO_CHANGE:
            return [NO_CHANGE]
        key: tuple[Value, ...] = (candidate.facts, tuple(pointer for pointer, _ in candidate.made))
        if candidate.size > 1:
            key = (*key, tuple((id(goal.trace), goal.wanted) for goal in candidate.goals))
            larger.setdefault(key, candidate)
        elif key not in single or len(candidate.implausible) < len(single[key].implausible):
            single[key] = candidate
    kept = sorted(larger.values(), key=rank)[:MOST_CANDIDATES]
    return sorted([*single.values(), *kept], key=rank)
