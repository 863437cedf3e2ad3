"""`scr-audit sample`, `redraw` and `replace`: what is drawn, and what it can show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from scr_audit.anonymity.scan import check_authored
from scr_audit.cli.app_records import RedrawRequest, SampleRequest
from scr_audit.cli.run import say_left_out, say_remarks
from scr_audit.cli.streams import OK, WRONG, say, working
from scr_audit.documents.sample import sample_bytes
from scr_audit.errors import ArgumentError, InputError
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.outputs import (
    Written,
    check_apart,
    check_distinct,
    check_outputs,
    write_all,
)
from scr_audit.packs.builtin import load_pack
from scr_audit.plans.pack_of_plan import population
from scr_audit.plans.plan import find_plan
from scr_audit.records.raw import LINES, RECORD_FORMATS
from scr_audit.report.wording import one_line
from scr_audit.sampling.random_draw import FrameError, IncompleteFrameError
from scr_audit.sampling.sample_document import read_sample
from scr_audit.sampling.samples import (
    Sample,
    Wanted,
    check_can_be_read_again,
    check_seed,
    draw,
    records_file,
    redraw,
    replace,
    sample_records,
)
from scr_audit.values.text import counted, shortened


def sample_command(request: SampleRequest) -> int:
    """Draw the sample, write it and say what it can show; the exit code."""
    check_seed(request.seed)
    check_authored(request.plan)
    files = _check_places(request)
    plan, pack = find_plan(request.plan), load_pack(request.pack)
    if request.record_outputs:
        check_can_be_read_again(population(pack, plan)[0].kind, files, pack)
    try:
        with working("reading and drawing"):
            sample = draw(
                files,
                plan,
                seed=request.seed,
                wanted=_wanted(request),
                pack=pack,
                period=request.period,
                previous=request.previous,
                as_of=request.as_of,
            )
    except FrameError as error:
        return _say_not_drawn(error)
    say_remarks(sample.run)
    write_all(_outputs(request, sample, files))
    for sentence in sample.document.words:
        say(sentence)
    for path in [request.outputs[0], *request.record_outputs]:
        say(f"wrote {path}")
    return OK


def _wanted(request: SampleRequest) -> Wanted:
    return Wanted(
        request.size,
        request.precision,
        request.expect,
        request.confidence,
        request.strata,
        request.reserve,
        request.not_again,
    )


def _say_not_drawn(error: FrameError) -> int:
    """Report what is wrong with the records, and why nothing was drawn; the exit code."""
    say_left_out(error.run)
    say_remarks(error.run)
    say(str(error) if isinstance(error, IncompleteFrameError) else f"scr-audit: {error}")
    return WRONG


def _check_places(request: SampleRequest) -> list[Path]:
    """The input files. Raises `InputError` for places that cannot be read or written."""
    first, *_ = request.outputs
    if first.suffix.lower() in LINES:
        raise InputError(
            f"{first}: the first -o is the sample, which is .json; the drawn records come second: "
            f"-o sample.json -o {first}"
        )
    check_outputs([first], (".json",))
    check_outputs(request.record_outputs, RECORD_FORMATS)
    check_distinct(request.outputs, reserve_output=request.reserve_output)
    names = expand_names(request.files)
    check_readable(names)
    check_apart(
        [first, *request.record_outputs], [*names, *request.previous, request.plan, request.pack]
    )
    return [Path(name) for name in names]


def _outputs(request: SampleRequest, sample: Sample, files: Sequence[Path]) -> Iterator[Written]:
    yield Written(request.outputs[0], (sample_bytes(sample.document),))
    if not request.record_outputs:
        return
    found = sample_records(sample, files)
    for path in request.outputs[1:]:
        yield Written(path, records_file(sample, found.drawn, path.suffix))
    if request.reserve_output is not None:
        pieces = records_file(sample, found.reserve, request.reserve_output.suffix)
        yield Written(request.reserve_output, pieces)


def redraw_command(request: RedrawRequest) -> int:
    """Draw again and say whether it is the same draw; exit code 2 where it is another one."""
    check_authored(request.plan)
    sample = read_sample(request.sample)
    files = expand_names(request.files)
    check_readable(files)
    try:
        again = redraw(
            request.sample, files, plan=request.plan, pack=request.pack, previous=request.previous
        )
    except FrameError as error:
        return _say_not_drawn(error)
    say_remarks(again.run)
    for note in again.notes:
        say(f"note: {note}")
    for difference in again.differences:
        say(one_line(f"differs: {difference}"))
    if again.differences:
        say(f"scr-audit: {request.sample}: these records do not give this draw")
        return WRONG
    say(
        f"{request.sample}: the same draw: {counted(len(sample.drawn), 'record')} of "
        f"{sample.frame.size:,}, {len(sample.reserve):,} in reserve, from a frame with the SHA-256 "
        f"{shortened(sample.frame.sha256, 12)}"
    )
    return OK


def replace_command(
    *, sample: Path, record: str, reason: str, by_role: str, on: date, output: Path | None
) -> int:
    """Enter the replacement into the sample's file; the exit code."""
    target = output or sample
    check_outputs([target], (".json",))
    drawn = read_sample(sample)
    try:
        made = replace(drawn, record, reason=reason, by_role=by_role, on=on)
    except ArgumentError:
        raise
    except InputError as error:
        raise InputError(f"{sample}: {error}") from error
    write_all([Written(target, (sample_bytes(made),))])
    added = made.replaced[-1]
    left = len(made.reserve) - len(made.replaced)
    say(one_line(f"audit {added.by} in place of {added.id}; {counted(left, 'record')} in reserve"))
    say(f"wrote {target}")
    return OK
