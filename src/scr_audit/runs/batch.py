"""Judging a batch of raw records: decoded, checked for duplicate ids, judged and counted.

Records of the commonest struct type are counted while they are decoded, so that each is gone
before the next one comes; keeping a batch of them nearly doubles the time, spent in garbage
collection and cache misses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import msgspec

from scr_audit.approvals.approved import NONE, Excepter, Exceptions
from scr_audit.errors import RecordError, RecordProblem
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.program import KindCounts, KindJudge
from scr_audit.kept import user_cache
from scr_audit.language.types import FactType, held
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.ids import Earlier, SeenIds
from scr_audit.records.plausible import decode_checked, expect_days
from scr_audit.records.provenance import KEY, Origin
from scr_audit.records.raw import RawRecord
from scr_audit.records.structs import FACT_TYPE, Record, record_id
from scr_audit.runs.events import builtins_of, gathered_kinds, gathered_records
from scr_audit.runs.totals import Admission, LeftOut, Partial, Remark, Totals, UnitCounts

OnFindings = Callable[[list[Finding]], object]
_TOO_DEEP = "nested too deeply to be a record"
# The earlier record of the same id, or of one that looks like it, for a kind, an id and a place.
EarlierOf = Callable[[str, str, str, str], Earlier | None]


class Judges:
    """A pack's decoder, and its judges by the type of a record."""

    def __init__(self, pack: Pack, exceptions: Exceptions = NONE) -> None:
        self.pack = pack
        self.excepter = Excepter(exceptions)
        self.decoder = decoder_of(pack)
        self.gathered_kinds = gathered_kinds(pack)
        self.admission = Admission(pack)
        self.of_kind: Mapping[str, KindJudge] = {
            kind: KindJudge(
                kind,
                tuple(rule for rule in pack.rules if rule.kind == kind),
                pack.parameters,
                user_cache(),
            )
            for kind in pack.kinds
        }
        self.kind_of: Mapping[type, tuple[str, bool]] = {
            struct: (kind, struct is decoders.imprecise)
            for kind, decoders in self.decoder.kinds.items()
            for struct in (decoders.exact, decoders.imprecise)
        }

    def findings(self, typed: Record, as_of: date | None) -> list[Finding]:
        """The findings for one typed record, with the exceptions that are in force."""
        kind, imprecise = self.kind_of[type(typed)]
        found = self.of_kind[kind].findings(typed, as_of, imprecise=imprecise)
        return self.excepter.apply((kind, record_id(typed)), found, as_of)

    def count(self, struct: type, records: Iterable[Record], as_of: date | None) -> Totals:
        """The totals over typed records of one struct type; records read are not among them."""
        kind, imprecise = self.kind_of[struct]
        judge = self.of_kind[kind]
        return _totals(judge, judge.counts(records, as_of, imprecise=imprecise))

    def count_findings(self, struct: type, findings: list[Finding]) -> Totals:
        """The totals of one record's findings."""
        judge = self.of_kind[self.kind_of[struct][0]]
        return _totals(judge, judge.count_findings([findings]))


def _totals(judge: KindJudge, counts: KindCounts) -> Totals:
    # A row has six outcomes, then records judged, met and not met, in the order of `UnitCounts`.
    rules = {
        rule.id: UnitCounts(list(row[:6]), *row[6:])
        for rule, row in zip(judge.rules, counts.rules, strict=True)
    }
    falls_due = Counter(
        {(judge.rules[n].id, month): units for (n, month), units in counts.falls_due.items()}
    )
    return Totals(rules, {}, counts.judged, counts.all_met, falls_due)


