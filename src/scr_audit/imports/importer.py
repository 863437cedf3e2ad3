"""One import: a source file, a mapping and a key give records and a tally."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scr_audit.errors import InputError
from scr_audit.imports.json_source import read_json
from scr_audit.imports.mapping import ImportMapping
from scr_audit.imports.nodes import Found, Outside
from scr_audit.imports.pseudonyms import Key
from scr_audit.imports.record import RecordMaker
from scr_audit.imports.tally import Tally
from scr_audit.imports.xml_source import read_xml

STDIN = "-"


class Import:
    """The import of one file. `records` reads it once; `tally` is whole after that."""

    def __init__(self, path: Path, mapping: ImportMapping, key: Key) -> None:
        self.path = path
        self.mapping = mapping
        self.name = path.name.encode("utf-8", "backslashreplace").decode()
        if str(path) == STDIN:
            self.name = "(standard input)"
        self._maker = RecordMaker(mapping, key, self.name)

    @property
    def tally(self) -> Tally:
        """What became of each element so far."""
        return self._maker.tally

    def records(self) -> Iterator[dict[str, Any]]:
        """The records, in order; one is in memory at a time. Raises `InputError`."""
        seen_record = False
        for found in self._elements():
            if isinstance(found, Outside):
                if seen_record and self._gives_facts(found):
                    raise InputError(
                        f"{self.path}: line {found.node.line}: {found.node.name} stands after the "
                        "records; expected before them, since they need it"
                    )
                self._maker.take_outside(found)
                continue
            seen_record = True
            record = self._maker.make(found)
            if record is not None:
                yield record

    def _gives_facts(self, found: Outside) -> bool:
        return found.node.name in self.mapping.outside.steps

    def _elements(self) -> Iterator[Found | Outside]:
        if self.mapping.format == "json":
            yield from read_json(self.path, self.mapping.inside)
            return
        if str(self.path) == STDIN:
            if sys.stdin is None:
                raise InputError("standard input is closed; name a file, or pipe the census in")
            yield from read_xml(sys.stdin.buffer, self.name, self.mapping.record)
            return
        try:
            with self.path.open("rb") as stream:
                yield from read_xml(stream, str(self.path), self.mapping.record)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror}") from error
