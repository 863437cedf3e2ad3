"""Statements about facts, and how several of them become one sentence.

The idea: a statement keeps its subject apart from what is said of it, so that statements of one
subject, or that say the same of several, are told once: *The bell was not fitted and was not
checked.*
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import isinf
from typing import Literal

import msgspec

from scr_audit.evaluate.interpreter import FactRead
from scr_audit.evaluate.names import Names, item_noun, one_of
from scr_audit.language.conditions import Fact
from scr_audit.language.phrases import IT, VALUE, filled, is_negative, places_of, undone
from scr_audit.language.types import in_words
from scr_audit.values.text import plural

_LIKE = 2  # words with which predicates begin alike that are told as one
_HOW = ("_on", "_by", "_to", "_with", "_against")  # after the name of what was done
Missing = Literal["", "whether", "which", "question"]
_PLURAL = {"was": "were", "is": "are", "has": "have", "does": "do", "wasn't": "weren't"}
_VERB_OF_ONE = re.compile(r"(?<=ss|ch|sh)es\Z|(?<=[^su])s\Z")  # *covers*, *reaches*


class Saying(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What is known of a fact, or how it is said that it is `missing`: not recorded.

    `subject` is what is spoken of and `predicate` what is said, so that several can be joined.
    One that `is_bare`, that a list is there, is said only where there is nothing else to say.
    `pointer` is that of a fact that is `missing`, or of a yes/no fact that says no. `about` are the
    subjects of what is told whole. Both make no difference between two statements.
    """

    predicate: str
    subject: str = ""
    missing: Missing = ""
    is_bare: bool = False
    pointer: str = ""
    about: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Saying) and (
            self.predicate == other.predicate
            and self.subject == other.subject
            and self.missing == other.missing
            and self.is_bare == other.is_bare
        )

    def __hash__(self) -> int:
        return hash((self.predicate, self.subject))

    @property
    def undone(self) -> str:
        """The thing of which it says that it was not done; else nothing."""
        return undone(self.subject, self.predicate) if self.pointer and not self.missing else ""

    @property
    def undone_facts(self) -> str:
        """Where all the facts of that thing stand, if they stand in a group of their own."""
        around, *_ = self.pointer.rpartition("/")
        is_item = around.rpartition("/")[2].isdecimal()
        is_own = self.undone and around.count("/") and (self.subject or not is_item)
        return f"{around}/" if is_own else ""

    @property
    def text(self) -> str:
        return f"{self.subject} {self.predicate}" if self.subject else self.predicate


def sum_words(summed: Fact, amount: str, items: str) -> str:
    """What the numbers of several `items` add up to: *the 2 visits took 75 minutes in all*."""
    clause = summed.field.says.clause
    if clause is None or IT not in places_of(f"{clause.subject} {clause.half(True)}"):
        return f"“{summed.field.question}” comes to {amount} for {items}"
    values = {IT: items, VALUE: amount}
    of_them = clause.subject == f"{{{IT}}}" and not items.startswith("the 1 ")
    said = agreeing(filled(clause.half(True), values), 2 if of_them else 1)
    return f"{filled(clause.subject, values)} {said} in all".strip()


def from_to(least: float, most: float) -> str:
    """An amount of which only a lowest and a highest may be known, as it is written."""
    if least == most:
        return _written(least)
    if isinf(most):
        return f"{_written(least)} or more"
    return f"{_written(most)} or less" if isinf(least) else f"{_written(least)} to {_written(most)}"


