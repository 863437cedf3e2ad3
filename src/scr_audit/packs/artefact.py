"""A compiled pack: a checked pack as bytes, which need neither YAML nor Pydantic to be read again.

The bytes are data, not a program: a table of texts and numbers, and the pack's own values as a
class of a closed list with the places of its parts in the tables, parts first. What stands twice is
written once. So they are the same on every machine, and reading them runs nothing that stands in
them; what judges records is written anew from the rules. In front stand a name, the version that
wrote them and the SHA-256 of all that follows.

The shape of the values is part of the version: bytes of another one are refused, never guessed at.
The sum tells damage and not forgery: take a compiled pack from whom you would take its folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from scr_audit._version import __version__
from scr_audit.errors import InputError, Place, Problem
from scr_audit.language import conditions, phrases, types
from scr_audit.language import rule as rules
from scr_audit.language.meaning import meaning
from scr_audit.language.operators import Operator, operator_named
from scr_audit.language.rule import Rule
from scr_audit.language.types import attribute
from scr_audit.packs import pack as packs
from scr_audit.packs.pack import Pack
from scr_audit.values.calendar import Calendar, calendar_named
from scr_audit.values.period import Period

COMPILED = ".pack"  # how the name of a file with a compiled pack ends
COMPILED_FOLDER = Path("(compiled)")  # what stands for the folder of a pack that has none here
_NAME = b"scr-audit pack\n"
_CLASSES: tuple[type, ...] = (
    conditions.Fact, conditions.Constant, conditions.ParameterUse, conditions.DayOf,
    conditions.Test, conditions.All, conditions.AnyOf, conditions.Not, conditions.ShownOrSaid,
    conditions.DefinitionUse, conditions.Quantifier, conditions.Count,
    phrases.Clause, phrases.Words, phrases.Called,
    rules.ParameterValue, rules.Parameter, rules.Loop, rules.Criterion, Rule,
    types.FactType, types.Field,
    packs.RecordKind, packs.Example, packs.Recommended, packs.Paragraph, packs.Gathering,
    packs.Population, packs.Planning, Pack,
    Period, Place, Problem,
)  # fmt: skip
_PLAIN = (str, bytes, int, float, bool, type(None))


def _parts_of(cls: type) -> list[str]:
    return [each.name for each in fields(cls) if each.init]


def _dataclass(cls: type) -> Callable[[list[Any]], Any]:
    """What makes a value of its parts, without the steps that a frozen one takes for each."""
    names, new = _parts_of(cls), object.__new__

    def make(parts: list[Any]) -> Any:
        made: Any = new(cls)
        made.__dict__.update(zip(names, parts, strict=True))
        return made

    def make_named(parts: list[Any]) -> Any:
        made = make(parts)
        for name in made.fields if cls is types.FactType else made.steps:
            if not attribute(name).isidentifier():
                raise ValueError(name)
        return made

    # Names of facts become part of the program that judges.
    return make_named if cls in (conditions.Fact, types.FactType) else make


# What is no dataclass: its parts, and what makes it of them.
_OTHERS: dict[type, tuple[Callable[[Any], list[Any]], Callable[[list[Any]], Any]]] = {
    tuple: (list, tuple),
    list: (list, list),
    frozenset: (sorted, frozenset),
    dict: (
        lambda value: [part for pair in value.items() for part in pair],
        lambda parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    ),
    int: (lambda number: [str(number)], lambda parts: int(parts[0])),  # too long for a plain one
    date: (lambda day: [day.isoformat()], lambda parts: date.fromisoformat(parts[0])),
    types.Kind: (lambda kind: [kind.name], lambda parts: types.Kind[parts[0]]),
    Operator: (lambda operator: [_name_of(operator)], lambda parts: operator_named(parts[0])),
    Calendar: (
        lambda calendar: [calendar.name, calendar.table.hex()],
        lambda parts: calendar_named(parts[0], bytes.fromhex(parts[1])),
    ),
    ZoneInfo: (lambda zone: [zone.key], lambda parts: ZoneInfo(parts[0])),
}


def _name_of(operator: Operator) -> str:
    if operator.registered:
        raise InputError(f"it uses the operator '{operator.name}', which only this process knows")
    return operator.name


class _Path(NamedTuple):
    """A file or folder, from the folder in which the pack's own lies: as named, or resolved."""

    is_resolved: bool
    rest: str


