"""A plan for the small pack of the bicycle workshop, changed as a test needs it."""

from __future__ import annotations

from pathlib import Path

from scr_audit.plans.plan import AuditPlan, load_plan

HEAD = "id: quick\ntitle: Quick look\nquestion: Are parts fitted?\npack: bicycle-workshop\n"


def plan_of(folder: Path, more: str, head: str = HEAD) -> AuditPlan:
    """The plan with these lines after its head."""
    path = folder / "plan.yaml"
    path.write_text(head + more, encoding="utf-8")
    return load_plan(path)
