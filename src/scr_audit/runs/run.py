"""A run: one evaluation of a pack over records, with everything needed to repeat it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scr_audit.exceptions.approved import NONE, Exceptions
from scr_audit.packs.pack import Pack
from scr_audit.records.read import Inputs
from scr_audit.runs.partial import LeftOut, Partial, Remark
from scr_audit.runs.totals import Totals


@dataclass(frozen=True)
class Run:
    """The result of `Engine.run`. Findings were handed out as they were made."""

    pack: Pack
    as_of: date | None
    inputs: Inputs
    result: Partial
    exceptions: Exceptions = NONE

    @property
    def totals(self) -> Totals:
        """The counts of units by rule, and of records."""
        return self.result.totals

    @property
    def refused(self) -> dict[str, int]:
        """Records that were read and are not of the run: `outside` the filter, `not_drawn`."""
        return dict(self.result.refused)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Records that were not judged; the first 1,000, all are counted in `left_out_count`."""
        return tuple(self.result.left_out)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What must be known of records that were judged; the first 1,000 of `remark_count`."""
        return tuple(self.result.remarks)

    @property
    def remark_count(self) -> int:
        """How many remarks there are."""
        return self.result.remark_count

    @property
    def left_out_count(self) -> int:
        """How many records were not judged."""
        return self.result.left_out_count