@dataclass
class _Batch:
    """One batch being judged. `rest` holds the records that are counted after the stream."""

    judges: Judges
    file: str
    raws: Sequence[RawRecord]
    as_of: date | None
    on_findings: OnFindings | None
    earlier_of: EarlierOf
    partial: Partial = field(default_factory=lambda: Partial(Totals({})))
    rest: dict[type, list[Record]] = field(default_factory=dict)

    def records(self, wanted: type | None) -> Iterator[Record]:
        """The typed records of the type `wanted`, as they are decoded; others go to `rest`."""
        judges, read = self.judges, self.partial.totals.read
        named = judges.excepter.records
        for number, raw in enumerate(self.raws):
            typed = self._typed(raw)
            if typed is None:
                continue
            struct = type(typed)
            kind, imprecise = judges.kind_of[struct]
            refused = judges.admission.refuses(kind, typed, self.as_of, imprecise=imprecise)
            if refused is not None:
                self.partial.refuse(refused)
                continue
            read[kind] = read.get(kind, 0) + 1
            self.partial.judged.append(number)
            is_named = bool(named) and (kind, record_id(typed)) in named
            if is_named or self.on_findings is not None:
                self._judge(kind, typed, is_named=is_named)
            elif struct is wanted:
                yield typed
            else:
                self.rest.setdefault(struct, []).append(typed)

    def _typed(self, raw: RawRecord) -> Record | None:
        """The typed record; None where it is left out, and that noted."""
        decoder = self.judges.decoder
        try:
            typed: Record = decode_checked(decoder, raw.data, raw.kind, self.as_of)
            kind, imprecise = self.judges.kind_of[type(typed)]
            # Rows and cells are people's; a program that writes JSON means what it says.
            by_people = isinstance(raw.data, Mapping) or getattr(typed, KEY)
            repeated = tuple(repeated_items(typed, imprecise=imprecise)) if by_people else ()
        except RecordError as error:
            self._leave_out(raw, error.record_id, error.problems)
            return None
        except RecursionError:  # an open group, as only Python can give one
            self._leave_out(raw, None, (RecordProblem("", _TOO_DEEP),))
            return None
        id, position = record_id(typed), raw.position
        self.partial.ids.append((kind, id, position))
        self.partial.decoded += 1
        earlier = self.earlier_of(kind, id, self.file, position)
        if earlier is not None and earlier.id == id:
            self._leave_out(raw, id, (self._duplicate(kind, earlier),))
            return None
        for text in repeated:
            self._remark(raw, id, text)
        if kind in self.judges.gathered_kinds:
            self.partial.gathered.setdefault(kind, []).append(builtins_of(typed))
        if self.judges.admission.drew(kind, id):
            self.partial.drawn.add(id)
        return typed

    def _judge(self, kind: str, typed: Record, *, is_named: bool) -> None:
        """Judge a record whose findings somebody wants, or that an exception names."""
        findings = self.judges.findings(typed, self.as_of)
        self.partial.totals.merge(self.judges.count_findings(type(typed), findings))
        if is_named:
            key = kind, record_id(typed)
            self.partial.add_reach(self.judges.excepter.reach(key, findings))
        if self.on_findings is not None:
            self.on_findings(findings)

    def _duplicate(self, kind: str, earlier: Earlier) -> RecordProblem:
        mend = "'merge' makes one record of those of two files"
        if earlier.file == self.file:
            mend = "Keep one of them in this file, or give each an id of its own"
        return RecordProblem(
            "/id",
            f"an earlier {kind} record ({earlier.place}) has the id '{earlier.id}' too; only the "
            f"first was judged. {mend}",
        )

    def _remark(self, raw: RawRecord, record: str, text: str) -> None:
        number = self.partial.decoded - 1
        self.partial.remark(Remark(self.file, raw.position, record, text, number))

    def _leave_out(
        self, raw: RawRecord, record: str | None, problems: tuple[RecordProblem, ...]
    ) -> None:
        self.partial.leave_out(LeftOut(self.file, raw.position, record, problems))


def judge_batch(
    judges: Judges,
    file: str,
    raws: Sequence[RawRecord],
    *,
    as_of: date | None,
    on_findings: OnFindings | None,
    earlier_of: EarlierOf,
) -> Partial:
    """The partial result of some raw records. `earlier_of` is asked about each that decoded."""
    expect_days(judges.decoder.odd_days, as_of)
    batch = _Batch(judges, file, raws, as_of, on_findings, earlier_of)
    kind = raws[0].kind or judges.decoder.default
    common = judges.decoder.kinds[kind].exact
    totals = batch.partial.totals
    # A stream cannot be counted again, as it must be where an operator may fail.
    if on_findings is not None or judges.of_kind[kind].program.may_fail:
        for _ in batch.records(None):
            pass
    else:
        totals.merge(judges.count(common, batch.records(common), as_of))
    for struct, records in batch.rest.items():
        totals.merge(judges.count(struct, records, as_of))
    return batch.partial


