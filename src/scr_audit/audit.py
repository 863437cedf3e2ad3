"""An audit from files to the document that its reports show: what `scr-audit run` does.

    with run_audit("cases.json", plan="quarterly-conference-plan") as audit:
        reports.write(audit, "report.html")

Nothing is printed: what an auditor should know is in `notes`, and the records that could not be
judged are in `run.left_out`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scr_audit.anonymity.gate import Gate, IdentifiersFoundError, check_reason
from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.scan import scan_record
from scr_audit.approvals.approved import exceptions_of
from scr_audit.documents.parts import OfficeInfo
from scr_audit.documents.run import FindingInfo, ModerationInfo, RunBundle, RunHead
from scr_audit.engine import Engine
from scr_audit.errors import ArgumentError, InputError, listed, translate_os_errors
from scr_audit.evaluate.finding import Finding
from scr_audit.inputs.files import check_readable, expand_names, named_files
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack, SampleUsed
from scr_audit.records.raw import RawRecord
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head
from scr_audit.runs.run import Run
from scr_audit.runs.stored import read_bundle
from scr_audit.runs.workers import Workers
from scr_audit.values.period import parse_period
from scr_audit.values.text import counted, several

if TYPE_CHECKING:
    from scr_audit.actions.state import Action
    from scr_audit.documents.series import TrendDocument
    from scr_audit.plans.pack_of_plan import Chosen
    from scr_audit.plans.plan import AuditPlan
    from scr_audit.series.time_points import OverlapError, SeriesRun

__all__ = ["Audit", "IdentifiersFoundError", "run_audit"]

EarlierRuns: TypeAlias = "Mapping[Path, SeriesRun]"
"""Earlier runs by their files."""


@dataclass(frozen=True)
class Audit:
    """A run, and the document that its reports show. Close it, or use it in `with`.

    Findings are kept in temporary files until it is closed. `notes` are what an auditor should
    know of the period, the sample, the earlier runs and the trend, `read` the files it came of.
    """

    run: Run = field(repr=False)
    chosen: Chosen | None = field(repr=False)
    head: RunHead = field(repr=False)
    notes: tuple[str, ...] = ()
    spool: Spool | None = field(default=None, repr=False)
    read: tuple[Path | str, ...] = field(default=(), repr=False)

    def bundle(self) -> RunBundle:
        """The whole run bundle, which reports are made of; without records where none were kept."""
        return bundle_document(self.head, self.spool)

    def findings(self) -> Iterator[FindingInfo]:
        """The findings one by one, without holding all of them.

        Raises `InputError` where the audit was run without keeping them.
        """
        if self.spool is None:
            raise InputError("this audit kept no findings; run it with keep_findings=True")
        return map(msgspec.json.Decoder().decode, self.spool.findings())

    def close(self) -> None:
        """Remove the temporary files."""
        if self.spool is not None:
            self.spool.__exit__()

    def __enter__(self) -> Audit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run_audit(
    files: Sequence[Path | str] | Path | str,
    *,
    pack: Pack | Path | str | None = None,
    plan: Chosen | AuditPlan | Path | str | None = None,
    period: str | None = None,
    sample: Path | str | None = None,
    settings: Path | str | None = None,
    exceptions: Path | str | None = None,
    as_of: date | None = None,
    earlier: Mapping[Path, RunBundle] | Sequence[Path | str] | Path | str = (),
    series: Sequence[SeriesRun] = (),
    actions: Sequence[Action] | None = None,
    moderated_from: Sequence[Path | str] | Path | str = (),
    office: str | None = None,
    commentary: str | None = None,
    allow_identifiable: str | None = None,
    require_k: int | None = None,
    keep_findings: bool = True,
    reasons: bool = True,
    remedies: bool = True,
    trend: bool = True,
    jobs: int | None = 1,
    progress: Callable[[int], None] | None = None,
) -> Audit:
    """Judge the records of files, and make the document of the run.

    `plan` chooses rules and records, `period` the days, `sample` is the file of the sample that
    was drawn for it. `earlier` are bundles that lead to this run in a trend, and it is compared
    with the latest of them; `series` are further runs of a store. `actions` are those of a plan, of
    which the run may show some to have worked, `moderated_from` the two readings that the records
    were made of. `office` is whose audit it is and `commentary` what it says of it, for the first
    page of reports. Without `keep_findings` only totals are made; without `reasons` findings say
    their outcome and what is missing alone, and `remedies` are the smallest changes that would have
    met a rule. Without `trend` earlier runs may overlap this one, and no trend is made. `jobs` is
    the number of processes, of which no byte depends; None: one a core for many records.
    `progress` is called with how many records are judged so far.

    Raises `PackError`, `InputError`, and `IdentifiersFoundError` where a record holds an identifier
    and `allow_identifiable` gives no reason for it.
    """
    check_reason(allow_identifiable)
    day = as_of or date.today()
    moderated_from = several(moderated_from)
    chosen = chosen_for(plan, period, sample, as_of=day)
    if jobs is not None and jobs < 1:
        raise ArgumentError("jobs", f"expected at least 1; found {jobs}")
    bundles = earlier
    if not isinstance(bundles, Mapping):
        bundles = {Path(path): read_bundle(path) for path in several(bundles)}
    notes = [] if chosen is None or not trend else check_earlier(chosen, bundles)
    names = expand_names(named_files(files))
    check_readable(names)
    if moderated_from and "-" in names:
        raise InputError(
            "-: standard input can be read once, and moderated records are read twice; name a file"
        )
    known = load_pack(pack, settings=settings)
    approved = exceptions_of(exceptions, known)  # of all rules, before a plan chooses
    known = known if chosen is None else chosen.of(known)
    gate = Gate(known, allow_identifiable, require_k)
    with contextlib.ExitStack() as stack:
        spool = None
        if keep_findings:
            document = Finding.to_dict if remedies else Finding.reason_to_dict
            document = document if reasons else Finding.outcome_to_dict
            spool = stack.enter_context(Spool(document))
        run = _judge(
            names, Engine(known, approved), gate, day, spool=spool, jobs=jobs, progress=progress
        )
        gate.check()
        _check_population(run, chosen)
        head = bundle_head(
            run,
            None if chosen is None else chosen.plan,
            anonymity=gate.document(),
            sample=None if chosen is None else chosen.sample,
            moderation=_moderation(gate, names, moderated_from, day),
            office=_office(office, commentary),
        )
        if bundles:
            from scr_audit.series.comparison import compare_with_earlier  # few runs need it

            latest = max(bundles.values(), key=lambda bundle: bundle["as_of"] or "")
            head["compared"] = compare_with_earlier(
                head, latest, None if spool is None else spool.outcomes()
            )
        if trend and (bundles or series):
            found, remarks = _trend(head, _given_runs(bundles), series)
            notes += remarks
            if found is not None:
                head["trend"] = found
        if actions is not None:
            from scr_audit.actions.action_list import bundle_rows  # few runs need it

            head["actions"] = bundle_rows(actions, head)
        notes += [*_period_notes(run), *_missing_notes(run, chosen)]
        stack.pop_all()
    named = (pack, plan, sample, settings, exceptions, *bundles, *moderated_from)
    read = (*names, *(name for name in named if isinstance(name, Path | str)))
    return Audit(run, chosen, head, tuple(notes), spool, read)


def _office(name: str | None, commentary: str | None) -> OfficeInfo | None:
    """Whose audit it is. Raises `ArgumentError` where the words identify somebody."""
    if not name and not commentary:
        return None
    for what, said in (("office", name), ("commentary", commentary)):
        if found := scan_record({what: said}):
            kind = IDENTIFIERS[found[0].kind]
            raise ArgumentError(what, f"holds {kind.name}; {kind.advice}. Nothing was written")
    return {"name": name or "", "commentary": (commentary or "").strip()}


def chosen_for(
    plan: Chosen | AuditPlan | Path | str | None,
    period: str | None,
    sample: Path | str | None,
    *,
    as_of: date,
) -> Chosen | None:
    """The plan, the days and the sample that choose the records of a run; None without a plan.

    Raises `InputError` for a period or a sample without a plan, or a sample of another one.
    """
    if plan is None:
        if period is not None:
            raise ArgumentError(
                f"period {period}",
                "needs an audit plan, which says what dates the things that are judged",
            )
        if sample is not None:
            raise ArgumentError(
                f"sample {sample}", "needs the audit plan that the sample was drawn for"
            )
        return None
    # A plan needs YAML and Pydantic, which take long to import.
    from scr_audit.plans.pack_of_plan import Chosen, chosen_plan

    chosen = plan if isinstance(plan, Chosen) else chosen_plan(plan, period, as_of=as_of)
    return chosen if sample is None else _with_sample(chosen, Path(sample))


def _with_sample(chosen: Chosen, path: Path) -> Chosen:
    """The plan's choice with the sample of a file.

    Raises `InputError` where the sample is of another plan or period.
    """
    # What draws samples takes a fifth of a second to import.
    from scr_audit.sampling.sample_document import check_plan_of, ids_in_use, read_sample

    found = read_sample(path)
    check_plan_of(found, chosen, path)
    period = found.frame.period and parse_period(found.frame.period)
    if period != chosen.period:
        raise InputError(
            f"{path}: was drawn for {period or 'no period'}, and this run looks at "
            f"{chosen.period or 'no period'}. Give both the same period"
        )
    frame, reasons = found.frame, tuple(item.reason for item in found.replaced)
    used = SampleUsed(
        frame.size, frame.sha256, found.seed, found.method, ids_in_use(found), reasons
    )
    return replace(chosen, sample=used)


def check_earlier(chosen: Chosen, earlier: Mapping[Path, RunBundle]) -> list[str]:
    """Refuse earlier runs whose period overlaps this one; a note where none is the wanted one.

    Raises `ArgumentError` with both periods.
    """
    from scr_audit.series.comparison import other_period
    from scr_audit.series.time_points import head_period

    others: list[str] = []
    for path, bundle in earlier.items():
        before = head_period(bundle)
        if chosen.period is None or before is None:
            continue
        if before.overlaps(chosen.period):
            raise ArgumentError(
                f"earlier {path}",
                f"looks at {before}, which overlaps {chosen.period}: what lies in both would be "
                "compared with itself. Give a run of an earlier period",
            )
        if different := other_period(chosen.plan.comparison, chosen.period, before):
            others.append(f"{path}: {different}")
    return others if len(others) == len(earlier) else []


def _check_population(run: Run, chosen: Chosen | None) -> None:
    """Raise `InputError` where records were read and the plan's filter keeps them all out."""
    refused = sum(run.refused.values())
    if chosen is None or not refused or run.totals.read:
        return
    raise InputError(
        f"the population of the plan '{chosen.plan.id}' is empty: of {counted(refused, 'record')} "
        f"that could be read, none fits its filter: {chosen.plan.filter_words}. "
        "Nothing was judged and no report was written"
    )


