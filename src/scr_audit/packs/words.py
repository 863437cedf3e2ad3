"""The words of a record schema from which sentences are made, read and checked.

`x-says` and `x-unknown` of a fact, `x-look` of a fact or a group, `x-called` of an item of a list,
`x-words` and `x-words-as` of a choice. Each mistake is told at its place, and what is wrong is left
out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scr_audit.errors import did_you_mean, listed
from scr_audit.language.checker import KeyPath
from scr_audit.language.phrases import (
    MOST_IN_CLAUSE,
    NO_NAME,
    NO_WORDS,
    Called,
    Words,
    check_look,
    check_words,
    clause_of,
    places_of,
    unknown_of,
)
from scr_audit.language.types import DATES, FactType, Field, Kind
from scr_audit.values.text import as_written

SAYS, UNKNOWN, LOOK = "x-says", "x-unknown", "x-look"
CALLED, CHOICES, FORMS = "x-called", "x-words", "x-words-as"
IN_NAMES = "x-in-names"


@dataclass(frozen=True)
class WordsReader:
    """Reads the words beside a fact.

    `problem` takes the path of a mistake and its message, `warning` that of what may be meant so.
    """

    problem: Callable[[KeyPath, str], None]
    warning: Callable[[KeyPath, str], None]

    def says(self, raw: Mapping[str, object], fact: FactType, path: KeyPath) -> Words:
        """The words for sentences about a fact. A group has those of the yes/no facts in it."""
        clause, unknown = None, ""
        if SAYS in raw and (fact.kind is Kind.OPEN or fact.group_item is not None):
            self.problem(
                (*path, SAYS), f"{fact.kind.value} has no '{SAYS}'; its facts may have one"
            )
        elif not isinstance(said := raw.get(SAYS, ""), str):
            what = f"expected a text, such as {{it}} [was|was not] made; found {as_written(said)}"
            self.problem((*path, SAYS), what)
        elif SAYS in raw:
            of_day = fact.kind in DATES
            of_value = not of_day and fact.kind not in (Kind.BOOLEAN, Kind.OBJECT)
            try:
                clause = clause_of(said, of_day=of_day, of_value=of_value)
            except ValueError as error:
                self.problem((*path, SAYS), str(error))
        if clause is not None and clause.words > MOST_IN_CLAUSE:
            self.warning((*path, SAYS), f"a clause of {clause.words} words; more than "
                f"{MOST_IN_CLAUSE} are hard to read in a sentence; say it shorter")  # fmt: skip
        if UNKNOWN in raw:
            try:
                unknown = unknown_of(raw[UNKNOWN])
            except ValueError as error:
                self.problem((*path, UNKNOWN), str(error))
        return Words(clause, unknown) if clause or unknown else NO_WORDS

    def look(self, raw: Mapping[str, object], path: KeyPath) -> str:
        """Where an auditor finds a fact, or the facts of a group."""
        if LOOK not in raw:
            return ""
        try:
            return check_look(raw[LOOK])
        except ValueError as error:
            self.problem((*path, LOOK), str(error))
            return ""

    def choices(self, raw: object, choices: Sequence[str], path: KeyPath) -> dict[str, str]:
        """What choices read as."""
        if not isinstance(raw, dict):
            self.problem(path, "expected words for choices, such as {half_day: half-day}")
            return {}
        found = {}
        for choice, words in raw.items():
            if choice not in choices:
                hint = did_you_mean(str(choice), choices) or f" Choices: {listed(choices)}."
                self.problem((*path, choice), f"there is no choice '{choice}'.{hint}")
            elif places_of(str(words)):
                self.problem((*path, choice), "the words of a choice have no places in braces")
            elif self._is_plain(str(words), (*path, choice)):
                found[choice] = str(words)
        return found

    def called(self, raw: object, fields: Mapping[str, Field], path: KeyPath) -> Called:
        """What an item is called: names, or names by a choice in it."""
        if raw is None:
            return NO_NAME
        if raw == []:
            self.problem(path, "expected at least one name, such as the {type} meeting of {date}")
        if not isinstance(raw, dict):
            return Called(tuple(self._names(raw, fields, path)))
        by = raw.get("by", "")
        choices = fields[by].type.choices if isinstance(by, str) and by in fields else ()
        if not choices:
            self.problem(path, f"'by' names a choice of the item; found {as_written(by)}")
            return NO_NAME
        each = {}
        for key, names in raw.items():
            if key in choices:
                each[key] = tuple(self._names(names, fields, (*path, key)))
            elif key not in ("by", "otherwise"):
                hint = did_you_mean(str(key), [*choices, "otherwise"])
                self.problem((*path, key), f"'{key}' is no choice of '{by}'.{hint}")
        otherwise = self._names(raw.get("otherwise", []), fields, (*path, "otherwise"))
        return Called(tuple(otherwise), by, each)

    def _names(self, raw: object, fields: Mapping[str, Field], path: KeyPath) -> Iterator[str]:
        names = raw if isinstance(raw, list) else [raw]
        for place, name in enumerate(names):
            at = (*path, place) if isinstance(raw, list) else path
            if not isinstance(name, str):
                self.problem(at, "a name is a text, such as the {type} meeting of {date}")
                continue
            wrong = next((p for p in places_of(name) if not _is_place(p, fields)), None)
            if wrong is not None:
                self.problem(at, _no_place(wrong, fields))
            elif self._is_plain(name, at):
                self._warn_of_places(name, fields, at)
                yield name

    def _warn_of_places(self, name: str, fields: Mapping[str, Field], path: KeyPath) -> None:
        """Names stand in every document: free text may name somebody, other facts add up to it."""
        for place in places_of(name):
            fact = _fact_at(place.partition(" as ")[0], fields)
            if fact is None or fact.in_names:
                continue
            if fact.quasi_identifier or fact.type.kind is Kind.TEXT:
                what = "a quasi-identifier" if fact.quasi_identifier else "free text"
                self.warning(path, f"{{{place}}} is {what}, and a name is read by everybody; leave "
                    f"it out, or write {IN_NAMES}: true beside '{fact.name}'")  # fmt: skip

    def _is_plain(self, text: str, path: KeyPath) -> bool:
        try:
            check_words(text)
        except ValueError as error:
            self.problem(path, str(error))
            return False
        return True


def _no_place(place: str, fields: Mapping[str, Field]) -> str:
    """What to say of a place in a name that can never be filled."""
    path, _, form = place.partition(" as ")
    if form and _is_place(path, fields):
        return (
            f"there are no words of the form '{form}' of '{path}'; expected {FORMS} beside its "
            f"enum, such as {FORMS}: {{{form}: {{a_choice: its words}}}}"
        )
    hint = did_you_mean(path, fields) or f" Facts here: {listed(fields)}."
    return f"there is no '{path}' here.{hint}"


def _is_place(place: str, fields: Mapping[str, Field]) -> bool:
    """Whether a place in a name is a fact of the item, perhaps in another form of its words."""
    path, _, form = place.partition(" as ")
    fact = _fact_at(path, fields)
    if fact is None or fact.type.kind in (Kind.OBJECT, Kind.OPEN, Kind.LIST):
        return False
    return not form or form in fact.type.forms


def _fact_at(path: str, fields: Mapping[str, Field]) -> Field | None:
    known, fact = fields, None
    for step in path.split("."):
        fact = known.get(step)
        known = fact.type.fields if fact is not None else {}
    return fact
