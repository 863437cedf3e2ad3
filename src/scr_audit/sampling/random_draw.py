"""Random samples: of which records, how many, which ones, and what they can show.

A draw orders records by HMAC-SHA-256 of their ids, keyed by the seed, so that it depends on the
seed and the ids alone: not on the order of the input, the machine or the version of Python.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import floor
from pathlib import Path
from statistics import NormalDist
from typing import Any, TypeVar

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
from scr_audit.stats.shares import ALWAYS, FROM, TO, power_of_fall, units_to_show, wilson
from scr_audit.values.text import counted, json_bytes

NOT_RECORDED = "(not recorded)"
Stratum = tuple[str, ...]
"""The values of the facts that divide the records; () where nothing does."""


@dataclass(frozen=True)
class Draw:
    """The ids that are drawn and the reserve, each in drawing order, and how many of each stratum.

    `frame`, `shares` and `spare` count the records of a stratum, those drawn and its reserve.
    """

    drawn: tuple[str, ...]
    reserve: tuple[str, ...]
    frame: Mapping[Stratum, int]
    shares: Mapping[Stratum, int]
    spare: Mapping[Stratum, int]


def sample_size(frame: int, margin: float, *, expect: float = 0.5, confidence: float = 0.95) -> int:
    """How many of `frame` records estimate a share near `expect` to within `margin`; fractions.

    Source: W. G. Cochran, Sampling Techniques (1977), 4.2: n0 = z² p (1 - p) / e², then
    n0 / (1 + n0 / N), to the nearest whole number, as the tables of clinical audit have it. So the
    margin may be passed by less than what half a record makes.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    infinite = z * z * expect * (1 - expect) / (margin * margin)
    return max(1, min(frame, round(infinite / (1 + infinite / frame))))


def drawing_order(ids: Iterable[str], seed: str) -> list[str]:
    """The ids in the order in which they are drawn with this seed."""
    key = seed.encode()
    marks = {name: hmac.digest(key, _bytes(name), hashlib.sha256) for name in ids}
    return sorted(marks, key=lambda name: (marks[name], name))


def frame_sha256(ids: Iterable[str]) -> str:
    """The hash of a frame: its ids, sorted, one a line."""
    return hashlib.sha256(_bytes("".join(f"{name}\n" for name in sorted(ids)))).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # some formats can hold half a character


def draw_ids(strata: Mapping[str, Stratum], seed: str, *, size: int, reserve: int) -> Draw:
    """The draw of `size` ids and a reserve; `strata` is id: stratum.

    The reserve is shared out over the strata as the draw is, and is larger than `reserve` where
    that is not enough for one of each that has a record left. Raises ValueError as `allocation`.
    """
    order = drawing_order(strata, seed)
    frame = dict(sorted(Counter(strata.values()).items()))
    shares = allocation(frame, size)
    chosen = tuple(_first_of_each(order, strata, shares))
    spare = _spare({name: frame[name] - shares[name] for name in frame}, reserve)
    taken = set(chosen)
    left = [name for name in order if name not in taken]
    return Draw(chosen, tuple(_first_of_each(left, strata, spare)), frame, shares, spare)


def _first_of_each(
    order: Iterable[str], strata: Mapping[str, Stratum], shares: Mapping[Stratum, int]
) -> Iterator[str]:
    left = dict(shares)
    for name in order:
        if left[strata[name]]:
            left[strata[name]] -= 1
            yield name


def _spare(left: Mapping[Stratum, int], reserve: int) -> dict[Stratum, int]:
    """How many of each stratum are in reserve, where so many are left of it."""
    some = {name: count for name, count in left.items() if count}
    none = dict.fromkeys(left, 0)
    if not reserve or not some:
        return none
    return {**none, **allocation(some, min(max(reserve, len(some)), sum(some.values())))}


DrawnName = TypeVar("DrawnName", str, tuple[str, ...])


def allocation(sizes: Mapping[DrawnName, int], size: int) -> dict[DrawnName, int]:
    """How many to draw of each stratum: in proportion, and at least one of each.

    A stratum whose share is under one gets one. The others share what is left in proportion, each
    within one of its share: the whole parts, then one more by largest remainder, ties by name.
    Raises ValueError where `size` is not enough for one of each, or more than there are.

    Source: the method of Hamilton and Hare; in whole numbers, so that nothing is rounded.
    """
    total = sum(sizes.values())
    if not len(sizes) <= size <= total:
        raise ValueError(f"{size} of {total} cannot be drawn from {len(sizes)} strata")
    seats, rest = size, dict(sizes)
    while small := [name for name, count in rest.items() if seats * count < total]:
        for name in small:
            total -= rest.pop(name)
        seats -= len(small)
    return {**dict.fromkeys(sizes, 1), **_by_largest_remainder(rest, seats)}


def _by_largest_remainder(sizes: Mapping[DrawnName, int], seats: int) -> dict[DrawnName, int]:
    total = sum(sizes.values())
    shares = {name: divmod(seats * count, total) for name, count in sizes.items()}
    found = {name: whole for name, (whole, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda name: (-shares[name][1], name))
    for name in by_remainder[: seats - sum(found.values())]:
        found[name] += 1
    return found


USUAL_STANDARD = 0.9


def sample_sentences(
    size: int,
    expect: float,
    *,
    standards: Sequence[float] = (USUAL_STANDARD,),
    confidence: float = 0.95,
) -> list[str]:
    """What a sample of `size` units can show, at this confidence; shares are fractions.

    The intervals are those of the reports, without a correction for a small frame: they say what
    holds of work like this, not only of the records that were there.
    """
    met = round(size * expect)
    low, high = wilson(met, size, confidence)
    least = floor(wilson(size, size, confidence)[0] * 100)
    return [
        f"If all of {counted(size, 'unit')} are met, at least {least}% is shown, at "
        f"{confidence:.0%}.",
        f"If {met:,} of {size:,} are met, the {confidence:.0%} interval runs from {low:.0%} to "
        f"{high:.0%}.",
        *(_of_standard(size, share, confidence) for share in standards),
        f"A fall from {FROM:.0%} to {TO:.0%} between two such samples is noticed with a chance of "
        f"{_chance(power_of_fall(size, size))}, at 95%.",
        "All this counts one unit a record. Several units of one record say less than as many of "
        "different records, since they are not independent.",
    ]


def _of_standard(size: int, share: float, confidence: float) -> str:
    if share == ALWAYS:
        return (
            "A standard of always is not estimated: one unit that is not met is below it, and what "
            "was not drawn stays unknown."
        )
    reaches = "can" if wilson(size, size, confidence)[0] >= share else "cannot"
    units = units_to_show(share, confidence)
    return (
        f"It {reaches} show that a standard of {share:.0%} is reached: that takes {units:,} "
        f"units, all met."
    )


def _chance(share: float) -> str:
    """A chance that is never said to be none, or certain."""
    return "under 1%" if share < 0.005 else "over 99%" if share >= 0.995 else f"{share:.0%}"


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

    def __reduce__(self) -> tuple[Any, ...]:
        return FrameError, (str(self), self.run)  # for pickling


class IncompleteFrameError(FrameError):
    """Some records could not be judged, so that the others are not the frame. `run` has them."""

    def __init__(self, run: Run) -> None:
        super().__init__("nothing was drawn: a frame without these records is not the frame", run)

    def __reduce__(self) -> tuple[Any, ...]:
        return IncompleteFrameError, (self.run,)


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
