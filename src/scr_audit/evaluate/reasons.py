"""Why a unit got its outcome: the facts used, and sentences made from the traces or by the rule.

The idea: only what decided is told. Of a unit that is met that is every criterion; of one that is
not, the criteria that fail, each in the rule's own sentence if one of those can be filled in, else
in one made from its trace (`sentences.Speaker`); then what is open beside them, and what is not yet
due. A unit without criteria is explained by what asks whether it is judged at all. The statements
of all criteria are joined; each is told once, and no more than an auditor reads.

The cost: some walks over the traces of one unit, and only where its reason is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

import msgspec

from scr_audit.documents.parts import CriterionOutcome
from scr_audit.evaluate.interpreter import FactRead, Trace, UnitJudgement, named_facts
from scr_audit.evaluate.lateness import Late, due_day, is_first_of_several, late_facts, time_until
from scr_audit.evaluate.names import LEFT_OPEN, Names
from scr_audit.evaluate.outcomes import ERROR, EXCEPTED, MET, NOT_APPLICABLE, NOT_EVIDENCED, NOT_MET
from scr_audit.evaluate.parameters import Either
from scr_audit.evaluate.sayings import (
    Saying,
    as_sentence,
    beside,
    counted_items,
    each_once,
    first_of_each_group,
    none_called,
    none_is,
    none_recorded,
    sentences,
)
from scr_audit.evaluate.sentences import (
    DAYS,
    MOST_SHORTFALLS,
    MOST_STATEMENTS,
    Speaker,
    due_of_missing,
    unshown,
)
from scr_audit.language.conditions import Truth
from scr_audit.language.conditions import facts as facts_of
from scr_audit.language.phrases import filled, places_of
from scr_audit.language.rule import Criterion, Rule
from scr_audit.language.says import DUE, LATE
from scr_audit.language.types import Value
from scr_audit.values.imprecise import Imprecise, day_words, moment_text
from scr_audit.values.text import lower_first

MOST_TOLD = 3  # criteria that are met
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_STATUS: dict[Truth, CriterionOutcome] = {True: "met", False: "not_met", None: "not_evidenced"}
_WAITING: CriterionOutcome = "not_applicable"  # not yet due


class FactUsed(msgspec.Struct, frozen=True):
    """A fact behind a verdict: `value` as JSON has it, None where it is not recorded."""

    pointer: str
    value: Value
    question: str


class Explanation(msgspec.Struct, frozen=True):
    """Criteria by name, facts, and the reason in words.

    A criterion is `met`, `not_met`, `not_evidenced`, or `not_applicable`: it is not yet due.

    `late` are the dates that failed a time limit, where the unit is not met or excepted.
    """

    criteria: dict[str, CriterionOutcome]
    exception: str | None
    facts: tuple[FactUsed, ...]
    missing: tuple[str, ...]
    reason: str
    late: tuple[Late, ...] = ()


def explain(judgement: UnitJudgement, names: Names) -> Explanation:
    """The explanation of one judgement, in which things have the `names` of its record."""
    facts = facts_used(judgement)
    decisive = judgement.decisive
    return Explanation(
        criteria={
            name: _STATUS[decisive[name].value] if name in decisive else _WAITING
            for name in judgement.criteria
        },
        exception=judgement.exception if judgement.outcome == EXCEPTED else None,
        facts=facts,
        missing=missing_facts(judgement),
        reason=names.shortened(_reason(judgement, names)),
        late=tuple(dict.fromkeys(_late(judgement))),
    )


def facts_used(judgement: UnitJudgement) -> tuple[FactUsed, ...]:
    """The facts that a unit was judged by."""
    return tuple(_facts(judgement))


def missing_facts(judgement: UnitJudgement) -> tuple[str, ...]:
    """The pointers of the facts for want of which a unit is not evidenced."""
    return tuple(dict.fromkeys(_missing(judgement)))


def shown_by(judgement: UnitJudgement) -> tuple[object, ...] | None:
    """What the explanation of a unit that was not judged rests on; None for one that was.

    It is equal for those units of one record of which it is the same.
    """
    if judgement.criteria or judgement.outcome == ERROR:
        return None
    return (
        judgement.outcome,
        judgement.pointer,
        judgement.rule.called,
        _is_about_list(judgement),
        *map(id, judgement.scope),
        *[(use.pointer, use.field) for use in judgement.uses],
    )


def _late(judgement: UnitJudgement) -> Iterator[Late]:
    if judgement.outcome in (NOT_MET, EXCEPTED):
        decisive = judgement.decisive
        yield from late_facts(
            trace
            for name, trace in judgement.criteria.items()
            if name in decisive and decisive[name].value is False
        )


def _facts(judgement: UnitJudgement) -> Iterator[FactUsed]:
    found: dict[str, FactRead] = {use.pointer: use for use in judgement.uses}
    criteria = judgement.criteria
    opened = (t for name, t in judgement.decisive.items() if t is not criteria[name])
    for trace in (*judgement.scope, *criteria.values(), *opened, *judgement.exceptions.values()):
        _note_facts(trace, found)
    for pointer, use in found.items():
        yield FactUsed(pointer, value_on_record(use.value), use.field.question)


def _note_facts(trace: Trace, found: dict[str, FactRead]) -> None:
    """Add the facts of a trace that are not among those found, in the order of looking."""
    for use in trace.uses:
        if use.pointer not in found:
            found[use.pointer] = use
    for part in trace.parts:
        _note_facts(part, found)


def _missing(judgement: UnitJudgement) -> Iterator[str]:
    """The facts that are not recorded and leave the unit, or a criterion, undecided."""
    yield from (use.pointer for use in judgement.uses if use.value is None)
    for trace in (*judgement.scope, *judgement.decisive.values()):
        yield from _undecided_facts(trace)


def _undecided_facts(trace: Trace) -> Iterator[str]:
    if trace.value is None:
        yield from (use.pointer for use in trace.uses if use.value is None)
        for part in trace.parts:
            yield from _undecided_facts(part)
            if part.condition is trace.condition and part.in_scope is not False:  # an item
                yield from (each.uses[0].pointer for each in named_facts(part) if not each.value)


def value_on_record(value: Value) -> Value:
    """A fact's value as JSON has it; of a group or a list of groups only that, and how many."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date | Imprecise):
        return moment_text(value)
    if isinstance(value, list):
        if all(isinstance(item, str | int | float) for item in value):
            return value
        return f"{len(value)} recorded"
    return "recorded"


