"""The engine: a pack compiled once, records judged one by one or as a run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from scr_audit.errors import RecordError, RecordProblem
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.judge import KindJudge
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import RecordDecoder
from scr_audit.records.read import BATCH, InputFile, Inputs, RawRecord, read_batches
from scr_audit.records.seen import SeenIds
from scr_audit.runs.partial import LeftOut, Partial
from scr_audit.runs.run import Run
from scr_audit.runs.totals import Totals, UnitCounts

Records = Iterable[Mapping[str, Any] | bytes | str | Path]
OnFindings = Callable[[list[Finding]], None]
_AHEAD = 8  # batches that workers may have at a time


class Engine:
    """Judges records by the rules of one pack. Build it once with `compile_pack`.

    It reads no clock: rules about overdue dates need `as_of`, and without it their units are
    not evidenced.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._decoder = RecordDecoder(pack)
        self._judges = {
            kind: KindJudge(
                kind, tuple(rule for rule in pack.rules if rule.kind == kind), pack.parameters
            )
            for kind in pack.kinds
        }
        self._kind_of = {
            struct: (kind, struct is decoders.imprecise)
            for kind, decoders in self._decoder.kinds.items()
            for struct in (decoders.exact, decoders.imprecise)
        }

    def evaluate(
        self,
        record: Mapping[str, Any] | bytes | str,
        *,
        kind: str | None = None,
        as_of: date | None = None,
    ) -> list[Finding]:
        """The findings of every rule for one record, as a mapping or as JSON.

        The record's own `kind` or the argument tells its kind, else it is the pack's first.
        Raises `RecordError` with everything that is wrong with the record.
        """
        if isinstance(record, bytes | str):
            typed = self._decoder.from_json(record, kind)
        else:
            typed = self._decoder.from_values(record, kind)
        return self._judge(typed, as_of)

    def _judge(self, typed: Any, as_of: date | None) -> list[Finding]:
        kind, imprecise = self._kind_of[type(typed)]
        judge = self._judges[kind]
        return judge.findings(typed, as_of, judge.interpreter(as_of), imprecise=imprecise)

    def run(
        self,
        records: Records | str | Path,
        *,
        as_of: date | None = None,
        on_findings: OnFindings | None = None,
        executor: Executor | None = None,
    ) -> Run:
        """Judge many records and total the outcomes; memory does not grow with their number.

        `records` is a path, or any iterable of paths, mappings and JSON texts (`bytes`, or
        `str` beginning with `{`). `on_findings` is called with the findings of each judged
        record, in order. With an `executor` batches of files are totalled in parallel; the
        result is the same. Raises `InputError` where an input cannot be read at all; a record
        that is wrong is left out and listed in the run.
        """
        if executor is not None and on_findings is not None:
            raise ValueError("findings are given in order, in this process: no executor")
        inputs = Inputs()
        whole = Partial(Totals.empty(rule.id for rule in self.pack.rules))
        seen = SeenIds()
        batches = self._batches(records, inputs)
        if executor is None:
            for source, raws in batches:
                whole.merge(self._batch(source.name, raws, as_of, on_findings, seen.add))
        else:
            for partial in self._parallel(batches, as_of, executor, seen):
                whole.merge(partial)
        return Run(self.pack, as_of, inputs, whole)

    def _batches(
        self, records: Records | str | Path, inputs: Inputs
    ) -> Iterator[tuple[InputFile, list[RawRecord]]]:
        plurals = {kind.plural: name for name, kind in self.pack.kinds.items()}
        if isinstance(records, str | Path):
            records = [Path(records)]
        memory = InputFile("(records given by the caller)")
        position = 0
        pending = iter(records)
        while chunk := list(islice(pending, BATCH)):
            held: list[RawRecord] = []
            for item in chunk:
                if _is_path(item):
                    yield from read_batches([item], plurals, inputs)  # type: ignore[list-item]  # a path
                    continue
                held.append(RawRecord(f"/{position}", item))  # type: ignore[arg-type]  # no path
                position += 1
            if held:
                if memory not in inputs.files:
                    inputs.files.append(memory)
                yield memory, held

    def _parallel(
        self,
        batches: Iterable[tuple[InputFile, list[RawRecord]]],
        as_of: date | None,
        executor: Executor,
        seen: SeenIds,
    ) -> Iterator[Partial]:
        """Partial results in the order of the batches; few batches are held at a time."""
        pending = iter(batches)
        waiting: deque[tuple[str, list[RawRecord], Future[Partial]]] = deque()
        while True:
            for source, raws in islice(pending, _AHEAD - len(waiting)):
                job = executor.submit(_judge_in_worker, self.pack.folder, source.name, raws, as_of)
                waiting.append((source.name, raws, job))
            if not waiting:
                return
            name, raws, job = waiting.popleft()
            partial = job.result()
            new = [seen.add(key) for key in partial.ids]
            if all(new):
                yield partial
            else:  # a record of another batch has the same id: judge this batch without it
                answers = iter(new)
                yield self._batch(name, raws, as_of, None, lambda _, it=answers: next(it))

    def _batch(
        self,
        file: str,
        raws: Sequence[RawRecord],
        as_of: date | None,
        on_findings: OnFindings | None,
        is_new: Callable[[str], bool],
    ) -> Partial:
        """Decode and judge some records. `is_new` is asked about each id that decoded."""
        partial = Partial(Totals({}))
        groups: dict[type, list[Any]] = {}
        for raw in raws:
            try:
                typed = self._decoded(raw)
            except RecordError as error:
                partial.leave_out(LeftOut(file, raw.position, error.record_id, error.problems))
                continue
            kind, _ = self._kind_of[type(typed)]
            key = f"{kind} {typed.id}"
            partial.ids.append(key)
            if not is_new(key):
                partial.leave_out(LeftOut(file, raw.position, typed.id, (_duplicate(key),)))
                continue
            if on_findings is not None:
                on_findings(self._judge(typed, as_of))
            groups.setdefault(type(typed), []).append(typed)
        for struct, group in groups.items():
            self._count(struct, group, as_of, partial.totals)
        return partial

    def _decoded(self, raw: RawRecord) -> Any:
        if isinstance(raw.data, bytes | str):
            return self._decoder.from_json(raw.data, raw.kind)
        return self._decoder.from_values(raw.data, raw.kind)

    def _count(self, struct: type, group: list[Any], as_of: date | None, totals: Totals) -> None:
        kind, imprecise = self._kind_of[struct]
        judge = self._judges[kind]
        counts = judge.counts(group, as_of, imprecise=imprecise)
        part = Totals(
            {
                rule.id: UnitCounts(list(row[:6]), row[6])
                for rule, row in zip(judge.rules, counts.rules, strict=True)
            },
            {kind: len(group)},
            counts.judged,
            counts.all_met,
        )
        totals.merge(part)

    def source(self, rule_id: str) -> str:
        """The Python source that decides one rule, compiled by itself."""
        rule = self.pack.rule(rule_id)
        return KindJudge(rule.kind, (rule,), self.pack.parameters).program.source()


def compile_pack(pack: Pack) -> Engine:
    """The engine for a loaded pack. It may be used from several threads."""
    return Engine(pack)


def _is_path(item: Any) -> bool:
    if isinstance(item, str):
        return not item.lstrip().startswith("{")
    return isinstance(item, Path)


def _duplicate(key: str) -> RecordProblem:
    kind, _, record_id = key.partition(" ")
    return RecordProblem(
        "/id",
        f"an earlier {kind} record has the id '{record_id}' too; only the first was judged",
    )


@lru_cache(maxsize=4)
def _worker_engine(folder: str) -> Engine:
    from scr_audit.packs.load import load_folder

    return Engine(load_folder(Path(folder)))


def _judge_in_worker(
    folder: str, file: str, raws: list[RawRecord], as_of: date | None
) -> Partial:
    """Judge a batch in another process, which loads the pack once."""
    return _worker_engine(folder)._batch(file, raws, as_of, None, lambda _: True)
