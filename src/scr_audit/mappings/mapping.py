"""A mapping as it is authored and as it is applied, and the elements that readers hand over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from scr_audit.mappings.conversions import Conversion, Scalar
from scr_audit.packs.models import VERSION, Authored, IdText, PlainName, SourceDocument


@dataclass(frozen=True)
class Target:
    """A fact of the record: `holder` is the list whose item has it (the record itself: '').

    `plans[].period.start` has the holder `plans` and the keys `period` and `start`.
    """

    holder: str
    keys: tuple[str, ...]

    @classmethod
    def of(cls, path: str) -> Target:
        """The target that a dotted path names."""
        holder, _, rest = path.rpartition("[].")
        return cls(holder, tuple(rest.split(".")))


@dataclass(frozen=True)
class ElementUse:
    """What one occurrence of a source element does to the record.

    `excludes` are the names of elements beside it that contradict it; `not_before` is the name of
    the one that contradicts it where its day is later.
    """

    target: Target | None = None
    conversion: Conversion | None = None
    codes: Mapping[str, Any] = field(default_factory=dict)
    at: tuple[str, ...] = ()
    prefix: str = ""
    item: str | None = None
    constants: tuple[tuple[Target, Any], ...] = ()
    only_if: bool | None = None
    excludes: tuple[str, ...] = ()
    not_before: str = ""


@dataclass(frozen=True)
class Step:
    """A known source element, with the known ones below it by name.

    `left_out` is the word of the reason for which nothing is taken from it, `why` the
    reason; `none_of` the list that an explicit empty list says is empty; `withdrawn_by` the
    elements below whose flag takes the whole group back.
    """

    path: str
    steps: Mapping[str, Step] = field(default_factory=dict)
    uses: tuple[ElementUse, ...] = ()
    left_out: str | None = None
    why: str = ""
    none_of: str | None = None
    withdrawn_by: tuple[str, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether other elements stand in it."""
        return bool(self.steps)


@dataclass(frozen=True)
class ImportMapping:
    """A checked mapping file. `record` is the path of the record element from the root."""

    id: str
    version: str
    title: str
    format: str
    kind: str
    plural: str
    record: tuple[str, ...]
    inside: Step
    outside: Step
    file: str
    source: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Id and version, as reports show it."""
        return f"{self.id} {self.version}"

    @property
    def id_paths(self) -> tuple[tuple[str, ...], ...]:
        """The elements that give the id of a record, by the names that lead to each."""
        return tuple(_id_paths(self.inside))


def _id_paths(step: Step) -> Iterator[tuple[str, ...]]:
    if any(use.target == Target("", ("id",)) for use in step.uses):
        yield tuple(step.path.split("/"))
    for below in step.steps.values():
        yield from _id_paths(below)


class Empty(Enum):
    """An explicit empty list, which is not the same as nothing."""

    LIST = "[]"


EMPTY_LIST: Final = Empty.LIST


@dataclass(slots=True)
class Node:
    """One element: a group of `children`, or a `value` (None: it has none).

    `line` is its line in the source, 0 where the format does not tell.
    """

    name: str
    value: Scalar | Empty | None
    children: Sequence[Node] = ()
    line: int = 0


@dataclass(slots=True)
class OuterElement:
    """An element outside the records, with the names of the elements around it."""

    around: tuple[str, ...]
    node: Node


@dataclass(slots=True)
class RecordElement:
    """The element of a record; `number` counts from 1."""

    number: int
    node: Node


def values_at(node: Node, path: Sequence[str]) -> Iterator[Scalar]:
    """The values of all elements that a path of names leads to."""
    for child in node.children:
        if child.name != path[0]:
            continue
        if len(path) > 1:
            yield from values_at(child, path[1:])
        elif isinstance(child.value, str | bool | int | float):
            yield child.value


def is_same(one: Node, other: Node) -> bool:
    """Whether two elements say the same, wherever they stand."""
    return (one.name, one.value, len(one.children)) == (
        other.name,
        other.value,
        len(other.children),
    ) and all(map(is_same, one.children, other.children))


WhyLeft = Literal["identifiable", "no_fact", "not_needed"]
WrittenScalar = bool | int | str
CodeValue = bool | int | str | list[str] | None


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class UseModel(Authored):
    """What becomes of one source element: a fact, something it implies, or nothing and why."""

    fact: str | None = Field(None, description="The fact it gives: visits[].date")
    convert: str | None = Field(None, alias="as", description="The conversion, by its name")
    codes: str | None = Field(None, description="The table of codes that the conversion uses")
    at: str | None = Field(None, description="For an age: the element with the day of the event")
    prefix: str | None = Field(
        None, pattern=r"^[A-Za-z]{1,8}$", description="For a pseudonym: what it begins with"
    )
    item: str | None = Field(None, description="The list to which each such element adds an item")
    set: dict[str, WrittenScalar] = Field(
        default_factory=dict, description="Facts that hold wherever the element stands"
    )
    only_if: bool | None = Field(None, description="The flag value for which `set` holds")
    excludes: list[str] = Field(
        default_factory=list,
        description="Elements beside it that contradict it where it stands, or has the value of "
        "`only_if`: then neither is recorded, and both are reported",
    )
    not_before: str | None = Field(
        None,
        description="The element beside it with a day before which its own cannot lie; where it "
        "does, neither is recorded, and both are reported",
    )
    if_empty: str | None = Field(None, description="The list of which [] says: there were none")
    withdraws: Literal[True] | None = Field(
        None, description="The flag true takes back all that stands beside it"
    )
    left_out: WhyLeft | None = Field(None, description="Why it is not imported, in one word")
    why: str = Field("", description="The reason, for whoever reads the mapping or its report")


class _OneOrMore:
    """Publishes a list as what may be written: its item alone, or the list."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        whole = handler(core)
        return {"anyOf": [whole["items"], whole]}


Uses = Annotated[list[UseModel], BeforeValidator(_as_list), Field(min_length=1), _OneOrMore()]


class MappingFile(Authored):
    """A mapping from one national format to records of a kind."""

    id: IdText
    version: str = Field(pattern=VERSION)
    title: str
    source: SourceDocument
    format: Literal["xml", "json"]
    kind: PlainName = Field(description="The record kind of the pack that is made")
    record: str = Field(description="The element that becomes a record: Message/Orders/Order")
    codes: dict[PlainName, dict[str, CodeValue]] = Field(default_factory=dict)
    outside: dict[str, Uses] = Field(
        default_factory=dict, description="Known elements outside the records, by path"
    )
    elements: dict[str, Uses] = Field(
        description="Known elements inside a record, by their path below it"
    )
