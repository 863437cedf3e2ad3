"""The gate before an evaluation: which records may be judged, and what was found in the others.

The idea: an identifier is known by its form and the words around it, with no list of people to
compare with. Each record is looked through once, in time in proportion to its text, most of it at
the speed of splitting text (`scan.Scanner`); for k-anonymity a count is kept of each group alike.

k is the number of records in the smallest group that has the same quasi-identifiers. Source:
L. Sweeney, k-anonymity: a model for protecting privacy, 2002.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from scr_audit.anonymity.patterns import IDENTIFIERS, SafeNames, refuse_identifier
from scr_audit.anonymity.scan import Identified, Scanner
from scr_audit.documents.parts import AnonymityInfo
from scr_audit.errors import ArgumentError, InputError, RecordError, within
from scr_audit.language.types import FactPath, FactType, attribute, held, walk_fields
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.json_text import named_kind
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import TABLES, InputFile, Json, RawRecord

DEFAULT_K = 3
LEAST_K = 2
MOST_IDENTIFIERS_SHOWN = 20
_MOST_KEPT = 1_000


@dataclass(frozen=True)
class GateFinding:
    """An identifier of a kind, by its place in words; never what it says.

    `advice` is what to do about it, where that is not the usual for its kind.
    """

    place: str
    kind: str
    advice: str = ""

    def __str__(self) -> str:
        item = IDENTIFIERS[self.kind]
        return f"{self.place}: {item.name}; {self.advice or item.advice}"


def check_reason(reason: str | None) -> None:
    """Refuse an unusable reason to read identifiable records. Raises `ArgumentError`."""
    if reason is None:
        return
    if not reason.strip() or "\n" in reason or "\r" in reason:
        raise ArgumentError(
            "allow_identifiable", "give the reason in one line; every report shows it"
        )
    refuse_identifier("allow_identifiable", reason, "every report shows it")


class IdentifiersFoundError(InputError):
    """Records identify somebody, or stand too much alone. `gate` has what was found, where."""

    def __init__(self, gate: Gate, unwritten: str, *, may_stay: bool = True) -> None:
        self.gate, self.unwritten, self.may_stay = gate, unwritten, may_stay
        lines = [str(finding) for finding in gate.findings[:MOST_IDENTIFIERS_SHOWN]]
        lines += [
            f"{item.kind}: records stand in groups of fewer than {gate.require_k} alike in "
            f"{', '.join(item.quasi_identifiers)}"
            for item in gate.too_alone()
        ]
        why = ", or give the reason why it may stay" if may_stay else ""
        said = f"the records tell who somebody is: take that out{why}"
        super().__init__("\n".join([said, *lines]))

    def __reduce__(self) -> tuple[Any, ...]:
        return _identifiers_found, (self.gate, self.unwritten, self.may_stay)  # for pickling


def _identifiers_found(gate: Gate, unwritten: str, may_stay: bool) -> IdentifiersFoundError:
    return IdentifiersFoundError(gate, unwritten, may_stay=may_stay)


def _place(file: str, raw: RawRecord, pointer: str) -> str:
    """The place of something in a record; in a table the line of its own row."""
    position = raw.position
    if file.lower().endswith(TABLES) and isinstance(raw.data, RecordError):
        return pointer  # it is the place of a cell in words
    if file.lower().endswith(TABLES) and isinstance(raw.data, Mapping):
        origins: Any = raw.data[KEY]  # as the reader of tables made it
        at = pointer
        while at not in origins:
            at = at.rpartition("/")[0]
        file, position = origins[at]["file"], origins[at]["place"]
    return f"{within(file, position)}: {pointer or '(the record)'}"


@dataclass
class Gate:
    """Looks through the batches of a run. `allowed` is the reason to go on in spite of it.

    Of the `count` identifiers, `named` are in names of files.
    """

    pack: Pack
    allowed: str | None = None
    require_k: int | None = None
    findings: list[GateFinding] = field(default_factory=list)
    count: int = 0
    records: int = 0
    named: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.require_k is not None and self.require_k < LEAST_K:
            raise ArgumentError("require_k", f"is at least {LEAST_K}; found {self.require_k}")
        self._scanner = Scanner()
        self._groups = dict(self._make_groups())
        self._with_maps = {name for name in self._groups if has_maps(self.pack.kinds[name].type)}
        self._default = next(iter(self.pack.kinds))
        self._names = SafeNames()

    def _make_groups(self) -> Iterator[tuple[str, Groups]]:
        for kind in self.pack.kinds.values():
            paths = tuple(quasi_identifiers(kind.type))
            if paths and kind.name not in self.pack.gathered:
                yield kind.name, Groups(kind.name, paths)

    def admit(self, file: InputFile, raws: Sequence[RawRecord]) -> bool:
        """Look through a batch; whether it may be judged: nothing was found so far, or allowed."""
        name = self._safe_name(file)
        for raw in raws:
            found = self._scanner.scan(raw.data)
            if found:
                self._keep(name, raw, found)
        return self.allowed is not None or not self.count

    def count_alike(self, judged: Sequence[RawRecord]) -> None:
        """Count records that were judged by their quasi-identifiers."""
        for raw in judged:
            kind = raw.kind or self._likely_kind(raw.data)
            if self._count_one(raw, kind) or raw.kind is not None:
                continue
            if (named := self._kind(raw.data)) != kind:
                self._count_one(raw, named)

    def _count_one(self, raw: RawRecord, kind: str) -> bool:
        """Count a record if it is of this kind, and say whether it was counted."""
        groups = self._groups.get(kind)
        return groups is not None and groups.add(self._as_lists(raw, kind))

    def _likely_kind(self, data: object) -> str:
        """The pack's first kind for JSON text, which its groups refuse where it names another."""
        is_text = isinstance(data, bytes | str) and self._default not in self._with_maps
        return self._default if is_text else self._kind(data)

    def _as_lists(self, raw: RawRecord, kind: str) -> object:
        """The facts of a record that was judged, as lists where they may be maps."""
        return decoder_of(self.pack).plain(raw.data, kind) if kind in self._with_maps else raw.data

    def _kind(self, data: object) -> str:
        """The kind that a record names; only where there are several does it have to."""
        if isinstance(data, bytes | str):
            if b'"kind"' not in (data if isinstance(data, bytes) else data.encode()):
                return self._default
            return named_kind(data) or self._default
        return str(data.get("kind") or self._default) if isinstance(data, dict) else self._default

    def _keep(self, file: str, raw: RawRecord, found: Sequence[Identified]) -> None:
        self.records += 1
        for item in found:
            self._add(GateFinding(_place(file, raw, item.pointer), item.kind))

    def _add(self, finding: GateFinding) -> None:
        self.count += 1
        self.kinds[finding.kind] = self.kinds.get(finding.kind, 0) + 1
        if len(self.findings) < _MOST_KEPT:
            self.findings.append(finding)

    def _safe_name(self, file: InputFile) -> str:
        """The name of a file in messages; reports show it, so it may hold no identifier either."""
        shown, found = self._names.safe(file.name)
        self.named += len(found)
        for kind in found:
            self._add(GateFinding(f"{shown}: (its name)", kind, "rename the file"))
        return shown

    def uniqueness(self) -> list[Uniqueness]:
        """How alone the judged records of each kind stand that has quasi-identifiers."""
        found = [group.uniqueness(self.require_k or DEFAULT_K) for group in self._groups.values()]
        return [item for item in found if item.records]

    def too_alone(self) -> list[Uniqueness]:
        """The kinds that do not reach the k that was asked for, where all could be judged."""
        least = self.require_k
        if least is None or (self.count and self.allowed is None):
            return []
        return [item for item in self.uniqueness() if item.k is None or item.k < least]

    def check(self, unwritten: str = "no report", *, may_stay: bool = True) -> None:
        """Raise `IdentifiersFoundError` where what was found stops a job.

        `unwritten` is what the job then does not write; `may_stay`: with a reason it would.
        """
        if (self.count and self.allowed is None) or self.too_alone():
            raise IdentifiersFoundError(self, unwritten, may_stay=may_stay)

    def document(self) -> AnonymityInfo:
        """What the run bundle holds of it."""
        alone = self.uniqueness()
        known = [item.k for item in alone if item.k is not None]
        return {
            "allowed": self.allowed,
            "findings": self.count,
            "kinds": {kind: self.kinds[kind] for kind in IDENTIFIERS if kind in self.kinds},
            "k": min(known) if known and len(known) == len(alone) else None,
            "least_k": self.require_k or DEFAULT_K,
            "uniqueness": [
                {
                    "kind": item.kind,
                    "records": item.records,
                    "k": item.k,
                    "below": item.below,
                    "quasi_identifiers": list(item.quasi_identifiers),
                }
                for item in alone
            ],
        }


