"""The engine: a pack compiled once, records judged one by one or as a run."""

from __future__ import annotations

import logging
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date, datetime
from itertools import repeat
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from scr_audit.approvals.approved import NONE, Exceptions, exceptions_of, require_day
from scr_audit.errors import ArgumentError, InputError, did_you_mean, listed
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.program import KindJudge
from scr_audit.inputs.files import expand_names
from scr_audit.inputs.json_files import BATCH
from scr_audit.inputs.read import read_inputs
from scr_audit.packs.pack import Pack
from scr_audit.records.ids import Earlier, SeenIds
from scr_audit.records.raw import IN_MEMORY, InputFile, Inputs, RawRecord
from scr_audit.runs.batch import Judges, OnFindings, judge_batch, judge_gathered
from scr_audit.runs.run import Run
from scr_audit.runs.totals import Partial, Totals
from scr_audit.runs.workers import Work
from scr_audit.values.text import counted, is_leftover

if TYPE_CHECKING:
    from scr_audit.plans.pack_of_plan import Chosen
    from scr_audit.plans.plan import AuditPlan

_log = logging.getLogger(__name__)
Records = Iterable[Mapping[str, Any] | bytes | str | Path]
Admit = Callable[[InputFile, Sequence[RawRecord]], bool]
OnJudged = Callable[[Sequence[RawRecord]], object]
Render = Callable[[list[Finding]], Any]
# Records of a piece of work: enough to be worth the sending, few enough for all to end together.
_COUNTED, _RENDERED = 200, 4


