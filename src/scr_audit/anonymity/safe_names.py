"""Names of files that may stand in messages and reports: a name can hold an identifier too."""

from __future__ import annotations

from pathlib import Path

from scr_audit.anonymity.patterns import IDENTIFIERS, identifiers_in
from scr_audit.errors import InputError


def check_name(path: Path) -> None:
    """Refuse a file whose name tells who somebody is. Raises `InputError`, which does not say it.

    What is made of the file names it.
    """
    for span in identifiers_in(path.name.replace("_", " ")):
        raise InputError(
            f"the name of a file holds {IDENTIFIERS[span.kind].name}, and what is made of the file "
            "repeats its name; rename it"
        )


class SafeNames:
    """Gives each file a name to show: its own, or its number where that tells who it is about."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def shown(self, name: str) -> tuple[str, list[str]]:
        """The name to show, and the kinds of identifier in the real one, when first met."""
        is_new = name not in self._numbers
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        found = [span.kind for span in identifiers_in(name.replace("_", " "))]
        if not found:
            return name, []
        return f"input file {number}", found if is_new else []