def _reason(judgement: UnitJudgement, names: Names) -> str:
    if judgement.outcome == ERROR:
        return f"Error: the rule could not be evaluated ({judgement.error})."
    if not judgement.criteria:
        return _scope_reason(judgement, names)
    if judgement.outcome == MET:
        total = len(judgement.criteria)
        if total > MOST_TOLD:
            return f"All {total} criteria are met."
        return _told(
            judgement, names, [(trace, True, None) for trace in judgement.criteria.values()]
        )
    waits = list(dict.fromkeys(map(_due, judgement.waiting.values())))
    if judgement.outcome == EXCEPTED:
        told = _excepted_reason(judgement, names)
        return " ".join(filter(None, [told, *map(as_sentence, waits)]))
    if judgement.outcome == NOT_APPLICABLE:
        return " ".join(map(as_sentence, waits))
    decisive: Truth = None if judgement.outcome == NOT_EVIDENCED else False
    told = _told_failing(judgement, names, decisive)
    more = _left_open(judgement, names) if decisive is False else _what_is_open(told)
    return " ".join([told, *filter(None, [more]), *(f"What else is asked is {w}." for w in waits)])


def _what_is_open(told: str) -> str:
    """What days and times that are known in part leave open, which they do not say themselves."""
    return "So it is open whether the rule is met." if any(w in told for w in LEFT_OPEN) else ""


def _left_open(judgement: UnitJudgement, names: Names) -> str:
    """What is not recorded beside what is not met, or how many criteria lack too much."""
    statements, number = open_beside(judgement, names)
    if not number:
        return " ".join(sentences(statements))
    written = _NUMBERS[number - 1] if number <= len(_NUMBERS) else str(number)
    criteria = "criterion" if number == 1 else "criteria"
    return f"Too little is recorded to judge {written} other {criteria}."