class Engine:
    """Judges records by the rules of one pack. Build it once with `compile_pack`.

    It reads no clock: rules that ask whether a day has come (most of the shipped ones) need
    `as_of`, and without it their units are not evidenced. With `exceptions`
    (`scr_audit.approvals.exceptions_file`) every way of judging needs it.
    """

    def __init__(self, pack: Pack, exceptions: Exceptions = NONE) -> None:
        self.pack = pack
        self.exceptions = exceptions
        self._judges = Judges(pack, exceptions)

    def __repr__(self) -> str:
        return f"Engine({self.pack!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Engine, (self.pack, self.exceptions)

    def evaluate(
        self,
        record: Mapping[str, object] | bytes | str,
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
        on_findings: Callable[[Any], object] | None = None,
        render: Render | None = None,
        executor: Executor | None = None,
        admit: Admit | None = None,
        on_judged: OnJudged | None = None,
    ) -> Run:
        """Judge many records and total the outcomes; of each, memory keeps only the id.

        `records` is a path, or any iterable of paths, mappings and JSON texts (`bytes`, or
        `str` beginning with `{`). `on_findings` is called with the findings of each judged
        record, in order, or with what `render` makes of them. With an `executor` its workers judge
        and render, so that what `render` is and gives has to be pickled; `on_findings` is called
        here, and everything is the same. `admit` is asked about each batch of raw records before it
        is judged; one that it refuses is read and not judged. `on_judged` is called with the raw
        records that were judged, a batch or less at a time. Raises `InputError` where an input
        cannot be read at all; a record that is wrong is left out and listed in the run.
        """
        if executor is not None and on_findings is not None and render is None:
            raise ArgumentError(
                "render",
                "with an executor findings stay with its workers; give a function that makes of "
                "the findings of a record what on_findings is to get",
            )
        ended: list[Run] = []
        for _ in self._steps(
            records,
            as_of=as_of,
            on_findings=on_findings,
            render=render,
            on_end=ended.append,
            executor=executor,
            admit=admit,
            on_judged=on_judged,
        ):
            pass
        return ended[0]

    def findings(
        self,
        records: Records | str | Path,
        *,
        as_of: date | None = None,
        on_end: Callable[[Run], object] | None = None,
    ) -> Iterator[Finding]:
        """The findings of many records one by one, in order, judged a batch at a time.

        `records` and what is raised are those of `run`. `on_end` is called with the run after the
        last finding: it has the totals, and the records that were left out.
        """
        found: list[Finding] = []
        steps = self._steps(records, as_of=as_of, on_findings=found.extend, on_end=on_end)
        return _each_finding(steps, found)

    def findings_async(
        self,
        records: Records | str | Path,
        *,
        as_of: date | None = None,
        on_end: Callable[[Run], object] | None = None,
    ) -> AsyncIterator[Finding]:
        """`findings` for `async for`: a thread reads and judges the batches, and calls `on_end`.

        The event loop goes on meanwhile, as far as Python's global lock allows.
        """
        found: list[Finding] = []
        steps = self._steps(records, as_of=as_of, on_findings=found.extend, on_end=on_end)
        return _each_finding_async(steps, found)

    def _steps(
        self,
        records: Records | str | Path,
        *,
        as_of: date | None,
        on_findings: Callable[[Any], object] | None,
        on_end: Callable[[Run], object] | None,
        render: Render | None = None,
        executor: Executor | None = None,
        admit: Admit | None = None,
        on_judged: OnJudged | None = None,
    ) -> Iterator[None]:
        """Judge a batch at each step.

        Only counts and times are logged: even the name of a file may identify somebody.
        """
        started = perf_counter()
        _check_given(records)
        check_day(as_of)
        if self.exceptions.entries:
            require_day(as_of)
        inputs, ids = Inputs(), SeenIds()
        batches = self._batches(records, inputs)
        if admit is not None:
            batches = (batch for batch in batches if admit(*batch))
        listen = _rendered(on_findings, render)
        if executor is None:
            partials = self._one_by_one(batches, as_of, listen, ids)
        else:
            rendered = None if on_findings is None else render
            partials = self._parallel(batches, as_of, executor, ids, rendered, on_findings)
        given = Partial(Totals.empty(rule.id for rule in self.pack.rules))
        for raws, partial in partials:
            if on_judged is not None:
                on_judged([raws[number] for number in partial.judged])
            given.merge(partial)
            _log.debug("%d records could be read, %d left out", given.decoded, given.left_out_count)
            yield
        whole = judge_gathered(self._judges, given, ids, as_of=as_of, on_findings=listen)
        _log.info(
            "run by pack %s %s: %s, %s judged, %d left out, %d not of the run, "
            "in %.2f s",
            self.pack.id, self.pack.version, counted(len(inputs.files), "file"),
            counted(sum(whole[0].totals.read.values()), "record"),
            whole[0].left_out_count, sum(whole[0].refused.values()), perf_counter() - started,
        )  # fmt: skip
        yield
        if on_end is not None:
            on_end(Run(self.pack, as_of, inputs, given, ids, self.exceptions, whole))

    def _one_by_one(
        self,
        batches: Iterable[tuple[InputFile, list[RawRecord]]],
        as_of: date | None,
        on_findings: OnFindings | None,
        ids: SeenIds,
    ) -> Iterator[tuple[list[RawRecord], Partial]]:
        for source, raws in batches:
            yield (
                raws,
                judge_batch(
                    self._judges,
                    source.name,
                    raws,
                    as_of=as_of,
                    on_findings=on_findings,
                    earlier_of=ids.add,
                ),
            )

    def _batches(
        self, records: Records | str | Path, inputs: Inputs
    ) -> Iterator[tuple[InputFile, list[RawRecord]]]:
        alone = isinstance(records, str | Path)
        if isinstance(records, str | Path):
            records = [Path(records)]
        memory = InputFile(IN_MEMORY)
        held: list[RawRecord] = []
        position = 0
        for item in records:
            is_path = _is_path(item)
            if held and (is_path or len(held) == BATCH):
                yield memory, held
                held = []
            if is_path and not alone and is_leftover(str(item)):
                continue  # such as a pattern has found beside the forms
            if is_path or isinstance(item, Path):
                names = expand_names([str(item)])
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
        render: Render | None,
        on_findings: Callable[[Any], object] | None,
    ) -> Iterator[tuple[list[RawRecord], Partial]]:
        """The same by workers. A piece that repeats an id of another is judged once more."""
        work = Work(executor, _judge_piece, self)
        size = _COUNTED if render is None else _RENDERED
        pieces = (
            (source.name, raws[start : start + size], as_of, render, None)
            for source, raws in batches
            for start in range(0, len(raws), size)
        )
        for (name, raws, *asked, _), (partial, rendered) in work.answers(pieces):
            earlier = [seen.add(kind, id, name, at) for kind, id, at in partial.ids]
            ids = (id for _, id, _ in partial.ids)
            if any(each and each.id == id for each, id in zip(earlier, ids, strict=True)):
                partial, rendered = work.answer((name, raws, *asked, earlier))
            if on_findings is not None:
                for each in rendered:
                    on_findings(each)
            yield raws, partial

    def source(self, rule_id: str) -> str:
        """The Python source that decides one rule, compiled by itself. Raises `KeyError`."""
        rule = self.pack.rule(rule_id)
        return KindJudge(rule.kind, (rule,), self.pack.parameters).program.source()


