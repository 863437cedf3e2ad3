"""A rule in a few sentences, as an auditor tells a colleague what it asks.

What a rule says for the sake of evidence is left away here: lines that only ask whether a fact is
recorded, the facts that show what a bare yes or no says too, and what tells items apart that have a
name of their own. `read_aloud` has every line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from scr_audit.evaluate.read_aloud import IF_NONE, Reader, article, judged_words, noun_of
from scr_audit.language.conditions import (
    All,
    AnyOf,
    Condition,
    Count,
    DefinitionUse,
    Not,
    Quantifier,
    ShownOrSaid,
    Test,
    facts,
)
from scr_audit.language.due import may_lack_items
from scr_audit.language.rule import Parameter, Rule
from scr_audit.values.text import lower_first, plural

_LONGEST = 420  # characters of a sentence that somebody can follow who hears it
_SEVERAL = "Several conditions hold together, which --conditions lists."
_MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Said:
    """A heading, and what is said below it."""

    heading: str
    sentences: tuple[str, ...]


def rule_summary(rule: Rule, parameters: Mapping[str, Parameter]) -> Iterator[Said]:
    """What is judged, when, what is asked, what is no shortfall, and what evidence it needs."""
    reader = Reader(parameters, {"": f"the {rule.kind.replace('_', ' ')}"})
    none = []
    for loop in rule.loops:
        noun = noun_of(loop.items.type)
        none.append(f"Where no {noun} is listed, {IF_NONE[loop.if_none]}.")
        reader = reader.naming(loop.variable, f"the {noun}")
    teller = _Teller(reader)
    yield Said("What is judged", (judged_words(rule).replace("Asked of e", "E"), *none))
    if said := _sentence(teller, rule.where):
        yield Said("Only those", (said,))
    if said := _sentence(teller, rule.applies_when):
        yield Said("It applies when", (said,))
    yield Said("What is asked", tuple(_asked(teller, rule)))
    if excused := [_sentence(teller, criterion.condition) for criterion in rule.except_when]:
        yield Said("No shortfall where", tuple(said for said in excused if said))
    yield Said("Not evidenced where this is not recorded", tuple(_questions(rule)))
    if rule.still_open != rule.asked:
        yield Said(
            "Not yet due",
            ("While the last day in time has not passed on the day the files were read.",),
        )


def _asked(teller: _Teller, rule: Rule) -> Iterator[str]:
    """What each criterion asks; of one that is too long to follow what the rule is called."""
    for criterion in rule.require:
        said = _sentence(teller, criterion.condition)
        if said and said != _SEVERAL:
            yield said
        elif len(rule.require) == 1:
            yield f"{rule.title}. {_SEVERAL}"
        else:
            name = criterion.name.replace("_", " ").capitalize()
            yield f"{name}: {lower_first(_SEVERAL)}"


def _questions(rule: Rule) -> list[str]:
    """The first questions to which the criteria need an answer."""
    asked = dict.fromkeys(
        fact.field.question for criterion in rule.require for fact in facts(criterion.condition)
    )
    found = [question for question in asked if question]
    more = len(found) - _MOST_QUESTIONS
    return [*found[:_MOST_QUESTIONS], *([f"and {more} more"] if more > 0 else [])]


def _sentence(teller: _Teller, condition: Condition | None) -> str:
    """A condition as a sentence; nothing where it is only about evidence."""
    plain = None if condition is None else _plain(condition)
    if plain is None:
        return ""
    said = teller.told(plain)
    return f"{said[:1].upper()}{said[1:]}." if len(said) <= _LONGEST else _SEVERAL


def _plain(condition: Condition) -> Condition | None:
    """A condition without what only evidence needs; None where nothing else is in it."""
    match condition:
        case DefinitionUse(part=part):
            return _plain(part)
        case ShownOrSaid(parts):
            return _plain(parts[-1])
        case Test():
            return None if condition.operator.recorded is not None else condition
        case AnyOf((asked, *_)) if may_lack_items(condition):
            return _plain(asked)
        case All(parts) | AnyOf(parts):
            found = tuple(
                dict.fromkeys(plain for part in parts if (plain := _plain(part)) is not None)
            )
            if isinstance(condition, All):
                found = _without_mere_lists(found)
            return None if not found else found[0] if len(found) == 1 else type(condition)(found)
        case Not(part):
            inner = _plain(part)
            return None if inner is None else Not(inner)
        case Quantifier() | Count():
            where = None if condition.where is None or condition.called else _plain(condition.where)
            that = None if condition.that is None else _plain(condition.that)
            return replace(condition, where=where, that=that)


def _without_mere_lists(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Parts without *one is listed* where another asks something of every one of them."""
    every = {part.items for part in parts if isinstance(part, Quantifier) and part.kind == "every"}
    return tuple(
        part
        for part in parts
        if not (isinstance(part, Quantifier) and part.kind == "some" and part.items in every)
    )


@dataclass(frozen=True)
class _Teller:
    """Tells plain conditions in running words."""

    reader: Reader

    def told(self, condition: Condition) -> str:
        """A condition as a clause."""
        match condition:
            case Test():
                return self.reader.line(condition, answer=True)
            case Not(part=Test() as test):
                return self.reader.line(test, answer=False)
            case Not(part=part):
                return f"it is not so that {self.told(part)}"
            case All(parts):
                return _joined([self.told(part) for part in parts], "and")
            case AnyOf(parts):
                return _joined([self.told(part) for part in parts], "or")
            case Quantifier():
                return self._quantified(condition)
            case Count():
                return self._counted(condition)
        raise AssertionError(condition)  # `_plain` leaves no other

    def _quantified(self, asks: Quantifier) -> str:
        noun = noun_of(asks.items.type)
        name = asks.called or f"{article(noun)} {noun}"
        bare = name.partition(" ")[2]
        inner = _Teller(self.reader.naming(asks.variable, f"the {bare if asks.called else noun}"))
        of = self.reader.of(asks.items)
        parts = [part for part in (asks.where, asks.that) if part is not None]
        if asks.kind == "some":
            said = _joined([inner.told(part) for part in parts], "and")
            return f"there is {name}{of}{f', and {said}' if said else ''}"
        if asks.kind == "none":
            said = _joined([inner.told(part) for part in parts], "and")
            return f"there is no {bare}{of}{f' of which {said}' if said else ''}"
        which = f" of which {inner.told(asks.where)}" if asks.where is not None else ""
        said = inner.told(asks.that) if asks.that is not None else "it is listed"
        kind = "every" if asks.kind == "every" else f"the {asks.kind}"
        return f"for {kind} {bare}{of}{which}, {said}"

    def _counted(self, asks: Count) -> str:
        number = asks.operator.asked_for(self.reader.object_words(asks.number))
        what = plural(asks.called.partition(" ")[2] or noun_of(asks.items.type))
        share = " per cent of the" if asks.kind == "share" else ""
        return f"{number}{share} {what} are listed{self.reader.of(asks.items)}"


def _joined(clauses: list[str], word: str) -> str:
    if len(clauses) < 2:
        return "".join(clauses)
    long = any("," in clause for clause in clauses)
    comma = f"; {word} " if long and word == "or" else f", {word} "
    between = "; " if long else ", "
    return f"{between.join(clauses[:-1])}{comma}{clauses[-1]}"
