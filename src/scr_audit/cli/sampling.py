"""`scr-audit sample`: the frame, the draw, and what it can show."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scr_audit.anonymity.gate import Gate
from scr_audit.cli.exits import OK, WRONG
from scr_audit.cli.framing import frame_of
from scr_audit.cli.gating import gate_stops
from scr_audit.cli.output import Written, check_format, check_writable, write_all
from scr_audit.cli.planning import Chosen, chosen_plan
from scr_audit.cli.running import say_left_out
from scr_audit.cli.streams import say
from scr_audit.errors import InputError, PackError
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.models import SPAN, PlanSample
from scr_audit.packs.pack import Pack
from scr_audit.packs.population import record_fact
from scr_audit.records.paths import expanded
from scr_audit.records.read import check_readable
from scr_audit.report.wording import counted
from scr_audit.runs.sampling import allocation, can_show, drawn, frame_sha256, needed
from scr_audit.runs.stored_sample import read_sample

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True)
class SampleRequest:
    """What the command line asked for; None: as the plan's `sample:` says."""

    files: tuple[str, ...]
    plan: str
    seed: str
    output: Path
    as_of: date
    period: str | None = None
    size: int | None = None
    precision: int | None = None
    expect: float | None = None
    strata: str | None = None
    reserve: int | None = None
    previous: tuple[Path, ...] = ()
    not_again: str | None = None
    pack: str | None = None


@dataclass(frozen=True)
class Wanted:
    """How to draw, after the plan has said what the command line did not."""

    size: int | None
    precision: float | None
    expect: float
    strata: str | None
    reserve: int
    not_again: str | None

    def size_of(self, frame: int) -> int:
        """How many to draw from a frame of this size."""
        if self.size is not None:
            return self.size
        assert self.precision is not None
        return needed(frame, self.precision, expect=self.expect)


def sample_command(request: SampleRequest) -> int:
    """Draw the sample, write it and say what it can show; the exit code."""
    check_format(request.output, (".json",))
    check_writable(request.output)
    chosen = chosen_plan(request.plan, request.period, as_of=request.as_of)
    assert chosen is not None
    wanted = _wanted(request, chosen)
    recent = dict(_recent(request, wanted))
    files = [Path(name) for name in expanded(request.files)]
    check_readable([str(path) for path in files])
    pack = load_pack(request.pack)
    strata = None
    if wanted.strata is not None:
        strata, problems = record_fact(pack, chosen.plan, wanted.strata, ("sample", "strata"))
        if problems:
            message = f"--strata {wanted.strata}: {problems[0].message}"
            raise PackError(problems) if request.strata is None else InputError(message)
    gate = Gate(chosen.of(pack))
    frame, run = frame_of(gate.pack, files, strata=strata, as_of=request.as_of, admit=gate.admit)
    if gate_stops(gate):
        return WRONG
    say_left_out(run)
    if run.left_out_count:
        say("nothing was drawn: a frame without these records is not the frame")
        return WRONG
    document = _document(request, chosen, wanted, kind=_kind(gate.pack), frame=frame, recent=recent)
    text = json.dumps(document, indent=2, ensure_ascii=False)
    write_all([Written(request.output, (f"{text}\n".encode(),))])
    for sentence in document["words"]:
        say(sentence)
    say(f"wrote {request.output}")
    return OK


def _wanted(request: SampleRequest, chosen: Chosen) -> Wanted:
    told = chosen.plan.sample or PlanSample.model_validate({})
    size, precision = request.size, request.precision
    if size is not None and precision is not None:
        raise InputError("--size and --precision: give one of them; each tells how many are drawn")
    if size is None and precision is None:
        size, precision = told.size, told.precision
    if size is None and precision is None:
        raise InputError(
            f"how many? Give --size or --precision; the plan '{chosen.plan.id}' has no 'sample:'"
        )
    expect = told.expect / 100 if request.expect is None else request.expect
    if not 0 < expect < 1:
        raise InputError(f"--expect {expect:g}: expected a share between 0 and 1, such as 0.7")
    span = request.not_again or told.not_again_within
    if span is not None and not re.fullmatch(SPAN, span):
        raise InputError(
            f"--not-again-within {span}: expected a number of days, weeks, months or years, such "
            "as '12 months'"
        )
    return Wanted(
        size,
        None if precision is None else precision / 100,
        expect,
        request.strata or told.strata,
        told.reserve if request.reserve is None else request.reserve,
        span,
    )


