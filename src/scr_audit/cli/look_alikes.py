"""Records of two sources whose ids are two and look like one: kept as two, and told."""

from __future__ import annotations

from collections.abc import Sequence

from scr_audit.cli.streams import say
from scr_audit.records.ids import SeenIds
from scr_audit.report.wording import one_line

_MOST_SHOWN = 20


class LookAlikes:
    """The records of the sources of one command, each told that looks like an earlier one."""

    def __init__(self) -> None:
        """Start with no records."""
        self._seen = SeenIds()
        self._told: list[str] = []

    def add(self, kind: str, id: str, file: str, position: str = "") -> None:
        """Add a record by its id, as `normal_id` gives it."""
        earlier = self._seen.add(kind, id, file, position)
        if earlier is not None and earlier.id != id:
            where = f"{file}, {position}".removesuffix(", ")
            so = "they were taken as two records"
            self._told.append(f"{where} (record {id}): {earlier.looks_like(so)}")

    def say(self) -> None:
        """Say what was found."""
        say_look_alikes(self._told)


def say_look_alikes(told: Sequence[str]) -> None:
    """Say which records may be there twice, the first of them singly."""
    for words in told[:_MOST_SHOWN]:
        say(one_line(f"may be there twice: {words}"))
    if len(told) > _MOST_SHOWN:
        say(f"may be there twice: {len(told) - _MOST_SHOWN:,} more, not listed")
