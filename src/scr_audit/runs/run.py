"""A run: what the records gave, and everything needed to repeat it or to merge it with others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from scr_audit.approvals.approved import NONE, Exceptions
from scr_audit.errors import InputError
from scr_audit.packs.pack import Pack
from scr_audit.records.ids import SeenIds
from scr_audit.records.raw import Inputs
from scr_audit.runs.batch import Judges, judge_gathered
from scr_audit.runs.totals import MOST_REMARKS, LeftOut, Partial, Remark, Totals
from scr_audit.values.text import counted


@dataclass(frozen=True)
class Run:
    """The result of `Engine.run`. Findings were handed out as they were made.

    `pack` is what it was judged by, `as_of` the day it was judged for, `inputs.files` what was read
    and `exceptions` what was approved. `given` and `ids` are what merging needs: what the records
    gave, without those that are made of others, and the ids of all that could be read.
    """

    pack: Pack
    as_of: date | None
    inputs: Inputs
    given: Partial
    ids: SeenIds = field(compare=False)
    exceptions: Exceptions = NONE
    _known: tuple[Partial, SeenIds] | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        judged = counted(self.totals.judged, "record")
        return f"Run({judged}, as of {self.as_of}, by {self.pack!r})"

    def merge(self, other: Run) -> Run:
        """The run of the records of both, this one's first; neither is changed.

        Merging is associative, and a run of no records changes nothing. Totals, records left out,
        remarks, files and what exceptions met are those of one run over all records, as long as no
        id is in both. The place of a record that was given in memory is that in its own run.

        Raises `InputError` where the two were not judged by the same rules, plan, parameters and
        exceptions for the same day, or where both have a record of one kind with the same id: one
        run would have left the second one out.
        """
        if differing := _difference(self, other):
            raise InputError(f"the runs cannot be merged: {differing}")
        given = Partial(Totals.empty(rule.id for rule in self.pack.rules))
        for each in (self, other):
            given.merge(each.given)
        inputs, ids = self.inputs.merged(other.inputs), self.ids.merged(other.ids)
        return Run(self.pack, self.as_of, inputs, given, ids, self.exceptions)

    @cached_property
    def _whole(self) -> tuple[Partial, SeenIds]:
        """The result of all records, with those made of others, and all ids.

        The engine passes it on with the findings; after merging it is made when first asked for.
        """
        if self._known is not None:
            return self._known
        judges = Judges(self.pack, self.exceptions)
        return judge_gathered(judges, self.given, self.ids, as_of=self.as_of, on_findings=None)

    @property
    def result(self) -> Partial:
        """The result of all records."""
        return self._whole[0]

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
    def left_out_count(self) -> int:
        """How many records were not judged."""
        return self.result.left_out_count

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What must be known of records that were judged; the first 1,000 of `remark_count`."""
        result, ids = self._whole
        looks = (
            Remark(
                later.file,
                later.position,
                later.id,
                f"{first.looks_like('they are judged as two records')}, and merge them",
                later.number,
            )
            for later, first in ids.look_alikes()
        )
        in_order = sorted([*looks, *result.remarks], key=lambda remark: remark.number)
        return tuple(in_order[:MOST_REMARKS])

    @property
    def remark_count(self) -> int:
        """How many remarks there are."""
        result, ids = self._whole
        return result.remark_count + sum(1 for _ in ids.look_alikes())


def _difference(run: Run, other: Run) -> str:
    """How two runs were judged differently, in words; empty where they were not."""
    first, second = run.pack, other.pack
    if first.sha256 != second.sha256:
        return (
            f"one is of the pack {first.id} {first.version}, the other of {second.id} "
            f"{second.version}, and their files are not the same"
        )
    if first.parameters != second.parameters:
        return "the parameters of their packs have different values"
    if first.rules != second.rules or _population(first) != _population(second):
        return "they were judged by different rules, or by different plans, periods or samples"
    if run.as_of != other.as_of:
        return f"one is for {run.as_of or 'no day'}, the other for {other.as_of or 'no day'}"
    if run.exceptions != other.exceptions:
        return "they have different exceptions"
    if same := run.ids.same_in(other.ids):
        kind, earlier, later = same
        return (
            f"both have the {kind} record '{earlier.id}' ({earlier.place} and {later.place}); "
            "one run over all records would leave the second one out"
        )
    return ""


def _population(pack: Pack) -> object:
    planning = pack.planning
    return None if planning is None else (planning.period, planning.population)
