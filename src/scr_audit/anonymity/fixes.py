"""Taking identifiers out of records: what `scr-audit anonymise` does to them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, SupportsBytes

import msgspec

from scr_audit.anonymity.birth_dates import is_full_date, month_of_birth
from scr_audit.anonymity.identifiers import postcode_district
from scr_audit.anonymity.patterns import IDENTIFIERS, identifiers_in
from scr_audit.anonymity.person_names import key_kind
from scr_audit.anonymity.plain_text import plain_text
from scr_audit.anonymity.scan import scan_record, value_kinds
from scr_audit.documents.fixes import FixesDocument, FixInfo
from scr_audit.errors import (
    ArgumentError,
    InputError,
    RecordError,
    RecordProblem,
    check_choice,
    within,
)
from scr_audit.packs.pack import Pack, by_list
from scr_audit.records.ids import SeenIds
from scr_audit.records.json_text import KeyTwiceError, escaped, parse_json
from scr_audit.records.raw import IN_MEMORY, RECORD_FORMATS, Json, RawRecord
from scr_audit.values.text import is_blank, json_bytes, normal_text, recorded_text

_PSEUDONYM = re.compile(r"anon-[a-z]{16}\Z")
_ROUNDS = 3
_LEAST_KEY = 16
_GONE = "[removed]"


@dataclass(frozen=True)
class Fix:
    """One thing that was done: where (a safe pointer), to which kind, and what."""

    pointer: str
    kind: str
    done: str


def pseudonym(record_id: str, key: SupportsBytes) -> str:
    """A name for an id that only the holder of the key can work out anew (HMAC-SHA256).

    Letters only, so that it is never taken for an identifier; one made before stays as it is.
    Raises `ArgumentError` for a key of fewer than 16 bytes.
    """
    record_id = normal_text(record_id)
    if _PSEUDONYM.match(record_id):
        return record_id
    return f"anon-{keyed_letters(key, record_id.encode('utf-8', 'replace'), 16)}"


def keyed_letters(key: SupportsBytes, data: bytes, length: int) -> str:
    """Small letters for data, the same with the same key, and no way back (HMAC-SHA256)."""
    secret = bytes(key)
    if len(secret) < _LEAST_KEY:
        raise ArgumentError("key", f"holds fewer than {_LEAST_KEY} bytes; make a longer key")
    number, letters = int.from_bytes(hmac.digest(secret, data, hashlib.sha256)), ""
    for _ in range(length):
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
    return letters


def anonymise_record(
    record: Mapping[str, object], key: SupportsBytes | None
) -> tuple[dict[str, Any], list[Fix]]:
    """The record without identifiers, and what was done; with a key its ids are pseudonyms.

    Without a key an id is changed only where it holds an identifier.
    """
    fixer = _Fixer(dict(_new_ids(record, key)))
    made = fixer.value(record, "", "")
    assert isinstance(made, dict)
    return made, fixer.fixes


def _new_ids(record: Mapping[str, object], key: SupportsBytes | None) -> Iterator[tuple[str, str]]:
    """The record's id, and the ids in it that are identifiers, each with its pseudonym."""
    if key is None:
        return
    if isinstance(own := record.get("id"), str) and not is_blank(own):
        yield own, pseudonym(own, key)
    for inner in _ids(record):
        if identifiers_in(inner):
            yield inner, pseudonym(inner, key)


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


class _Fixer:
    def __init__(self, new_ids: Mapping[str, str]) -> None:
        self.new_ids = new_ids
        self.fixes: list[Fix] = []

    def value(self, value: Json, pointer: str, key: str) -> Json:
        if isinstance(value, Mapping):
            return self._group(value, pointer)
        if isinstance(value, list):
            return [self.value(item, f"{pointer}/{n}", key) for n, item in enumerate(value)]
        if isinstance(value, str):
            return self._text(value, pointer)
        for kind in value_kinds(value):
            self._did(pointer, kind, "the number was removed")
            return None
        return value

    def _group(self, group: Mapping[str, object], pointer: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, inner in group.items():
            at = f"{pointer}/{_safe(name)}"
            new_name = self._key(name, at, made)
            kind = key_kind(new_name, inner)
            if kind == "birth_date" and isinstance(inner, str) and is_full_date(inner):
                self._did(at, kind, "the month was kept")
                made[new_name] = month_of_birth(plain_text(inner).text)
            elif kind is not None:
                self._did(at, kind, "the fact was left out")
            else:
                made[new_name] = self.value(inner, at, name)
        return made

    def _key(self, name: str, at: str, taken: Mapping[str, object]) -> str:
        found = identifiers_in(name)
        if not found:
            return name
        self._did(at, found[0].kind, "the key was renamed")
        return next(new for n in range(1, len(taken) + 2) if (new := f"removed_{n}") not in taken)

    def _text(self, text: str, pointer: str) -> str:
        if text in self.new_ids:
            if self.new_ids[text] != text:
                self._did(pointer, "id", "a pseudonym took the place of the id")
            return self.new_ids[text]
        for _ in range(_ROUNDS):
            if not identifiers_in(text):
                return text
            text = self._redact(text, pointer)
        return _GONE if identifiers_in(text) else text

    def _redact(self, text: str, pointer: str) -> str:
        pieces: list[str] = []
        after = 0
        for span in identifiers_in(text):
            new, done = _replacement(span.kind, plain_text(text[span.start : span.end]).text)
            pieces += text[after : span.start], new
            after = span.end
            self._did(pointer, span.kind, done)
        return "".join([*pieces, text[after:]])

    def _did(self, pointer: str, kind: str, done: str) -> None:
        self.fixes.append(Fix(pointer, kind, done))


def _replacement(kind: str, found: str) -> tuple[str, str]:
    """The text that replaces an identifier, and what was done in words."""
    if kind == "birth_date":
        return month_of_birth(found), "the month was kept"
    if kind == "postcode":
        return f"[postcode in {postcode_district(found)}]", "the district was kept"
    noun = IDENTIFIERS[kind].name.partition(" ")[2]
    return f"[{noun} removed]", "the text was removed"


def _safe(name: str) -> str:
    found = identifiers_in(name)
    if found:
        return f"({IDENTIFIERS[found[0].kind].name})"
    return escaped(name)


PlainRecord = dict[str, Json]


@dataclass(frozen=True)
class Done(Fix):
    """A thing that was done, and in which record."""

    file: str = IN_MEMORY
    position: str = ""

    def document(self) -> FixInfo:
        """As the file of what was done has it."""
        return {
            "file": self.file,
            "position": self.position,
            "pointer": self.pointer,
            "kind": self.kind,
            "done": self.done,
        }


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
        record = _checked_record(file, raw, key)
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


def _checked_record(file: str, raw: RawRecord, key: SupportsBytes | None) -> PlainRecord:
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
    check_choice("suffix", suffix.lower(), RECORD_FORMATS)
    if suffix.lower() == ".json":
        yield json_bytes(found.by_list(pack), 2)
    else:
        yield from (json_bytes({"kind": kind, **record}) for kind, record in found.records)


def fixes_file(found: Anonymised) -> bytes:
    """The file of what was done, and where."""
    document: FixesDocument = {
        "format": "scr-audit/fixes",
        "format_version": 1,
        "fixes": [fix.document() for fix in found.fixes],
    }
    return json_bytes(document, 2)
