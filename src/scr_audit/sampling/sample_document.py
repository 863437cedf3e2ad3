"""The document of a sample, which depends on its frame, its seed and what was asked alone.

Read back, drawn records that cannot be audited are replaced, and which comes in is never anybody's
choice: it is the first of the reserve, of the same stratum, that has not come in yet. The draw
itself stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.scan import scan_record
from scr_audit.documents.sample import (
    SAMPLE_FORMAT,
    SAMPLE_VERSION,
    AskedInfo,
    DrawnBeforeInfo,
    DrawnInfo,
    FrameInfo,
    SampleDocument,
    SamplePackInfo,
    SamplePlanInfo,
    StratumInfo,
    with_hash,
)
from scr_audit.errors import InputError, did_you_mean
from scr_audit.plans.pack_of_plan import Chosen
from scr_audit.plans.plan import AuditPlan
from scr_audit.runs.stored import read_json
from scr_audit.sampling.random_draw import (
    USUAL_STANDARD,
    Draw,
    Frame,
    Stratum,
    draw_ids,
    frame_sha256,
    sample_sentences,
    sample_size,
)
from scr_audit.values.period import after
from scr_audit.values.text import counted, normal_text, shortened

if TYPE_CHECKING:
    from scr_audit.documents.sample import SampleDocument

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


class WholeFrameError(InputError):
    """So many are asked for that all of the frame would be drawn: `ids`, and no sample."""

    def __init__(self, message: str, ids: tuple[str, ...]) -> None:
        self.ids = ids
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        return WholeFrameError, (str(self), self.ids)  # for pickling


def make_sample(drawing: Drawing, frame: Frame) -> SampleDocument:
    """The sample. Raises `InputError` where the frame is too small for it."""
    recent = {name: drawing.recent[name] for name in sorted(frame.strata) if name in drawing.recent}
    open_ones = {name: found for name, found in frame.strata.items() if name not in recent}
    size = _size(drawing, open_ones, len(recent))
    draw = draw_ids(open_ones, drawing.seed, size=size, reserve=drawing.asked.reserve)
    plan, asked = drawing.chosen.plan, drawing.asked
    return with_hash(
        SampleDocument(
            format=SAMPLE_FORMAT,
            format_version=SAMPLE_VERSION,
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
            not_again=[DrawnBeforeInfo(id=name, drawn_on=day) for name, day in recent.items()],
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
    size = asked.size or _by_precision(asked, strata, without)
    if size > frame:
        raise WholeFrameError(
            f"a sample of {size} is larger than its frame of {counted(frame, 'record')}{without}. "
            "Audit all of them: that is then no sample",
            tuple(strata),
        )
    count = len(set(strata.values()))
    if count > size:
        raise InputError(
            f"{counted(count, 'stratum', 'strata')} of {', '.join(asked.strata)} and a sample of "
            f"{size}: one of each cannot be drawn. Give a larger size, or no strata"
        )
    return size


def _by_precision(asked: AskedInfo, strata: Mapping[str, Stratum], without: str) -> int:
    assert asked.precision is not None
    frame = len(strata)
    size = sample_size(frame, asked.precision, expect=asked.expect, confidence=asked.confidence)
    if size == frame:
        raise WholeFrameError(
            f"a share is known to ±{asked.precision:.0%} at {asked.confidence:.0%} only from the "
            f"whole frame of {counted(frame, 'record')}{without}. Audit all of them, "
            "which is then no sample, or give a wider precision, or a size",
            tuple(strata),
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


def read_sample(path: Path | str) -> SampleDocument:
    """A sample from its `.json` file.

    Raises `InputError` where it is none, where its draw was changed by hand, or where a
    replacement is not the one that the reserve's order gives.
    """
    from scr_audit.documents.sample import draw_sha256

    path = Path(path)
    sample = _parsed(path)
    if draw_sha256(sample) != sample.sha256:
        raise InputError(
            f"{path}: is not as it was drawn: its content does not have the SHA-256 that it names "
            f"({shortened(sample.sha256, 12)}). Take the file as it was written, or draw again "
            "with the same seed; replacements are entered with 'replace'"
        )
    try:
        check_replacements(sample)
    except InputError as error:
        raise InputError(f"{path}: replaced: {error}") from error
    for found in scan_record(sample.model_dump(mode="json")):
        raise InputError(f"{path}: {found.pointer}: {IDENTIFIERS[found.kind].name}; say it without")
    return sample


def _parsed(path: Path) -> SampleDocument:
    from pydantic import ValidationError

    from scr_audit.documents.sample import SampleDocument

    found = read_json(path)
    try:
        return SampleDocument.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/".join(str(step) for step in first["loc"]) or "the whole file"
        raise InputError(
            f"{path}: is not the file of a sample: {place}: {first['msg'].lower()}"
        ) from error


def check_plan_of(sample: SampleDocument, chosen: Chosen, path: Path) -> None:
    """Refuse the sample of a file that was drawn for another plan. Raises `InputError`."""
    if sample.plan.id != chosen.plan.id:
        raise InputError(
            f"{path}: was drawn for the plan '{sample.plan.id}', not '{chosen.plan.id}'"
        )


def ids_in_use(sample: SampleDocument) -> tuple[str, ...]:
    """The records to audit, in drawing order, each that was replaced by its replacement."""
    return tuple(normal_text(_last(item.id, _replaced_by(sample))) for item in sample.drawn)


def ids_ever_drawn(sample: SampleDocument) -> tuple[str, ...]:
    """The drawn records, and those of the reserve that came in."""
    ids = (*(item.id for item in sample.drawn), *(item.by for item in sample.replaced))
    return tuple(map(normal_text, ids))


def with_replacement(
    sample: SampleDocument, name: str, *, reason: str, by_role: str, on: date
) -> SampleDocument:
    """The sample in which the first of the reserve takes the place of the record `name`.

    Raises `InputError` where `name` is not in use, or the reserve has no record left for it.
    """
    from scr_audit.documents.sample import ReplacedInfo

    name = normal_text(name)
    _check_in_use(sample, name)
    if on < sample.drawn_on:
        raise InputError(
            f"'{name}' cannot be replaced on {on}: the sample was drawn on {sample.drawn_on}"
        )
    by = _first_left(sample, name)
    added = ReplacedInfo(id=name, by=by, reason=reason, by_role=by_role, on=on)
    replaced = sample.model_copy()
    replaced.replaced = [*sample.replaced, added]
    return replaced


def check_replacements(sample: SampleDocument) -> None:
    """Replay them. Raises `InputError` at one that the order of the reserve does not give."""
    replayed = sample.model_copy()
    replayed.replaced = []
    for item in sample.replaced:
        replayed = with_replacement(
            replayed, item.id, reason=item.reason, by_role=item.by_role, on=item.on
        )
        if replayed.replaced[-1].by != item.by:
            raise InputError(
                f"'{item.id}' is replaced by '{item.by}'; the file was edited by hand: "
                f"'{replayed.replaced[-1].by}' comes next from the reserve"
            )


def _replaced_by(sample: SampleDocument) -> dict[str, str]:
    return {item.id: item.by for item in sample.replaced}


def _last(name: str, replaced_by: dict[str, str]) -> str:
    while name in replaced_by:
        name = replaced_by[name]
    return name


def _check_in_use(sample: SampleDocument, name: str) -> None:
    for item in sample.replaced:
        if item.id == name:
            raise InputError(
                f"'{name}' was replaced already, by '{item.by}' on {item.on}: {item.reason}"
            )
    in_use = ids_in_use(sample)
    if name in in_use:
        return
    if name in {item.id for item in sample.reserve}:
        raise InputError(f"'{name}' is in the reserve and not in use: there is nothing to replace")
    raise InputError(f"the sample did not draw '{name}'.{did_you_mean(name, in_use)}")


def _first_left(sample: SampleDocument, name: str) -> str:
    stratum = {item.id: item.stratum for item in [*sample.drawn, *sample.reserve]}[name]
    used = {item.by for item in sample.replaced}
    for item in sample.reserve:
        if item.stratum == stratum and item.id not in used:
            return item.id
    of = f" of the stratum {', '.join(stratum)}" if stratum else ""
    raise InputError(
        f"the reserve has no record{of} left for '{name}'. Draw the sample again with the same "
        "seed and a larger reserve: the same records are drawn, and replacements can be entered "
        "anew"
    )


def recently_drawn(sample: SampleDocument, span: str, *, as_of: date) -> dict[str, date]:
    """The records that a sample drew within `span` before `as_of`, each with the day.

    Those of its reserve that came in are among them. `span` is such as `12 months`.
    """
    if drawable_from(sample.drawn_on, span) <= as_of:
        return {}
    return dict.fromkeys(ids_ever_drawn(sample), sample.drawn_on)


def drawable_from(day: date, span: str) -> date:
    """The first day on which a record that was drawn on `day` may be drawn again.

    A month later is the same day of it, or its last one. Past the calendar it is the last day.
    """
    try:
        return after(day, span)
    except (OverflowError, ValueError):
        return date(MAXYEAR, 12, 31)
