"""Decoding records: the fast path, the imprecise path, and the explanation of what failed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, TypeAlias, cast
from zoneinfo import ZoneInfo

import msgspec

from scr_audit.errors import RecordError, RecordProblem, did_you_mean, listed
from scr_audit.packs.pack import Pack, RecordKind
from scr_audit.records.json_text import (
    check_keys,
    encode_json,
    named_kind,
    not_in_json,
    read_record,
)
from scr_audit.records.raw import Json, RawData, maps_as_lists, plain_record
from scr_audit.records.structs import KeyTypes, OddDays, StructTypes, decode_instant, decode_moment

Decoder: TypeAlias = msgspec.json.Decoder[Any]  # of a type that is made from the schema
Undecodable = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError)


def _decode(data: bytes | str, decoder: Decoder, keys: Decoder) -> Any:
    """The typed record in JSON text in which no key stands twice. Raises `Undecodable`.

    No value takes more room when it is written anew, without spaces and escapes and with numbers as
    they stood, so that text of the same length has lost nothing. Only other text is looked at.
    """
    text = data if isinstance(data, bytes) else data.encode()
    found = decoder.decode(text)
    again = encode_json(keys.decode(text))
    if len(again) != len(text):
        check_keys(text, again)
    return found


@dataclass(frozen=True)
class KindDecoders:
    """The two struct types of one kind, the JSON decoders for them, and the one for its keys."""

    kind: RecordKind
    exact: type[msgspec.Struct]
    imprecise: type[msgspec.Struct]
    decode_exact: Decoder
    decode_imprecise: Decoder
    decode_keys: Decoder


_MADE: deque[tuple[Mapping[str, RecordKind], str, RecordDecoder]] = deque(maxlen=4)


def decoder_of(pack: Pack) -> RecordDecoder:
    """The decoder of a pack's kinds. A plan leaves them as they are, and so does a choice of rules.

    Those of the last packs are kept: a reading of forty forms asks for it forty times.
    """
    return _decoder(pack.kinds, pack.time_zone)


def _decoder(kinds: Mapping[str, RecordKind], time_zone: str) -> RecordDecoder:
    for known, zone, decoder in tuple(_MADE):
        if known is kinds and zone == time_zone:
            return decoder
    made = RecordDecoder(kinds, time_zone)
    _MADE.append((kinds, time_zone, made))
    return made


class RecordDecoder:
    """Decodes records of a pack's kinds. Building one takes a tenth of a second: `decoder_of`.

    It is pickled as the kinds it was made from, and a record as what it says, since the classes of
    records are made here.
    """

    def __init__(self, kinds: Mapping[str, RecordKind], time_zone: str) -> None:
        self._made_from = kinds, time_zone
        self.odd_days = OddDays()
        exact = StructTypes(self.odd_days, imprecise=False)
        imprecise = StructTypes(self.odd_days, imprecise=True)
        keys = KeyTypes()
        zone = ZoneInfo(time_zone)
        self._exact_hook = partial(decode_instant, zone=zone)
        self._imprecise_hook = partial(decode_moment, zone=zone)
        self.kinds: dict[str, KindDecoders] = {}
        for kind in kinds.values():
            given = kind.name, kind.type, lambda record: self._pickle(record)
            types = exact.record(*given), imprecise.record(*given)
            self.kinds[kind.name] = KindDecoders(
                kind,
                *types,
                msgspec.json.Decoder(types[0], dec_hook=self._exact_hook),
                msgspec.json.Decoder(types[1], dec_hook=self._imprecise_hook),
                msgspec.json.Decoder(keys.record(kind.type), float_hook=msgspec.Raw),
            )
        self.default = next(iter(self.kinds))

    def __reduce__(self) -> tuple[Any, ...]:
        return _decoder, self._made_from

    def _pickle(self, record: msgspec.Struct) -> tuple[Any, ...]:
        kind = record.__struct_config__.tag
        is_imprecise = type(record) is self.kinds[str(kind)].imprecise
        said = msgspec.to_builtins(record, builtin_types=(date, datetime), enc_hook=str)
        return self.unpickle, (kind, is_imprecise, said)

    def unpickle(self, kind: str, is_imprecise: bool, said: Mapping[str, object]) -> Any:
        """The typed record that was pickled by what it says."""
        decoders = self.kinds[kind]
        if is_imprecise:
            return msgspec.convert(said, decoders.imprecise, dec_hook=self._imprecise_hook)
        return msgspec.convert(said, decoders.exact, dec_hook=self._exact_hook)

    def from_raw(self, record: RawData, kind: str | None = None) -> Any:
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
            return _decode(data, decoders.decode_exact, decoders.decode_keys)
        except Undecodable:
            named = self.kinds[kind or self._known_kind(named_kind(data))]
        failure: Exception
        for decoder in (named.decode_exact, named.decode_imprecise)[named is decoders :]:
            try:
                return _decode(data, decoder, named.decode_keys)
            except Undecodable as error:
                failure = error.with_traceback(None)  # it would hold this frame, and so itself
        values = read_record(data)
        if any(not_in_json(values)):
            raise self._explain(values, named, failure)
        return self._from_plain(values, named)

    def _known_kind(self, named: object) -> str:
        if named is None:
            return self.default
        if not isinstance(named, str) or named not in self.kinds:
            hint = did_you_mean(str(named), self.kinds)
            message = f"there is no record kind {named!r}.{hint} Kinds: {listed(self.kinds)}."
            raise RecordError([RecordProblem("/kind", message)])
        return named

    def from_values(self, record: Mapping[str, Json], kind: str | None = None) -> Any:
        """The typed record of a mapping of plain values; dates may be text or `date`."""
        if not isinstance(record, Mapping):
            found = type(record).__name__
            raise RecordError([RecordProblem("", f"expected a mapping of facts, found {found}")])
        decoders = self.kinds[self._known_kind(kind or record.get("kind"))]
        try:
            return msgspec.convert(record, decoders.exact, dec_hook=self._exact_hook)
        except Undecodable:
            return self._from_plain(record, decoders)

    def plain(self, record: RawData, kind: str | None = None) -> dict[str, Any]:
        """What a record says as plain values, dates as text, maps as lists; what records nothing is
        left out.

        Raises `RecordError` where it is none; whether it fits its schema is not looked at.
        """
        if isinstance(record, RecordError):
            raise record
        if isinstance(record, bytes | str):
            values = read_record(record)
        else:
            values = msgspec.to_builtins(record)
        if not isinstance(values, dict):
            raise self._explain(values, self.kinds[self.default], ValueError("no record"))
        named = self._known_kind(kind or values.get("kind"))
        fact = self.kinds[named].kind.type
        return cast("dict[str, Any]", maps_as_lists(fact, plain_record(fact, values)))

    def _from_plain(self, values: object, decoders: KindDecoders) -> Any:
        """The typed record of values that may hold what records nothing."""
        failure: Exception
        if isinstance(values, Mapping):
            try:
                values = plain_record(decoders.kind.type, values)
            except Undecodable as error:  # a value of another library, or a group within itself
                raise self._explain(values, decoders, error) from None
        typed = (decoders.exact, self._exact_hook), (decoders.imprecise, self._imprecise_hook)
        for kind, hook in typed:
            try:
                return msgspec.convert(values, kind, dec_hook=hook)
            except Undecodable as error:
                failure = error.with_traceback(None)  # it would hold this frame, and so itself
        raise self._explain(values, decoders, failure) from None

    def _explain(self, values: object, decoders: KindDecoders, failure: Exception) -> RecordError:
        from scr_audit.records.problems import explain_values  # slow to import

        return explain_values(values, decoders.kind, failure)
