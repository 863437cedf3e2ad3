"""How the verdicts of two readings agree, unit by unit, when the same rules judge both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scr_audit.agreement.alignment import Alignment
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.outcomes import NOT_EVIDENCED, OUTCOMES
from scr_audit.language.unit_key import UnitKey

RecordKey = tuple[str, str]  # a record's kind and its id
Unit = tuple[str, RecordKey, str]  # rule, record and pointer into the first reading
UNKNOWN = OUTCOMES[NOT_EVIDENCED]
ABSENT = "not there"  # the answer of the reading that does not have a unit


@dataclass(frozen=True)
class Verdicts:
    """The outcomes of a reading by unit, its keys, and by rule those of units the other lacks.

    A list as a whole, which is a unit where it has no items, is none that the other lacks.
    """

    of_unit: Mapping[Unit, str]
    keys: Mapping[Unit, UnitKey]
    elsewhere: Mapping[str, Sequence[str]]


def verdicts(findings: Iterable[Finding]) -> Verdicts:
    """The outcomes of the first reading."""
    found = {_unit(finding, finding.unit): finding for finding in findings}
    return Verdicts(
        {unit: finding.outcome for unit, finding in found.items()},
        {unit: finding.key for unit, finding in found.items()},
        {},
    )


def verdicts_in_first(
    findings: Iterable[Finding], alignments: Mapping[RecordKey, Alignment]
) -> Verdicts:
    """The outcomes of the second reading, each at the unit of the first that is the same thing."""
    found: dict[Unit, str] = {}
    elsewhere: dict[str, list[str]] = {}
    for finding in findings:
        alignment = alignments.get((finding.kind, finding.record))
        pointer = None if alignment is None else alignment.in_first(finding.unit)
        if pointer is None:
            elsewhere.setdefault(finding.rule, []).append(finding.outcome)
        else:
            found[_unit(finding, pointer)] = finding.outcome
    return Verdicts(found, {}, elsewhere)


def is_item(unit: Unit) -> bool:
    """Whether a unit is the record or an item of a list, and no list as a whole."""
    last = unit[2].rpartition("/")[2]
    return not last or last.isdecimal()


def _unit(finding: Finding, pointer: str) -> Unit:
    return finding.rule, (finding.kind, finding.record), pointer
