"""Ids as people read them: what an id looks like, and who has it.

An id is compared as every text is, in the spelling of `normal_text`. Records whose ids differ and
look alike stay two records, and are reported.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from scr_audit.errors import within
from scr_audit.values.text import is_blank

# Letters that look alike in one of their cases, by the small letter: those of Greek and Cyrillic
# to which the Unicode Consortium's list of confusable characters (UTS #39) gives a Latin one, and
# the letters that are taken for digits. White space and control characters are not seen.
_ALIKE = str.maketrans(
    "αβεζηικμνορτυχ" "авекмнорстухіјѕһԁԛԝ" "oil|ı",
    "abezh1kmn0ptyx" "abekmh0pctyx1jshdqw" "01111",
    "".join(map(chr, [*range(33), 127])),
)  # fmt: skip
_DASH = "Pd"
_ALSO_DASHES = "\u2212\u02d7\u2043"  # a minus, and two that UTS #39 gives a hyphen


def skeleton(id: str) -> str:
    """What an id looks like: the same for ids that are easily taken for each other.

    As the skeleton of UTS #39, and coarser: Unicode NFKC and case folding, which also make wide
    letters plain, then one letter for all that look alike, one dash for all dashes, and no white
    space or invisible character.
    """
    if not id.isascii():
        id = "".join(map(_plain_sign, unicodedata.normalize("NFKC", id)))
    return id.casefold().translate(_ALIKE)


def _plain_sign(sign: str) -> str:
    if unicodedata.category(sign) == _DASH or sign in _ALSO_DASHES:
        return "-"
    return "" if is_blank(sign) else sign


@dataclass(frozen=True)
class Earlier:
    """An earlier record that has the same id, or another one that looks like it.

    `number` counts the records before it.
    """

    id: str
    file: str
    position: str
    number: int = field(default=0, compare=False)

    @property
    def place(self) -> str:
        """The file and the place in it."""
        return within(self.file, self.position)

    def looks_like(self, so: str) -> str:
        """The message that a later id looks like this one; `so`: what was made of the two."""
        return (
            f"its id is easily taken for '{self.id}' ({self.place}); {so}. If they are one, give "
            "both the same id"
        )


class SeenIds:
    """The ids met so far and where.

    For each look the first record that has it is kept, in 45 to 60 bytes: 11 MB for 200,000. The
    idea is that of Python's own dict, without an object for every key: `_entries` holds the records
    as text, one after the other, and `_slots` is a hash table with open addressing, at most two
    thirds full, of where each begins. Further spellings are few, and in a list.
    """

    __slots__ = ("_count", "_entries", "_looks", "_numbers", "_others", "_slots", "_sources")

    def __init__(self) -> None:
        """Start with no ids."""
        self._count = 0
        self._looks = 0
        self._sources: dict[tuple[str, str], str] = {}  # each kind and file, by its number
        self._numbers: dict[str, tuple[str, str]] = {}
        self._entries = bytearray(_END)  # so that none begins at 0: a slot of 0 is empty
        self._slots = array("Q", bytes(8 * _FEWEST_SLOTS))
        self._others: dict[str, list[Earlier]] = {}

    def __len__(self) -> int:
        """Give the number of different looks added."""
        return self._looks

    def __getstate__(self) -> tuple[object, ...]:
        """Give all but the slots: Python hashes a text differently in every process."""
        return self._count, self._looks, self._sources, self._entries, self._others

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Take what `__getstate__` gave."""
        self._count, self._looks, self._sources, self._entries, self._others = state
        self._numbers = {number: source for source, number in self._sources.items()}
        slots = (_slot(self._at(start)[0], start) for start in self._starts())
        self._fill(max(_FEWEST_SLOTS, 2 ** (2 * self._looks).bit_length()), slots)

    def add(self, kind: str, id: str, file: str, position: str) -> Earlier | None:
        """Add a record's id, as `normal_text` gives it.

        Gives the earlier record of the same id if there is one, else the first whose id looks like
        it, else None.
        """
        name = f"{kind} {skeleton(id)}"
        new = Earlier(id, file, position, self._count)
        self._count += 1
        place = self._place(name)
        if not self._slots[place]:
            self._keep(place, name, new)
            return None
        first = self._at(self._slots[place] & _START)[1]
        others = self._others.setdefault(name, [])
        same = next((each for each in (first, *others) if each.id == id), None)
        if same is None:
            others.append(new)
        return same or first

    def like(self, kind: str, id: str) -> str | None:
        """The first id that looks like `id`, which it may be itself; None where there is none."""
        first = self._first(f"{kind} {skeleton(id)}")
        return None if first is None else first.id

    def look_alikes(self) -> Iterator[tuple[Earlier, Earlier]]:
        """Each record whose id looks like an earlier one, and the first that it looks like."""
        for name, others in self._others.items():
            first = self._first(name)
            assert first is not None
            for later in others:
                yield later, first

    def same_in(self, later: SeenIds) -> tuple[str, Earlier, Earlier] | None:
        """The first record of `later` that is here too: its kind, and its place here and there."""
        found = (
            (theirs.number, name, mine, theirs)
            for name, first in later._all()
            if (known := self._first(name)) is not None
            for mine in (known, *self._others.get(name, ()))
            for theirs in (first, *later._others.get(name, ()))
            if mine.id == theirs.id
        )
        first = min(found, key=lambda each: each[0], default=None)
        return None if first is None else (first[1].partition(" ")[0], *first[2:])

    def merged(self, later: SeenIds) -> SeenIds:
        """The ids of both, of which none is the same, as if they had been added one by one."""
        whole = SeenIds()
        whole._count, whole._looks = self._count + later._count, self._looks
        whole._sources, whole._entries = dict(self._sources), self._entries[:]
        whole._numbers = dict(self._numbers)
        whole._slots = self._slots[:]
        whole._others = {name: list(others) for name, others in self._others.items()}
        for name, first in later._all():
            moved = [
                replace(each, number=each.number + self._count)
                for each in (first, *later._others.get(name, ()))
            ]
            place = whole._place(name)
            if not whole._slots[place]:
                whole._keep(place, name, moved.pop(0))
            if moved:
                whole._others.setdefault(name, []).extend(moved)
        return whole

    def _all(self) -> Iterator[tuple[str, Earlier]]:
        """Each look, by the kind and the skeleton, and the first record that has it."""
        return map(self._at, self._starts())

    def _first(self, name: str) -> Earlier | None:
        slot = self._slots[self._place(name)]
        return self._at(slot & _START)[1] if slot else None

    def _place(self, name: str) -> int:
        """The place of the slot of a look, or of the empty one that it would have."""
        slots, mark = self._slots, hash(name) & _MARKS
        mask = len(slots) - 1
        place = mark & mask
        while slot := slots[place]:
            if slot >> _START_BITS == mark and self._at(slot & _START)[0] == name:
                break
            place = (place + 1) & mask
        return place

    def _at(self, start: int) -> tuple[str, Earlier]:
        """The look and the record of the entry that begins there."""
        entry = self._entries[start : self._entries.index(_END, start)]
        # No pointer holds a NUL; an id may.
        source, position, number, id = entry.decode(*_UTF8).split("\0", 3)
        kind, file = self._numbers[source]
        return f"{kind} {skeleton(id)}", Earlier(id, file, position, int(number))

    def _keep(self, place: int, name: str, first: Earlier) -> None:
        """Put the first record that has a look into an empty slot."""
        source = name.partition(" ")[0], first.file
        number = self._sources.setdefault(source, str(len(self._sources)))
        self._numbers.setdefault(number, source)
        entry = f"{number}\0{first.position}\0{first.number}\0{first.id}"
        self._slots[place] = _slot(name, len(self._entries))
        self._entries += entry.encode(*_UTF8) + _END
        self._looks += 1
        if 3 * self._looks > 2 * len(self._slots):
            self._fill(2 * len(self._slots), filter(None, self._slots))

    def _fill(self, count: int, slots: Iterable[int]) -> None:
        """Make a table of a number of slots that is a power of two, and these in it."""
        table, mask = array("Q", bytes(8 * count)), count - 1
        for slot in slots:
            place = slot >> _START_BITS & mask
            while table[place]:
                place = (place + 1) & mask
            table[place] = slot
        self._slots = table

    def _starts(self) -> Iterator[int]:
        """Where each entry begins."""
        start = len(_END)
        while start < len(self._entries):
            yield start
            start = self._entries.index(_END, start) + len(_END)


_UTF8 = "utf-8", "surrogatepass"
_END = b"\xff"  # which is in no UTF-8
_FEWEST_SLOTS = 1024
# A slot: where the entry begins, and above it a part of the hash, so that few entries are compared.
_START_BITS = 34
_START: int = 2**_START_BITS - 1
_MARKS: int = 2 ** (64 - _START_BITS) - 1


def _slot(name: str, start: int) -> int:
    return (hash(name) & _MARKS) << _START_BITS | start


class LookAlikes:
    """The ids of several sources; `messages` tell which look like an earlier one."""

    def __init__(self) -> None:
        self._seen = SeenIds()
        self.messages: list[str] = []

    def add(self, kind: str, id: str, file: str, position: str = "") -> None:
        """Add a record by its id, as `normal_text` gives it."""
        earlier = self._seen.add(kind, id, file, position)
        if earlier is not None and earlier.id != id:
            where = within(file, position)
            so = "they were taken as two records"
            self.messages.append(f"{where} (record {id}): {earlier.looks_like(so)}")
