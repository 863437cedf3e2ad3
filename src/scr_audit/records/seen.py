"""Which record ids have been read already, in little memory.

A set of 200,000 texts takes some 25 MB. Here each id is kept as a 64-bit hash, in an open-addressed
table of machine words: 8 bytes a slot, between 40 % and 80 % of the slots in use, so 10 to 20 bytes
an id, and 2 MB for 200,000.
"""

from array import array

_EMPTY = 0
_WORD = (1 << 64) - 1
_FIRST_SLOTS = 1024
_LOAD_PERCENT = 80


class SeenIds:
    """The ids met so far.

    Two different ids of the same hash would be taken for one: among 200,000 ids the probability is
    about 1 in a thousand million, and the record would be reported, not dropped in silence.
    """

    __slots__ = ("_count", "_limit", "_slots")

    def __init__(self) -> None:
        """Start with no ids."""
        self._count = 0
        self._slots = _empty_slots(_FIRST_SLOTS)
        self._limit = _FIRST_SLOTS * _LOAD_PERCENT // 100

    def __len__(self) -> int:
        """Give the number of different ids added."""
        return self._count

    def add(self, id: str) -> bool:
        """Add an id; True the first time it is added, False after that."""
        if not _place(self._slots, hash(id) & _WORD or 1):
            return False
        self._count += 1
        if self._count >= self._limit:
            self._grow()
        return True

    def _grow(self) -> None:
        """Double the table, placing every hash anew."""
        slots = _empty_slots(2 * len(self._slots))
        for hashed in self._slots:
            if hashed != _EMPTY:
                _place(slots, hashed)
        self._slots = slots
        self._limit = len(slots) * _LOAD_PERCENT // 100


def _empty_slots(number: int) -> "array[int]":
    return array("Q", bytes(8)) * number


def _place(slots: "array[int]", hashed: int) -> bool:
    """Put a hash into the first free slot from its own; False if it is there already."""
    mask = len(slots) - 1
    position = hashed & mask
    while (found := slots[position]) != _EMPTY:
        if found == hashed:
            return False
        position = (position + 1) & mask
    slots[position] = hashed
    return True
