"""The frame of a sample: the records of a plan's population, and the drawn ones found again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec

from scr_audit.anonymity.gate import Gate
from scr_audit.engine import Admit, Engine
from scr_audit.errors import InputError, RecordError
from scr_audit.evaluate.finding import Finding, is_item, value_of
from scr_audit.inputs.read import read_inputs
from scr_audit.language.conditions import Fact
from scr_audit.packs.pack import Pack
from scr_audit.plans.pack_of_plan import Chosen
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.raw import Inputs, RawRecord
from scr_audit.records.structs import Record
from scr_audit.runs.run import Run
from scr_audit.sampling.random_draw import NOT_RECORDED, Stratum
from scr_audit.values.text import json_bytes


@dataclass(frozen=True)
class Frame:
    """The records of a plan's population: id and stratum of each; and the pack that read them.

    `files` gives the name and the SHA-256 of each file that was read.
    """

    pack: Pack
    kind: str
    strata: dict[str, Stratum]
    files: tuple[tuple[str, str], ...]


class FrameError(InputError):
    """No such sample can be drawn from the frame. `run` has the records that were read."""

    def __init__(self, message: str, run: Run) -> None:
        self.run = run
        super().__init__(message)


class IncompleteFrameError(FrameError):
    """Some records could not be judged, so that the others are not the frame. `run` has them."""

    def __init__(self, run: Run) -> None:
        super().__init__("nothing was drawn: a frame without these records is not the frame", run)


def read_frame(
    files: Sequence[Path], pack: Pack, chosen: Chosen, *, strata: Sequence[Fact], as_of: date
) -> tuple[Frame, Run]:
    """The frame that the records of the files make, and the run that read them.

    Raises `IdentifiersFoundError` where a record holds an identifier, and `IncompleteFrameError`
    where one could not be judged.
    """
    gate = Gate(chosen.of(pack))
    found, run = frame_of(gate.pack, files, strata=strata, as_of=as_of, admit=gate.admit)
    gate.check()
    if run.left_out_count:
        raise IncompleteFrameError(run)
    read = tuple((file.name, file.sha256) for file in run.inputs.files)
    return Frame(gate.pack, _kind(gate.pack), found, read), run


def frame_of(
    pack: Pack,
    paths: Sequence[Path],
    *,
    strata: Sequence[Fact],
    as_of: date,
    admit: Admit | None = None,
) -> tuple[dict[str, Stratum], Run]:
    """Each record's id and stratum, of the records of the planned pack's population; and the run.

    With a period, a record belongs to the frame where something in it is dated in the period, or
    may be. Without strata every record is of the stratum (). Raises `InputError` where no rule of
    the plan is about its records.
    """
    kind, in_period = _kind(pack), _rules_of_frame(pack)
    of_kind = [rule for rule in pack.rules if rule.kind == kind]
    if not of_kind:
        raise InputError(
            f"the plan uses no rule that judges records of the kind '{kind}', so that there is "
            "nothing to draw them for. Look at its 'rules:' and 'records:'"
        )
    # One rule is enough to see that a record is of the population, and judging is what takes time.
    asked = of_kind[:1] if in_period is None else [r for r in of_kind if r.id in in_period]
    engine = Engine(replace(pack, rules=tuple(asked)))
    found: dict[str, Stratum] = {}

    def look(findings: list[Finding]) -> None:
        if findings and findings[0].kind == kind and (in_period is None or _belongs(findings)):
            first = findings[0]
            found[first.record] = tuple(_value(first, fact) for fact in strata)

    run = engine.run(paths, as_of=as_of, on_findings=look, admit=admit)
    return found, run


def _kind(pack: Pack) -> str:
    assert pack.planning is not None
    assert pack.planning.population is not None
    return pack.planning.population.kind


def _rules_of_frame(pack: Pack) -> frozenset[str] | None:
    """The rules whose units put a record into the frame; None without a period."""
    planning = pack.planning
    return None if planning is None or planning.period is None else planning.frame_rules


def _belongs(findings: list[Finding]) -> bool:
    """Whether something that the rules judge is dated in the period, or may be."""
    return any(is_item(finding) or finding.outcome == "not_evidenced" for finding in findings)


def _value(finding: Finding, fact: Fact) -> str:
    value = value_of(finding, fact)
    if value is None:
        return NOT_RECORDED
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def records_of(ids: Iterable[str], files: Sequence[Path], frame: Frame) -> dict[str, RawRecord]:
    """The records of the frame's kind with these ids, in that order, by a second reading.

    Raises `InputError` where a file is not as it was when the frame was read.
    """
    wanted = dict.fromkeys(ids)
    decoder = decoder_of(frame.pack)
    inputs = Inputs()
    found: dict[str, RawRecord] = {}
    with contextlib.suppress(RecordError):  # a new error: the file has changed, as is checked below
        for _, raws in read_inputs(files, frame.pack, inputs):
            for raw in raws:
                typed = decoder.from_raw(raw.data, raw.kind)
                if typed.id in wanted and _is_of(frame.kind, typed, decoder):
                    found[typed.id] = raw
    if tuple((file.name, file.sha256) for file in inputs.files) != frame.files:
        raise InputError("a file of records was changed while the sample was drawn; draw again")
    return {name: found[name] for name in wanted}


def _is_of(kind: str, typed: Record, decoder: RecordDecoder) -> bool:
    return type(typed) in (decoder.kinds[kind].exact, decoder.kinds[kind].imprecise)


def record_pieces(suffix: str, records: Iterable[RawRecord], frame: Frame) -> Iterator[bytes]:
    """A file of records as its suffix asks for; of a JSON text only the spaces change."""
    if suffix.lower() == ".json":
        plural = json.dumps(frame.pack.kinds[frame.kind].plural).encode()
        lines = b",\n".join(_json_line(raw) for raw in records)
        yield b"{" + plural + b": [\n" + lines + b"\n]}\n"
        return
    is_default = frame.kind == next(iter(frame.pack.kinds))
    for raw in records:
        text = _json_line(raw)
        yield (text if is_default or _names_kind(text) else _with_kind(text, frame.kind)) + b"\n"


def _json_line(raw: RawRecord) -> bytes:
    if isinstance(raw.data, bytes):
        return msgspec.json.format(raw.data, indent=0)
    return json_bytes(msgspec.to_builtins(raw.data)).rstrip()


def _names_kind(text: bytes) -> bool:
    return "kind" in json.loads(text)


def _with_kind(text: bytes, kind: str) -> bytes:
    """A record of a kind that no list names any more says it itself."""
    return b'{"kind": ' + json.dumps(kind).encode() + b", " + text.removeprefix(b"{")
