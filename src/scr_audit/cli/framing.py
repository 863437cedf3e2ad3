"""The frame of a sample: the records that a plan is about, with the stratum of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.engine import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.interpreter import Bound
from scr_audit.language.conditions import Fact
from scr_audit.packs.pack import Pack
from scr_audit.runs.run import Run
from scr_audit.runs.sampling import NOT_RECORDED


def frame_of(
    pack: Pack, paths: Sequence[Path], *, strata: Fact | None, as_of: date, admit: Any = None
) -> tuple[dict[str, str], Run]:
    """Each record's id and stratum, of the records of the planned pack's population; and the run.

    With a period, a record belongs to the frame where something in it is dated in the period, or
    may be. Without strata every record is of the stratum ``.
    """
    planning = pack.planning
    assert planning is not None
    assert planning.population is not None
    kind = planning.population.kind
    limited = (
        frozenset(rule.id for rule in pack.rules) - frozenset(planning.not_limited)
        if planning.period is not None
        else None
    )
    engine = Engine(pack)
    found: dict[str, str] = {}

    def look(findings: list[Finding]) -> None:
        if findings and findings[0].kind == kind and _belongs(findings, limited):
            first = findings[0]
            found[first.record] = "" if strata is None else _stratum(first, strata)

    run = engine.run(paths, as_of=as_of, on_findings=look, admit=admit)
    return found, run


def _belongs(findings: list[Finding], limited: frozenset[str] | None) -> bool:
    if limited is None:
        return True
    return any(
        len(finding._verdict) - 4 == len(finding._rule.loops) or finding.outcome == "not_evidenced"
        for finding in findings
        if finding.rule in limited
    )


def _stratum(finding: Finding, fact: Fact) -> str:
    value = finding._interpreter.use(fact, {"": Bound(finding._record, "")}).value
    if value is None:
        return NOT_RECORDED
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