def _moderation(
    gate: Gate, files: Sequence[str], readings: Sequence[Path | str], as_of: date
) -> ModerationInfo | None:
    """What changed between two auditors' readings and the records of this run."""
    if not readings:
        return None
    if len(readings) != 2:
        raise ArgumentError(
            "moderated_from",
            "names the reading of one auditor; give it twice, the first one first",
        )
    from scr_audit.readings.jobs import moderation

    return moderation(gate.pack, files, readings, as_of=as_of, allow_identifiable=gate.allowed)


def _judge(
    files: Sequence[str],
    engine: Engine,
    gate: Gate,
    as_of: date,
    *,
    spool: Spool | None,
    jobs: int | None,
    progress: Callable[[int], None] | None,
) -> Run:
    done = 0

    def judged(records: Sequence[RawRecord]) -> None:
        nonlocal done
        gate.count_alike(records)
        done += len(records)
        if progress is not None:
            progress(done)

    count = jobs or _cores()
    workers = Workers(count, late=jobs is None) if count > 1 else None
    try:
        return engine.run(
            [Path(name) for name in files],
            as_of=as_of,
            on_findings=None if spool is None else spool.write,
            render=None if spool is None else spool.render,
            executor=workers,
            admit=gate.admit,
            on_judged=judged,
        )
    except (BrokenExecutor, MemoryError) as error:
        if workers is None:
            raise
        ended = "a worker process was ended, perhaps for lack of memory"
        why = "there is not enough memory" if isinstance(error, MemoryError) else ended
        raise ArgumentError(
            f"jobs {count}", f"{why}; use fewer. No output file was changed."
        ) from None
    finally:
        if workers is not None:
            workers.shutdown(cancel_futures=True)


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _given_runs(bundles: Mapping[Path, RunBundle]) -> dict[Path, SeriesRun]:
    """Bundles as runs of a series, named as the store would name them."""
    from scr_audit.series.time_points import SeriesRun, head_period

    return {
        path: SeriesRun(_sha256(path)[:12], bundle, head_period(bundle))
        for path, bundle in bundles.items()
    }


