"""`scr-audit sample`: the frame, the draw, and what it can show."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.anonymity.authored import check_authored
from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.cli.app_samples import SampleRequest
from scr_audit.cli.drawing import Drawing, Frame, drawn_sample, read_frame
from scr_audit.cli.output import (
    Written,
    check_apart,
    check_distinct,
    check_format,
    check_writable,
    write_all,
)
from scr_audit.cli.planning import Chosen, chosen_plan
from scr_audit.cli.streams import OK, WRONG, say
from scr_audit.documents.sample import AskedInfo, SampleDocument, sample_bytes
from scr_audit.errors import InputError, PackError, RecordError
from scr_audit.inputs.read import read_inputs
from scr_audit.language.conditions import Fact
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.models import SPAN
from scr_audit.packs.pack import Pack
from scr_audit.plans.models import PlanSample
from scr_audit.plans.population import population, strata_facts
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.files import expanded
from scr_audit.records.read import Inputs, RawRecord, check_readable
from scr_audit.sampling.stored import drawn_lately, read_sample


def sample_command(request: SampleRequest) -> int:
    """Draw the sample, write it and say what it can show; the exit code."""
    _check_seed(request.seed)
    check_authored(request.plan)
    files = _check_places(request)
    chosen = chosen_plan(request.plan, request.period, as_of=request.as_of)
    assert chosen is not None
    asked = _asked(request, chosen)
    pack = load_pack(request.pack)
    kind = population(pack, chosen.plan)[0].kind
    recent = recent_draws(request.previous, asked, chosen, kind=kind, as_of=request.as_of)
    if request.record_outputs:
        check_can_be_written(kind, files, pack.gathered)
    strata = _strata(request, pack, chosen, asked)
    frame = read_frame(files, pack, chosen, strata=strata, as_of=request.as_of)
    if frame is None:
        return WRONG
    sample = drawn_sample(Drawing(chosen, asked, request.seed, request.as_of, recent), frame)
    write_all(_written(request, sample, files, frame))
    for sentence in sample.words:
        say(sentence)
    for path in [request.outputs[0], *request.record_outputs]:
        say(f"wrote {path}")
    return OK


def _check_seed(seed: str) -> None:
    try:
        seed.encode()
    except UnicodeEncodeError:
        raise InputError("--seed: is not text; give letters, digits or any other UTF-8") from None
    if not seed.strip():
        raise InputError("--seed: is empty; give a text that was said before the draw")
    if identifiers_in(seed):
        raise InputError("--seed: holds an identifier, and the sample's file keeps it; say another")


def _check_places(request: SampleRequest) -> list[Path]:
    """The input files. Raises `InputError` for places that cannot be read or written."""
    first, *_ = request.outputs
    if first.suffix.lower() in FORMATS[:2]:
        raise InputError(
            f"{first}: the first -o is the sample, which is .json; the drawn records come second: "
            f"-o sample.json -o {first}"
        )
    check_format(first, (".json",))
    for path in request.record_outputs:
        check_format(path, FORMATS)
    outputs = [first, *request.record_outputs]
    for path in outputs:
        check_writable(path)
    check_distinct(outputs)
    names = expanded(request.files)
    check_readable(names)
    check_apart(outputs, [*names, *request.previous, request.plan, request.pack])
    return [Path(name) for name in names]


def _asked(request: SampleRequest, chosen: Chosen) -> AskedInfo:
    told = chosen.plan.sample or PlanSample.model_validate({})
    size, precision = _size_or_precision(request, told, chosen.plan.id)
    expect = told.expect / 100 if request.expect is None else request.expect
    if not 0 < expect < 1:
        raise InputError(f"--expect {expect:g}: expected a share between 0 and 1, such as 0.7")
    span = request.not_again or told.not_again_within
    if span is not None and not re.fullmatch(SPAN, span):
        raise InputError(
            f"--not-again-within {span}: expected a number of days, weeks, months or years, such "
            "as '12 months'"
        )
    return AskedInfo(
        size=size,
        precision=None if precision is None else precision / 100,
        expect=expect,
        confidence=int(request.confidence or told.confidence) / 100,
        strata=[*dict.fromkeys(request.strata or told.strata_facts())],
        reserve=told.reserve if request.reserve is None else request.reserve,
        not_again_within=span,
    )


def _size_or_precision(
    request: SampleRequest, told: PlanSample, plan: str
) -> tuple[int | None, int | None]:
    size, precision = request.size, request.precision
    if size is not None and precision is not None:
        raise InputError("--size and --precision: give one of them; each tells how many are drawn")
    if size is None and precision is None:
        size, precision = told.size, told.precision
    if size is None and precision is None:
        raise InputError(
            f"how many? Give --size or --precision; the plan '{plan}' has no 'sample:'"
        )
    return size, precision


def recent_draws(
    previous: Sequence[Path], asked: AskedInfo, chosen: Chosen, *, kind: str, as_of: date
) -> dict[str, date]:
    """The records of earlier samples that are not to be drawn again yet, with the day of each.

    Raises `InputError` for a sample of another plan or kind, or one that was drawn later.
    """
    found: dict[str, date] = {}
    for path in previous:
        if asked.not_again_within is None:
            raise InputError("--previous: for how long? Give --not-again-within '12 months'")
        sample = read_sample(path)
        _check_same(path, sample, chosen, kind)
        if sample.drawn_on > as_of:
            raise InputError(f"{path}: was drawn on {sample.drawn_on}, after the day of this draw")
        for name, day in drawn_lately(sample, asked.not_again_within, as_of=as_of).items():
            found[name] = max(day, found.get(name, day))
    return found


def _check_same(path: Path, sample: SampleDocument, chosen: Chosen, kind: str) -> None:
    if sample.frame.kind != kind:
        raise InputError(
            f"{path}: drew records of the kind '{sample.frame.kind}', and this draw is of the "
            f"kind '{kind}'. Leave it out of --previous"
        )
    if sample.plan.id != chosen.plan.id:
        raise InputError(
            f"{path}: was drawn for the plan '{sample.plan.id}', and this draw is for "
            f"'{chosen.plan.id}': what another audit looked at may be drawn for this one. Leave it "
            "out of --previous"
        )


def _strata(request: SampleRequest, pack: Pack, chosen: Chosen, asked: AskedInfo) -> list[Fact]:
    facts, problems = strata_facts(pack, chosen.plan, asked.strata)
    if not problems:
        return facts
    if not request.strata:
        raise PackError(problems)
    raise InputError(f"--strata: {problems[0].message}")


def _written(
    request: SampleRequest, sample: SampleDocument, files: Sequence[Path], frame: Frame
) -> Iterator[Written]:
    yield Written(request.outputs[0], (sample_bytes(sample),))
    if not request.record_outputs:
        return
    first, second = ([item.id for item in part] for part in (sample.drawn, sample.reserve))
    found = records_of([*first, *second], files, frame)
    for path in request.outputs[1:]:
        yield Written(path, record_pieces(path, [found[name] for name in first], frame))
    if request.reserve_output is not None:
        spare = [found[name] for name in second]
        yield Written(request.reserve_output, record_pieces(request.reserve_output, spare, frame))


FORMATS = (".ndjson", ".jsonl", ".json")


def check_can_be_written(kind: str, files: Sequence[Path], made: Iterable[str]) -> None:
    """Refuse records that are made of others, or read from where they can be read but once.

    Raises `InputError`.
    """
    if kind in made:
        raise InputError(
            f"records of the kind '{kind}' are made of others and stand in no file; leave out the "
            "second -o, and give 'run' all records with --sample"
        )
    if any(str(path) == "-" for path in files):
        raise InputError(
            "-: the drawn records are found by a second reading, and standard input can be read "
            "once; save the records to a file first"
        )


def records_of(ids: Iterable[str], files: Sequence[Path], frame: Frame) -> dict[str, RawRecord]:
    """The records of the frame's kind with these ids, in that order, by a second reading.

    Raises `InputError` where a file is not as it was when the frame was read.
    """
    wanted = dict.fromkeys(ids)
    decoder = decoder_of(frame.pack)
    inputs = Inputs()
    found: dict[str, RawRecord] = {}
    with contextlib.suppress(RecordError):  # it was none before: the file is another one now
        for _, raws in read_inputs(files, frame.pack, inputs):
            for raw in raws:
                typed = decoder.from_raw(raw.data, raw.kind)
                if typed.id in wanted and _is_of(frame.kind, typed, decoder):
                    found[typed.id] = raw
    if tuple((file.name, file.sha256) for file in inputs.files) != frame.files:
        raise InputError("a file of records was changed while the sample was drawn; draw again")
    return {name: found[name] for name in wanted}


def _is_of(kind: str, typed: Any, decoder: RecordDecoder) -> bool:
    return type(typed) in (decoder.kinds[kind].exact, decoder.kinds[kind].imprecise)


def record_pieces(output: Path, records: Iterable[RawRecord], frame: Frame) -> Iterator[bytes]:
    """The file that the suffix of `output` asks for; of a JSON text only the spaces change."""
    if output.suffix.lower() == ".json":
        plural = json.dumps(frame.pack.kinds[frame.kind].plural).encode()
        lines = b",\n".join(_text(raw) for raw in records)
        yield b"{" + plural + b": [\n" + lines + b"\n]}\n"
        return
    is_default = frame.kind == next(iter(frame.pack.kinds))
    for raw in records:
        text = _text(raw)
        yield (text if is_default or _names_kind(text) else _with_kind(text, frame.kind)) + b"\n"


def _text(raw: RawRecord) -> bytes:
    if isinstance(raw.data, bytes):
        return msgspec.json.format(raw.data, indent=0)
    values = msgspec.to_builtins(raw.data)
    try:
        return json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character, which only an escape can hold
        return json.dumps(values).encode()


def _names_kind(text: bytes) -> bool:
    return "kind" in json.loads(text)


def _with_kind(text: bytes, kind: str) -> bytes:
    """A record of a kind that no list names any more says it itself."""
    return b'{"kind": ' + json.dumps(kind).encode() + b", " + text.removeprefix(b"{")
