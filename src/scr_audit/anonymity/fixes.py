"""Taking identifiers out of a record: what `scr-audit anonymise` does to it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, SupportsBytes

from scr_audit.anonymity.birth_dates import is_full_date, month_of_birth
from scr_audit.anonymity.lettered import postcode_district
from scr_audit.anonymity.names import key_kind
from scr_audit.anonymity.patterns import IDENTIFIERS, identifiers_in
from scr_audit.anonymity.plain_text import plain_text
from scr_audit.anonymity.scan import value_kinds
from scr_audit.errors import ArgumentError
from scr_audit.records.json_text import escaped
from scr_audit.records.raw import Json
from scr_audit.values.text import is_blank, normal_text

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
    record: Mapping[str, Any], key: SupportsBytes | None
) -> tuple[dict[str, Any], list[Fix]]:
    """The record without identifiers, and what was done; with a key its ids are pseudonyms.

    Without a key an id is changed only where it holds an identifier.
    """
    fixer = _Fixer(dict(_new_ids(record, key)))
    made = fixer.value(record, "", "")
    assert isinstance(made, dict)
    return made, fixer.fixes


def _new_ids(record: Mapping[str, Any], key: SupportsBytes | None) -> Iterator[tuple[str, str]]:
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

    def _group(self, group: Mapping[str, Any], pointer: str) -> dict[str, Any]:
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

    def _key(self, name: str, at: str, taken: Mapping[str, Any]) -> str:
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
