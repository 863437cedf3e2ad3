"""Ids as people read them: what an id looks like, and who has it.

An id is compared as every text is, in the spelling of `normal_text`. Two records whose ids are two
and look like one are kept as two, and told.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Letters that look alike in one of their cases, by the small letter: those of Greek and Cyrillic
# to which the Unicode Consortium's list of confusable characters (UTS #39) gives a Latin one, and
# the letters that are taken for digits. White space and control characters are not seen.
_ALIKE = str.maketrans(
    "αβεζηικμνορτυχ" "авекмнорстухіјѕһԁԛԝ" "oil|",
    "abezh1kmn0ptyx" "abekmh0pctyx1jshdqw" "0111",
    "".join(map(chr, [*range(33), 127])),
)  # fmt: skip
_DASH = "Pd"
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp")


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
    category = unicodedata.category(sign)
    return "-" if category == _DASH else "" if category in _INVISIBLE else sign


@dataclass(frozen=True)
class Earlier:
    """An earlier record that has the same id, or another one that looks like it."""

    id: str
    file: str
    position: str

    @property
    def place(self) -> str:
        """The file and the place in it."""
        return f"{self.file}, {self.position}".removesuffix(", ")

    def looks_like(self, so: str) -> str:
        """That a later id is taken for this one easily; `so`: what was made of the two."""
        return (
            f"its id is easily taken for '{self.id}' ({self.place}); {so}. If they are one, give "
            "both the same id"
        )


class SeenIds:
    """The ids met so far and where.

    For each look the first record that has it is kept as one text, which takes half the room of
    three: 200 to 250 bytes an id, 50 MB for 200,000. Further spellings are few, and in a list.
    """

    __slots__ = ("_first", "_others")

    def __init__(self) -> None:
        """Start with no ids."""
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
        entry = f"{file}\0{position}\0{id}"
        kept = self._first.setdefault(name, entry)
        if kept is entry:
            return None
        found, at, known = kept.split("\0", 2)  # no path and no pointer holds a NUL
        first = Earlier(known, found, at)
        others = self._others.setdefault(name, [])
        same = next((each for each in (first, *others) if each.id == id), None)
        if same is None:
            others.append(Earlier(id, file, position))
        return same or first
