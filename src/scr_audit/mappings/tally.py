"""What became of each element: how often, and where first; never its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from scr_audit.mappings.mapping import ImportMapping
from scr_audit.values.text import counted

MOST_NAMES = 1_000
_PLAIN = re.compile(r"[@A-Za-z_][A-Za-z_.-]*(?:[0-9]{1,2}[A-Za-z_.-]*){0,2}\Z")
LONGEST_NAME = 60


class Fate(Enum):
    """What became of an element; the value heads its part of the report."""

    IMPORTED = "imported"
    COARSENED = "coarsened"
    IDENTIFIABLE = "left out because it identifies somebody"
    NO_FACT = "left out because the records have no fact for it"
    NOT_NEEDED = "left out because it is not needed"
    SAYS_NOTHING = "read, and says nothing that a fact could hold"
    WITHDRAWN = "taken back by the sender"
    UNFIT = "not converted, so the fact stays not recorded"
    UNKNOWN = "unknown to the mapping"


LEFT_OUT = {
    "identifiable": Fate.IDENTIFIABLE,
    "no_fact": Fate.NO_FACT,
    "not_needed": Fate.NOT_NEEDED,
}


class ElementFate(NamedTuple):
    """What became of the element at `place`; `path` is its name in the mapping."""

    fate: Fate
    path: str
    place: str
    line: int = 0
    words: str = ""

    @property
    def where(self) -> str:
        """Its place, with its line where it is known."""
        return placed(self.place, self.line)


def placed(place: str, line: int) -> str:
    """A place, with its line where it is known."""
    return f"{place} (line {line})" if line else place


@dataclass
class ElementCount:
    """How often something happened to one element, and where first."""

    number: int
    where: str


@dataclass
class Tally:
    """The counts of one import, by fate, element path and words (a reason, or what was expected).

    `joined` has, of each record that stood in several places, these places in words;
    `contradictions` those of the elements that say different things about one fact, `alike` those
    that may tell of the same thing. At most a
    thousand unknown elements are told apart; the others are counted together.
    """

    records: int = 0
    joined: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    counts: dict[tuple[Fate, str, str], ElementCount] = field(default_factory=dict)
    unknown_names: int = 0

    def take(self, entries: Iterable[ElementFate]) -> None:
        """Count elements."""
        for entry in entries:
            self._add(entry)

    def _add(self, entry: ElementFate) -> None:
        fate, path, words = entry.fate, entry.path, entry.words
        count = self.counts.get((fate, path, words))
        if count is not None:
            count.number += 1
            return
        if fate is Fate.UNKNOWN:
            self.unknown_names += 1
            if self.unknown_names > MOST_NAMES:
                path = "(further names)"
                if (fate, path, words) in self.counts:
                    self.counts[fate, path, words].number += 1
                    return
        self.counts[fate, path, words] = ElementCount(1, entry.where)

    def of(self, fate: Fate) -> list[tuple[str, str, ElementCount]]:
        """Path, words and count of everything with this fate, in the order it was met."""
        return [
            (path, words, count) for (each, path, words), count in self.counts.items()
            if each is fate
        ]  # fmt: skip

    def total(self, fate: Fate) -> int:
        """How many elements had this fate."""
        return sum(count.number for _, _, count in self.of(fate))


def safe_name(name: str) -> str:
    """An unknown element's name, unless it looks like a value that was put in its place."""
    plain = len(name) <= LONGEST_NAME and _PLAIN.match(name)
    return name if plain else "(a name that may be a value)"


ALWAYS_LISTED = (Fate.COARSENED, Fate.IDENTIFIABLE, Fate.WITHDRAWN, Fate.UNFIT)
ON_REQUEST = (Fate.NO_FACT, Fate.NOT_NEEDED, Fate.SAYS_NOTHING, Fate.UNKNOWN)
SHOWN_UNKNOWN = 5
SHOWN_PLACES = 10


def report_lines(
    tally: Tally, mapping: ImportMapping, *, source: str, whole: bool, hint: str = "whole=True"
) -> list[str]:
    """The report's lines; `whole` lists all, and `hint` says how to ask for that."""
    records = counted(tally.records, "record")
    lines = [f"{source}: {records} by the mapping {mapping.name} ({mapping.title})"]
    lines += _places("joined, since they have one id", "joined", tally.joined)
    lines += _places(
        "contradict each other, so none is recorded", "contradict each other", tally.contradictions
    )
    lines += _places("may be one; both are recorded", "may be one", tally.alike)
    lines.append("")
    for fate in Fate:
        lines += _part(tally, fate, whole, hint)
    return lines


def _places(words: str, short: str, places: list[str]) -> Iterator[str]:
    yield from (f"{words}: {each}" for each in places[:SHOWN_PLACES])
    if len(places) > SHOWN_PLACES:
        yield f"{short}: {len(places) - SHOWN_PLACES:,} more, not listed"


def _part(tally: Tally, fate: Fate, whole: bool, hint: str) -> Iterator[str]:
    found = sorted(tally.of(fate), key=lambda entry: entry[:2])
    yield f"{tally.total(fate):>10,}  {fate.value}"
    if fate in ALWAYS_LISTED or (whole and fate in ON_REQUEST):
        for entry in found:
            yield from _entry(*entry)
    elif fate is Fate.UNKNOWN:
        for entry in found[:SHOWN_UNKNOWN]:
            yield from _entry(*entry)
        if len(found) > SHOWN_UNKNOWN:
            yield f"{'':>12}… and {len(found) - SHOWN_UNKNOWN:,} more: {hint}"


def _entry(path: str, words: str, count: ElementCount) -> Iterator[str]:
    yield f"{count.number:>14,}  {path}, first at {count.where}"
    if words:
        yield f"{'':>16}{words}"