class _Later(Mapping[str, Any]):
    """A mapping that is read once somebody asks: the examples are half of a pack, and seldom read.

    `body` are the tables that hold it.
    """

    def __init__(self, body: bytes, beside: Path) -> None:
        self.body = body
        self._beside = beside

    @cached_property
    def _found(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = _read(*_decode(self.body), self._beside)
        return found

    def __getitem__(self, key: str) -> Any:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


_TAGS = {cls: tag for tag, cls in enumerate((_Path, _Later, *_OTHERS, *_CLASSES))}
_MAKERS = (*(make for _, make in _OTHERS.values()), *map(_dataclass, _CLASSES))
_SHAPE = hashlib.sha256(
    repr([(cls.__name__, is_dataclass(cls) and _parts_of(cls)) for cls in _TAGS])
    .encode()
).hexdigest()[:16]  # fmt: skip


def to_bytes(pack: Pack) -> bytes:
    """The pack as bytes, the same on every machine.

    Places in its files are told from the folder in which the pack's own folder lies. Raises
    `InputError` where it holds what only this process knows, such as an operator from Python.
    """
    try:
        meanings = tuple(meaning(rule, pack.parameters) for rule in _rules(pack))
        body = _tables((pack, meanings), Path(pack.folder).parent)
    except (InputError, ValueError) as error:
        raise InputError(f"the pack '{pack.id}' cannot be compiled: {error}") from error
    head = f"{__version__} {_SHAPE} {hashlib.sha256(body).hexdigest()}\n"
    return _NAME + head.encode() + body


def from_bytes(data: bytes, *, name: str = "the compiled pack", beside: Path | None = None) -> Pack:
    """The pack that was compiled; `beside` is the folder in which the pack's own folder lies.

    Raises `InputError`, in which `name` says what the bytes are, where they are no compiled pack,
    are damaged, or were made by another version.
    """
    if not data.startswith(_NAME):
        raise InputError(f"{name}: is no compiled pack; 'scr-audit pack build' makes one")
    head, _, body = data[len(_NAME) :].partition(b"\n")
    version, shape, sum_of_all, *_ = (*head.decode("ascii", "replace").split(" "), "", "", "")
    if hashlib.sha256(body).hexdigest() != sum_of_all:
        raise InputError(
            f"{name}: is cut off or was changed since it was compiled; copy it again, or compile "
            "the pack again with 'scr-audit pack build'"
        )
    if (version, shape) != (__version__, _SHAPE):
        raise InputError(
            f"{name}: was compiled by another scr-audit ({version}; this is {__version__}); "
            "compile the pack again with 'scr-audit pack build'"
        )
    try:
        found, meanings = _read(*_decode(body), beside or COMPILED_FOLDER)
        assert isinstance(found, Pack)
        for rule, meant in zip(_rules(found), meanings, strict=True):
            object.__setattr__(rule, "compiled", f"{sum_of_all} {rule.id}")
            object.__setattr__(rule, "meaning", meant)
    except InputError as error:  # an operator that was registered elsewhere
        raise InputError(f"{name}: {error}") from None
    except Exception as error:  # it says the right sum of itself, and was not made here
        raise InputError(
            f"{name}: is no compiled pack, though it says so; 'scr-audit pack build' makes one"
        ) from error
    return found


def _rules(pack: Pack) -> tuple[Rule, ...]:
    """Its rules, and those of the packs that it extends."""
    return (*pack.rules, *(_rules(pack.extends) if pack.extends else ()))


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[list[Any], list[list[int]]]).decode


