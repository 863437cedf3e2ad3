"""Ids as people read them: the one spelling that is compared, what it looks like, who has it.

Everything that holds an id of a record against another uses `normal_id`. Two records whose ids are
two and look like one are kept as two, and told.
"""

from __future__ import annotations

import unicodedata
from array import array
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
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def normal_id(text: str) -> str:
    """The id as it is compared and printed: Unicode NFC, without white space around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def look(id: str) -> str:
    """What an id looks like: the same for ids that are easily taken for each other.

    That is Unicode NFKC and case folding, which also make wide letters plain, and then one letter
    for all that look alike, one dash for all dashes, and no white space or invisible character.
    """
    if not id.isascii():
        id = "".join(map(_plain_sign, unicodedata.normalize("NFKC", id)))
    return id.casefold().translate(_ALIKE)


def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    return "-" if category == _DASH else "" if category in _UNSEEN else sign


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


_FIRST_SLOTS = 1024
_LOAD_PERCENT = 80
_WORD = (1 << 64) - 1
_NEXT, _END = b"\xff", b"\xfe"  # no bytes of UTF-8


class SeenIds:
    """The ids met so far and where, in little memory.

    A dict of them takes some 300 bytes an id. Here ids and places stand one after the other
    as bytes; an open-addressed table of machine words leads from the hash of what an id looks like
    to the place of its first spelling among them: some 60 bytes an id, 12 MB for 200,000. Further
    spellings are few, and stand in a list.
    """

    __slots__ = ("_count", "_files", "_hashes", "_limit", "_others", "_starts", "_texts")

    def __init__(self) -> None:
        """Start with no ids."""
        self._texts = bytearray()
        self._files: list[str] = []
        self._others: dict[str, list[Earlier]] = {}
        self._count = 0
        self._make(_FIRST_SLOTS)

    def __len__(self) -> int:
        """Give the number of different looks added."""
        return self._count

    def add(self, kind: str, id: str, file: str, position: str) -> Earlier | None:
        """Add a record's id, as `normal_id` gives it.

        Gives the earlier record of the same id if there is one, else the first whose id looks like
        it, else None.
        """
        name = f"{kind} {look(id)}"
        hashed = hash(name) & _WORD
        slot = self._slot(hashed, name)
        if not self._starts[slot]:
            self._keep(slot, hashed, _entry(kind, id, position, self._file(file)))
            return None
        first = self._at(self._starts[slot])[1]
        others = self._others.get(name, ())
        same = next((each for each in (first, *others) if each.id == id), None)
        if same is None:
            self._others.setdefault(name, []).append(Earlier(id, file, position))
        return same or first

    def _file(self, name: str) -> str:
        """The number of a file; batches of one file follow each other."""
        if not self._files or self._files[-1] != name:
            self._files.append(name)
        return str(len(self._files) - 1)

    def _keep(self, slot: int, hashed: int, entry: bytes) -> None:
        self._hashes[slot] = hashed
        self._starts[slot] = len(self._texts) + 1  # 0 is a free slot
        self._texts += entry
        self._count += 1
        if self._count >= self._limit:
            self._grow()

    def _slot(self, hashed: int, name: str) -> int:
        """The slot of what looks like `name`, or the free one for it.

        Two names of one hash are told apart by the texts themselves.
        """
        mask = len(self._starts) - 1
        slot = hashed & mask
        while start := self._starts[slot]:
            if self._hashes[slot] == hashed:
                kind, found = self._at(start)
                if f"{kind} {look(found.id)}" == name:
                    break
            slot = (slot + 1) & mask
        return slot

    def _at(self, start: int) -> tuple[str, Earlier]:
        """The kind and the record that stand at a place of the texts."""
        end = self._texts.index(_END, start - 1)
        kind, id, position, file = (
            part.decode("utf-8", "surrogatepass")
            for part in self._texts[start - 1 : end].split(_NEXT)
        )
        return kind, Earlier(id, self._files[int(file)], position)

    def _grow(self) -> None:
        """Double the table, placing every hash anew."""
        full = zip(self._hashes, self._starts, strict=True)
        self._make(2 * len(self._starts))
        mask = len(self._starts) - 1
        for hashed, start in full:
            if start:
                slot = hashed & mask
                while self._starts[slot]:
                    slot = (slot + 1) & mask
                self._hashes[slot], self._starts[slot] = hashed, start

    def _make(self, slots: int) -> None:
        self._hashes, self._starts = (array("Q", bytes(8)) * slots for _ in range(2))
        self._limit = slots * _LOAD_PERCENT // 100


def _entry(*parts: str) -> bytes:
    return _NEXT.join([part.encode("utf-8", "surrogatepass") for part in parts]) + _END
