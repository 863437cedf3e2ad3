"""One import: a source (XML, or JSON documents), a mapping and a key give records and a tally."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, BinaryIO

import msgspec

from scr_audit.anonymity.patterns import check_name
from scr_audit.errors import ArgumentError, InputError, check_choice, listed, translate_os_errors
from scr_audit.inputs.files import check_readable
from scr_audit.inputs.json_files import STDIN_NAME, open_stdin, read_batches
from scr_audit.language.types import FactType
from scr_audit.language.unit_key import item_key, key_text
from scr_audit.mappings.conversions import Key, Scalar, random_key
from scr_audit.mappings.mapping import (
    EMPTY_LIST,
    ImportMapping,
    Node,
    OuterElement,
    RecordElement,
    Step,
    values_at,
)
from scr_audit.mappings.mapping_loader import chosen_mapping
from scr_audit.mappings.record_maker import RecordMaker, number_of
from scr_audit.mappings.tally import Tally, placed
from scr_audit.mappings.xml_source import read_xml
from scr_audit.packs.pack import Pack
from scr_audit.records.ids import SeenIds
from scr_audit.records.json_text import KeyTwiceError, decode_json
from scr_audit.records.raw import LINES, RECORD_FORMATS, Inputs
from scr_audit.values.text import BYTE_ORDER_MARK, normal_text, recorded_text, utf8

STDIN = "-"


class Import:
    """The import of one file. `records` reads it once; `tally` is whole after that.

    Days long after `today` are not recorded where it is given. `kind` is the type of the records.
    """

    def __init__(
        self,
        path: Path,
        mapping: ImportMapping,
        key: Key,
        *,
        kind: FactType | None = None,
        today: date | None = None,
    ) -> None:
        self.path = path
        self._kind = kind
        self.mapping = mapping
        self.name = path.name.encode("utf-8", "backslashreplace").decode()
        if str(path) == STDIN:
            self.name = STDIN_NAME
        self._maker = RecordMaker(mapping, key, self.name, today)
        self._seen = SeenIds()
        self._was_read = False
        self.look_alikes: list[str] = []  # in words that do not say an id of the source

    @property
    def tally(self) -> Tally:
        """What became of each element so far."""
        return self._maker.tally

    def records(self) -> Iterator[dict[str, Any]]:
        """The records, in order, once. Raises `InputError`.

        A record whose id stands in several places is made of all of them, where the last one
        stands. A first reading finds those ids, so that one record is in memory at a time, and the
        parts of those.
        """
        if self._was_read:
            raise InputError(f"{self.name}: was read already; open the import again")
        self._was_read = True
        with contextlib.ExitStack() as stack:
            kept = stack.enter_context(tempfile.TemporaryFile()) if self._is_stdin else None
            parts_left = Counter(
                name
                for found in self._elements(kept, first=True)
                if isinstance(found, RecordElement) and (name := self._id_of(found)) is not None
            )
            waiting: dict[str, list[RecordElement]] = {}
            seen_record = False
            for found in self._elements(kept, first=False):
                if isinstance(found, OuterElement):
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
                    if self._kind is not None:
                        self.tally.alike += alike_items(record, self._kind, self._maker.lines)
                    if name is not None:
                        self._compare(name, f"{found.node.name} {number_of(found)}", record["id"])
                    yield record
            self._maker.count_outside()

    @property
    def _is_stdin(self) -> bool:
        return str(self.path) == STDIN and self.mapping.format == "xml"

    def _id_of(self, found: RecordElement) -> str | None:
        """The id that the source gives a record; None where it gives none, or several."""
        ids = {
            normal_text(str(value))
            for path in self.mapping.id_paths
            for value in values_at(found.node, path)
        }
        return ids.pop() if len(ids) == 1 else None

    def _compare(self, name: str, place: str, record: str) -> None:
        """Note a record whose id in the source, which a pseudonym hides, looks like another."""
        earlier = self._seen.add("", name, self.name, f"{place}, which became the record {record}")
        if earlier is not None:
            self.look_alikes.append(
                f"{self.name}, {place} (record {record}): its id in the source is easily taken for "
                f"that of {earlier.place}; two records were made. If they are one, give both the "
                "same id in the source, and import it again"
            )

    def _take_outside(self, found: OuterElement, *, seen_record: bool) -> None:
        if seen_record and found.node.name in self.mapping.outside.steps:
            raise InputError(
                f"{self.path}: line {found.node.line}: {found.node.name} stands after the "
                "records; expected before them, since they need it"
            )
        self._maker.take_outside(found)

    def _elements(
        self, kept: IO[bytes] | None, *, first: bool
    ) -> Iterator[RecordElement | OuterElement]:
        """The elements of the source; a stream is copied for the second reading."""
        if self.mapping.format == "json":
            yield from read_documents(self.path, self.mapping.inside)
        elif kept is not None:
            stream: Any = kept
            if first:
                stream = _Copied(open_stdin("it"), kept)
            else:
                kept.seek(0)
            yield from read_xml(stream, self.name, self.mapping.record)
        else:
            with translate_os_errors(self.path), self.path.open("rb") as file:
                yield from read_xml(file, str(self.path), self.mapping.record)


def open_import(
    source: Path | str,
    pack: Pack,
    *,
    mapping: Path | str | None = None,
    key: Key | None = None,
) -> Import:
    """The import of a file of national data into records of a pack, which `records` then reads.

    `mapping` is one of the pack by its name, or a file; by default the one of the pack for the
    format. Without a key ids become pseudonyms that no other import gives again. Raises
    `InputError` or, for a mapping that is wrong, `PackError`.
    """
    if key is not None and not isinstance(key, Key):
        found = type(key).__name__
        raise ArgumentError(
            "key", f"read_key, random_key and write_new_key give one; found {found}"
        )
    path = Path(source)
    if str(path) == STDIN and mapping is None:
        raise InputError(
            f"{STDIN}: standard input has no name that says its format; name the mapping"
        )
    check_name(path)
    check_readable([str(path)])
    chosen = chosen_mapping(None if mapping is None else str(mapping), str(path), pack)
    if str(path) == STDIN and chosen.format != "xml":
        raise InputError(
            f"{STDIN}: only XML is read from standard input; name a .json or .ndjson file to import"
        )
    kind = pack.kinds[chosen.kind].type
    return Import(path, chosen, key or random_key(), kind=kind, today=date.today())


def alike_items(
    record: Mapping[str, Any], kind: FactType, lines: Mapping[str, int]
) -> Iterator[str]:
    """Items of one list of a record that two elements tell of, in words, and in what they differ.

    The facts of `x-same-by` that are recorded of them are the same, so they may be one. `lines`
    are those of elements by their places.
    """
    # The record is one of our own making, so that `kind` says what stands where in it.
    for name, field in kind.fields.items():
        item_type = field.type.group_item
        if item_type is None or not item_type.same_by:
            continue
        named = {".".join(steps) for steps in item_type.same_by}
        first: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for number, item in enumerate(record.get(name) or ()):
            key = item_key(item_type, item)
            place = record["provenance"].get(f"/{name}/{number}", {}).get("place")
            if place is None or not key or not named.issuperset(key):
                continue
            before, other = first.setdefault(key_text([key]), (place, item))
            if before != place:
                differ = [each for each in item_type.fields if item.get(each) != other.get(each)]
                where = " and ".join(placed(each, lines.get(each, 0)) for each in (before, place))
                yield f"{where}, {_differing(differ)}"


def _differing(facts: Sequence[str]) -> str:
    return f"which differ in {listed(facts)}" if facts else "which are the same in every fact"


def record_file(work: Import, suffix: str) -> Iterator[bytes]:
    """The file of the records of an import, in pieces: `.json`, or `.ndjson` with one a line.

    Raises `InputError` where the source is wrong, or leaves no record to write.
    """
    encode = msgspec.json.encode
    check_choice("suffix", suffix.lower(), RECORD_FORMATS)
    if suffix.lower() in LINES:
        for record in work.records():
            yield encode({"kind": work.mapping.kind, **record}) + b"\n"
    else:
        about = f"{work.name}, imported by the mapping {work.mapping.name}"
        yield b'{"about":' + encode(about) + b"," + encode(work.mapping.plural) + b":["
        for number, record in enumerate(work.records()):
            yield (b",\n" if number else b"\n") + encode(record)
        yield b"\n]}\n"
    if not work.tally.records:
        raise InputError(
            f"{work.path}: every record was taken back by the sender; nothing to write"
        )


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


DEEPEST_JSON = 40
_LONE_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def read_documents(path: Path, known: Step) -> Iterator[RecordElement]:
    """The records of a file, in order. `known` has the names by which a record is recognised.

    `.ndjson` and `.jsonl` files are read line by line. Raises `InputError` with the place.
    """
    name = str(path)
    for number, (position, data) in enumerate(_texts(path), 1):
        yield RecordElement(number, _record(data, f"{name}: {position}", known))


def _texts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each record's JSON text with its position in words."""
    if path.suffix.lower() not in LINES and _holds_one(path):
        yield "the record", utf8(path.read_bytes())
        return
    for _, batch in read_batches([path], {}, Inputs()):
        for raw in batch:
            where = raw.position if isinstance(raw.place, int) else f"record {raw.place}"
            assert isinstance(raw.data, bytes), "a file of JSON has text"
            yield where, raw.data


