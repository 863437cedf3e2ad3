"""From fact types to msgspec structs: one source of truth, fast typed decoding.

Every kind has two struct types. The *exact* one has whole dates and is what nearly all
records decode to; the *imprecise* one also takes `2009-08` and is tried when the first fails.
A field that is absent and one that is null are both `None`: not recorded, and so are blank texts
and groups in which nothing is. What else records nothing is refused, and then read by
`raw.plain_record`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from keyword import iskeyword
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from scr_audit.language.types import FactType, Field, Kind, attribute
from scr_audit.records import provenance
from scr_audit.records.raw import names_another, says_something
from scr_audit.values.imprecise import Imprecise, at_its_end, in_zone, parse_date, parse_datetime
from scr_audit.values.text import VISIBLE, normal_text, recorded_text

FACT_TYPE = "__fact_type__"  # no fact has such a name
Record: TypeAlias = msgspec.Struct  # or a group or item in one; its class is made from a schema
Check = Callable[[Any], None]
Pickled = Callable[[Any], tuple[Any, ...]]  # what `__reduce__` gives of a record
_SEEN_TEXT = Annotated[str, msgspec.Meta(pattern=VISIBLE)]
_LARGEST = sys.float_info.max  # refuses NaN and the infinities, which no comparison can judge


def record_id(record: Record) -> str:
    """The id of a typed record."""
    return str(record.id)  # type: ignore[attr-defined]  # every schema demands it


class _Noticed(threading.local):
    """Whether a day was decoded, in this thread, that `plausible` has to look at."""

    day = False


class OddDays:
    """Notices, while one decoder decodes, days that `plausible` has to look at.

    The bounds and the mark stand among `names`, the globals of the functions that settle structs:
    they run for every struct, and looking an attribute up would cost more than the comparison.
    """

    def __init__(self) -> None:
        self._noticed = _Noticed()
        self.names: dict[str, Any] = {
            "recorded": _recorded, "normal": _normal, "says_something": says_something,
            "with_keys": _with_keys, "noticed": self._noticed,
            "earliest": _EARLIEST, "earliest_at": _at(_EARLIEST) + timedelta(days=1),
            "latest": _LATEST, "latest_at": _at(_LATEST) - timedelta(days=1),
        }  # fmt: skip

    def notice_after(self, day: date) -> None:
        """From now on notice days after this one; too many may be noticed, and never too few."""
        if day < self.names["latest"]:
            self.names["latest"] = day
            self.names["latest_at"] = _at(day) - timedelta(days=1)  # wherever the place is

    def were_noticed(self) -> bool:
        """Whether there was one in this thread since this was asked last."""
        found = self._noticed.day
        self._noticed.day = False
        return found


_EARLIEST, _LATEST = date(1906, 1, 1), date(9999, 12, 31)


def _at(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


class _Moment(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, date | Imprecise)


class AnyDate(metaclass=_Moment):
    """Stands for `date | Imprecise` in struct types; the decoder's hook makes the value."""


class AnyLimit(metaclass=_Moment):
    """The same for a day by which something is due."""


class AnyDatetime(metaclass=_Moment):
    """Stands for `datetime | Imprecise` in struct types."""


