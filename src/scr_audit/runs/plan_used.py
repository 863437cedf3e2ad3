"""What an audit plan made of a run, as the bundle holds it and reports repeat it."""

from __future__ import annotations

from typing import Any

from scr_audit.packs.pack import Pack
from scr_audit.packs.plan import AuditPlan


def plan_document(pack: Pack, plan: AuditPlan) -> dict[str, Any]:
    """The plan in words; what it leaves unsaid is None."""
    return {
        "id": plan.id,
        "title": plan.title,
        "question": plan.question,
        "selection": plan.selection or None,
        "sha256": plan.sha256,
        "filter": plan.filter_words or None,
        "period": _period(pack),
        "comparison": plan.comparison,
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
    }
