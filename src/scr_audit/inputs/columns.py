"""Which list a table holds, by the name of its file, and which fact each of its columns is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scr_audit.errors import InputError, did_you_mean, listed
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import RecordKind

RECORD, ROW, OF = "record", "row", "of"
Steps = tuple[str, ...]
_TEXT = FactType(Kind.TEXT)


@dataclass(frozen=True)
class ListPlace:
    """A list of objects: `home` is the list around it, `inner` the steps from there to it."""

    home: Steps
    inner: Steps
    item: FactType


@dataclass(frozen=True, eq=False)
class Layout:
    """What a table holds: the records of a kind or, with `list`, the items of a list in them."""

    path: Path
    kind: RecordKind
    steps: Steps
    list: ListPlace | None

    @property
    def type(self) -> FactType:
        """What a row is."""
        return self.kind.type if self.list is None else self.list.item

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that are no facts."""
        if self.list is None:
            return ()
        return (RECORD, ROW, OF) if self.list.home else (RECORD, ROW)


@dataclass(frozen=True)
class Column:
    """A column that holds a fact, by its steps from the row's object."""

    number: int
    name: str
    steps: Steps
    fact: FactType


def file_layout(path: Path, there: Sequence[RecordKind], kinds: Mapping[str, RecordKind]) -> Layout:
    """What a file holds by its name. Raises `InputError` where there is no such list, or two."""
    if path.stem in kinds:
        return Layout(path, kinds[path.stem], (), None)
    plural, _, rest = path.stem.partition(".")
    if plural in kinds and rest:
        candidates, name = [kinds[plural]], rest
    else:
        candidates, name = list(there), path.stem
    steps = tuple(name.split("."))
    found = [
        Layout(path, kind, steps, place)
        for kind in candidates
        if (place := _list_at(kind.type, steps)) is not None
    ]
    if not found:
        lists = sorted({".".join(known) for kind in candidates for known in _lists(kind.type)})
        raise InputError(
            f"{path}: there is no list '{name}' in a record.{did_you_mean(name, lists)} "
            f"Lists: {listed(lists, most=30)}"
        )
    if len(found) > 1:
        names = [f"{layout.kind.plural}.{name}.csv" for layout in found]
        raise InputError(f"{path}: could be of two kinds; name it {listed(names, last='or')}")
    if found[0].kind not in there:
        raise InputError(f"{path}: there is no {found[0].kind.plural}.csv with its records")
    return found[0]


def _list_at(record: FactType, steps: Steps) -> ListPlace | None:
    home: Steps = ()
    inner: list[str] = []
    fact = record
    for number, step in enumerate(steps, 1):
        if step not in fact.fields:
            return None
        fact = fact.fields[step].type
        inner.append(step)
        if fact.kind is Kind.LIST and fact.item is not None and fact.item.kind is Kind.OBJECT:
            if number == len(steps):
                return ListPlace(home, tuple(inner), fact.item)
            home, inner, fact = steps[:number], [], fact.item
    return None


def _lists(fact: FactType, before: Steps = ()) -> Iterator[Steps]:
    for name, inner in fact.fields.items():
        kind, item = inner.type.kind, inner.type.item
        if kind is Kind.OBJECT:
            yield from _lists(inner.type, (*before, name))
        elif kind is Kind.LIST and item is not None and item.kind is Kind.OBJECT:
            yield (*before, name)
            yield from _lists(item, (*before, name))


def columns_of(layout: Layout, header: Sequence[str]) -> list[Column]:
    """The columns of a table that hold facts."""
    return [
        Column(number, name, tuple(name.split(".")), fact)
        for number, name in enumerate(header)
        if name not in layout.keys and (fact := _fact_at(layout.type, name)) is not None
    ]


def column_faults(layout: Layout, header: Sequence[str], *, line: int) -> Iterator[str]:
    """What is wrong with the names of a table's columns, which stand on `line`."""
    where = f"{layout.path.name}, line {line}"
    for number, name in enumerate(header, 1):
        if not name:
            yield f"{where}: column {number} has no name; name the fact that it holds"
        elif name in header[: number - 1]:
            yield f"{where}: there are two columns '{name}'; keep one of them"
        elif name not in layout.keys and _fact_at(layout.type, name) is None:
            known = [*_paths(layout.type), *layout.keys]
            what = layout.type.name or layout.kind.name
            hint = did_you_mean(name, known) or f" Facts: {listed(known, most=12)}"
            yield f"{where}: a {what} has no fact '{name}'.{hint}"
    wanted = ("id",) if layout.list is None else tuple(set(layout.keys) - {ROW})
    for name in sorted(wanted):
        if name not in header:
            yield f"{where}: the column '{name}' is missing; {_MEANING[name]}"


_MEANING = {
    "id": "it is the reference of each record",
    RECORD: "it says to which record, by its id, each row belongs",
    OF: "it says to which row of the outer list, by its 'row', each row belongs",
}


def _fact_at(row: FactType, name: str) -> FactType | None:
    fact = row
    for step in name.split("."):
        if fact.kind is Kind.OPEN and step:
            return _TEXT
        if step not in fact.fields:
            return None
        fact = fact.fields[step].type
    return fact


def _paths(fact: FactType, before: str = "") -> Iterator[str]:
    for name, inner in fact.fields.items():
        yield f"{before}{name}"
        if inner.type.kind is Kind.OBJECT:
            yield from _paths(inner.type, f"{before}{name}.")