def _holds_one(path: Path) -> bool:
    """Whether the file begins as one object does."""
    with translate_os_errors(path), path.open("rb") as stream:
        return stream.read(1_000).removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == b"{"


def _record(data: bytes, where: str, known: Step) -> Node:
    try:
        value = decode_json(data)
    except KeyTwiceError as error:
        raise InputError(f"{where}: {error.message()}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: not JSON: {_reason(error, data)}") from None
    if not isinstance(value, dict):
        raise InputError(f"{where}: found {_type_words(value)}; expected a record, such as {{...}}")
    if not any(name in known.steps for name in value):
        raise InputError(
            f"{where}: has none of the fields that the mapping knows; expected "
            f"{listed(known.steps, most=12, last='or')}"
        )
    return Node("", None, list(_children(value, where, 0)))


def _reason(error: Exception, data: bytes) -> str:
    """The decoder's words: they hold a byte's position and never text of the file."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text; save it as UTF-8"
    if _LONE_HALF.search(data) and "truncated" in str(error):
        return "a text in it may hold half of a character, such as \\ud800; export it anew"
    return str(error)


def _children(group: Mapping[str, object], where: str, depth: int) -> Iterator[Node]:
    if depth > DEEPEST_JSON:
        raise InputError(f"{where}: nested more than {DEEPEST_JSON} deep")
    for name, value in group.items():
        values = value if isinstance(value, list) else [value]
        if value == []:
            yield Node(name, EMPTY_LIST)
        for each in values:
            if each is not None:  # as if the field were not there
                yield _node(name, each, where, depth)


def _node(name: str, value: object, where: str, depth: int) -> Node:
    if isinstance(value, dict):
        return Node(name, None, list(_children(value, where, depth + 1)))
    if isinstance(value, list):  # a list in a list has no place in such a document
        return Node(name, None, list(_children({"(list)": value}, where, depth + 1)))
    return Node(name, _scalar(value))


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, str):
        return recorded_text(value)
    return value if isinstance(value, bool | int | float) else None


def _type_words(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
