"""The exceptions of a file, and the one place in which findings become excepted by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scr_audit.documents.parts import RecordKey
from scr_audit.errors import InputError
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.outcomes import Approval
from scr_audit.language.unit_key import UnitKey, holds
from scr_audit.packs.pack import Pack


@dataclass(frozen=True)
class ApprovedException:
    """One entry: a rule, a record, the key of one of its units (None: every unit), the approval.

    The key may have some of the facts of the unit's own key; it names the unit that alone has them.
    """

    rule: str
    kind: str
    record: str
    key: UnitKey | None = field(hash=False)
    approval: Approval

    def fitting(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings of a record on the units that the entry may be about."""
        of_rule = (finding for finding in findings if finding.rule == self.rule)
        return [each for each in of_rule if self.key is None or holds(self.key, each.key)]

    def covered(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those that it is about; none where it names a unit and several have the key."""
        found = self.fitting(findings)
        return found if self.key is None or len(found) == 1 else []


@dataclass(frozen=True)
class Exceptions:
    """The entries of a file, in its order, with the name and the hash of the file."""

    file: str
    sha256: str
    entries: tuple[ApprovedException, ...]


NONE = Exceptions("", "", ())


@dataclass
class ExceptionUse:
    """What one entry found in a run: units that fit it, and those of them that it excepted."""

    units: int = 0
    excepted: int = 0

    def add(self, other: ExceptionUse) -> None:
        """Add what the same entry found in another part of the run."""
        self.units += other.units
        self.excepted += other.excepted


Reach = dict[int, ExceptionUse]  # by the entry's number; none where its record was not judged


@dataclass(frozen=True)
class Excepter:
    """Applies exceptions to findings; `records` are the only ones that they are about."""

    exceptions: Exceptions
    _of_record: Mapping[RecordKey, Sequence[int]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[RecordKey, list[int]] = {}
        for number, entry in enumerate(self.exceptions.entries):
            found.setdefault((entry.kind, entry.record), []).append(number)
        object.__setattr__(self, "_of_record", found)

    @property
    def records(self) -> Mapping[RecordKey, Sequence[int]]:
        """The numbers of the entries about each record that any of them is about."""
        return self._of_record

    def apply(
        self, record: RecordKey, findings: list[Finding], as_of: date | None
    ) -> list[Finding]:
        """The findings of one record, those not met excepted by what is in force on `as_of`."""
        if record not in self._of_record:
            return findings
        found = {id(finding): finding for finding in findings}
        for number in self._of_record[record]:
            entry = self.exceptions.entries[number]
            if entry.approval.in_force(require_day(as_of)):
                for finding in entry.covered(findings):
                    found[id(finding)] = _except(found[id(finding)], entry.approval)
        return list(found.values())

    def reach(self, record: RecordKey, findings: list[Finding]) -> Reach:
        """What the entries about a record met among its findings."""
        found: Reach = {}
        for number in self._of_record[record]:
            entry = self.exceptions.entries[number]
            fitting = entry.fitting(findings)
            done = sum(finding.excepted_by is entry.approval for finding in fitting)
            found[number] = ExceptionUse(len(fitting), done)
        return found


def _except(finding: Finding, approval: Approval) -> Finding:
    """The finding, excepted if it is not met; of several entries the first one counts."""
    return finding.excepted(approval) if finding.outcome == "not_met" else finding


def require_day(as_of: date | None) -> date:
    """The day of the run. Raises `InputError` where there is none."""
    if as_of is None:
        raise InputError(
            "exceptions are in force from a day until a day, and this run is for no day; give as_of"
        )
    return as_of


def exceptions_of(given: Exceptions | str | Path | None, pack: Pack) -> Exceptions:
    """Exceptions as they are, those in a file, or none."""
    if isinstance(given, Exceptions):
        return given
    if given is None:
        return NONE
    # Pydantic takes a fifth of a second to import.
    from scr_audit.approvals.exceptions_file import load_exceptions

    return load_exceptions(Path(given), pack)