def open_beside(judgement: UnitJudgement, names: Names) -> tuple[list[Saying], int]:
    """What is told as not recorded beside what is not met, but for that of a thing not done.

    Where that is too much to be told it is nothing, and of how many criteria.
    """
    speaker = Speaker(names, unit=judgement.pointer)
    traces = judgement.decisive.values()
    failing = [
        each for trace in traces if trace.value is False for each in speaker.why(trace, False)
    ]
    idle = {pointer for trace in traces for pointer in unshown(trace)}
    open_ = [
        [each for each in beside(failing, asked) if each.pointer not in idle]
        for trace in traces
        if trace.value is None
        for asked in [first_of_each_group(speaker.why(trace, None), names)]
    ]
    number, statements = sum(map(bool, open_)), each_once(chain.from_iterable(open_))
    return (statements, 0) if len(statements) <= MOST_TOLD else ([], number)


def _told_failing(judgement: UnitJudgement, names: Names, decisive: Truth) -> str:
    """Why the criteria that decided are not met, or open: the rule's own sentences come first."""
    own, rest = [], []
    for criterion in judgement.rule.require:
        trace = judgement.decisive.get(criterion.name)
        if trace is None or trace.value is not decisive:
            continue
        due = due_of_missing(judgement.still_open.get(criterion.name))
        if said := written_sentence(judgement, criterion, trace, names, due):
            own.append(said)
        else:
            rest.append((trace, decisive, due))
    told = _told(judgement, names, rest, required=decisive is False)
    return " ".join(filter(None, [*dict.fromkeys(own), told]))


def _told(
    judgement: UnitJudgement,
    names: Names,
    traces: Iterable[tuple[Trace, Truth, date | None]],
    *,
    required: bool = False,
    beside_what: Sequence[Saying] = (),
) -> str:
    """Why traces have their answers, in sentences: the statements of all of them joined.

    `required`: they are criteria that had to hold; what was late is told, and more of them.
    `beside_what` was told before, and is not told again.
    """
    statements = [
        statement
        for trace, value, due in traces
        for statement in Speaker(names, due, judgement.pointer).why(trace, value, required=required)
    ]
    if judgement.outcome == MET:  # what is not recorded shows it only where nothing else does
        statements = [each for each in statements if not each.missing] or statements
    statements = list(first_of_each_group(statements, names))
    statements = [each for each in statements if each not in beside_what] or statements
    found = each_once([each for each in statements if not each.is_bare] or statements)
    most = MOST_SHORTFALLS if required else MOST_STATEMENTS
    if len(found) <= most + 1:  # one more is told in as many words as that there is one more
        return " ".join(sentences(found))
    return " ".join([*sentences(found[:most]), _how_many_more(found[most:], required=required)])


def _how_many_more(statements: list[Saying], *, required: bool) -> str:
    """How many statements there are beside those that are told."""
    number = len(statements)
    if all(each.missing for each in statements):
        return f"{number} more facts are not recorded."
    return f"{number} more {'points are not as asked' if required else 'facts show it'}."


def _due(trace: Trace) -> str:
    """`not yet due: 14 October 2026`, for what may still be done in time."""
    day = due_day(trace)
    if day is None:
        return "not yet due"
    earliest = " at the earliest" if is_first_of_several(trace) else ""
    return f"not yet due: {day_words(day)}{earliest}"


def _excepted_reason(judgement: UnitJudgement, names: Names) -> str:
    exception = judgement.exceptions[judgement.exception or ""]
    if judgement.waiting and all(use.field.type.kind in DAYS for use in exception.all_uses()):
        return ""  # the day on which it is due says the rest
    failing = _told_failing(judgement, names, False)
    if (day := time_until(exception)) is not None:
        return " ".join(filter(None, [failing, f"There was time until {day_words(day)}."]))
    speaker = Speaker(names, unit=judgement.pointer)
    false = [trace for trace in judgement.decisive.values() if trace.value is False]
    said = [each for trace in false for each in speaker.why(trace, False)]
    permitted = _told(judgement, names, [(exception, True, None)], beside_what=said)
    return " ".join(
        filter(None, [failing, f"There is a permitted reason: {lower_first(permitted)}"])
    )


def _scope_reason(judgement: UnitJudgement, names: Names) -> str:
    if _is_about_list(judgement):
        return _list_reason(judgement, names)
    return _applicability_reason(judgement, names)


