"""A checked mapping: values only, nothing left to look up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scr_audit.imports.conversions import Conversion


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
class Use:
    """What one occurrence of a source element does to the record.

    `excludes` are the names of elements beside it that contradict it.
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


@dataclass(frozen=True)
class Step:
    """A known source element, with the known ones below it by name.

    `left_out` is the word of the reason for which nothing is taken from it, `why` the
    reason; `none_of` the list that an explicit empty list says is empty; `withdrawn_by` the
    elements below whose flag takes the whole group back.
    """

    path: str
    steps: Mapping[str, Step] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
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
