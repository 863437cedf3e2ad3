"""Samples of the records that an audit plan is about: drawn, drawn again, and kept in use.

    sample = draw("cases.json", "quarterly-conference-plan", seed="said before",
                  wanted=Wanted(size=20))
    sample.document    # what is kept of it: a file that anybody can draw again from

A draw depends on its frame, its seed and what was asked alone, so that it can be repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from scr_audit.anonymity.patterns import refuse_identifier
from scr_audit.documents.sample import AskedInfo, DrawnBeforeInfo, DrawnInfo, SampleDocument
from scr_audit.errors import ArgumentError, InputError, PackError, check_choice, listed
from scr_audit.inputs.files import named_files
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.models import SPAN
from scr_audit.packs.pack import Pack
from scr_audit.plans.pack_of_plan import Chosen, chosen_plan, population, strata_facts
from scr_audit.plans.plan import AuditPlan, PlanSample, shipped_plans
from scr_audit.records.raw import RECORD_FORMATS, RawRecord
from scr_audit.runs.run import Run
from scr_audit.sampling.random_draw import (
    Frame,
    FrameError,
    read_frame,
    record_pieces,
    records_of,
)
from scr_audit.sampling.sample_document import (
    Drawing,
    check_plan_of,
    make_sample,
    read_sample,
    recently_drawn,
    with_replacement,
)
from scr_audit.values.text import counted, several, shortened

_MOST_NAMED = 20
_KEPT = "the sample's file keeps it"
Listed = Sequence[DrawnInfo | DrawnBeforeInfo]


@dataclass(frozen=True)
class Wanted:
    """How a sample is asked for; what is None is as the plan says.

    Either `size` or `precision` (per cent to either side) sets how many are drawn, `expect` is the
    share met that is expected, as a fraction, `confidence` a per cent. `strata` name the facts that
    divide the records, `not_again_within` is such as `12 months`.
    """

    size: int | None = None
    precision: int | None = None
    expect: float | None = None
    confidence: Literal["90", "95", "99"] | None = None
    strata: tuple[str, ...] = ()
    reserve: int | None = None
    not_again_within: str | None = None

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("size", self.size, 1, None),
            ("precision", self.precision, 1, 49),
            ("reserve", self.reserve, 0, None),
        ):
            if value is not None and (
                not isinstance(value, int) or value < least or value > (most or value)
            ):
                asked = f"from {least} to {most}" if most else f"of {least} or more"
                raise ArgumentError(f"{name} {value}", f"expected a whole number {asked}")
        if self.confidence not in (None, "90", "95", "99"):
            raise ArgumentError(f"confidence {self.confidence}", "expected '90', '95' or '99'")
        if isinstance(self.strata, str):
            raise ArgumentError("strata", "expected several names of facts, as a tuple")


@dataclass(frozen=True)
class Sample:
    """A sample that was drawn: what is kept of it, and the frame that it was drawn from.

    `run` read the records; its remarks name those that may be there twice.
    """

    document: SampleDocument
    frame: Frame
    run: Run


def draw(
    files: Sequence[Path | str] | Path | str,
    plan: str | Path | AuditPlan,
    *,
    seed: str,
    wanted: Wanted,
    pack: Pack | str | None = None,
    period: str | None = None,
    previous: Sequence[Path | str] | Path | str = (),
    as_of: date | None = None,
) -> Sample:
    """Draw a sample of the records of a plan's population.

    `previous` are files of earlier samples, whose records are not drawn again too soon. Raises
    `FrameError` where so many cannot be drawn, `IncompleteFrameError` where a record could not be
    judged, and `IdentifiersFoundError` where one holds an identifier.
    """
    check_seed(seed)
    day = as_of or date.today()
    chosen = chosen_plan(plan, period, as_of=day)
    asked = _asked_for(wanted, chosen)
    known = load_pack(pack)
    kind = population(known, chosen.plan)[0].kind
    recent = _recent_draws(several(previous), asked, chosen, kind=kind, as_of=day)
    facts, problems = strata_facts(known, chosen.plan, asked.strata)
    if problems and not wanted.strata:
        raise PackError(problems)
    if problems:
        raise ArgumentError("strata", problems[0].message)
    paths = [Path(file) for file in named_files(files)]
    frame, run = read_frame(paths, known, chosen, strata=facts, as_of=day)
    try:
        drawn = make_sample(Drawing(chosen, asked, seed, day, recent), frame)
    except InputError as error:
        raise FrameError(str(error), run) from error
    return Sample(drawn, frame, run)


def check_seed(seed: str) -> None:
    """Refuse a seed that is empty or holds an identifier. Raises `ArgumentError`."""
    if not isinstance(seed, str):
        raise ArgumentError("seed", f"takes a text; found {type(seed).__name__}")
    try:
        seed.encode()
    except UnicodeEncodeError:
        raise ArgumentError(
            "seed", "is not text; give letters, digits or any other UTF-8"
        ) from None
    if not seed.strip():
        raise ArgumentError("seed", "is empty; give a text that was said before the draw")
    refuse_identifier("seed", seed, _KEPT)


class SampleRecords(NamedTuple):
    """The records of a sample as their files have them: those drawn, and those in reserve."""

    drawn: list[RawRecord]
    reserve: list[RawRecord]


def sample_records(sample: Sample, files: Sequence[Path | str] | Path | str) -> SampleRecords:
    """The records of a sample, by a second reading of the files that it was drawn from.

    Raises `InputError` where a file was changed, or the records cannot be read again.
    """
    frame, paths = sample.frame, [Path(file) for file in named_files(files)]
    check_can_be_read_again(frame.kind, paths, frame.pack)
    drawn, reserve = (
        [item.id for item in part] for part in (sample.document.drawn, sample.document.reserve)
    )
    found = records_of([*drawn, *reserve], paths, frame)
    return SampleRecords([found[name] for name in drawn], [found[name] for name in reserve])


def records_file(sample: Sample, records: Iterable[RawRecord], suffix: str) -> Iterator[bytes]:
    """The file of some records of a sample, in pieces: `.json`, or `.ndjson` with one a line.

    Raises `ArgumentError` for another suffix.
    """
    check_choice("suffix", suffix.lower(), RECORD_FORMATS)
    return record_pieces(suffix, records, sample.frame)


def check_can_be_read_again(kind: str, files: Iterable[Path], pack: Pack) -> None:
    """Refuse records that are made of others, or that come from standard input.

    Raises `InputError`.
    """
    if kind in pack.gathered:
        raise InputError(
            f"records of the kind '{kind}' are made of others and are in no file; leave out the "
            "second -o, and give 'run' all records with --sample"
        )
    if any(str(path) == "-" for path in files):
        raise InputError(
            "-: the drawn records are found by a second reading, and standard input can be read "
            "once; save the records to a file first"
        )


@dataclass(frozen=True)
class Redrawn:
    """A sample drawn again: how it differs (empty: it is the same), and what may explain that.

    `run` read the records again.
    """

    differences: tuple[str, ...]
    notes: tuple[str, ...]
    run: Run


def redraw(
    path: Path | str,
    files: Sequence[Path | str] | Path | str,
    *,
    plan: str | Path | AuditPlan | None = None,
    pack: Pack | str | None = None,
    previous: Sequence[Path | str] | Path | str = (),
) -> Redrawn:
    """Draw the sample of a file again from its records. Raises as `draw` does."""
    path = Path(path)
    sample = read_sample(path)
    chosen = _plan_of(path, sample, plan)
    known = load_pack(pack)
    recent = {item.id: item.drawn_on for item in sample.not_again}
    if previous:
        kind, day = sample.frame.kind, sample.drawn_on
        recent = _recent_draws(several(previous), sample.asked, chosen, kind=kind, as_of=day)
    facts, problems = strata_facts(known, chosen.plan, sample.asked.strata)
    if problems:
        raise InputError(f"{path}: strata: {problems[0].message}")
    paths = [Path(file) for file in named_files(files)]
    frame, run = read_frame(paths, known, chosen, strata=facts, as_of=sample.drawn_on)
    drawing = Drawing(chosen, sample.asked, sample.seed, sample.drawn_on, recent)
    try:
        again = make_sample(drawing, frame)
    except InputError as error:
        raise FrameError(f"{path}: cannot be drawn again: {error}", run) from error
    notes = tuple(_notes(sample, chosen, frame.pack, trusts=not previous))
    return Redrawn(tuple(_differences(sample, again)), notes, run)


def replace(
    sample: SampleDocument, record: str, *, reason: str, by_role: str, on: date
) -> SampleDocument:
    """The sample with the first of its reserve in the place of a record that cannot be audited.

    Which one comes in is never chosen. Raises `InputError` where none is left, or where the record
    is not in use.
    """
    for name, text in (("reason", reason), ("by_role", by_role)):
        _check_text(name, text)
    return with_replacement(sample, record, reason=reason.strip(), by_role=by_role.strip(), on=on)


def _check_text(name: str, text: str) -> None:
    """Refuse a text that is empty, has several lines, or holds an identifier."""
    if not text.strip() or "\n" in text or "\r" in text:
        raise ArgumentError(name, f"say it in one line; {_KEPT}")
    refuse_identifier(name, text, _KEPT)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArgumentError(name, "is not text; give UTF-8") from None


def _plan_of(path: Path, sample: SampleDocument, plan: str | Path | AuditPlan | None) -> Chosen:
    if plan is None and sample.plan.id not in shipped_plans():
        raise InputError(
            f"{path}: was drawn for the audit plan '{sample.plan.id}', which is no shipped one: "
            "name the plan's file too"
        )
    chosen = chosen_plan(plan or sample.plan.id, sample.frame.period, as_of=sample.drawn_on)
    check_plan_of(sample, chosen, path)
    return chosen


def _notes(sample: SampleDocument, chosen: Chosen, pack: Pack, *, trusts: bool) -> Iterator[str]:
    """What may explain a difference, or what was taken on trust."""
    if sample.plan.sha256 != chosen.plan.sha256:
        yield f"the plan '{chosen.plan.id}' was changed since the draw"
    if sample.pack.sha256 != pack.sha256:
        was = f"{sample.pack.id} {sample.pack.version}"
        yield f"the pack is not that of the draw: {was} then, {pack.id} {pack.version} now"
    if sample.not_again and trusts:
        yield (
            f"{counted(len(sample.not_again), 'record')} drawn too recently, as the file says; "
            "give the previous samples to check that too"
        )


def _differences(sample: SampleDocument, again: SampleDocument) -> Iterator[str]:
    then, now = sample.frame, again.frame
    if then.kind != now.kind:
        yield f"the kind of records: {then.kind} then, {now.kind} now"
    if then.filter != now.filter:
        yield f"the filter: {then.filter or 'none'} then, {now.filter or 'none'} now"
    if then.size != now.size:
        yield f"the size of the frame: {then.size:,} then, {now.size:,} now"
    if then.sha256 != now.sha256:
        yield (
            f"the ids of the frame: their SHA-256 was {shortened(then.sha256, 12)} and is "
            f"{shortened(now.sha256, 12)}; records came in or went out"
        )
    yield from _changed("not to be drawn again", sample.not_again, again.not_again)
    if sample.strata != again.strata:
        yield "the strata: how many records are in them, or how many of them are drawn"
    yield from _changed("drawn", sample.drawn, again.drawn)
    yield from _changed("reserve", sample.reserve, again.reserve)


def _changed(what: str, then: Listed, now: Listed) -> Iterator[str]:
    """The records of a list that only one of the draws has, or that their order differs."""
    if then == now:
        return
    before, after = ([item.id for item in items] for items in (then, now))
    gone = [name for name in before if name not in set(after)]
    new = [name for name in after if name not in set(before)]
    if gone:
        yield f"{what}: only in the file: {listed(gone, most=_MOST_NAMED)}"
    if new:
        yield f"{what}: only now: {listed(new, most=_MOST_NAMED)}"
    if not gone and not new:
        yield f"{what}: the same records in another order, or of other strata"


def _asked_for(wanted: Wanted, chosen: Chosen) -> AskedInfo:
    planned = chosen.plan.sample or PlanSample.model_validate({})
    size, precision = _size_or_precision(wanted, planned, chosen.plan.id)
    expect = planned.expect / 100 if wanted.expect is None else wanted.expect
    if not 0 < expect < 1:
        raise ArgumentError(f"expect {expect:g}", "expected a share between 0 and 1, such as 0.7")
    span = wanted.not_again_within or planned.not_again_within
    if span is not None and not re.fullmatch(SPAN, span):
        raise ArgumentError(
            f"not_again_within {span}",
            "expected a number of days, weeks, months or years, such as '12 months'",
        )
    return AskedInfo(
        size=size,
        precision=None if precision is None else precision / 100,
        expect=expect,
        confidence=int(wanted.confidence or planned.confidence) / 100,
        strata=[*dict.fromkeys(wanted.strata or planned.strata_facts())],
        reserve=planned.reserve if wanted.reserve is None else wanted.reserve,
        not_again_within=span,
    )


def _size_or_precision(
    wanted: Wanted, planned: PlanSample, plan: str
) -> tuple[int | None, int | None]:
    size, precision = wanted.size, wanted.precision
    if size is not None and precision is not None:
        raise ArgumentError("precision", "give a size or a precision, not both")
    if size is None and precision is None:
        size, precision = planned.size, planned.precision
    if size is None and precision is None:
        raise ArgumentError(
            "size", f"how many? Give a size or a precision; the plan '{plan}' has no 'sample:'"
        )
    return size, precision


def _recent_draws(
    previous: Sequence[Path | str], asked: AskedInfo, chosen: Chosen, *, kind: str, as_of: date
) -> dict[str, date]:
    """The records of earlier samples that are not to be drawn again yet, with the day of each.

    Raises `ArgumentError` for a sample of another plan or kind, or one that was drawn later.
    """
    found: dict[str, date] = {}
    for path in map(Path, previous):
        if asked.not_again_within is None:
            raise ArgumentError(
                "not_again_within", "how long? Previous samples need it, such as '12 months'"
            )
        sample = read_sample(path)
        _check_same(path, sample, chosen, kind)
        if sample.drawn_on > as_of:
            raise ArgumentError(
                f"previous {path}", f"was drawn on {sample.drawn_on}, after the day of this draw"
            )
        for name, day in recently_drawn(sample, asked.not_again_within, as_of=as_of).items():
            found[name] = max(day, found.get(name, day))
    return found


def _check_same(path: Path, sample: SampleDocument, chosen: Chosen, kind: str) -> None:
    if sample.frame.kind != kind:
        raise ArgumentError(
            f"previous {path}",
            f"drew records of the kind '{sample.frame.kind}', and this draw is of the kind "
            f"'{kind}'. Leave it out",
        )
    if sample.plan.id != chosen.plan.id:
        raise ArgumentError(
            f"previous {path}",
            f"was drawn for the plan '{sample.plan.id}', and this draw is for '{chosen.plan.id}': "
            "what another audit looked at may be drawn for this one. Leave it out",
        )
