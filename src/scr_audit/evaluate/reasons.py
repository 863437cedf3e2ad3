"""Why a unit got its outcome: the facts used, and a sentence made from the traces.

The sentence names what was decisive. The idea: a condition has its answer because of those of its
parts that have the answer, or below a *not* the opposite one; following them down the trace ends at
lines, and only these are named, with what was recorded. For an *all* that fails these are the parts
that fail, for an *any* that holds those that hold; for a list the items that made the difference,
or that there was none. The cost is one walk over a trace that exists already, a few hundred steps
for a unit, and only for units whose reason is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scr_audit.documents.parts import Judged
from scr_audit.evaluate.interpreter import Trace, UnitJudgement, Use
from scr_audit.evaluate.lateness import Late, due_day, is_first_of_several, late_facts, lateness
from scr_audit.evaluate.outcomes import ERROR, EXCEPTED, MET, NOT_APPLICABLE, NOT_EVIDENCED, NOT_MET
from scr_audit.evaluate.parameters import Either
from scr_audit.language.conditions import (
    AS_OF,
    All,
    AnyOf,
    Constant,
    Count,
    Fact,
    Named,
    Not,
    ParameterUse,
    Quantifier,
    Test,
    Truth,
    negate,
)
from scr_audit.language.conditions import facts as facts_of
from scr_audit.language.due import read_before
from scr_audit.language.types import Value
from scr_audit.values.imprecise import Imprecise, day_words, moment_text

MOST_CAUSES = 4
_NOT_IN_FORCE = "no value of a parameter is in force for it"
_NO_VALUE = {AS_OF: "the run was given no day to judge by"}
_STATUS: dict[Truth, Judged] = {True: "met", False: "not_met", None: "not_evidenced"}
_WAITING: Judged = "not_applicable"  # not yet due


@dataclass(frozen=True)
class FactUsed:
    """A fact behind a verdict: `value` as JSON has it, None where it is not recorded."""

    pointer: str
    value: Value
    question: str


@dataclass(frozen=True)
class Explanation:
    """Criteria by name, facts, and the reason in words.

    A criterion is `met`, `not_met`, `not_evidenced`, or `not_applicable`: it is not yet due.

    `late` are the dates that failed a time limit, where the unit is not met or excepted.
    """

    criteria: dict[str, Judged]
    exception: str | None
    facts: tuple[FactUsed, ...]
    missing: tuple[str, ...]
    reason: str
    late: tuple[Late, ...] = ()


def explain(judgement: UnitJudgement) -> Explanation:
    """The explanation of one judgement."""
    facts = tuple(_facts(judgement))
    decisive = judgement.decisive
    return Explanation(
        criteria={
            name: _STATUS[decisive[name].value] if name in decisive else _WAITING
            for name in judgement.criteria
        },
        exception=judgement.exception if judgement.outcome == EXCEPTED else None,
        facts=facts,
        missing=tuple(dict.fromkeys(_missing(judgement))),
        reason=_reason(judgement),
        late=tuple(dict.fromkeys(_late(judgement))),
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
    seen: set[str] = set()
    for use in _uses(judgement):
        if use.pointer not in seen:
            seen.add(use.pointer)
            yield FactUsed(use.pointer, plain_value(use.value), use.field.question)


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


def _uses(judgement: UnitJudgement) -> Iterator[Use]:
    yield from judgement.uses
    traces = [*judgement.scope, *judgement.criteria.values(), *judgement.exceptions.values()]
    for trace in traces:
        yield from trace.all_uses()


def plain_value(value: Value) -> Value:
    """A fact's value as JSON has it; of a group or a list of groups only that, and how many."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date | Imprecise):
        return moment_text(value)
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return value
        return f"{len(value)} recorded"
    return "recorded"