def _sha256(path: Path) -> str:
    if not path.exists():  # a name that the caller gave
        return str(path)
    with translate_os_errors(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()


def _trend(
    head: RunHead, given: EarlierRuns, kept: Sequence[SeriesRun]
) -> tuple[TrendDocument | None, list[str]]:
    """The trend that ends with this run, or None; and notes on runs that are not in it."""
    from scr_audit.series.time_points import OverlapError
    from scr_audit.series.trends import run_trend

    plain: RunHead = msgspec.json.decode(msgspec.json.encode(head))  # as one that was read has it
    notes = list(_notes_on_points(plain, given))
    try:
        return run_trend(plain, [*given.values(), *kept]), notes
    except OverlapError as error:
        return None, [*notes, _overlap(error, given)]


def _notes_on_points(head: RunHead, given: EarlierRuns) -> Iterator[str]:
    """A note on each file whose run is no point of the trend."""
    from scr_audit.series.time_points import SeriesRun, head_period
    from scr_audit.series.trends import THIS_RUN, is_before

    now = SeriesRun(THIS_RUN, head, head_period(head))
    for path, run in given.items():
        if not is_before(run, now):
            yield (
                f"{path}: is no point of the trend: it is this run, a later one, or of another "
                "pack or plan"
            )


def _overlap(error: OverlapError, given: EarlierRuns) -> str:
    """Which two runs are about the same days, so that there is no trend."""
    paths = {run.name: str(path) for path, run in given.items()}
    first, second = (_run_name(run, paths) for run in sorted(error.pair, key=_is_this_run))
    return (
        f"no trend in the reports: {first} and {second} overlap: what was done then would "
        "count twice"
    )


def _run_name(run: SeriesRun, paths: Mapping[str, str]) -> str:
    from scr_audit.series.time_points import SeriesRun
    from scr_audit.series.trends import THIS_RUN

    named = SeriesRun(paths.get(run.name, run.name), run.head, run.period)
    of_store = run.name != THIS_RUN and run.name not in paths
    return f"the kept run {named}" if of_store else str(named)


def _is_this_run(run: SeriesRun) -> bool:
    from scr_audit.series.trends import THIS_RUN

    return run.name == THIS_RUN


def _missing_notes(run: Run, chosen: Chosen | None) -> Iterator[str]:
    """A note on drawn records that are not in the input."""
    if chosen is None or chosen.sample is None:
        return
    missing = sorted(set(chosen.sample.ids) - run.result.drawn)
    if missing:
        yield (
            f"{counted(len(missing), 'drawn record')} not in the input: "
            f"{listed(missing, most=20)}. Audit them, or replace each from the reserve"
        )


def _period_notes(run: Run) -> Iterator[str]:
    """Notes on a period that has not ended, or of which nothing was judged."""
    planning = run.pack.planning
    if planning is None or planning.period is None or not run.totals.read:
        return
    if planning.period.end > (run.as_of or planning.period.end):
        yield f"{planning.period} has not ended: the audit is run as of {run.as_of}"
    if not run.totals.over(rule.id for rule in run.pack.rules).rates().judged:
        yield f"nothing was judged: the records hold nothing dated {planning.period}"