def _is_about_list(judgement: UnitJudgement) -> bool:
    """Whether a list has nothing to judge, though the rule may apply."""
    rule, number = judgement.rule, len(judgement.indices)
    if number == len(rule.loops):
        return False
    gate = judgement.scope[0] if judgement.scope else None
    if gate is None or gate.condition != rule.applies_when:
        return True
    not_walked = {loop.variable for loop in rule.loops[number:]}
    return not not_walked.isdisjoint(fact.variable for fact in facts_of(gate.condition))


def _applicability_reason(judgement: UnitJudgement, names: Names) -> str:
    decisive: Truth = None if judgement.outcome == NOT_EVIDENCED else False
    traces = [(trace, decisive, None) for trace in judgement.scope if trace.value is decisive]
    told = _told(judgement, names, traces)
    if decisive is False:
        return told
    return f"{told} So it is open whether the rule applies."


def _list_reason(judgement: UnitJudgement, names: Names) -> str:
    use, rule = judgement.uses[0], judgement.rule
    if use.value is None:
        return " ".join(sentences([Speaker(names).not_recorded(use)]))
    if not use.value:
        return " ".join(sentences([none_recorded(use)]))
    outside = sum(_is_outside(trace, rule) for trace in judgement.scope)
    all_outside = 0 < outside == len(judgement.scope)
    if rule.called and not outside:
        return " ".join(sentences([none_called(use, rule.called)]))
    if rule.called and not all_outside:
        found = f"of the {counted_items(use)} listed, none in the period is {rule.called}"
        return " ".join(sentences([Saying(found)]))
    what = "in the period that the audit looks at" if all_outside else "one that the rule judges"
    told = _told(judgement, names, [(trace, False, None) for trace in judgement.scope])
    return " ".join([*sentences([none_is(use, what)]), told])


def _is_outside(trace: Trace, rule: Rule) -> bool:
    """Whether an item is none that the rule judges because it lies outside the plan's period."""
    periods = [loop.within for loop in rule.loops if loop.within is not None]
    return any(part.value is False and part.condition in periods for part in (trace, *trace.parts))


def value_words(value: Value) -> str:
    """A value in words: yes, no, not recorded, a date, a list."""
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Either):
        return " or ".join(value_words(part) for part in value.values)
    if isinstance(value, tuple):
        return ", ".join(value_words(part) for part in value)
    plain = value_on_record(value)
    if isinstance(plain, list):
        return ", ".join(map(value_words, plain)) or "none"
    return str(plain).replace("_", " ")


def written_sentence(
    judgement: UnitJudgement, criterion: Criterion, trace: Trace, names: Names, due: date | None
) -> str:
    """The rule's own sentence for a criterion that is not met or open; empty where none fits.

    `due` is the day by which what never came was due.
    """
    texts = criterion.no if trace.value is False else criterion.unknown
    if not texts:
        return ""
    items = _item_pointers(judgement)
    days = _days(trace, due)
    for text in texts:
        values = {place: _fill_place(place, items, days, names) for place in places_of(text)}
        if all(values.values()):
            said = filled(text, values)
            return f"{said[0].upper()}{said[1:]}"
    return ""


def _item_pointers(judgement: UnitJudgement) -> dict[str, str]:
    """The pointer of the item that each loop of the rule has reached; of the record `""`."""
    found = {"": ""}
    for loop, index in zip(judgement.rule.loops, judgement.indices, strict=False):
        home = found[loop.items.variable]
        found[loop.variable] = f"{home}/{'/'.join(loop.items.steps)}/{index}"
    return found


def _days(trace: Trace, due: date | None) -> dict[str, str]:
    late = next(late_facts([trace]), None)
    if late is not None:
        return {DUE: day_words(date.fromisoformat(late.due)), LATE: late.text}
    return {DUE: day_words(due) if due else "", LATE: ""}


def _fill_place(place: str, items: dict[str, str], days: dict[str, str], names: Names) -> str:
    if place in days:
        return days[place]
    if place in items:
        return names.around(items[place])
    variable, _, rest = place.partition(".")
    if variable in items:
        return names.fact_words(items[variable], rest)
    return names.fact_words("", place)