def _tables(value: object, beside: Path) -> bytes:
    """The tables whose last value is this one."""
    writer = _Writer(beside)
    writer.place(value)
    return _encode(writer.tables())


class _Writer:
    """The two tables: plain values, and values made of parts by the places of these.

    While they are written, a plain value has the place -1 and less.
    """

    def __init__(self, beside: Path) -> None:
        self._beside = beside
        self._plain: list[Any] = []
        self._made: list[list[int]] = []
        self._known: dict[Any, int] = {}
        self._by_id: dict[int, int] = {}
        self._alive: list[object] = []
        self._paths: dict[str, _Path] = {}

    def tables(self) -> tuple[list[Any], list[list[int]]]:
        """The plain values, and the parts of the others, whose places follow those of the plain."""
        first = len(self._plain)
        return self._plain, [
            [tag, *(part + first if part >= 0 else ~part for part in parts)]
            for tag, *parts in self._made
        ]

    def place(self, value: Any) -> int:
        """The place of a value, which is put into a table where it is not there yet."""
        if isinstance(value, _PLAIN) and _is_plain(value):
            return self._add_plain((type(value), repr(value)), value)
        if id(value) not in self._by_id:
            self._alive.append(value)  # so that nothing else gets its number
            self._by_id[id(value)] = self._new(value)
        return self._by_id[id(value)]

    def _add_plain(self, key: object, value: object) -> int:
        if key not in self._known:
            self._plain.append(value)
            self._known[key] = -len(self._plain)
        return self._known[key]

    def _new(self, value: Any) -> int:
        if isinstance(value, dict | list) and _is_plain(value):
            return self._add_plain(id(value), value)
        cls: type = type(value)
        if cls not in _TAGS and isinstance(value, Mapping):
            cls = dict
        if cls in _OTHERS:
            parts = _OTHERS[cls][0](value)
        elif cls is _Path:
            parts = list(value)
        elif cls is _Later:
            parts = [value.body]
        elif cls in _TAGS:
            parts = [self._part(value, name) for name in _parts_of(cls)]
        else:
            raise ValueError(f"it holds a value of {cls.__module__}.{cls.__qualname__}")
        entry = [_TAGS[cls], *map(self.place, parts)]
        # Two facts may look alike, and are told apart by being two.
        key = id(value) if cls in (types.FactType, types.Field) else tuple(entry)
        if key not in self._known:
            self._known[key] = len(self._made)
            self._made.append(entry)
        return self._known[key]

    def _part(self, value: Any, name: str) -> Any:
        part = getattr(value, name)
        if isinstance(value, Pack) and name == "settings" and part is not None:
            return Path(part).name  # where it lay is nobody's business elsewhere
        if isinstance(value, Pack) and name == "examples" and not isinstance(part, _Later):
            return _Later(_tables(part, self._beside), self._beside)
        is_path = isinstance(value, Place | Pack) and name in ("file", "folder")
        return self._path(part) if is_path else part

    def _path(self, text: str) -> _Path:
        if text not in self._paths:
            path, base = Path(text), self._beside
            if is_resolved := not path.is_relative_to(base):
                base = base.resolve()
            self._paths[text] = _Path(is_resolved, path.relative_to(base).as_posix())
        return self._paths[text]


def _is_plain(value: object) -> bool:
    """Whether a value of YAML or JSON comes out of MessagePack as it went in."""
    if isinstance(value, dict):
        return all(type(key) is str and _is_plain(part) for key, part in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if type(value) is int:
        return -(2**63) <= value < 2**64
    return type(value) in _PLAIN


def _read(plain: list[Any], made: list[list[int]], beside: Path) -> Any:
    """The last value of the tables."""
    resolved = beside.resolve()

    def path(parts: list[Any]) -> str:
        is_resolved, rest = parts
        return str((resolved if is_resolved else beside) / rest)

    makers, found = (path, lambda parts: _Later(parts[0], beside), *_MAKERS), plain
    for tag, *parts in made:
        found.append(makers[tag]([found[part] for part in parts]))
    return found[-1]
