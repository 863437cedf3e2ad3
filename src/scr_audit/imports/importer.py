"""One import: a source file, a mapping and a key give records and a tally."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

from scr_audit.errors import InputError
from scr_audit.imports.json_source import read_json
from scr_audit.imports.mapping import ImportMapping
from scr_audit.imports.nodes import Found, Outside, values_at
from scr_audit.imports.pseudonyms import Key
from scr_audit.imports.record import RecordMaker, number_of
from scr_audit.imports.tally import Tally
from scr_audit.imports.xml_source import read_xml
from scr_audit.records.ids import SeenIds, normal_id

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
        self._seen = SeenIds()
        self.look_alikes: list[str] = []  # in words that do not say an id of the source

    @property
    def tally(self) -> Tally:
        """What became of each element so far."""
        return self._maker.tally

    def records(self) -> Iterator[dict[str, Any]]:
        """The records, in order. Raises `InputError`.

        A record whose id stands in several places is made of all of them, where the last one
        stands. A first reading finds those ids, so that one record is in memory at a time, and the
        parts of those.
        """
        with contextlib.ExitStack() as stack:
            kept = stack.enter_context(tempfile.TemporaryFile()) if self._is_stdin else None
            parts_left = Counter(
                name
                for found in self._elements(kept, first=True)
                if isinstance(found, Found) and (name := self._id_of(found)) is not None
            )
            waiting: dict[str, list[Found]] = {}
            seen_record = False
            for found in self._elements(kept, first=False):
                if isinstance(found, Outside):
                    self._take_outside(found, seen_record=seen_record)
                    continue
                seen_record = True
                parts, name = [found], self._id_of(found)
                if name is not None:
                    parts = [*waiting.pop(name, ()), found]
                    parts_left[name] -= 1
                    if parts_left[name]:
                        waiting[name] = parts
                        continue
                record = self._maker.make(parts)
                if record is not None:
                    if name is not None:
                        self._compare(name, f"{found.node.name} {number_of(found)}", record["id"])
                    yield record

    @property
    def _is_stdin(self) -> bool:
        return str(self.path) == STDIN and self.mapping.format == "xml"

    def _id_of(self, found: Found) -> str | None:
        """The id that the source gives a record; None where it gives none, or several."""
        ids = {
            normal_id(str(value))
            for path in self.mapping.id_paths
            for value in values_at(found.node, path)
        }
        return ids.pop() if len(ids) == 1 else None

    def _compare(self, name: str, place: str, record: str) -> None:
        """Tell a record whose id in the source, which a pseudonym hides, looks like another's."""
        earlier = self._seen.add("", name, self.name, f"{place}, which became the record {record}")
        if earlier is not None:
            self.look_alikes.append(
                f"{self.name}, {place} (record {record}): its id in the source is easily taken for "
                f"that of {earlier.place}; two records were made. If they are one, give both the "
                "same id in the source, and import it again"
            )

    def _take_outside(self, found: Outside, *, seen_record: bool) -> None:
        if seen_record and found.node.name in self.mapping.outside.steps:
            raise InputError(
                f"{self.path}: line {found.node.line}: {found.node.name} stands after the "
                "records; expected before them, since they need it"
            )
        self._maker.take_outside(found)

    def _elements(self, kept: IO[bytes] | None, *, first: bool) -> Iterator[Found | Outside]:
        """The elements of the source; what can be read once is kept for the second reading."""
        if self.mapping.format == "json":
            yield from read_json(self.path, self.mapping.inside)
        elif kept is not None:
            stream: Any = kept
            if first:
                if sys.stdin is None:
                    raise InputError("standard input is closed; name a file, or pipe the census in")
                stream = _Copied(sys.stdin.buffer, kept)
            else:
                kept.seek(0)
            yield from read_xml(stream, self.name, self.mapping.record)
        else:
            try:
                with self.path.open("rb") as file:
                    yield from read_xml(file, str(self.path), self.mapping.record)
            except OSError as error:
                raise InputError(f"{self.path}: cannot be read: {error.strerror}") from error


class _Copied:
    """A stream that is copied while it is read."""

    def __init__(self, stream: BinaryIO, to: IO[bytes]) -> None:
        self._stream = stream
        self._to = to

    def read(self, size: int) -> bytes:
        """The next bytes."""
        chunk = self._stream.read(size)
        self._to.write(chunk)
        return chunk
