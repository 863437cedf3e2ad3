"""The exceptions of a file, and the one place in which findings become excepted by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scr_audit.errors import InputError
from scr_audit.evaluate.approval import Approval
from scr_audit.evaluate.finding import Finding

RecordKey = tuple[str, str]  # a record's kind and its id


@dataclass(frozen=True)
class ApprovedException:
    """One entry: a rule, a record, one of its units (None: every unit), and the approval.

    `unit` is a JSON pointer into the record; `""` is the record itself.
    """

    rule: str
    kind: str
    record: str
    unit: str | None
    approval: Approval

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is about a unit that this entry names."""
        return finding.rule == self.rule and self.unit in (None, finding.unit)


@dataclass(frozen=True)
class Exceptions:
    """The entries of a file, in its order, with the name and the hash of the file."""

    file: str
    sha256: str
    entries: tuple[ApprovedException, ...]


NONE = Exceptions("", "", ())


@dataclass
class Reached:
    """What one entry met in a run: units it covers, and those of them that it excepted."""

    units: int = 0
    excepted: int = 0

    def add(self, other: Reached) -> None:
        self.units += other.units
        self.excepted += other.excepted


Reach = dict[int, Reached]  # by the entry's number; none where its record was not judged


@dataclass(frozen=True)
class Excepter:
    """Makes findings excepted. Records that no entry names need never be asked about."""

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

    def applied(
        self, record: RecordKey, findings: list[Finding], as_of: date | None
    ) -> list[Finding]:
        """The findings of one record, those not met excepted by what is in force on `as_of`."""
        if record not in self._of_record:
            return findings
        in_force = [
            entry for entry in self._entries(record) if entry.approval.in_force(day_needed(as_of))
        ]
        return [_excepted(finding, in_force) for finding in findings]

    def reach(self, record: RecordKey, findings: list[Finding]) -> Reach:
        """What the entries about a record met among its findings."""
        found: Reach = {}
        for number in self._of_record[record]:
            entry = self.exceptions.entries[number]
            covered = [finding for finding in findings if entry.covers(finding)]
            done = sum(finding.excepted_by is entry.approval for finding in covered)
            found[number] = Reached(len(covered), done)
        return found

    def _entries(self, record: RecordKey) -> list[ApprovedException]:
        return [self.exceptions.entries[number] for number in self._of_record[record]]


def _excepted(finding: Finding, in_force: Sequence[ApprovedException]) -> Finding:
    if finding.outcome != "not_met":
        return finding
    found = next((entry for entry in in_force if entry.covers(finding)), None)
    return finding if found is None else finding.excepted(found.approval)


def day_needed(as_of: date | None) -> date:
    """The day of the run. Raises `InputError` where there is none."""
    if as_of is None:
        raise InputError(
            "exceptions are in force from a day until a day, and this run is for no day; give as_of"
        )
    return as_of
