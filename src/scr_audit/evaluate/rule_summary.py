"""A rule in a few sentences, as an auditor tells a colleague what it asks.

What a rule says for the sake of evidence is left away here: lines that only ask whether a fact is
recorded, the facts that show what a bare yes or no says too, and what tells items apart that have a
name of their own. `read_aloud` has every line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

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

_LISTS = ("What is asked", "No shortfall where")
_MOST_ITEMS = 6
_LONGEST = 320  # characters of a sentence that somebody can follow who hears it
_SEVERAL = "Several conditions hold together, which --conditions lists."
_MOST_QUESTIONS = 2


@dataclass(frozen=True)
class Said:
    """A heading, and what is said of it: one paragraph, or the items of a list."""

    heading: str
    sentences: tuple[str, ...]

    @property
    def is_list(self) -> bool:
        """Whether each sentence stands for itself, as each of what is asked does."""
        return self.heading in _LISTS and len(self.sentences) > 1


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
    yield Said("What is asked", _first([*_asked(teller, rule)], _MOST_ITEMS))
    if excused := [_sentence(teller, criterion.condition) for criterion in rule.except_when]:
        yield Said("No shortfall where", tuple(said for said in excused if said))
    yield Said("Not evidenced where this is not recorded", _questions(rule))
    if rule.still_open != rule.asked:
        yield Said(
            "Not yet due",
            ("While there was still time on the day the files were read.",),
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


def _questions(rule: Rule) -> tuple[str, ...]:
    """The first questions to which the criteria need an answer."""
    asked = dict.fromkeys(
        fact.field.question for criterion in rule.require for fact in facts(criterion.condition)
    )
    return _first([question for question in asked if question], _MOST_QUESTIONS)


def _first(said: list[str], most: int) -> tuple[str, ...]:
    """The first of them, and how many more there are."""
    more = len(said) - most
    return tuple(said) if more <= 0 else (*said[:most], f"And {more} more.")


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
            *shown, said = parts
            only_missing = all(
                isinstance(part, Test) and part.operator.recorded is False for part in shown
            )
            return None if only_missing else _plain(said)  # which then only guards the record
        case Test():
            return None if condition.operator.recorded is not None else condition
        case AnyOf((asked, *_)) if may_lack_items(condition):
            return _plain(asked)
        case All(parts) | AnyOf(parts):
            plain = [each for part in parts if (each := _plain(part)) is not None]
            found = tuple(dict.fromkeys(
                inner
                for each in plain
                for inner in (each.parts if isinstance(each, type(condition)) else (each,))
            ))  # fmt: skip
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
        case _:
            assert_never(condition)


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
                said = [(part, self.told(part)) for part in parts]
                return _joined(
                    [f"either {text}" if isinstance(part, AnyOf) else text for part, text in said],
                    "and",
                )
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
            return f"there is {name}{of}{inner.of_it(f'the {bare} ', parts)}"
        if asks.kind == "none":
            said = _joined([inner.told(part) for part in parts], "and")
            return f"there is no {bare}{of}{f' of which {said}' if said else ''}"
        which = f" of which {inner.told(asks.where)}" if asks.where is not None else ""
        said = inner.told(asks.that) if asks.that is not None else "it is listed"
        kind = "every" if asks.kind == "every" else f"the {asks.kind}"
        return f"for {kind} {bare}{of}{which}, {said}"

    def of_it(self, name: str, parts: list[Condition]) -> str:
        """What is said of an item behind its name: ` that is in use and that covers attendance`."""
        clauses = [
            self.told(each)
            for part in parts
            for each in (part.parts if isinstance(part, All) else (part,))
        ]
        said = [
            f"that {text.removeprefix(name)}"
            if text.startswith(name) and not text.startswith(f"{name}that ")
            else f"where {text}"
            for text in clauses
        ]
        return f" {_joined(said, 'and')}" if said else ""

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
