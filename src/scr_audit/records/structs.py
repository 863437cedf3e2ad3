"""From fact types to msgspec structs: one source of truth, fast typed decoding.

Every kind has two struct types. The *exact* one has whole dates and is what nearly all
records decode to; the *imprecise* one also takes `2009-08` and is tried when the first fails.
A field that is absent and one that is null are both `None`: not recorded.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from scr_audit.language.types import FactType, Field, Kind
from scr_audit.records import provenance
from scr_audit.values.imprecise import Imprecise, parse_date, parse_datetime, placed

FACT_TYPE = "__fact_type__"  # no fact has such a name
_LARGEST = sys.float_info.max  # refuses NaN and the infinities, which no comparison can judge


class _Moment(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, date | Imprecise)


class AnyDate(metaclass=_Moment):
    """Stands for `date | Imprecise` in struct types; the decoder's hook makes the value."""


class AnyDatetime(metaclass=_Moment):
    """Stands for `datetime | Imprecise` in struct types."""


class _Instant(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class ExactDatetime(metaclass=_Instant):
    """Stands for a `datetime` in exact struct types, with the offset that the zone had then."""


def decode_instant(wanted: type, value: Any, zone: ZoneInfo) -> datetime:
    """msgspec's hook for the exact struct types."""
    found = decode_moment(AnyDatetime, value, zone)
    if isinstance(found, datetime):
        return found
    raise ValueError(f"expected an exact time, found {value!r}")


def decode_moment(wanted: type, value: Any, zone: ZoneInfo) -> Any:
    """msgspec's hook for the imprecise struct types."""
    if wanted is AnyDatetime:
        if isinstance(value, datetime):
            return placed(value, zone)
        if isinstance(value, date):
            value = value.isoformat()  # some time of that day
    if isinstance(value, str):
        return parse_datetime(value, zone) if wanted is AnyDatetime else parse_date(value)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"expected a date, found {value!r}")
    return value


class StructTypes:
    """Builds struct types; one object of the record schema gives one struct."""

    def __init__(self, *, imprecise: bool) -> None:
        self.imprecise = imprecise
        self._built: dict[int, Any] = {}

    def record(self, kind: str, fact: FactType) -> type[msgspec.Struct]:
        """The struct type of a record kind; its JSON may carry `kind` and `provenance`."""
        name = f"{kind.title().replace('_', '')}Record"
        origins = (provenance.KEY, dict[str, provenance.Origin] | None, None)
        return self._struct(name, fact, origins, tag_field="kind", tag=kind)

    def _struct(
        self, name: str, fact: FactType, *beside: Any, **options: Any
    ) -> type[msgspec.Struct]:
        fields = [*(self._field(field) for field in fact.fields.values()), *beside]
        return msgspec.defstruct(
            name,
            fields,
            kw_only=True,
            forbid_unknown_fields=True,
            gc=False,
            namespace={FACT_TYPE: fact},
            **options,
        )

    def _field(self, field: Field) -> Any:
        inner = self._type(field.type)
        if field.required:
            return field.name, inner
        return field.name, inner | None if inner is not Any else Any, None

    def _type(self, fact: FactType) -> Any:
        match fact.kind:
            case Kind.OBJECT:
                if id(fact) not in self._built:
                    name = "".join(part.title() for part in fact.name.split()) or "Group"
                    self._built[id(fact)] = self._struct(name, fact)
                return self._built[id(fact)]
            case Kind.LIST:
                assert fact.item is not None
                return list[self._type(fact.item)]  # type: ignore[misc]  # built at run time
            case Kind.CHOICE:
                return Literal[fact.choices]
            case Kind.INTEGER | Kind.NUMBER:
                return self._number(fact)
            case Kind.DATE:
                return AnyDate if self.imprecise else date
            case Kind.DATETIME:
                return AnyDatetime if self.imprecise else ExactDatetime
        return {Kind.BOOLEAN: bool, Kind.TEXT: str, Kind.OPEN: dict[str, Any]}[fact.kind]

    def _number(self, fact: FactType) -> Any:
        low, high = fact.minimum, fact.maximum
        if fact.kind is Kind.INTEGER:
            if low is None and high is None:
                return int
            return Annotated[int, msgspec.Meta(ge=low, le=high)]
        return Annotated[
            float,
            msgspec.Meta(
                ge=-_LARGEST if low is None else low, le=_LARGEST if high is None else high
            ),
        ]