def compile_pack(
    pack: Pack,
    *,
    plan: AuditPlan | Chosen | str | Path | None = None,
    rules: Collection[str] | None = None,
    exceptions: Exceptions | str | Path | None = None,
) -> Engine:
    """The engine for a loaded pack. It may be used from several threads.

    `plan` is an audit plan, its file, or the id of a shipped one: only the rules that it uses, on
    the records that it asks for. `rules` are the ids of those to judge by; left out: all.
    `exceptions` are approvals, or their file; they are read for all rules of the pack.

    Raises `InputError` for an unknown rule, or a file that cannot be read, and
    `PackError` for a plan or a file of exceptions that does not fit the pack.
    """
    if not isinstance(pack, Pack):
        raise InputError(f"compile_pack takes what load_pack gives; found {type(pack).__name__}")
    started = perf_counter()
    approved = exceptions_of(exceptions, pack)  # of all rules, before a plan chooses
    if plan is not None:
        pack = _planned(pack, plan)
    if rules is not None:
        pack = with_rules(pack, rules)
    engine = Engine(pack, approved)
    _log.info(
        "pack %s %s: %s, compiled in %.2f s",
        pack.id, pack.version, counted(len(pack.rules), "rule"), perf_counter() - started,
    )  # fmt: skip
    return engine


def _planned(pack: Pack, plan: AuditPlan | Chosen | str | Path) -> Pack:
    """The pack as a plan uses it."""
    from scr_audit.plans.pack_of_plan import Chosen
    from scr_audit.plans.plan import find_plan

    return (plan if isinstance(plan, Chosen) else Chosen(find_plan(plan), None)).of(pack)


def with_rules(pack: Pack, ids: Iterable[str]) -> Pack:
    """The pack with only the rules of these ids, in its own order. Raises `InputError`."""
    if isinstance(ids, str):
        raise InputError(f"rules is a list of ids; found str: {ids!r}")
    ids = tuple(ids)
    if not ids:
        raise InputError("rules names no rule; leave it out to judge by all of them")
    known = {rule.id: rule for rule in pack.rules}
    for id in ids:
        if id not in known:
            hint = did_you_mean(str(id), known) or f" Rules: {listed(known)}."
            raise InputError(f"there is no rule {id!r}.{hint}")
    return replace(pack, rules=tuple(rule for id, rule in known.items() if id in ids))


def _each_finding(steps: Iterator[None], found: list[Finding]) -> Iterator[Finding]:
    for _ in steps:
        yield from found
        found.clear()


async def _each_finding_async(
    steps: Iterator[None], found: list[Finding]
) -> AsyncIterator[Finding]:
    import asyncio  # slow to import

    while not await asyncio.to_thread(next, steps, True):
        for finding in found:
            yield finding
        found.clear()


def check_day(as_of: object) -> None:
    """Refuse an `as_of` that is no day, such as a time. Raises `InputError`."""
    if as_of is not None and (isinstance(as_of, datetime) or not isinstance(as_of, date)):
        found = type(as_of).__name__
        raise InputError(f"as_of is a day, such as date(2026, 11, 29); found {found}: {as_of!r}")


def _check_given(records: object) -> None:
    """Refuse what `run` cannot iterate over; the `InputError` repeats none of it."""
    found = type(records).__name__
    if isinstance(records, str) and not records.strip():
        hint = "name a file or a folder; '.' is the current one"
    elif isinstance(records, Mapping | bytes | bytearray | memoryview) or (
        isinstance(records, str) and _is_json(records)
    ):
        hint = "give records in a list, and one alone to evaluate"
    elif hasattr(records, "columns"):
        hint = "give its rows, such as pyarrow.table(frame).to_pylist()"
    elif hasattr(records, "read"):
        hint = "give the path of a file"
    elif isinstance(records, str | Path | Iterable):
        return
    else:
        hint = "give the records in a list"
    raise InputError(
        f"run takes a path, or a list of paths, mappings and JSON texts; found {found}: {hint}"
    )


def _is_path(item: object) -> bool:
    return isinstance(item, Path) or (isinstance(item, str) and not _is_json(item))


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "[", '"'))


def _rendered(
    on_findings: Callable[[Any], object] | None, render: Render | None
) -> OnFindings | None:
    """What is called with the findings of a record that is judged here."""
    if on_findings is None or render is None:
        return on_findings
    return lambda findings: on_findings(render(findings))


def _judge_piece(
    engine: Engine,
    file: str,
    raws: list[RawRecord],
    as_of: date | None,
    render: Render | None,
    earlier: Iterable[Earlier | None] | None,
) -> tuple[Partial, list[Any]]:
    """Judge and render some records; `earlier` are those of the same ids, or that look like them.

    Without them each id is taken for the first of its kind.
    """
    rendered: list[Any] = []
    answers = repeat(None) if earlier is None else iter(earlier)
    partial = judge_batch(
        engine._judges,  # noqa: SLF001  # the engine of this module
        file,
        raws,
        as_of=as_of,
        on_findings=None if render is None else _rendered(rendered.append, render),
        earlier_of=lambda *_: next(answers),
    )
    return partial, rendered
