"""The engine: a pack compiled once, records judged one by one or as a run."""

from __future__ import annotations

import pickle
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from scr_audit.approvals.approved import NONE, Exceptions, day_needed
from scr_audit.errors import InputError
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.program import KindJudge
from scr_audit.inputs.files import expanded
from scr_audit.inputs.json_files import BATCH
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.pack import Pack
from scr_audit.records.ids import SeenIds
from scr_audit.records.raw import InputFile, Inputs, RawRecord
from scr_audit.runs.batch import Judges, OnFindings, judge_batch
from scr_audit.runs.events import gathered_records
from scr_audit.runs.run import Partial, Run, Totals
from scr_audit.values.text import is_left

Records = Iterable[Mapping[str, Any] | bytes | str | Path]
Admit = Callable[[InputFile, Sequence[RawRecord]], bool]
_AHEAD = 8  # batches that workers may have at a time


class Engine:
    """Judges records by the rules of one pack. Build it once with `compile_pack`.

    It reads no clock: rules about overdue dates need `as_of`, and without it their units are
    not evidenced. With `exceptions` (`scr_audit.approvals.load`) every way of judging needs it.
    """

    def __init__(self, pack: Pack, exceptions: Exceptions = NONE) -> None:
        self.pack = pack
        self.exceptions = exceptions
        self._judges = Judges(pack, exceptions)

    def __reduce__(self) -> tuple[Any, ...]:
        return Engine, (self.pack, self.exceptions)

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
        check_day(as_of)
        return self._judges.findings(self._judges.decoder.from_raw(record, kind), as_of)

    def run(
        self,
        records: Records | str | Path,
        *,
        as_of: date | None = None,
        on_findings: OnFindings | None = None,
        executor: Executor | None = None,
        admit: Admit | None = None,
    ) -> Run:
        """Judge many records and total the outcomes; of each, memory keeps only the id.

        `records` is a path, or any iterable of paths, mappings and JSON texts (`bytes`, or
        `str` beginning with `{`). `on_findings` is called with the findings of each judged
        record, in order. With an `executor` batches of files are totalled in parallel; the
        result is the same. `admit` is asked about each batch of raw records before it is judged;
        one that it refuses is read and not judged. Raises `InputError` where an input cannot be
        read at all; a record that is wrong is left out and listed in the run.
        """
        if executor is not None and on_findings is not None:
            raise ValueError("findings are given in order, in this process: no executor")
        _check_given(records)
        check_day(as_of)
        if self.exceptions.entries:
            day_needed(as_of)
        inputs = Inputs()
        whole = Partial(Totals.empty(rule.id for rule in self.pack.rules))
        seen = SeenIds()
        batches = self._batches(records, inputs)
        if admit is not None:
            batches = (batch for batch in batches if admit(*batch))
        if executor is None:
            for source, raws in batches:
                partial = judge_batch(
                    self._judges,
                    source.name,
                    raws,
                    as_of=as_of,
                    on_findings=on_findings,
                    earlier_of=seen.add,
                )
                whole.merge(partial)
        else:
            for partial in self._parallel(batches, as_of, executor, seen):
                whole.merge(partial)
        complete = whole.left_out_count == 0
        made_of = gathered_records(self.pack, whole.gathered, complete=complete)
        for kind, values in made_of.items():
            raws = [RawRecord(f"/{record['id']}", record, kind) for record in values]
            made = judge_batch(
                self._judges,
                "(made from the records)",
                raws,
                as_of=as_of,
                on_findings=on_findings,
                earlier_of=seen.add,
            )
            whole.merge(made)
        return Run(self.pack, as_of, inputs, whole, self.exceptions)

    def _batches(
        self, records: Records | str | Path, inputs: Inputs
    ) -> Iterator[tuple[InputFile, list[RawRecord]]]:
        alone = isinstance(records, str | Path)
        if isinstance(records, str | Path):
            records = [Path(records)]
        memory = InputFile("(records given by the caller)")
        held: list[RawRecord] = []
        position = 0
        for item in records:
            is_path = _is_path(item)
            if held and (is_path or len(held) == BATCH):
                yield memory, held
                held = []
            if is_path and not alone and is_left(str(item)):
                continue  # such as a pattern has found beside the forms
            if is_path or isinstance(item, Path):
                names = expanded([str(item)])
                yield from read_inputs(names, self.pack, inputs)
                continue
            if memory not in inputs.files:
                inputs.files.append(memory)
            held.append(RawRecord(f"/{position}", item))
            position += 1
        if held:
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
        engine = zlib.compress(pickle.dumps(self))  # a megabyte; it goes with every batch
        while True:
            for source, raws in islice(pending, _AHEAD - len(waiting)):
                job = executor.submit(_judge_in_worker, engine, source.name, raws, as_of)
                waiting.append((source.name, raws, job))
            if not waiting:
                return
            name, raws, job = waiting.popleft()
            partial = job.result()
            earlier = [seen.add(kind, id, name, at) for kind, id, at in partial.ids]
            if any(earlier):  # of the same id, or one that looks like it: judge with that known
                answers = iter(earlier)
                partial = judge_batch(
                    self._judges,
                    name,
                    raws,
                    as_of=as_of,
                    on_findings=None,
                    earlier_of=lambda *_, answers=answers: next(answers),  # bound now
                )
            yield partial

    def source(self, rule_id: str) -> str:
        """The Python source that decides one rule, compiled by itself."""
        rule = self.pack.rule(rule_id)
        return KindJudge(rule.kind, (rule,), self.pack.parameters).program.source()