def _recent(request: SampleRequest, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """The records of earlier samples that are not to be drawn again yet, with the day of each."""
    if request.previous and wanted.not_again is None:
        raise InputError("--previous: for how long? Give --not-again-within '12 months'")
    for path in request.previous:
        found = read_sample(path)
        day = date.fromisoformat(found["drawn_on"])
        if day > request.as_of:
            raise InputError(f"{path}: was drawn on {day}, after the day of this draw")
        if wanted.not_again is not None and _until(day, wanted.not_again) > request.as_of:
            yield from ((item["id"], found["drawn_on"]) for item in found["drawn"])


def _until(day: date, span: str) -> date:
    number, unit = span.split(" ")
    unit = unit.removesuffix("s")
    if unit in _DAYS:
        return day + timedelta(days=int(number) * _DAYS[unit])
    place = day.year * 12 + day.month - 1 + int(number) * _MONTHS[unit]
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _document(
    request: SampleRequest,
    chosen: Chosen,
    wanted: Wanted,
    *,
    kind: str,
    frame: dict[str, str],
    recent: dict[str, str],
) -> dict[str, Any]:
    open_ones = {name: stratum for name, stratum in frame.items() if name not in recent}
    kept = {name: recent[name] for name in sorted(frame) if name in recent}
    size = wanted.size_of(len(open_ones)) if open_ones else 1
    _check_size(size, len(open_ones), len(kept))
    counts = Counter(open_ones.values())
    if len(counts) > size:
        raise InputError(
            f"{counted(len(counts), 'stratum', 'strata')} of {wanted.strata} and a sample of "
            f"{size}: one of each cannot be drawn. Give a larger --size, or no strata"
        )
    ids, reserve = drawn(open_ones, request.seed, size=size, reserve=wanted.reserve)
    shares = allocation(counts, size)
    return {
        "format": "scr-audit/sample",
        "format_version": 1,
        "plan": chosen.plan.id,
        "drawn_on": request.as_of.isoformat(),
        "seed": request.seed,
        "method": "stratified random, in proportion" if wanted.strata else "simple random",
        "frame": {
            "size": len(open_ones),
            "sha256": frame_sha256(open_ones),
            "kind": kind,
            "filter": chosen.plan.filter_words or None,
            "period": None if chosen.period is None else str(chosen.period),
        },
        "strata": [
            {"name": name, "frame": counts[name], "drawn": shares[name]}
            for name in sorted(counts)
            if wanted.strata
        ],
        "drawn": [_item(name, open_ones, wanted) for name in ids],
        "reserve": [_item(name, open_ones, wanted) for name in reserve],
        "not_again": [{"id": name, "drawn_on": day} for name, day in kept.items()],
        "words": [*can_show(size, wanted.expect), *_reserve_words(reserve, wanted)],
    }


def _kind(pack: Pack) -> str:
    assert pack.planning is not None
    assert pack.planning.population is not None
    return pack.planning.population.kind


def _item(name: str, strata: dict[str, str], wanted: Wanted) -> dict[str, Any]:
    return {"id": name, "stratum": strata[name] if wanted.strata else None}


def _check_size(size: int, frame: int, kept: int) -> None:
    without = f", without {counted(kept, 'record')} drawn too recently" if kept else ""
    if not frame:
        raise InputError(f"the frame is empty{without}: there is nothing to draw from")
    if size > frame:
        raise InputError(
            f"a sample of {size} is larger than its frame of {counted(frame, 'record')}{without}. "
            "Audit all of them with 'run': that is then no sample"
        )


def _reserve_words(reserve: list[str], wanted: Wanted) -> list[str]:
    if not reserve:
        return []
    same = " of the same stratum" if wanted.strata else ""
    return [
        f"Where a drawn record cannot be audited, write down why and take the first of the "
        f"reserve{same} that is left; never choose."
    ]