def judge_gathered(
    judges: Judges,
    given: Partial,
    ids: SeenIds,
    *,
    as_of: date | None,
    on_findings: OnFindings | None,
) -> tuple[Partial, SeenIds]:
    """The result with the records that are made of others, judged here; and all ids."""
    complete = given.left_out_count == 0
    made_of = gathered_records(judges.pack, given.gathered, complete=complete)
    if not made_of:
        return given, ids
    whole, ids = Partial(Totals({})), ids.merged(SeenIds())
    whole.merge(given)
    for kind, values in made_of.items():
        made = judge_batch(
            judges,
            "(made from the records)",
            [RawRecord(f"/{record['id']}", record, kind) for record in values],
            as_of=as_of,
            on_findings=on_findings,
            earlier_of=ids.add,
        )
        whole.merge(made)
    return whole, ids


_FEW = 50  # are compared with each other, which takes half as long as to encode them
_encode = msgspec.msgpack.Encoder(enc_hook=str, order="deterministic").encode
_Lists: TypeAlias = tuple[tuple[str, bool, "_Lists"], ...]
_Firsts: TypeAlias = Callable[[list[Record]], Iterable[int]]


def repeated_items(record: Record, *, imprecise: bool) -> Iterator[str]:
    """What is to be said of items that an earlier one of their list equals, with both places.

    `imprecise` is whether its type takes imprecise dates, whose `==` has three values.
    """
    lists, firsts = _lists(getattr(type(record), FACT_TYPE)), _by_bytes if imprecise else _equal
    origins: Mapping[str, Origin] = getattr(record, KEY) or {}
    for at, first, number in _repeated(lists, record, "", firsts):
        found = [origins.get(f"{at}/{each}") for each in (first, number)]
        named = [f"{origin.file}, {origin.place}" for origin in found if origin]
        if len({*named}) < 2:
            named = [f"item {each + 1}" for each in (first, number)]
        yield (
            f"{at}: {' and '.join(named)} are the same in every fact; both are judged. If they "
            "are one thing, keep one of them"
        )


@lru_cache(maxsize=100)
def _lists(kind: FactType) -> _Lists:
    """The lists of groups in a record, a group or an item, and what groups have lists in them."""
    found: list[tuple[str, bool, _Lists]] = []
    for name, held_fact in kind.fields.items():
        if held_fact.type.group_item is not None:
            found.append((name, True, _lists(held_fact.type.group_item)))
        elif inner := _lists(held_fact.type):
            found.append((name, False, inner))
    return tuple(found)


def _repeated(
    lists: _Lists, holder: Record, at: str, firsts: _Firsts
) -> Iterator[tuple[str, int, int]]:
    """The pointer of a list, the place in it of an item, and that of a later one that equals it."""
    for name, is_list, inner in lists:
        found = held(holder, name)
        if not found:
            continue
        if not is_list:
            yield from _repeated(inner, found, f"{at}/{name}", firsts)
            continue
        if len(found) > 1:
            for number, first in enumerate(firsts(found)):
                if first != number and _says_something(found[number]):
                    yield f"{at}/{name}", first, number
        if inner:
            for number, item in enumerate(found):
                yield from _repeated(inner, item, f"{at}/{name}/{number}", firsts)


def _says_something(item: Record) -> bool:
    return any(fact is not None for fact in msgspec.structs.astuple(item))


def _equal(items: list[Record]) -> Iterable[int]:
    """The place of the first item that equals each."""
    return map(items.index, items) if len(items) <= _FEW else _by_bytes(items)


def _by_bytes(items: list[Record]) -> Iterable[int]:
    known: dict[bytes, int] = {}
    return (known.setdefault(_encode(item), number) for number, item in enumerate(items))
