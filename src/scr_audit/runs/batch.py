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
from typing import Any

from scr_audit.errors import RecordError, RecordProblem
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.judge import KindJudge
from scr_audit.evaluate.program import KindCounts
from scr_audit.exceptions.approved import NONE, Excepter, Exceptions
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import RecordDecoder
from scr_audit.records.read import RawRecord
from scr_audit.runs.gather import gathered_kinds, plain_record
from scr_audit.runs.partial import LeftOut, Partial
from scr_audit.runs.population import Admission
from scr_audit.runs.totals import Totals, UnitCounts

OnFindings = Callable[[list[Finding]], None]
_NO_ID = RecordProblem("/id", "the id is empty; a report could not say which record it is about")
IsNew = Callable[[str], bool]


class Judges:
    """A pack's decoder and judges; which of them a typed record needs, its type tells."""

    def __init__(self, pack: Pack, exceptions: Exceptions = NONE) -> None:
        self.excepter = Excepter(exceptions)
        self.decoder = RecordDecoder(pack)
        self.gathered_kinds = gathered_kinds(pack)
        self.admission = Admission(pack)
        self.of_kind: Mapping[str, KindJudge] = {
            kind: KindJudge(
                kind, tuple(rule for rule in pack.rules if rule.kind == kind), pack.parameters
            )
            for kind in pack.kinds
        }
        self.kind_of: Mapping[type, tuple[str, bool]] = {
            struct: (kind, struct is decoders.imprecise)
            for kind, decoders in self.decoder.kinds.items()
            for struct in (decoders.exact, decoders.imprecise)
        }

    def findings(self, typed: Any, as_of: date | None) -> list[Finding]:
        """The findings for one typed record, with the exceptions that are in force."""
        kind, imprecise = self.kind_of[type(typed)]
        found = self.of_kind[kind].findings(typed, as_of, imprecise=imprecise)
        return self.excepter.applied((kind, typed.id), found, as_of)

    def count(self, struct: type, records: Iterable[Any], as_of: date | None) -> Totals:
        """The totals over typed records of one struct type; records read are not among them."""
        kind, imprecise = self.kind_of[struct]
        judge = self.of_kind[kind]
        return _totals(judge, judge.counts(records, as_of, imprecise=imprecise))

    def count_findings(self, struct: type, findings: list[Finding]) -> Totals:
        """The totals of one record's findings."""
        judge = self.of_kind[self.kind_of[struct][0]]
        return _totals(judge, judge.counted([findings]))


def _totals(judge: KindJudge, counts: KindCounts) -> Totals:
    rules = {
        rule.id: UnitCounts(list(row[:6]), row[6])
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
    is_new: IsNew
    partial: Partial = field(default_factory=lambda: Partial(Totals({})))
    rest: dict[type, list[Any]] = field(default_factory=dict)

    def records(self, wanted: type | None) -> Iterator[Any]:
        """The typed records of the type `wanted`, as they are decoded; others go to `rest`."""
        kind_of, decode, is_new = self.judges.kind_of, self.judges.decoder.from_raw, self.is_new
        ids, read = self.partial.ids, self.partial.totals.read
        admission = self.judges.admission
        named = self.judges.excepter.records
        for raw in self.raws:
            try:
                typed = decode(raw.data, raw.kind)
            except RecordError as error:
                self._leave_out(raw, error.record_id, error.problems)
                continue
            if not typed.id.strip():
                self._leave_out(raw, None, (_NO_ID,))
                continue
            struct = type(typed)
            kind, imprecise = kind_of[struct]
            key = f"{kind} {typed.id}"
            ids.append(key)
            if not is_new(key):
                self._leave_out(raw, typed.id, (_duplicate(kind, typed.id),))
                continue
            if kind in self.judges.gathered_kinds:
                plain = plain_record(typed)
                self.partial.gathered.setdefault(kind, []).append(plain)
            if admission.drew(kind, typed.id):
                self.partial.drawn.add(typed.id)
            refused = admission.refuses(kind, typed, self.as_of, imprecise=imprecise)
            if refused is not None:
                self.partial.refuse(refused)
                continue
            read[kind] = read.get(kind, 0) + 1
            is_named = bool(named) and (kind, typed.id) in named
            if is_named or self.on_findings is not None:
                findings = self.judges.findings(typed, self.as_of)
                self.partial.totals.merge(self.judges.count_findings(struct, findings))
                if is_named:
                    self.partial.reached(self.judges.excepter.reach((kind, typed.id), findings))
                if self.on_findings is not None:
                    self.on_findings(findings)
            elif struct is wanted:
                yield typed
            else:
                self.rest.setdefault(struct, []).append(typed)

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
    is_new: IsNew,
) -> Partial:
    """The partial result of some raw records. `is_new` is asked about each id that decoded."""
    batch = _Batch(judges, file, raws, as_of, on_findings, is_new)
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


def _duplicate(kind: str, record_id: str) -> RecordProblem:
    return RecordProblem(
        "/id",
        f"an earlier {kind} record has the id '{record_id}' too; only the first was judged. "
        "'scr-audit merge' makes one record of an import and a form",
    )
