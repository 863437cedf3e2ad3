"""Where the files of a pack are, told without the folders of the machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

WORKING = "%SRCROOT%"  # the name that servers expect for the root of the sources
PACKS = "PACKS"
_SEP = re.escape(os.sep)


@dataclass(frozen=True)
class Located:
    """A file: its path below the folder `base`, with forward slashes."""

    base: str
    path: str


@dataclass(frozen=True)
class Places:
    """Turns the files of a pack into paths below the working folder, or below its own parent.

    `working` and `pack` are absolute folders, `target` is what `pack` leads to.
    """

    working: Path
    pack: Path
    target: Path

    def located(self, file: str) -> Located:
        """The file below the first folder that holds it; its bare name where none does."""
        whole = PurePath(os.path.normpath(self.working / file))
        for base, folder in self._bases():
            if whole.is_relative_to(folder):
                return Located(base, whole.relative_to(folder).as_posix())
        return Located(PACKS, whole.name)

    def path(self, file: str) -> str:
        """The same path for people."""
        return self.located(file).path

    def words(self, text: str) -> str:
        """A message without the folders of the machine in the places that it names."""
        for _, folder in self._bases():
            if folder.name:  # the root is in every path, and tells nothing
                text = re.sub(rf"(?<![\w.{_SEP}-]){re.escape(str(folder))}{_SEP}", "", text)
        return text

    def _bases(self) -> Iterator[tuple[str, PurePath]]:
        yield WORKING, self.working
        for folder in (self.pack, self.target):
            yield PACKS, PurePath(os.path.normpath(folder)).parent
