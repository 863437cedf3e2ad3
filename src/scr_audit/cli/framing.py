"""The frame of a sample: the records that a plan is about, with the stratum of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.anonymity.gate import Gate
from scr_audit.cli.gating import gate_stops
from scr_audit.cli.planning import Chosen
from scr_audit.cli.running import say_left_out, say_remarks
from scr_audit.cli.streams import say
from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.interpreter import Bound
from scr_audit.language.conditions import Fact
from scr_audit.packs.pack import Pack
from scr_audit.runs.run import Run
from scr_audit.runs.sampling import NOT_RECORDED, Stratum


@dataclass(frozen=True)
class Frame:
    """The records of a plan's population: id and stratum of each; and the pack that read them.

    `files` gives the name and the SHA-256 of each file that was read.
    """

    pack: Pack
    kind: str
    strata: dict[str, Stratum]
    files: tuple[tuple[str, str], ...]


def read_frame(
    files: Sequence[Path], pack: Pack, chosen: Chosen, *, strata: Sequence[Fact], as_of: date
) -> Frame | None:
    """The frame that the records of the files make; None, and said why, where they do not.

    That is where a record holds an identifier, or could not be judged.
    """
    gate = Gate(chosen.of(pack))
    found, run = frame_of(gate.pack, files, strata=strata, as_of=as_of, admit=gate.admit)
    if gate_stops(gate):
        return None
    say_left_out(run)
    say_remarks(run)
    if run.left_out_count:
        say("nothing was drawn: a frame without these records is not the frame")
        return None
    read = tuple((file.name, file.sha256) for file in run.inputs.files)
    return Frame(gate.pack, _kind(gate.pack), found, read)


def frame_of(
    pack: Pack, paths: Sequence[Path], *, strata: Sequence[Fact], as_of: date, admit: Any = None
) -> tuple[dict[str, Stratum], Run]:
    """Each record's id and stratum, of the records of the planned pack's population; and the run.

    With a period, a record belongs to the frame where something in it is dated in the period, or
    may be. Without strata every record is of the stratum (). Raises `InputError` where no rule of
    the plan is about its records.
    """
    kind, in_period = _kind(pack), _framing(pack)
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


def _framing(pack: Pack) -> frozenset[str] | None:
    """The rules whose units put a record into the frame; None without a period."""
    planning = pack.planning
    return None if planning is None or planning.period is None else planning.framing


def _belongs(findings: list[Finding]) -> bool:
    """Whether something that the rules judge is dated in the period, or may be."""
    return any(
        len(finding._verdict) - 4 == len(finding._rule.loops) or finding.outcome == "not_evidenced"
        for finding in findings
    )


def _value(finding: Finding, fact: Fact) -> str:
    value = finding._interpreter.use(fact, {"": Bound(finding._record, "")}).value
    if value is None:
        return NOT_RECORDED
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
