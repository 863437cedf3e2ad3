"""How the verdicts of two readings agree, unit by unit, when the same rules judge both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scr_audit.agreement.alignment import Alignment
from scr_audit.evaluate.finding import Finding

RecordKey = tuple[str, str]  # a record's kind and its id
Unit = tuple[str, RecordKey, str]  # rule, record and pointer into the first reading


@dataclass(frozen=True)
class Verdicts:
    """The outcomes of a reading by unit, and the units by rule that the other reading lacks."""

    of_unit: Mapping[Unit, str]
    elsewhere: Mapping[str, int]


def verdicts(findings: Iterable[Finding]) -> Verdicts:
    """The outcomes of the first reading."""
    return Verdicts({_unit(finding, finding.unit): finding.outcome for finding in findings}, {})


def verdicts_in_first(
    findings: Iterable[Finding], alignments: Mapping[RecordKey, Alignment]
) -> Verdicts:
    """The outcomes of the second reading, each at the unit of the first that is the same thing."""
    found: dict[Unit, str] = {}
    elsewhere: dict[str, int] = {}
    for finding in findings:
        alignment = alignments.get((finding.kind, finding.record))
        pointer = None if alignment is None else alignment.in_first(finding.unit)
        if pointer is None:
            elsewhere[finding.rule] = elsewhere.get(finding.rule, 0) + 1
        else:
            found[_unit(finding, pointer)] = finding.outcome
    return Verdicts(found, elsewhere)


def _unit(finding: Finding, pointer: str) -> Unit:
    return finding.rule, (finding.kind, finding.record), pointer
