"""What a plan made of a run: which records belong to it, and what each exception did in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from scr_audit.approvals.approved import ApprovedException, Reached, require_day
from scr_audit.documents.parts import PeriodInfo, PlanInfo, SampleUsedInfo
from scr_audit.documents.run import ExceptionInfo, ExceptionsInfo, ExceptionState
from scr_audit.evaluate.outcomes import NOT_APPLICABLE, OUTCOMES
from scr_audit.evaluate.program import KindJudge
from scr_audit.packs.pack import Pack, SampleUsed
from scr_audit.records.structs import Record, record_id

if TYPE_CHECKING:
    from scr_audit.plans.plan import AuditPlan
    from scr_audit.runs.run import Run

OUTSIDE = "outside"
NOT_DRAWN = "not_drawn"
_OUTSIDE_OUTCOME = OUTCOMES[NOT_APPLICABLE]


class Admission:
    """Decides whether a run is about a typed record.

    A record that the filter cannot decide on is judged: its units are then not evidenced.
    """

    def __init__(self, pack: Pack) -> None:
        found = None if pack.planning is None else pack.planning.population
        self._kind = None if found is None else found.kind
        self._drawn = None if found is None else found.drawn
        asked = None if found is None else found.asked
        parameters: Mapping[str, Any] = pack.parameters
        self._judge = None if asked is None else KindJudge(asked.kind, (asked,), parameters)

    def drew(self, kind: str, record: str) -> bool:
        """Whether the record is one of a sample."""
        return self._drawn is not None and kind == self._kind and record in self._drawn

    def refuses(
        self, kind: str, typed: Record, as_of: date | None, *, imprecise: bool
    ) -> str | None:
        """Why a record is not judged: `OUTSIDE` or `NOT_DRAWN`; None: it is judged."""
        if kind != self._kind:
            return None
        if self._drawn is not None and record_id(typed) not in self._drawn:
            return NOT_DRAWN
        if self._judge is None:
            return None
        finding = self._judge.findings(typed, as_of, imprecise=imprecise)[0]
        return OUTSIDE if finding.outcome == _OUTSIDE_OUTCOME else None


def exceptions_document(run: Run) -> ExceptionsInfo:
    """The file of exceptions of a run, and every entry with what it did."""
    found = run.exceptions
    rules = {rule.id for rule in run.pack.rules}
    return {
        "file": found.file,
        "sha256": found.sha256,
        "entries": [
            _entry(entry, run.result.reach.get(number), rules, run)
            for number, entry in enumerate(found.entries)
        ],
    }


def _entry(
    entry: ApprovedException, reached: Reached | None, rules: set[str], run: Run
) -> ExceptionInfo:
    approval = entry.approval.to_dict()
    made: ExceptionInfo = {
        "rule": entry.rule,
        "record": entry.record,
        "key": entry.key,
        "reason": approval["reason"],
        "approved_by_role": approval["approved_by_role"],
        "from": approval["from"],
        "until": approval["until"],
        "state": _state(entry, reached, rules, require_day(run.as_of)),
        "units": 0 if reached is None else reached.excepted,
    }
    like = run.ids.like(entry.kind, entry.record)
    if made["state"] == "record_not_judged" and like not in (None, entry.record):
        made["looks_like"] = str(like)
    return made


def _state(
    entry: ApprovedException, reached: Reached | None, rules: set[str], day: date
) -> ExceptionState:
    if day > entry.approval.until:
        return "expired"
    if day < entry.approval.since:
        return "not_yet"
    if entry.rule not in rules:
        return "rule_not_in_run"
    if reached is None:
        return "record_not_judged"
    if reached.excepted:
        return "applied"
    if entry.key is None or reached.units == 1:
        return "nothing_to_except"
    return "several_units" if reached.units else "unit_not_found"


def plan_document(run: Run, plan: AuditPlan, sample: SampleUsed | None = None) -> PlanInfo:
    """The plan as the bundle has it; what it does not say is None, or left out for sections."""
    found: PlanInfo = {
        "id": plan.id,
        "title": plan.title,
        "question": plan.question,
        "selection": plan.selection or None,
        "sha256": plan.sha256,
        "filter": plan.filter_words or None,
        "period": _period(run.pack),
        "comparison": plan.comparison,
        "sample": None if sample is None else _sample(run, sample),
    }
    if plan.sections is not None:
        found["sections"] = list(plan.sections)
    return found


def _sample(run: Run, sample: SampleUsed) -> SampleUsedInfo:
    return {
        "method": sample.method,
        "seed": sample.seed,
        "frame": sample.frame,
        "frame_sha256": sample.sha256,
        "drawn": len(sample.ids),
        "missing": len(set(sample.ids) - run.result.drawn),
        "replaced": list(sample.replaced),
    }


def _period(pack: Pack) -> PeriodInfo | None:
    planning = pack.planning
    if planning is None or planning.period is None:
        return None
    period = planning.period
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "text": str(period),
        "not_limited": list(planning.not_limited),
        "falls_due": dict(planning.falls_due),
    }
