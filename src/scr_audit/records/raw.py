"""Raw records, as they stand in the files that a run reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from scr_audit.errors import RecordError

# A value as JSON has it, whose shape is only known once it was held against its fact's type. A
# recursive type would have to be narrowed again at every step of a walk that `FactType` directs.
Json: TypeAlias = Any

BESIDE_FACTS = ("kind", "provenance")
"""What a record may have beside the facts of its kind."""
TABLES = ".csv"
"""The suffix of a table, whose records carry the place of every cell."""
IN_MEMORY = "(records given by the caller)"
"""The name of the input that records given from Python are."""
RawData: TypeAlias = bytes | str | Mapping[str, Json] | RecordError


class RawRecord(msgspec.Struct, gc=False):
    """One record as it stands in the input: JSON text, a mapping, or why it is neither.

    A record that could not be put together has a `RecordError` in `data`. `place` is its pointer or
    its line; `kind` is known where its list's name tells it.
    """

    place: str | int
    data: RawData
    kind: str | None = None

    @property
    def position(self) -> str:
        """Where it stands, in words."""
        return f"line {self.place}" if isinstance(self.place, int) else self.place


@dataclass
class InputFile:
    """One input file: its name in reports, and its hash once it was read to the end."""

    name: str
    sha256: str = ""


@dataclass
class Inputs:
    """The files of a run, and what was read from them so far."""

    files: list[InputFile] = field(default_factory=list)

    def add(self, path: Path) -> InputFile:
        """A file by its name, in which bytes that are no text are written out."""
        source = InputFile(path.name.encode("utf-8", "backslashreplace").decode())
        self.files.append(source)
        return source

    def merged(self, other: Inputs) -> Inputs:
        """The files of both; records given in memory are one input, as they are in one run."""
        in_memory = any(file.name == IN_MEMORY for file in self.files)
        later = (file for file in other.files if not (in_memory and file.name == IN_MEMORY))
        return Inputs([*self.files, *later])