MOST_COMBINATIONS = 100_000


def quasi_identifiers(record: FactType) -> Iterator[FactPath]:
    """The path of each quasi-identifier of a record kind; `*` stands for every item."""
    for path, fact in walk_fields(record):
        if fact.quasi_identifier:
            yield tuple(path.replace("[]", ".*").split("."))


def has_maps(record: FactType) -> bool:
    """Whether a list of a record kind may be a map in JSON."""
    inner = (field.type.item for _, field in walk_fields(record))
    return any(item is not None and item.key for item in inner)


def pattern_pointer(path: FactPath) -> str:
    """A path as a pointer: `/people/*/relationship`."""
    return "".join(f"/{step}" for step in path)


@dataclass(frozen=True)
class Uniqueness:
    """How alone the records of one kind stand; `k` is None where that was not worked out."""

    kind: str
    records: int
    k: int | None
    below: int | None
    quasi_identifiers: tuple[str, ...]


@dataclass
class Groups:
    """Counts the records of one kind by their quasi-identifiers, as hashes: no value is kept.

    Past `MOST_COMBINATIONS` groups nothing more is counted, and k is not known.
    """

    kind: str
    paths: tuple[FactPath, ...]
    records: int = 0
    _sizes: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._decode = msgspec.json.Decoder(_projection(self.paths, self.kind)).decode

    def __reduce__(self) -> tuple[Any, ...]:
        return Groups, (self.kind, self.paths, self.records, self._sizes)  # for pickling

    def add(self, data: object) -> bool:
        """Count a record, and say whether it was counted.

        JSON text that names another kind is not, nor is what has another shape: that is left to the
        schema to refuse.
        """
        try:
            found = self._decode(data) if isinstance(data, bytes | str) else data
            combination = hash(tuple(_text_at(found, path) for path in self.paths))
        except (msgspec.MsgspecError, ValueError, RecursionError, AttributeError):
            return False
        self.records += 1
        if len(self._sizes) <= MOST_COMBINATIONS:
            self._sizes[combination] = self._sizes.get(combination, 0) + 1
        return True

    def uniqueness(self, least: int) -> Uniqueness:
        """The size of the smallest group, and how many records are in groups below `least`."""
        names = tuple(pattern_pointer(path) for path in self.paths)
        if not self._sizes or len(self._sizes) > MOST_COMBINATIONS:
            return Uniqueness(self.kind, self.records, None, None, names)
        below = sum(size for size in self._sizes.values() if size < least)
        return Uniqueness(self.kind, self.records, min(self._sizes.values()), below, names)


