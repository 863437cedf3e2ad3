"""Records with their identifiers taken out, and what is to be known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import SupportsBytes

import msgspec

from scr_audit.anonymity.fixes import Fix, anonymise_record
from scr_audit.anonymity.scan import scan_record
from scr_audit.errors import InputError, RecordError, RecordProblem, check_choice, within
from scr_audit.packs.pack import Pack, by_list
from scr_audit.records.ids import SeenIds
from scr_audit.records.json_text import KeyTwiceError, parse_json
from scr_audit.records.raw import IN_MEMORY, Json, RawRecord
from scr_audit.values.text import json_bytes, normal_text, recorded_text

PlainRecord = dict[str, Json]


@dataclass(frozen=True)
class Done(Fix):
    """A thing that was done, and in which record."""

    file: str = IN_MEMORY
    position: str = ""

    def document(self) -> dict[str, str]:
        """As the file of what was done has it."""
        return {"file": self.file, "position": self.position, **asdict(self)}


@dataclass(frozen=True)
class Anonymised:
    """The records, each with its kind, and all that was done to them.

    `look_alikes` tells, in words that say no id, which of them may be there twice.
    """

    records: list[tuple[str, PlainRecord]]
    fixes: list[Done]
    look_alikes: list[str]

    def by_list(self, pack: Pack) -> dict[str, list[PlainRecord]]:
        """The records by the names of their lists, as a file has them."""
        return by_list(self.records, pack)


def anonymise(
    records: Iterable[Mapping[str, Json] | tuple[str, RawRecord]],
    pack: Pack,
    *,
    key: SupportsBytes | None = None,
) -> Anonymised:
    """Take the identifiers out of records; with a key their ids become pseudonyms.

    Records that were read from files come with the name of theirs. Whoever has the key, of 16 bytes
    or more, and knows an id can find its record. Raises `InputError` for what is no record, and
    for an id that would tell who somebody is and has no key to hide it.
    """
    found = Anonymised([], [], [])
    seen = SeenIds()
    for number, given in enumerate(records):
        file, raw = (
            given if isinstance(given, tuple) else (IN_MEMORY, RawRecord(f"/{number}", given))
        )
        record = _plain(file, raw, key)
        named = str(raw.kind or record.get("kind"))
        kind = named if named in pack.kinds else next(iter(pack.kinds))
        made, done = anonymise_record(record, key)
        found.records.append((kind, made))
        found.fixes.extend(Done(**asdict(fix), file=file, position=raw.position) for fix in done)
        if id := _visible_id(record):
            became = normal_text(made["id"])
            found.look_alikes.extend(_there_before(seen, kind, id, file, raw.position, became))
    return found


def _there_before(
    seen: SeenIds, kind: str, id: str, file: str, position: str, became: str
) -> Iterator[str]:
    """The message, without the id, that an earlier record has the same or a similar one."""
    place = f"{position}, which became the record {became}".removeprefix(", ")
    earlier = seen.add(kind, id, file, place)
    if earlier is None:
        return
    said = (
        f"its id is easily taken for that of {earlier.place}; they stay two records. If they are "
        "one, give both the same id, and anonymise them again"
    )
    if earlier.id == id:
        said = (
            f"its id is that of {earlier.place}, too; a run judges only the first. Keep one of "
            "them, or give each an id of its own, and anonymise them again"
        )
    where = within(file, position)
    yield f"{where} (record {became}): {said}"


def _plain(file: str, raw: RawRecord, key: SupportsBytes | None) -> PlainRecord:
    """A record as plain values, if its id may be written or will be hidden.

    Raises `InputError`.
    """
    where = within(file, raw.position)
    if isinstance(raw.data, RecordError):
        problems = "\n".join(f"  {problem}" for problem in raw.data.problems)
        raise InputError(f"{where}: nothing was written\n{problems}")
    try:
        data = raw.data
        record = parse_json(data) if isinstance(data, bytes) else msgspec.to_builtins(data)
    except KeyTwiceError as error:
        problem = RecordProblem(error.pointer, error.message())
        raise InputError(f"{where}: nothing was written\n  {problem}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: is not JSON; nothing was written") from error
    if not isinstance(record, dict):
        raise InputError(f"{where}: is not a record; nothing was written")
    if key is None and scan_record({"id": record.get("id")}):
        raise InputError(
            f"{where}: the id holds an identifier; with a key, a new one or one made before, ids "
            "become pseudonyms"
        )
    if key is not None and _visible_id(record) is None:
        raise InputError(
            f"{where}: has no id that can be seen, of which a pseudonym could be made; "
            "nothing was written. Give the record an id of its own"
        )
    return record


def _visible_id(record: Mapping[str, Json]) -> str | None:
    """The id by which a record is known; None where nothing of it can be seen."""
    id = record.get("id")
    return recorded_text(id) if isinstance(id, str) else None


def anonymised_file(found: Anonymised, pack: Pack, suffix: str) -> Iterator[bytes]:
    """The file of the records, in pieces: `.json`, or `.ndjson` with one a line.

    Raises `ArgumentError` for another suffix.
    """
    check_choice("suffix", suffix.lower(), (".json", ".ndjson", ".jsonl"))
    if suffix.lower() == ".json":
        yield json_bytes(found.by_list(pack), 2)
    else:
        yield from (json_bytes({"kind": kind, **record}) for kind, record in found.records)


def fixes_file(found: Anonymised) -> bytes:
    """The file of what was done, and where."""
    fixes = [fix.document() for fix in found.fixes]
    return json_bytes({"format": "scr-audit/fixes", "fixes": fixes}, 2)
