"""Ids as people read them: what an id looks like, and who has it.

An id is compared as every text is, in the spelling of `normal_text`. Records whose ids differ and
look alike stay two records, and are reported.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

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

    For each look the first record that has it is kept as one text, which takes half the room of
    four: 200 to 250 bytes an id, 50 MB for 200,000. Further spellings are few, and in a list.
    """

    __slots__ = ("_count", "_first", "_others")

    def __init__(self) -> None:
        """Start with no ids."""
        self._count = 0
        self._first: dict[str, str] = {}
        self._others: dict[str, list[Earlier]] = {}

    def __len__(self) -> int:
        """Give the number of different looks added."""
        return len(self._first)

    def add(self, kind: str, id: str, file: str, position: str) -> Earlier | None:
        """Add a record's id, as `normal_text` gives it.

        Gives the earlier record of the same id if there is one, else the first whose id looks like
        it, else None.
        """
        name = f"{kind} {skeleton(id)}"
        number = self._count
        self._count += 1
        entry = f"{number}\0{file}\0{position}\0{id}"
        kept = self._first.setdefault(name, entry)
        if kept is entry:
            return None
        first = _earlier(kept)
        others = self._others.setdefault(name, [])
        same = next((each for each in (first, *others) if each.id == id), None)
        if same is None:
            others.append(Earlier(id, file, position, number))
        return same or first

    def like(self, kind: str, id: str) -> str | None:
        """The first id that looks like `id`, which it may be itself; None where there is none."""
        entry = self._first.get(f"{kind} {skeleton(id)}")
        return None if entry is None else _earlier(entry).id

    def look_alikes(self) -> Iterator[tuple[Earlier, Earlier]]:
        """Each record whose id looks like an earlier one, and the first that it looks like."""
        for name, others in self._others.items():
            for later in others:
                yield later, _earlier(self._first[name])

    def same_in(self, later: SeenIds) -> tuple[str, Earlier, Earlier] | None:
        """The first record of `later` that is here too: its kind, and its place here and there."""
        found = (
            (theirs.number, name, mine, theirs)
            for name in later._first
            if name in self._first
            for mine in self._of(name)
            for theirs in later._of(name)
            if mine.id == theirs.id
        )
        first = min(found, key=lambda each: each[0], default=None)
        return None if first is None else (first[1].partition(" ")[0], *first[2:])

    def merged(self, later: SeenIds) -> SeenIds:
        """The ids of both, of which none is the same, as if they had been added one by one."""
        whole = SeenIds()
        whole._count = self._count + later._count
        whole._first = dict(self._first)
        whole._others = {name: list(others) for name, others in self._others.items()}
        for name in later._first:
            moved = [replace(e, number=e.number + self._count) for e in later._of(name)]
            if name not in whole._first:
                first = moved.pop(0)
                whole._first[name] = f"{first.number}\0{first.file}\0{first.position}\0{first.id}"
            if moved:
                whole._others.setdefault(name, []).extend(moved)
        return whole

    def _of(self, name: str) -> list[Earlier]:
        return [_earlier(self._first[name]), *self._others.get(name, ())]


def _earlier(entry: str) -> Earlier:
    number, file, position, id = entry.split("\0", 3)  # no path and no pointer holds a NUL
    return Earlier(id, file, position, int(number))


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
