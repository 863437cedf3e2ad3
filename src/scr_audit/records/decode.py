"""Decoding records: the fast path, the imprecise path, and the explanation of what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from scr_audit.errors import RecordError, RecordProblem, did_you_mean, listed
from scr_audit.packs.pack import Pack, RecordKind
from scr_audit.records.structs import StructTypes, decode_instant, decode_moment

Undecodable = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError)


class _Tag(msgspec.Struct):
    kind: str | None = None


@dataclass(frozen=True)
class KindDecoders:
    """The two struct types of one kind and the JSON decoders for them."""

    kind: RecordKind
    exact: type[msgspec.Struct]
    imprecise: type[msgspec.Struct]
    decode_exact: Any
    decode_imprecise: Any


class RecordDecoder:
    """Decodes records of a pack's kinds. Building one takes milliseconds; keep it."""

    def __init__(self, pack: Pack) -> None:
        exact, imprecise = StructTypes(imprecise=False), StructTypes(imprecise=True)
        zone = ZoneInfo(pack.time_zone)
        self._exact_hook = partial(decode_instant, zone=zone)
        self._imprecise_hook = partial(decode_moment, zone=zone)
        self.kinds: dict[str, KindDecoders] = {}
        for kind in pack.kinds.values():
            types = exact.record(kind.name, kind.type), imprecise.record(kind.name, kind.type)
            self.kinds[kind.name] = KindDecoders(
                kind,
                *types,
                msgspec.json.Decoder(types[0], dec_hook=self._exact_hook),
                msgspec.json.Decoder(types[1], dec_hook=self._imprecise_hook),
            )
        self.default = next(iter(self.kinds))
        self._tag = msgspec.json.Decoder(_Tag)

    def from_raw(self, record: Any, kind: str | None = None) -> Any:
        """The typed record of JSON text or of a mapping. Raises `RecordError`."""
        if isinstance(record, bytes | str):
            return self.from_json(record, kind)
        if isinstance(record, RecordError):  # it could not be put together
            raise record
        return self.from_values(record, kind)

    def from_json(self, data: bytes | str, kind: str | None = None) -> Any:
        """The typed record in `data`. Raises `RecordError` with everything wrong with it.

        Without `kind`, the record's own `kind` decides, else the pack's first.
        """
        decoders = self.kinds.get(kind or self.default) or self.kinds[self._known_kind(kind)]
        try:
            return decoders.decode_exact.decode(data)
        except Undecodable:
            return self._slow(data, kind)

    def _slow(self, data: bytes | str, kind: str | None) -> Any:
        decoders = self.kinds[kind or self._named_kind(data)]
        failure: Exception
        for decoder in (decoders.decode_exact, decoders.decode_imprecise):
            try:
                return decoder.decode(data)
            except Undecodable as error:
                failure = error
        from scr_audit.records.explain import explain_json

        raise explain_json(data, decoders.kind, failure) from None

    def _named_kind(self, data: bytes | str) -> str:
        try:
            named = self._tag.decode(data).kind
        except Undecodable:
            return self.default
        return self._known_kind(named)

    def _known_kind(self, named: Any) -> str:
        if named is None:
            return self.default
        if not isinstance(named, str) or named not in self.kinds:
            hint = did_you_mean(str(named), self.kinds)
            message = f"there is no record kind {named!r}.{hint} Kinds: {listed(self.kinds)}."
            raise RecordError([RecordProblem("/kind", message)])
        return named

    def from_values(self, record: Mapping[str, Any], kind: str | None = None) -> Any:
        """The typed record of a mapping of plain values; dates may be text or `date`."""
        if not isinstance(record, Mapping):
            found = type(record).__name__
            raise RecordError([RecordProblem("", f"expected a mapping of facts, found {found}")])
        decoders = self.kinds[self._known_kind(kind or record.get("kind"))]
        try:
            return msgspec.convert(record, decoders.exact, dec_hook=self._exact_hook)
        except Undecodable:
            pass
        try:
            return msgspec.convert(record, decoders.imprecise, dec_hook=self._imprecise_hook)
        except Undecodable as error:
            from scr_audit.records.explain import explain_values

            raise explain_values(record, decoders.kind, error) from None