def _reason(judgement: UnitJudgement) -> str:
    if judgement.outcome == ERROR:
        return f"Error: the rule could not be evaluated ({judgement.error})."
    if not judgement.criteria:
        return _scope_reason(judgement)
    total = len(judgement.criteria)
    met = sum(trace.value is True for trace in judgement.criteria.values())
    count = f"{met} of {total} criteria met" if total > 1 else ""
    if judgement.outcome == MET:
        head = f"Met: all {total} criteria." if total > 1 else "Met."
        causes = [c for t in judgement.criteria.values() for c in _causes(t, True)]
        return f"{head} {_capital(_sentence(causes))}" if total == 1 else head
    if judgement.outcome == EXCEPTED:
        return _excepted_reason(judgement, count)
    waits = [f"{_title(name)}: {_due(trace)}." for name, trace in judgement.waiting.items()]
    if judgement.outcome == NOT_APPLICABLE:
        [first, *more] = judgement.waiting.values()
        head = f"Not applicable: {_due(first)}." if not more else "Not applicable: not yet due."
        return " ".join([head, *([f"{count}."] if met else []), *(waits if more else [])])
    decisive: Truth = None if judgement.outcome == NOT_EVIDENCED else False
    words = "Not evidenced" if decisive is None else "Not met"
    head = f"{words}, {count}." if count else f"{words}."
    parts = [
        f"{_title(name)}: {_sentence(_causes(trace, decisive, asked=decisive is False))}"
        for name, trace in judgement.decisive.items()
        if trace.value is decisive
    ]
    return " ".join([head, *parts, *waits])


def _due(trace: Trace) -> str:
    """`not yet due: 14 October 2026`, for what may still be done in time."""
    day = due_day(trace)
    if day is None:
        return "not yet due"
    earliest = " at the earliest" if is_first_of_several(trace) else ""
    return f"not yet due: {day_words(day)}{earliest}"


def _excepted_reason(judgement: UnitJudgement, count: str) -> str:
    name = judgement.exception or ""
    causes = _causes(judgement.exceptions[name], True)
    but = f" ({count})" if count else ""
    if len(judgement.waiting) == len(judgement.still_open):
        because = f"not yet due{but}, and a permitted reason is known already"
    else:
        because = f"not met{but}, for a permitted reason"
    return f"Excepted: {because}. {_title(name)}: {_sentence(causes)}"


def _scope_reason(judgement: UnitJudgement) -> str:
    if len(judgement.indices) < len(judgement.rule.loops):
        return _list_reason(judgement)
    return _applicability_reason(judgement)


def _applicability_reason(judgement: UnitJudgement) -> str:
    decisive: Truth = None if judgement.outcome == NOT_EVIDENCED else False
    causes = [
        cause
        for trace in judgement.scope
        if trace.value is decisive
        for cause in _causes(trace, decisive)
    ]
    if judgement.outcome == NOT_APPLICABLE:
        return f"Not applicable. {_capital(_sentence(causes))}"
    head = "Not evidenced: it cannot be told whether the rule applies."
    return f"{head} {_capital(_sentence(causes))}"


def _list_reason(judgement: UnitJudgement) -> str:
    use = judgement.uses[0]
    gate = judgement.scope[0] if judgement.scope else None
    if gate is not None and gate.condition == judgement.rule.applies_when:
        not_walked = {loop.variable for loop in judgement.rule.loops[len(judgement.indices) :]}
        if not_walked.isdisjoint(fact.variable for fact in facts_of(gate.condition)):
            return _applicability_reason(judgement)
    name = use.field.name.replace("_", " ")
    label = {
        NOT_APPLICABLE: "Not applicable",
        NOT_EVIDENCED: "Not evidenced",
    }.get(judgement.outcome, "Not met")
    if use.value is None:
        return f"{label}: {name} are not recorded. Not recorded: “{use.field.question}”"
    if not use.value:
        return f"{label}: it is recorded that there were no {name}."
    causes = [cause for trace in judgement.scope for cause in _causes(trace, False)]
    return f"{label}: none of the {len(use.value)} {name} is one that the rule judges. " + (
        _sentence(causes)
    )


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(causes: Iterable[str]) -> str:
    found = list(dict.fromkeys(causes))
    shown = found[:MOST_CAUSES]
    more = len(found) - len(shown)
    text = "; ".join(shown) + (f"; and {more} more" if more else "")
    return text if text.endswith(("?", ".", "”")) else f"{text}."


def _causes(trace: Trace, value: Truth, *, asked: bool = False) -> Iterator[str]:
    """The lines and facts because of which `trace` has `value`.

    Only a line that is `asked`, one that has to hold and fails the unit, says how late it was.
    """
    condition = trace.condition
    match condition:
        case Test():
            yield _line(trace, condition, asked=asked)
        case Not():
            yield from _causes(trace.parts[0], negate(value))
        case All() | AnyOf() | Named():
            for part in trace.parts:
                if part.value is value:
                    yield from _causes(part, value, asked=asked)
        case Quantifier():
            yield from _quantifier(trace, condition, value, asked=asked)
        case Count():
            yield _count(trace, condition)