class _Instant(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class ExactDatetime(metaclass=_Instant):
    """Stands for a `datetime` in exact struct types, with the offset that the zone had then."""


def decode_instant(wanted: type, value: object, zone: ZoneInfo) -> datetime:
    """msgspec's hook for the exact struct types."""
    found = decode_moment(AnyDatetime, value, zone)
    if isinstance(found, datetime):
        return found
    raise ValueError(f"expected an exact time, found {value!r}")


def decode_moment(wanted: type, value: object, zone: ZoneInfo) -> Any:
    """msgspec's hook for the imprecise struct types."""
    if wanted is AnyDatetime:
        if isinstance(value, datetime):
            return in_zone(value, zone)
        if isinstance(value, date):
            value = value.isoformat()  # some time of that day
    if isinstance(value, str):
        found = parse_datetime(value, zone) if wanted is AnyDatetime else parse_date(value)
        return at_its_end(found) if wanted is AnyLimit else found
    if isinstance(value, datetime) or not isinstance(value, date):
        expected = "a time or a date" if wanted is AnyDatetime else "a date"
        raise ValueError(f"expected {expected}, found {value!r}")
    return value


def _settle_method(fact: FactType, odd_days: OddDays) -> dict[str, Check]:
    """The method that makes texts normal, drops what records nothing, and notices odd days.

    It runs for every struct that is decoded, so it is written out as source, a line a fact. Most
    texts are ASCII and begin and end with what can be seen; only others are looked at.
    """
    lines = ["def settle(facts):"]
    for name, field in fact.fields.items():
        kind, item = field.type.kind, field.type.item
        own = attribute(name)
        then = f"setattr(facts, {own!r}, None)"
        if kind is Kind.TEXT:
            test = "not ('!' <= v < '\\x7f' and v[-1] > ' ' and v.isascii())"
            then = f"setattr(facts, {own!r}, recorded(v))"
        elif item is not None and item.kind is Kind.TEXT:
            test, then = "True", f"setattr(facts, {own!r}, list(map(normal, v)))"
        elif item is not None and item.key:
            test, then = "True", f"setattr(facts, {own!r}, with_keys(v, {attribute(item.key)!r}))"
        elif kind is Kind.OPEN:
            test = "not says_something(v)"
        elif kind is Kind.OBJECT:
            nothing = (f"{reading('v', inner)} is None" for inner in field.type.fields)
            test = " and ".join(nothing) or "True"
        elif test := _ODD_DAY.get(kind, ""):
            then = "noticed.day = True"
        else:
            continue
        lines.append(f"    if (v := {reading('facts', name)}) is not None and {test}:")
        lines.append(f"        {then}")
        if field.required and kind in _MAY_BE_NOTHING and name != fact.key:
            lines.append(f"        if {reading('facts', name)} is None: raise ValueError({name!r})")
    if len(lines) == 1:
        return {}
    made: dict[str, Any] = {}
    exec("\n".join(lines), odd_days.names, made)  # noqa: S102  # our own text, and the schema's names
    return {"__post_init__": made["settle"]}


def _normal(text: str) -> str:
    """`normal_text` of a text from Python, too. Raises `ValueError` for half of a character."""
    text.encode()
    return normal_text(text)


def _recorded(text: str) -> str | None:
    return recorded_text(_normal(text))


def _with_keys(found: list[Record] | dict[str, Record], own: str) -> list[Record]:
    """The items of a map, their keys put into the attribute `own`; of a list, if each has it."""
    if isinstance(found, dict):
        for key, item in found.items():
            if names_another(getattr(item, own), key):
                raise ValueError(own)
            setattr(item, own, _recorded(key))
        found = list(found.values())
    if any(getattr(item, own) is None for item in found):
        raise ValueError(own)
    return found


def reading(holder: str, name: str) -> str:
    """Source that reads a fact; one that is called `class` cannot stand after a dot."""
    own = attribute(name)
    return f"getattr({holder}, {own!r})" if iskeyword(own) else f"{holder}.{own}"


def _renamed(fact: FactType) -> dict[str, str] | None:
    """The names in JSON of the attributes that have others."""
    return {own: name for name in fact.fields if (own := attribute(name)) != name} or None


_MAY_BE_NOTHING = (Kind.TEXT, Kind.OBJECT, Kind.OPEN)
_ODD_DAY = {
    Kind.DATE: "not earliest <= v <= latest",
    Kind.DATETIME: "not earliest_at <= v <= latest_at",
}


class StructTypes:
    """Builds struct types; one object of the record schema gives one struct."""

    def __init__(self, odd_days: OddDays, *, imprecise: bool) -> None:
        self.odd_days = odd_days
        self.imprecise = imprecise
        self._built: dict[int, Any] = {}

    def record(self, kind: str, fact: FactType, pickled: Pickled) -> type[msgspec.Struct]:
        """The struct type of a record kind; its JSON may carry `kind` and `provenance`."""
        name = f"{kind.title().replace('_', '')}Record"
        origins = (provenance.KEY, dict[str, provenance.Origin] | None, None)
        return self._struct(
            name, fact, origins, tag_field="kind", tag=kind, names={"__reduce__": pickled}
        )

    def _struct(
        self,
        name: str,
        fact: FactType,
        *beside: object,
        names: Mapping[str, object] = MappingProxyType({}),
        tag_field: str | None = None,
        tag: str | None = None,
    ) -> type[msgspec.Struct]:
        own = (
            replace(field, required=False) if name == fact.key else field  # a map has it elsewhere
            for name, field in fact.fields.items()
        )
        fields = [*map(self._field, own), *beside]
        return msgspec.defstruct(
            name,
            fields,
            kw_only=True,
            forbid_unknown_fields=not fact.is_open,
            gc=False,
            rename=_renamed(fact),
            namespace={FACT_TYPE: fact, **_settle_method(fact, self.odd_days), **names},
            tag_field=tag_field,
            tag=tag,
        )

    def _field(self, field: Field) -> Any:
        inner = self._type(field.type)
        if field.required:
            return attribute(field.name), inner
        return attribute(field.name), inner | None if inner is not Any else Any, None

    def _type(self, fact: FactType) -> Any:
        match fact.kind:
            case Kind.OBJECT:
                if id(fact) not in self._built:
                    name = "".join(part.title() for part in fact.name.split()) or "Group"
                    self._built[id(fact)] = self._struct(name, fact)
                return self._built[id(fact)]
            case Kind.LIST:
                assert fact.item is not None
                if fact.item.kind is Kind.TEXT:
                    return list[_SEEN_TEXT]
                item = self._type(fact.item)
                return list[item] | dict[str, item] if fact.item.key else list[item]  # type: ignore[valid-type]
            case Kind.CHOICE:
                return Literal[fact.choices]
            case Kind.INTEGER | Kind.NUMBER:
                return self._number(fact)
            case Kind.DATE if self.imprecise:
                return AnyLimit if fact.is_limit else AnyDate
            case Kind.DATE:
                return date
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


class KeyTypes:
    """Builds the types by which the keys of a record are counted.

    They tell a null from a fact that is absent, and do not interpret values. Of an open group every
    key is kept, those that are passed over too.
    """

    def __init__(self) -> None:
        self._built: dict[int, Any] = {}

    def record(self, fact: FactType) -> Any:
        """The struct type of a record that is known to decode."""
        return Any if fact.is_open else self._struct(fact, "kind", provenance.KEY)

    def _struct(self, fact: FactType, *beside: str) -> Any:
        fields = [(attribute(name), self._type(field.type)) for name, field in fact.fields.items()]
        named = [(name, kind, UNSET) for name, kind in (*fields, *((name, Any) for name in beside))]
        return msgspec.defstruct("Keys", named, kw_only=True, gc=False, rename=_renamed(fact))

    def _type(self, fact: FactType) -> Any:
        inner = fact.item or fact
        if inner.kind is not Kind.OBJECT or inner.is_open:
            return Any
        if id(inner) not in self._built:
            self._built[id(inner)] = self._struct(inner)
        found = self._built[id(inner)]
        whole = found if inner is fact else list[found]  # type: ignore[valid-type]
        return (whole | dict[str, found] if inner.key else whole) | None | UnsetType  # type: ignore[valid-type]
