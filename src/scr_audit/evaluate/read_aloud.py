"""A rule as it is read aloud: of whom it asks what, when, what counts, what is no shortfall.

The lines of a condition are said in the words of the schema (`x-says`), with the item that a loop
or a question names (`called`) in the place of `{it}`; what stands below a line belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from scr_audit.evaluate.names import item_noun, one_of, value_in_words
from scr_audit.evaluate.sayings import sum_words
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
    only_fact,
    walk,
)
from scr_audit.language.due import may_lack_items
from scr_audit.language.operators import JoinWord, Operator
from scr_audit.language.phrases import VALUE, filled, places_of
from scr_audit.language.rule import Parameter, Rule
from scr_audit.language.types import DATES, NUMBERS, FactType, Kind, Value, in_words
from scr_audit.values.imprecise import day_words
from scr_audit.values.text import plural

IF_NONE = {
    "not_applicable": "it does not apply",
    "not_met": "it is not met",
    "not_evidenced": "it is not evidenced",
}
_NOT_EVIDENCED = (
    "Not evidenced where what would decide is not recorded, or where each item of a list has to be "
    "so and the list has none."
)
_SHOWN_FIRST = "A date or a list counts first, and a bare yes or no only where there is none; "
_MAY_LACK = " (not evidenced where {} and the list may not be complete{})"
_OR_LACKS = ", or where the record says that it is not"
_CONTRARY = {"nothing": "something", "nobody": "somebody", "nowhere": "somewhere"}


@dataclass(frozen=True)
class SpokenLine:
    """A line, and how deep it stands below the others."""

    text: str
    depth: int = 0


def rule_lines(rule: Rule, parameters: Mapping[str, Parameter]) -> Iterator[SpokenLine]:
    """What a rule asks, without its title and advice."""
    reader = Reader(parameters, {"": f"the {rule.kind.replace('_', ' ')}"})
    yield SpokenLine(judged_words(rule))
    for loop in rule.loops:
        noun = noun_of(loop.items.type)
        yield SpokenLine(f"Where no {noun} is listed {IF_NONE[loop.if_none]}.", 1)
        reader = reader.naming(loop.variable, f"the {noun}")
    if rule.where is not None:
        yield SpokenLine(f"It is about those only of which {_is_so(rule.where)}:")
        yield from reader.below(rule.where)
    if rule.applies_when is not None:
        yield from reader.applies_when(rule.applies_when)
    many = len(rule.require) > 1
    yield SpokenLine("Met when all of this is so:" if many else "Met when this is so:")
    for condition in rule.asked:
        yield from reader.below(condition)
    for criterion in rule.except_when:
        yield SpokenLine(f"No shortfall where {_is_so(criterion.condition)}:")
        yield from reader.below(criterion.condition)
    yield SpokenLine(_NOT_EVIDENCED)
    permitted = [criterion.condition for criterion in rule.except_when]
    judged = [each for each in (rule.scope, rule.applies_when, *rule.asked) if each is not None]
    ends = {"not evidenced": judged, "no permitted reason": permitted}
    if found := [end for end, conditions in ends.items() if any(map(_weighs, conditions))]:
        end = one_of(found, "or")
        yield SpokenLine(f"{_SHOWN_FIRST}{end} where one contradicts the other.")


def _weighs(condition: Condition) -> bool:
    return any(isinstance(part, ShownOrSaid) for part in walk(condition))


def _is_so(*conditions: Condition) -> str:
    number = sum(len(_parts(each)) for each in conditions)
    return {1: "this is so", 2: "both are so"}.get(number, "all of this is so")


def _parts(condition: Condition) -> tuple[Condition, ...]:
    """What has to hold together."""
    whole = _unnamed(condition)
    return whole.parts if isinstance(whole, All) else (whole,)


def judged_words(rule: Rule) -> str:
    kind = rule.kind.replace("_", " ")
    if not rule.loops:
        return f"Asked of each {kind}."
    nouns = [f"each {noun_of(loop.items.type)}" for loop in reversed(rule.loops)]
    return f"Asked of {' of '.join([*nouns, f'{article(kind)} {kind}'])}."


def noun_of(items: FactType) -> str:
    return item_noun(items.item) if items.item is not None else "item"


@dataclass(frozen=True)
class Reader:
    """Says conditions. `called` is what each variable stands for."""

    parameters: Mapping[str, Parameter]
    called: Mapping[str, str]

    def naming(self, variable: str, name: str) -> Reader:
        """A reader to whom one more item has a name, that of none of the others."""
        if name in self.called.values():
            name = name.replace("the ", "the other ", 1)
        return Reader(self.parameters, {**self.called, variable: name})

    def applies_when(self, condition: Condition) -> Iterator[SpokenLine]:
        """When a rule applies; that a fact is not recorded is said as what excludes it."""
        excluding = {part: said for part in _parts(condition) if (said := self._recorded(part))}
        rest = [part for part in _parts(condition) if part not in excluding]
        if not rest:
            yield SpokenLine(f"It applies unless {one_of(list(excluding.values()), 'or')}.")
            return
        yield SpokenLine(f"It applies when {_is_so(*rest)}:")
        for part in rest:
            yield from self.below(part)
        for said in excluding.values():
            yield SpokenLine(f"But not where {said}.")

    def _recorded(self, part: Condition) -> str:
        """Of a line that a fact is not recorded, that it is; empty for any other."""
        if not isinstance(part, Test) or part.operator.recorded is None:
            return ""
        said = self.line(part, answer=False)
        return said if said.startswith("it is recorded") else ""

    def below(
        self, condition: Condition, depth: int = 1, *, may_lack: bool = False
    ) -> Iterator[SpokenLine]:
        """A condition's lines; of what has to hold together each part is a line of its own.

        `may_lack`: it asks for items that its list may lack.
        """
        match condition:
            case DefinitionUse(part=part):
                yield from self.below(part, depth)
            case All(parts):
                for part in parts:
                    yield from self.below(part, depth)
            case AnyOf((asked, *_)) if may_lack_items(condition):
                yield from self.below(asked, depth, may_lack=True)
            case AnyOf(parts):
                yield SpokenLine("one of these:", depth)
                for part in parts:
                    if isinstance(_unnamed(part), All):
                        yield SpokenLine("all of this together:", depth + 1)
                        yield from self.below(part, depth + 2)
                    else:
                        yield from self.below(part, depth + 1)
            case ShownOrSaid(parts):
                *shown, said = parts
                for number, part in enumerate(shown):
                    yield SpokenLine("or by this:" if number else "shown by this:", depth)
                    yield from self.below(part, depth + 1)
                yield SpokenLine("or, where nothing shows it, said by this:", depth)
                yield from self.below(said, depth + 1)
            case Quantifier():
                yield from self._quantifier(condition, depth, may_lack=may_lack)
            case Count():
                yield from self._count(condition, depth, may_lack=may_lack)
            case Test():
                yield SpokenLine(self.line(condition, answer=True), depth)
            case Not(part=Test() as test):
                yield SpokenLine(self.line(test, answer=False), depth)
            case Not(part):
                is_of_all = isinstance(_unnamed(part), All)
                yield SpokenLine("not all of this:" if is_of_all else "not:", depth)
                yield from self.below(part, depth + 1)
            case _:
                assert_never(condition)

    # lists

    def _quantifier(self, asks: Quantifier, depth: int, *, may_lack: bool) -> Iterator[SpokenLine]:
        noun = noun_of(asks.items.type)
        name = asks.called or f"{article(noun)} {noun}"
        of = self.of(asks.items)
        bare = name.partition(" ")[2]
        inner = self.naming(asks.variable, f"the {bare if asks.called else noun}")
        is_of_sort = asks.by is not None or (asks.where is not None and asks.that is not None)
        lacks = _MAY_LACK.format("there is none", _OR_LACKS * is_of_sort) if may_lack else ""
        by = f", by “{_question(asks.by)}”" if asks.by is not None else ""
        heads = {
            "some": f"{name} is listed{of}",
            "none": f"no {bare} is listed{of}",
            "every": f"of every {bare}{of}",
        }
        head = heads.get(asks.kind, f"of the {asks.kind} {bare}{of}{by}")
        if asks.kind in ("some", "none") and not (lacks and is_of_sort):
            parts = [part for part in (asks.where, asks.that) if part is not None]
            yield SpokenLine(f"{head}{lacks}{', of which this is so:' if parts else ''}", depth)
            for part in parts:
                yield from inner.below(part, depth + 1)
            return
        in_head = "" if asks.where is not None else lacks
        yield SpokenLine(f"{head}{in_head}:", depth)
        yield from inner.of_some(asks, depth, lacks)

    def of_some(self, asks: OverItems, depth: int, lacks: str = "") -> Iterator[SpokenLine]:
        """What is asked of items, under what chooses them."""
        assert asks.that is not None
        if asks.where is None:
            yield from self.below(asks.that, depth + 1)
            return
        yield SpokenLine(f"where this is so{lacks}:", depth + 1)
        yield from self.below(asks.where, depth + 2)
        yield SpokenLine("this is so:", depth + 1)
        yield from self.below(asks.that, depth + 2)

    def _count(self, asks: Count, depth: int, *, may_lack: bool) -> Iterator[SpokenLine]:
        noun = noun_of(asks.items.type)
        bare = asks.called.partition(" ")[2] or noun
        number = asks.operator.asked_for(self.object_words(asks.number))
        what = asks.called or plural(noun)
        inner = self.naming(asks.variable, f"the {bare}")
        of = self.of(asks.items)
        lacks = _MAY_LACK.format("it is less", "") if may_lack else ""
        if asks.kind == "share":
            listed = f"{number} per cent of the {plural(noun)} listed{of}{lacks}"
            yield SpokenLine(f"{listed}:", depth)
            yield from inner.of_some(asks, depth)
            return
        more = ", of which this is so:" if asks.where is not None else ""
        if asks.kind == "sum":
            said = sum_words(only_fact(asks.that), number, f"the {plural(noun)} listed{of}")
        else:
            said = f"{number} listed that count as {what}"
        yield SpokenLine(f"{said}{lacks}{more}", depth)
        if asks.where is not None:
            yield from inner.below(asks.where, depth + 1)

    def of(self, items: Fact) -> str:
        return f" for {self.called[items.variable]}" if items.variable else ""

    # lines

    def line(self, test: Test, *, answer: bool) -> str:
        operator, (subject, *others) = test.operator, test.operands
        fact, no = _fact(subject), "" if answer else "not: "
        number = self.object_words(others[1]) if operator.has_number else ""
        if fact is None:
            about = _parameter_of(subject)
            asks = operator.said(self.object_words(others[0], None, operator.joined))
            if about not in self.parameters:
                return f"{no}“{about}” {asks}"
            values = self._values(self.parameters[about], None, "or")
            return f"{no}“{self.parameters[about].title}”, set to {values}, {asks}"
        if operator.recorded is not None:
            is_so = operator.recorded is answer
            return f"it {'is' if is_so else 'is not'} recorded {self._whether(fact)}"
        kind, other = fact.type.kind, _fact(others[0]) if others else None
        if kind in DATES and operator.spoken:
            return self._day(fact, operator, others[0], number, answer=answer)
        if other is not None:
            asks = operator.said(self._answer_of(other), number, words=operator.between)
            return f"{no}{self._answer_of(fact)} {asks}"
        objects = self.object_words(others[0], fact.type, operator.joined) if others else ""
        if not operator.spoken and kind is not Kind.TEXT:
            return f"{no}{self._answer_of(fact)} {operator.said(objects, number)}"
        wanted, denies = _denied(operator.asked_for(objects, number, noun="a text"))
        if kind is Kind.BOOLEAN:  # whose clause has the yes and the no
            wanted, denies = "yes", denies is not (Constant(False) in others)
        is_any = kind is Kind.LIST and operator.joined == "or" and " or " in wanted
        if is_any and not _speaks_of(fact):
            wanted = f"at least one of {wanted}" if answer is not denies else f"any of {wanted}"
        return self._said(fact, answer=answer is not denies, value=wanted)

    def _said(self, fact: Fact, *, answer: bool, value: str = "") -> str:
        clause, it = fact.field.says.clause, self.called.get(fact.variable, "the item")
        if clause is None:
            no = "" if answer else "not "
            is_day = fact.type.kind in DATES
            return f"“{fact.field.question}” {no}{value or ('' if is_day else 'yes')}".strip()
        if not answer and value in _CONTRARY:
            answer, value = True, _CONTRARY[value]
        half = clause.half(answer) if clause.no else clause.yes
        text = f"{clause.subject} {half}".strip()
        return filled(text, {"it": it, VALUE: value, "on": ""}).strip()

    def _day(
        self, fact: Fact, operator: Operator, operand: Operand, number: str, *, answer: bool
    ) -> str:
        held, other = self._said(fact, answer=True), _fact(operand)
        event = self.object_words(operand) if other is None else self._said(other, answer=True)
        day = event if other is None else f"the day on which {event}"
        words = operator.of_day or operator.spoken
        asks, denies = _denied(operator.said(event, number, words=words, day=day))
        return f"{held} {'' if answer is not denies else 'not '}{asks}"

    def _answer_of(self, fact: Fact) -> str:
        """What a fact says, as an indirect question, or the answer to its question."""
        unknown = fact.field.says.unknown
        return self._whether(fact) if unknown else f"the answer to “{fact.field.question}”"

    def _whether(self, fact: Fact) -> str:
        it, says = self.called.get(fact.variable, "the item"), fact.field.says
        if says.unknown:
            return filled(says.unknown, {"it": it})
        if fact.type.kind in DATES and says.clause is not None:
            return f"when {self._said(fact, answer=True)}"
        if fact.type.kind is Kind.BOOLEAN and says.clause is not None:
            return f"whether {self._said(fact, answer=True)}"
        return f"“{fact.field.question}”"

    def object_words(
        self, operand: Operand, fact: FactType | None = None, joined: JoinWord = "or"
    ) -> str:
        match operand:
            case Constant(value):
                return _words(value, fact, joined)
            case ParameterUse(name) if name == AUDIT_DAY:
                return "the day of the audit"
            case ParameterUse(name) if name in self.parameters:
                return self._values(self.parameters[name], fact, joined)
        other = _fact(operand)
        assert other is not None
        if other.type.kind in NUMBERS:
            return f"({_name(other)} of {self.called.get(other.variable, 'the item')})"
        return f"“{other.field.question}”"

    def _values(self, parameter: Parameter, fact: FactType | None, joined: JoinWord) -> str:
        first, *later = parameter.values
        since = "".join(
            f" ({_words(each.value, fact, joined)} from {day_words(each.since)})"
            for each in later
            if each.since is not None
        )
        return f"{_words(first.value, fact, joined)}{since}"


def _question(line: Condition | None) -> str:
    return only_fact(line).field.question


def _parameter_of(operand: Operand) -> str:
    return operand.name if isinstance(operand, Constant | ParameterUse) else ""


def _denied(words: str) -> tuple[str, bool]:
    """Words without the *not* at their beginning, and whether it was there."""
    return words.removeprefix("not "), words.startswith("not ")


def _speaks_of(fact: Fact) -> bool:
    """Whether the clause of a fact speaks of its value: *the pump was used*."""
    clause = fact.field.says.clause
    return clause is None or VALUE in places_of(clause.subject)


def _fact(operand: Operand) -> Fact | None:
    if isinstance(operand, DayOf):
        return operand.operand
    return operand if isinstance(operand, Fact) else None


def _name(fact: Fact) -> str:
    return in_words(fact.field.title or fact.field.name)


def _unnamed(condition: Condition) -> Condition:
    return _unnamed(condition.part) if isinstance(condition, DefinitionUse) else condition


def _words(value: Value, fact: FactType | None, joined: JoinWord) -> str:
    if isinstance(value, tuple | list):
        words = [_words(each, fact, joined) for each in value]
        return one_of(words, joined, all_of_them=True)
    if fact is not None and fact.item is not None:
        fact = fact.item
    if fact is not None:
        return value_in_words(fact, value)
    if isinstance(value, date):
        return day_words(value)
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"