def _line(trace: Trace, test: Test, *, asked: bool) -> str:
    if test.operator.waits_for is not None:
        uses = trace.uses[1:] if isinstance(test.operands[0], Fact) else trace.uses
        known = "; ".join(f"“{use.field.question}” {value_words(use.value)}" for use in uses)
        _, anchor, *_, today, _ = trace.other
        if anchor is not None and today is not None and read_before(today, anchor):
            return (
                "the record contradicts itself, so that it cannot be told whether it was due yet: "
                f"it was read on {value_words(today)}, before {known}"
            )
        return f"it cannot be told whether it was due yet: {known}"
    missing = [use for use in trace.uses if use.value is None]
    if missing and not test.operator.takes_unknown:
        questions = dict.fromkeys(use.field.question for use in missing)
        return "; ".join(f"not recorded: “{question}”" for question in questions)
    if not test.operator.name:
        return f"“{trace.uses[0].field.question}” {value_words(trace.uses[0].value)}"
    said = {use.pointer: f"“{use.field.question}” {value_words(use.value)}" for use in trace.uses}
    if not trace.uses:  # a line about a parameter
        return f"“{_line_text(test, trace)}” {'holds' if trace.value else 'does not hold'}"
    facts = "; ".join(said.values())
    holds = {True: "holds", False: "does not hold", None: "is left open by what is recorded"}
    for operand, value in zip(test.operands, trace.other, strict=True):
        if value is None and isinstance(operand, ParameterUse):
            holds[None] = f"cannot be judged: {_NO_VALUE.get(operand.name, _NOT_IN_FORCE)}"
    late = lateness(test, trace) if asked and trace.value is False else ""
    return f"“{_line_text(test, trace)}” {holds[trace.value]}: {facts}{late}"


def _line_text(test: Test, trace: Trace) -> str:
    """The line as written, with the parameters' values in place of their names."""
    text = test.text
    for operand, value in zip(test.operands, trace.other, strict=False):
        if isinstance(operand, Constant | ParameterUse) and operand.name and value is not None:
            text = text.replace(f"{{{operand.name}}}", value_words(value))
    return text


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
    plain = plain_value(value)
    if isinstance(plain, list):
        return ", ".join(plain).replace("_", " ") or "none"
    return str(plain).replace("_", " ")


def _quantifier(
    trace: Trace, quantifier: Quantifier, value: Truth, *, asked: bool
) -> Iterator[str]:
    use = trace.uses[0] if trace.uses else None
    if use is None:  # one item: its parts
        for part in trace.parts:
            yield from _causes(part, part.value)
        return
    name = use.field.name.replace("_", " ")
    if use.value is None:
        yield f"not recorded: “{use.field.question}”"
    elif not use.value:
        yield f"it is recorded that there were no {name}"
    else:
        found = list(_item_causes(trace, quantifier, value, asked=asked))
        yield from found or [_overall(trace, quantifier, name)]


def _overall(trace: Trace, quantifier: Quantifier, name: str) -> str:
    count = len(trace.parts)
    if quantifier.where is None and quantifier.that is None:
        return f"{count} {name} recorded"
    if quantifier.kind == "every":
        return f"none of the {count} {name} is one that this asks about"
    return f"none of the {count} {name} is such a one"


def _item_causes(
    trace: Trace, quantifier: Quantifier, value: Truth, *, asked: bool
) -> Iterator[str]:
    for item in trace.parts:
        where, that = item.other
        in_question = quantifier.that is None or where is True
        late = asked and in_question and quantifier.kind != "none"
        if quantifier.kind == "every":
            decisive = (
                where is not False and that is not True
                if value is None
                else (where is True and that is value)
            )
            if not decisive:
                continue
        elif item.value is not (value if quantifier.kind == "some" else negate(value)):
            continue
        for part in item.parts:
            wanted = part.value
            if quantifier.kind != "every" and item.value is False and wanted is not False:
                continue
            if value is None and wanted is not None:
                continue
            yield from _causes(part, wanted, asked=late)


def _count(trace: Trace, count: Count) -> str:
    use = trace.uses[0]
    name = use.field.name.replace("_", " ")
    if use.value is None:
        return f"not recorded: “{use.field.question}”"
    if not trace.other:
        return f"{len(use.value)} {name} recorded"
    least, most = trace.other
    found = str(least) if least == most else f"{least} to {most}"
    number = count.number.value if isinstance(count.number, Constant) else "the number in force"
    wanted = f"{count.operator.name} {number}".removeprefix("is ")
    return f"{found} of {len(use.value)} {name} count; {wanted} must"