def compile_pack(pack: Pack, *, exceptions: Exceptions = NONE) -> Engine:
    """The engine for a loaded pack. It may be used from several threads.

    `exceptions` are what `scr_audit.approvals.load.load_exceptions` reads.
    """
    if not isinstance(pack, Pack):
        raise InputError(f"compile_pack takes what load_pack gives; found {type(pack).__name__}")
    return Engine(pack, exceptions)


def check_day(as_of: Any) -> None:
    """Refuse what is no day for `as_of`, such as a time. Raises `InputError`."""
    if as_of is not None and (isinstance(as_of, datetime) or not isinstance(as_of, date)):
        found = type(as_of).__name__
        raise InputError(f"as_of is a day, such as date(2026, 11, 29); found {found}: {as_of!r}")


def _check_given(records: Any) -> None:
    """Refuse what `run` cannot go through, without repeating any of it. Raises `InputError`."""
    found = type(records).__name__
    if isinstance(records, Mapping | bytes) or (isinstance(records, str) and _is_json(records)):
        hint = "give records in a list, and one alone to evaluate"
    elif hasattr(records, "columns"):
        hint = "give its rows, such as frame.to_dict('records')"
    elif hasattr(records, "read"):
        hint = "give the path of a file"
    elif isinstance(records, str | Path | Iterable):
        return
    else:
        hint = "put what there is into a list"
    raise InputError(
        f"run takes a path, or a list of paths, mappings and JSON texts; found {found}: {hint}"
    )


def _is_path(item: Any) -> bool:
    return isinstance(item, Path) or (isinstance(item, str) and not _is_json(item))


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


@lru_cache(maxsize=4)
def _unpickled(engine: bytes) -> Engine:
    found: Engine = pickle.loads(zlib.decompress(engine))  # noqa: S301  # this process's parent made it
    return found


def _judge_in_worker(
    engine: bytes, file: str, raws: list[RawRecord], as_of: date | None
) -> Partial:
    """Judge a batch in another process, which makes the engine once."""
    judges = _unpickled(engine)._judges  # noqa: SLF001  # the engine of this module
    return judge_batch(
        judges, file, raws, as_of=as_of, on_findings=None, earlier_of=lambda *_: None
    )