def _projection(paths: tuple[FactPath, ...], kind: str | None = None) -> Any:
    """The type that decodes the quasi-identifiers and passes over the rest of a record."""
    if any(not path for path in paths):
        return Any
    if paths[0][0] == "*":
        return list[_projection(tuple(path[1:] for path in paths))] | None  # type: ignore[misc]  # built at run time
    inner: dict[str, list[FactPath]] = {}
    for path in paths:
        inner.setdefault(path[0], []).append(path[1:])
    fields = [
        (attribute(name), _projection(tuple(rest)) | None, None) for name, rest in inner.items()
    ]
    renamed = {attribute(name): name for name in inner}
    tag_field = None if kind is None else "kind"
    return msgspec.defstruct("Projection", fields, rename=renamed, tag_field=tag_field, tag=kind)


def _text_at(value: Json, path: FactPath) -> str:
    """What stands at a path, as text; a list's items in order of their spelling."""
    if not path:
        return repr(value)
    if path[0] == "*":
        items = value if isinstance(value, Iterable) else ()
        return repr(sorted(_text_at(item, path[1:]) for item in items))
    if value is None:
        return "None"
    if isinstance(value, Mapping):
        return _text_at(value.get(path[0]), path[1:])
    return _text_at(held(value, path[0]), path[1:])
