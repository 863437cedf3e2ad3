"""Ways: what may be changed so that a condition has another answer, and joining several.

A *way* is a set of facts that may be changed, with the lines that have to come out otherwise,
and what has to be made first: an item in a list, a list without items. Ways say nothing about
values. They follow from the trace, in which every line of the condition has its answer: a line
that is wrong needs one of its facts changed, a line that is unknown all that are missing.

Ways that change one fact are never dropped, so that a remedy with one fact is found where there
is one. Of the others only the smallest few are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from scr_audit.evaluate.interpreter import Trace
from scr_audit.language.conditions import Fact, Test

MOST_WAYS = 8  # of more than one fact, kept for each condition


class Goal(NamedTuple):
    """A line that has to come out as `wanted`."""

    trace: Trace
    wanted: bool

    def choices(self) -> frozenset[str] | None:
        """The words by which a line about one choice does; None for other lines."""
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


class Way(NamedTuple):
    """Facts to change, what to make first, and the lines that this has to turn.

    `against` are the facts among them that are recorded. `odd` are those of them that say what
    a thing is rather than what was done: they decide whether something is asked about at all,
    are a choice or a text, or a yes. Changing them would be a strange remedy, so that such ways
    come last.
    """

    facts: frozenset[str] = frozenset()
    made: tuple[tuple[str, Any], ...] = ()
    goals: tuple[Goal, ...] = ()
    against: frozenset[str] = frozenset()
    odd: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many facts are changed; an item is told by its facts, and counts without any."""
        if not self.made:
            return len(self.facts)
        return len(self.facts) + sum(
            not any(fact.startswith(f"{pointer}/") for fact in self.facts)
            and not any(other.startswith(f"{pointer}/") for other, _ in self.made)
            for pointer, _ in self.made
        )


NOTHING = Way()


def together(parts: Iterable[list[Way]]) -> list[Way]:
    """The ways in which all parts come out as wanted: one of each, joined."""
    found = [NOTHING]
    for part in parts:
        if not part:
            return []
        if part[0] is NOTHING:
            continue
        if found[0] is NOTHING:
            found = part
        else:
            found = smallest(
                _joined(one, other)
                for one in found
                for other in part
                if not _contradict(one, other)
            )
    return found


def _contradict(one: Way, other: Way) -> bool:
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


def _joined(one: Way, other: Way) -> Way:
    facts = one.facts | other.facts
    made = {**dict(one.made), **dict(other.made)}
    plain = (one.facts - one.odd) | (other.facts - other.odd)
    return Way(
        facts,
        tuple(made.items()),
        one.goals + other.goals,
        one.against | other.against,
        (one.odd | other.odd) - plain,
    )


def rank(way: Way) -> tuple[int, int, int]:
    """Its place among others: fewest facts first, then fewest that are recorded otherwise."""
    return len(way.odd), way.size, len(way.against)


def smallest(ways: Iterable[Way]) -> list[Way]:
    """The ways by rank, each once; only few of those with more than one fact."""
    single: dict[tuple[Any, ...], Way] = {}
    larger: dict[tuple[Any, ...], Way] = {}
    for way in ways:
        if way is NOTHING:
            return [NOTHING]
        key: tuple[Any, ...] = (way.facts, tuple(pointer for pointer, _ in way.made))
        if way.size > 1:
            key = (*key, tuple((id(goal.trace), goal.wanted) for goal in way.goals))
            larger.setdefault(key, way)
        elif key not in single or len(way.odd) < len(single[key].odd):
            single[key] = way
    kept = sorted(larger.values(), key=rank)[:MOST_WAYS]
    return sorted([*single.values(), *kept], key=rank)
