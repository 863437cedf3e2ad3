"""The types of facts, as the record schema declares them.

One value of `FactType` drives all uses of the schema: decoding, the checking of rules, the
explanation of findings and the documentation of facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from scr_audit.language.phrases import NO_NAME, NO_WORDS, Called, Words
from scr_audit.values.imprecise import Imprecise, Moment, in_zone, parse_date, parse_datetime

# What a fact holds: a bool, number, text, date or imprecise date, a list, a group, or None where
# nothing is recorded. The schema of a pack decides which at run time.
Value: TypeAlias = object
FactPath = tuple[str, ...]  # the names of groups and lists that lead to a fact, and its own
# What YAML and JSON files say, before anything is known of it.
Plain: TypeAlias = "bool | int | float | str | date | list[Plain] | dict[str, Plain] | None"


class Kind(Enum):
    """What sort of value a fact has; the value is the words used in messages."""

    BOOLEAN = "a yes/no fact"
    INTEGER = "a whole number"
    NUMBER = "a number"
    TEXT = "a text"
    CHOICE = "a choice"
    DATE = "a date"
    DATETIME = "a date and time"
    OBJECT = "a group of facts"
    LIST = "a list"
    OPEN = "an open group"


NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
DATES = frozenset({Kind.DATE, Kind.DATETIME})
WORDS = frozenset({Kind.TEXT, Kind.CHOICE})


@dataclass(frozen=True, eq=False)
class FactType:
    """The type of one fact. Two uses of one `$defs` entry are the same object.

    `choices` are the words of a CHOICE, `fields` the facts of an OBJECT, `item` the type of
    a LIST's items, `name` the title of an OBJECT (`conference`). `same_by` are the facts, by their
    steps, that tell whether two items of two lists are the same thing. `zone` is where a DATETIME
    without an offset is, `read_on` the fact of a record that says when its files were read.
    A DATE that `is_limit` is one by which something is due: of a month its last day counts.
    An OBJECT that `is_open` may hold in JSON what `fields` does not name; it is passed over. A LIST
    whose items have a `key` may be a map in JSON: each item stands under its fact of that name.
    `called` is what an item of a list is called, `words` what a choice reads as, where not as it is
    written, and `forms` the same under other names (`{agency as person}`). `look` is where
    an auditor finds the facts of an OBJECT.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    item: FactType | None = None
    name: str = ""
    minimum: float | None = None
    maximum: float | None = None
    is_open: bool = False
    same_by: tuple[tuple[str, ...], ...] = ()
    zone: ZoneInfo | None = None
    read_on: str = ""
    is_limit: bool = False
    called: Called = NO_NAME
    words: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    look: str = ""
    key: str = ""

    def moment(self, value: Value) -> Moment:
        """The moment that a DATE or a DATETIME holds. Raises `ValueError` where a text is none."""
        if isinstance(value, datetime) and self.zone is not None:
            return in_zone(value, self.zone)
        if isinstance(value, date | Imprecise):
            return value
        if not isinstance(value, str):
            raise ValueError("expected a date, or a text that is one")
        return parse_date(value) if self.zone is None else parse_datetime(value, self.zone)

    @property
    def group_item(self) -> FactType | None:
        """What an item of a list of groups is; None for every other fact."""
        return self.item if self.item is not None and self.item.kind is Kind.OBJECT else None

    def describe(self) -> str:
        """Words for messages: `a list (conference)`, `a choice`."""
        if self.kind is Kind.LIST and self.item:
            of = self.item.name or self.item.kind.value.split(" ", 1)[1]
            return f"a list ({of})"
        return self.kind.value


def attribute(name: str) -> str:
    """The attribute of a typed record that holds a fact: of `birth-date` it is `birth_date`.

    The schema refuses two facts of a group that would have the same.
    """
    return name.replace("-", "_")


def in_words(name: str) -> str:
    """The name of a fact or a list as people say it."""
    return name.replace("_", " ").replace("-", " ").strip()


def held(holder: object, name: str) -> Any:  # of the fact's type, which only the schema knows
    """What a typed record, group or item holds as the fact `name`."""
    return getattr(holder, name.replace("-", "_"))  # as `attribute`; it is asked very often


@dataclass(frozen=True, eq=False)
class Field:
    """One fact of an object: `ask` is the question to an auditor, `source` what can import it.

    A `quasi_identifier` helps to identify somebody, together with others. `complete` is the fact
    that says whether everything is in a list; None: the list is taken for complete. `says` are the
    words from which sentences about the fact are made, and `look` is where an auditor finds it.
    One that is `in_names` is meant to stand in the names of items, whatever it tells. A list that
    is `gathered` is made of other records, so that nobody says that it is empty.
    """

    name: str
    type: FactType
    required: bool = False
    ask: str = ""
    help: str = ""
    source: str = ""
    title: str = ""
    quasi_identifier: bool = False
    complete: Field | None = None
    says: Words = NO_WORDS
    look: str = ""
    in_names: bool = False
    gathered: bool = False

    @property
    def question(self) -> str:
        """The question an auditor is asked, or the field's name in words."""
        return self.ask or f"{self.title or in_words(self.name)}?"


SIGNED = ("by_role", "on")
"""Of a judgement: in which role somebody judged, and when."""


def is_judgement(fact: FactType) -> bool:
    """Whether a group is a judgement: a value, and in which role and when it was judged."""
    return "value" in fact.fields and "by_role" in fact.fields


def asked_within(group: Field, fact: Field) -> Field:
    """The fact as it is asked inside a group: by the group's question, if it has none itself.

    So a group that many facts share, such as a judgement with its role and date, is asked about
    in the words of each of them. Sentences about a yes/no fact in it are the group's, likewise.
    """
    ask, says = fact.ask, fact.says
    if group.ask and not (fact.ask or fact.title):
        ask = group.ask
    if group.says != NO_WORDS and says == NO_WORDS and fact.type.kind is Kind.BOOLEAN:
        says = group.says
    return fact if (ask, says) == (fact.ask, fact.says) else replace(fact, ask=ask, says=says)


def walk_fields(record: FactType, prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Every fact below `record` with its dotted path, in the schema's order; `[]` marks a list."""
    for name, item in record.fields.items():
        path = f"{prefix}{name}"
        yield path, item
        inner = item.type
        if inner.kind is Kind.LIST and inner.item is not None:
            path, inner = f"{path}[]", inner.item
        if inner.kind is Kind.OBJECT:
            yield from walk_fields(inner, f"{path}.")
