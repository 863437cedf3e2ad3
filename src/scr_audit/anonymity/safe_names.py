"""Names of files that may stand in messages and reports: a name can hold an identifier too."""

from __future__ import annotations

from scr_audit.anonymity.patterns import identifiers_in


class SafeNames:
    """Gives each file a name to show: its own, or its number where that tells who it is about."""

    def __init__(self) -> None:
        self._hidden: list[str] = []

    def shown(self, name: str) -> tuple[str, list[str]]:
        """The name to show, and the kinds of identifier in the real one, when first met."""
        found = [span.kind for span in identifiers_in(name.replace("_", " "))]
        if not found:
            return name, []
        is_new = name not in self._hidden
        if is_new:
            self._hidden.append(name)
        return f"input file {self._hidden.index(name) + 1}", found if is_new else []