def _written(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def none_recorded(use: FactRead, whose: str = "") -> Saying:
    """That a list is recorded as empty; `whose`: ` for the second bicycle`."""
    if use.field.gathered and use.field.type.item is not None:
        return Saying(f"no {item_noun(use.field.type.item)} is listed{whose}")
    return Saying(f"the record says that there were no {items_noun(use)}{whose}")


def none_is(use: FactRead, what: str, whose: str = "") -> Saying:
    """That no item of a list is `what`."""
    if len(use.value) == 1:
        only = counted_items(use).removeprefix("1 ")
        return Saying(f"the only {only} listed{whose} is not {what}")
    return Saying(f"none of the {counted_items(use)}{whose} is {what}")


def none_called(use: FactRead, called: str, whose: str = "") -> Saying:
    """That a list that has items has none that is `called` so: *no worn part is among them*."""
    if len(use.value) == 1:
        return none_is(use, called, whose)
    among = f"among the {counted_items(use)} listed{whose}"
    if called.startswith("the "):
        return Saying(f"is not {among}", called)
    return Saying(f"is {among}", f"no {without_article(called)}")


def counted_items(use: FactRead) -> str:
    """How many items a list has, with what they are: `1 part`, `3 parts`."""
    if len(use.value) == 1 and use.field.type.item is not None:
        return f"1 {item_noun(use.field.type.item)}"
    return f"{len(use.value)} {items_noun(use)}"


def items_noun(use: FactRead) -> str:
    """What several items of a list are: by its name, or where theirs says more, by that."""
    name, item = in_words(use.field.name), use.field.type.item
    theirs = plural(item.name) if item is not None and item.name else ""
    says_more = (bool(theirs) and not name.endswith("s")) or theirs.lower().endswith(name.lower())
    return theirs if says_more else name


def without_article(noun: str) -> str:
    return noun.partition(" ")[2]


def sentences(statements: Iterable[Saying]) -> list[str]:
    """Statements as sentences: those about one thing joined, what is not recorded at the end."""
    return [as_sentence(text) for text in _texts(statements)]


def _texts(statements: Iterable[Saying]) -> list[str]:
    found = each_once(statements)
    known = [each for each in found if not each.missing]
    whether = [each for each in found if each.missing == "whether"]
    which = [each.text for each in found if each.missing == "which"]
    questions = [each.text for each in found if each.missing == "question"]
    made = [each.text for each in _joined(known, "and")]
    told = one_of([each.text for each in _joined(whether, "or")], "or")
    unknown = [f"whether {told}"] if whether else []
    if which:
        unknown.append(one_of(which, "or"))
    if unknown:
        what = "known" if "record" in told else "recorded"
        made.append(f"it is not {what} {', or '.join(unknown)}")
    if questions:
        made.append(f"not recorded: {', '.join(questions)}")
    return made


def each_once(statements: Iterable[Saying]) -> list[Saying]:
    """The statements without repeats, and without those that a longer one holds.

    Of a thing that was not done nothing more is said: not its day, its people, nor what else of it
    is not so. So *X on 4 May* goes beside *X on 4 May, late*.
    """
    found = list(dict.fromkeys(statements))
    if len(found) < 2:
        return found
    never_done = {each.undone for each in found} - {""}
    found = [
        each for each in found if each.undone or never_done.isdisjoint((each.subject, *each.about))
    ]
    return [each for each in found if not any(_has(other, each) for other in found)]


def first_of_each_group(statements: Iterable[Saying], names: Names) -> Iterator[Saying]:
    """Of a group in which nothing is recorded only what is asked first: that opens the rest.

    What begins like it is told with it: *had a history of violence or substance misuse*.
    """
    opened: dict[str, tuple[str, ...]] = {}
    for each in statements:
        group = names.unrecorded_group(each.pointer) if each.missing else ""
        begins = (each.subject, *each.predicate.split(" ")[:_LIKE])
        if not group or opened.setdefault(group, begins) == begins:
            yield each


def beside(told: Sequence[Saying], statements: Iterable[Saying]) -> list[Saying]:
    """Statements but for those that stand in what is told already, or that it stands in."""
    return [
        each
        for each in statements
        if each not in told and not any(_has(other, each) or _has(each, other) for other in told)
    ]


def _has(other: Saying, each: Saying) -> bool:
    if each.missing:
        is_told = bool(other.pointer) and not other.missing
        is_of_undone = bool(other.undone_facts) and each.pointer.startswith(other.undone_facts)
        is_how = each.pointer.startswith(other.pointer) and (
            each.pointer.removeprefix(other.pointer) in _HOW
        )
        return (is_told and is_how) or is_of_undone
    return other != each and f" {each.text}, " in f" {other.text}, "


def clauses(statements: Iterable[Saying]) -> str:
    """The same as part of a sentence."""
    return one_of(_texts(statements))


def joined_text(statements: Sequence[Saying]) -> str:
    """Statements of what would be so, as one clause."""
    return one_of([each.text for each in _joined(statements, "and")])


def _joined(statements: Sequence[Saying], word: str) -> Iterator[Saying]:
    """Statements of one subject as one, then those that say the same of several subjects."""
    if len(statements) == 1:
        yield from statements
        return
    by_subject: dict[str, list[str]] = {}
    for number, each in enumerate(statements):
        by_subject.setdefault(each.subject or f"\0{number}", []).append(each.predicate)
    by_predicates: dict[tuple[str, ...], list[str]] = {}
    for subject, predicates in by_subject.items():
        spoken_of = "" if subject.startswith("\0") else subject
        by_predicates.setdefault(tuple(predicates), []).append(spoken_of)
    for told, subjects in by_predicates.items():
        number = len(subjects) if word == "and" else 1
        said = [agreeing(predicate, number) for predicate in _merged(told, word)]
        yield Saying(one_of(said, word), one_of(subjects, word))


def _merged(predicates: Sequence[str], word: str) -> list[str]:
    """Predicates that begin alike as one: *did not cover the father or the mother*."""
    alike: dict[tuple[str, ...], list[list[str]]] = {}
    for predicate in predicates:
        words = predicate.split(" ")
        first = tuple(words[:_LIKE]) if len(words) > _LIKE else (predicate,)
        alike.setdefault(first, []).append(words)
    found = []
    for several in alike.values():
        same = _shared_words(several) if len(several) > 1 else 0
        start = " ".join(several[0][:same])
        rest = [" ".join(words[same:]) for words in several]
        last = "or" if is_negative(start) else word
        found.append(f"{start} {one_of(rest, last)}".strip())
    return found


def _shared_words(several: Sequence[Sequence[str]]) -> int:
    """With how many words several begin alike; each keeps one of its own."""
    shortest = min(map(len, several)) - 1
    alike = (len({words[place] for words in several}) == 1 for place in range(shortest))
    return next((place for place, same in enumerate(alike) if not same), shortest)


def agreeing(predicate: str, number: int) -> str:
    first, space, rest = predicate.partition(" ")
    if number < 2:
        return predicate
    return f"{_PLURAL.get(first) or _VERB_OF_ONE.sub('', first)}{space}{rest}"


def as_sentence(text: str) -> str:
    """A text with a capital and a full stop, which a question at its end takes the place of."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?”")) else ".")
