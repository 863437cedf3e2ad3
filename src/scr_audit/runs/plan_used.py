"""What an audit plan made of a run, as the bundle holds it and reports repeat it."""

from __future__ import annotations

from typing import Any

from scr_audit.packs.pack import Pack, SampleUsed
from scr_audit.packs.plan import AuditPlan
from scr_audit.runs.run import Run


def plan_document(run: Run, plan: AuditPlan, sample: SampleUsed | None = None) -> dict[str, Any]:
    """The plan in words; what it leaves unsaid is None, and sections are not there."""
    return {
        "id": plan.id,
        "title": plan.title,
        "question": plan.question,
        "selection": plan.selection or None,
        "sha256": plan.sha256,
        "filter": plan.filter_words or None,
        "period": _period(run.pack),
        "comparison": plan.comparison,
        "sample": None if sample is None else _sample(run, sample),
        **({} if plan.sections is None else {"sections": list(plan.sections)}),
    }


def _sample(run: Run, sample: SampleUsed) -> dict[str, Any]:
    return {
        "method": sample.method,
        "seed": sample.seed,
        "frame": sample.frame,
        "frame_sha256": sample.sha256,
        "drawn": len(sample.ids),
        "missing": len(set(sample.ids) - run.result.drawn),
        "replaced": list(sample.replaced),
    }


def _period(pack: Pack) -> dict[str, Any] | None:
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
