"""The document of a sample, which depends on its frame, its seed and what was asked alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scr_audit.documents.sample import (
    FORMAT,
    FORMAT_VERSION,
    AskedInfo,
    DrawnInfo,
    FrameInfo,
    NotAgainInfo,
    SampleDocument,
    SamplePackInfo,
    SamplePlanInfo,
    StratumInfo,
    with_hash,
)
from scr_audit.errors import InputError
from scr_audit.plans.pack_of_plan import Chosen
from scr_audit.plans.plan import AuditPlan
from scr_audit.sampling.frame import Frame
from scr_audit.sampling.random_draw import (
    USUAL_STANDARD,
    Draw,
    Stratum,
    draw_ids,
    frame_sha256,
    sample_sentences,
    sample_size,
)
from scr_audit.values.text import counted

SIMPLE = "simple random"
STRATIFIED = "stratified random, in proportion by largest remainder, at least one of each stratum"


@dataclass(frozen=True)
class Drawing:
    """All that a sample depends on besides its frame. `recent` is the day of each recent draw."""

    chosen: Chosen
    asked: AskedInfo
    seed: str
    drawn_on: date
    recent: Mapping[str, date]


def make_sample(drawing: Drawing, frame: Frame) -> SampleDocument:
    """The sample. Raises `InputError` where the frame is too small for it."""
    recent = {name: drawing.recent[name] for name in sorted(frame.strata) if name in drawing.recent}
    open_ones = {name: found for name, found in frame.strata.items() if name not in recent}
    size = _size(drawing, open_ones, len(recent))
    draw = draw_ids(open_ones, drawing.seed, size=size, reserve=drawing.asked.reserve)
    plan, asked = drawing.chosen.plan, drawing.asked
    return with_hash(
        SampleDocument(
            format=FORMAT,
            format_version=FORMAT_VERSION,
            plan=SamplePlanInfo(id=plan.id, sha256=plan.sha256),
            pack=SamplePackInfo(
                id=frame.pack.id, version=frame.pack.version, sha256=frame.pack.sha256
            ),
            drawn_on=drawing.drawn_on,
            seed=drawing.seed,
            method=STRATIFIED if asked.strata else SIMPLE,
            asked=asked,
            frame=_frame(drawing.chosen, frame.kind, open_ones),
            strata=_strata_info(draw) if asked.strata else [],
            drawn=[DrawnInfo(id=name, stratum=[*open_ones[name]]) for name in draw.drawn],
            reserve=[DrawnInfo(id=name, stratum=[*open_ones[name]]) for name in draw.reserve],
            not_again=[NotAgainInfo(id=name, drawn_on=day) for name, day in recent.items()],
            words=[*_what_it_shows(size, plan, asked), *_reserve_words(draw, asked)],
            sha256="",
            replaced=[],
        )
    )


def _size(drawing: Drawing, strata: Mapping[str, Stratum], recent: int) -> int:
    """How many to draw. Raises `InputError` where so many cannot be drawn."""
    asked, frame = drawing.asked, len(strata)
    without = f", without {counted(recent, 'record')} drawn too recently" if recent else ""
    if not frame:
        raise InputError(
            f"the frame is empty{without}: there is nothing to draw from. "
            f"{_population(drawing.chosen)}"
        )
    size = asked.size or _by_precision(asked, frame, without)
    if size > frame:
        raise InputError(
            f"a sample of {size} is larger than its frame of {counted(frame, 'record')}{without}. "
            "Audit all of them: that is then no sample"
        )
    count = len(set(strata.values()))
    if count > size:
        raise InputError(
            f"{counted(count, 'stratum', 'strata')} of {', '.join(asked.strata)} and a sample of "
            f"{size}: one of each cannot be drawn. Give a larger size, or no strata"
        )
    return size


def _by_precision(asked: AskedInfo, frame: int, without: str) -> int:
    assert asked.precision is not None
    size = sample_size(frame, asked.precision, expect=asked.expect, confidence=asked.confidence)
    if size == frame:
        raise InputError(
            f"a share is known to ±{asked.precision:.0%} at {asked.confidence:.0%} only from the "
            f"whole frame of {counted(frame, 'record')}{without}. Audit all of them, "
            "which is then no sample, or give a wider precision, or a size"
        )
    return size


def _population(chosen: Chosen) -> str:
    """What makes a record belong to the frame."""
    asks = [chosen.plan.filter_words] if chosen.plan.filter_words else []
    if chosen.period is not None:
        asks.append(f"something in it is dated {chosen.period}, or may be")
    if not asks:
        return "Look at whether the right files were named"
    return f"A record is in it where {'; and '.join(asks)}. Look at the plan, the period and files"


def _frame(chosen: Chosen, kind: str, open_ones: Mapping[str, Stratum]) -> FrameInfo:
    period = chosen.period
    return FrameInfo(
        size=len(open_ones),
        sha256=frame_sha256(open_ones),
        kind=kind,
        filter=chosen.plan.filter_words or None,
        period=None if period is None else f"{period.start}..{period.end}",
    )


def _strata_info(draw: Draw) -> list[StratumInfo]:
    return [
        StratumInfo(values=[*name], frame=count, drawn=draw.shares[name], reserve=draw.spare[name])
        for name, count in draw.frame.items()
    ]


def _what_it_shows(size: int, plan: AuditPlan, asked: AskedInfo) -> list[str]:
    """What so many can show, of the plan's standards where it sets any."""
    shares = {plan.standard, *plan.standards.values()}
    standards = sorted(share for share in shares if share is not None) or [USUAL_STANDARD]
    return sample_sentences(size, asked.expect, standards=standards, confidence=asked.confidence)


def _reserve_words(draw: Draw, asked: AskedInfo) -> list[str]:
    if not draw.reserve:
        return []
    same = " of the same stratum" if asked.strata else ""
    said = [
        f"Where a drawn record cannot be audited, 'scr-audit replace' keeps why and takes the "
        f"first of the reserve{same} that is left; never choose."
    ]
    if len(draw.reserve) > asked.reserve:
        said.append(
            f"The reserve has {counted(len(draw.reserve), 'record')} in place of {asked.reserve}: "
            "one of each stratum that has a record left."
        )
    without = [", ".join(name) for name, count in draw.spare.items() if not count]
    if without:
        said.append(
            f"All records of these strata are drawn, so none is left: {'; '.join(without)}."
        )
    return said
